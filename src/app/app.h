// SPDX-License-Identifier: Apache-2.0
//
// Serves one opened newspaper until it is told to stop: builds the press, the website, the page
// cache, the HTTP server, the scheduler and the revision watcher, each with only what it needs, and
// takes them down again in the other order. Called by cmd_serve and cmd_demo.
#pragma once

#include "app/paper.h"

typedef struct AppOptions {
  const char *listen; // NULL: the configuration's
  gint64 port;        // -1: the configuration's; 0: any free one
  // Called once, when readers can be served. `set_up`: the one-time address that makes the owner;
  // NULL: there is one.
  void (*ready)(const char *url, const char *set_up, gpointer data);
  gpointer data;
} AppOptions;

// To be called at the start of the process, before any thread is: from then on SIGINT, SIGTERM and
// SIGHUP wait for app_serve, and a reader who hangs up (SIGPIPE) is an error of his write only.
void app_hold_signals(void);
// Blocks until SIGINT, SIGTERM or SIGHUP; then lets running answers end, two seconds at most.
// FALSE: it could not start.
gboolean app_serve(Paper *paper, const AppOptions *options, GError **error);
