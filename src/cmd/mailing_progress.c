// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing_progress.h.
#include "cmd/mailing_progress.h"

#include <stdio.h>
#include <unistd.h>

#include "store/mailing_rows.h"

enum { BAR = 24 };
#define DRAW_PAUSE (100 * 1000)
#define LINE_PAUSE (5 * (gint64)G_USEC_PER_SEC)
#define SAMPLES G_N_ELEMENTS(((MailingProgress *)NULL)->at)

void mailing_progress_begin(MailingProgress *progress, gint64 mailing_id) {
  *progress = (MailingProgress){
      .mailing_id = mailing_id, .is_terminal = isatty(STDERR_FILENO) == 1, .told = -1};
}

static gint64 queued(const MailingCounts *counts) {
  return mailing_counts_pending(counts) + counts->of[DELIVERY_DEFERRED];
}

static void sample(MailingProgress *progress, gint64 now) {
  guint last = (progress->samples + SAMPLES - 1) % SAMPLES;
  if (progress->samples > 0 && now - progress->at[last] < 250 * 1000) {
    return;
  }
  guint place = progress->samples++ % SAMPLES;
  progress->at[place] = now;
  progress->settled[place] = progress->counts.planned - queued(&progress->counts);
}

// Over the last eight seconds.
static gdouble rate_of(const MailingProgress *progress) {
  guint count = MIN(progress->samples, SAMPLES);
  if (count < 2) {
    return 0;
  }
  guint newest = (progress->samples - 1) % SAMPLES;
  guint oldest = progress->samples > SAMPLES ? progress->samples % SAMPLES : 0;
  gint64 time = progress->at[newest] - progress->at[oldest];
  gint64 settled = progress->settled[newest] - progress->settled[oldest];
  return time > 0 ? (gdouble)settled * G_USEC_PER_SEC / (gdouble)time : 0;
}

static char *time_left(const MailingProgress *progress, gdouble rate) {
  gint64 left = queued(&progress->counts);
  if (left == 0 || rate < 0.01) {
    return g_strdup("");
  }
  gint64 seconds = (gint64)((gdouble)left / rate) + 1;
  return seconds >= 3600
             ? g_strdup_printf(", %" G_GINT64_FORMAT ":%02d h left", seconds / 3600,
                               (int)(seconds / 60 % 60))
             : g_strdup_printf(", %d:%02d left", (int)(seconds / 60), (int)(seconds % 60));
}

static char *figures(const MailingProgress *progress) {
  const gint64 *of = progress->counts.of;
  gdouble rate = rate_of(progress);
  g_autofree char *left = time_left(progress, rate);
  return g_strdup_printf(
      "%" G_GINT64_FORMAT " queued, %" G_GINT64_FORMAT " sent, %" G_GINT64_FORMAT
      " deferred, %" G_GINT64_FORMAT " failed, %" G_GINT64_FORMAT " uncertain, %.0f/s%s",
      mailing_counts_pending(&progress->counts), of[DELIVERY_ACCEPTED], of[DELIVERY_DEFERRED],
      of[DELIVERY_FAILED], of[DELIVERY_UNCERTAIN], rate, left);
}

static void draw(MailingProgress *progress, gint64 now) {
  gint64 planned = progress->counts.planned;
  gint64 settled = planned - queued(&progress->counts);
  gint64 pause = progress->is_terminal ? DRAW_PAUSE : LINE_PAUSE;
  if (now - progress->drawn_at < pause) {
    return;
  }
  progress->drawn_at = now;
  g_autofree char *text = figures(progress);
  if (progress->is_terminal) {
    int full = planned > 0 ? (int)(settled * BAR / planned) : 0;
    fprintf(stderr, "\r[%.*s%*s] %s\033[K", full, "########################", BAR - full, "", text);
    progress->drawn = TRUE;
  } else if (settled != progress->told) {
    puts(text);
    fflush(stdout);
    progress->told = settled;
  }
}

gboolean mailing_progress_show(MailingProgress *progress, Store *store, gboolean *ret_over,
                               GError **error) {
  gint64 now = g_get_monotonic_time();
  g_autoptr(StoreTransaction) transaction = store_begin_read(store, error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, progress->mailing_id, error) : NULL;
  if (mailing == NULL ||
      !mailing_rows_counts(transaction, progress->mailing_id, &progress->counts, error)) {
    return FALSE;
  }
  progress->state = mailing->state;
  g_strlcpy(progress->reason, mailing->state_reason, sizeof progress->reason);
  sample(progress, now);
  draw(progress, now);
  *ret_over = mailing->state >= MAILING_PAUSED;
  return TRUE;
}

void mailing_progress_end(MailingProgress *progress) {
  const MailingCounts *counts = &progress->counts;
  if (progress->drawn) {
    fputs("\r\033[K", stderr);
  }
  printf("mailing %" G_GINT64_FORMAT " is %s%s%s: %" G_GINT64_FORMAT " planned",
         progress->mailing_id, mailing_state_name(progress->state),
         progress->reason[0] != '\0' ? ", " : "", progress->reason, counts->planned);
  if (mailing_counts_pending(counts) > 0) {
    printf(", %" G_GINT64_FORMAT " pending", mailing_counts_pending(counts));
  }
  for (int state = DELIVERY_ACCEPTED; state < DELIVERY_STATES; state++) {
    if (counts->of[state] > 0) {
      printf(", %" G_GINT64_FORMAT " %s", counts->of[state],
             delivery_state_name((DeliveryState)state));
    }
  }
  putchar('\n');
}
