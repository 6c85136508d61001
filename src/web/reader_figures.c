// SPDX-License-Identifier: Apache-2.0
//
// Implements reader_figures.h. A figure is kept as text, numbers with a space between them: the
// cache keeps texts, and what is read here was written here.
#include "web/reader_figures.h"

#include "base/clock.h"
#include "newsroom/newsroom.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_look_rows.h"
#include "store/subscriber_rows.h"
#include "web/figure_cache.h"

#define NUMBER " %" G_GINT64_FORMAT

static gboolean read_number(const char **at, gint64 *number) {
  char *end = NULL;
  *number = g_ascii_strtoll(*at, &end, 10);
  gboolean some = end != *at;
  *at = end;
  return some;
}

// ---- how many ---------------------------------------------------------------------------------

static gboolean count_statuses(StoreTransaction *transaction, GString *out, GError **error) {
  for (int status = 0; status <= SUBSCRIBER_SUPPRESSED; status++) {
    gint64 count = subscriber_rows_count(transaction, (SubscriberStatus)status, error);
    if (count < 0) {
      return FALSE;
    }
    g_string_append_printf(out, NUMBER, count);
  }
  return TRUE;
}

static gboolean count_newsletters(StoreTransaction *transaction, GString *out, GError **error) {
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(transaction, error);
  if (newsletters == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < newsletters->len; i++) {
    gint64 id = ((const Newsletter *)g_ptr_array_index(newsletters, i))->id;
    gint64 readers = subscription_rows_count(transaction, id, error);
    if (readers < 0) {
      return FALSE;
    }
    g_string_append_printf(out, NUMBER NUMBER, id, readers);
  }
  return TRUE;
}

static char *count_readers(gpointer data, GError **error) {
  const Website *website = data;
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  if (transaction == NULL || !count_statuses(transaction, out, error) ||
      !count_newsletters(transaction, out, error)) {
    return NULL;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

gboolean reader_figures_get(Website *website, ReaderFigures *ret_figures, GError **error) {
  g_autofree char *text =
      figure_cache_get(website->figures, "readers", count_readers, website, NULL, error);
  if (text == NULL) {
    return FALSE;
  }
  const char *at = text;
  for (gsize status = 0; status < G_N_ELEMENTS(ret_figures->of); status++) {
    (void)read_number(&at, &ret_figures->of[status]);
  }
  ret_figures->by_newsletter = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  gint64 pair[2];
  while (read_number(&at, &pair[0]) && read_number(&at, &pair[1])) {
    g_hash_table_insert(ret_figures->by_newsletter, g_memdup2(&pair[0], sizeof pair[0]),
                        g_memdup2(&pair[1], sizeof pair[1]));
  }
  return TRUE;
}

void reader_figures_clear(ReaderFigures *figures) {
  g_clear_pointer(&figures->by_newsletter, g_hash_table_unref);
}

gint64 reader_figures_of(const ReaderFigures *figures, gint64 newsletter_id) {
  const gint64 *readers = g_hash_table_lookup(figures->by_newsletter, &newsletter_id);
  return readers != NULL ? *readers : 0; // made within this minute: nobody reads it yet
}

// ---- by day -----------------------------------------------------------------------------------

typedef struct Growth {
  Website *website;
  gint64 newsletter_id, first, days; // first: a day since 1970
} Growth;

static gboolean add_days(const Growth *asked, StoreTransaction *transaction, SubscriberMove move,
                         GArray *days, GError **error) {
  gint64 newsletter_id = move == SUBSCRIBER_BECAME_SUPPRESSED ? 0 : asked->newsletter_id;
  g_autoptr(GArray) found =
      subscriber_look_rows_days(transaction, move, newsletter_id, asked->first * CLOCK_DAY, error);
  for (guint i = 0; found != NULL && i < found->len; i++) {
    const SubscriberDay *one = &g_array_index(found, SubscriberDay, i);
    if (one->day >= asked->first && one->day < asked->first + asked->days) {
      GrowthDay *day = &g_array_index(days, GrowthDay, one->day - asked->first);
      *(move == SUBSCRIBER_JOINED ? &day->joined
        : move == SUBSCRIBER_LEFT ? &day->left
                                  : &day->suppressed) = one->count;
    }
  }
  return found != NULL;
}

static char *count_growth(gpointer data, GError **error) {
  const Growth *asked = data;
  g_autoptr(GArray) days = g_array_sized_new(FALSE, TRUE, sizeof(GrowthDay), (guint)asked->days);
  g_array_set_size(days, (guint)asked->days);
  g_autoptr(StoreTransaction) transaction =
      store_begin_read(asked->website->newsroom->store, error);
  if (transaction == NULL || !add_days(asked, transaction, SUBSCRIBER_JOINED, days, error) ||
      !add_days(asked, transaction, SUBSCRIBER_LEFT, days, error) ||
      !add_days(asked, transaction, SUBSCRIBER_BECAME_SUPPRESSED, days, error)) {
    return NULL;
  }
  gint64 active = asked->newsletter_id != 0
                      ? subscription_rows_count(transaction, asked->newsletter_id, error)
                      : subscriber_rows_count(transaction, SUBSCRIBER_ACTIVE, error);
  if (active < 0) {
    return NULL;
  }
  GString *out = g_string_new(NULL);
  for (guint i = days->len; i-- > 0;) { // back from what is now
    const GrowthDay *day = &g_array_index(days, GrowthDay, i);
    g_string_append_printf(out, NUMBER NUMBER NUMBER NUMBER, day->joined, day->left,
                           day->suppressed, MAX(active, 0));
    active += day->left + day->suppressed - day->joined;
  }
  return g_string_free(out, FALSE);
}

GArray *reader_figures_growth(Website *website, gint64 newsletter_id, gint64 days, GError **error) {
  Growth *asked = g_new(Growth, 1);
  gint64 today = clock_now(&website->newsroom->clock) / CLOCK_DAY;
  *asked = (Growth){website, newsletter_id, today - days + 1, days};
  g_autofree char *key = g_strdup_printf("growth" NUMBER NUMBER NUMBER, newsletter_id, days, today);
  g_autofree char *text =
      figure_cache_get(website->figures, key, count_growth, asked, g_free, error);
  if (text == NULL) {
    return NULL;
  }
  GArray *growth = g_array_sized_new(FALSE, TRUE, sizeof(GrowthDay), (guint)days);
  g_array_set_size(growth, (guint)days);
  const char *at = text;
  for (guint i = growth->len; i-- > 0;) {
    GrowthDay *day = &g_array_index(growth, GrowthDay, i);
    (void)(read_number(&at, &day->joined) && read_number(&at, &day->left) &&
           read_number(&at, &day->suppressed) && read_number(&at, &day->active));
  }
  return growth;
}
