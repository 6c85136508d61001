// SPDX-License-Identifier: Apache-2.0
//
// Implements newsletter_rows.h. The columns stand in newsletter.sql in the order that is read here.
#include "store/newsletter_rows.h"

static Newsletter *read_newsletter(StoreRows *rows) {
  Newsletter *newsletter = g_new0(Newsletter, 1);
  newsletter->id = store_row_integer(rows, 0);
  newsletter->slug = store_row_dup(rows, 1);
  newsletter->name = store_row_dup(rows, 2);
  newsletter->description = store_row_dup(rows, 3);
  newsletter->kind = (NewsletterKind)CLAMP(store_row_integer(rows, 4), 0, NEWSLETTER_EDITION);
  newsletter->position = (gint32)store_row_integer(rows, 5);
  newsletter->offered = store_row_integer(rows, 6) != 0;
  newsletter->sender_name = store_row_dup(rows, 7);
  newsletter->sender_address = store_row_dup(rows, 8);
  newsletter->reply_to = store_row_dup(rows, 9);
  newsletter->language = store_row_dup(rows, 10);
  newsletter->zone_name = store_row_dup(rows, 11);
  newsletter->send_minute = (gint32)store_row_integer(rows, 12);
  newsletter->send_days = (guint32)store_row_integer(rows, 13);
  newsletter->local_hour = store_row_integer(rows, 14) != 0;
  newsletter->approval = store_row_integer(rows, 15) != 0;
  newsletter->template = store_row_dup(rows, 16);
  newsletter->introduction = store_row_dup(rows, 17);
  newsletter->story_limit = (gint32)store_row_integer(rows, 18);
  newsletter->section_ids = store_row_dup(rows, 19);
  newsletter->daily_cap = (gint32)store_row_integer(rows, 20);
  newsletter->uncertain = store_row_integer(rows, 21) != 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  newsletter->lateness_minutes = (gint32)store_row_integer(rows, 22);
  newsletter->tracking = store_row_integer(rows, 23) != 0;
  newsletter->active = store_row_integer(rows, 24) != 0;
  newsletter->created_at = store_row_integer(rows, 25);
  return newsletter;
}

static Segment *read_segment(StoreRows *rows) {
  Segment *segment = g_new0(Segment, 1);
  segment->id = store_row_integer(rows, 0);
  segment->slug = store_row_dup(rows, 1);
  segment->name = store_row_dup(rows, 2);
  segment->rules = store_row_dup(rows, 3);
  segment->created_at = store_row_integer(rows, 4);
  return segment;
}

typedef gpointer (*ReadRow)(StoreRows *rows);

static gpointer get(StoreTransaction *transaction, QueryId query, StoreValue value, ReadRow read,
                    GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, &value, 1, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    return read(rows);
  }
  if (failure == NULL) {
    failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is none of that name");
  }
  g_propagate_error(error, failure);
  return NULL;
}

static GPtrArray *list(StoreTransaction *transaction, QueryId query, ReadRow read,
                       GDestroyNotify release, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(release);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(all, read(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&all);
}

Newsletter *newsletter_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_NEWSLETTER_GET, store_integer(id), (ReadRow)read_newsletter, error);
}

Newsletter *newsletter_rows_get_by_slug(StoreTransaction *transaction, const char *slug,
                                        GError **error) {
  return get(transaction, QUERY_NEWSLETTER_GET_BY_SLUG, store_text(slug), (ReadRow)read_newsletter,
             error);
}

GPtrArray *newsletter_rows_list(StoreTransaction *transaction, GError **error) {
  return list(transaction, QUERY_NEWSLETTER_LIST, (ReadRow)read_newsletter,
              (GDestroyNotify)newsletter_free, error);
}

gint64 newsletter_rows_put(StoreTransaction *transaction, const Newsletter *one, GError **error) {
  gint64 id = 0;
  gboolean put = store_query_integer(
      transaction, QUERY_NEWSLETTER_PUT,
      STORE_VALUES(
          store_text(one->slug), store_text(one->name), store_text(one->description),
          store_integer(one->kind), store_integer(one->position), store_integer(one->offered),
          store_text(one->sender_name), store_text(one->sender_address), store_text(one->reply_to),
          store_text(one->language), store_text(one->zone_name), store_integer(one->send_minute),
          store_integer(one->send_days), store_integer(one->local_hour),
          store_integer(one->approval), store_text(one->template), store_text(one->introduction),
          store_integer(one->story_limit), store_text(one->section_ids),
          store_integer(one->daily_cap), store_integer(one->uncertain),
          store_integer(one->lateness_minutes), store_integer(one->tracking),
          store_integer(one->active), store_integer(one->created_at)),
      &id, error);
  return put ? id : 0;
}

Segment *segment_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return get(transaction, QUERY_SEGMENT_GET, store_integer(id), (ReadRow)read_segment, error);
}

Segment *segment_rows_get_by_slug(StoreTransaction *transaction, const char *slug, GError **error) {
  return get(transaction, QUERY_SEGMENT_GET_BY_SLUG, store_text(slug), (ReadRow)read_segment,
             error);
}

GPtrArray *segment_rows_list(StoreTransaction *transaction, GError **error) {
  return list(transaction, QUERY_SEGMENT_LIST, (ReadRow)read_segment, (GDestroyNotify)segment_free,
              error);
}

gint64 segment_rows_put(StoreTransaction *transaction, const Segment *segment, GError **error) {
  gint64 id = 0;
  gboolean put = store_query_integer(
      transaction, QUERY_SEGMENT_PUT,
      STORE_VALUES(store_text(segment->slug), store_text(segment->name), store_text(segment->rules),
                   store_integer(segment->created_at)),
      &id, error);
  return put ? id : 0;
}

gboolean segment_rows_forget(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_SEGMENT_FORGET, STORE_VALUES(store_integer(id)), error) >=
         0;
}

gboolean segment_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_SEGMENT_REMOVE, STORE_VALUES(store_integer(id)), error) >=
         0;
}
