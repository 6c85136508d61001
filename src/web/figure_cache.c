// SPDX-License-Identifier: Apache-2.0
//
// Implements figure_cache.h.
#include <time.h>

#include "web/figure_cache.h"

// Worth counting each time: by our own work (SQLite), or by what was waited for (PostgreSQL), which
// on a busy machine is long for the smallest figure, too.
#define QUICK (10 * G_TIME_SPAN_MILLISECOND)
#define QUICK_WAIT (50 * G_TIME_SPAN_MILLISECOND)
#define FRESH (60 * G_TIME_SPAN_SECOND)
#define FIGURES_MOST 512

typedef struct Figure {
  char *text;              // NULL: not counted yet
  gint64 counted_at, cost; // monotonic µs
  gboolean counting;
} Figure;

struct FigureCache {
  GMutex lock; // guards the table and its figures
  GHashTable *figures;
  GThreadPool *pool; // Count *
};

typedef struct Count {
  FigureCache *cache;
  char *key;
  FigureMake make;
  gpointer data;
  GDestroyNotify free_data;
} Count;

static void count_free(Count *count) {
  if (count->free_data != NULL) {
    count->free_data(count->data);
  }
  g_free(count->key);
  g_free(count);
}

static void figure_free(gpointer data) {
  Figure *figure = data;
  g_free(figure->text);
  g_free(figure);
}

static gint64 thread_time(void) {
  struct timespec spent;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return (gint64)spent.tv_sec * G_TIME_SPAN_SECOND + spent.tv_nsec / 1000;
}

static gboolean is_long_past(gpointer key, gpointer value, gpointer now) {
  const Figure *figure = value;
  return !figure->counting && *(const gint64 *)now - figure->counted_at > G_TIME_SPAN_HOUR;
}

// Counts and keeps. NULL with error.
static char *count_now(const Count *count, GError **error) {
  FigureCache *cache = count->cache;
  gint64 begun = g_get_monotonic_time();
  gint64 work = thread_time();
  char *text = count->make(count->data, error);
  if (cache == NULL) {
    return text;
  }
  gint64 now = g_get_monotonic_time();
  work = thread_time() - work;
  g_mutex_lock(&cache->lock);
  if (g_hash_table_size(cache->figures) >= FIGURES_MOST) {
    g_hash_table_foreach_remove(cache->figures, is_long_past, &now);
  }
  Figure *figure = g_hash_table_lookup(cache->figures, count->key);
  if (figure == NULL && text != NULL && g_hash_table_size(cache->figures) < FIGURES_MOST) {
    figure = g_new0(Figure, 1);
    g_hash_table_insert(cache->figures, g_strdup(count->key), figure);
  }
  if (figure != NULL) {
    figure->counting = FALSE;
  }
  if (figure != NULL && text != NULL) {
    g_free(figure->text);
    figure->text = g_strdup(text);
    figure->counted_at = now;
    figure->cost = work > QUICK || now - begun > QUICK_WAIT ? now - begun : 0;
  }
  g_mutex_unlock(&cache->lock);
  return text;
}

static void run(gpointer data, gpointer unused) {
  Count *count = data;
  (void)unused;
  g_autofree char *text =
      count_now(count, NULL); // what fails is counted when it is asked for again
  count_free(count);
}

FigureCache *figure_cache_new(void) {
  FigureCache *cache = g_new0(FigureCache, 1);
  g_mutex_init(&cache->lock);
  cache->figures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, figure_free);
  cache->pool = g_thread_pool_new_full(run, cache, (GDestroyNotify)count_free, 1, FALSE, NULL);
  return cache;
}

void figure_cache_free(FigureCache *cache) {
  if (cache != NULL) {
    g_thread_pool_free(cache->pool, TRUE, TRUE);
    g_hash_table_unref(cache->figures);
    g_mutex_clear(&cache->lock);
    g_free(cache);
  }
}

char *figure_cache_get(FigureCache *cache, const char *key, FigureMake make, gpointer data,
                       GDestroyNotify free_data, GError **error) {
  Count *count = g_new(Count, 1);
  *count = (Count){cache, g_strdup(key), make, data, free_data};
  g_autofree char *known = NULL;
  if (cache != NULL) {
    g_mutex_lock(&cache->lock);
    Figure *figure = g_hash_table_lookup(cache->figures, key);
    if (figure != NULL && figure->text != NULL && figure->cost > 0) {
      known = g_strdup(figure->text);
      gboolean old = g_get_monotonic_time() - figure->counted_at > MAX(FRESH, 10 * figure->cost);
      if (old && !figure->counting) {
        figure->counting = g_thread_pool_push(cache->pool, g_steal_pointer(&count), NULL);
      }
    }
    g_mutex_unlock(&cache->lock);
  }
  char *text = g_steal_pointer(&known);
  if (count != NULL) { // else the pool has it
    if (text == NULL) {
      text = count_now(count, error);
    }
    count_free(count);
  }
  return text;
}

void figure_cache_later(FigureCache *cache, const char *key, FigureMake make, gpointer data,
                        GDestroyNotify free_data) {
  Count *count = g_new(Count, 1);
  *count = (Count){cache, g_strdup(key), make, data, free_data};
  if (cache != NULL) {
    g_mutex_lock(&cache->lock);
    Figure *figure = g_hash_table_lookup(cache->figures, key);
    if (figure == NULL && g_hash_table_size(cache->figures) < FIGURES_MOST) {
      figure = g_new0(Figure, 1);
      g_hash_table_insert(cache->figures, g_strdup(key), figure);
    }
    if (figure != NULL && !figure->counting) {
      figure->counting = g_thread_pool_push(cache->pool, g_steal_pointer(&count), NULL);
    }
    g_mutex_unlock(&cache->lock);
  }
  if (count != NULL) {
    count_free(count);
  }
}
