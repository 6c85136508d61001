// SPDX-License-Identifier: Apache-2.0
//
// Gathers the glyphs of a PDF's pages into lines, and finds out what each line is (score_parts.h).
// Knows only where glyphs stand and which element they belong to.
#include <stdlib.h>
#include <string.h>

#include "edition/score_parts.h"

#define SAME_LINE 10      // 1/1000 pt that two baselines of one line may differ
#define FAR_PERMILLE 2500 // of the size: what is farther away stands in another column
#define SAME_SIZE 20      // 1/1000 pt

const ScanGlyph *score_glyph(const ScoreKit *kit, const ScoreLine *line, guint index) {
  const ScanPage *page = kit->scan->pages->pdata[line->page];
  return &g_array_index(page->glyphs, ScanGlyph, index);
}

static gboolean is_blank(const ScanGlyph *glyph) {
  const char *at = glyph->text;
  while (*at != '\0' &&
         (g_unichar_isspace(g_utf8_get_char(at)) ||
          g_unichar_type(g_utf8_get_char(at)) == G_UNICODE_FORMAT) &&
         g_utf8_get_char(at) != 0xad) {
    at = g_utf8_next_char(at);
  }
  return *at == '\0';
}

static guint owner_of(const ScanPage *page, const ScanGlyph *glyph) {
  return glyph->content >= 0 && (guint)glyph->content < page->owners->len
             ? g_array_index(page->owners, guint, glyph->content)
             : SCORE_NONE;
}

// The nearest element that is no part of a line.
static guint block_of(const PdfScan *scan, guint element) {
  const ScanElement *found = pdf_scan_element(scan, element);
  while (found != NULL && (strcmp(found->tag, "Link") == 0 || strcmp(found->tag, "Span") == 0 ||
                           strcmp(found->tag, "Code") == 0)) {
    element = found->parent;
    found = pdf_scan_element(scan, element);
  }
  return found != NULL ? element : SCORE_NONE;
}

// ---- one line ---------------------------------------------------------------------------------

static int compare_glyphs(gconstpointer a, gconstpointer b) {
  const ScanGlyph *one = *(const ScanGlyph *const *)a, *two = *(const ScanGlyph *const *)b;
  return one->x != two->x ? (one->x < two->x ? -1 : 1) : one < two ? -1 : one > two ? 1 : 0;
}

static gboolean is_space(const ScanGlyph *glyph) {
  return strcmp(glyph->text, " ") == 0 || strcmp(glyph->text, "\xc2\xa0") == 0;
}

static gint32 most_common_size(const ScoreKit *kit, const ScoreLine *line) {
  gint32 size = 0;
  gint count = 0; // the majority's, by one reading
  for (guint i = line->first; i < line->end; i++) {
    gint32 own = score_glyph(kit, line, i)->size;
    if (count == 0) {
      size = own;
    }
    count += own == size ? 1 : -1;
  }
  return size;
}

static void find_edges(const ScoreKit *kit, ScoreLine *line) {
  line->left = G_MAXINT32;
  line->right = G_MININT32;
  for (guint i = line->first; i < line->end; i++) {
    const ScanGlyph *glyph = score_glyph(kit, line, i);
    if (!is_blank(glyph)) {
      line->left = MIN(line->left, glyph->x);
      line->right = MAX(line->right, glyph->x + glyph->advance);
    }
  }
  if (line->left > line->right) { // nothing but spaces
    line->left = line->right = score_glyph(kit, line, line->first)->x;
  }
}

static void find_gaps(const ScoreKit *kit, ScoreLine *line) {
  guint count = line->end - line->first;
  g_autofree const ScanGlyph **sorted = g_new(const ScanGlyph *, count);
  for (guint i = 0; i < count; i++) {
    sorted[i] = score_glyph(kit, line, line->first + i);
  }
  qsort((void *)sorted, count, sizeof *sorted, compare_glyphs);
  for (guint i = 0; i < count; i++) {
    const ScanGlyph *space = sorted[i];
    if (!is_space(space) && i + 1 < count) {
      gint32 hole = sorted[i + 1]->x - space->x - space->advance;
      if (space->advance > 0 && hole > space->size / 2) { // torn open within a word
        line->widest_gap = MAX(line->widest_gap, (gint32)((gint64)hole * 4000 / space->size));
      }
      continue;
    }
    if (!is_space(space) || space->advance <= 0 || space->x < line->left ||
        space->x >= line->right) {
      continue;
    }
    guint next = i + 1;
    while (next < count && sorted[next]->x <= space->x) {
      next++;
    }
    if (next < count) {
      gint64 gap = sorted[next]->x - space->x;
      gint64 natural = space->advance + kit->look->texts[LOOK_BODY].style.tracking;
      line->widest_gap = MAX(line->widest_gap, (gint32)(gap * 1000 / MAX(natural, 1)));
    }
  }
}

static void finish_line(ScoreKit *kit, ScoreLine *line) {
  const ScanPage *page = kit->scan->pages->pdata[line->page];
  line->size = most_common_size(kit, line);
  find_edges(kit, line);
  guint owner = owner_of(page, score_glyph(kit, line, line->first));
  line->article = pdf_scan_ancestor(kit->scan, owner, "Art");
  line->body = line->article != SCORE_NONE && line->block != SCORE_NONE &&
               ABS(line->size - kit->look->texts[LOOK_BODY].style.size) <= SAME_SIZE;
  line->boxed = pdf_scan_ancestor(kit->scan, owner, "Sect") != SCORE_NONE;
  guint end = line->end;
  while (end > line->first && (score_glyph(kit, line, end - 1)->text[0] == '\0' ||
                               is_space(score_glyph(kit, line, end - 1)))) {
    end--;
  }
  line->hyphen =
      end > line->first && strcmp(score_glyph(kit, line, end - 1)->text, "\xc2\xad") == 0;
  if (line->body) {
    find_gaps(kit, line);
  }
  g_array_append_val(kit->lines, *line);
}

// ---- all of them ------------------------------------------------------------------------------

typedef struct Reach { // how far the line that is being gathered goes
  gint32 left, right;
} Reach;

static gboolean goes_on(const ScoreKit *kit, const ScoreLine *line, const Reach *reach, guint block,
                        const ScanGlyph *glyph) {
  const ScanGlyph *first = score_glyph(kit, line, line->first);
  gint32 far = (gint32)((gint64)MAX(glyph->size, first->size) * FAR_PERMILLE / 1000);
  return block == line->block && (glyph->content == -1) == line->artifact &&
         ABS(glyph->y - line->baseline) <= SAME_LINE && glyph->x <= reach->right + far &&
         glyph->x + glyph->advance >= reach->left - far;
}

static void find_lines_of_page(ScoreKit *kit, guint number) {
  const ScanPage *page = kit->scan->pages->pdata[number];
  ScoreLine line = {.block = SCORE_NONE};
  Reach reach = {0, 0};
  gboolean open = FALSE;
  for (guint i = 0; i < page->glyphs->len; i++) {
    const ScanGlyph *glyph = &g_array_index(page->glyphs, ScanGlyph, i);
    guint block = block_of(kit->scan, owner_of(page, glyph));
    if (open && goes_on(kit, &line, &reach, block, glyph)) {
      line.end = i + 1;
      reach.left = MIN(reach.left, glyph->x);
      reach.right = MAX(reach.right, glyph->x + glyph->advance);
      continue;
    }
    if (open) {
      finish_line(kit, &line);
    }
    line = (ScoreLine){.page = number, .first = i, .end = i + 1, .block = block};
    line.baseline = glyph->y;
    line.artifact = glyph->content == -1;
    reach = (Reach){glyph->x, glyph->x + glyph->advance};
    open = TRUE;
  }
  if (open) {
    finish_line(kit, &line);
  }
}

// Which of a block's body lines is its last, and in which column each stands.
static void find_pieces(ScoreKit *kit) {
  g_autoptr(GHashTable) newest = g_hash_table_new(NULL, NULL); // block -> index of its line + 1
  for (guint i = 0; i < kit->lines->len; i++) {
    ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    line->last = TRUE;
    if (!line->body) {
      continue;
    }
    gpointer key = GUINT_TO_POINTER(line->block);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(newest, key));
    if (found > 0) {
      ScoreLine *before = &g_array_index(kit->lines, ScoreLine, found - 1);
      gboolean same = before->page == line->page && line->baseline > before->baseline;
      before->last = FALSE;
      line->piece = before->piece + (same ? 0 : 1);
      line->of_piece = same ? before->of_piece + 1 : 0;
    }
    g_hash_table_insert(newest, key, GUINT_TO_POINTER(i + 1));
  }
}

void score_find_lines(ScoreKit *kit) {
  for (guint i = 0; i < kit->scan->pages->len; i++) {
    find_lines_of_page(kit, i);
  }
  find_pieces(kit);
}
