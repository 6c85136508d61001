// SPDX-License-Identifier: Apache-2.0
//
// A mailing's message, built once (press/mime) with slots, and filled in for each
// recipient: header and body are literal pieces and slots in turn. The frozen form is kept in the
// database; the same frozen form and the same recipient give the same bytes for ever, which is what
// makes a retry harmless. Immutable once read; any thread.
#pragma once

#include <sys/uio.h>

#include "base/slice.h"
#include "mail/dkim.h"
#include "press/mime.h"

typedef struct LetterForm LetterForm;
LetterForm *letter_form_read(Slice frozen, GError **error); // untrusted: fuzzed
void letter_form_free(LetterForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterForm, letter_form_free)
gsize letter_form_size(const LetterForm *form); // without slots and signatures
gboolean letter_form_is_eight_bit(const LetterForm *form);

typedef struct LetterRecipient {
  const char *address, *name; // name "" for none: cleaned of controls, 100 characters at most
  const char *message_id, *unsubscribe, *reader, *open, *click, *edition; // tokens; NULL is ""
} LetterRecipient;

// One recipient's message, ready for SMTP: dots doubled, pieces shared with the form (which must
// outlive it). Signed if `signer` is given; `when` is the signature's time (the form's date).
typedef struct Letter {
  const struct iovec *bytes;
  guint count;
  gsize size;
  gboolean utf8; // an address that is not ASCII: needs SMTPUTF8
} Letter;
Letter *letter_fill(const LetterForm *form, const LetterRecipient *recipient,
                    const DkimSigner *signer, GError **error);
void letter_free(Letter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)
// The message as a file holds it (LF or CRLF as `crlf` says, dots not doubled): maildir, tests.
GString *letter_text(const Letter *letter, gboolean crlf);
