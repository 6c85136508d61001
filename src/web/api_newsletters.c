// SPDX-License-Identifier: Apache-2.0
//
// Newsletters, and segments of their readers (docs/api/openapi.json).
#include <string.h>

#include "newsroom/newsletters.h"
#include "newsroom/segments.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_handlers.h"
#include "web/api_mail_parts.h"

#define DAYS_AHEAD 8

// The next instant at which it goes out; 0: none within a week.
static gint64 next_of(const Newsletter *newsletter, const Site *site, gint64 now) {
  if (!newsletter->active || newsletter->kind == NEWSLETTER_BREAKING) {
    return 0;
  }
  GTimeZone *named =
      *newsletter->zone_name != '\0' ? g_time_zone_new_identifier(newsletter->zone_name) : NULL;
  g_autoptr(GTimeZone) zone = named != NULL ? named : g_time_zone_ref(site->zone);
  for (gint64 i = 0; i < DAYS_AHEAD; i++) {
    gint64 due = newsletter_instant(newsletter, clock_day(now + i * CLOCK_DAY, zone), zone);
    if (due > now) {
      return due;
    }
  }
  return 0;
}

static void put_section_ids(JsonWriter *json, const char *text) {
  g_auto(GStrv) ids = g_strsplit(text, ",", -1);
  put_list(json, "section_ids");
  for (guint i = 0; ids[i] != NULL; i++) {
    guint64 id = 0;
    if (slice_parse_uint(slice_of(ids[i]), G_MAXINT64, &id) && id != 0) {
      json_integer(json, (gint64)id);
    }
  }
  json_end_array(json);
}

static void put_fields(JsonWriter *json, const Newsletter *one) {
  g_autofree char *time =
      g_strdup_printf("%02d:%02d", one->send_minute / 60, one->send_minute % 60);
  g_autofree char *days = newsletter_format_days(one->send_days);
  put_text(json, "name", one->name);
  put_text(json, "description", one->description);
  put_flag(json, "offered", one->offered);
  put_text(json, "sender_name", one->sender_name);
  put_text(json, "sender_address", one->sender_address);
  put_text(json, "reply_to", one->reply_to);
  put_text(json, "language", one->language);
  put_text(json, "time_zone", one->zone_name);
  put_text(json, "time", time);
  put_text(json, "days", days);
  put_flag(json, "local_hour", one->local_hour);
  put_flag(json, "approval", one->approval);
  put_text(json, "introduction", one->introduction);
  put_integer(json, "story_limit", one->story_limit);
  put_section_ids(json, one->section_ids);
  put_integer(json, "daily_cap", one->daily_cap);
  put_text(json, "uncertain", one->uncertain == UNCERTAIN_AGAIN ? "again" : "hold");
  put_integer(json, "lateness_minutes", one->lateness_minutes);
  put_flag(json, "tracking", one->tracking);
  put_flag(json, "active", one->active);
  put_integer(json, "position", one->position);
}

void put_newsletter(JsonWriter *json, const char *name, const ReaderFigures *figures,
                    const Site *site, const Newsletter *one, gint64 now) {
  if (name != NULL) {
    put_object(json, name);
  } else {
    json_object(json);
  }
  put_integer(json, "id", one->id);
  put_text(json, "slug", one->slug);
  put_text(json, "kind", newsletter_kind_name(one->kind));
  put_integer(json, "readers", reader_figures_of(figures, one->id));
  put_instant(json, "next_at", next_of(one, site, now));
  put_fields(json, one);
  json_end_object(json);
}

Response *api_newsletters(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(ReaderFigures) figures = {0};
  if (!reader_figures_get(website, &figures, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = newsletter_rows_list(read.transaction, error);
  if (all == NULL) {
    return NULL;
  }
  gint64 now = clock_now(&website->newsroom->clock);
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    put_newsletter(json, NULL, &figures, read.site, g_ptr_array_index(all, i), now);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// The object alone, as the answer.
static Response *answer_newsletter(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ReaderFigures) figures = {0};
  if (!reader_figures_get(website, &figures, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Newsletter) one = newsletter_rows_get(read.transaction, id, error);
  if (one == NULL) {
    return NULL;
  }
  GString *out = g_string_sized_new(1024);
  JsonWriter json;
  json_begin(&json, out);
  put_newsletter(&json, NULL, &figures, read.site, one, clock_now(&website->newsroom->clock));
  return response_new_take(status, "application/json", out);
}

Response *api_newsletter_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_newsletter(website, api_path_id(&call, 0), 200, error);
}

static void take_text(ApiCall *call, const char *name, char **text) {
  const char *value = api_text(call, name);
  if (value != NULL) {
    g_free(*text);
    *text = g_strdup(value);
  }
}

static void take_flag(ApiCall *call, const char *name, gboolean *flag) {
  gint value = api_flag(call, name);
  *flag = value < 0 ? *flag : value != 0;
}

static void take_number(ApiCall *call, const char *name, gint32 least, gint32 most,
                        gint32 *number) {
  gint64 value = api_integer(call, name, *number);
  if (value < least || value > most) {
    api_fault(call, "%s: %d to %d", name, least, most);
  }
  *number = (gint32)CLAMP(value, least, most);
}

static void take_sections(ApiCall *call, char **text) {
  g_autoptr(GArray) ids = api_integers(call, "section_ids");
  if (ids == NULL) {
    return;
  }
  g_autoptr(GString) joined = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++) {
    g_string_append_printf(joined, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                           g_array_index(ids, gint64, i));
  }
  g_free(*text);
  *text = g_strdup(joined->str);
}

static void take_schedule(ApiCall *call, Newsletter *one) {
  const char *time = api_text(call, "time"), *days = api_text(call, "days");
  if (time != NULL && !newsletter_parse_minute(time, &one->send_minute)) {
    api_fault(call, "time: a time of day such as 06:30 is wanted");
  }
  if (days != NULL && !newsletter_parse_days(days, &one->send_days)) {
    api_fault(call, "days: days such as mon-fri, or sat,sun, or daily are wanted");
  }
}

static void take_fields(ApiCall *call, Newsletter *one) {
  take_text(call, "name", &one->name);
  take_text(call, "description", &one->description);
  take_flag(call, "offered", &one->offered);
  take_text(call, "sender_name", &one->sender_name);
  take_text(call, "sender_address", &one->sender_address);
  take_text(call, "reply_to", &one->reply_to);
  take_text(call, "language", &one->language);
  take_text(call, "time_zone", &one->zone_name);
  take_schedule(call, one);
  take_flag(call, "local_hour", &one->local_hour);
  take_flag(call, "approval", &one->approval);
  take_text(call, "introduction", &one->introduction);
  take_number(call, "story_limit", 1, 100, &one->story_limit);
  take_sections(call, &one->section_ids);
  take_number(call, "daily_cap", 0, 1000, &one->daily_cap);
  take_number(call, "lateness_minutes", 1, 100000, &one->lateness_minutes);
  take_flag(call, "tracking", &one->tracking);
  take_flag(call, "active", &one->active);
  take_number(call, "position", 0, 10000, &one->position);
  const char *uncertain = api_text(call, "uncertain");
  if (uncertain != NULL && strcmp(uncertain, "hold") != 0 && strcmp(uncertain, "again") != 0) {
    api_fault(call, "uncertain: hold or again");
  } else if (uncertain != NULL) {
    one->uncertain = strcmp(uncertain, "again") == 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  }
}

static gboolean is_taken(Website *website, const char *slug, gboolean *ret_taken, GError **error) {
  GError *failure = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  if (transaction == NULL) {
    return FALSE;
  }
  g_autoptr(Newsletter) there = newsletter_rows_get_by_slug(transaction, slug, &failure);
  *ret_taken = there != NULL;
  if (there == NULL && !g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  g_clear_error(&failure);
  return TRUE;
}

Response *api_newsletter_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  gboolean taken = FALSE;
  g_autoptr(Newsletter) one = newsletter_new();
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  g_free(one->slug);
  one->slug = g_strdup(api_need_text(&call, "slug"));
  if (!newsletter_kind_parse(api_need_text(&call, "kind"), &one->kind)) {
    api_fault(&call, "kind: daily, breaking or edition");
  }
  api_need_text(&call, "name");
  take_fields(&call, one);
  if (!api_accept(&call, error) || !is_taken(website, one->slug, &taken, error)) {
    return NULL;
  }
  if (taken) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "slug: there is a newsletter of that name already");
    return NULL;
  }
  gint64 id = newsletters_put(&call.newsroom, one, error);
  return id != 0 ? answer_newsletter(website, id, 201, error) : NULL;
}

Response *api_newsletter_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(Newsletter) one = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
    one =
        transaction != NULL ? newsletter_rows_get(transaction, api_path_id(&call, 0), error) : NULL;
  }
  if (one == NULL) {
    return NULL;
  }
  take_fields(&call, one);
  gint64 id = api_accept(&call, error) ? newsletters_put(&call.newsroom, one, error) : 0;
  return id != 0 ? answer_newsletter(website, id, 200, error) : NULL;
}

// ---- segments ---------------------------------------------------------------------------------

static void put_segment_fields(JsonWriter *json, const Segment *segment) {
  put_integer(json, "id", segment->id);
  put_text(json, "slug", segment->slug);
  put_text(json, "name", segment->name);
  put_text(json, "rules", segment->rules);
  put_instant(json, "created_at", segment->created_at);
}

Response *api_segments(const Request *request, Website *website, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(GPtrArray) all = transaction != NULL ? segment_rows_list(transaction, error) : NULL;
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    json_object(json);
    put_segment_fields(json, g_ptr_array_index(all, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Segment *load_segment(Website *website, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  return transaction != NULL ? segment_rows_get(transaction, id, error) : NULL;
}

static Response *answer_segment(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Segment) segment = load_segment(website, id, error);
  if (segment == NULL) {
    return NULL;
  }
  put_segment_fields(api_answer(&answer), segment);
  return api_respond(&answer, status);
}

Response *api_segment_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  Segment segment = {.slug = (char *)api_need_text(&call, "slug"),
                     .name = (char *)api_need_text(&call, "name"),
                     .rules = (char *)api_need_text(&call, "rules")};
  gint64 id = api_accept(&call, error) ? segments_put(&call.newsroom, &segment, error) : 0;
  return id != 0 ? answer_segment(website, id, 201, error) : NULL;
}

Response *api_segment_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  g_autoptr(Segment) segment = load_segment(website, api_path_id(&call, 0), error);
  if (segment == NULL) {
    return NULL;
  }
  take_text(&call, "name", &segment->name);
  take_text(&call, "rules", &segment->rules);
  gint64 id = api_accept(&call, error) ? segments_put(&call.newsroom, segment, error) : 0;
  return id != 0 ? answer_segment(website, id, 200, error) : NULL;
}

Response *api_segment_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  g_autoptr(Segment) segment = load_segment(website, api_path_id(&call, 0), error);
  return segment != NULL && segments_remove(&call.newsroom, segment->slug, error) ? api_done()
                                                                                  : NULL;
}

Response *api_segment_count(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *text = api_need_text(&call, "rules"), *slug = api_need_text(&call, "newsletter");
  if (!api_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Newsletter) newsletter = newsletter_rows_get_by_slug(read.transaction, slug, error);
  gint64 count =
      newsletter != NULL ? segments_count(&call.newsroom, newsletter->id, text, error) : -1;
  if (count < 0) {
    return NULL;
  }
  put_integer(api_answer(&answer), "count", count);
  return api_respond(&answer, 200);
}
