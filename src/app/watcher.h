// SPDX-License-Identifier: Apache-2.0
//
// The revision watcher: one thread that learns of changes made by other processes and machines
// (store_wait_for_change) and tells the newest site revision. A database that is gone is
// said once in the log; meanwhile the pages in the cache go on being served, and it is tried again
// twice a second.
#pragma once

#include "store/store.h"

typedef struct WatcherOptions {
  Store *store; // borrowed
  void (*revision)(gint64 revision,
                   gpointer data); // called on the watcher's thread, after every possible change
  gpointer data;
} WatcherOptions;

typedef struct Watcher Watcher;
Watcher *watcher_start(const WatcherOptions *options);
void watcher_stop(Watcher *watcher); // joins (within half a second) and frees; NULL is allowed
