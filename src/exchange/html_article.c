// SPDX-License-Identifier: Apache-2.0
//
// Finds the article in an HTML page: furniture elements are dropped by name, role and class; then
// paragraphs give points to what holds them, and the element with the most, less those of its
// links, is the article. What the page says about it stands in html_metadata.c, what it becomes in
// html_markdown.c. Called through the table in importer.c.
#include "exchange/found_lines.h"
#include "exchange/furniture.h"
#include "exchange/html_markdown.h"
#include "exchange/html_metadata.h"
#include "exchange/import_story.h"
#include "exchange/importers.h"
#include "exchange/written_date.h"

#include "base/text.h"

#include <string.h>

typedef struct Page {
  ImportItem *item;
  const ImportSource *source;
  GPtrArray *notes;
  XmlNode *root, *article;
  HtmlMetadata *metadata;
} Page;

// ---- dropping --------------------------------------------------------------------------------

// Words of class and id, as they stand between spaces, '-', '_' and case changes.
static gboolean has_word(const XmlNode *node, const char *const *words) {
  const char *values[] = {xml_node_attribute(node, "class"), xml_node_attribute(node, "id"),
                          xml_node_attribute(node, "data-component")};
  for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
    if (values[v] == NULL || strlen(values[v]) > 2000) {
      continue;
    }
    g_autofree char *lower = g_ascii_strdown(values[v], -1);
    for (const char *const *word = words; *word != NULL; word++) {
      gsize length = strlen(*word);
      for (const char *at = strstr(lower, *word); at != NULL; at = strstr(at + 1, *word)) {
        gboolean begins = at == lower || !g_ascii_isalnum(at[-1]);
        gboolean ends = !g_ascii_isalnum(at[length]) || at[length] == 's';
        if (begins && ends) {
          return TRUE;
        }
      }
    }
  }
  return FALSE;
}

static gboolean is_hidden(const XmlNode *node) {
  const char *style = xml_node_attribute(node, "style");
  const char *aria = xml_node_attribute(node, "aria-hidden");
  return xml_node_attribute(node, "hidden") != NULL ||
         (aria != NULL && strcmp(aria, "true") == 0 && !xml_node_is(node, "img")) ||
         (style != NULL &&
          (strstr(style, "display:none") != NULL || strstr(style, "display: none") != NULL));
}

static gboolean is_furniture_element(const XmlNode *node) {
  static const char *const NAMES[] = {"script",   "style",  "noscript", "nav",      "aside",
                                      "footer",   "form",   "button",   "input",    "select",
                                      "textarea", "iframe", "svg",      "template", "dialog",
                                      "object",   "embed",  "video",    "audio",    NULL};
  static const char *const ROLES[] = {"navigation", "complementary", "banner", "contentinfo",
                                      "search",     "dialog",        "form",   NULL};
  static const char *const WORDS[] = {"share",           "sharing",       "social",
                                      "sharedaddy",      "related",       "relatedposts",
                                      "jp-relatedposts", "recommended",   "recommendation",
                                      "newsletter",      "signup",        "sign-up",
                                      "subscribe",       "subscription",  "promo",
                                      "advert",          "advertisement", "ad-slot",
                                      "adslot",          "ad-container",  "sponsored",
                                      "comment",         "disqus",        "breadcrumb",
                                      "cookie",          "consent",       "sidebar",
                                      "outbrain",        "taboola",       "popup",
                                      "modal",           "author-bio",    "post-tag",
                                      "tag-list",        "skip-link",     "screen-reader-text",
                                      "visually-hidden", "sr-only",       "pagination",
                                      "most-read",       "most-popular",  "trending",
                                      "read-more",       "read-next",     "toolbar",
                                      "kg-signup-card",  "kg-cta-card",   "paywall",
                                      "print-only",      "menu",          NULL};
  static const char *const NEVER[] = {"html", "body", "main", "article", "p", "h1", NULL};
  for (gsize i = 0; NAMES[i] != NULL; i++) {
    if (xml_node_is(node, NAMES[i])) {
      return TRUE;
    }
  }
  for (gsize i = 0; NEVER[i] != NULL; i++) {
    if (xml_node_is(node, NEVER[i])) {
      return is_hidden(node) && (NEVER[i][0] == 'p' || NEVER[i][0] == 'h');
    }
  }
  const char *role = xml_node_attribute(node, "role");
  for (gsize i = 0; role != NULL && ROLES[i] != NULL; i++) {
    if (strcmp(role, ROLES[i]) == 0) {
      return TRUE;
    }
  }
  return is_hidden(node) || has_word(node, WORDS);
}

static gsize count_paragraph_text(const XmlNode *root) {
  gsize count = 0;
  for (const XmlNode *node = root; node != NULL;) {
    if (xml_node_is(node, "p") && !node->dropped) {
      g_autofree char *text = xml_node_text(node);
      count += strlen(text);
      node = xml_node_skip(node, root);
    } else {
      node = xml_node_following(node, root);
    }
  }
  return count;
}

// A wrapper whose class merely says "has-sidebar" holds most of the page's text and stays.
static void drop_furniture(XmlNode *root) {
  gsize all = count_paragraph_text(root);
  for (XmlNode *node = root->first_child; node != NULL;) {
    if (node->name != NULL && is_furniture_element(node) &&
        (xml_node_is(node, "script") || xml_node_is(node, "style") ||
         count_paragraph_text(node) * 2 <= all)) {
      node->dropped = TRUE;
      node = xml_node_skip(node, root);
    } else {
      node = xml_node_following(node, root);
    }
  }
}

// ---- scoring ---------------------------------------------------------------------------------

static gsize count_link_text(const XmlNode *root, gsize *ret_all) {
  gsize links = 0;
  *ret_all = 0;
  for (const XmlNode *node = root; node != NULL;) {
    if (node->dropped && node != root) {
      node = xml_node_skip(node, root);
      continue;
    }
    if (xml_node_is(node, "a")) {
      g_autofree char *text = xml_node_text(node);
      links += strlen(text);
      *ret_all += strlen(text);
      node = xml_node_skip(node, root);
      continue;
    }
    *ret_all += node->text != NULL ? strlen(node->text) : 0;
    node = xml_node_following(node, root);
  }
  return links;
}

static void give_points(const XmlNode *paragraph) {
  gsize all = 0;
  gsize links = count_link_text(paragraph, &all);
  g_autofree char *text = xml_node_text(paragraph);
  if (all < 25) {
    return;
  }
  gdouble points = 1.0 + MIN((gdouble)all / 100.0, 3.0);
  for (const char *at = text; *at != '\0' && points < 12; at++) {
    points += *at == ',' ? 1 : 0;
  }
  points *= 1.0 - (gdouble)links / (gdouble)all;
  gdouble share = 1.0;
  guint level = 0;
  for (XmlNode *node = paragraph->parent; node != NULL && level < 3; node = node->parent, level++) {
    node->score += points * share;
    share /= 2.0;
  }
}

static gdouble bonus_of(const XmlNode *node) {
  static const char *const GOOD[] = {"article-body",
                                     "articlebody",
                                     "article__body",
                                     "entry-content",
                                     "post-content",
                                     "post__content",
                                     "story-body",
                                     "story__body",
                                     "gh-content",
                                     "content__article-body",
                                     "article-content",
                                     "article__content",
                                     "rich-text",
                                     "body-copy",
                                     NULL};
  const char *item = xml_node_attribute(node, "itemprop");
  if (item != NULL && strcmp(item, "articleBody") == 0) {
    return 60;
  }
  return has_word(node, GOOD)
             ? 30
             : (xml_node_is(node, "article") ? 15 : (xml_node_is(node, "main") ? 5 : 0));
}

static gdouble final_score(const XmlNode *node) {
  gsize all = 0;
  gsize links = count_link_text(node, &all);
  gdouble density = all > 0 ? (gdouble)links / (gdouble)all : 0;
  return (node->score + bonus_of(node)) * (1.0 - density);
}

// The best, and if its parent holds others nearly as good (text split over several blocks), the
// parent.
static XmlNode *find_article(XmlNode *root) {
  for (XmlNode *node = root; node != NULL;
       node = node->dropped ? xml_node_skip(node, root) : xml_node_following(node, root)) {
    gboolean paragraph =
        xml_node_is(node, "p") || xml_node_is(node, "pre") || xml_node_is(node, "blockquote");
    if (paragraph && !node->dropped) {
      give_points(node);
    }
  }
  XmlNode *best = NULL;
  gdouble best_score = 0;
  for (XmlNode *node = root; node != NULL;
       node = node->dropped ? xml_node_skip(node, root) : xml_node_following(node, root)) {
    gdouble score = node->score > 0 && !node->dropped ? final_score(node) : 0;
    if (score > best_score) {
      best = node;
      best_score = score;
    }
  }
  for (XmlNode *parent = best != NULL ? best->parent : NULL;
       parent != NULL && !xml_node_is(parent, "body") && !xml_node_is(parent, "html");
       parent = parent->parent) {
    guint good = 0;
    for (const XmlNode *child = parent->first_child; child != NULL; child = child->next) {
      good += child != best && !child->dropped && child->score > best->score * 0.25 &&
              !xml_node_is(child, "article");
    }
    if (good == 0) {
      break;
    }
    best = parent;
  }
  return best;
}

// ---- headline, byline, date ------------------------------------------------------------------

static gboolean is_inside(const XmlNode *node, const XmlNode *root) {
  for (; node != NULL; node = node->parent) {
    if (node == root) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean share_words(const char *a, const char *b) {
  g_autofree char *slug_a = text_slug(a, 300);
  g_autofree char *slug_b = text_slug(b, 300);
  g_auto(GStrv) words = g_strsplit(slug_a, "-", -1);
  g_autofree char *padded = g_strconcat("-", slug_b, "-", NULL);
  guint same = 0;
  guint count = 0;
  for (; words[count] != NULL; count++) {
    g_autofree char *word = g_strconcat("-", words[count], "-", NULL);
    same += strstr(padded, word) != NULL;
  }
  return same * 2 >= count;
}

// "Two boats | The Courier" -> "Two boats", when the page says that it is The Courier's.
static char *cut_site_name(const char *title, const char *site_name) {
  static const char *const JOINTS[] = {" | ", " – ", " — ", " - ", " · ", " : "};
  for (gsize i = 0; i < G_N_ELEMENTS(JOINTS); i++) {
    const char *at = g_strrstr(title, JOINTS[i]);
    gboolean named =
        at != NULL && site_name[0] != '\0' && strcmp(at + strlen(JOINTS[i]), site_name) == 0;
    if (at != NULL && (named || (i == 0 && at - title > 15))) {
      return g_strndup(title, (gsize)(at - title));
    }
  }
  return g_strdup(title);
}

static void read_headline(Page *page) {
  XmlNode *best = NULL;
  char *title = NULL;
  g_autofree char *said = cut_site_name(page->metadata->title, page->metadata->site_name);
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    g_autofree char *raw =
        (xml_node_is(node, "h1") || xml_node_is(node, "title")) ? xml_node_text(node) : NULL;
    g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
    if (text == NULL || text[0] == '\0') {
      continue;
    }
    if (xml_node_is(node, "title")) {
      title = title == NULL ? g_steal_pointer(&text) : title;
    } else if (!node->dropped && (best == NULL || is_inside(node, page->article)) &&
               (said[0] == '\0' || share_words(text, said))) {
      best = node;
      import_set_text(&page->item->story->headline, text);
    }
  }
  if (best != NULL) {
    best->dropped = TRUE;
  } else if (said[0] != '\0') {
    import_set_text(&page->item->story->headline, said);
  } else if (title != NULL) {
    g_autofree char *cut = cut_site_name(title, page->metadata->site_name);
    import_set_text(&page->item->story->headline, cut);
  }
  g_free(title);
}

static void read_bylines(Page *page) {
  static const char *const WORDS[] = {
      "byline", "author", "author-name", "post-author", "article__byline", "entry-author", NULL};
  Story *story = page->item->story;
  for (guint i = 0; i < page->metadata->authors->len; i++) {
    import_add_author(story, g_ptr_array_index(page->metadata->authors, i), "");
  }
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    const char *relation = node->name != NULL ? xml_node_attribute(node, "rel") : NULL;
    const char *item = node->name != NULL ? xml_node_attribute(node, "itemprop") : NULL;
    gboolean author = node->name != NULL && !node->dropped && node != page->article &&
                      ((relation != NULL && strcmp(relation, "author") == 0) ||
                       (item != NULL && strcmp(item, "author") == 0) || has_word(node, WORDS));
    if (!author || is_inside(page->article, node)) {
      continue;
    }
    g_autofree char *raw = xml_node_text(node);
    g_autofree char *text = text_collapse_space(slice_of(raw));
    if (strlen(text) > 160) {
      continue;
    }
    if (story->bylines->len == 0 && text[0] != '\0') {
      g_autofree char *names = g_strndup(text, strcspn(text, "|•·"));
      import_add_authors(story, names);
    }
    node->dropped = TRUE;
  }
}

static void drop_dates(Page *page) { // a line of its own that is nothing but a date
  gint64 when = 0;
  for (XmlNode *node = page->article; node != NULL;
       node = xml_node_following(node, page->article)) {
    if (node->first_child == NULL || node == page->article) {
      continue;
    }
    g_autofree char *raw = xml_node_text(node);
    g_autofree char *text = text_collapse_space(slice_of(raw));
    if (text[0] != '\0' && strlen(text) < 100 &&
        (xml_node_is(node, "time") || written_date_parse(text, page->source->zone, &when))) {
      node->dropped = TRUE;
      Story *story = page->item->story;
      story->published_at = story->published_at == 0 ? when : story->published_at;
    }
  }
}

static void read_standfirst(Page *page) {
  static const char *const WORDS[] = {
      "standfirst",          "dek",           "subtitle",        "subheadline",
      "article__summary",    "entry-summary", "article-summary", "gh-article-excerpt",
      "article__standfirst", "lede",          "post-excerpt",    NULL};
  Story *story = page->item->story;
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    if (node->name == NULL || node->dropped || node == page->article || !has_word(node, WORDS) ||
        is_inside(page->article, node)) {
      continue;
    }
    g_autofree char *raw = xml_node_text(node);
    g_autofree char *text = text_collapse_space(slice_of(raw));
    if (text[0] != '\0' && strlen(text) < 600) {
      import_set_text(&story->standfirst, text);
      node->dropped = TRUE;
      return;
    }
  }
  // What search engines are told is often the first paragraph again.
  g_autofree char *raw = xml_node_text(page->article);
  g_autofree char *body = text_collapse_space(slice_of(raw));
  const char *said = page->metadata->description;
  gsize compared = MIN(strlen(said), 60);
  g_autofree char *beginning = g_utf8_substring(said, 0, MIN(g_utf8_strlen(said, -1), 40));
  if (compared > 0 && strlen(said) < 600 && strstr(body, beginning) == NULL) {
    import_set_text(&story->standfirst, said);
  }
}

static void read_facts(Page *page) {
  Story *story = page->item->story;
  const HtmlMetadata *metadata = page->metadata;
  written_date_parse(metadata->published, page->source->zone, &story->published_at);
  written_date_parse(metadata->modified, page->source->zone, &story->updated_at);
  story->updated_at = story->updated_at <= story->published_at ? 0 : story->updated_at;
  import_set_section(story, metadata->section);
  for (guint i = 0; i < metadata->topics->len; i++) {
    import_add_topic(story, g_ptr_array_index(metadata->topics, i));
  }
  gsize length =
      strspn(metadata->language, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
  if (length >= 2 && length < 20 && metadata->language[length] == '\0') {
    import_set_text(&story->language, metadata->language);
  }
  gboolean known = strstr(metadata->canonical, "://") != NULL;
  story->source_key = g_strdup(known ? metadata->canonical : page->source->key);
  page->item->former_path = known ? import_path_of_url(metadata->canonical) : NULL;
}

// ---- the body --------------------------------------------------------------------------------

static char *
picture_name(const char *url) { // the file name, by which two addresses are the same picture
  g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
  return g_path_get_basename(path);
}

// A picture that opens the article is its hero; else the one that the page names.
static gboolean take_hero(Page *page, GPtrArray *paragraphs, GError **error) {
  FoundParagraph *first = paragraphs->len > 0 ? g_ptr_array_index(paragraphs, 0) : NULL;
  FoundPicture picture = {0};
  guint line = 0;
  ImportedPicture *hero = NULL;
  g_autofree char *named =
      html_absolute_url(page->metadata->image,
                        page->metadata->canonical[0] != '\0' ? page->metadata->canonical : NULL);
  if (first != NULL && first->fixed && found_picture_parse(slice_of(first->text), &picture)) {
    line = found_paragraph_line(first, 0);
    hero = import_add_picture(page->item, picture.url);
    hero->alt = import_keep_text(page->item, picture.alt);
    hero->caption = import_keep_text(page->item, picture.caption);
    hero->credit = import_keep_text(page->item, picture.credit);
    g_ptr_array_remove_index(paragraphs, 0);
  } else if (named != NULL && named[0] != '\0') {
    g_autofree char *name = picture_name(named);
    // It stands further down: no second time at the top.
    for (guint i = 0; i < paragraphs->len; i++) {
      const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, i);
      if (paragraph != NULL && strstr(paragraph->text, name) != NULL) {
        return TRUE;
      }
    }
    hero = import_add_picture(page->item, named);
    hero->alt = import_keep_text(page->item, page->metadata->image_alt);
  }
  found_picture_clear(&picture);
  if (hero == NULL) {
    return TRUE;
  }
  hero->hero = TRUE;
  return import_load_picture(page->item, 0, page->source, line, page->notes, error);
}

static gboolean read_body(Page *page, GError **error) {
  const char *base =
      strstr(page->metadata->canonical, "://") != NULL ? page->metadata->canonical : NULL;
  g_autoptr(GPtrArray) paragraphs = html_markdown_paragraphs(page->article, base, error);
  if (paragraphs == NULL) {
    return FALSE;
  }
  furniture_filter(paragraphs, page->notes);
  if (!take_hero(page, paragraphs, error)) {
    return FALSE;
  }
  if (paragraphs->len == 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY, "no article was found in this page");
    return FALSE;
  }
  g_free(page->item->story->body);
  page->item->story->body = html_markdown_join(paragraphs);
  return TRUE;
}

static gboolean read_page(Page *page, GError **error) {
  drop_furniture(page->root);
  page->article = find_article(page->root);
  if (page->article == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY,
                "no article was found in this page: there is no text in paragraphs");
    return FALSE;
  }
  read_headline(page);
  read_facts(page);
  read_bylines(page);
  drop_dates(page);
  read_standfirst(page);
  if (page->item->story->headline[0] == '\0') {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "the page has neither a heading nor a title; add <h1>the headline</h1>");
    return FALSE;
  }
  return read_body(page, error) && import_seal(page->item, page->source, 0, page->notes, error);
}

static gboolean recognise_html(const ImportSource *source) {
  g_autofree char *head = slice_dup(slice_range(source->bytes, 0, 1024));
  g_autofree char *lower = g_ascii_strdown(head, -1);
  const char *at = lower + (g_str_has_prefix(lower, "\xEF\xBB\xBF") ? 3 : 0);
  at += strspn(at, " \t\r\n");
  if (g_str_has_prefix(at, "<!doctype html") || g_str_has_prefix(at, "<html") ||
      g_str_has_prefix(at, "<head") || g_str_has_prefix(at, "<body") ||
      g_str_has_prefix(at, "<article")) {
    return TRUE;
  }
  const char *dot = source->path != NULL ? strrchr(source->path, '.') : NULL;
  gboolean named = dot != NULL &&
                   (g_ascii_strcasecmp(dot, ".html") == 0 || g_ascii_strcasecmp(dot, ".htm") == 0 ||
                    g_ascii_strcasecmp(dot, ".xhtml") == 0);
  return named || (at[0] == '<' && strstr(at, "<html") != NULL);
}

static gboolean read_html(const ImportSource *source, GPtrArray *items, GPtrArray *notes,
                          GError **error) {
  g_autofree char *text = xml_tree_decode(source->bytes, error);
  g_autoptr(XmlTree) tree = text != NULL ? xml_tree_parse_html(slice_of(text), error) : NULL;
  if (tree == NULL) {
    return FALSE;
  }
  g_autoptr(ImportItem) item = import_item_new();
  g_autoptr(HtmlMetadata) metadata = html_metadata_read(xml_tree_root(tree));
  item->line = 1;
  Page page = {.item = item,
               .source = source,
               .notes = notes,
               .root = xml_tree_root(tree),
               .metadata = metadata};
  if (!read_page(&page, error)) {
    return FALSE;
  }
  g_ptr_array_add(items, g_steal_pointer(&item));
  return TRUE;
}

const Importer importer_html_article = {"HTML page", recognise_html, read_html};
