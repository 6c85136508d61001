// SPDX-License-Identifier: Apache-2.0
//
// A session's life: it begins here, is driven by its socket and two timers, and ends here with each
// message's result told. What is said to the relay stands in smtp_opening.c and smtp_transaction.c.
// Called by mail/dispatch. Owners are called from the loop alone, never from within their own
// calls.
#include "mail/smtp.h"

#include <errno.h>
#include <sys/epoll.h>

#include "mail/smtp_session.h"

#define READ_SIZE 16384
#define READS_A_TURN 16

static void read_socket(SmtpSession *session);

gint64 smtp_session_seconds(guint configured, guint otherwise) {
  return configured > 0 ? configured : otherwise;
}

void smtp_session_kick(SmtpSession *session) {
  event_timer_set(session->kick, event_loop_now(session->loop));
}

// The timer is moved only when the new deadline is earlier than what it waits for: nearly all
// deadlines are met, and so nearly none costs a place in the loop's heap.
void smtp_session_set_deadline(SmtpSession *session, gint64 seconds) {
  session->deadline_at =
      seconds == 0 ? 0 : event_loop_now(session->loop) + seconds * G_USEC_PER_SEC;
  if (seconds != 0 &&
      (session->deadline_armed == 0 || session->deadline_at < session->deadline_armed)) {
    session->deadline_armed = session->deadline_at;
    event_timer_set(session->deadline, session->deadline_at);
  }
}

static SmtpDue first_due(const SmtpSession *session) {
  return session->due[session->due_first];
}

static void set_reply_deadline(SmtpSession *session) {
  gint64 seconds = first_due(session) == SMTP_DUE_DOT
                       ? smtp_session_seconds(session->relay->dot_seconds, 600)
                       : smtp_session_seconds(session->relay->reply_seconds, 300);
  smtp_session_set_deadline(session, session->due_count > 0 ? seconds : 0);
}

void smtp_session_expect(SmtpSession *session, SmtpDue due) {
  g_assert(session->due_count < SMTP_DUE_MAXIMUM);
  session->due[(session->due_first + session->due_count++) % SMTP_DUE_MAXIMUM] = due;
  if (session->due_count == 1) {
    set_reply_deadline(session);
  }
}

void smtp_session_fill_outcome(SmtpOutcome *outcome, const SmtpReply *reply,
                               char text[SMTP_TEXT_MAXIMUM + 1]) {
  smtp_text_line((Slice){reply->text->str, reply->text->len}, text);
  outcome->code = reply->code;
  g_strlcpy(outcome->status, reply->status, sizeof outcome->status);
  outcome->text = text;
}

// ── the end ──────────────────────────────────────────────────────────────────────────────────

// A relay that refuses us is left with a word, if it fits into the socket at once.
static void say_goodbye(SmtpSession *session, const SmtpReply *reply) {
  if (session->phase == SMTP_PHASE_OPENING && reply != NULL && reply->code != 421) {
    g_string_append(smtp_channel_out(&session->channel), "QUIT\r\n");
    smtp_channel_flush(&session->channel);
  }
}

void smtp_session_end(SmtpSession *session, SmtpStage stage, const SmtpReply *reply,
                      const char *reason) {
  if (session->ended) {
    return;
  }
  say_goodbye(session, reply);
  session->ended = TRUE;
  session->end = (SmtpOutcome){.verdict = SMTP_NOT_SENT, .stage = stage, .text = session->end_text};
  if (reply != NULL) {
    smtp_session_fill_outcome(&session->end, reply, session->end_text);
  } else {
    smtp_text_line(slice_of(reason), session->end_text);
  }
  smtp_session_set_deadline(session, 0);
  smtp_connect_free(session->connect);
  session->connect = NULL;
  event_watch_free(session->watch);
  session->watch = NULL;
  smtp_channel_close(&session->channel);
  smtp_session_kick(session);
}

void smtp_session_end_quietly(SmtpSession *session, const char *reason) {
  smtp_session_end(session, SMTP_STAGE_IDLE, NULL, reason);
}

// The session may be freed when this returns.
static void finish(SmtpSession *session) {
  if (!session->told) {
    smtp_transaction_finish(session);
    session->told = TRUE;
    session->owner->closed(session, &session->end, session->data);
  }
}

static SmtpStage stage_of(const SmtpSession *session) {
  static const SmtpStage STAGES[] = {[SMTP_DUE_GREETING] = SMTP_STAGE_GREETING,
                                     [SMTP_DUE_EHLO] = SMTP_STAGE_HELLO,
                                     [SMTP_DUE_HELO] = SMTP_STAGE_HELLO,
                                     [SMTP_DUE_STARTTLS] = SMTP_STAGE_TLS,
                                     [SMTP_DUE_LOGIN] = SMTP_STAGE_AUTHENTICATION,
                                     [SMTP_DUE_RESET] = SMTP_STAGE_SENDER,
                                     [SMTP_DUE_SENDER] = SMTP_STAGE_SENDER,
                                     [SMTP_DUE_RECIPIENT] = SMTP_STAGE_RECIPIENT,
                                     [SMTP_DUE_DATA] = SMTP_STAGE_DATA,
                                     [SMTP_DUE_DOT] = SMTP_STAGE_DOT,
                                     [SMTP_DUE_EMPTY_DOT] = SMTP_STAGE_DATA,
                                     [SMTP_DUE_NOOP] = SMTP_STAGE_IDLE,
                                     [SMTP_DUE_QUIT] = SMTP_STAGE_IDLE};
  switch (session->phase) {
  case SMTP_PHASE_CONNECT:
    return SMTP_STAGE_CONNECT;
  case SMTP_PHASE_TLS:
    return SMTP_STAGE_TLS;
  default:
    return session->due_count > 0     ? STAGES[first_due(session)]
           : session->writing != NULL ? SMTP_STAGE_DATA
                                      : SMTP_STAGE_IDLE;
  }
}

// What we wait for at a stage, as an outcome's text names it.
static const char *awaited(SmtpStage stage) {
  static const char *const NAMES[] = {[SMTP_STAGE_CONNECT] = "a connection",
                                      [SMTP_STAGE_TLS] = "the start of TLS",
                                      [SMTP_STAGE_GREETING] = "the greeting",
                                      [SMTP_STAGE_HELLO] = "the answer to EHLO",
                                      [SMTP_STAGE_AUTHENTICATION] = "the answer to AUTH",
                                      [SMTP_STAGE_SENDER] = "the answer to MAIL FROM",
                                      [SMTP_STAGE_RECIPIENT] = "the answer to RCPT TO",
                                      [SMTP_STAGE_DATA] = "the message to be taken",
                                      [SMTP_STAGE_DOT] = "the answer to the final dot",
                                      [SMTP_STAGE_IDLE] = "the next message"};
  return NAMES[stage];
}

// The other side has closed, or the network has failed (`error`, an errno, or 0).
static void end_by_loss(SmtpSession *session, int error) {
  SmtpStage stage = stage_of(session);
  char reason[SMTP_REASON_SIZE];
  session->by_loss = TRUE;
  if (error != 0) {
    g_snprintf(reason, sizeof reason, "the connection was lost while we waited for %s: %s",
               awaited(stage), g_strerror(error));
  } else {
    g_snprintf(reason, sizeof reason, "the relay closed the connection while we waited for %s",
               awaited(stage));
  }
  smtp_session_end(session, stage, NULL, reason);
}

static void end_by_time(SmtpSession *session) {
  SmtpStage stage = stage_of(session);
  char reason[SMTP_REASON_SIZE];
  session->by_loss = TRUE;
  g_snprintf(reason, sizeof reason, "the relay took too long: we waited in vain for %s",
             awaited(stage));
  smtp_session_end(session, stage, NULL, reason);
}

// ── work ─────────────────────────────────────────────────────────────────────────────────────

// What was said before the connection broke still counts: an answer to a dot above all.
static void drain(SmtpSession *session) {
  int error = session->channel.error;
  session->draining = TRUE;
  read_socket(session);
  if (!session->ended) {
    end_by_loss(session, error);
  }
}

static gboolean has_more_to_do(const SmtpSession *session) {
  return session->phase == SMTP_PHASE_READY &&
         (session->released ||
          ((session->nudged || session->quitting) && smtp_transaction_is_idle(session)));
}

static void step(SmtpSession *session) {
  if (session->phase == SMTP_PHASE_TLS) {
    smtp_opening_shake_hands(session);
  } else if (has_more_to_do(session)) {
    if (session->released) {
      smtp_transaction_send_dot(session);
    } else {
      smtp_transaction_begin(session);
    }
  }
  if (session->ended || session->phase < SMTP_PHASE_OPENING) {
    return;
  }
  if (smtp_channel_flush(&session->channel) == SMTP_IO_FAILED) {
    drain(session);
  } else if (session->phase == SMTP_PHASE_READY) {
    smtp_transaction_flushed(session);
  }
}

static void work(SmtpSession *session) {
  do {
    step(session);
  } while (!session->ended && has_more_to_do(session));
  if (!session->ended && session->watch != NULL) {
    event_watch_set(session->watch, session->channel.want_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }
}

static void handle_reply(SmtpSession *session) {
  const SmtpReply *reply = &session->reader.reply;
  gboolean ready = session->phase == SMTP_PHASE_READY;
  if (!ready && !smtp_channel_is_flushed(&session->channel)) {
    smtp_session_end(session, stage_of(session), NULL, "the relay answered before it was asked");
    return;
  }
  if (reply->code == 421 && ready) {
    smtp_transaction_leaving(session, reply);
    return;
  }
  if (session->due_count == 0) {
    smtp_transaction_unasked(session, reply);
    return;
  }
  SmtpDue due = first_due(session);
  session->due_first = (session->due_first + 1) % SMTP_DUE_MAXIMUM;
  session->due_count--;
  set_reply_deadline(session);
  if (ready) {
    smtp_transaction_reply(session, due, reply);
  } else {
    smtp_opening_reply(session, due, reply);
  }
}

static void read_replies(SmtpSession *session, Slice bytes) {
  while (bytes.length > 0 && !session->ended) {
    if (session->phase == SMTP_PHASE_TLS) {
      smtp_session_end(session, SMTP_STAGE_TLS, NULL,
                       "something was said in the clear after the answer to STARTTLS: somebody "
                       "between us and the relay may be tampering");
      return;
    }
    gsize taken = 0;
    SmtpReplyState state = smtp_reply_read(&session->reader, bytes, &taken);
    bytes = slice_from(bytes, taken);
    if (state == SMTP_REPLY_BROKEN) {
      smtp_session_end(session, stage_of(session), NULL, session->reader.broken);
    } else if (state == SMTP_REPLY_WHOLE) {
      handle_reply(session);
    }
  }
}

static void read_socket(SmtpSession *session) {
  char bytes[READ_SIZE];
  for (guint reads = 0; reads < READS_A_TURN && !session->ended; reads++) {
    gsize got = 0;
    SmtpIo io = smtp_channel_read(&session->channel, bytes, sizeof bytes, &got);
    if (io == SMTP_IO_OK) {
      read_replies(session, (Slice){bytes, got});
      if (session->phase == SMTP_PHASE_TLS || (got < sizeof bytes && !session->draining)) {
        return;
      }
    } else if (io == SMTP_IO_END && smtp_transaction_is_idle(session) &&
               session->phase == SMTP_PHASE_READY) {
      smtp_session_end_quietly(session, "the relay closed the idle connection");
    } else if (io == SMTP_IO_END || io == SMTP_IO_FAILED) {
      end_by_loss(session, io == SMTP_IO_END ? 0 : session->channel.error);
    } else {
      return;
    }
  }
}

static void socket_ready(guint32 events, gpointer data) {
  SmtpSession *session = data;
  if (session->phase != SMTP_PHASE_TLS) {
    read_socket(session);
  }
  if (!session->ended) {
    work(session);
  }
}

static void kicked(gpointer data) {
  SmtpSession *session = data;
  if (session->ended) {
    finish(session);
  } else if (session->phase != SMTP_PHASE_CONNECT) {
    session->nudged = TRUE;
    work(session);
  }
}

static void deadline_passed(gpointer data) {
  SmtpSession *session = data;
  session->deadline_armed = 0;
  if (session->deadline_at == 0 || session->ended) {
    return;
  }
  if (session->deadline_at > event_loop_now(session->loop)) {
    session->deadline_armed = session->deadline_at;
    event_timer_set(session->deadline, session->deadline_at);
  } else if (session->phase != SMTP_PHASE_READY) {
    end_by_time(session);
  } else if (smtp_transaction_is_idle(session)) {
    g_string_append(smtp_channel_out(&session->channel), "NOOP\r\n");
    smtp_session_expect(session, SMTP_DUE_NOOP);
    work(session);
  } else if (session->due_count > 0 && first_due(session) == SMTP_DUE_QUIT) {
    smtp_session_end_quietly(session, "closed; the relay did not answer QUIT");
  } else {
    end_by_time(session);
  }
}

static void connected(int fd, const char *problem, gpointer data) {
  SmtpSession *session = data;
  smtp_connect_free(session->connect);
  session->connect = NULL;
  if (fd < 0) {
    smtp_session_end(session, SMTP_STAGE_CONNECT, NULL, problem);
    return;
  }
  smtp_channel_open(&session->channel, fd);
  session->watch = event_loop_watch(session->loop, fd, EPOLLIN, socket_ready, session);
  if (session->watch == NULL) {
    smtp_session_end(session, SMTP_STAGE_CONNECT, NULL, "the kernel watches no more sockets");
    return;
  }
  smtp_opening_connected(session);
  if (!session->ended) {
    work(session);
  }
}

// ── what owners call ─────────────────────────────────────────────────────────────────────────

SmtpSession *smtp_session_open(const SmtpSessionOptions *options) {
  SmtpSession *session = g_new0(SmtpSession, 1);
  session->loop = options->loop;
  session->relay = options->relay;
  session->tls = options->tls;
  session->owner = options->owner;
  session->data = options->data;
  session->step_by_step = options->step_by_step;
  session->channel.fd = -1;
  smtp_reply_reader_init(&session->reader);
  session->kick = event_loop_timer(session->loop, kicked, session);
  session->deadline = event_loop_timer(session->loop, deadline_passed, session);
  smtp_session_set_deadline(session, smtp_session_seconds(session->relay->connect_seconds, 30));
  session->connect = smtp_connect_start(session->loop, session->relay, connected, session);
  return session;
}

void smtp_session_nudge(SmtpSession *session) {
  if (session->phase == SMTP_PHASE_READY && session->writing == NULL &&
      session->answering == NULL && !session->ended) {
    session->nudged = TRUE;
    smtp_session_kick(session);
  }
}

void smtp_session_release(SmtpSession *session) {
  if (!session->ended && session->writing != NULL && session->writing->state == SMTP_LETTER_HELD) {
    session->released = TRUE;
    smtp_session_kick(session);
  }
}

void smtp_session_abandon(SmtpSession *session) {
  smtp_session_end_quietly(session, "given up by us before the final dot");
}

void smtp_session_quit(SmtpSession *session) {
  session->quitting = TRUE;
  if (session->phase != SMTP_PHASE_READY) {
    smtp_session_end_quietly(session, "closed before it was open");
  } else if (!session->ended) {
    smtp_session_kick(session);
  }
}

void smtp_session_drop(SmtpSession *session) {
  smtp_session_end_quietly(session, "the connection was given up by us");
}

void smtp_session_free(SmtpSession *session) {
  if (session != NULL) {
    g_assert(session->told);
    event_timer_free(session->kick);
    event_timer_free(session->deadline);
    smtp_reply_reader_clear(&session->reader);
    g_free(session);
  }
}

gboolean smtp_session_is_idle(const SmtpSession *session) {
  return session->phase == SMTP_PHASE_READY && !session->ended && !session->quitting &&
         session->writing == NULL && session->answering == NULL;
}

gpointer smtp_session_data(const SmtpSession *session) {
  return session->data;
}
