// SPDX-License-Identifier: Apache-2.0
//
// Page views, counted without knowing who reads: no cookie, no address, no browser; only which
// story or section, and the host that a reader came from. Kept in memory and written out in batches
// (views_flush). See newsroom.h.
#pragma once

#include "newsroom/newsroom.h"

typedef enum ViewKind {
  VIEW_DAY_ALL = 0, // period: the day, 20261125
  VIEW_DAY_STORY = 1,
  VIEW_DAY_SECTION = 2,
  VIEW_DAY_REFERRER = 3, // of all (noun 0) or of a story
  VIEW_MINUTE_ALL = 10,  // period: minutes since 1970; kept for two hours
  VIEW_MINUTE_STORY = 11,
  VIEW_MINUTE_SECTION = 12,
  VIEW_MINUTE_REFERRER = 13
} ViewKind;

typedef struct Views Views;
Views *views_new(void);
void views_free(Views *views);
// One more. `path`: of the page as the reader has it; what is no page of ours counts for the whole
// only. `referrer`: a host or an address, "" none; untrusted. Any thread.
void views_count(Views *views, const Site *site, const char *path, const char *referrer,
                 gint64 now);
gboolean views_flush(Views *views, Newsroom *newsroom, GError **error);

typedef struct ViewTotal {
  gint64 key; // period, or noun
  char *referrer;
  gint64 views;
} ViewTotal;
void view_total_free(ViewTotal *total);
// Of each period that has any, ascending. ViewTotal *.
GPtrArray *views_by_period(StoreTransaction *transaction, ViewKind kind, gint64 noun_id,
                           gint64 from, gint64 until, GError **error);
GPtrArray *views_top_nouns(StoreTransaction *transaction, ViewKind kind, gint64 from, gint64 until,
                           guint limit, GError **error);
GPtrArray *views_top_referrers(StoreTransaction *transaction, ViewKind kind, gint64 noun_id,
                               gint64 from, gint64 until, guint limit, GError **error);
