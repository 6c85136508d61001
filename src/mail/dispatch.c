// SPDX-License-Identifier: Apache-2.0
//
// Implements dispatch.h: the life of a dispatch. What happens where stands in dispatch_parts.h. The
// end is a chain: the loop takes no new messages and ends its connections, each message's result
// goes to the journal, the journal ends when all are committed, and then the threads are joined.
#include "mail/dispatch_parts.h"

#include <stdarg.h>
#include <time.h>

gint64 dispatch_boottime(void) {
  struct timespec now = {0};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

void dispatch_say(Dispatch *dispatch, const char *format, ...) {
  if (dispatch->options.trouble != NULL) {
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    dispatch->options.trouble(message, dispatch->options.data);
  }
}

// ---- numbers ------------------------------------------------------------------------------------

// Under the lock. Seconds that have passed since the last look count nothing.
static void turn_ring(Dispatch *dispatch, gint64 second) {
  gint64 behind = MIN(second - dispatch->ring_second, (gint64)G_N_ELEMENTS(dispatch->ring));
  for (gint64 i = 1; i <= behind; i++) {
    dispatch->ring[(dispatch->ring_second + i) % G_N_ELEMENTS(dispatch->ring)] = 0;
  }
  dispatch->ring_second = second;
}

void dispatch_count(Dispatch *dispatch, DeliveryState state, guint64 count) {
  gint64 second = g_get_monotonic_time() / G_USEC_PER_SEC;
  DispatchNumbers *numbers = &dispatch->numbers;
  g_mutex_lock(&dispatch->numbers_lock);
  if (state == DELIVERY_ACCEPTED) {
    turn_ring(dispatch, second);
    dispatch->ring[second % G_N_ELEMENTS(dispatch->ring)] += (guint32)count;
    numbers->accepted += count;
  } else {
    numbers->deferred += state == DELIVERY_DEFERRED ? count : 0;
    numbers->failed += state == DELIVERY_FAILED ? count : 0;
    numbers->uncertain += state == DELIVERY_UNCERTAIN ? count : 0;
    numbers->commits += state == DELIVERY_IN_FLIGHT ? count : 0;
  }
  g_mutex_unlock(&dispatch->numbers_lock);
}

DispatchNumbers dispatch_numbers(Dispatch *dispatch) {
  gint64 second = g_get_monotonic_time() / G_USEC_PER_SEC;
  guint64 sum = 0;
  g_mutex_lock(&dispatch->numbers_lock);
  turn_ring(dispatch, second);
  for (gint64 i = 1; i <= 5; i++) { // whole seconds
    sum += dispatch->ring[(second - i + 8) % (gint64)G_N_ELEMENTS(dispatch->ring)];
  }
  DispatchNumbers numbers = dispatch->numbers;
  g_mutex_unlock(&dispatch->numbers_lock);
  numbers.rate = (gdouble)sum / 5;
  numbers.connections = (guint64)MAX(g_atomic_int_get(&dispatch->connections), 0);
  return numbers;
}

// ---- the loop -----------------------------------------------------------------------------------

typedef struct Filled { // as dispatch_fill.c posts it
  Dispatch *dispatch;
  GPtrArray *items;
} Filled;

static void pump(gpointer data) {
  Dispatch *dispatch = data;
  if (dispatch->fleet != NULL) {
    dispatch_fleet_pump(dispatch->fleet);
  } else {
    dispatch_outbox_pump(dispatch->outbox);
  }
}

void dispatch_pump_soon(Dispatch *dispatch) {
  event_timer_set(dispatch->pump, event_loop_now(dispatch->loop));
}

static void take_in(Dispatch *dispatch, DispatchItem *item) {
  if (dispatch->stopping || item->letter == NULL || g_atomic_int_get(&item->mailing->halted)) {
    dispatch_item_return(dispatch, item);
  } else if (item->pinned == NULL || dispatch->fleet == NULL ||
             !dispatch_fleet_pin(dispatch->fleet, item)) {
    dispatch_queue_put(dispatch->queue, item, FALSE);
  }
}

void dispatch_filled(gpointer data) {
  Filled *filled = data;
  for (guint i = 0; i < filled->items->len; i++) {
    take_in(filled->dispatch, filled->items->pdata[i]);
  }
  dispatch_pump_soon(filled->dispatch);
  g_ptr_array_unref(filled->items);
  g_free(filled);
}

void dispatch_give_back(Dispatch *dispatch, gboolean all) {
  GPtrArray *cleared[] = {dispatch_queue_clear(dispatch->queue, all),
                          dispatch->fleet != NULL ? dispatch_fleet_clear(dispatch->fleet, all)
                                                  : g_ptr_array_new()};
  for (guint n = 0; n < G_N_ELEMENTS(cleared); n++) {
    for (guint i = 0; i < cleared[n]->len; i++) {
      dispatch_item_return(dispatch, cleared[n]->pdata[i]);
    }
    g_ptr_array_unref(cleared[n]);
  }
}

static gpointer run_loop(gpointer data) {
  event_loop_run(((Dispatch *)data)->loop);
  return NULL;
}

// ---- beginning and end --------------------------------------------------------------------------

static void stop_overdue(gpointer data) {
  Dispatch *dispatch = data;
  if (dispatch->fleet != NULL) {
    dispatch_fleet_drop(dispatch->fleet);
  }
}

static void begin_stop(gpointer data) {
  Dispatch *dispatch = data;
  dispatch->stopping = TRUE;
  dispatch_give_back(dispatch, TRUE);
  if (dispatch->fleet != NULL) {
    dispatch_fleet_quit(dispatch->fleet);
  } else {
    dispatch_outbox_quit(dispatch->outbox);
  }
  event_timer_set(dispatch->stop_timer, dispatch->stop_at);
}

// After the journal's end nothing is under way; what still hangs on a connection is let go.
static void end_loop(gpointer data) {
  Dispatch *dispatch = data;
  stop_overdue(dispatch);
}

static void dispatch_free(Dispatch *dispatch) {
  dispatch_fleet_free(dispatch->fleet);
  dispatch_outbox_free(dispatch->outbox);
  dispatch_queue_free(dispatch->queue);
  event_timer_free(dispatch->pump);
  event_timer_free(dispatch->stop_timer);
  event_loop_free(dispatch->loop);
  g_mutex_clear(&dispatch->numbers_lock);
  g_free(dispatch);
}

static gboolean build(Dispatch *dispatch, GError **error) {
  dispatch->loop = event_loop_new(error);
  if (dispatch->loop == NULL) {
    return FALSE;
  }
  dispatch->pump = event_loop_timer(dispatch->loop, pump, dispatch);
  dispatch->stop_timer = event_loop_timer(dispatch->loop, stop_overdue, dispatch);
  dispatch->queue = dispatch_queue_new(dispatch);
  if (dispatch->options.relay_count > 0) {
    dispatch->fleet = dispatch_fleet_new(dispatch, error);
  } else {
    dispatch->outbox = dispatch_outbox_new(dispatch, error);
  }
  return dispatch->fleet != NULL || dispatch->outbox != NULL;
}

Dispatch *dispatch_start(const DispatchOptions *options, GError **error) {
  Dispatch *dispatch = g_new0(Dispatch, 1);
  dispatch->options = *options;
  g_mutex_init(&dispatch->numbers_lock);
  dispatch->ring_second = g_get_monotonic_time() / G_USEC_PER_SEC;
  if (!build(dispatch, error)) {
    dispatch_free(dispatch);
    return NULL;
  }
  dispatch_pump_soon(dispatch); // warm connections
  dispatch->fill = dispatch_fill_start(dispatch);
  dispatch->journal = dispatch_journal_start(dispatch);
  dispatch->loop_thread = g_thread_new("post-loop", run_loop, dispatch);
  return dispatch;
}

void dispatch_nudge(Dispatch *dispatch) {
  dispatch_journal_look(dispatch->journal);
}

void dispatch_stop(Dispatch *dispatch, guint seconds) {
  dispatch->stop_at = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
  event_loop_post(dispatch->loop, begin_stop, dispatch);
  dispatch_journal_stop(dispatch->journal, seconds);
  dispatch_fill_stop(dispatch->fill);
  event_loop_post(dispatch->loop, end_loop, dispatch);
  event_loop_stop(dispatch->loop);
  g_thread_join(dispatch->loop_thread);
  // What is left (the database was gone to the end) is this thread's now.
  while (dispatch->fleet != NULL && !dispatch_fleet_is_quiet(dispatch->fleet)) {
    event_loop_turn(dispatch->loop, 100);
  }
  event_loop_turn(dispatch->loop, 0);
  dispatch_give_back(dispatch, TRUE);
  dispatch_journal_free(dispatch->journal);
  dispatch_free(dispatch);
}
