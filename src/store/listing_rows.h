// SPDX-License-Identifier: Apache-2.0
//
// For rows files only: puts stories into the lists that they belong to, and takes them out.
// The counts of listing_count change in the same transaction.
#pragma once

#include "model/story.h"
#include "store/store.h"

// Makes the lists that `id` stands in what `story` says: none unless it is published. `is_new`: it
// stands in none yet.
gboolean listing_rows_place(StoreTransaction *transaction, gint64 id, const Story *story,
                            gboolean is_new, GTimeZone *zone, GError **error);
