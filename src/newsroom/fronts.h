// SPDX-License-Identifier: Apache-2.0
//
// The use cases of the front: what is curated, and what fills the rest. See newsroom.h.
#pragma once

#include "newsroom/change.h"
#include "store/front_rows.h"

gboolean fronts_set(Newsroom *newsroom, gint64 section_id, const FrontSlotRow *slots, guint count,
                    GError **error);

// In the caller's change. For front_plans.c.
gboolean fronts_check_slots(Change *change, gint64 section_id, const FrontSlotRow *slots,
                            guint count, GError **error);
gboolean fronts_put_slots(Change *change, gint64 section_id, const FrontSlotRow *slots, guint count,
                          GError **error);

// The front as readers see it: curated slots, then filled up to `size` by the newest stories, no
// story twice. The first slot is always a lead when there is any story. Reads only.
Front *fronts_compose(StoreTransaction *transaction, gint64 section_id, guint size, GError **error);
