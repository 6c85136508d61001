// SPDX-License-Identifier: Apache-2.0
//
// Implements activity_rows.h.
#include "store/activity_rows.h"

#include "base/clock.h"

gboolean activity_rows_count(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                             ActivityKind kind, guint number, gint64 now, GError **error) {
  gint64 active =
      store_execute(transaction, QUERY_ACTIVITY_SEEN,
                    STORE_VALUES(store_integer(now), store_integer(subscriber_id)), error);
  if (active <= 0) {
    return active == 0;
  }
  return store_execute(transaction, QUERY_ACTIVITY_COUNT,
                       STORE_VALUES(store_integer(mailing_id), store_integer(subscriber_id),
                                    store_integer(kind), store_integer(number), store_integer(now)),
                       error) >= 0;
}

#define RESULT_DAYS 7

gboolean activity_rows_results(StoreTransaction *transaction, const Mailing *mailing,
                               MailingResults *ret_results, GError **error) {
  *ret_results = (MailingResults){0};
  if (mailing->frozen_at == 0) {
    return TRUE;
  }
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_ACTIVITY_RESULTS,
                  STORE_VALUES(store_integer(mailing->id), store_integer(mailing->newsletter_id),
                               store_integer(mailing->frozen_at),
                               store_integer(mailing->frozen_at + RESULT_DAYS * CLOCK_DAY)),
                  error);
  if (rows == NULL || !store_rows_next(rows, error)) {
    return FALSE;
  }
  *ret_results = (MailingResults){
      .bounced = store_row_integer(rows, 0),
      .complained = store_row_integer(rows, 1),
      .left = store_row_integer(rows, 2),
      .counted = store_row_integer(rows, 3),
      .opened = store_row_integer(rows, 4),
      .clicked = store_row_integer(rows, 5),
  };
  return TRUE;
}

void activity_link_free(ActivityLink *link) {
  g_free(link->url);
  g_free(link);
}

GPtrArray *activity_rows_links(StoreTransaction *transaction, gint64 mailing_id, GError **error) {
  GError *failure = NULL;
  g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func((GDestroyNotify)activity_link_free);
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_ACTIVITY_LINKS,
                                          STORE_VALUES(store_integer(mailing_id)), error);
  while (rows != NULL && store_rows_next(rows, &failure)) {
    ActivityLink *link = g_new0(ActivityLink, 1);
    link->url = store_row_dup(rows, 0);
    link->readers = store_row_integer(rows, 1);
    link->clicks = store_row_integer(rows, 2);
    g_ptr_array_add(links, link);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return rows != NULL && failure == NULL ? g_steal_pointer(&links) : NULL;
}
