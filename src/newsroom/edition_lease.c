// SPDX-License-Identifier: Apache-2.0
//
// Implements edition_lease.h. A renewal that fails is tried again at its next turn; one that finds
// another process in its place changes nothing, and the edition's end will say so.
#include "newsroom/edition_lease.h"

#include "store/edition_rows.h"

#define RENEWED_EVERY (10 * G_USEC_PER_SEC)

struct EditionLease {
  Newsroom *newsroom;
  gint32 day;
  gint64 until; // the thread's while it runs
  GMutex lock;
  GCond wake;
  gboolean stopping; // under the lock
  GThread *thread;
};

static void renew(EditionLease *lease) {
  g_auto(Change) change = {0};
  gboolean renewed = FALSE;
  if (!change_begin(&change, lease->newsroom, NULL)) {
    return;
  }
  gint64 until = change.now + EDITION_LEASE;
  if (until > lease->until &&
      edition_rows_renew(change.transaction, lease->day, lease->until, until, &renewed, NULL) &&
      renewed && change_commit(&change, FALSE, NULL)) {
    lease->until = until;
  }
}

static gpointer run(gpointer data) {
  EditionLease *lease = data;
  g_mutex_lock(&lease->lock);
  while (!lease->stopping) {
    gint64 next = g_get_monotonic_time() + RENEWED_EVERY;
    while (!lease->stopping && g_cond_wait_until(&lease->wake, &lease->lock, next)) {
    }
    g_mutex_unlock(&lease->lock);
    renew(lease);
    g_mutex_lock(&lease->lock);
  }
  g_mutex_unlock(&lease->lock);
  return NULL;
}

EditionLease *edition_lease_start(Newsroom *newsroom, gint32 day, gint64 until) {
  EditionLease *lease = g_new0(EditionLease, 1);
  lease->newsroom = newsroom;
  lease->day = day;
  lease->until = until;
  g_mutex_init(&lease->lock);
  g_cond_init(&lease->wake);
  lease->thread = g_thread_new("edition lease", run, lease);
  return lease;
}

gint64 edition_lease_stop(EditionLease *lease) {
  g_mutex_lock(&lease->lock);
  lease->stopping = TRUE;
  g_cond_signal(&lease->wake);
  g_mutex_unlock(&lease->lock);
  g_thread_join(lease->thread);
  gint64 until = lease->until;
  g_mutex_clear(&lease->lock);
  g_cond_clear(&lease->wake);
  g_free(lease);
  return until;
}
