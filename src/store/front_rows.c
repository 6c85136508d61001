// SPDX-License-Identifier: Apache-2.0
//
// Implements front_rows.h.
#include "store/front_rows.h"

#include "store/teaser_rows.h"

static gboolean read_slots(StoreTransaction *transaction, Front *front, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, QUERY_FRONT_SLOTS,
                                          STORE_VALUES(store_integer(front->section_id)), error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    FrontSlot *slot = g_new0(FrontSlot, 1);
    slot->weight = (FrontWeight)CLAMP(store_row_integer(rows, 0), WEIGHT_LEAD, WEIGHT_BRIEF);
    slot->story = teaser_rows_read(rows, 1);
    g_ptr_array_add(front->slots, slot);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

Front *front_rows_get(StoreTransaction *transaction, gint64 section_id, GError **error) {
  g_autoptr(Front) front = g_new0(Front, 1);
  front->section_id = section_id;
  front->slots = g_ptr_array_new_with_free_func((GDestroyNotify)front_slot_free);
  g_autoptr(GError) failure = NULL;
  if (!store_query_integer(transaction, QUERY_FRONT_UPDATED_AT,
                           STORE_VALUES(store_integer(section_id)), &front->updated_at, &failure)) {
    if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
      return g_steal_pointer(&front);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  return read_slots(transaction, front, error) ? g_steal_pointer(&front) : NULL;
}

gboolean front_rows_put(StoreTransaction *transaction, gint64 section_id, const FrontSlotRow *slots,
                        guint count, gint64 now, gint64 staff_id, GError **error) {
  if (store_execute(
          transaction, QUERY_FRONT_PUT,
          STORE_VALUES(store_integer(section_id), store_integer(now), store_integer(staff_id)),
          error) < 0 ||
      store_execute(transaction, QUERY_FRONT_CLEAR, STORE_VALUES(store_integer(section_id)),
                    error) < 0) {
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (store_execute(transaction, QUERY_FRONT_SLOT_INSERT,
                      STORE_VALUES(store_integer(section_id), store_integer(i),
                                   store_integer(slots[i].story_id),
                                   store_integer(slots[i].weight)),
                      error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}
