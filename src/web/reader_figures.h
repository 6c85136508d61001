// SPDX-License-Identifier: Apache-2.0
//
// How many readers there are, by status and by newsletter, and how they came and went by day: kept
// a minute where counting takes long (figure_cache.h). Used by src/web/api_*.c.
#pragma once

#include "model/subscriber.h"
#include "web/website.h"

typedef struct ReaderFigures {
  gint64 of[SUBSCRIBER_SUPPRESSED + 1]; // by SubscriberStatus
  GHashTable *by_newsletter;            // gint64 id -> gint64 active subscriptions, both owned
} ReaderFigures;
// Not while the calling thread has a transaction open: these open one of their own, and threads
// that each hold one and wait for another would wait for ever.
gboolean reader_figures_get(Website *website, ReaderFigures *ret_figures, GError **error);
void reader_figures_clear(ReaderFigures *figures);
gint64 reader_figures_of(const ReaderFigures *figures, gint64 newsletter_id);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReaderFigures, reader_figures_clear)

typedef struct GrowthDay {
  gint64 joined, left, suppressed;
  gint64 active; // at the day's end
} GrowthDay;
// `days` of them up to today (UTC), the oldest first; newsletter_id 0: all readers. Caller unrefs.
GArray *reader_figures_growth(Website *website, gint64 newsletter_id, gint64 days, GError **error);
