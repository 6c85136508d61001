// SPDX-License-Identifier: Apache-2.0
//
// Inside of a Paragraph, for edition/paragraph*.c only: its text as atoms (words and spaces,
// shaped) and the places where a line may end, with running sums that make any line's width two
// subtractions. Made once, before the first question.
#pragma once

#include "edition/paragraph.h"
#include "edition/shaper.h"

// How far the room between two squares may be stretched, of their size.
#define CJK_STRETCH_PERCENT 15

typedef struct ParagraphStyle {
  TypeStyle style;
  char *link;  // owned; NULL: none
  guint start; // byte of the text
} ParagraphStyle;

typedef struct Atom {
  guint start, bytes; // of the text
  guint style;        // index
  gboolean space;
  gboolean glued; // no line may end between it and the one before
  guint8 level;   // UAX #9
  WordCase letter_case;
  const Face *face;
  gint32 size;
  hb_script_t script;
  const Word *word; // NULL for a space
  gint32 width;     // natural, with tracking
  gint32 stretch;   // what letter-spacing may add: sum of the sizes of its letters
} Atom;

// Sums from the paragraph's beginning; gint64, because a text may have 4 MB.
typedef struct Sums {
  gint64 width, gaps, letters, soft; // soft: stretch between CJK letters
} Sums;

typedef struct Break {
  SetLineEnd kind;
  gboolean forced, emergency;
  guint atom;         // in which, or before which, the line ends
  guint end;          // byte where the line's text ends (without the space)
  guint next;         // byte where the next line begins
  guint next_atom;    // in which it begins
  Sums before, after; // up to the line's end (with hyphen); up to the next line's beginning
  gint32 hang_before, hang_after; // what sticks out there
  gint32 penalty;
} Break;

typedef struct Fit {
  ParagraphShape shape;
  ParagraphFit fit;
  guint32 *chains[FIT_VARIANTS]; // indices into breaks, the first is where it begins; NULL
  guint counts[FIT_VARIANTS];    // lines
  gboolean ragged[FIT_VARIANTS]; // set in the pass for what can't be justified
} Fit;

struct Paragraph {
  Typesetter *typesetter;
  char *language;
  GString *text;
  GArray *styles; // ParagraphStyle
  GArray *soft;   // guint: bytes where a soft hyphen stood
  gboolean prepared, right_to_left;
  GArray *atoms;      // Atom
  GArray *breaks;     // Break; the first is the beginning, the last the end
  gint32 split_above; // words wider than this have breaks between all letters; G_MAXINT32: none
  gint32 widest;      // of the atoms that can't be broken but by force
  GPtrArray *fits;    // Fit
};

void paragraph_prepare(Paragraph *paragraph);                     // atoms, breaks
void paragraph_make_breaks(Paragraph *paragraph, gint32 measure); // again, if words are too wide
Fit *paragraph_find_fit(Paragraph *paragraph, const ParagraphShape *shape);
gint32 paragraph_line_measure(const ParagraphShape *shape, guint line); // of that line, from 0

// How far a letter may stand out of the column, 1/1000 of its width.
gint32 hanging_permille(gunichar letter, gboolean at_end);

// How a justified line is filled. Limits: letters 2 % of the size, gaps as the shape says.
typedef struct LineFill {
  gboolean feasible;
  gint32 badness;             // 0 … 10000
  gint32 ratio;               // signed, 1000: stretched as far as is good
  gint64 letters, soft, gaps; // what each adds, 1/1000 pt
} LineFill;
LineFill line_fill(gint64 lack, Sums line, gint32 max_gap_permille);
