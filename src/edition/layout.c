// SPDX-License-Identifier: Apache-2.0
//
// Implements layout.h. A run of blocks in a room so many columns wide has, for each height, a
// cheapest way to stand: as one block; as an upper and a lower run with the same width; as two runs
// side by side with the same height. The table holds these for every run that begins at one of the
// last blocks; costs of longer runs come from those of shorter ones.
//
// Two things depend on more than the cost of the parts: headlines of one size side by side, and
// pictures side by side. For these each entry remembers what stands at its upper corners.
#include "edition/layout.h"

#include <string.h>

#include "edition/layout_shape.h"

#define COST_SWAPPED 7 // the later run stands on the left
#define COST_STRIP 70  // a filler over the whole width
#define COST_CUT 2     // every cut: of two tilings that look alike, the simpler

typedef enum CutKind { CUT_NONE, CUT_BELOW, CUT_BESIDE, CUT_BESIDE_SWAPPED } CutKind;

typedef struct Entry {
  gint32 cost;
  guint8 kind;        // CutKind
  guint8 first;       // blocks in the first part
  guint8 size;        // BELOW: rows of the first part; BESIDE: its columns
  guint8 left, right; // what stands at the upper corners
} Entry;

typedef struct Run {  // one width, one length, lead or not
  gint16 least, most; // rows with a cost; least > most: none
  Entry entries[LAYOUT_ROWS + 1];
} Run;

typedef struct Start { // all runs that begin at one block
  const LayoutBlock *block;
  Run *runs; // [length - 1][columns - 1][lead]
} Start;

struct LayoutTable {
  LayoutGrid grid;
  guint longest, count;            // count: starts that are filled
  Start starts[LAYOUT_BLOCKS + 1]; // [0] is the first block
};

static Run *run_of(const LayoutTable *table, guint start, guint length, gint columns,
                   gboolean lead) {
  guint index = ((length - 1) * (guint)table->grid.columns + (guint)columns - 1) * 2;
  return &table->starts[start].runs[index + (lead ? 1 : 0)];
}

LayoutTable *layout_table_new(LayoutGrid grid, guint longest) {
  g_assert(grid.columns >= 1 && grid.columns <= LAYOUT_COLUMNS);
  g_assert(grid.rows >= 1 && grid.rows <= LAYOUT_ROWS);
  g_assert(longest >= 1 && longest <= LAYOUT_BLOCKS);
  LayoutTable *table = g_new0(LayoutTable, 1);
  table->grid = grid;
  table->longest = longest;
  for (guint i = 0; i < longest; i++) {
    table->starts[i].runs = g_new(Run, longest * (guint)grid.columns * 2);
  }
  return table;
}

void layout_table_free(LayoutTable *table) {
  if (table == NULL) {
    return;
  }
  for (guint i = 0; i < table->longest; i++) {
    g_free(table->starts[i].runs);
  }
  g_free(table);
}

static void run_clear(Run *run, gint rows) {
  run->least = LAYOUT_ROWS + 1;
  run->most = -1;
  for (gint i = 0; i <= rows; i++) {
    run->entries[i] = (Entry){.cost = LAYOUT_COST_NONE};
  }
}

static inline void offer(Run *run, gint rows, const Entry *entry) {
  if (entry->cost < run->entries[rows].cost) {
    run->entries[rows] = *entry;
    run->least = (gint16)MIN(run->least, rows);
    run->most = (gint16)MAX(run->most, rows);
  }
}

static void offer_block(const LayoutTable *table, Run *run, gint columns, gboolean lead) {
  const LayoutBlock *block = table->starts[0].block;
  for (gint rows = 1; rows <= table->grid.rows; rows++) {
    BlockShape shape = layout_shape(block, columns, rows, lead);
    if (shape.cost < LAYOUT_COST_NONE) {
      Entry entry = {.cost = shape.cost,
                     .kind = CUT_NONE,
                     .first = 1,
                     .left = layout_shape_top(block, &shape, TRUE),
                     .right = layout_shape_top(block, &shape, FALSE)};
      offer(run, rows, &entry);
    }
  }
}

static void offer_below(const LayoutTable *table, Run *run, const Run *upper, const Run *lower,
                        guint first, gint gap) {
  for (gint top = upper->least; top <= upper->most; top++) {
    const Entry *above = &upper->entries[top];
    if (above->cost >= LAYOUT_COST_NONE) {
      continue;
    }
    gint last = MIN(lower->most, table->grid.rows - top - gap);
    for (gint rows = lower->least; rows <= last; rows++) {
      gint32 cost = above->cost + lower->entries[rows].cost + COST_CUT;
      Entry *entry = &run->entries[top + gap + rows];
      if (cost < entry->cost) {
        Entry better = {cost, CUT_BELOW, (guint8)first, (guint8)top, above->left, above->right};
        offer(run, top + gap + rows, &better);
      }
    }
  }
}

static void offer_beside(Run *run, const Run *one, const Run *two, guint first, gint columns) {
  gint last = MIN(one->most, two->most);
  for (gint rows = MAX(one->least, two->least); rows <= last; rows++) {
    const Entry *a = &one->entries[rows], *b = &two->entries[rows];
    if (a->cost >= LAYOUT_COST_NONE || b->cost >= LAYOUT_COST_NONE) {
      continue;
    }
    gint32 cost = a->cost + b->cost + COST_CUT;
    Entry straight = {cost + layout_cost_of_neighbours(a->right, b->left),
                      CUT_BESIDE,
                      (guint8)first,
                      (guint8)columns,
                      a->left,
                      b->right};
    Entry swapped = {cost + COST_SWAPPED + layout_cost_of_neighbours(b->right, a->left),
                     CUT_BESIDE_SWAPPED,
                     (guint8)first,
                     (guint8)columns,
                     b->left,
                     a->right};
    offer(run, rows, &straight);
    offer(run, rows, &swapped);
  }
}

static gint32 section_at(const LayoutTable *table, guint index) {
  return table->starts[index].block->section;
}

// All runs that begin at the first block and are `length` blocks long.
static void fill(LayoutTable *table, guint length, gint columns, gboolean lead) {
  Run *run = run_of(table, 0, length, columns, lead);
  run_clear(run, table->grid.rows);
  if (length == 1) {
    offer_block(table, run, columns, lead);
    return;
  }
  gboolean mixed = section_at(table, 0) != section_at(table, length - 1);
  for (guint first = 1; first < length; first++) {
    gboolean border = section_at(table, first - 1) != section_at(table, first);
    if (mixed && (!border || columns != table->grid.columns)) {
      continue;
    }
    const Run *upper = run_of(table, 0, first, columns, lead);
    const Run *lower = run_of(table, first, length - first, columns, border);
    offer_below(table, run, upper, lower, first, border ? LAYOUT_BAND : LAYOUT_GAP);
    for (gint wide = 1; wide < columns && !mixed; wide++) {
      offer_beside(run, run_of(table, 0, first, wide, lead),
                   run_of(table, first, length - first, columns - wide, FALSE), first, wide);
    }
  }
}

void layout_table_prepend(LayoutTable *table, const LayoutBlock *block) {
  Start last = table->starts[table->longest - 1];
  memmove(&table->starts[1], &table->starts[0], sizeof(Start) * (table->longest - 1));
  table->starts[0] = (Start){block, last.runs};
  table->count = MIN(table->count + 1, table->longest);
  for (guint length = 1; length <= table->count; length++) {
    for (gint columns = 1; columns <= table->grid.columns; columns++) {
      fill(table, length, columns, FALSE);
      fill(table, length, columns, TRUE);
    }
  }
}

// ---- a page -----------------------------------------------------------------------------------

static gint32 cost_of_rest(gint rows, gint columns) {
  if (rows <= 0) {
    return 0;
  }
  gint32 hole = rows <= 2 ? rows * 10 : rows * columns * 5;
  return rows >= LAYOUT_FILLER + LAYOUT_GAP ? MIN(hole, COST_STRIP + rows * columns / 2) : hole;
}

// The height that the page's blocks take in the cheapest page; -1: they don't fit.
static gint best_rows(const LayoutTable *table, guint count, gint reserved, gint32 *ret_cost) {
  gint best = -1;
  *ret_cost = LAYOUT_COST_NONE;
  if (count == 0 || count > table->count) {
    return -1;
  }
  const Run *run = run_of(table, 0, count, table->grid.columns, TRUE);
  gint room = table->grid.rows - reserved;
  for (gint rows = MIN(run->most, room); rows >= run->least; rows--) {
    gint32 cost = run->entries[rows].cost + cost_of_rest(room - rows, table->grid.columns);
    if (run->entries[rows].cost < LAYOUT_COST_NONE && cost < *ret_cost) {
      *ret_cost = cost;
      best = rows;
    }
  }
  return best;
}

gint32 layout_table_cost(const LayoutTable *table, guint count, gint reserved) {
  gint32 cost;
  best_rows(table, count, reserved, &cost);
  return cost;
}

typedef struct Room {
  guint start, length;
  gint column, row, columns, rows;
  gboolean lead;
} Room;

static void trace(const LayoutTable *table, Room room, PageLayout *page) {
  const Run *run = run_of(table, room.start, room.length, room.columns, room.lead);
  const Entry *entry = &run->entries[room.rows];
  g_assert(entry->cost < LAYOUT_COST_NONE);
  if (entry->kind == CUT_NONE) {
    PlacedBlock *placed = &page->blocks[page->count++];
    *placed = (PlacedBlock){.index = room.start,
                            .column = (gint16)room.column,
                            .row = (gint16)room.row,
                            .columns = (gint16)room.columns,
                            .rows = (gint16)room.rows};
    placed->shape =
        layout_shape(table->starts[room.start].block, room.columns, room.rows, room.lead);
    return;
  }
  Room one = room, two = room;
  one.length = entry->first;
  two.start = room.start + entry->first;
  two.length = room.length - entry->first;
  gboolean border = section_at(table, two.start - 1) != section_at(table, two.start);
  two.lead = border;
  if (entry->kind == CUT_BELOW) {
    gint gap = border ? LAYOUT_BAND : LAYOUT_GAP;
    one.rows = entry->size;
    two.row = room.row + entry->size + gap;
    two.rows = room.rows - entry->size - gap;
    if (border) {
      page->band[page->bands++] =
          (LayoutBand){section_at(table, two.start), (gint16)(room.row + entry->size), LAYOUT_BAND};
    }
  } else {
    gboolean swapped = entry->kind == CUT_BESIDE_SWAPPED;
    one.columns = entry->size;
    two.columns = room.columns - entry->size;
    one.column = swapped ? room.column + two.columns : room.column;
    two.column = swapped ? room.column : room.column + one.columns;
  }
  trace(table, one, page);
  trace(table, two, page);
}

gboolean layout_table_page(const LayoutTable *table, guint count, gint reserved,
                           PageLayout *ret_page) {
  gint32 cost;
  gint rows = best_rows(table, count, reserved, &cost);
  if (rows < 0) {
    return FALSE;
  }
  *ret_page = (PageLayout){.cost = cost};
  trace(table, (Room){0, count, 0, 0, table->grid.columns, rows, TRUE}, ret_page);
  gint rest = table->grid.rows - reserved - rows;
  if (rest >= LAYOUT_FILLER + LAYOUT_GAP) {
    ret_page->strip_row = (gint16)(rows + LAYOUT_GAP);
    ret_page->strip_rows = (gint16)(rest - LAYOUT_GAP);
  }
  return TRUE;
}
