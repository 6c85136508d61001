// SPDX-License-Identifier: Apache-2.0
//
// Implements webhook.h.
#include "model/webhook.h"

const char *webhook_state_name(WebhookState state) {
  static const char *const NAMES[] = {"waiting", "delivered", "failed"};
  return NAMES[state];
}

void webhook_free(Webhook *webhook) {
  if (webhook != NULL) {
    g_free(webhook->url);
    g_free(webhook->events);
    g_free(webhook->secret);
    g_free(webhook);
  }
}

void webhook_delivery_free(WebhookDelivery *delivery) {
  if (delivery != NULL) {
    g_free(delivery->event);
    g_free(delivery->body);
    g_free(delivery->reason);
    g_free(delivery);
  }
}
