// SPDX-License-Identifier: Apache-2.0
//
// Implements webhooks.h.
#include "newsroom/webhooks.h"

#include <string.h>

#include "base/json_writer.h"
#include "base/secret.h"
#include "model/address.h"
#include "store/webhook_rows.h"

#define KEPT (30 * CLOCK_DAY)
#define MINUTE (60 * CLOCK_SECOND)

const char *const WEBHOOK_EVENTS[] = {"story.published",
                                      "story.updated",
                                      "story.corrected",
                                      "story.withdrawn",
                                      "subscriber.confirmed",
                                      "subscriber.left",
                                      "mailing.sent",
                                      "test",
                                      NULL};

// ---- telling ----------------------------------------------------------------------------------

static void begin(JsonWriter *json, GString *out, Change *change, const char *event) {
  g_autofree char *at = clock_format_rfc3339(change->now, NULL);
  json_begin(json, out);
  json_object(json);
  json_string_member(json, "type", event);
  json_string_member(json, "timestamp", at);
  json_name(json, "data");
  json_object(json);
}

static gboolean queue(Change *change, const char *event, const GArray *ids, JsonWriter *json,
                      GError **error) {
  json_end_object(json);
  json_end_object(json);
  for (guint i = 0; i < ids->len; i++) {
    WebhookDelivery delivery = {.webhook_id = g_array_index(ids, gint64, i),
                                .event = (char *)event,
                                .body = json->out->str,
                                .created_at = change->now};
    if (webhook_delivery_rows_insert(change->transaction, &delivery, error) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean webhooks_tell_story(Change *change, const char *event, const Story *story,
                             const Correction *correction, GError **error) {
  g_autoptr(GArray) ids = webhook_rows_wanting(change->transaction, event, error);
  g_autoptr(GString) out = g_string_new(NULL);
  JsonWriter json;
  if (ids == NULL || ids->len == 0) {
    return ids != NULL;
  }
  g_autofree char *path =
      address_story(story->section != NULL ? story->section->slug : NULL, story->slug, story->id);
  g_autofree char *url = g_strconcat(change->site->base_url, path, NULL);
  g_autofree char *published =
      story->published_at != 0 ? clock_format_rfc3339(story->published_at, NULL) : NULL;
  begin(&json, out, change, event);
  json_integer_member(&json, "story_id", story->id);
  json_string_member(&json, "url", url);
  json_string_member(&json, "headline", story->headline);
  json_string_member(&json, "standfirst", story->standfirst);
  json_string_member(&json, "section", story->section != NULL ? story->section->slug : NULL);
  json_string_member(&json, "published_at", published);
  if (correction != NULL) {
    json_integer_member(&json, "correction_id", correction->id);
    json_string_member(&json, "wrong", correction->wrong);
    json_string_member(&json, "right", correction->right);
  }
  return queue(change, event, ids, &json, error);
}

gboolean webhooks_tell_id(Change *change, const char *event, const char *noun, gint64 id,
                          GError **error) {
  g_autoptr(GArray) ids = webhook_rows_wanting(change->transaction, event, error);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autofree char *name = g_strconcat(noun, "_id", NULL);
  JsonWriter json;
  if (ids == NULL || ids->len == 0) {
    return ids != NULL;
  }
  begin(&json, out, change, event);
  json_integer_member(&json, name, id);
  return queue(change, event, ids, &json, error);
}

gboolean webhooks_tell_within(StoreTransaction *transaction, gint64 now, const char *event,
                              const char *noun, gint64 id, GError **error) {
  Change change = {.transaction = transaction, .now = now}; // borrowed: neither ended nor cleared
  return webhooks_tell_id(&change, event, noun, id, error);
}

// ---- making them ------------------------------------------------------------------------------

static gboolean check_url(const char *url, GError **error) {
  g_autoptr(GUri) uri = strlen(url) <= 2000 ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  return (host != NULL && *host != '\0' && g_uri_get_userinfo(uri) == NULL &&
          strcmp(g_uri_get_scheme(uri), "https") == 0) ||
         change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "url: an address such as https://example.org/hook");
}

static char *check_events(const char *const *events, GError **error) {
  for (guint i = 0; events[i] != NULL; i++) {
    if (!g_strv_contains(WEBHOOK_EVENTS, events[i])) {
      change_refuse(error, NEWSROOM_ERROR_INVALID, "events: nothing of ours is called %s",
                    events[i]);
      return NULL;
    }
  }
  if (events[0] == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "events: name what is to be told");
    return NULL;
  }
  return g_strjoinv(" ", (char **)events);
}

static char *secret_new(void) {
  g_autofree char *random = secret_random_hex(24);
  g_autofree char *encoded = g_base64_encode((const guchar *)random, strlen(random));
  return g_strconcat("whsec_", encoded, NULL);
}

gint64 webhooks_make(Newsroom *newsroom, const char *url, const char *const *events,
                     gboolean active, char **ret_secret, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_WEBHOOK_WRITE, error) || !check_url(url, error)) {
    return 0;
  }
  g_autofree char *names = check_events(events, error);
  g_autofree char *secret = secret_new();
  if (names == NULL || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  Webhook webhook = {.url = (char *)url,
                     .events = names,
                     .secret = secret,
                     .active = active,
                     .created_at = change.now};
  gint64 id = webhook_rows_insert(change.transaction, &webhook, error);
  if (id == 0 ||
      !change_audit(&change, error, "webhook.make", "webhook", id, "tells %s of %s", url, names) ||
      !change_commit(&change, FALSE, error)) {
    return 0;
  }
  *ret_secret = g_steal_pointer(&secret);
  return id;
}

static Webhook *load(StoreTransaction *transaction, gint64 id, GError **error) {
  GError *failure = NULL;
  Webhook *webhook = webhook_rows_get(transaction, id, &failure);
  if (webhook == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such webhook");
  } else if (webhook == NULL) {
    g_propagate_error(error, failure);
  }
  return webhook;
}

gboolean webhooks_change(Newsroom *newsroom, gint64 id, const char *url, const char *const *events,
                         gint active, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *names = events != NULL ? check_events(events, error) : NULL;
  if ((events != NULL && names == NULL) || (url != NULL && !check_url(url, error)) ||
      !change_may(newsroom, PERMISSION_WEBHOOK_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Webhook) webhook = load(change.transaction, id, error);
  if (webhook == NULL) {
    return FALSE;
  }
  if (url != NULL) {
    g_free(webhook->url);
    webhook->url = g_strdup(url);
  }
  if (names != NULL) {
    g_free(webhook->events);
    webhook->events = g_steal_pointer(&names);
  }
  webhook->active = active >= 0 ? active : webhook->active;
  return webhook_rows_update(change.transaction, webhook, error) &&
         change_audit(&change, error, "webhook.change", "webhook", id, "tells %s of %s",
                      webhook->url, webhook->events) &&
         change_commit(&change, FALSE, error);
}

gboolean webhooks_remove(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_WEBHOOK_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 removed = webhook_rows_remove(change.transaction, id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such webhook");
  }
  return removed > 0 &&
         change_audit(&change, error, "webhook.remove", "webhook", id, "removed a webhook") &&
         change_commit(&change, FALSE, error);
}

char *webhooks_new_secret(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_WEBHOOK_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(Webhook) webhook = load(change.transaction, id, error);
  if (webhook == NULL) {
    return NULL;
  }
  g_free(webhook->secret);
  webhook->secret = secret_new();
  return webhook_rows_update(change.transaction, webhook, error) &&
                 change_commit(&change, FALSE, error)
             ? g_strdup(webhook->secret)
             : NULL;
}

gint64 webhooks_test(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(GString) out = g_string_new(NULL);
  JsonWriter json;
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Webhook) webhook = load(change.transaction, id, error);
  if (webhook == NULL) {
    return 0;
  }
  begin(&json, out, &change, "test");
  json_end_object(&json);
  json_end_object(&json);
  WebhookDelivery delivery = {
      .webhook_id = id, .event = (char *)"test", .body = out->str, .created_at = change.now};
  gint64 made = webhook_delivery_rows_insert(change.transaction, &delivery, error);
  return made != 0 && change_commit(&change, FALSE, error) ? made : 0;
}

gboolean webhooks_send_again(Newsroom *newsroom, gint64 id, gint64 delivery_id, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_WEBHOOK_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(WebhookDelivery) delivery =
      webhook_delivery_rows_get(change.transaction, delivery_id, &failure);
  if (delivery == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (delivery == NULL || delivery->webhook_id != id) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such delivery");
  }
  delivery->state = WEBHOOK_WAITING;
  delivery->attempts = 0;
  delivery->next_at = change.now;
  return webhook_delivery_rows_update(change.transaction, delivery, error) &&
         change_commit(&change, FALSE, error);
}

// ---- for the sender ---------------------------------------------------------------------------

GPtrArray *webhooks_due(Newsroom *newsroom, guint limit, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  return transaction != NULL
             ? webhook_delivery_rows_due(transaction, clock_now(&newsroom->clock), limit, error)
             : NULL;
}

Webhook *webhooks_get(Newsroom *newsroom, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  return transaction != NULL ? load(transaction, id, error) : NULL;
}

char *webhooks_signature(const Webhook *webhook, const WebhookDelivery *delivery, gint64 seconds) {
  const char *encoded = webhook->secret + strlen("whsec_");
  gsize key_length = 0;
  g_autofree guchar *key = g_base64_decode(encoded, &key_length);
  g_autofree char *head =
      g_strdup_printf("msg_%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".", delivery->id, seconds);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key, key_length);
  g_hmac_update(hmac, (const guchar *)head, (gssize)strlen(head));
  g_hmac_update(hmac, (const guchar *)delivery->body, (gssize)strlen(delivery->body));
  g_hmac_get_digest(hmac, digest, &length);
  g_autofree char *signature = g_base64_encode(digest, length);
  return g_strconcat("v1,", signature, NULL);
}

static gint64 wait_before(gint32 attempts) {
  static const gint64 MINUTES[] = {1, 5, 15, 60, 180, 360, 720, 720, 720};
  return MINUTES[MIN((gsize)attempts, G_N_ELEMENTS(MINUTES)) - 1] * MINUTE;
}

gboolean webhooks_settle(Newsroom *newsroom, gint64 delivery_id, gint32 status, const char *reason,
                         GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(WebhookDelivery) delivery =
      webhook_delivery_rows_get(change.transaction, delivery_id, error);
  g_autoptr(Webhook) webhook =
      delivery != NULL ? webhook_rows_get(change.transaction, delivery->webhook_id, error) : NULL;
  if (webhook == NULL) {
    return FALSE;
  }
  gboolean done = status >= 200 && status < 300;
  delivery->attempts++;
  delivery->status = status;
  delivery->state = done                                     ? WEBHOOK_DELIVERED
                    : delivery->attempts >= WEBHOOK_ATTEMPTS ? WEBHOOK_FAILED
                                                             : WEBHOOK_WAITING;
  delivery->next_at = done ? 0 : change.now + wait_before(delivery->attempts);
  g_free(delivery->reason);
  delivery->reason = g_strdup(reason);
  webhook->last_status = status;
  webhook->last_at = change.now;
  webhook->failing_since = done                          ? 0
                           : webhook->failing_since != 0 ? webhook->failing_since
                                                         : change.now;
  return webhook_delivery_rows_update(change.transaction, delivery, error) &&
         webhook_rows_update(change.transaction, webhook, error) &&
         webhook_delivery_rows_sweep(change.transaction, change.now - KEPT, error) &&
         change_commit(&change, FALSE, error);
}
