// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_look_rows.h.
#include "store/subscriber_look_rows.h"

#include "store/subscriber_rows.h"

static GPtrArray *read_all(StoreRows *rows, GError **error) {
  GError *failure = NULL;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)subscriber_free);
  while (rows != NULL && store_rows_next(rows, &failure)) {
    g_ptr_array_add(all, subscriber_rows_read(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return rows != NULL && failure == NULL ? g_steal_pointer(&all) : NULL;
}

GPtrArray *subscriber_look_rows_list(StoreTransaction *transaction, gint status,
                                     gint64 newsletter_id, gint64 before, guint limit,
                                     GError **error) {
  gint64 under = before != 0 ? before : G_MAXINT64;
  g_autoptr(StoreRows) rows = NULL;
  if (newsletter_id != 0) {
    rows = store_query(
        transaction, QUERY_LOOK_SUBSCRIBERS_OF_NEWSLETTER,
        STORE_VALUES(store_integer(newsletter_id), store_integer(under), store_integer(limit)),
        error);
  } else {
    rows = store_query(
        transaction, status < 0 ? QUERY_LOOK_SUBSCRIBERS : QUERY_LOOK_SUBSCRIBERS_OF_STATUS,
        STORE_VALUES(store_integer(status), store_integer(under), store_integer(limit)), error);
  }
  return read_all(rows, error);
}

// The least text above all that begin with `words`.
static char *end_of(const char *words) {
  return g_strconcat(words, "\xf4\x8f\xbf\xbf", NULL);
}

GPtrArray *subscriber_look_rows_find(StoreTransaction *transaction, const char *words,
                                     const char *after, guint limit, GError **error) {
  g_autofree char *lower = g_utf8_strdown(words, -1);
  g_autofree char *end = end_of(lower);
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_LOOK_SUBSCRIBERS_BY_ADDRESS,
      STORE_VALUES(store_text(lower), store_text(end), store_text(after), store_integer(limit)),
      error);
  g_autoptr(GPtrArray) found = read_all(rows, error);
  if (found == NULL || found->len == limit || *after != '\0') {
    return g_steal_pointer(&found);
  }
  g_clear_pointer(&rows, store_rows_free);
  rows = store_query(
      transaction, QUERY_LOOK_SUBSCRIBERS_BY_NAME,
      STORE_VALUES(store_text(lower), store_text(end), store_integer(limit - found->len)), error);
  g_autoptr(GPtrArray) named = read_all(rows, error);
  if (named == NULL) {
    return NULL;
  }
  for (guint i = named->len; i > 0; i--) {
    const Subscriber *one = g_ptr_array_index(named, i - 1);
    if (!g_str_has_prefix(one->address_key, lower)) { // else it is there
      g_ptr_array_add(found, g_ptr_array_steal_index(named, i - 1));
    }
  }
  return g_steal_pointer(&found);
}

GArray *subscriber_look_rows_days(StoreTransaction *transaction, SubscriberMove move,
                                  gint64 newsletter_id, gint64 since, GError **error) {
  GError *failure = NULL;
  QueryId query = move == SUBSCRIBER_LEFT                ? QUERY_LOOK_LEFT
                  : move == SUBSCRIBER_BECAME_SUPPRESSED ? QUERY_LOOK_SUPPRESSED
                  : newsletter_id != 0                   ? QUERY_LOOK_JOINED_NEWSLETTER
                                                         : QUERY_LOOK_JOINED;
  gsize count =
      move == SUBSCRIBER_LEFT || (move == SUBSCRIBER_JOINED && newsletter_id != 0) ? 2 : 1;
  const StoreValue values[] = {store_integer(since), store_integer(newsletter_id)};
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(SubscriberDay));
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  while (rows != NULL && store_rows_next(rows, &failure)) {
    SubscriberDay day = {store_row_integer(rows, 0), store_row_integer(rows, 1)};
    g_array_append_val(days, day);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return rows != NULL && failure == NULL ? g_steal_pointer(&days) : NULL;
}

gboolean subscriber_look_rows_suppression(StoreTransaction *transaction, const char *address_hash,
                                          SuppressionReason *ret_reason, gint64 *ret_at,
                                          char **ret_note, GError **error) {
  GError *failure = NULL;
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_LOOK_SUPPRESSION,
                                          STORE_VALUES(store_text(address_hash)), error);
  *ret_note = NULL;
  if (rows == NULL) {
    return FALSE;
  }
  if (!store_rows_next(rows, &failure)) {
    if (failure != NULL) {
      g_propagate_error(error, failure);
    }
    return failure == NULL;
  }
  *ret_reason = (SuppressionReason)store_row_integer(rows, 0);
  *ret_at = store_row_integer(rows, 1);
  *ret_note = store_row_dup(rows, 2);
  return TRUE;
}
