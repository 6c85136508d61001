// SPDX-License-Identifier: Apache-2.0
//
// Implements galley_pour(): the body into columns. The columns are one long row of baselines with
// forbidden places at their ends; by dynamic programming over (block, baseline), each paragraph
// gets the number of lines, and each column's end the place, that together cost least: loose or
// tight lines, holes at columns' feet, widows and orphans, subheads without their text. Pictures,
// quotes and boxes that would leave a hole may change places with the paragraphs after them.
// Integers only.
#include <string.h>

#include "edition/galley_parts.h"

#define NOWHERE G_MAXINT64
#define HOLE_COST 6000000 // a baseline left empty: dearer than a few loose lines
#define END_COST 600000   // the same after the text's end: worth good looser lines only,
#define END_ROWS 2        // and no more of them for a larger hole
#define VIOLATION_COST G_GINT64_CONSTANT(100000000) // widow, orphan, subhead alone
#define LEFT_COST G_GINT64_CONSTANT(10000000000)    // a line that should have been taken
#define LEAST_LINES 2                               // of a paragraph, at a column's foot and head
#define DELAYS 2                                    // blocks that a picture may let pass
#define MOVES 6                                     // pictures moved, at most

typedef struct Item { // a block, or what is left of one, to pour
  guint block, offset;
  BlockExtent extent;
  guint least_first; // lines at a column's foot
  gboolean drop_cap, subhead, floats;
  gint64 cost[FIT_VARIANTS]; // of natural-2 … natural+2 lines
} Item;

typedef struct Step { // how a state was reached
  gint64 cost;
  gint32 before; // baseline at which the item before ended; -1: not reached
  guint16 lines;
  gboolean jump; // to the next column first
} Step;

typedef struct Piece {
  guint item, column, row, from, to;
} Piece;

typedef struct Pour {
  Galley *galley;
  const GalleyPour *order;
  GArray *items; // Item, as they stand in the body
  guint *row;    // indices of items, as they are poured
  guint *starts; // baseline at which each column begins; starts[count] is the end
  guint total;
  gint64 *left_least; // of the items from i on, lines at least
  Step *steps;        // (items + 1) x (total + 1)
} Pour;

typedef struct Walk { // one item poured from one baseline
  guint end;
  gint64 cost;
  gboolean overflows; // the columns end before the item
  guint placed;       // its lines that are placed, then
} Walk;

static const Item *item_at(const Pour *pour, guint index) {
  return &g_array_index(pour->items, Item, pour->row[index]);
}

static guint column_at(const Pour *pour, guint baseline) {
  guint column = 0;
  while (column + 1 < pour->order->column_count && pour->starts[column + 1] <= baseline) {
    column++;
  }
  return column;
}

static gboolean is_head(const Pour *pour, guint baseline) {
  return pour->starts[column_at(pour, baseline)] == baseline;
}

// ---- one item ---------------------------------------------------------------------------------

static void emit(GArray *pieces, Piece piece) {
  if (pieces != NULL) {
    g_array_append_val(pieces, piece);
  }
}

static guint jump_from(const Pour *pour, const Item *item, guint baseline, guint lines,
                       Walk *walk) {
  guint column = column_at(pour, baseline);
  if (baseline < pour->total) {
    walk->cost += (gint64)(pour->starts[column + 1] - baseline) * HOLE_COST;
    baseline = pour->starts[++column];
  }
  while (!item->extent.splits && column < pour->order->column_count &&
         pour->starts[column + 1] - pour->starts[column] < lines) {
    walk->cost += (gint64)(pour->starts[column + 1] - pour->starts[column]) * HOLE_COST;
    baseline = pour->starts[++column];
  }
  return baseline;
}

// Of `left` lines, how many stand in `room`.
static guint take(const Item *item, guint left, guint room, gboolean first, Walk *walk) {
  if (left <= room) {
    return left;
  }
  guint least = first ? item->least_first : 1;
  guint taken = room;
  if (left - taken < LEAST_LINES && taken > least) { // no widow: a line goes over with it
    taken--;
    walk->cost += HOLE_COST;
  } else if (left - taken < LEAST_LINES) {
    walk->cost += VIOLATION_COST;
  }
  if (taken < least) {
    walk->cost += VIOLATION_COST;
  }
  return taken;
}

// Pours the index-th item, set in `lines`, from the baseline on. The cost is NOWHERE if it can't
// be.
static Walk walk_item(const Pour *pour, guint index, guint baseline, guint lines, gboolean jump,
                      GArray *pieces) {
  const Item *item = item_at(pour, index);
  Walk walk = {.end = baseline};
  if (jump) {
    if (is_head(pour, baseline) && item->extent.splits) {
      walk.cost = NOWHERE;
      return walk;
    }
    walk.cost += index > 0 && item_at(pour, index - 1)->subhead ? VIOLATION_COST : 0;
    baseline = jump_from(pour, item, baseline, lines, &walk);
  }
  guint left = lines;
  gboolean first = TRUE;
  while (left > 0) {
    guint column = column_at(pour, baseline);
    if (baseline >= pour->total || column >= pour->order->column_count) {
      walk.overflows = TRUE;
      break;
    }
    guint air = 0;
    if (first && !is_head(pour, baseline)) {
      guint after = index > 0 ? item_at(pour, index - 1)->extent.after : 0;
      air = MAX(item->extent.before, after);
    }
    guint room = pour->starts[column + 1] - baseline;
    guint inside = room > air ? room - air : 0;
    if ((inside == 0 && first) || (!item->extent.splits && inside < left)) {
      walk.cost = NOWHERE;
      return walk;
    }
    guint taken = item->extent.splits ? take(item, left, inside, first, &walk) : left;
    emit(pieces, (Piece){pour->row[index], column, baseline - pour->starts[column] + air,
                         lines - left, lines - left + taken});
    left -= taken;
    baseline = left > 0 ? pour->starts[column + 1] : baseline + air + taken;
    first = FALSE;
  }
  if (item->subhead && left == 0 && index + 1 < pour->items->len) { // its text must begin below it
    guint room = pour->starts[column_at(pour, baseline - 1) + 1] - baseline;
    walk.cost += room < LEAST_LINES ? VIOLATION_COST : 0;
  }
  walk.end = baseline;
  walk.placed = lines - left;
  return walk;
}

// ---- all items --------------------------------------------------------------------------------

typedef struct Ending {
  gint64 cost;
  guint items;     // that are placed whole
  guint baseline;  // where they end
  gboolean partly; // the next one is begun, and goes on elsewhere
  guint lines;     // of which setting
  gboolean jump;
} Ending;

static Step *step_at(const Pour *pour, guint items, guint baseline) {
  return &pour->steps[(gsize)items * (pour->total + 1) + baseline];
}

static void offer_ending(Ending *best, Ending ending) {
  if (ending.cost < best->cost) {
    *best = ending;
  }
}

static gint64 left_cost(const Pour *pour, gint64 lines) {
  return pour->order->continues ? 0 : lines * LEFT_COST;
}

// The items before `items` end at `baseline`: nothing more is poured.
static void end_here(const Pour *pour, guint items, guint baseline, gint64 cost, Ending *best) {
  gint64 left = pour->left_least[items];
  gint64 rest = pour->total - baseline;
  cost += items == pour->items->len ? MIN(rest, END_ROWS) * END_COST : rest * HOLE_COST;
  cost += left_cost(pour, left);
  if (left > 0 && items > 0 && item_at(pour, items - 1)->subhead) {
    cost += VIOLATION_COST;
  }
  if (left > 0 && items == 0) { // something must go on, or it would never end
    cost += LEFT_COST * 1000;
  }
  offer_ending(best, (Ending){.cost = cost, .items = items, .baseline = baseline});
}

static void try_lines(const Pour *pour, guint index, guint baseline, gint64 so_far, guint lines,
                      gint64 lines_cost, gboolean jump, Ending *best) {
  Walk walk = walk_item(pour, index, baseline, lines, jump, NULL);
  if (walk.cost == NOWHERE) {
    return;
  }
  gint64 cost = so_far + walk.cost + lines_cost;
  if (walk.overflows) {
    if (walk.placed > 0) {
      gint64 left = (gint64)(lines - walk.placed) + pour->left_least[index + 1];
      offer_ending(best, (Ending){.cost = cost + left_cost(pour, left),
                                  .items = index,
                                  .baseline = baseline,
                                  .partly = TRUE,
                                  .lines = lines,
                                  .jump = jump});
    }
    return;
  }
  Step *step = step_at(pour, index + 1, walk.end);
  if (step->before < 0 || cost < step->cost) {
    *step = (Step){cost, (gint32)baseline, (guint16)MIN(lines, G_MAXUINT16), jump};
  }
}

static void try_item(const Pour *pour, guint index, guint baseline, gint64 so_far, Ending *best) {
  const Item *item = item_at(pour, index);
  for (guint variant = 0; variant < FIT_VARIANTS; variant++) {
    gint lines = (gint)item->extent.natural + (gint)variant - FIT_VARIANTS / 2;
    if (lines < 1 || item->cost[variant] == NOWHERE) {
      continue;
    }
    for (guint jump = 0; jump < 2; jump++) {
      try_lines(pour, index, baseline, so_far, (guint)lines, item->cost[variant], jump == 1, best);
    }
  }
}

static Ending pour_items(const Pour *pour) {
  guint count = pour->items->len;
  for (gsize i = 0; i < (gsize)(count + 1) * (pour->total + 1); i++) {
    pour->steps[i].before = -1;
  }
  *step_at(pour, 0, 0) = (Step){0, 0, 0, FALSE};
  Ending best = {.cost = NOWHERE};
  for (guint index = 0; index <= count; index++) {
    gboolean reached = FALSE;
    for (guint baseline = 0; baseline <= pour->total; baseline++) {
      const Step *step = step_at(pour, index, baseline);
      if (step->before < 0) {
        continue;
      }
      reached = TRUE;
      end_here(pour, index, baseline, step->cost, &best);
      if (index < count) {
        try_item(pour, index, baseline, step->cost, &best);
      }
    }
    if (!reached) {
      break;
    }
  }
  return best;
}

static void measure_left(Pour *pour) {
  guint count = pour->items->len;
  pour->left_least[count] = 0;
  for (guint i = count; i-- > 0;) {
    pour->left_least[i] = pour->left_least[i + 1] + item_at(pour, i)->extent.least;
  }
}

// ---- moving pictures --------------------------------------------------------------------------

static void move(guint *row, guint from, guint to) {
  guint kept = row[from];
  memmove(row + from, row + from + 1, (to - from) * sizeof *row);
  row[to] = kept;
}

// What is placed must be the body's beginning, or text would be lost at the jump.
static gboolean is_prefix(const Pour *pour, const Ending *ending) {
  guint placed = ending->items + (ending->partly ? 1 : 0);
  for (guint i = 0; i < ending->items; i++) {
    if (pour->row[i] >= ending->items) {
      return FALSE;
    }
  }
  return !ending->partly || pour->row[placed - 1] == placed - 1;
}

// The first item that floats and was moved to the next column, leaving a hole. FALSE: there is
// none.
static gboolean find_hole(const Pour *pour, const Ending *ending, guint from, guint *ret_index) {
  guint baseline = ending->baseline;
  gboolean found = FALSE;
  for (guint i = ending->items; i > 0; i--) {
    const Step *step = step_at(pour, i, baseline);
    if (step->jump && item_at(pour, i - 1)->floats && i - 1 >= from) {
      *ret_index = i - 1;
      found = TRUE;
    }
    baseline = (guint)step->before;
  }
  return found;
}

static Ending move_pictures(Pour *pour, Ending best) {
  g_autofree guint *kept = g_new(guint, pour->items->len + 1);
  guint from = 0;
  guint index = 0;
  for (guint moves = 0; moves < MOVES && find_hole(pour, &best, from, &index); moves++) {
    memcpy(kept, pour->row, pour->items->len * sizeof *kept);
    guint delay_taken = 0;
    for (guint delay = 1; delay <= DELAYS && index + delay < pour->items->len; delay++) {
      memcpy(pour->row, kept, pour->items->len * sizeof *kept);
      move(pour->row, index, index + delay);
      measure_left(pour);
      Ending ending = pour_items(pour);
      if (ending.cost < best.cost && is_prefix(pour, &ending)) {
        best = ending;
        delay_taken = delay;
      }
    }
    memcpy(pour->row, kept, pour->items->len * sizeof *kept);
    if (delay_taken > 0) {
      move(pour->row, index, index + delay_taken);
    }
    measure_left(pour);
    best = pour_items(pour); // the steps are those of the row that stays
    from = index + 1;
  }
  return best;
}

// ---- type -------------------------------------------------------------------------------------

static GArray *pieces_of(const Pour *pour, const Ending *ending) {
  GArray *pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
  g_autofree guint *begins = g_new(guint, ending->items + 1);
  guint baseline = ending->baseline;
  begins[ending->items] = baseline;
  for (guint i = ending->items; i > 0; i--) {
    baseline = (guint)step_at(pour, i, baseline)->before;
    begins[i - 1] = baseline;
  }
  for (guint i = 0; i < ending->items; i++) {
    const Step *step = step_at(pour, i + 1, begins[i + 1]);
    walk_item(pour, i, begins[i], step->lines, step->jump, pieces);
  }
  if (ending->partly) {
    walk_item(pour, ending->items, ending->baseline, ending->lines, ending->jump, pieces);
  }
  return pieces;
}

static guint lines_of(const Pour *pour, const Ending *ending, guint item) {
  guint baseline = ending->baseline;
  for (guint i = ending->items; i > 0; i--) {
    const Step *step = step_at(pour, i, baseline);
    if (pour->row[i - 1] == item) {
      return step->lines;
    }
    baseline = (guint)step->before;
  }
  return ending->lines;
}

static void place(Pour *pour, GalleyPoured *poured, const Piece *piece, SetBlock *block) {
  const GalleyColumn *column = &pour->order->columns[piece->column];
  GalleyPlaced placed = {.block = block,
                         .column = piece->column,
                         .x = column->x,
                         .y = column->y + (gint32)piece->row * pour->galley->look->baseline};
  g_array_append_val(poured->placed, placed);
  guint used = piece->row + (guint)block->baselines;
  poured->spare[piece->column] =
      MIN(poured->spare[piece->column], column->baselines - MIN(used, column->baselines));
}

static void set_pieces(Pour *pour, const Ending *ending, GalleyPoured *poured) {
  g_autoptr(GArray) pieces = pieces_of(pour, ending);
  BlockSet *set = NULL;
  guint setting = G_MAXUINT;
  guint offset = 0;
  for (guint i = 0; i < pieces->len; i++) {
    const Piece *piece = &g_array_index(pieces, Piece, i);
    const Item *item = &g_array_index(pour->items, Item, piece->item);
    if (piece->item != setting) {
      g_clear_pointer(&set, block_set_free);
      setting = piece->item;
      set = body_block_set(pour->galley, g_ptr_array_index(pour->galley->blocks, item->block),
                           item->offset, pour->order->measure, item->drop_cap,
                           lines_of(pour, ending, setting));
    }
    SetBlock *block =
        block_set_cut(pour->galley, set, piece->from, piece->to, pour->order->measure, &offset);
    block->continues |= item->offset > 0;
    place(pour, poured, piece, block);
  }
  g_clear_pointer(&set, block_set_free);
  if (ending->partly) {
    poured->end = (GalleyPlace){item_at(pour, ending->items)->block, offset};
  } else if (ending->items < pour->items->len) {
    const Item *next = item_at(pour, ending->items);
    poured->end = (GalleyPlace){next->block, next->offset};
  } else {
    poured->end = (GalleyPlace){pour->galley->blocks->len, 0};
  }
}

// ---- the pour ---------------------------------------------------------------------------------

static Item make_item(Galley *galley, const GalleyPour *order, guint index, guint offset) {
  const BodyBlock *block = g_ptr_array_index(galley->blocks, index);
  gboolean drop_cap = order->drop_cap && index == 0 && offset == 0;
  Item item = {.block = index,
               .offset = offset,
               .drop_cap = drop_cap,
               .subhead = block->kind == BODY_SUBHEAD,
               .floats = block->kind == BODY_PULL_QUOTE || block->kind == BODY_BOX ||
                         block->kind == BODY_FIGURE};
  item.extent = body_block_extent(galley, block, offset, order->measure, drop_cap);
  gboolean drops = body_block_has_drop(galley, block, order->measure, drop_cap);
  item.least_first = drops ? MAX(galley->look->drop_cap_lines, LEAST_LINES) : LEAST_LINES;
  for (guint variant = 0; variant < FIT_VARIANTS; variant++) {
    gint lines = (gint)item.extent.natural + (gint)variant - FIT_VARIANTS / 2;
    gboolean whole = !item.extent.splits && variant != FIT_VARIANTS / 2;
    item.cost[variant] = lines < 1 || whole ? NOWHERE
                                            : body_block_cost(galley, block, offset, order->measure,
                                                              drop_cap, (guint)lines);
  }
  return item;
}

// As many blocks as the columns can take, and one more.
static GArray *make_items(Galley *galley, const GalleyPour *order, guint total) {
  GArray *items = g_array_new(FALSE, FALSE, sizeof(Item));
  guint64 lines = 0;
  for (guint i = order->from.block; i < galley->blocks->len; i++) {
    Item item = make_item(galley, order, i, i == order->from.block ? order->from.offset : 0);
    while (item.extent.natural > galley->tallest && galley_loosen(galley, i)) {
      if (i >= galley->blocks->len) {
        return items;
      }
      item = make_item(galley, order, i, 0);
    }
    g_array_append_val(items, item);
    if (lines > total && !order->all) {
      break;
    }
    if (lines > (guint64)total * 2 + 200) {
      break;
    }
    lines += item.extent.least;
  }
  return items;
}

GalleyPoured *galley_pour(Galley *galley, const GalleyPour *order) {
  Pour pour = {.galley = galley, .order = order};
  pour.starts = g_new0(guint, order->column_count + 2);
  galley->tallest = 0;
  for (guint i = 0; i < order->column_count; i++) {
    pour.starts[i + 1] = pour.starts[i] + order->columns[i].baselines;
    galley->tallest = MAX(galley->tallest, order->columns[i].baselines);
  }
  pour.total = pour.starts[order->column_count];
  pour.starts[order->column_count + 1] = pour.total;
  GalleyPoured *poured = g_new0(GalleyPoured, 1);
  poured->placed = g_array_new(FALSE, TRUE, sizeof(GalleyPlaced));
  poured->end = order->from;
  poured->spare = g_new0(guint, order->column_count + 1);
  for (guint i = 0; i < order->column_count; i++) {
    poured->spare[i] = order->columns[i].baselines;
  }
  if (pour.total > 0) {
    pour.items = make_items(galley, order, pour.total);
    guint count = pour.items->len;
    pour.row = g_new(guint, count + 1);
    for (guint i = 0; i <= count; i++) {
      pour.row[i] = i;
    }
    pour.left_least = g_new0(gint64, count + 1);
    pour.steps = g_new(Step, (gsize)(count + 1) * (pour.total + 1));
    measure_left(&pour);
    Ending ending = pour_items(&pour);
    ending = move_pictures(&pour, ending);
    poured->cost = ending.cost;
    set_pieces(&pour, &ending, poured);
    g_array_unref(pour.items);
    g_free(pour.row);
    g_free(pour.left_least);
    g_free(pour.steps);
  }
  g_free(pour.starts);
  return poured;
}

void galley_poured_free(GalleyPoured *poured) {
  if (poured != NULL) {
    for (guint i = 0; i < poured->placed->len; i++) {
      set_block_free(g_array_index(poured->placed, GalleyPlaced, i).block);
    }
    g_array_unref(poured->placed);
    g_free(poured->spare);
    g_free(poured);
  }
}

GalleyExtent galley_body_extent(Galley *galley, GalleyPlace from, gint32 measure,
                                gboolean drop_cap) {
  GalleyExtent extent = {0};
  guint after = 0;
  galley->tallest = G_MAXUINT;
  for (guint i = from.block; i < galley->blocks->len; i++) {
    guint offset = i == from.block ? from.offset : 0;
    const BodyBlock *block = g_ptr_array_index(galley->blocks, i);
    BlockExtent one =
        body_block_extent(galley, block, offset, measure, drop_cap && i == 0 && offset == 0);
    guint air = i > from.block ? MAX(one.before, after) : 0;
    extent.least += one.least + air;
    extent.natural += one.natural + air;
    extent.most += one.most + air;
    after = one.after;
  }
  return extent;
}
