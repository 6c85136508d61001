// SPDX-License-Identifier: Apache-2.0
//
// Implements the part of bounce_parts.h that reads what machines wrote for people: bounces without
// a machine's part, and the absence notes and challenges that are none. The words are those of the
// mail systems in use, and of some that should not be any more.
#include <string.h>

#include "mail/bounce_parts.h"

#define LOOKED_AT 16384 // bytes of text
#define DIAGNOSTIC_LINES 4

static gboolean has_one(const char *text, const char *const *phrases) {
  for (; *phrases != NULL; phrases++) {
    if (strstr(text, *phrases) != NULL) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean begins_with_one(const char *text, const char *const *phrases) {
  for (; *phrases != NULL; phrases++) {
    if (g_str_has_prefix(text, *phrases)) {
      return TRUE;
    }
  }
  return FALSE;
}

static char *lower_field(const BounceParts *parts, const char *name) {
  g_autofree char *text = mail_field_text(parts->header, name);
  return g_utf8_strdown(text, -1);
}

// ---- answers that people's programs give --------------------------------------------------------

static const char *const AUTOMATIC_SUBJECTS[] = {"out of office",
                                                 "out of the office",
                                                 "out-of-office",
                                                 "automatic reply",
                                                 "automatic response",
                                                 "auto:",
                                                 "auto reply",
                                                 "auto-reply",
                                                 "autoreply",
                                                 "auto response",
                                                 "autoresponse",
                                                 "autoresponder",
                                                 "[auto",
                                                 "(auto",
                                                 "vacation",
                                                 "on vacation",
                                                 "on leave",
                                                 "away from",
                                                 "i am away",
                                                 "abwesen",
                                                 "automatische antwort",
                                                 "automatische beantwortung",
                                                 "autom. antwort",
                                                 "nicht im büro",
                                                 "nicht im haus",
                                                 "urlaub",
                                                 "absence",
                                                 "réponse automatique",
                                                 "reponse automatique",
                                                 "absent du bureau",
                                                 "respuesta automática",
                                                 "respuesta automatica",
                                                 "fuera de la oficina",
                                                 "resposta automática",
                                                 "fora do escritório",
                                                 "risposta automatica",
                                                 "fuori sede",
                                                 "automatisch antwoord",
                                                 "afwezig",
                                                 "autosvar",
                                                 "frånvaro",
                                                 "fravær",
                                                 "automaattinen vastaus",
                                                 "odpowiedź automatyczna",
                                                 "automatická odpověď",
                                                 "автоответ",
                                                 "автоматический ответ",
                                                 "自動返信",
                                                 "自动回复",
                                                 "رد تلقائي",
                                                 "otomatik yanıt",
                                                 "read:",
                                                 "gelesen:",
                                                 "lu :",
                                                 "leído:",
                                                 "delivered:",
                                                 "received:",
                                                 "your message has been received",
                                                 "thank you for your message",
                                                 "thank you for your email",
                                                 NULL};
// Programs that want to be answered before they let a letter through.
static const char *const CHALLENGE_SUBJECTS[] = {"please confirm your message",
                                                 "confirm your email",
                                                 "[spamarrest",
                                                 "spamarrest",
                                                 "boxbe",
                                                 "your email requires verification",
                                                 "sender verification",
                                                 "verify your message",
                                                 "please verify your",
                                                 "challenge",
                                                 "message awaiting",
                                                 "requires verification",
                                                 NULL};

static gboolean is_set(const BounceParts *parts, const char *const *names) {
  for (; *names != NULL; names++) {
    if (mail_field(parts->header, *names).data != NULL) {
      return TRUE;
    }
  }
  return FALSE;
}

// "Re: Out of office" is one, too.
static const char *after_re(const char *subject) {
  static const char *const PREFIXES[] = {"re:", "aw:", "sv:", "antw:", "ré:", "fwd:", "fw:"};
  for (gsize i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
    if (g_str_has_prefix(subject, PREFIXES[i])) {
      subject += strlen(PREFIXES[i]);
      subject += strspn(subject, " ");
    }
  }
  return subject;
}

gboolean bounce_text_is_automatic(const BounceParts *parts) {
  static const char *const FIELDS[] = {
      "X-Autoreply",      "X-Autorespond", "X-Autoresponder",  "X-Auto-Reply-From",
      "X-Mail-Autoreply", "X-Vacation",    "X-AutoReply-From", NULL};
  static const char *const PRECEDENCE[] = {"auto_reply", "auto-reply", NULL};
  g_autofree char *submitted = lower_field(parts, "Auto-Submitted");
  g_autofree char *precedence = lower_field(parts, "Precedence");
  g_autofree char *class = lower_field(parts, "X-POST-MessageClass");
  g_autofree char *subject = lower_field(parts, "Subject");
  return g_str_has_prefix(submitted, "auto-") || is_set(parts, FIELDS) ||
         has_one(precedence, PRECEDENCE) || strstr(class, "autoresponder") != NULL ||
         begins_with_one(after_re(subject), AUTOMATIC_SUBJECTS) ||
         has_one(subject, CHALLENGE_SUBJECTS);
}

// ---- bounces ------------------------------------------------------------------------------------

static const char *const MACHINES[] = {"mailer-daemon",
                                       "mailer_daemon",
                                       "mailerdaemon",
                                       "mail-daemon",
                                       "maildaemon",
                                       "mail delivery s",
                                       "mdaemon",
                                       "postmaster",
                                       "mail delivery system",
                                       "mail administrator",
                                       "system administrator",
                                       "microsoft exchange",
                                       "microsoftexchange",
                                       "mail-delivery",
                                       "mailsystem",
                                       "systemadministrator",
                                       "quarantine",
                                       NULL};

static const char *const OPENINGS[] = {"hi. this is the", // qmail, QSBMF; Apache James
                                       "this message was created automatically by", // Exim
                                       "this is the mail system at host",           // Postfix
                                       "this is the postfix program at host",
                                       "message from yahoo",
                                       "delivery to the following recipient",
                                       "the following addresses had permanent",
                                       "the following addresses had fatal",
                                       "the following addresses had delivery",
                                       "transcript of session follows",
                                       "your message did not reach some or all",
                                       "ihre nachricht hat einige oder alle",
                                       "votre message n'est pas parvenu",
                                       "the message that you sent was undeliverable",
                                       "your message could not be delivered",
                                       "message could not be delivered to",
                                       "could not deliver message to",
                                       "could not be delivered to the following",
                                       "could not be delivered to one or more",
                                       "failed to deliver to",
                                       "failed to deliver your message",
                                       "unable to deliver message to",
                                       "unable to deliver your message",
                                       "undeliverable mail",
                                       "undelivered mail returned",
                                       "mail delivery failed",
                                       "returned mail",
                                       "xmail bounce",
                                       "message log follows",
                                       "trouble delivering your message",
                                       "error delivering your mail",
                                       "delivery has failed to these recipients",
                                       "was not delivered to",
                                       "wasn't delivered to",
                                       "konnte nicht zugestellt werden",
                                       "n'a pas pu être remis",
                                       "n'a pu être remis",
                                       "no se pudo entregar",
                                       "não pôde ser entregue",
                                       "impossibile recapitare",
                                       "это письмо создано автоматически",
                                       "недоставленное сообщение",
                                       "sorry, we were unable to deliver",
                                       "抱歉，您的邮件被退回",
                                       NULL};

static const char *const SUBJECTS[] = {"undeliver",
                                       "delivery status notification",
                                       "delivery failure",
                                       "delivery failed",
                                       "mail delivery failed",
                                       "failure notice",
                                       "returned mail",
                                       "mail system error",
                                       "non delivery",
                                       "non-delivery",
                                       "nondeliverable",
                                       "delivery notification",
                                       "delivery problem",
                                       "mail could not be delivered",
                                       "message undeliverable",
                                       "warning: could not send",
                                       "mail failure",
                                       "unzustellbar",
                                       "nicht zugestellt",
                                       "zustellung fehlgeschlagen",
                                       "rückmeldung",
                                       "échec de la remise",
                                       "non remis",
                                       "no se puede entregar",
                                       "mancata consegna",
                                       "недоставлен",
                                       "不可送达",
                                       "退信",
                                       "系统退信",
                                       "postmaster notify",
                                       NULL};

static const char *const WAITING[] = {"this is a warning message only",
                                      "you do not need to resend",
                                      "do not need to resend",
                                      "has not been delivered to one or more",
                                      "not yet been delivered",
                                      "not been delivered yet",
                                      "no action is required on your part",
                                      "delivery attempts will continue",
                                      "will continue to try",
                                      "will keep trying",
                                      "still being retried",
                                      "will be retried",
                                      "will retry",
                                      "delivery status notification (delay)",
                                      "warning: could not send message for past",
                                      "warning: message",
                                      "delayed mail (still being retried)",
                                      "message delayed",
                                      "wird weiterhin versucht",
                                      "weitere zustellversuche",
                                      NULL};

// Where the copy of our own letter begins: its words are not the machine's.
static const char *const COPY[] = {"--- below this line is a copy",
                                   "------ this is a copy of",
                                   "--- this is a copy of",
                                   "----- original message",
                                   "-----original message",
                                   "----- message header follows",
                                   "--- message header follows",
                                   "--- the header of the original",
                                   "-- the header of the original",
                                   "--- header of the original",
                                   "----- unsent message",
                                   "message header follows:",
                                   "unsent message follows",
                                   "received: from",
                                   "--- original message",
                                   "original message headers",
                                   "original message follows",
                                   "a copy of the original message",
                                   NULL};

static void cut_copy(char *text) {
  for (gsize i = 0; COPY[i] != NULL; i++) {
    char *found = strstr(text, COPY[i]);
    if (found != NULL && found != text) {
      *found = '\0';
    }
  }
}

// The words in lower case, blanks made one, so that phrases are found across lines' ends; lines
// stay apart in `lines`.
static char *one_line(const char *lines) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (; *lines != '\0'; lines++) {
    gboolean blank = g_ascii_isspace(*lines);
    if (!blank || (out->len > 0 && out->str[out->len - 1] != ' ')) {
      g_string_append_c(out, blank ? ' ' : *lines);
    }
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_digit(Slice text, gsize at) {
  return at < text.length && g_ascii_isdigit(text.data[at]);
}

// "5.1.10" at that place; gives its length, 0 if there is none.
static gsize status_length(Slice text, gsize at) {
  gsize i = at + 1;
  if (text.data[at] != '2' && text.data[at] != '4' && text.data[at] != '5') {
    return 0;
  }
  for (guint part = 0; part < 2; part++) {
    gsize digits = 0;
    if (i >= text.length || text.data[i] != '.') {
      return 0;
    }
    for (i++; is_digit(text, i) && digits <= 3; i++) {
      digits++;
    }
    if (digits == 0 || digits > 3) {
      return 0;
    }
  }
  gboolean more = i + 1 < text.length && text.data[i] == '.' && is_digit(text, i + 1);
  return more ? 0 : i - at; // four numbers are an address of the network
}

static gboolean is_code(Slice text, gsize at) {
  return (text.data[at] == '4' || text.data[at] == '5') && is_digit(text, at + 1) &&
         text.data[at + 1] <= '7' && is_digit(text, at + 2) && !is_digit(text, at + 3) &&
         (at + 3 == text.length || strchr(" -,:;)>\r\n\t#", text.data[at + 3]) != NULL);
}

void bounce_text_codes(Slice text, guint *ret_code, char ret_status[16]) {
  *ret_code = 0;
  ret_status[0] = '\0';
  for (gsize i = 0; i < text.length && (*ret_code == 0 || ret_status[0] == '\0'); i++) {
    gboolean begins = i == 0 || (!g_ascii_isalnum(text.data[i - 1]) && text.data[i - 1] != '.');
    if (!begins) {
      continue;
    }
    gsize length = status_length(text, i);
    if (length > 0 && ret_status[0] == '\0') {
      memcpy(ret_status, text.data + i, length);
      ret_status[length] = '\0';
      i += length - 1;
    } else if (length == 0 && *ret_code == 0 && is_code(text, i)) {
      *ret_code = (guint)g_ascii_digit_value(text.data[i]) * 100 +
                  (guint)g_ascii_digit_value(text.data[i + 1]) * 10 +
                  (guint)g_ascii_digit_value(text.data[i + 2]);
    }
  }
}

// The lines around the first code: what the other server said, without what is said around it.
static char *find_diagnostic(const char *lines) {
  Slice rest = slice_of(lines);
  Slice line;
  const char *start = NULL; // of the line before, which may say at what: "after MAIL FROM"
  while (slice_next_line(&rest, &line)) {
    guint code = 0;
    char status[16];
    bounce_text_codes(line, &code, status);
    if (code == 0 && status[0] == '\0') {
      start = slice_trim(line).length > 0 ? line.data : NULL;
      continue;
    }
    start = start != NULL ? start : line.data;
    const char *end = line.data + line.length;
    Slice more;
    for (guint i = 1; i < DIAGNOSTIC_LINES && slice_next_line(&rest, &more); i++) {
      if (slice_trim(more).length == 0) {
        break;
      }
      end = more.data + more.length;
    }
    return g_strndup(start, (gsize)(end - start));
  }
  return g_strdup("");
}

// "X-Failed-Recipients" (Exim), else the first <address> of the text.
static void take_address(const BounceParts *parts, const char *lines, ReturnedMail *mail) {
  Slice failed = mail_field(parts->header, "X-Failed-Recipients");
  gssize comma = slice_find_char(failed, ',');
  failed = slice_trim(comma >= 0 ? slice_range(failed, 0, (gsize)comma) : failed);
  Slice rest = slice_of(lines);
  for (gssize open; failed.length == 0 && (open = slice_find_char(rest, '<')) >= 0;) {
    rest = slice_from(rest, (gsize)open + 1);
    gssize close = slice_find_char(slice_range(rest, 0, 320), '>');
    Slice inside = slice_range(rest, 0, close > 0 ? (gsize)close : 0);
    if (slice_find_char(inside, '@') > 0 && slice_find_char(inside, ' ') < 0) {
      failed = inside;
    }
  }
  g_free(mail->address);
  mail->address = slice_dup(slice_range(failed, 0, RETURNED_REASON_BYTES));
}

// `shown`: the lines as they were written, for people.
static void judge(const char *lines, const char *words, const char *shown, ReturnedMail *mail) {
  guint code = 0;
  char status[16];
  g_autofree char *diagnostic = find_diagnostic(lines);
  bounce_text_codes(slice_of(diagnostic), &code, status);
  mail->kind = returned_mail_classify(code, status, slice_of(diagnostic));
  // Nothing that tells, where the codes stood: the rest of what is said.
  if (mail->kind == BOUNCE_SOFT && code < 500 && status[0] != '4' &&
      (code == 0 || status[0] == '5')) {
    mail->kind = returned_mail_classify(code, status, slice_of(words));
  }
  g_free(mail->status);
  mail->status = g_strdup(status);
  g_autofree char *written = *diagnostic != '\0' ? find_diagnostic(shown) : NULL;
  returned_mail_set_reason(mail, slice_of(written != NULL ? written : words));
}

static gboolean is_bounce(const BounceParts *parts, const char *words) {
  g_autofree char *from = lower_field(parts, "From");
  g_autofree char *path = lower_field(parts, "Return-Path");
  g_autofree char *subject = lower_field(parts, "Subject");
  gboolean by_machine = has_one(from, MACHINES) || strcmp(path, "<>") == 0;
  if (mail_field(parts->header, "X-Failed-Recipients").data != NULL) {
    return TRUE;
  }
  return by_machine && (has_one(words, OPENINGS) || has_one(subject, SUBJECTS)) &&
         !begins_with_one(after_re(subject), AUTOMATIC_SUBJECTS);
}

gboolean bounce_text_read(const BounceParts *parts, ReturnedMail *mail) {
  g_autofree char *start = g_strndup(parts->text->str, MIN(parts->text->len, LOOKED_AT));
  g_autofree char *valid = g_utf8_make_valid(start, -1);
  g_autofree char *lines = g_utf8_strdown(valid, -1);
  cut_copy(lines);
  g_autofree char *words = one_line(lines);
  g_autofree char *subject = lower_field(parts, "Subject");
  if (!is_bounce(parts, words)) {
    return FALSE;
  }
  if (has_one(words, WAITING) || has_one(subject, WAITING)) {
    mail->kind = BOUNCE_AUTOMATIC;
    returned_mail_set_reason(mail, slice_of(subject));
    return TRUE;
  }
  take_address(parts, lines, mail);
  judge(lines, words, valid, mail);
  return TRUE;
}
