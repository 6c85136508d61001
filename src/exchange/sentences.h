// SPDX-License-Identifier: Apache-2.0
//
// A paragraph's sentences, also where two are glued together without a space ("Privacy Policy.The
// minister said"), and which of them stand inside a quotation. For furniture.c, which judges them.
// Pure; any thread.
#pragma once

#include <glib.h>

typedef struct Sentence {
  gsize start, end; // bytes of the text; without the white space around it
  gboolean glued;   // no white space before it, though a sentence ends there
  gboolean quoted;  // begins inside a quotation
} Sentence;

// Sentence, ascending, of valid UTF-8. A line's end always ends a sentence. Caller unrefs.
GArray *sentences_split(const char *text);
