// SPDX-License-Identifier: Apache-2.0
//
// Whom else we tell of what happened, and what they were told. Plain structs.
#pragma once

#include <glib.h>

typedef struct Webhook {
  gint64 id, created_at, last_at, failing_since;
  char *url, *events, *secret; // events: names, joined by spaces
  gboolean active;
  gint32 last_status; // HTTP's; 0: no connection; -1: nothing was told yet
} Webhook;
void webhook_free(Webhook *webhook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Webhook, webhook_free)

typedef enum WebhookState { WEBHOOK_WAITING, WEBHOOK_DELIVERED, WEBHOOK_FAILED } WebhookState;
const char *webhook_state_name(WebhookState state);
typedef struct WebhookDelivery {
  gint64 id, webhook_id, created_at, next_at;
  char *event, *body, *reason;
  gint32 attempts, status; // HTTP's; 0: no connection; -1: not tried yet
  WebhookState state;
} WebhookDelivery;
void webhook_delivery_free(WebhookDelivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookDelivery, webhook_delivery_free)
