// SPDX-License-Identifier: Apache-2.0
//
// Page geometry: blocks (stories and boxes) in reading order -> rectangles on a grid of columns and
// baselines that tile the page. Every tiling that cuts the page again and again from edge to edge
// (a slicing tree) and keeps the blocks' order is looked at, by dynamic programming over runs of
// blocks, widths and heights: the cheapest one is found exactly, not by luck. A block's own
// arrangement (headline size, picture's columns and rows, pull quote, filler) is chosen with it, so
// that text fills its rectangle to the line.
//
// Integers only: columns, rows (baselines), cells (one line of text in one column). Ties go to the
// earlier choice. No clock, no randomness, no input or output. Used by edition/plan.
#pragma once

#include <glib.h>

#define LAYOUT_COLUMNS 6 // at most, of a page
#define LAYOUT_ROWS 160  // at most, of a page
#define LAYOUT_LEVELS 8  // headline sizes: 0 the largest
#define LAYOUT_BLOCKS 10 // at most, on a page
#define LAYOUT_GAP 2     // rows between blocks that stand below one another
#define LAYOUT_BAND 5    // rows between two sections on one page: the head of the second is there
#define LAYOUT_FILLER 7  // rows that a filler has at least
#define LAYOUT_COST_NONE (G_MAXINT32 / 4) // can't be done

typedef enum BlockKind {
  BLOCK_STORY,
  BLOCK_CONTINUATION, // the rest of a story: a small head, no standfirst
  BLOCK_BRIEFS,       // several short stories that flow through the columns
  BLOCK_BOX           // furniture that fits its room: contents, corrections
} BlockKind;

// What the geometry has to know of a block. Tables by columns: [1] … [LAYOUT_COLUMNS]; 0 rows: the
// block can't have that width.
typedef struct LayoutBlock {
  guint id; // the caller's
  BlockKind kind;
  gint32 section;       // blocks of different sections are parted by a band
  gint32 body;          // lines of text at one column's measure
  gint32 weight;        // 0 great, 1 ordinary, 2 small
  gint32 area;          // cells that it should have; 0: whatever it needs
  gint32 jump_at_least; // 0: stands whole; else its text may go on elsewhere after so many lines
  gint32 items;         // of BRIEFS and a BOX: how many
  gint32 quote;         // rows of its pull quote in one column; 0: it has none
  gint16 head[LAYOUT_LEVELS][LAYOUT_COLUMNS + 1];  // rows of kicker, headline and standfirst
  gint16 lines[LAYOUT_LEVELS][LAYOUT_COLUMNS + 1]; // of the headline alone
  gint16 picture_least[LAYOUT_COLUMNS + 1];        // rows within the focal tolerance
  gint16 picture_best[LAYOUT_COLUMNS + 1];
  gint16 picture_most[LAYOUT_COLUMNS + 1];
  gint16 caption[LAYOUT_COLUMNS + 1];
  gint16 box_least[LAYOUT_COLUMNS + 1], box_most[LAYOUT_COLUMNS + 1]; // rows of a BOX
} LayoutBlock;

typedef enum Arrangement {
  ARRANGE_PLAIN,        // head, text
  ARRANGE_PICTURE_TOP,  // picture over the whole width, head, text
  ARRANGE_PICTURE_IN,   // head over the whole width, picture beside the text
  ARRANGE_PICTURE_SIDE, // picture beside head and text
} Arrangement;

// How a block fills its rectangle. Text columns are columns - (SIDE ? picture_columns : 0).
typedef struct BlockShape {
  gint32 cost;
  Arrangement arrangement;
  gint16 level;
  gint16 picture_columns, picture_rows; // 0: without; rows without the caption
  gint16 caption_rows, head_rows;
  gint16 quote_rows;                  // 0: without
  gint16 spread;                      // rows of air between head and text
  gint16 filler_columns, filler_rows; // at the end of the text; 0: without
  gint16 text_rows;                   // of the text's columns
  gint32 cells;                       // lines of text that there is room for
  gint32 slack;                       // cells left empty, white
  gboolean jumps;                     // the text goes on elsewhere; one of `cells` says where
} BlockShape;

typedef struct PlacedBlock {
  guint index; // into the blocks
  gint16 column, row, columns, rows;
  BlockShape shape;
} PlacedBlock;

typedef struct LayoutBand { // the head of a section that begins below another one
  gint32 section;
  gint16 row, rows;
} LayoutBand;

typedef struct PageLayout {
  gint32 cost;
  guint count, bands;
  PlacedBlock blocks[LAYOUT_BLOCKS];
  LayoutBand band[LAYOUT_BLOCKS];
  gint16 strip_row, strip_rows; // a filler over the page's whole width at its foot; 0 rows: none
} PageLayout;

typedef struct LayoutGrid {
  gint16 columns, rows;
} LayoutGrid;

// The best arrangement of a block in a rectangle; cost LAYOUT_COST_NONE if there is none. `lead`:
// it is the first of its page or band.
BlockShape layout_shape(const LayoutBlock *block, gint columns, gint rows, gboolean lead);

// A table of all runs of at most `longest` blocks, filled from the last block to the first.
typedef struct LayoutTable LayoutTable;
LayoutTable *layout_table_new(LayoutGrid grid, guint longest);
void layout_table_free(LayoutTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LayoutTable, layout_table_free)
// Puts a block before those that are there; keeps the last `longest` only. `block` is borrowed.
void layout_table_prepend(LayoutTable *table, const LayoutBlock *block);
// The cost of a page that holds the first `count` blocks, when its lowest `reserved` rows are not
// for them. LAYOUT_COST_NONE: they don't fit.
gint32 layout_table_cost(const LayoutTable *table, guint count, gint reserved);
// The same page, as rectangles; `index` counts from the first block. FALSE if they don't fit.
gboolean layout_table_page(const LayoutTable *table, guint count, gint reserved,
                           PageLayout *ret_page);
