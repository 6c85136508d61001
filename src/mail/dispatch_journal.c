// SPDX-License-Identifier: Apache-2.0
//
// The thread that talks to the database. What it does first: commits what waits for its dot and
// what was answered, together, as soon as something waits for its dot, and results alone within
// RESULTS_WAIT; then looks which mailings are being sent; then leases more. While the database is
// gone or its disk full, everything is kept and tried again, nothing new is begun, and it is said
// once. Called by the loop through dispatch_parts.h.
#include "mail/dispatch_journal.h"

#define RESULTS_WAIT (20 * 1000) // microseconds
#define RESULTS_MOST 512         // then they are not waited with
#define GATHER_MOST 1000         // how long a begin waits for others to share its commit
#define LOOK_PAUSE (1 * G_USEC_PER_SEC)
#define BEAT_PAUSE (10 * (gint64)G_USEC_PER_SEC)
#define RETRY_PAUSE (300 * 1000)
#define DOTS_WAIT_MOST (100 * (gint64)G_USEC_PER_SEC) // a relay waits 300 s for the dot, at least

gint64 dispatch_journal_now(DispatchJournal *journal) {
  gint64 now = clock_now(&journal->dispatch->options.clock);
  journal->highest_now = MAX(journal->highest_now, now);
  return journal->highest_now;
}

// ---- the database comes and goes ----------------------------------------------------------------

static void hold(DispatchJournal *journal, const char *why, const char *reason) {
  if (g_atomic_int_compare_and_exchange(&journal->dispatch->held, 0, 1)) {
    dispatch_say(journal->dispatch, "nothing is sent%s: %s", why, reason);
  }
}

static void pump(gpointer data) {
  dispatch_pump_soon(data);
}

static void go_on(DispatchJournal *journal) {
  journal->failing_since = 0;
  if (g_atomic_int_compare_and_exchange(&journal->dispatch->held, 1, 0)) {
    dispatch_say(journal->dispatch, "mail goes on");
    event_loop_post(journal->dispatch->loop, pump, journal->dispatch);
  }
}

static void fail(DispatchJournal *journal, const GError *error) {
  gint64 now = g_get_monotonic_time();
  journal->failing_since = journal->failing_since == 0 ? now : journal->failing_since;
  journal->retry_at = now + RETRY_PAUSE;
  hold(journal, " while the journal can't be written, it goes on by itself", error->message);
  if (now - journal->failing_since > DOTS_WAIT_MOST) {
    dispatch_round_give_up(journal);
  }
}

static gboolean check_epoch(DispatchJournal *journal, GError **error) {
  g_autofree char *stopped = NULL;
  if (!dispatch_epoch_check(journal->epoch, &stopped, error)) {
    return FALSE;
  }
  g_free(journal->stopped);
  journal->stopped = g_steal_pointer(&stopped);
  if (journal->stopped != NULL) {
    hold(journal, "", journal->stopped);
  }
  return TRUE;
}

// ---- one turn -----------------------------------------------------------------------------------

static void take_over(GPtrArray *from, GPtrArray *to) {
  g_ptr_array_extend(to, from, NULL, NULL);
  g_ptr_array_set_size(from, 0);
}

static gboolean beat(DispatchJournal *journal, GError **error) {
  gint64 owner = journal->owner;
  if (!dispatch_peers_beat(journal->peers, dispatch_journal_now(journal), &journal->owner, error)) {
    return FALSE;
  }
  journal->recover |= owner != journal->owner;
  journal->beat_at = g_get_monotonic_time() + BEAT_PAUSE;
  return TRUE;
}

static gboolean look(DispatchJournal *journal, GError **error) {
  journal->look_at = g_get_monotonic_time() + LOOK_PAUSE;
  if (!check_epoch(journal, error)) {
    return FALSE;
  }
  if (journal->stopped != NULL) {
    return TRUE;
  }
  return dispatch_claim_look(journal, error);
}

// Everything that can be done now, once.
static gboolean serve(DispatchJournal *journal, GError **error) {
  gint64 now = g_get_monotonic_time();
  gboolean commits = journal->begun->len > 0 || journal->settled->len > 0;
  // After a failure the heartbeat shows whether it can be written again.
  if (((now >= journal->beat_at || journal->failing_since != 0) && !beat(journal, error)) ||
      (commits && !dispatch_round_commit(journal, error))) {
    return FALSE;
  }
  if (commits) {
    journal->commit_took = (3 * journal->commit_took + g_get_monotonic_time() - now) / 4;
  }
  if (now >= journal->look_at && !look(journal, error)) {
    return FALSE;
  }
  gboolean claimed = FALSE;
  return !dispatch_claim_is_wanted(journal) || dispatch_claim_some(journal, &claimed, error);
}

// ---- when ---------------------------------------------------------------------------------------

// A commit costs the same for one and for many: what waits for its dot waits a little for the other
// connections, half as long as a commit takes, but not once half of them are here. (A connection
// may have two messages in hand, the second behind the first one's dot: they don't count here.)
static gint64 begins_at(const DispatchJournal *journal) {
  guint connections = (guint)MAX(g_atomic_int_get(&journal->dispatch->connections), 0);
  return journal->begins->len * 2 >= connections
             ? 0
             : journal->oldest_begin + MIN(journal->commit_took / 2, GATHER_MOST);
}

// Monotonic. Under the lock.
static gint64 next_turn(DispatchJournal *journal) {
  if (journal->failing_since != 0) {
    return journal->retry_at;
  }
  gint64 now = g_get_monotonic_time();
  if (journal->settled->len > 0 || journal->looked || journal->results->len >= RESULTS_MOST ||
      dispatch_claim_is_wanted(journal)) {
    return now;
  }
  gint64 at = MIN(journal->look_at, journal->beat_at);
  if (journal->begins->len > 0) {
    at = MIN(at, begins_at(journal));
  }
  if (journal->results->len > 0) {
    at = MIN(at, journal->oldest_result + RESULTS_WAIT);
  }
  gint64 due = dispatch_claim_next_due(journal);
  if (due != 0) {
    at = MIN(at, now + MAX(due - dispatch_journal_now(journal), 1000));
  }
  return at;
}

static gboolean is_finished(DispatchJournal *journal) {
  gboolean settled = g_hash_table_size(journal->claimed) == 0 && journal->begins->len == 0 &&
                     journal->results->len == 0;
  return journal->stopping &&
         (settled || (journal->failing_since != 0 && g_get_monotonic_time() >= journal->stop_at));
}

static void wait_for_work(DispatchJournal *journal) {
  for (gint64 at; !is_finished(journal) && (at = next_turn(journal)) > g_get_monotonic_time();) {
    if (!g_cond_wait_until(&journal->wake, &journal->lock, at)) {
      return;
    }
  }
}

static void turn(DispatchJournal *journal) {
  g_autoptr(GError) error = NULL;
  journal->ending = journal->stopping;
  take_over(journal->begins, journal->begun);
  take_over(journal->results, journal->settled);
  if (journal->looked) {
    journal->look_at = 0;
    journal->looked = FALSE;
  }
  g_mutex_unlock(&journal->lock);
  if (!serve(journal, &error)) {
    fail(journal, error);
  } else if (journal->stopped == NULL) {
    go_on(journal);
  } else {
    journal->failing_since = 0;
  }
  g_mutex_lock(&journal->lock);
}

static gpointer run(gpointer data) {
  DispatchJournal *journal = data;
  g_mutex_lock(&journal->lock);
  while (!is_finished(journal)) {
    wait_for_work(journal);
    turn(journal);
  }
  g_mutex_unlock(&journal->lock);
  if (journal->owner != 0) {
    g_autoptr(GError) error = NULL; // else the next one to look buries us
    dispatch_peers_leave(journal->peers, dispatch_journal_now(journal), journal->owner, &error);
  }
  g_mutex_lock(&journal->lock);
  journal->ended = TRUE;
  g_mutex_unlock(&journal->lock);
  return NULL;
}

// ---- what others call ---------------------------------------------------------------------------

DispatchJournal *dispatch_journal_start(Dispatch *dispatch) {
  DispatchJournal *journal = g_new0(DispatchJournal, 1);
  journal->dispatch = dispatch;
  g_mutex_init(&journal->lock);
  g_cond_init(&journal->wake);
  journal->begins = g_ptr_array_new();
  journal->results = g_ptr_array_new();
  journal->begun = g_ptr_array_new();
  journal->settled = g_ptr_array_new();
  journal->mailings = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
                                            (GDestroyNotify)dispatch_mailing_unref);
  journal->claimed = g_hash_table_new(dispatch_claim_hash, dispatch_claim_equal);
  journal->epoch = dispatch_epoch_open(dispatch);
  journal->peers = dispatch_peers_new(dispatch);
  journal->looked_boottime = dispatch_boottime();
  journal->thread = g_thread_new("post-journal", run, journal);
  return journal;
}

void dispatch_journal_begin(DispatchJournal *journal, DispatchItem *item) {
  g_mutex_lock(&journal->lock);
  if (journal->begins->len == 0) {
    journal->oldest_begin = g_get_monotonic_time();
  }
  g_ptr_array_add(journal->begins, item);
  if (journal->begins->len == 1 || begins_at(journal) == 0) {
    g_cond_signal(&journal->wake);
  }
  g_mutex_unlock(&journal->lock);
}

void dispatch_journal_settle(DispatchJournal *journal, DispatchItem *item) {
  g_mutex_lock(&journal->lock);
  if (journal->ended) {
    dispatch_item_free(item);
  } else {
    if (journal->results->len == 0) {
      journal->oldest_result = g_get_monotonic_time();
    }
    g_ptr_array_add(journal->results, item);
    if (journal->results->len == 1 || journal->results->len == RESULTS_MOST) {
      g_cond_signal(&journal->wake);
    }
  }
  g_mutex_unlock(&journal->lock);
}

void dispatch_journal_look(DispatchJournal *journal) {
  g_mutex_lock(&journal->lock);
  journal->looked = TRUE;
  g_cond_signal(&journal->wake);
  g_mutex_unlock(&journal->lock);
}

void dispatch_journal_stop(DispatchJournal *journal, guint seconds) {
  g_mutex_lock(&journal->lock);
  journal->stopping = TRUE;
  journal->stop_at = g_get_monotonic_time() + (gint64)(seconds + 1) * G_USEC_PER_SEC;
  g_cond_signal(&journal->wake);
  g_mutex_unlock(&journal->lock);
  g_thread_join(journal->thread);
}

static void free_items(GPtrArray *items) {
  for (guint i = 0; i < items->len; i++) {
    dispatch_item_free(items->pdata[i]);
  }
  g_ptr_array_unref(items);
}

void dispatch_journal_free(DispatchJournal *journal) {
  free_items(journal->results);
  free_items(journal->settled);
  free_items(journal->begins); // their connections are gone, and nobody answered
  free_items(journal->begun);
  g_hash_table_unref(journal->claimed);
  g_hash_table_unref(journal->mailings);
  dispatch_epoch_close(journal->epoch);
  dispatch_peers_free(journal->peers);
  g_free(journal->stopped);
  g_mutex_clear(&journal->lock);
  g_cond_clear(&journal->wake);
  g_free(journal);
}
