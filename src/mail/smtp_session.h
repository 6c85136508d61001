// SPDX-License-Identifier: Apache-2.0
//
// The inside of a session, shared by its three parts alone: smtp.c (its life, its events, its end),
// smtp_opening.c (until messages can be sent) and smtp_transaction.c (messages).
//
// How they work together: everything happens in smtp_session_work, called from the loop when the
// socket is ready or the `kick` timer fires. It reads replies and hands each to the part that the
// phase belongs to, which changes the state and appends commands; then it flushes, and goes on
// until nothing moves. smtp_session_end only marks and closes: results and `closed` are told from
// the next kick, so that an owner may call anything from anywhere.
#pragma once

#include "mail/smtp.h"
#include "mail/smtp_channel.h"
#include "mail/smtp_connect.h"
#include "mail/smtp_hello.h"
#include "mail/smtp_reply.h"

typedef enum SmtpPhase {
  SMTP_PHASE_CONNECT,
  SMTP_PHASE_TLS,     // shaking hands
  SMTP_PHASE_OPENING, // greeting, EHLO, STARTTLS, AUTH
  SMTP_PHASE_READY    // messages, and the end
} SmtpPhase;

// The answers that are due, in their order.
typedef enum SmtpDue {
  SMTP_DUE_GREETING,
  SMTP_DUE_EHLO,
  SMTP_DUE_HELO,
  SMTP_DUE_STARTTLS,
  SMTP_DUE_LOGIN,
  SMTP_DUE_RESET,
  SMTP_DUE_SENDER,
  SMTP_DUE_RECIPIENT,
  SMTP_DUE_DATA,
  SMTP_DUE_DOT,
  SMTP_DUE_EMPTY_DOT, // of a transaction without recipients: nothing is delivered by it
  SMTP_DUE_NOOP,      // keeps an idle connection warm
  SMTP_DUE_QUIT
} SmtpDue;
#define SMTP_DUE_MAXIMUM 8 // RESET, or a dot, and an envelope of three; a power of two

typedef enum SmtpLetterState {
  SMTP_LETTER_NONE,
  SMTP_LETTER_ENVELOPE, // commands sent, answers due
  SMTP_LETTER_BODY,     // its bytes are being written
  SMTP_LETTER_HELD,     // the owner has been told; the dot waits for release
  SMTP_LETTER_DOT       // the answer to the dot is due
} SmtpLetterState;

typedef struct SmtpLetter {
  SmtpMessage message;
  SmtpLetterState state;
  guint64 sent_before;      // what the kernel had taken before the dot was appended
  gboolean sender_taken,    // MAIL was answered with 2xx
      recipient_taken;      // RCPT was
  gboolean early, answered; // envelope sent along with a dot; first of its answers seen
  gboolean refused;         // `refusal` is set
  SmtpOutcome refusal;
  char refusal_text[SMTP_TEXT_MAXIMUM + 1];
} SmtpLetter;

struct SmtpSession {
  EventLoop *loop;
  const SmtpRelay *relay;
  SmtpTls *tls;
  const SmtpOwner *owner;
  gpointer data;
  gboolean step_by_step;

  SmtpPhase phase;
  SmtpConnect *connect;
  SmtpChannel channel;
  EventWatch *watch;
  EventTimer *deadline, *kick;
  gint64 deadline_at, // 0: none
      deadline_armed; // when the timer fires, at the latest `deadline_at`
  SmtpReplyReader reader;
  SmtpDue due[SMTP_DUE_MAXIMUM];
  guint due_first, due_count;

  SmtpCapabilities can;
  SmtpLoginWay login;
  guint login_step;

  SmtpLetter letters[2];
  SmtpLetter *writing, *answering; // NULL: none
  gint64 body_limit;               // when the body must be written whatever the progress
  guint64 body_sent;               // smtp_channel_sent at the last progress
  guint messages;                  // taken on this connection
  gboolean released, quitting;
  gboolean nudged;       // the owner may have a message
  gboolean must_reset;   // a transaction was left open: RSET before the next
  gboolean early_proven; // the relay has answered an envelope sent along with a dot
  gboolean draining;     // writing has failed: read what was said before, and end

  gboolean ended;   // closed; the results and `closed` are yet to be told
  gboolean by_loss; // ended by the network or by silence, not by a reply or by us
  gboolean told;    // `closed` has been told
  SmtpOutcome end;
  char end_text[SMTP_TEXT_MAXIMUM + 1];
};

// smtp.c
void smtp_session_expect(SmtpSession *session, SmtpDue due);
gint64 smtp_session_seconds(guint configured, guint otherwise);
void smtp_session_set_deadline(SmtpSession *session, gint64 seconds); // 0: none
void smtp_session_kick(SmtpSession *session);                         // work soon, from the loop
// Ends the connection; only the first call counts. With `reply` NULL, `reason` is ours.
void smtp_session_end(SmtpSession *session, SmtpStage stage, const SmtpReply *reply,
                      const char *reason);
void smtp_session_end_quietly(SmtpSession *session, const char *reason); // stage IDLE, code 0
void smtp_session_fill_outcome(SmtpOutcome *outcome, const SmtpReply *reply,
                               char text[SMTP_TEXT_MAXIMUM + 1]);

// smtp_opening.c
void smtp_opening_connected(SmtpSession *session);
void smtp_opening_shake_hands(SmtpSession *session);
void smtp_opening_reply(SmtpSession *session, SmtpDue due, const SmtpReply *reply);

// smtp_transaction.c
gboolean smtp_transaction_is_idle(const SmtpSession *session); // nothing in hand, nothing due
void smtp_transaction_begin(SmtpSession *session);             // idle: the next message, or QUIT
void smtp_transaction_send_dot(SmtpSession *session);          // released
void smtp_transaction_flushed(SmtpSession *session);           // after each flush
void smtp_transaction_reply(SmtpSession *session, SmtpDue due, const SmtpReply *reply);
void smtp_transaction_unasked(SmtpSession *session, const SmtpReply *reply); // none was due
void smtp_transaction_leaving(SmtpSession *session, const SmtpReply *reply); // 421
void smtp_transaction_finish(SmtpSession *session); // results of what is in hand, at the end
