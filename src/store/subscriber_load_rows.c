// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_load_rows.h: the order of the statements in subscriber_load.sql. Those
// about readers who are here already are left out where the lines' range of addresses has none.
#include "store/subscriber_load_rows.h"

#include "base/secret.h"

struct SubscriberLoad {
  StoreTransaction *transaction;
  SubscriberLoadOptions options;
  char *first_key, *last_key;
  gint64 number; // SQLite: the newest reader's
  gboolean any_left, any_suppress;
  gint64 sections; // of all lines
};

static gboolean run(SubscriberLoad *load, QueryId query, const StoreValue *values, gsize count,
                    GError **error) {
  return store_execute(load->transaction, query, values, count, error) >= 0;
}

static gboolean clear(SubscriberLoad *load, GError **error) {
  return run(load, QUERY_SUBSCRIBER_LOAD_CLEAR, STORE_NO_VALUES, error);
}

static gboolean prepare(SubscriberLoad *load, GError **error) {
  if (!clear(load, error)) {
    return FALSE;
  }
  if (store_transaction_engine(load->transaction) == STORE_POSTGRES) {
    return run(load, QUERY_POSTGRES_SUBSCRIBER_LOAD_LOCK, STORE_NO_VALUES, error);
  }
  return store_query_integer(load->transaction, QUERY_SQLITE_SUBSCRIBER_SEQUENCE, STORE_NO_VALUES,
                             &load->number, error);
}

SubscriberLoad *subscriber_load_new(StoreTransaction *transaction,
                                    const SubscriberLoadOptions *options, GError **error) {
  g_assert(options->newsletter_count <= SUBSCRIBER_LOAD_NEWSLETTERS &&
           options->section_count <= SUBSCRIBER_LOAD_SECTIONS);
  g_autoptr(SubscriberLoad) load = g_new0(SubscriberLoad, 1);
  load->transaction = transaction;
  load->options = *options;
  if (!prepare(load, error) || !store_bulk_begin(transaction, QUERY_SUBSCRIBER_LOAD_ROW, error)) {
    return NULL;
  }
  return g_steal_pointer(&load);
}

void subscriber_load_free(SubscriberLoad *load) {
  if (load != NULL) {
    g_free(load->first_key);
    g_free(load->last_key);
    g_free(load);
  }
}

gboolean subscriber_load_add(SubscriberLoad *load, const SubscriberLoadLine *line, GError **error) {
  gboolean numbered = store_transaction_engine(load->transaction) == STORE_SQLITE;
  const StoreValue values[] = {store_integer(line->line),         store_slice(line->address_key),
                               store_slice(line->address),        store_slice(line->name),
                               store_slice(line->language),       store_slice(line->zone_name),
                               store_slice(line->address_hash),   store_integer(line->confirmed_at),
                               store_integer(line->paused_until), store_integer(line->wanted),
                               store_integer(line->unwanted),     store_integer(line->sections),
                               store_integer(line->left_at),      store_integer(line->suppress),
                               store_text(line->wanted_slugs),    store_text(line->unwanted_slugs),
                               store_integer(++load->number)};
  if (load->first_key == NULL) {
    load->first_key = slice_dup(line->address_key);
  }
  g_free(load->last_key);
  load->last_key = slice_dup(line->address_key);
  load->any_left |= line->unwanted != 0;
  load->any_suppress |= line->suppress != LOAD_SUPPRESS_NO;
  load->sections |= line->sections;
  return store_bulk_add(load->transaction, values, G_N_ELEMENTS(values) - (numbered ? 0 : 1),
                        error);
}

static gboolean find_known(SubscriberLoad *load, GError **error) {
  gint64 any = 0;
  gboolean suppressions = FALSE;
  const StoreValue range[] = {store_text(load->first_key), store_text(load->last_key)};
  if (!suppression_rows_any(load->transaction, &suppressions, error) ||
      (suppressions && !run(load, QUERY_SUBSCRIBER_LOAD_FIND_SUPPRESSED, STORE_NO_VALUES, error)) ||
      !store_query_integer(load->transaction, QUERY_SUBSCRIBER_LOAD_ANY_KNOWN, range, 2, &any,
                           error)) {
    return FALSE;
  }
  return any == 0 || (run(load, QUERY_SUBSCRIBER_LOAD_FIND_KNOWN, range, 2, error) &&
                      run(load, QUERY_SUBSCRIBER_LOAD_FIND_LEFT, STORE_NO_VALUES, error) &&
                      run(load, QUERY_SUBSCRIBER_LOAD_FILL_IN, STORE_NO_VALUES, error) &&
                      (!load->any_suppress ||
                       run(load, QUERY_SUBSCRIBER_LOAD_CLOSE_KNOWN, STORE_NO_VALUES, error)));
}

static gboolean put_subscriptions(SubscriberLoad *load, gint64 *subscribed, GError **error) {
  for (guint i = 0; i < load->options.newsletter_count; i++) {
    const StoreValue values[] = {store_integer(load->options.newsletter_ids[i]),
                                 store_integer(G_GINT64_CONSTANT(1) << i),
                                 store_integer(load->options.now)};
    gint64 made =
        store_execute(load->transaction, QUERY_SUBSCRIBER_LOAD_SUBSCRIBE, values, 3, error);
    if (made < 0 ||
        (load->any_left && !run(load, QUERY_SUBSCRIBER_LOAD_UNSUBSCRIBE, values, 3, error))) {
      return FALSE;
    }
    *subscribed += made;
  }
  for (guint i = 0; i < load->options.section_count; i++) {
    gint64 bit = G_GINT64_CONSTANT(1) << i;
    if ((load->sections & bit) != 0 &&
        !run(load, QUERY_SUBSCRIBER_LOAD_SECTION,
             STORE_VALUES(store_integer(load->options.section_ids[i]), store_integer(bit)),
             error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean put_consents(SubscriberLoad *load, GError **error) {
  const char *wording = load->options.wording;
  gint64 wording_id = 0;
  if (*wording != '\0') {
    g_autofree char *hash = secret_sha256_hex(slice_of(wording));
    if (!store_query_integer(load->transaction, QUERY_CONSENT_WORDING_PUT,
                             STORE_VALUES(store_text(hash), store_text(wording)), &wording_id,
                             error)) {
      return FALSE;
    }
  }
  const StoreValue values[] = {store_integer(load->options.now), store_text(load->options.source),
                               store_reference(wording_id)};
  return run(load, QUERY_SUBSCRIBER_LOAD_CONSENT, values, 3, error) &&
         (!load->any_left || run(load, QUERY_SUBSCRIBER_LOAD_WITHDRAWAL, values, 2, error)) &&
         (!load->any_suppress || run(load, QUERY_SUBSCRIBER_LOAD_SUPPRESS, values, 2, error));
}

static gboolean tell_left_out(SubscriberLoad *load, SubscriberLeftOut left_out, gpointer data,
                              GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(load->transaction, QUERY_SUBSCRIBER_LOAD_LEFT_OUT, STORE_NO_VALUES, error);
  GError *failure = NULL;
  if (rows == NULL) {
    return FALSE;
  }
  while (store_rows_next(rows, &failure)) {
    left_out(store_row_integer(rows, 0), store_row_text(rows, 1), store_row_integer(rows, 2) == -2,
             data);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}

static gboolean add_report(SubscriberLoad *load, SubscriberLoadReport *report, gint64 *ret_left_out,
                           GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(load->transaction, QUERY_SUBSCRIBER_LOAD_REPORT, STORE_NO_VALUES, error);
  if (rows == NULL || !store_rows_next(rows, error)) {
    return FALSE;
  }
  report->created += store_row_integer(rows, 0);
  report->known += store_row_integer(rows, 1);
  report->left += store_row_integer(rows, 2);
  report->suppressed += store_row_integer(rows, 3);
  *ret_left_out = store_row_integer(rows, 4);
  report->left_out += *ret_left_out;
  return TRUE;
}

gboolean subscriber_load_finish(SubscriberLoad *load, SubscriberLoadReport *report,
                                SubscriberLeftOut left_out, gpointer data, GError **error) {
  gint64 out = 0;
  if (!store_bulk_end(load->transaction, error)) {
    return FALSE;
  }
  if (load->first_key == NULL) {
    return TRUE;
  }
  return find_known(load, error) &&
         run(load, QUERY_SUBSCRIBER_LOAD_INSERT, STORE_VALUES(store_integer(load->options.now)),
             error) &&
         put_subscriptions(load, &report->subscribed, error) && put_consents(load, error) &&
         add_report(load, report, &out, error) &&
         (out == 0 || tell_left_out(load, left_out, data, error)) && clear(load, error);
}

gboolean suppression_rows_any(StoreTransaction *transaction, gboolean *ret_any, GError **error) {
  gint64 any = 0;
  gboolean read =
      store_query_integer(transaction, QUERY_SUPPRESSION_ANY, STORE_NO_VALUES, &any, error);
  *ret_any = any > 0;
  return read;
}
