// SPDX-License-Identifier: Apache-2.0
//
// A message that came back, taken apart. For mail/bounce_*.c only.
#pragma once

#include "base/mail_reader.h"
#include "model/returned_mail.h"

#define BOUNCE_TEXT_BYTES 65536 // of its words that are read

typedef struct BounceParts {
  Slice message;
  Slice header;         // borrowed from the message
  GString *status;      // message/delivery-status, decoded; NULL if there is none
  GString *feedback;    // message/feedback-report
  GString *original;    // of our letter: its header, and maybe more
  GString *text;        // what it says to people; never NULL
  gboolean disposition; // an answer to a request for a receipt (RFC 8098)
  guint count;          // parts seen
} BounceParts;
void bounce_parts_read(BounceParts *parts, Slice message);
void bounce_parts_clear(BounceParts *parts);

// bounce_report.c: what machines wrote for machines. FALSE: there is no such part.
gboolean bounce_report_read(const BounceParts *parts, ReturnedMail *mail);
// bounce_text.c: what machines wrote for people. FALSE: it is no bounce.
gboolean bounce_text_read(const BounceParts *parts, ReturnedMail *mail);
gboolean bounce_text_is_automatic(const BounceParts *parts); // an absence note, a challenge
// Reply code and enhanced code out of what a server said: "550 5.1.1 no such user". 0 and "" if
// there are none.
void bounce_text_codes(Slice text, guint *ret_code, char ret_status[16]);
// bounce_tokens.c: everything that may be a token of ours, the most trustworthy first.
void bounce_tokens_find(const BounceParts *parts, const char *recipient, ReturnedMail *mail);
