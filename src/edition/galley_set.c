// SPDX-License-Identifier: Apache-2.0
//
// One block of a galley: how many baselines it needs at a measure, what each number of lines costs,
// and its type. Text that splits has one line a baseline; what doesn't split (pull quotes, boxes,
// figures, rows of tables) is rounded up to whole baselines, the rest is air. Used by galley.c and
// galley_pour.c.
#include <string.h>

#include "edition/galley_parts.h"

#define GRID_PERCENT 76 // of a row's height, from its top, the baseline stands
#define BOX_PAD (7 * POINT)
#define FIGURE_CAPTION_GAP (3 * POINT)
#define PULL_QUOTE_RULE (POINT * 3 / 4)
#define HIGHEST_PERCENT 140 // of its width, a picture in the text may be high
#define LABEL_GAP (3 * POINT)
#define CELL_GAP (6 * POINT)

static gint32 minimum(gint32 a, gint32 b) {
  return a < b ? a : b;
}

static const TextLook *look_of(const Galley *galley, LookText text) {
  return &galley->look->texts[text];
}

static FaceMetrics metrics_of(const Galley *galley, const TypeStyle *style) {
  const Face *face = typefaces_face(typesetter_typefaces(galley->typesetter), style->family,
                                    style->bold, style->italic);
  return face_metrics(face, style->size);
}

guint look_baselines(const Look *look, gint32 height) {
  return height > 0 ? (guint)((height + look->baseline - 1) / look->baseline) : 0;
}

gint32 look_first_baseline(const Look *look, const TextLook *text) {
  return look->baseline * GRID_PERCENT / 100;
}

// ---- text that splits -------------------------------------------------------------------------

static gboolean splits(const BodyBlock *block) {
  return block->kind <= BODY_CODE && block->kind != BODY_SUBHEAD;
}

typedef struct Drop { // a drop cap at the block's size
  TypeStyle style;
  gint32 inset; // its width with the air beside it
  guint lines;
} Drop;

static Paragraph *drop_paragraph(Galley *galley, const BodyBlock *block, const Drop *drop) {
  Paragraph *paragraph = paragraph_new(galley->typesetter, galley->language);
  paragraph_add(paragraph, slice_of(block->drop), &drop->style, NULL);
  return paragraph;
}

// So large that its top is level with the capitals of the first line and its foot stands on the
// baseline of the last one beside it.
static Drop make_drop(Galley *galley, const BodyBlock *block) {
  const Look *look = galley->look;
  Drop drop = {.style = look_of(galley, LOOK_DROP_CAP)->style, .lines = look->drop_cap_lines};
  const TypeStyle *body = &look_of(galley, block->look)->style;
  drop.style.size = 100 * POINT;
  gint32 cap = MAX(metrics_of(galley, &drop.style).cap_height, POINT);
  gint32 wanted = (gint32)(drop.lines - 1) * look->baseline + metrics_of(galley, body).cap_height;
  drop.style.size = (gint32)((gint64)100 * POINT * wanted / cap);
  g_autoptr(Paragraph) letter = drop_paragraph(galley, block, &drop);
  drop.inset = paragraph_natural_width(letter) + body->size / 4;
  return drop;
}

static ParagraphShape plain_shape(Galley *galley, const BodyBlock *block, guint offset,
                                  gint32 measure) {
  return (ParagraphShape){.measure = MAX(measure - block->inset, POINT),
                          .indent = block->indent && offset == 0 ? galley->look->indent : 0,
                          .start = offset,
                          .alignment = look_of(galley, block->look)->alignment};
}

static gboolean drop_fits(Galley *galley, const BodyBlock *block, gint32 measure, Drop *ret_drop,
                          ParagraphShape *ret_shape) {
  Drop drop = make_drop(galley, block);
  ParagraphShape shape = plain_shape(galley, block, 0, measure);
  shape.indent = 0;
  shape.inset = drop.inset;
  shape.inset_lines = drop.lines;
  *ret_drop = drop;
  *ret_shape = shape;
  return drop.inset * 3 < measure && paragraph_fit(block->dropped, &shape).least > drop.lines;
}

gboolean body_block_has_drop(Galley *galley, const BodyBlock *block, gint32 measure,
                             gboolean drop_cap) {
  Drop drop;
  ParagraphShape shape;
  return drop_cap && block->dropped != NULL && galley->look->drop_cap_lines > 1 &&
         drop_fits(galley, block, measure, &drop, &shape);
}

// The paragraph and shape that a block (or what is left of it) is set with.
static Paragraph *shape_block(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                              gboolean drop_cap, ParagraphShape *ret_shape) {
  if (offset == 0 && body_block_has_drop(galley, block, measure, drop_cap)) {
    Drop drop;
    drop_fits(galley, block, measure, &drop, ret_shape);
    return block->dropped;
  }
  *ret_shape = plain_shape(galley, block, offset, measure);
  return block->paragraph;
}

// ---- pictures ---------------------------------------------------------------------------------

static gint32 caption_height(Galley *galley, const BodyBlock *block, gint32 measure) {
  if (block->paragraph == NULL) {
    return 0;
  }
  ParagraphShape shape = {.measure = measure,
                          .alignment = look_of(galley, LOOK_CAPTION)->alignment};
  return FIGURE_CAPTION_GAP + (gint32)paragraph_fit(block->paragraph, &shape).lines *
                                  look_of(galley, LOOK_CAPTION)->leading;
}

static gint32 picture_height(const Galley *galley, const BodyBlock *block, gint32 measure) {
  if (block->image == NULL) {
    return 0;
  }
  gint64 natural = (gint64)measure * block->image->height / block->image->width;
  gint64 highest = (gint64)measure * HIGHEST_PERCENT / 100;
  gint64 lowest = galley->look->baseline;
  return (gint32)CLAMP(natural, lowest, MAX(highest, lowest));
}

// Of the whole picture, the largest part of the place's shape, with the focal point in its middle.
static CropRectangle crop_to(const Image *image, gint32 width, gint32 height) {
  CropRectangle crop = {0, 0, image->width, image->height};
  gint64 wide = (gint64)image->height * width / MAX(height, 1);
  gint64 high = (gint64)image->width * height / MAX(width, 1);
  if (wide < image->width) {
    crop.width = (gint32)MAX(wide, 1);
    gint64 middle = (gint64)image->width * image->focal_x / 10000;
    crop.x = (gint32)CLAMP(middle - crop.width / 2, 0, image->width - crop.width);
  } else if (high < image->height) {
    crop.height = (gint32)MAX(high, 1);
    gint64 middle = (gint64)image->height * image->focal_y / 10000;
    crop.y = (gint32)CLAMP(middle - crop.height / 2, 0, image->height - crop.height);
  }
  return crop;
}

static guint figure_baselines(Galley *galley, const BodyBlock *block, gint32 measure) {
  gint32 caption = caption_height(galley, block, measure);
  guint rows = look_baselines(galley->look, picture_height(galley, block, measure) + caption);
  guint least = look_baselines(galley->look, caption) + (block->image != NULL ? 2 : 0);
  return MAX(MIN(rows, galley->tallest), least);
}

// ---- heights ----------------------------------------------------------------------------------

static guint text_rows(Galley *galley, Paragraph *paragraph, LookText look, gint32 measure) {
  if (paragraph == NULL) {
    return 0;
  }
  ParagraphShape shape = {.measure = MAX(measure, POINT),
                          .alignment = look_of(galley, look)->alignment,
                          .no_hyphens = look == LOOK_PULL_QUOTE || look == LOOK_SUBHEAD};
  return paragraph_fit(paragraph, &shape).lines;
}

static gint32 pull_quote_height(Galley *galley, const BodyBlock *block, gint32 measure) {
  const TextLook *look = look_of(galley, LOOK_PULL_QUOTE);
  FaceMetrics metrics = metrics_of(galley, &look->style);
  gint32 lines = (gint32)text_rows(galley, block->paragraph, LOOK_PULL_QUOTE, measure);
  gint32 credit = (gint32)text_rows(galley, block->second, LOOK_PULL_CREDIT, measure);
  return galley->look->baseline * 2 / 3 + metrics.cap_height + (lines - 1) * look->leading +
         metrics.descent + credit * look_of(galley, LOOK_PULL_CREDIT)->leading;
}

static gint32 box_measure(gint32 measure) {
  return MAX(measure - 2 * BOX_PAD, POINT);
}

static gint32 box_height(Galley *galley, const BodyBlock *block, gint32 measure) {
  gint32 height = BOX_PAD * 2;
  for (guint i = 0; i < block->children->len; i++) {
    const BodyBlock *child = g_ptr_array_index(block->children, i);
    BlockExtent extent = body_block_extent(galley, child, 0, box_measure(measure), FALSE);
    height += (gint32)(extent.natural + (i > 0 ? extent.before : 0)) * galley->look->baseline;
  }
  return height;
}

static gint32 cell_measure(const BodyBlock *block, gint32 measure) {
  gint32 count = (gint32)MAX(block->children->len, 1);
  return MAX((measure - (count - 1) * CELL_GAP) / count, POINT);
}

static guint row_rows(Galley *galley, const BodyBlock *block, gint32 measure) {
  guint rows = 1;
  for (guint i = 0; i < block->children->len; i++) {
    rows = MAX(rows, text_rows(galley, g_ptr_array_index(block->children, i), LOOK_TABLE,
                               cell_measure(block, measure)));
  }
  return rows;
}

static guint whole_rows(Galley *galley, const BodyBlock *block, gint32 measure) {
  switch (block->kind) {
  case BODY_SUBHEAD:
    return text_rows(galley, block->paragraph, block->look, measure - block->inset);
  case BODY_PULL_QUOTE:
    return look_baselines(galley->look, pull_quote_height(galley, block, measure));
  case BODY_BOX:
    return look_baselines(galley->look, box_height(galley, block, measure));
  case BODY_FIGURE:
    return figure_baselines(galley, block, measure);
  case BODY_ROW:
    return row_rows(galley, block, measure);
  default:
    return 1;
  }
}

BlockExtent body_block_extent(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                              gboolean drop_cap) {
  BlockExtent extent = {.splits = splits(block)};
  if (extent.splits) {
    ParagraphShape shape;
    Paragraph *paragraph = shape_block(galley, block, offset, measure, drop_cap, &shape);
    ParagraphFit fit = paragraph_fit(paragraph, &shape);
    extent.natural = MAX(fit.lines, 1);
    extent.least = MAX(fit.least, 1);
    extent.most = MAX(fit.most, 1);
    return extent;
  }
  extent.least = extent.natural = extent.most = whole_rows(galley, block, measure);
  gboolean airy =
      block->kind == BODY_PULL_QUOTE || block->kind == BODY_BOX || block->kind == BODY_FIGURE;
  extent.before = airy || block->kind == BODY_SUBHEAD ? 1 : 0;
  extent.after = airy ? 1 : 0;
  if (block->look == LOOK_BOX_TITLE) {
    extent.before = 0;
  }
  return extent;
}

gint64 body_block_cost(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                       gboolean drop_cap, guint lines) {
  if (!splits(block)) {
    return 0;
  }
  ParagraphShape shape;
  Paragraph *paragraph = shape_block(galley, block, offset, measure, drop_cap, &shape);
  ParagraphFit fit = paragraph_fit(paragraph, &shape);
  gint variant = PARAGRAPH_VARIANT(&fit, lines);
  if (fit.lines == 0) {
    return lines <= 1 ? 0 : G_MAXINT64;
  }
  if (variant < 0 || variant >= FIT_VARIANTS || fit.cost[variant] == G_MAXINT64) {
    return G_MAXINT64;
  }
  return fit.cost[variant] - fit.cost[FIT_VARIANTS / 2];
}

// ---- type -------------------------------------------------------------------------------------

static SetBlock *new_block(const Galley *galley, const BodyBlock *block, SetRole role, guint rows,
                           gint32 width) {
  SetBlock *set = g_new0(SetBlock, 1);
  set->role = role;
  set->id = block->id;
  set->level = block->level;
  set->baselines = (gint32)rows;
  set->width = width;
  set->language = galley->language;
  return set;
}

static SetRole role_of(const BodyBlock *block) {
  static const SetRole ROLES[] = {[BODY_PARAGRAPH] = ROLE_PARAGRAPH,
                                  [BODY_SUBHEAD] = ROLE_SUBHEAD,
                                  [BODY_ITEM] = ROLE_ITEM,
                                  [BODY_QUOTE] = ROLE_QUOTE,
                                  [BODY_CODE] = ROLE_CODE,
                                  [BODY_PULL_QUOTE] = ROLE_PULL_QUOTE,
                                  [BODY_BOX] = ROLE_BOX,
                                  [BODY_FIGURE] = ROLE_FIGURE,
                                  [BODY_ROW] = ROLE_TABLE,
                                  [BODY_RULE] = ROLE_RULE};
  return ROLES[block->kind];
}

// Moves the lines of a paragraph into the block, `x` to the right.
static void take_lines(SetBlock *block, ParagraphLines *lines, guint from, guint to, gint32 x) {
  SetLine *all = g_renew(SetLine, (gpointer)block->lines, block->line_count + (to - from));
  for (guint i = from; i < to; i++) {
    SetLine *line = &all[block->line_count + i - from];
    *line = lines->lines[i];
    line->x += x;
    lines->lines[i] = (SetLine){0};
  }
  block->lines = all;
  block->line_count += to - from;
}

static void add_words(Galley *galley, SetBlock *block, Paragraph *paragraph, LookText look,
                      gint32 measure, gint32 x, gint32 first, gint32 leading) {
  if (paragraph == NULL) {
    return;
  }
  ParagraphShape shape = {.measure = MAX(measure, POINT),
                          .alignment = look_of(galley, look)->alignment,
                          .no_hyphens = look == LOOK_PULL_QUOTE || look == LOOK_SUBHEAD};
  g_autoptr(ParagraphLines) lines = paragraph_set(paragraph, &shape, 0, first, leading);
  take_lines(block, lines, 0, lines->count, x);
}

static void add_rule(SetBlock *block, SetRule rule) {
  SetRule *rules = g_renew(SetRule, (gpointer)block->rules, block->rule_count + 1);
  rules[block->rule_count++] = rule;
  block->rules = rules;
}

static gint32 last_baseline(const SetBlock *block) {
  return block->line_count > 0 ? block->lines[block->line_count - 1].baseline : 0;
}

static void set_pull_quote(Galley *galley, const BodyBlock *block, SetBlock *set, gint32 measure) {
  const TextLook *look = look_of(galley, LOOK_PULL_QUOTE);
  FaceMetrics metrics = metrics_of(galley, &look->style);
  gint32 height = set->baselines * galley->look->baseline;
  gint32 air = height - pull_quote_height(galley, block, measure);
  gint32 top = galley->look->baseline / 3 + air / 2;
  add_rule(set, (SetRule){0, 0, measure, PULL_QUOTE_RULE, look->style.color});
  add_rule(set,
           (SetRule){0, height - PULL_QUOTE_RULE, measure, PULL_QUOTE_RULE, look->style.color});
  add_words(galley, set, block->paragraph, LOOK_PULL_QUOTE, measure, 0, top + metrics.cap_height,
            look->leading);
  gint32 leading = look_of(galley, LOOK_PULL_CREDIT)->leading;
  add_words(galley, set, block->second, LOOK_PULL_CREDIT, measure, 0,
            last_baseline(set) + metrics.descent + leading * 2 / 3, leading);
}

static void set_figure(Galley *galley, const BodyBlock *block, SetBlock *set, gint32 measure) {
  gint32 caption = caption_height(galley, block, measure);
  gint32 height = MAX(set->baselines * galley->look->baseline - caption, POINT);
  gint32 leading = look_of(galley, LOOK_CAPTION)->leading;
  gint32 first = FIGURE_CAPTION_GAP + leading * 3 / 4;
  if (block->image != NULL) {
    SetPicture *picture = g_new0(SetPicture, 1);
    picture->image = block->image;
    picture->width = measure;
    picture->height = height;
    picture->crop = crop_to(block->image, measure, height);
    set->picture = picture;
    first += height;
  }
  add_words(galley, set, block->paragraph, LOOK_CAPTION, measure, 0, first, leading);
}

static void set_row(Galley *galley, const BodyBlock *block, SetBlock *set, gint32 measure) {
  gint32 width = cell_measure(block, measure);
  gint32 baseline = galley->look->baseline;
  gint32 first = look_first_baseline(galley->look, look_of(galley, LOOK_TABLE));
  guint *cells = g_new0(guint, block->children->len + 1);
  for (guint i = 0; i < block->children->len; i++) {
    guint before = set->line_count;
    add_words(galley, set, g_ptr_array_index(block->children, i), LOOK_TABLE, width,
              (gint32)i * (width + CELL_GAP), first, baseline);
    cells[i] = set->line_count - before;
  }
  set->cells = cells;
  set->cell_count = block->children->len;
  set->heads = block->heads;
  gint32 thick = block->heads ? POINT * 3 / 4 : POINT / 4;
  add_rule(set,
           (SetRule){0, set->baselines * baseline - thick, measure, thick, galley->look->rule});
}

static void set_box(Galley *galley, const BodyBlock *block, SetBlock *set, gint32 measure) {
  gint32 baseline = galley->look->baseline;
  gint32 height = set->baselines * baseline;
  add_rule(set, (SetRule){0, 0, measure, height, galley->look->tint});
  add_rule(set, (SetRule){0, 0, measure, POINT * 3 / 2, galley->look->rule});
  SetBlock **children = g_new0(SetBlock *, block->children->len + 1);
  gint32 y = BOX_PAD + (height - box_height(galley, block, measure)) / 2;
  for (guint i = 0; i < block->children->len; i++) {
    const BodyBlock *child = g_ptr_array_index(block->children, i);
    BlockExtent extent = body_block_extent(galley, child, 0, box_measure(measure), FALSE);
    BlockSet *made = body_block_set(galley, child, 0, box_measure(measure), FALSE, extent.natural);
    guint offset = 0;
    y += i > 0 ? (gint32)extent.before * baseline : 0;
    children[i] = block_set_cut(galley, made, 0, extent.natural, box_measure(measure), &offset);
    children[i]->x = BOX_PAD;
    children[i]->y = y;
    y += (gint32)extent.natural * baseline;
    block_set_free(made);
  }
  set->children = children;
  set->child_count = block->children->len;
}

static SetBlock *set_whole(Galley *galley, const BodyBlock *block, gint32 measure) {
  gint32 baseline = galley->look->baseline;
  SetBlock *set =
      new_block(galley, block, role_of(block), whole_rows(galley, block, measure), measure);
  switch (block->kind) {
  case BODY_SUBHEAD:
    add_words(galley, set, block->paragraph, block->look, measure - block->inset, block->inset,
              look_first_baseline(galley->look, look_of(galley, block->look)), baseline);
    break;
  case BODY_PULL_QUOTE:
    set_pull_quote(galley, block, set, measure);
    break;
  case BODY_BOX:
    set_box(galley, block, set, measure);
    break;
  case BODY_FIGURE:
    set_figure(galley, block, set, measure);
    break;
  case BODY_ROW:
    set_row(galley, block, set, measure);
    break;
  default:
    add_rule(set, (SetRule){measure / 3, baseline / 2, measure / 3, POINT / 2, galley->look->rule});
  }
  return set;
}

// ---- sets -------------------------------------------------------------------------------------

static SetLine *set_drop(Galley *galley, const BodyBlock *block, const Drop *drop) {
  g_autoptr(Paragraph) letter = drop_paragraph(galley, block, drop);
  ParagraphShape shape = {
      .measure = drop->inset, .alignment = ALIGN_START, .no_hyphens = TRUE, .no_hanging = TRUE};
  gint32 first = look_first_baseline(galley->look, look_of(galley, block->look));
  g_autoptr(ParagraphLines) lines = paragraph_set(
      letter, &shape, 0, first + (gint32)(drop->lines - 1) * galley->look->baseline, 0);
  if (lines->count == 0) {
    return NULL;
  }
  SetLine *line = g_memdup2(&lines->lines[0], sizeof *line);
  lines->lines[0] = (SetLine){0};
  return line;
}

// The drop cap is drawn, but read with the word that it begins: "T" and "he" copy out as "The".
static void give_text(SetLine *drop, SetLine *first) {
  guint length = (guint)strlen(drop->text);
  char *text = g_strconcat(drop->text, first->text, NULL);
  for (guint i = 0; i < first->run_count; i++) {
    SetGlyph *glyphs = (SetGlyph *)first->runs[i].glyphs;
    for (guint j = 0; j < first->runs[i].glyph_count; j++) {
      glyphs[j].text += length;
      if (glyphs[j].text == length && glyphs[j].text_bytes > 0) {
        glyphs[j].text = 0;
        glyphs[j].text_bytes = (guint16)(glyphs[j].text_bytes + length);
      }
    }
  }
  for (guint i = 0; i < drop->run_count; i++) {
    SetGlyph *glyphs = (SetGlyph *)drop->runs[i].glyphs;
    for (guint j = 0; j < drop->runs[i].glyph_count; j++) {
      glyphs[j].text = 0;
      glyphs[j].text_bytes = 0;
    }
  }
  g_free((gpointer)first->text);
  first->text = text;
  g_free((gpointer)drop->text);
  drop->text = g_strdup("");
}

BlockSet *body_block_set(Galley *galley, const BodyBlock *block, guint offset, gint32 measure,
                         gboolean drop_cap, guint lines) {
  BlockSet *set = g_new0(BlockSet, 1);
  set->block = block;
  if (!splits(block)) {
    set->whole = set_whole(galley, block, measure);
    return set;
  }
  ParagraphShape shape;
  Paragraph *paragraph = shape_block(galley, block, offset, measure, drop_cap, &shape);
  set->lines = paragraph_set(paragraph, &shape, lines,
                             look_first_baseline(galley->look, look_of(galley, block->look)),
                             galley->look->baseline);
  if (paragraph == block->dropped) {
    Drop drop = make_drop(galley, block);
    set->drop = set_drop(galley, block, &drop);
    set->removed = (guint)strlen(block->drop);
    if (set->drop != NULL && set->lines->count > 0) {
      give_text(set->drop, &set->lines->lines[0]);
    }
  }
  return set;
}

void block_set_free(BlockSet *set) {
  if (set->drop != NULL) {
    set_line_clear(set->drop);
    g_free(set->drop);
  }
  paragraph_lines_free(set->lines);
  set_block_free(set->whole);
  g_free(set);
}

static void add_label(Galley *galley, const BodyBlock *block, SetBlock *set, gint32 measure) {
  if (block->second == NULL) {
    return;
  }
  gint32 width = galley->look->indent;
  gboolean from_right = galley_is_right_to_left(galley);
  gint32 natural = paragraph_natural_width(block->second);
  gint32 x = from_right ? measure - block->inset + LABEL_GAP
                        : MAX(block->inset - minimum(natural + LABEL_GAP, block->inset), 0);
  add_words(galley, set, block->second, block->look, MAX(width, natural), x,
            look_first_baseline(galley->look, look_of(galley, block->look)),
            galley->look->baseline);
  set->labelled = TRUE;
}

SetBlock *block_set_cut(Galley *galley, BlockSet *set, guint from, guint to, gint32 measure,
                        guint *ret_offset) {
  if (set->whole != NULL) {
    *ret_offset = 0;
    return g_steal_pointer(&set->whole);
  }
  const BodyBlock *block = set->block;
  to = MIN(to, set->lines->count);
  SetBlock *cut = new_block(galley, block, role_of(block), to - from, measure);
  if (from == 0 && set->drop != NULL) {
    cut->lines = g_steal_pointer(&set->drop);
    cut->line_count = 1;
  } else if (from == 0) {
    add_label(galley, block, cut, measure);
  }
  guint first = cut->line_count;
  gboolean from_right = galley_is_right_to_left(galley);
  take_lines(cut, set->lines, from, to, from_right ? 0 : block->inset);
  for (guint i = first; i < cut->line_count; i++) {
    SetLine *line = (SetLine *)&cut->lines[i];
    line->baseline -= (gint32)from * galley->look->baseline;
    line->body = TRUE;
  }
  cut->continues = from > 0;
  cut->continued = to < set->lines->count;
  *ret_offset = to < set->lines->count ? set->lines->starts[to] + set->removed : 0;
  return cut;
}

// ---- what is too high -------------------------------------------------------------------------

static BodyBlock *as_text(Galley *galley, const BodyBlock *from, LookText look, const char *words) {
  Paragraph *paragraph = galley_words(galley, look, words);
  if (paragraph == NULL) {
    return NULL;
  }
  BodyBlock *block = g_new0(BodyBlock, 1);
  block->kind = from->kind == BODY_PULL_QUOTE ? BODY_QUOTE : BODY_PARAGRAPH;
  block->id = galley->next_id++;
  block->look = look;
  block->paragraph = paragraph;
  return block;
}

static void add_text(Galley *galley, GPtrArray *blocks, const BodyBlock *from, LookText look,
                     const Paragraph *paragraph) {
  BodyBlock *block =
      paragraph != NULL ? as_text(galley, from, look, paragraph_text(paragraph)) : NULL;
  if (block != NULL) {
    g_ptr_array_add(blocks, block);
  }
}

gboolean galley_loosen(Galley *galley, guint index) {
  BodyBlock *block = g_ptr_array_index(galley->blocks, index);
  if (splits(block)) {
    return FALSE;
  }
  g_autoptr(GPtrArray) into = g_ptr_array_new();
  if (block->kind == BODY_BOX) {
    g_ptr_array_set_free_func(block->children, NULL);
    g_ptr_array_extend(into, block->children, NULL, NULL);
  } else if (block->kind == BODY_ROW) {
    for (guint i = 0; i < block->children->len; i++) {
      add_text(galley, into, block, LOOK_TABLE, g_ptr_array_index(block->children, i));
    }
  } else {
    LookText look = block->kind == BODY_PULL_QUOTE ? LOOK_QUOTE : block->look;
    add_text(galley, into, block, look, block->paragraph);
    add_text(galley, into, block, look, block->second);
  }
  g_ptr_array_remove_index(galley->blocks, index);
  for (guint i = 0; i < into->len; i++) {
    g_ptr_array_insert(galley->blocks, (gint)(index + i), g_ptr_array_index(into, i));
  }
  return TRUE;
}
