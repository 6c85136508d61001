// SPDX-License-Identifier: Apache-2.0
//
// Watching a mailing go, and what came of it (docs/api/openapi.json).
#include <string.h>

#include "store/activity_rows.h"
#include "store/delivery_rows.h"
#include "web/api_handlers.h"
#include "web/api_mail_parts.h"

#define PAGE 50

// ---- progress ---------------------------------------------------------------------------------

// As an object; the rate is that of the whole way so far.
static gboolean put_progress(JsonWriter *json, Website *website, gint64 id, GError **error) {
  MailingCounts counts;
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, id, error) : NULL;
  if (mailing == NULL || !mailing_rows_counts(transaction, id, &counts, error)) {
    return FALSE;
  }
  gint64 now = clock_now(&website->newsroom->clock);
  gint64 until = mailing->finished_at != 0 ? mailing->finished_at : now;
  gint64 left = mailing_counts_pending(&counts) + counts.of[DELIVERY_DEFERRED];
  gint64 taken = MAX(until - mailing->frozen_at, 1);
  double rate = mailing->frozen_at == 0
                    ? 0
                    : (double)(counts.planned - left) * (double)CLOCK_SECOND / (double)taken;
  json_object(json);
  put_integer(json, "mailing_id", id);
  put_text(json, "state", mailing_state_name(mailing->state));
  put_text(json, "reason", mailing->state_reason);
  put_mailing_counts(json, "counts", &counts);
  put_number(json, "rate", rate);
  put_instant(json, "started_at", mailing->frozen_at);
  put_instant(json, "finished_at", mailing->finished_at);
  if (mailing->state == MAILING_SENDING && rate > 0.01) {
    put_integer(json, "seconds_left", (gint64)((double)left / rate) + 1);
  } else {
    put_null(json, "seconds_left");
  }
  json_end_object(json);
  return TRUE;
}

Response *api_mailing_progress(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(GString) out = g_string_sized_new(512);
  JsonWriter json;
  api_begin(&call, request, website);
  json_begin(&json, out);
  return put_progress(&json, website, api_path_id(&call, 0), error)
             ? response_new_take(200, "application/json", g_steal_pointer(&out))
             : NULL;
}

char *api_mailing_progress_text(gpointer website, gint64 id) {
  g_autoptr(GString) out = g_string_sized_new(512);
  JsonWriter json;
  json_begin(&json, out);
  return put_progress(&json, website, id, NULL) ? g_strdup(out->str) : NULL;
}

// Server-sent events as they come. Where too many watch, one to an answer: the browser asks again
// after `retry`.
Response *api_mailing_events(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(GString) out = g_string_new("retry: 700\nevent: progress\ndata: ");
  JsonWriter json;
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  json_begin(&json, out);
  if (!put_progress(&json, website, id, error)) {
    return NULL;
  }
  g_autoptr(ResponseStream) stream = response_stream_new();
  g_autofree char *seen = slice_dup(request_header(request, "Last-Event-ID"));
  if (website->events != NULL && event_hub_add(website->events, id, seen, stream)) {
    Response *response = response_new(200, "text/event-stream", NULL);
    response_set_stream(response, stream, NULL, NULL, NULL);
    return response;
  }
  g_string_append(out, "\n\n");
  return response_new_take(200, "text/event-stream", g_steal_pointer(&out));
}

// ---- deliveries -------------------------------------------------------------------------------

Response *api_mailing_deliveries(const Request *request, Website *website, GError **error) {
  static const char *const NAMES[] = {"pending",    "accepted",  "deferred",  "failed",
                                      "suppressed", "uncertain", "cancelled", NULL};
  static const DeliveryState STATES[] = {DELIVERY_PENDING,  DELIVERY_ACCEPTED,   DELIVERY_DEFERRED,
                                         DELIVERY_FAILED,   DELIVERY_SUPPRESSED, DELIVERY_UNCERTAIN,
                                         DELIVERY_CANCELLED};
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, PAGE);
  gint64 after = api_query_integer(&call, "after", 0);
  gint state = api_query_choice(&call, "state", NAMES);
  if (!api_query_accept(&call, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, id, error) : NULL;
  if (mailing == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) some = delivery_rows_list(
      transaction, id, state < 0 ? -1 : (gint)STATES[state], after, limit, error);
  if (some == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  gint64 last = 0;
  for (guint i = 0; i < some->len; i++) {
    const Delivery *one = g_ptr_array_index(some, i);
    last = one->subscriber_id;
    json_object(json);
    put_integer(json, "subscriber_id", one->subscriber_id);
    put_text(json, "address", one->address);
    put_text(json, "state", delivery_state_name(one->state));
    put_integer(json, "attempts", one->attempts);
    put_instant(json, "changed_at", one->changed_at);
    put_instant(json, "due_at", one->due_at);
    put_text(json, "relay", one->relay);
    put_integer(json, "code", one->code);
    put_text(json, "status", one->status);
    put_text(json, "reason", one->reason);
    json_end_object(json);
  }
  put_next_id(json, some->len == limit ? last : 0);
  return api_respond(&answer, 200);
}

// ---- results ----------------------------------------------------------------------------------

static gboolean put_links(JsonWriter *json, StoreTransaction *transaction, gint64 id,
                          GError **error) {
  g_autoptr(GPtrArray) links = activity_rows_links(transaction, id, error);
  if (links == NULL) {
    return FALSE;
  }
  put_list(json, "links");
  for (guint i = 0; i < links->len; i++) {
    const ActivityLink *link = g_ptr_array_index(links, i);
    json_object(json);
    put_text(json, "url", link->url);
    put_integer(json, "readers", link->readers);
    put_integer(json, "clicks", link->clicks);
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

static gboolean put_reasons(JsonWriter *json, StoreTransaction *transaction, gint64 id,
                            GError **error) {
  g_autoptr(GPtrArray) reasons = delivery_rows_reasons(transaction, id, error);
  if (reasons == NULL) {
    return FALSE;
  }
  put_list(json, "reasons");
  for (guint i = 0; i < reasons->len; i++) {
    const DeliveryReason *reason = g_ptr_array_index(reasons, i);
    json_object(json);
    put_text(json, "status", reason->status);
    put_text(json, "reason", reason->reason);
    put_integer(json, "count", reason->count);
    json_end_object(json);
  }
  json_end_array(json);
  return TRUE;
}

Response *api_mailing_results(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiAnswer) answer = {0};
  MailingCounts counts;
  MailingResults results;
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, id, error) : NULL;
  if (mailing == NULL || !mailing_rows_counts(transaction, id, &counts, error) ||
      !activity_rows_results(transaction, mailing, &results, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_mailing_counts(json, "counts", &counts);
  put_integer(json, "bounced", results.bounced);
  put_integer(json, "complained", results.complained);
  put_integer(json, "left", results.left);
  put_integer(json, "counted", results.counted);
  put_integer(json, "opened", results.opened);
  put_integer(json, "clicked", results.clicked);
  return put_links(json, transaction, id, error) && put_reasons(json, transaction, id, error)
             ? api_respond(&answer, 200)
             : NULL;
}
