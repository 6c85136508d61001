// SPDX-License-Identifier: Apache-2.0
//
// Implements bounce_tokens_find (bounce_parts.h). A token proves itself by its MAC, so it matters
// little where it stands; but a report has room for so many only, and what the envelope says comes
// first.
#include <string.h>

#include "mail/bounce_parts.h"

#define TOKEN_SHORTEST 19 // two small numbers and the MAC, in base 64; base 32 has 23
#define TOKEN_LONGEST 80
#define ENVELOPE_SHORTEST 23
#define BASE64 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

static gboolean is_local(char letter) {
  return g_ascii_isalnum(letter) || (letter != '\0' && strchr("+-_=.", letter) != NULL);
}

// Within a local part: "bounces+TOKEN", and what gateways make of it ("prvs=…=bounces+TOKEN",
// "SRS0=…=example.org=bounces+TOKEN").
static void add_local_part(ReturnedMail *mail, Slice local) {
  gsize start = 0;
  for (gsize i = 0; i <= local.length; i++) {
    if (i < local.length && g_ascii_isalnum(local.data[i])) {
      continue;
    }
    if (i - start >= ENVELOPE_SHORTEST && i - start <= TOKEN_LONGEST) {
      g_autofree char *token = g_ascii_strdown(local.data + start, (gssize)(i - start));
      returned_mail_add_token(mail, RETURNED_TOKEN_ENVELOPE, slice_of(token));
    }
    start = i + 1;
  }
}

// What stands before each '@' of the text.
static void add_addresses(ReturnedMail *mail, Slice text, gboolean message_ids) {
  gsize from = 0;
  for (gsize i = 0; i < text.length; i++) {
    if (text.data[i] != '@') {
      continue;
    }
    gsize start = i;
    while (start > from && is_local(text.data[start - 1]) && i - start < 250) {
      start--;
    }
    from = i + 1;
    Slice local = slice_range(text, start, i - start);
    add_local_part(mail, local);
    if (message_ids && local.length >= TOKEN_SHORTEST && local.length <= TOKEN_LONGEST) {
      g_autofree char *token = slice_dup(local);
      if (strspn(token, BASE64) == local.length) {
        returned_mail_add_token(mail, RETURNED_TOKEN_MESSAGE_ID, local);
      }
    }
  }
}

static void add_fields(ReturnedMail *mail, Slice header, const char *const *names) {
  Slice name;
  Slice value;
  while (mail_next_field(&header, &name, &value)) {
    g_autofree char *field = slice_dup(slice_range(name, 0, 40));
    for (gsize i = 0; names[i] != NULL; i++) {
      if (g_ascii_strcasecmp(field, names[i]) == 0) {
        add_addresses(mail, value, TRUE);
      }
    }
  }
}

static Slice whole(const GString *text) {
  return text != NULL ? (Slice){text->str, text->len} : (Slice){NULL, 0};
}

void bounce_tokens_find(const BounceParts *parts, const char *recipient, ReturnedMail *mail) {
  static const char *const ENVELOPE[] = {
      "Delivered-To", "X-Original-To",      "Envelope-To", "X-Envelope-To",
      "To",           "Original-Recipient", NULL};
  static const char *const ORIGINAL[] = {"Return-Path", "Message-ID",   "X-Original-Message-ID",
                                         "Errors-To",   "X-Env-Sender", NULL};
  static const char *const REPORT[] = {"Original-Mail-From", "Original-Envelope-Id",
                                       "X-Original-Message-ID", "Original-Message-ID", NULL};
  static const char *const ANSWER[] = {"In-Reply-To", "References", NULL};
  add_addresses(mail, slice_of(recipient), FALSE);
  add_fields(mail, parts->header, ENVELOPE);
  Slice original;
  Slice body;
  mail_split(whole(parts->original), &original, &body);
  add_fields(mail, original, ORIGINAL);
  add_fields(mail, whole(parts->status), REPORT);
  add_fields(mail, whole(parts->feedback), REPORT);
  add_fields(mail, parts->header, ANSWER);
  // Where a bounce quotes our letter as text, or the parts are broken: anywhere.
  add_addresses(mail, whole(parts->text), TRUE);
  add_addresses(mail, parts->message, TRUE);
}
