// SPDX-License-Identifier: Apache-2.0
//
// Implements row_reader.h.
#include "store/row_reader.h"

gpointer row_reader_one(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                        gsize count, RowRead read, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (store_rows_next(rows, &failure)) {
    return read(rows);
  }
  if (failure == NULL) {
    failure = g_error_new(STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s: there is none",
                          QUERY_TEXTS[query].name);
  }
  g_propagate_error(error, failure);
  return NULL;
}

GPtrArray *row_reader_all(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                          gsize count, RowRead read, GDestroyNotify release, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(release);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    g_ptr_array_add(all, read(rows));
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&all);
}

GArray *row_reader_ids(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    gint64 id = store_row_integer(rows, 0);
    g_array_append_val(ids, id);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&ids);
}
