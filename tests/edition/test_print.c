// SPDX-License-Identifier: Apache-2.0
//
// Whole editions, from stories to a PDF: those that nobody would make, in every format, come out
// with each story once, no word missing and every box on its page; the sample newspaper's and a
// generated one stay above the scorecard's line; the same content gives the same bytes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "imaging/decoder.h"
#include "press/page.h"
#include "tests/edition/hostile.h"
#include "tests/edition/paper_edition.h"
#include "tests/edition/sample_paper.h"

static int set_up(void **state) {
  *state = press_new(NULL, NULL);
  return *state != NULL ? 0 : -1;
}

static int tear_down(void **state) {
  press_free(*state);
  return 0;
}

static EditionScore *measure(const Press *press, const EditionContent *content,
                             EditionFormat format, GBytes *pdf) {
  EditionJob job = {
      .content = content, .format = format, .locale = press_locale(press, content->site->language)};
  g_autoptr(GError) error = NULL;
  EditionScore *score = edition_score_measure(pdf, &job, &error);
  if (score == NULL) {
    fail_msg("%s", error->message);
  }
  return score;
}

static EditionPrint *print(const Press *press, const EditionContent *content,
                           EditionFormat format) {
  EditionJob job = {.content = content,
                    .format = format,
                    .locale = press_locale(press, content->site->language),
                    .picture = hostile_picture};
  g_autoptr(GError) error = NULL;
  EditionPrint *made = edition_print(&job, &error);
  if (made == NULL) {
    fail_msg("%s", error->message);
  }
  return made;
}

static void check_boxes(const EditionPrint *made, guint stories) {
  g_autofree guint *pieces = g_new0(guint, stories + 1);
  for (guint i = 0; i < made->sheets->len; i++) {
    const EditionSheet *sheet = made->sheets->pdata[i];
    for (guint j = 0; j < sheet->boxes->len; j++) {
      const EditionBox *box = &g_array_index(sheet->boxes, EditionBox, j);
      assert_true(box->story < stories);
      assert_int_equal(box->part, pieces[box->story]++);
      assert_true(box->x >= 0 && box->y >= 0 && box->width > 0 && box->height > 0);
      assert_true(box->x + box->width <= made->width && box->y + box->height <= made->height);
    }
  }
  assert_int_equal(made->order->len, stories);
}

static void test_hostile(void **state) {
  for (guint i = 0; HOSTILE_EDITIONS[i].name != NULL; i++) {
    g_autoptr(EditionContent) content = HOSTILE_EDITIONS[i].make();
    for (EditionFormat format = 0; format < EDITION_FORMATS; format++) {
      if (content->stories->len > 100 && format != EDITION_TABLOID) {
        continue; // once is enough for the time it takes
      }
      g_autoptr(EditionPrint) made = print(*state, content, format);
      g_autoptr(EditionScore) score = measure(*state, content, format, made->pdf);
      print_message("%s, %s: %u stories, %u pages, %u of %u words missing, %u astray\n",
                    HOSTILE_EDITIONS[i].name, edition_format_name(format), content->stories->len,
                    made->sheets->len, score->words_missing, score->words, score->words_astray);
      check_boxes(made, content->stories->len);
      assert_int_equal(score->words_missing, 0);
    }
  }
}

static void test_same_bytes(void **state) {
  g_autoptr(EditionContent) content = HOSTILE_EDITIONS[1].make();
  g_autoptr(EditionPrint) one = print(*state, content, EDITION_TABLOID);
  g_autoptr(EditionPrint) two = print(*state, content, EDITION_TABLOID);
  assert_true(g_bytes_equal(one->pdf, two->pdf));
}

// The line of the scorecard: the sample newspaper's stories, in every format.
static void test_sample(void **state) {
  g_autoptr(GError) error = NULL;
  SamplePaper *sample = sample_paper_new(&error);
  assert_non_null(sample);
  g_autoptr(EditionContent) content = paper_edition_content(sample->paper, &error);
  assert_non_null(content);
  for (EditionFormat format = EDITION_TABLOID; format < EDITION_FORMATS; format++) {
    EditionJob job = {.content = content,
                      .format = format,
                      .locale = press_locale(*state, content->site->language),
                      .picture = paper_edition_picture,
                      .data = sample->paper};
    g_autoptr(EditionPrint) made = edition_print(&job, &error);
    assert_non_null(made);
    check_boxes(made, content->stories->len);
    g_autoptr(EditionScore) card = measure(*state, content, format, made->pdf);
    g_autofree char *score = edition_score_text(card);
    g_autofree char *faults = edition_score_faults(card);
    print_message("%s\n%s", edition_format_name(format), score);
    if (faults != NULL) {
      fail_msg("%s below the line:\n%s", edition_format_name(format), faults);
    }
  }
  sample_paper_free(sample);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "decoder") == 0) {
    return decoder_main(); // the renditioner starts this program for it
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_hostile),
      cmocka_unit_test(test_same_bytes),
      cmocka_unit_test(test_sample),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
