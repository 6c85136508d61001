// SPDX-License-Identifier: Apache-2.0
//
// A progress bar on standard error, only when that is a terminal; at most ten times a second.
#pragma once

#include <glib.h>

typedef struct Progress {
  const char *what; // borrowed
  gboolean is_terminal, drawn;
  gint64 drawn_at;
} Progress;

void progress_begin(Progress *progress, const char *what);
void progress_show(guint64 done, guint64 total, gpointer progress); // total 0: not known
void progress_end(Progress *progress);                              // wipes the line
