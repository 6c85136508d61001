// SPDX-License-Identifier: Apache-2.0
//
// Page views: the beacon that pages send, and what came of it (docs/api/openapi.json).
#include <string.h>

#include "model/address.h"
#include "newsroom/views.h"
#include "store/mailing_rows.h"
#include "store/story_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_stories.h"

#define MINUTES 30

// Nothing of the one who asks is looked at but the page and where they came from.
Response *api_beacon(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  GBytes *body = request_body(request);
  if (!api_read_begin(&read, website, error) ||
      !admission_check_origin(request, read.site, error)) {
    return NULL;
  }
  g_autoptr(JsonValue) said = body != NULL ? json_read(slice_of_bytes(body), NULL) : NULL;
  const char *path = json_value_text(json_value_member(said, "p"));
  const char *referrer = json_value_text(json_value_member(said, "r"));
  if (path == NULL || path[0] != '/' || strlen(path) > 2000) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "p: a path is wanted");
    return NULL;
  }
  if (website->views != NULL) {
    views_count(website->views, read.site, path, referrer, clock_now(&website->newsroom->clock));
  }
  return api_done();
}

static const Section *section_by_id(const Site *site, gint64 id) {
  for (guint i = 0; i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    if (section->id == id) {
      return section;
    }
  }
  return NULL;
}

static gboolean put_stories(JsonWriter *json, const char *name, const ApiRead *read,
                            const GPtrArray *totals, gint64 section_id, GError **error) {
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < totals->len; i++) {
    g_array_append_val(ids, ((const ViewTotal *)g_ptr_array_index(totals, i))->key);
  }
  g_autoptr(GPtrArray) teasers =
      story_rows_list_by_ids(read->transaction, (const gint64 *)ids->data, ids->len, error);
  if (teasers == NULL) {
    return FALSE;
  }
  put_list(json, name);
  for (guint i = 0; i < teasers->len; i++) {
    const Teaser *teaser = g_ptr_array_index(teasers, i);
    if (section_id != 0 && teaser->section_id != section_id) {
      continue;
    }
    g_autofree char *url = address_teaser(teaser);
    json_object(json);
    put_integer(json, "story_id", teaser->id);
    put_text(json, "headline", teaser->headline);
    put_text(json, "url", url);
    for (guint j = 0; j < totals->len; j++) {
      const ViewTotal *total = g_ptr_array_index(totals, j);
      if (total->key == teaser->id) {
        put_integer(json, "views", total->views);
      }
    }
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

static void put_referrers(JsonWriter *json, const char *name, const GPtrArray *totals) {
  put_list(json, name);
  for (guint i = 0; i < totals->len; i++) {
    const ViewTotal *total = g_ptr_array_index(totals, i);
    json_object(json);
    put_text(json, "referrer", total->referrer);
    put_integer(json, "views", total->views);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_sections(JsonWriter *json, const char *name, const Site *site,
                         const GPtrArray *totals) {
  put_list(json, name);
  for (guint i = 0; i < totals->len; i++) {
    const ViewTotal *total = g_ptr_array_index(totals, i);
    const Section *section = section_by_id(site, total->key);
    if (section != NULL) {
      json_object(json);
      put_text(json, "section", section->slug);
      put_text(json, "name", section->name);
      put_integer(json, "views", total->views);
      json_end_object(json);
    }
  }
  json_end_array(json);
}

static gint64 views_of(const GPtrArray *totals, gint64 key) {
  for (guint i = 0; i < totals->len; i++) {
    const ViewTotal *total = g_ptr_array_index(totals, i);
    if (total->key == key) {
      return total->views;
    }
  }
  return 0;
}

Response *api_numbers_live(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  gint64 now = clock_now(&website->newsroom->clock);
  gint64 until = now / (60 * CLOCK_SECOND);
  gint64 from = until - MINUTES + 1;
  StoreTransaction *transaction = read.transaction;
  g_autoptr(GPtrArray) minutes =
      views_by_period(transaction, VIEW_MINUTE_ALL, 0, from, until, error);
  g_autoptr(GPtrArray) stories =
      minutes != NULL ? views_top_nouns(transaction, VIEW_MINUTE_STORY, from, until, 20, error)
                      : NULL;
  g_autoptr(GPtrArray) referrers =
      stories != NULL
          ? views_top_referrers(transaction, VIEW_MINUTE_REFERRER, 0, from, until, 20, error)
          : NULL;
  g_autoptr(GPtrArray) sections =
      referrers != NULL ? views_top_nouns(transaction, VIEW_MINUTE_SECTION, from, until, 50, error)
                        : NULL;
  if (sections == NULL) {
    return NULL;
  }
  gint64 all = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "minutes");
  for (gint64 minute = from; minute <= until; minute++) {
    gint64 views = views_of(minutes, minute);
    json_integer(json, views);
    all += views;
  }
  json_end_array(json);
  put_instant(json, "now", now);
  put_integer(json, "views", all);
  if (!put_stories(json, "stories", &read, stories, 0, error)) {
    return NULL;
  }
  put_referrers(json, "referrers", referrers);
  put_sections(json, "sections", read.site, sections);
  return api_respond(&answer, 200);
}

// From and until, both included; the last 30 days if nothing is said.
static gboolean read_days(ApiCall *call, ApiRead *read, gint32 *ret_from, gint32 *ret_until,
                          GError **error) {
  if (!api_read_begin(read, call->website, error)) {
    return FALSE;
  }
  gint64 now = clock_now(&call->website->newsroom->clock);
  *ret_until = api_query_day(call, "until", clock_day(now, read->site->zone));
  *ret_from = api_query_day(call, "from", clock_day(now - 29 * CLOCK_DAY, read->site->zone));
  return api_query_accept(call, error);
}

static void put_days(JsonWriter *json, const GPtrArray *totals, gint32 from, gint32 until) {
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  guint count = 0;
  put_list(json, "days");
  for (gint64 at = clock_day_start(from, utc); clock_day(at, utc) <= until && count < 800;
       at += CLOCK_DAY, count++) {
    gint32 day = clock_day(at, utc);
    json_object(json);
    put_day(json, "day", day);
    put_integer(json, "views", views_of(totals, day));
    json_end_object(json);
  }
  json_end_array(json);
}

Response *api_numbers_days(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gint32 from = 0;
  gint32 until = 0;
  api_begin(&call, request, website);
  gint64 section = api_query_integer(&call, "section_id", 0);
  if (!read_days(&call, &read, &from, &until, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) totals =
      views_by_period(read.transaction, section != 0 ? VIEW_DAY_SECTION : VIEW_DAY_ALL, section,
                      from, until, error);
  if (totals == NULL) {
    return NULL;
  }
  put_days(api_answer(&answer), totals, from, until);
  return api_respond(&answer, 200);
}

Response *api_numbers_stories(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gint32 from = 0;
  gint32 until = 0;
  api_begin(&call, request, website);
  gint64 section = api_query_integer(&call, "section_id", 0);
  guint limit = api_limit(&call, 20);
  if (!read_days(&call, &read, &from, &until, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) totals = views_top_nouns(read.transaction, VIEW_DAY_STORY, from, until,
                                                section != 0 ? 500 : limit, error);
  return totals != NULL && put_stories(api_answer(&answer), "items", &read, totals, section, error)
             ? api_respond(&answer, 200)
             : NULL;
}

Response *api_numbers_referrers(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gint32 from = 0;
  gint32 until = 0;
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 20);
  if (!read_days(&call, &read, &from, &until, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) totals =
      views_top_referrers(read.transaction, VIEW_DAY_REFERRER, 0, from, until, limit, error);
  if (totals == NULL) {
    return NULL;
  }
  put_referrers(api_answer(&answer), "items", totals);
  return api_respond(&answer, 200);
}

Response *api_numbers_sections(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gint32 from = 0;
  gint32 until = 0;
  api_begin(&call, request, website);
  if (!read_days(&call, &read, &from, &until, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) totals =
      views_top_nouns(read.transaction, VIEW_DAY_SECTION, from, until, 100, error);
  if (totals == NULL) {
    return NULL;
  }
  put_sections(api_answer(&answer), "items", read.site, totals);
  return api_respond(&answer, 200);
}

Response *api_story_numbers(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gint32 from = 0;
  gint32 until = 0;
  gint64 all = 0;
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  if (!read_days(&call, &read, &from, &until, error) ||
      !works_may_read(&call.newsroom, read.transaction, id, error)) {
    return NULL;
  }
  WorkState state;
  g_autoptr(GPtrArray) days =
      work_rows_get_state(read.transaction, id, &state, error)
          ? views_by_period(read.transaction, VIEW_DAY_STORY, id, 0, until, error)
          : NULL;
  g_autoptr(GPtrArray) referrers =
      days != NULL
          ? views_top_referrers(read.transaction, VIEW_DAY_REFERRER, id, 0, until, 20, error)
          : NULL;
  if (referrers == NULL) {
    return NULL;
  }
  for (guint i = 0; i < days->len; i++) {
    all += ((const ViewTotal *)g_ptr_array_index(days, i))->views;
  }
  JsonWriter *json = api_answer(&answer);
  put_integer(json, "total", all);
  put_days(json, days, from, until);
  put_referrers(json, "referrers", referrers);
  return api_respond(&answer, 200);
}
