// SPDX-License-Identifier: Apache-2.0
//
// Implements the part of delivery_rows.h about dispatchers, notices and the epoch.
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"

// ---- dispatchers --------------------------------------------------------------------------------

gint64 dispatcher_rows_register(StoreTransaction *transaction, const char *identity, gint64 now,
                                GError **error) {
  gint64 id = 0;
  return store_query_integer(transaction, QUERY_DISPATCHER_REGISTER,
                             STORE_VALUES(store_text(identity), store_integer(now)), &id, error)
             ? id
             : 0;
}

gboolean dispatcher_rows_beat(StoreTransaction *transaction, gint64 id, gint64 now,
                              gboolean *ret_known, GError **error) {
  gint64 changed = store_execute(transaction, QUERY_DISPATCHER_BEAT,
                                 STORE_VALUES(store_integer(id), store_integer(now)), error);
  if (changed < 0) {
    return FALSE;
  }
  *ret_known = changed > 0;
  return TRUE;
}

void dispatcher_row_free(DispatcherRow *row) {
  if (row != NULL) {
    g_free(row->identity);
    g_free(row);
  }
}

GPtrArray *dispatcher_rows_list(StoreTransaction *transaction, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DISPATCHER_LIST, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)dispatcher_row_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    DispatcherRow *row = g_new0(DispatcherRow, 1);
    row->id = store_row_integer(rows, 0);
    row->started_at = store_row_integer(rows, 1);
    row->heartbeat_at = store_row_integer(rows, 2);
    row->identity = store_row_dup(rows, 3);
    g_ptr_array_add(list, row);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&list);
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

#define LOST "the sending process ended before the relay's answer was seen"

typedef struct Burial {
  gint64 owner, now, returned, uncertain;
} Burial;

// IN_FLIGHT -> `to`; gives how many, -1.
static gint64 lose(StoreTransaction *transaction, const Burial *burial, gint64 mailing_id,
                   DeliveryState to, gboolean of_outbox, GError **error) {
  gint64 lost = store_execute(transaction, QUERY_DISPATCHER_LOSE,
                              STORE_VALUES(store_integer(mailing_id), store_integer(burial->owner),
                                           store_integer(to), store_integer(burial->now),
                                           store_text(LOST), store_integer(of_outbox)),
                              error);
  return lost >= 0 && mailing_rows_move_count(transaction, mailing_id, DELIVERY_IN_FLIGHT, to, lost,
                                              error)
             ? lost
             : -1;
}

static gboolean bury_mailing(StoreTransaction *transaction, Burial *burial, gint64 mailing_id,
                             GError **error) {
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return FALSE;
  }
  gint64 returned =
      store_execute(transaction, QUERY_DISPATCHER_RETURN,
                    STORE_VALUES(store_integer(mailing_id), store_integer(burial->owner)), error);
  if (returned < 0 || !mailing_rows_move_count(transaction, mailing_id, DELIVERY_LEASED,
                                               DELIVERY_PENDING, returned, error)) {
    return FALSE;
  }
  // What was on its way into the outbox goes there again: the same message is the same file.
  gboolean again = lock.uncertain == UNCERTAIN_AGAIN && lock.state != MAILING_CANCELLED;
  gint64 of_outbox = lose(transaction, burial, mailing_id, DELIVERY_DEFERRED, TRUE, error);
  gint64 lost = of_outbox < 0 ? -1
                              : lose(transaction, burial, mailing_id,
                                     again ? DELIVERY_DEFERRED : DELIVERY_UNCERTAIN, FALSE, error);
  if (lost < 0) {
    return FALSE;
  }
  burial->returned += of_outbox;
  burial->returned += returned;
  burial->uncertain += lost;
  return TRUE;
}

static gboolean bury_notices(StoreTransaction *transaction, Burial *burial, GError **error) {
  gint64 returned = store_execute(transaction, QUERY_DISPATCHER_RETURN_NOTICES,
                                  STORE_VALUES(store_integer(burial->owner)), error);
  gint64 lost = returned < 0
                    ? -1
                    : store_execute(transaction, QUERY_DISPATCHER_LOSE_NOTICES,
                                    STORE_VALUES(store_integer(burial->owner),
                                                 store_integer(burial->now), store_text(LOST)),
                                    error);
  if (lost < 0) {
    return FALSE;
  }
  burial->returned += returned;
  burial->uncertain += lost;
  return TRUE;
}

gboolean dispatcher_rows_bury(StoreTransaction *transaction, gint64 id, gint64 now,
                              gint64 *ret_returned, gint64 *ret_uncertain, GError **error) {
  *ret_returned = *ret_uncertain = 0;
  // First, so that of two who bury the same one the second finds nothing left to do.
  gint64 removed =
      store_execute(transaction, QUERY_DISPATCHER_REMOVE, STORE_VALUES(store_integer(id)), error);
  if (removed <= 0) {
    return removed == 0;
  }
  Burial burial = {.owner = id, .now = now};
  g_autoptr(GArray) mailings =
      list_ids(transaction, QUERY_DISPATCHER_MAILINGS, STORE_VALUES(store_integer(id)), error);
  if (mailings == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < mailings->len; i++) {
    if (!bury_mailing(transaction, &burial, g_array_index(mailings, gint64, i), error)) {
      return FALSE;
    }
  }
  if (!bury_notices(transaction, &burial, error)) {
    return FALSE;
  }
  *ret_returned = burial.returned;
  *ret_uncertain = burial.uncertain;
  return TRUE;
}

// ---- notices ------------------------------------------------------------------------------------

void notice_free(Notice *notice) {
  if (notice == NULL) {
    return;
  }
  g_free(notice->kind);
  g_free(notice->address);
  g_free(notice->form);
  g_free(notice->envelope_sender);
  g_free(notice);
}

gint64 notice_rows_insert(StoreTransaction *transaction, const Notice *notice, GError **error) {
  gint64 id = 0;
  return store_query_integer(
             transaction, QUERY_NOTICE_INSERT,
             STORE_VALUES(store_text(notice->kind), store_integer(notice->subscriber_id),
                          store_text(notice->address), store_text(notice->form),
                          store_text(notice->envelope_sender), store_integer(notice->due_at),
                          store_integer(notice->expires_at), store_integer(notice->created_at)),
             &id, error)
             ? id
             : 0;
}

static Notice *read_notice(StoreRows *rows) {
  Notice *notice = g_new0(Notice, 1);
  notice->id = store_row_integer(rows, 0);
  notice->kind = store_row_dup(rows, 1);
  notice->subscriber_id = store_row_integer(rows, 2);
  notice->address = store_row_dup(rows, 3);
  notice->form = store_row_dup(rows, 4);
  notice->envelope_sender = store_row_dup(rows, 5);
  notice->state = DELIVERY_LEASED;
  notice->due_at = store_row_integer(rows, 7);
  notice->expires_at = store_row_integer(rows, 8);
  notice->attempts = (guint)store_row_integer(rows, 9);
  notice->created_at = store_row_integer(rows, 10);
  return notice;
}

static GPtrArray *find_notices(StoreTransaction *transaction, gint64 now, guint limit,
                               GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_NOTICE_CANDIDATES,
                  STORE_VALUES(store_integer(now), store_integer(limit)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) notices = g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(notices, read_notice(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&notices);
}

GPtrArray *notice_rows_claim(StoreTransaction *transaction, gint64 owner, gint64 now, guint limit,
                             GError **error) {
  if (store_execute(transaction, QUERY_NOTICE_EXPIRE, STORE_VALUES(store_integer(now)), error) <
      0) {
    return NULL;
  }
  g_autoptr(GPtrArray) notices = find_notices(transaction, now, limit, error);
  if (notices == NULL || notices->len == 0) {
    return g_steal_pointer(&notices);
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < notices->len; i++) {
    g_array_append_val(ids, ((const Notice *)g_ptr_array_index(notices, i))->id);
  }
  g_autofree char *list = store_id_list((const gint64 *)(gpointer)ids->data, ids->len);
  return store_execute(transaction, QUERY_NOTICE_LEASE,
                       STORE_VALUES(store_integer(owner), store_text(list)), error) >= 0
             ? g_steal_pointer(&notices)
             : NULL;
}

GArray *notice_rows_begin(StoreTransaction *transaction, gint64 owner, const gint64 *ids,
                          guint count, gint64 now, GError **error) {
  g_autofree char *list = store_id_list(ids, count);
  return list_ids(transaction, QUERY_NOTICE_BEGIN,
                  STORE_VALUES(store_integer(owner), store_text(list), store_integer(now)), error);
}

gboolean notice_rows_settle(StoreTransaction *transaction, const DeliveryResult *result,
                            gboolean *ret_moved, GError **error) {
  gint64 moved =
      store_execute(transaction, QUERY_NOTICE_SETTLE,
                    STORE_VALUES(store_integer(result->subscriber_id), store_integer(result->owner),
                                 store_integer(result->state), store_integer(result->due_at),
                                 store_text(result->relay != NULL ? result->relay : ""),
                                 store_integer(result->code),
                                 store_text(result->status != NULL ? result->status : ""),
                                 store_text(result->reason != NULL ? result->reason : ""),
                                 store_integer(result->now)),
                    error);
  if (moved < 0) {
    return FALSE;
  }
  *ret_moved = moved > 0;
  return TRUE;
}

GArray *notice_rows_held(StoreTransaction *transaction, gint64 owner, GError **error) {
  return list_ids(transaction, QUERY_NOTICE_HELD, STORE_VALUES(store_integer(owner)), error);
}

gint64 notice_rows_next_due(StoreTransaction *transaction, GError **error) {
  gint64 due = -1;
  return store_query_integer(transaction, QUERY_NOTICE_NEXT_DUE, STORE_NO_VALUES, &due, error) ? due
                                                                                               : -1;
}

// ---- the epoch ----------------------------------------------------------------------------------

gint64 epoch_rows_advance(StoreTransaction *transaction, gint64 now, GError **error) {
  gint64 sequence = -1;
  return store_query_integer(transaction, QUERY_EPOCH_ADVANCE, STORE_VALUES(store_integer(now)),
                             &sequence, error)
             ? sequence
             : -1;
}

gboolean epoch_rows_get(StoreTransaction *transaction, gint64 *ret_sequence, gint64 *ret_at,
                        char **ret_stopped, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_EPOCH_GET, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      failure = g_error_new_literal(STORE_ERROR, STORE_ERROR_FAILED,
                                    "dispatch_epoch has lost its row; restore a backup");
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  *ret_sequence = store_row_integer(rows, 0);
  *ret_at = store_row_integer(rows, 1);
  *ret_stopped = store_row_dup(rows, 2);
  return TRUE;
}

gboolean epoch_rows_stop(StoreTransaction *transaction, const char *reason, GError **error) {
  return store_execute(transaction, QUERY_EPOCH_STOP, STORE_VALUES(store_text(reason)), error) >= 0;
}

gboolean epoch_rows_resume(StoreTransaction *transaction, gint64 sequence, GError **error) {
  return store_execute(transaction, QUERY_EPOCH_RESUME, STORE_VALUES(store_integer(sequence)),
                       error) >= 0;
}
