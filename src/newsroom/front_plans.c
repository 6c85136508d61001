// SPDX-License-Identifier: Apache-2.0
//
// Implements front_plans.h.
#include "newsroom/front_plans.h"

#include <string.h>

#include "newsroom/change.h"
#include "newsroom/fronts.h"
#include "store/story_rows.h"
#include "store/work_rows.h"

#define NAME_CHARACTERS 100
#define SECONDS 4
#define PLANS_MOST 100

static gint64 actor_id(const Newsroom *newsroom) {
  return newsroom->actor != NULL ? newsroom->actor->staff_id : 0;
}

static gboolean check_name(const char *name, GError **error) {
  glong length = g_utf8_strlen(name, -1);
  return (length >= 1 && length <= NAME_CHARACTERS) ||
         change_refuse(error, NEWSROOM_ERROR_INVALID, "name: 1 to %d characters", NAME_CHARACTERS);
}

// Keeps what there is, then puts the slots.
static gboolean put(Change *change, gint64 section_id, const FrontSlotRow *slots, guint count,
                    GError **error) {
  FrontState state;
  g_autoptr(GArray) now = front_rows_slots(change->transaction, section_id, error);
  if (now == NULL || !front_rows_state(change->transaction, section_id, &state, error)) {
    return FALSE;
  }
  g_autofree char *text = front_slots_write((const FrontSlotRow *)now->data, now->len);
  FrontPast past = {state.version, change->now, state.updated_by, text};
  return (state.version == 0 ||
          front_past_rows_insert(change->transaction, section_id, &past, error)) &&
         fronts_put_slots(change, section_id, slots, count, error) &&
         change_audit(change, error, "front.put", "front", section_id,
                      "curated a front: %u stories", count);
}

static gboolean is_stale(Change *change, gint64 section_id, gint64 base_version, GError **error) {
  FrontState state;
  if (!front_rows_state(change->transaction, section_id, &state, error)) {
    return TRUE;
  }
  if (base_version >= 0 && base_version != state.version) {
    change_refuse(error, NEWSROOM_ERROR_STALE,
                  "base_version: the front was changed meanwhile: look at it as it is now");
    return TRUE;
  }
  return FALSE;
}

gboolean fronts_replace(Newsroom *newsroom, gint64 section_id, gint64 base_version,
                        const FrontSlotRow *slots, guint count, GError **error) {
  g_auto(Change) change = {0};
  return change_may(newsroom, PERMISSION_FRONT_WRITE, error) &&
         change_begin(&change, newsroom, error) &&
         !is_stale(&change, section_id, base_version, error) &&
         put(&change, section_id, slots, count, error) && change_commit(&change, TRUE, error);
}

gboolean fronts_undo(Newsroom *newsroom, gint64 section_id, gint64 base_version, gint64 to,
                     GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_FRONT_WRITE, error) ||
      !change_begin(&change, newsroom, error) ||
      is_stale(&change, section_id, base_version, error)) {
    return FALSE;
  }
  g_autoptr(FrontPast) past = NULL;
  if (to > 0) {
    past = front_past_rows_get(change.transaction, section_id, to, &failure);
  } else {
    g_autoptr(GPtrArray) all = front_past_rows_list(change.transaction, section_id, 0, 1, &failure);
    past = all != NULL && all->len > 0 ? g_ptr_array_steal_index(all, 0) : NULL;
  }
  if (past == NULL) {
    if (failure != NULL && !change_is_absent(&failure)) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    return change_refuse(error, NEWSROOM_ERROR_STATE, "there is nothing to go back to");
  }
  g_autoptr(GArray) slots = front_slots_read(past->slots);
  return put(&change, section_id, (const FrontSlotRow *)slots->data, slots->len, error) &&
         change_commit(&change, TRUE, error);
}

// ---- plans ------------------------------------------------------------------------------------

static gboolean check_hour(const Change *change, gint64 goes_live_at, GError **error) {
  return goes_live_at == 0 || goes_live_at > change->now ||
         change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "goes_live_at: it lies in the past: publish the plan instead");
}

gint64 front_plans_make(Newsroom *newsroom, gint64 section_id, const char *name,
                        gint64 goes_live_at, const FrontSlotRow *slots, guint count,
                        GError **error) {
  g_auto(Change) change = {0};
  if (!check_name(name, error) || !change_may(newsroom, PERMISSION_FRONT_WRITE, error) ||
      !change_begin(&change, newsroom, error) || !check_hour(&change, goes_live_at, error) ||
      !fronts_check_slots(&change, section_id, slots, count, error)) {
    return 0;
  }
  g_autoptr(GPtrArray) plans = front_plan_rows_list(change.transaction, section_id, error);
  if (plans == NULL) {
    return 0;
  }
  if (plans->len >= PLANS_MOST) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "%d plans are the most: throw some away",
                  PLANS_MOST);
    return 0;
  }
  g_autofree char *text = front_slots_write(slots, count);
  FrontPlan plan = {.section_id = section_id,
                    .name = (char *)name,
                    .goes_live_at = goes_live_at,
                    .slots = text,
                    .updated_at = change.now,
                    .updated_by = actor_id(newsroom)};
  gint64 id = front_plan_rows_insert(change.transaction, &plan, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

static FrontPlan *load(Change *change, gint64 section_id, gint64 id, GError **error) {
  GError *failure = NULL;
  FrontPlan *plan = front_plan_rows_get(change->transaction, section_id, id, &failure);
  if (plan == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such plan");
  } else if (plan == NULL) {
    g_propagate_error(error, failure);
  }
  return plan;
}

gboolean front_plans_change(Newsroom *newsroom, gint64 section_id, gint64 id, const char *name,
                            gint64 goes_live_at, const GArray *slots, GError **error) {
  g_auto(Change) change = {0};
  if ((name != NULL && !check_name(name, error)) ||
      !change_may(newsroom, PERMISSION_FRONT_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(FrontPlan) plan = load(&change, section_id, id, error);
  if (plan == NULL || (goes_live_at > 0 && !check_hour(&change, goes_live_at, error)) ||
      (slots != NULL && !fronts_check_slots(&change, section_id, (const FrontSlotRow *)slots->data,
                                            slots->len, error))) {
    return FALSE;
  }
  if (name != NULL) {
    g_free(plan->name);
    plan->name = g_strdup(name);
  }
  if (slots != NULL) {
    g_free(plan->slots);
    plan->slots = front_slots_write((const FrontSlotRow *)slots->data, slots->len);
  }
  plan->goes_live_at = goes_live_at >= 0 ? goes_live_at : plan->goes_live_at;
  plan->updated_at = change.now;
  plan->updated_by = actor_id(newsroom);
  return front_plan_rows_update(change.transaction, plan, error) &&
         change_commit(&change, FALSE, error);
}

gboolean front_plans_remove(Newsroom *newsroom, gint64 section_id, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_FRONT_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 removed = front_plan_rows_remove(change.transaction, section_id, id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such plan");
  }
  return removed > 0 && change_commit(&change, FALSE, error);
}

static gboolean publish(Change *change, const FrontPlan *plan, GError **error) {
  g_autoptr(GArray) slots = front_slots_read(plan->slots);
  return put(change, plan->section_id, (const FrontSlotRow *)slots->data, slots->len, error) &&
         front_plan_rows_remove(change->transaction, plan->section_id, plan->id, error) >= 0;
}

gboolean front_plans_publish(Newsroom *newsroom, gint64 section_id, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(FrontPlan) plan =
      change_may(newsroom, PERMISSION_FRONT_WRITE, error) && change_begin(&change, newsroom, error)
          ? load(&change, section_id, id, error)
          : NULL;
  return plan != NULL && publish(&change, plan, error) && change_commit(&change, TRUE, error);
}

gint front_plans_publish_due(Newsroom *newsroom, GError **error) {
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    g_autoptr(GPtrArray) due =
        transaction != NULL ? front_plan_rows_due(transaction, clock_now(&newsroom->clock), error)
                            : NULL;
    if (due == NULL || due->len == 0) {
      return due != NULL ? 0 : -1;
    }
  }
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return -1;
  }
  g_autoptr(GPtrArray) due = front_plan_rows_due(change.transaction, change.now, error);
  for (guint i = 0; due != NULL && i < due->len; i++) {
    if (!publish(&change, g_ptr_array_index(due, i), error)) {
      return -1;
    }
  }
  return due != NULL && change_commit(&change, due->len > 0, error) ? (gint)due->len : -1;
}

// ---- what fills the rest ----------------------------------------------------------------------

static void add(GArray *filled, GHashTable *seen, gint64 id, FrontWeight weight,
                gboolean automatic) {
  if (g_hash_table_contains(seen, &id)) {
    return;
  }
  g_hash_table_add(seen, g_memdup2(&id, sizeof id));
  FrontFilled one = {id, weight, automatic};
  g_array_append_val(filled, one);
}

static FrontWeight automatic_weight(const GArray *filled) {
  return filled->len == 0 ? WEIGHT_LEAD : filled->len <= SECONDS ? WEIGHT_SECOND : WEIGHT_BRIEF;
}

GArray *fronts_fill(StoreTransaction *transaction, gint64 section_id, const FrontSlotRow *slots,
                    guint count, guint size, gint64 at, GError **error) {
  g_autoptr(GArray) filled = g_array_new(FALSE, FALSE, sizeof(FrontFilled));
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < count; i++) {
    add(filled, seen, slots[i].story_id, slots[i].weight, FALSE);
  }
  if (at != 0) {
    g_autoptr(GPtrArray) scheduled = work_rows_scheduled(transaction, 200, error);
    if (scheduled == NULL) {
      return NULL;
    }
    for (guint i = scheduled->len; i > 0 && filled->len < size; i--) { // newest first
      const WorkSummary *story = g_ptr_array_index(scheduled, i - 1);
      if (story->scheduled_for <= at && (section_id == 0 || story->section_id == section_id)) {
        add(filled, seen, story->id, automatic_weight(filled), TRUE);
      }
    }
  }
  Listing listing = {section_id != 0 ? LISTING_SECTION : LISTING_ALL, section_id};
  g_autoptr(GPtrArray) newest = story_rows_list(transaction, listing, 0, size + count, error);
  if (newest == NULL) {
    return NULL;
  }
  for (guint i = 0; i < newest->len && filled->len < size; i++) {
    add(filled, seen, ((const Teaser *)g_ptr_array_index(newest, i))->id, automatic_weight(filled),
        TRUE);
  }
  if (filled->len > 0) {
    g_array_index(filled, FrontFilled, 0).weight = WEIGHT_LEAD;
  }
  return g_steal_pointer(&filled);
}
