// SPDX-License-Identifier: Apache-2.0
//
// Implements activity_rows.h.
#include "store/activity_rows.h"

gboolean activity_rows_count(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                             ActivityKind kind, guint number, gint64 now, GError **error) {
  gint64 active =
      store_execute(transaction, QUERY_ACTIVITY_SEEN,
                    STORE_VALUES(store_integer(now), store_integer(subscriber_id)), error);
  if (active <= 0) {
    return active == 0;
  }
  return store_execute(transaction, QUERY_ACTIVITY_COUNT,
                       STORE_VALUES(store_integer(mailing_id), store_integer(subscriber_id),
                                    store_integer(kind), store_integer(number), store_integer(now)),
                       error) >= 0;
}
