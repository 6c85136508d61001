// SPDX-License-Identifier: Apache-2.0
//
// Webhooks and their deliveries <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/webhook.h"
#include "store/store.h"

GPtrArray *webhook_rows_list(StoreTransaction *transaction, GError **error);         // Webhook *
Webhook *webhook_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
gint64 webhook_rows_insert(StoreTransaction *transaction, const Webhook *webhook, GError **error);
gboolean webhook_rows_update(StoreTransaction *transaction, const Webhook *webhook, GError **error);
gint64 webhook_rows_remove(StoreTransaction *transaction, gint64 id, GError **error); // how many
GArray *webhook_rows_wanting(StoreTransaction *transaction, const char *event,
                             GError **error); // gint64: active ones

gint64 webhook_delivery_rows_insert(StoreTransaction *transaction, const WebhookDelivery *delivery,
                                    GError **error);
GPtrArray *webhook_delivery_rows_due(StoreTransaction *transaction, gint64 now, guint limit,
                                     GError **error); // WebhookDelivery *
WebhookDelivery *webhook_delivery_rows_get(StoreTransaction *transaction, gint64 id,
                                           GError **error); // NOT_FOUND
GPtrArray *webhook_delivery_rows_list(StoreTransaction *transaction, gint64 webhook_id,
                                      gint64 before, guint limit, GError **error);
gboolean webhook_delivery_rows_update(StoreTransaction *transaction,
                                      const WebhookDelivery *delivery, GError **error);
gboolean webhook_delivery_rows_sweep(StoreTransaction *transaction, gint64 before, GError **error);
