// SPDX-License-Identifier: Apache-2.0
//
// Implements hyphenation.h. Pattern files are found by name: hyph_de_AT.dic, hyph_de_DE.dic,
// hyph_de.dic, then any country's (the first by name, so that it is the same on every machine).
// Points that would change letters (Schiff-fahrt of old German) are left out: text must copy out as
// it was written.
#include "edition/hyphenation.h"

#include <hyphen.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

#define FOLDER "/usr/share/hyphen"
#define LETTERS_BEFORE 2
#define LETTERS_AFTER 3

typedef struct Patterns {
  HyphenDict *dictionary; // NULL: there are none for the language
  GIConv convert;         // from UTF-8, where the patterns are in something else; else -1
} Patterns;

struct Hyphenation {
  GHashTable *by_language; // BCP 47 tag -> Patterns
  GPtrArray *files;        // names in FOLDER, sorted
};

static void patterns_free(gpointer data) {
  Patterns *patterns = data;
  if (patterns->dictionary != NULL) {
    hnj_hyphen_free(patterns->dictionary);
  }
  if (patterns->convert != (GIConv)-1) {
    g_iconv_close(patterns->convert);
  }
  g_free(patterns);
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

Hyphenation *hyphenation_new(void) {
  Hyphenation *hyphenation = g_new0(Hyphenation, 1);
  hyphenation->by_language = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, patterns_free);
  hyphenation->files = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) folder = g_dir_open(FOLDER, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
    if (g_str_has_prefix(name, "hyph_") && g_str_has_suffix(name, ".dic")) {
      g_ptr_array_add(hyphenation->files, g_strdup(name));
    }
  }
  g_ptr_array_sort(hyphenation->files, compare_names);
  return hyphenation;
}

void hyphenation_free(Hyphenation *hyphenation) {
  if (hyphenation != NULL) {
    g_hash_table_unref(hyphenation->by_language);
    g_ptr_array_unref(hyphenation->files);
    g_free(hyphenation);
  }
}

// ---- which file -------------------------------------------------------------------------------

static const char *find_file(const Hyphenation *hyphenation, const char *stem, gboolean any) {
  for (guint i = 0; i < hyphenation->files->len; i++) {
    const char *name = g_ptr_array_index(hyphenation->files, i);
    gsize length = strlen(stem);
    if (g_str_has_prefix(name, stem) &&
        (strcmp(name + length, ".dic") == 0 || (any && name[length] == '_'))) {
      return name;
    }
  }
  return NULL;
}

// English has two ways: the American one where America's English is written or nothing is said.
static const char *english_file(const Hyphenation *hyphenation, const char *region) {
  gboolean american = region == NULL || g_ascii_strcasecmp(region, "US") == 0 ||
                      g_ascii_strcasecmp(region, "CA") == 0 ||
                      g_ascii_strcasecmp(region, "PH") == 0;
  const char *name = find_file(hyphenation, american ? "hyph_en_US" : "hyph_en_GB", FALSE);
  return name != NULL ? name : find_file(hyphenation, "hyph_en", TRUE);
}

static const char *file_for(const Hyphenation *hyphenation, const char *language) {
  g_auto(GStrv) parts = g_strsplit(language, "-", 4);
  if (parts[0] == NULL || parts[0][0] == '\0') {
    return NULL;
  }
  g_autofree char *base = g_ascii_strdown(parts[0], -1);
  const char *region = NULL;
  for (gsize i = 1; parts[i] != NULL; i++) {
    region = strlen(parts[i]) == 2 ? parts[i] : region;
  }
  if (strcmp(base, "en") == 0) {
    return english_file(hyphenation, region);
  }
  if (strcmp(base, "nb") == 0 || strcmp(base, "nn") == 0) {
    g_free(base);
    base = g_strdup("no");
  }
  g_autofree char *country = g_ascii_strup(region != NULL ? region : base, -1);
  g_autofree char *exact = g_strdup_printf("hyph_%s_%s", base, country);
  g_autofree char *home = g_strdup_printf("hyph_%s", base);
  const char *name = find_file(hyphenation, exact, FALSE);
  return name != NULL ? name : find_file(hyphenation, home, TRUE);
}

static Patterns *patterns_load(const Hyphenation *hyphenation, const char *language) {
  Patterns *patterns = g_new0(Patterns, 1);
  patterns->convert = (GIConv)-1;
  const char *name = file_for(hyphenation, language);
  if (name == NULL) {
    return patterns;
  }
  g_autofree char *path = g_build_filename(FOLDER, name, NULL);
  patterns->dictionary = hnj_hyphen_load(path);
  if (patterns->dictionary != NULL && !patterns->dictionary->utf8) {
    patterns->convert = g_iconv_open(patterns->dictionary->cset, "UTF-8");
    if (patterns->convert == (GIConv)-1) {
      hnj_hyphen_free(g_steal_pointer(&patterns->dictionary));
    }
  }
  return patterns;
}

static Patterns *patterns_for(Hyphenation *hyphenation, const char *language) {
  Patterns *patterns = g_hash_table_lookup(hyphenation->by_language, language);
  if (patterns == NULL) {
    patterns = patterns_load(hyphenation, language);
    g_hash_table_insert(hyphenation->by_language, g_strdup(language), patterns);
  }
  return patterns;
}

gboolean hyphenation_has(Hyphenation *hyphenation, const char *language) {
  return patterns_for(hyphenation, language)->dictionary != NULL;
}

char *hyphenation_package(const char *language) {
  static const char *const NOT_HYPHENATED[] = {"ar", "fa",  "he", "ur", "ps", "yi", "zh",
                                               "ja", "ko",  "vi", "km", "lo", "my", "ug",
                                               "dv", "ckb", "sd", "am", "bo", ""};
  g_auto(GStrv) parts = g_strsplit(language, "-", 2);
  const char *base = parts[0] != NULL ? parts[0] : "";
  for (gsize i = 0; i < G_N_ELEMENTS(NOT_HYPHENATED); i++) {
    if (g_ascii_strcasecmp(base, NOT_HYPHENATED[i]) == 0) {
      return NULL;
    }
  }
  g_autofree char *lower = g_ascii_strdown(language, -1);
  if (g_str_has_prefix(lower, "en")) {
    return g_strdup(g_str_has_prefix(lower, "en-us") || lower[2] == '\0' ? "hyphen-en-us"
                                                                         : "hyphen-en-gb");
  }
  if (g_str_has_prefix(lower, "pt")) {
    return g_strdup(g_str_has_prefix(lower, "pt-br") ? "hyphen-pt-br" : "hyphen-pt-pt");
  }
  g_autofree char *down = g_ascii_strdown(base, -1);
  return g_strconcat("hyphen-", down, NULL);
}

// ---- where in a word --------------------------------------------------------------------------

// A word as patterns want it: lower case, straight apostrophes, as many characters as before.
static gsize lower_word(const char *word, gsize length, char *ret_lower, guint8 *ret_offsets,
                        guint *ret_letters) {
  gsize size = 0;
  guint letters = 0;
  for (const char *at = word; at < word + length; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    letter = letter == 0x2019 ? '\'' : g_unichar_tolower(letter);
    ret_offsets[letters++] = (guint8)(at - word);
    size += (gsize)g_unichar_to_utf8(letter, ret_lower + size);
  }
  *ret_letters = letters;
  return size;
}

// Into the patterns' own 8-bit set. FALSE: it has a letter that they don't know.
static gboolean convert_word(const Patterns *patterns, char *word, gsize *length, guint letters) {
  char converted[HYPHENATION_MAX_WORD * 4 + 8];
  char *in = word;
  char *out = converted;
  gsize in_left = *length;
  gsize out_left = sizeof converted;
  g_iconv(patterns->convert, NULL, NULL, NULL, NULL);
  if (g_iconv(patterns->convert, &in, &in_left, &out, &out_left) == (gsize)-1 ||
      (gsize)(out - converted) != letters) {
    return FALSE;
  }
  memcpy(word, converted, letters);
  *length = letters;
  return TRUE;
}

static void free_replacements(char **replacements, guint count) {
  for (guint i = 0; replacements != NULL && i < count; i++) {
    free(replacements[i]); // libhyphen's malloc
  }
  free(replacements); // NOLINT(bugprone-multi-level-implicit-pointer-conversion)
}

guint hyphenation_points(Hyphenation *hyphenation, const char *language, const char *word,
                         gsize length, guint8 *ret_points) {
  const Patterns *patterns = patterns_for(hyphenation, language);
  if (patterns->dictionary == NULL || length > HYPHENATION_MAX_WORD) {
    return 0;
  }
  char lower[HYPHENATION_MAX_WORD * 6 + 8];
  guint8 offsets[HYPHENATION_MAX_WORD + 1];
  guint letters = 0;
  gsize size = lower_word(word, length, lower, offsets, &letters);
  if (letters < LETTERS_BEFORE + LETTERS_AFTER || size > HYPHENATION_MAX_WORD * 2 ||
      (patterns->convert != (GIConv)-1 && !convert_word(patterns, lower, &size, letters))) {
    return 0;
  }
  char marks[HYPHENATION_MAX_WORD * 2 + 8] = {0};
  char **replacements = NULL;
  int *positions = NULL;
  int *cuts = NULL;
  if (hnj_hyphen_hyphenate2(patterns->dictionary, lower, (int)size, marks, NULL, &replacements,
                            &positions, &cuts) != 0) {
    return 0;
  }
  guint count = 0;
  for (guint i = LETTERS_BEFORE; i + LETTERS_AFTER <= letters; i++) {
    gboolean changes = replacements != NULL && replacements[i - 1] != NULL;
    if ((marks[i - 1] & 1) != 0 && !changes) {
      ret_points[count++] = offsets[i];
    }
  }
  free_replacements(replacements, (guint)size);
  free(positions);
  free(cuts);
  return count;
}
