// SPDX-License-Identifier: Apache-2.0
//
// The inside of dispatch, shared by its parts alone:
//
//   dispatch.c           its life: threads, start, stop, numbers
//   dispatch_journal.c   the database's thread: what is done when
//   dispatch_round.c     one transaction of the journal: results, and what may have its dot
//   dispatch_claim.c     leases what is due, adopts mailings, finishes them
//   dispatch_epoch.c     is this the database that we last wrote to?
//   dispatch_peers.c     who else sends; the dead are buried
//   dispatch_fill.c      threads that fill and sign
//   dispatch_queue.c     on the loop: who waits, by lane and recipient domain; rates
//   dispatch_relay.c     on the loop: relays, their connections, whose turn it is
//   dispatch_outbox.c    on the loop: the maildir in place of relays
//   dispatch_outcome.c   on the loop: what an answer means for the delivery
//   dispatch_verdict.c   pure: answers classified
//   dispatch_pace.c      pure: rates
//
// A DispatchItem is one message on its way and belongs to one thread at a time: the journal's that
// claimed it, a filling one, the loop's, and in the end the journal's again, which frees it once
// its result is committed. While a begin is asked for, the loop keeps it and the journal only reads
// what it needs (key, owner, mailing, relay).
#pragma once

#include "mail/dispatch.h"
#include "mail/dispatch_pace.h"
#include "mail/dispatch_verdict.h"
#include "mail/letter.h"
#include "model/mailing.h"
#include "store/delivery_rows.h"

#define DISPATCH_LANES 2
#define DISPATCH_OUTBOX "outbox" // what the journal calls the maildir

typedef struct DispatchQueue DispatchQueue;
typedef struct DispatchDomain DispatchDomain;
typedef struct DispatchFleet DispatchFleet;
typedef struct DispatchOutbox DispatchOutbox;
typedef struct DispatchFill DispatchFill;
typedef struct DispatchJournal DispatchJournal;

// A mailing that is being sent, or the one message of a notice.
typedef struct DispatchMailing {
  gatomicrefcount references;
  gint64 id; // 0: a notice
  MailingLane lane;
  UncertainPolicy uncertain;
  LetterForm *form;
  char *envelope_sender;
  gint64 frozen_at;
  gint halted; // atomic: no longer being sent; what is in memory of it goes back
  // The journal's:
  gint64 due_at; // when a claim may find something; 0: now, G_MAXINT64: nothing is known
  guint out;     // items that are claimed and not settled
  gboolean frozen, seen;
  // The loop's:
  guint refusals; // for what it says or who sends it, in a row
} DispatchMailing;
DispatchMailing *dispatch_mailing_ref(DispatchMailing *mailing);
void dispatch_mailing_unref(DispatchMailing *mailing);

typedef enum DispatchMove {
  DISPATCH_ACCEPT, // to ACCEPTED
  DISPATCH_RETURN, // LEASED goes back as if it had never been claimed
  DISPATCH_SETTLE  // to `result.state`, with its story
} DispatchMove;

typedef struct DispatchItem {
  DispatchMailing *mailing;
  gint64 key;           // subscriber, or notice
  gint64 subscriber_id; // 0: a notice to nobody we know
  gint64 owner;
  gint64 tried_at;
  guint attempts;
  gboolean is_notice, tracking;
  char *address, *name;
  char *sender; // of the envelope
  char *pinned; // relay that may have it already: no other may be asked; NULL
  Letter *letter;
  // The loop's:
  DispatchDomain *domain; // while it counts there
  gpointer link;          // the connection that has it
  const char *relay;      // whose connection
  gboolean begin_due;     // the journal was asked and has not answered
  gboolean begun;         // IN_FLIGHT is committed
  gboolean lost;          // the connection ended meanwhile: `verdict` says how
  gboolean abandoned;     // it was not begun, so that its dot must never leave
  Verdict verdict;
  gint64 begun_at; // CLOCK_BOOTTIME, microseconds
  guint losses;
  // What is to be written:
  DispatchMove move;
  DeliveryState to;
  gint64 delay; // until it is due again
  guint code;
  char status[16];
  char *reason;
  gboolean suppress; // the address is of no use any more
  char *stop;        // why the whole mailing must be looked at; NULL
} DispatchItem;
void dispatch_item_free(DispatchItem *item);
const char *dispatch_item_domain(const DispatchItem *item);

struct Dispatch {
  DispatchOptions options; // texts borrowed from the caller
  EventLoop *loop;
  GThread *loop_thread;
  DispatchJournal *journal;
  DispatchFill *fill;
  DispatchQueue *queue;
  DispatchFleet *fleet;   // NULL: the outbox is used
  DispatchOutbox *outbox; // NULL: relays are
  EventTimer *pump, *stop_timer;
  gboolean stopping;        // the loop's
  gint64 stop_at;           // the loop's, monotonic
  gint in_hand;             // atomic: with connections, not answered
  gint held;                // atomic: the journal can't commit: nothing new is begun
  gint out[DISPATCH_LANES]; // atomic: claimed and not settled
  gint connections;         // atomic
  GMutex numbers_lock;
  DispatchNumbers numbers;
  guint32 ring[8]; // accepted in each of the last seconds
  gint64 ring_second;
};

void dispatch_count(Dispatch *dispatch, DeliveryState state, guint64 count);
gint64 dispatch_boottime(void); // microseconds, counts sleep
void dispatch_say(Dispatch *dispatch, const char *format, ...) G_GNUC_PRINTF(2, 3);

// ---- the journal (calls from the loop's thread unless said) -------------------------------------
DispatchJournal *dispatch_journal_start(Dispatch *dispatch);
void dispatch_journal_begin(DispatchJournal *journal, DispatchItem *item);
void dispatch_journal_settle(DispatchJournal *journal, DispatchItem *item); // takes it
void dispatch_journal_look(DispatchJournal *journal); // any thread: something may be due
// Any thread. Waits until all is settled, or for `seconds` and a little with the database gone, and
// joins. What is handed in after that is only freed, by dispatch_journal_free.
void dispatch_journal_stop(DispatchJournal *journal, guint seconds);
void dispatch_journal_free(DispatchJournal *journal);

// ---- filling ------------------------------------------------------------------------------------
DispatchFill *dispatch_fill_start(Dispatch *dispatch);
void dispatch_fill_add(DispatchFill *fill, GPtrArray *items, MailingLane lane); // takes; any thread
void dispatch_fill_stop(DispatchFill *fill);

// ---- the loop -----------------------------------------------------------------------------------
void dispatch_filled(gpointer items);        // posted by fill: GPtrArray of DispatchItem
void dispatch_pump_soon(Dispatch *dispatch); // messages, connections or rates have changed
void dispatch_item_return(Dispatch *dispatch, DispatchItem *item); // to the journal, untouched
void dispatch_give_back(Dispatch *dispatch, gboolean all); // what waits: of halted mailings, or all
void dispatch_begun(Dispatch *dispatch, DispatchItem *item); // the journal's answer (item->begun)

// dispatch_outcome.c: `item` had `outcome` on a relay's connection; takes the item.
void dispatch_outcome(Dispatch *dispatch, DispatchItem *item, const SmtpOutcome *outcome);

DispatchQueue *dispatch_queue_new(Dispatch *dispatch);
void dispatch_queue_free(DispatchQueue *queue);
void dispatch_queue_put(DispatchQueue *queue, DispatchItem *item, gboolean first);
// The next whose domain may have one more now; NULL: none. Counts in its domain until
// dispatch_queue_done.
DispatchItem *dispatch_queue_take(DispatchQueue *queue, MailingLane lane, gint64 now);
void dispatch_queue_done(DispatchQueue *queue, DispatchItem *item, VerdictNews news, gint64 now);
guint dispatch_queue_waiting(const DispatchQueue *queue, MailingLane lane); // also those held back
gint64 dispatch_queue_wake_at(const DispatchQueue *queue); // when one held back may go; 0 never
void dispatch_queue_wake(DispatchQueue *queue, gint64 now);
// Takes out those of halted mailings, or all. Caller frees the array and owns the items.
GPtrArray *dispatch_queue_clear(DispatchQueue *queue, gboolean all);
Pace *dispatch_queue_pace(DispatchQueue *queue); // in total

DispatchFleet *dispatch_fleet_new(Dispatch *dispatch, GError **error);
void dispatch_fleet_free(DispatchFleet *fleet); // after all connections have ended
void dispatch_fleet_pump(DispatchFleet *fleet);
void dispatch_fleet_wake_one(DispatchFleet *fleet); // of each relay: room may have come about
void dispatch_fleet_release(DispatchFleet *fleet, DispatchItem *item); // begun: its dot may leave
void dispatch_fleet_abandon(DispatchFleet *fleet, DispatchItem *item); // not begun: it never will
void dispatch_fleet_quit(DispatchFleet *fleet); // what is idle at once, the rest after its message
void dispatch_fleet_drop(DispatchFleet *fleet);
gboolean dispatch_fleet_is_quiet(const DispatchFleet *fleet); // no connections
// A message that only this relay may have. FALSE: there is no such relay.
gboolean dispatch_fleet_pin(DispatchFleet *fleet, DispatchItem *item);
void dispatch_fleet_news(DispatchFleet *fleet, const DispatchItem *item, const Verdict *verdict);
GPtrArray *dispatch_fleet_clear(DispatchFleet *fleet, gboolean all); // pinned ones that wait

DispatchOutbox *dispatch_outbox_new(Dispatch *dispatch, GError **error);
void dispatch_outbox_free(DispatchOutbox *outbox);
void dispatch_outbox_pump(DispatchOutbox *outbox);
void dispatch_outbox_begun(DispatchOutbox *outbox, DispatchItem *item);
void dispatch_outbox_quit(DispatchOutbox *outbox); // what can't be written goes back
