// SPDX-License-Identifier: Apache-2.0
//
// Implements merge.h. Tokens (lines, or words with their spaces) become numbers; Myers' greedy
// algorithm (E. W. Myers, An O(ND) Difference Algorithm, 1986) pairs those that are the same,
// within a bound: texts that differ in more than MOST_EDITS tokens count as wholly different in the
// middle.
#include "newsroom/merge.h"

#include <string.h>

#define MOST_EDITS 2000

typedef struct Tokens {
  GArray *slices; // Slice
  GArray *ids;    // guint
} Tokens;

static void tokens_clear(Tokens *tokens) {
  g_clear_pointer(&tokens->slices, g_array_unref);
  g_clear_pointer(&tokens->ids, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tokens, tokens_clear)

typedef gsize (*TokenLength)(Slice rest);

static gsize line_length(Slice rest) {
  gssize end = slice_find_char(rest, '\n');
  return end < 0 ? rest.length : (gsize)end + 1;
}

typedef enum CharacterClass { CLASS_SPACE, CLASS_BREAK, CLASS_WORD, CLASS_SIGN } CharacterClass;

static CharacterClass class_of(gunichar letter) {
  if (letter == '\n') {
    return CLASS_BREAK;
  }
  return g_unichar_isspace(letter)   ? CLASS_SPACE
         : g_unichar_isalnum(letter) ? CLASS_WORD
                                     : CLASS_SIGN;
}

// A run of letters and digits, a run of spaces, or one sign. The text is UTF-8.
static gsize word_length(Slice rest) {
  CharacterClass first = class_of(g_utf8_get_char(rest.data));
  const char *at = g_utf8_next_char(rest.data);
  const char *end = rest.data + rest.length;
  while (at < end && (first == CLASS_WORD || first == CLASS_SPACE) &&
         class_of(g_utf8_get_char(at)) == first) {
    at = g_utf8_next_char(at);
  }
  return (gsize)(MIN(at, end) - rest.data);
}

static guint slice_hash(gconstpointer key) {
  const Slice *slice = key;
  guint hash = 5381;
  for (gsize i = 0; i < slice->length; i++) {
    hash = hash * 33 + (guchar)slice->data[i];
  }
  return hash;
}

static gboolean slice_same(gconstpointer a, gconstpointer b) {
  return slice_equal(*(const Slice *)a, *(const Slice *)b);
}

static Tokens tokenise(Slice text, TokenLength length_of, GHashTable *known) {
  Tokens tokens = {g_array_new(FALSE, FALSE, sizeof(Slice)),
                   g_array_new(FALSE, FALSE, sizeof(guint))};
  while (text.length > 0) {
    Slice token = slice_range(text, 0, length_of(text));
    text = slice_from(text, token.length);
    gpointer found = NULL;
    if (!g_hash_table_lookup_extended(known, &token, NULL, &found)) {
      found = GUINT_TO_POINTER(g_hash_table_size(known));
      g_hash_table_insert(known, g_memdup2(&token, sizeof token), found);
    }
    guint id = GPOINTER_TO_UINT(found);
    g_array_append_val(tokens.slices, token);
    g_array_append_val(tokens.ids, id);
  }
  return tokens;
}

static GHashTable *known_new(void) {
  return g_hash_table_new_full(slice_hash, slice_same, g_free, NULL);
}

// ---- pairing ----------------------------------------------------------------------------------

typedef struct Range {
  const guint *ids;
  gint count;
} Range;

// Walks the furthest points back and notes the pairs of the common tokens.
static void walk_back(Range a, Range b, GPtrArray *trace, gint offset, gint edits, gint *pairs) {
  gint x = a.count;
  gint y = b.count;
  for (gint d = edits; d > 0; d--) {
    const gint *furthest = g_ptr_array_index(trace, d - 1);
    gint diagonal = x - y;
    gboolean down = diagonal == -d || (diagonal != d && furthest[offset + diagonal - 1] <
                                                            furthest[offset + diagonal + 1]);
    gint before = down ? diagonal + 1 : diagonal - 1;
    gint from_x = furthest[offset + before];
    gint from_y = from_x - before;
    while (x > from_x && y > from_y) {
      x--;
      y--;
      pairs[x] = y;
    }
    x = from_x;
    y = from_y;
  }
  while (x > 0 && y > 0) {
    x--;
    y--;
    pairs[x] = y;
  }
}

// pairs[i]: the index in b of a's token i; -1: it has none there. Both begin and end differently.
static void pair_middle(Range a, Range b, gint *pairs) {
  gint most = MIN(a.count + b.count, MOST_EDITS);
  gint offset = most + 1;
  gsize size = 2 * (gsize)most + 3;
  g_autofree gint *furthest = g_new0(gint, size);
  g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func(g_free);
  for (gint d = 0; d <= most; d++) {
    for (gint diagonal = -d; diagonal <= d; diagonal += 2) {
      gboolean down = diagonal == -d || (diagonal != d && furthest[offset + diagonal - 1] <
                                                              furthest[offset + diagonal + 1]);
      gint x = down ? furthest[offset + diagonal + 1] : furthest[offset + diagonal - 1] + 1;
      gint y = x - diagonal;
      while (x < a.count && y < b.count && a.ids[x] == b.ids[y]) {
        x++;
        y++;
      }
      furthest[offset + diagonal] = x;
      if (x >= a.count && y >= b.count) {
        walk_back(a, b, trace, offset, d, pairs);
        return;
      }
    }
    g_ptr_array_add(trace, g_memdup2(furthest, size * sizeof *furthest));
  }
}

static gint *pair(const Tokens *from, const Tokens *to) {
  gint *pairs = g_new(gint, (gsize)from->ids->len + 1);
  const guint *a = (const guint *)from->ids->data;
  const guint *b = (const guint *)to->ids->data;
  guint start = 0;
  guint end_a = from->ids->len;
  guint end_b = to->ids->len;
  for (guint i = 0; i <= from->ids->len; i++) {
    pairs[i] = -1;
  }
  for (; start < end_a && start < end_b && a[start] == b[start]; start++) {
    pairs[start] = (gint)start;
  }
  for (; end_a > start && end_b > start && a[end_a - 1] == b[end_b - 1]; end_a--, end_b--) {
    pairs[end_a - 1] = (gint)end_b - 1;
  }
  if (start < end_a && start < end_b) {
    g_autofree gint *middle = g_new(gint, end_a - start);
    for (guint i = 0; i < end_a - start; i++) {
      middle[i] = -1;
    }
    pair_middle((Range){a + start, (gint)(end_a - start)},
                (Range){b + start, (gint)(end_b - start)}, middle);
    for (guint i = start; i < end_a; i++) {
      pairs[i] = middle[i - start] < 0 ? -1 : middle[i - start] + (gint)start;
    }
  }
  return pairs;
}

// ---- the difference ---------------------------------------------------------------------------

void diff_part_free(DiffPart *part) {
  if (part != NULL) {
    g_free(part->text);
    g_free(part);
  }
}

static void add_part(GPtrArray *parts, DiffKind kind, Slice text) {
  if (text.length == 0) {
    return;
  }
  DiffPart *last = parts->len > 0 ? g_ptr_array_index(parts, parts->len - 1) : NULL;
  if (last != NULL && last->kind == kind) {
    char *joined = g_strdup_printf("%s%.*s", last->text, (int)text.length, text.data);
    g_free(last->text);
    last->text = joined;
    return;
  }
  DiffPart *part = g_new(DiffPart, 1);
  *part = (DiffPart){kind, slice_dup(text)};
  g_ptr_array_add(parts, part);
}

// The bytes of tokens [from, until), which lie side by side in their text.
static Slice span(const Tokens *tokens, guint from, guint until) {
  if (from >= until) {
    return (Slice){"", 0};
  }
  const Slice *first = &g_array_index(tokens->slices, Slice, from);
  const Slice *last = &g_array_index(tokens->slices, Slice, until - 1);
  return (Slice){first->data, (gsize)(last->data - first->data) + last->length};
}

GPtrArray *text_diff(const char *from, const char *to) {
  g_autoptr(GHashTable) known = known_new();
  g_auto(Tokens) a = tokenise(slice_of(from), word_length, known);
  g_auto(Tokens) b = tokenise(slice_of(to), word_length, known);
  g_autofree gint *pairs = pair(&a, &b);
  GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)diff_part_free);
  guint at = 0;
  for (guint i = 0; i < a.ids->len;) {
    guint j = i;
    while (j < a.ids->len && pairs[j] < 0) {
      j++;
    }
    guint until = j < a.ids->len ? (guint)pairs[j] : b.ids->len;
    add_part(parts, DIFF_REMOVED, span(&a, i, j));
    add_part(parts, DIFF_ADDED, span(&b, at, until));
    at = until;
    guint k = j;
    while (k < a.ids->len && pairs[k] == (gint)at) {
      k++;
      at++;
    }
    add_part(parts, DIFF_SAME, span(&a, j, k));
    i = k;
  }
  add_part(parts, DIFF_ADDED, span(&b, at, b.ids->len));
  return parts;
}

static guint count_words(const char *text) {
  guint count = 0;
  for (Slice rest = slice_of(text); rest.length > 0; rest = slice_from(rest, word_length(rest))) {
    count += class_of(g_utf8_get_char(rest.data)) == CLASS_WORD;
  }
  return count;
}

void text_diff_count(const char *from, const char *to, guint *ret_added, guint *ret_removed) {
  g_autoptr(GPtrArray) parts = text_diff(from, to);
  *ret_added = *ret_removed = 0;
  for (guint i = 0; i < parts->len; i++) {
    const DiffPart *part = g_ptr_array_index(parts, i);
    *ret_added += part->kind == DIFF_ADDED ? count_words(part->text) : 0;
    *ret_removed += part->kind == DIFF_REMOVED ? count_words(part->text) : 0;
  }
}

// ---- the merge --------------------------------------------------------------------------------

void merge_conflict_free(MergeConflict *conflict) {
  if (conflict != NULL) {
    g_free(conflict->base);
    g_free(conflict->mine);
    g_free(conflict->theirs);
    g_free(conflict);
  }
}

typedef struct Merge {
  const MergeNames *names; // NULL: within lines, where a conflict ends the try
  GPtrArray *conflicts;
  GString *out;
  gboolean failed;
} Merge;

static gboolean merge_tokens(Merge *merge, Slice base, Slice mine, Slice theirs,
                             TokenLength length_of);

static void add_side(GString *out, const char *name, Slice text) {
  g_string_append_printf(out, MERGE_MARK " %s \xe2\x9f\xab\n\n", name);
  g_string_append_len(out, text.data, (gssize)text.length);
  while (out->len > 0 && out->str[out->len - 1] == '\n') {
    g_string_truncate(out, out->len - 1);
  }
  g_string_append(out, "\n\n");
}

// Both sides, one after the other, each under its name.
static void keep_both(Merge *merge, Slice base, Slice mine, Slice theirs) {
  MergeConflict *conflict = g_new(MergeConflict, 1);
  *conflict = (MergeConflict){slice_dup(base), slice_dup(mine), slice_dup(theirs)};
  g_ptr_array_add(merge->conflicts, conflict);
  if (merge->out->len > 0 && !g_str_has_suffix(merge->out->str, "\n\n")) {
    g_string_append(merge->out, g_str_has_suffix(merge->out->str, "\n") ? "\n" : "\n\n");
  }
  add_side(merge->out, merge->names->theirs, theirs);
  add_side(merge->out, merge->names->mine, mine);
  g_string_append(merge->out, MERGE_MARK " end \xe2\x9f\xab\n\n");
}

static void settle(Merge *merge, Slice base, Slice mine, Slice theirs) {
  Slice taken = mine;
  if (slice_equal(mine, base)) {
    taken = theirs;
  } else if (!slice_equal(theirs, base) && !slice_equal(mine, theirs)) {
    if (merge->names == NULL) {
      merge->failed = TRUE;
      return;
    }
    Merge within = {.out = g_string_new(NULL)};
    gboolean merged = merge_tokens(&within, base, mine, theirs, word_length);
    if (merged) {
      g_string_append_len(merge->out, within.out->str, (gssize)within.out->len);
    } else {
      keep_both(merge, base, mine, theirs);
    }
    g_string_free(within.out, TRUE);
    return;
  }
  g_string_append_len(merge->out, taken.data, (gssize)taken.length);
}

static gboolean merge_tokens(Merge *merge, Slice base, Slice mine, Slice theirs,
                             TokenLength length_of) {
  g_autoptr(GHashTable) known = known_new();
  g_auto(Tokens) b = tokenise(base, length_of, known);
  g_auto(Tokens) m = tokenise(mine, length_of, known);
  g_auto(Tokens) t = tokenise(theirs, length_of, known);
  g_autofree gint *to_mine = pair(&b, &m);
  g_autofree gint *to_theirs = pair(&b, &t);
  guint count = b.ids->len;
  guint at_base = 0;
  guint at_mine = 0;
  guint at_theirs = 0;
  for (guint i = 0; i <= count && !merge->failed; i++) {
    gboolean end = i == count;
    // pair() has filled count + 1 entries, which the analyzer can't see.
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult)
    if (!end && (to_mine[i] < 0 || to_theirs[i] < 0)) {
      continue;
    }
    guint until_mine = end ? m.ids->len : (guint)to_mine[i];
    guint until_theirs = end ? t.ids->len : (guint)to_theirs[i];
    if (i > at_base || until_mine > at_mine || until_theirs > at_theirs) {
      settle(merge, span(&b, at_base, i), span(&m, at_mine, until_mine),
             span(&t, at_theirs, until_theirs));
    }
    if (!end) {
      Slice same = span(&b, i, i + 1);
      g_string_append_len(merge->out, same.data, (gssize)same.length);
    }
    at_base = i + 1;
    at_mine = until_mine + 1;
    at_theirs = until_theirs + 1;
  }
  return !merge->failed;
}

char *text_merge(const char *base, const char *mine, const char *theirs, const MergeNames *names,
                 GPtrArray *conflicts) {
  Merge merge = {.names = names, .conflicts = conflicts, .out = g_string_new(NULL)};
  (void)merge_tokens(&merge, slice_of(base), slice_of(mine), slice_of(theirs), line_length);
  return g_string_free(merge.out, FALSE);
}

gboolean text_has_conflict(const char *text) {
  return strstr(text, MERGE_MARK " end \xe2\x9f\xab") != NULL;
}
