// SPDX-License-Identifier: Apache-2.0
//
// What came back about a letter, as its bytes say it: a bounce, a complaint, a wish to leave, or
// something that only looks like one. Made from untrusted bytes by mail/bounce and
// web/api_webhooks; newsroom/returns believes it only as far as a token in it is one of ours. Also
// the rule that tells a refusal for good from a passing one. Pure; any thread.
#pragma once

#include "base/slice.h"
#include "model/subscriber.h"

#define RETURNED_REASON_BYTES 500
#define RETURNED_TOKENS 32 // looked at in one report, at most

typedef enum ReturnedTokenKind {
  RETURNED_TOKEN_ENVELOPE,   // of the envelope's sender (VERP): newsroom/reader_links
  RETURNED_TOKEN_MESSAGE_ID, // left of the '@' in Message-ID
  RETURNED_TOKEN_UNSUBSCRIBE // "unsubscribe-TOKEN" in a subject
} ReturnedTokenKind;

typedef struct ReturnedToken {
  ReturnedTokenKind kind;
  char *text;
} ReturnedToken;

typedef struct ReturnedMail {
  BounceKind kind;
  char *digest;      // 64 hex digits: the same report, whichever way it comes
  char *status;      // "5.1.1", "" if it names none
  char *reason;      // one line for people: valid UTF-8, no controls, RETURNED_REASON_BYTES at most
  char *address;     // of the recipient that it is about, as written; "" if it names none
  GPtrArray *tokens; // ReturnedToken *, the most trustworthy first; none is checked yet
  // The way proves who says it (a webhook's signature): where no token is, the address counts.
  gboolean vouched;
} ReturnedMail;
ReturnedMail *returned_mail_new(void);
void returned_mail_free(ReturnedMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReturnedMail, returned_mail_free)
// Up to RETURNED_TOKENS, each once.
void returned_mail_add_token(ReturnedMail *mail, ReturnedTokenKind kind, Slice text);
// What may be one of ours before each '@' of the text: in an address (VERP, also as gateways
// rewrite it), and with `message_ids` as the left part of a Message-ID.
void returned_mail_add_addresses(ReturnedMail *mail, Slice text, gboolean message_ids);
// One line of it, cleaned, into `reason`.
void returned_mail_set_reason(ReturnedMail *mail, Slice text);

// What a refusal means: BOUNCE_HARD when there is no such mailbox or domain, or it was closed;
// BOUNCE_SOFT for everything that may pass or is about us and not about them (full, too large,
// blocked, policy, our own address, 4xx). `code`: the SMTP reply's, 0 if not known; `status`:
// enhanced (RFC 3463), "" or NULL if not known; `text`: what the server said, in any language. In
// doubt it is soft.
BounceKind returned_mail_classify(guint code, const char *status, Slice text);
