// SPDX-License-Identifier: Apache-2.0
//
// One newsletter sent once, and a delivery for each recipient. Pure structs.
//
// A mailing: DRAFT -> (HELD -> approved) -> READY -> SENDING <-> PAUSED -> DONE; from anywhere
// before DONE: CANCELLED. SKIPPED: there was nothing new. STOPPED: an error that a person must
// look at (preflight, too late); resume goes on.
#pragma once

#include <glib.h>

#include "model/newsletter.h"

typedef enum MailingState {
  MAILING_DRAFT = 0,
  MAILING_HELD = 1,  // waits for approval
  MAILING_READY = 2, // waits for its hour; content and recipients are not fixed yet
  MAILING_SENDING = 3,
  MAILING_PAUSED = 4,
  MAILING_STOPPED = 5,
  MAILING_DONE = 6,
  MAILING_CANCELLED = 7,
  MAILING_SKIPPED = 8
} MailingState;
const char *mailing_state_name(MailingState state);

typedef enum MailingLane { LANE_NORMAL = 0, LANE_ALERT = 1 } MailingLane;

// A delivery: PENDING -> LEASED (a dispatcher has it) -> IN_FLIGHT (durable before the final dot)
// -> ACCEPTED, DEFERRED (PENDING with a reason and a later due_at), FAILED or UNCERTAIN.
// SUPPRESSED: the reader had left, or was on the list, when it was claimed. CANCELLED: the mailing
// was.
typedef enum DeliveryState {
  DELIVERY_PENDING = 0,
  DELIVERY_LEASED = 1,
  DELIVERY_IN_FLIGHT = 2,
  DELIVERY_ACCEPTED = 3,
  DELIVERY_DEFERRED = 4,
  DELIVERY_FAILED = 5,
  DELIVERY_SUPPRESSED = 6,
  DELIVERY_UNCERTAIN = 7,
  DELIVERY_CANCELLED = 8
} DeliveryState;
#define DELIVERY_STATES 9
const char *delivery_state_name(DeliveryState state);

typedef struct Mailing {
  gint64 id;
  char *public_id;
  gint64 newsletter_id;
  char *occasion;
  MailingState state;
  char *state_reason;
  MailingLane lane;
  UncertainPolicy uncertain;
  char *subject, *preheader, *introduction;
  gint64 segment_id; // 0: all of the newsletter
  char *requested_by, *approved_by;
  gint64 created_at, due_at, latest_at, frozen_at, finished_at;
  gint64 frozen_through; // subscriber id up to which deliveries are made; -1: all are
  gint64 planned;        // deliveries made
  gint32 audience;       // 0: all readers of the newsletter; else those of the AttachmentChoice + 1
} Mailing;
Mailing *mailing_new(void);
void mailing_free(Mailing *mailing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailing, mailing_free)

// planned = accepted + deferred + failed + suppressed + pending + uncertain + cancelled, always.
// PENDING here counts what is leased or in flight in a living process as well.
typedef struct MailingCounts {
  gint64 planned;
  gint64 of[DELIVERY_STATES];
} MailingCounts;
gint64 mailing_counts_pending(const MailingCounts *counts);
gint64 mailing_counts_sum(const MailingCounts *counts);

typedef struct Delivery {
  gint64 mailing_id, subscriber_id;
  DeliveryState state;
  gint64 due_at, changed_at;
  guint attempts;
  char *address, *name, *relay, *status, *reason;
  guint code;
} Delivery;
void delivery_free(Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Delivery, delivery_free)
