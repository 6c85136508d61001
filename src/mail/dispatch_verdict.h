// SPDX-License-Identifier: Apache-2.0
//
// What a relay's answer means: for the delivery, for the recipient's domain, for the relay, for the
// mailing. By the enhanced status code (RFC 3463, RFC 5248, RFC 7372) where there is one, else by
// the reply code, the stage and words that the large receivers use. Pure; any thread.
#pragma once

#include "mail/smtp.h"

typedef enum VerdictKind {
  VERDICT_ACCEPTED,
  VERDICT_LATER,     // put off: again with growing pauses, until a set age
  VERDICT_ADDRESS,   // failed, and the address is of no use any more: like a hard bounce
  VERDICT_FAILED,    // failed for another reason; the reader stays
  VERDICT_SENDER,    // about us, not about the recipient: the mailing must be looked at
  VERDICT_NOT_SENT,  // nobody has it
  VERDICT_UNCERTAIN, // somebody may have it
} VerdictKind;

// About the recipient's domain.
typedef enum VerdictNews { VERDICT_NEWS_NONE, VERDICT_NEWS_GOOD, VERDICT_NEWS_SLOW } VerdictNews;

typedef struct Verdict {
  VerdictKind kind;
  VerdictNews domain;
  gboolean relay_strained; // the relay itself asks for patience
  gboolean counts;         // for what we say or who we are: so many in a row stop the mailing
} Verdict;
Verdict verdict_of_outcome(const SmtpOutcome *outcome);

// Microseconds until the next attempt after `attempts`; `chance` from 0 to 1 spreads them.
gint64 verdict_pause(guint attempts, gdouble chance);
