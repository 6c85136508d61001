// SPDX-License-Identifier: Apache-2.0
//
// What api_overview.c shows of mailings and readers. For src/web/api_*.c only.
#pragma once

#include "web/api.h"
#include "web/reader_figures.h"

// The list "mailings" with the newest.
gboolean api_put_mailings(JsonWriter *json, StoreTransaction *transaction, const Site *site,
                          guint limit, GError **error);
// The object "subscribers"; figures NULL, for one who may not see them: all 0.
gboolean api_put_subscriber_counts(JsonWriter *json, StoreTransaction *transaction,
                                   const ReaderFigures *figures, GError **error);
