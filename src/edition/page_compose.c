// SPDX-License-Identifier: Apache-2.0
//
// Implements page_compose.h. For each story: where its text columns stand follows from the shape;
// the galley pours into them; what is left over or left empty changes the shape by a row or two,
// and it is poured again. Limits are counted in tries.
#include "edition/page_compose.h"

#include <string.h>

#include "base/text.h"
#include "edition/layout_shape.h"

#define MENDS 24 // tries to make a text fit
// What galley_pour() counts for a widow, an orphan or a subhead without its text.
#define FAULT_TRIES 4
#define FAULT_COST G_GINT64_CONSTANT(100000000)

typedef struct Frame { // a block's rectangle on its sheet
  const PageTheme *theme;
  gint column, row, columns, rows; // of the type area
  gboolean right_to_left;          // the story's columns go from right to left
} Frame;

static gint32 frame_x(const Frame *frame, gint column, gint columns) {
  gint at = frame->right_to_left ? frame->columns - column - columns : column;
  return page_x(frame->theme, frame->column + at);
}

static gint32 frame_y(const Frame *frame, gint row) {
  return page_y(frame->theme, frame->row + row);
}

// ---- where the text stands --------------------------------------------------------------------

typedef struct TextPlan {
  GalleyColumn columns[LAYOUT_COLUMNS + 1]; // the one with the pull quote is two
  guint count;
  gint32 quote_x, quote_y;
} TextPlan;

static gint text_top(const BlockShape *shape) {
  gint above =
      shape->arrangement == ARRANGE_PICTURE_TOP ? shape->picture_rows + shape->caption_rows + 1 : 0;
  return above + shape->head_rows + shape->spread;
}

static void add_column(TextPlan *plan, const Frame *frame, gint column, gint from, gint to) {
  plan->columns[plan->count++] = (GalleyColumn){
      .baselines = (guint)(to - from), .x = frame_x(frame, column, 1), .y = frame_y(frame, from)};
}

// The pull quote stands in the second column of text, a little above its middle.
static void add_column_with_quote(TextPlan *plan, const Frame *frame, const BlockShape *shape,
                                  gint column, gint from, gint to) {
  gint above = (to - from - shape->quote_rows) * 2 / 5;
  above = above < 2 ? 0 : above;
  if (above > 0) {
    add_column(plan, frame, column, from, from + above);
  }
  plan->quote_x = frame_x(frame, column, 1);
  plan->quote_y = frame_y(frame, from + above);
  if (from + above + shape->quote_rows < to) {
    add_column(plan, frame, column, from + above + shape->quote_rows, to);
  }
}

static TextPlan plan_text(const Frame *frame, const BlockShape *shape, gint byline_rows) {
  TextPlan plan = {0};
  gint first = shape->arrangement == ARRANGE_PICTURE_SIDE ? shape->picture_columns : 0;
  gint top = text_top(shape);
  gint under = shape->arrangement == ARRANGE_PICTURE_IN ? frame->columns - shape->picture_columns
                                                        : frame->columns;
  for (gint column = first; column < frame->columns; column++) {
    gint from = column >= under ? top + shape->picture_rows + shape->caption_rows + 1 : top;
    gint to = frame->rows;
    if (column >= frame->columns - shape->filler_columns) {
      to -= shape->filler_rows + 1;
    }
    from += column == first ? byline_rows : 0;
    if (to - from < 1 || (column != first && to - from < 2)) {
      continue;
    }
    if (shape->quote_rows > 0 && column == first + 1 && to - from >= shape->quote_rows) {
      add_column_with_quote(&plan, frame, shape, column, from, to);
    } else {
      add_column(&plan, frame, column, from, to);
    }
  }
  return plan;
}

// ---- making it fit ----------------------------------------------------------------------------

typedef struct Fitting {
  const Composer *composer;
  PageStory *story;
  const Frame *frame;
  BlockShape shape;
  gint byline_rows;
  gboolean begins; // the story's first piece
  gboolean jumps;
  gboolean tight; // the head's air is given up
} Fitting;

static GalleyPoured *pour(const Fitting *fitting, TextPlan *ret_plan) {
  TextPlan plan = plan_text(fitting->frame, &fitting->shape, fitting->byline_rows);
  if (fitting->jumps && plan.count > 0 && plan.columns[plan.count - 1].baselines > 1) {
    plan.columns[plan.count - 1].baselines--; // for "Continued on page 4"
  }
  *ret_plan = plan;
  GalleyPour order = {.from = fitting->story->next,
                      .measure = fitting->frame->theme->column,
                      .columns = plan.columns,
                      .column_count = plan.count,
                      .drop_cap = fitting->begins && fitting->story->drop_cap,
                      .continues = fitting->jumps,
                      .all = !fitting->jumps};
  return galley_pour(fitting->story->galley, &order);
}

static gint spare_of(const GalleyPoured *poured, const TextPlan *plan) {
  gint spare = 0;
  for (guint i = 0; i < plan->count; i++) {
    spare += (gint)poured->spare[i];
  }
  return spare;
}

static gboolean shrink_picture(Fitting *fitting) {
  BlockShape *shape = &fitting->shape;
  const LayoutBlock *block = &fitting->story->plan.whole;
  gint least =
      shape->picture_columns > 0 ? block->picture_least[shape->picture_columns] * 3 / 4 : 0;
  if (shape->picture_columns == 0 || shape->arrangement == ARRANGE_PICTURE_SIDE ||
      shape->picture_rows <= MAX(least, 3)) {
    return FALSE;
  }
  shape->picture_rows--;
  shape->text_rows += shape->arrangement == ARRANGE_PICTURE_TOP ? 1 : 0;
  return TRUE;
}

static gboolean smaller_headline(Fitting *fitting) {
  BlockShape *shape = &fitting->shape;
  const LayoutBlock *block = &fitting->story->plan.whole;
  gint wide = layout_shape_text_columns(shape, fitting->frame->columns);
  for (gint level = shape->level + 1; fitting->begins && level < LAYOUT_LEVELS; level++) {
    gint rows = block->head[level][wide];
    if (rows > 0 && rows < shape->head_rows) {
      shape->text_rows = (gint16)(shape->text_rows + shape->head_rows - rows);
      shape->head_rows = (gint16)rows;
      shape->level = (gint16)level;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean give_up_air(Fitting *fitting) {
  BlockShape *shape = &fitting->shape;
  gint wide = layout_shape_text_columns(shape, fitting->frame->columns);
  if (fitting->tight || !fitting->begins || shape->picture_columns > 0) {
    return FALSE;
  }
  gint air = page_head_air(fitting->composer->kit, fitting->story, shape->level, wide);
  fitting->tight = TRUE;
  shape->head_rows = (gint16)(shape->head_rows - air);
  shape->text_rows = (gint16)(shape->text_rows + air);
  return air > 0;
}

// Text is left over: one step that makes room. FALSE: there is none.
static gboolean make_room(Fitting *fitting) {
  BlockShape *shape = &fitting->shape;
  if (shape->filler_columns > 0) {
    shape->filler_rows--;
    if (shape->filler_rows < LAYOUT_FILLER) {
      shape->filler_rows = shape->filler_columns = 0;
    }
    return TRUE;
  }
  if (shape->quote_rows > fitting->story->plan.whole.quote) {
    shape->quote_rows--;
    return TRUE;
  }
  if (shape->spread > 0) {
    shape->spread--;
    shape->text_rows++;
    return TRUE;
  }
  if (shape->quote_rows > 0) {
    shape->quote_rows = 0;
    return TRUE;
  }
  if (give_up_air(fitting)) {
    return TRUE;
  }
  if (shrink_picture(fitting) || smaller_headline(fitting)) {
    return TRUE;
  }
  if (shape->picture_columns > 0 && shape->arrangement != ARRANGE_PICTURE_TOP) {
    shape->picture_columns = shape->picture_rows = shape->caption_rows = 0;
    shape->arrangement = ARRANGE_PLAIN;
    gint wide = fitting->frame->columns;
    if (fitting->story->plan.whole.head[shape->level][wide] > 0 && fitting->begins) {
      shape->head_rows = fitting->story->plan.whole.head[shape->level][wide];
    }
    return TRUE;
  }
  return FALSE;
}

// Room is left over: one step that uses it. FALSE: leave it.
static gboolean use_room(Fitting *fitting, gint spare) {
  BlockShape *shape = &fitting->shape;
  gint text_columns = layout_shape_text_columns(shape, fitting->frame->columns);
  const LayoutBlock *block = &fitting->story->plan.whole;
  if (shape->filler_columns > 0 && spare >= shape->filler_columns) {
    shape->filler_rows = (gint16)(shape->filler_rows + spare / shape->filler_columns);
    return TRUE;
  }
  gboolean in = shape->arrangement == ARRANGE_PICTURE_IN;
  gint wide = in ? shape->picture_columns : text_columns;
  gint more = wide > 0 ? spare / wide : 0;
  if (more > 0 && (in || shape->arrangement == ARRANGE_PICTURE_TOP)) {
    gint most = block->picture_most[shape->picture_columns] + 2;
    more = MIN(more, most - shape->picture_rows);
    gboolean whole = in && shape->picture_rows + shape->caption_rows >= shape->text_rows;
    if (more > 0 && !whole) {
      shape->picture_rows = (gint16)(shape->picture_rows + more);
      shape->text_rows = (gint16)(shape->text_rows - (in ? 0 : more));
      return TRUE;
    }
  }
  if (shape->quote_rows > 0 && shape->quote_rows < block->quote + 4 && spare > text_columns) {
    shape->quote_rows++;
    return TRUE;
  }
  if (spare >= text_columns + 1 && shape->spread < 1 && fitting->begins) {
    shape->spread++;
    shape->text_rows--;
    return TRUE;
  }
  return FALSE;
}

// Pours until the text fits and little room is left. The shape is then what is drawn.
static GalleyPoured *fit(Fitting *fitting, TextPlan *ret_plan) {
  g_autoptr(GalleyPoured) best = NULL;
  BlockShape best_shape = fitting->shape;
  gboolean best_tight = FALSE;
  TextPlan best_plan = {0};
  gint best_spare = G_MAXINT;
  gint64 best_faults = 0;
  gint misses = 0;
  for (gint tries = 0; tries < MENDS; tries++) {
    TextPlan plan;
    g_autoptr(GalleyPoured) poured = pour(fitting, &plan);
    gboolean whole = galley_is_end(fitting->story->galley, poured->end);
    gint spare = spare_of(poured, &plan);
    if (!whole && !fitting->jumps) {
      if (best != NULL && galley_is_end(fitting->story->galley, best->end)) {
        break; // a step too far
      }
      g_clear_pointer(&best, galley_poured_free);
      best = g_steal_pointer(&poured);
      best_shape = fitting->shape;
      best_tight = fitting->tight;
      best_plan = plan;
      if (!make_room(fitting)) {
        break;
      }
      continue;
    }
    gint64 faults = poured->cost / FAULT_COST;
    gboolean better = best == NULL || !galley_is_end(fitting->story->galley, best->end) ||
                      faults < best_faults || (faults == best_faults && spare < best_spare);
    if (!better) {
      if (best_faults > 0 && ++misses < FAULT_TRIES && make_room(fitting)) {
        continue;
      }
      break;
    }
    best_faults = faults;
    g_clear_pointer(&best, galley_poured_free);
    best = g_steal_pointer(&poured);
    best_shape = fitting->shape;
    best_tight = fitting->tight;
    best_plan = plan;
    best_spare = spare;
    if (faults > 0 && make_room(fitting)) {
      continue; // a line alone at a column's end: another row may help
    }
    if ((fitting->jumps && !whole) || !use_room(fitting, spare)) {
      break;
    }
  }
  fitting->shape = best_shape;
  fitting->tight = best_tight;
  *ret_plan = best_plan;
  return g_steal_pointer(&best);
}

// ---- putting it on the sheet ------------------------------------------------------------------

static void put_head(const Composer *composer, Sheet *sheet, PageStory *story, const Frame *frame,
                     const BlockShape *shape, gboolean tight) {
  gint first = shape->arrangement == ARRANGE_PICTURE_SIDE ? shape->picture_columns : 0;
  gint wide = frame->columns - first;
  gint row = text_top(shape) - shape->head_rows - shape->spread;
  gint32 measure = page_measure(frame->theme, wide);
  guint size = page_story_headline_size(composer->kit->look, shape->level);
  guint index = story->plan.whole.id;
  static const GalleyPart parts[] = {GALLEY_KICKER, GALLEY_HEADLINE, GALLEY_STANDFIRST};
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    gint columns = parts[i] == GALLEY_STANDFIRST ? page_standfirst_columns(wide) : wide;
    gint32 here = parts[i] == GALLEY_STANDFIRST ? page_measure(frame->theme, columns) : measure;
    SetBlock *block = galley_set_head(story->galley, parts[i], size, here);
    if (block == NULL) {
      continue;
    }
    gint32 x = frame_x(frame, first, parts[i] == GALLEY_STANDFIRST ? columns : wide);
    gint32 down = parts[i] == GALLEY_KICKER ? frame->theme->baseline * 4 / 10 : 0;
    sheet_put(sheet, block, x, frame_y(frame, row) + down, index);
    row +=
        page_head_rows(composer->kit, parts[i], size, (guint)block->baselines, block->line_count);
  }
  GalleyFit fit = galley_fit_head(story->galley, GALLEY_HEADLINE, size, measure);
  SheetHead head = {measure,   fit.widest,      fit.last_permille,
                    fit.lines, fit.breaks_word, shape->level + 1 < LAYOUT_LEVELS};
  g_array_append_val(sheet->heads, head);
}

static void put_picture(const Composer *composer, Sheet *sheet, const PageStory *story,
                        const Frame *frame, const BlockShape *shape) {
  const PageKit *kit = composer->kit;
  gint wide = shape->picture_columns;
  gint column = shape->arrangement == ARRANGE_PICTURE_IN ? frame->columns - wide : 0;
  gint row = shape->arrangement == ARRANGE_PICTURE_IN ? text_top(shape) : 0;
  // The upper edge stands at the height of the small letters beside it, the lower on a baseline.
  gint32 trim = shape->arrangement == ARRANGE_PICTURE_IN ? kit->theme->baseline * 3 / 10 : 0;
  gint32 foot = kit->theme->baseline / 4;
  SetPicture picture = {.image = story->picture,
                        .x = frame_x(frame, column, wide),
                        .y = frame_y(frame, row) + trim,
                        .width = page_measure(kit->theme, wide),
                        .height = shape->picture_rows * kit->theme->baseline - trim - foot};
  picture.crop = page_picture_crop(picture.image, picture.width, picture.height);
  guint index = story->plan.whole.id;
  sheet_put_picture(sheet, &picture, galley_language(story->galley), index);
  SetBlock *caption = galley_set_caption(kit->typesetter, kit->look, story->caption, story->credit,
                                         galley_language(story->galley), picture.width);
  sheet_put(sheet, caption, picture.x, frame_y(frame, row + shape->picture_rows), index);
}

static void put_quote(const Composer *composer, Sheet *sheet, const PageStory *story,
                      const BlockShape *shape, const TextPlan *plan) {
  const PageKit *kit = composer->kit;
  gint32 baseline = kit->theme->baseline, width = kit->theme->column;
  gint32 height = shape->quote_rows * baseline;
  SetBlock *block = galley_set_text(kit->typesetter, kit->look, LOOK_PULL_QUOTE, story->quote, NULL,
                                    galley_language(story->galley), width, ROLE_PULL_QUOTE);
  if (block == NULL) {
    return;
  }
  gint32 top = plan->quote_y + baseline * 6 / 10, foot = plan->quote_y + height - baseline * 3 / 10;
  sheet_put_rule(sheet, plan->quote_x, top, width, POINT, kit->look->accent);
  sheet_put_rule(sheet, plan->quote_x, foot, width, POINT / 3, kit->look->rule);
  gint32 spare = foot - top - block->baselines * baseline;
  sheet_put(sheet, block, plan->quote_x, top + MAX(spare / 2, 0), story->plan.whole.id)->artifact =
      TRUE; // it stands in the text, too
}

static const char *short_title(const Story *story) {
  if (*story->kicker != '\0') {
    return story->kicker;
  }
  const Topic *topic = story->topics->len > 0 ? story->topics->pdata[0] : NULL;
  return topic != NULL ? topic->name : story->headline;
}

// "Ferries / From page 1": the small head of a continuation.
static void put_jump_head(const Composer *composer, Sheet *sheet, PageStory *story,
                          const Frame *frame) {
  const PageKit *kit = composer->kit;
  guint index = story->plan.whole.id;
  const StoryPiece *from = &g_array_index(story->pieces, StoryPiece, story->pieces->len - 1);
  gint32 measure = page_measure(kit->theme, frame->columns);
  gint32 x = frame_x(frame, 0, frame->columns);
  g_autofree char *title =
      text_cut_at_word(short_title(story->story->story), frame->columns == 1 ? 18 : 40);
  const char *language = galley_language(story->galley);
  Placement *head = sheet_put(sheet,
                              galley_set_text(kit->typesetter, kit->look, LOOK_BRIEF_HEADLINE,
                                              title, NULL, language, measure, ROLE_NOTE),
                              x, frame_y(frame, 0), index);
  if (head != NULL) {
    head->artifact = TRUE; // a sentence may go on across it
  }
  g_autofree char *number = g_strdup_printf("%u", from->page + 1);
  g_autofree char *words = locale_fill(kit->locale, "edition_from", "number", number);
  Placement *note =
      sheet_put(sheet,
                galley_set_text(kit->typesetter, kit->look, LOOK_NOTE, words, NULL,
                                kit->content->site->language, measure, ROLE_NOTE),
                x, frame_y(frame, page_jump_rows() - 1) - kit->theme->baseline / 3, index);
  if (note != NULL) {
    note->target = (gint32)from->page;
    note->target_y = from->y;
  }
}

static void put_box(Sheet *sheet, const PageStory *story, const Frame *frame) {
  EditionBox box = {.story = story->plan.whole.id,
                    .part = story->pieces->len,
                    .x = page_x(frame->theme, frame->column),
                    .y = frame_y(frame, 0),
                    .width = page_measure(frame->theme, frame->columns),
                    .height = frame->rows * frame->theme->baseline};
  g_array_append_val(sheet->boxes, box);
  StoryPiece piece = {sheet->page, box.y};
  g_array_append_val(story->pieces, piece);
}

static void compose_story(Composer *composer, Sheet *sheet, const PlanPiece *piece, Frame frame) {
  PageStory *story = composer->stories->pdata[piece->story];
  gboolean begins = story->pieces->len == 0;
  frame.right_to_left = galley_is_right_to_left(story->galley);
  Fitting fitting = {.composer = composer,
                     .story = story,
                     .frame = &frame,
                     .shape = piece->placed.shape,
                     .begins = begins,
                     .jumps = piece->placed.shape.jumps};
  SetBlock *byline = NULL;
  if (begins) {
    byline = galley_set_head(story->galley, GALLEY_BYLINE, 0, frame.theme->column);
    fitting.byline_rows = byline != NULL ? byline->baselines : 0;
  }
  TextPlan plan;
  GalleyPoured *poured = fit(&fitting, &plan);
  if (begins) {
    put_head(composer, sheet, story, &frame, &fitting.shape, fitting.tight);
  } else {
    put_jump_head(composer, sheet, story, &frame);
  }
  if (fitting.shape.picture_columns > 0) {
    put_picture(composer, sheet, story, &frame, &fitting.shape);
  }
  if (fitting.shape.quote_rows > 0 && plan.quote_x > 0) {
    put_quote(composer, sheet, story, &fitting.shape, &plan);
  }
  if (byline != NULL) {
    gint first =
        fitting.shape.arrangement == ARRANGE_PICTURE_SIDE ? fitting.shape.picture_columns : 0;
    sheet_put(sheet, byline, frame_x(&frame, first, 1), frame_y(&frame, text_top(&fitting.shape)),
              story->plan.whole.id);
  }
  story->next = poured->end;
  story->jumps = fitting.jumps;
  if (!galley_is_end(story->galley, poured->end) && plan.count > 0) {
    const GalleyColumn *last = &plan.columns[plan.count - 1];
    PageJump jump = {sheet->page,
                     story->plan.whole.id,
                     story->pieces->len,
                     last->x,
                     last->y + (gint32)last->baselines * frame.theme->baseline,
                     frame.theme->column};
    g_array_append_val(composer->jumps, jump);
  }
  sheet_put_poured(sheet, poured, story->plan.whole.id, frame.theme->column);
  put_box(sheet, story, &frame);
  if (fitting.shape.filler_columns > 0) {
    gint wide = fitting.shape.filler_columns;
    PageRoom room = {frame_x(&frame, frame.columns - wide, wide),
                     frame_y(&frame, frame.rows - fitting.shape.filler_rows), wide,
                     fitting.shape.filler_rows};
    page_put_filler(composer->kit, sheet, room, composer->fillers++);
  }
}

// ---- briefs -----------------------------------------------------------------------------------

typedef struct Cursor {
  gint column, row; // of the frame
} Cursor;

static gboolean next_column(Cursor *cursor, const Frame *frame, gint top) {
  if (cursor->column + 1 >= frame->columns) {
    return FALSE;
  }
  cursor->column++;
  cursor->row = top;
  return TRUE;
}

// One brief from the cursor on; text that the columns can't take is left to be continued.
static void compose_brief(Composer *composer, Sheet *sheet, PageStory *story, const Frame *frame,
                          Cursor *cursor, gint top) {
  gint32 measure = frame->theme->column;
  guint index = story->plan.whole.id;
  SetBlock *head = galley_set_head(story->galley, GALLEY_BRIEF_HEADLINE, 0, measure);
  SetBlock *standfirst = page_set_brief_standfirst(composer->kit, story);
  gint head_rows = head != NULL ? head->baselines : 0;
  gint more_rows = standfirst != NULL ? standfirst->baselines : 0;
  if (frame->rows - cursor->row < head_rows + more_rows + 3 && cursor->row > top) {
    next_column(cursor, frame, top);
  }
  gint32 x = frame_x(frame, cursor->column, 1), y = frame_y(frame, cursor->row);
  gint begin_row = cursor->row, begin_column = cursor->column;
  sheet_put(sheet, head, x, y, index);
  sheet_put(sheet, standfirst, x, frame_y(frame, cursor->row + head_rows), index);
  cursor->row += head_rows + more_rows;
  GalleyColumn columns[LAYOUT_COLUMNS];
  guint count = 0;
  for (gint column = cursor->column; column < frame->columns; column++) {
    gint row = column == cursor->column ? cursor->row : top;
    columns[count++] = (GalleyColumn){.baselines = (guint)MAX(frame->rows - row, 1),
                                      .x = frame_x(frame, column, 1),
                                      .y = frame_y(frame, row)};
  }
  GalleyPour order = {.from = story->next,
                      .measure = measure,
                      .columns = columns,
                      .column_count = count,
                      .all = TRUE};
  GalleyPoured *poured = galley_pour(story->galley, &order);
  guint last = 0;
  for (guint i = 0; i < poured->placed->len; i++) {
    last = MAX(last, g_array_index(poured->placed, GalleyPlaced, i).column);
  }
  story->next = poured->end;
  gint end_row = frame->rows - (gint)poured->spare[last];
  sheet_put_poured(sheet, poured, index, measure);
  EditionBox box = {.story = index, .x = x, .y = y, .width = measure};
  box.height = ((last > 0 ? frame->rows : end_row) - begin_row) * frame->theme->baseline;
  g_array_append_val(sheet->boxes, box);
  StoryPiece piece = {sheet->page, y};
  g_array_append_val(story->pieces, piece);
  cursor->column = begin_column + (gint)last;
  cursor->row = end_row;
}

static void compose_briefs(Composer *composer, Sheet *sheet, const PlanPage *plan,
                           const PlanPiece *piece, Frame frame) {
  const PageKit *kit = composer->kit;
  frame.right_to_left = composer->mirrored;
  gint top = piece->placed.shape.head_rows, given = piece->placed.shape.filler_columns;
  page_put_box_title(
      kit, sheet, locale_word(kit->locale, "in_brief"),
      (PageRoom){page_x(frame.theme, frame.column), frame_y(&frame, 0), frame.columns, top});
  // The room that the briefs leave is air between them.
  gint needed = 0;
  for (guint i = 0; i < piece->briefs; i++) {
    guint index = g_array_index(plan->briefs, guint, piece->brief + i);
    const PageStory *story = composer->stories->pdata[index];
    needed += story->plan.brief_lines;
  }
  if (given > 0) { // whole columns
    PageRoom room = {frame_x(&frame, frame.columns - given, given), frame_y(&frame, top), given,
                     frame.rows - top};
    page_put_filler(kit, sheet, room, composer->fillers++);
    frame.column += frame.right_to_left ? given : 0;
    frame.columns -= given;
  }
  gint spare = MAX(0, (frame.rows - top) * frame.columns - needed);
  gint air = 1 + MIN(1, spare / MAX((gint)piece->briefs * 2, 1));
  Cursor cursor = {0, top};
  for (guint i = 0; i < piece->briefs; i++) {
    guint index = g_array_index(plan->briefs, guint, piece->brief + i);
    compose_brief(composer, sheet, composer->stories->pdata[index], &frame, &cursor, top);
    cursor.row += air;
  }
}

// ---- the page ---------------------------------------------------------------------------------

static void put_rules(const Composer *composer, Sheet *sheet, const Frame *frame, gboolean top) {
  const PageTheme *theme = composer->kit->theme;
  guint32 color = composer->kit->look->rule;
  if (!top) {
    sheet_put_rule(sheet, page_x(theme, frame->column), page_y(theme, frame->row) - theme->baseline,
                   page_measure(theme, frame->columns), POINT / 2, color);
  }
  if (theme->column_rules && frame->column > 0) {
    sheet_put_rule(sheet, page_x(theme, frame->column) - theme->gutter / 2,
                   page_y(theme, frame->row), POINT * 3 / 10, frame->rows * theme->baseline,
                   0xb0b0b0);
  }
}

static Frame frame_of(const Composer *composer, const PlacedBlock *placed, gint first_row) {
  const PageTheme *theme = composer->kit->theme;
  gint column =
      composer->mirrored ? theme->columns - placed->column - placed->columns : placed->column;
  return (Frame){theme, column, placed->row + first_row, placed->columns, placed->rows, FALSE};
}

// The head of a page or a band has a rule of its own.
static gboolean is_under_band(const PlanPage *plan, const PlacedBlock *placed) {
  for (guint i = 0; i < plan->layout.bands; i++) {
    const LayoutBand *band = &plan->layout.band[i];
    if (band->row + band->rows == placed->row) {
      return TRUE;
    }
  }
  return FALSE;
}

void page_compose(Composer *composer, Sheet *sheet, const PlanPage *plan, gint first_row) {
  const PageTheme *theme = composer->kit->theme;
  for (guint i = 0; i < plan->pieces->len; i++) {
    const PlanPiece *piece = &g_array_index(plan->pieces, PlanPiece, i);
    Frame frame = frame_of(composer, &piece->placed, first_row);
    gboolean boxed = piece->kind == BLOCK_BRIEFS || piece->kind == BLOCK_BOX; // its own rule
    gboolean top = boxed || piece->placed.row == 0 || is_under_band(plan, &piece->placed);
    put_rules(composer, sheet, &frame, top);
    if (piece->kind == BLOCK_BRIEFS) {
      compose_briefs(composer, sheet, plan, piece, frame);
    } else if (piece->story != PLAN_NONE) {
      compose_story(composer, sheet, piece, frame);
    } else {
      PageRoom room = {page_x(theme, frame.column), page_y(theme, frame.row), frame.columns,
                       frame.rows};
      if (sheet->section < 0) {
        composer->contents = room; // filled when the pages are known
      } else {
        page_put_corrections(composer->kit, sheet, room);
      }
    }
  }
  for (guint i = 0; i < plan->layout.bands; i++) {
    const LayoutBand *band = &plan->layout.band[i];
    page_put_band(composer->kit, sheet, band->section, first_row + band->row);
  }
  if (plan->layout.strip_rows > 0) {
    PageRoom room = {page_x(theme, 0), page_y(theme, first_row + plan->layout.strip_row),
                     theme->columns, plan->layout.strip_rows};
    page_put_filler(composer->kit, sheet, room, composer->fillers++);
  }
}
