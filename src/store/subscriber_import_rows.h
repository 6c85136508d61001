// SPDX-License-Identifier: Apache-2.0
//
// Imports of readers <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/subscriber_import.h"
#include "store/store.h"

// SubscriberImport *, newest first, below `before` (0: from the newest).
GPtrArray *subscriber_import_rows_list(StoreTransaction *transaction, gint64 before, guint limit,
                                       GError **error);
SubscriberImport *subscriber_import_rows_get(StoreTransaction *transaction, gint64 id,
                                             GError **error); // NOT_FOUND
// Those that somebody has to go on with, oldest first.
GPtrArray *subscriber_import_rows_due(StoreTransaction *transaction, GError **error);
gint64 subscriber_import_rows_insert(StoreTransaction *transaction, const SubscriberImport *import,
                                     GError **error); // its state, file, bytes, who and when
gboolean subscriber_import_rows_update(StoreTransaction *transaction,
                                       const SubscriberImport *import, GError **error);
