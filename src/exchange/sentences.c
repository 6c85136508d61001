// SPDX-License-Identifier: Apache-2.0
//
// Implements sentences.h.
#include "exchange/sentences.h"

#include "exchange/furniture_phrases.h"

#include <string.h>

#define LONGEST_FURNITURE 200 // bytes; what is glued without a full stop is shorter still

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
                                      "emails",
                                      "alerts",
                                      "updates",
                                      "here",
                                      "now",
                                      "below",
                                      "app",
                                      "Datenschutzerklärung",
                                      "Datenschutzbestimmungen",
                                      "Nutzungsbedingungen",
                                      "confidentialité",
                                      "utilisation",
                                      "privacidad",
                                      "More info",
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
         letter == '(' || letter == '[' || letter == 0xBF || letter == 0xA1 || letter == 0x300C ||
         letter == 0x300E;
}

static gboolean is_closing(gunichar letter) {
  return letter == 0x201D || letter == 0x2019 || letter == 0xBB || letter == ')' || letter == ']' ||
         letter == '"' || letter == '\'' || letter == 0x2018 || letter == '*' || letter == '_' ||
         letter == 0x300D || letter == 0x300F;
}

static gboolean is_terminator(gunichar letter) {
  return letter == '.' || letter == '!' || letter == '?' || letter == 0x2026 || letter == 0x061F ||
         letter == 0x06D4 || letter == 0x3002 || letter == 0xFF01 || letter == 0xFF1F ||
         letter == 0x0964;
}

static gboolean begins_sentence(const char *at) {
  gunichar letter = g_utf8_get_char(at);
  return g_unichar_isupper(letter) || g_unichar_isdigit(letter) || is_opening(letter) ||
         letter == '"' || letter == '*' || letter == '_' ||
         (g_unichar_isalpha(letter) && !g_unichar_islower(letter));
}

// A full stop behind it can be a sentence's end: no capital (initials), no digit (decimals).
static gboolean may_end_sentence(gunichar letter) {
  return g_unichar_islower(letter) || (g_unichar_isalpha(letter) && !g_unichar_isupper(letter)) ||
         letter == ')' || letter == '%';
}

static gboolean is_furniture(const char *text, gsize start, gsize end) {
  FurnitureKind kind = FURNITURE_KINDS;
  g_autofree char *plain = furniture_plain((Slice){text + start, end - start});
  return plain[0] != '\0' && furniture_judge(plain, &kind) == SURE;
}

static guint count_words(const char *text, gsize start, gsize end) {
  guint words = 0;
  for (gsize i = start; i < end; i++) {
    words += text[i] == ' ' && i + 1 < end && text[i + 1] != ' ';
  }
  return words + 1;
}

static gsize next_terminator(const char *text, gsize start, gsize length) {
  gsize end = start;
  while (end < length && strchr(".!?\n", text[end]) == NULL) {
    end++;
  }
  return end;
}

// "WhatsApp", "YouTube": a capital inside a name.
static gboolean is_inside_name(const char *text, gsize i) {
  static const char *const HEADS[] = {"Whats", "You",  "Tik",  "Linked", "Pay",  "Sound", "i",
                                      "Face",  "Blue", "Open", "Play",   "Mc",   "Mac",   "Deep",
                                      "Tele",  "Snap", "Air",  "Git",    "Word", "e"};
  for (gsize k = 0; k < G_N_ELEMENTS(HEADS); k++) {
    if (ends_with_word(text, 0, i, HEADS[k])) {
      return TRUE;
    }
  }
  return FALSE;
}

// Furniture that ends at `i` or begins there, where nothing but a capital letter tells:
// "PolicyThe minister", "the harbourSign up to our newsletter", "our free emails The captain".
static gboolean is_seam(const char *text, gsize start, gsize i, gsize length) {
  if (i - start > LONGEST_FURNITURE) {
    return FALSE;
  }
  const char *before = g_utf8_prev_char(text + i);
  if (g_unichar_isupper(
          g_utf8_get_char(before))) { // "ADVERTISEMENTThe repair", "on Facebook and XThe"
    const char *after = g_utf8_next_char(text + i);
    return after < text + length && g_unichar_islower(g_utf8_get_char(after)) &&
           is_furniture(text, start, i);
  }
  if (g_unichar_islower(g_utf8_get_char(before))) {
    if (is_inside_name(text, i)) {
      return FALSE;
    }
    if (ends_with_closing_noun(text, start, i) || is_furniture(text, start, i)) {
      return TRUE;
    }
    gsize end = MIN(next_terminator(text, i, length), i + LONGEST_FURNITURE);
    return text[end] != '\0' && (text[end] & 0xC0) == 0x80 ? FALSE : is_furniture(text, i, end);
  }
  return text[i - 1] == ' ' && ends_with_closing_noun(text, start, i - 1) &&
         count_words(text, i, next_terminator(text, i, length)) >= 5 &&
         is_furniture(text, start, i - 1);
}

// Glue behind a figure, a capital or a name ("in 2006.Sign up to our newsletter"), where a full
// stop alone may be a decimal point or an initial's: one of the two pieces must be furniture.
static gboolean is_glued_furniture(const char *text, gsize start, gsize i, gsize next,
                                   gsize length) {
  gsize end = MIN(next_terminator(text, next, length), next + LONGEST_FURNITURE);
  if (!g_unichar_isalnum(g_utf8_get_char(g_utf8_prev_char(text + i))) ||
      g_ascii_isdigit(text[next]) || (text[end] & 0xC0) == 0x80) {
    return FALSE;
  }
  return is_furniture(text, next, end) ||
         (i - start <= LONGEST_FURNITURE && is_furniture(text, start, i));
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
    if (i > start && g_unichar_isupper(letter) && is_seam(text, start, i, length)) {
      *ret_next = i;
      *ret_glued = TRUE;
      return text[i - 1] == ' ' ? i - 1 : i;
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
                    may_end_sentence(g_utf8_get_char(g_utf8_prev_char(text + i))) &&
                    (begins_sentence(text + next)) &&
                    (!g_ascii_isdigit(text[next]) || ends_with_closing_noun(text, start, i));
    glue = glue || (!spaced && next < length && i >= start + 2 && begins_sentence(text + next) &&
                    is_glued_furniture(text, start, i, next, length));
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
