// SPDX-License-Identifier: Apache-2.0
//
// Implements page_score.h. Fill and holes are measured on a raster of the type area, type on the
// lines as they were set, words by comparing the stories' text with the text of the drawn lines.
#include "edition/page_score.h"

#include <string.h>

#include "press/markup.h"

#define DOT (5 * POINT)      // side of a raster dot
#define RIVER_LINES 4        // gaps below one another that make a river
#define RIVER_GAP 1300       // permille of the natural gap, each of them
#define LINES_REMEMBERED 400 // gaps of a line

// ---- fill and holes ---------------------------------------------------------------------------

typedef struct Raster {
  gint across, down;
  gint32 left, top;
  guint8 *dots; // 1: something is there
} Raster;

static void mark(Raster *raster, gint32 x, gint32 y, gint32 width, gint32 height, gint32 reach) {
  gint x0 = (x - raster->left - reach) / DOT, x1 = (x - raster->left + width + reach) / DOT;
  gint y0 = (y - raster->top - reach) / DOT, y1 = (y - raster->top + height + reach) / DOT;
  for (gint row = MAX(y0, 0); row <= MIN(y1, raster->down - 1); row++) {
    for (gint at = MAX(x0, 0); at <= MIN(x1, raster->across - 1); at++) {
      raster->dots[row * raster->across + at] = 1;
    }
  }
}

// Dots of the largest rectangle without a mark: the largest rectangle below a histogram, row by
// row.
static gint largest_hole(const Raster *raster) {
  g_autofree gint *high = g_new0(gint, (gsize)raster->across + 1);
  gint largest = 0;
  for (gint row = 0; row < raster->down; row++) {
    for (gint at = 0; at < raster->across; at++) {
      high[at] = raster->dots[row * raster->across + at] != 0 ? 0 : high[at] + 1;
    }
    for (gint at = 0; at < raster->across; at++) {
      gint least = high[at];
      for (gint to = at; to < raster->across && least > 0; to++) {
        least = MIN(least, high[to]);
        largest = MAX(largest, least * (to - at + 1));
      }
    }
  }
  return largest;
}

static void score_fill(const PageKit *kit, const Sheet *sheet, PageScore *score) {
  const PageTheme *theme = kit->theme;
  gint32 width = page_measure(theme, theme->columns), height = theme->rows * theme->baseline;
  Raster raster = {width / DOT, height / DOT, theme->left, theme->top, NULL};
  g_autofree guint8 *dots = g_new0(guint8, (gsize)raster.across * (gsize)raster.down);
  raster.dots = dots;
  gint32 reach = theme->baseline; // the air around things is theirs
  for (guint i = 0; i < sheet->placements->len; i++) {
    const Placement *placement = &g_array_index(sheet->placements, Placement, i);
    const SetBlock *block = placement->block;
    gint32 tall = block->picture != NULL && block->role == ROLE_FIGURE && block->baselines == 0
                      ? block->picture->height
                      : block->baselines * theme->baseline;
    mark(&raster, placement->x, placement->y, MAX(block->width, placement->measure), tall, reach);
  }
  for (guint i = 0; i < sheet->rules->len; i++) {
    const SheetRule *rule = &g_array_index(sheet->rules, SheetRule, i);
    if (rule->under) {
      mark(&raster, rule->x, rule->y, rule->width, rule->height, reach);
    }
  }
  gint64 all = (gint64)raster.across * raster.down, filled = 0;
  for (gint64 i = 0; i < all; i++) {
    filled += dots[i];
  }
  score->fill_permille = (gint32)(filled * 1000 / MAX(all, 1));
  score->hole_permille = (gint32)((gint64)largest_hole(&raster) * 1000 / MAX(all, 1));
}

// ---- type -------------------------------------------------------------------------------------

typedef struct TypeScore {
  const PageKit *kit;
  PageScore *page;
  GArray *gaps;         // gint32: of this page
  GArray *all_gaps;     // of the edition
  guint hyphens, lines; // of the edition
  gint32 phase;         // of the first body line on the page's grid; -1: none yet
  guint boxes;          // that the line stands in
  GArray *above;        // gint32 pairs: the gaps of the line above, and how many run through
} TypeScore;

typedef struct Gap {
  gint32 from, to;
  gint run; // lines
} Gap;

static void find_gaps(const SetLine *line, gint32 x, GArray *gaps) {
  g_array_set_size(gaps, 0);
  for (guint i = 0; i < line->run_count; i++) {
    const SetRun *run = &line->runs[i];
    for (guint j = 0; j < run->glyph_count && gaps->len < LINES_REMEMBERED; j++) {
      const SetGlyph *glyph = &run->glyphs[j];
      if (glyph->text_bytes == 1 && line->text[glyph->text] == ' ' && j + 1 < run->glyph_count) {
        gint32 from = x + line->x + run->x + glyph->x;
        gint32 to = x + line->x + run->x + run->glyphs[j + 1].x;
        Gap gap = {MIN(from, to), MAX(from, to), 1};
        g_array_append_val(gaps, gap);
      }
    }
  }
}

static void score_rivers(TypeScore *type, const SetLine *line, gint32 x) {
  g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(Gap));
  if (line->justified && line->gap_permille >= RIVER_GAP) {
    find_gaps(line, x, gaps);
  }
  for (guint i = 0; i < gaps->len; i++) {
    Gap *gap = &g_array_index(gaps, Gap, i);
    for (guint j = 0; j < type->above->len; j++) {
      const Gap *over = &g_array_index(type->above, Gap, j);
      if (gap->from < over->to && over->from < gap->to) {
        gap->run = MAX(gap->run, over->run + 1);
      }
    }
    type->page->rivers += gap->run == RIVER_LINES ? 1 : 0;
  }
  g_array_set_size(type->above, 0);
  g_array_append_vals(type->above, gaps->data, gaps->len);
}

static void score_line(TypeScore *type, const SetLine *line, gint32 x, gint32 y) {
  gint32 baseline = type->kit->theme->baseline;
  gint32 phase = (y + line->baseline - type->kit->theme->top) % baseline;
  type->phase = type->phase < 0 && type->boxes == 0 ? phase : type->phase;
  gint32 away = ABS(phase - type->phase);
  if (type->boxes == 0) { // a box has a grid of its own
    type->page->baseline_error = MAX(type->page->baseline_error, MIN(away, baseline - away));
  }
  type->page->lines++;
  type->lines++;
  type->hyphens += line->end == LINE_END_HYPHEN ? 1 : 0;
  if (line->justified && line->gap_count > 0) {
    g_array_append_val(type->gaps, line->gap_permille);
    g_array_append_val(type->all_gaps, line->gap_permille);
  }
  score_rivers(type, line, x);
}

static void score_block(TypeScore *type, const SetBlock *block, gint32 x, gint32 y) {
  guint hyphens = 0, lines = 0;
  g_array_set_size(type->above, 0);
  for (guint i = 0; i < block->line_count; i++) {
    const SetLine *line = &block->lines[i];
    if (!line->body) {
      continue;
    }
    lines++;
    hyphens = line->end == LINE_END_HYPHEN ? hyphens + 1 : 0;
    type->page->ladders += hyphens == 3 ? 1 : 0;
    score_line(type, line, x, y);
  }
  if (lines == 1 && block->role == ROLE_PARAGRAPH) {
    type->page->widows += block->continues && !block->continued ? 1 : 0;
    type->page->orphans += block->continued && !block->continues ? 1 : 0;
  }
  for (guint i = 0; i < block->child_count; i++) {
    type->boxes++;
    score_block(type, block->children[i], x + block->children[i]->x, y + block->children[i]->y);
    type->boxes--;
  }
}

static gint compare_gaps(gconstpointer a, gconstpointer b) {
  gint32 one = *(const gint32 *)a, two = *(const gint32 *)b;
  return one < two ? -1 : one > two ? 1 : 0;
}

static void tell_gaps(GArray *gaps, gint32 *ret_p95, gint32 *ret_max) {
  g_array_sort(gaps, compare_gaps);
  *ret_p95 = gaps->len > 0 ? g_array_index(gaps, gint32, (gaps->len - 1) * 95 / 100) : 0;
  *ret_max = gaps->len > 0 ? g_array_index(gaps, gint32, gaps->len - 1) : 0;
}

// ---- headlines and pictures -------------------------------------------------------------------

static void score_heads(const Sheet *sheet, PageScore *score) {
  for (guint i = 0; i < sheet->heads->len; i++) {
    const SheetHead *head = &g_array_index(sheet->heads, SheetHead, i);
    gboolean orphan = head->lines > 1 && head->last_permille < 200;
    gboolean wide = head->widest > head->measure + POINT || head->breaks_word;
    score->headlines++;
    score->headline_faults += (wide && head->could_be_smaller) || orphan ? 1 : 0;
  }
}

static void score_picture(const SetPicture *picture, PageScore *score) {
  const Image *image = picture->image;
  gint64 x = (gint64)image->width * image->focal_x / 10000;
  gint64 y = (gint64)image->height * image->focal_y / 10000;
  const CropRectangle *crop = &picture->crop;
  gboolean inside =
      x >= crop->x && x <= crop->x + crop->width && y >= crop->y && y <= crop->y + crop->height;
  score->pictures++;
  score->crop_faults += inside && image_crop_is_inside(image, *crop) ? 0 : 1;
}

// ---- words ------------------------------------------------------------------------------------

static void append_lines(const SetBlock *block, GString *text) {
  for (guint i = 0; i < block->line_count; i++) {
    const SetLine *line = &block->lines[i];
    g_string_append(text, line->text);
    gboolean drop_cap = block->role == ROLE_PARAGRAPH && line->end == LINE_END_TEXT &&
                        i + 1 < block->line_count; // its word goes on
    if (!drop_cap && (line->end == LINE_END_TEXT || line->end == LINE_END_SPACE)) {
      g_string_append_c(text, ' ');
    }
  }
  for (guint i = 0; i < block->child_count; i++) {
    append_lines(block->children[i], text);
  }
}

// The letters of a text without white space and soft hyphens, folded, word by word.
static char **words_of(const char *text) {
  g_autoptr(GString) clean = g_string_new(NULL);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    GUnicodeType type = g_unichar_type(letter);
    if (type == G_UNICODE_FORMAT || (type == G_UNICODE_CONTROL && !g_unichar_isspace(letter))) {
      continue; // soft hyphens, joiners, directions: nobody reads them
    }
    g_string_append_unichar(clean, g_unichar_isspace(letter) ? ' ' : letter);
  }
  return g_strsplit(clean->str, " ", -1);
}

static void count_words(const char *text, GHashTable *counts) {
  g_auto(GStrv) words = words_of(text);
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] != '\0') {
      guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, words[i]));
      g_hash_table_insert(counts, g_strdup(words[i]), GUINT_TO_POINTER(count + 1));
    }
  }
}

static void compare_words(const char *text, GHashTable *counts, EditionScore *score) {
  g_auto(GStrv) words = words_of(text != NULL ? text : "");
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0') {
      continue;
    }
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, words[i]));
    score->words++;
    if (count == 0) {
      g_printerr("missing %s\n", words[i]);
      score->words_missing++;
    } else {
      g_hash_table_insert(counts, g_strdup(words[i]), GUINT_TO_POINTER(count - 1));
    }
  }
}

static void score_words(GPtrArray *sheets, GPtrArray *stories, EditionScore *score) {
  GPtrArray *drawn = g_ptr_array_new();
  for (guint i = 0; i < stories->len; i++) {
    g_ptr_array_add(drawn, g_string_new(NULL));
  }
  for (guint i = 0; i < sheets->len; i++) {
    const Sheet *sheet = sheets->pdata[i];
    for (guint j = 0; j < sheet->placements->len; j++) {
      const Placement *placement = &g_array_index(sheet->placements, Placement, j);
      if (placement->story != PLAN_NONE && placement->target < 0 && !placement->artifact) {
        append_lines(placement->block, drawn->pdata[placement->story]);
      }
    }
  }
  for (guint i = 0; i < stories->len; i++) {
    const Story *story = ((const PageStory *)stories->pdata[i])->story->story;
    GString *text = drawn->pdata[i];
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    count_words(text->str, counts);
    g_string_free(text, TRUE);
    g_autoptr(Document) document = markup_parse(slice_of(story->body), NULL);
    g_autofree char *body = document != NULL ? document_text(document) : NULL;
    compare_words(story->headline, counts, score);
    compare_words(story->standfirst, counts, score);
    compare_words(body, counts, score);
  }
  g_ptr_array_unref(drawn);
}

// ---- an edition -------------------------------------------------------------------------------

static void score_sheet(const PageKit *kit, const Sheet *sheet, TypeScore *type, PageScore *score) {
  type->page = score;
  type->phase = -1;
  g_array_set_size(type->gaps, 0);
  for (guint i = 0; i < sheet->placements->len; i++) {
    const Placement *placement = &g_array_index(sheet->placements, Placement, i);
    score_block(type, placement->block, placement->x, placement->y);
    if (placement->block->picture != NULL) {
      score_picture(placement->block->picture, score);
    }
  }
  tell_gaps(type->gaps, &score->gap_p95_permille, &score->gap_max_permille);
  score_fill(kit, sheet, score);
  score_heads(sheet, score);
}

EditionScore *page_score(const PageKit *kit, GPtrArray *sheets, GPtrArray *stories) {
  EditionScore *score = edition_score_new();
  TypeScore type = {.kit = kit,
                    .gaps = g_array_new(FALSE, FALSE, sizeof(gint32)),
                    .all_gaps = g_array_new(FALSE, FALSE, sizeof(gint32)),
                    .above = g_array_new(FALSE, FALSE, sizeof(Gap))};
  for (guint i = 0; i < sheets->len; i++) {
    PageScore page = {0};
    score_sheet(kit, sheets->pdata[i], &type, &page);
    g_array_append_val(score->pages, page);
  }
  tell_gaps(type.all_gaps, &score->gap_p95_permille, &score->gap_max_permille);
  score->hyphens_permille = type.lines > 0 ? (gint32)(type.hyphens * 1000 / type.lines) : 0;
  score_words(sheets, stories, score);
  g_array_unref(type.gaps);
  g_array_unref(type.all_gaps);
  g_array_unref(type.above);
  return score;
}
