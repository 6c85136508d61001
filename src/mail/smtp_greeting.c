// SPDX-License-Identifier: Apache-2.0
//
// What is said before the first message: greeting, EHLO and what the relay can do, STARTTLS, the
// log-in. A password is never said in the open, but to this machine itself.
#include <stdlib.h>
#include <string.h>

#include "mail/smtp_session.h"

static const char *client_name(const SmtpSession *session) {
  const char *name = session->options.relay->client_name;
  return name != NULL && *name != '\0' ? name : "localhost";
}

static void say_hello(SmtpSession *session) {
  session->pipelining = session->eight_bit = session->utf8 = session->starttls = FALSE;
  session->auth_plain = session->auth_login = session->auth_xoauth2 = FALSE;
  session->size_limit = 0;
  smtp_say(session, "EHLO %s", client_name(session));
  smtp_expect(session, EXPECT_EHLO);
}

void smtp_greeting_begin(SmtpSession *session) {
  session->phase = PHASE_GREETING;
  smtp_expect(session, EXPECT_GREETING);
}

void smtp_greeting_secured(SmtpSession *session) {
  session->phase = PHASE_GREETING;
  say_hello(session);
}

static gboolean has_word(const char *line, const char *word, const char **ret_rest) {
  gsize length = strlen(word);
  if (g_ascii_strncasecmp(line, word, length) != 0 ||
      (line[length] != '\0' && line[length] != ' ' && line[length] != '=')) {
    return FALSE;
  }
  *ret_rest = line[length] != '\0' ? line + length + 1 : "";
  return TRUE;
}

static void learn(SmtpSession *session, const char *line) {
  const char *rest = "";
  session->pipelining |= has_word(line, "PIPELINING", &rest);
  session->eight_bit |= has_word(line, "8BITMIME", &rest);
  session->utf8 |= has_word(line, "SMTPUTF8", &rest);
  session->starttls |= has_word(line, "STARTTLS", &rest);
  if (has_word(line, "SIZE", &rest)) {
    session->size_limit = (gsize)g_ascii_strtoull(rest, NULL, 10);
  }
  if (has_word(line, "AUTH", &rest)) {
    g_auto(GStrv) words = g_strsplit(rest, " ", -1);
    for (guint i = 0; words[i] != NULL; i++) {
      session->auth_plain |= g_ascii_strcasecmp(words[i], "PLAIN") == 0;
      session->auth_login |= g_ascii_strcasecmp(words[i], "LOGIN") == 0;
      session->auth_xoauth2 |= g_ascii_strcasecmp(words[i], "XOAUTH2") == 0;
    }
  }
}

static char *base64(const char *text, gsize length) {
  return g_base64_encode((const guchar *)text, length);
}

static void say_plain(SmtpSession *session, const char *user, const char *password) {
  g_autoptr(GString) words = g_string_new(NULL);
  g_string_append_c(words, '\0');
  g_string_append(words, user);
  g_string_append_c(words, '\0');
  g_string_append(words, password);
  g_autofree char *encoded = base64(words->str, words->len);
  smtp_say(session, "AUTH PLAIN %s", encoded);
  smtp_expect(session, EXPECT_AUTH);
}

static void say_token(SmtpSession *session, const char *user, const char *token) {
  g_autofree char *words = g_strdup_printf("user=%s\x01"
                                           "auth=Bearer %s\x01\x01",
                                           user, token);
  g_autofree char *encoded = base64(words, strlen(words));
  smtp_say(session, "AUTH XOAUTH2 %s", encoded);
  smtp_expect(session, EXPECT_AUTH);
}

static void log_in(SmtpSession *session) {
  const SmtpRelay *relay = session->options.relay;
  const char *password = relay->password != NULL ? relay->password : "";
  if (relay->user == NULL || *relay->user == '\0') {
    smtp_opened(session);
    return;
  }
  if (!smtp_channel_is_encrypted(&session->channel) &&
      !smtp_channel_is_loopback(&session->channel)) {
    smtp_end(session, SMTP_STAGE_AUTHENTICATION, 0, "",
             "the relay wants a password, and the connection is not encrypted: set security to "
             "starttls or tls");
    return;
  }
  SmtpAuthentication way = relay->authentication;
  if (way == SMTP_AUTHENTICATION_XOAUTH2) {
    say_token(session, relay->user, password);
  } else if (way == SMTP_AUTHENTICATION_LOGIN ||
             (way == SMTP_AUTHENTICATION_AUTO && !session->auth_plain && session->auth_login)) {
    smtp_say(session, "AUTH LOGIN");
    smtp_expect(session, EXPECT_AUTH_USER);
  } else if (way == SMTP_AUTHENTICATION_PLAIN || session->auth_plain) {
    say_plain(session, relay->user, password);
  } else {
    smtp_end(
        session, SMTP_STAGE_AUTHENTICATION, 0, "",
        "the relay offers no log-in that we know (PLAIN, LOGIN, XOAUTH2): take the user out of "
        "the configuration, or ask who runs it");
  }
}

static void after_hello(SmtpSession *session) {
  const SmtpRelay *relay = session->options.relay;
  if (relay->security != SMTP_SECURITY_STARTTLS || smtp_channel_is_encrypted(&session->channel)) {
    log_in(session);
  } else if (session->starttls) {
    smtp_say(session, "STARTTLS");
    smtp_expect(session, EXPECT_STARTTLS);
  } else {
    smtp_end(
        session, SMTP_STAGE_TLS, 0, "",
        "the relay offers no STARTTLS, and nothing is sent in the open: set security to tls or, "
        "if you trust the way there, none");
  }
}

static void hello_answered(SmtpSession *session) {
  const SmtpReply *reply = &session->reader.reply;
  if (reply->code / 100 == 2) {
    g_auto(GStrv) lines = g_strsplit(reply->text->str, "\n", -1);
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
      learn(session, lines[i]);
    }
    after_hello(session);
  } else if (reply->code / 100 == 5) { // an old relay
    smtp_say(session, "HELO %s", client_name(session));
    smtp_expect(session, EXPECT_HELO);
  } else {
    smtp_end_by_reply(session, SMTP_STAGE_HELLO);
  }
}

static void start_tls(SmtpSession *session) {
  if (session->reader.reply.code != 220) {
    smtp_end_by_reply(session, SMTP_STAGE_TLS);
    return;
  }
  session->phase = PHASE_HANDSHAKE;
  if (session->options.tls == NULL ||
      !smtp_channel_start_tls(&session->channel, session->options.tls)) {
    smtp_end(session, SMTP_STAGE_TLS, 0, "", "TLS could not be set up: out of memory");
  }
}

static void say_credential(SmtpSession *session, const char *words, SmtpExpect then) {
  if (session->reader.reply.code != 334) {
    smtp_end_by_reply(session, SMTP_STAGE_AUTHENTICATION);
    return;
  }
  g_autofree char *encoded = base64(words, strlen(words));
  smtp_say(session, "%s", encoded);
  smtp_expect(session, then);
}

static void logged_in(SmtpSession *session) {
  guint code = session->reader.reply.code;
  if (code == 334) { // XOAUTH2's refusal: an empty line brings its code
    smtp_say(session, "%s", "");
    smtp_expect(session, EXPECT_AUTH);
  } else if (code == 235) {
    smtp_opened(session);
  } else {
    smtp_end_by_reply(session, SMTP_STAGE_AUTHENTICATION);
  }
}

void smtp_greeting_reply(SmtpSession *session, SmtpExpect what) {
  const SmtpRelay *relay = session->options.relay;
  switch (what) {
  case EXPECT_GREETING:
    if (session->reader.reply.code == 220) {
      say_hello(session);
    } else {
      smtp_end_by_reply(session, SMTP_STAGE_GREETING);
    }
    return;
  case EXPECT_EHLO:
    hello_answered(session);
    return;
  case EXPECT_HELO:
    if (session->reader.reply.code / 100 == 2) {
      after_hello(session);
    } else {
      smtp_end_by_reply(session, SMTP_STAGE_HELLO);
    }
    return;
  case EXPECT_STARTTLS:
    start_tls(session);
    return;
  case EXPECT_AUTH_USER:
    say_credential(session, relay->user, EXPECT_AUTH_PASSWORD);
    return;
  case EXPECT_AUTH_PASSWORD:
    say_credential(session, relay->password != NULL ? relay->password : "", EXPECT_AUTH);
    return;
  default:
    logged_in(session);
    return;
  }
}
