// SPDX-License-Identifier: Apache-2.0
//
// Inside of a Galley, for edition/galley*.c only: the body as a row of blocks, each with its
// paragraphs, its heights in baselines and how it may be split.
#pragma once

#include "edition/galley.h"
#include "press/markup.h"

typedef enum BodyKind {
  BODY_PARAGRAPH,
  BODY_SUBHEAD,
  BODY_ITEM,
  BODY_QUOTE,
  BODY_CODE,
  BODY_PULL_QUOTE, // not split from here on
  BODY_BOX,
  BODY_FIGURE,
  BODY_ROW, // of a table
  BODY_RULE
} BodyKind;

typedef struct BodyBlock BodyBlock;
struct BodyBlock {
  BodyKind kind;
  guint id;
  LookText look;
  Paragraph *paragraph; // words; of a figure its caption and credit; NULL: none
  Paragraph *second;    // of a list item its label; of a pull quote who said it
  Paragraph *dropped;   // without its first letter, which is a drop cap; NULL: has none
  char *drop;           // that letter, with a quote before it
  guint level;          // of a subhead, of a list item
  gint32 inset;         // from the measure's start
  gboolean indent;      // its first line
  gboolean heads;       // of a row: the table's head
  const Image *image;   // of a figure
  GPtrArray *children;  // BodyBlock: of a box; Paragraph: of a row's cells; else NULL
};

struct Galley {
  Typesetter *typesetter; // borrowed, as the look and the story
  const Look *look;
  const Story *story;
  char *language;
  guint words;
  guint next_id;
  guint tallest; // baselines of the highest column at hand: pictures are no higher
  Document *document;
  GPtrArray *blocks;              // BodyBlock
  Paragraph *parts[GALLEY_PARTS]; // NULL: the story has no such part
  Paragraph *headlines[LOOK_MAX_HEADLINES];
};

// Fills galley->blocks from the document (galley_blocks.c).
void galley_make_blocks(Galley *galley);
void body_block_free(gpointer block);
Paragraph *galley_words(Galley *galley, LookText look, const char *words); // NULL when empty

// ---- heights and type of one block (galley_set.c) ---------------------------------------------

typedef struct BlockExtent {
  guint before, after;        // baselines of air, left out at a column's head and foot
  guint least, natural, most; // without them
  gboolean splits;            // into lines
} BlockExtent;
gboolean body_block_has_drop(Galley *galley, const BodyBlock *block, gint32 measure,
                             gboolean drop_cap);
BlockExtent body_block_extent(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                              gboolean drop_cap);
// What it costs to be set in `lines`; G_MAXINT64 if it can't.
gint64 body_block_cost(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                       gboolean drop_cap, guint lines);

typedef struct BlockSet { // a whole block, or what is left of one, ready to be cut
  const BodyBlock *block;
  ParagraphLines *lines; // of what splits
  guint removed;         // bytes before the lines' text: the drop cap
  SetLine *drop;         // the drop cap; NULL
  SetBlock *whole;       // of what doesn't
} BlockSet;
BlockSet *body_block_set(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                         gboolean drop_cap, guint lines);
void block_set_free(BlockSet *set);
// Lines from..to as a block of their own; whole blocks are handed over. Where the next line begins
// is *ret_offset.
SetBlock *block_set_cut(Galley *galley, BlockSet *set, guint from, guint to, gint32 measure,
                        guint *ret_offset);
// Makes a block that is higher than every column into blocks that can be split. FALSE: it is one.
gboolean galley_loosen(Galley *galley, guint index);

// First baseline of a text in its first line's row: type stands on the grid.
gint32 look_first_baseline(const Look *look, const TextLook *text);
guint look_baselines(const Look *look, gint32 height); // rounded up
