// SPDX-License-Identifier: Apache-2.0
//
// Composes planned blocks: sets head, picture, caption and text of a story into its rectangle,
// exactly: what the plan reckoned with is set, measured, and mended by the picture's height, a
// filler or a smaller headline until the text stands whole. Used by edition_print(). One thread.
#pragma once

#include "edition/page_furniture.h"

typedef struct PageJump { // a place for "Continued on page 4"
  guint page;             // where the line stands
  guint story;
  guint part; // that goes on as part + 1
  gint32 x, y, measure;
} PageJump;

typedef struct Composer {
  const PageKit *kit;
  GPtrArray *stories; // PageStory *
  GArray *jumps;      // PageJump
  PageRoom contents;  // on the front page; no rows: none
  guint fillers;      // so far: they take turns
  gboolean mirrored;  // the newspaper reads from right to left
} Composer;

// Puts a planned page's blocks on the sheet. `first_row`: the row of the type area that the plan's
// row 0 is. Stories' `next` moves on; a story that could not be set whole has more to come.
void page_compose(Composer *composer, Sheet *sheet, const PlanPage *plan, gint first_row);
