// SPDX-License-Identifier: Apache-2.0
//
// A story as type: its head (kicker, headline, standfirst, byline) and its body (press/markup's
// tree as a row of blocks), set to any measure and poured into columns of whole baselines without
// widows and orphans. Planners ask for heights (cheap: shaped once, line breaks remembered by
// measure), pages take the blocks. Used by edition/plan, edition/layout and edition/page. One
// thread; what is set must be freed before its Galley.
//
//   galley_new -> galley_fit_head, galley_body_extent (prices) -> galley_set_head, galley_pour
//   (type)
#pragma once

#include "edition/look.h"
#include "model/story.h"

typedef struct Galley Galley;

// story: borrowed, outlives the galley. language: the newspaper's, where the story names none.
// EDITION_ERROR_CONTENT: the text can't be read; names the story and the line.
Galley *galley_new(Typesetter *typesetter, const Look *look, const Story *story,
                   const char *language, GError **error);
void galley_free(Galley *galley);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Galley, galley_free)
const char *galley_language(const Galley *galley); // of the story, never ""
gboolean galley_is_right_to_left(const Galley *galley);
guint galley_word_count(const Galley *galley);

// ---- the head ---------------------------------------------------------------------------------

typedef enum GalleyPart {
  GALLEY_KICKER,
  GALLEY_HEADLINE,
  GALLEY_STANDFIRST,
  GALLEY_BYLINE,
  GALLEY_BRIEF_HEADLINE, // the headline in the size of briefs
  GALLEY_PARTS
} GalleyPart;

typedef struct GalleyFit {
  guint baselines; // height with the space below it; 0: the story has no such part
  guint lines;
  gint32 widest;        // widest line, 1/1000 pt
  gint32 last_permille; // how full the last line is, of the widest
  gboolean breaks_word; // a word is wider than the measure: take a smaller size
} GalleyFit;

// `size`: index into look->headline_sizes, for GALLEY_HEADLINE only.
GalleyFit galley_fit_head(Galley *galley, GalleyPart part, guint size, gint32 measure);
SetBlock *galley_set_head(Galley *galley, GalleyPart part, guint size,
                          gint32 measure); // NULL: none

// Text of the furniture or the page's own: captions, "Continued on page 4", corrections.
// `credit` follows the text in its own look; either may be NULL. NULL if both are empty.
SetBlock *galley_set_caption(Typesetter *typesetter, const Look *look, const char *caption,
                             const char *credit, const char *language, gint32 measure);
SetBlock *galley_set_text(Typesetter *typesetter, const Look *look, LookText text,
                          const char *words, const char *link, const char *language, gint32 measure,
                          SetRole role);

// ---- the body ---------------------------------------------------------------------------------

// A place in the body: where a piece begins or ends.
typedef struct GalleyPlace {
  guint block;  // galley_block_count: the end
  guint offset; // byte of the block's text; 0: before it
} GalleyPlace;
#define GALLEY_START ((GalleyPlace){0, 0})
guint galley_block_count(const Galley *galley);
gboolean galley_is_end(const Galley *galley, GalleyPlace place);

typedef struct GalleyExtent { // baselines that the body needs in columns of one measure
  guint least, natural, most; // tight … as it comes … loose
} GalleyExtent;
GalleyExtent galley_body_extent(Galley *galley, GalleyPlace from, gint32 measure,
                                gboolean drop_cap);

typedef struct GalleyColumn {
  guint baselines; // its height
  gint32 x, y;     // where it stands: copied into the placed blocks' positions
} GalleyColumn;

typedef struct GalleyPour {
  GalleyPlace from;
  gint32 measure; // of every column
  const GalleyColumn *columns;
  guint column_count;
  gboolean drop_cap;  // at the story's beginning
  gboolean continues; // the columns end with a jump: text may be left over, and is wanted to be
  gboolean all;       // the columns must take all the rest if that can be had at any price
} GalleyPour;

typedef struct GalleyPlaced {
  SetBlock *block; // owned
  guint column;
  gint32 x, y; // of its top left, from the columns' x and y
} GalleyPlaced;

typedef struct GalleyPoured {
  GArray *placed;  // GalleyPlaced, in reading order
  GalleyPlace end; // what comes next; galley_is_end: nothing
  guint *spare;    // for each column: baselines left empty at its foot
  gint64 cost;     // of looseness and holes; to compare pours of one galley
} GalleyPoured;
// Never loses text: what doesn't fit is at `end`. Blocks that are higher than every column are
// broken or made smaller.
GalleyPoured *galley_pour(Galley *galley, const GalleyPour *pour);
void galley_poured_free(GalleyPoured *poured);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GalleyPoured, galley_poured_free)
