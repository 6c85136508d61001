// SPDX-License-Identifier: Apache-2.0
//
// Implements webhook_rows.h. The columns stand in webhook.sql in the order that is read here.
#include "store/webhook_rows.h"

#include "store/row_reader.h"

static gpointer read_webhook(StoreRows *rows) {
  Webhook *webhook = g_new0(Webhook, 1);
  webhook->id = store_row_integer(rows, 0);
  webhook->url = store_row_dup(rows, 1);
  webhook->events = store_row_dup(rows, 2);
  webhook->secret = store_row_dup(rows, 3);
  webhook->active = store_row_integer(rows, 4) != 0;
  webhook->created_at = store_row_integer(rows, 5);
  webhook->last_status = (gint32)store_row_integer(rows, 6);
  webhook->last_at = store_row_integer(rows, 7);
  webhook->failing_since = store_row_integer(rows, 8);
  return webhook;
}

GPtrArray *webhook_rows_list(StoreTransaction *transaction, GError **error) {
  return row_reader_all(transaction, QUERY_WEBHOOK_LIST, STORE_NO_VALUES, read_webhook,
                        (GDestroyNotify)webhook_free, error);
}

Webhook *webhook_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return row_reader_one(transaction, QUERY_WEBHOOK_GET, STORE_VALUES(store_integer(id)),
                        read_webhook, error);
}

gint64 webhook_rows_insert(StoreTransaction *transaction, const Webhook *webhook, GError **error) {
  gint64 id = 0;
  gboolean inserted =
      store_query_integer(transaction, QUERY_WEBHOOK_INSERT,
                          STORE_VALUES(store_text(webhook->url), store_text(webhook->events),
                                       store_text(webhook->secret), store_integer(webhook->active),
                                       store_integer(webhook->created_at)),
                          &id, error);
  return inserted ? id : 0;
}

gboolean webhook_rows_update(StoreTransaction *transaction, const Webhook *webhook,
                             GError **error) {
  return store_execute(
             transaction, QUERY_WEBHOOK_UPDATE,
             STORE_VALUES(store_text(webhook->url), store_text(webhook->events),
                          store_text(webhook->secret), store_integer(webhook->active),
                          store_integer(webhook->last_status), store_integer(webhook->last_at),
                          store_integer(webhook->failing_since), store_integer(webhook->id)),
             error) >= 0;
}

gint64 webhook_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_WEBHOOK_REMOVE, STORE_VALUES(store_integer(id)), error);
}

GArray *webhook_rows_wanting(StoreTransaction *transaction, const char *event, GError **error) {
  return row_reader_ids(transaction, QUERY_WEBHOOK_WANTS, STORE_VALUES(store_text(event)), error);
}

static gpointer read_delivery(StoreRows *rows) {
  WebhookDelivery *delivery = g_new0(WebhookDelivery, 1);
  delivery->id = store_row_integer(rows, 0);
  delivery->webhook_id = store_row_integer(rows, 1);
  delivery->event = store_row_dup(rows, 2);
  delivery->body = store_row_dup(rows, 3);
  delivery->created_at = store_row_integer(rows, 4);
  delivery->attempts = (gint32)store_row_integer(rows, 5);
  delivery->state = (WebhookState)CLAMP(store_row_integer(rows, 6), 0, WEBHOOK_FAILED);
  delivery->status = (gint32)store_row_integer(rows, 7);
  delivery->next_at = store_row_integer(rows, 8);
  delivery->reason = store_row_dup(rows, 9);
  return delivery;
}

gint64 webhook_delivery_rows_insert(StoreTransaction *transaction, const WebhookDelivery *delivery,
                                    GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_WEBHOOK_DELIVERY_INSERT,
      STORE_VALUES(store_integer(delivery->webhook_id), store_text(delivery->event),
                   store_text(delivery->body), store_integer(delivery->created_at)),
      &id, error);
  return inserted ? id : 0;
}

GPtrArray *webhook_delivery_rows_due(StoreTransaction *transaction, gint64 now, guint limit,
                                     GError **error) {
  return row_reader_all(transaction, QUERY_WEBHOOK_DELIVERY_DUE,
                        STORE_VALUES(store_integer(now), store_integer(limit)), read_delivery,
                        (GDestroyNotify)webhook_delivery_free, error);
}

WebhookDelivery *webhook_delivery_rows_get(StoreTransaction *transaction, gint64 id,
                                           GError **error) {
  return row_reader_one(transaction, QUERY_WEBHOOK_DELIVERY_GET, STORE_VALUES(store_integer(id)),
                        read_delivery, error);
}

GPtrArray *webhook_delivery_rows_list(StoreTransaction *transaction, gint64 webhook_id,
                                      gint64 before, guint limit, GError **error) {
  return row_reader_all(transaction, QUERY_WEBHOOK_DELIVERY_LIST,
                        STORE_VALUES(store_integer(webhook_id),
                                     store_integer(before > 0 ? before : G_MAXINT64),
                                     store_integer(limit)),
                        read_delivery, (GDestroyNotify)webhook_delivery_free, error);
}

gboolean webhook_delivery_rows_update(StoreTransaction *transaction,
                                      const WebhookDelivery *delivery, GError **error) {
  return store_execute(transaction, QUERY_WEBHOOK_DELIVERY_UPDATE,
                       STORE_VALUES(store_integer(delivery->attempts),
                                    store_integer(delivery->state), store_integer(delivery->status),
                                    store_integer(delivery->next_at), store_text(delivery->reason),
                                    store_integer(delivery->id)),
                       error) >= 0;
}

gboolean webhook_delivery_rows_sweep(StoreTransaction *transaction, gint64 before, GError **error) {
  return store_execute(transaction, QUERY_WEBHOOK_DELIVERY_SWEEP,
                       STORE_VALUES(store_integer(before)), error) >= 0;
}
