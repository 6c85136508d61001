// SPDX-License-Identifier: Apache-2.0
//
// Implements bounce_tokens_find (bounce_parts.h). A token proves itself by its MAC, so it matters
// little where it stands; but a report has room for so many only, and what the envelope says comes
// first.
#include <string.h>

#include "mail/bounce_parts.h"

static void add_fields(ReturnedMail *mail, Slice header, const char *const *names) {
  Slice name;
  Slice value;
  while (mail_next_field(&header, &name, &value)) {
    g_autofree char *field = slice_dup(slice_range(name, 0, 40));
    for (gsize i = 0; names[i] != NULL; i++) {
      if (g_ascii_strcasecmp(field, names[i]) == 0) {
        returned_mail_add_addresses(mail, value, TRUE);
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
  returned_mail_add_addresses(mail, slice_of(recipient), FALSE);
  add_fields(mail, parts->header, ENVELOPE);
  Slice original;
  Slice body;
  mail_split(whole(parts->original), &original, &body);
  add_fields(mail, original, ORIGINAL);
  add_fields(mail, whole(parts->status), REPORT);
  add_fields(mail, whole(parts->feedback), REPORT);
  add_fields(mail, parts->header, ANSWER);
  // Where a bounce quotes our letter as text, or the parts are broken: anywhere.
  returned_mail_add_addresses(mail, whole(parts->text), TRUE);
  returned_mail_add_addresses(mail, parts->message, TRUE);
}
