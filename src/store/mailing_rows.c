// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing_rows.h. The columns of a mailing stand in mailing.sql ("mailing_columns") in
// the order in which read_mailing takes them.
#include "store/mailing_rows.h"

#include "base/json_writer.h"

// ---- mailings -----------------------------------------------------------------------------------

static Mailing *read_mailing(StoreRows *rows) {
  Mailing *mailing = g_new0(Mailing, 1);
  mailing->id = store_row_integer(rows, 0);
  mailing->public_id = store_row_dup(rows, 1);
  mailing->newsletter_id = store_row_integer(rows, 2);
  mailing->occasion = store_row_dup(rows, 3);
  mailing->state = (MailingState)CLAMP(store_row_integer(rows, 4), 0, MAILING_SKIPPED);
  mailing->state_reason = store_row_dup(rows, 5);
  mailing->lane = store_row_integer(rows, 6) != 0 ? LANE_ALERT : LANE_NORMAL;
  mailing->uncertain = store_row_integer(rows, 7) != 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  mailing->subject = store_row_dup(rows, 8);
  mailing->preheader = store_row_dup(rows, 9);
  mailing->introduction = store_row_dup(rows, 10);
  mailing->segment_id = store_row_integer(rows, 11);
  mailing->requested_by = store_row_dup(rows, 12);
  mailing->approved_by = store_row_dup(rows, 13);
  mailing->created_at = store_row_integer(rows, 14);
  mailing->due_at = store_row_integer(rows, 15);
  mailing->latest_at = store_row_integer(rows, 16);
  mailing->frozen_at = store_row_integer(rows, 17);
  mailing->finished_at = store_row_integer(rows, 18);
  mailing->frozen_through = store_row_integer(rows, 19);
  mailing->planned = store_row_integer(rows, 20);
  mailing->audience = (gint32)store_row_integer(rows, 21);
  return mailing;
}

// The first row of a query as a Mailing; NOT_FOUND names what was asked for.
static Mailing *get(StoreTransaction *transaction, QueryId query, StoreValue value,
                    GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, &value, 1, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    return read_mailing(rows);
  }
  if (failure == NULL) {
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no such mailing");
  }
  g_propagate_error(error, failure);
  return NULL;
}

static GPtrArray *list(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) mailings = g_ptr_array_new_with_free_func((GDestroyNotify)mailing_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(mailings, read_mailing(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&mailings);
}

static GArray *list_ids(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                        gsize count, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
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

static gint64 integer(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                      gsize count, GError **error) {
  gint64 value = -1;
  return store_query_integer(transaction, query, values, count, &value, error) ? value : -1;
}

Mailing *mailing_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_MAILING_GET, store_integer(id), error);
}

Mailing *mailing_rows_get_by_public_id(StoreTransaction *transaction, const char *public_id,
                                       GError **error) {
  return get(transaction, QUERY_MAILING_GET_BY_PUBLIC_ID, store_text(public_id), error);
}

Mailing *mailing_rows_get_by_occasion(StoreTransaction *transaction, const char *occasion,
                                      GError **error) {
  return get(transaction, QUERY_MAILING_GET_BY_OCCASION, store_text(occasion), error);
}

gint64 mailing_rows_insert(StoreTransaction *transaction, const Mailing *mailing, GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_MAILING_INSERT,
      STORE_VALUES(store_text(mailing->public_id), store_integer(mailing->newsletter_id),
                   store_text(mailing->occasion), store_integer(mailing->state),
                   store_text(mailing->state_reason), store_integer(mailing->lane),
                   store_integer(mailing->uncertain), store_text(mailing->subject),
                   store_text(mailing->preheader), store_text(mailing->introduction),
                   store_reference(mailing->segment_id), store_text(mailing->requested_by),
                   store_text(mailing->approved_by), store_integer(mailing->created_at),
                   store_integer(mailing->due_at), store_integer(mailing->latest_at),
                   store_integer(mailing->frozen_at), store_integer(mailing->finished_at),
                   store_integer(mailing->frozen_through), store_integer(mailing->planned),
                   store_integer(mailing->audience)),
      &id, error);
  return inserted ? id : 0;
}

gboolean mailing_rows_update(StoreTransaction *transaction, const Mailing *mailing,
                             MailingState was, gboolean *ret_moved, GError **error) {
  gint64 changed = store_execute(
      transaction, QUERY_MAILING_UPDATE,
      STORE_VALUES(store_integer(mailing->id), store_integer(mailing->state),
                   store_text(mailing->state_reason), store_integer(mailing->lane),
                   store_integer(mailing->uncertain), store_text(mailing->subject),
                   store_text(mailing->preheader), store_text(mailing->introduction),
                   store_reference(mailing->segment_id), store_text(mailing->requested_by),
                   store_text(mailing->approved_by), store_integer(mailing->due_at),
                   store_integer(mailing->latest_at), store_integer(mailing->frozen_at),
                   store_integer(mailing->finished_at), store_integer(was)),
      error);
  if (changed < 0) {
    return FALSE;
  }
  *ret_moved = changed > 0;
  return TRUE;
}

GPtrArray *mailing_rows_list(StoreTransaction *transaction, gint64 newsletter_id, gint state,
                             guint offset, guint limit, GError **error) {
  return list(transaction, QUERY_MAILING_LIST,
              STORE_VALUES(store_integer(newsletter_id), store_integer(state), store_integer(limit),
                           store_integer(offset)),
              error);
}

GPtrArray *mailing_rows_due(StoreTransaction *transaction, gint64 now, GError **error) {
  return list(transaction, QUERY_MAILING_DUE, STORE_VALUES(store_integer(now)), error);
}

GPtrArray *mailing_rows_active(StoreTransaction *transaction, GError **error) {
  return list(transaction, QUERY_MAILING_ACTIVE, STORE_NO_VALUES, error);
}

gboolean mailing_rows_finish(StoreTransaction *transaction, gint64 id, gint64 now,
                             gboolean *ret_finished, GError **error) {
  gint64 changed = store_execute(transaction, QUERY_MAILING_FINISH,
                                 STORE_VALUES(store_integer(id), store_integer(now)), error);
  if (changed < 0) {
    return FALSE;
  }
  *ret_finished = changed > 0;
  return TRUE;
}

gboolean mailing_rows_stop(StoreTransaction *transaction, gint64 id, const char *reason,
                           GError **error) {
  return store_execute(transaction, QUERY_MAILING_STOP,
                       STORE_VALUES(store_integer(id), store_text(reason)), error) >= 0;
}

gint64 mailing_rows_next_due(StoreTransaction *transaction, GError **error) {
  return integer(transaction, QUERY_MAILING_NEXT_DUE, STORE_NO_VALUES, error);
}

gint64 mailing_rows_count_since(StoreTransaction *transaction, gint64 newsletter_id, gint64 since,
                                GError **error) {
  return integer(transaction, QUERY_MAILING_COUNT_SINCE,
                 STORE_VALUES(store_integer(newsletter_id), store_integer(since)), error);
}

GPtrArray *mailing_rows_archive(StoreTransaction *transaction, gint64 newsletter_id, guint offset,
                                guint limit, GError **error) {
  return list(
      transaction, QUERY_MAILING_ARCHIVE,
      STORE_VALUES(store_integer(newsletter_id), store_integer(limit), store_integer(offset)),
      error);
}

// ---- stories, content, links --------------------------------------------------------------------

gboolean mailing_rows_set_stories(StoreTransaction *transaction, gint64 mailing_id,
                                  const gint64 *story_ids, guint count, GError **error) {
  if (store_execute(transaction, QUERY_MAILING_STORIES_CLEAR,
                    STORE_VALUES(store_integer(mailing_id)), error) < 0) {
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (store_execute(
            transaction, QUERY_MAILING_STORY_INSERT,
            STORE_VALUES(store_integer(mailing_id), store_integer(i), store_integer(story_ids[i])),
            error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

GArray *mailing_rows_stories(StoreTransaction *transaction, gint64 mailing_id, GError **error) {
  return list_ids(transaction, QUERY_MAILING_STORIES, STORE_VALUES(store_integer(mailing_id)),
                  error);
}

GArray *mailing_rows_sent_stories(StoreTransaction *transaction, gint64 newsletter_id,
                                  gint64 segment_id, const gint64 *story_ids, guint count,
                                  GError **error) {
  g_autofree char *ids = store_id_list(story_ids, count);
  return list_ids(
      transaction, QUERY_MAILING_SENT_STORIES,
      STORE_VALUES(store_integer(newsletter_id), store_text(ids), store_integer(segment_id)),
      error);
}

gint64 mailing_rows_last_composed(StoreTransaction *transaction, gint64 newsletter_id,
                                  gint64 segment_id, GError **error) {
  gint64 instant = -1;
  return store_query_integer(transaction, QUERY_MAILING_LAST_COMPOSED,
                             STORE_VALUES(store_integer(newsletter_id), store_integer(segment_id)),
                             &instant, error)
             ? instant
             : -1;
}

void mailing_content_free(MailingContent *content) {
  if (content == NULL) {
    return;
  }
  g_free(content->form);
  g_free(content->page);
  g_free(content->envelope_sender);
  g_free(content);
}

gboolean mailing_rows_put_content(StoreTransaction *transaction, gint64 mailing_id,
                                  const MailingContent *content, GError **error) {
  return store_execute(transaction, QUERY_MAILING_CONTENT_PUT,
                       STORE_VALUES(store_integer(mailing_id), store_text(content->form),
                                    store_text(content->page),
                                    store_text(content->envelope_sender)),
                       error) >= 0;
}

// The one row of a query that gives texts; NOT_FOUND with `what` if there is none.
static StoreRows *one_row(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                          gsize count, const char *what, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    return g_steal_pointer(&rows);
  }
  if (failure == NULL) {
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, what);
  }
  g_propagate_error(error, failure);
  return NULL;
}

MailingContent *mailing_rows_get_content(StoreTransaction *transaction, gint64 mailing_id,
                                         GError **error) {
  g_autoptr(StoreRows) rows =
      one_row(transaction, QUERY_MAILING_CONTENT_GET, STORE_VALUES(store_integer(mailing_id)),
              "the mailing has no frozen content: it was not launched", error);
  if (rows == NULL) {
    return NULL;
  }
  MailingContent *content = g_new0(MailingContent, 1);
  content->form = store_row_dup(rows, 0);
  content->page = store_row_dup(rows, 1);
  content->envelope_sender = store_row_dup(rows, 2);
  return content;
}

gboolean mailing_rows_set_links(StoreTransaction *transaction, gint64 mailing_id,
                                const char *const *urls, GError **error) {
  if (store_execute(transaction, QUERY_MAILING_LINKS_CLEAR, STORE_VALUES(store_integer(mailing_id)),
                    error) < 0) {
    return FALSE;
  }
  for (guint i = 0; urls[i] != NULL; i++) {
    if (store_execute(
            transaction, QUERY_MAILING_LINK_INSERT,
            STORE_VALUES(store_integer(mailing_id), store_integer(i), store_text(urls[i])),
            error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

char *mailing_rows_get_link(StoreTransaction *transaction, gint64 mailing_id, guint number,
                            GError **error) {
  g_autoptr(StoreRows) rows =
      one_row(transaction, QUERY_MAILING_LINK_GET,
              STORE_VALUES(store_integer(mailing_id), store_integer(number)),
              "there is no such link", error);
  return rows != NULL ? store_row_dup(rows, 0) : NULL;
}
