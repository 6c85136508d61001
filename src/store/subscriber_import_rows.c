// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_import_rows.h. The columns stand in subscriber_import.sql in the order that
// is read here.
#include "store/subscriber_import_rows.h"

#include "store/row_reader.h"

static gpointer read_import(StoreRows *rows) {
  SubscriberImport *import = g_new0(SubscriberImport, 1);
  gint64 *const counts[] = {&import->bytes,    &import->rows,       &import->created,
                            &import->known,    &import->subscribed, &import->left,
                            &import->repeated, &import->suppressed, &import->refused};
  import->id = store_row_integer(rows, 0);
  import->state =
      (SubscriberImportState)CLAMP(store_row_integer(rows, 1), IMPORT_UPLOADED, IMPORT_CANCELLED);
  import->file = store_row_dup(rows, 2);
  import->newsletters = store_row_dup(rows, 3);
  import->consent = store_row_dup(rows, 4);
  import->columns = store_row_dup(rows, 5);
  import->dry_run = store_row_integer(rows, 6) != 0;
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
    *counts[i] = store_row_integer(rows, 7 + i);
  }
  import->refusals = store_row_dup(rows, 16);
  import->reason = store_row_dup(rows, 17);
  import->staff_id = store_row_integer(rows, 18);
  import->started_at = store_row_integer(rows, 19);
  import->finished_at = store_row_integer(rows, 20);
  return import;
}

GPtrArray *subscriber_import_rows_list(StoreTransaction *transaction, gint64 before, guint limit,
                                       GError **error) {
  return row_reader_all(
      transaction, QUERY_SUBSCRIBER_IMPORT_LIST,
      STORE_VALUES(store_integer(before > 0 ? before : G_MAXINT64), store_integer(limit)),
      read_import, (GDestroyNotify)subscriber_import_free, error);
}

SubscriberImport *subscriber_import_rows_get(StoreTransaction *transaction, gint64 id,
                                             GError **error) {
  return row_reader_one(transaction, QUERY_SUBSCRIBER_IMPORT_GET, STORE_VALUES(store_integer(id)),
                        read_import, error);
}

GPtrArray *subscriber_import_rows_due(StoreTransaction *transaction, GError **error) {
  return row_reader_all(transaction, QUERY_SUBSCRIBER_IMPORT_DUE, STORE_NO_VALUES, read_import,
                        (GDestroyNotify)subscriber_import_free, error);
}

gint64 subscriber_import_rows_insert(StoreTransaction *transaction, const SubscriberImport *import,
                                     GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_SUBSCRIBER_IMPORT_INSERT,
      STORE_VALUES(store_integer(import->state), store_text(import->file),
                   store_integer(import->bytes), store_integer(import->staff_id),
                   store_integer(import->started_at)),
      &id, error);
  return inserted ? id : 0;
}

gboolean subscriber_import_rows_update(StoreTransaction *transaction,
                                       const SubscriberImport *import, GError **error) {
  return store_execute(transaction, QUERY_SUBSCRIBER_IMPORT_UPDATE,
                       STORE_VALUES(store_integer(import->state), store_text(import->newsletters),
                                    store_text(import->consent), store_text(import->columns),
                                    store_integer(import->dry_run), store_integer(import->rows),
                                    store_integer(import->created), store_integer(import->known),
                                    store_integer(import->subscribed), store_integer(import->left),
                                    store_integer(import->repeated),
                                    store_integer(import->suppressed),
                                    store_integer(import->refused), store_text(import->refusals),
                                    store_text(import->reason), store_integer(import->started_at),
                                    store_integer(import->finished_at), store_integer(import->id)),
                       error) >= 0;
}
