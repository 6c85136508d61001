// SPDX-License-Identifier: Apache-2.0
//
// Implements sentences.h.
#include "exchange/sentences.h"

#include <string.h>

static gboolean ends_with_word(const char *text, gsize start, gsize end, const char *word) {
  gsize length = strlen(word);
  return end - start >= length && g_ascii_strncasecmp(text + end - length, word, length) == 0 &&
         (end - start == length || !g_ascii_isalpha(text[end - length - 1]));
}

// Words that consent sentences and sign-up lines end in: glue is believed after these even without
// a full stop.
static gboolean ends_with_closing_noun(const char *text, gsize start, gsize end) {
  static const char *const NOUNS[] = {"Policy",
                                      "Terms",
                                      "Conditions",
                                      "Use",
                                      "Service",
                                      "Notice",
                                      "Statement",
                                      "newsletters",
                                      "newsletter",
                                      "inbox",
                                      "time",
                                      "apply",
                                      "Datenschutzerklärung",
                                      "Datenschutzbestimmungen",
                                      "Nutzungsbedingungen",
                                      "confidentialité",
                                      "utilisation",
                                      "privacidad",
                                      "Advertisement"};
  for (gsize i = 0; i < G_N_ELEMENTS(NOUNS); i++) {
    if (ends_with_word(text, start, end, NOUNS[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_abbreviation(const char *text, gsize start, gsize dot) {
  static const char *const WORDS[] = {"Mr",  "Mrs", "Ms",  "Dr", "St",  "Sen", "Rep", "Gov", "Prof",
                                      "Gen", "Lt",  "Col", "No", "vs",  "Jr",  "Sr",  "Inc", "Co",
                                      "Ltd", "bzw", "ca",  "Nr", "Str", "M",   "Mme", "Sra"};
  for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    if (ends_with_word(text, start, dot, WORDS[i])) {
      return TRUE;
    }
  }
  return dot > start && g_ascii_isupper(text[dot - 1]) &&
         (dot - start == 1 || !g_ascii_isalpha(text[dot - 2])); // "J."
}

static gboolean is_opening(gunichar letter) {
  return letter == 0x201C || letter == 0x2018 || letter == 0x201E || letter == 0xAB ||
         letter == '(' || letter == '[' || letter == 0xBF || letter == 0xA1;
}

static gboolean is_closing(gunichar letter) {
  return letter == 0x201D || letter == 0x2019 || letter == 0xBB || letter == ')' || letter == ']' ||
         letter == '"' || letter == '\'' || letter == 0x2018 || letter == '*' || letter == '_';
}

static gboolean is_terminator(gunichar letter) {
  return letter == '.' || letter == '!' || letter == '?' || letter == 0x2026;
}

static gboolean begins_sentence(const char *at) {
  gunichar letter = g_utf8_get_char(at);
  return g_unichar_isupper(letter) || g_unichar_isdigit(letter) || is_opening(letter) ||
         letter == '"' || letter == '*' || letter == '_' ||
         (g_unichar_isalpha(letter) && !g_unichar_islower(letter));
}

// Where the sentence that begins at `start` ends; *ret_next is where the next begins.
static gsize find_sentence_end(const char *text, gsize start, gsize length, gsize *ret_next,
                               gboolean *ret_glued) {
  gsize i = start;
  while (i < length) {
    gunichar letter = g_utf8_get_char(text + i);
    gsize after = i + (gsize)(g_utf8_next_char(text + i) - (text + i));
    *ret_glued = FALSE;
    if (letter == '\n') {
      *ret_next = after;
      return i;
    }
    if (i > start && g_unichar_isupper(letter) && g_ascii_islower(text[i - 1]) &&
        ends_with_closing_noun(text, start, i)) {
      *ret_next = i; // "PolicyThe minister"
      *ret_glued = TRUE;
      return i;
    }
    if (!is_terminator(letter)) {
      i = after;
      continue;
    }
    gsize end = after;
    while (end < length && (is_terminator(g_utf8_get_char(text + end)) ||
                            is_closing(g_utf8_get_char(text + end)))) {
      // ASCII quotes both open and close: one that a letter follows opens the next sentence, unless
      // it closes ours
      gsize next = end + (gsize)(g_utf8_next_char(text + end) - (text + end));
      if (text[end] == '"' && next < length && g_unichar_isalpha(g_utf8_get_char(text + next)) &&
          memchr(text + start, '"', end - start) == NULL) {
        break;
      }
      end = next;
    }
    gsize next = end;
    while (next < length && g_unichar_isspace(g_utf8_get_char(text + next)) && text[next] != '\n') {
      next += (gsize)(g_utf8_next_char(text + next) - (text + next));
    }
    gboolean spaced = next > end;
    gboolean glue = !spaced && next < length && i >= start + 2 &&
                    g_unichar_islower(g_utf8_get_char(g_utf8_prev_char(text + i))) &&
                    (begins_sentence(text + next)) &&
                    (!g_ascii_isdigit(text[next]) || ends_with_closing_noun(text, start, i));
    if (next >= length || text[next] == '\n' || glue ||
        (spaced && begins_sentence(text + next) &&
         !(letter == '.' && is_abbreviation(text, start, i)))) {
      *ret_next = next < length && text[next] == '\n' ? next + 1 : next;
      *ret_glued = glue;
      return end;
    }
    i = end;
  }
  *ret_next = length;
  return length;
}

// +1 opens, -1 closes, 0 neither. “ closes after „ (German).
static int quote_step(gunichar letter, const char *at, guint open) {
  switch (letter) {
  case 0x201E:
    return 1;
  case 0x201C:
    return open > 0 ? -1 : 1;
  case 0x201D:
    return open > 0 ? -1 : 0;
  case 0xAB:
  case 0xBB:
  case '"':
    return open > 0 ? -1 : 1;
  case 0x2019: // ’’ and ’‘ stand for ”
    return open > 0 && (g_str_has_prefix(at, "’’") || g_str_has_prefix(at, "’‘")) ? -1 : 0;
  default:
    return 0;
  }
}

// Marks the sentences that begin inside a quotation which is closed later in the same paragraph.
static void mark_quoted(const char *text, GArray *sentences) {
  guint unit = 0;
  guint pending = 0; // the first that began inside the open quotation
  guint open = 0;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    while (unit < sentences->len &&
           g_array_index(sentences, Sentence, unit).start <= (gsize)(at - text)) {
      unit++;
    }
    int step = quote_step(g_utf8_get_char(at), at, open);
    if (step > 0) {
      open = 1;
      pending = unit; // those that begin after here
    } else if (step < 0) {
      open = 0;
      for (guint i = pending; i < unit; i++) {
        g_array_index(sentences, Sentence, i).quoted = TRUE;
      }
    }
  }
}

GArray *sentences_split(const char *text) {
  GArray *sentences = g_array_new(FALSE, TRUE, sizeof(Sentence));
  gsize length = strlen(text);
  gboolean glued = FALSE;
  for (gsize start = 0; start < length;) {
    gsize next = length;
    gboolean next_glued = FALSE;
    gsize end = find_sentence_end(text, start, length, &next, &next_glued);
    if (end > start) {
      Sentence sentence = {.start = start, .end = end, .glued = glued};
      g_array_append_val(sentences, sentence);
    }
    glued = next_glued;
    start = next;
  }
  mark_quoted(text, sentences);
  return sentences;
}
