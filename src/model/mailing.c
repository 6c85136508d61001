// SPDX-License-Identifier: Apache-2.0
//
// Implements mailing.h: what is freed with what, the names of states, and the sums.
#include "model/mailing.h"

const char *mailing_state_name(MailingState state) {
  static const char *const NAMES[] = {
      [MAILING_DRAFT] = "draft",    [MAILING_HELD] = "held",
      [MAILING_READY] = "ready",    [MAILING_SENDING] = "sending",
      [MAILING_PAUSED] = "paused",  [MAILING_STOPPED] = "stopped",
      [MAILING_DONE] = "done",      [MAILING_CANCELLED] = "cancelled",
      [MAILING_SKIPPED] = "skipped"};
  return (guint)state < G_N_ELEMENTS(NAMES) ? NAMES[state] : "unknown";
}

const char *delivery_state_name(DeliveryState state) {
  static const char *const NAMES[DELIVERY_STATES] = {
      [DELIVERY_PENDING] = "pending",       [DELIVERY_LEASED] = "leased",
      [DELIVERY_IN_FLIGHT] = "in flight",   [DELIVERY_ACCEPTED] = "accepted",
      [DELIVERY_DEFERRED] = "deferred",     [DELIVERY_FAILED] = "failed",
      [DELIVERY_SUPPRESSED] = "suppressed", [DELIVERY_UNCERTAIN] = "uncertain",
      [DELIVERY_CANCELLED] = "cancelled"};
  return (guint)state < G_N_ELEMENTS(NAMES) ? NAMES[state] : "unknown";
}

Mailing *mailing_new(void) {
  Mailing *mailing = g_new0(Mailing, 1);
  char **texts[] = {&mailing->public_id,    &mailing->occasion,   &mailing->state_reason,
                    &mailing->subject,      &mailing->preheader,  &mailing->introduction,
                    &mailing->requested_by, &mailing->approved_by};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  return mailing;
}

void mailing_free(Mailing *mailing) {
  if (mailing == NULL) {
    return;
  }
  char *texts[] = {mailing->public_id,    mailing->occasion,   mailing->state_reason,
                   mailing->subject,      mailing->preheader,  mailing->introduction,
                   mailing->requested_by, mailing->approved_by};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  g_free(mailing);
}

gint64 mailing_counts_pending(const MailingCounts *counts) {
  return counts->of[DELIVERY_PENDING] + counts->of[DELIVERY_LEASED] +
         counts->of[DELIVERY_IN_FLIGHT];
}

gint64 mailing_counts_sum(const MailingCounts *counts) {
  gint64 sum = 0;
  for (guint state = 0; state < DELIVERY_STATES; state++) {
    sum += counts->of[state];
  }
  return sum;
}

void delivery_free(Delivery *delivery) {
  if (delivery != NULL) {
    g_free(delivery->address);
    g_free(delivery->name);
    g_free(delivery->relay);
    g_free(delivery->status);
    g_free(delivery->reason);
    g_free(delivery);
  }
}
