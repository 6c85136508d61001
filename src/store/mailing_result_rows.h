// SPDX-License-Identifier: Apache-2.0
//
// What came of mailings, as it was counted last <-> rows. See store/store.h for threads and errors.
#pragma once

#include "store/activity_rows.h"

typedef struct MailingOutcome {
  gint64 mailing_id, newsletter_id, frozen_at, planned;
  char *subject;
  gint64 computed_at; // 0: `results` were never counted
  MailingResults results;
  gint64 accepted, failed, waiting; // waiting: not sent, whether it will be or not
} MailingOutcome;
void mailing_outcome_free(MailingOutcome *outcome);

// MailingOutcome *, newest first, of what was begun. newsletter_id 0: all.
GPtrArray *mailing_result_rows_list(StoreTransaction *transaction, gint64 newsletter_id,
                                    guint limit, GError **error);
GPtrArray *mailing_result_rows_since(StoreTransaction *transaction, gint64 since, GError **error);
gboolean mailing_result_rows_put(StoreTransaction *transaction, gint64 mailing_id,
                                 gint64 computed_at, const MailingResults *results, GError **error);
