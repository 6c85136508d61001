// SPDX-License-Identifier: Apache-2.0
//
// The scorecard: what a finished PDF shows, measured page by page, and the line below which an
// edition is not good enough. Filled by edition_score_measure() from the file's own bytes, never
// from plans; printed by `broadsheet edition --score`; tests in ./check fail on its faults. Pure.
//
//   pdf_reader (objects) -> pdf_scan (glyphs, areas, elements) -> score_lines -> score_*
#pragma once

#include "model/edition.h"

typedef struct PageScore {
  gint32 fill_permille; // of the type area that is covered by text, pictures and tints
  gint32 hole_permille; // the largest empty rectangle, of the type area
  gint32 gap_p95_permille, gap_max_permille; // word gaps of justified lines, of the natural space
  guint lines;                               // of body text
  guint ladders;                             // more than 2 lines in a row that end in a hyphen
  guint rivers;                              // 4 or more wide gaps below one another that touch
  guint widows, orphans; // a paragraph's last line alone at a column's head; its first at the foot
  gint32 baseline_error; // largest distance of a body line from the grid, 1/1000 point
  guint headlines, headline_faults; // too wide, broken where the word fits, an orphan word
  guint pictures, crop_faults; // without their focal point, out of shape, too coarse, or unnamed
  guint overlaps;              // lines and pictures that lie over one another
  guint outside;               // of the type area; of furniture, of the page
  guint damage;                // operators and links that lead nowhere
} PageScore;

typedef struct EditionScore {
  EditionFormat format;
  GArray *pages;                                               // PageScore
  gint32 gap_p95_permille, gap_max_permille, hyphens_permille; // of the whole edition
  guint words, words_missing; // of the stories' text, and of those that the PDF doesn't give out
  guint words_astray;         // found, but not where they were to be read
} EditionScore;

EditionScore *edition_score_new(EditionFormat format);
void edition_score_free(EditionScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionScore, edition_score_free)

// A table for people: a line for each page, a line for all. Caller frees.
char *edition_score_text(const EditionScore *score);
// NULL if the edition is above the line, else what is below it, a line each. Caller frees.
char *edition_score_faults(const EditionScore *score);
