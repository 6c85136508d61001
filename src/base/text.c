// SPDX-License-Identifier: Apache-2.0
//
// Implements text.h on GLib's Unicode tables.
#include "base/text.h"

#include <string.h>

// How many bytes at the front are ASCII and not NUL: eight are looked at together.
static gsize plain_prefix(Slice text) {
  const guint64 high = G_GUINT64_CONSTANT(0x8080808080808080);
  const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101);
  gsize at = 0;
  for (; text.length - at >= sizeof high; at += sizeof high) {
    guint64 word = 0;
    memcpy(&word, text.data + at, sizeof word);
    if (((word | (word - ones)) & high) != 0) {
      break;
    }
  }
  return at;
}

gboolean text_validate_utf8(Slice text, guint *ret_line) {
  const char *end = NULL;
  if (text.length == 0) {
    return TRUE;
  }
  Slice rest = slice_from(text, plain_prefix(text));
  if (g_utf8_validate_len(rest.data, rest.length, &end)) {
    return TRUE;
  }
  guint line = 1;
  for (const char *at = text.data; at < end; at++) {
    line += *at == '\n';
  }
  *ret_line = line;
  return FALSE;
}

static gboolean is_combining(gunichar letter) {
  GUnicodeType type = g_unichar_type(letter);
  return type == G_UNICODE_NON_SPACING_MARK && letter >= 0x300 && letter < 0x370;
}

static gboolean is_apostrophe(gunichar letter) {
  return letter == '\'' || letter == 0x2019 || letter == 0x2018;
}

static const char *latin_expansion(gunichar letter) {
  switch (letter) {
  case 0xDF:
    return "ss";
  case 0xE6:
    return "ae";
  case 0xF8:
    return "o";
  case 0x153:
    return "oe";
  case 0x142:
    return "l";
  case 0xFE:
    return "th";
  case 0xF0:
  case 0x111:
    return "d";
  default:
    return NULL;
  }
}

char *text_slug(const char *text, gsize maximum) {
  g_autofree char *folded = g_utf8_normalize(text != NULL ? text : "", -1, G_NORMALIZE_NFKD);
  GString *slug = g_string_new(NULL);
  gboolean gap = FALSE;
  gsize last_gap = 0;
  for (const char *at = folded != NULL ? folded : ""; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_unichar_tolower(g_utf8_get_char(at));
    if (is_combining(letter) || is_apostrophe(letter)) {
      continue;
    }
    if (!g_unichar_isalnum(letter) && !g_unichar_ismark(letter)) {
      gap = slug->len > 0;
      continue;
    }
    if (gap) {
      last_gap = slug->len;
      g_string_append_c(slug, '-');
      gap = FALSE;
    }
    gsize before = slug->len;
    const char *expansion = latin_expansion(letter);
    if (expansion != NULL) {
      g_string_append(slug, expansion);
    } else {
      g_string_append_unichar(slug, letter);
    }
    if (slug->len > maximum) { // end at a whole word where there is one in the second half
      g_string_truncate(slug, last_gap > maximum / 2 ? last_gap : before);
      break;
    }
  }
  if (slug->len == 0) {
    g_string_assign(slug, "story");
  }
  return g_string_free(slug, FALSE);
}

char *text_collapse_space(Slice text) {
  GString *out = g_string_sized_new(text.length);
  gboolean gap = FALSE;
  const char *end = text.data + text.length;
  for (const char *at = text.data; at < end;) {
    gunichar letter = g_utf8_get_char_validated(at, end - at);
    gsize step = (gunichar)-1 == letter || (gunichar)-2 == letter
                     ? 1
                     : (gsize)g_unichar_to_utf8(letter, NULL);
    if (g_unichar_isspace(letter)) {
      gap = out->len > 0;
    } else {
      if (gap) {
        g_string_append_c(out, ' ');
        gap = FALSE;
      }
      g_string_append_len(out, at, (gssize)step);
    }
    at += step;
  }
  return g_string_free(out, FALSE);
}

char *text_cut_at_word(const char *text, gsize characters) {
  if (text == NULL) {
    return g_strdup("");
  }
  if ((gsize)g_utf8_strlen(text, -1) <= characters) {
    return g_strdup(text);
  }
  const char *end = g_utf8_offset_to_pointer(text, (glong)characters);
  const char *cut = end;
  while (cut > text && !g_ascii_isspace(*cut)) {
    cut--;
  }
  if (cut <= text + (end - text) / 2) {
    cut = end;
  }
  while (cut > text && strchr(" ,;:-.\n\t", cut[-1]) != NULL) {
    cut--;
  }
  g_autofree char *head = g_strndup(text, (gsize)(cut - text));
  return g_strconcat(head, "…", NULL);
}

guint text_count_words(const char *text) {
  guint words = 0;
  gboolean inside = FALSE;
  for (const char *at = text != NULL ? text : ""; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (g_unichar_iswide(letter) && g_unichar_isalnum(letter)) {
      words++;
      inside = FALSE;
    } else if (g_unichar_isalnum(letter)) {
      words += !inside;
      inside = TRUE;
    } else if (!is_apostrophe(letter) && letter != '-' && !g_unichar_ismark(letter)) {
      inside = FALSE;
    }
  }
  return words;
}

void text_replace(char **text, const char *with) {
  g_autofree char *old = *text;
  *text = g_strdup(with);
}
