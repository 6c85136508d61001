// SPDX-License-Identifier: Apache-2.0
//
// One block in one rectangle: tries headline sizes and arrangements and weighs what each looks
// like. The text's length is given; what gives way is the picture's height (within its focal
// tolerance), a pull quote, air below the head, a filler, and, where the block may jump, the text.
// Called by edition/layout for every width and height. Costs are points of ugliness: about 10 is a
// flaw that one notices when looking for it, 100 one that a reader sees.
#include "edition/layout_shape.h"

#define COST_NO_PICTURE 90 // though there is one
#define COST_JUMP 45
#define COST_NARROW_LEAD 360
#define COST_FILLER 60
#define COST_HOLE 14 // a cell
#define LEAST_TEXT_ROWS 4
#define LEAST_REST 26 // lines that a jump carries over at least

// The headline size that suits [lead, ordinary, small] at a width.
static const gint8 PREFERRED[3][LAYOUT_COLUMNS + 1] = {
    {0, 5, 4, 3, 2, 2, 1},
    {0, 6, 5, 4, 4, 3, 3},
    {0, 6, 6, 5, 5, 4, 4},
};

typedef struct Trial {
  const LayoutBlock *block;
  gint columns, rows;
  gboolean lead;
  gint32 room_cost; // of the rectangle itself, however it is filled
  BlockShape *best;
} Trial;

// What is dearer already can't become the best: most trials end here.
static gboolean is_hopeless(const Trial *trial, gint32 cost) {
  return cost + trial->room_cost >= trial->best->cost;
}

static void keep(const Trial *trial, BlockShape *shape) {
  if (shape->cost < trial->best->cost) {
    *trial->best = *shape;
  }
}

static gint preferred_level(const LayoutBlock *block, gint columns, gboolean lead) {
  gint role = lead ? 0 : block->weight == 2 ? 2 : 1;
  return MAX(0, PREFERRED[role][columns] - (block->weight == 0 ? 1 : 0));
}

static gint cost_of_head(const LayoutBlock *block, gint level, gint columns, gboolean lead) {
  if (block->kind != BLOCK_STORY) {
    return 0; // its head has one size
  }
  gint away = ABS(level - preferred_level(block, columns, lead));
  gint lines = block->lines[level][columns];
  gint most = columns == 1 ? 5 : columns <= 3 ? 3 : 2;
  return away * away * 9 + MAX(0, lines - most) * 40 + (columns >= 5 && lines > 1 ? 6 : 0);
}

// Briefs leave whole columns to the filler: they are read column by column.
static void give_columns(const BlockShape *shape, gint width, gint slack, gint generous,
                         BlockShape *best) {
  gint tall = shape->text_rows;
  for (gint columns = 1; columns < width && columns * tall <= slack; columns++) {
    BlockShape with = *shape;
    gint rest = slack - columns * tall;
    with.filler_columns = (gint16)columns;
    with.filler_rows = shape->text_rows;
    with.slack = rest;
    with.cost += COST_FILLER + columns * tall / 3 + rest + MAX(0, rest - generous) * 4;
    if (tall >= LAYOUT_FILLER && with.cost < best->cost) {
      *best = with;
    }
  }
}

// What the cells that the text does not need are used for; adds to the cost.
static void spend_slack(const Trial *trial, BlockShape *shape, gint text_columns, gint slack) {
  gint width = text_columns;
  gint generous = trial->block->kind == BLOCK_BRIEFS ? trial->block->items * 2 : 0;
  shape->slack = slack;
  if (slack <= MAX(width - 1, 1) + generous) {
    // A last column that is half empty, or wholly, is seen.
    shape->cost += generous > 0 ? slack : slack * 2 + MAX(0, slack * 2 - shape->text_rows) * 5;
    return;
  }
  BlockShape spread = *shape, filler = *shape;
  gint rows = MIN(slack / width, 1);
  spread.spread = (gint16)rows;
  spread.text_rows = (gint16)(shape->text_rows - rows);
  if (shape->arrangement == ARRANGE_PICTURE_IN && text_columns < trial->columns) {
    spread.picture_rows = (gint16)(shape->picture_rows - rows); // it takes the text's whole height
  }
  spread.slack = slack - rows * width;
  gint hole = MAX(0, spread.slack - generous);
  spread.cost += rows * 8 + MIN(hole, width) * 2 + MAX(0, hole - width) * COST_HOLE;
  *shape = spread;
  if (trial->block->kind == BLOCK_BRIEFS) {
    give_columns(&filler, width, slack, generous, shape);
    return;
  }
  // In the last column, or in as many of the last ones as make it not too tall.
  for (gint columns = 1; columns <= width; columns++) {
    gint tall = slack / columns;
    gboolean whole = columns == width;
    if (tall < LAYOUT_FILLER + 1 || (!whole && tall > filler.text_rows)) {
      continue;
    }
    BlockShape with = filler;
    with.filler_columns = (gint16)columns;
    with.filler_rows = (gint16)MIN(tall - 1, filler.text_rows); // a row of air above it
    with.slack = slack - columns * tall;
    with.cost += COST_FILLER + with.slack * 2 + MAX(0, tall - 30) * columns / 2;
    if (with.cost < shape->cost) {
      *shape = with;
    }
  }
}

static gint cost_of_text(const LayoutBlock *block, gint text_columns, gint rows) {
  gint cost = rows < 6 && block->body > 0 ? (6 - rows) * (5 + text_columns * 2) : 0;
  if (block->kind == BLOCK_BRIEFS) { // each of them should stand in one column
    cost += MAX(0, block->body / MAX(block->items, 1) - rows + 2) * 8;
  }
  cost += text_columns == 1 && rows > 48 ? (rows - 48) * 2 : 0;
  return cost + (rows > 64 ? rows - 64 : 0);
}

// Bands over the whole page, one below the other, are dull; the front page's lead is no column.
static gint cost_of_width(const Trial *trial) {
  if (trial->block->area > 0 && trial->block->weight == 0 && trial->columns == 1) {
    return COST_NARROW_LEAD;
  }
  return !trial->lead && trial->columns >= 5 && trial->block->kind == BLOCK_STORY ? 18 : 0;
}

static gint cost_of_area(const Trial *trial) {
  gint wanted = trial->block->area;
  if (wanted <= 0) {
    return 0;
  }
  gint has = trial->columns * trial->rows;
  return ABS(has - wanted) * 120 / MAX(has, wanted);
}

// The rest of the arithmetic, once head and picture are fixed: `cells` for text in `text_columns`.
static void weigh_text(const Trial *trial, const BlockShape *shape, gint text_columns, gint cells) {
  const LayoutBlock *block = trial->block;
  if (is_hopeless(trial, shape->cost) || cells < 0 ||
      (cells < block->body && block->jump_at_least == 0) ||
      (block->body > 0 && shape->text_rows < MIN(LEAST_TEXT_ROWS, block->body))) {
    return;
  }
  gint32 text = cost_of_text(block, text_columns, shape->text_rows);
  if (is_hopeless(trial, shape->cost + text)) {
    return;
  }
  BlockShape with = *shape;
  with.cost += text + trial->room_cost;
  with.cells = cells;
  if (cells >= block->body) {
    spend_slack(trial, &with, text_columns, cells - block->body);
    keep(trial, &with);
    return;
  }
  if (block->jump_at_least > 0 && cells > block->jump_at_least &&
      block->body - cells >= LEAST_REST) {
    with.jumps = TRUE;
    with.cost += COST_JUMP;
    keep(trial, &with);
  }
}

static gint cost_of_picture(const Trial *trial, gint columns, gint rows) {
  const LayoutBlock *block = trial->block;
  gint away = ABS(rows - block->picture_best[columns]);
  gint cost = away * columns * 3 / 2 + away * away / 4;
  if (trial->lead) {
    gint wanted = MIN(trial->columns, MAX(trial->columns * 2 / 3, 3));
    cost += MAX(0, wanted - columns) * 28;
  } else {
    cost += MAX(0, columns - (block->weight == 0 ? 4 : block->weight == 1 ? 3 : 2)) * 22;
    cost += columns == 1 && trial->columns > 2 ? 10 : 0;
  }
  return cost;
}

static void try_plain(const Trial *trial, BlockShape shape) {
  const LayoutBlock *block = trial->block;
  gint rows = trial->rows - shape.head_rows;
  shape.arrangement = ARRANGE_PLAIN;
  shape.text_rows = (gint16)rows;
  if (block->picture_best[1] > 0 || block->picture_best[MIN(2, trial->columns)] > 0) {
    gboolean leads = block->area > 0 && block->weight == 0; // a front page has its picture
    shape.cost += leads ? 3 * COST_NO_PICTURE : COST_NO_PICTURE;
  }
  weigh_text(trial, &shape, trial->columns, rows * trial->columns);
  gboolean quotes = block->quote > 0 && trial->columns > 1 && !is_hopeless(trial, shape.cost + 4);
  for (gint more = 0; quotes && more < 4; more++) {
    gint tall = block->quote + more;
    if (rows >= tall + 3) {
      BlockShape with = shape;
      with.quote_rows = (gint16)tall;
      with.cost += 4 + more * 3;
      weigh_text(trial, &with, trial->columns, rows * trial->columns - tall);
    }
  }
}

// `shape` with a picture so large. FALSE: that would be too dear.
static gboolean with_picture(const Trial *trial, const BlockShape *shape, gint columns, gint rows,
                             BlockShape *ret) {
  gint32 cost = shape->cost + cost_of_picture(trial, columns, rows);
  if (is_hopeless(trial, cost)) {
    return FALSE;
  }
  *ret = *shape;
  ret->picture_columns = (gint16)columns;
  ret->picture_rows = (gint16)rows;
  ret->caption_rows = trial->block->caption[columns];
  ret->cost = cost;
  return TRUE;
}

static gboolean suits(const LayoutBlock *block, gint columns, gint rows) {
  return block->picture_best[columns] > 0 && rows >= block->picture_least[columns] &&
         rows <= block->picture_most[columns];
}

static void try_top(const Trial *trial, BlockShape shape) {
  const LayoutBlock *block = trial->block;
  gint columns = trial->columns;
  if (block->picture_best[columns] <= 0) {
    return;
  }
  shape.arrangement = ARRANGE_PICTURE_TOP;
  gint room = trial->rows - shape.head_rows - block->caption[columns] - 1;
  gint least = block->picture_least[columns], best = block->picture_best[columns];
  gint exact = room - (block->body + columns - 1) / columns; // all that the text leaves
  gint from = block->jump_at_least > 0 ? best - 3 : exact - 2;
  gint to = block->jump_at_least > 0 ? MAX(best + 3, exact) : exact;
  to = MIN(to, MIN(block->picture_most[columns], room - 1));
  for (gint rows = MAX(from, least); rows <= to; rows++) {
    gint text = room - rows;
    BlockShape with;
    if (with_picture(trial, &shape, columns, rows, &with)) {
      with.text_rows = (gint16)text;
      weigh_text(trial, &with, columns, text * columns);
    }
  }
}

// The picture takes exactly what the text leaves, where its tolerance allows.
static void try_in(const Trial *trial, BlockShape shape, gint columns) {
  const LayoutBlock *block = trial->block;
  gint text = trial->rows - shape.head_rows, around = block->caption[columns] + 1;
  if (block->picture_best[columns] <= 0 || text < LEAST_TEXT_ROWS ||
      is_hopeless(trial, shape.cost)) {
    return;
  }
  shape.arrangement = ARRANGE_PICTURE_IN;
  shape.text_rows = (gint16)text;
  gint spare = text * trial->columns - block->body;
  gint least = block->picture_least[columns], most = block->picture_most[columns];
  gint exact = spare > 0 ? spare / columns - around : -1;
  gint from = block->jump_at_least > 0 ? least : CLAMP(exact - 1, least, most);
  gint to = CLAMP(exact, least, most);
  if (block->jump_at_least > 0) {
    from = MAX(least, block->picture_best[columns] - 3);
    to = MAX(to, MIN(most, block->picture_best[columns] + 3));
  }
  to = MIN(to, text - around + 1);
  if (text - around + 1 > to && suits(block, columns, text - around + 1)) {
    to = MIN(to + 1, text - around + 1);
  }
  for (gint rows = from; rows <= to; rows++) {
    gint taken = rows + around;     // with a row of air below the caption
    gint below = text - taken;      // rows of text under the picture
    if (below != -1 && below < 5) { // the whole height, or enough to read
      continue;
    }
    BlockShape with;
    if (!with_picture(trial, &shape, columns, rows, &with)) {
      continue;
    }
    if (below == -1) {
      with.cost += 2;
      weigh_text(trial, &with, trial->columns - columns, text * (trial->columns - columns));
    } else {
      weigh_text(trial, &with, trial->columns, text * trial->columns - taken * columns);
    }
  }
}

static void try_side(const Trial *trial, BlockShape shape, gint level, gint columns) {
  const LayoutBlock *block = trial->block;
  gint text_columns = trial->columns - columns;
  gint rows = trial->rows - block->caption[columns];
  if (!suits(block, columns, rows) || block->head[level][text_columns] <= 0) {
    return;
  }
  shape.head_rows = block->head[level][text_columns];
  shape.cost = cost_of_head(block, level, text_columns, trial->lead) + 6;
  shape.cost += text_columns == 1 && trial->columns > 2 ? 30 : 0;
  if (is_hopeless(trial, shape.cost)) {
    return;
  }
  shape.arrangement = ARRANGE_PICTURE_SIDE;
  shape.text_rows = (gint16)(trial->rows - shape.head_rows);
  BlockShape with;
  if (with_picture(trial, &shape, columns, rows, &with)) {
    weigh_text(trial, &with, text_columns, shape.text_rows * text_columns);
  }
}

static BlockShape shape_of_box(const LayoutBlock *block, gint columns, gint rows) {
  BlockShape shape = {.cost = LAYOUT_COST_NONE, .level = LAYOUT_LEVELS - 1};
  gint least = block->box_least[columns];
  if (least > 0 && rows >= least && rows <= block->box_most[columns]) {
    shape.cost = (rows - least) * columns + MAX(0, columns - block->items) * 14;
    shape.text_rows = (gint16)rows;
  }
  return shape;
}

BlockShape layout_shape(const LayoutBlock *block, gint columns, gint rows, gboolean lead) {
  if (block->kind == BLOCK_BOX) {
    return shape_of_box(block, columns, rows);
  }
  BlockShape best = {.cost = LAYOUT_COST_NONE};
  if (block->jump_at_least == 0 && columns * rows < block->body) {
    return best;
  }
  Trial trial = {block, columns, rows, lead, 0, &best};
  trial.room_cost = cost_of_area(&trial) + cost_of_width(&trial);
  gint start = CLAMP(preferred_level(block, columns, lead), 0, LAYOUT_LEVELS - 1);
  for (gint step = 0; step < 2 * LAYOUT_LEVELS; step++) { // the best sizes first: they prune
    gint level = step % 2 == 0 ? start + step / 2 : start - (step + 1) / 2;
    if (level < 0 || level >= LAYOUT_LEVELS) {
      continue;
    }
    gint head = block->head[level][columns];
    if (head > 0 && head < rows) {
      BlockShape shape = {.level = (gint16)level, .head_rows = (gint16)head};
      shape.cost = cost_of_head(block, level, columns, lead);
      if (!is_hopeless(&trial, shape.cost)) {
        try_plain(&trial, shape);
        try_top(&trial, shape);
        for (gint wide = 1; wide < columns; wide++) {
          try_in(&trial, shape, wide);
        }
      }
    }
    for (gint wide = 1; wide < columns; wide++) {
      BlockShape shape = {.level = (gint16)level};
      try_side(&trial, shape, level, wide);
    }
  }
  return best;
}

gint layout_shape_text_columns(const BlockShape *shape, gint columns) {
  return shape->arrangement == ARRANGE_PICTURE_SIDE ? columns - shape->picture_columns : columns;
}

// ---- what stands at the top, for the neighbours -----------------------------------------------

guint8 layout_shape_top(const LayoutBlock *block, const BlockShape *shape, gboolean left) {
  if (block->kind == BLOCK_BOX || block->kind == BLOCK_BRIEFS) {
    return TOP_BOX;
  }
  if (shape->arrangement == ARRANGE_PICTURE_TOP ||
      (shape->arrangement == ARRANGE_PICTURE_SIDE && left)) {
    return TOP_PICTURE;
  }
  return (guint8)shape->level;
}

gint32 layout_cost_of_neighbours(guint8 left, guint8 right) {
  if (left == TOP_BOX || right == TOP_BOX) {
    return 0;
  }
  if (left == TOP_PICTURE || right == TOP_PICTURE) {
    return left == right ? 70 : 0;
  }
  gint apart = ABS((gint)left - (gint)right);
  return apart == 0 ? 40 : apart == 1 ? 16 : 0;
}
