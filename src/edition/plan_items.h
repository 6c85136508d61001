// SPDX-License-Identifier: Apache-2.0
//
// Inside of the plan: the row of blocks that the inside pages are cut from. Made by plan_items.c,
// cut by plan.c. Pure.
#pragma once

#include "edition/plan.h"

typedef struct PlanItem {
  LayoutBlock block;
  guint story, part;
  GArray *briefs; // guint, of BRIEFS; else NULL; owned
  gboolean alone; // fills a page by itself; `shape` says how
  BlockShape shape;
  gint32 pin_page, pin_place;
} PlanItem;

// Sections in their order, in each the stories by rank, continuations after the first, briefs last;
// stories that no page holds are cut into pages and a rest. PlanItem; unref frees all.
GArray *plan_items_new(const PlanWish *wish, const PlanStory *stories, guint count,
                       const gint32 *left);
