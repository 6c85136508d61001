// SPDX-License-Identifier: Apache-2.0
//
// Implements work_rows.h. The columns stand in work.sql in the order that is read here. A list
// takes the query whose index holds the fewest rows for its filter.
#include "store/work_rows.h"

#include "store/image_rows.h"
#include "store/people_columns.h"
#include "store/row_reader.h"

#define STATE_COLUMNS 9
#define SUMMARY_STATE 18 // where the state's columns begin in a summary

static void read_state(StoreRows *rows, guint column, WorkState *state) {
  state->stage = (WorkStage)CLAMP(store_row_integer(rows, column), STAGE_DRAFT, STAGE_PUBLISHED);
  state->has_changes = store_row_integer(rows, column + 1) != 0;
  state->saved_at = store_row_integer(rows, column + 2);
  state->saved_by = store_row_integer(rows, column + 3);
  state->owner_id = store_row_integer(rows, column + 4);
  state->embargo_until = store_row_integer(rows, column + 5);
  state->version = store_row_integer(rows, column + 6);
  state->published_version = store_row_integer(rows, column + 7);
  state->seen_revision = store_row_integer(rows, column + 8);
}

static gpointer read_state_row(StoreRows *rows) {
  WorkState *state = g_new0(WorkState, 1);
  read_state(rows, 0, state);
  return state;
}

gboolean work_rows_get_state(StoreTransaction *transaction, gint64 id, WorkState *ret_state,
                             GError **error) {
  g_autofree WorkState *state = row_reader_one(
      transaction, QUERY_WORK_STATE, STORE_VALUES(store_integer(id)), read_state_row, error);
  if (state != NULL) {
    *ret_state = *state;
  }
  return state != NULL;
}

gboolean work_rows_put_state(StoreTransaction *transaction, gint64 id, const WorkState *state,
                             GError **error) {
  return store_execute(
             transaction, QUERY_WORK_STATE_PUT,
             STORE_VALUES(store_integer(state->stage), store_integer(state->has_changes),
                          store_integer(state->saved_at), store_integer(state->saved_by),
                          store_integer(state->owner_id), store_integer(state->embargo_until),
                          store_integer(state->version), store_integer(state->published_version),
                          store_integer(state->seen_revision), store_integer(id)),
             error) >= 0;
}

// ---- lists ------------------------------------------------------------------------------------

static gpointer read_summary(StoreRows *rows) {
  WorkSummary *summary = g_new0(WorkSummary, 1);
  summary->id = store_row_integer(rows, 0);
  summary->headline = store_row_dup(rows, 1);
  summary->slug = store_row_dup(rows, 2);
  summary->kicker = store_row_dup(rows, 3);
  summary->byline_names = store_row_dup(rows, 4);
  summary->status = (StoryStatus)CLAMP(store_row_integer(rows, 5), STORY_DRAFT, STORY_WITHDRAWN);
  summary->scheduled_for = store_row_integer(rows, 6);
  summary->published_at = store_row_integer(rows, 7);
  summary->created_at = store_row_integer(rows, 8);
  summary->word_count = (gint32)store_row_integer(rows, 9);
  summary->section_id = store_row_integer(rows, 10);
  summary->section_slug = store_row_dup(rows, 11);
  summary->section_name = store_row_dup(rows, 12);
  summary->lock_staff_id = store_row_integer(rows, 13);
  summary->lock_since = store_row_integer(rows, 14);
  summary->lock_expires_at = store_row_integer(rows, 15);
  summary->lock_holder = store_row_dup(rows, 16);
  summary->open_notes = store_row_integer(rows, 17);
  read_state(rows, SUMMARY_STATE, &summary->state);
  summary->hero = image_rows_read(rows, SUMMARY_STATE + STATE_COLUMNS);
  return summary;
}

static QueryId query_for(const WorkFilter *filter, gint64 *ret_key) {
  if (filter->author_id != 0) {
    *ret_key = filter->author_id;
    return QUERY_WORK_LIST_AUTHOR;
  }
  if (filter->changed) {
    return QUERY_WORK_LIST_CHANGED;
  }
  if (filter->stage >= 0 && filter->stage != STAGE_PUBLISHED) {
    *ret_key = filter->stage;
    return QUERY_WORK_LIST_STAGE;
  }
  if (filter->status >= 0 && filter->status != STORY_PUBLISHED) {
    *ret_key = filter->status;
    return QUERY_WORK_LIST_STATUS;
  }
  if (filter->own_staff_id != 0) {
    return QUERY_WORK_LIST_OWN;
  }
  if (filter->owner_id != 0) {
    *ret_key = filter->owner_id;
    return QUERY_WORK_LIST_OWNER;
  }
  if (filter->section_id != 0) {
    *ret_key = filter->section_id;
    return QUERY_WORK_LIST_SECTION;
  }
  return QUERY_WORK_LIST;
}

static gboolean has_key(QueryId query) {
  return query != QUERY_WORK_LIST && query != QUERY_WORK_LIST_OWN &&
         query != QUERY_WORK_LIST_CHANGED;
}

GPtrArray *work_rows_list(StoreTransaction *transaction, const WorkFilter *filter, GError **error) {
  gint64 key = 0;
  QueryId query = query_for(filter, &key);
  const StoreValue values[] = {
      store_integer(filter->before_saved_at > 0 ? filter->before_saved_at : G_MAXINT64),
      store_integer(filter->before_id > 0 ? filter->before_id : G_MAXINT64),
      store_integer(filter->limit),
      store_integer(filter->stage),
      store_integer(filter->status),
      store_integer(filter->section_id),
      store_integer(filter->owner_id),
      store_integer(filter->changed),
      store_integer(filter->own_staff_id),
      store_integer(filter->own_author_id),
      store_integer(key)};
  return row_reader_all(transaction, query, values, G_N_ELEMENTS(values) - (has_key(query) ? 0 : 1),
                        read_summary, (GDestroyNotify)work_summary_free, error);
}

GPtrArray *work_rows_list_ids(StoreTransaction *transaction, const gint64 *ids, guint count,
                              GError **error) {
  g_autofree char *set = store_id_list(ids, count);
  g_autoptr(GPtrArray) found =
      row_reader_all(transaction, QUERY_WORK_LIST_IDS, STORE_VALUES(store_text(set)), read_summary,
                     (GDestroyNotify)work_summary_free, error);
  if (found == NULL) {
    return NULL;
  }
  GPtrArray *ordered = g_ptr_array_new_with_free_func((GDestroyNotify)work_summary_free);
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < found->len; j++) {
      if (((const WorkSummary *)g_ptr_array_index(found, j))->id == ids[i]) {
        g_ptr_array_add(ordered, g_ptr_array_steal_index(found, j));
        break;
      }
    }
  }
  return ordered;
}

GPtrArray *work_rows_scheduled(StoreTransaction *transaction, guint limit, GError **error) {
  return row_reader_all(transaction, QUERY_WORK_SCHEDULED, STORE_VALUES(store_integer(limit)),
                        read_summary, (GDestroyNotify)work_summary_free, error);
}

// "%part%", with what LIKE would take for its own marked by '!'.
static char *like_part(const char *words) {
  g_autofree char *lower = g_utf8_strdown(words, -1);
  GString *pattern = g_string_new("%");
  for (const char *at = lower; *at != '\0'; at++) {
    if (*at == '%' || *at == '_' || *at == '!') {
      g_string_append_c(pattern, '!');
    }
    g_string_append_c(pattern, *at);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

GArray *work_rows_find(StoreTransaction *transaction, const char *words, guint limit,
                       GError **error) {
  g_autofree char *pattern = like_part(words);
  return row_reader_ids(transaction, QUERY_WORK_FIND,
                        STORE_VALUES(store_text(pattern), store_integer(limit)), error);
}

gboolean work_rows_is_own(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                          gint64 author_id, gboolean *ret_own, GError **error) {
  gint64 count = 0;
  gboolean asked = store_query_integer(
      transaction, QUERY_WORK_IS_OWN,
      STORE_VALUES(store_integer(id), store_integer(staff_id), store_integer(author_id)), &count,
      error);
  *ret_own = count > 0;
  return asked;
}

gint64 work_rows_count_stage(StoreTransaction *transaction, WorkStage stage, GError **error) {
  gint64 count = 0;
  return store_query_integer(transaction, QUERY_WORK_COUNT_STAGE,
                             STORE_VALUES(store_integer(stage)), &count, error)
             ? count
             : -1;
}

gint64 work_rows_remove_story(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_WORK_REMOVE_STORY, STORE_VALUES(store_integer(id)),
                       error);
}

GArray *work_rows_mailings(StoreTransaction *transaction, gint64 id, GError **error) {
  return row_reader_ids(transaction, QUERY_WORK_MAILINGS, STORE_VALUES(store_integer(id)), error);
}

static gpointer read_topic(StoreRows *rows) {
  return topic_rows_read(rows, 0);
}

GPtrArray *work_rows_topics(StoreTransaction *transaction, const GArray *ids, GError **error) {
  g_autofree char *set = store_id_list((const gint64 *)ids->data, ids->len);
  g_autoptr(GPtrArray) found =
      row_reader_all(transaction, QUERY_STORY_TOPIC_BY_IDS, STORE_VALUES(store_text(set)),
                     read_topic, (GDestroyNotify)topic_free, error);
  if (found == NULL) {
    return NULL;
  }
  GPtrArray *ordered = g_ptr_array_new_with_free_func((GDestroyNotify)topic_free);
  for (guint i = 0; i < ids->len; i++) {
    for (guint j = 0; j < found->len; j++) {
      if (((const Topic *)g_ptr_array_index(found, j))->id == g_array_index(ids, gint64, i)) {
        g_ptr_array_add(ordered, g_ptr_array_steal_index(found, j));
        break;
      }
    }
  }
  return ordered;
}

// ---- versions ---------------------------------------------------------------------------------

gboolean work_version_rows_insert(StoreTransaction *transaction, const WorkVersion *version,
                                  GError **error) {
  return store_execute(
             transaction, QUERY_WORK_VERSION_INSERT,
             STORE_VALUES(store_integer(version->story_id), store_integer(version->number),
                          store_integer(version->kind), store_integer(version->saved_at),
                          store_integer(version->staff_id), store_slice(slice_of(version->note)),
                          store_text(version->headline), store_integer(version->word_count),
                          store_integer(version->words_added),
                          store_integer(version->words_removed),
                          store_integer(version->was_published), store_text(version->content)),
             error) >= 0;
}

static gpointer read_version(StoreRows *rows) {
  WorkVersion *version = g_new0(WorkVersion, 1);
  version->story_id = store_row_integer(rows, 0);
  version->number = store_row_integer(rows, 1);
  version->kind = (WorkKind)CLAMP(store_row_integer(rows, 2), WORK_IMPORTED, WORK_STAGED);
  version->saved_at = store_row_integer(rows, 3);
  version->staff_id = store_row_integer(rows, 4);
  version->note = store_row_dup(rows, 5);
  version->headline = store_row_dup(rows, 6);
  version->word_count = (gint32)store_row_integer(rows, 7);
  version->words_added = (gint32)store_row_integer(rows, 8);
  version->words_removed = (gint32)store_row_integer(rows, 9);
  version->was_published = store_row_integer(rows, 10) != 0;
  return version;
}

static gpointer read_whole_version(StoreRows *rows) {
  WorkVersion *version = read_version(rows);
  version->content = store_row_dup(rows, 11);
  return version;
}

WorkVersion *work_version_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 number,
                                   GError **error) {
  return row_reader_one(transaction, QUERY_WORK_VERSION_GET,
                        STORE_VALUES(store_integer(story_id), store_integer(number)),
                        read_whole_version, error);
}

GPtrArray *work_version_rows_list(StoreTransaction *transaction, gint64 story_id, gint64 before,
                                  guint limit, GError **error) {
  return row_reader_all(transaction, QUERY_WORK_VERSION_LIST,
                        STORE_VALUES(store_integer(story_id),
                                     store_integer(before > 0 ? before : G_MAXINT64),
                                     store_integer(limit)),
                        read_version, (GDestroyNotify)work_version_free, error);
}

gboolean work_version_rows_mark_published(StoreTransaction *transaction, gint64 story_id,
                                          gint64 number, GError **error) {
  return store_execute(transaction, QUERY_WORK_VERSION_MARK,
                       STORE_VALUES(store_integer(story_id), store_integer(number)), error) >= 0;
}

gint64 work_version_rows_thin(StoreTransaction *transaction, gint64 before, GError **error) {
  return store_execute(transaction, QUERY_WORK_VERSION_THIN, STORE_VALUES(store_integer(before)),
                       error);
}

// ---- locks ------------------------------------------------------------------------------------

static gpointer read_lock(StoreRows *rows) {
  WorkLock *lock = g_new0(WorkLock, 1);
  lock->story_id = store_row_integer(rows, 0);
  lock->staff_id = store_row_integer(rows, 1);
  lock->since = store_row_integer(rows, 2);
  lock->expires_at = store_row_integer(rows, 3);
  lock->holder = store_row_dup(rows, 4);
  return lock;
}

WorkLock *work_lock_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 now,
                             GError **error) {
  return row_reader_one(transaction, QUERY_WORK_LOCK_GET,
                        STORE_VALUES(store_integer(story_id), store_integer(now)), read_lock,
                        error);
}

gboolean work_lock_rows_put(StoreTransaction *transaction, const WorkLock *lock, GError **error) {
  return store_execute(transaction, QUERY_WORK_LOCK_PUT,
                       STORE_VALUES(store_integer(lock->story_id), store_integer(lock->staff_id),
                                    store_integer(lock->since), store_integer(lock->expires_at),
                                    store_text(lock->holder)),
                       error) >= 0;
}

gboolean work_lock_rows_remove(StoreTransaction *transaction, gint64 story_id, const char *holder,
                               GError **error) {
  return store_execute(transaction, QUERY_WORK_LOCK_REMOVE,
                       STORE_VALUES(store_integer(story_id), store_text(holder)), error) >= 0;
}

// ---- notes ------------------------------------------------------------------------------------

gint64 work_note_rows_insert(StoreTransaction *transaction, const WorkNote *note, GError **error) {
  gint64 id = 0;
  gboolean inserted =
      store_query_integer(transaction, QUERY_WORK_NOTE_INSERT,
                          STORE_VALUES(store_integer(note->story_id), store_integer(note->staff_id),
                                       store_integer(note->created_at), store_text(note->body),
                                       store_text(note->passage), store_text(note->prefix),
                                       store_integer(note->reply_to)),
                          &id, error);
  return inserted ? id : 0;
}

static gpointer read_note(StoreRows *rows) {
  WorkNote *note = g_new0(WorkNote, 1);
  note->id = store_row_integer(rows, 0);
  note->story_id = store_row_integer(rows, 1);
  note->staff_id = store_row_integer(rows, 2);
  note->created_at = store_row_integer(rows, 3);
  note->body = store_row_dup(rows, 4);
  note->passage = store_row_dup(rows, 5);
  note->prefix = store_row_dup(rows, 6);
  note->reply_to = store_row_integer(rows, 7);
  note->resolved_by = store_row_integer(rows, 8);
  note->resolved_at = store_row_integer(rows, 9);
  return note;
}

GPtrArray *work_note_rows_list(StoreTransaction *transaction, gint64 story_id, GError **error) {
  return row_reader_all(transaction, QUERY_WORK_NOTE_LIST, STORE_VALUES(store_integer(story_id)),
                        read_note, (GDestroyNotify)work_note_free, error);
}

WorkNote *work_note_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 id,
                             GError **error) {
  return row_reader_one(transaction, QUERY_WORK_NOTE_GET,
                        STORE_VALUES(store_integer(story_id), store_integer(id)), read_note, error);
}

gboolean work_note_rows_update(StoreTransaction *transaction, const WorkNote *note,
                               GError **error) {
  return store_execute(transaction, QUERY_WORK_NOTE_UPDATE,
                       STORE_VALUES(store_text(note->body), store_integer(note->resolved_by),
                                    store_integer(note->resolved_at), store_integer(note->id)),
                       error) >= 0;
}

gboolean work_note_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_WORK_NOTE_REMOVE, STORE_VALUES(store_integer(id)),
                       error) >= 0;
}

gint64 work_note_rows_open(StoreTransaction *transaction, gint64 story_id, GError **error) {
  gint64 count = 0;
  return store_query_integer(transaction, QUERY_WORK_NOTE_OPEN,
                             STORE_VALUES(store_integer(story_id)), &count, error)
             ? count
             : -1;
}
