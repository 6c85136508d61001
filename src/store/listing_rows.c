// SPDX-License-Identifier: Apache-2.0
//
// Implements listing_rows.h and the lists of story_rows.h. A list is ordered by day (in the
// newspaper's zone), instant and id. Months and days are counted, so that the page at any
// offset is found by walking a few hundred counts, never the stories before it.
#include "store/listing_rows.h"

#include <string.h>

#include "base/clock.h"
#include "store/image_rows.h"
#include "store/story_rows.h"
#include "store/teaser_rows.h"

#define MONTH_FIRST 100001 // periods of six digits are months, of eight are days, 0 is all
#define MONTH_LAST 999912
#define DAY_LAST 99991231
#define RELATED_TOPICS 8      // of a story, looked at for related ones
#define RELATED_CANDIDATES 30 // newest of each topic

typedef struct Entry {
  gint64 kind, list_id, day, published_at;
} Entry;

Teaser *teaser_rows_read(StoreRows *rows, guint column) {
  Teaser *teaser = g_new0(Teaser, 1);
  teaser->id = store_row_integer(rows, column);
  teaser->slug = store_row_dup(rows, column + 1);
  teaser->headline = store_row_dup(rows, column + 2);
  teaser->standfirst = store_row_dup(rows, column + 3);
  teaser->kicker = store_row_dup(rows, column + 4);
  teaser->language = store_row_dup(rows, column + 5);
  teaser->byline_names = store_row_dup(rows, column + 6);
  teaser->published_at = store_row_integer(rows, column + 7);
  teaser->updated_at = store_row_integer(rows, column + 8);
  teaser->section_id = store_row_integer(rows, column + 9);
  teaser->section_slug = store_row_dup(rows, column + 10);
  teaser->section_name = store_row_dup(rows, column + 11);
  teaser->hero = image_rows_read(rows, column + 12);
  return teaser;
}

GPtrArray *teaser_rows_collect(StoreTransaction *transaction, QueryId query,
                               const StoreValue *values, gsize count, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) teasers = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(teasers, teaser_rows_read(rows, 0));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&teasers);
}

char *ids_join(const gint64 *ids, guint count) {
  GString *joined = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_string_append_printf(joined, "%s%" G_GINT64_FORMAT, i == 0 ? "" : ",", ids[i]);
  }
  return g_string_free(joined, FALSE);
}

static gboolean same_entry(const Entry *a, const Entry *b) {
  return a->kind == b->kind && a->list_id == b->list_id && a->day == b->day &&
         a->published_at == b->published_at;
}

static gboolean has_entry(const GArray *entries, const Entry *wanted) {
  for (guint i = 0; i < entries->len; i++) {
    if (same_entry(&g_array_index(entries, Entry, i), wanted)) {
      return TRUE;
    }
  }
  return FALSE;
}

static void want(GArray *entries, const Story *story, gint32 day, ListingKind kind,
                 gint64 list_id) {
  Entry entry = {kind, list_id, day, story->published_at};
  if (!has_entry(entries, &entry)) { // two bylines of one author are one entry
    g_array_append_val(entries, entry);
  }
}

static GArray *entries_wanted(const Story *story, GTimeZone *zone) {
  GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
  if (story->status != STORY_PUBLISHED) {
    return entries;
  }
  gint32 day = clock_day(story->published_at, zone);
  want(entries, story, day, LISTING_ALL, 0);
  if (story->section != NULL) {
    want(entries, story, day, LISTING_SECTION, story->section->id);
  }
  for (guint i = 0; i < story->topics->len; i++) {
    want(entries, story, day, LISTING_TOPIC,
         ((const Topic *)g_ptr_array_index(story->topics, i))->id);
  }
  for (guint i = 0; i < story->bylines->len; i++) {
    want(entries, story, day, LISTING_AUTHOR,
         ((const Byline *)g_ptr_array_index(story->bylines, i))->author->id);
  }
  return entries;
}

static gboolean entries_read(StoreTransaction *transaction, gint64 id, GArray *entries,
                             GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_LISTING_ENTRIES_OF_STORY,
                                          STORE_VALUES(store_integer(id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Entry entry = {store_row_integer(rows, 0), store_row_integer(rows, 1),
                   store_row_integer(rows, 2), store_row_integer(rows, 3)};
    g_array_append_val(entries, entry);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static gboolean count_period(StoreTransaction *transaction, const Entry *entry, gint64 period,
                             gint step, GError **error) {
  return store_execute(transaction, QUERY_LISTING_COUNT_ADD,
                       STORE_VALUES(store_integer(entry->kind), store_integer(entry->list_id),
                                    store_integer(period), store_integer(step)),
                       error) >= 0;
}

// `step` 1: enters its list; -1: leaves it.
static gboolean entry_move(StoreTransaction *transaction, gint64 id, const Entry *entry, gint step,
                           GError **error) {
  QueryId query = step > 0 ? QUERY_LISTING_ENTRY_INSERT : QUERY_LISTING_ENTRY_DELETE;
  return store_execute(transaction, query,
                       STORE_VALUES(store_integer(entry->kind), store_integer(entry->list_id),
                                    store_integer(entry->day), store_integer(entry->published_at),
                                    store_integer(id)),
                       error) >= 0 &&
         count_period(transaction, entry, 0, step, error) &&
         count_period(transaction, entry, entry->day / 100, step, error) &&
         count_period(transaction, entry, entry->day, step, error);
}

// Those of `entries` that are not in `others`.
static gboolean entries_move(StoreTransaction *transaction, gint64 id, const GArray *entries,
                             const GArray *others, gint step, GError **error) {
  for (guint i = 0; i < entries->len; i++) {
    const Entry *entry = &g_array_index(entries, Entry, i);
    if (!has_entry(others, entry) && !entry_move(transaction, id, entry, step, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean listing_rows_place(StoreTransaction *transaction, gint64 id, const Story *story,
                            gboolean is_new, GTimeZone *zone, GError **error) {
  g_autoptr(GArray) old = g_array_new(FALSE, FALSE, sizeof(Entry));
  g_autoptr(GArray) wanted = entries_wanted(story, zone);
  return (is_new || entries_read(transaction, id, old, error)) &&
         entries_move(transaction, id, old, wanted, -1, error) &&
         entries_move(transaction, id, wanted, old, 1, error);
}

static gboolean redate_between(StoreTransaction *transaction, gint64 from, gint64 until,
                               gint32 offset, GError **error) {
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  return store_execute(transaction, QUERY_LISTING_REDATE,
                       STORE_VALUES(store_integer(from), store_integer(until),
                                    store_integer(offset),
                                    store_integer(clock_day(from - CLOCK_DAY, utc)),
                                    store_integer(clock_day(until + CLOCK_DAY, utc))),
                       error) >= 0;
}

static gboolean recount(StoreTransaction *transaction, GError **error) {
  return store_execute(transaction, QUERY_LISTING_COUNT_CLEAR, STORE_NO_VALUES, error) >= 0 &&
         store_execute(transaction, QUERY_LISTING_COUNT_MAKE, STORE_VALUES(store_integer(1)),
                       error) >= 0 &&
         store_execute(transaction, QUERY_LISTING_COUNT_MAKE, STORE_VALUES(store_integer(100)),
                       error) >= 0;
}

// FALSE with *error untouched: nothing is published.
static gboolean find_bounds(StoreTransaction *transaction, gint64 *ret_first, gint64 *ret_last,
                            GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_LISTING_BOUNDS, STORE_NO_VALUES, error);
  if (rows == NULL || !store_rows_next(rows, error)) {
    return FALSE;
  }
  *ret_first = store_row_integer(rows, 0);
  *ret_last = store_row_integer(rows, 1);
  return TRUE;
}

gboolean story_rows_redate(StoreTransaction *transaction, GTimeZone *zone, GError **error) {
  GError *failure = NULL;
  gint64 from = 0;
  gint64 last = 0;
  if (!find_bounds(transaction, &from, &last, &failure)) {
    if (failure != NULL) {
      g_propagate_error(error, failure);
    }
    return failure == NULL;
  }
  while (from <= last) {
    gint64 until = 0;
    gint32 offset = clock_offset(from, zone, last + CLOCK_SECOND, &until);
    if (!redate_between(transaction, from, until, offset, error)) {
      return FALSE;
    }
    from = until;
  }
  return recount(transaction, error);
}

// Walks the counts of periods from `newest` down to `oldest` until *offset falls into one; takes
// those before it off *offset. *ret_period 0: the offset is beyond the last.
static gboolean find_period(StoreTransaction *transaction, Listing listing, gint64 oldest,
                            gint64 newest, guint64 *offset, gint64 *ret_period, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_LISTING_PERIODS,
                  STORE_VALUES(store_integer(listing.kind), store_integer(listing.id),
                               store_integer(oldest), store_integer(newest)),
                  error);
  if (rows == NULL) {
    return FALSE;
  }
  *ret_period = 0;
  GError *failure = NULL;
  while (*ret_period == 0 && store_rows_next(rows, &failure)) {
    guint64 stories = (guint64)store_row_integer(rows, 1);
    if (*offset < stories) {
      *ret_period = store_row_integer(rows, 0);
    } else {
      *offset -= stories;
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

// The day that holds the story at *offset, and what is left of *offset within it.
static gboolean find_day(StoreTransaction *transaction, Listing listing, guint64 *offset,
                         gint64 *ret_day, GError **error) {
  gint64 month = 0;
  if (!find_period(transaction, listing, MONTH_FIRST, MONTH_LAST, offset, &month, error)) {
    return FALSE;
  }
  *ret_day = 0;
  return month == 0 ||
         find_period(transaction, listing, month * 100, month * 100 + 99, offset, ret_day, error);
}

static GPtrArray *list_from_day(StoreTransaction *transaction, Listing listing, gint64 day,
                                guint64 offset, guint limit, GError **error) {
  return teaser_rows_collect(transaction, QUERY_LISTING_PAGE,
                             STORE_VALUES(store_integer(listing.kind), store_integer(listing.id),
                                          store_integer(day), store_integer(limit),
                                          store_integer((gint64)offset)),
                             error);
}

GPtrArray *story_rows_list(StoreTransaction *transaction, Listing listing, guint64 offset,
                           guint limit, GError **error) {
  if (offset == 0) {
    return list_from_day(transaction, listing, DAY_LAST, 0, limit, error);
  }
  gint64 day = 0;
  if (!find_day(transaction, listing, &offset, &day, error)) {
    return NULL;
  }
  if (day == 0) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  }
  return list_from_day(transaction, listing, day, offset, limit, error);
}

gint64 story_rows_count(StoreTransaction *transaction, Listing listing, GError **error) {
  g_autoptr(GError) failure = NULL;
  gint64 count = 0;
  if (store_query_integer(transaction, QUERY_LISTING_TOTAL,
                          STORE_VALUES(store_integer(listing.kind), store_integer(listing.id)),
                          &count, &failure)) {
    return count;
  }
  if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    return 0;
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return -1;
}

GPtrArray *story_rows_list_between(StoreTransaction *transaction, Listing listing, gint64 from,
                                   gint64 until, guint limit, GError **error) {
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gint64 furthest =
      G_GINT64_CONSTANT(253370764800) * CLOCK_SECOND; // the year 9999, as far as days reach
  gint32 from_day = clock_day(CLAMP(from, CLOCK_DAY, furthest) - CLOCK_DAY, utc);
  gint32 until_day = clock_day(CLAMP(until, 0, furthest) + CLOCK_DAY, utc);
  return teaser_rows_collect(transaction, QUERY_LISTING_BETWEEN,
                             STORE_VALUES(store_integer(listing.kind), store_integer(listing.id),
                                          store_integer(from <= CLOCK_DAY ? 0 : from_day),
                                          store_integer(until_day), store_integer(from),
                                          store_integer(until), store_integer(limit)),
                             error);
}

GPtrArray *story_rows_list_by_ids(StoreTransaction *transaction, const gint64 *ids, guint count,
                                  GError **error) {
  g_autofree char *joined = ids_join(ids, count);
  g_autoptr(GPtrArray) found = count == 0
                                   ? g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free)
                                   : teaser_rows_collect(transaction, QUERY_LISTING_BY_IDS,
                                                         STORE_VALUES(store_text(joined)), error);
  if (found == NULL) {
    return NULL;
  }
  g_autoptr(GHashTable) by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < found->len; i++) {
    Teaser *teaser = g_ptr_array_index(found, i);
    if (g_hash_table_contains(by_id, &teaser->id)) {
      teaser_free(teaser); // asked for twice
    } else {
      g_hash_table_insert(by_id, &teaser->id, teaser);
    }
  }
  GPtrArray *ordered = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  for (guint i = 0; i < count; i++) {
    Teaser *teaser = g_hash_table_lookup(by_id, &ids[i]);
    if (teaser != NULL) {
      g_hash_table_remove(by_id, &ids[i]); // an id given twice comes once
      g_ptr_array_add(ordered, teaser);
    }
  }
  // Every one found was asked for, so all of them have moved.
  g_ptr_array_set_free_func(found, NULL);
  return ordered;
}

GArray *story_rows_days(StoreTransaction *transaction, Listing listing, gint32 from_day,
                        gint32 to_day, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_LISTING_PERIODS,
                  STORE_VALUES(store_integer(listing.kind), store_integer(listing.id),
                               store_integer(MAX(from_day, MONTH_LAST + 1)), store_integer(to_day)),
                  error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(DayCount));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    DayCount count = {(gint32)store_row_integer(rows, 0), store_row_integer(rows, 1)};
    g_array_append_val(days, count);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&days);
}

typedef struct Candidate {
  gint64 id, published_at;
  guint shared; // topics in common
} Candidate;

static gint compare_candidates(gconstpointer a, gconstpointer b) {
  const Candidate *x = a, *y = b;
  if (x->shared != y->shared) {
    return x->shared > y->shared ? -1 : 1;
  }
  if (x->published_at != y->published_at) {
    return x->published_at > y->published_at ? -1 : 1;
  }
  return x->id > y->id ? -1 : x->id < y->id ? 1 : 0;
}

static void add_candidate(GArray *candidates, gint64 id, gint64 published_at, guint shared) {
  for (guint i = 0; i < candidates->len; i++) {
    Candidate *candidate = &g_array_index(candidates, Candidate, i);
    if (candidate->id == id) {
      candidate->shared += shared;
      return;
    }
  }
  Candidate candidate = {id, published_at, shared};
  g_array_append_val(candidates, candidate);
}

static gboolean add_newest(StoreTransaction *transaction, Listing listing, guint limit,
                           gint64 except, guint shared, GArray *candidates, GError **error) {
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_LISTING_NEWEST_IDS,
      STORE_VALUES(store_integer(listing.kind), store_integer(listing.id), store_integer(limit)),
      error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    if (store_row_integer(rows, 0) != except) {
      add_candidate(candidates, store_row_integer(rows, 0), store_row_integer(rows, 1), shared);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

GPtrArray *story_rows_related(StoreTransaction *transaction, const Story *story, guint limit,
                              GError **error) {
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
  for (guint i = 0; i < MIN(story->topics->len, RELATED_TOPICS); i++) {
    const Topic *topic = g_ptr_array_index(story->topics, i);
    Listing listing = {LISTING_TOPIC, topic->id};
    if (!add_newest(transaction, listing, RELATED_CANDIDATES, story->id, 1, candidates, error)) {
      return NULL;
    }
  }
  if (candidates->len < limit && story->section != NULL) {
    Listing listing = {LISTING_SECTION, story->section->id};
    // Its newest may be itself and those found already.
    if (!add_newest(transaction, listing, limit + candidates->len + 1, story->id, 0, candidates,
                    error)) {
      return NULL;
    }
  }
  g_array_sort(candidates, compare_candidates);
  guint count = MIN(candidates->len, limit);
  g_autofree gint64 *ids = g_new(gint64, MAX(count, 1));
  for (guint i = 0; i < count; i++) {
    ids[i] = g_array_index(candidates, Candidate, i).id;
  }
  return story_rows_list_by_ids(transaction, ids, count, error);
}
