// SPDX-License-Identifier: Apache-2.0
//
// Opens and clicks <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/subscriber.h"
#include "store/store.h"

// One more; nothing is written for a reader who did not agree to it, or is gone.
gboolean activity_rows_count(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                             ActivityKind kind, guint number, gint64 now, GError **error);
