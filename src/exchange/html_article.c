// SPDX-License-Identifier: Apache-2.0
//
// An HTML page with an article in it. Which part of the page it is, says html_scoring.c; what the
// page says about it stands in html_metadata.c, what it becomes in html_markdown.c. Here headline,
// byline, date, standfirst, hero and body are put together. Called through the table in importer.c.
#include "exchange/found_head.h"
#include "exchange/furniture.h"
#include "exchange/html_markdown.h"
#include "exchange/html_metadata.h"
#include "exchange/html_picture.h"
#include "exchange/html_scoring.h"
#include "exchange/import_story.h"
#include "exchange/importers.h"
#include "exchange/written_date.h"

#include "base/text.h"

#include <string.h>

#define HEAD_PARAGRAPHS 6

typedef struct Page {
  ImportItem *item;
  const ImportSource *source;
  GPtrArray *notes;
  XmlNode *root, *article;
  HtmlMetadata *metadata;
  gboolean told; // the body stands in the metadata
} Page;

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

// Whether `title` is `text`, or `text` and what some site calls itself.
static gboolean is_title_of(const char *title, const char *text) {
  static const char *const JOINTS[] = {" | ", " – ", " — ", " - ", " · ", " : ", " « "};
  gsize length = strlen(text);
  if (length == 0 || strncmp(title, text, length) != 0) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(JOINTS); i++) {
    if (g_str_has_prefix(title + length, JOINTS[i])) {
      return TRUE;
    }
  }
  return title[length] == '\0';
}

// "Two boats" in a lesser heading and "Two boats - The Courier" as the page's title: the headline.
static XmlNode *find_titled_heading(const Page *page, const char *title) {
  static const char *const HEADINGS[] = {"h2", "h3", "h4"};
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    for (gsize i = 0; i < G_N_ELEMENTS(HEADINGS) && !node->dropped; i++) {
      g_autofree char *raw = xml_node_is(node, HEADINGS[i]) ? xml_node_text(node) : NULL;
      g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
      if (text != NULL && is_title_of(title, text)) {
        return node;
      }
    }
  }
  return NULL;
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
  if (best == NULL) {
    best = find_titled_heading(page, said[0] != '\0' || title == NULL ? said : title);
    g_autofree char *raw = best != NULL ? xml_node_text(best) : NULL;
    g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
    import_set_text(&page->item->story->headline, text);
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

// <span itemprop="author">Written by <span itemprop="name">Jane Doe</span></span>: Jane Doe.
static char *byline_text(const XmlNode *byline) {
  const XmlNode *named = byline;
  for (const XmlNode *node = byline; node != NULL; node = xml_node_following(node, byline)) {
    const char *item = node->name != NULL ? xml_node_attribute(node, "itemprop") : NULL;
    if (item != NULL && strcmp(item, "name") == 0) {
      named = node;
      break;
    }
  }
  g_autofree char *raw = xml_node_text(named);
  return text_collapse_space(slice_of(raw));
}

static void read_bylines(Page *page) {
  static const char *const WORDS[] = {
      "byline", "author", "author-name", "post-author", "article__byline", "entry-author", NULL};
  Story *story = page->item->story;
  for (guint i = 0; i < page->metadata->authors->len; i++) {
    const char *author = g_ptr_array_index(page->metadata->authors, i);
    if (g_ascii_strncasecmp(author, "by ", 3) == 0) {
      import_add_authors(story, author);
    } else {
      import_add_author(story, author, "");
    }
  }
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    const char *relation = node->name != NULL ? xml_node_attribute(node, "rel") : NULL;
    const char *item = node->name != NULL ? xml_node_attribute(node, "itemprop") : NULL;
    gboolean author = node->name != NULL && !node->dropped && node != page->article &&
                      ((relation != NULL && strcmp(relation, "author") == 0) ||
                       (item != NULL && strcmp(item, "author") == 0) || html_has_word(node, WORDS));
    if (!author || is_inside(page->article, node)) {
      continue;
    }
    g_autofree char *text = byline_text(node);
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

static gboolean has_above(const XmlNode *node, const char *name) {
  for (; node != NULL; node = node->parent) {
    if (xml_node_is(node, name)) {
      return TRUE;
    }
  }
  return FALSE;
}

static void drop_dates(Page *page) { // a line of its own that is nothing but a date
  gint64 when = 0;
  for (XmlNode *node = page->article; node != NULL;
       node = xml_node_following(node, page->article)) {
    if (node->first_child == NULL || node == page->article || xml_node_is(node, "a") ||
        has_above(node, "blockquote") || has_above(node, "table")) {
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

// Whether a paragraph of the article stands before `node`: what comes behind is no standfirst.
static gboolean is_behind_text(const Page *page, const XmlNode *node) {
  for (const XmlNode *at = page->article; at != NULL && at != node;
       at = at->dropped ? xml_node_skip(at, page->article)
                        : xml_node_following(at, page->article)) {
    if (!xml_node_is(at, "p") || at->dropped || is_inside(at, node)) {
      continue;
    }
    g_autofree char *text = xml_node_text(at);
    if (strlen(text) >= 60 && is_inside(node, page->article)) {
      return TRUE;
    }
  }
  return FALSE;
}

// The first element with one of these words that is no longer than `longest`; it is dropped. NULL:
// none. Caller frees.
static char *take_marked(Page *page, const char *const *words, gsize longest) {
  for (XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    if (node->name == NULL || node->dropped || node == page->article ||
        !html_has_word(node, words) || is_inside(page->article, node) ||
        is_behind_text(page, node)) {
      continue;
    }
    g_autofree char *raw = xml_node_text(node);
    g_autofree char *text = text_collapse_space(slice_of(raw));
    if (text[0] != '\0' && strlen(text) < longest) {
      node->dropped = TRUE;
      return g_steal_pointer(&text);
    }
  }
  return NULL;
}

static void read_kicker(Page *page) {
  static const char *const WORDS[] = {"kicker",     "overline",   "dachzeile", "topline",
                                      "eyebrow",    "spitzmarke", "surtitle",  "surtitre",
                                      "antetitulo", NULL};
  g_autofree char *kicker = take_marked(page, WORDS, 60);
  if (kicker != NULL) {
    import_set_text(&page->item->story->kicker, kicker);
  }
}

static void read_standfirst(Page *page) {
  static const char *const WORDS[] = {"standfirst",
                                      "dek",
                                      "subtitle",
                                      "subheadline",
                                      "article__summary",
                                      "entry-summary",
                                      "article-summary",
                                      "gh-article-excerpt",
                                      "article__standfirst",
                                      "lede",
                                      "post-excerpt",
                                      "lead",
                                      "article__intro",
                                      "article-intro",
                                      "entry-intro",
                                      "deck",
                                      "chapeau",
                                      "chapo",
                                      "vorspann",
                                      "teaser-text",
                                      "entradilla",
                                      "bajada",
                                      "sommaire",
                                      "article__lead",
                                      "sub-headline",
                                      "article-dek",
                                      "subhead",
                                      "pw-subtitle-paragraph",
                                      "article-excerpt",
                                      "article__excerpt",
                                      "strapline",
                                      NULL};
  Story *story = page->item->story;
  g_autofree char *marked = take_marked(page, WORDS, 600);
  if (marked != NULL) {
    import_set_text(&story->standfirst, marked);
    return;
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

static gboolean shows_picture(const FoundParagraph *paragraph, const char *name) {
  FoundPicture picture = {0};
  if (!found_picture_parse(slice_of(paragraph->text), &picture)) {
    return FALSE;
  }
  g_autofree char *other = html_picture_name(picture.url);
  found_picture_clear(&picture);
  return strcmp(name, other) == 0;
}

static const XmlNode *figure_of(const XmlNode *image) {
  for (const XmlNode *node = image; node != NULL; node = node->parent) {
    if (xml_node_is(node, "figure")) {
      return node;
    }
  }
  return NULL;
}

// The page's own picture outside the text says what the named one shows.
static void describe_hero(Page *page, ImportedPicture *hero, const char *name) {
  for (const XmlNode *node = page->root; node != NULL;
       node = node->dropped ? xml_node_skip(node, page->root)
                            : xml_node_following(node, page->root)) {
    gboolean image = xml_node_is(node, "img") || xml_node_is(node, "amp-img");
    g_autofree char *url = image && !node->dropped ? html_image_url(node, NULL) : NULL;
    g_autofree char *other = url != NULL ? html_picture_name(url) : NULL;
    if (g_strcmp0(name, other) != 0) {
      continue;
    }
    const char *alt = xml_node_attribute(node, "alt");
    hero->alt = alt != NULL && alt[0] != '\0' ? import_keep_text(page->item, alt) : hero->alt;
    const XmlNode *figure = figure_of(node);
    if (figure != NULL) {
      HtmlCaption caption = html_caption_read(figure);
      hero->caption = import_keep_text(page->item, caption.words);
      hero->credit = import_keep_text(page->item, caption.credit);
      html_caption_clear(&caption);
    }
    return;
  }
}

// A picture that opens the article is its hero; else the one that the page names.
static gboolean take_hero(Page *page, GPtrArray *paragraphs, GError **error) {
  FoundParagraph *first = paragraphs->len > 0 ? g_ptr_array_index(paragraphs, 0) : NULL;
  FoundPicture picture = {0};
  guint line = 0;
  ImportedPicture *hero = NULL;
  const char *base = page->metadata->base[0] != '\0' ? page->metadata->base : NULL;
  g_autofree char *named = html_absolute_url(page->metadata->image, base);
  if (first != NULL && first->fixed && found_picture_parse(slice_of(first->text), &picture)) {
    line = found_paragraph_line(first, 0);
    hero = import_add_picture(page->item, picture.url);
    hero->alt = import_keep_text(page->item, picture.alt);
    hero->caption = import_keep_text(page->item, picture.caption);
    hero->credit = import_keep_text(page->item, picture.credit);
    g_ptr_array_remove_index(paragraphs, 0);
  } else if (named != NULL && named[0] != '\0') {
    g_autofree char *name = html_picture_name(named);
    // It stands further down: no second time at the top.
    for (guint i = 0; i < paragraphs->len; i++) {
      const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, i);
      if (shows_picture(paragraph, name)) {
        return TRUE;
      }
    }
    hero = import_add_picture(page->item, named);
    hero->alt = import_keep_text(page->item, page->metadata->image_alt);
    describe_hero(page, hero, name);
  }
  found_picture_clear(&picture);
  if (hero == NULL) {
    return TRUE;
  }
  hero->hero = TRUE;
  return import_load_picture(page->item, 0, page->source, line, page->notes, error);
}

static gboolean is_known(const Page *page, const char *text) {
  const Story *story = page->item->story;
  for (guint i = 0; i < story->bylines->len; i++) {
    if (strcmp(text, ((const Byline *)g_ptr_array_index(story->bylines, i))->author->name) == 0) {
      return TRUE;
    }
  }
  return strcmp(text, story->headline) == 0 || strcmp(text, story->standfirst) == 0;
}

// Headline, byline and date that stand in the text once more, or only there.
static void drop_head(Page *page, GPtrArray *paragraphs) {
  guint left = HEAD_PARAGRAPHS;
  for (guint i = 0; i < paragraphs->len && left > 0; left--) {
    const FoundParagraph *paragraph = g_ptr_array_index(paragraphs, i);
    g_autofree char *plain = found_plain_line(paragraph->text);
    gboolean short_line = !paragraph->fixed && strlen(plain) < 600;
    if (short_line &&
        (is_known(page, plain) || found_credits_take(page->item, page->source, paragraph->text))) {
      g_ptr_array_remove_index(paragraphs, i);
    } else {
      i++;
    }
  }
}

static GPtrArray *told_paragraphs(const Page *page) {
  GPtrArray *paragraphs = g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  Slice rest = slice_of(page->metadata->body);
  Slice line = {0};
  while (slice_next_line(&rest, &line)) {
    g_autofree char *text = slice_dup(line);
    g_autofree char *flat = text_collapse_space(slice_of(text));
    if (flat[0] != '\0') {
      g_autoptr(GString) escaped = g_string_new(NULL);
      import_escape_markdown(escaped, slice_of(flat), TRUE);
      g_ptr_array_add(paragraphs, found_paragraph_new(escaped->str, 0));
    }
  }
  return paragraphs;
}

static gboolean read_body(Page *page, GError **error) {
  const char *base = page->metadata->base[0] != '\0' ? page->metadata->base : NULL;
  g_autoptr(GPtrArray) paragraphs =
      page->told ? told_paragraphs(page) : html_markdown_paragraphs(page->article, base, error);
  if (paragraphs == NULL) {
    return FALSE;
  }
  drop_head(page, paragraphs);
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

// The page is an empty shell that a script fills; what it fills it with stands in its data.
static void take_told_body(Page *page) {
  const char *told = page->metadata->body;
  g_autofree char *text = page->article != NULL ? xml_node_text(page->article) : g_strdup("");
  page->told = strlen(told) >= 80 && strlen(text) * 3 < strlen(told);
}

static gboolean read_page(Page *page, GError **error) {
  html_drop_furniture(page->root);
  page->article = html_find_article(page->root);
  take_told_body(page);
  page->article = page->article != NULL || !page->told ? page->article : page->root;
  if (page->article == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY,
                "no article was found in this page: there is no text in paragraphs");
    return FALSE;
  }
  read_headline(page);
  read_facts(page);
  read_bylines(page);
  drop_dates(page);
  read_kicker(page);
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
