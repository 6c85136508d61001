// SPDX-License-Identifier: Apache-2.0
//
// Implements watcher.h.
#include "app/watcher.h"

#include "base/log.h"
#include "store/site_rows.h"

enum { WAIT_MS = 400, RETRY_US = 500 * 1000 };

struct Watcher {
  WatcherOptions options;
  GThread *thread;
  GMutex lock; // guards stopping
  GCond wake;
  gboolean stopping;
  gboolean failing; // the thread's own
};

static gboolean look(Watcher *watcher, GError **error) {
  if (!store_wait_for_change(watcher->options.store, WAIT_MS, error)) {
    return FALSE;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(watcher->options.store, error);
  gint64 revision = transaction != NULL ? site_rows_revision(transaction, error) : -1;
  if (revision < 0) {
    return FALSE;
  }
  g_clear_pointer(&transaction, store_rollback);
  watcher->options.revision(revision, watcher->options.data);
  return TRUE;
}

static gboolean look_and_log(Watcher *watcher) {
  g_autoptr(GError) error = NULL;
  gboolean good = look(watcher, &error);
  if (!good && !watcher->failing) {
    log_write(LOG_ERROR, "the database can't be used, readers get the pages in memory: %s",
              error->message);
  } else if (good && watcher->failing) {
    log_write(LOG_INFO, "the database is back");
  }
  watcher->failing = !good;
  return good;
}

static gpointer run(gpointer data) {
  Watcher *watcher = data;
  g_mutex_lock(&watcher->lock);
  while (!watcher->stopping) {
    g_mutex_unlock(&watcher->lock);
    gboolean good = look_and_log(watcher);
    g_mutex_lock(&watcher->lock);
    gint64 until = g_get_monotonic_time() + RETRY_US;
    while (!good && !watcher->stopping &&
           g_cond_wait_until(&watcher->wake, &watcher->lock, until)) {
    }
  }
  g_mutex_unlock(&watcher->lock);
  return NULL;
}

Watcher *watcher_start(const WatcherOptions *options) {
  Watcher *watcher = g_new0(Watcher, 1);
  watcher->options = *options;
  g_mutex_init(&watcher->lock);
  g_cond_init(&watcher->wake);
  watcher->thread = g_thread_new("watcher", run, watcher);
  return watcher;
}

void watcher_stop(Watcher *watcher) {
  if (watcher == NULL) {
    return;
  }
  g_mutex_lock(&watcher->lock);
  watcher->stopping = TRUE;
  g_cond_signal(&watcher->wake);
  g_mutex_unlock(&watcher->lock);
  g_thread_join(watcher->thread);
  g_mutex_clear(&watcher->lock);
  g_cond_clear(&watcher->wake);
  g_free(watcher);
}
