// SPDX-License-Identifier: Apache-2.0
//
// Implements work.h.
#include "model/work.h"

#include <string.h>

#include "base/json_reader.h"
#include "base/json_writer.h"

static const char *const STAGE_NAMES[] = {"draft", "review", "ready", "published"};
static const char *const KIND_NAMES[] = {"imported",  "created",  "saved",     "automatic",
                                         "merged",    "restored", "published", "corrected",
                                         "withdrawn", "stage"};
static const char *const TEXT_NAMES[] = {
    "headline",        "standfirst",  "kicker",           "dateline",    "body",
    "language",        "slug",        "hero_caption",     "hero_credit", "seo_title",
    "seo_description", "share_title", "share_description"};
static const char *const REFERENCE_NAMES[] = {"section_id", "hero_image_id", "share_image_id"};

static gboolean parse_name(const char *const *names, guint count, const char *name,
                           guint *ret_index) {
  for (guint i = 0; i < count; i++) {
    if (strcmp(names[i], name) == 0) {
      *ret_index = i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *work_stage_name(WorkStage stage) {
  return STAGE_NAMES[stage];
}

gboolean work_stage_parse(const char *name, WorkStage *ret_stage) {
  guint index = 0;
  gboolean known = parse_name(STAGE_NAMES, WORK_STAGES, name, &index);
  *ret_stage = (WorkStage)index;
  return known;
}

const char *work_kind_name(WorkKind kind) {
  return KIND_NAMES[kind];
}

const char *work_text_name(WorkText text) {
  return TEXT_NAMES[text];
}

gboolean work_text_parse(const char *name, WorkText *ret_text) {
  guint index = 0;
  gboolean known = parse_name(TEXT_NAMES, WORK_TEXTS, name, &index);
  *ret_text = (WorkText)index;
  return known;
}

const char *work_reference_name(WorkReference reference) {
  return REFERENCE_NAMES[reference];
}

// ---- content ----------------------------------------------------------------------------------

static void byline_clear(gpointer data) {
  g_free(((WorkByline *)data)->role);
}

GArray *work_bylines_new(void) {
  GArray *bylines = g_array_new(FALSE, FALSE, sizeof(WorkByline));
  g_array_set_clear_func(bylines, byline_clear);
  return bylines;
}

static void add_byline(GArray *bylines, gint64 author_id, const char *role) {
  WorkByline byline = {author_id, g_strdup(role != NULL ? role : "")};
  g_array_append_val(bylines, byline);
}

WorkContent *work_content_new(void) {
  WorkContent *content = g_new0(WorkContent, 1);
  for (guint i = 0; i < WORK_TEXTS; i++) {
    content->texts[i] = g_strdup("");
  }
  content->bylines = work_bylines_new();
  content->topic_ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  return content;
}

void work_content_free(WorkContent *content) {
  if (content == NULL) {
    return;
  }
  for (guint i = 0; i < WORK_TEXTS; i++) {
    g_free(content->texts[i]);
  }
  g_array_unref(content->bylines);
  g_array_unref(content->topic_ids);
  g_free(content);
}

void work_content_set(WorkContent *content, WorkText text, const char *value) {
  char *copy = g_strdup(value != NULL ? value : "");
  g_free(content->texts[text]);
  content->texts[text] = copy;
}

WorkContent *work_content_copy(const WorkContent *content) {
  WorkContent *copy = work_content_new();
  for (guint i = 0; i < WORK_TEXTS; i++) {
    work_content_set(copy, (WorkText)i, content->texts[i]);
  }
  memcpy(copy->references, content->references, sizeof copy->references);
  for (guint i = 0; i < content->bylines->len; i++) {
    const WorkByline *byline = &g_array_index(content->bylines, WorkByline, i);
    add_byline(copy->bylines, byline->author_id, byline->role);
  }
  if (content->topic_ids->len > 0) {
    g_array_append_vals(copy->topic_ids, content->topic_ids->data, content->topic_ids->len);
  }
  return copy;
}

gboolean work_bylines_equal(const GArray *a, const GArray *b) {
  gboolean equal = a->len == b->len;
  for (guint i = 0; equal && i < a->len; i++) {
    const WorkByline *left = &g_array_index(a, WorkByline, i);
    const WorkByline *right = &g_array_index(b, WorkByline, i);
    equal = left->author_id == right->author_id && strcmp(left->role, right->role) == 0;
  }
  return equal;
}

gboolean work_topics_equal(const GArray *a, const GArray *b) {
  return a->len == b->len &&
         (a->len == 0 || memcmp(a->data, b->data, a->len * sizeof(gint64)) == 0);
}

gboolean work_content_equal(const WorkContent *a, const WorkContent *b) {
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (strcmp(a->texts[i], b->texts[i]) != 0) {
      return FALSE;
    }
  }
  return memcmp(a->references, b->references, sizeof a->references) == 0 &&
         work_bylines_equal(a->bylines, b->bylines) &&
         work_topics_equal(a->topic_ids, b->topic_ids);
}

WorkContent *work_content_of(const Story *story) {
  WorkContent *content = work_content_new();
  const char *const texts[WORK_TEXTS] = {
      [WORK_HEADLINE] = story->headline,
      [WORK_STANDFIRST] = story->standfirst,
      [WORK_KICKER] = story->kicker,
      [WORK_DATELINE] = story->dateline,
      [WORK_BODY] = story->body,
      [WORK_LANGUAGE] = story->language,
      [WORK_SLUG] = story->slug,
      [WORK_HERO_CAPTION] = story->hero_caption,
      [WORK_HERO_CREDIT] = story->hero_credit,
      [WORK_SEO_TITLE] = story->seo_title,
      [WORK_SEO_DESCRIPTION] = story->seo_description,
      [WORK_SHARE_TITLE] = story->share_title,
      [WORK_SHARE_DESCRIPTION] = story->share_description,
  };
  for (guint i = 0; i < WORK_TEXTS; i++) {
    work_content_set(content, (WorkText)i, texts[i]);
  }
  content->references[WORK_SECTION] = story->section != NULL ? story->section->id : 0;
  content->references[WORK_HERO_IMAGE] = story->hero != NULL ? story->hero->id : 0;
  content->references[WORK_SHARE_IMAGE] = story->share_image != NULL ? story->share_image->id : 0;
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    add_byline(content->bylines, byline->author->id, byline->role);
  }
  for (guint i = 0; i < story->topics->len; i++) {
    g_array_append_val(content->topic_ids,
                       ((const Topic *)g_ptr_array_index(story->topics, i))->id);
  }
  return content;
}

char *work_content_write(const WorkContent *content) {
  GString *out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  for (guint i = 0; i < WORK_TEXTS; i++) {
    json_string_member(&json, TEXT_NAMES[i], content->texts[i]);
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    json_integer_member(&json, REFERENCE_NAMES[i], content->references[i]);
  }
  json_name(&json, "bylines");
  json_array(&json);
  for (guint i = 0; i < content->bylines->len; i++) {
    const WorkByline *byline = &g_array_index(content->bylines, WorkByline, i);
    json_object(&json);
    json_integer_member(&json, "author_id", byline->author_id);
    json_string_member(&json, "role", byline->role);
    json_end_object(&json);
  }
  json_end_array(&json);
  json_name(&json, "topic_ids");
  json_array(&json);
  for (guint i = 0; i < content->topic_ids->len; i++) {
    json_integer(&json, g_array_index(content->topic_ids, gint64, i));
  }
  json_end_array(&json);
  json_end_object(&json);
  return g_string_free(out, FALSE);
}

WorkContent *work_content_read(const char *text) {
  g_autoptr(JsonValue) json = json_read(slice_of(text), NULL);
  if (json == NULL || json->kind != JSON_VALUE_OBJECT) {
    return NULL;
  }
  WorkContent *content = work_content_new();
  for (guint i = 0; i < WORK_TEXTS; i++) {
    work_content_set(content, (WorkText)i, json_value_text(json_value_member(json, TEXT_NAMES[i])));
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    content->references[i] = json_value_integer(json_value_member(json, REFERENCE_NAMES[i]));
  }
  const JsonValue *bylines = json_value_member(json, "bylines");
  for (guint i = 0; i < json_value_count(bylines); i++) {
    const JsonValue *one = json_value_item(bylines, i);
    add_byline(content->bylines, json_value_integer(json_value_member(one, "author_id")),
               json_value_text(json_value_member(one, "role")));
  }
  const JsonValue *topics = json_value_member(json, "topic_ids");
  for (guint i = 0; i < json_value_count(topics); i++) {
    gint64 id = json_value_integer(json_value_item(topics, i));
    g_array_append_val(content->topic_ids, id);
  }
  return content;
}

// ---- the rest ---------------------------------------------------------------------------------

void work_version_free(WorkVersion *version) {
  if (version != NULL) {
    g_free(version->note);
    g_free(version->headline);
    g_free(version->content);
    g_free(version);
  }
}

void work_lock_free(WorkLock *lock) {
  if (lock != NULL) {
    g_free(lock->holder);
    g_free(lock);
  }
}

void work_note_free(WorkNote *note) {
  if (note != NULL) {
    g_free(note->body);
    g_free(note->passage);
    g_free(note->prefix);
    g_free(note);
  }
}

void work_summary_free(WorkSummary *summary) {
  if (summary != NULL) {
    g_free(summary->headline);
    g_free(summary->slug);
    g_free(summary->kicker);
    g_free(summary->byline_names);
    g_free(summary->section_slug);
    g_free(summary->section_name);
    g_free(summary->lock_holder);
    image_free(summary->hero);
    g_free(summary);
  }
}
