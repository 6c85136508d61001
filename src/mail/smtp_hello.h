// SPDX-License-Identifier: Apache-2.0
//
// What a relay says it can do (the answer to EHLO), and logging in to it (RFC 4954). For
// mail/smtp_opening.
#pragma once

#include "mail/smtp.h"
#include "mail/smtp_reply.h"

typedef struct SmtpCapabilities {
  gboolean pipelining, eight_bit, utf8, starttls, size;
  guint64 size_limit; // 0: none said
  gboolean plain, login, xoauth2;
} SmtpCapabilities;

void smtp_capabilities_read(SmtpCapabilities *capabilities, Slice text); // the reply's lines

typedef enum SmtpLoginWay {
  SMTP_LOGIN_NONE, // no user is configured
  SMTP_LOGIN_PLAIN,
  SMTP_LOGIN_LOGIN,
  SMTP_LOGIN_XOAUTH2,
  SMTP_LOGIN_IMPOSSIBLE // the relay offers nothing that is configured; `*ret_problem` says so
} SmtpLoginWay;

SmtpLoginWay smtp_login_choose(const SmtpRelay *relay, const SmtpCapabilities *capabilities,
                               const char **ret_problem);
// Appends the command or answer for step 0, 1, 2. FALSE: nothing more is to be said.
gboolean smtp_login_append(SmtpLoginWay way, guint step, const SmtpRelay *relay, GString *out);
