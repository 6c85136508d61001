// SPDX-License-Identifier: Apache-2.0
//
// Implements mail_address.h. The only file that knows libidn2.
#include "model/mail_address.h"

#include <idn2.h>
#include <string.h>

G_DEFINE_QUARK(broadsheet - mail - address - error, mail_address_error)

#define LOCAL_MAXIMUM 64
#define DOMAIN_MAXIMUM 253
#define LABEL_MAXIMUM 63

static char *refuse(GError **error, const char *text, const char *reason) {
  g_autofree char *shown = g_utf8_make_valid(text, MIN((gssize)strlen(text), 100));
  g_set_error(error, MAIL_ADDRESS_ERROR, MAIL_ADDRESS_ERROR_FORM, "“%s” is no mail address: %s",
              shown, reason);
  return NULL;
}

// RFC 5322 atext, and everything beyond ASCII that is a letter, mark, number or symbol (RFC 6531).
static gboolean is_local_letter(gunichar letter) {
  if (letter < 0x80) {
    return g_ascii_isalnum((char)letter) || strchr("!#$%&'*+-/=?^_`{|}~.", (int)letter) != NULL;
  }
  switch (g_unichar_type(letter)) {
  case G_UNICODE_CONTROL:
  case G_UNICODE_FORMAT:
  case G_UNICODE_UNASSIGNED:
  case G_UNICODE_PRIVATE_USE:
  case G_UNICODE_SURROGATE:
  case G_UNICODE_LINE_SEPARATOR:
  case G_UNICODE_PARAGRAPH_SEPARATOR:
  case G_UNICODE_SPACE_SEPARATOR:
    return FALSE;
  default:
    return TRUE;
  }
}

// NULL when it may stand before the '@'.
static const char *local_fault(const char *local) {
  gsize length = strlen(local);
  if (length == 0) {
    return "nothing stands before the @";
  }
  if (length > LOCAL_MAXIMUM) {
    return "what stands before the @ is longer than 64 characters";
  }
  if (local[0] == '.' || local[length - 1] == '.' || strstr(local, "..") != NULL) {
    return "a dot stands at the beginning, at the end or twice in a row before the @";
  }
  for (const char *at = local; *at != '\0'; at = g_utf8_next_char(at)) {
    if (!is_local_letter(g_utf8_get_char(at))) {
      return "there is a blank or a sign that can't stand before the @";
    }
  }
  return NULL;
}

// NULL when every label is letters, digits and inner hyphens, and the last is no number.
static const char *domain_fault(const char *domain) {
  gsize length = strlen(domain);
  guint count = 0;
  gboolean number = FALSE; // the last label
  if (length == 0) {
    return "nothing stands after the @";
  }
  if (length > DOMAIN_MAXIMUM) {
    return "the domain is too long";
  }
  for (const char *label = domain; label != NULL; count++) {
    const char *dot = strchr(label, '.');
    gsize size = dot != NULL ? (gsize)(dot - label) : strlen(label);
    if (size == 0) {
      return count == 0 && dot == NULL ? "nothing stands after the @"
                                       : "a dot stands at the beginning, at the end or twice in a "
                                         "row in the domain";
    }
    gsize good = strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (size > LABEL_MAXIMUM || label[0] == '-' || label[size - 1] == '-' || good != size) {
      return "the domain has a sign that no domain has";
    }
    number = strspn(label, "0123456789") == size;
    label = dot != NULL ? dot + 1 : NULL;
  }
  if (count < 2) {
    return "the domain has no dot; a whole one is such as example.org";
  }
  return number ? "numbers alone are no domain" : NULL;
}

// A-labels in lower case; NULL if IDNA 2008 refuses it. Caller frees.
static char *domain_to_ascii(const char *domain) {
  char *ascii = NULL;
  if (g_str_is_ascii(domain) && strstr(domain, "--") == NULL) {
    return g_ascii_strdown(domain, -1); // nothing that IDNA would change
  }
  if (idn2_to_ascii_8z(domain, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) {
    return NULL;
  }
  char *lower = g_ascii_strdown(ascii, -1);
  idn2_free(ascii);
  return lower;
}

static char *trim(const char *text) {
  while (g_unichar_isspace(g_utf8_get_char(text)) && *text != '\0') {
    text = g_utf8_next_char(text);
  }
  const char *end = text + strlen(text);
  while (end > text) {
    const char *before = g_utf8_find_prev_char(text, end);
    if (before == NULL || !g_unichar_isspace(g_utf8_get_char(before))) {
      break;
    }
    end = before;
  }
  return g_strndup(text, (gsize)(end - text));
}

char *mail_address_normalise(const char *text, GError **error) {
  if (!g_utf8_validate(text, -1, NULL)) {
    return refuse(error, text, "it is not UTF-8");
  }
  g_autofree char *trimmed = trim(text);
  const char *at = strrchr(trimmed, '@');
  if (*trimmed == '\0' || at == NULL) {
    return refuse(error, trimmed, "there is no @ in it");
  }
  g_autofree char *given = g_strndup(trimmed, (gsize)(at - trimmed));
  g_autofree char *local = g_str_is_ascii(given) ? g_steal_pointer(&given)
                                                 : g_utf8_normalize(given, -1, G_NORMALIZE_NFC);
  const char *fault = local_fault(local);
  if (fault != NULL) {
    return refuse(error, trimmed, fault);
  }
  if (at[1] == '[') {
    return refuse(error, trimmed, "the domain is a number in brackets; use a name");
  }
  // "ß.example", "例え.jp"; what is ASCII already is only made lower case.
  g_autofree char *domain = domain_to_ascii(at + 1);
  if (domain == NULL) {
    return refuse(error, trimmed, at[1] == '\0' ? domain_fault("") : "the domain is none");
  }
  fault = domain_fault(domain);
  if (fault != NULL) {
    return refuse(error, trimmed, fault);
  }
  if (strlen(local) + 1 + strlen(domain) > MAIL_ADDRESS_MAXIMUM) {
    return refuse(error, trimmed, "it is longer than 254 characters");
  }
  return g_strconcat(local, "@", domain, NULL);
}

char *mail_address_key(const char *normalised) {
  if (g_str_is_ascii(normalised)) {
    return g_ascii_strdown(normalised, -1);
  }
  const char *at = strrchr(normalised, '@');
  g_autofree char *local = g_strndup(normalised, (gsize)(at - normalised));
  g_autofree char *folded = g_utf8_casefold(local, -1);
  g_autofree char *composed = g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
  return g_strconcat(composed, at, NULL);
}

gboolean mail_address_is_ascii(const char *normalised) {
  return g_str_is_ascii(normalised);
}

const char *mail_address_domain(const char *normalised) {
  const char *at = strrchr(normalised, '@');
  return at != NULL ? at + 1 : "";
}

char *mail_address_domain_shown(const char *normalised) {
  char *unicode = NULL;
  const char *domain = mail_address_domain(normalised);
  if (idn2_to_unicode_8z8z(domain, &unicode, 0) != IDN2_OK) {
    return g_strdup(domain);
  }
  char *shown = g_strdup(unicode);
  idn2_free(unicode);
  return shown;
}

// ---- what was probably meant ------------------------------------------------------------------

static const char *const WELL_KNOWN[] = {
    "gmail.com",       "googlemail.com", "outlook.com",  "outlook.de",     "hotmail.com",
    "hotmail.de",      "hotmail.co.uk",  "hotmail.fr",   "live.com",       "live.de",
    "msn.com",         "yahoo.com",      "yahoo.de",     "yahoo.co.uk",    "yahoo.fr",
    "ymail.com",       "icloud.com",     "me.com",       "mac.com",        "aol.com",
    "gmx.de",          "gmx.net",        "gmx.at",       "gmx.ch",         "gmx.com",
    "web.de",          "t-online.de",    "freenet.de",   "posteo.de",      "mailbox.org",
    "proton.me",       "protonmail.com", "pm.me",        "orange.fr",      "wanadoo.fr",
    "free.fr",         "laposte.net",    "libero.it",    "btinternet.com", "sky.com",
    "virginmedia.com", "comcast.net",    "verizon.net",  "att.net",        "bluewin.ch",
    "fastmail.com",    "zoho.com",       "qq.com",       "163.com",        "mail.ru",
    "yandex.ru",       "uol.com.br",     "terra.com.br", "mail.com",       "email.com"};

// One letter more, less or other, or two neighbours swapped (Damerau); nothing else.
static gboolean is_one_slip(const char *a, const char *b) {
  gsize length_a = strlen(a);
  gsize length_b = strlen(b);
  gsize same = 0;
  while (a[same] != '\0' && a[same] == b[same]) {
    same++;
  }
  const char *rest_a = a + same;
  const char *rest_b = b + same;
  if (length_a == length_b) {
    return strcmp(rest_a + 1, rest_b + 1) == 0 ||
           (rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a[1] != '\0' &&
            strcmp(rest_a + 2, rest_b + 2) == 0);
  }
  return (length_a == length_b + 1 && strcmp(rest_a + 1, rest_b) == 0) ||
         (length_b == length_a + 1 && strcmp(rest_a, rest_b + 1) == 0);
}

char *mail_address_suggest(const char *normalised) {
  const char *domain = mail_address_domain(normalised);
  const char *found = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(WELL_KNOWN); i++) {
    if (strcmp(domain, WELL_KNOWN[i]) == 0) {
      return NULL;
    }
    // Short names are near to too many: mac.com and mail.com are both somebody's.
    if (found == NULL && strlen(WELL_KNOWN[i]) > 7 && is_one_slip(domain, WELL_KNOWN[i])) {
      found = WELL_KNOWN[i];
    }
  }
  if (found == NULL) {
    return NULL;
  }
  return g_strdup_printf("%.*s@%s", (int)(domain - 1 - normalised), normalised, found);
}
