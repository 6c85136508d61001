// SPDX-License-Identifier: Apache-2.0
//
// The first view of the day (docs/api/openapi.json): what waits, what is scheduled, what goes out,
// who reads. What the one who asks may not see is left empty.
#include "newsroom/subscribers.h"
#include "newsroom/views.h"
#include "store/delivery_rows.h"
#include "store/edition_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_mail.h"
#include "web/api_stories.h"

static gint64 sum(GPtrArray *totals) {
  gint64 all = 0;
  for (guint i = 0; totals != NULL && i < totals->len; i++) {
    all += ((const ViewTotal *)g_ptr_array_index(totals, i))->views;
  }
  g_clear_pointer(&totals, g_ptr_array_unref);
  return all;
}

static void put_views(JsonWriter *json, const ApiSummaries *with, gboolean may) {
  StoreTransaction *transaction = with->read.transaction;
  gint64 minute = with->context.now / (60 * CLOCK_SECOND);
  gint32 today = clock_day(with->context.now, with->read.site->zone);
  gint32 yesterday = clock_day(with->context.now - CLOCK_DAY, with->read.site->zone);
  put_integer(json, "live_views",
              may ? sum(views_by_period(transaction, VIEW_MINUTE_ALL, 0, minute - 29, minute, NULL))
                  : 0);
  put_integer(json, "today_views",
              may ? sum(views_by_period(transaction, VIEW_DAY_ALL, 0, today, today, NULL)) : 0);
  put_integer(json, "yesterday_views",
              may ? sum(views_by_period(transaction, VIEW_DAY_ALL, 0, yesterday, yesterday, NULL))
                  : 0);
}

static void put_stages(JsonWriter *json, StoreTransaction *transaction, gboolean may) {
  put_list(json, "stories");
  for (guint stage = 0; may && stage < WORK_STAGES; stage++) {
    json_object(json);
    put_text(json, "stage", work_stage_name((WorkStage)stage));
    put_integer(json, "count", MAX(work_rows_count_stage(transaction, (WorkStage)stage, NULL), 0));
    json_end_object(json);
  }
  json_end_array(json);
}

// Somebody has the form write to strangers: what scheduler.c's alarm says in the log.
static void put_flood(JsonWriter *json, StoreTransaction *transaction, gint64 now) {
  gint64 refused =
      rate_rows_get(transaction, "signup-refused", "", now / (3600 * CLOCK_SECOND), NULL);
  if (refused >= SIGN_UP_REFUSED_ALARM) {
    g_autofree char *text =
        g_strdup_printf("%" G_GINT64_FORMAT
                        " sign-ups were refused in this hour by the limits: somebody is using the "
                        "form against others. Nobody gets more than one mail a day by it; the "
                        "readers’ list shows what came "
                        "through, and a proxy in front can hold the network that it comes from.",
                        refused);
    json_string(json, text);
  }
}

static void warn_of_edition(JsonWriter *json, StoreTransaction *transaction) {
  g_autoptr(GPtrArray) newest = edition_rows_list(transaction, -1, 0, 1, NULL);
  const Edition *edition = newest != NULL && newest->len > 0 ? newest->pdata[0] : NULL;
  if (edition != NULL && *edition->reason != '\0') {
    g_autofree char *day = edition_day_text(edition->day);
    g_autofree char *words =
        g_strdup_printf("The edition of %s can't be made: %s", day, edition->reason);
    json_string(json, words);
  }
}

static void put_warnings(JsonWriter *json, StoreTransaction *transaction, gint64 now, gboolean may,
                         gboolean editions) {
  g_autofree char *stopped = NULL;
  gint64 sequence = 0;
  gint64 at = 0;
  put_list(json, "warnings");
  if (may && epoch_rows_get(transaction, &sequence, &at, &stopped, NULL) && *stopped != '\0') {
    json_string(json, stopped);
  }
  if (may) {
    put_flood(json, transaction, now);
  }
  if (editions) {
    warn_of_edition(json, transaction);
  }
  json_end_array(json);
}

Response *api_overview(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(ReaderFigures) figures = {0};
  api_begin(&call, request, website);
  const Actor *actor = call.newsroom.actor;
  gboolean all_stories = actor_may(actor, PERMISSION_STORY_READ_ANY);
  gboolean mail = actor_may(actor, PERMISSION_MAIL_READ);
  gboolean readers = actor_may(actor, PERMISSION_SUBSCRIBER_READ);
  if ((readers && !reader_figures_get(website, &figures, error)) ||
      !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  StoreTransaction *transaction = with.read.transaction;
  g_autoptr(GPtrArray) scheduled = work_rows_scheduled(transaction, 20, error);
  if (scheduled == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_stages(json, transaction, all_stories);
  put_list(json, "scheduled");
  api_put_summaries(json, scheduled, all_stories ? scheduled->len : 0, &with.context);
  json_end_array(json);
  if (!api_put_mailings(json, transaction, with.read.site, mail ? 5 : 0, error)) {
    return NULL;
  }
  put_views(json, &with, actor_may(actor, PERMISSION_NUMBERS_READ));
  if (!api_put_subscriber_counts(json, transaction, readers ? &figures : NULL, error)) {
    return NULL;
  }
  put_warnings(json, transaction, with.context.now, mail, all_stories);
  return api_respond(&answer, 200);
}
