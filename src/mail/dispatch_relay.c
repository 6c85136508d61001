// SPDX-License-Identifier: Apache-2.0
//
// The relays and their connections, on the loop: opened when messages wait, kept while they are of
// use, some kept warm for alerts alone. Gives each connection its next message by lane, rate and
// share, and keeps away from a relay that can't be used. What an answer means for a delivery is
// dispatch_outcome.c's. Never waits, never touches the database.
#include "mail/dispatch_parts.h"

#include <string.h>

#define DOWN_FIRST ((gint64)G_USEC_PER_SEC)
#define DOWN_LONGEST (30 * (gint64)G_USEC_PER_SEC)
#define WARM_PAUSE                                                                                 \
  (20 * (gint64)G_USEC_PER_SEC) // before a warm one that was closed is opened again
#define STRAINED_MOST 5 // answers "not now" in a row, and the relay is left alone for a while
#define AHEAD 16        // messages that a relay may be ahead of its share
#define BEGUN_MOST (20 * (gint64)G_USEC_PER_SEC)

enum { ORDINARY, RESERVED };

typedef struct Relay {
  Dispatch *dispatch;
  const DispatchRelay *options;
  SmtpTls *tls;
  Pace pace;
  GPtrArray *links;
  GQueue idle[2]; // Link
  GQueue pinned[DISPATCH_LANES];
  gdouble given; // messages by weight
  gboolean step_by_step;
  guint opening, reserved; // links that are not open yet; that are kept for alerts
  guint failures, strained;
  gint64 down_until, warm_at;
  gboolean said;   // that it can't be used
  gboolean barred; // it refuses us: no waiting helps
} Relay;

typedef struct Link {
  Relay *relay;
  SmtpSession *session;
  gboolean open, reserved, idle;
} Link;

struct DispatchFleet {
  Dispatch *dispatch;
  GPtrArray *relays;
  gboolean quitting;
  EventTimer *wake;
  gint64 wake_at; // when it fires: a rate lets the next one go, a relay is tried again; 0: never
};

static void relay_free(Relay *relay) {
  g_assert(relay->links->len == 0);
  g_ptr_array_unref(relay->links);
  smtp_tls_free(relay->tls);
  g_free(relay);
}

static void woken(gpointer data) {
  DispatchFleet *fleet = data;
  fleet->wake_at = 0;
  dispatch_fleet_pump(fleet);
}

DispatchFleet *dispatch_fleet_new(Dispatch *dispatch, GError **error) {
  DispatchFleet *fleet = g_new0(DispatchFleet, 1);
  fleet->dispatch = dispatch;
  fleet->wake = event_loop_timer(dispatch->loop, woken, fleet);
  fleet->relays = g_ptr_array_new_with_free_func((GDestroyNotify)relay_free);
  for (guint i = 0; i < dispatch->options.relay_count; i++) {
    Relay *relay = g_new0(Relay, 1);
    relay->dispatch = dispatch;
    relay->options = &dispatch->options.relays[i];
    relay->links = g_ptr_array_new();
    pace_init(&relay->pace, relay->options->rate, g_get_monotonic_time());
    g_ptr_array_add(fleet->relays, relay);
    if (relay->options->smtp.security != SMTP_SECURITY_NONE) {
      relay->tls = smtp_tls_new(&relay->options->smtp, error);
      if (relay->tls == NULL) {
        dispatch_fleet_free(fleet);
        return NULL;
      }
    }
  }
  return fleet;
}

void dispatch_fleet_free(DispatchFleet *fleet) {
  if (fleet != NULL) {
    g_ptr_array_unref(fleet->relays);
    event_timer_free(fleet->wake);
    g_free(fleet);
  }
}

static Relay *relay_at(const DispatchFleet *fleet, guint i) {
  return g_ptr_array_index(fleet->relays, i);
}

static guint connections_of(const Relay *relay) {
  return MAX(relay->options->connections, 1);
}

static guint reserve_of(const Relay *relay) {
  guint connections = connections_of(relay);
  return connections >= 4 ? MAX(connections / 25, 1) : 0;
}

static gboolean is_up(const Relay *relay, gint64 now) {
  return now >= relay->down_until;
}

static const char *name_of(const Relay *relay) {
  return relay->options->smtp.name;
}

// ---- shares -------------------------------------------------------------------------------------

// Relays of weight 0 help while no other is up. What is down, or at its rate, is not waited for.
static gboolean may_take_share(const DispatchFleet *fleet, const Relay *relay, gint64 now) {
  gdouble least = G_MAXDOUBLE;
  gboolean others = FALSE;
  for (guint i = 0; i < fleet->relays->len; i++) {
    Relay *other = relay_at(fleet, i);
    if (other->options->weight > 0 && is_up(other, now) && other->failures == 0) {
      others |= other != relay;
      if (other->links->len > other->opening && pace_wait(&other->pace, now, FALSE) == 0) {
        least = MIN(least, other->given);
      }
    }
  }
  guint weight = relay->options->weight;
  return weight == 0 ? !others : relay->given <= least + (gdouble)AHEAD / weight;
}

static gdouble least_given(const DispatchFleet *fleet, const Relay *but) {
  gdouble least = G_MAXDOUBLE;
  for (guint i = 0; i < fleet->relays->len; i++) {
    const Relay *other = relay_at(fleet, i);
    if (other != but && other->options->weight > 0 && other->links->len > other->opening) {
      least = MIN(least, other->given);
    }
  }
  return least == G_MAXDOUBLE ? 0 : least;
}

// ---- the next message ---------------------------------------------------------------------------

static void wake_later(DispatchFleet *fleet, gint64 at) {
  if (fleet->wake_at == 0 || at < fleet->wake_at) {
    fleet->wake_at = at;
    event_timer_set(fleet->wake, at);
  }
}

static DispatchItem *take_pinned(Relay *relay, MailingLane lane) {
  return g_queue_pop_head(&relay->pinned[lane]);
}

static DispatchItem *take(Relay *relay, MailingLane lane, gint64 now) {
  Dispatch *dispatch = relay->dispatch;
  gboolean urgent = lane == LANE_ALERT;
  if (dispatch_queue_waiting(dispatch->queue, lane) == 0 && relay->pinned[lane].length == 0) {
    return NULL;
  }
  gint64 wait = MAX(pace_wait(dispatch_queue_pace(dispatch->queue), now, urgent),
                    pace_wait(&relay->pace, now, urgent));
  if (wait > 0) {
    wake_later(dispatch->fleet, now + wait);
    return NULL;
  }
  DispatchItem *item = take_pinned(relay, lane);
  if (item == NULL && (urgent || may_take_share(dispatch->fleet, relay, now))) {
    item = dispatch_queue_take(dispatch->queue, lane, now);
  }
  if (item != NULL) {
    pace_take(dispatch_queue_pace(dispatch->queue));
    pace_take(&relay->pace);
    relay->given += 1.0 / MAX(relay->options->weight, 1);
  }
  return item;
}

static DispatchItem *take_living(Relay *relay, MailingLane lane, gint64 now) {
  for (DispatchItem *item; (item = take(relay, lane, now)) != NULL;) {
    if (!g_atomic_int_get(&item->mailing->halted)) {
      return item;
    }
    dispatch_queue_done(relay->dispatch->queue, item, VERDICT_NEWS_NONE, now);
    dispatch_item_return(relay->dispatch, item);
  }
  return NULL;
}

static void set_idle(Link *link) {
  if (!link->idle) {
    link->idle = TRUE;
    g_queue_push_tail(&link->relay->idle[link->reserved ? RESERVED : ORDINARY], link);
  }
}

static void set_busy(Link *link) {
  if (link->idle) {
    link->idle = FALSE;
    g_queue_remove(&link->relay->idle[link->reserved ? RESERVED : ORDINARY], link);
  }
}

static gboolean give_next(SmtpSession *session, SmtpMessage *ret_message, gpointer data) {
  Link *link = data;
  Relay *relay = link->relay;
  Dispatch *dispatch = relay->dispatch;
  gint64 now = event_loop_now(dispatch->loop);
  DispatchItem *item = NULL;
  if (!dispatch->stopping && !g_atomic_int_get(&dispatch->held) && is_up(relay, now)) {
    item = take_living(relay, LANE_ALERT, now);
    if (item == NULL && !link->reserved) {
      item = take_living(relay, LANE_NORMAL, now);
    }
  }
  if (item == NULL) {
    gint64 back_at = dispatch_queue_wake_at(dispatch->queue);
    if (back_at != 0) {
      wake_later(dispatch->fleet, back_at);
    }
    set_idle(link);
    return FALSE;
  }
  g_atomic_int_inc(&dispatch->in_hand);
  item->link = link;
  item->relay = name_of(relay);
  *ret_message = (SmtpMessage){.sender = item->sender,
                               .recipient = item->address,
                               .utf8 = item->letter->utf8,
                               .eight_bit = letter_form_is_eight_bit(item->mailing->form),
                               .bytes = item->letter->bytes,
                               .count = item->letter->count,
                               .size = item->letter->size,
                               .item = item};
  return TRUE;
}

static void ask_to_begin(SmtpSession *session, gpointer data, gpointer link) {
  DispatchItem *item = data;
  item->begin_due = TRUE;
  dispatch_journal_begin(((Link *)link)->relay->dispatch->journal, item);
}

// A process that was frozen after its commit may be thought dead by now, and its letters be with
// another: the dot stays here.
void dispatch_fleet_release(DispatchFleet *fleet, DispatchItem *item) {
  Link *link = item->link;
  if (dispatch_boottime() - item->begun_at > BEGUN_MOST) {
    smtp_session_abandon(link->session);
  } else {
    smtp_session_release(link->session);
  }
}

void dispatch_fleet_abandon(DispatchFleet *fleet, DispatchItem *item) {
  smtp_session_abandon(((Link *)item->link)->session);
}

static void take_result(SmtpSession *session, gpointer data, const SmtpOutcome *outcome,
                        gpointer user) {
  Link *link = user;
  DispatchItem *item = data;
  item->link = NULL;
  g_atomic_int_add(&link->relay->dispatch->in_hand, -1);
  dispatch_outcome(link->relay->dispatch, item, outcome);
}

// ---- how a relay is -----------------------------------------------------------------------------

static void leave_alone(Relay *relay, gint64 now) {
  gint64 pause = MIN(DOWN_FIRST << MIN(relay->failures, 10), DOWN_LONGEST);
  pause = pause * 3 / 4 + g_random_int_range(0, (gint32)(pause / 2));
  relay->failures++;
  relay->down_until = now + pause;
  wake_later(relay->dispatch->fleet, relay->down_until);
}

void dispatch_fleet_news(DispatchFleet *fleet, const DispatchItem *item, const Verdict *verdict) {
  for (guint i = 0; i < fleet->relays->len; i++) {
    Relay *relay = relay_at(fleet, i);
    if (name_of(relay) == item->relay) {
      relay->strained = verdict->relay_strained ? relay->strained + 1 : 0;
      if (relay->strained >= STRAINED_MOST && is_up(relay, event_loop_now(fleet->dispatch->loop))) {
        leave_alone(relay, event_loop_now(fleet->dispatch->loop));
      } else if (verdict->kind == VERDICT_ACCEPTED) {
        relay->failures = 0;
      }
    }
  }
}

static void say_down(Relay *relay, const SmtpOutcome *outcome) {
  if (!relay->said) {
    relay->said = TRUE;
    char code[16] = "";
    if (outcome->code != 0) {
      g_snprintf(code, sizeof code, "%u ", outcome->code);
    }
    dispatch_say(relay->dispatch, "relay %s can't be used, it is tried again by itself: %s%s",
                 name_of(relay), code, outcome->text);
  }
}

static void link_opened(SmtpSession *session, gpointer data) {
  Link *link = data;
  Relay *relay = link->relay;
  link->open = TRUE;
  relay->opening--;
  if (relay->failures > 0 || relay->given == 0) {
    relay->given = MAX(relay->given, least_given(relay->dispatch->fleet, relay));
  }
  relay->failures = relay->strained >= STRAINED_MOST ? relay->failures : 0;
  relay->barred = FALSE;
  if (relay->said) {
    relay->said = FALSE;
    dispatch_say(relay->dispatch, "relay %s can be used again", name_of(relay));
  }
  dispatch_pump_soon(relay->dispatch);
}

static void link_closed(SmtpSession *session, const SmtpOutcome *outcome, gpointer data) {
  Link *link = data;
  Relay *relay = link->relay;
  gint64 now = event_loop_now(relay->dispatch->loop);
  set_busy(link);
  if (!link->open) {
    relay->opening--;
    if (!relay->dispatch->stopping && is_up(relay, now)) {
      leave_alone(relay, now);
    }
    if (!relay->dispatch->stopping) {
      relay->barred = outcome->code / 100 == 5;
      say_down(relay, outcome);
    }
  } else if (outcome->code == 421 && is_up(relay, now)) {
    leave_alone(relay, now);
  }
  if (link->reserved) {
    relay->reserved--;
    relay->warm_at = now + WARM_PAUSE;
  }
  g_ptr_array_remove_fast(relay->links, link);
  g_atomic_int_add(&relay->dispatch->connections, -1);
  smtp_session_free(link->session);
  g_free(link);
  dispatch_pump_soon(relay->dispatch);
}

static void link_stumbled(SmtpSession *session, gpointer data) {
  ((Link *)data)->relay->step_by_step = TRUE;
}

static const SmtpOwner OWNER = {.next = give_next,
                                .body_sent = ask_to_begin,
                                .result = take_result,
                                .opened = link_opened,
                                .closed = link_closed,
                                .stumbled = link_stumbled};

// ---- connections --------------------------------------------------------------------------------

static void open_link(Relay *relay, gboolean reserved) {
  Link *link = g_new0(Link, 1);
  link->relay = relay;
  link->reserved = reserved;
  relay->reserved += reserved ? 1 : 0;
  relay->opening++;
  g_ptr_array_add(relay->links, link);
  g_atomic_int_inc(&relay->dispatch->connections);
  link->session = smtp_session_open(&(SmtpSessionOptions){.loop = relay->dispatch->loop,
                                                          .relay = &relay->options->smtp,
                                                          .tls = relay->tls,
                                                          .owner = &OWNER,
                                                          .data = link,
                                                          .step_by_step = relay->step_by_step});
}

// As many as have something to do. A connection that is nudged without need asks in vain, once.
static guint wake_links(Relay *relay, guint kind, guint most) {
  guint woken = 0;
  for (guint n = relay->idle[kind].length; n > 0 && woken < most; n--) {
    Link *link = g_queue_peek_head(&relay->idle[kind]);
    set_busy(link);
    if (smtp_session_is_idle(link->session)) {
      smtp_session_nudge(link->session);
      woken++;
    } // else it asks by itself when it has finished
  }
  return woken;
}

static guint pinned_waiting(const Relay *relay) {
  return relay->pinned[LANE_NORMAL].length + relay->pinned[LANE_ALERT].length;
}

static void pump_relay(DispatchFleet *fleet, Relay *relay, gint64 now) {
  guint alerts = dispatch_queue_waiting(fleet->dispatch->queue, LANE_ALERT);
  guint waiting =
      dispatch_queue_waiting(fleet->dispatch->queue, LANE_NORMAL) + alerts + pinned_waiting(relay);
  if (!is_up(relay, now)) {
    wake_later(fleet, relay->down_until);
    return;
  }
  if (alerts > 0) {
    wake_links(relay, RESERVED, alerts);
  }
  guint woken = wake_links(relay, ORDINARY, waiting);
  guint wanted = waiting > woken ? waiting - woken : 0;
  guint reserve = reserve_of(relay);
  // A relay that failed is tried with one connection first.
  guint most = relay->failures > 0 ? 1 : connections_of(relay);
  gboolean helps = relay->options->weight > 0 || may_take_share(fleet, relay, now);
  while (helps && wanted > relay->opening && relay->links->len < most &&
         (relay->links->len - relay->reserved < connections_of(relay) - reserve)) {
    open_link(relay, FALSE);
  }
  if (relay->options->weight > 0 && relay->failures == 0 && (now >= relay->warm_at || alerts > 0)) {
    while (relay->reserved < reserve && relay->links->len < connections_of(relay)) {
      open_link(relay, TRUE);
    }
  } else if (relay->reserved < reserve && relay->failures == 0 && now < relay->warm_at) {
    wake_later(fleet, relay->warm_at);
  }
}

void dispatch_fleet_wake_one(DispatchFleet *fleet) {
  guint waiting = dispatch_queue_waiting(fleet->dispatch->queue, LANE_NORMAL) +
                  dispatch_queue_waiting(fleet->dispatch->queue, LANE_ALERT);
  for (guint i = 0; i < fleet->relays->len && waiting > 0; i++) {
    wake_links(relay_at(fleet, i), ORDINARY, 1);
  }
}

void dispatch_fleet_pump(DispatchFleet *fleet) {
  gint64 now = event_loop_now(fleet->dispatch->loop);
  dispatch_queue_wake(fleet->dispatch->queue, now);
  for (guint i = 0; i < fleet->relays->len && !fleet->quitting; i++) {
    pump_relay(fleet, relay_at(fleet, i), now);
  }
  gint64 queue_at = dispatch_queue_wake_at(fleet->dispatch->queue);
  if (queue_at != 0) {
    wake_later(fleet, queue_at);
  }
}

// ---- the end ------------------------------------------------------------------------------------

static void for_each_link(DispatchFleet *fleet, void (*call)(SmtpSession *session)) {
  fleet->quitting = TRUE;
  for (guint i = 0; i < fleet->relays->len; i++) {
    Relay *relay = relay_at(fleet, i);
    for (guint n = 0; n < relay->links->len; n++) {
      call(((Link *)g_ptr_array_index(relay->links, n))->session);
    }
  }
}

void dispatch_fleet_quit(DispatchFleet *fleet) {
  for_each_link(fleet, smtp_session_quit);
}

void dispatch_fleet_drop(DispatchFleet *fleet) {
  for_each_link(fleet, smtp_session_drop);
}

gboolean dispatch_fleet_is_quiet(const DispatchFleet *fleet) {
  for (guint i = 0; i < fleet->relays->len; i++) {
    if (relay_at(fleet, i)->links->len > 0) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean dispatch_fleet_pin(DispatchFleet *fleet, DispatchItem *item) {
  for (guint i = 0; i < fleet->relays->len; i++) {
    Relay *relay = relay_at(fleet, i);
    if (strcmp(name_of(relay), item->pinned) == 0) {
      g_queue_push_tail(&relay->pinned[item->mailing->lane], item);
      return TRUE;
    }
  }
  return FALSE;
}

GPtrArray *dispatch_fleet_clear(DispatchFleet *fleet, gboolean all) {
  GPtrArray *out = g_ptr_array_new();
  for (guint i = 0; i < fleet->relays->len; i++) {
    for (guint lane = 0; lane < DISPATCH_LANES; lane++) {
      GQueue *queue = &relay_at(fleet, i)->pinned[lane];
      for (guint n = queue->length; n > 0; n--) {
        DispatchItem *item = g_queue_pop_head(queue);
        if (all || g_atomic_int_get(&item->mailing->halted)) {
          g_ptr_array_add(out, item);
        } else {
          g_queue_push_tail(queue, item);
        }
      }
    }
  }
  return out;
}
