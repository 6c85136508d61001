// SPDX-License-Identifier: Apache-2.0
//
// Opens and clicks <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/mailing.h"
#include "model/subscriber.h"
#include "store/store.h"

// One more; nothing is written for a reader who did not agree to it, or is gone.
gboolean activity_rows_count(StoreTransaction *transaction, gint64 mailing_id, gint64 subscriber_id,
                             ActivityKind kind, guint number, gint64 now, GError **error);

// What came of a mailing. `counted`: its readers whose opens and clicks may be counted; `left`:
// those who left its newsletter within a week of it.
typedef struct MailingResults {
  gint64 bounced, complained, left, counted, opened, clicked;
} MailingResults;
gboolean activity_rows_results(StoreTransaction *transaction, const Mailing *mailing,
                               MailingResults *ret_results, GError **error);
typedef struct ActivityLink {
  char *url;
  gint64 readers, clicks;
} ActivityLink;
void activity_link_free(ActivityLink *link);
GPtrArray *activity_rows_links(StoreTransaction *transaction, gint64 mailing_id,
                               GError **error); // ActivityLink *, most read first
