// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a front over time: changed from a known version, taken back, planned for another
// day. See newsroom.h; what readers see is composed by fronts.h.
#pragma once

#include "newsroom/newsroom.h"
#include "store/front_plan_rows.h"

// STALE unless base_version is the front's (-1: whatever it is; 0: none was ever saved). What it
// was stays for undo.
gboolean fronts_replace(Newsroom *newsroom, gint64 section_id, gint64 base_version,
                        const FrontSlotRow *slots, guint count, GError **error);
// Back to a former version; to 0: the one before.
gboolean fronts_undo(Newsroom *newsroom, gint64 section_id, gint64 base_version, gint64 to,
                     GError **error);

gint64 front_plans_make(Newsroom *newsroom, gint64 section_id, const char *name,
                        gint64 goes_live_at, const FrontSlotRow *slots, guint count,
                        GError **error); // id, 0 on error
// name NULL, goes_live_at -1, slots NULL: as it is.
gboolean front_plans_change(Newsroom *newsroom, gint64 section_id, gint64 id, const char *name,
                            gint64 goes_live_at, const GArray *slots, GError **error);
gboolean front_plans_remove(Newsroom *newsroom, gint64 section_id, gint64 id, GError **error);
gboolean front_plans_publish(Newsroom *newsroom, gint64 section_id, gint64 id, GError **error);
// Those whose hour has come; how many, -1. Called by app/scheduler.
gint front_plans_publish_due(Newsroom *newsroom, GError **error);

// The slots as the page would have them: what is curated (whatever its status), then the newest, up
// to `size`, no story twice. `at` not 0: what is scheduled until then counts as published.
typedef struct FrontFilled {
  gint64 story_id;
  FrontWeight weight;
  gboolean automatic;
} FrontFilled;
GArray *fronts_fill(StoreTransaction *transaction, gint64 section_id, const FrontSlotRow *slots,
                    guint count, guint size, gint64 at, GError **error); // FrontFilled
