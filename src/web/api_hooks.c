// SPDX-License-Identifier: Apache-2.0
//
// Whom else we tell (docs/api/openapi.json: webhooks). A secret is shown once, when it is made.
#include "newsroom/webhooks.h"
#include "store/webhook_rows.h"
#include "web/api_handlers.h"

static void write_hook(JsonWriter *json, const Webhook *one) {
  g_auto(GStrv) events = g_strsplit(one->events, " ", -1);
  put_integer(json, "id", one->id);
  put_text(json, "url", one->url);
  put_list(json, "events");
  for (guint i = 0; events[i] != NULL; i++) {
    json_string(json, events[i]);
  }
  json_end_array(json);
  put_flag(json, "active", one->active);
  put_instant(json, "created_at", one->created_at);
  json_name(json, "last_status");
  if (one->last_status < 0) {
    json_null(json);
  } else {
    json_integer(json, one->last_status);
  }
  put_instant(json, "last_at", one->last_at);
  put_instant(json, "failing_since", one->failing_since);
}

Response *api_hook_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(GPtrArray) all =
      api_read_begin(&read, website, error) ? webhook_rows_list(read.transaction, error) : NULL;
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    json_object(json);
    write_hook(json, g_ptr_array_index(all, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_hook(ApiCall *call, gint64 id, const char *secret, guint status,
                             GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(Webhook) one = webhooks_get(&call->newsroom, id, error);
  if (one == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  if (secret == NULL) {
    write_hook(json, one);
    return api_respond(&answer, status);
  }
  put_object(json, "webhook");
  write_hook(json, one);
  json_end_object(json);
  put_text(json, "secret", secret);
  return api_respond(&answer, status);
}

Response *api_hook_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *secret = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *url = api_need_text(&call, "url");
  g_auto(GStrv) events = api_texts(&call, "events");
  gboolean active = api_flag(&call, "active") != 0;
  if (events == NULL) {
    api_fault(&call, "events: it is missing");
  }
  gint64 id =
      api_accept(&call, error)
          ? webhooks_make(&call.newsroom, url, (const char *const *)events, active, &secret, error)
          : 0;
  return id != 0 ? answer_hook(&call, id, secret, 201, error) : NULL;
}

Response *api_hook_change(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *url = api_text(&call, "url");
  g_auto(GStrv) events = api_texts(&call, "events");
  gint active = api_flag(&call, "active");
  return api_accept(&call, error) && webhooks_change(&call.newsroom, id, url,
                                                     (const char *const *)events, active, error)
             ? answer_hook(&call, id, NULL, 200, error)
             : NULL;
}

Response *api_hook_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return webhooks_remove(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

Response *api_hook_secret(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  g_autofree char *secret = webhooks_new_secret(&call.newsroom, id, error);
  return secret != NULL ? answer_hook(&call, id, secret, 200, error) : NULL;
}

static void write_delivery(JsonWriter *json, const WebhookDelivery *one) {
  put_integer(json, "id", one->id);
  put_text(json, "event", one->event);
  put_instant(json, "created_at", one->created_at);
  put_integer(json, "attempts", one->attempts);
  put_text(json, "state", webhook_state_name(one->state));
  json_name(json, "status");
  if (one->status < 0) {
    json_null(json);
  } else {
    json_integer(json, one->status);
  }
  put_instant(json, "next_at", one->state == WEBHOOK_WAITING ? one->next_at : 0);
  put_text(json, "reason", one->reason);
}

// What will be sent, as it stands now.
static Response *answer_delivery(Website *website, gint64 id, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autoptr(WebhookDelivery) one = api_read_begin(&read, website, error)
                                       ? webhook_delivery_rows_get(read.transaction, id, error)
                                       : NULL;
  if (one == NULL) {
    return NULL;
  }
  write_delivery(api_answer(&answer), one);
  return api_respond(&answer, 202);
}

Response *api_hook_test(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = webhooks_test(&call.newsroom, api_path_id(&call, 0), error);
  return id != 0 ? answer_delivery(website, id, error) : NULL;
}

Response *api_hook_again(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 1);
  return webhooks_send_again(&call.newsroom, api_path_id(&call, 0), id, error)
             ? answer_delivery(website, id, error)
             : NULL;
}

Response *api_hook_deliveries(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  guint limit = api_limit(&call, 50);
  gint64 before = api_query_integer(&call, "after", 0);
  g_autoptr(Webhook) hook = api_query_accept(&call, error)
                                ? webhooks_get(&call.newsroom, api_path_id(&call, 0), error)
                                : NULL;
  g_autoptr(GPtrArray) all =
      hook != NULL && api_read_begin(&read, website, error)
          ? webhook_delivery_rows_list(read.transaction, hook->id, before, limit + 1, error)
          : NULL;
  if (all == NULL) {
    return NULL;
  }
  gint64 last = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(all->len, limit); i++) {
    const WebhookDelivery *one = g_ptr_array_index(all, i);
    json_object(json);
    write_delivery(json, one);
    json_end_object(json);
    last = one->id;
  }
  put_next_id(json, all->len > limit ? last : 0);
  return api_respond(&answer, 200);
}
