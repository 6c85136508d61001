// SPDX-License-Identifier: Apache-2.0
//
// From a connected socket to a relay that takes messages: TLS, greeting, EHLO, STARTTLS, AUTH. It
// must never say a password where somebody could listen, and never believe what came before TLS.
#include "mail/smtp_session.h"

static void say_hello(SmtpSession *session, SmtpDue due) {
  const char *name = session->relay->client_name;
  GString *out = smtp_channel_out(&session->channel);
  g_string_append(out, due == SMTP_DUE_EHLO ? "EHLO " : "HELO ");
  g_string_append(out, name != NULL && name[0] != '\0' ? name : "localhost");
  g_string_append(out, "\r\n");
  smtp_session_expect(session, due);
}

static void start_tls(SmtpSession *session) {
  session->phase = SMTP_PHASE_TLS;
  smtp_session_set_deadline(session, smtp_session_seconds(session->relay->connect_seconds, 30));
  if (session->tls == NULL || !smtp_channel_start_tls(&session->channel, session->tls)) {
    smtp_session_end(session, SMTP_STAGE_TLS, NULL, "TLS could not be set up");
  }
}

void smtp_opening_connected(SmtpSession *session) {
  if (session->relay->security == SMTP_SECURITY_TLS) {
    start_tls(session);
    return;
  }
  session->phase = SMTP_PHASE_OPENING;
  smtp_session_expect(session, SMTP_DUE_GREETING);
}

void smtp_opening_shake_hands(SmtpSession *session) {
  char reason[SMTP_REASON_SIZE];
  SmtpIo io = smtp_channel_handshake(&session->channel, reason);
  if (io == SMTP_IO_FAILED) {
    smtp_session_end(session, SMTP_STAGE_TLS, NULL, reason);
  } else if (io == SMTP_IO_OK) {
    session->phase = SMTP_PHASE_OPENING;
    if (session->relay->security == SMTP_SECURITY_TLS) {
      smtp_session_expect(session, SMTP_DUE_GREETING);
    } else {
      say_hello(session, SMTP_DUE_EHLO); // what was offered before TLS counts for nothing
    }
  }
}

static void be_ready(SmtpSession *session) {
  session->phase = SMTP_PHASE_READY;
  session->nudged = TRUE;
  if (session->owner->opened != NULL) {
    session->owner->opened(session, session->data);
  }
}

static void log_in(SmtpSession *session) {
  const char *problem = NULL;
  session->login = smtp_login_choose(session->relay, &session->can, &problem);
  if (session->login == SMTP_LOGIN_NONE) {
    be_ready(session);
  } else if (session->login == SMTP_LOGIN_IMPOSSIBLE) {
    smtp_session_end(session, SMTP_STAGE_AUTHENTICATION, NULL, problem);
  } else if (!smtp_channel_is_encrypted(&session->channel) &&
             !smtp_channel_is_loopback(&session->channel)) {
    smtp_session_end(session, SMTP_STAGE_AUTHENTICATION, NULL,
                     "the password is not sent over a connection that is not encrypted: use "
                     "STARTTLS or TLS for this relay");
  } else {
    session->login_step = 0;
    smtp_login_append(session->login, 0, session->relay, smtp_channel_out(&session->channel));
    smtp_session_expect(session, SMTP_DUE_LOGIN);
  }
}

static void login_reply(SmtpSession *session, const SmtpReply *reply) {
  if (reply->code == 235) {
    be_ready(session);
  } else if (reply->code == 334 &&
             smtp_login_append(session->login, ++session->login_step, session->relay,
                               smtp_channel_out(&session->channel))) {
    smtp_session_expect(session, SMTP_DUE_LOGIN);
  } else {
    smtp_session_end(session, SMTP_STAGE_AUTHENTICATION, reply, NULL);
  }
}

static void hello_reply(SmtpSession *session, SmtpDue due, const SmtpReply *reply) {
  gboolean tls_required = session->relay->security == SMTP_SECURITY_STARTTLS;
  gboolean encrypted = smtp_channel_is_encrypted(&session->channel);
  if (reply->code / 100 == 5 && due == SMTP_DUE_EHLO && (!tls_required || encrypted)) {
    say_hello(session, SMTP_DUE_HELO); // a relay from before 1995, or one that pretends
    return;
  }
  if (reply->code / 100 != 2) {
    smtp_session_end(session, SMTP_STAGE_HELLO, reply, NULL);
    return;
  }
  session->can = (SmtpCapabilities){0};
  if (due == SMTP_DUE_EHLO) {
    smtp_capabilities_read(&session->can, (Slice){reply->text->str, reply->text->len});
  }
  if (!tls_required || encrypted) {
    log_in(session);
  } else if (session->can.starttls) {
    g_string_append(smtp_channel_out(&session->channel), "STARTTLS\r\n");
    smtp_session_expect(session, SMTP_DUE_STARTTLS);
  } else {
    smtp_session_end(session, SMTP_STAGE_TLS, NULL,
                     "the relay does not offer STARTTLS, and nothing is sent without TLS: is it "
                     "the right port? (587 for STARTTLS, 465 for TLS)");
  }
}

void smtp_opening_reply(SmtpSession *session, SmtpDue due, const SmtpReply *reply) {
  switch (due) {
  case SMTP_DUE_GREETING:
    if (reply->code == 220) {
      say_hello(session, SMTP_DUE_EHLO);
    } else {
      smtp_session_end(session, SMTP_STAGE_GREETING, reply, NULL);
    }
    return;
  case SMTP_DUE_EHLO:
  case SMTP_DUE_HELO:
    hello_reply(session, due, reply);
    return;
  case SMTP_DUE_STARTTLS:
    if (reply->code == 220) {
      start_tls(session);
    } else {
      smtp_session_end(session, SMTP_STAGE_TLS, reply, NULL);
    }
    return;
  case SMTP_DUE_LOGIN:
    login_reply(session, reply);
    return;
  default:
    g_assert_not_reached();
  }
}
