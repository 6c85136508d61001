// SPDX-License-Identifier: Apache-2.0
//
// A page while it is made: what stands on it and where, before it is drawn. edition/page_story and
// edition/page_furniture put set blocks, pictures, rules and links on it; edition/page_draw draws
// it; edition/page_score measures it. Lengths: 1/1000 pt from the page's top left. One thread.
#pragma once

#include "edition/edition.h"
#include "edition/page_story.h"

typedef struct Placement {
  const SetBlock *block; // kept by the sheet
  gint32 x, y;
  guint story;       // index; PLAN_NONE: furniture
  guint part;        // of the story
  gboolean artifact; // of furniture: not read out
  gint32 target;     // page (from 0) that it links to; -1: none
  gint32 target_y;
  gint32 box;     // furniture that is read: placements with the same number make one element
  gint32 measure; // of the column it was set to
} Placement;

typedef struct SheetRule {
  gint32 x, y, width, height;
  guint32 color;
  gboolean under; // a tint: drawn before everything else
} SheetRule;

typedef struct SheetHead { // for the scorecard: a headline as it was fitted
  gint32 measure, widest, last_permille;
  guint lines;
  gboolean breaks_word, could_be_smaller;
} SheetHead;

typedef struct Sheet {
  guint page;     // from 0
  gint32 section; // -1: the front page
  char *label, *section_name;
  GArray *placements;                   // Placement, in reading order
  GArray *rules;                        // SheetRule
  GArray *boxes;                        // EditionBox
  GArray *heads;                        // SheetHead
  gint32 boxes_of_furniture;            // numbers given out for Placement.box
  GPtrArray *blocks, *poured, *figures; // what the placements show; owned
} Sheet;

Sheet *sheet_new(guint page, gint32 section, const char *section_name);
void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

// Takes the block; NULL is nothing. The placement may be changed until the next one is put.
Placement *sheet_put(Sheet *sheet, SetBlock *block, gint32 x, gint32 y, guint story);
void sheet_put_poured(Sheet *sheet, GalleyPoured *poured, guint story, gint32 measure); // takes it
void sheet_put_picture(Sheet *sheet, const SetPicture *picture, const char *language, guint story);
void sheet_put_rule(Sheet *sheet, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color);
void sheet_put_tint(Sheet *sheet, gint32 x, gint32 y, gint32 width, gint32 height, guint32 color);
void sheet_prepend(Sheet *sheet, Sheet *top); // what stands on `top` is read first
