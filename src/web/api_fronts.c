// SPDX-License-Identifier: Apache-2.0
//
// The front page and the sections' fronts: as they are, as they were, as they are planned
// (docs/api/openapi.json).
#include <string.h>

#include "newsroom/front_plans.h"
#include "newsroom/fronts.h"
#include "web/api_stories.h"

// "front" is the newspaper's, anything else a section's slug. NOT_FOUND.
static gboolean find_section(const Site *site, const char *slug, gint64 *ret_id,
                             const char **ret_name, GError **error) {
  const Section *section = site_section_by_slug(site, slug);
  gboolean front = strcmp(slug, "front") == 0;
  if (section == NULL && !front) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "there is no section %s", slug);
    return FALSE;
  }
  *ret_id = front ? 0 : section->id;
  *ret_name = front ? "" : section->name;
  return TRUE;
}

static gboolean begin(ApiCall *call, ApiSummaries *with, gint64 *ret_id, const char **ret_name,
                      GError **error) {
  return api_summaries_begin(with, call, error) &&
         find_section(with->read.site, request_parameter(call->request, 0), ret_id, ret_name,
                      error);
}

static gboolean section_of(ApiCall *call, gint64 *ret_id, GError **error) {
  g_auto(ApiSummaries) with = {0};
  const char *name = NULL;
  return begin(call, &with, ret_id, &name, error);
}

static guint front_size(const Website *website) {
  return (guint)CLAMP(website->front_size, 1, 100);
}

static gboolean put_slots(JsonWriter *json, const ApiSummaries *with, gint64 section_id,
                          const GArray *slots, guint size, gint64 at, GError **error) {
  g_autoptr(GArray) filled =
      fronts_fill(with->read.transaction, section_id, (const FrontSlotRow *)slots->data, slots->len,
                  size, at, error);
  if (filled == NULL) {
    return FALSE;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < filled->len; i++) {
    g_array_append_val(ids, g_array_index(filled, FrontFilled, i).story_id);
  }
  g_autoptr(GPtrArray) stories =
      work_rows_list_ids(with->read.transaction, (const gint64 *)ids->data, ids->len, error);
  if (stories == NULL) {
    return FALSE;
  }
  put_list(json, "slots");
  for (guint i = 0, j = 0; i < filled->len && j < stories->len; i++) {
    const FrontFilled *slot = &g_array_index(filled, FrontFilled, i);
    const WorkSummary *story = g_ptr_array_index(stories, j);
    if (story->id != slot->story_id) {
      continue; // it is gone
    }
    j++;
    json_object(json);
    put_object(json, "story");
    write_summary(json, story, &with->context);
    json_end_object(json);
    put_text(json, "weight", front_weight_name(slot->weight));
    put_flag(json, "automatic", slot->automatic);
    put_text(json, "why",
             !slot->automatic  ? ""
             : section_id != 0 ? "newest of the section"
                               : "newest");
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

Response *api_front_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  if (!api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i <= with.read.site->sections->len; i++) {
    const Section *section = i > 0 ? g_ptr_array_index(with.read.site->sections, i - 1) : NULL;
    gint64 id = section != NULL ? section->id : 0;
    FrontState state;
    g_autoptr(GArray) slots = front_rows_slots(with.read.transaction, id, error);
    g_autoptr(GPtrArray) plans =
        slots != NULL ? front_plan_rows_list(with.read.transaction, id, error) : NULL;
    if (plans == NULL || !front_rows_state(with.read.transaction, id, &state, error)) {
      return NULL;
    }
    json_object(json);
    put_text(json, "section", section != NULL ? section->slug : "front");
    put_text(json, "name", section != NULL ? section->name : "");
    put_integer(json, "version", state.version);
    put_instant(json, "updated_at", state.updated_at);
    put_integer(json, "curated", slots->len);
    put_integer(json, "plans", plans->len);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static void put_plans(JsonWriter *json, const GPtrArray *plans, const StaffNames *names) {
  put_list(json, "plans");
  for (guint i = 0; i < plans->len; i++) {
    const FrontPlan *plan = g_ptr_array_index(plans, i);
    g_autoptr(GArray) slots = front_slots_read(plan->slots);
    json_object(json);
    put_integer(json, "id", plan->id);
    put_text(json, "name", plan->name);
    put_instant(json, "goes_live_at", plan->goes_live_at);
    put_instant(json, "updated_at", plan->updated_at);
    put_person(json, "updated_by", names, plan->updated_by);
    put_integer(json, "curated", slots->len);
    json_end_object(json);
  }
  json_end_array(json);
}

static Response *answer_front(ApiCall *call, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  gint64 id = 0;
  const char *name = NULL;
  FrontState state;
  if (!begin(call, &with, &id, &name, error) ||
      !front_rows_state(with.read.transaction, id, &state, error)) {
    return NULL;
  }
  g_autoptr(GArray) slots = front_rows_slots(with.read.transaction, id, error);
  g_autoptr(GPtrArray) plans =
      slots != NULL ? front_plan_rows_list(with.read.transaction, id, error) : NULL;
  g_autoptr(GPtrArray) past =
      plans != NULL ? front_past_rows_list(with.read.transaction, id, 0, 1, error) : NULL;
  if (past == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "section", request_parameter(call->request, 0));
  put_text(json, "name", name);
  put_integer(json, "version", state.version);
  put_instant(json, "updated_at", state.updated_at);
  put_person(json, "updated_by", with.names, state.updated_by);
  if (!put_slots(json, &with, id, slots, front_size(call->website), 0, error)) {
    return NULL;
  }
  put_plans(json, plans, with.names);
  put_flag(json, "can_undo", past->len > 0);
  return api_respond(&answer, 200);
}

Response *api_front_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_front(&call, error);
}

static GArray *read_slots(ApiCall *call, gboolean needed) {
  static const char *const NAMES[] = {"story_id", "weight", NULL};
  const JsonValue *list = api_list(call, "slots");
  if (list == NULL) {
    if (needed) {
      api_fault(call, "slots: it is missing");
    }
    return needed ? g_array_new(FALSE, FALSE, sizeof(FrontSlotRow)) : NULL;
  }
  GArray *slots = g_array_new(FALSE, FALSE, sizeof(FrontSlotRow));
  for (guint i = 0; i < json_value_count(list); i++) {
    const JsonValue *item = json_value_item(list, i);
    FrontSlotRow slot = {0};
    if (!api_item_is(call, item, "slots", NAMES)) {
      break;
    }
    const char *weight = json_value_text(json_value_member(item, "weight"));
    slot.story_id = json_value_integer(json_value_member(item, "story_id"));
    if (slot.story_id <= 0 || weight == NULL || !front_weight_parse(weight, &slot.weight)) {
      api_fault(call, "slots: each has a story_id, and a weight: lead, second or brief");
    }
    g_array_append_val(slots, slot);
  }
  return slots;
}

Response *api_front_put(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  if (!api_begin_json(&call, request, website, error) || !section_of(&call, &id, error)) {
    return NULL;
  }
  gint64 base = api_need_integer(&call, "base_version");
  g_autoptr(GArray) slots = read_slots(&call, TRUE);
  return api_accept(&call, error) &&
                 fronts_replace(&call.newsroom, id, base, (const FrontSlotRow *)slots->data,
                                slots->len, error)
             ? answer_front(&call, error)
             : NULL;
}

Response *api_front_preview(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  gint64 id = 0;
  const char *name = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  g_autoptr(GArray) slots = read_slots(&call, TRUE);
  gint64 at = api_instant(&call, "at", 0);
  if (!api_accept(&call, error) || !begin(&call, &with, &id, &name, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  return put_slots(json, &with, id, slots, front_size(website), at, error)
             ? api_respond(&answer, 200)
             : NULL;
}

Response *api_front_undo(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  if (!api_begin_json(&call, request, website, error) || !section_of(&call, &id, error)) {
    return NULL;
  }
  gint64 base = api_need_integer(&call, "base_version");
  gint64 to = api_integer(&call, "to_version", 0);
  return api_accept(&call, error) && fronts_undo(&call.newsroom, id, base, to, error)
             ? answer_front(&call, error)
             : NULL;
}

Response *api_front_history(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  gint64 id = 0;
  const char *name = NULL;
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 20);
  gint64 before = api_query_integer(&call, "after", 0);
  if (!api_query_accept(&call, error) || !begin(&call, &with, &id, &name, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all =
      front_past_rows_list(with.read.transaction, id, before, limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const FrontPast *past = g_ptr_array_index(all, i);
    g_autoptr(GArray) slots = front_slots_read(past->slots);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint j = 0; j < MIN(slots->len, 5); j++) {
      g_array_append_val(ids, g_array_index(slots, FrontSlotRow, j).story_id);
    }
    g_autoptr(GPtrArray) stories =
        work_rows_list_ids(with.read.transaction, (const gint64 *)ids->data, ids->len, error);
    if (stories == NULL) {
      return NULL;
    }
    json_object(json);
    put_integer(json, "version", past->version);
    put_instant(json, "replaced_at", past->replaced_at);
    put_person(json, "staff", with.names, past->staff_id);
    put_integer(json, "curated", slots->len);
    put_list(json, "headlines");
    for (guint j = 0; j < stories->len; j++) {
      json_string(json, ((const WorkSummary *)g_ptr_array_index(stories, j))->headline);
    }
    json_end_array(json);
    json_end_object(json);
    last = past->version;
  }
  put_next_id(json, all->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

// ---- plans ------------------------------------------------------------------------------------

static Response *answer_plan(ApiCall *call, gint64 plan_id, guint status, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  gint64 id = 0;
  const char *name = NULL;
  if (!begin(call, &with, &id, &name, error)) {
    return NULL;
  }
  g_autoptr(FrontPlan) plan = front_plan_rows_get(with.read.transaction, id, plan_id, error);
  if (plan == NULL) {
    return NULL;
  }
  g_autoptr(GArray) slots = front_slots_read(plan->slots);
  JsonWriter *json = api_answer(&answer);
  put_integer(json, "id", plan->id);
  put_text(json, "section", request_parameter(call->request, 0));
  put_text(json, "name", plan->name);
  put_instant(json, "goes_live_at", plan->goes_live_at);
  put_instant(json, "updated_at", plan->updated_at);
  put_person(json, "updated_by", with.names, plan->updated_by);
  gint64 at = plan->goes_live_at != 0 ? plan->goes_live_at : with.context.now + CLOCK_DAY;
  return put_slots(json, &with, id, slots, front_size(call->website), at, error)
             ? api_respond(&answer, status)
             : NULL;
}

Response *api_front_plan_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  if (!api_begin_json(&call, request, website, error) || !section_of(&call, &id, error)) {
    return NULL;
  }
  const char *name = api_need_text(&call, "name");
  gint64 at = api_instant(&call, "goes_live_at", 0);
  g_autoptr(GArray) slots = read_slots(&call, TRUE);
  gint64 plan = api_accept(&call, error)
                    ? front_plans_make(&call.newsroom, id, name, at,
                                       (const FrontSlotRow *)slots->data, slots->len, error)
                    : 0;
  return plan != 0 ? answer_plan(&call, plan, 201, error) : NULL;
}

Response *api_front_plan_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_plan(&call, api_path_id(&call, 1), 200, error);
}

Response *api_front_plan_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  if (!api_begin_json(&call, request, website, error) || !section_of(&call, &id, error)) {
    return NULL;
  }
  gint64 plan = api_path_id(&call, 1);
  const char *name = api_text(&call, "name");
  gint64 at = api_instant(&call, "goes_live_at", -1);
  g_autoptr(GArray) slots = read_slots(&call, FALSE);
  return api_accept(&call, error) &&
                 front_plans_change(&call.newsroom, id, plan, name, at, slots, error)
             ? answer_plan(&call, plan, 200, error)
             : NULL;
}

Response *api_front_plan_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  api_begin(&call, request, website);
  return section_of(&call, &id, error) &&
                 front_plans_remove(&call.newsroom, id, api_path_id(&call, 1), error)
             ? api_done()
             : NULL;
}

Response *api_front_plan_publish(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gint64 id = 0;
  api_begin(&call, request, website);
  return section_of(&call, &id, error) &&
                 front_plans_publish(&call.newsroom, id, api_path_id(&call, 1), error)
             ? answer_front(&call, error)
             : NULL;
}
