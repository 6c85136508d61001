// SPDX-License-Identifier: Apache-2.0
//
// What a front was before, and what it is planned to be <-> rows. See store/store.h for threads and
// errors. Slots stand in one text: "17:0 23:1", story and weight.
#pragma once

#include "store/front_rows.h"

typedef struct FrontState {
  gint64 version, updated_at, updated_by; // version 0: none was ever saved
} FrontState;
gboolean front_rows_state(StoreTransaction *transaction, gint64 section_id, FrontState *ret_state,
                          GError **error);
GArray *front_rows_slots(StoreTransaction *transaction, gint64 section_id,
                         GError **error); // FrontSlotRow, also those not published

char *front_slots_write(const FrontSlotRow *slots, guint count); // caller frees
GArray *front_slots_read(const char *text);                      // FrontSlotRow; caller unrefs

typedef struct FrontPast {
  gint64 version, replaced_at, staff_id;
  char *slots;
} FrontPast;
void front_past_free(FrontPast *past);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontPast, front_past_free)
gboolean front_past_rows_insert(StoreTransaction *transaction, gint64 section_id,
                                const FrontPast *past, GError **error);
FrontPast *front_past_rows_get(StoreTransaction *transaction, gint64 section_id, gint64 version,
                               GError **error); // NOT_FOUND
GPtrArray *front_past_rows_list(StoreTransaction *transaction, gint64 section_id, gint64 before,
                                guint limit, GError **error); // FrontPast *, newest first

typedef struct FrontPlan {
  gint64 id, section_id, goes_live_at, updated_at, updated_by;
  char *name, *slots;
} FrontPlan;
void front_plan_free(FrontPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontPlan, front_plan_free)
GPtrArray *front_plan_rows_list(StoreTransaction *transaction, gint64 section_id, GError **error);
GPtrArray *front_plan_rows_due(StoreTransaction *transaction, gint64 now, GError **error);
FrontPlan *front_plan_rows_get(StoreTransaction *transaction, gint64 section_id, gint64 id,
                               GError **error); // NOT_FOUND
gint64 front_plan_rows_insert(StoreTransaction *transaction, const FrontPlan *plan, GError **error);
gboolean front_plan_rows_update(StoreTransaction *transaction, const FrontPlan *plan,
                                GError **error);
gint64 front_plan_rows_remove(StoreTransaction *transaction, gint64 section_id, gint64 id,
                              GError **error); // how many
