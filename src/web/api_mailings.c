// SPDX-License-Identifier: Apache-2.0
//
// Mailings: composed, looked at, approved, sent, watched, paused; and breaking alerts
// (docs/api/openapi.json). What they do is newsroom/mailings'; how letters leave is
// mail/dispatch's.
#include "newsroom/mailings.h"

#include <string.h>

#include "model/address.h"
#include "store/delivery_rows.h"
#include "store/newsletter_rows.h"
#include "store/story_rows.h"
#include "web/api_handlers.h"
#include "web/api_mail.h"
#include "web/api_mail_parts.h"
#include "web/api_stories.h"

#define PAGE 50
#define REVIEW_TIME (60 * 60 * CLOCK_SECOND)

static const char *const STATES[] = {"draft",   "held", "ready",     "sending", "paused",
                                     "stopped", "done", "cancelled", "skipped", NULL};

// ---- encoding ---------------------------------------------------------------------------------

void put_mailing_counts(JsonWriter *json, const char *name, const MailingCounts *counts) {
  put_object(json, name);
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

static gboolean is_public(const Mailing *mailing) {
  return mailing->frozen_at != 0;
}

gboolean put_mailing(JsonWriter *json, const char *name, StoreTransaction *transaction,
                     const Site *site, const Mailing *mailing, GError **error) {
  MailingCounts counts;
  g_autoptr(Newsletter) newsletter =
      newsletter_rows_get(transaction, mailing->newsletter_id, error);
  if (newsletter == NULL || !mailing_rows_counts(transaction, mailing->id, &counts, error)) {
    return FALSE;
  }
  g_autofree char *url =
      is_public(mailing) ? g_strconcat(site->base_url, "/mail/", mailing->public_id, NULL) : NULL;
  if (name != NULL) {
    put_object(json, name);
  } else {
    json_object(json);
  }
  put_integer(json, "id", mailing->id);
  put_integer(json, "newsletter_id", mailing->newsletter_id);
  put_text(json, "newsletter", newsletter->name);
  put_text(json, "kind", newsletter_kind_name(newsletter->kind));
  put_text(json, "state", mailing_state_name(mailing->state));
  put_text(json, "reason", mailing->state_reason);
  put_text(json, "subject", mailing->subject);
  put_text(json, "preheader", mailing->preheader);
  put_text(json, "introduction", mailing->introduction);
  put_id(json, "segment_id", mailing->segment_id);
  put_text(json, "requested_by", mailing->requested_by);
  put_text(json, "approved_by", mailing->approved_by);
  put_instant(json, "created_at", mailing->created_at);
  put_instant(json, "due_at", mailing->due_at);
  put_instant(json, "latest_at", mailing->latest_at);
  put_instant(json, "frozen_at", mailing->frozen_at);
  put_instant(json, "finished_at", mailing->finished_at);
  put_text(json, "url", url);
  put_mailing_counts(json, "counts", &counts);
  put_flag(json, "needs_second_person",
           mailing->state == MAILING_HELD && mailing->lane == LANE_ALERT);
  json_end_object(json);
  return TRUE;
}

static GPtrArray *summaries_of(StoreTransaction *transaction, const GArray *ids, GError **error) {
  return ids != NULL ? work_rows_list_ids(transaction, (const gint64 *)(gconstpointer)ids->data,
                                          ids->len, error)
                     : NULL;
}

static Response *answer_whole(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  gint64 recipients = mailings_count_recipients(&call->newsroom, id, error);
  if (recipients < 0 || !api_summaries_begin(&with, call, error)) {
    return NULL;
  }
  StoreTransaction *transaction = with.read.transaction;
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, id, error);
  g_autoptr(GArray) ids = mailing != NULL ? mailing_rows_stories(transaction, id, error) : NULL;
  g_autoptr(GPtrArray) stories = summaries_of(transaction, ids, error);
  JsonWriter *json = api_answer(&answer);
  if (stories == NULL ||
      !put_mailing(json, "mailing", transaction, with.read.site, mailing, error)) {
    return NULL;
  }
  put_list(json, "stories");
  api_put_summaries(json, stories, stories->len, &with.context);
  json_end_array(json);
  put_integer(json, "recipients", mailing->frozen_at != 0 ? mailing->planned : recipients);
  return api_respond(&answer, status);
}

static Response *answer_mailing(ApiCall *call, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  if (!api_read_begin(&read, call->website, error)) {
    return NULL;
  }
  g_autoptr(Mailing) mailing = mailing_rows_get(read.transaction, id, error);
  GString *out = g_string_sized_new(1024);
  JsonWriter json;
  json_begin(&json, out);
  if (mailing == NULL || !put_mailing(&json, NULL, read.transaction, read.site, mailing, error)) {
    g_string_free(out, TRUE);
    return NULL;
  }
  return response_new_take(status, "application/json", out);
}

gboolean api_put_mailings(JsonWriter *json, StoreTransaction *transaction, const Site *site,
                          guint limit, GError **error) {
  g_autoptr(GPtrArray) all = mailing_rows_list(transaction, 0, -1, 0, MAX(limit, 1), error);
  put_list(json, "mailings");
  for (guint i = 0; all != NULL && i < MIN(all->len, limit); i++) {
    if (!put_mailing(json, NULL, transaction, site, g_ptr_array_index(all, i), error)) {
      return FALSE;
    }
  }
  json_end_array(json);
  return all != NULL;
}

// ---- looking ----------------------------------------------------------------------------------

Response *api_mail_state(const Request *request, Website *website, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  gint64 sequence = 0, at = 0;
  g_autofree char *stopped = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  if (transaction == NULL || !epoch_rows_get(transaction, &sequence, &at, &stopped, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) dispatchers = dispatcher_rows_list(transaction, error);
  gint64 waiting = notice_rows_next_due(transaction, error);
  if (dispatchers == NULL || waiting < 0) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "transport", website->transport != NULL ? website->transport : "maildir");
  put_text(json, "stopped", stopped);
  put_integer(json, "dispatchers", dispatchers->len);
  put_integer(json, "waiting_notices", waiting != 0);
  return api_respond(&answer, 200);
}

// Of the epoch file that mail/dispatch keeps in the newspaper's folder.
static gint64 known_sequence(const Website *website) {
  g_autofree char *text = NULL;
  g_autofree char *path =
      website->folder != NULL ? g_build_filename(website->folder, "dispatch.epoch", NULL) : NULL;
  return path != NULL && g_file_get_contents(path, &text, NULL, NULL)
             ? g_ascii_strtoll(text, NULL, 10)
             : 0;
}

Response *api_mail_resume(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return mailings_resume_sending(&call.newsroom, known_sequence(website), error)
             ? api_mail_state(request, website, error)
             : NULL;
}

Response *api_mailings(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE);
  gint64 after = api_query_integer(&call, "after", 0);
  gint64 newsletter = api_query_integer(&call, "newsletter_id", 0);
  gint state = api_query_choice(&call, "state", STATES);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  guint offset = (guint)CLAMP(after, 0, G_MAXINT32);
  g_autoptr(GPtrArray) some =
      mailing_rows_list(read.transaction, newsletter, state, offset, limit, error);
  if (some == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < some->len; i++) {
    if (!put_mailing(json, NULL, read.transaction, read.site, g_ptr_array_index(some, i), error)) {
      return NULL;
    }
  }
  put_next_id(json, some->len == limit ? (gint64)offset + limit : 0);
  return api_respond(&answer, 200);
}

Response *api_mailing_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_whole(&call, api_path_id(&call, 0), 200, error);
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
  put_text(json, "html", parts->page);
  put_text(json, "text", parts->text);
  put_integer(json, "html_bytes", (gint64)strlen(parts->html));
  return api_respond(&answer, 200);
}

// The dark look, whatever the browser's is: its rules hold always.
static GString *darkened(const char *html) {
  GString *out = g_string_new(html);
  g_string_replace(out, "(prefers-color-scheme: dark)", "all", 0);
  g_string_replace(out, "(prefers-color-scheme:dark)", "all", 0);
  return out;
}

Response *api_mailing_html(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gboolean dark = api_query_flag(&call, "dark");
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  g_auto(ApiRead) read = {0};
  g_autoptr(MailParts) parts = mailings_preview(&call.newsroom, api_path_id(&call, 0), NULL, error);
  if (parts == NULL || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  return api_mail_document(dark ? darkened(parts->page) : g_string_new(parts->page), read.site);
}

Response *api_mailing_preflight(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean errors = FALSE;
  api_begin(&call, request, website);
  g_autoptr(GPtrArray) findings = mailings_preflight(&call.newsroom, api_path_id(&call, 0), error);
  if (findings == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < findings->len; i++) {
    const PreflightFinding *finding = g_ptr_array_index(findings, i);
    json_object(json);
    put_text(json, "level", finding->is_error ? "error" : "warning");
    put_text(json, "says", finding->text);
    json_end_object(json);
    errors |= finding->is_error;
  }
  json_end_array(json);
  put_flag(json, "can_send", !errors);
  return api_respond(&answer, 200);
}

// ---- making and changing ----------------------------------------------------------------------

Response *api_mailing_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 newsletter = api_need_integer(&call, "newsletter_id");
  const char *text = api_text(&call, "day");
  gint64 due = api_instant(&call, "due_at", 0), instant = 0;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  if (text != NULL && (strlen(text) != 10 || !clock_parse(text, utc, &instant))) {
    api_fault(&call, "day: a day such as 2026-11-25 is wanted");
  }
  if (!api_accept(&call, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? website_site(website, transaction, error) : NULL;
  if (site == NULL) {
    return NULL;
  }
  gint32 day = text != NULL ? clock_day(instant, utc)
                            : clock_day(clock_now(&website->newsroom->clock), site->zone);
  gint64 now = clock_now(&website->newsroom->clock);
  g_autoptr(Newsletter) composed = newsletter_rows_get(transaction, newsletter, error);
  if (composed == NULL) {
    return NULL;
  }
  g_clear_pointer(&transaction, store_rollback);
  // Whoever composes by hand wants to look before it leaves, also when today's hour is over.
  gint64 hour = due == 0 ? newsletter_instant(composed, day, site->zone) : due;
  due = hour < now + REVIEW_TIME && due == 0 ? now + REVIEW_TIME : due;
  gint64 id = mailings_compose_daily(&call.newsroom, newsletter, day, due, error);
  return id != 0 ? answer_whole(&call, id, 201, error) : NULL;
}

Response *api_mailing_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autoptr(GArray) stories = api_integers(&call, "story_ids");
  MailingText text = {.subject = api_text(&call, "subject"),
                      .preheader = api_text(&call, "preheader"),
                      .introduction = api_text(&call, "introduction"),
                      .due_at = api_instant(&call, "due_at", 0)};
  if (stories != NULL) {
    text.story_ids = (const gint64 *)(gconstpointer)stories->data;
    text.story_count = stories->len;
  }
  return api_accept(&call, error) && mailings_edit(&call.newsroom, id, &text, error)
             ? answer_whole(&call, id, 200, error)
             : NULL;
}

Response *api_mailing_test(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  g_auto(GStrv) addresses = api_texts(&call, "addresses");
  if (addresses == NULL) {
    api_fault(&call, "addresses: it is missing");
  }
  return api_accept(&call, error) && mailings_send_test(&call.newsroom, api_path_id(&call, 0),
                                                        (const char *const *)addresses, error)
             ? response_new(202, "application/json", NULL)
             : NULL;
}

static const char *who(const ApiCall *call) {
  return call->newsroom.actor != NULL ? call->newsroom.actor->name : "";
}

Response *api_mailing_approve(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return mailings_approve(&call.newsroom, id, who(&call), error)
             ? answer_mailing(&call, id, 200, error)
             : NULL;
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
  return api_accept(&call, error) && mailings_edit(&call.newsroom, id, &text, error)
             ? answer_mailing(&call, id, 200, error)
             : NULL;
}

// Its hour is now: the post launches it, as it does all that are due.
Response *api_mailing_send(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  MailingText text = {.due_at = clock_now(&website->newsroom->clock)};
  return mailings_edit(&call.newsroom, id, &text, error) ? answer_mailing(&call, id, 200, error)
                                                         : NULL;
}

static Response *act(const Request *request, Website *website,
                     gboolean (*doing)(Newsroom *newsroom, gint64 id, GError **error),
                     GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return doing(&call.newsroom, id, error) ? answer_mailing(&call, id, 200, error) : NULL;
}

Response *api_mailing_pause(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_pause, error);
}

Response *api_mailing_resume(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_resume, error);
}

Response *api_mailing_cancel(const Request *request, Website *website, GError **error) {
  return act(request, website, mailings_cancel, error);
}

static Response *answer_count(gint64 count) {
  g_auto(ApiAnswer) answer = {0};
  if (count < 0) {
    return NULL;
  }
  put_integer(api_answer(&answer), "count", count);
  return api_respond(&answer, 200);
}

Response *api_mailing_retry(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *from = api_need_text(&call, "from");
  gboolean uncertain = strcmp(from, "uncertain") == 0;
  if (!uncertain && strcmp(from, "failed") != 0) {
    api_fault(&call, "from: failed or uncertain");
  }
  return api_accept(&call, error)
             ? answer_count(mailings_retry(&call.newsroom, api_path_id(&call, 0),
                                           uncertain ? DELIVERY_UNCERTAIN : DELIVERY_FAILED, error))
             : NULL;
}

Response *api_mailing_resolve(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *to = api_need_text(&call, "to");
  gboolean failed = strcmp(to, "failed") == 0;
  if (!failed && strcmp(to, "accepted") != 0) {
    api_fault(&call, "to: accepted or failed");
  }
  return api_accept(&call, error)
             ? answer_count(mailings_resolve(&call.newsroom, api_path_id(&call, 0),
                                             failed ? DELIVERY_FAILED : DELIVERY_ACCEPTED, error))
             : NULL;
}

// ---- alerts -----------------------------------------------------------------------------------

static MailingAlert alert_of(ApiCall *call) {
  return (MailingAlert){.story_id = api_need_integer(call, "story_id"),
                        .newsletter = api_text(call, "newsletter"),
                        .segment = api_text(call, "segment"),
                        .subject = api_text(call, "subject")};
}

Response *api_alert_plan(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiSummaries) with = {0};
  g_auto(ApiAnswer) answer = {0};
  g_auto(MailingAlertPlan) plan = {0};
  g_auto(ReaderFigures) figures = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  MailingAlert alert = alert_of(&call);
  if (!api_accept(&call, error) || !mailings_plan_alert(&call.newsroom, &alert, &plan, error) ||
      !reader_figures_get(website, &figures, error) || !api_summaries_begin(&with, &call, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  g_autoptr(GPtrArray) story = work_rows_list_ids(with.read.transaction, &alert.story_id, 1, error);
  if (story == NULL || story->len == 0) {
    return NULL;
  }
  put_object(json, "story");
  write_summary(json, g_ptr_array_index(story, 0), &with.context);
  json_end_object(json);
  put_newsletter(json, "newsletter", &figures, with.read.site, plan.newsletter,
                 clock_now(&website->newsroom->clock));
  put_text(json, "segment", alert.segment);
  put_text(json, "subject", plan.subject);
  put_integer(json, "recipients", plan.recipients);
  put_flag(json, "needs_second_person", plan.newsletter->approval);
  put_integer(json, "sent_today", plan.sent_today);
  put_flag(json, "over_cap", plan.over_cap);
  put_id(json, "already_sent", plan.already_sent);
  put_text(json, "html", plan.parts->page);
  return api_respond(&answer, 200);
}

Response *api_alert_send(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  MailingAlert alert = alert_of(&call);
  gint64 expected = api_need_integer(&call, "recipients");
  alert.over_cap = api_flag(&call, "over_cap") == 1;
  alert.requested_by = who(&call);
  if (expected < 0) {
    api_fault(&call, "recipients: the number that was shown");
  }
  gint64 id = api_accept(&call, error) ? mailings_alert(&call.newsroom, &alert, error) : 0;
  return id != 0 ? answer_mailing(&call, id, 201, error) : NULL;
}
