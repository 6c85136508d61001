// SPDX-License-Identifier: Apache-2.0
//
// A mail message built once (MIME: RFC 2045 to 2047, RFC 5322) by GMime, with slots where
// recipients differ. It stands here and not at the mail door because the newsroom freezes mailings
// and notices with it; mail/letter fills the slots. press/mime.c is the only file that knows GMime.
// Pure: same input, same bytes; any thread.
#pragma once

#include "base/slice.h"

#define LETTER_ERROR letter_error_quark()
GQuark letter_error_quark(void);
typedef enum LetterError {
  LETTER_ERROR_FORM,
  LETTER_ERROR_TOO_LONG,
  LETTER_ERROR_HEADER
} LetterError;

// What differs from one recipient to the next. In templates (Mustache) they stand as
// LETTER_SLOT_TEXT[slot], which mime_build finds in the finished parts.
typedef enum LetterSlot {
  LETTER_SLOT_TO,          // header: the address, with the name in RFC 2047 form if there is one
  LETTER_SLOT_MESSAGE_ID,  // header: left of the '@'
  LETTER_SLOT_UNSUBSCRIBE, // token: leaves this newsletter (URL-safe, no '=')
  LETTER_SLOT_READER,      // token: the reader's own page
  LETTER_SLOT_GREETING,    // " Anna" or "", escaped for the part it stands in
  LETTER_SLOT_OPEN,        // token of the open picture; only where tracking is on and agreed to
  LETTER_SLOT_CLICK,       // token that goes with click links; likewise
  LETTER_SLOT_EDITION,     // token: the first look at the edition that the mailing is about
  LETTER_SLOT_COUNT
} LetterSlot;
// Fixed words of ASCII letters and digits (128 bits once drawn by lot), which no text holds by
// chance; in text that people wrote they are taken out before.
extern const char *const LETTER_SLOT_TEXT[LETTER_SLOT_COUNT];

// A message that is the same for all recipients, in parts. Borrowed for the call.
typedef struct LetterSource {
  const char *sender_name, *sender_address; // From
  const char *reply_to;                     // "" none
  const char *subject;
  gint64 date;                          // frozen
  const char *message_domain;           // right of the '@' in Message-ID
  const char *language;                 // Content-Language
  const char *list_id;                  // "Daily <daily.example.org>"
  const char *list_unsubscribe_url;     // https, ends before the token
  const char *list_unsubscribe_address; // mailto, token as subject; "" none
  const char *list_help, *list_archive; // URLs; "" none
  const char *feedback_id;              // "" none
  const char *const
      *extra; // further header fields, name and value in turn, NULL-terminated; or NULL
  const char *text, *html;   // UTF-8, LF line ends, with LETTER_SLOT_TEXT in them; html "" for none
  const char *boundary_seed; // boundaries come from it: frozen with the mailing
  const char *attachment_name, *attachment_type; // NULL for none
  GBytes *attachment;
  gboolean transactional; // no List-* and no Precedence: a confirmation, a password
} LetterSource;

// The frozen form (a text of its own, versioned, UTF-8, without NUL); caller frees. Lines are CRLF,
// header lines folded at 78 and never over 998; 7bit where everything is ASCII and short, else
// quoted-printable (RFC 6376 5.3: what a relay might convert breaks the signature). Control
// characters in any header value are refused (LETTER_ERROR_HEADER names the field).
char *mime_build(const LetterSource *source, GError **error);
