// SPDX-License-Identifier: Apache-2.0
//
// From a relay's answer to what is written into the journal: accepted, put off, failed, uncertain,
// or taken up again because nobody has it. On the loop; called by dispatch_relay.c with a message's
// outcome, and by the journal's answer to a begin. One rule above all: what had its dot and no
// answer is uncertain, whatever the reason.
#include "mail/dispatch_parts.h"

#define LOSSES_MOST 3    // connections lost by one message before it has to wait
#define REFUSALS_MOST 25 // in a row for what a mailing says, and it is stopped
#define UNCERTAIN_PAUSE (60 * (gint64)G_USEC_PER_SEC)

static void settle(Dispatch *dispatch, DispatchItem *item, DispatchMove move, DeliveryState to) {
  item->move = move;
  item->to = to;
  dispatch_journal_settle(dispatch->journal, item);
}

void dispatch_item_return(Dispatch *dispatch, DispatchItem *item) {
  if (item->begun || item->abandoned) {
    item->delay = 0;
    settle(dispatch, item, DISPATCH_SETTLE, DELIVERY_PENDING);
  } else {
    settle(dispatch, item, DISPATCH_RETURN, DELIVERY_PENDING);
  }
}

static void keep_words(DispatchItem *item, const SmtpOutcome *outcome) {
  item->code = outcome->code;
  g_strlcpy(item->status, outcome->status, sizeof item->status);
  g_free(item->reason);
  item->reason = g_strdup(outcome->text != NULL ? outcome->text : "");
}

static gint64 age(const Dispatch *dispatch, const DispatchItem *item) {
  return item->tried_at != 0 ? clock_now(&dispatch->options.clock) - item->tried_at : 0;
}

static void put_off(Dispatch *dispatch, DispatchItem *item) {
  gint64 most =
      dispatch->options.give_up > 0 ? dispatch->options.give_up : 72 * 3600 * CLOCK_SECOND;
  item->delay = verdict_pause(item->attempts + 1, g_random_double());
  if (age(dispatch, item) + item->delay > most) {
    g_autofree char *last = g_steal_pointer(&item->reason);
    item->reason = g_strdup_printf("given up after %" G_GINT64_FORMAT " hours; the last answer: %s",
                                   most / (3600 * CLOCK_SECOND), last);
    settle(dispatch, item, DISPATCH_SETTLE, DELIVERY_FAILED);
  } else {
    settle(dispatch, item, DISPATCH_SETTLE, DELIVERY_DEFERRED);
  }
}

// A mailing that is refused for what it says, or for who sends it, is refused a million times: it
// stops and waits for a person.
static void count_refusal(DispatchItem *item, const Verdict *verdict) {
  DispatchMailing *mailing = item->mailing;
  if (verdict->kind == VERDICT_ACCEPTED) {
    mailing->refusals = 0;
  } else if (verdict->counts && ++mailing->refusals == REFUSALS_MOST && mailing->id != 0) {
    item->stop = g_strdup_printf(
        "relay %s refused %u messages in a row for what they say or who sends them (%u %s): mend "
        "the cause, `mailing resume` it, and `mailing retry` the failed",
        item->relay, mailing->refusals, item->code, item->reason);
    mailing->refusals = 0;
  }
}

static void refuse_sender(Dispatch *dispatch, DispatchItem *item) {
  if (item->mailing->id == 0) {
    put_off(dispatch, item);
    return;
  }
  item->stop = g_strdup_printf(
      "relay %s refuses us as the sender <%s>: %u %s: mend that (the relay's log-in, the sender's "
      "address, what the relay allows), then `mailing resume` it",
      item->relay, item->mailing->envelope_sender, item->code, item->reason);
  dispatch_item_return(dispatch, item);
}

// Nobody has it. It is taken up again at once, unless it is what the connections are lost by.
static void take_up_again(Dispatch *dispatch, DispatchItem *item) {
  if (item->abandoned || dispatch->stopping || g_atomic_int_get(&item->mailing->halted)) {
    dispatch_item_return(dispatch, item);
  } else if (item->begun || ++item->losses >= LOSSES_MOST) {
    put_off(dispatch, item);
  } else if (item->pinned == NULL || !dispatch_fleet_pin(dispatch->fleet, item)) {
    dispatch_queue_put(dispatch->queue, item, TRUE);
    dispatch_pump_soon(dispatch);
  }
}

static void leave_uncertain(Dispatch *dispatch, DispatchItem *item) {
  gboolean again = item->mailing->uncertain == UNCERTAIN_AGAIN;
  item->delay = again ? UNCERTAIN_PAUSE : 0;
  item->code = 0;
  item->status[0] = '\0';
  settle(dispatch, item, DISPATCH_SETTLE, again ? DELIVERY_DEFERRED : DELIVERY_UNCERTAIN);
}

static void carry_out(Dispatch *dispatch, DispatchItem *item, const Verdict *verdict) {
  switch (verdict->kind) {
  case VERDICT_ACCEPTED:
    settle(dispatch, item, DISPATCH_ACCEPT, DELIVERY_ACCEPTED);
    return;
  case VERDICT_LATER:
    put_off(dispatch, item);
    return;
  case VERDICT_ADDRESS:
    item->suppress = TRUE;
    settle(dispatch, item, DISPATCH_SETTLE, DELIVERY_FAILED);
    return;
  case VERDICT_FAILED:
    settle(dispatch, item, DISPATCH_SETTLE, DELIVERY_FAILED);
    return;
  case VERDICT_SENDER:
    refuse_sender(dispatch, item);
    return;
  case VERDICT_UNCERTAIN:
    leave_uncertain(dispatch, item);
    return;
  case VERDICT_NOT_SENT:
  default:
    take_up_again(dispatch, item);
  }
}

void dispatch_outcome(Dispatch *dispatch, DispatchItem *item, const SmtpOutcome *outcome) {
  Verdict verdict = verdict_of_outcome(outcome);
  dispatch_queue_done(dispatch->queue, item, verdict.domain, event_loop_now(dispatch->loop));
  dispatch_fleet_news(dispatch->fleet, item, &verdict);
  dispatch_fleet_wake_one(dispatch->fleet);
  if (verdict.kind != VERDICT_ACCEPTED) {
    keep_words(item, outcome);
  }
  if (item->begin_due) { // the journal has it in hand: its answer comes first
    g_assert(verdict.kind != VERDICT_UNCERTAIN && verdict.kind != VERDICT_ACCEPTED);
    item->lost = TRUE;
    item->verdict = verdict;
    return;
  }
  count_refusal(item, &verdict);
  carry_out(dispatch, item, &verdict);
}

void dispatch_begun(Dispatch *dispatch, DispatchItem *item) {
  item->begin_due = FALSE;
  // Not begun: paused, cancelled, the reader has left; or a commit happened whose answer was lost.
  item->abandoned = !item->begun;
  if (item->lost) {
    count_refusal(item, &item->verdict);
    carry_out(dispatch, item, &item->verdict);
  } else if (item->begun) {
    dispatch_fleet_release(dispatch->fleet, item);
  } else {
    dispatch_fleet_abandon(dispatch->fleet, item);
  }
}
