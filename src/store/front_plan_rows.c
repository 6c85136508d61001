// SPDX-License-Identifier: Apache-2.0
//
// Implements front_plan_rows.h.
#include "store/front_plan_rows.h"

#include <string.h>

#include "store/row_reader.h"

static gpointer read_state(StoreRows *rows) {
  FrontState *state = g_new0(FrontState, 1);
  state->version = store_row_integer(rows, 0);
  state->updated_at = store_row_integer(rows, 1);
  state->updated_by = store_row_integer(rows, 2);
  return state;
}

gboolean front_rows_state(StoreTransaction *transaction, gint64 section_id, FrontState *ret_state,
                          GError **error) {
  g_autoptr(GPtrArray) states =
      row_reader_all(transaction, QUERY_FRONT_STATE, STORE_VALUES(store_integer(section_id)),
                     read_state, g_free, error);
  *ret_state = (FrontState){0};
  if (states != NULL && states->len > 0) {
    *ret_state = *(const FrontState *)g_ptr_array_index(states, 0);
  }
  return states != NULL;
}

static gpointer read_slot(StoreRows *rows) {
  FrontSlotRow *slot = g_new0(FrontSlotRow, 1);
  slot->story_id = store_row_integer(rows, 0);
  slot->weight = (FrontWeight)CLAMP(store_row_integer(rows, 1), WEIGHT_LEAD, WEIGHT_BRIEF);
  return slot;
}

GArray *front_rows_slots(StoreTransaction *transaction, gint64 section_id, GError **error) {
  g_autoptr(GPtrArray) rows =
      row_reader_all(transaction, QUERY_FRONT_SLOTS_BARE, STORE_VALUES(store_integer(section_id)),
                     read_slot, g_free, error);
  if (rows == NULL) {
    return NULL;
  }
  GArray *slots = g_array_new(FALSE, FALSE, sizeof(FrontSlotRow));
  for (guint i = 0; i < rows->len; i++) {
    g_array_append_val(slots, *(FrontSlotRow *)g_ptr_array_index(rows, i));
  }
  return slots;
}

char *front_slots_write(const FrontSlotRow *slots, guint count) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT ":%d", i > 0 ? " " : "", slots[i].story_id,
                           (int)slots[i].weight);
  }
  return g_string_free(text, FALSE);
}

GArray *front_slots_read(const char *text) {
  GArray *slots = g_array_new(FALSE, FALSE, sizeof(FrontSlotRow));
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const char *colon = strchr(words[i], ':');
    guint64 id = 0;
    guint64 weight = 0;
    if (colon != NULL &&
        slice_parse_uint((Slice){words[i], (gsize)(colon - words[i])}, G_MAXINT64, &id) &&
        slice_parse_uint(slice_of(colon + 1), WEIGHT_BRIEF, &weight)) {
      FrontSlotRow slot = {(gint64)id, (FrontWeight)weight};
      g_array_append_val(slots, slot);
    }
  }
  return slots;
}

// ---- the past ---------------------------------------------------------------------------------

void front_past_free(FrontPast *past) {
  if (past != NULL) {
    g_free(past->slots);
    g_free(past);
  }
}

static gpointer read_past(StoreRows *rows) {
  FrontPast *past = g_new0(FrontPast, 1);
  past->version = store_row_integer(rows, 0);
  past->replaced_at = store_row_integer(rows, 1);
  past->staff_id = store_row_integer(rows, 2);
  past->slots = store_row_dup(rows, 3);
  return past;
}

gboolean front_past_rows_insert(StoreTransaction *transaction, gint64 section_id,
                                const FrontPast *past, GError **error) {
  return store_execute(transaction, QUERY_FRONT_PAST_INSERT,
                       STORE_VALUES(store_integer(section_id), store_integer(past->version),
                                    store_integer(past->replaced_at), store_integer(past->staff_id),
                                    store_text(past->slots)),
                       error) >= 0;
}

FrontPast *front_past_rows_get(StoreTransaction *transaction, gint64 section_id, gint64 version,
                               GError **error) {
  return row_reader_one(transaction, QUERY_FRONT_PAST_GET,
                        STORE_VALUES(store_integer(section_id), store_integer(version)), read_past,
                        error);
}

GPtrArray *front_past_rows_list(StoreTransaction *transaction, gint64 section_id, gint64 before,
                                guint limit, GError **error) {
  return row_reader_all(transaction, QUERY_FRONT_PAST_LIST,
                        STORE_VALUES(store_integer(section_id),
                                     store_integer(before > 0 ? before : G_MAXINT64),
                                     store_integer(limit)),
                        read_past, (GDestroyNotify)front_past_free, error);
}

// ---- plans ------------------------------------------------------------------------------------

void front_plan_free(FrontPlan *plan) {
  if (plan != NULL) {
    g_free(plan->name);
    g_free(plan->slots);
    g_free(plan);
  }
}

static gpointer read_plan(StoreRows *rows) {
  FrontPlan *plan = g_new0(FrontPlan, 1);
  plan->id = store_row_integer(rows, 0);
  plan->section_id = store_row_integer(rows, 1);
  plan->name = store_row_dup(rows, 2);
  plan->goes_live_at = store_row_integer(rows, 3);
  plan->slots = store_row_dup(rows, 4);
  plan->updated_at = store_row_integer(rows, 5);
  plan->updated_by = store_row_integer(rows, 6);
  return plan;
}

GPtrArray *front_plan_rows_list(StoreTransaction *transaction, gint64 section_id, GError **error) {
  return row_reader_all(transaction, QUERY_FRONT_PLAN_LIST, STORE_VALUES(store_integer(section_id)),
                        read_plan, (GDestroyNotify)front_plan_free, error);
}

GPtrArray *front_plan_rows_due(StoreTransaction *transaction, gint64 now, GError **error) {
  return row_reader_all(transaction, QUERY_FRONT_PLAN_DUE, STORE_VALUES(store_integer(now)),
                        read_plan, (GDestroyNotify)front_plan_free, error);
}

FrontPlan *front_plan_rows_get(StoreTransaction *transaction, gint64 section_id, gint64 id,
                               GError **error) {
  return row_reader_one(transaction, QUERY_FRONT_PLAN_GET,
                        STORE_VALUES(store_integer(section_id), store_integer(id)), read_plan,
                        error);
}

gint64 front_plan_rows_insert(StoreTransaction *transaction, const FrontPlan *plan,
                              GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_FRONT_PLAN_INSERT,
      STORE_VALUES(store_integer(plan->section_id), store_text(plan->name),
                   store_integer(plan->goes_live_at), store_text(plan->slots),
                   store_integer(plan->updated_at), store_integer(plan->updated_by)),
      &id, error);
  return inserted ? id : 0;
}

gboolean front_plan_rows_update(StoreTransaction *transaction, const FrontPlan *plan,
                                GError **error) {
  return store_execute(transaction, QUERY_FRONT_PLAN_UPDATE,
                       STORE_VALUES(store_text(plan->name), store_integer(plan->goes_live_at),
                                    store_text(plan->slots), store_integer(plan->updated_at),
                                    store_integer(plan->updated_by), store_integer(plan->id)),
                       error) >= 0;
}

gint64 front_plan_rows_remove(StoreTransaction *transaction, gint64 section_id, gint64 id,
                              GError **error) {
  return store_execute(transaction, QUERY_FRONT_PLAN_REMOVE,
                       STORE_VALUES(store_integer(id), store_integer(section_id)), error);
}
