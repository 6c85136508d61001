// SPDX-License-Identifier: Apache-2.0
//
// Implements story_check.h: a table of text fields with their lengths, then dates, status, body.
#include "newsroom/story_check.h"

#include <string.h>

#include "newsroom/change.h"
#include "newsroom/language_tag.h"

#define EARLIEST (G_GINT64_CONSTANT(-11676096000) * CLOCK_SECOND) // 1600-01-01
#define MAX_NAMES 100

typedef struct TextRule {
  const char *field;
  gsize offset;  // of the char * in Story
  glong maximum; // characters
} TextRule;

static const TextRule TEXTS[] = {
    {"headline", G_STRUCT_OFFSET(Story, headline), 300},
    {"slug", G_STRUCT_OFFSET(Story, slug), 200},
    {"standfirst", G_STRUCT_OFFSET(Story, standfirst), 2000},
    {"kicker", G_STRUCT_OFFSET(Story, kicker), 200},
    {"dateline", G_STRUCT_OFFSET(Story, dateline), 200},
    {"language", G_STRUCT_OFFSET(Story, language), 35},
    {"hero caption", G_STRUCT_OFFSET(Story, hero_caption), 2000},
    {"hero credit", G_STRUCT_OFFSET(Story, hero_credit), 500},
    {"seo title", G_STRUCT_OFFSET(Story, seo_title), 300},
    {"seo description", G_STRUCT_OFFSET(Story, seo_description), 2000},
    {"source key", G_STRUCT_OFFSET(Story, source_key), 4000},
    {"content hash", G_STRUCT_OFFSET(Story, content_hash), 200},
};

static gboolean check_text(const char *field, const char *text, glong maximum, GError **error) {
  if (text == NULL) {
    return TRUE;
  }
  if (!g_utf8_validate(text, -1, NULL)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "%s: the text is not UTF-8: save it again as UTF-8", field);
  }
  glong length = g_utf8_strlen(text, -1);
  if (length > maximum) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "%s: it has %ld characters, and %ld are the most: shorten it", field,
                         length, maximum);
  }
  return TRUE;
}

static gboolean check_texts(const Story *story, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
    const char *text = G_STRUCT_MEMBER(const char *, story, TEXTS[i].offset);
    if (!check_text(TEXTS[i].field, text, TEXTS[i].maximum, error)) {
      return FALSE;
    }
  }
  Slice headline = slice_trim(slice_of(story->headline));
  if (headline.length == 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "headline: it is empty: give the story one");
  }
  if (story->language != NULL && story->language[0] != '\0' &&
      !language_tag_is_valid(story->language)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "language: \"%s\" is no language tag: use one such as en or de",
                         story->language);
  }
  return TRUE;
}

static gboolean check_name(const char *field, const char *name, GError **error) {
  if (name == NULL || name[0] == '\0') {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "%s: a name is empty: give it or leave it out", field);
  }
  return check_text(field, name, 200, error);
}

static gboolean check_names(const Story *story, GError **error) {
  if (story->bylines->len > MAX_NAMES || story->topics->len > MAX_NAMES) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "authors and topics: at most %d of each: leave some out", MAX_NAMES);
  }
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    if (!check_name("author", byline->author->name, error) ||
        !check_text("author's role", byline->role, 200, error) ||
        !check_text("author's role", byline->author->role, 200, error) ||
        !check_text("author's bio", byline->author->bio, 10000, error)) {
      return FALSE;
    }
  }
  for (guint i = 0; i < story->topics->len; i++) {
    if (!check_name("topic", ((const Topic *)g_ptr_array_index(story->topics, i))->name, error)) {
      return FALSE;
    }
  }
  return story->section == NULL || check_name("section", story->section->name, error);
}

static gboolean check_date(const char *field, gint64 instant, gint64 latest, GError **error) {
  if (instant == 0 || (instant >= EARLIEST && instant <= latest)) {
    return TRUE;
  }
  return change_refuse(
      error, NEWSROOM_ERROR_INVALID,
      "%s: the date lies %s: write it as 2026-11-23T09:30:00+01:00, or leave it out", field,
      instant < EARLIEST ? "before the year 1600" : "too far in the future");
}

static gboolean check_dates(const ImportedStory *imported, gint64 now, GError **error) {
  const Story *story = imported->story;
  if (imported->status == STORY_SCHEDULED && story->scheduled_for == 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "scheduled for: a scheduled story needs its time: give it");
  }
  if (imported->status == STORY_WITHDRAWN) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "status: use draft, scheduled or published");
  }
  return check_date("published", story->published_at, now + CLOCK_DAY, error) &&
         check_date("updated", story->updated_at, now + CLOCK_DAY, error) &&
         check_date("scheduled for", story->scheduled_for, now + 3660 * CLOCK_DAY, error);
}

static Document *parse_body(const Story *story, GError **error) {
  GError *failure = NULL;
  Document *document = markup_parse(slice_of(story->body), &failure);
  if (document == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "body, %s", failure->message);
    g_clear_error(&failure);
  }
  return document;
}

Document *story_check(const ImportedStory *imported, gint64 now, GError **error) {
  const Story *story = imported->story;
  if (!check_texts(story, error) || !check_names(story, error) ||
      !check_dates(imported, now, error)) {
    return NULL;
  }
  if (imported->former_path != NULL) {
    g_autofree char *path = story_check_former_path(imported->former_path, error);
    if (path == NULL) {
      return NULL;
    }
  }
  return parse_body(story, error);
}

char *story_check_former_path(const char *former_path, GError **error) {
  g_autofree char *path = NULL;
  if (former_path[0] == '/' && former_path[1] != '/') {
    path = g_strndup(former_path, strcspn(former_path, "?#"));
  } else {
    g_autoptr(GUri) uri = g_uri_parse(former_path, G_URI_FLAGS_ENCODED, NULL);
    path = uri != NULL && g_uri_get_host(uri) != NULL ? g_strdup(g_uri_get_path(uri)) : NULL;
  }
  if (path == NULL || path[0] != '/' || path[1] == '\0' || strlen(path) > 2000 ||
      !g_utf8_validate(path, -1, NULL) || strpbrk(path, " \t\r\n\\") != NULL) {
    change_refuse(
        error, NEWSROOM_ERROR_INVALID,
        "former path: it is no path of a page: write it as /2024/the-story, or leave it out");
    return NULL;
  }
  return g_steal_pointer(&path);
}
