// SPDX-License-Identifier: Apache-2.0
//
// Implements webhook_sender.h.
#include "app/webhook_sender.h"

#include "base/fetch.h"
#include "base/log.h"
#include "newsroom/webhooks.h"

#define BATCH 20
#define SECONDS 15
#define ANSWER_BYTES 65536

struct WebhookSender {
  Newsroom *newsroom;
  Fetcher *fetcher;
  GThread *thread;
  GMutex lock; // guards stopping
  GCond wake;
  gboolean stopping;
  gboolean failing; // the thread's own
};

static gboolean is_stopping(WebhookSender *sender) {
  g_mutex_lock(&sender->lock);
  gboolean stopping = sender->stopping;
  g_mutex_unlock(&sender->lock);
  return stopping;
}

static gint32 post(WebhookSender *sender, const Webhook *webhook, const WebhookDelivery *delivery,
                   char **ret_reason) {
  gint64 seconds = clock_now(&sender->newsroom->clock) / CLOCK_SECOND;
  g_autofree char *signature = webhooks_signature(webhook, delivery, seconds);
  g_autofree char *id = g_strdup_printf("webhook-id: msg_%" G_GINT64_FORMAT, delivery->id);
  g_autofree char *time = g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, seconds);
  g_autofree char *signed_by = g_strconcat("webhook-signature: ", signature, NULL);
  const char *headers[] = {"Content-Type: application/json", "Expect:", id, time, signed_by, NULL};
  g_autoptr(GError) failure = NULL;
  gint32 status = 0;
  if (!fetcher_post(sender->fetcher, webhook->url, headers, slice_of(delivery->body), &status,
                    &failure)) {
    *ret_reason = g_strdup(failure->message);
  }
  return status;
}

static gboolean send_one(WebhookSender *sender, const WebhookDelivery *delivery, GError **error) {
  g_autofree char *reason = NULL;
  gint32 status = 0;
  g_autoptr(Webhook) webhook = webhooks_get(sender->newsroom, delivery->webhook_id, error);
  if (webhook == NULL) {
    return FALSE;
  }
  if (webhook->active || g_strcmp0(delivery->event, "test") == 0) {
    status = post(sender, webhook, delivery, &reason);
  } else {
    reason = g_strdup("the webhook is switched off");
  }
  return webhooks_settle(sender->newsroom, delivery->id, status, reason != NULL ? reason : "",
                         error);
}

static void look(WebhookSender *sender) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = webhooks_due(sender->newsroom, BATCH, &error);
  for (guint i = 0; due != NULL && i < due->len && error == NULL && !is_stopping(sender); i++) {
    (void)send_one(sender, g_ptr_array_index(due, i), &error);
  }
  if (error != NULL && !sender->failing) {
    log_write(LOG_WARNING, "webhooks wait: %s", error->message);
  }
  sender->failing = error != NULL;
}

static gpointer run(gpointer data) {
  WebhookSender *sender = data;
  g_mutex_lock(&sender->lock);
  while (!sender->stopping) {
    g_mutex_unlock(&sender->lock);
    look(sender);
    g_mutex_lock(&sender->lock);
    gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
    while (!sender->stopping && g_cond_wait_until(&sender->wake, &sender->lock, until)) {
    }
  }
  g_mutex_unlock(&sender->lock);
  return NULL;
}

WebhookSender *webhook_sender_start(Newsroom *newsroom) {
  WebhookSender *sender = g_new0(WebhookSender, 1);
  sender->newsroom = newsroom;
  sender->fetcher =
      fetcher_new(&(FetchOptions){.protocols = "https", .seconds = SECONDS, .most = ANSWER_BYTES});
  g_mutex_init(&sender->lock);
  g_cond_init(&sender->wake);
  sender->thread = g_thread_new("webhooks", run, sender);
  return sender;
}

void webhook_sender_stop(WebhookSender *sender) {
  if (sender == NULL) {
    return;
  }
  g_mutex_lock(&sender->lock);
  sender->stopping = TRUE;
  g_cond_signal(&sender->wake);
  g_mutex_unlock(&sender->lock);
  g_thread_join(sender->thread);
  fetcher_free(sender->fetcher);
  g_mutex_clear(&sender->lock);
  g_cond_clear(&sender->wake);
  g_free(sender);
}
