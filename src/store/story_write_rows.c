// SPDX-License-Identifier: Apache-2.0
//
// Implements the writing half of story_rows.h. A story, its revision, its bylines, its
// places in the lists and its words in the search index change in the caller's one
// transaction; nothing here commits.
#include <string.h>

#include "store/listing_rows.h"
#include "store/search_rows.h"
#include "store/story_rows.h"

#define CHANGEABLE                                                                                 \
  22 // columns that insert and update have in common, in the order of their queries

#define SHARE 3 // columns that tell how it is shared

// A story's row as an update finds it.
typedef struct Stored {
  StoryStatus status;
  gint64 revision;
  char *language, *headline, *standfirst, *body;
} Stored;

static void stored_clear(Stored *stored) {
  g_free(stored->language);
  g_free(stored->headline);
  g_free(stored->standfirst);
  g_free(stored->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Stored, stored_clear)

static StoreValue text(const char *value) {
  return store_slice(slice_of(value)); // NULL is the empty text
}

static char *byline_names(const Story *story) {
  GString *names = g_string_new(NULL);
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    g_string_append(names, i == 0 ? "" : "\n");
    g_string_append(names, byline->author->name);
  }
  return g_string_free(names, FALSE);
}

static void fill_values(const Story *story, const char *names, gint64 revision,
                        StoreValue values[CHANGEABLE]) {
  const StoreValue filled[CHANGEABLE] = {
      text(story->slug),
      text(story->headline),
      text(story->standfirst),
      text(story->kicker),
      text(story->dateline),
      text(story->language),
      store_reference(story->section != NULL ? story->section->id : 0),
      text(names),
      store_reference(story->hero != NULL ? story->hero->id : 0),
      text(story->hero_caption),
      text(story->hero_credit),
      store_integer(story->status),
      store_integer(story->scheduled_for),
      store_integer(story->published_at),
      store_integer(story->updated_at),
      store_integer(revision),
      store_integer(story->word_count),
      text(story->seo_title),
      text(story->seo_description),
      store_text(story->source_key),
      store_text(story->content_hash),
      text(story->body)};
  memcpy(values, filled, sizeof filled);
}

// What stands after the id or the date: how it is shared.
static void fill_share(const Story *story, StoreValue values[SHARE]) {
  values[0] = text(story->share_title);
  values[1] = text(story->share_description);
  values[2] = store_integer(story->share_image != NULL ? story->share_image->id : 0);
}

static gboolean insert_revision(StoreTransaction *transaction, gint64 id, gint64 number,
                                const Story *story, const char *note, gint64 now, GError **error) {
  return store_execute(transaction, QUERY_STORY_REVISION_INSERT,
                       STORE_VALUES(store_integer(id), store_integer(number), store_integer(now),
                                    text(story->headline), text(story->standfirst),
                                    text(story->body), text(note)),
                       error) >= 0;
}

static gboolean insert_bylines(StoreTransaction *transaction, gint64 id, const Story *story,
                               GError **error) {
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    if (store_execute(transaction, QUERY_STORY_BYLINE_INSERT,
                      STORE_VALUES(store_integer(id), store_integer(i),
                                   store_integer(byline->author->id), text(byline->role)),
                      error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean insert_topics_and_images(StoreTransaction *transaction, gint64 id,
                                         const Story *story, GError **error) {
  for (guint i = 0; i < story->topics->len; i++) {
    const Topic *topic = g_ptr_array_index(story->topics, i);
    if (store_execute(transaction, QUERY_STORY_TOPIC_INSERT,
                      STORE_VALUES(store_integer(id), store_integer(i), store_integer(topic->id)),
                      error) < 0) {
      return FALSE;
    }
  }
  for (guint i = 0; i < story->images->len; i++) {
    const Image *image = g_ptr_array_index(story->images, i);
    if (store_execute(transaction, QUERY_STORY_IMAGE_INSERT,
                      STORE_VALUES(store_integer(id), store_integer(i), store_integer(image->id)),
                      error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

static SearchText search_text(const Story *story) {
  return (SearchText){story->headline, story->standfirst, story->body, story->language};
}

gint64 story_rows_insert(StoreTransaction *transaction, const Story *story, const char *note,
                         gint64 now, GTimeZone *zone, GError **error) {
  StoreValue values[CHANGEABLE + 1 + SHARE];
  g_autofree char *names = byline_names(story);
  gint64 id = 0;
  fill_values(story, names, 1, values);
  fill_share(story, values + CHANGEABLE + 1);
  values[CHANGEABLE] = store_integer(story->created_at != 0 ? story->created_at : now);
  SearchText words = search_text(story);
  gboolean inserted =
      store_execute(transaction, QUERY_STORY_INSERT, values, G_N_ELEMENTS(values), error) >= 0 &&
      store_query_integer(transaction, QUERY_STORY_INSERTED_ID, STORE_NO_VALUES, &id, error) &&
      insert_revision(transaction, id, 1, story, note, now, error) &&
      insert_bylines(transaction, id, story, error) &&
      insert_topics_and_images(transaction, id, story, error) &&
      listing_rows_place(transaction, id, story, TRUE, zone, error) &&
      (story->status != STORY_PUBLISHED || search_rows_put(transaction, id, &words, error));
  return inserted ? id : 0;
}

static gboolean read_stored(StoreTransaction *transaction, gint64 id, Stored *ret_stored,
                            GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_STORY_LOCK, STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                  "there is no story %" G_GINT64_FORMAT, id);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  ret_stored->status = (StoryStatus)store_row_integer(rows, 0);
  ret_stored->revision = store_row_integer(rows, 1);
  ret_stored->language = store_row_dup(rows, 2);
  ret_stored->headline = store_row_dup(rows, 3);
  ret_stored->standfirst = store_row_dup(rows, 4);
  ret_stored->body = store_row_dup(rows, 5);
  return TRUE;
}

static gboolean same_text(const Stored *stored, const Story *story) {
  return g_strcmp0(stored->headline, story->headline) == 0 &&
         g_strcmp0(stored->standfirst, story->standfirst) == 0 &&
         g_strcmp0(stored->body, story->body) == 0;
}

static gboolean update_search(StoreTransaction *transaction, const Stored *stored,
                              const Story *story, GError **error) {
  gboolean was = stored->status == STORY_PUBLISHED, is = story->status == STORY_PUBLISHED;
  if (was && is && same_text(stored, story) && g_strcmp0(stored->language, story->language) == 0) {
    return TRUE;
  }
  SearchText old = {stored->headline, stored->standfirst, stored->body, stored->language};
  SearchText new = search_text(story);
  return (!was || search_rows_remove(transaction, story->id, &old, error)) &&
         (!is || search_rows_put(transaction, story->id, &new, error));
}

static gboolean replace_hangers(StoreTransaction *transaction, const Story *story, GError **error) {
  static const QueryId CLEARS[] = {QUERY_STORY_BYLINE_CLEAR, QUERY_STORY_TOPIC_CLEAR,
                                   QUERY_STORY_IMAGE_CLEAR};
  for (gsize i = 0; i < G_N_ELEMENTS(CLEARS); i++) {
    if (store_execute(transaction, CLEARS[i], STORE_VALUES(store_integer(story->id)), error) < 0) {
      return FALSE;
    }
  }
  return insert_bylines(transaction, story->id, story, error) &&
         insert_topics_and_images(transaction, story->id, story, error);
}

gboolean story_rows_update(StoreTransaction *transaction, const Story *story, const char *note,
                           gint64 now, GTimeZone *zone, GError **error) {
  g_auto(Stored) stored = {0};
  if (!read_stored(transaction, story->id, &stored, error)) {
    return FALSE;
  }
  gboolean is_new_text = note != NULL && !same_text(&stored, story);
  gint64 revision = stored.revision + (is_new_text ? 1 : 0);
  StoreValue values[CHANGEABLE + 1 + SHARE];
  g_autofree char *names = byline_names(story);
  fill_values(story, names, revision, values);
  fill_share(story, values + CHANGEABLE + 1);
  values[CHANGEABLE] = store_integer(story->id);
  return store_execute(transaction, QUERY_STORY_UPDATE, values, G_N_ELEMENTS(values), error) >= 0 &&
         (!is_new_text ||
          insert_revision(transaction, story->id, revision, story, note, now, error)) &&
         replace_hangers(transaction, story, error) &&
         listing_rows_place(transaction, story->id, story, FALSE, zone, error) &&
         update_search(transaction, &stored, story, error);
}
