// SPDX-License-Identifier: Apache-2.0
//
// The scorecard: what was really drawn, measured page by page, and the line below which an edition
// is not good enough. Filled by edition/page* while it draws (positions of glyphs, not plans);
// printed by `broadsheet edition --score`; a test in ./check fails on score_faults(). Pure.
#pragma once

#include <glib.h>

typedef struct PageScore {
  gint32 fill_permille; // of the type area that is covered by text, pictures, rules' own space
  gint32 hole_permille; // the largest empty rectangle, of the type area
  gint32 gap_p95_permille, gap_max_permille; // word gaps of justified lines, of the natural space
  guint lines;                               // of body text
  guint ladders;                             // more than 2 lines in a row that end in a hyphen
  guint rivers;                              // 3 or more gaps below one another that touch
  guint widows, orphans; // a paragraph's last line alone at a column's head; its first at the foot
  gint32 baseline_error; // largest distance of a body line from the grid, 1/1000 point
  guint headlines, headline_faults; // too wide, hyphenated though words fit, or an orphan word
  guint pictures, crop_faults;      // the focal point is outside the crop
} PageScore;

typedef struct EditionScore {
  GArray *pages;                                               // PageScore
  gint32 gap_p95_permille, gap_max_permille, hyphens_permille; // of the whole edition
  guint words, words_missing; // of the stories' text, and of those not found in the drawn text
} EditionScore;

EditionScore *edition_score_new(void);
void edition_score_free(EditionScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionScore, edition_score_free)

// A table for people: a line for each page, a line for all. Caller frees.
char *edition_score_text(const EditionScore *score);
// NULL if the edition is above the line, else what is below it, a line each. Caller frees.
char *edition_score_faults(const EditionScore *score);
