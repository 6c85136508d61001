// SPDX-License-Identifier: Apache-2.0
//
// Implements spelling.h: the restricted Damerau-Levenshtein distance. Words are cut at 64
// bytes, since no name in this house is longer and the input may be anything.
#include "base/spelling.h"

#include <string.h>

enum { LONGEST = 64 };

guint spelling_distance(const char *a, const char *b) {
  gsize rows = MIN(strlen(a), LONGEST), columns = MIN(strlen(b), LONGEST);
  guint table[LONGEST + 1][LONGEST + 1];
  for (gsize i = 0; i <= rows; i++) {
    table[i][0] = (guint)i;
  }
  for (gsize j = 0; j <= columns; j++) {
    table[0][j] = (guint)j;
  }
  for (gsize i = 1; i <= rows; i++) {
    for (gsize j = 1; j <= columns; j++) {
      char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
      guint best = MIN(table[i - 1][j], table[i][j - 1]) + 1;
      best = MIN(best, table[i - 1][j - 1] + (x == y ? 0u : 1u));
      if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) && y == g_ascii_tolower(a[i - 2])) {
        best = MIN(best, table[i - 2][j - 2] + 1);
      }
      table[i][j] = best;
    }
  }
  return table[rows][columns];
}

const char *spelling_nearest(const char *word, const char *const *words) {
  const char *nearest = NULL;
  // More than a third of the word wrong is no misspelling; always allow two edits.
  guint best = MAX(2u, (guint)strlen(word) / 3) + 1;
  for (gsize i = 0; words[i] != NULL; i++) {
    guint distance = spelling_distance(word, words[i]);
    if (strlen(word) >= 3 && g_str_has_prefix(words[i], word)) {
      distance = 0;
    }
    if (distance < best && distance < strlen(words[i])) {
      best = distance;
      nearest = words[i];
    }
  }
  return nearest;
}
