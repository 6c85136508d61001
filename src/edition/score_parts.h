// SPDX-License-Identifier: Apache-2.0
//
// Inside of the scorecard, for edition/score*.c only: what a PDF shows, gathered into lines.
#pragma once

#include "edition/edition.h"
#include "edition/page_theme.h"
#include "edition/pdf_scan.h"

#define SCORE_NONE G_MAXUINT

// A line of type as it stands on a page: glyphs of one block element on one baseline, without a
// jump to another column.
typedef struct ScoreLine {
  guint page, first, end; // glyphs of the page
  guint block;            // the element that it is a line of: the nearest that stands in no line
  guint article;          // the story's element; SCORE_NONE: furniture
  gint32 left, right;     // of what is printed, without spaces at its ends
  gint32 baseline, size;  // most of its glyphs'
  gboolean artifact;
  gboolean body;     // set in the size of the body, in a story
  gboolean boxed;    // in a box within a story, which has a grid of its own
  gboolean last;     // of its block
  gboolean hyphen;   // ends with a hyphen that the setting put there
  guint piece;       // of its block: counted up where the text goes on in another column
  guint of_piece;    // lines of the block before it in its piece
  gint32 widest_gap; // permille of the natural space; 0: it has no gaps
} ScoreLine;

typedef struct ScoreKit {
  const EditionContent *content;
  const PageTheme *theme;
  const Look *look;
  const PdfScan *scan;
  GArray *lines; // ScoreLine, in reading order within a block, blocks as they are shown
} ScoreKit;

void score_find_lines(ScoreKit *kit);

// Each measures a page, or the whole, into the card.
void score_type(const ScoreKit *kit, EditionScore *score);
void score_heads(const ScoreKit *kit, EditionScore *score);
void score_room(const ScoreKit *kit, guint page, PageScore *score);
void score_pictures(const ScoreKit *kit, guint page, PageScore *score);
void score_words(const ScoreKit *kit, EditionScore *score);
PageScore *score_page(EditionScore *score, guint page);
const ScanGlyph *score_glyph(const ScoreKit *kit, const ScoreLine *line, guint index);
