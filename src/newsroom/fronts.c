// SPDX-License-Identifier: Apache-2.0
//
// Implements fronts.h. Called by the site's pages (compose) and the commands (set).
#include "newsroom/fronts.h"

#include "newsroom/front_plans.h"
#include "store/story_rows.h"

#define MAX_SLOTS 100
#define SECONDS 4 // slots after the lead that are seconds when the machine fills

static gboolean check_slots(const FrontSlotRow *slots, guint count, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  if (count > MAX_SLOTS) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "slots: a front has at most %d stories: leave some out", MAX_SLOTS);
  }
  for (guint i = 0; i < count; i++) {
    if (!g_hash_table_add(seen, (gpointer)&slots[i].story_id)) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID,
                           "slots: story %" G_GINT64_FORMAT " stands there twice: leave one out",
                           slots[i].story_id);
    }
    if (slots[i].weight > WEIGHT_BRIEF) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID, "weight: use lead, second or brief");
    }
  }
  return TRUE;
}

static gboolean has_section(const Site *site, gint64 id) {
  for (guint i = 0; i < site->sections->len; i++) {
    if (((const Section *)g_ptr_array_index(site->sections, i))->id == id) {
      return TRUE;
    }
  }
  return id == 0;
}

static gboolean stories_exist(Change *change, const FrontSlotRow *slots, guint count,
                              GError **error) {
  for (guint i = 0; i < count; i++) {
    GError *failure = NULL;
    StoryStatus status;
    g_autoptr(Teaser) story =
        story_rows_get_address(change->transaction, slots[i].story_id, &status, &failure);
    if (story == NULL) {
      if (change_is_absent(&failure)) {
        return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                             "slots: there is no story %" G_GINT64_FORMAT
                             ": list them to see their numbers",
                             slots[i].story_id);
      }
      g_propagate_error(error, failure);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean fronts_check_slots(Change *change, gint64 section_id, const FrontSlotRow *slots,
                            guint count, GError **error) {
  if (!check_slots(slots, count, error)) {
    return FALSE;
  }
  if (!has_section(change->site, section_id)) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                         "section: there is no section %" G_GINT64_FORMAT, section_id);
  }
  return stories_exist(change, slots, count, error);
}

gboolean fronts_put_slots(Change *change, gint64 section_id, const FrontSlotRow *slots, guint count,
                          GError **error) {
  const Actor *actor = change->newsroom->actor;
  return fronts_check_slots(change, section_id, slots, count, error) &&
         front_rows_put(change->transaction, section_id, slots, count, change->now,
                        actor != NULL ? actor->staff_id : 0, error);
}

gboolean fronts_set(Newsroom *newsroom, gint64 section_id, const FrontSlotRow *slots, guint count,
                    GError **error) {
  return check_slots(slots, count, error) &&
         fronts_replace(newsroom, section_id, -1, slots, count, error);
}

static void append_automatic(Front *front, GPtrArray *stories, GHashTable *seen, guint size) {
  for (guint i = 0; i < stories->len && front->slots->len < size; i++) {
    Teaser *story = g_ptr_array_index(stories, i);
    if (!g_hash_table_add(seen, &story->id)) {
      continue;
    }
    FrontSlot *slot = g_new0(FrontSlot, 1);
    slot->weight = front->slots->len <= SECONDS ? WEIGHT_SECOND : WEIGHT_BRIEF;
    slot->automatic = TRUE;
    slot->story = story;
    g_ptr_array_add(front->slots, slot);
    g_ptr_array_index(stories, i) = NULL; // the front's now; teaser_free takes NULL
  }
}

Front *fronts_compose(StoreTransaction *transaction, gint64 section_id, guint size,
                      GError **error) {
  g_autoptr(Front) front = front_rows_get(transaction, section_id, error);
  if (front == NULL) {
    return NULL;
  }
  g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    g_hash_table_add(seen, &slot->story->id);
  }
  if (front->slots->len < size) {
    Listing listing = {section_id != 0 ? LISTING_SECTION : LISTING_ALL, section_id};
    g_autoptr(GPtrArray) stories = story_rows_list(
        transaction, listing, 0, size, error); // enough: curated ones are among them or not
    if (stories == NULL) {
      return NULL;
    }
    append_automatic(front, stories, seen, size);
  }
  if (front->slots->len > 0) {
    ((FrontSlot *)g_ptr_array_index(front->slots, 0))->weight = WEIGHT_LEAD;
  }
  return g_steal_pointer(&front);
}
