// SPDX-License-Identifier: Apache-2.0
//
// Fronts <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/story.h"
#include "store/store.h"

// The curated slots only, published stories only; an empty front if none was ever saved. section_id
// 0: front page.
Front *front_rows_get(StoreTransaction *transaction, gint64 section_id, GError **error);
typedef struct FrontSlotRow {
  gint64 story_id;
  FrontWeight weight;
} FrontSlotRow;
gboolean front_rows_put(StoreTransaction *transaction, gint64 section_id, const FrontSlotRow *slots,
                        guint count, gint64 now, gint64 staff_id, GError **error);
