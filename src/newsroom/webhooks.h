// SPDX-License-Identifier: Apache-2.0
//
// Telling other systems of what happened: an event is queued in the transaction of the change that
// it tells of, signed and sent later by app/webhook_sender. See newsroom.h. Signatures are those of
// Standard Webhooks (https://www.standardwebhooks.com): "v1," and the base64 of HMAC-SHA-256 over
// "<id>.<seconds>.<body>".
#pragma once

#include "model/webhook.h"
#include "newsroom/change.h"

#define WEBHOOK_ATTEMPTS 10 // over about two days

extern const char *const WEBHOOK_EVENTS[]; // ends with NULL

// Queues it for every active webhook that wants the event; none: nothing is written.
gboolean webhooks_tell_story(Change *change, const char *event, const Story *story,
                             const Correction *correction, GError **error);
// Of a reader (no address is told) or a mailing: by its number.
gboolean webhooks_tell_id(Change *change, const char *event, const char *noun, gint64 id,
                          GError **error);

// The same in a transaction of somebody else's.
gboolean webhooks_tell_within(StoreTransaction *transaction, gint64 now, const char *event,
                              const char *noun, gint64 id, GError **error);

// events NULL-terminated. *ret_secret: shown once, caller frees. Id, 0 on error.
gint64 webhooks_make(Newsroom *newsroom, const char *url, const char *const *events,
                     gboolean active, char **ret_secret, GError **error);
gboolean webhooks_change(Newsroom *newsroom, gint64 id, const char *url, const char *const *events,
                         gint active,
                         GError **error); // NULL, -1: as it is
gboolean webhooks_remove(Newsroom *newsroom, gint64 id, GError **error);
char *webhooks_new_secret(Newsroom *newsroom, gint64 id, GError **error); // caller frees
gint64 webhooks_test(Newsroom *newsroom, gint64 id, GError **error);      // the delivery's id, 0
// One that was tried, by hand: sent at once, with a whole row of attempts before it.
gboolean webhooks_send_again(Newsroom *newsroom, gint64 id, gint64 delivery_id, GError **error);

// For the sender. What is due, with its webhook; then what came of it.
GPtrArray *webhooks_due(Newsroom *newsroom, guint limit, GError **error); // WebhookDelivery *
Webhook *webhooks_get(Newsroom *newsroom, gint64 id, GError **error);
char *webhooks_signature(const Webhook *webhook, const WebhookDelivery *delivery,
                         gint64 seconds); // caller frees
// status: HTTP's, 0 for no connection. 2xx is delivered; anything else is tried again, later and
// later.
gboolean webhooks_settle(Newsroom *newsroom, gint64 delivery_id, gint32 status, const char *reason,
                         GError **error);
