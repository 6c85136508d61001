// SPDX-License-Identifier: Apache-2.0
//
// A story in Markdown with YAML front matter: what each key means. Hugo's, Jekyll's and Ghost's
// names for the same things are understood. A key nobody knows is noted, never fatal. Called
// through the table in importer.c.
#include "exchange/front_picture.h"
#include "exchange/furniture.h"
#include "exchange/import_story.h"
#include "exchange/importers.h"
#include "exchange/written_date.h"

#include "base/text.h"

#include <string.h>

typedef gboolean (*KeyReader)(FrontReading *reading, const FrontNode *node, GError **error);

static gboolean set_text(const FrontNode *node, char **field, GError **error) {
  if (node->kind != FRONT_SCALAR) {
    return front_refuse(
        node, error, "one text is wanted here, not a list; put text that holds a colon in quotes");
  }
  if (node->text[0] != '\0') {
    import_set_text(field, node->text);
  }
  return TRUE;
}

// ---- texts -----------------------------------------------------------------------------------

static gboolean read_headline(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->headline, error);
}

static gboolean read_standfirst(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->standfirst, error);
}

// A description gives way to a standfirst, in whichever order they stand.
static gboolean read_description(FrontReading *reading, const FrontNode *node, GError **error) {
  return reading->item->story->standfirst[0] != '\0' || read_standfirst(reading, node, error);
}

static gboolean read_kicker(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->kicker, error);
}

static gboolean read_dateline(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->dateline, error);
}

static gboolean read_seo_title(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->seo_title, error);
}

static gboolean read_seo_description(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->seo_description, error);
}

static gboolean read_key(FrontReading *reading, const FrontNode *node, GError **error) {
  return set_text(node, &reading->item->story->source_key, error);
}

static gboolean read_slug(FrontReading *reading, const FrontNode *node, GError **error) {
  const char *text = front_node_text(node);
  if (text != NULL) {
    g_free(reading->item->story->slug);
    reading->item->story->slug = text_slug(text, 80);
  }
  return TRUE;
}

static gboolean read_language(FrontReading *reading, const FrontNode *node, GError **error) {
  const char *text = front_node_text(node);
  if (text == NULL) {
    return TRUE;
  }
  for (const char *at = text; *at != '\0'; at++) {
    if ((!g_ascii_isalnum(*at) && *at != '-' && *at != '_') || at - text > 35) {
      return front_refuse(node, error, "not a language; write its code, such as en, de or pt-BR");
    }
  }
  g_free(reading->item->story->language);
  reading->item->story->language = g_strdelimit(g_strdup(text), "_", '-');
  return TRUE;
}

static gboolean read_former_path(FrontReading *reading, const FrontNode *node, GError **error) {
  const FrontNode *first = node->kind == FRONT_LIST && node->children->len > 0
                               ? g_ptr_array_index(node->children, 0)
                               : node;
  char *path = import_path_of_url(front_node_text(first));
  if (path != NULL) {
    g_free(reading->item->former_path);
    reading->item->former_path = path;
  }
  return TRUE;
}

// ---- sections, topics, authors ---------------------------------------------------------------

static void add_topics(FrontReading *reading, const FrontNode *node, guint from) {
  if (node->kind == FRONT_SCALAR) {
    g_auto(GStrv) names = g_strsplit(node->text, ",", -1);
    for (guint i = 0; names[i] != NULL; i++) {
      import_add_topic(reading->item->story, names[i]);
    }
    return;
  }
  for (guint i = from; i < node->children->len; i++) {
    const FrontNode *child = g_ptr_array_index(node->children, i);
    const char *text = front_node_text(child);
    const char *name = text != NULL ? text : front_node_text(front_node_member(child, "name"));
    if (name != NULL) {
      import_add_topic(reading->item->story, name);
    }
  }
}

static gboolean read_topics(FrontReading *reading, const FrontNode *node, GError **error) {
  add_topics(reading, node, 0);
  return TRUE;
}

static gboolean read_section(FrontReading *reading, const FrontNode *node,
                             GError **error) { // a list: its first, the rest topics
  if (node->kind == FRONT_MAP) {
    const char *name = front_node_text(front_node_member(node, "name"));
    return name != NULL ? (import_set_section(reading->item->story, name), TRUE)
                        : front_refuse(node, error, "write the section's name");
  }
  const FrontNode *first = node->kind == FRONT_LIST && node->children->len > 0
                               ? g_ptr_array_index(node->children, 0)
                               : node;
  const char *name = front_node_text(first);
  if (name != NULL) {
    import_set_section(reading->item->story, name);
  }
  if (node->kind == FRONT_LIST) {
    add_topics(reading, node, 1);
  }
  return TRUE;
}

static gboolean add_author_node(FrontReading *reading, const FrontNode *node, GError **error) {
  if (node->kind == FRONT_SCALAR) {
    import_add_authors(reading->item->story, node->text);
    return TRUE;
  }
  const char *name = front_node_text(front_node_member(node, "name"));
  const char *role = front_node_text(front_node_member(node, "role"));
  if (name == NULL) {
    return front_refuse(node, error, "an author needs a name");
  }
  import_add_author(reading->item->story, name, role);
  return TRUE;
}

static gboolean read_authors(FrontReading *reading, const FrontNode *node, GError **error) {
  if (node->kind != FRONT_LIST) {
    return add_author_node(reading, node, error);
  }
  for (guint i = 0; i < node->children->len; i++) {
    if (!add_author_node(reading, g_ptr_array_index(node->children, i), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// ---- dates and status ------------------------------------------------------------------------

static gboolean read_date_into(FrontReading *reading, const FrontNode *node, gint64 *field,
                               GError **error) {
  const char *text = front_node_text(node);
  if (text == NULL && node->kind == FRONT_SCALAR) {
    return TRUE;
  }
  if (text == NULL || !written_date_parse(text, reading->source->zone, field)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: %s “%s” is not a date; write 2026-11-23 09:30", node->line, node->key,
                text != NULL ? text : "");
    return FALSE;
  }
  return TRUE;
}

static gboolean read_truth(const char *text, gboolean *ret_truth) {
  static const char *const YES[] = {"true", "yes", "on", "1"};
  static const char *const NO[] = {"false", "no", "off", "0"};
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS(YES); i++) {
    if (g_ascii_strcasecmp(text, YES[i]) == 0 || g_ascii_strcasecmp(text, NO[i]) == 0) {
      *ret_truth = g_ascii_strcasecmp(text, YES[i]) == 0;
      return TRUE;
    }
  }
  return FALSE;
}

static void set_status(FrontReading *reading, StoryStatus status) {
  reading->item->status = status;
  reading->item->status_given = TRUE;
}

static gboolean read_published(FrontReading *reading, const FrontNode *node,
                               GError **error) { // Jekyll: true or false; others: when
  gboolean truth = FALSE;
  if (read_truth(front_node_text(node), &truth)) {
    set_status(reading, truth ? STORY_PUBLISHED : STORY_DRAFT);
    return TRUE;
  }
  return read_date_into(reading, node, &reading->item->story->published_at, error);
}

static gboolean read_updated(FrontReading *reading, const FrontNode *node, GError **error) {
  return read_date_into(reading, node, &reading->item->story->updated_at, error);
}

static gboolean read_schedule(FrontReading *reading, const FrontNode *node, GError **error) {
  if (!read_date_into(reading, node, &reading->item->story->scheduled_for, error)) {
    return FALSE;
  }
  if (reading->item->story->scheduled_for != 0) {
    set_status(reading, STORY_SCHEDULED);
  }
  return TRUE;
}

static gboolean read_status(FrontReading *reading, const FrontNode *node, GError **error) {
  const char *text = front_node_text(node);
  g_autofree char *name = text != NULL ? g_ascii_strdown(text, -1) : NULL;
  StoryStatus status = STORY_DRAFT;
  if (name != NULL && (strcmp(name, "publish") == 0 || strcmp(name, "public") == 0)) {
    status = STORY_PUBLISHED;
  } else if (name != NULL && (strcmp(name, "private") == 0 || strcmp(name, "pending") == 0)) {
    status = STORY_DRAFT;
  } else if (name == NULL || !story_status_parse(name, &status) || status == STORY_WITHDRAWN) {
    return front_refuse(node, error, "not a status; write draft, scheduled or published");
  }
  set_status(reading, status);
  return TRUE;
}

static gboolean read_draft(FrontReading *reading, const FrontNode *node, GError **error) {
  gboolean draft = FALSE;
  if (!read_truth(front_node_text(node), &draft)) {
    return front_refuse(node, error, "write true or false");
  }
  if (draft || !reading->item->status_given) {
    set_status(reading, draft ? STORY_DRAFT : STORY_PUBLISHED);
  }
  return TRUE;
}

static gboolean read_front(FrontReading *reading, const FrontNode *node, GError **error) {
  const char *text = front_node_text(node);
  if (text != NULL && front_weight_parse(text, &reading->item->front_weight)) {
    reading->item->front_given = TRUE;
    return TRUE;
  }
  guint64 number = 0;
  if (strcmp(node->key, "weight") == 0 && text != NULL &&
      slice_parse_uint(slice_of(text), G_MAXUINT32, &number)) {
    import_note(reading->notes, node->line,
                "weight: a number says nothing here; write lead, second or brief");
    return TRUE;
  }
  return front_refuse(node, error, "not a place on the front page; write lead, second or brief");
}

// ---- corrections -----------------------------------------------------------------------------

static gboolean add_correction(FrontReading *reading, const FrontNode *node, GError **error) {
  const FrontNode *date = front_node_member(node, "date");
  const char *wrong = front_node_text(front_node_member(node, "wrong"));
  const char *right = front_node_text(front_node_member(node, "right"));
  if (date == NULL || wrong == NULL || right == NULL) {
    return front_refuse(node, error, "a correction needs date, wrong and right");
  }
  gint64 when = 0;
  if (!read_date_into(reading, date, &when, error)) {
    return FALSE;
  }
  Correction *correction = g_new0(Correction, 1);
  correction->corrected_at = when;
  correction->wrong = text_collapse_space(slice_of(wrong));
  correction->right = text_collapse_space(slice_of(right));
  g_ptr_array_add(reading->item->story->corrections, correction);
  return TRUE;
}

static gint newest_first(gconstpointer a, gconstpointer b) {
  gint64 left = (*(const Correction *const *)a)->corrected_at;
  gint64 right = (*(const Correction *const *)b)->corrected_at;
  return left < right ? 1 : -(left > right);
}

static gboolean read_corrections(FrontReading *reading, const FrontNode *node, GError **error) {
  if (node->kind == FRONT_SCALAR) {
    return node->text[0] == '\0' ||
           front_refuse(node, error, "write a list of date, wrong and right");
  }
  if (node->kind == FRONT_MAP) {
    return add_correction(reading, node, error);
  }
  for (guint i = 0; i < node->children->len; i++) {
    if (!add_correction(reading, g_ptr_array_index(node->children, i), error)) {
      return FALSE;
    }
  }
  g_ptr_array_sort(reading->item->story->corrections, newest_first);
  return TRUE;
}

// ---- the table -------------------------------------------------------------------------------

// Read in this order whatever the file's, so that a standfirst goes before a description and a
// picture before the words about it.
static const struct {
  const char *key;
  KeyReader read;
} KEYS[] = {
    {"title", read_headline},
    {"headline", read_headline},
    {"standfirst", read_standfirst},
    {"subtitle", read_description},
    {"dek", read_description},
    {"summary", read_description},
    {"excerpt", read_description},
    {"custom_excerpt", read_description},
    {"description", read_description},
    {"kicker", read_kicker},
    {"slug", read_slug},
    {"section", read_section},
    {"category", read_section},
    {"categories", read_section},
    {"topics", read_topics},
    {"tags", read_topics},
    {"keywords", read_topics},
    {"author", read_authors},
    {"authors", read_authors},
    {"byline", read_authors},
    {"bylines", read_authors},
    {"dateline", read_dateline},
    {"place", read_dateline},
    {"location", read_dateline},
    {"date", read_published},
    {"published", read_published},
    {"published_at", read_published},
    {"pubDate", read_published},
    {"pubdate", read_published},
    {"publishDate", read_published},
    {"updated", read_updated},
    {"updated_at", read_updated},
    {"lastmod", read_updated},
    {"modified", read_updated},
    {"last_modified_at", read_updated},
    {"schedule", read_schedule},
    {"scheduled", read_schedule},
    {"embargo", read_schedule},
    {"status", read_status},
    {"draft", read_draft},
    {"language", read_language},
    {"lang", read_language},
    {"image", front_picture_hero},
    {"hero", front_picture_hero},
    {"cover", front_picture_hero},
    {"feature_image", front_picture_hero},
    {"featured_image", front_picture_hero},
    {"feature_image_alt", front_picture_hero_words},
    {"feature_image_caption", front_picture_hero_words},
    {"image_alt", front_picture_hero_words},
    {"alt", front_picture_hero_words},
    {"caption", front_picture_hero_words},
    {"credit", front_picture_hero_words},
    {"photo_credit", front_picture_hero_words},
    {"image_caption", front_picture_hero_words},
    {"image_credit", front_picture_hero_words},
    {"images", front_picture_list},
    {"pictures", front_picture_list},
    {"corrections", read_corrections},
    {"correction", read_corrections},
    {"seo_title", read_seo_title},
    {"meta_title", read_seo_title},
    {"seo_description", read_seo_description},
    {"meta_description", read_seo_description},
    {"id", read_key},
    {"guid", read_key},
    {"front", read_front},
    {"weight", read_front},
    {"aliases", read_former_path},
    {"redirect_from", read_former_path},
    {"permalink", read_former_path},
    {"url", read_former_path},
    {"canonical", read_former_path},
    {"canonical_url", read_former_path},
    {"layout", NULL},
    {"type", NULL},
    {"visibility", NULL},
    {"uuid", NULL}, // known, of no use here
};

static gboolean is_known_key(const char *key) {
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (strcmp(KEYS[i].key, key) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean read_matter(FrontReading *reading, const FrontNode *matter, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    const FrontNode *node = front_node_member(matter, KEYS[i].key);
    if (node != NULL && KEYS[i].read != NULL && !KEYS[i].read(reading, node, error)) {
      return FALSE;
    }
  }
  for (guint i = 0; i < matter->children->len; i++) {
    const FrontNode *node = g_ptr_array_index(matter->children, i);
    if (!is_known_key(node->key)) {
      import_note(reading->notes, node->line, "“%s” is not known here and was left out", node->key);
    }
  }
  return TRUE;
}

// ---- the file --------------------------------------------------------------------------------

static gboolean has_markdown_name(const char *path) {
  static const char *const ENDS[] = {".md", ".markdown", ".mdown", ".mkd"};
  for (gsize i = 0; path != NULL && i < G_N_ELEMENTS(ENDS); i++) {
    gsize length = strlen(path);
    gsize end = strlen(ENDS[i]);
    if (length > end && g_ascii_strcasecmp(path + length - end, ENDS[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// Cuts a first "# Headline" off the body. *ret_line is the body's new first line.
static char *take_heading(Slice *body, guint *ret_line) {
  Slice rest = *body;
  Slice line = {0};
  guint number = *ret_line;
  while (slice_next_line(&rest, &line)) {
    number++;
    Slice trimmed = slice_trim(line);
    if (trimmed.length == 0) {
      continue;
    }
    if (!slice_starts_with(trimmed, "# ")) {
      return NULL;
    }
    *body = rest;
    *ret_line = number;
    Slice text = slice_trim(slice_from(trimmed, 2));
    while (text.length > 0 && text.data[text.length - 1] == '#') {
      text.length--;
    }
    return text_collapse_space(text);
  }
  return NULL;
}

static gboolean recognise_markdown(const ImportSource *source) {
  Slice bytes = slice_starts_with(source->bytes, "\xEF\xBB\xBF") ? slice_from(source->bytes, 3)
                                                                 : source->bytes;
  Slice rest = bytes;
  Slice line = {0};
  if (slice_next_line(&rest, &line)) {
    Slice fence = slice_trim(line);
    if (slice_equal_text(fence, "---") || slice_equal_text(fence, "+++")) {
      return TRUE;
    }
  }
  if (!has_markdown_name(source->path)) {
    return FALSE;
  }
  guint number = 1;
  Slice body = bytes;
  guint bad = 0;
  if (!text_validate_utf8(bytes, &bad)) {
    return TRUE;
  }
  g_autofree char *heading = take_heading(&body, &number);
  g_autofree char *text = slice_dup(bytes);
  Slice first = slice_trim(bytes);
  Slice first_line = {0};
  gboolean title_first = slice_next_line(&first, &first_line) && first_line.length < 250 &&
                         g_ascii_strncasecmp(first_line.data, "- ", 2) != 0;
  return heading != NULL ? !furniture_is_in(text) : !title_first; // else an extractor saved it
}

static char *headline_of_path(const char *path) {
  g_autofree char *base = g_path_get_basename(path != NULL ? path : "story");
  char *dot = strrchr(base, '.');
  if (dot != NULL && dot != base) {
    *dot = '\0';
  }
  g_autofree char *spaced = g_strdelimit(g_strdup(base), "-_", ' ');
  char *headline = g_utf8_validate(spaced, -1, NULL) ? text_collapse_space(slice_of(spaced))
                                                     : g_strdup("Untitled");
  headline[0] = g_ascii_toupper(headline[0]);
  return headline;
}

static gboolean read_story(FrontReading *reading, Slice text, GError **error) {
  Slice matter = {0};
  Slice body = text;
  guint body_line = 1;
  GError *cause = NULL;
  if (front_matter_split(text, &matter, &body, &body_line, &cause)) {
    g_autoptr(FrontNode) root = front_matter_parse(matter, 2, error);
    if (root == NULL || !read_matter(reading, root, error)) {
      return FALSE;
    }
  } else if (cause != NULL) {
    g_propagate_error(error, cause);
    return FALSE;
  }
  Story *story = reading->item->story;
  if (story->headline[0] == '\0') {
    char *heading = take_heading(&body, &body_line);
    g_free(story->headline);
    story->headline = heading != NULL ? heading : headline_of_path(reading->source->path);
  }
  if (reading->item->status == STORY_SCHEDULED && story->scheduled_for == 0) {
    story->scheduled_for = story->published_at;
    story->published_at = 0;
  }
  if (reading->item->status == STORY_SCHEDULED && story->scheduled_for == 0) {
    g_set_error(
        error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
        "line 1: status is scheduled, but no schedule says when; write schedule: 2026-11-23 09:30");
    return FALSE;
  }
  while (body.length > 0 && body.data[0] == '\n') {
    body = slice_from(body, 1);
    body_line++;
  }
  g_free(story->body);
  story->body = slice_dup(body);
  if (story->source_key == NULL) {
    story->source_key = g_strdup(reading->source->key);
  }
  return import_seal(reading->item, reading->source, body_line, reading->notes, error);
}

static gboolean read_markdown(const ImportSource *source, GPtrArray *items, GPtrArray *notes,
                              GError **error) {
  g_autofree char *text = import_decode(source->bytes, error);
  if (text == NULL) {
    return FALSE;
  }
  g_autoptr(ImportItem) item = import_item_new();
  item->line = 1;
  FrontReading reading = {item, source, notes};
  if (!read_story(&reading, slice_of(text), error)) {
    return FALSE;
  }
  if (slice_trim(slice_of(item->story->body)).length == 0 && item->pictures->len == 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY, "there is no text under the front matter");
    return FALSE;
  }
  g_ptr_array_add(items, g_steal_pointer(&item));
  return TRUE;
}

const Importer importer_markdown_story = {"markdown", recognise_markdown, read_markdown};
