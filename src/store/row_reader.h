// SPDX-License-Identifier: Apache-2.0
//
// Reading one row, or all, into structs: what the NOUN_rows files share. For src/store only.
#pragma once

#include "store/store.h"

typedef gpointer (*RowRead)(StoreRows *rows); // of the row that the rows stand on; never NULL

// NOT_FOUND if there is no row.
gpointer row_reader_one(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                        gsize count, RowRead read, GError **error);
GPtrArray *row_reader_all(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                          gsize count, RowRead read, GDestroyNotify release, GError **error);
GArray *row_reader_ids(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error); // gint64, of the first column
