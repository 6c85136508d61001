// SPDX-License-Identifier: Apache-2.0
//
// Implements the reading half of story_rows.h: whole stories, their revisions, what is due,
// sitemaps and the command line's list. What hangs on stories is read for a whole set of
// them at once, so that a feed of fifty costs five queries.
#include "store/story_rows.h"

#include "store/image_rows.h"
#include "store/people_columns.h"
#include "store/teaser_rows.h"

#define STORY_COLUMNS 25 // story_columns in sql/queries/story.sql

static void set_text(char **field, StoreRows *rows, guint column) {
  g_free(*field);
  *field = store_row_dup(rows, column);
}

static char *dup_or_null(StoreRows *rows, guint column) {
  return store_row_is_null(rows, column) ? NULL : store_row_dup(rows, column);
}

static Section *read_section(StoreRows *rows, guint column) {
  if (store_row_is_null(rows, column)) {
    return NULL;
  }
  Section *section = g_new0(Section, 1);
  section->id = store_row_integer(rows, column);
  section->slug = store_row_dup(rows, column + 1);
  section->name = store_row_dup(rows, column + 2);
  section->description = store_row_dup(rows, column + 3);
  section->position = (gint32)store_row_integer(rows, column + 4);
  return section;
}

// The columns of story_columns, from 0 on.
static Story *read_story(StoreRows *rows) {
  Story *story = story_new();
  story->id = store_row_integer(rows, 0);
  set_text(&story->slug, rows, 1);
  set_text(&story->headline, rows, 2);
  set_text(&story->standfirst, rows, 3);
  set_text(&story->kicker, rows, 4);
  set_text(&story->dateline, rows, 5);
  set_text(&story->language, rows, 6);
  set_text(&story->hero_caption, rows, 7);
  set_text(&story->hero_credit, rows, 8);
  story->status = (StoryStatus)CLAMP(store_row_integer(rows, 9), STORY_DRAFT, STORY_WITHDRAWN);
  story->scheduled_for = store_row_integer(rows, 10);
  story->published_at = store_row_integer(rows, 11);
  story->updated_at = store_row_integer(rows, 12);
  story->created_at = store_row_integer(rows, 13);
  story->revision = store_row_integer(rows, 14);
  story->word_count = (gint32)store_row_integer(rows, 15);
  set_text(&story->seo_title, rows, 16);
  set_text(&story->seo_description, rows, 17);
  story->source_key = dup_or_null(rows, 18);
  story->content_hash = dup_or_null(rows, 19);
  story->section = read_section(rows, 20);
  return story;
}

static void take_byline(Story *story, StoreRows *rows) {
  Byline *byline = g_new0(Byline, 1);
  byline->role = store_row_dup(rows, 1);
  byline->author = author_rows_read(rows, 2);
  g_ptr_array_add(story->bylines, byline);
}

static void take_topic(Story *story, StoreRows *rows) {
  g_ptr_array_add(story->topics, topic_rows_read(rows, 1));
}

static void take_image(Story *story, StoreRows *rows) {
  g_ptr_array_add(story->images, image_rows_read(rows, 1));
}

static void take_correction(Story *story, StoreRows *rows) {
  Correction *correction = g_new0(Correction, 1);
  correction->story_id = story->id;
  correction->id = store_row_integer(rows, 1);
  correction->corrected_at = store_row_integer(rows, 2);
  correction->wrong = store_row_dup(rows, 3);
  correction->right = store_row_dup(rows, 4);
  g_ptr_array_add(story->corrections, correction);
}

static Story *story_of_id(const GPtrArray *stories, gint64 id) {
  for (guint i = 0; i < stories->len; i++) {
    Story *story = g_ptr_array_index(stories, i);
    if (story->id == id) {
      return story;
    }
  }
  return NULL;
}

static gboolean hang_on(StoreTransaction *transaction, QueryId query, StoreValue which,
                        const GPtrArray *stories, void (*take)(Story *story, StoreRows *rows),
                        GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, &which, 1, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Story *story = story_of_id(stories, store_row_integer(rows, 0));
    if (story != NULL) {
      take(story, rows);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static gboolean complete(StoreTransaction *transaction, const GPtrArray *stories, GError **error) {
  g_autoptr(GString) ids = g_string_new(NULL);
  for (guint i = 0; i < stories->len; i++) {
    const Story *story = g_ptr_array_index(stories, i);
    g_string_append_printf(ids, "%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", story->id);
  }
  StoreValue all = store_text(ids->str);
  return stories->len == 0 ||
         (hang_on(transaction, QUERY_STORY_BYLINES, all, stories, take_byline, error) &&
          hang_on(transaction, QUERY_STORY_TOPICS, all, stories, take_topic, error) &&
          hang_on(transaction, QUERY_STORY_IMAGES, all, stories, take_image, error) &&
          hang_on(transaction, QUERY_STORY_CORRECTIONS, all, stories, take_correction, error));
}

static gboolean complete_one(StoreTransaction *transaction, const GPtrArray *stories,
                             GError **error) {
  const Story *story = g_ptr_array_index(stories, 0);
  StoreValue id = store_integer(story->id);
  return hang_on(transaction, QUERY_STORY_BYLINES_OF, id, stories, take_byline, error) &&
         hang_on(transaction, QUERY_STORY_TOPICS_OF, id, stories, take_topic, error) &&
         hang_on(transaction, QUERY_STORY_IMAGES_OF, id, stories, take_image, error) &&
         hang_on(transaction, QUERY_STORY_CORRECTIONS_OF, id, stories, take_correction, error);
}

// Story * of a query with story_columns, the body if `with_body`, and the hero image.
static GPtrArray *read_stories(StoreTransaction *transaction, QueryId query,
                               const StoreValue *values, gsize count, gboolean with_body,
                               GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) stories = g_ptr_array_new_with_free_func((GDestroyNotify)story_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Story *story = read_story(rows);
    if (with_body) {
      set_text(&story->body, rows, STORY_COLUMNS);
    }
    story->hero = image_rows_read(rows, STORY_COLUMNS + (with_body ? 1 : 0));
    g_ptr_array_add(stories, story);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&stories);
}

static gboolean add_share(StoreTransaction *transaction, Story *story, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_STORY_SHARE, STORE_VALUES(store_integer(story->id)), error);
  GError *failure = NULL;
  if (rows == NULL) {
    return FALSE;
  }
  if (store_rows_next(rows, &failure)) {
    set_text(&story->share_title, rows, 0);
    set_text(&story->share_description, rows, 1);
    story->share_image = image_rows_read(rows, 2);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}

static Story *get_one(StoreTransaction *transaction, QueryId query, StoreValue value,
                      const char *what, GError **error) {
  g_autoptr(GPtrArray) stories = read_stories(transaction, query, &value, 1, TRUE, error);
  if (stories == NULL) {
    return NULL;
  }
  if (stories->len == 0) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no story %s", what);
    return NULL;
  }
  return add_share(transaction, g_ptr_array_index(stories, 0), error) &&
                 complete_one(transaction, stories, error)
             ? g_ptr_array_steal_index(stories, 0)
             : NULL;
}

Story *story_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  g_autofree char *what = g_strdup_printf("%" G_GINT64_FORMAT, id);
  return get_one(transaction, QUERY_STORY_GET, store_integer(id), what, error);
}

Story *story_rows_get_by_source(StoreTransaction *transaction, const char *source_key,
                                GError **error) {
  return get_one(transaction, QUERY_STORY_GET_BY_SOURCE, store_text(source_key), source_key, error);
}

Teaser *story_rows_get_address(StoreTransaction *transaction, gint64 id, StoryStatus *ret_status,
                               GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_STORY_GET_ADDRESS, STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                  "there is no story %" G_GINT64_FORMAT, id);
    }
    g_propagate_error(error, failure);
    return NULL;
  }
  Teaser *teaser = teaser_new();
  teaser->id = id;
  *ret_status = (StoryStatus)CLAMP(store_row_integer(rows, 1), STORY_DRAFT, STORY_WITHDRAWN);
  set_text(&teaser->slug, rows, 2);
  teaser->published_at = store_row_integer(rows, 3);
  teaser->section_id = store_row_integer(rows, 4);
  set_text(&teaser->section_slug, rows, 5);
  set_text(&teaser->section_name, rows, 6);
  return teaser;
}

GPtrArray *story_rows_list_whole(StoreTransaction *transaction, Listing listing, guint limit,
                                 GError **error) {
  g_autoptr(GPtrArray) teasers = story_rows_list(transaction, listing, 0, limit, error);
  if (teasers == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) ordered = g_ptr_array_new_with_free_func((GDestroyNotify)story_free);
  if (teasers->len == 0) {
    return g_steal_pointer(&ordered);
  }
  g_autofree gint64 *ids = g_new(gint64, teasers->len);
  for (guint i = 0; i < teasers->len; i++) {
    ids[i] = ((const Teaser *)g_ptr_array_index(teasers, i))->id;
  }
  g_autofree char *joined = ids_join(ids, teasers->len);
  g_autoptr(GPtrArray) found = read_stories(transaction, QUERY_STORY_GET_MANY,
                                            STORE_VALUES(store_text(joined)), TRUE, error);
  if (found == NULL || !complete(transaction, found, error)) {
    return NULL;
  }
  for (guint i = 0; i < teasers->len; i++) {
    Story *story = story_of_id(found, ids[i]);
    if (story != NULL) {
      g_ptr_array_add(ordered, story);
    }
  }
  // The listing names every story once, so all that were found have moved.
  g_ptr_array_set_free_func(found, NULL);
  return g_steal_pointer(&ordered);
}

GPtrArray *story_rows_revisions(StoreTransaction *transaction, gint64 id, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_STORY_REVISION_LIST, STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) revisions =
      g_ptr_array_new_with_free_func((GDestroyNotify)story_revision_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    StoryRevision *revision = g_new0(StoryRevision, 1);
    revision->story_id = id;
    revision->number = store_row_integer(rows, 0);
    revision->saved_at = store_row_integer(rows, 1);
    revision->headline = store_row_dup(rows, 2);
    revision->standfirst = store_row_dup(rows, 3);
    revision->body = store_row_dup(rows, 4);
    revision->note = store_row_dup(rows, 5);
    g_ptr_array_add(revisions, revision);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&revisions);
}

GArray *story_rows_due(StoreTransaction *transaction, gint64 now, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_STORY_DUE, STORE_VALUES(store_integer(now)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 id = store_row_integer(rows, 0);
    g_array_append_val(ids, id);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&ids);
}

gint64 story_rows_next_due(StoreTransaction *transaction, GError **error) {
  gint64 due = -1;
  return store_query_integer(transaction, QUERY_STORY_NEXT_DUE, STORE_NO_VALUES, &due, error) ? due
                                                                                              : -1;
}

gint64 story_rows_max_id(StoreTransaction *transaction, GError **error) {
  gint64 id = -1;
  return store_query_integer(transaction, QUERY_STORY_MAX_ID, STORE_NO_VALUES, &id, error) ? id
                                                                                           : -1;
}

static void sitemap_entry_free(SitemapEntry *entry) {
  g_free(entry->slug);
  g_free(entry->section_slug);
  g_free(entry->headline);
  g_free(entry->language);
  g_free(entry);
}

GPtrArray *story_rows_sitemap(StoreTransaction *transaction, gint64 start_id, gint64 end_id,
                              guint limit, GError **error) {
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_STORY_SITEMAP,
      STORE_VALUES(store_integer(start_id), store_integer(end_id), store_integer(limit)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)sitemap_entry_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    SitemapEntry *entry = g_new0(SitemapEntry, 1);
    entry->id = store_row_integer(rows, 0);
    entry->published_at = store_row_integer(rows, 1);
    entry->updated_at = store_row_integer(rows, 2);
    entry->slug = store_row_dup(rows, 3);
    entry->section_slug = store_row_dup(rows, 4);
    entry->headline = store_row_dup(rows, 5);
    entry->language = store_row_dup(rows, 6);
    g_ptr_array_add(entries, entry);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&entries);
}

GPtrArray *story_rows_list_any(StoreTransaction *transaction, gint status, const char *section_slug,
                               guint offset, guint limit, GError **error) {
  const StoreValue values[] = {store_slice(slice_of(section_slug)), store_integer(limit),
                               store_integer(offset), store_integer(status)};
  QueryId query = status < 0 ? QUERY_STORY_LIST_ANY : QUERY_STORY_LIST_ANY_STATUS;
  g_autoptr(GPtrArray) stories =
      read_stories(transaction, query, values, status < 0 ? 3 : 4, FALSE, error);
  if (stories == NULL || !complete(transaction, stories, error)) {
    return NULL;
  }
  return g_steal_pointer(&stories);
}
