// SPDX-License-Identifier: Apache-2.0
//
// The plan: which story stands on which page, whole or continued, alone or among the briefs. The
// front page takes four to eight stories in their rank; what they leave over, and all the others,
// go to the inside pages in the order of the sections. Pages are cut from that order by dynamic
// programming over the exact costs of edition/layout's pages. An editor's pins are kept.
//
// Pure integers; ties go to the earlier story; no clock, no randomness, no limits but in counts.
// Used by edition/page. One thread a call.
#pragma once

#include "edition/layout.h"

#define PLAN_NONE G_MAXUINT
#define PLAN_FRONT_MOST 8

typedef struct PlanStory {
  LayoutBlock whole;  // section, weight, tables; its id is the index
  LayoutBlock rest;   // its continuation's tables; the plan sets the lines
  gint32 brief_lines; // as a brief, headline and air and all; 0: it is too long for one
  gboolean on_front;
  gint32 pin_page, pin_place; // as in model/edition; 0: free
} PlanStory;

typedef struct PlanWish {
  LayoutGrid grid;             // of an inside page
  gint32 front_rows;           // of the front page, below its masthead; 0: there is no front page
  gint32 last_rows;            // reserved at the foot of the last page (colophon)
  guint pages;                 // 0: as many as needed
  LayoutBlock briefs;          // tables of a block of briefs; the plan sets lines and items
  const LayoutBlock *contents; // on the front page; NULL: none
  const LayoutBlock *corrections; // after everything else; NULL: none
} PlanWish;

typedef struct PlanPiece {
  BlockKind kind;
  guint story;         // index; PLAN_NONE for briefs and boxes
  guint part;          // 0: where the story begins
  guint brief, briefs; // of BRIEFS: the first of, and how many of, the page's briefs
  PlacedBlock placed;
} PlanPiece;

typedef struct PlanPage {
  GArray *pieces; // PlanPiece, in reading order
  GArray *briefs; // guint: stories
  PageLayout layout;
  gint32 section;  // of its first block; -1: the front page
  gint32 reserved; // rows at its foot: the wish's last_rows, or 0 where there was no room for them
} PlanPage;
void plan_page_free(PlanPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanPage, plan_page_free)

// The front page. NULL if the wish has none.
PlanPage *plan_front(const PlanWish *wish, const PlanStory *stories, guint count);

// The inside pages: PlanPage *, maybe none. left[i]: -1 if the story stands nowhere yet, 0 if it
// stands whole on the front page, else the lines that it left over there.
GPtrArray *plan_inside(const PlanWish *wish, const PlanStory *stories, guint count,
                       const gint32 *left);
