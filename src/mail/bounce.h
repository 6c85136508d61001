// SPDX-License-Identifier: Apache-2.0
//
// What came back by mail, read: delivery status notifications (RFC 3464, RFC 6522), complaints
// (ARF, RFC 5965), the plain-text bounces of Exim, qmail (QSBMF), sendmail, Exchange and others,
// wishes to leave (List-Unsubscribe by mailto), and the absence notes and challenges that look like
// all these. Bytes in, verdict out; who it is about is told by tokens that newsroom/returns checks.
// Called by mail/return_box and `broadsheet bounce`. Never refuses: what can't be understood is
// BOUNCE_UNKNOWN. Untrusted bytes: fuzzed. Pure; any thread.
#pragma once

#include "model/returned_mail.h"

#define BOUNCE_BYTES ((gsize)4 << 20) // of a message, from its beginning; the rest is not looked at

// `recipient`: whom the envelope named, with our token in it; NULL if the way doesn't tell. Caller
// frees.
ReturnedMail *bounce_read(Slice message, const char *recipient);
