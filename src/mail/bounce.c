// SPDX-License-Identifier: Apache-2.0
//
// Implements bounce.h: takes the message apart, and asks in turn what machines wrote for machines,
// then what they wrote for people.
#include "mail/bounce.h"

#include <string.h>

#include "base/secret.h"
#include "mail/bounce_parts.h"

#define STATUS_BYTES 65536
#define ORIGINAL_BYTES 262144
#define WISH "unsubscribe-"

static void take_text(BounceParts *parts, Slice header, Slice body) {
  if (parts->text->len < BOUNCE_TEXT_BYTES) {
    g_autoptr(GString) text = mail_text(header, body, BOUNCE_TEXT_BYTES - parts->text->len);
    g_string_append_len(parts->text, text->str, (gssize)text->len);
    g_string_append_c(parts->text, '\n');
  }
}

static gboolean is_one_of(const char *type, const char *const *names) {
  return g_strv_contains(names, type);
}

static void take_leaf(BounceParts *parts, const char *type, Slice header, Slice body) {
  static const char *const STATUS[] = {"message/delivery-status", "message/global-delivery-status",
                                       NULL};
  static const char *const ORIGINAL[] = {"message/rfc822",         "message/global",
                                         "text/rfc822-headers",    "message/rfc822-headers",
                                         "message/global-headers", "text/rfc822-header",
                                         "message/partial",        NULL};
  if (is_one_of(type, STATUS)) {
    if (parts->status == NULL) {
      parts->status = mail_decode(header, body, STATUS_BYTES);
    }
  } else if (strcmp(type, "message/feedback-report") == 0) {
    if (parts->feedback == NULL) {
      parts->feedback = mail_decode(header, body, STATUS_BYTES);
    }
  } else if (g_str_has_prefix(type, "message/") &&
             g_str_has_suffix(type, "disposition-notification")) {
    parts->disposition = TRUE;
  } else if (is_one_of(type, ORIGINAL)) {
    if (parts->original == NULL) {
      parts->original = mail_decode(header, body, ORIGINAL_BYTES);
    }
  } else if (g_str_has_prefix(type, "text/")) {
    take_text(parts, header, body);
  }
}

static void take_part(BounceParts *parts, Slice part, guint depth) {
  Slice header;
  Slice body;
  mail_split(part, &header, &body);
  g_autofree char *type = mail_content_type(header);
  g_autofree char *boundary = mail_parameter(header, "boundary");
  if (!g_str_has_prefix(type, "multipart/") || *boundary == '\0') {
    take_leaf(parts, type, header, body);
    return;
  }
  Slice child;
  while (depth < MAIL_READER_DEPTH && parts->count < MAIL_READER_PARTS &&
         mail_next_part(&body, boundary, &child)) {
    parts->count++;
    take_part(parts, child, depth + 1);
  }
}

void bounce_parts_read(BounceParts *parts, Slice message) {
  Slice body;
  *parts = (BounceParts){.message = slice_range(message, 0, BOUNCE_BYTES)};
  parts->text = g_string_new(NULL);
  mail_split(parts->message, &parts->header, &body);
  take_part(parts, parts->message, 0);
  if (parts->text->len == 0 && parts->status == NULL && parts->feedback == NULL) {
    take_text(parts, SLICE_LITERAL(""), body); // parts that can't be parted: words all the same
  }
}

void bounce_parts_clear(BounceParts *parts) {
  GString **all[] = {&parts->status, &parts->feedback, &parts->original, &parts->text};
  for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
    if (*all[i] != NULL) {
      g_string_free(*all[i], TRUE);
      *all[i] = NULL;
    }
  }
}

// "unsubscribe-TOKEN", also after "Re: " and the like; the token's letters have two cases. Programs
// that send it for their user may call it automatic (Apple Mail does).
static gboolean read_wish(const BounceParts *parts, ReturnedMail *mail) {
  g_autofree char *subject = mail_field_text(parts->header, "Subject");
  g_autofree char *lower = g_ascii_strdown(subject, -1);
  const char *found = strstr(lower, WISH);
  if (found == NULL || parts->status != NULL || parts->feedback != NULL) {
    return FALSE;
  }
  const char *token = subject + (found - lower) + strlen(WISH);
  gsize length = strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
  if (length == 0) {
    return FALSE;
  }
  mail->kind = BOUNCE_WISH;
  returned_mail_add_token(mail, RETURNED_TOKEN_UNSUBSCRIBE, (Slice){token, length});
  returned_mail_set_reason(mail, SLICE_LITERAL("asked to leave by mail"));
  return TRUE;
}

// The same report by another way has other trace fields: what counts is what it says of itself, or
// where it says nothing, its body.
static void make_digest(const BounceParts *parts, ReturnedMail *mail) {
  g_autoptr(GString) whole = g_string_new("mail\n");
  Slice id = slice_trim(mail_field(parts->header, "Message-ID"));
  if (id.length == 0) {
    Slice header;
    mail_split(parts->message, &header, &id);
  }
  g_string_append_len(whole, id.data != NULL ? id.data : "", (gssize)id.length);
  g_string_append_printf(whole, "\n%d\n", mail->kind);
  if (mail->tokens != NULL && mail->tokens->len > 0) {
    const ReturnedToken *first = mail->tokens->pdata[0];
    g_string_append(whole, first->text);
  }
  g_free(mail->digest);
  mail->digest = secret_sha256_hex((Slice){whole->str, whole->len});
}

ReturnedMail *bounce_read(Slice message, const char *recipient) {
  BounceParts parts;
  ReturnedMail *mail = returned_mail_new();
  bounce_parts_read(&parts, message);
  if (!read_wish(&parts, mail)) {
    if (!bounce_report_read(&parts, mail) && !bounce_text_read(&parts, mail)) {
      gboolean automatic = parts.disposition || bounce_text_is_automatic(&parts);
      mail->kind = automatic ? BOUNCE_AUTOMATIC : BOUNCE_UNKNOWN;
      g_autofree char *subject = mail_field_text(parts.header, "Subject");
      returned_mail_set_reason(mail, slice_of(subject));
    }
    bounce_tokens_find(&parts, recipient, mail);
  }
  make_digest(&parts, mail);
  bounce_parts_clear(&parts);
  return mail;
}
