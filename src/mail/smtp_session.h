// SPDX-License-Identifier: Apache-2.0
//
// Inside of an SmtpSession, for smtp.c (its life and its messages) and smtp_greeting.c (everything
// before the first message).
#pragma once

#include "mail/smtp.h"
#include "mail/smtp_channel.h"
#include "mail/smtp_connect.h"
#include "mail/smtp_reply.h"

#define EXPECTED_MOST 16

// Replies that are still to come, in their order.
typedef enum SmtpExpect {
  EXPECT_GREETING,
  EXPECT_EHLO,
  EXPECT_HELO,
  EXPECT_STARTTLS,
  EXPECT_AUTH, // the last step: 235
  EXPECT_AUTH_USER,
  EXPECT_AUTH_PASSWORD,
  EXPECT_MAIL,
  EXPECT_RCPT,
  EXPECT_DATA,
  EXPECT_DOT,
  EXPECT_NOTHING_DOT, // of a message that has no recipient: ends a DATA that we did not want
  EXPECT_RSET,
  EXPECT_NOOP,
  EXPECT_QUIT
} SmtpExpect;

typedef enum SmtpPhase {
  PHASE_CONNECTING,
  PHASE_HANDSHAKE,
  PHASE_GREETING, // up to the log-in
  PHASE_OPEN,
  PHASE_QUITTING,
  PHASE_CLOSED
} SmtpPhase;

typedef struct SmtpTransaction {
  gboolean used, piggyback; // piggyback: its envelope left with a dot
  gboolean body_begun, body_done, told, released, dot_queued;
  guint64 dot_from; // bytes sent when the dot was queued
  SmtpMessage message;
  gboolean failed; // the outcome is known already
  SmtpVerdict verdict;
  SmtpStage stage;
  guint code;
  char status[16];
  char text[SMTP_TEXT_MAXIMUM + 1];
} SmtpTransaction;

struct SmtpSession {
  SmtpSessionOptions options;
  SmtpPhase phase;
  SmtpConnect *connect;
  SmtpChannel channel;
  EventWatch *watch;
  EventTimer *deadline, *soon;
  SmtpReplyReader reader;
  SmtpExpect expected[EXPECTED_MOST];
  guint expected_count;
  gboolean pipelining, eight_bit, utf8, starttls, encrypted_hello, old_style;
  gboolean auth_plain, auth_login, auth_xoauth2;
  gsize size_limit; // 0: none told
  SmtpTransaction current, following;
  gboolean needs_reset, nudged, quit_wanted, dropped, abandoned, announced;
  guint messages;
  gint64 body_until; // absolute end of a body's time
  // why it ends
  SmtpStage end_stage;
  guint end_code;
  char end_status[16];
  char end_text[SMTP_TEXT_MAXIMUM + 1];
};

// ---- smtp.c, for smtp_greeting.c ----------------------------------------------------------------
void smtp_expect(SmtpSession *session, SmtpExpect what);
void smtp_say(SmtpSession *session, const char *format, ...)
    G_GNUC_PRINTF(2, 3); // a line; CRLF is added
// Ends the session: what is in hand gets its result later on, `closed` is called last.
void smtp_end(SmtpSession *session, SmtpStage stage, guint code, const char *status,
              const char *text);
void smtp_end_by_reply(SmtpSession *session, SmtpStage stage);
void smtp_set_deadline(SmtpSession *session, guint seconds);
void smtp_opened(SmtpSession *session); // the log-in is behind us

// ---- smtp_greeting.c ----------------------------------------------------------------------------
void smtp_greeting_begin(SmtpSession *session); // connected, or TLS from the first byte is up
void smtp_greeting_reply(SmtpSession *session, SmtpExpect what);
void smtp_greeting_secured(SmtpSession *session); // the handshake after STARTTLS is done
