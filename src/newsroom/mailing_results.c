// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing_results.h. Called by web/api_newsletter_numbers.
#include "newsroom/mailing_results.h"

#include "newsroom/change.h"
#include "store/mailing_rows.h"

#define MINUTE (60 * CLOCK_SECOND)
#define FINAL_AFTER (9 * CLOCK_DAY) // who leaves within a week counts
#define COST 600                    // µs that a recipient's counting is waited for

gboolean mailing_results_are_old(const MailingOutcome *outcome, gint64 now) {
  gint64 age = now - outcome->frozen_at;
  if (outcome->computed_at == 0) {
    return TRUE;
  }
  if (outcome->computed_at - outcome->frozen_at > FINAL_AFTER) {
    return FALSE;
  }
  gint64 pause = outcome->planned < MAILING_RESULTS_AT_ONCE
                     ? 0
                     : MAX(MAX(MINUTE, age / 20), outcome->planned * COST);
  return now - outcome->computed_at > pause;
}

gboolean mailing_results_count(Newsroom *newsroom, MailingOutcome *outcome, GError **error) {
  g_autoptr(StoreTransaction) reading = store_begin_read(newsroom->store, error);
  g_autoptr(Mailing) mailing =
      reading != NULL ? mailing_rows_get(reading, outcome->mailing_id, error) : NULL;
  if (mailing == NULL || !activity_rows_results(reading, mailing, &outcome->results, error)) {
    return FALSE;
  }
  g_clear_pointer(&reading, store_rollback);
  outcome->computed_at = clock_now(&newsroom->clock);
  g_auto(Change) change = {0};
  return change_begin(&change, newsroom, error) &&
         mailing_result_rows_put(change.transaction, outcome->mailing_id, outcome->computed_at,
                                 &outcome->results, error) &&
         change_commit(&change, FALSE, error);
}
