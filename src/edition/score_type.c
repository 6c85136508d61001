// SPDX-License-Identifier: Apache-2.0
//
// Measures the type of a PDF (score.h): word gaps, hyphens below one another, rivers, widows and
// orphans, the grid of baselines, headlines.
#include <string.h>

#include "edition/score_parts.h"

#define RIVER_LINES 4  // gaps below one another that make a river
#define RIVER_GAP 1300 // permille of the natural gap, each of them
#define LEAST_LAST 200 // permille: a headline's last line, of its widest
#define POINT 1000     // 1/1000 pt

PageScore *score_page(EditionScore *score, guint page) {
  return &g_array_index(score->pages, PageScore, page);
}

// ---- gaps -------------------------------------------------------------------------------------

static gint compare_gaps(gconstpointer a, gconstpointer b) {
  gint32 one = *(const gint32 *)a, two = *(const gint32 *)b;
  return one < two ? -1 : one > two ? 1 : 0;
}

static void tell_gaps(GArray *gaps, gint32 *ret_p95, gint32 *ret_max) {
  g_array_sort(gaps, compare_gaps);
  *ret_p95 = gaps->len > 0 ? g_array_index(gaps, gint32, (gaps->len - 1) * 95 / 100) : 0;
  *ret_max = gaps->len > 0 ? g_array_index(gaps, gint32, gaps->len - 1) : 0;
}

// Lines that were spread to their column's width: all of a paragraph but its last.
static gboolean is_spread(const ScoreLine *line) {
  return line->body && !line->last && line->widest_gap > 0;
}

static void score_gaps(const ScoreKit *kit, EditionScore *score) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint32));
  g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(gint32));
  guint next = 0;
  for (guint page = 0; page < score->pages->len; page++) {
    g_array_set_size(own, 0);
    for (; next < kit->lines->len; next++) {
      const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, next);
      if (line->page != page) {
        break;
      }
      if (is_spread(line)) {
        g_array_append_val(own, line->widest_gap);
        g_array_append_val(all, line->widest_gap);
      }
    }
    PageScore *card = score_page(score, page);
    tell_gaps(own, &card->gap_p95_permille, &card->gap_max_permille);
  }
  tell_gaps(all, &score->gap_p95_permille, &score->gap_max_permille);
}

// ---- rivers -----------------------------------------------------------------------------------

typedef struct Gap {
  gint32 from, to;
  guint run; // lines
} Gap;

static void wide_gaps(const ScoreKit *kit, const ScoreLine *line, GArray *gaps) {
  g_array_set_size(gaps, 0);
  for (guint i = line->first; i + 1 < line->end && line->widest_gap >= RIVER_GAP; i++) {
    const ScanGlyph *space = score_glyph(kit, line, i);
    const ScanGlyph *next = score_glyph(kit, line, i + 1);
    if (strcmp(space->text, " ") == 0 && next->x > space->x &&
        (gint64)(next->x - space->x) * 1000 >= (gint64)space->advance * RIVER_GAP) {
      Gap gap = {space->x, next->x, 1};
      g_array_append_val(gaps, gap);
    }
  }
}

static void score_rivers(const ScoreKit *kit, EditionScore *score) {
  g_autoptr(GArray) above = g_array_new(FALSE, FALSE, sizeof(Gap));
  g_autoptr(GArray) gaps = g_array_new(FALSE, FALSE, sizeof(Gap));
  const ScoreLine *before = NULL;
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (before == NULL || before->block != line->block || before->piece != line->piece) {
      g_array_set_size(above, 0);
    }
    before = line;
    g_array_set_size(gaps, 0);
    if (is_spread(line)) {
      wide_gaps(kit, line, gaps);
    }
    for (guint j = 0; j < gaps->len; j++) {
      Gap *gap = &g_array_index(gaps, Gap, j);
      for (guint k = 0; k < above->len; k++) {
        const Gap *over = &g_array_index(above, Gap, k);
        if (gap->from < over->to && over->from < gap->to) {
          gap->run = MAX(gap->run, over->run + 1);
        }
      }
      score_page(score, line->page)->rivers += gap->run == RIVER_LINES ? 1 : 0;
    }
    g_array_set_size(above, 0);
    g_array_append_vals(above, gaps->data, gaps->len);
  }
}

// ---- lines of a paragraph ---------------------------------------------------------------------

static void score_hyphens(const ScoreKit *kit, EditionScore *score) {
  g_autoptr(GHashTable) runs = g_hash_table_new(NULL, NULL); // block -> hyphens so far
  guint hyphens = 0;
  guint lines = 0;
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (!line->body) {
      continue;
    }
    gpointer key = GUINT_TO_POINTER(line->block);
    guint run = line->hyphen ? GPOINTER_TO_UINT(g_hash_table_lookup(runs, key)) + 1 : 0;
    g_hash_table_insert(runs, key, GUINT_TO_POINTER(run));
    PageScore *page = score_page(score, line->page);
    page->lines++;
    page->ladders += run == 3 ? 1 : 0;
    lines++;
    hyphens += line->hyphen ? 1 : 0;
  }
  score->hyphens_permille = lines > 0 ? (gint32)(hyphens * 1000 / lines) : 0;
}

// A line that stands alone in its column, while the rest of its paragraph stands in another.
static void score_alone(const ScoreKit *kit, EditionScore *score) {
  g_autoptr(GHashTable) newest = g_hash_table_new(NULL, NULL);
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (!line->body) {
      continue;
    }
    gpointer key = GUINT_TO_POINTER(line->block);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(newest, key));
    const ScoreLine *before = found > 0 ? &g_array_index(kit->lines, ScoreLine, found - 1) : NULL;
    if (before != NULL && before->piece == 0 && line->piece == 1 && before->of_piece == 0) {
      score_page(score, before->page)->orphans++;
    }
    if (line->last && line->piece > 0 && line->of_piece == 0) {
      score_page(score, line->page)->widows++;
    }
    g_hash_table_insert(newest, key, GUINT_TO_POINTER(i + 1));
  }
}

// ---- the grid ---------------------------------------------------------------------------------

static gint32 phase_of(const ScoreKit *kit, const ScoreLine *line) {
  return (line->baseline - kit->theme->top + 1000 * kit->theme->baseline) % kit->theme->baseline;
}

static gboolean is_on_grid(const ScoreLine *line) {
  return line->body && !line->boxed;
}

// The phase that most lines have is the grid's.
static gint32 common_phase(const ScoreKit *kit) {
  g_autoptr(GHashTable) counts = g_hash_table_new(NULL, NULL);
  gint32 best = 0;
  guint most = 0;
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (is_on_grid(line)) {
      gpointer key = GINT_TO_POINTER(phase_of(kit, line));
      guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1;
      g_hash_table_insert(counts, key, GUINT_TO_POINTER(count));
      if (count > most) {
        most = count;
        best = phase_of(kit, line);
      }
    }
  }
  return best;
}

static void score_grid(const ScoreKit *kit, EditionScore *score) {
  gint32 grid = common_phase(kit);
  for (guint i = 0; i < kit->lines->len; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    if (is_on_grid(line)) {
      gint32 away = ABS(phase_of(kit, line) - grid);
      PageScore *page = score_page(score, line->page);
      page->baseline_error = MAX(page->baseline_error, MIN(away, kit->theme->baseline - away));
    }
  }
}

void score_type(const ScoreKit *kit, EditionScore *score) {
  score_gaps(kit, score);
  score_rivers(kit, score);
  score_hyphens(kit, score);
  score_alone(kit, score);
  score_grid(kit, score);
}

// ---- headlines --------------------------------------------------------------------------------

typedef struct Head {
  guint lines, first_line;
  gint32 widest, last; // widths
  gboolean broken;     // a word that would fit is broken
} Head;

// How wide the word is that a hyphen at the line's end breaks, both its parts together.
static gint32 broken_word(const ScoreKit *kit, const ScoreLine *line, const ScoreLine *next) {
  gint32 left = line->left;
  gint32 right = next->right;
  for (guint i = line->first; i < line->end; i++) {
    const ScanGlyph *glyph = score_glyph(kit, line, i);
    left = strcmp(glyph->text, " ") == 0 ? glyph->x + glyph->advance : left;
  }
  for (guint i = next->first; i < next->end; i++) {
    const ScanGlyph *glyph = score_glyph(kit, next, i);
    if (strcmp(glyph->text, " ") == 0 && glyph->x > next->left) {
      right = glyph->x;
      break;
    }
  }
  return line->right - left + right - next->left;
}

// The measure that a headline was given is its link's width: the element's own, or one below it.
static const ScanLink *link_of(const ScoreKit *kit, const ScoreLine *line) {
  const ScanPage *page = kit->scan->pages->pdata[line->page];
  for (guint i = 0; i < page->links->len; i++) {
    const ScanLink *link = &g_array_index(page->links, ScanLink, i);
    const ScanElement *element = pdf_scan_element(kit->scan, link->element);
    if (element != NULL && (link->element == line->block || element->parent == line->block)) {
      return link;
    }
  }
  return NULL;
}

static gboolean is_sign(const ScanGlyph *glyph) {
  return g_unichar_ispunct(g_utf8_get_char(glyph->text));
}

// Letters that lean or have serifs stand out of their column a little, and signs hang in its
// margin.
static gint32 may_stand_out(const ScoreKit *kit, const ScoreLine *line) {
  guint end = line->end;
  while (end - 1 > line->first && strcmp(score_glyph(kit, line, end - 1)->text, " ") == 0) {
    end--;
  }
  gboolean hangs =
      is_sign(score_glyph(kit, line, line->first)) || is_sign(score_glyph(kit, line, end - 1));
  return POINT + line->size / (hangs ? 8 : 12);
}

static void score_head(const ScoreKit *kit, guint first, guint end, PageScore *page) {
  const ScoreLine *top = &g_array_index(kit->lines, ScoreLine, first);
  const ScanLink *link = link_of(kit, top);
  gint32 widest = 0;
  gint32 last = 0;
  gboolean broken = FALSE;
  gboolean wide = FALSE;
  for (guint i = first; i < end; i++) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    last = line->right - line->left;
    widest = MAX(widest, last);
    wide = wide || (link != NULL && last > link->width + may_stand_out(kit, line));
    if (line->hyphen && i + 1 < end && link != NULL) {
      broken = broken || broken_word(kit, line, line + 1) <= link->width;
    }
  }
  gboolean orphan = end - first > 1 && (gint64)last * 1000 < (gint64)widest * LEAST_LAST;
  page->headlines++;
  page->headline_faults += link == NULL || wide || orphan || broken ? 1 : 0;
}

void score_heads(const ScoreKit *kit, EditionScore *score) {
  for (guint i = 0; i < kit->lines->len;) {
    const ScoreLine *line = &g_array_index(kit->lines, ScoreLine, i);
    const ScanElement *block = pdf_scan_element(kit->scan, line->block);
    guint end = i + 1;
    while (end < kit->lines->len &&
           g_array_index(kit->lines, ScoreLine, end).block == line->block &&
           g_array_index(kit->lines, ScoreLine, end).page == line->page) {
      end++;
    }
    if (block != NULL && line->article != SCORE_NONE &&
        (strcmp(block->tag, "H2") == 0 || strcmp(block->tag, "H1") == 0)) {
      score_head(kit, i, end, score_page(score, line->page));
    }
    i = end;
  }
}
