// SPDX-License-Identifier: Apache-2.0
//
// RSS 2.0, RSS 1.0 and Atom: each item becomes a story, its HTML Markdown. An item without a title
// or text is left out with a note; a file that is not well-formed is refused whole. Called through
// the table in importer.c.
#include "exchange/found_lines.h"
#include "exchange/furniture.h"
#include "exchange/html_markdown.h"
#include "exchange/html_picture.h"
#include "exchange/html_scoring.h"
#include "exchange/import_story.h"
#include "exchange/importers.h"
#include "exchange/written_date.h"

#include "base/text.h"

#include <string.h>

#define CONTENT_SPACE "http://purl.org/rss/1.0/modules/content/"
#define DUBLIN_SPACE "http://purl.org/dc/elements/1.1/"
#define MEDIA_SPACE "http://search.yahoo.com/mrss/"
#define MAX_ITEMS 20000

typedef struct Entry {
  ImportItem *item;
  const XmlNode *node;
  const ImportSource *source;
  GPtrArray *notes;
  const char *language;
  const char *home; // the newspaper's address, as the feed gives it; may be NULL
} Entry;

static char *child_text(const XmlNode *node, const char *space,
                        const char *name) { // NULL if absent or empty
  XmlNode *child = xml_node_child(node, space, name);
  g_autofree char *raw = child != NULL ? xml_node_text(child) : NULL;
  g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
  return text != NULL && text[0] != '\0' ? g_steal_pointer(&text) : NULL;
}

// Titles and summaries may be HTML, escaped or not: its text.
static char *plain_of_html(const char *html) {
  if (strchr(html, '<') == NULL && strchr(html, '&') == NULL) {
    return g_strdup(html);
  }
  g_autoptr(XmlTree) tree = xml_tree_parse_html(slice_of(html), NULL);
  g_autofree char *raw = tree != NULL ? xml_node_text(xml_tree_root(tree)) : g_strdup(html);
  return text_collapse_space(slice_of(raw));
}

static char *link_of(const XmlNode *node) {
  for (const XmlNode *child = node->first_child; child != NULL; child = child->next) {
    if (!xml_node_is(child, "link")) {
      continue;
    }
    const char *address = xml_node_attribute(child, "href");
    const char *relation = xml_node_attribute(child, "rel");
    if (address != NULL && (relation == NULL || strcmp(relation, "alternate") == 0)) {
      return g_strdup(address);
    }
    g_autofree char *raw = address == NULL ? xml_node_text(child) : NULL;
    g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
    if (text != NULL && text[0] != '\0') {
      return g_steal_pointer(&text);
    }
  }
  return NULL;
}

static gboolean parse_feed_date(const char *text, GTimeZone *zone, gint64 *ret_instant) {
  return text != NULL &&
         (written_date_parse(text, zone, ret_instant) || clock_parse_rfc5322(text, ret_instant));
}

static void read_dates(Entry *entry) {
  static const char *const PUBLISHED[] = {"pubDate", "published", "issued",
                                          "date",    "created",   NULL};
  static const char *const UPDATED[] = {"updated", "modified", NULL};
  Story *story = entry->item->story;
  for (gsize i = 0; PUBLISHED[i] != NULL && story->published_at == 0; i++) {
    g_autofree char *text = child_text(entry->node, NULL, PUBLISHED[i]);
    if (text != NULL && !parse_feed_date(text, entry->source->zone, &story->published_at)) {
      import_note(entry->notes, entry->node->line, "“%s” is not a date and was left out", text);
    }
  }
  for (gsize i = 0; UPDATED[i] != NULL && story->updated_at == 0; i++) {
    g_autofree char *text = child_text(entry->node, NULL, UPDATED[i]);
    parse_feed_date(text, entry->source->zone, &story->updated_at);
  }
  if (story->published_at == 0) {
    story->published_at = story->updated_at;
  }
  story->updated_at = story->updated_at <= story->published_at ? 0 : story->updated_at;
}

// "desk@example.org (Jane Doe)" -> Jane Doe; an address alone is nobody's name.
static void add_person(Entry *entry, const char *text) {
  const char *open = strchr(text, '(');
  const char *close = open != NULL ? strchr(open, ')') : NULL;
  if (close != NULL && strchr(text, '@') != NULL) {
    g_autofree char *name = g_strndup(open + 1, (gsize)(close - open - 1));
    import_add_authors(entry->item->story, name);
  } else if (strchr(text, '@') == NULL) {
    import_add_authors(entry->item->story, text);
  }
}

static void read_people_and_topics(Entry *entry) {
  for (const XmlNode *child = entry->node->first_child; child != NULL; child = child->next) {
    g_autofree char *raw = child->name != NULL ? xml_node_text(child) : NULL;
    g_autofree char *text = raw != NULL ? text_collapse_space(slice_of(raw)) : NULL;
    if (text == NULL) {
      continue;
    }
    g_autofree char *name = child_text(child, NULL, "name");
    if (xml_node_is(child, "author") || xml_node_is(child, "creator")) {
      add_person(entry, name != NULL ? name : text);
    } else if (xml_node_is(child, "category") || xml_node_is(child, "subject")) {
      const char *label = xml_node_attribute(child, "label");
      const char *term = xml_node_attribute(child, "term");
      import_add_topic(entry->item->story,
                       text[0] != '\0' ? text
                                       : (label != NULL ? label : (term != NULL ? term : "")));
    }
  }
}

static gboolean is_image_type(const XmlNode *node) {
  const char *type = xml_node_attribute(node, "type");
  const char *medium = xml_node_attribute(node, "medium");
  return (type != NULL && g_str_has_prefix(type, "image/")) ||
         (medium != NULL && strcmp(medium, "image") == 0);
}

static const XmlNode *find_picture(const XmlNode *entry) {
  const XmlNode *thumbnail = NULL;
  for (const XmlNode *node = entry->first_child; node != NULL;
       node = xml_node_following(node, entry)) {
    const char *relation = node->name != NULL ? xml_node_attribute(node, "rel") : NULL;
    gboolean enclosure =
        xml_node_is(node, "enclosure") ||
        (xml_node_is(node, "link") && relation != NULL && strcmp(relation, "enclosure") == 0);
    if ((enclosure || (xml_node_is(node, "content") && strcmp(node->space, MEDIA_SPACE) == 0)) &&
        is_image_type(node)) {
      return node;
    }
    if (xml_node_is(node, "thumbnail") && strcmp(node->space, MEDIA_SPACE) == 0 &&
        thumbnail == NULL) {
      thumbnail = node;
    }
  }
  return thumbnail;
}

static gboolean read_picture(Entry *entry, const char *base, const GPtrArray *paragraphs,
                             GError **error) {
  const XmlNode *node = find_picture(entry->node);
  const char *address = node != NULL ? xml_node_attribute(node, "url") : NULL;
  address = node != NULL && address == NULL ? xml_node_attribute(node, "href") : address;
  g_autofree char *url = html_absolute_url(address, base);
  if (url == NULL) {
    return TRUE;
  }
  for (guint i = 0; i < paragraphs->len; i++) {
    if (strstr(((const FoundParagraph *)g_ptr_array_index(paragraphs, i))->text, url) != NULL) {
      return TRUE; // it stands in the text
    }
  }
  ImportedPicture *hero = import_add_picture(entry->item, url);
  g_autofree char *alt = child_text(node, MEDIA_SPACE, "text");
  g_autofree char *caption = child_text(node, MEDIA_SPACE, "description");
  g_autofree char *credit = child_text(node, MEDIA_SPACE, "credit");
  hero->hero = TRUE;
  hero->alt = import_keep_text(entry->item, alt);
  hero->caption = import_keep_text(entry->item, caption);
  hero->credit = import_keep_text(entry->item, credit);
  return import_load_picture(entry->item, 0, entry->source, node->line, entry->notes, error);
}

// A summary as a standfirst: without "Read more" and "The post … appeared first on …".
static char *standfirst_of(Entry *entry, const XmlNode *summary) {
  g_autofree char *raw = xml_node_text(summary);
  g_autofree char *text = plain_of_html(raw);
  if (strlen(text) >= 600 || strstr(text, "[…]") != NULL || strstr(text, "[...]") != NULL) {
    return g_strdup("");
  }
  g_autoptr(GPtrArray) paragraphs =
      g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  g_ptr_array_add(paragraphs, found_paragraph_new(text, summary->line));
  furniture_filter(paragraphs, entry->notes);
  return html_markdown_join(paragraphs);
}

// Text without tags as HTML: blank lines part its paragraphs.
static char *html_of_plain(const char *text, gboolean escape) {
  g_autofree char *escaped = escape ? g_markup_escape_text(text, -1) : g_strdup(text);
  g_auto(GStrv) paragraphs = g_regex_split_simple("\\n[ \\t\\r]*\\n", escaped, 0, 0);
  g_autofree char *joined = g_strjoinv("</p><p>", paragraphs);
  return g_strconcat("<p>", joined, "</p>", NULL);
}

static GPtrArray *read_html(const char *text, gboolean plain, const char *base, GError **error) {
  g_autofree char *html =
      plain || strchr(text, '<') == NULL ? html_of_plain(text, plain) : g_strdup(text);
  g_autoptr(XmlTree) tree = xml_tree_parse_html(slice_of(html), NULL);
  if (tree == NULL) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  }
  html_drop_furniture(xml_tree_root(tree));
  return html_markdown_paragraphs(xml_tree_root(tree), base, error);
}

// What addresses inside `node` are relative to: xml:base of it and of what holds it, the outer ones
// first. `outermost` may be NULL. Caller frees; NULL if there is none.
static char *base_of(const XmlNode *node, const char *outermost) {
  g_autofree char *outer =
      node->parent != NULL ? base_of(node->parent, outermost) : g_strdup(outermost);
  const char *own = xml_node_attribute(node, "base");
  return own != NULL ? html_absolute_url(own, outer) : g_steal_pointer(&outer);
}

// The fullest text that the item has; what is shorter is its standfirst. Atom's XHTML is a tree
// already.
static GPtrArray *read_text(Entry *entry, const char *base, GError **error) {
  XmlNode *content = xml_node_child(entry->node, CONTENT_SPACE, "encoded");
  XmlNode *summary = xml_node_child(entry->node, NULL, "summary");
  summary = summary != NULL ? summary : xml_node_child(entry->node, NULL, "description");
  for (XmlNode *node = entry->node->first_child; content == NULL && node != NULL;
       node = node->next) {
    content = xml_node_is(node, "content") && strcmp(node->space, MEDIA_SPACE) != 0 ? node : NULL;
  }
  if (content != NULL && summary != NULL) {
    g_autofree char *text = standfirst_of(entry, summary);
    import_set_text(&entry->item->story->standfirst, text);
  }
  XmlNode *chosen = content != NULL ? content : summary;
  if (chosen == NULL) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)found_paragraph_free);
  }
  const char *type = xml_node_attribute(chosen, "type");
  g_autofree char *inner =
      xml_node_attribute(chosen, "base") != NULL ? base_of(chosen, base) : NULL;
  base = inner != NULL ? inner : base;
  GPtrArray *paragraphs = NULL;
  if (type != NULL && strcmp(type, "xhtml") == 0) {
    html_drop_furniture(chosen);
    paragraphs = html_markdown_paragraphs(chosen, base, error);
  } else {
    g_autofree char *text = xml_node_text(chosen);
    paragraphs = read_html(text, type != NULL && strcmp(type, "text") == 0, base, error);
  }
  for (guint i = 0; paragraphs != NULL && i < paragraphs->len;
       i++) { // lines of the file are the item's
    FoundParagraph *paragraph = g_ptr_array_index(paragraphs, i);
    g_array_index(paragraph->lines, FoundLine, 0).line = chosen->line;
  }
  return paragraphs;
}

static void read_key(Entry *entry, const char *link) {
  g_autofree char *guid = child_text(entry->node, NULL, "guid");
  g_autofree char *id = child_text(entry->node, NULL, "id");
  const char *about = xml_node_attribute(entry->node, "about");
  const char *key = guid != NULL ? guid : (id != NULL ? id : (link != NULL ? link : about));
  Story *story = entry->item->story;
  if (key != NULL && strlen(key) < 1000) { // "17" is one feed's own; an address is the world's
    story->source_key = strpbrk(key, ":/") != NULL
                            ? g_strdup(key)
                            : g_strconcat(entry->source->key, "#", key, NULL);
  } else {
    g_autofree char *slug = text_slug(story->headline, 80);
    story->source_key = g_strconcat(entry->source->key, "#", slug, NULL);
  }
  entry->item->former_path = import_path_of_url(link);
}

// FALSE with error: the file is to be refused. FALSE without: this item is left out, with a note.
static gboolean read_entry(Entry *entry, GError **error) {
  Story *story = entry->item->story;
  g_autofree char *title = child_text(entry->node, NULL, "title");
  g_autofree char *headline = title != NULL ? plain_of_html(title) : NULL;
  g_autofree char *outer = base_of(entry->node, entry->home);
  g_autofree char *written = link_of(entry->node);
  g_autofree char *link = html_absolute_url(written, outer);
  gboolean based = outer != NULL && g_strcmp0(outer, entry->home) != 0;
  // xml:base says what it is for; without one, pages mean their own address.
  const char *base = based ? outer : (link != NULL && strstr(link, "://") != NULL ? link : outer);
  if (headline == NULL || headline[0] == '\0') {
    import_note(entry->notes, entry->node->line, "an item without a title was left out");
    return FALSE;
  }
  import_set_text(&story->headline, headline);
  import_set_text(&story->language, entry->language);
  entry->item->line = entry->node->line;
  read_key(entry, link);
  read_dates(entry);
  read_people_and_topics(entry);
  g_autoptr(GPtrArray) paragraphs = read_text(entry, base, error);
  if (paragraphs == NULL) {
    return FALSE;
  }
  furniture_filter(paragraphs, entry->notes);
  if (!read_picture(entry, base, paragraphs, error)) {
    return FALSE;
  }
  if (paragraphs->len == 0) {
    import_note(entry->notes, entry->node->line, "“%s” has no text and was left out", headline);
    return FALSE;
  }
  g_free(story->body);
  story->body = html_markdown_join(paragraphs);
  return import_seal(entry->item, entry->source, 0, entry->notes, error);
}

static gboolean read_entries(const XmlNode *root, const ImportSource *source, GPtrArray *items,
                             GPtrArray *notes, GError **error) {
  XmlNode *channel = xml_node_child(root, NULL, "channel");
  g_autofree char *language = channel != NULL ? child_text(channel, NULL, "language") : NULL;
  g_autofree char *linked = link_of(channel != NULL ? channel : root);
  g_autofree char *home = html_absolute_url(linked, NULL);
  for (const XmlNode *node = root; node != NULL;) {
    if (!xml_node_is(node, "item") && !xml_node_is(node, "entry")) {
      node = xml_node_following(node, root);
      continue;
    }
    g_autoptr(ImportItem) item = import_item_new();
    Entry entry = {item,
                   node,
                   source,
                   notes,
                   language != NULL ? language : xml_node_attribute(root, "lang"),
                   home != NULL && strstr(home, "://") != NULL ? home : NULL};
    GError *cause = NULL;
    if (read_entry(&entry, &cause)) {
      g_ptr_array_add(items, g_steal_pointer(&item));
    } else if (cause != NULL) {
      if (!g_str_has_prefix(cause->message, "line ")) {
        g_prefix_error(&cause, "line %u: ", node->line);
      }
      g_propagate_error(error, cause);
      return FALSE;
    }
    if (items->len > MAX_ITEMS) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                  "more than %d items in one feed; part the file", MAX_ITEMS);
      return FALSE;
    }
    node = xml_node_skip(node, root);
  }
  return TRUE;
}

static gboolean recognise_feed(const ImportSource *source) {
  g_autofree char *head = slice_dup(slice_range(source->bytes, 0, 4096));
  const char *dot = source->path != NULL ? strrchr(source->path, '.') : NULL;
  gboolean named = dot != NULL &&
                   (g_ascii_strcasecmp(dot, ".rss") == 0 || g_ascii_strcasecmp(dot, ".atom") == 0 ||
                    g_ascii_strcasecmp(dot, ".xml") == 0);
  const char *at = head + (g_str_has_prefix(head, "\xEF\xBB\xBF") ? 3 : 0);
  at += strspn(at, " \t\r\n");
  gboolean html = strstr(head, "<html") != NULL || strstr(head, "<!DOCTYPE html") != NULL;
  return named || (at[0] == '<' && !html &&
                   (strstr(head, "<rss") != NULL || strstr(head, "<feed") != NULL ||
                    strstr(head, "<rdf:RDF") != NULL));
}

static gboolean read_feed(const ImportSource *source, GPtrArray *items, GPtrArray *notes,
                          GError **error) {
  g_autofree char *text = xml_tree_decode(source->bytes, error);
  g_autoptr(XmlTree) tree = text != NULL ? xml_tree_parse(slice_of(text), error) : NULL;
  if (tree == NULL) {
    return FALSE;
  }
  const XmlNode *root = xml_tree_root(tree);
  if (!xml_node_is(root, "rss") && !xml_node_is(root, "feed") && !xml_node_is(root, "RDF")) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_UNSUPPORTED,
                "line %u: <%s> is neither RSS nor Atom", root->line, root->name);
    return FALSE;
  }
  guint before = items->len;
  if (!read_entries(root, source, items, notes, error)) {
    g_ptr_array_set_size(items, (gint)before);
    return FALSE;
  }
  if (items->len == before) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY, "there is no story in this feed");
    return FALSE;
  }
  return TRUE;
}

const Importer importer_feed = {"feed", recognise_feed, read_feed};
