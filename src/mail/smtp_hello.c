// SPDX-License-Identifier: Apache-2.0
//
// Reads EHLO's answer and writes AUTH's lines. Passwords are wiped from what is allocated here.
#include "mail/smtp_hello.h"

#include <string.h>

static gboolean next_word(Slice *rest, Slice *ret_word) {
  *rest = slice_trim(*rest);
  if (rest->length == 0) {
    return FALSE;
  }
  gsize end = 0;
  // "AUTH=LOGIN PLAIN" is how some old relays write it.
  while (end < rest->length && !g_ascii_isspace(rest->data[end]) && rest->data[end] != '=') {
    end++;
  }
  *ret_word = slice_range(*rest, 0, end);
  *rest = slice_from(*rest, MIN(end + 1, rest->length));
  return TRUE;
}

static void read_mechanisms(SmtpCapabilities *capabilities, Slice rest) {
  for (Slice word; next_word(&rest, &word);) {
    capabilities->plain |= slice_equal_text_nocase(word, "PLAIN");
    capabilities->login |= slice_equal_text_nocase(word, "LOGIN");
    capabilities->xoauth2 |= slice_equal_text_nocase(word, "XOAUTH2");
  }
}

void smtp_capabilities_read(SmtpCapabilities *capabilities, Slice text) {
  *capabilities = (SmtpCapabilities){0};
  gsize first = 0;
  while (first < text.length && text.data[first] != '\n') {
    first++; // the first line is the greeting
  }
  Slice rest = slice_from(text, MIN(first + 1, text.length)), line, word;
  while (slice_next_line(&rest, &line)) {
    if (!next_word(&line, &word)) {
      continue;
    }
    capabilities->pipelining |= slice_equal_text_nocase(word, "PIPELINING");
    capabilities->eight_bit |= slice_equal_text_nocase(word, "8BITMIME");
    capabilities->utf8 |= slice_equal_text_nocase(word, "SMTPUTF8");
    capabilities->starttls |= slice_equal_text_nocase(word, "STARTTLS");
    if (slice_equal_text_nocase(word, "SIZE")) {
      capabilities->size = TRUE;
      slice_parse_uint(slice_trim(line), G_MAXINT64, &capabilities->size_limit);
    } else if (slice_equal_text_nocase(word, "AUTH")) {
      read_mechanisms(capabilities, line);
    }
  }
}

SmtpLoginWay smtp_login_choose(const SmtpRelay *relay, const SmtpCapabilities *capabilities,
                               const char **ret_problem) {
  if (relay->user == NULL || relay->user[0] == '\0') {
    return SMTP_LOGIN_NONE;
  }
  SmtpAuthentication wanted = relay->authentication;
  gboolean automatic = wanted == SMTP_AUTHENTICATION_AUTO;
  if (capabilities->plain && (automatic || wanted == SMTP_AUTHENTICATION_PLAIN)) {
    return SMTP_LOGIN_PLAIN;
  }
  if (capabilities->login && (automatic || wanted == SMTP_AUTHENTICATION_LOGIN)) {
    return SMTP_LOGIN_LOGIN;
  }
  if (capabilities->xoauth2 && wanted == SMTP_AUTHENTICATION_XOAUTH2) {
    return SMTP_LOGIN_XOAUTH2;
  }
  if (!capabilities->plain && !capabilities->login && !capabilities->xoauth2) {
    *ret_problem = "the relay offers no way to log in that we know (PLAIN, LOGIN, XOAUTH2), though "
                   "a user is configured; another port (587 or 465) may";
  } else {
    *ret_problem = automatic ? "the relay offers only XOAUTH2 to log in: configure that and a token"
                             : "the relay does not offer the configured way to log in";
  }
  return SMTP_LOGIN_IMPOSSIBLE;
}

static void append_base64(GString *out, GString *secret) {
  char *encoded = g_base64_encode((const guchar *)secret->str, secret->len);
  g_string_append(out, encoded);
  explicit_bzero(encoded, strlen(encoded));
  explicit_bzero(secret->str, secret->len);
  g_free(encoded);
  g_string_free(secret, TRUE);
}

static GString *plain_answer(const SmtpRelay *relay, const char *password) {
  GString *secret = g_string_sized_new(strlen(relay->user) + strlen(password) + 3);
  g_string_append_c(secret, '\0');
  g_string_append(secret, relay->user);
  g_string_append_c(secret, '\0');
  return g_string_append(secret, password);
}

static GString *token_answer(const SmtpRelay *relay, const char *token) {
  GString *secret = g_string_sized_new(strlen(relay->user) + strlen(token) + 32);
  g_string_append(secret, "user=");
  g_string_append(secret, relay->user);
  g_string_append(secret, "\001auth=Bearer ");
  g_string_append(secret, token);
  return g_string_append(secret, "\001\001");
}

gboolean smtp_login_append(SmtpLoginWay way, guint step, const SmtpRelay *relay, GString *out) {
  const char *password = relay->password != NULL ? relay->password : "";
  if (way == SMTP_LOGIN_PLAIN && step == 0) {
    g_string_append(out, "AUTH PLAIN ");
    append_base64(out, plain_answer(relay, password));
  } else if (way == SMTP_LOGIN_XOAUTH2 && step == 0) {
    g_string_append(out, "AUTH XOAUTH2 ");
    append_base64(out, token_answer(relay, password));
  } else if (way == SMTP_LOGIN_LOGIN && step == 0) {
    g_string_append(out, "AUTH LOGIN");
  } else if (way == SMTP_LOGIN_LOGIN && step <= 2) {
    append_base64(out, g_string_new(step == 1 ? relay->user : password));
  } else if (way != SMTP_LOGIN_XOAUTH2 || step != 1) {
    return FALSE;
  } // XOAUTH2's 334 carries the error; an empty line asks for the reply that ends it
  g_string_append(out, "\r\n");
  return TRUE;
}
