// SPDX-License-Identifier: Apache-2.0
//
// "Did you mean": the word of a list that is nearest to a misspelt one. Used for the messages
// about unknown commands, options and configuration keys. Pure; any thread.
#pragma once

#include <glib.h>

// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`, by bytes, ASCII case
// ignored.
guint spelling_distance(const char *a, const char *b);

// The nearest of `words` (NULL-terminated); NULL when none is near enough to be worth a guess.
const char *spelling_nearest(const char *word, const char *const *words);
