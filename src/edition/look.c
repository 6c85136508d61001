// SPDX-License-Identifier: Apache-2.0
//
// Implements look.h: reads the theme's key files and refuses what it doesn't know, so that a theme
// maker learns of a slip at once. Called when an edition is begun.
#include "edition/look.h"

#include <math.h>
#include <string.h>

#include "edition/edition.h"
#include "edition/theme_file.h"

#define FILE_NAME "edition/look.ini"

static const char *const TEXT_NAMES[LOOK_COUNT] = {
    "body",       "headline",     "standfirst", "kicker",         "byline",
    "dateline",   "subhead",      "drop-cap",   "caption",        "credit",
    "pull-quote", "pull-credit",  "quote",      "box-title",      "box-body",
    "code",       "table",        "note",       "brief-headline", "masthead",
    "folio",      "running-head", "contents",   "contents-title", "ear",
    "colophon"};
static const char *const ALIGNMENTS[] = {"justified", "start", "center", "end", "balanced"};
static const char *const FAMILIES[] = {"text", "display", "sans"};
static const char *const TEXT_KEYS[] = {"family", "bold",    "italic",   "small-caps", "upper-case",
                                        "size",   "leading", "tracking", "align",      "color"};

typedef struct LookReader {
  GKeyFile *over, *under; // the format's file (may be NULL), the common one
  const char *group;
  GError **error;
  gboolean failed;
} LookReader;

static void fail(LookReader *reader, const char *key, const char *wanted) {
  if (!reader->failed) {
    reader->failed = TRUE;
    g_set_error(reader->error, EDITION_ERROR, EDITION_ERROR_THEME, FILE_NAME ": [%s] %s must be %s",
                reader->group, key, wanted);
  }
}

static char *value_of(LookReader *reader, const char *key) {
  char *text =
      reader->over != NULL ? g_key_file_get_string(reader->over, reader->group, key, NULL) : NULL;
  text = text != NULL ? text : g_key_file_get_string(reader->under, reader->group, key, NULL);
  return text != NULL ? g_strstrip(text) : NULL;
}

// Decimal number x 1000.
static gint32 read_number(LookReader *reader, const char *key, gint32 otherwise, double least,
                          double most) {
  g_autofree char *text = value_of(reader, key);
  if (text == NULL) {
    return otherwise;
  }
  char *end = NULL;
  double number = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0' || !(number >= least && number <= most)) {
    g_autofree char *wanted = g_strdup_printf("a number from %g to %g", least, most);
    fail(reader, key, wanted);
    return otherwise;
  }
  return (gint32)lround(number * 1000);
}

static gboolean read_flag(LookReader *reader, const char *key) {
  g_autofree char *text = value_of(reader, key);
  if (text != NULL && strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
    fail(reader, key, "true or false");
  }
  return text != NULL && strcmp(text, "true") == 0;
}

static guint read_word(LookReader *reader, const char *key, const char *const *words, guint count) {
  g_autofree char *text = value_of(reader, key);
  for (guint i = 0; text != NULL && i < count; i++) {
    if (strcmp(text, words[i]) == 0) {
      return i;
    }
  }
  if (text != NULL) {
    fail(reader, key, "one of the words that the file's head names");
  }
  return 0;
}

static guint32 read_color(LookReader *reader, const char *key, guint32 otherwise) {
  g_autofree char *text = value_of(reader, key);
  if (text == NULL) {
    return otherwise;
  }
  guint32 color = 0;
  for (const char *at = text; *at != '\0'; at++) {
    color = color << 4 | (guint32)(g_ascii_xdigit_value(*at) & 0xf);
  }
  if (strlen(text) != 6 || strspn(text, "0123456789abcdefABCDEF") != 6) {
    fail(reader, key, "a colour of six hexadecimal digits, as 9a1b1e");
  }
  return color;
}

static gboolean is_known(const char *const *names, guint count, const char *name) {
  for (guint i = 0; i < count; i++) {
    if (strcmp(names[i], name) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static void check_names(LookReader *reader, GKeyFile *keys) {
  g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
  for (gsize i = 0; groups[i] != NULL && !reader->failed; i++) {
    reader->group = groups[i];
    if (strcmp(groups[i], "grid") == 0) {
      continue;
    }
    if (!is_known(TEXT_NAMES, LOOK_COUNT, groups[i])) {
      fail(reader, "(the group itself)", "a text that the edition has; is its name misspelt?");
      return;
    }
    g_auto(GStrv) names = g_key_file_get_keys(keys, groups[i], NULL, NULL);
    for (gsize j = 0; names[j] != NULL; j++) {
      if (!is_known(TEXT_KEYS, G_N_ELEMENTS(TEXT_KEYS), names[j])) {
        fail(reader, names[j], "one of the keys that the file's head names");
      }
    }
  }
}

static void read_text(LookReader *reader, Look *look, LookText number) {
  reader->group = TEXT_NAMES[number];
  TextLook *text = &look->texts[number];
  TypeStyle *style = &text->style;
  style->family = (TypeFamily)read_word(reader, "family", FAMILIES, G_N_ELEMENTS(FAMILIES));
  style->bold = read_flag(reader, "bold");
  style->italic = read_flag(reader, "italic");
  style->small_caps = read_flag(reader, "small-caps");
  style->upper_case = read_flag(reader, "upper-case");
  style->size = read_number(reader, "size", 9 * POINT, 2, 400);
  style->color = read_color(reader, "color", 0x000000);
  style->tracking =
      (gint32)((gint64)read_number(reader, "tracking", 0, -100, 500) / 1000 * style->size / 1000);
  text->leading = read_number(reader, "leading", look->baseline, 2, 500);
  text->alignment = (Alignment)read_word(reader, "align", ALIGNMENTS, G_N_ELEMENTS(ALIGNMENTS));
}

static void read_sizes(LookReader *reader, Look *look) {
  g_autofree char *text = value_of(reader, "headline-sizes");
  g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ";", LOOK_MAX_HEADLINES + 1);
  gint32 last = 0;
  for (gsize i = 0; i < LOOK_MAX_HEADLINES && parts[i] != NULL; i++) {
    double size = g_ascii_strtod(parts[i], NULL);
    if (!(size >= 4 && size <= 300) || lround(size * 1000) <= last) {
      fail(reader, "headline-sizes", "ascending sizes from 4 to 300 points, parted by ';'");
      return;
    }
    last = look->headline_sizes[look->headline_count++] = (gint32)lround(size * 1000);
  }
  if (look->headline_count == 0) {
    fail(reader, "headline-sizes", "at least one size");
  }
}

static void read_grid(LookReader *reader, Look *look) {
  reader->group = "grid";
  look->baseline = read_number(reader, "baseline", 10500, 4, 100);
  look->indent = read_number(reader, "indent", 9000, 0, 100);
  look->drop_cap_lines = (guint)read_number(reader, "drop-cap-lines", 3000, 0, 6) / 1000;
  look->headline_leading_permille = read_number(reader, "headline-leading", 1040, 0.8, 2);
  look->accent = read_color(reader, "accent", 0x9a1b1e);
  look->rule = read_color(reader, "rule", 0);
  look->tint = read_color(reader, "tint", 0xf0f0f0);
  read_sizes(reader, look);
}

Look *look_new(const char *theme, EditionFormat format, GError **error) {
  g_autoptr(GKeyFile) under = theme_file_keys(theme, "look.ini", FALSE, error);
  if (under == NULL) {
    return NULL;
  }
  g_autoptr(GError) cause = NULL;
  g_autofree char *name = g_strdup_printf("look-%s.ini", edition_format_name(format));
  g_autoptr(GKeyFile) over = theme_file_keys(theme, name, TRUE, &cause);
  if (cause != NULL) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
  }
  g_autoptr(Look) look = g_new0(Look, 1);
  LookReader reader = {.over = over, .under = under, .error = error};
  check_names(&reader, under);
  if (over != NULL) {
    check_names(&reader, over);
  }
  read_grid(&reader, look);
  for (guint text = 0; text < LOOK_COUNT; text++) {
    read_text(&reader, look, (LookText)text);
  }
  return reader.failed ? NULL : g_steal_pointer(&look);
}

void look_free(Look *look) {
  g_free(look);
}
