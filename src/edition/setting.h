// SPDX-License-Identifier: Apache-2.0
//
// What has been set: glyphs on lines, lines, rules and pictures in blocks. Made by
// edition/paragraph and edition/galley, placed on pages by edition/layout and edition/page, drawn
// by edition/setting_draw into edition/pdf, measured by the scorecard. Plain data; integer
// positions (1/1000 pt, see typeface.h), x from the left, y downwards. Written once, then read by
// anyone.
#pragma once

#include "edition/typeface.h"
#include "model/image.h"

typedef struct SetGlyph {
  guint32 glyph;      // of the run's face
  gint32 x;           // its pen position, from the run's x
  gint32 y;           // above the baseline, from the run's rise
  gint32 advance;     // natural, without tracking and letter-spacing
  guint32 text;       // byte offset in the line's text of the first character it stands for
  guint16 text_bytes; // 0: another glyph has the text: the cluster's first, or a drop cap's word
} SetGlyph;

typedef struct SetRun { // glyphs of one face, size, colour and direction, left to right as drawn
  const Face *face;
  gint32 size;
  gint32 x, rise;
  gint32 width;   // with tracking and letter-spacing
  gint32 spacing; // added after each glyph (tracking and letter-spacing)
  guint32 color;
  const char *link; // NULL or a URL; owned by the text it came from
  gboolean right_to_left;
  const SetGlyph *glyphs;
  guint glyph_count;
} SetRun;

typedef enum SetLineEnd {
  LINE_END_TEXT,  // the last line of a paragraph
  LINE_END_SPACE, // at a space
  LINE_END_BREAK, // where a line may end without one (after a hyphen of the text's own, CJK)
  LINE_END_HYPHEN // hyphenated: the last glyph is a hyphen that stands for U+00AD
} SetLineEnd;

typedef struct SetLine {
  gint32 x, baseline; // from the block's top left
  gint32 width;       // of the measure that it was set to; hanging punctuation may stick out
  gint32 natural;     // of its text without justification
  SetLineEnd end;
  gboolean justified, body; // body: counts in the scorecard's gaps and widows
  gboolean right_to_left;
  gint32 gap_permille;      // drawn word gap / natural gap x 1000; 0 when there is none
  gint32 gap_count;         // word gaps
  gint32 letter_millionths; // letter-spacing / size x 1000000, signed
  const char *text;         // UTF-8 in logical order, ends with a space where the line does
  const SetRun *runs;       // in logical order (reading); positions say where they stand
  guint run_count;
} SetLine;

typedef struct SetRule { // a line or a tinted box, drawn behind the text; an artifact
  gint32 x, y, width, height;
  guint32 color;
} SetRule;

typedef struct SetPicture {
  const Image *image;         // of the story
  CropRectangle crop;         // pixels of the upright original
  gint32 x, y, width, height; // where it stands
} SetPicture;

// What a block is to readers: its structure element in the PDF.
typedef enum SetRole {
  ROLE_HEADLINE,   // H1 or H2, as the page says
  ROLE_KICKER,     // P
  ROLE_STANDFIRST, // P
  ROLE_BYLINE,     // P
  ROLE_PARAGRAPH,  // P
  ROLE_SUBHEAD,    // a heading below the headline's
  ROLE_ITEM,       // L > LI (Lbl, LBody)
  ROLE_QUOTE,      // BlockQuote > P
  ROLE_PULL_QUOTE, // an artifact where it repeats the text is not known: BlockQuote
  ROLE_BOX,        // Sect of what stands in it
  ROLE_FIGURE,     // Figure with Alt
  ROLE_CAPTION,    // Caption of the Figure before it
  ROLE_TABLE,      // a TR of the Table: its cells in reading order
  ROLE_CODE,       // P > Code
  ROLE_NOTE,       // P: continuation lines, tags at the end
  ROLE_RULE        // an artifact
} SetRole;

typedef struct SetBlock SetBlock;
struct SetBlock {
  SetRole role;
  guint id;    // of the story's part: pieces of one paragraph have the same (one element in the
               // PDF, wherever they stand)
  guint level; // heading level below the headline (2, 3 …); nesting of a list item from 1
  gint32 baselines; // its height: whole baselines
  gint32 width;
  gint32 space_before;  // of which baselines above its first line; left out at a column's head
  const char *language; // BCP 47
  const SetLine *lines;
  guint line_count;
  const SetRule *rules;
  guint rule_count;
  const SetPicture *picture; // NULL or one
  const guint *cells;        // of a table's row: how many lines each cell has
  guint cell_count;
  gboolean heads;                // of a table's row: it is the head
  gboolean labelled;             // the first line is a list item's label
  gboolean continues, continued; // a piece: begun in the column before; goes on in the next
  SetBlock *const *children;     // of a box, in reading order, at positions of their own
  guint child_count;
  gint32 x, y; // in the box that it stands in; 0 for blocks of the galley itself
};

void set_line_clear(SetLine *line); // frees what it owns
void set_block_free(SetBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SetBlock, set_block_free)
