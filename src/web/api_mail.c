// SPDX-License-Identifier: Apache-2.0
//
// Newsletters, mailings, alerts and segments (docs/api/openapi.json). What becomes of a mailing
// once it is READY is mail/dispatch's.
#include <string.h>

#include "newsroom/change.h"
#include "newsroom/mailings.h"
#include "newsroom/newsletters.h"
#include "newsroom/segments.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "web/api_mail.h"
#include "web/api_stories.h"

// What was done is noted for the audit log, after it was done.
static gboolean note(ApiCall *call, const char *action, gint64 id, const char *says,
                     GError **error) {
  g_auto(Change) change = {0};
  return change_begin(&change, &call->newsroom, error) &&
         change_audit(&change, error, action, "mailing", id, "%s", says) &&
         change_commit(&change, FALSE, error);
}

// ---- newsletters ------------------------------------------------------------------------------

static void put_section_ids(JsonWriter *json, const char *section_ids) {
  g_auto(GStrv) ids = g_strsplit(section_ids, ",", -1);
  put_list(json, "section_ids");
  for (guint i = 0; ids[i] != NULL; i++) {
    if (*ids[i] != '\0') {
      json_integer(json, g_ascii_strtoll(ids[i], NULL, 10));
    }
  }
  json_end_array(json);
}

static void write_newsletter(JsonWriter *json, const Newsletter *one, StoreTransaction *transaction,
                             const Site *site, gint64 now) {
  g_autofree char *time =
      g_strdup_printf("%02d:%02d", one->send_minute / 60, one->send_minute % 60);
  g_autofree char *days = newsletter_format_days(one->send_days);
  gint32 today = clock_day(now, site->zone);
  gint64 next = newsletter_instant(one, today, site->zone);
  put_integer(json, "id", one->id);
  put_text(json, "slug", one->slug);
  put_text(json, "kind", newsletter_kind_name(one->kind));
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
  put_integer(json, "readers", MAX(subscription_rows_count(transaction, one->id, NULL), 0));
  put_instant(json, "next_at", one->kind != NEWSLETTER_BREAKING && next > now ? next : 0);
}

Response *api_newsletter_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = newsletter_rows_list(read.transaction, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    json_object(json);
    write_newsletter(json, g_ptr_array_index(all, i), read.transaction, read.site,
                     clock_now(&website->newsroom->clock));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_newsletter(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Newsletter) one = api_read_begin(&read, website, error)
                                  ? newsletter_rows_get(read.transaction, id, error)
                                  : NULL;
  if (one == NULL) {
    return NULL;
  }
  write_newsletter(api_answer(&answer), one, read.transaction, read.site,
                   clock_now(&website->newsroom->clock));
  return api_respond(&answer, status);
}

Response *api_newsletter_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_newsletter(website, api_path_id(&call, 0), 200, error);
}

static void take_text(ApiCall *call, const char *name, char **place) {
  const char *text = api_text(call, name);
  if (text != NULL) {
    g_free(*place);
    *place = g_strdup(text);
  }
}

static void take_flag(ApiCall *call, const char *name, gboolean *place) {
  gint flag = api_flag(call, name);
  *place = flag >= 0 ? flag : *place;
}

static void take_number(ApiCall *call, const char *name, gint32 *place, gint64 most) {
  gint64 number = api_integer(call, name, *place);
  if (number < 0 || number > most) {
    api_fault(call, "%s: 0 to %" G_GINT64_FORMAT, name, most);
  }
  *place = (gint32)CLAMP(number, 0, most);
}

static void take_newsletter(ApiCall *call, Newsletter *one) {
  const char *time = api_text(call, "time");
  const char *days = api_text(call, "days");
  const char *uncertain = api_text(call, "uncertain");
  g_autoptr(GArray) sections = api_integers(call, "section_ids");
  take_text(call, "name", &one->name);
  take_text(call, "description", &one->description);
  take_text(call, "sender_name", &one->sender_name);
  take_text(call, "sender_address", &one->sender_address);
  take_text(call, "reply_to", &one->reply_to);
  take_text(call, "language", &one->language);
  take_text(call, "time_zone", &one->zone_name);
  take_text(call, "introduction", &one->introduction);
  take_flag(call, "offered", &one->offered);
  take_flag(call, "local_hour", &one->local_hour);
  take_flag(call, "approval", &one->approval);
  take_flag(call, "tracking", &one->tracking);
  take_flag(call, "active", &one->active);
  take_number(call, "story_limit", &one->story_limit, 100);
  take_number(call, "daily_cap", &one->daily_cap, 1000);
  take_number(call, "lateness_minutes", &one->lateness_minutes, 100000);
  take_number(call, "position", &one->position, 10000);
  if (time != NULL && !newsletter_parse_minute(time, &one->send_minute)) {
    api_fault(call, "time: a time of day such as 06:30");
  }
  if (days != NULL && !newsletter_parse_days(days, &one->send_days)) {
    api_fault(call, "days: such as mon-fri, mon,wed,sun or daily");
  }
  if (uncertain != NULL) {
    one->uncertain = strcmp(uncertain, "again") == 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  }
  if (sections != NULL) {
    g_free(one->section_ids);
    one->section_ids = store_id_list((const gint64 *)sections->data, sections->len);
  }
}

Response *api_newsletter_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(Newsletter) one = newsletter_new();
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *kind = api_need_text(&call, "kind");
  g_free(one->slug);
  one->slug = g_strdup(api_need_text(&call, "slug"));
  if (!newsletter_kind_parse(kind, &one->kind)) {
    api_fault(&call, "kind: daily, breaking or edition");
  }
  take_newsletter(&call, one);
  {
    g_auto(ApiRead) read = {0};
    g_autoptr(Newsletter) known =
        api_read_begin(&read, website, error)
            ? newsletter_rows_get_by_slug(read.transaction, one->slug, NULL)
            : NULL;
    if (known != NULL) {
      g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "slug: there is a newsletter of it");
      return NULL;
    }
  }
  gint64 id = api_accept(&call, error) ? newsletters_put(&call.newsroom, one, error) : 0;
  return id != 0 ? answer_newsletter(website, id, 201, error) : NULL;
}

Response *api_newsletter_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(Newsletter) one = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  {
    g_auto(ApiRead) read = {0};
    one = api_read_begin(&read, website, error) ? newsletter_rows_get(read.transaction, id, error)
                                                : NULL;
  }
  if (one == NULL) {
    return NULL;
  }
  take_newsletter(&call, one);
  return api_accept(&call, error) && newsletters_put(&call.newsroom, one, error) != 0
             ? answer_newsletter(website, id, 200, error)
             : NULL;
}

// ---- mailings ---------------------------------------------------------------------------------

static void put_counts(JsonWriter *json, const MailingCounts *counts) {
  put_object(json, "counts");
  put_integer(json, "planned", counts->planned);
  put_integer(json, "pending", mailing_counts_pending(counts));
  put_integer(json, "accepted", counts->of[DELIVERY_ACCEPTED]);
  put_integer(json, "deferred", counts->of[DELIVERY_DEFERRED]);
  put_integer(json, "failed", counts->of[DELIVERY_FAILED]);
  put_integer(json, "suppressed", counts->of[DELIVERY_SUPPRESSED]);
  put_integer(json, "uncertain", counts->of[DELIVERY_UNCERTAIN]);
  put_integer(json, "cancelled", counts->of[DELIVERY_CANCELLED]);
  json_end_object(json);
}

static gboolean write_mailing(JsonWriter *json, const Mailing *one, StoreTransaction *transaction,
                              GError **error) {
  MailingCounts counts;
  g_autoptr(Newsletter) newsletter = newsletter_rows_get(transaction, one->newsletter_id, error);
  if (newsletter == NULL || !mailing_rows_counts(transaction, one->id, &counts, error)) {
    return FALSE;
  }
  g_autofree char *url = one->frozen_at != 0 ? g_strconcat("/mail/", one->public_id, NULL) : NULL;
  put_integer(json, "id", one->id);
  put_integer(json, "newsletter_id", one->newsletter_id);
  put_text(json, "newsletter", newsletter->name);
  put_text(json, "kind", newsletter_kind_name(newsletter->kind));
  put_text(json, "state", mailing_state_name(one->state));
  put_text(json, "reason", one->state_reason);
  put_text(json, "subject", one->subject);
  put_text(json, "preheader", one->preheader);
  put_text(json, "introduction", one->introduction);
  put_id(json, "segment_id", one->segment_id);
  put_text(json, "requested_by", one->requested_by);
  put_text(json, "approved_by", one->approved_by);
  put_instant(json, "created_at", one->created_at);
  put_instant(json, "due_at", one->due_at);
  put_instant(json, "latest_at", one->latest_at);
  put_instant(json, "frozen_at", one->frozen_at);
  put_instant(json, "finished_at", one->finished_at);
  put_text(json, "url", url);
  put_counts(json, &counts);
  put_flag(json, "needs_second_person", one->state == MAILING_HELD && newsletter->approval);
  return TRUE;
}

Response *api_mailing_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  const char *names[MAILING_SKIPPED + 2] = {NULL};
  for (guint i = 0; i <= MAILING_SKIPPED; i++) {
    names[i] = mailing_state_name((MailingState)i);
  }
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 30);
  gint64 newsletter = api_query_integer(&call, "newsletter_id", 0);
  gint state = api_query_choice(&call, "state", names);
  gint64 offset = MIN(api_query_integer(&call, "after", 0), 1000000);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all =
      mailing_rows_list(read.transaction, newsletter, state, (guint)offset, limit + 1, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    json_object(json);
    if (!write_mailing(json, g_ptr_array_index(all, i), read.transaction, error)) {
      return NULL;
    }
    json_end_object(json);
  }
  put_next_id(json, all->len > limit ? offset + limit : 0);
  return api_respond(&answer, 200);
}

gboolean api_put_mailings(JsonWriter *json, StoreTransaction *transaction, guint limit,
                          GError **error) {
  g_autoptr(GPtrArray) all = mailing_rows_list(transaction, 0, -1, 0, MAX(limit, 1), error);
  put_list(json, "mailings");
  for (guint i = 0; all != NULL && i < MIN(all->len, limit); i++) {
    json_object(json);
    if (!write_mailing(json, g_ptr_array_index(all, i), transaction, error)) {
      return FALSE;
    }
    json_end_object(json);
  }
  json_end_array(json);
  return all != NULL;
}

static Response *answer_whole(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  g_autoptr(Mailing) one = mailing_rows_get(with.read.transaction, id, error);
  g_autoptr(GArray) ids =
      one != NULL ? mailing_rows_stories(with.read.transaction, id, error) : NULL;
  g_autoptr(GPtrArray) stories =
      ids != NULL
          ? work_rows_list_ids(with.read.transaction, (const gint64 *)ids->data, ids->len, error)
          : NULL;
  if (stories == NULL) {
    return NULL;
  }
  gint64 recipients =
      one->frozen_at != 0 ? one->planned : mailings_count_recipients(&call->newsroom, id, error);
  if (recipients < 0) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "mailing");
  if (!write_mailing(json, one, with.read.transaction, error)) {
    return NULL;
  }
  json_end_object(json);
  put_list(json, "stories");
  api_put_summaries(json, stories, stories->len, &with.context);
  json_end_array(json);
  put_integer(json, "recipients", recipients);
  return api_respond(&answer, status);
}

static Response *answer_mailing(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Mailing) one = api_read_begin(&read, call->website, error)
                               ? mailing_rows_get(read.transaction, id, error)
                               : NULL;
  return one != NULL && write_mailing(api_answer(&answer), one, read.transaction, error)
             ? api_respond(&answer, status)
             : NULL;
}

Response *api_mailing_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_whole(&call, api_path_id(&call, 0), 200, error);
}

static gint32 today(Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  return api_read_begin(&read, website, error)
             ? clock_day(clock_now(&website->newsroom->clock), read.site->zone)
             : 0;
}

Response *api_mailing_compose(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 newsletter = api_need_integer(&call, "newsletter_id");
  const char *day = api_text(&call, "day");
  gint64 due_at = api_instant(&call, "due_at", 0);
  gint32 wanted = today(website, error);
  gint64 instant = 0;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  if (day != NULL && (strlen(day) != 10 || !clock_parse(day, utc, &instant))) {
    api_fault(&call, "day: such as 2026-11-25");
  } else if (day != NULL) {
    wanted = clock_day(instant, utc);
  }
  gint64 id = wanted != 0 && api_accept(&call, error)
                  ? mailings_compose_daily(&call.newsroom, newsletter, wanted, due_at, error)
                  : 0;
  return id != 0 ? answer_whole(&call, id, 201, error) : NULL;
}

Response *api_mailing_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autoptr(GArray) stories = api_integers(&call, "story_ids");
  MailingText text = {.subject = api_text(&call, "subject"),
                      .preheader = api_text(&call, "preheader"),
                      .introduction = api_text(&call, "introduction"),
                      .story_ids = stories != NULL ? (const gint64 *)stories->data : NULL,
                      .story_count = stories != NULL ? stories->len : 0,
                      .due_at = api_instant(&call, "due_at", 0)};
  return api_accept(&call, error) && mailings_edit(&call.newsroom, id, &text, error)
             ? answer_whole(&call, id, 200, error)
             : NULL;
}

Response *api_mailing_preview(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Mailing) mailing = NULL;
  api_begin(&call, request, website);
  g_autoptr(MailParts) parts =
      mailings_preview(&call.newsroom, api_path_id(&call, 0), &mailing, error);
  if (parts == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "subject", mailing->subject);
  put_text(json, "preheader", mailing->preheader);
  put_text(json, "html", parts->html);
  put_text(json, "text", parts->text);
  put_integer(json, "html_bytes", (gint64)strlen(parts->html));
  return api_respond(&answer, 200);
}

Response *api_mailing_html(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  g_autoptr(MailParts) parts = mailings_preview(&call.newsroom, api_path_id(&call, 0), NULL, error);
  return parts != NULL ? api_document(g_string_new(parts->html)) : NULL;
}

Response *api_mailing_preflight(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean can = TRUE;
  api_begin(&call, request, website);
  g_autoptr(GPtrArray) findings = mailings_preflight(&call.newsroom, api_path_id(&call, 0), error);
  if (findings == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < findings->len; i++) {
    const PreflightFinding *one = g_ptr_array_index(findings, i);
    json_object(json);
    put_text(json, "level", one->is_error ? "error" : "warning");
    put_text(json, "says", one->text);
    json_end_object(json);
    can &= !one->is_error;
  }
  json_end_array(json);
  put_flag(json, "can_send", can);
  return api_respond(&answer, 200);
}

// ---- what is done with it ---------------------------------------------------------------------

typedef gboolean (*MailingAct)(Newsroom *newsroom, gint64 id, GError **error);
static Response *act(const Request *request, Website *website, MailingAct does, const char *action,
                     const char *says, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return does(&call.newsroom, id, error) && note(&call, action, id, says, error)
             ? answer_mailing(&call, id, 200, error)
             : NULL;
}

static gboolean approve(Newsroom *newsroom, gint64 id, GError **error) {
  return mailings_approve(newsroom, id, newsroom->actor->name, error);
}

static gboolean send_now(Newsroom *newsroom, gint64 id, GError **error) {
  MailingText text = {.due_at = clock_now(&newsroom->clock)};
  return mailings_edit(newsroom, id, &text, error);
}

Response *api_mailing_approve(const Request *request, Website *website, GError **error) {
  return act(request, website, approve, "mailing.approve", "approved a mailing", error);
}

Response *api_mailing_send(const Request *request, Website *website, GError **error) {
  return act(request, website, send_now, "mailing.send", "sent a mailing at once", error);
}

Response *api_mailing_pause(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_pause, "mailing.pause", "paused a mailing", error);
}

Response *api_mailing_resume(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_resume, "mailing.resume", "let a mailing go on", error);
}

Response *api_mailing_cancel(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_cancel, "mailing.cancel", "cancelled a mailing", error);
}

Response *api_mailing_schedule(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  MailingText text = {.due_at = api_instant(&call, "due_at", 0)};
  if (text.due_at == 0) {
    api_fault(&call, "due_at: it is missing");
  }
  return api_accept(&call, error) && mailings_edit(&call.newsroom, id, &text, error) &&
                 note(&call, "mailing.schedule", id, "scheduled a mailing", error)
             ? answer_mailing(&call, id, 200, error)
             : NULL;
}

static Response *answer_moved(gint64 count) {
  g_auto(ApiAnswer) answer = {0};
  put_integer(api_answer(&answer), "count", count);
  return api_respond(&answer, 200);
}

Response *api_mailing_retry(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *from = api_need_text(&call, "from");
  if (strcmp(from, "failed") != 0 && strcmp(from, "uncertain") != 0) {
    api_fault(&call, "from: failed or uncertain");
  }
  gint64 count =
      api_accept(&call, error)
          ? mailings_retry(&call.newsroom, id,
                           strcmp(from, "failed") == 0 ? DELIVERY_FAILED : DELIVERY_UNCERTAIN,
                           error)
          : -1;
  return count >= 0 && note(&call, "mailing.retry", id, "sent some letters again", error)
             ? answer_moved(count)
             : NULL;
}

Response *api_mailing_resolve(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *to = api_need_text(&call, "to");
  if (strcmp(to, "accepted") != 0 && strcmp(to, "failed") != 0) {
    api_fault(&call, "to: accepted or failed");
  }
  gint64 count = api_accept(&call, error)
                     ? mailings_resolve(
                           &call.newsroom, id,
                           strcmp(to, "accepted") == 0 ? DELIVERY_ACCEPTED : DELIVERY_FAILED, error)
                     : -1;
  return count >= 0 && note(&call, "mailing.resolve", id, "said what became of letters", error)
             ? answer_moved(count)
             : NULL;
}

// ---- how far it is ----------------------------------------------------------------------------

static gboolean write_progress(JsonWriter *json, ApiCall *call, gint64 id, GError **error) {
  g_auto(ApiRead) read = {0};
  MailingCounts counts;
  g_autoptr(Mailing) one = api_read_begin(&read, call->website, error)
                               ? mailing_rows_get(read.transaction, id, error)
                               : NULL;
  if (one == NULL || !mailing_rows_counts(read.transaction, id, &counts, error)) {
    return FALSE;
  }
  gint64 until =
      one->finished_at != 0 ? one->finished_at : clock_now(&call->website->newsroom->clock);
  gint64 seconds = one->frozen_at != 0 ? MAX(1, (until - one->frozen_at) / CLOCK_SECOND) : 0;
  gint64 done = counts.of[DELIVERY_ACCEPTED] + counts.of[DELIVERY_FAILED];
  double rate = seconds > 0 ? (double)done / (double)seconds : 0;
  put_integer(json, "mailing_id", id);
  put_text(json, "state", mailing_state_name(one->state));
  put_text(json, "reason", one->state_reason);
  put_counts(json, &counts);
  put_number(json, "rate", rate);
  put_instant(json, "started_at", one->frozen_at);
  put_instant(json, "finished_at", one->finished_at);
  json_name(json, "seconds_left");
  if (one->state == MAILING_SENDING && rate > 0) {
    json_integer(json, (gint64)((double)mailing_counts_pending(&counts) / rate));
  } else {
    json_null(json);
  }
  return TRUE;
}

Response *api_mailing_progress(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  return write_progress(api_answer(&answer), &call, api_path_id(&call, 0), error)
             ? api_respond(&answer, 200)
             : NULL;
}

// An event, and when to ask for the next: the browser's EventSource comes again by itself, also
// after a reload and through every proxy.
Response *api_mailing_events(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  if (!write_progress(api_answer(&answer), &call, api_path_id(&call, 0), error)) {
    return NULL;
  }
  json_end_object(&answer.json);
  GString *event = g_string_new("retry: 1000\nevent: progress\ndata: ");
  g_string_append_len(event, answer.out->str, (gssize)answer.out->len);
  g_string_append(event, "\n\n");
  return response_new_take(200, "text/event-stream", event);
}

Response *api_mailing_deliveries(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  const char *names[DELIVERY_STATES + 1] = {NULL};
  for (guint i = 0; i < DELIVERY_STATES; i++) {
    names[i] = delivery_state_name((DeliveryState)i);
  }
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 50);
  gint state = api_query_choice(&call, "state", names);
  gint64 after = api_query_integer(&call, "after", 0);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Mailing) one = mailing_rows_get(read.transaction, api_path_id(&call, 0), error);
  g_autoptr(GPtrArray) all =
      one != NULL ? delivery_rows_list(read.transaction, one->id, state, after, limit + 1, error)
                  : NULL;
  if (all == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const Delivery *delivery = g_ptr_array_index(all, i);
    json_object(json);
    put_integer(json, "subscriber_id", delivery->subscriber_id);
    put_text(json, "address", delivery->address);
    put_text(json, "state", delivery_state_name(delivery->state));
    put_integer(json, "attempts", delivery->attempts);
    put_instant(json, "changed_at", delivery->changed_at);
    put_instant(json, "due_at", delivery->due_at);
    put_text(json, "relay", delivery->relay);
    put_integer(json, "code", delivery->code);
    put_text(json, "status", delivery->status);
    put_text(json, "reason", delivery->reason);
    json_end_object(json);
    last = delivery->subscriber_id;
  }
  put_next_id(json, all->len > limit ? last : 0);
  return api_respond(&answer, 200);
}

// ---- alerts -----------------------------------------------------------------------------------

typedef struct AlertWanted {
  gint64 story_id;
  const char *newsletter, *segment, *subject;
} AlertWanted;

static AlertWanted read_alert(ApiCall *call) {
  AlertWanted wanted = {.story_id = api_need_integer(call, "story_id"),
                        .newsletter = api_text(call, "newsletter"),
                        .segment = api_text(call, "segment"),
                        .subject = api_text(call, "subject")};
  return wanted;
}

static Newsletter *breaking(StoreTransaction *transaction, const char *slug, GError **error) {
  if (slug != NULL) {
    return newsletter_rows_get_by_slug(transaction, slug, error);
  }
  g_autoptr(GPtrArray) all = newsletter_rows_list(transaction, error);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    if (((const Newsletter *)g_ptr_array_index(all, i))->kind == NEWSLETTER_BREAKING) {
      return g_ptr_array_steal_index(all, i);
    }
  }
  if (all != NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "there is no newsletter for alerts");
  }
  return NULL;
}

static gint64 count_readers(ApiCall *call, StoreTransaction *transaction,
                            const Newsletter *newsletter, const char *slug, GError **error) {
  g_autoptr(Segment) segment =
      slug != NULL ? segment_rows_get_by_slug(transaction, slug, error) : NULL;
  if (slug != NULL && segment == NULL) {
    return -1;
  }
  return segments_count(&call->newsroom, newsletter->id, segment != NULL ? segment->rules : "",
                        error);
}

Response *api_alert_plan(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  AlertWanted wanted = read_alert(&call);
  if (!api_accept(&call, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  StoreTransaction *transaction = with.read.transaction;
  g_autoptr(Newsletter) newsletter = breaking(transaction, wanted.newsletter, error);
  g_autoptr(GPtrArray) story =
      newsletter != NULL ? work_rows_list_ids(transaction, &wanted.story_id, 1, error) : NULL;
  if (story == NULL) {
    return NULL;
  }
  if (story->len == 0) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "there is no such story");
    return NULL;
  }
  const WorkSummary *one = g_ptr_array_index(story, 0);
  g_autofree char *occasion =
      g_strdup_printf("alert %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, newsletter->id, one->id);
  g_autoptr(Mailing) had = mailing_rows_get_by_occasion(transaction, occasion, NULL);
  gint64 recipients = count_readers(&call, transaction, newsletter, wanted.segment, error);
  gint64 sent =
      mailing_rows_count_since(transaction, newsletter->id, with.context.now - CLOCK_DAY, error);
  if (recipients < 0 || sent < 0) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "story");
  write_summary(json, one, &with.context);
  json_end_object(json);
  put_object(json, "newsletter");
  write_newsletter(json, newsletter, transaction, with.read.site, with.context.now);
  json_end_object(json);
  put_text(json, "segment", wanted.segment);
  put_text(json, "subject", wanted.subject != NULL ? wanted.subject : one->headline);
  put_integer(json, "recipients", recipients);
  put_flag(json, "needs_second_person", newsletter->approval);
  put_integer(json, "sent_today", sent);
  put_flag(json, "over_cap", newsletter->daily_cap > 0 && sent >= newsletter->daily_cap);
  put_id(json, "already_sent", had != NULL ? had->id : 0);
  put_text(json, "html", "");
  return api_respond(&answer, 200);
}

// The number that was shown is the number that is agreed to.
static gboolean still_as_many(ApiCall *call, const AlertWanted *wanted, gint64 shown,
                              GError **error) {
  g_auto(ApiRead) read = {0};
  g_autoptr(Newsletter) newsletter = api_read_begin(&read, call->website, error)
                                         ? breaking(read.transaction, wanted->newsletter, error)
                                         : NULL;
  gint64 now = newsletter != NULL
                   ? count_readers(call, read.transaction, newsletter, wanted->segment, error)
                   : -1;
  if (now < 0) {
    return FALSE;
  }
  if (ABS(now - shown) * 10 > MAX(shown, 10)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STALE,
                "recipients: it would reach %" G_GINT64_FORMAT " readers now: look again", now);
    return FALSE;
  }
  return TRUE;
}

Response *api_alert_send(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  AlertWanted wanted = read_alert(&call);
  gint64 shown = api_need_integer(&call, "recipients");
  MailingAlert alert = {.story_id = wanted.story_id,
                        .newsletter = wanted.newsletter,
                        .subject = wanted.subject,
                        .segment = wanted.segment,
                        .requested_by = call.visitor->actor.name,
                        .over_cap = api_flag(&call, "over_cap") == 1};
  if (!api_accept(&call, error) || !still_as_many(&call, &wanted, shown, error)) {
    return NULL;
  }
  gint64 id = mailings_alert(&call.newsroom, &alert, error);
  return id != 0 && note(&call, "mailing.alert", id, "asked for an alert", error)
             ? answer_mailing(&call, id, 201, error)
             : NULL;
}

// ---- segments ---------------------------------------------------------------------------------

static void write_segment(JsonWriter *json, const Segment *segment) {
  put_integer(json, "id", segment->id);
  put_text(json, "slug", segment->slug);
  put_text(json, "name", segment->name);
  put_text(json, "rules", segment->rules);
  put_instant(json, "created_at", segment->created_at);
}

Response *api_segment_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(GPtrArray) all =
      api_read_begin(&read, website, error) ? segment_rows_list(read.transaction, error) : NULL;
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    json_object(json);
    write_segment(json, g_ptr_array_index(all, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Segment *segment_of(Website *website, gint64 id, GError **error) {
  g_auto(ApiRead) read = {0};
  return api_read_begin(&read, website, error) ? segment_rows_get(read.transaction, id, error)
                                               : NULL;
}

static Response *answer_segment(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Segment) segment = segment_of(website, id, error);
  if (segment == NULL) {
    return NULL;
  }
  write_segment(api_answer(&answer), segment);
  return api_respond(&answer, status);
}

Response *api_segment_add(const Request *request, Website *website, GError **error) {
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

Response *api_segment_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autoptr(Segment) segment = segment_of(website, id, error);
  if (segment == NULL) {
    return NULL;
  }
  take_text(&call, "name", &segment->name);
  take_text(&call, "rules", &segment->rules);
  return api_accept(&call, error) && segments_put(&call.newsroom, segment, error) != 0
             ? answer_segment(website, id, 200, error)
             : NULL;
}

Response *api_segment_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  g_autoptr(Segment) segment = segment_of(website, api_path_id(&call, 0), error);
  return segment != NULL && segments_remove(&call.newsroom, segment->slug, error) ? api_done()
                                                                                  : NULL;
}

Response *api_segment_count(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *rules = api_need_text(&call, "rules");
  const char *slug = api_need_text(&call, "newsletter");
  gint64 count = -1;
  if (api_accept(&call, error)) {
    g_auto(ApiRead) read = {0};
    g_autoptr(Newsletter) newsletter =
        api_read_begin(&read, website, error)
            ? newsletter_rows_get_by_slug(read.transaction, slug, error)
            : NULL;
    count = newsletter != NULL ? segments_count(&call.newsroom, newsletter->id, rules, error) : -1;
  }
  return count >= 0 ? answer_moved(count) : NULL;
}
