// SPDX-License-Identifier: Apache-2.0
//
// Makes the row of blocks for the inside pages: orders the stories by section and rank, gathers
// briefs, and cuts what is longer than a page. Called by plan_inside().
#include "edition/plan_items.h"

#define BRIEFS_MOST 6     // in one block
#define BRIEFS_LEAST 2    // fewer stand as stories
#define LONG_PERMILLE 820 // of a page's cells: a longer text is cut into pages

static void item_clear(gpointer data) {
  PlanItem *item = data;
  g_clear_pointer(&item->briefs, g_array_unref);
}

static gint32 page_cells(const PlanWish *wish) {
  return wish->grid.columns * wish->grid.rows;
}

// A shape that always exists, for blocks that no arrangement likes.
static BlockShape shape_at_any_price(const LayoutBlock *block, LayoutGrid grid) {
  gint head = block->head[LAYOUT_LEVELS - 1][grid.columns];
  gint rows = MAX(1, grid.rows - head);
  BlockShape shape = {.cost = 1000,
                      .level = LAYOUT_LEVELS - 1,
                      .head_rows = (gint16)MIN(head, grid.rows - 1),
                      .text_rows = (gint16)rows,
                      .cells = rows * grid.columns};
  shape.jumps = shape.cells < block->body;
  shape.slack = shape.jumps ? 0 : shape.cells - block->body;
  return shape;
}

// One page of a text that goes on: takes what fits.
static BlockShape shape_of_page(const PlanWish *wish, LayoutBlock block) {
  block.jump_at_least = 1;
  BlockShape shape = layout_shape(&block, wish->grid.columns, wish->grid.rows, TRUE);
  return shape.cost < LAYOUT_COST_NONE ? shape : shape_at_any_price(&block, wish->grid);
}

static gboolean fits_somewhere(const PlanWish *wish, const LayoutBlock *block) {
  for (gint rows = wish->grid.rows; rows > 0; rows--) {
    if (layout_shape(block, wish->grid.columns, rows, TRUE).cost < LAYOUT_COST_NONE) {
      return TRUE;
    }
  }
  return FALSE;
}

// The story, or what is left of it, as one item or as pages and a rest.
static void append_story(GArray *items, const PlanWish *wish, const PlanStory *story,
                         LayoutBlock block, guint part) {
  for (;; part++) {
    PlanItem item = {.block = block,
                     .story = story->whole.id,
                     .part = part,
                     .pin_page = part == 0 ? story->pin_page : 0,
                     .pin_place = part == 0 ? story->pin_place : 0};
    gboolean long_text = block.body * 1000 > page_cells(wish) * LONG_PERMILLE;
    if (!long_text && fits_somewhere(wish, &block)) {
      g_array_append_val(items, item);
      return;
    }
    item.alone = TRUE;
    item.pin_page = 0;
    item.shape = shape_of_page(wish, block);
    g_array_append_val(items, item);
    if (!item.shape.jumps) {
      return;
    }
    // A line a column more than what is left: columns end early to spare widows.
    gint32 body = block.body - item.shape.cells + wish->grid.columns;
    block = story->rest;
    block.body = MIN(body, G_MAXINT32 / 4);
  }
}

typedef struct Order {
  guint index;
  gint32 section;
  gint32 tier; // 0 the section's first story, 1 continuations, 2 the rest, 3 briefs
} Order;

static gint compare_order(gconstpointer a, gconstpointer b) {
  const Order *one = a, *two = b;
  if (one->section != two->section) {
    return one->section < two->section ? -1 : 1;
  }
  if (one->tier != two->tier) {
    return one->tier < two->tier ? -1 : 1;
  }
  return one->index < two->index ? -1 : one->index > two->index ? 1 : 0;
}

static gboolean is_brief(const PlanWish *wish, const PlanStory *story, gint32 left) {
  return left < 0 && story->pin_page == 0 && story->brief_lines > 0 &&
         story->brief_lines * 2 < page_cells(wish);
}

// Lines of the longest `most` briefs that stand together.
static gint32 longest_group(const PlanStory *stories, const Order *orders, guint count,
                            guint most) {
  gint32 longest = 0;
  for (guint i = 0; i < count; i++) {
    gint32 lines = 0;
    for (guint j = i; j < MIN(count, i + most); j++) {
      lines += stories[orders[j].index].brief_lines;
    }
    longest = MAX(longest, lines);
  }
  return longest;
}

static void append_briefs(GArray *items, const PlanWish *wish, const PlanStory *stories,
                          const Order *orders, guint count) {
  if (count < BRIEFS_LEAST) {
    for (guint i = 0; i < count; i++) {
      const PlanStory *story = &stories[orders[i].index];
      append_story(items, wish, story, story->whole, 0);
    }
    return;
  }
  guint most = BRIEFS_MOST;
  while (most > 1 && longest_group(stories, orders, count, most) * 2 > page_cells(wish)) {
    most--;
  }
  guint blocks = (count + most - 1) / most;
  for (guint block = 0, at = 0; block < blocks; block++) {
    guint take = (count - at + (blocks - block) - 1) / (blocks - block);
    PlanItem item = {.block = wish->briefs,
                     .story = PLAN_NONE,
                     .briefs = g_array_new(FALSE, FALSE, sizeof(guint))};
    item.block.kind = BLOCK_BRIEFS;
    item.block.section = orders[at].section;
    item.block.body = 0;
    item.block.items = (gint32)take;
    for (guint i = 0; i < take; i++, at++) {
      g_array_append_val(item.briefs, orders[at].index);
      item.block.body += stories[orders[at].index].brief_lines;
    }
    g_array_append_val(items, item);
  }
}

static GArray *order_stories(const PlanWish *wish, const PlanStory *stories, guint count,
                             const gint32 *left) {
  GArray *orders = g_array_new(FALSE, FALSE, sizeof(Order));
  for (guint i = 0; i < count; i++) {
    if (left[i] == 0) {
      continue;
    }
    Order order = {i, stories[i].whole.section,
                   left[i] > 0                            ? 1
                   : is_brief(wish, &stories[i], left[i]) ? 3
                                                          : 2};
    g_array_append_val(orders, order);
  }
  g_array_sort(orders, compare_order);
  // The section's best story opens it, before what comes from the front page.
  for (guint i = 0; i + 1 < orders->len; i++) {
    Order *order = &g_array_index(orders, Order, i);
    gboolean first = i == 0 || g_array_index(orders, Order, i - 1).section != order->section;
    if (first && order->tier == 1) {
      for (guint j = i + 1; j < orders->len; j++) {
        Order *other = &g_array_index(orders, Order, j);
        if (other->section == order->section && other->tier == 2) {
          other->tier = 0;
          break;
        }
      }
    }
  }
  g_array_sort(orders, compare_order);
  return orders;
}

GArray *plan_items_new(const PlanWish *wish, const PlanStory *stories, guint count,
                       const gint32 *left) {
  GArray *items = g_array_new(FALSE, FALSE, sizeof(PlanItem));
  g_array_set_clear_func(items, item_clear);
  g_autoptr(GArray) orders = order_stories(wish, stories, count, left);
  for (guint i = 0; i < orders->len;) {
    const Order *order = &g_array_index(orders, Order, i);
    const PlanStory *story = &stories[order->index];
    if (order->tier == 3) {
      guint end = i;
      while (end < orders->len && g_array_index(orders, Order, end).tier == 3 &&
             g_array_index(orders, Order, end).section == order->section) {
        end++;
      }
      append_briefs(items, wish, stories, order, end - i);
      i = end;
      continue;
    }
    LayoutBlock block = story->whole;
    if (order->tier == 1) {
      block = story->rest;
      block.body = left[order->index];
    }
    append_story(items, wish, story, block, order->tier == 1 ? 1 : 0);
    i++;
  }
  if (wish->corrections != NULL) {
    PlanItem item = {.block = *wish->corrections, .story = PLAN_NONE};
    item.block.section =
        items->len > 0 ? g_array_index(items, PlanItem, items->len - 1).block.section : 0;
    g_array_append_val(items, item);
  }
  return items;
}
