// SPDX-License-Identifier: Apache-2.0
//
// Implements score.h: the scorecard as words, and the line below which it names faults.
#include "edition/score.h"

// The line, for each format of the page; permille. A last page may be emptier than the others.
typedef struct ScoreLimits {
  gint32 least_fill, least_last_fill; // of the type area
  gint32 most_hole, most_last_hole;
  gint32 most_gap_p95, most_gap; // of the natural space; the edition's, each page's
  guint most_rivers;             // of a page
} ScoreLimits;

#define READING 5 // permille of a gap: what places of 1/1000 pt, read back, may add to it

static const ScoreLimits LIMITS[EDITION_FORMATS] = {
    [EDITION_TABLOID] = {880, 700, 60, 250, 1500, 2000, 6},
    [EDITION_BERLINER] = {880, 700, 60, 250, 1500, 2000, 6},
    [EDITION_A4] = {880, 700, 60, 250, 1500, 2000, 6},
    [EDITION_PHONE] = {600, 200, 400, 800, 1500, 2000, 6}, // one story a page, to its end
};

EditionScore *edition_score_new(EditionFormat format) {
  EditionScore *score = g_new0(EditionScore, 1);
  score->format = format;
  score->pages = g_array_new(FALSE, TRUE, sizeof(PageScore));
  return score;
}

void edition_score_free(EditionScore *score) {
  if (score != NULL) {
    g_array_unref(score->pages);
    g_free(score);
  }
}

static void append_permille(GString *text, gint32 permille, gint width) {
  g_autofree char *number = g_strdup_printf("%d.%d %%", permille / 10, permille % 10);
  g_string_append_printf(text, "%*s", width, number);
}

static void append_gap(GString *text, gint32 permille, gint width) {
  g_autofree char *number = g_strdup_printf("%d.%02d", permille / 1000, permille % 1000 / 10);
  g_string_append_printf(text, "%*s", width, number);
}

char *edition_score_text(const EditionScore *score) {
  g_autoptr(GString) text = g_string_new(
      "page    fill    hole   gaps p95   max  lines  ladders  rivers  widows  orphans  baseline"
      "  headlines  pictures  overlaps  outside  damage\n");
  for (guint i = 0; i < score->pages->len; i++) {
    const PageScore *page = &g_array_index(score->pages, PageScore, i);
    g_string_append_printf(text, "%4u", i + 1);
    append_permille(text, page->fill_permille, 8);
    append_permille(text, page->hole_permille, 8);
    append_gap(text, page->gap_p95_permille, 11);
    append_gap(text, page->gap_max_permille, 6);
    g_string_append_printf(text, "%7u%9u%8u%8u%9u", page->lines, page->ladders, page->rivers,
                           page->widows, page->orphans);
    g_string_append_printf(text, "%6d.%03d", page->baseline_error / 1000,
                           page->baseline_error % 1000);
    g_string_append_printf(text, "%7u/%-3u%7u/%-3u", page->headlines - page->headline_faults,
                           page->headlines, page->pictures - page->crop_faults, page->pictures);
    g_string_append_printf(text, "%9u%9u%8u\n", page->overlaps, page->outside, page->damage);
  }
  g_string_append(text, "all: word gaps ");
  append_gap(text, score->gap_p95_permille, 0);
  g_string_append(text, " (95 % of lines), ");
  append_gap(text, score->gap_max_permille, 0);
  g_string_append_printf(text,
                         " (most); %d.%d %% of lines end in a hyphen; %u of %u words missing, %u "
                         "out of order\n",
                         score->hyphens_permille / 10, score->hyphens_permille % 10,
                         score->words_missing, score->words, score->words_astray);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

typedef struct Faults {
  GString *text;
  guint page; // from 1; 0: the edition
} Faults;

static void check(Faults *faults, gboolean bad, const char *what, gint64 has, gint64 line) {
  if (!bad) {
    return;
  }
  if (faults->page > 0) {
    g_string_append_printf(faults->text, "page %u: ", faults->page);
  }
  g_string_append_printf(faults->text,
                         "%s: %" G_GINT64_FORMAT ", the line is %" G_GINT64_FORMAT "\n", what, has,
                         line);
}

static void check_page(Faults *faults, const ScoreLimits *limits, const PageScore *page,
                       gboolean last) {
  gint32 fill = last ? limits->least_last_fill : limits->least_fill;
  gint32 hole = last ? limits->most_last_hole : limits->most_hole;
  check(faults, page->fill_permille < fill, "fill (permille)", page->fill_permille, fill);
  check(faults, page->hole_permille > hole, "largest hole (permille)", page->hole_permille, hole);
  check(faults, page->ladders > 0, "ladders of hyphens", page->ladders, 0);
  check(faults, page->rivers > limits->most_rivers, "rivers", page->rivers, limits->most_rivers);
  check(faults, page->widows > 0, "widows", page->widows, 0);
  check(faults, page->orphans > 0, "orphans", page->orphans, 0);
  check(faults, page->baseline_error > 0, "baseline error (1/1000 pt)", page->baseline_error, 0);
  check(faults, page->headline_faults > 0, "headlines that don't fit", page->headline_faults, 0);
  check(faults, page->crop_faults > 0, "pictures cut or scaled badly", page->crop_faults, 0);
  check(faults, page->overlaps > 0, "things that lie over others", page->overlaps, 0);
  check(faults, page->outside > 0, "things outside of the page", page->outside, 0);
  check(faults, page->damage > 0, "damaged content and links", page->damage, 0);
  check(faults, page->gap_max_permille > limits->most_gap + READING, "widest word gap (permille)",
        page->gap_max_permille, limits->most_gap);
}

char *edition_score_faults(const EditionScore *score) {
  g_autoptr(GString) text = g_string_new(NULL);
  Faults faults = {text, 0};
  const ScoreLimits *limits = &LIMITS[score->format];
  for (guint i = 0; i < score->pages->len; i++) {
    faults.page = i + 1;
    check_page(&faults, limits, &g_array_index(score->pages, PageScore, i),
               i + 1 == score->pages->len);
  }
  faults.page = 0;
  check(&faults, score->gap_p95_permille > limits->most_gap_p95 + READING,
        "word gaps, 95 % (permille)", score->gap_p95_permille, limits->most_gap_p95);
  check(&faults, score->words_astray > 0, "words out of order", score->words_astray, 0);
  check(&faults, score->words_missing > 0, "words missing", score->words_missing, 0);
  return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}
