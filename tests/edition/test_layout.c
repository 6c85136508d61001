// SPDX-License-Identifier: Apache-2.0
//
// The plan and its pages on sets of stories made by a generator of ours (fixed seeds: every run is
// the same). Nothing may overlap, be lost or stand outside; the text must have its room. The
// default run has some hundreds of sets; EDITION_PLANS=10000 makes more.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edition/plan.h"

typedef struct Dice {
  guint64 state;
} Dice;

static guint roll(Dice *dice, guint sides) { // xorshift: the same on every machine
  dice->state ^= dice->state << 13;
  dice->state ^= dice->state >> 7;
  dice->state ^= dice->state << 17;
  return (guint)(dice->state % sides);
}

typedef struct Set {
  PlanWish wish;
  PlanStory *stories;
  guint count;
  LayoutBlock contents, corrections;
} Set;

static void fill_head(LayoutBlock *block, gint letters, gint columns, gint rows_most) {
  static const gint16 sizes[LAYOUT_LEVELS] = {60, 48, 38, 30, 24, 19, 15, 12};
  for (gint level = 0; level < LAYOUT_LEVELS; level++) {
    for (gint wide = 1; wide <= columns; wide++) {
      gint a_line = MAX(1, wide * 240 / sizes[level]);
      gint lines = (letters + a_line - 1) / a_line;
      gint rows = (lines * sizes[level] + 10) / 11 + 1;
      gboolean may = level == LAYOUT_LEVELS - 1 || (rows <= rows_most && lines <= 7);
      block->head[level][wide] = (gint16)(may ? MIN(rows, rows_most) : 0);
      block->lines[level][wide] = (gint16)MIN(lines, 100);
    }
  }
}

static void fill_picture(LayoutBlock *block, gint columns, gint high_permille) {
  for (gint wide = 1; wide <= columns; wide++) {
    gint best = wide * 11 * high_permille / 1000;
    if (best < 4 || best > 90) {
      continue;
    }
    block->picture_best[wide] = (gint16)best;
    block->picture_least[wide] = (gint16)MAX(3, best * 3 / 4);
    block->picture_most[wide] = (gint16)(best * 5 / 4);
    block->caption[wide] = (gint16)(wide == 1 ? 4 : 2);
  }
}

static PlanStory make_story(Dice *dice, guint index, const LayoutGrid *grid) {
  PlanStory story = {0};
  guint kind = roll(dice, 20);
  gint words = kind == 0 ? 12 : kind == 1 ? 20000 : kind < 6 ? 40 : 60 + (gint)roll(dice, 900);
  gint letters = roll(dice, 30) == 0 ? 300 : roll(dice, 30) == 0 ? 1 : 20 + (gint)roll(dice, 80);
  story.whole.id = story.rest.id = index;
  story.whole.kind = BLOCK_STORY;
  story.rest.kind = BLOCK_CONTINUATION;
  story.whole.section = story.rest.section = (gint32)roll(dice, 6);
  story.whole.body = words / 6 + 1;
  story.whole.weight = (gint32)roll(dice, 3);
  story.whole.quote = roll(dice, 3) == 0 ? 6 + (gint32)roll(dice, 5) : 0;
  fill_head(&story.whole, letters, grid->columns, grid->rows / 2);
  fill_head(&story.rest, 10, grid->columns, grid->rows / 2);
  if (roll(dice, 2) == 0) {
    gint high = roll(dice, 20) == 0 ? 1 : 300 + (gint)roll(dice, 1500);
    fill_picture(&story.whole, grid->columns, high);
  }
  story.on_front = roll(dice, 4) == 0;
  story.brief_lines = story.whole.body < 18 && roll(dice, 2) == 0 ? story.whole.body + 3 : 0;
  if (roll(dice, 25) == 0) {
    story.pin_page = 1 + (gint32)roll(dice, 4);
    story.pin_place = (gint32)roll(dice, 3);
  }
  return story;
}

static void make_set(Set *set, guint64 seed, gint count, const LayoutGrid *grid) {
  static const LayoutGrid grids[] = {{6, 98}, {6, 106}, {4, 66}, {1, 30}};
  guint most = g_getenv("EDITION_PLANS") != NULL ? 45 : 13; // stories; more take longer
  Dice dice = {seed * 2654435761u + 88172645463325252u};
  memset(set, 0, sizeof *set);
  set->wish.grid = grids[roll(&dice, G_N_ELEMENTS(grids))];
  set->wish.grid = grid != NULL ? *grid : set->wish.grid;
  gint columns = set->wish.grid.columns;
  set->wish.front_rows = columns == 1 ? 0 : set->wish.grid.rows - 16;
  set->wish.last_rows = (gint32)roll(&dice, 6);
  set->wish.pages = roll(&dice, 3) == 0 ? 1 + roll(&dice, 20) : 0;
  set->count = count >= 0             ? (guint)count
               : roll(&dice, 10) == 0 ? roll(&dice, 4)
                                      : roll(&dice, most);
  set->stories = g_new0(PlanStory, set->count + 1);
  for (guint i = 0; i < set->count; i++) {
    set->stories[i] = make_story(&dice, i, &set->wish.grid);
  }
  fill_head(&set->wish.briefs, 8, columns, 10);
  for (gint wide = 1; wide <= columns; wide++) {
    set->contents.box_least[wide] = 8;
    set->contents.box_most[wide] = 40;
    set->corrections.box_least[wide] = (gint16)(4 + 20 / wide);
    set->corrections.box_most[wide] = (gint16)(60 / wide + 8);
  }
  set->contents.kind = set->corrections.kind = BLOCK_BOX;
  set->wish.contents = roll(&dice, 3) > 0 ? &set->contents : NULL;
  set->wish.corrections = roll(&dice, 3) == 0 ? &set->corrections : NULL;
}

static void check_block(const PlacedBlock *placed, gint body) {
  const BlockShape *shape = &placed->shape;
  gint text = placed->columns;
  gint picture = 0;
  if (shape->picture_columns > 0) {
    assert_in_range(shape->picture_columns, 1, placed->columns);
    assert_true(shape->picture_rows > 0);
    assert_true(shape->picture_rows + shape->caption_rows <= placed->rows);
    if (shape->arrangement == ARRANGE_PICTURE_SIDE) {
      text -= shape->picture_columns;
    }
    if (shape->arrangement == ARRANGE_PICTURE_IN) {
      assert_true(shape->picture_rows + shape->caption_rows <= shape->text_rows);
      picture = shape->picture_columns *
                MIN(shape->picture_rows + shape->caption_rows + 1, shape->text_rows);
    }
  }
  assert_true(text >= 1);
  assert_true(shape->head_rows + shape->text_rows + shape->spread <= placed->rows);
  gint room = text * shape->text_rows - picture - shape->quote_rows -
              shape->filler_columns * shape->filler_rows;
  if (!shape->jumps) {
    assert_true(room >= body);
  } else {
    assert_true(shape->cells > 0);
  }
}

typedef struct Seen {
  guint *times;    // story -> pieces that begin it
  gint32 *covered; // lines
  gboolean *ended;
} Seen;

static void check_page(const Set *set, const PlanPage *page, gint rows, Seen *seen) {
  guint8 used[LAYOUT_COLUMNS][LAYOUT_ROWS] = {{0}};
  for (guint i = 0; i < page->pieces->len; i++) {
    const PlanPiece *piece = &g_array_index(page->pieces, PlanPiece, i);
    const PlacedBlock *placed = &piece->placed;
    assert_true(placed->column >= 0 && placed->columns >= 1);
    assert_true(placed->column + placed->columns <= set->wish.grid.columns);
    assert_true(placed->row >= 0 && placed->rows >= 1 && placed->row + placed->rows <= rows);
    for (gint column = placed->column; column < placed->column + placed->columns; column++) {
      for (gint row = placed->row; row < placed->row + placed->rows; row++) {
        assert_int_equal(used[column][row], 0);
        used[column][row] = 1;
      }
    }
    if (piece->kind == BLOCK_BRIEFS) {
      gint lines = 0;
      for (guint b = 0; b < piece->briefs; b++) {
        guint story = g_array_index(page->briefs, guint, piece->brief + b);
        seen->times[story]++;
        seen->ended[story] = TRUE;
        lines += set->stories[story].brief_lines;
      }
      check_block(placed, lines);
    } else if (piece->story != PLAN_NONE) {
      gint32 body = set->stories[piece->story].whole.body - seen->covered[piece->story];
      seen->times[piece->story] += piece->part == 0 ? 1 : 0;
      assert_true(piece->part > 0 || seen->covered[piece->story] == 0);
      assert_false(seen->ended[piece->story]);
      check_block(placed, body);
      seen->covered[piece->story] += placed->shape.cells;
      seen->ended[piece->story] = !placed->shape.jumps;
    }
  }
}

static guint check_set(const Set *set) {
  Seen seen = {g_new0(guint, set->count + 1), g_new0(gint32, set->count + 1),
               g_new0(gboolean, set->count + 1)};
  g_autofree gint32 *left = g_new(gint32, set->count + 1);
  for (guint i = 0; i < set->count; i++) {
    left[i] = -1;
  }
  g_autoptr(PlanPage) front = plan_front(&set->wish, set->stories, set->count);
  if (front != NULL) {
    check_page(set, front, set->wish.front_rows, &seen);
    for (guint i = 0; i < front->pieces->len; i++) {
      const PlanPiece *piece = &g_array_index(front->pieces, PlanPiece, i);
      if (piece->story != PLAN_NONE) {
        const BlockShape *shape = &piece->placed.shape;
        gint32 body = set->stories[piece->story].whole.body;
        left[piece->story] = shape->jumps ? body - shape->cells : 0;
      }
    }
  }
  g_autoptr(GPtrArray) pages = plan_inside(&set->wish, set->stories, set->count, left);
  for (guint i = 0; i < pages->len; i++) {
    const PlanPage *page = pages->pdata[i];
    gint rows = set->wish.grid.rows;
    check_page(set, page, rows, &seen);
  }
  for (guint i = 0; i < set->count; i++) {
    assert_int_equal(seen.times[i], 1);
    assert_true(seen.ended[i]);
  }
  g_free(seen.times);
  g_free(seen.covered);
  g_free(seen.ended);
  return pages->len;
}

static void test_random_sets(void **state) {
  const char *wanted = g_getenv("EDITION_PLANS");
  guint sets = wanted != NULL ? (guint)atoi(wanted) : 200;
  for (guint seed = 1; seed <= sets; seed++) {
    Set set;
    make_set(&set, seed, -1, NULL);
    check_set(&set);
    g_free(set.stories);
  }
}

static void test_numbers_of_stories(void **state) {
  static const gint counts[] = {0, 1, 2, 500};
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
    for (guint64 seed = 100; seed < (counts[i] > 100 ? 101 : 106); seed++) {
      Set set;
      make_set(&set, seed, counts[i], NULL);
      check_set(&set);
      g_free(set.stories);
    }
  }
}

// The same stories give the same plan, and a wish for pages is met where it can be.
static void test_same_again(void **state) {
  for (guint64 seed = 1; seed < 12; seed++) {
    Set one, two;
    make_set(&one, seed, -1, NULL);
    make_set(&two, seed, -1, NULL);
    assert_int_equal(check_set(&one), check_set(&two));
    g_free(one.stories);
    g_free(two.stories);
  }
}

// A pinned story stands on its page.
static void test_pins(void **state) {
  guint pinned = 0;
  for (guint64 seed = 1; seed < 11; seed++) {
    Set set;
    make_set(&set, seed, 30, &(LayoutGrid){6, 98});
    set.wish.front_rows = 80;
    gint32 left[31];
    for (guint i = 0; i < set.count; i++) {
      left[i] = -1;
      set.stories[i].pin_page = i == 7 ? 3 : i == 9 ? 1 : 0;
      set.stories[i].whole.body = MIN(set.stories[i].whole.body, 200);
    }
    g_autoptr(PlanPage) front = plan_front(&set.wish, set.stories, set.count);
    for (guint i = 0; i < front->pieces->len; i++) {
      const PlanPiece *piece = &g_array_index(front->pieces, PlanPiece, i);
      if (piece->story != PLAN_NONE) {
        left[piece->story] = 0;
      }
    }
    assert_int_equal(left[9], 0);
    assert_int_equal(left[7], -1);
    g_autoptr(GPtrArray) pages = plan_inside(&set.wish, set.stories, set.count, left);
    const PlanPage *third = pages->pdata[pages->len > 1 ? 1 : 0];
    gboolean there = FALSE;
    for (guint i = 0; i < third->pieces->len; i++) {
      there = there || g_array_index(third->pieces, PlanPiece, i).story == 7;
    }
    pinned += there ? 1 : 0;
    g_free(set.stories);
  }
  assert_int_equal(pinned, 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_sets),
      cmocka_unit_test(test_numbers_of_stories),
      cmocka_unit_test(test_same_again),
      cmocka_unit_test(test_pins),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
