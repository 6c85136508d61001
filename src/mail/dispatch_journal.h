// SPDX-License-Identifier: Apache-2.0
//
// The inside of the journal, shared by dispatch_journal.c (when), dispatch_round.c (results and
// begins), dispatch_claim.c (mailings and leases), dispatch_epoch.c and dispatch_peers.c. All of it
// is for the journal's thread, but for what stands under the lock.
#pragma once

#include "mail/dispatch_parts.h"

typedef struct DispatchEpoch DispatchEpoch;
typedef struct DispatchPeers DispatchPeers;

struct DispatchJournal {
  Dispatch *dispatch;
  GThread *thread;
  GMutex lock; // guards the next lines
  GCond wake;
  GPtrArray *begins, *results; // DispatchItem: handed in
  gint64 oldest_result;        // monotonic; when the first of `results` came
  gint64 oldest_begin;         // likewise of `begins`
  gboolean looked, stopping, ended;
  gint64 stop_at;

  // The thread's own.
  gboolean ending;            // `stopping`, as it was at the beginning of this turn
  GPtrArray *begun, *settled; // taken over, kept until they are committed
  GHashTable *mailings;       // id -> DispatchMailing, being sent
  GHashTable *claimed;        // set of DispatchItem by mailing and key: what the leases are for
  gint64 owner;               // our row; 0: not registered
  gint64 notices_due_at;      // when a claim may find one; 0 now
  gint64 highest_now;
  gint64 look_at, beat_at, retry_at; // monotonic
  gint64 looked_boottime;            // of the last look
  gint64 failing_since;              // monotonic; 0: all is well
  gint64 commit_took;                // microseconds, of late
  gboolean recover; // a claim was committed, or not: leases that nobody knows of go back
  char *stopped;    // why nothing is sent; NULL: it is
  DispatchEpoch *epoch;
  DispatchPeers *peers;
};

// Wall time that never goes back within this process: what was due stays due when the clock is set.
gint64 dispatch_journal_now(DispatchJournal *journal);

// ---- one commit ---------------------------------------------------------------------------------
// Writes `settled`, then moves `begun` to IN_FLIGHT; commits; tells the loop. On FALSE nothing has
// changed and both stay as they are.
gboolean dispatch_round_commit(DispatchJournal *journal, GError **error);
// Answers `begun` as not begun, without the database.
void dispatch_round_give_up(DispatchJournal *journal);

// ---- mailings and leases ------------------------------------------------------------------------
// Which mailings are being sent; those that are done are finished, what is halted goes back.
gboolean dispatch_claim_look(DispatchJournal *journal, GError **error);
// Claims once where it is most wanted. *ret_claimed: something was.
gboolean dispatch_claim_some(DispatchJournal *journal, gboolean *ret_claimed, GError **error);
gboolean dispatch_claim_is_wanted(DispatchJournal *journal);
gint64 dispatch_claim_next_due(DispatchJournal *journal); // wall; 0: nothing known
void dispatch_claim_forget(DispatchJournal *journal, const DispatchItem *item); // settled
guint dispatch_claim_hash(gconstpointer item);
gboolean dispatch_claim_equal(gconstpointer a, gconstpointer b);

// ---- the epoch ----------------------------------------------------------------------------------
DispatchEpoch *dispatch_epoch_open(Dispatch *dispatch);
void dispatch_epoch_close(DispatchEpoch *epoch);
// In every write transaction. FALSE: the database is an older one; the caller rolls back.
gboolean dispatch_epoch_advance(DispatchEpoch *epoch, StoreTransaction *transaction, gint64 now,
                                GError **error);
void dispatch_epoch_committed(DispatchEpoch *epoch); // after the commit: it is remembered
// Looks whether this database may be sent from. *ret_stopped: why not (caller frees), or NULL.
gboolean dispatch_epoch_check(DispatchEpoch *epoch, char **ret_stopped, GError **error);
gint64 dispatch_epoch_last(const DispatchEpoch *epoch); // when it was last sent from, before us

// ---- the others ---------------------------------------------------------------------------------
DispatchPeers *dispatch_peers_new(Dispatch *dispatch);
void dispatch_peers_free(DispatchPeers *peers);
// Our row, with its heartbeat; buries those that are dead. *owner changes when we were buried.
gboolean dispatch_peers_beat(DispatchPeers *peers, gint64 now, gint64 *owner, GError **error);
gboolean dispatch_peers_leave(DispatchPeers *peers, gint64 now, gint64 owner, GError **error);
