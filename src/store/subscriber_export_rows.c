// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_export_rows.h.
#include "store/subscriber_export_rows.h"

#include "base/clock.h"

static char *slug_list(char *const *slugs) {
  g_autofree char *joined =
      slugs != NULL && slugs[0] != NULL ? g_strjoinv(",", (char **)slugs) : NULL;
  return joined != NULL ? g_strconcat(",", joined, ",", NULL) : g_strdup("");
}

static void read_row(StoreRows *rows, Subscriber *one) {
  *one = (Subscriber){.id = store_row_integer(rows, 0),
                      .address = (char *)store_row_text(rows, 1),
                      .address_key = (char *)"",
                      .name = (char *)store_row_text(rows, 2),
                      .language = (char *)store_row_text(rows, 3),
                      .zone_name = (char *)store_row_text(rows, 4),
                      .status = (SubscriberStatus)store_row_integer(rows, 5),
                      .paused_until = store_row_integer(rows, 6),
                      .created_at = store_row_integer(rows, 7),
                      .confirmed_at = store_row_integer(rows, 8),
                      .active_at = store_row_integer(rows, 9),
                      .tracking = store_row_integer(rows, 10) != 0};
}

gint64 subscriber_export_rows(StoreTransaction *transaction, const SubscriberExportFilter *filter,
                              gint64 *after, guint limit, SubscriberExportUse use, gpointer data,
                              GError **error) {
  const SegmentRules *rules = filter->rules;
  g_autofree char *sections = slug_list(rules != NULL ? rules->sections : NULL);
  g_autofree char *newsletters = slug_list(rules != NULL ? rules->newsletters : NULL);
  gint64 before = rules != NULL && rules->before != 0 ? rules->before : G_MAXINT64;
  gint64 active =
      rules != NULL && rules->active_days != 0 ? filter->now - rules->active_days * CLOCK_DAY : 0;
  g_autoptr(StoreRows) rows = store_query(
      transaction, QUERY_SUBSCRIBER_EXPORT,
      STORE_VALUES(store_integer(filter->status), store_integer(*after), store_integer(limit),
                   store_integer(filter->newsletter_id), store_text(sections),
                   store_text(newsletters), store_integer(rules != NULL ? rules->since : 0),
                   store_integer(before), store_integer(active)),
      error);
  GError *failure = NULL;
  gint64 count = 0;
  if (rows == NULL) {
    return -1;
  }
  while (store_rows_next(rows, &failure)) {
    Subscriber subscriber;
    read_row(rows, &subscriber);
    SubscriberExportRow row = {&subscriber, store_row_text(rows, 11), store_row_text(rows, 12)};
    *after = subscriber.id;
    count++;
    if (!use(&row, data, error)) {
      return -1;
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return -1;
  }
  return count;
}
