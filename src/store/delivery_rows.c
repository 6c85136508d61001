// SPDX-License-Identifier: Apache-2.0
//
// Implements delivery_rows.h: moves of deliveries. Every function that moves any takes the
// mailing's row first (mailing_rows_lock) and moves mailing_count along. Dispatchers, notices and
// the epoch: dispatcher_rows.c; what people do and look at: delivery_look_rows.c.
#include "store/delivery_rows.h"

#include "store/mailing_rows.h"

void claimed_delivery_clear(ClaimedDelivery *claimed) {
  g_free(claimed->address);
  g_free(claimed->name);
  g_free(claimed->relay);
}

// ---- claiming -----------------------------------------------------------------------------------

typedef struct Candidate {
  ClaimedDelivery claimed;
  DeliveryState state;
  const char *against; // why nothing may be sent; NULL
} Candidate;

static void candidate_clear(Candidate *candidate) {
  claimed_delivery_clear(&candidate->claimed);
}

static const char *reason_against(StoreRows *rows, gint64 now) {
  gint64 status = store_row_integer(rows, 8);
  if (status < 0) {
    return "the reader was erased";
  }
  if (status == 2) {
    return "the reader is on the suppression list";
  }
  if (status != 1) {
    return "the reader has not confirmed";
  }
  if (store_row_integer(rows, 10) != 1) {
    return "the reader has left";
  }
  return store_row_integer(rows, 9) > now ? "the reader has paused" : NULL;
}

static Candidate read_candidate(StoreRows *rows, gint64 now) {
  const char *relay = store_row_text(rows, 11);
  return (Candidate){
      .claimed = {.subscriber_id = store_row_integer(rows, 0),
                  .attempts = (guint)store_row_integer(rows, 2),
                  .name = store_row_dup(rows, 3),
                  .due_at = store_row_integer(rows, 4),
                  .tried_at = store_row_integer(rows, 5),
                  .address = store_row_dup(rows, 6),
                  .relay = *relay != '\0' ? g_strdup(relay) : NULL,
                  .tracking = store_row_integer(rows, 7) != 0},
      .state = (DeliveryState)store_row_integer(rows, 1),
      .against = reason_against(rows, now),
  };
}

static GArray *find_candidates(StoreTransaction *transaction, gint64 mailing_id,
                               gint64 newsletter_id, gint64 now, guint limit, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DELIVERY_CANDIDATES,
                  STORE_VALUES(store_integer(mailing_id), store_integer(now), store_integer(limit),
                               store_integer(newsletter_id)),
                  error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
  g_array_set_clear_func(candidates, (GDestroyNotify)candidate_clear);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Candidate candidate = read_candidate(rows, now);
    g_array_append_val(candidates, candidate);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&candidates);
}

static gboolean suppress(StoreTransaction *transaction, gint64 mailing_id,
                         const Candidate *candidate, gint64 now, GError **error) {
  gint64 moved = store_execute(transaction, QUERY_DELIVERY_SUPPRESS,
                               STORE_VALUES(store_integer(mailing_id),
                                            store_integer(candidate->claimed.subscriber_id),
                                            store_text(candidate->against), store_integer(now)),
                               error);
  return moved >= 0 && mailing_rows_move_count(transaction, mailing_id, candidate->state,
                                               DELIVERY_SUPPRESSED, moved, error);
}

static gboolean lease(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                      const GArray *candidates, GError **error) {
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  gint64 of[2] = {0}; // pending, deferred
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = &g_array_index(candidates, Candidate, i);
    if (candidate->against == NULL) {
      g_array_append_val(ids, candidate->claimed.subscriber_id);
      of[candidate->state == DELIVERY_DEFERRED]++;
    }
  }
  if (ids->len == 0) {
    return TRUE;
  }
  g_autofree char *list = store_id_list((const gint64 *)(gpointer)ids->data, ids->len);
  gint64 leased = store_execute(
      transaction, QUERY_DELIVERY_LEASE,
      STORE_VALUES(store_integer(mailing_id), store_integer(owner), store_text(list)), error);
  if (leased >= 0 && leased != (gint64)ids->len) {
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FAILED,
                        "deliveries changed while they were claimed");
    return FALSE;
  }
  return leased >= 0 &&
         mailing_rows_move_count(transaction, mailing_id, DELIVERY_PENDING, DELIVERY_LEASED, of[0],
                                 error) &&
         mailing_rows_move_count(transaction, mailing_id, DELIVERY_DEFERRED, DELIVERY_LEASED, of[1],
                                 error);
}

static GArray *claimed_new(void) {
  GArray *claimed = g_array_new(FALSE, FALSE, sizeof(ClaimedDelivery));
  g_array_set_clear_func(claimed, (GDestroyNotify)claimed_delivery_clear);
  return claimed;
}

static GArray *steal_claimed(GArray *candidates) {
  GArray *claimed = claimed_new();
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *candidate = &g_array_index(candidates, Candidate, i);
    if (candidate->against == NULL) {
      g_array_append_val(claimed, candidate->claimed);
      candidate->claimed = (ClaimedDelivery){0};
    }
  }
  return claimed;
}

GArray *delivery_rows_claim(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            gint64 now, guint limit, gint64 *ret_suppressed, GError **error) {
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return NULL;
  }
  *ret_suppressed = 0;
  if (lock.state != MAILING_SENDING) {
    return claimed_new();
  }
  g_autoptr(GArray) candidates =
      find_candidates(transaction, mailing_id, lock.newsletter_id, now, limit, error);
  if (candidates == NULL) {
    return NULL;
  }
  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = &g_array_index(candidates, Candidate, i);
    if (candidate->against != NULL) {
      if (!suppress(transaction, mailing_id, candidate, now, error)) {
        return NULL;
      }
      (*ret_suppressed)++;
    }
  }
  return lease(transaction, mailing_id, owner, candidates, error) ? steal_claimed(candidates)
                                                                  : NULL;
}

// ---- while it is sent ---------------------------------------------------------------------------

static GArray *read_ids(StoreRows *rows, GError **error) {
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

GArray *delivery_rows_begin(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, const char *relay,
                            gint64 now, GError **error) {
  MailingLock lock;
  if (!mailing_rows_lock(transaction, mailing_id, &lock, error)) {
    return NULL;
  }
  if (lock.state != MAILING_SENDING) {
    return g_array_new(FALSE, FALSE, sizeof(gint64));
  }
  g_autofree char *list = store_id_list(subscriber_ids, count);
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_DELIVERY_BEGIN,
      STORE_VALUES(store_integer(mailing_id), store_integer(owner), store_text(list),
                   store_integer(now), store_integer(lock.newsletter_id), store_text(relay)),
      error);
  g_autoptr(GArray) begun = rows != NULL ? read_ids(rows, error) : NULL;
  g_clear_pointer(&rows, store_rows_free);
  return begun != NULL && mailing_rows_move_count(transaction, mailing_id, DELIVERY_LEASED,
                                                  DELIVERY_IN_FLIGHT, begun->len, error)
             ? g_steal_pointer(&begun)
             : NULL;
}

static gint64 accept_from(StoreTransaction *transaction, DeliveryState from,
                          const StoreValue *values, gsize count, GError **error) {
  StoreValue all[6];
  g_assert(count == 5);
  for (gsize i = 0; i < count; i++) {
    all[i] = values[i];
  }
  all[5] = store_integer(from);
  gint64 moved = store_execute(transaction, QUERY_DELIVERY_ACCEPT, all, 6, error);
  return moved >= 0 && mailing_rows_move_count(transaction, values[0].integer, from,
                                               DELIVERY_ACCEPTED, moved, error)
             ? moved
             : -1;
}

gint64 delivery_rows_accept(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, const char *relay,
                            gint64 now, GError **error) {
  // The last two: what a burial makes of those in flight.
  static const DeliveryState FROM[] = {DELIVERY_IN_FLIGHT, DELIVERY_UNCERTAIN, DELIVERY_DEFERRED};
  if (!mailing_rows_hold(transaction, mailing_id, error)) {
    return -1;
  }
  g_autofree char *list = store_id_list(subscriber_ids, count);
  gint64 total = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(FROM) && total < (gint64)count; i++) {
    gint64 moved =
        accept_from(transaction, FROM[i],
                    STORE_VALUES(store_integer(mailing_id), store_integer(owner), store_text(list),
                                 store_text(relay), store_integer(now)),
                    error);
    if (moved < 0) {
      return -1;
    }
    total += moved;
  }
  return total;
}

gint64 delivery_rows_return(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, GError **error) {
  if (!mailing_rows_hold(transaction, mailing_id, error)) {
    return -1;
  }
  g_autofree char *list = store_id_list(subscriber_ids, count);
  gint64 moved = store_execute(
      transaction, QUERY_DELIVERY_RETURN,
      STORE_VALUES(store_integer(mailing_id), store_integer(owner), store_text(list)), error);
  return moved >= 0 && mailing_rows_move_count(transaction, mailing_id, DELIVERY_LEASED,
                                               DELIVERY_PENDING, moved, error)
             ? moved
             : -1;
}

// +1: refused before it was in flight, which is an attempt; -1: begun, and its dot never left.
static gint64 attempts_change(DeliveryState from, DeliveryState to) {
  if (from == DELIVERY_LEASED) {
    return to == DELIVERY_DEFERRED || to == DELIVERY_FAILED ? 1 : 0;
  }
  return from == DELIVERY_IN_FLIGHT && to == DELIVERY_PENDING ? -1 : 0;
}

gboolean delivery_rows_settle(StoreTransaction *transaction, const DeliveryResult *result,
                              gboolean *ret_moved, GError **error) {
  static const DeliveryState FROM[] = {DELIVERY_IN_FLIGHT, DELIVERY_LEASED, DELIVERY_UNCERTAIN,
                                       DELIVERY_DEFERRED};
  MailingLock lock;
  if (!mailing_rows_lock(transaction, result->mailing_id, &lock, error)) {
    return FALSE;
  }
  gboolean again = result->state == DELIVERY_PENDING || result->state == DELIVERY_DEFERRED;
  DeliveryState to = again && lock.state == MAILING_CANCELLED ? DELIVERY_CANCELLED : result->state;
  *ret_moved = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(FROM) && !*ret_moved; i++) {
    gint64 moved = store_execute(
        transaction, QUERY_DELIVERY_SETTLE,
        STORE_VALUES(
            store_integer(result->mailing_id), store_integer(result->subscriber_id),
            store_integer(result->owner), store_integer(to), store_integer(result->due_at),
            store_text(result->relay != NULL ? result->relay : ""), store_integer(result->code),
            store_text(result->status != NULL ? result->status : ""),
            store_text(result->reason != NULL ? result->reason : ""), store_integer(result->now),
            store_integer(FROM[i]), store_integer(attempts_change(FROM[i], to))),
        error);
    if (moved < 0 ||
        !mailing_rows_move_count(transaction, result->mailing_id, FROM[i], to, moved, error)) {
      return FALSE;
    }
    *ret_moved = moved > 0;
  }
  return TRUE;
}

GArray *delivery_rows_held(StoreTransaction *transaction, gint64 owner, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DELIVERY_HELD, STORE_VALUES(store_integer(owner)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(gint64));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 pair[2] = {store_row_integer(rows, 0), store_row_integer(rows, 1)};
    g_array_append_vals(pairs, pair, 2);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&pairs);
}
