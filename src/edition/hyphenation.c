// SPDX-License-Identifier: Apache-2.0
//
// Implements hyphenation.h: Liang's patterns (F. M. Liang, Word Hy-phen-a-tion by Com-put-er, 1983)
// in the files of libhyphen, two levels deep: the first finds where compounds join, the second
// works within their parts. The files are read into a trie; libhyphen itself takes four seconds for
// German. Files are found by name: hyph_de_AT.dic, hyph_de_DE.dic, hyph_de.dic, then any country's
// (the first by name, so that it is the same on every machine). Points that would change letters
// (Schiff-fahrt of old German) are left out: text must copy out as it was written.
#include "edition/hyphenation.h"

#include <string.h>

#include "base/slice.h"

#define FOLDER "/usr/share/hyphen"
#define MAXIMUM_FILE (16 * 1024 * 1024)
#define LETTERS_BEFORE 2
#define LETTERS_AFTER 3
#define PART_LETTERS 2 // of a compound's part, before and after a point within it
#define EDGE '.'       // in patterns: the word's beginning or end
#define LEVELS 2
#define MAXIMUM_PATTERN 64 // letters

typedef struct TrieSlot { // an edge of the trie: open addressing
  guint32 from, letter;   // from 0: free, for nodes count from 1
  guint32 to;
} TrieSlot;

typedef struct Trie {
  TrieSlot *slots;
  guint32 capacity, used; // capacity: a power of two
  GArray *values;         // guint32: of each node, where its weights begin in `weights`; 0: none
  GByteArray *weights;    // length, then so many weights
} Trie;

typedef struct Patterns {
  gboolean found;
  guint levels;
  Trie tries[LEVELS];
} Patterns;

struct Hyphenation {
  GHashTable *by_language; // BCP 47 tag -> Patterns
  GPtrArray *files;        // names in FOLDER, sorted
};

// ---- the trie ---------------------------------------------------------------------------------

static void trie_init(Trie *trie) {
  trie->capacity = 1024;
  trie->slots = g_new0(TrieSlot, trie->capacity);
  trie->values = g_array_new(FALSE, TRUE, sizeof(guint32));
  g_array_set_size(trie->values, 2); // no node, the root
  trie->weights = g_byte_array_new();
  g_byte_array_append(trie->weights, (const guint8 *)"", 1);
}

static void trie_clear(Trie *trie) {
  if (trie->slots != NULL) {
    g_free(trie->slots);
    g_array_unref(trie->values);
    g_byte_array_unref(trie->weights);
  }
}

static guint32 slot_of(const Trie *trie, guint32 from, guint32 letter) {
  guint32 at = (from * 2654435761u ^ letter * 2246822519u) >> 7;
  for (at &= trie->capacity - 1; trie->slots[at].from != 0; at = (at + 1) & (trie->capacity - 1)) {
    if (trie->slots[at].from == from && trie->slots[at].letter == letter) {
      break;
    }
  }
  return at;
}

static guint32 trie_step(const Trie *trie, guint32 from, guint32 letter) {
  return trie->slots[slot_of(trie, from, letter)].to; // 0: there is none
}

static void trie_grow(Trie *trie) {
  Trie old = *trie;
  trie->capacity *= 2;
  trie->slots = g_new0(TrieSlot, trie->capacity);
  for (guint32 i = 0; i < old.capacity; i++) {
    if (old.slots[i].from != 0) {
      trie->slots[slot_of(trie, old.slots[i].from, old.slots[i].letter)] = old.slots[i];
    }
  }
  g_free(old.slots);
}

static guint32 trie_add(Trie *trie, guint32 from, guint32 letter) {
  if (trie->used * 2 >= trie->capacity) {
    trie_grow(trie);
  }
  TrieSlot *slot = &trie->slots[slot_of(trie, from, letter)];
  if (slot->from == 0) {
    *slot = (TrieSlot){from, letter, trie->values->len};
    trie->used++;
    g_array_set_size(trie->values, trie->values->len + 1);
  }
  return slot->to;
}

// "a1bc3d" puts the weights 0 1 0 3 0 at the node of "abcd". What would change letters
// ("f1f/ff=f,1,2") forbids its points instead.
static void trie_add_pattern(Trie *trie, const char *pattern) {
  guint8 weights[MAXIMUM_PATTERN + 2] = {0};
  guint32 node = 1;
  guint count = 0;
  gboolean changes = strchr(pattern, '/') != NULL;
  for (; *pattern != '\0' && *pattern != '/'; pattern = g_utf8_next_char(pattern)) {
    if (g_ascii_isdigit(*pattern)) {
      weights[count] = (guint8)(*pattern - '0' + (changes ? (*pattern - '0') & 1 : 0));
    } else if (count < MAXIMUM_PATTERN) {
      node = trie_add(trie, node, g_utf8_get_char(pattern));
      count++;
    }
  }
  guint8 length = (guint8)(count + 1);
  g_array_index(trie->values, guint32, node) = trie->weights->len;
  g_byte_array_append(trie->weights, &length, 1);
  g_byte_array_append(trie->weights, weights, length);
}

// ---- files ------------------------------------------------------------------------------------

static void patterns_free(gpointer data) {
  Patterns *patterns = data;
  for (guint level = 0; level < LEVELS; level++) {
    trie_clear(&patterns->tries[level]);
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

static const char *find_file(const Hyphenation *hyphenation, const char *stem, gboolean any) {
  gsize length = strlen(stem);
  for (guint i = 0; i < hyphenation->files->len; i++) {
    const char *name = g_ptr_array_index(hyphenation->files, i);
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

// The file as UTF-8; its first line names what it is in. Caller frees; NULL: it can't be read.
static char *read_patterns(const char *name) {
  g_autofree char *path = g_build_filename(FOLDER, name, NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &bytes, &length, NULL) || length > MAXIMUM_FILE) {
    return NULL;
  }
  Slice rest = {bytes, length};
  Slice first = {0};
  slice_next_line(&rest, &first);
  g_autofree char *named = slice_dup(slice_trim(first));
  const char *set = strcmp(named, "microsoft-cp1251") == 0 ? "CP1251" : named;
  return g_convert(rest.data, (gssize)rest.length, "UTF-8", set, NULL, NULL, NULL);
}

static gboolean is_pattern(const char *line) {
  static const char *const KEYWORDS[] = {"LEFTHYPHENMIN", "RIGHTHYPHENMIN", "COMPOUNDLEFTHYPHENMIN",
                                         "COMPOUNDRIGHTHYPHENMIN", "NOHYPHEN"};
  for (gsize i = 0; i < G_N_ELEMENTS(KEYWORDS); i++) {
    if (g_str_has_prefix(line, KEYWORDS[i])) {
      return FALSE;
    }
  }
  return line[0] != '\0' && line[0] != '#' && line[0] != '%';
}

static Patterns *patterns_load(const Hyphenation *hyphenation, const char *language) {
  Patterns *patterns = g_new0(Patterns, 1);
  const char *name = file_for(hyphenation, language);
  g_autofree char *text = name != NULL ? read_patterns(name) : NULL;
  if (text == NULL) {
    return patterns;
  }
  patterns->found = TRUE;
  patterns->levels = 1;
  trie_init(&patterns->tries[0]);
  for (char *line = text, *end = text; end != NULL; line = end + 1) {
    end = strchr(line, '\n');
    if (end != NULL) {
      *end = '\0';
    }
    g_strchomp(line);
    if (strcmp(line, "NEXTLEVEL") == 0 && patterns->levels < LEVELS) {
      trie_init(&patterns->tries[patterns->levels++]);
    } else if (is_pattern(line)) {
      trie_add_pattern(&patterns->tries[patterns->levels - 1], line);
    }
  }
  return patterns;
}

static const Patterns *patterns_for(Hyphenation *hyphenation, const char *language) {
  Patterns *patterns = g_hash_table_lookup(hyphenation->by_language, language);
  if (patterns == NULL) {
    patterns = patterns_load(hyphenation, language);
    g_hash_table_insert(hyphenation->by_language, g_strdup(language), patterns);
  }
  return patterns;
}

gboolean hyphenation_has(Hyphenation *hyphenation, const char *language) {
  return patterns_for(hyphenation, language)->found;
}

char *hyphenation_package(const char *language) {
  static const char *const NOT_HYPHENATED[] = {"ar", "fa",  "he", "ur", "ps", "yi", "zh",
                                               "ja", "ko",  "vi", "km", "lo", "my", "ug",
                                               "dv", "ckb", "sd", "am", "bo", ""};
  g_auto(GStrv) parts = g_strsplit(language, "-", 2);
  g_autofree char *base = g_ascii_strdown(parts[0] != NULL ? parts[0] : "", -1);
  for (gsize i = 0; i < G_N_ELEMENTS(NOT_HYPHENATED); i++) {
    if (strcmp(base, NOT_HYPHENATED[i]) == 0) {
      return NULL;
    }
  }
  if (strcmp(base, "en") == 0) {
    gboolean american = parts[1] == NULL || g_ascii_strcasecmp(parts[1], "US") == 0;
    return g_strdup(american ? "hyphen-en-us" : "hyphen-en-gb");
  }
  if (strcmp(base, "pt") == 0) {
    gboolean brazilian = parts[1] != NULL && g_ascii_strcasecmp(parts[1], "BR") == 0;
    return g_strdup(brazilian ? "hyphen-pt-br" : "hyphen-pt-pt");
  }
  return g_strconcat("hyphen-", base, NULL);
}

// ---- words ------------------------------------------------------------------------------------

// A word as patterns want it: lower case, straight apostrophes. FALSE: too long.
static gboolean lower_word(const char *word, gsize length, gunichar *ret_letters,
                           guint8 *ret_offsets, guint *ret_count) {
  guint count = 0;
  for (const char *at = word; at < word + length; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    ret_offsets[count] = (guint8)(at - word);
    ret_letters[count++] = letter == 0x2019 ? '\'' : g_unichar_tolower(letter);
  }
  *ret_count = count;
  return count >= LETTERS_BEFORE + LETTERS_AFTER;
}

// Raises weights[i], which stands before letter i, by the patterns that are in the letters
// from..to. As libhyphen does it, what counts at each letter is the longest beginning of a pattern
// that ends there, and it alone, whether it is a whole pattern or not: its files are made for that.
static void weigh(const Trie *trie, const gunichar *letters, guint from, guint to,
                  guint8 *weights) {
  gboolean ended[HYPHENATION_MAX_WORD + 3] = {FALSE};
  for (gint begin = (gint)from - 1; begin < (gint)to; begin++) {
    guint32 node = 1;
    for (gint at = begin; at <= (gint)to; at++) {
      gunichar letter = at < (gint)from || at == (gint)to ? EDGE : letters[at];
      node = trie_step(trie, node, letter);
      if (node == 0) {
        break;
      }
      const guint8 *found = trie->weights->data + g_array_index(trie->values, guint32, node);
      if (ended[at + 1]) {
        continue;
      }
      ended[at + 1] = TRUE;
      for (guint i = 0; i < found[0]; i++) {
        gint place = begin + (gint)i;
        if (place > (gint)from && place < (gint)to) {
          weights[place] = MAX(weights[place], found[1 + i]);
        }
      }
    }
  }
}

// Within a part of a compound: its own points, not too near to the part's ends.
static void weigh_part(const Patterns *patterns, const gunichar *letters, guint from, guint to,
                       guint8 *weights) {
  guint8 inner[HYPHENATION_MAX_WORD + 2] = {0};
  weigh(&patterns->tries[patterns->levels - 1], letters, from, to, inner);
  for (guint i = from + PART_LETTERS; i + PART_LETTERS <= to; i++) {
    weights[i] = inner[i];
  }
}

guint hyphenation_points(Hyphenation *hyphenation, const char *language, const char *word,
                         gsize length, guint8 *ret_points) {
  const Patterns *patterns = patterns_for(hyphenation, language);
  gunichar letters[HYPHENATION_MAX_WORD + 1];
  guint8 offsets[HYPHENATION_MAX_WORD + 1];
  guint8 weights[HYPHENATION_MAX_WORD + 2] = {0};
  guint count = 0;
  if (!patterns->found || length > HYPHENATION_MAX_WORD ||
      !lower_word(word, length, letters, offsets, &count)) {
    return 0;
  }
  weigh(&patterns->tries[0], letters, 0, count, weights);
  guint8 joins[HYPHENATION_MAX_WORD + 2];
  memcpy(joins, weights, sizeof joins);
  guint from = 0;
  for (guint i = 1; patterns->levels > 1 && i <= count; i++) {
    if (i == count || (joins[i] & 1) != 0) {
      weigh_part(patterns, letters, from, i, weights);
      from = i;
    }
  }
  guint points = 0;
  for (guint i = LETTERS_BEFORE; i + LETTERS_AFTER <= count; i++) {
    if ((weights[i] & 1) != 0) {
      ret_points[points++] = offsets[i];
    }
  }
  return points;
}
