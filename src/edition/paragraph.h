// SPDX-License-Identifier: Apache-2.0
//
// A paragraph: styled text in one language, shaped once (edition/shaper) and broken into lines as
// often as a planner likes. Breaking is Knuth and Plass's total fit (Software - Practice and
// Experience 11, 1981) in integers, with hyphens by language, hanging punctuation, letter-spacing
// of at most 2 % of the size, at most two hyphens in a row, word gaps of 0.8 to 2 spaces, and
// looseness: the best setting for each possible number of lines is known after one pass. Words that
// don't fit are broken anywhere rather than lost or overfull. Bidirectional text is broken in
// logical order and each line reordered (UAX #9); CJK breaks by UAX #14.
//
// Used by edition/galley and for headlines, captions and furniture. One thread (its Typesetter's).
#pragma once

#include "base/slice.h"
#include "edition/setting.h"

// Shapes and hyphenates, and remembers widths: one for an edition.
typedef struct Typesetter Typesetter;
Typesetter *typesetter_new(Typefaces *typefaces); // borrowed
void typesetter_free(Typesetter *typesetter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Typesetter, typesetter_free)
Typefaces *typesetter_typefaces(const Typesetter *typesetter);
const char *typesetter_keep(Typesetter *typesetter, const char *text); // a copy that lives as long

typedef enum Alignment {
  ALIGN_JUSTIFIED,
  ALIGN_START, // ragged: left in English, right in Arabic
  ALIGN_CENTER,
  ALIGN_END,
  ALIGN_BALANCED // as START, with lines as even as they can be: headlines
} Alignment;

typedef struct Paragraph Paragraph;
// language: BCP 47, decides hyphenation, quotes' forms and, with the text, the direction.
Paragraph *paragraph_new(Typesetter *typesetter, const char *language);
void paragraph_free(Paragraph *paragraph); // the lines that were set from it must be gone before
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paragraph, paragraph_free)
// Appends text; white space (also line feeds) collapses to one space. `link`: NULL or a URL.
// Invalid UTF-8 becomes U+FFFD.
void paragraph_add(Paragraph *paragraph, Slice text, const TypeStyle *style, const char *link);
void paragraph_add_break(Paragraph *paragraph); // a line ends here
gboolean paragraph_is_empty(const Paragraph *paragraph);
const char *paragraph_text(const Paragraph *paragraph); // as it will copy out, in logical order
gboolean paragraph_is_right_to_left(const Paragraph *paragraph);

typedef struct ParagraphShape {
  gint32 measure;
  gint32 indent;     // of the first line, at the start side
  guint inset_lines; // the first so many lines …
  gint32 inset;      // … begin so much later (a drop cap)
  guint start;       // byte of paragraph_text to begin at: what an earlier piece left; else 0
  Alignment alignment;
  gboolean no_hyphens; // headlines
  gboolean no_hanging;
  gint32 max_gap_permille; // 0: 2000
} ParagraphShape;

// How a paragraph can be set. Known for each shape after one pass and remembered, so asking again
// is a look into a table.
#define FIT_VARIANTS 5
typedef struct ParagraphFit {
  guint lines;               // of the best setting
  guint least, most;         // tolerable settings: lines-2 … lines+2
  gint64 cost[FIT_VARIANTS]; // of lines-2 … lines+2; G_MAXINT64: can't be had
} ParagraphFit;
ParagraphFit paragraph_fit(Paragraph *paragraph, const ParagraphShape *shape);
#define PARAGRAPH_VARIANT(fit, n) ((gint)(n) - (gint)(fit)->lines + FIT_VARIANTS / 2)

// The lines themselves. `lines`: wanted count between least and most; 0: the best. Each line's
// baseline is line number x leading + first_baseline.
typedef struct ParagraphLines {
  SetLine *lines;
  guint count;
  guint *starts; // byte of paragraph_text where each line begins; starts[count] is the end
} ParagraphLines;
ParagraphLines *paragraph_set(Paragraph *paragraph, const ParagraphShape *shape, guint lines,
                              gint32 first_baseline, gint32 leading);
void paragraph_lines_free(ParagraphLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ParagraphLines, paragraph_lines_free)

// Widest word that can't be broken by right: does a headline fit this measure at all?
gint32 paragraph_widest_word(Paragraph *paragraph);
gint32 paragraph_natural_width(Paragraph *paragraph); // on one line
