// SPDX-License-Identifier: Apache-2.0
//
// A mailing's message, built once (mail/mime, by GMime) with slots, and filled in for each
// recipient: header and body are literal pieces and slots in turn. The frozen form is kept in the
// database; the same frozen form and the same recipient give the same bytes for ever, which is what
// makes a retry harmless. Immutable once read; any thread.
#pragma once

#include <sys/uio.h>

#include "base/slice.h"
#include "mail/dkim.h"

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

typedef struct LetterForm LetterForm;
LetterForm *letter_form_read(Slice frozen, GError **error); // untrusted: fuzzed
void letter_form_free(LetterForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterForm, letter_form_free)
gsize letter_form_size(const LetterForm *form); // without slots and signatures
gboolean letter_form_is_eight_bit(const LetterForm *form);

typedef struct LetterRecipient {
  const char *address, *name; // name "" for none: cleaned of controls, 100 characters at most
  const char *message_id, *unsubscribe, *reader, *open, *click; // tokens; NULL is ""
} LetterRecipient;

// One recipient's message, ready for SMTP: dots doubled, pieces shared with the form (which must
// outlive it). Signed if `signer` is given; `when` is the signature's time (the form's date).
typedef struct Letter {
  const struct iovec *bytes;
  guint count;
  gsize size;
} Letter;
Letter *letter_fill(const LetterForm *form, const LetterRecipient *recipient,
                    const DkimSigner *signer, GError **error);
void letter_free(Letter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)
// The message as a file holds it (LF or CRLF as `crlf` says, dots not doubled): maildir, tests.
GString *letter_text(const Letter *letter, gboolean crlf);
