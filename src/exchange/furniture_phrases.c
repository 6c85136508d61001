// SPDX-License-Identifier: Apache-2.0
//
// Implements furniture_phrases.h.
#include "exchange/furniture_phrases.h"

#include "base/text.h"
#include "exchange/furniture_patterns.h"

#include <string.h>

typedef struct Phrases {
  GRegex *patterns[FURNITURE_KINDS]; // all of a kind in one
  GRegex *reporting, *reporting_always, *person, *imperative, *noun;
} Phrases;

static GRegex *compile(const char *pattern) {
  GError *error = NULL;
  GRegex *regex = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, &error);
  if (regex == NULL) {
    g_error("furniture pattern: %s", error->message); // a bug of ours: the tests compile them all
  }
  return regex;
}

static Phrases *compile_phrases(void) {
  Phrases *phrases = g_new0(Phrases, 1);
  for (guint kind = 0; kind < FURNITURE_KINDS; kind++) {
    GString *joined = g_string_new("^(?:");
    for (gsize i = 0; i < G_N_ELEMENTS(PATTERNS); i++) {
      if (PATTERNS[i].kind == kind) {
        g_string_append_printf(joined, "%s(?:%s)", joined->len > 4 ? "|" : "", PATTERNS[i].pattern);
      }
    }
    g_string_append_c(joined, ')');
    phrases->patterns[kind] = compile(joined->str);
    g_string_free(joined, TRUE);
  }
  phrases->reporting = compile(REPORTING_PATTERN);
  phrases->reporting_always = compile(REPORTING_ALWAYS_PATTERN);
  phrases->person = compile(SIGN_PERSON_PATTERN);
  phrases->imperative = compile(SIGN_IMPERATIVE_PATTERN);
  phrases->noun = compile(SIGN_NOUN_PATTERN);
  return phrases;
}

// A constant that takes a while to spell out: written once, whoever comes first, then only read.
static const Phrases *compiled_phrases(void) {
  static gsize phrases = 0;
  if (g_once_init_enter(&phrases)) {
    g_once_init_leave(&phrases, (gsize)compile_phrases());
  }
  return (const Phrases *)phrases;
}

// Plain text of a sentence: "[Sign up](https://…)" -> "Sign up", "**Read more:**" -> "Read more:".
char *furniture_plain(Slice sentence) {
  GString *out = g_string_sized_new(sentence.length);
  for (gsize i = 0; i < sentence.length; i++) {
    char letter = sentence.data[i];
    if (letter == ']' && i + 1 < sentence.length && sentence.data[i + 1] == '(') {
      gssize end = slice_find_char(slice_from(sentence, i), ')');
      i = end > 0 ? i + (gsize)end : sentence.length;
    } else if (letter == '\\' || letter == '*' || letter == '[' || letter == '`') {
      continue;
    } else {
      g_string_append_c(out, letter);
    }
  }
  g_autofree char *raw = g_string_free(out, FALSE);
  if (!g_utf8_validate(raw, -1, NULL)) {
    return g_strdup("");
  }
  GString *plain = g_string_new(NULL);
  gboolean begun = FALSE;
  for (const char *at = raw; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    gboolean opens = letter == 0x201C || letter == '"' || letter == 0x201E || letter == 0xAB ||
                     letter == 0x2018 || letter == '\'';
    begun = begun || g_unichar_isalnum(letter) || opens || letter == 0xA9 || letter == '(';
    if (begun) { // bullets, arrows, pictograms and ¿ before the first word fall away
      g_string_append_unichar(plain, letter == 0x2019 || letter == 0x2018 ? '\'' : letter);
    }
  }
  g_autofree char *text = g_string_free(plain, FALSE);
  return text_collapse_space(slice_of(text));
}

static gboolean matches(const GRegex *regex, const char *text) {
  return g_regex_match(regex, text, 0, NULL);
}

Judgement furniture_judge(const char *plain, FurnitureKind *ret_kind) {
  const Phrases *phrases = compiled_phrases();
  *ret_kind = FURNITURE_LIKELY;
  if (plain[0] == '\0' || plain[0] == '"' || g_str_has_prefix(plain, "“") ||
      g_str_has_prefix(plain, "„") || g_str_has_prefix(plain, "«")) {
    return KEEP;
  }
  gboolean reporting = matches(phrases->reporting, plain);
  for (guint kind = 0; kind < FURNITURE_LIKELY; kind++) {
    gboolean strict =
        kind == FURNITURE_CONSENT || kind == FURNITURE_COPYRIGHT || kind == FURNITURE_RELATED;
    gboolean veto =
        strict ? kind == FURNITURE_CONSENT && matches(phrases->reporting_always, plain) : reporting;
    if (!veto && matches(phrases->patterns[kind], plain)) {
      *ret_kind = kind;
      return SURE;
    }
  }
  if (reporting || strlen(plain) > 200) {
    return KEEP;
  }
  int signs = matches(phrases->person, plain) + matches(phrases->imperative, plain) +
              matches(phrases->noun, plain);
  if (matches(phrases->patterns[FURNITURE_LIKELY], plain)) {
    return LIKELY;
  }
  *ret_kind = FURNITURE_KINDS; // by its signs, not by its words
  return signs >= 2 ? LIKELY : KEEP;
}

gboolean furniture_is_reporting(const char *plain) {
  return matches(compiled_phrases()->reporting, plain);
}
