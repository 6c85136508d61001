// SPDX-License-Identifier: Apache-2.0
//
// Implements the part of delivery_rows.h that people and returned mail cause: cancelling, retrying,
// resolving, bounces, and looking at deliveries.
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"

gint64 delivery_rows_next_due(StoreTransaction *transaction, gint64 mailing_id, GError **error) {
  gint64 due = -1;
  return store_query_integer(transaction, QUERY_DELIVERY_NEXT_DUE,
                             STORE_VALUES(store_integer(mailing_id)), &due, error)
             ? due
             : -1;
}

gint64 delivery_rows_cancel(StoreTransaction *transaction, gint64 mailing_id, gint64 now,
                            GError **error) {
  static const DeliveryState FROM[] = {DELIVERY_PENDING, DELIVERY_DEFERRED};
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return -1;
  }
  gint64 total = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(FROM); i++) {
    gint64 moved = store_execute(
        transaction, QUERY_DELIVERY_CANCEL,
        STORE_VALUES(store_integer(mailing_id), store_integer(now), store_integer(FROM[i])), error);
    if (moved < 0 || !mailing_rows_move_count(transaction, mailing_id, FROM[i], DELIVERY_CANCELLED,
                                              moved, error)) {
      return -1;
    }
    total += moved;
  }
  return total;
}

gint64 delivery_rows_retry(StoreTransaction *transaction, gint64 mailing_id, DeliveryState from,
                           gint64 now, GError **error) {
  g_assert(from == DELIVERY_FAILED || from == DELIVERY_UNCERTAIN);
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return -1;
  }
  gint64 moved = store_execute(
      transaction, QUERY_DELIVERY_RETRY,
      STORE_VALUES(store_integer(mailing_id), store_integer(now), store_integer(from)), error);
  return moved >= 0 && mailing_rows_move_count(transaction, mailing_id, from, DELIVERY_PENDING,
                                               moved, error)
             ? moved
             : -1;
}

gint64 delivery_rows_resolve(StoreTransaction *transaction, gint64 mailing_id, DeliveryState to,
                             gint64 now, GError **error) {
  g_assert(to == DELIVERY_ACCEPTED || to == DELIVERY_FAILED);
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return -1;
  }
  gint64 moved = store_execute(
      transaction, QUERY_DELIVERY_RESOLVE,
      STORE_VALUES(store_integer(mailing_id), store_integer(to), store_integer(now)), error);
  return moved >= 0 && mailing_rows_move_count(transaction, mailing_id, DELIVERY_UNCERTAIN, to,
                                               moved, error)
             ? moved
             : -1;
}

static Delivery *read_delivery(StoreRows *rows) {
  Delivery *delivery = g_new0(Delivery, 1);
  delivery->mailing_id = store_row_integer(rows, 0);
  delivery->subscriber_id = store_row_integer(rows, 1);
  delivery->state = (DeliveryState)CLAMP(store_row_integer(rows, 2), 0, DELIVERY_STATES - 1);
  delivery->due_at = store_row_integer(rows, 3);
  delivery->changed_at = store_row_integer(rows, 4);
  delivery->attempts = (guint)store_row_integer(rows, 5);
  delivery->address = store_row_dup(rows, 6);
  delivery->name = store_row_dup(rows, 7);
  delivery->relay = store_row_dup(rows, 8);
  delivery->status = store_row_dup(rows, 9);
  delivery->reason = store_row_dup(rows, 10);
  delivery->code = (guint)store_row_integer(rows, 11);
  return delivery;
}

static GPtrArray *list(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(deliveries, read_delivery(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&deliveries);
}

GPtrArray *delivery_rows_list(StoreTransaction *transaction, gint64 mailing_id, gint state,
                              gint64 after, guint limit, GError **error) {
  return list(transaction, QUERY_DELIVERY_LIST,
              STORE_VALUES(store_integer(mailing_id), store_integer(state), store_integer(after),
                           store_integer(limit)),
              error);
}

GPtrArray *delivery_rows_of(StoreTransaction *transaction, gint64 subscriber_id, guint limit,
                            GError **error) {
  return list(transaction, QUERY_DELIVERY_OF,
              STORE_VALUES(store_integer(subscriber_id), store_integer(limit)), error);
}

Delivery *delivery_rows_get(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                            GError **error) {
  g_autoptr(GPtrArray) found =
      list(transaction, QUERY_DELIVERY_GET,
           STORE_VALUES(store_integer(mailing_id), store_integer(subscriber_id)), error);
  if (found == NULL) {
    return NULL;
  }
  if (found->len == 0) {
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                        "the mailing has no such recipient");
    return NULL;
  }
  return g_ptr_array_steal_index(found, 0);
}

gboolean delivery_rows_bounced(StoreTransaction *transaction, gint64 mailing_id,
                               gint64 subscriber_id, const char *status, const char *reason,
                               gint64 now, GError **error) {
  // What comes back had been accepted, also where we never saw the answer.
  static const DeliveryState FROM[] = {DELIVERY_ACCEPTED, DELIVERY_UNCERTAIN};
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(FROM); i++) {
    gint64 moved = store_execute(
        transaction, QUERY_DELIVERY_BOUNCED,
        STORE_VALUES(store_integer(mailing_id), store_integer(subscriber_id), store_text(status),
                     store_text(reason), store_integer(now), store_integer(FROM[i])),
        error);
    if (moved < 0 ||
        !mailing_rows_move_count(transaction, mailing_id, FROM[i], DELIVERY_FAILED, moved, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean notice_rows_subscriber(StoreTransaction *transaction, gint64 id, gint64 *ret_subscriber_id,
                                GError **error) {
  GError *failure = NULL;
  gint64 reader = 0;
  if (!store_query_integer(transaction, QUERY_NOTICE_SUBSCRIBER, STORE_VALUES(store_integer(id)),
                           &reader, &failure) &&
      !g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  g_clear_error(&failure);
  *ret_subscriber_id = reader;
  return TRUE;
}

void delivery_reason_free(DeliveryReason *reason) {
  g_free(reason->status);
  g_free(reason->reason);
  g_free(reason);
}

GPtrArray *delivery_rows_reasons(StoreTransaction *transaction, gint64 mailing_id, GError **error) {
  GError *failure = NULL;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)delivery_reason_free);
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_DELIVERY_REASONS,
                                          STORE_VALUES(store_integer(mailing_id)), error);
  while (rows != NULL && store_rows_next(rows, &failure)) {
    DeliveryReason *reason = g_new0(DeliveryReason, 1);
    reason->status = store_row_dup(rows, 0);
    reason->reason = store_row_dup(rows, 1);
    reason->count = store_row_integer(rows, 2);
    g_ptr_array_add(all, reason);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return rows != NULL && failure == NULL ? g_steal_pointer(&all) : NULL;
}
