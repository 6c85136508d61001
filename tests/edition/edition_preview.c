// SPDX-License-Identifier: Apache-2.0
//
// edition_preview FOLDER OUT.pdf [FORMAT [PAGES [STORIES [times]]]]: lays out everything that a
// newspaper has published and prints the scorecard, for looking at a theme. Not installed; not a
// test.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imaging/decoder.h"
#include "press/page.h"
#include "tests/edition/paper_edition.h"

static void repeat(EditionContent *content, guint wanted) {
  guint own = content->stories->len;
  if (wanted < own) {
    g_ptr_array_set_size(content->stories, (gint)wanted);
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "decoder") == 0) {
    return decoder_main(); // the renditioner starts this program for it
  }
  g_autoptr(GError) error = NULL;
  EditionFormat format = EDITION_TABLOID;
  if (argc < 3 || (argc > 3 && !edition_format_parse(argv[3], &format))) {
    fprintf(stderr, "usage: edition_preview FOLDER OUT.pdf [FORMAT [PAGES [STORIES]]]\n");
    return 2;
  }
  g_autoptr(Paper) paper = paper_open(argv[1], PAPER_DECODERS, &error);
  g_autoptr(EditionContent) content = paper != NULL ? paper_edition_content(paper, &error) : NULL;
  g_autoptr(Press) press = content != NULL ? press_new(NULL, &error) : NULL;
  if (press == NULL) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  if (argc > 5) {
    repeat(content, (guint)atoi(argv[5]));
  }
  EditionJob job = {.content = content,
                    .format = format,
                    .pages = argc > 4 ? atoi(argv[4]) : 0,
                    .locale = press_locale(press, content->site->language),
                    .picture = paper_edition_picture,
                    .data = paper};
  clock_t begun = clock();
  g_autoptr(EditionPrint) print = edition_print(&job, &error);
  if (print == NULL || !g_file_set_contents(argv[2], g_bytes_get_data(print->pdf, NULL),
                                            (gssize)g_bytes_get_size(print->pdf), &error)) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  clock_t ended = clock();
  g_autoptr(EditionScore) card = edition_score_measure(print->pdf, &job, &error);
  if (card == NULL) {
    fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  g_autofree char *score = edition_score_text(card);
  g_autofree char *faults = edition_score_faults(card);
  printf("%s%s%ld ms, %" G_GSIZE_FORMAT " bytes, %u stories\n", score, faults != NULL ? faults : "",
         (long)((ended - begun) * 1000 / CLOCKS_PER_SEC), g_bytes_get_size(print->pdf),
         content->stories->len);
  for (guint i = 0; i < print->remarks->len; i++) {
    printf("remark: %s\n", (const char *)print->remarks->pdata[i]);
  }
  return 0;
}
