// SPDX-License-Identifier: Apache-2.0
//
// Words to glyphs by HarfBuzz, and their hyphenation, remembered for the whole edition: a newspaper
// repeats its words, so most of a paragraph is look-ups. Inside of edition/paragraph*. Widths in
// the font's own units. One thread.
#pragma once

#include "edition/face.h"
#include "edition/paragraph.h"

typedef struct WordGlyph {
  guint32 glyph;
  gint32 advance, x, y; // font units
  guint32 text;         // byte in the word of its cluster
  gboolean safe;        // a line may be broken before it without shaping again
} WordGlyph;

typedef struct Word {
  gint32 advance;
  guint glyph_count;
  const WordGlyph *glyphs; // left to right as drawn
  guint letters;           // clusters: letter-spacing goes after each
} Word;

typedef enum WordCase { WORD_AS_IS, WORD_UPPER, WORD_SMALL_CAPS } WordCase;

typedef struct WordRequest {
  const Face *face;
  const char *text; // of one script, direction and face
  gsize length;
  const char *before, *after; // the words' neighbours without a space between, for joining; "" none
  hb_script_t script;
  const char *language;
  gboolean right_to_left;
  WordCase letter_case;
} WordRequest;

// Owned by the typesetter, the same for the same request.
const Word *shaper_word(Typesetter *typesetter, const WordRequest *request);

typedef struct WordPoints {
  guint count;
  guint8 bytes[]; // before which a hyphen may stand
} WordPoints;
const WordPoints *shaper_points(Typesetter *typesetter, const char *language, const char *word,
                                gsize length);
hb_script_t shaper_script(gunichar letter);
