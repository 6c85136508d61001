// SPDX-License-Identifier: Apache-2.0
//
// The journal of deliveries and notices: what mail/dispatch commits before and after each final
// dot. Every move is "from this state, held by me": what another process has taken over meanwhile
// is not moved, and the caller learns which were. mailing_count moves in the same transaction. See
// store/store.h for threads and errors.
#pragma once

#include "model/mailing.h"
#include "store/store.h"

// ---- dispatchers --------------------------------------------------------------------------------
// `identity`: mail/dispatch's; the same again is the same row.
gint64 dispatcher_rows_register(StoreTransaction *transaction, const char *identity, gint64 now,
                                GError **error); // id, 0 on error
gboolean dispatcher_rows_beat(StoreTransaction *transaction, gint64 id, gint64 now,
                              gboolean *ret_known, GError **error);
typedef struct DispatcherRow {
  gint64 id, started_at, heartbeat_at;
  char *identity;
} DispatcherRow;
void dispatcher_row_free(DispatcherRow *row);
GPtrArray *dispatcher_rows_list(StoreTransaction *transaction, GError **error); // DispatcherRow *
// What a dead one held: LEASED goes back to PENDING, IN_FLIGHT becomes UNCERTAIN or, where the
// mailing's policy is UNCERTAIN_AGAIN, DEFERRED at `now` with the reason kept; notices are sent
// again. The row goes. *ret_returned and *ret_uncertain count.
gboolean dispatcher_rows_bury(StoreTransaction *transaction, gint64 id, gint64 now,
                              gint64 *ret_returned, gint64 *ret_uncertain, GError **error);

// ---- deliveries ---------------------------------------------------------------------------------
typedef struct ClaimedDelivery {
  gint64 subscriber_id;
  guint attempts;
  gint64 due_at;   // as it was when claimed
  gint64 tried_at; // the first attempt; 0: there was none
  char *address, *name;
  char *relay; // that may have it already, its answer was lost: no other is asked; NULL: none
  gboolean tracking;
} ClaimedDelivery;
void claimed_delivery_clear(ClaimedDelivery *claimed);
// Leases up to `limit` of a mailing that are due. Readers who have left, are suppressed or erased
// become SUPPRESSED here instead, those who paused too (reason says which); *ret_suppressed counts.
// On PostgreSQL with FOR UPDATE SKIP LOCKED. GArray of ClaimedDelivery with its clear function;
// empty while the mailing is not SENDING.
GArray *delivery_rows_claim(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            gint64 now, guint limit, gint64 *ret_suppressed, GError **error);
// LEASED by owner -> IN_FLIGHT by `relay`, attempts + 1. Gives those moved (gint64 ids): none when
// the mailing is no longer SENDING, and not those who have left or paused since they were claimed.
// The dot may leave only for these, and only after the commit.
GArray *delivery_rows_begin(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, const char *relay,
                            gint64 now, GError **error);
// IN_FLIGHT (or UNCERTAIN, when we were thought dead) -> ACCEPTED. Gives how many; -1.
gint64 delivery_rows_accept(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, const char *relay,
                            gint64 now, GError **error);
// LEASED -> PENDING, untouched (the connection ended, the mailing paused, rates). -1 on error.
gint64 delivery_rows_return(StoreTransaction *transaction, gint64 mailing_id, gint64 owner,
                            const gint64 *subscriber_ids, guint count, GError **error);
// One delivery with its own story: from LEASED or IN_FLIGHT (or what a burial made of it) to
// DEFERRED (due_at), FAILED, UNCERTAIN, ACCEPTED, or PENDING after a begin that was abandoned.
// PENDING and DEFERRED become CANCELLED if the mailing was. `relay` etc. borrowed.
typedef struct DeliveryResult {
  gint64 mailing_id, subscriber_id, owner, due_at, now;
  DeliveryState state;
  const char *relay, *status, *reason;
  guint code;
} DeliveryResult;
gboolean delivery_rows_settle(StoreTransaction *transaction, const DeliveryResult *result,
                              gboolean *ret_moved, GError **error);

// Subscribers whose deliveries the owner has leased, of all mailings: what a commit that may or may
// not have happened left behind. gint64 pairs (mailing, subscriber); notices by notice_rows_held.
GArray *delivery_rows_held(StoreTransaction *transaction, gint64 owner, GError **error);

gint64 delivery_rows_next_due(StoreTransaction *transaction, gint64 mailing_id,
                              GError **error); // of PENDING and DEFERRED; 0 none; -1
// All PENDING and DEFERRED of a cancelled mailing -> CANCELLED; gives how many.
gint64 delivery_rows_cancel(StoreTransaction *transaction, gint64 mailing_id, gint64 now,
                            GError **error);
// FAILED (or UNCERTAIN) -> PENDING: "retry the failed", "send the uncertain again".
gint64 delivery_rows_retry(StoreTransaction *transaction, gint64 mailing_id, DeliveryState from,
                           gint64 now, GError **error);
// UNCERTAIN -> ACCEPTED or FAILED: a person has looked.
gint64 delivery_rows_resolve(StoreTransaction *transaction, gint64 mailing_id, DeliveryState to,
                             gint64 now, GError **error);
// By subscriber id after `after`; state -1: all.
GPtrArray *delivery_rows_list(StoreTransaction *transaction, gint64 mailing_id, gint state,
                              gint64 after, guint limit, GError **error); // Delivery *
// Looks into every mailing for it (there is no index by subscriber: a million rows a day would pay
// for it).
GPtrArray *delivery_rows_of(StoreTransaction *transaction, gint64 subscriber_id, guint limit,
                            GError **error); // Delivery *, newest mailing first
Delivery *delivery_rows_get(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                            GError **error); // NOT_FOUND
// A bounce that came later: ACCEPTED -> FAILED with the report's status.
gboolean delivery_rows_bounced(StoreTransaction *transaction, gint64 mailing_id,
                               gint64 subscriber_id, const char *status, const char *reason,
                               gint64 now, GError **error);

// Why deliveries of a mailing failed or wait: the commonest first, at most 50.
typedef struct DeliveryReason {
  char *status, *reason;
  gint64 count;
} DeliveryReason;
void delivery_reason_free(DeliveryReason *reason);
GPtrArray *delivery_rows_reasons(StoreTransaction *transaction, gint64 mailing_id,
                                 GError **error); // DeliveryReason *

// ---- notices ------------------------------------------------------------------------------------
typedef struct Notice {
  gint64 id, subscriber_id, due_at, expires_at, created_at;
  char *kind, *address, *form, *envelope_sender;
  DeliveryState state;
  guint attempts;
} Notice;
void notice_free(Notice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notice, notice_free)
gint64 notice_rows_insert(StoreTransaction *transaction, const Notice *notice, GError **error);
// LEASED; those past expires_at become FAILED ("expired"). Notice *.
GPtrArray *notice_rows_claim(StoreTransaction *transaction, gint64 owner, gint64 now, guint limit,
                             GError **error);
GArray *notice_rows_begin(StoreTransaction *transaction, gint64 owner, const gint64 *ids,
                          guint count, gint64 now, GError **error);
// DeliveryResult with mailing_id 0 and the notice's id as subscriber_id. Settled for good
// (ACCEPTED, FAILED): the bytes go.
gboolean notice_rows_settle(StoreTransaction *transaction, const DeliveryResult *result,
                            gboolean *ret_moved, GError **error);
GArray *notice_rows_held(StoreTransaction *transaction, gint64 owner, GError **error); // gint64
gint64 notice_rows_next_due(StoreTransaction *transaction, GError **error);            // 0 none; -1

// Whom it was to; 0: no reader, or the notice is gone.
gboolean notice_rows_subscriber(StoreTransaction *transaction, gint64 id, gint64 *ret_subscriber_id,
                                GError **error);

// ---- the epoch ----------------------------------------------------------------------------------
// In every transaction of the journal: +1. Gives the new sequence, -1 on error.
gint64 epoch_rows_advance(StoreTransaction *transaction, gint64 now, GError **error);
// *ret_at: instant of the newest; *ret_stopped: "" when sending.
gboolean epoch_rows_get(StoreTransaction *transaction, gint64 *ret_sequence, gint64 *ret_at,
                        char **ret_stopped, GError **error);
gboolean epoch_rows_stop(StoreTransaction *transaction, const char *reason, GError **error);
gboolean epoch_rows_resume(StoreTransaction *transaction, gint64 sequence,
                           GError **error); // at least `sequence`
