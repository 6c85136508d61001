// SPDX-License-Identifier: Apache-2.0
//
// For rows files only: teasers out of the columns that sql/queries/listing.sql calls
// teaser_columns, hero image included, so that no list asks again for each story.
#pragma once

#include "model/story.h"
#include "store/store.h"

#define TEASER_COLUMNS 31 // twelve of its own, then the hero image's
Teaser *teaser_rows_read(StoreRows *rows, guint column);
// All rows of a query as Teaser *; NULL on error.
GPtrArray *teaser_rows_collect(StoreTransaction *transaction, QueryId query,
                               const StoreValue *values, gsize count, GError **error);
// "3,14,15": how a set of ids is handed to a query. Caller frees.
char *ids_join(const gint64 *ids, guint count);
