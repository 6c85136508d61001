// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing_result_rows.h. The columns stand in mailing_result.sql in the order that is
// read here.
#include "store/mailing_result_rows.h"

#include "store/row_reader.h"

void mailing_outcome_free(MailingOutcome *outcome) {
  if (outcome != NULL) {
    g_free(outcome->subject);
    g_free(outcome);
  }
}

static gpointer read_outcome(StoreRows *rows) {
  MailingOutcome *outcome = g_new0(MailingOutcome, 1);
  outcome->mailing_id = store_row_integer(rows, 0);
  outcome->newsletter_id = store_row_integer(rows, 1);
  outcome->subject = store_row_dup(rows, 2);
  outcome->frozen_at = store_row_integer(rows, 3);
  outcome->planned = store_row_integer(rows, 4);
  outcome->computed_at = store_row_integer(rows, 5);
  outcome->results = (MailingResults){
      .bounced = store_row_integer(rows, 6),
      .complained = store_row_integer(rows, 7),
      .left = store_row_integer(rows, 8),
      .counted = store_row_integer(rows, 9),
      .opened = store_row_integer(rows, 10),
      .clicked = store_row_integer(rows, 11),
  };
  outcome->accepted = store_row_integer(rows, 12);
  outcome->failed = store_row_integer(rows, 13);
  outcome->waiting = store_row_integer(rows, 14);
  return outcome;
}

GPtrArray *mailing_result_rows_list(StoreTransaction *transaction, gint64 newsletter_id,
                                    guint limit, GError **error) {
  return newsletter_id != 0
             ? row_reader_all(transaction, QUERY_MAILING_RESULT_LIST_OF,
                              STORE_VALUES(store_integer(newsletter_id), store_integer(limit)),
                              read_outcome, (GDestroyNotify)mailing_outcome_free, error)
             : row_reader_all(transaction, QUERY_MAILING_RESULT_LIST,
                              STORE_VALUES(store_integer(limit)), read_outcome,
                              (GDestroyNotify)mailing_outcome_free, error);
}

GPtrArray *mailing_result_rows_since(StoreTransaction *transaction, gint64 since, GError **error) {
  return row_reader_all(transaction, QUERY_MAILING_RESULT_SINCE, STORE_VALUES(store_integer(since)),
                        read_outcome, (GDestroyNotify)mailing_outcome_free, error);
}

gboolean mailing_result_rows_put(StoreTransaction *transaction, gint64 mailing_id,
                                 gint64 computed_at, const MailingResults *results,
                                 GError **error) {
  return store_execute(
             transaction, QUERY_MAILING_RESULT_PUT,
             STORE_VALUES(store_integer(mailing_id), store_integer(computed_at),
                          store_integer(results->bounced), store_integer(results->complained),
                          store_integer(results->left), store_integer(results->counted),
                          store_integer(results->opened), store_integer(results->clicked)),
             error) >= 0;
}
