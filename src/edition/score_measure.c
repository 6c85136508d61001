// SPDX-License-Identifier: Apache-2.0
//
// Measures a finished PDF (score.h): reads its bytes back and fills the card. Knows the theme (the
// yardstick) and the stories' texts, and nothing of how the pages were planned.
#include "edition/score_parts.h"

EditionScore *edition_score_measure(GBytes *pdf, const EditionJob *job, GError **error) {
  g_autoptr(Look) look = look_new(job->theme, job->format, error);
  g_autoptr(PageTheme) theme =
      look != NULL ? page_theme_new(job->theme, job->format, look, error) : NULL;
  g_autoptr(PdfScan) scan = theme != NULL ? pdf_scan_new(pdf, error) : NULL;
  if (scan == NULL) {
    return NULL;
  }
  EditionScore *score = edition_score_new(job->format);
  g_array_set_size(score->pages, scan->pages->len);
  ScoreKit kit = {.content = job->content, .theme = theme, .look = look, .scan = scan};
  kit.lines = g_array_new(FALSE, TRUE, sizeof(ScoreLine));
  score_find_lines(&kit);
  score_type(&kit, score);
  score_heads(&kit, score);
  for (guint i = 0; i < scan->pages->len; i++) {
    score_room(&kit, i, score_page(score, i));
    score_pictures(&kit, i, score_page(score, i));
  }
  score_words(&kit, score);
  g_array_unref(kit.lines);
  return score;
}
