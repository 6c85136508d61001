// SPDX-License-Identifier: Apache-2.0
//
// Implements views.h. What is counted between two flushes stands in one table, bounded, so that a
// flood of beacons costs memory of ours only once.
#include "newsroom/views.h"

#include <string.h>

#include "model/address.h"
#include "newsroom/change.h"

#define MOST_KEYS 20000
#define MINUTES_KEPT 120
#define REFERRER_BYTES 100

typedef struct ViewKey {
  gint kind;
  gint64 period, noun_id;
  char *referrer;
} ViewKey;

struct Views {
  GMutex lock;        // guards counts
  GHashTable *counts; // ViewKey * -> count
};

static guint key_hash(gconstpointer data) {
  const ViewKey *key = data;
  return g_str_hash(key->referrer) ^ (guint)key->kind * 31 ^ (guint)key->period * 131 ^
         (guint)key->noun_id * 1031;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const ViewKey *left = a;
  const ViewKey *right = b;
  return left->kind == right->kind && left->period == right->period &&
         left->noun_id == right->noun_id && strcmp(left->referrer, right->referrer) == 0;
}

static void key_free(gpointer data) {
  g_free(((ViewKey *)data)->referrer);
  g_free(data);
}

static GHashTable *counts_new(void) {
  return g_hash_table_new_full(key_hash, key_equal, key_free, NULL);
}

Views *views_new(void) {
  Views *views = g_new0(Views, 1);
  g_mutex_init(&views->lock);
  views->counts = counts_new();
  return views;
}

void views_free(Views *views) {
  if (views != NULL) {
    g_hash_table_unref(views->counts);
    g_mutex_clear(&views->lock);
    g_free(views);
  }
}

static void add(Views *views, ViewKind kind, gint64 period, gint64 noun_id, const char *referrer) {
  ViewKey key = {(gint)kind, period, noun_id, (char *)referrer};
  guint count = GPOINTER_TO_UINT(g_hash_table_lookup(views->counts, &key));
  if (count == 0 && g_hash_table_size(views->counts) >= MOST_KEYS) {
    return;
  }
  ViewKey *owned = g_new(ViewKey, 1);
  *owned = (ViewKey){(gint)kind, period, noun_id, g_strdup(referrer)};
  g_hash_table_replace(views->counts, owned, GUINT_TO_POINTER(count + 1));
}

// "https://www.example.org/x" and "www.example.org" are "example.org"; our own host is "".
static char *referrer_host(const Site *site, const char *text) {
  g_autofree char *host = NULL;
  if (text == NULL || *text == '\0' || strlen(text) > 2000) {
    return g_strdup("");
  }
  if (strstr(text, "://") != NULL) {
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    host = g_strdup(uri != NULL && g_uri_get_host(uri) != NULL ? g_uri_get_host(uri) : "");
  } else {
    host = g_strdup(text);
  }
  g_autofree char *lower = g_ascii_strdown(host, -1);
  const char *bare = g_str_has_prefix(lower, "www.") ? lower + 4 : lower;
  g_autofree char *own = site_host(site);
  gboolean good = strlen(bare) <= REFERRER_BYTES &&
                  strspn(bare, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(bare) &&
                  strcmp(bare, g_str_has_prefix(own, "www.") ? own + 4 : own) != 0;
  return g_strdup(good ? bare : "");
}

static gint64 section_of(const Site *site, const char *path) {
  g_auto(GStrv) parts = g_strsplit(path[0] == '/' ? path + 1 : path, "/", 2);
  const Section *section = parts[0] != NULL ? site_section_by_slug(site, parts[0]) : NULL;
  return section != NULL ? section->id : 0;
}

void views_count(Views *views, const Site *site, const char *path, const char *referrer,
                 gint64 now) {
  gint64 day = clock_day(now, site->zone);
  gint64 minute = now / (60 * CLOCK_SECOND);
  gint64 story = 0;
  gint64 section = section_of(site, path);
  g_autofree char *host = referrer_host(site, referrer);
  gboolean is_story = address_parse_story(slice_of(path), &story);
  g_mutex_lock(&views->lock);
  add(views, VIEW_DAY_ALL, day, 0, "");
  add(views, VIEW_MINUTE_ALL, minute, 0, "");
  add(views, VIEW_DAY_REFERRER, day, 0, host);
  add(views, VIEW_MINUTE_REFERRER, minute, 0, host);
  if (is_story) {
    add(views, VIEW_DAY_STORY, day, story, "");
    add(views, VIEW_MINUTE_STORY, minute, story, "");
    add(views, VIEW_DAY_REFERRER, day, story, host);
  }
  if (section != 0) {
    add(views, VIEW_DAY_SECTION, day, section, "");
    add(views, VIEW_MINUTE_SECTION, minute, section, "");
  }
  g_mutex_unlock(&views->lock);
}

static gboolean write_out(Change *change, GHashTable *counts, GError **error) {
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer count = NULL;
  g_hash_table_iter_init(&iter, counts);
  while (g_hash_table_iter_next(&iter, &key, &count)) {
    const ViewKey *one = key;
    if (store_execute(change->transaction, QUERY_VIEW_ADD,
                      STORE_VALUES(store_integer(one->kind), store_integer(one->period),
                                   store_integer(one->noun_id), store_text(one->referrer),
                                   store_integer(GPOINTER_TO_UINT(count))),
                      error) < 0) {
      return FALSE;
    }
  }
  gint64 oldest = change->now / (60 * CLOCK_SECOND) - MINUTES_KEPT;
  return store_execute(change->transaction, QUERY_VIEW_FORGET, STORE_VALUES(store_integer(oldest)),
                       error) >= 0;
}

gboolean views_flush(Views *views, Newsroom *newsroom, GError **error) {
  g_auto(Change) change = {0};
  g_mutex_lock(&views->lock);
  GHashTable *taken = views->counts;
  gboolean any = g_hash_table_size(taken) > 0;
  if (any) {
    views->counts = counts_new();
  }
  g_mutex_unlock(&views->lock);
  if (!any) {
    return TRUE;
  }
  g_autoptr(GHashTable) counts = taken;
  return change_begin(&change, newsroom, error) && write_out(&change, counts, error) &&
         change_commit(&change, FALSE, error);
}

// ---- asked for --------------------------------------------------------------------------------

void view_total_free(ViewTotal *total) {
  if (total != NULL) {
    g_free(total->referrer);
    g_free(total);
  }
}

static GPtrArray *read_totals(StoreTransaction *transaction, QueryId query,
                              const StoreValue *values, gsize count, gboolean by_text,
                              GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) totals = g_ptr_array_new_with_free_func((GDestroyNotify)view_total_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    ViewTotal *total = g_new0(ViewTotal, 1);
    total->key = by_text ? 0 : store_row_integer(rows, 0);
    total->referrer = by_text ? store_row_dup(rows, 0) : NULL;
    total->views = store_row_integer(rows, 1);
    g_ptr_array_add(totals, total);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&totals);
}

GPtrArray *views_by_period(StoreTransaction *transaction, ViewKind kind, gint64 noun_id,
                           gint64 from, gint64 until, GError **error) {
  return read_totals(transaction, QUERY_VIEW_BY_PERIOD,
                     STORE_VALUES(store_integer(kind), store_integer(noun_id), store_integer(from),
                                  store_integer(until)),
                     FALSE, error);
}

GPtrArray *views_top_nouns(StoreTransaction *transaction, ViewKind kind, gint64 from, gint64 until,
                           guint limit, GError **error) {
  return read_totals(transaction, QUERY_VIEW_TOP_NOUNS,
                     STORE_VALUES(store_integer(kind), store_integer(from), store_integer(until),
                                  store_integer(limit)),
                     FALSE, error);
}

GPtrArray *views_top_referrers(StoreTransaction *transaction, ViewKind kind, gint64 noun_id,
                               gint64 from, gint64 until, guint limit, GError **error) {
  return read_totals(transaction, QUERY_VIEW_TOP_REFERRERS,
                     STORE_VALUES(store_integer(kind), store_integer(noun_id), store_integer(from),
                                  store_integer(until), store_integer(limit)),
                     TRUE, error);
}
