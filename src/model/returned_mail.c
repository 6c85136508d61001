// SPDX-License-Identifier: Apache-2.0
//
// Implements returned_mail.h. The words are those that mail systems use; codes alone tell too
// little: 550 5.7.1 is "no such user" with some and "you are on a list" with others.
#include "model/returned_mail.h"

#include <string.h>

#define TEXT_LOOKED_AT 4096
#define TOKEN_SHORTEST 19 // two small numbers and the MAC, in base 64; base 32 has 23
#define TOKEN_LONGEST 80
#define ENVELOPE_SHORTEST 23
#define BASE64 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

ReturnedMail *returned_mail_new(void) {
  ReturnedMail *mail = g_new0(ReturnedMail, 1);
  mail->kind = BOUNCE_UNKNOWN;
  mail->digest = g_strdup("");
  mail->status = g_strdup("");
  mail->reason = g_strdup("");
  mail->address = g_strdup("");
  return mail;
}

static void token_free(gpointer data) {
  ReturnedToken *token = data;
  g_free(token->text);
  g_free(token);
}

void returned_mail_free(ReturnedMail *mail) {
  if (mail != NULL) {
    g_free(mail->digest);
    g_free(mail->status);
    g_free(mail->reason);
    g_free(mail->address);
    g_clear_pointer(&mail->tokens, g_ptr_array_unref);
    g_free(mail);
  }
}

void returned_mail_add_token(ReturnedMail *mail, ReturnedTokenKind kind, Slice text) {
  if (mail->tokens == NULL) {
    mail->tokens = g_ptr_array_new_with_free_func(token_free);
  }
  if (text.length == 0 || mail->tokens->len >= RETURNED_TOKENS) {
    return;
  }
  for (guint i = 0; i < mail->tokens->len; i++) {
    const ReturnedToken *known = mail->tokens->pdata[i];
    if (known->kind == kind && slice_equal_text(text, known->text)) {
      return;
    }
  }
  ReturnedToken *token = g_new(ReturnedToken, 1);
  *token = (ReturnedToken){kind, slice_dup(text)};
  g_ptr_array_add(mail->tokens, token);
}

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

void returned_mail_add_addresses(ReturnedMail *mail, Slice text, gboolean message_ids) {
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

void returned_mail_set_reason(ReturnedMail *mail, Slice text) {
  g_autofree char *valid = g_utf8_make_valid(text.data != NULL ? text.data : "",
                                             (gssize)MIN(text.length, 4 * RETURNED_REASON_BYTES));
  g_autoptr(GString) out = g_string_new(NULL);
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (!g_unichar_isprint(letter) || g_unichar_isspace(letter)) {
      letter = ' ';
    }
    if (out->len + 6 > RETURNED_REASON_BYTES) {
      break;
    }
    if (letter != ' ' || (out->len > 0 && out->str[out->len - 1] != ' ')) {
      g_string_append_unichar(out, letter);
    }
  }
  g_free(mail->reason);
  mail->reason = g_strchomp(g_string_free(g_steal_pointer(&out), FALSE));
}

// ---- what a refusal means ---------------------------------------------------------------------

typedef struct Phrase {
  const char *words; // lower case; what stands in the text with single spaces
  BounceKind kind;
} Phrase;

// The first that stands in the text decides. What is about us comes before what is about them: a
// system that blocks us may well say anything of the mailbox.
static const Phrase PHRASES[] = {
    // the mailbox is full, or the message too large
    {"mailbox full", BOUNCE_SOFT},
    {"mailbox is full", BOUNCE_SOFT},
    {"mailbox has exceeded", BOUNCE_SOFT},
    {"mailbox exceeded", BOUNCE_SOFT},
    {"mailbox size limit exceeded", BOUNCE_SOFT},
    {"over quota", BOUNCE_SOFT},
    {"overquota", BOUNCE_SOFT},
    {"over the maximum allowed mailbox size", BOUNCE_SOFT},
    {"quota exceeded", BOUNCE_SOFT},
    {"exceeded its quota", BOUNCE_SOFT},
    {"exceeded quota", BOUNCE_SOFT},
    {"exceeded storage", BOUNCE_SOFT},
    {"exceeds quota", BOUNCE_SOFT},
    {"exceed the quota", BOUNCE_SOFT},
    {"out of storage space", BOUNCE_SOFT},
    {"insufficient storage", BOUNCE_SOFT},
    {"insufficient system storage", BOUNCE_SOFT},
    {"inbox is full", BOUNCE_SOFT},
    {"inbox full", BOUNCE_SOFT},
    {"quotaexceeded", BOUNCE_SOFT},
    {"storage quota", BOUNCE_SOFT},
    {"disk quota", BOUNCE_SOFT},
    {"postfach ist voll", BOUNCE_SOFT},
    {"postfach voll", BOUNCE_SOFT},
    {"speicherplatz", BOUNCE_SOFT},
    {"boîte pleine", BOUNCE_SOFT},
    {"boite pleine", BOUNCE_SOFT},
    {"boîte aux lettres pleine", BOUNCE_SOFT},
    {"buzón lleno", BOUNCE_SOFT},
    {"buzon lleno", BOUNCE_SOFT},
    {"casella piena", BOUNCE_SOFT},
    {"ящик переполнен", BOUNCE_SOFT},
    {"message too large", BOUNCE_SOFT},
    {"message is too large", BOUNCE_SOFT},
    {"message size exceeds", BOUNCE_SOFT},
    {"message exceeds", BOUNCE_SOFT},
    // we are not wanted
    {"spamhaus", BOUNCE_SOFT},
    {"spamcop", BOUNCE_SOFT},
    {"barracuda", BOUNCE_SOFT},
    {"blacklist", BOUNCE_SOFT},
    {"black list", BOUNCE_SOFT},
    {"blocklist", BOUNCE_SOFT},
    {"block list", BOUNCE_SOFT},
    {"blocked using", BOUNCE_SOFT},
    {"dnsbl", BOUNCE_SOFT},
    {"reputation", BOUNCE_SOFT},
    {"as spam", BOUNCE_SOFT},
    {"is spam", BOUNCE_SOFT},
    {"spam message", BOUNCE_SOFT},
    {"spam content", BOUNCE_SOFT},
    {"spam detected", BOUNCE_SOFT},
    {"considered spam", BOUNCE_SOFT},
    {"likely spam", BOUNCE_SOFT},
    {"likely unsolicited", BOUNCE_SOFT},
    {"unsolicited", BOUNCE_SOFT},
    {"bulk mail", BOUNCE_SOFT},
    {"banned sending ip", BOUNCE_SOFT},
    {"dmarc", BOUNCE_SOFT},
    {"dkim", BOUNCE_SOFT},
    {"spf check", BOUNCE_SOFT},
    {"spf fail", BOUNCE_SOFT},
    {"unauthenticated", BOUNCE_SOFT},
    {"reverse dns", BOUNCE_SOFT},
    {"ptr record", BOUNCE_SOFT},
    {"virus", BOUNCE_SOFT},
    {"message content rejected", BOUNCE_SOFT},
    {"content rejected", BOUNCE_SOFT},
    {"rejected by content", BOUNCE_SOFT},
    {"sender address rejected", BOUNCE_SOFT},
    {"sender rejected", BOUNCE_SOFT},
    {"sender denied", BOUNCE_SOFT},
    {"sender domain", BOUNCE_SOFT},
    {"sender's domain", BOUNCE_SOFT},
    {"sending domain", BOUNCE_SOFT},
    {"your domain", BOUNCE_SOFT},
    {"helo command rejected", BOUNCE_SOFT},
    {"invalid helo", BOUNCE_SOFT},
    {"sender not authenticated", BOUNCE_SOFT},
    {"domain of sender address", BOUNCE_SOFT},
    {"client host rejected", BOUNCE_SOFT},
    {"relay access denied", BOUNCE_SOFT},
    {"relaying denied", BOUNCE_SOFT},
    {"unable to relay", BOUNCE_SOFT},
    {"not permitted to relay", BOUNCE_SOFT},
    {"too many", BOUNCE_SOFT},
    {"rate limit", BOUNCE_SOFT},
    {"receiving mail at a rate", BOUNCE_SOFT},
    {"mail loop", BOUNCE_SOFT},
    {"routing loop", BOUNCE_SOFT},
    {"loops back to myself", BOUNCE_SOFT},
    {"hop count exceeded", BOUNCE_SOFT},
    {"greylist", BOUNCE_SOFT},
    {"graylist", BOUNCE_SOFT},
    {"try again later", BOUNCE_SOFT},
    {"temporarily", BOUNCE_SOFT},
    {"temporary failure", BOUNCE_SOFT},
    {"retry timeout exceeded", BOUNCE_SOFT},
    {"retry time not reached", BOUNCE_SOFT},
    {"connection timed out", BOUNCE_SOFT},
    {"connection refused", BOUNCE_SOFT},
    {"user verification", BOUNCE_SOFT},
    {"unverified address", BOUNCE_SOFT}, // the server could not ask, or was told no for now
    {"in reply to mail from", BOUNCE_SOFT},
    {"after mail from", BOUNCE_SOFT},
    {"malformed or unexpected name server reply", BOUNCE_SOFT},
    {"host not found, try again", BOUNCE_SOFT},
    {"permission to post", BOUNCE_SOFT},
    {"autorisé à lui envoyer", BOUNCE_SOFT},
    {"may not exist", BOUNCE_SOFT},
    {"does not accept mail from", BOUNCE_SOFT},
    // there is no such mailbox
    {"user unknown", BOUNCE_HARD},
    {"unknown user", BOUNCE_HARD},
    {"recipient unknown", BOUNCE_HARD},
    {"unknown recipient", BOUNCE_HARD},
    {"unknown local part", BOUNCE_HARD},
    {"unknown local-part", BOUNCE_HARD},
    {"unknown mailbox", BOUNCE_HARD},
    {"mailbox unknown", BOUNCE_HARD},
    {"address unknown", BOUNCE_HARD},
    {"unknown or illegal alias", BOUNCE_HARD},
    {"unknown or invalid recipient", BOUNCE_HARD},
    {"no such user", BOUNCE_HARD},
    {"nosuchuser", BOUNCE_HARD},
    {"no such mailbox", BOUNCE_HARD},
    {"no such recipient", BOUNCE_HARD},
    {"no such person", BOUNCE_HARD},
    {"no such address", BOUNCE_HARD},
    {"no such account", BOUNCE_HARD},
    {"no such local user", BOUNCE_HARD},
    {"no such domain", BOUNCE_HARD},
    {"no mailbox here by that name", BOUNCE_HARD},
    {"no mailbox by that name", BOUNCE_HARD},
    {"no mailbox here", BOUNCE_HARD},
    {"sorry, no mailbox", BOUNCE_HARD},
    {"no account by that name", BOUNCE_HARD},
    {"not a valid mailbox", BOUNCE_HARD},
    {"not a valid user", BOUNCE_HARD},
    {"not a known user", BOUNCE_HARD},
    {"invalid mailbox", BOUNCE_HARD},
    {"invalid recipient", BOUNCE_HARD},
    {"invalid address", BOUNCE_HARD},
    {"invalid user", BOUNCE_HARD},
    {"recipnotfound", BOUNCE_HARD},
    {"recipientnotfound", BOUNCE_HARD},
    {"recipient not found", BOUNCE_HARD},
    {"recipient rejected", BOUNCE_HARD},
    {"addressee unknown", BOUNCE_HARD},
    {"user not found", BOUNCE_HARD},
    {"mailbox not found", BOUNCE_HARD},
    {"account not found", BOUNCE_HARD},
    {"address not found", BOUNCE_HARD},
    {"email address could not be found", BOUNCE_HARD},
    {"e-mail address could not be found", BOUNCE_HARD},
    {"address couldn't be found", BOUNCE_HARD},
    {"user does not exist", BOUNCE_HARD},
    {"user doesn't exist", BOUNCE_HARD},
    {"does not exist", BOUNCE_HARD},
    {"doesn't exist", BOUNCE_HARD},
    {"user not exist", BOUNCE_HARD},
    {"this user doesn't have a", BOUNCE_HARD},
    {"invalid final delivery userid", BOUNCE_HARD},
    {"no valid recipient", BOUNCE_HARD},
    {"does not have an email account", BOUNCE_HARD},
    {"does not have a mailbox", BOUNCE_HARD},
    {"does not have an account", BOUNCE_HARD},
    {"doesn't have an account", BOUNCE_HARD},
    {"not our customer", BOUNCE_HARD},
    {"not a customer", BOUNCE_HARD},
    {"not listed in public name & address book", BOUNCE_HARD},
    {"not listed in domino directory", BOUNCE_HARD},
    {"resolver.adr.", BOUNCE_HARD},
    {"unrouteable address", BOUNCE_HARD},
    {"unroutable address", BOUNCE_HARD},
    {"undeliverable address", BOUNCE_HARD},
    {"mailbox unavailable", BOUNCE_HARD},
    {"mailbox not available", BOUNCE_HARD},
    {"mailbox is unavailable", BOUNCE_HARD},
    {"empfänger unbekannt", BOUNCE_HARD},
    {"unbekannter empfänger", BOUNCE_HARD},
    {"benutzer unbekannt", BOUNCE_HARD},
    {"nicht gefunden", BOUNCE_HARD},
    {"existiert nicht", BOUNCE_HARD},
    {"utilisateur inconnu", BOUNCE_HARD},
    {"destinataire inconnu", BOUNCE_HARD},
    {"adresse d'au moins un destinataire invalide", BOUNCE_HARD},
    {"n'existe pas", BOUNCE_HARD},
    {"usuario desconocido", BOUNCE_HARD},
    {"no existe", BOUNCE_HARD},
    {"usuário desconhecido", BOUNCE_HARD},
    {"não existe", BOUNCE_HARD},
    {"utente sconosciuto", BOUNCE_HARD},
    {"non esiste", BOUNCE_HARD},
    {"niet gevonden", BOUNCE_HARD},
    {"bestaat niet", BOUNCE_HARD},
    {"nie istnieje", BOUNCE_HARD},
    {"пользователь не найден", BOUNCE_HARD},
    {"такого пользователя нет", BOUNCE_HARD},
    {"не существует", BOUNCE_HARD},
    {"ユーザーが見つかりません", BOUNCE_HARD},
    // it was closed
    {"account disabled", BOUNCE_HARD},
    {"account is disabled", BOUNCE_HARD},
    {"account has been disabled", BOUNCE_HARD},
    {"account that you tried to reach is disabled", BOUNCE_HARD},
    {"account is inactive", BOUNCE_HARD},
    {"account inactive", BOUNCE_HARD},
    {"account that you tried to reach is inactive", BOUNCE_HARD},
    {"account expired", BOUNCE_HARD},
    {"account has expired", BOUNCE_HARD},
    {"account has been closed", BOUNCE_HARD},
    {"account closed", BOUNCE_HARD},
    {"account has been suspended", BOUNCE_HARD},
    {"account is suspended", BOUNCE_HARD},
    {"account deactivated", BOUNCE_HARD},
    {"mailbox disabled", BOUNCE_HARD},
    {"mailbox is disabled", BOUNCE_HARD},
    {"mailbox is inactive", BOUNCE_HARD},
    {"mailbox inactive", BOUNCE_HARD},
    {"inactive user", BOUNCE_HARD},
    {"user is inactive", BOUNCE_HARD},
    {"user disabled", BOUNCE_HARD},
    {"user suspended", BOUNCE_HARD},
    {"user is disabled", BOUNCE_HARD},
    {"no longer in use", BOUNCE_HARD},
    {"no longer valid", BOUNCE_HARD},
    {"no longer active", BOUNCE_HARD},
    {"no longer available", BOUNCE_HARD},
    {"no longer employed", BOUNCE_HARD},
    {"no longer exists", BOUNCE_HARD},
    {"address has changed", BOUNCE_HARD},
    {"has moved", BOUNCE_HARD},
    // the domain takes no mail
    {"domain not found", BOUNCE_HARD},
    {"domain name not found", BOUNCE_HARD},
    {"host not found", BOUNCE_HARD},
    {"host unknown", BOUNCE_HARD},
    {"unknown host", BOUNCE_HARD},
    {"unknown domain", BOUNCE_HARD},
    {"unrouteable mail domain", BOUNCE_HARD},
    {"nullmx", BOUNCE_HARD},
    {"null mx", BOUNCE_HARD},
    {"does not accept mail", BOUNCE_HARD},
    {"indicated no smtp service", BOUNCE_HARD},
    {"no mx record found for domain", BOUNCE_HARD},
    {"dns lookup failure: host", BOUNCE_HARD},
    {"couldn't find any host", BOUNCE_HARD},
    {"all relevant mx records point to non-existent hosts", BOUNCE_HARD},
};

typedef struct StatusRule {
  const char *begins;
  BounceKind kind;
} StatusRule;

// RFC 3463, RFC 5248's registry. Whole codes, or with a dot at the end all below.
static const StatusRule STATUSES[] =
    {
        {"5.1.1", BOUNCE_HARD}, {"5.1.2", BOUNCE_HARD},  {"5.1.3", BOUNCE_HARD},
        {"5.1.6", BOUNCE_HARD}, {"5.1.10", BOUNCE_HARD}, {"5.2.1", BOUNCE_HARD},
        {"5.4.4", BOUNCE_HARD}, // the domain has no host
        {"5.7.13", BOUNCE_HARD} // account disabled (RFC 5248's registry)
};

// Lower case, single blanks, without addresses: names mean nothing. "FROM:<a@b.example>" ->
// "from:".
static char *plain_words(Slice text) {
  g_autofree char *valid = g_utf8_make_valid(text.data != NULL ? text.data : "",
                                             (gssize)MIN(text.length, TEXT_LOOKED_AT));
  g_autofree char *lower = g_utf8_strdown(valid, -1);
  g_autoptr(GString) out = g_string_new(NULL);
  for (const char *at = lower; *at != '\0';) {
    at += strspn(at, " \t\r\n\f\v");
    gsize length = strcspn(at, " \t\r\n\f\v");
    const char *bracket = memchr(at, '<', length);
    gsize kept = memchr(at, '@', length) == NULL ? length
                 : bracket != NULL               ? (gsize)(bracket - at)
                                                 : 0;
    if (kept > 0) {
      g_string_append_printf(out, "%s%.*s", out->len > 0 ? " " : "", (int)kept, at);
    }
    at += length;
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean by_words(const char *words, BounceKind *ret_kind) {
  for (gsize i = 0; i < G_N_ELEMENTS(PHRASES); i++) {
    if (strstr(words, PHRASES[i].words) != NULL) {
      *ret_kind = PHRASES[i].kind;
      return TRUE;
    }
  }
  return FALSE;
}

static BounceKind by_status(const char *status) {
  for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    if (strcmp(status, STATUSES[i].begins) == 0) {
      return STATUSES[i].kind;
    }
  }
  return BOUNCE_SOFT;
}

BounceKind returned_mail_classify(guint code, const char *status, Slice text) {
  BounceKind kind = BOUNCE_SOFT;
  status = status != NULL ? status : "";
  g_autofree char *words = plain_words(text);
  gboolean permanent = status[0] != '\0' ? status[0] == '5' : code == 0 || code >= 500;
  if (!permanent) {
    return BOUNCE_SOFT; // given up after days, but it may work again
  }
  // Our own address, whatever the words are.
  if (strcmp(status, "5.1.7") == 0 || strcmp(status, "5.1.8") == 0) {
    return BOUNCE_SOFT;
  }
  // Exchange Online's word for a mailbox that is not in the directory.
  if (strcmp(status, "5.4.1") == 0 && strstr(words, "recipient address rejected") != NULL) {
    return BOUNCE_HARD;
  }
  return by_words(words, &kind) ? kind : by_status(status);
}
