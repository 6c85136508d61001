// SPDX-License-Identifier: Apache-2.0
//
// Implements progress.h.
#include "cmd/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR = 30 };

void progress_begin(Progress *progress, const char *what) {
  *progress = (Progress){.what = what, .is_terminal = isatty(STDERR_FILENO) == 1};
}

void progress_show(guint64 done, guint64 total, gpointer data) {
  Progress *progress = data;
  gint64 now = g_get_monotonic_time();
  if (!progress->is_terminal ||
      (progress->drawn && done != total && now - progress->drawn_at < 100 * 1000)) {
    return;
  }
  progress->drawn = TRUE;
  progress->drawn_at = now;
  if (total == 0) {
    fprintf(stderr, "\r%s %" G_GUINT64_FORMAT "\033[K", progress->what, done);
    return;
  }
  int full = (int)(MIN(done, total) * BAR / total);
  fprintf(stderr, "\r%s [%.*s%*s] %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "\033[K",
          progress->what, full, "##############################", BAR - full, "", done, total);
}

void progress_end(Progress *progress) {
  if (progress->drawn) {
    fputs("\r\033[K", stderr);
  }
}
