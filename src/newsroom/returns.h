// SPDX-License-Identifier: Apache-2.0
//
// The use case of what comes back: a report (model/returned_mail) is believed as far as a token in
// it is one of ours, and becomes states, in one transaction, once however often it comes. Hard
// bounce: the reader is suppressed; soft: after a number and a time; complaint: unsubscribed and
// suppressed at once; a wish to leave is granted. See newsroom.h.
#pragma once

#include "model/returned_mail.h"
#include "newsroom/newsroom.h"

// When passing failures become one for good: so many in a row (a letter that got through begins
// anew), the first of them so long ago.
typedef struct ReturnLimits {
  guint soft_bounces; // 0: 5
  guint soft_days;    // 0: 10
} ReturnLimits;

typedef enum ReturnResult {
  RETURN_COUNTED,  // the reader's state was changed, or would have been were it not so already
  RETURN_REPEATED, // that report, or one of the same kind about the same letter, was counted before
  RETURN_AUTOMATIC, // an absence note or the like: nothing follows
  RETURN_UNKNOWN, // about a letter of ours, but it can't be told what it says: kept to be looked at
  RETURN_STRANGER // nothing in it is of ours: nobody's state was touched
} ReturnResult;

typedef struct ReturnOutcome {
  ReturnResult result;
  gint64 mailing_id, subscriber_id; // 0: none
  BounceKind kind;
  gboolean suppressed, left; // by this report
} ReturnOutcome;

// `way`: "command", "maildir", "imap", "webhook ses" …; kept with the bounce.
gboolean returns_take(Newsroom *newsroom, const ReturnedMail *mail, const char *way,
                      const ReturnLimits *limits, ReturnOutcome *ret_outcome, GError **error);
const char *return_result_name(ReturnResult result); // "counted" …

// For mail/dispatch, in a transaction of its own: one letter that was given up after temporary
// failures, or refused for what may pass. (Refused for good: newsroom/suppressions.)
gboolean returns_count_soft(StoreTransaction *transaction, const char *mail_key, gint64 mailing_id,
                            gint64 subscriber_id, const ReturnLimits *limits, const char *note,
                            gint64 now, gboolean *ret_suppressed, GError **error);
