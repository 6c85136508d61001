// SPDX-License-Identifier: Apache-2.0
//
// One connection to a relay: SMTP (RFC 5321) with PIPELINING (RFC 2920), SIZE (RFC 1870), 8BITMIME
// (RFC 6152), SMTPUTF8 (RFC 6531), ENHANCEDSTATUSCODES (RFC 2034), STARTTLS (RFC 3207) or implicit
// TLS (RFC 8314), AUTH PLAIN/LOGIN/XOAUTH2 (RFC 4954). One recipient a transaction. It pulls
// messages from its owner, and costs one round trip a message where the relay offers PIPELINING:
// the final dot of one message and the envelope of the next leave in one write. A relay that
// stumbles over that (its fault shows between our dot and its answers) is spoken to step by step
// from then on: the owner is told by `stumbled`, and says so in the next session's `step_by_step`.
//
// Runs on an EventLoop; everything here is for that loop's thread. Never retries by itself, never
// decides what an answer means for a reader: that is mail/dispatch.
#pragma once

#include <sys/uio.h>

#include "mail/event_loop.h"

typedef enum SmtpSecurity {
  SMTP_SECURITY_STARTTLS, // required; without it nothing is sent
  SMTP_SECURITY_TLS,      // from the first byte
  SMTP_SECURITY_NONE
} SmtpSecurity;

typedef enum SmtpAuthentication {
  SMTP_AUTHENTICATION_AUTO, // PLAIN, else LOGIN, as offered; none without a user
  SMTP_AUTHENTICATION_PLAIN,
  SMTP_AUTHENTICATION_LOGIN,
  SMTP_AUTHENTICATION_XOAUTH2
} SmtpAuthentication;

// Where to and how. Immutable; outlives the sessions.
typedef struct SmtpRelay {
  const char *name,
      *host; // name: the configuration's; host: a name or an address, [::1] without []
  guint16 port;
  SmtpSecurity security;
  gboolean insecure;       // the certificate is not verified (said loudly by the configuration)
  const char *ca_file;     // NULL: the system's
  const char *client_name; // what EHLO says: a domain name
  SmtpAuthentication authentication;
  const char *user, *password; // NULL or ""; password: the token for XOAUTH2
  guint connect_seconds, reply_seconds, data_seconds, dot_seconds; // 0: 30, 300, 180, 600
  guint messages_per_connection;                                   // 0: no limit
} SmtpRelay;

typedef struct SmtpTls SmtpTls; // the TLS context of one relay: verified names, session resumption
SmtpTls *smtp_tls_new(const SmtpRelay *relay, GError **error); // NULL with error: bad CA file
void smtp_tls_free(SmtpTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpTls, smtp_tls_free)

// A message in the owner's keeping from `next` until `result`. `bytes`: header and body with CRLF
// line ends, dots already doubled, ending in CRLF; the final dot is not in it.
typedef struct SmtpMessage {
  const char *sender;    // envelope, "" for <>
  const char *recipient; // envelope
  gboolean utf8;         // needs SMTPUTF8 (an address or header that is not ASCII)
  gboolean eight_bit;    // body has bytes over 127: needs 8BITMIME
  const struct iovec *bytes;
  guint count;
  gsize size;    // sum of bytes
  gpointer item; // the owner's
} SmtpMessage;

typedef enum SmtpStage {
  SMTP_STAGE_CONNECT,
  SMTP_STAGE_TLS,
  SMTP_STAGE_GREETING,
  SMTP_STAGE_HELLO,
  SMTP_STAGE_AUTHENTICATION,
  SMTP_STAGE_SENDER,    // MAIL FROM
  SMTP_STAGE_RECIPIENT, // RCPT TO
  SMTP_STAGE_DATA,      // DATA and the body's bytes
  SMTP_STAGE_DOT,       // the answer to the final dot
  SMTP_STAGE_IDLE
} SmtpStage;

typedef enum SmtpVerdict {
  SMTP_ACCEPTED,  // 2xx to the final dot
  SMTP_DEFERRED,  // 4xx about this message (not 421)
  SMTP_REFUSED,   // 5xx about this message; also what the relay can't do (SIZE, SMTPUTF8)
  SMTP_NOT_SENT,  // the connection ended before the final dot left: nobody has it
  SMTP_UNCERTAIN, // the final dot may have left, and no answer was seen
} SmtpVerdict;

typedef struct SmtpOutcome {
  SmtpVerdict verdict;
  SmtpStage stage;
  guint code;      // 0: no reply
  char status[16]; // "5.1.1", "" if the reply had none
  const char
      *text; // the reply in one line, control characters replaced, 512 bytes at most; or our reason
} SmtpOutcome;

typedef struct SmtpSession SmtpSession;

// What the owner does. Each is called from the loop, never from within a smtp_session_ call.
typedef struct SmtpOwner {
  // The next message to send on this session; FALSE: none now (smtp_session_nudge when there is).
  // A session that has one in hand and can pipeline asks for the next when the dot is released.
  gboolean (*next)(SmtpSession *session, SmtpMessage *ret_message, gpointer data);
  // All bytes of the message are with the kernel and the relay waits for the final dot: answer, now
  // or later, with smtp_session_release (the dot leaves) or smtp_session_abandon (it never will).
  void (*body_sent)(SmtpSession *session, gpointer item, gpointer data);
  // Exactly once for every message that `next` gave.
  void (*result)(SmtpSession *session, gpointer item, const SmtpOutcome *outcome, gpointer data);
  // The greeting, TLS and log-in are behind us: messages can be sent. `next` is called after it.
  void (*opened)(SmtpSession *session, gpointer data);
  // Exactly once, last: all messages have had their result. The session is freed by the owner
  // with smtp_session_free, here or later. outcome->code/stage/text say why (stage IDLE, code 0:
  // smtp_session_quit or the relay's own end of an idle connection).
  void (*closed)(SmtpSession *session, const SmtpOutcome *outcome, gpointer data);
  void (*stumbled)(SmtpSession *session, gpointer data); // may be NULL
} SmtpOwner;

typedef struct SmtpSessionOptions {
  EventLoop *loop;
  const SmtpRelay *relay;
  SmtpTls *tls; // NULL only with SMTP_SECURITY_NONE
  const SmtpOwner *owner;
  gpointer data;
  gboolean step_by_step; // no envelope along with the final dot
} SmtpSessionOptions;

// Looks the name up on a thread of its own, tries its addresses in turn (RFC 8305's order), and
// goes on. Never fails at once: what goes wrong is told by `closed`.
SmtpSession *smtp_session_open(const SmtpSessionOptions *options);
void smtp_session_nudge(SmtpSession *session); // there may be a message now; costs nothing if busy
void smtp_session_release(SmtpSession *session); // send the final dot
void smtp_session_abandon(SmtpSession *session); // drop the connection instead: result NOT_SENT
void smtp_session_quit(SmtpSession *session);    // after what is in hand; QUIT, two seconds for 221
void smtp_session_drop(SmtpSession *session);    // now; what had its dot is UNCERTAIN
void smtp_session_free(SmtpSession *session);    // only after `closed`
gboolean smtp_session_is_idle(const SmtpSession *session); // open, with nothing in hand
gpointer smtp_session_data(const SmtpSession *session);
