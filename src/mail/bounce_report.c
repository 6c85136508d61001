// SPDX-License-Identifier: Apache-2.0
//
// Implements bounce_report_read (bounce_parts.h): delivery status notifications (RFC 3464) and
// feedback reports (RFC 5965).
#include <string.h>

#include "mail/bounce_parts.h"

#define GROUPS 50 // recipients of one notification that are looked at

typedef struct Recipients {
  guint failed, arrived, waiting;
  BounceKind kind; // the gravest of the failed
} Recipients;

// "smtp; 550 no such user" -> "550 no such user"; "rfc822;anna@example.org" likewise.
static Slice after_type(Slice value) {
  gssize semicolon = slice_find_char(slice_range(value, 0, 40), ';');
  return semicolon >= 0 ? slice_trim(slice_from(value, (gsize)semicolon + 1)) : value;
}

static Slice without_brackets(Slice address) {
  if (slice_starts_with(address, "<") && slice_ends_with(address, ">")) {
    return slice_range(address, 1, address.length - 2);
  }
  return address;
}

static gboolean says(Slice value, const char *word) {
  return value.length >= strlen(word) && g_ascii_strncasecmp(value.data, word, strlen(word)) == 0;
}

// "5.1.1 (permanent failure)" -> "5.1.1"
static void read_status(Slice value, char status[16]) {
  guint code = 0;
  bounce_text_codes(value, &code, status);
}

static void replace(char **text, Slice with) {
  g_free(*text);
  *text = slice_dup(slice_range(with, 0, RETURNED_REASON_BYTES));
}

// Status "5.0.0" says nothing that the server's own words would not say better.
static void take_failed(const BounceParts *parts, Slice group, Recipients *all,
                        ReturnedMail *mail) {
  char status[16];
  char said[16];
  guint code = 0;
  Slice diagnostic = after_type(mail_field(group, "Diagnostic-Code"));
  read_status(mail_field(group, "Status"), status);
  bounce_text_codes(diagnostic, &code, said);
  gboolean vague = *status == '\0' || strcmp(status + 1, ".0.0") == 0;
  const char *best = vague && *said != '\0' ? said : status;
  Slice words = diagnostic.length > 0 ? diagnostic : (Slice){parts->text->str, parts->text->len};
  BounceKind kind = returned_mail_classify(code, best, words);
  all->failed++;
  if (all->failed == 1 || (kind == BOUNCE_HARD && all->kind != BOUNCE_HARD)) {
    Slice address = mail_field(group, "Original-Recipient");
    all->kind = kind;
    replace(&mail->status, slice_of(best));
    replace(&mail->address,
            without_brackets(
                after_type(address.length > 0 ? address : mail_field(group, "Final-Recipient"))));
    returned_mail_set_reason(mail,
                             diagnostic.length > 0 ? diagnostic : mail_field(group, "Status"));
  }
}

static void take_group(const BounceParts *parts, Slice group, Recipients *all, ReturnedMail *mail) {
  char status[16];
  Slice action = mail_field(group, "Action");
  read_status(mail_field(group, "Status"), status);
  if (says(action, "failed") || (action.length == 0 && status[0] == '5')) {
    take_failed(parts, group, all, mail);
  } else if (says(action, "delayed") || (action.length == 0 && status[0] == '4')) {
    all->waiting++;
  } else if (says(action, "delivered") || says(action, "relayed") || says(action, "expanded") ||
             (action.length == 0 && status[0] == '2')) {
    all->arrived++;
  }
}

// Groups of fields, parted by empty lines; the first is about the message, not a recipient.
static void take_groups(const BounceParts *parts, Recipients *all, ReturnedMail *mail) {
  Slice rest = {parts->status->str, parts->status->len};
  for (guint i = 0; i < GROUPS && rest.length > 0; i++) {
    Slice group;
    mail_split(rest, &group, &rest);
    if (mail_field(group, "Final-Recipient").data != NULL ||
        mail_field(group, "Action").data != NULL || mail_field(group, "Status").data != NULL) {
      take_group(parts, group, all, mail);
    }
  }
}

static gboolean read_status_part(const BounceParts *parts, ReturnedMail *mail) {
  Recipients all = {.kind = BOUNCE_SOFT};
  take_groups(parts, &all, mail);
  if (all.failed > 0) {
    // An address that stands for several, some of which took it: it is of use.
    mail->kind = all.arrived > 0 ? BOUNCE_SOFT : all.kind;
    return TRUE;
  }
  mail->kind = BOUNCE_AUTOMATIC; // put off, or arrived
  return all.waiting > 0 || all.arrived > 0;
}

// ---- complaints -------------------------------------------------------------------------------

static gboolean read_feedback(const BounceParts *parts, ReturnedMail *mail) {
  static const char *const COMPLAINTS[] = {"abuse",   "fraud",        "virus",          "other",
                                           "opt-out", "opt-out-list", "miscategorized", NULL};
  Slice report = {parts->feedback->str, parts->feedback->len};
  Slice value = mail_field(report, "Feedback-Type");
  g_autofree char *type =
      g_ascii_strdown(value.data != NULL ? value.data : "", (gssize)MIN(value.length, 40));
  Slice address = mail_field(report, "Original-Rcpt-To");
  if (address.length == 0) {
    address = mail_field(report, "Removal-Recipient");
  }
  // "not-spam" is praise, "auth-failure" (RFC 6591) and "dmarc" are about signatures.
  mail->kind = g_strv_contains(COMPLAINTS, type) ? BOUNCE_COMPLAINT
               : *type == '\0'                   ? BOUNCE_UNKNOWN
                                                 : BOUNCE_AUTOMATIC;
  replace(&mail->address, without_brackets(address));
  g_autofree char *reason = g_strconcat("complaint: ", type, NULL);
  returned_mail_set_reason(mail, slice_of(reason));
  return TRUE;
}

// Hotmail's older form: a letter attached to a subject.
static gboolean read_old_complaint(const BounceParts *parts, ReturnedMail *mail) {
  g_autofree char *subject = mail_field_text(parts->header, "Subject");
  g_autofree char *lower = g_ascii_strdown(g_strstrip(subject), -1);
  if (parts->original == NULL || !g_str_has_prefix(lower, "complaint about message from")) {
    return FALSE;
  }
  Slice original = {parts->original->str, parts->original->len};
  mail->kind = BOUNCE_COMPLAINT;
  replace(&mail->address, without_brackets(mail_field(original, "X-HmXmrOriginalRecipient")));
  returned_mail_set_reason(mail, SLICE_LITERAL("complaint: abuse"));
  return TRUE;
}

gboolean bounce_report_read(const BounceParts *parts, ReturnedMail *mail) {
  if (parts->feedback != NULL) {
    return read_feedback(parts, mail);
  }
  return parts->status != NULL ? read_status_part(parts, mail) : read_old_complaint(parts, mail);
}
