// SPDX-License-Identifier: Apache-2.0
//
// Readers as the newsroom looks at them: parts of lists by keys, and how they come and go by day.
// See store/store.h for threads and errors. Arrays are GPtrArrays that free their items.
#pragma once

#include "model/subscriber.h"
#include "store/store.h"

// Newest first, those before `before` (0: from the newest). status -1: all. newsletter_id 0: all,
// else its active readers. Subscriber *.
GPtrArray *subscriber_look_rows_list(StoreTransaction *transaction, gint status,
                                     gint64 newsletter_id, gint64 before, guint limit,
                                     GError **error);
// Whose address or name begins with `words`: those whose address does first, after the one that is
// `after` ("" begins). Subscriber *.
GPtrArray *subscriber_look_rows_find(StoreTransaction *transaction, const char *words,
                                     const char *after, guint limit, GError **error);

// Days since 1970 (UTC) and counts, oldest first.
typedef struct SubscriberDay {
  gint64 day, count;
} SubscriberDay;
typedef enum SubscriberMove {
  SUBSCRIBER_JOINED,
  SUBSCRIBER_LEFT,
  SUBSCRIBER_BECAME_SUPPRESSED // of all newsletters
} SubscriberMove;
GArray *subscriber_look_rows_days(StoreTransaction *transaction, SubscriberMove move,
                                  gint64 newsletter_id, gint64 since, GError **error);

// *ret_note is NULL when the address is not on the list; caller frees.
gboolean subscriber_look_rows_suppression(StoreTransaction *transaction, const char *address_hash,
                                          SuppressionReason *ret_reason, gint64 *ret_at,
                                          char **ret_note, GError **error);
