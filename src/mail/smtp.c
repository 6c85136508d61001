// SPDX-License-Identifier: Apache-2.0
//
// Implements the life of a session and of its messages (smtp.h). Replies are taken in the order of
// what was asked; at most two messages are in hand: one whose dot is waited for, and one whose
// envelope left with that dot. Owners are called from `work` and from the socket's events only.
#include "mail/smtp.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/epoll.h>

#include "mail/smtp_session.h"

#define READ_BYTES 16384
#define IDLE_SECONDS 60 // then a NOOP keeps the connection warm
#define QUIT_SECONDS 2
#define BODY_TIMES 5 // a body may take so many times what it may take without progress

static guint or_default(guint seconds, guint otherwise) {
  return seconds != 0 ? seconds : otherwise;
}

void smtp_set_deadline(SmtpSession *session, guint seconds) {
  event_timer_set(session->deadline,
                  event_loop_now(session->options.loop) + (gint64)seconds * G_USEC_PER_SEC);
}

static void wake(SmtpSession *session) {
  event_timer_set(session->soon, event_loop_now(session->options.loop));
}

void smtp_expect(SmtpSession *session, SmtpExpect what) {
  g_assert(session->expected_count < EXPECTED_MOST);
  session->expected[session->expected_count++] = what;
}

void smtp_say(SmtpSession *session, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_string_append_vprintf(smtp_channel_out(&session->channel), format, arguments);
  va_end(arguments);
  g_string_append(smtp_channel_out(&session->channel), "\r\n");
}

// ---- the end ----------------------------------------------------------------------------------

void smtp_end(SmtpSession *session, SmtpStage stage, guint code, const char *status,
              const char *text) {
  if (session->phase == PHASE_CLOSED) {
    return;
  }
  session->phase = PHASE_CLOSED;
  session->end_stage = stage;
  session->end_code = code;
  g_strlcpy(session->end_status, status, sizeof session->end_status);
  smtp_text_line(slice_of(text), session->end_text);
  wake(session);
}

void smtp_end_by_reply(SmtpSession *session, SmtpStage stage) {
  const SmtpReply *reply = &session->reader.reply;
  smtp_end(session, stage, reply->code, reply->status, reply->text->str);
}

static gboolean dot_left(const SmtpSession *session, const SmtpTransaction *transaction) {
  return transaction->dot_queued && smtp_channel_sent(&session->channel) > transaction->dot_from;
}

static void tell_result(SmtpSession *session, SmtpTransaction *transaction,
                        const SmtpOutcome *outcome) {
  gpointer item = transaction->message.item;
  transaction->used = FALSE;
  session->options.owner->result(session, item, outcome, session->options.data);
}

static void end_transaction(SmtpSession *session, SmtpTransaction *transaction, gboolean left) {
  if (!transaction->used) {
    return;
  }
  SmtpOutcome outcome = {.verdict = left ? SMTP_UNCERTAIN : SMTP_NOT_SENT,
                         .stage = left ? SMTP_STAGE_DOT : session->end_stage,
                         .code = session->end_code,
                         .text = session->end_text};
  if (transaction->failed) { // its answer came before the end
    outcome = (SmtpOutcome){.verdict = transaction->verdict,
                            .stage = transaction->stage,
                            .code = transaction->code,
                            .text = transaction->text};
    g_strlcpy(outcome.status, transaction->status, sizeof outcome.status);
  }
  tell_result(session, transaction, &outcome);
}

static void finish(SmtpSession *session) {
  gboolean left = session->current.used && dot_left(session, &session->current);
  gboolean stumbled =
      session->following.used && !left && !session->dropped && session->following.piggyback;
  event_watch_free(session->watch);
  session->watch = NULL;
  event_timer_set(session->deadline, 0);
  smtp_connect_free(session->connect);
  session->connect = NULL;
  smtp_channel_close(&session->channel);
  if (stumbled && session->options.owner->stumbled != NULL) {
    session->options.owner->stumbled(session, session->options.data);
  }
  end_transaction(session, &session->current, left);
  end_transaction(session, &session->following, FALSE);
  session->announced = TRUE;
  SmtpOutcome outcome = {.verdict = SMTP_NOT_SENT,
                         .stage = session->end_stage,
                         .code = session->end_code,
                         .text = session->end_text};
  g_strlcpy(outcome.status, session->end_status, sizeof outcome.status);
  session->options.owner->closed(session, &outcome, session->options.data);
}

// ---- messages ---------------------------------------------------------------------------------

static gboolean is_safe_address(const char *address) {
  for (; *address != '\0'; address++) {
    if ((guchar)*address <= 0x20 || *address == 0x7F || *address == '<' || *address == '>') {
      return FALSE;
    }
  }
  return TRUE;
}

// What the relay is known to be unable to take; NULL if it may try.
static const char *impossible(const SmtpSession *session, const SmtpMessage *message,
                              const char **ret_status) {
  if (!is_safe_address(message->sender) || !is_safe_address(message->recipient) ||
      *message->recipient == '\0') {
    *ret_status = "5.1.3";
    return "the address can't stand in an envelope";
  }
  if (session->size_limit != 0 && message->size > session->size_limit) {
    *ret_status = "5.3.4";
    return "the message is larger than the relay takes";
  }
  if (message->utf8 && !session->utf8) {
    *ret_status = "5.6.7";
    return "the address is not ASCII, and the relay does not offer SMTPUTF8";
  }
  return NULL;
}

static void say_envelope(SmtpSession *session, SmtpTransaction *transaction) {
  const SmtpMessage *message = &transaction->message;
  GString *out = smtp_channel_out(&session->channel);
  if (session->needs_reset) {
    smtp_say(session, "RSET");
    smtp_expect(session, EXPECT_RSET);
    session->needs_reset = FALSE;
  }
  g_string_append_printf(out, "MAIL FROM:<%s>", message->sender);
  if (session->size_limit != 0) {
    g_string_append_printf(out, " SIZE=%" G_GSIZE_FORMAT, message->size);
  }
  if (message->eight_bit && session->eight_bit) {
    g_string_append(out, " BODY=8BITMIME");
  }
  g_string_append(out, message->utf8 ? " SMTPUTF8\r\n" : "\r\n");
  smtp_expect(session, EXPECT_MAIL);
  if (session->pipelining) {
    smtp_say(session, "RCPT TO:<%s>", message->recipient);
    smtp_say(session, "DATA");
    smtp_expect(session, EXPECT_RCPT);
    smtp_expect(session, EXPECT_DATA);
  }
}

// Asks the owner for a message that this relay can take. Others get their result at once.
static gboolean take_message(SmtpSession *session, SmtpTransaction *transaction) {
  const SmtpRelay *relay = session->options.relay;
  while (
      session->phase == PHASE_OPEN && !session->quit_wanted &&
      (relay->messages_per_connection == 0 || session->messages < relay->messages_per_connection)) {
    SmtpMessage message;
    const char *status = "";
    if (!session->options.owner->next(session, &message, session->options.data)) {
      return FALSE;
    }
    *transaction = (SmtpTransaction){.used = TRUE, .message = message};
    const char *fault = impossible(session, &message, &status);
    if (fault == NULL) {
      session->messages++;
      return TRUE;
    }
    SmtpOutcome outcome = {.verdict = SMTP_REFUSED, .stage = SMTP_STAGE_SENDER, .text = fault};
    g_strlcpy(outcome.status, status, sizeof outcome.status);
    tell_result(session, transaction, &outcome);
  }
  return FALSE;
}

static void say_quit(SmtpSession *session) {
  session->phase = PHASE_QUITTING;
  smtp_say(session, "QUIT");
  smtp_expect(session, EXPECT_QUIT);
  smtp_set_deadline(session, QUIT_SECONDS);
}

static gboolean is_worn_out(const SmtpSession *session) {
  guint most = session->options.relay->messages_per_connection;
  return most != 0 && session->messages >= most;
}

static void begin_next(SmtpSession *session) {
  if (session->phase != PHASE_OPEN || session->current.used) {
    return;
  }
  if (take_message(session, &session->current)) {
    say_envelope(session, &session->current);
    smtp_set_deadline(session, or_default(session->options.relay->reply_seconds, 300));
  } else if (session->phase == PHASE_OPEN && session->expected_count == 0) {
    if (session->quit_wanted || is_worn_out(session)) {
      say_quit(session);
    } else {
      smtp_set_deadline(session, IDLE_SECONDS);
    }
  }
}

static void release_dot(SmtpSession *session) {
  SmtpTransaction *current = &session->current;
  current->dot_queued = TRUE;
  current->dot_from = smtp_channel_sent(&session->channel);
  g_string_append(smtp_channel_out(&session->channel), ".\r\n");
  smtp_expect(session, EXPECT_DOT);
  if (session->pipelining && !session->options.step_by_step &&
      take_message(session, &session->following)) {
    session->following.piggyback = TRUE;
    say_envelope(session, &session->following);
  }
  smtp_set_deadline(session, or_default(session->options.relay->dot_seconds, 600));
}

static void begin_body(SmtpSession *session) {
  guint seconds = or_default(session->options.relay->data_seconds, 180);
  session->current.body_begun = TRUE;
  smtp_channel_set_body(&session->channel, session->current.message.bytes,
                        session->current.message.count);
  smtp_set_deadline(session, seconds);
  session->body_until =
      event_loop_now(session->options.loop) + (gint64)seconds * BODY_TIMES * G_USEC_PER_SEC;
}

static void note_failure(SmtpSession *session, SmtpStage stage) {
  SmtpTransaction *current = &session->current;
  const SmtpReply *reply = &session->reader.reply;
  if (current->failed) {
    return; // the first reason is the reason
  }
  current->failed = TRUE;
  current->stage = stage;
  current->code = reply->code;
  current->verdict = reply->code / 100 == 4 ? SMTP_DEFERRED : SMTP_REFUSED;
  g_strlcpy(current->status, reply->status, sizeof current->status);
  smtp_text_line((Slice){reply->text->str, reply->text->len}, current->text);
}

// The current message is answered for; the one whose envelope is under way takes its place.
static void settle(SmtpSession *session, const SmtpOutcome *outcome) {
  SmtpTransaction done = session->current;
  session->current = session->following;
  session->following.used = FALSE;
  smtp_set_deadline(session, or_default(session->options.relay->reply_seconds, 300));
  tell_result(session, &done, outcome);
  begin_next(session);
}

static void settle_failure(SmtpSession *session, gboolean reset) {
  SmtpTransaction *current = &session->current;
  SmtpTransaction kept = *current;
  SmtpOutcome outcome = {
      .verdict = kept.verdict, .stage = kept.stage, .code = kept.code, .text = kept.text};
  g_strlcpy(outcome.status, kept.status, sizeof outcome.status);
  session->needs_reset = reset;
  settle(session, &outcome);
}

static void settle_dot(SmtpSession *session) {
  const SmtpReply *reply = &session->reader.reply;
  char text[SMTP_TEXT_MAXIMUM + 1];
  smtp_text_line((Slice){reply->text->str, reply->text->len}, text);
  SmtpOutcome outcome = {.verdict = reply->code / 100 == 2   ? SMTP_ACCEPTED
                                    : reply->code / 100 == 4 ? SMTP_DEFERRED
                                                             : SMTP_REFUSED,
                         .stage = SMTP_STAGE_DOT,
                         .code = reply->code,
                         .text = text};
  g_strlcpy(outcome.status, reply->status, sizeof outcome.status);
  settle(session, &outcome);
}

static void broken_order(SmtpSession *session, SmtpStage stage) {
  smtp_end(session, stage, session->reader.reply.code, "",
           "the relay's answer makes no sense at this point of the dialogue");
}

// 500, 502, 503 to an envelope that came along with a dot: the relay can't stand that.
static gboolean stumbles(SmtpSession *session) {
  guint code = session->reader.reply.code;
  if (!session->current.piggyback || (code != 500 && code != 502 && code != 503)) {
    return FALSE;
  }
  if (session->options.owner->stumbled != NULL) {
    session->options.owner->stumbled(session, session->options.data);
  }
  session->current.piggyback = FALSE;
  smtp_end_by_reply(session, SMTP_STAGE_SENDER);
  return TRUE;
}

static void mail_answered(SmtpSession *session) {
  guint class = session->reader.reply.code / 100;
  if (class == 2) {
    if (!session->pipelining) {
      smtp_say(session, "RCPT TO:<%s>", session->current.message.recipient);
      smtp_expect(session, EXPECT_RCPT);
    }
  } else if (class == 3) {
    broken_order(session, SMTP_STAGE_SENDER);
  } else if (!stumbles(session)) {
    note_failure(session, SMTP_STAGE_SENDER);
    if (!session->pipelining) {
      settle_failure(session, FALSE);
    }
  }
}

static void rcpt_answered(SmtpSession *session) {
  guint class = session->reader.reply.code / 100;
  if (class == 2) {
    if (!session->pipelining) {
      smtp_say(session, "DATA");
      smtp_expect(session, EXPECT_DATA);
    }
  } else if (class == 3) {
    broken_order(session, SMTP_STAGE_RECIPIENT);
  } else {
    note_failure(session, SMTP_STAGE_RECIPIENT);
    if (!session->pipelining) {
      settle_failure(session, TRUE);
    }
  }
}

static void data_answered(SmtpSession *session) {
  guint code = session->reader.reply.code;
  if (code == 354 && !session->current.failed) {
    begin_body(session);
  } else if (code == 354) {
    smtp_say(session, "."); // RFC 2920 3.1: a DATA without recipients is ended
    smtp_expect(session, EXPECT_NOTHING_DOT);
  } else if (code / 100 == 4 || code / 100 == 5) {
    note_failure(session, SMTP_STAGE_DATA);
    settle_failure(session, TRUE);
  } else {
    broken_order(session, SMTP_STAGE_DATA);
  }
}

static void message_reply(SmtpSession *session, SmtpExpect what) {
  guint class = session->reader.reply.code / 100;
  switch (what) {
  case EXPECT_MAIL:
    mail_answered(session);
    return;
  case EXPECT_RCPT:
    rcpt_answered(session);
    return;
  case EXPECT_DATA:
    data_answered(session);
    return;
  case EXPECT_DOT:
    if (class == 3) {
      broken_order(session, SMTP_STAGE_DOT);
    } else {
      settle_dot(session);
    }
    return;
  case EXPECT_NOTHING_DOT:
    settle_failure(session, TRUE);
    return;
  case EXPECT_QUIT:
    smtp_end(session, SMTP_STAGE_IDLE, 0, "", "");
    return;
  default: // RSET, NOOP
    begin_next(session);
    return;
  }
}

// ---- replies ----------------------------------------------------------------------------------

static SmtpStage stage_of(const SmtpSession *session) {
  if (session->expected_count == 0) {
    return session->current.body_begun && session->current.used ? SMTP_STAGE_DATA : SMTP_STAGE_IDLE;
  }
  static const SmtpStage STAGES[] = {[EXPECT_GREETING] = SMTP_STAGE_GREETING,
                                     [EXPECT_EHLO] = SMTP_STAGE_HELLO,
                                     [EXPECT_HELO] = SMTP_STAGE_HELLO,
                                     [EXPECT_STARTTLS] = SMTP_STAGE_TLS,
                                     [EXPECT_AUTH] = SMTP_STAGE_AUTHENTICATION,
                                     [EXPECT_AUTH_USER] = SMTP_STAGE_AUTHENTICATION,
                                     [EXPECT_AUTH_PASSWORD] = SMTP_STAGE_AUTHENTICATION,
                                     [EXPECT_MAIL] = SMTP_STAGE_SENDER,
                                     [EXPECT_RCPT] = SMTP_STAGE_RECIPIENT,
                                     [EXPECT_DATA] = SMTP_STAGE_DATA,
                                     [EXPECT_DOT] = SMTP_STAGE_DOT,
                                     [EXPECT_NOTHING_DOT] = SMTP_STAGE_DATA,
                                     [EXPECT_RSET] = SMTP_STAGE_IDLE,
                                     [EXPECT_NOOP] = SMTP_STAGE_IDLE,
                                     [EXPECT_QUIT] = SMTP_STAGE_IDLE};
  return STAGES[session->expected[0]];
}

// 421: the relay goes away. If it was asked about the dot, it has said that it did not take it.
static void relay_leaves(SmtpSession *session) {
  SmtpStage stage = stage_of(session);
  if (stage == SMTP_STAGE_DOT) {
    session->current.dot_queued = FALSE;
  }
  session->following.piggyback = FALSE;
  smtp_end_by_reply(session, stage);
}

// A reply that nobody asked for: an error in the middle of a body is its answer.
static void unasked(SmtpSession *session) {
  guint class = session->reader.reply.code / 100;
  if (session->current.used && session->current.body_begun && class >= 4) {
    note_failure(session, SMTP_STAGE_DATA);
  }
  smtp_end_by_reply(session, stage_of(session));
}

static void handle_reply(SmtpSession *session) {
  if (session->reader.reply.code == 421) {
    relay_leaves(session);
    return;
  }
  if (session->expected_count == 0) {
    unasked(session);
    return;
  }
  SmtpExpect what = session->expected[0];
  session->expected_count--;
  memmove(session->expected, session->expected + 1,
          session->expected_count * sizeof session->expected[0]);
  if (session->phase == PHASE_GREETING) {
    smtp_set_deadline(session, or_default(session->options.relay->reply_seconds, 300));
    smtp_greeting_reply(session, what);
  } else {
    message_reply(session, what);
  }
}

static void read_replies(SmtpSession *session, Slice bytes) {
  while (bytes.length > 0 && session->phase != PHASE_CLOSED) {
    gsize taken = 0;
    if (session->phase ==
        PHASE_HANDSHAKE) { // said in the open after STARTTLS: put there by somebody
      smtp_end(session, SMTP_STAGE_TLS, 0, "",
               "the relay, or somebody between, went on in the open after STARTTLS");
      return;
    }
    SmtpReplyState state = smtp_reply_read(&session->reader, bytes, &taken);
    bytes = slice_from(bytes, taken);
    if (state == SMTP_REPLY_BROKEN) {
      smtp_end(session, stage_of(session), 0, "", session->reader.broken);
    } else if (state == SMTP_REPLY_WHOLE) {
      handle_reply(session);
    }
  }
}

// ---- the socket -------------------------------------------------------------------------------

static void lost(SmtpSession *session, gboolean ended) {
  SmtpStage stage = stage_of(session);
  g_autofree char *text =
      ended ? g_strdup("the relay closed the connection")
            : g_strdup_printf("the connection was lost: %s", g_strerror(session->channel.error));
  smtp_end(session, stage, 0, "", text);
}

static void read_socket(SmtpSession *session) {
  char bytes[READ_BYTES];
  for (int turns = 0; turns < 16 && session->phase != PHASE_CLOSED; turns++) {
    gsize got = 0;
    SmtpIo io = smtp_channel_read(&session->channel, bytes, sizeof bytes, &got);
    if (io == SMTP_IO_OK) {
      read_replies(session, (Slice){bytes, got});
      if (session->phase == PHASE_HANDSHAKE || got < sizeof bytes) {
        return;
      }
      continue;
    }
    if (io == SMTP_IO_END || io == SMTP_IO_FAILED) {
      lost(session, io == SMTP_IO_END);
    }
    return;
  }
}

// Writes what waits, and tells the owner when a body is all with the kernel.
static void write_socket(SmtpSession *session) {
  SmtpTransaction *current = &session->current;
  guint64 before = smtp_channel_sent(&session->channel);
  SmtpIo io = smtp_channel_flush(&session->channel);
  if (io == SMTP_IO_FAILED || io == SMTP_IO_END) {
    lost(session, FALSE);
    return;
  }
  gboolean in_body = current->used && current->body_begun && !current->body_done;
  if (in_body && smtp_channel_sent(&session->channel) > before) {
    gint64 now = event_loop_now(session->options.loop);
    gint64 quiet =
        now + (gint64)or_default(session->options.relay->data_seconds, 180) * G_USEC_PER_SEC;
    event_timer_set(session->deadline, MIN(quiet, session->body_until));
  }
  if (in_body && smtp_channel_is_flushed(&session->channel)) {
    current->body_done = TRUE;
    // The relay waits for us now: however long the owner takes to commit is no fault of its.
    smtp_set_deadline(session, or_default(session->options.relay->dot_seconds, 600));
    session->options.owner->body_sent(session, current->message.item, session->options.data);
  }
}

static void shake_hands(SmtpSession *session) {
  char reason[SMTP_REASON_SIZE] = "";
  SmtpIo io = smtp_channel_handshake(&session->channel, reason);
  if (io == SMTP_IO_OK) {
    if (session->options.relay->security == SMTP_SECURITY_TLS) {
      smtp_greeting_begin(session);
    } else {
      smtp_greeting_secured(session);
    }
  } else if (io == SMTP_IO_FAILED || io == SMTP_IO_END) {
    smtp_end(session, SMTP_STAGE_TLS, 0, "",
             *reason != '\0' ? reason : "the relay closed the connection during TLS");
  }
}

static void watch_socket(SmtpSession *session) {
  if (session->watch != NULL && session->phase != PHASE_CLOSED) {
    event_watch_set(session->watch,
                    EPOLLIN | (session->channel.want_write ? (guint32)EPOLLOUT : 0));
  }
}

// Everything that can be done now.
static void work(SmtpSession *session) {
  if (session->phase == PHASE_HANDSHAKE) {
    shake_hands(session);
  }
  if (session->phase == PHASE_OPEN && session->nudged) {
    session->nudged = FALSE;
    begin_next(session);
  }
  if (session->phase == PHASE_OPEN && session->current.used && session->current.released &&
      !session->current.dot_queued) {
    release_dot(session);
  }
  if (session->phase == PHASE_OPEN && session->quit_wanted && !session->current.used &&
      session->expected_count == 0) {
    say_quit(session);
  }
  if (session->phase == PHASE_GREETING || session->phase == PHASE_OPEN ||
      session->phase == PHASE_QUITTING) {
    write_socket(session);
  }
  if (session->phase == PHASE_CLOSED && !session->announced) {
    finish(session);
    return; // may be freed
  }
  watch_socket(session);
}

static void socket_ready(guint32 events, gpointer data) {
  SmtpSession *session = data;
  if (session->phase == PHASE_HANDSHAKE) {
    work(session);
    return;
  }
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    read_socket(session);
  }
  work(session);
}

static void soon(gpointer data) {
  work(data);
}

static void too_late(gpointer data) {
  SmtpSession *session = data;
  SmtpStage stage = session->phase == PHASE_CONNECTING  ? SMTP_STAGE_CONNECT
                    : session->phase == PHASE_HANDSHAKE ? SMTP_STAGE_TLS
                                                        : stage_of(session);
  if (session->phase == PHASE_OPEN && !session->current.used && session->expected_count == 0) {
    smtp_say(session, "NOOP");
    smtp_expect(session, EXPECT_NOOP);
    smtp_set_deadline(session, or_default(session->options.relay->reply_seconds, 300));
  } else if (session->phase == PHASE_QUITTING) {
    smtp_end(session, SMTP_STAGE_IDLE, 0, "", "");
  } else {
    smtp_end(session, stage, 0, "", "the relay took too long");
  }
  work(session);
}

static void connected(int fd, const char *problem, gpointer data) {
  SmtpSession *session = data;
  smtp_connect_free(session->connect);
  session->connect = NULL;
  if (fd < 0) {
    smtp_end(session, SMTP_STAGE_CONNECT, 0, "", problem);
    work(session);
    return;
  }
  smtp_channel_open(&session->channel, fd);
  session->watch = event_loop_watch(session->options.loop, fd, EPOLLIN, socket_ready, session);
  smtp_set_deadline(session, or_default(session->options.relay->reply_seconds, 300));
  if (session->options.relay->security == SMTP_SECURITY_TLS) {
    session->phase = PHASE_HANDSHAKE;
    if (session->options.tls == NULL ||
        !smtp_channel_start_tls(&session->channel, session->options.tls)) {
      smtp_end(session, SMTP_STAGE_TLS, 0, "", "TLS could not be set up");
    }
  } else {
    smtp_greeting_begin(session);
  }
  work(session);
}

void smtp_opened(SmtpSession *session) {
  session->phase = PHASE_OPEN;
  session->options.owner->opened(session, session->options.data);
  begin_next(session);
}

// ---- what owners call -------------------------------------------------------------------------

SmtpSession *smtp_session_open(const SmtpSessionOptions *options) {
  SmtpSession *session = g_new0(SmtpSession, 1);
  session->options = *options;
  session->channel.fd = -1;
  smtp_reply_reader_init(&session->reader);
  session->deadline = event_loop_timer(options->loop, too_late, session);
  session->soon = event_loop_timer(options->loop, soon, session);
  session->connect = smtp_connect_start(options->loop, options->relay, connected, session);
  smtp_set_deadline(session, or_default(options->relay->connect_seconds, 30));
  return session;
}

void smtp_session_nudge(SmtpSession *session) {
  if (session->phase == PHASE_OPEN && !session->current.used) {
    session->nudged = TRUE;
    wake(session);
  }
}

void smtp_session_release(SmtpSession *session) {
  session->current.released = TRUE;
  wake(session);
}

void smtp_session_abandon(SmtpSession *session) {
  session->dropped = TRUE;
  smtp_end(session, SMTP_STAGE_DATA, 0, "", "given up before the final dot");
}

void smtp_session_quit(SmtpSession *session) {
  session->quit_wanted = TRUE;
  if (session->phase < PHASE_OPEN) {
    smtp_session_drop(session);
  } else {
    wake(session);
  }
}

void smtp_session_drop(SmtpSession *session) {
  session->dropped = TRUE;
  smtp_end(session, SMTP_STAGE_IDLE, 0, "", "the connection was dropped by us");
}

void smtp_session_free(SmtpSession *session) {
  if (session == NULL) {
    return;
  }
  g_assert(session->announced);
  event_timer_free(session->deadline);
  event_timer_free(session->soon);
  smtp_reply_reader_clear(&session->reader);
  g_free(session);
}

gboolean smtp_session_is_idle(const SmtpSession *session) {
  return session->phase == PHASE_OPEN && !session->current.used;
}

gpointer smtp_session_data(const SmtpSession *session) {
  return session->options.data;
}
