// SPDX-License-Identifier: Apache-2.0
//
// Stories, their revisions, bylines, topics, corrections, lists and search <-> rows.
// See store/store.h for threads and errors. Arrays are GPtrArrays that free their items.
// Functions that change a published story keep the lists, the day counts and the
// search index right in the same transaction; bumping the site revision is the caller's.
#pragma once

#include "model/story.h"
#include "store/store.h"

Story *story_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // whole; NOT_FOUND
Story *story_rows_get_by_source(StoreTransaction *transaction, const char *source_key,
                                GError **error); // NOT_FOUND
// id, status, slug, section slug only: enough to redirect. NOT_FOUND.
Teaser *story_rows_get_address(StoreTransaction *transaction, gint64 id, StoryStatus *ret_status,
                               GError **error);

// Inserts story, bylines, topics, images and revision 1 (note). Bylines' authors, topics, section
// and images must have ids. If status is PUBLISHED it enters the lists. `zone` decides its day.
// Gives the id, 0 on error.
gint64 story_rows_insert(StoreTransaction *transaction, const Story *story, const char *note,
                         gint64 now, GTimeZone *zone, GError **error);
// Replaces the row and all that hangs on it but corrections, and keeps the new text as revision + 1
// when headline, standfirst or body differ from the newest revision (`note` NULL: keeps none; what
// readers don't see yet has its versions elsewhere, work_rows.h). Moves it in, out of and
// between lists as status, section, topics, authors and published_at say.
gboolean story_rows_update(StoreTransaction *transaction, const Story *story, const char *note,
                           gint64 now, GTimeZone *zone, GError **error);
GPtrArray *story_rows_revisions(StoreTransaction *transaction, gint64 id,
                                GError **error); // StoryRevision *, newest first
gint64 correction_rows_insert(StoreTransaction *transaction, const Correction *correction,
                              GError **error);

// Lists of published stories, newest first (published_at, then id).
GPtrArray *story_rows_list(StoreTransaction *transaction, Listing listing, guint64 offset,
                           guint limit,
                           GError **error); // Teaser *; fast at any offset (listing_day)
gint64 story_rows_count(StoreTransaction *transaction, Listing listing,
                        GError **error); // -1 on error
GPtrArray *story_rows_list_between(StoreTransaction *transaction, Listing listing, gint64 from,
                                   gint64 until, guint limit,
                                   GError **error); // Teaser *, from <= published_at < until
GPtrArray *story_rows_list_whole(StoreTransaction *transaction, Listing listing, guint limit,
                                 GError **error); // Story *, for feeds
GPtrArray *story_rows_list_by_ids(StoreTransaction *transaction, const gint64 *ids, guint count,
                                  GError **error); // Teaser *, published ones, in the order given
GPtrArray *
story_rows_related(StoreTransaction *transaction, const Story *story, guint limit,
                   GError **error); // Teaser *: shared topics first, then section; never itself
GArray *story_rows_days(StoreTransaction *transaction, Listing listing, gint32 from_day,
                        gint32 to_day,
                        GError **error); // DayCount, newest first, both ends included

// Puts all that is published to its days in `zone`, for a newspaper that changes its time zone.
gboolean story_rows_redate(StoreTransaction *transaction, GTimeZone *zone, GError **error);

// Readers' words, never an expression of the engine's: quoting is this function's. Newest of equal
// rank first.
GPtrArray *story_rows_search(StoreTransaction *transaction, const char *words, guint offset,
                             guint limit, gint64 *ret_total,
                             GError **error); // Teaser *; total is capped at 10000
GPtrArray *correction_rows_list(StoreTransaction *transaction, guint offset, guint limit,
                                GPtrArray **ret_stories,
                                GError **error); // Correction *; *ret_stories: Teaser * of each

GArray *story_rows_due(StoreTransaction *transaction, gint64 now,
                       GError **error); // gint64 ids scheduled at or before now, oldest first
gint64 story_rows_next_due(StoreTransaction *transaction,
                           GError **error); // instant; 0 none; -1 error

// Sitemaps: published stories with start_id <= id < end_id, ascending.
typedef struct SitemapEntry {
  gint64 id, published_at, updated_at;
  char *slug, *section_slug, *headline, *language;
} SitemapEntry;
GPtrArray *story_rows_sitemap(StoreTransaction *transaction, gint64 start_id, gint64 end_id,
                              guint limit, GError **error);
gint64 story_rows_max_id(StoreTransaction *transaction, GError **error); // -1 on error

// For the command line: any status, newest first. status -1: all. section_slug NULL: all.
GPtrArray *story_rows_list_any(StoreTransaction *transaction, gint status, const char *section_slug,
                               guint offset, guint limit, GError **error); // Story * without body
