// SPDX-License-Identifier: Apache-2.0
//
// Newsletters and segments <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/newsletter.h"
#include "model/segment.h"
#include "store/store.h"

Newsletter *newsletter_rows_get(StoreTransaction *transaction, gint64 id,
                                GError **error); // NOT_FOUND
Newsletter *newsletter_rows_get_by_slug(StoreTransaction *transaction, const char *slug,
                                        GError **error);                        // NOT_FOUND
GPtrArray *newsletter_rows_list(StoreTransaction *transaction, GError **error); // by position
gint64 newsletter_rows_put(StoreTransaction *transaction, const Newsletter *newsletter,
                           GError **error); // upsert by slug; id, 0 on error

Segment *segment_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
Segment *segment_rows_get_by_slug(StoreTransaction *transaction, const char *slug,
                                  GError **error);                           // NOT_FOUND
GPtrArray *segment_rows_list(StoreTransaction *transaction, GError **error); // by name
gint64 segment_rows_put(StoreTransaction *transaction, const Segment *segment,
                        GError **error); // upsert by slug; id, 0 on error
// Mailings that are over, or have all their recipients, no longer name it.
gboolean segment_rows_forget(StoreTransaction *transaction, gint64 id, GError **error);
gboolean segment_rows_remove(StoreTransaction *transaction, gint64 id, GError **error);
