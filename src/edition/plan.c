// SPDX-License-Identifier: Apache-2.0
//
// Implements plan.h: the front page by trying its numbers of stories, the inside pages by dynamic
// programming over the row of blocks (plan_items). reach[p][j] is the cheapest way to set the first
// j blocks on p pages; a page's own cost comes exactly from edition/layout's table.
#include "edition/plan.h"

#include <string.h>

#include "edition/plan_items.h"

#define PAGE_COST 25     // every page
#define CROWDED_COST 500 // a last page without room for what is reserved
#define FRONT_LEAST 4    // stories on the front page, if there are so many
#define FRONT_REWARD 34  // for each story on it
#define JUMP_FROM 40     // lines: shorter stories stand whole on the front page
#define JUMP_LEAST 16    // lines that a story has on the front page before it jumps
#define RUN_MOST 8       // blocks on an inside page
#define PIN_WINDOW 12    // blocks around where an unpinned plan has a page

static void plan_page_clear(PlanPage *page) {
  g_clear_pointer(&page->pieces, g_array_unref);
  g_clear_pointer(&page->briefs, g_array_unref);
}

void plan_page_free(PlanPage *page) {
  if (page != NULL) {
    plan_page_clear(page);
    g_free(page);
  }
}

static PlanPage *plan_page_new(void) {
  PlanPage *page = g_new0(PlanPage, 1);
  page->pieces = g_array_new(FALSE, FALSE, sizeof(PlanPiece));
  page->briefs = g_array_new(FALSE, FALSE, sizeof(guint));
  return page;
}

static void append_piece(PlanPage *page, const PlanItem *item, const PlacedBlock *placed) {
  PlanPiece piece = {.kind = item->block.kind,
                     .story = item->story,
                     .part = item->part,
                     .brief = page->briefs->len,
                     .placed = *placed};
  if (item->briefs != NULL) {
    piece.briefs = item->briefs->len;
    g_array_append_vals(page->briefs, item->briefs->data, item->briefs->len);
  }
  g_array_append_val(page->pieces, piece);
}

// ---- the front page ---------------------------------------------------------------------------

// How much of the page the story at a rank should have, and the contents box.
static const gint SHARES[PLAN_FRONT_MOST] = {34, 16, 13, 11, 9, 8, 7, 6};

static guint front_candidates(const PlanStory *stories, guint count, guint *ret) {
  guint found = 0;
  for (guint pass = 0; pass < 3; pass++) { // pinned there; on the newspaper's front; any
    for (guint i = 0; i < count && found < PLAN_FRONT_MOST; i++) {
      gboolean pinned = stories[i].pin_page == 1;
      gboolean may = pass == 0   ? pinned
                     : pass == 1 ? !pinned && stories[i].on_front && stories[i].pin_page == 0
                                 : !pinned && !stories[i].on_front && stories[i].pin_page == 0 &&
                                       found < FRONT_LEAST;
      if (may) {
        ret[found++] = i;
      }
    }
  }
  return found;
}

// By rank, and those with a place at their place.
static void order_pinned(const PlanStory *stories, guint *chosen, guint count) {
  for (guint i = 1; i < count; i++) {
    for (guint j = i; j > 0 && chosen[j] < chosen[j - 1]; j--) {
      guint swap = chosen[j];
      chosen[j] = chosen[j - 1];
      chosen[j - 1] = swap;
    }
  }
  for (gint32 place = 1; place <= (gint32)count; place++) {
    for (guint i = 0; i < count; i++) {
      const PlanStory *story = &stories[chosen[i]];
      if (story->pin_page == 1 && story->pin_place == place && i != (guint)place - 1) {
        guint moved = chosen[i], to = (guint)place - 1;
        if (to < i) {
          memmove(&chosen[to + 1], &chosen[to], sizeof(guint) * (i - to));
        } else {
          memmove(&chosen[i], &chosen[i + 1], sizeof(guint) * (to - i));
        }
        chosen[to] = moved;
        break;
      }
    }
  }
}

static PlanItem front_item(const PlanWish *wish, const PlanStory *story, guint rank, guint count) {
  PlanItem item = {.block = story->whole, .story = story->whole.id};
  gint shares = 8;
  for (guint i = 0; i < count; i++) {
    shares += SHARES[i];
  }
  gint cells = wish->grid.columns * wish->front_rows;
  item.block.section = 0;
  item.block.area = SHARES[rank] * cells / shares;
  item.block.weight = rank == 0 ? 0 : rank <= 3 ? 1 : 2;
  item.block.jump_at_least = item.block.body > JUMP_FROM ? JUMP_LEAST : 0;
  return item;
}

static PlanPage *front_with(const PlanWish *wish, const PlanStory *stories, const guint *chosen,
                            guint count) {
  g_autoptr(GArray) items = g_array_new(FALSE, TRUE, sizeof(PlanItem));
  for (guint i = 0; i < count; i++) {
    PlanItem item = front_item(wish, &stories[chosen[i]], i, count);
    g_array_append_val(items, item);
  }
  if (wish->contents != NULL) {
    PlanItem item = {.block = *wish->contents, .story = PLAN_NONE};
    item.block.section = 0;
    g_array_append_val(items, item);
  }
  if (items->len == 0) {
    return NULL;
  }
  LayoutGrid grid = {wish->grid.columns, (gint16)wish->front_rows};
  g_autoptr(LayoutTable) table = layout_table_new(grid, items->len);
  for (guint i = items->len; i > 0; i--) {
    layout_table_prepend(table, &g_array_index(items, PlanItem, i - 1).block);
  }
  g_autoptr(PlanPage) page = plan_page_new();
  page->section = -1;
  if (!layout_table_page(table, items->len, 0, &page->layout)) {
    return NULL;
  }
  for (guint i = 0; i < page->layout.count; i++) {
    const PlacedBlock *placed = &page->layout.blocks[i];
    append_piece(page, &g_array_index(items, PlanItem, placed->index), placed);
  }
  return g_steal_pointer(&page);
}

PlanPage *plan_front(const PlanWish *wish, const PlanStory *stories, guint count) {
  if (wish->front_rows <= 0) {
    return NULL;
  }
  guint candidates[PLAN_FRONT_MOST], found = front_candidates(stories, count, candidates);
  guint pinned = 0;
  while (pinned < found && stories[candidates[pinned]].pin_page == 1) {
    pinned++;
  }
  g_autoptr(PlanPage) best = NULL;
  gint32 best_cost = LAYOUT_COST_NONE;
  for (guint number = found + 1; number-- > MAX(pinned, 0);) {
    guint chosen[PLAN_FRONT_MOST];
    memcpy(chosen, candidates, sizeof chosen);
    order_pinned(stories, chosen, number);
    g_autoptr(PlanPage) page = front_with(wish, stories, chosen, number);
    if (page != NULL) {
      gint32 few = number < MIN(found, FRONT_LEAST) ? 400 : 0;
      gint32 cost = page->layout.cost - (gint32)number * FRONT_REWARD + few;
      if (best == NULL || cost < best_cost) {
        best_cost = cost;
        g_clear_pointer(&best, plan_page_free);
        best = g_steal_pointer(&page);
      }
    }
    if (best != NULL && number <= FRONT_LEAST) {
      break;
    }
  }
  return best != NULL ? g_steal_pointer(&best) : plan_page_new();
}

// ---- the inside pages -------------------------------------------------------------------------

typedef struct Cutting {
  const PlanWish *wish;
  GArray *row;    // PlanItem: free to stand on any page
  GArray *pinned; // PlanItem: with a page, by page, place and rank
  gint32 *costs;  // [i * (RUN_MOST + 1) + count]: of a page with blocks i … i + count
  gint32 *last;   // the same, when it is the last page
  guint pages;    // most that are thought of
  gint32 *reach;  // [page * (row + 1) + j]
  guint8 *taken;  // blocks of the page that reach came by
} Cutting;

static const PlanItem *item_at(const Cutting *cut, guint index) {
  return &g_array_index(cut->row, PlanItem, index);
}

static gint32 cost_alone(const PlanItem *item) {
  return MIN(item->shape.cost, 1000);
}

static void price_runs(Cutting *cut) {
  guint blocks = cut->row->len;
  g_autoptr(LayoutTable) table = layout_table_new(cut->wish->grid, RUN_MOST);
  guint known = 0; // blocks in the table that stand without a page-filling one between
  for (guint i = blocks; i-- > 0;) {
    const PlanItem *item = item_at(cut, i);
    gint32 *costs = &cut->costs[i * (RUN_MOST + 1)], *last = &cut->last[i * (RUN_MOST + 1)];
    for (guint count = 0; count <= RUN_MOST; count++) {
      costs[count] = last[count] = LAYOUT_COST_NONE;
    }
    if (item->alone) {
      known = 0;
      costs[1] = last[1] = cost_alone(item);
      continue;
    }
    layout_table_prepend(table, &item->block);
    known = MIN(known + 1, RUN_MOST);
    for (guint count = 1; count <= known; count++) {
      costs[count] = last[count] = layout_table_cost(table, count, 0);
      if (i + count == blocks && cut->wish->last_rows > 0) {
        last[count] = MIN(layout_table_cost(table, count, cut->wish->last_rows),
                          MIN(costs[count] + CROWDED_COST, LAYOUT_COST_NONE));
      }
    }
  }
}

// The blocks of a page: those pinned to it, at their places, among a run of the row.
static guint gather(const Cutting *cut, guint page, guint first, guint count,
                    const PlanItem *ret[LAYOUT_BLOCKS]) {
  guint number = 0;
  for (guint i = 0; i < count && number < LAYOUT_BLOCKS; i++) {
    ret[number++] = item_at(cut, first + i);
  }
  for (guint i = 0; i < cut->pinned->len; i++) {
    const PlanItem *item = &g_array_index(cut->pinned, PlanItem, i);
    if (item->pin_page != (gint32)page) {
      continue;
    }
    if (number == LAYOUT_BLOCKS) {
      return LAYOUT_BLOCKS + 1;
    }
    guint at = item->pin_place > 0 ? MIN((guint)item->pin_place - 1, number) : number;
    memmove(&ret[at + 1], &ret[at], sizeof *ret * (number - at));
    ret[at] = item;
    number++;
  }
  return number;
}

static gboolean has_pins(const Cutting *cut, guint page) {
  for (guint i = 0; i < cut->pinned->len; i++) {
    if (g_array_index(cut->pinned, PlanItem, i).pin_page == (gint32)page) {
      return TRUE;
    }
  }
  return FALSE;
}

// A table of one page's blocks alone. With pins, sections mix: no bands.
static LayoutTable *table_of(LayoutGrid grid, const PlanItem *const *items, LayoutBlock *copies,
                             guint count, gboolean mixed) {
  LayoutTable *table = layout_table_new(grid, count);
  for (guint i = count; i-- > 0;) {
    copies[i] = items[i]->block;
    copies[i].section = mixed ? items[0]->block.section : copies[i].section;
    layout_table_prepend(table, &copies[i]);
  }
  return table;
}

static gint32 cost_of_page(const Cutting *cut, guint page, guint first, guint count,
                           gboolean pins) {
  gboolean last = first + count == cut->row->len;
  if (!pins) {
    return count == 0 ? LAYOUT_COST_NONE
                      : (last ? cut->last : cut->costs)[first * (RUN_MOST + 1) + count];
  }
  const PlanItem *items[LAYOUT_BLOCKS + 1];
  LayoutBlock copies[LAYOUT_BLOCKS];
  guint number = gather(cut, page, first, count, items);
  if (number == 0 || number > LAYOUT_BLOCKS) {
    return LAYOUT_COST_NONE;
  }
  for (guint i = 0; i < count; i++) {
    if (item_at(cut, first + i)->alone) {
      return LAYOUT_COST_NONE;
    }
  }
  g_autoptr(LayoutTable) table = table_of(cut->wish->grid, items, copies, number, TRUE);
  gint32 cost = layout_table_cost(table, number, last ? cut->wish->last_rows : 0);
  return !last || cost < LAYOUT_COST_NONE
             ? cost
             : MIN(layout_table_cost(table, number, 0) + CROWDED_COST, LAYOUT_COST_NONE);
}

#define REACH(cut, page, j) (cut)->reach[(page) * ((cut)->row->len + 1) + (j)]
#define TAKEN(cut, page, j) (cut)->taken[(page) * ((cut)->row->len + 1) + (j)]

// Page numbers here: 0 is the first inside page, which readers call 2.
static void cut_pages(Cutting *cut, const guint *around) {
  guint blocks = cut->row->len;
  for (gsize i = 0; i < (gsize)(cut->pages + 1) * (blocks + 1); i++) {
    cut->reach[i] = LAYOUT_COST_NONE;
  }
  REACH(cut, 0, 0) = 0;
  for (guint page = 0; page < cut->pages; page++) {
    gboolean pins = has_pins(cut, page + 2);
    for (guint first = 0; first <= blocks; first++) {
      gint32 before = REACH(cut, page, first);
      gboolean far = pins && around != NULL &&
                     (first > around[page] + PIN_WINDOW || first + PIN_WINDOW < around[page]);
      if (before >= LAYOUT_COST_NONE || (far && before > 0)) {
        continue;
      }
      guint most = MIN(RUN_MOST, blocks - first);
      for (guint count = pins ? 0 : 1; count <= most; count++) {
        gint32 cost = cost_of_page(cut, page + 2, first, count, pins);
        if (cost < LAYOUT_COST_NONE &&
            before + cost + PAGE_COST < REACH(cut, page + 1, first + count)) {
          REACH(cut, page + 1, first + count) = before + cost + PAGE_COST;
          TAKEN(cut, page + 1, first + count) = (guint8)count;
        }
      }
    }
  }
}

// The number of pages: as wished, or the nearest that can be had; else the cheapest.
static guint choose_pages(const Cutting *cut, guint wished) {
  guint blocks = cut->row->len, pins = cut->pinned->len;
  guint least = 0; // the last page that something is pinned to
  if (pins > 0) {
    least = (guint)g_array_index(cut->pinned, PlanItem, pins - 1).pin_page - 1;
  }
  guint best = least;
  for (guint pages = least; pages <= cut->pages; pages++) {
    if (REACH(cut, pages, blocks) >= LAYOUT_COST_NONE) {
      continue;
    }
    gint32 here = wished > 0 ? ABS((gint32)pages - (gint32)wished) : REACH(cut, pages, blocks);
    gint32 there = wished > 0 ? ABS((gint32)best - (gint32)wished) : REACH(cut, best, blocks);
    if (REACH(cut, best, blocks) >= LAYOUT_COST_NONE || here < there) {
      best = pages;
    }
  }
  return best;
}

static PlanPage *page_alone(const Cutting *cut, const PlanItem *item) {
  PlanPage *page = plan_page_new();
  page->section = item->block.section;
  page->layout = (PageLayout){.cost = item->shape.cost, .count = 1};
  page->layout.blocks[0] = (PlacedBlock){
      .columns = cut->wish->grid.columns, .rows = cut->wish->grid.rows, .shape = item->shape};
  append_piece(page, item, &page->layout.blocks[0]);
  return page;
}

static PlanPage *make_page(const Cutting *cut, guint page_index, guint first, guint count) {
  gboolean pins = has_pins(cut, page_index + 2);
  if (count == 1 && item_at(cut, first)->alone && !pins) {
    return page_alone(cut, item_at(cut, first));
  }
  const PlanItem *items[LAYOUT_BLOCKS + 1];
  LayoutBlock copies[LAYOUT_BLOCKS];
  guint number = gather(cut, page_index + 2, first, count, items);
  g_assert(number > 0 && number <= LAYOUT_BLOCKS); // it had a cost
  g_autoptr(LayoutTable) table = table_of(cut->wish->grid, items, copies, number, pins);
  PlanPage *page = plan_page_new();
  gboolean last = first + count == cut->row->len;
  page->reserved = last ? cut->wish->last_rows : 0;
  gboolean fits = layout_table_page(table, number, page->reserved, &page->layout);
  if (!fits) {
    page->reserved = 0;
    fits = layout_table_page(table, number, 0, &page->layout);
  }
  g_assert(fits); // its cost was known
  page->section = items[0]->block.section;
  for (guint i = 0; i < page->layout.count; i++) {
    const PlacedBlock *placed = &page->layout.blocks[i];
    append_piece(page, items[placed->index], placed);
  }
  return page;
}

static GPtrArray *collect(const Cutting *cut, guint pages) {
  GPtrArray *made = g_ptr_array_new_with_free_func((GDestroyNotify)plan_page_free);
  g_ptr_array_set_size(made, (gint)pages);
  guint end = cut->row->len;
  for (guint page = pages; page > 0; page--) {
    guint count = TAKEN(cut, page, end);
    made->pdata[page - 1] = make_page(cut, page - 1, end - count, count);
    end -= count;
  }
  g_assert(end == 0);
  return made;
}

static gint compare_pins(gconstpointer a, gconstpointer b) {
  const PlanItem *one = a, *two = b;
  if (one->pin_page != two->pin_page) {
    return one->pin_page < two->pin_page ? -1 : 1;
  }
  if (one->pin_place != two->pin_place) {
    return one->pin_place < two->pin_place ? -1 : 1;
  }
  return one->story < two->story ? -1 : 1;
}

// Where the pages of a plan without pins begin: later ones repeat the last.
static void pages_around(Cutting *cut, guint *around) {
  g_autoptr(GArray) pinned = g_steal_pointer(&cut->pinned);
  cut->pinned = g_array_new(FALSE, TRUE, sizeof(PlanItem));
  cut_pages(cut, NULL);
  guint pages = choose_pages(cut, cut->wish->pages > 1 ? cut->wish->pages - 1 : 0);
  for (guint page = cut->pages; page-- > 0;) {
    around[page] = cut->row->len;
  }
  guint end = cut->row->len;
  for (guint page = pages; page > 0; page--) {
    end -= TAKEN(cut, page, end);
    around[page - 1] = end;
  }
  g_array_unref(cut->pinned);
  cut->pinned = g_steal_pointer(&pinned);
  for (guint i = 0; i < cut->pinned->len; i++) { // a page that there is not: the last one
    PlanItem *item = &g_array_index(cut->pinned, PlanItem, i);
    item->pin_page = CLAMP(item->pin_page, 2, (gint32)MAX(pages, 1) + 1);
  }
  g_array_sort(cut->pinned, compare_pins);
}

static GPtrArray *cut_row(Cutting *cut) {
  guint blocks = cut->row->len;
  cut->costs = g_new(gint32, (gsize)(blocks + 1) * (RUN_MOST + 1));
  cut->last = g_new(gint32, (gsize)(blocks + 1) * (RUN_MOST + 1));
  cut->pages = blocks + cut->pinned->len;
  cut->reach = g_new(gint32, (gsize)(cut->pages + 1) * (blocks + 1));
  cut->taken = g_new0(guint8, (gsize)(cut->pages + 1) * (blocks + 1));
  price_runs(cut);
  g_autofree guint *around = g_new0(guint, cut->pages + 1);
  if (cut->pinned->len > 0) {
    pages_around(cut, around);
  }
  guint wished = cut->wish->pages > 1 ? cut->wish->pages - 1 : 0;
  cut_pages(cut, around);
  guint pages = choose_pages(cut, wished);
  if (REACH(cut, pages, blocks) >= LAYOUT_COST_NONE) {
    return NULL;
  }
  return collect(cut, pages);
}

// Moves the pinned items out of the row; `keep`: how many at most a page.
static GArray *take_pins(GArray *items) {
  GArray *pinned = g_array_new(FALSE, TRUE, sizeof(PlanItem));
  for (guint i = 0; i < items->len;) {
    PlanItem *item = &g_array_index(items, PlanItem, i);
    if (item->pin_page > 1 && !item->alone) {
      g_array_append_val(pinned, *item);
      item->briefs = NULL;
      g_array_remove_index(items, i);
    } else {
      i++;
    }
  }
  return pinned;
}

static GPtrArray *plan_with(const PlanWish *wish, GArray *items, GArray *pinned) {
  Cutting cut = {.wish = wish, .row = items, .pinned = g_array_ref(pinned)};
  GPtrArray *pages = cut_row(&cut);
  g_array_unref(cut.pinned);
  g_free(cut.costs);
  g_free(cut.last);
  g_free(cut.reach);
  g_free(cut.taken);
  return pages;
}

GPtrArray *plan_inside(const PlanWish *wish, const PlanStory *stories, guint count,
                       const gint32 *left) {
  g_autoptr(GArray) items = plan_items_new(wish, stories, count, left);
  if (items->len == 0) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)plan_page_free);
  }
  g_autoptr(GArray) pinned = take_pins(items);
  g_autoptr(GPtrArray) pages = plan_with(wish, items, pinned);
  if (pages == NULL && pinned->len > 0) { // pins that no plan can keep: without them
    g_autoptr(GArray) all = plan_items_new(wish, stories, count, left);
    g_autoptr(GArray) none = g_array_new(FALSE, TRUE, sizeof(PlanItem));
    pages = plan_with(wish, all, none);
  }
  g_assert(pages != NULL); // every block fits a page by itself
  return g_steal_pointer(&pages);
}
