// SPDX-License-Identifier: Apache-2.0
//
// The scorecard believes the finished file alone: the sample newspaper's PDF, damaged in one way at
// a time (words cut out of the content, a line off the grid, blocks over one another, a gap torn
// open, a picture pulled out of shape, content that belongs to nobody), scores badly in just that;
// files that are no PDF are refused, and cut or scrambled ones never crash the reader.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edition/pdf_reader.h"
#include "edition/pdf_scan.h"
#include "imaging/decoder.h"
#include "press/page.h"
#include "tests/edition/paper_edition.h"
#include "tests/edition/sample_paper.h"

typedef struct Fixture {
  SamplePaper *sample;
  Press *press;
  EditionContent *content;
  EditionJob job;
  EditionPrint *print;
} Fixture;

static int set_up(void **state) {
  g_autoptr(GError) error = NULL;
  Fixture *fixture = g_new0(Fixture, 1);
  fixture->sample = sample_paper_new(&error);
  fixture->press = press_new(NULL, NULL);
  assert_non_null(fixture->sample);
  fixture->content = paper_edition_content(fixture->sample->paper, &error);
  assert_non_null(fixture->content);
  fixture->job = (EditionJob){.content = fixture->content,
                              .format = EDITION_TABLOID,
                              .locale = press_locale(fixture->press, "en"),
                              .picture = paper_edition_picture,
                              .data = fixture->sample->paper};
  fixture->print = edition_print(&fixture->job, &error);
  assert_non_null(fixture->print);
  *state = fixture;
  return 0;
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  edition_print_free(fixture->print);
  edition_content_free(fixture->content);
  press_free(fixture->press);
  sample_paper_free(fixture->sample);
  g_free(fixture);
  return 0;
}

static EditionScore *measure(const Fixture *fixture, GBytes *pdf) {
  g_autoptr(GError) error = NULL;
  EditionScore *score = edition_score_measure(pdf, &fixture->job, &error);
  if (score == NULL) {
    fail_msg("%s", error->message);
  }
  return score;
}

// ---- damage -----------------------------------------------------------------------------------

static const PdfValue *page_of(PdfReader *reader, guint index) {
  const PdfValue *pages = pdf_reader_get(reader, pdf_reader_root(reader), "Pages");
  return pdf_reader_item(reader, pdf_reader_get(reader, pages, "Kids"), index);
}

static char *content_of(PdfReader *reader, guint page) {
  g_autoptr(GBytes) bytes =
      pdf_reader_stream(reader, pdf_reader_get(reader, page_of(reader, page), "Contents"));
  return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

// Where the words stand last; they must.
static const char *find_last(GBytes *bytes, const char *words) {
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  gsize size = strlen(words);
  for (gsize at = length - size; at > 0; at--) {
    if (memcmp(data + at, words, size) == 0) {
      return data + at + size;
    }
  }
  fail_msg("no %s", words);
  return NULL;
}

// An update appended to the file (ISO 32000-1, 7.5.6) that puts other content on a page.
static GBytes *with_content(GBytes *pdf, guint page, const char *content) {
  g_autoptr(PdfReader) reader = pdf_reader_new(pdf, NULL);
  assert_non_null(reader);
  gint64 number = pdf_value_get(page_of(reader, page), "Contents")->number;
  gint64 root = g_ascii_strtoll(find_last(pdf, "/Root "), NULL, 10);
  gint64 previous = g_ascii_strtoll(find_last(pdf, "startxref"), NULL, 10);
  gsize length = 0;
  const char *data = g_bytes_get_data(pdf, &length);
  g_autoptr(GString) out = g_string_new_len(data, (gssize)length);
  gsize object = out->len;
  g_string_append_printf(out,
                         "%" G_GINT64_FORMAT " 0 obj\n<</Length %zu>>\nstream\n%s\nendstream\n"
                         "endobj\n",
                         number, strlen(content), content);
  gsize table = out->len;
  g_string_append_printf(out,
                         "xref\n%" G_GINT64_FORMAT " 1\n%010zu 00000 n \ntrailer\n<</Size 1/Prev "
                         "%" G_GINT64_FORMAT "/Root %" G_GINT64_FORMAT
                         " 0 R>>\nstartxref\n%zu\n%%%%EOF\n",
                         number, object, previous, root, table);
  return g_string_free_to_bytes(g_steal_pointer(&out));
}

// The page's lines of operators that end with `operator`: their numbers in `lines`.
static guint find_operators(char **lines, const char *operator, guint * found, guint most) {
  guint count = 0;
  for (guint i = 0; lines[i] != NULL && count < most; i++) {
    if (g_str_has_suffix(lines[i], operator)) {
      found[count++] = i;
    }
  }
  return count;
}

typedef struct Wound {
  const char *name;
  void (*inflict)(char **lines);
  gboolean (*shows)(const EditionScore *score);
} Wound;

#define PAGE 0
#define MOST 4096

static void replace(char **line, char *with) {
  g_free(*line);
  *line = with;
}

static guint body_line(char **lines, guint nth) { // of a long array of glyphs: text of a story
  guint found[MOST];
  guint count = find_operators(lines, "]TJ", found, MOST);
  guint seen = 0;
  for (guint i = 0; i < count; i++) {
    if (strlen(lines[found[i]]) > 160 && seen++ == nth) {
      return found[i];
    }
  }
  fail_msg("no such line");
  return 0;
}

static guint matrix_before(char **lines, guint line) {
  while (line > 0 && !g_str_has_suffix(lines[line], " Tm")) {
    line--;
  }
  return line;
}

static void cut_words(char **lines) {
  replace(&lines[body_line(lines, 20)], g_strdup("[]TJ"));
}

static void move(char **lines, guint line, gint32 by_x, gint32 by_y) {
  g_auto(GStrv) parts = g_strsplit(lines[matrix_before(lines, line)], " ", -1);
  char x[G_ASCII_DTOSTR_BUF_SIZE];
  char y[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(x, sizeof x, "%.3f", g_ascii_strtod(parts[4], NULL) + by_x / 1000.0);
  g_ascii_formatd(y, sizeof y, "%.3f", g_ascii_strtod(parts[5], NULL) + by_y / 1000.0);
  replace(&lines[matrix_before(lines, line)], g_strdup_printf("1 0 0 1 %s %s Tm", x, y));
}

static void lift_line(char **lines) {
  move(lines, body_line(lines, 12), 0, 700);
}

static void lay_over(char **lines) { // a line onto another one of the same story
  move(lines, body_line(lines, 30), 0, 31500);
}

static void push_out(char **lines) {
  move(lines, body_line(lines, 5), 5000000, 0);
}

static void tear_gap(char **lines) {
  guint line = body_line(lines, 15);
  g_auto(GStrv) parts = g_strsplit(lines[line], ">", 2);
  gsize half = strlen(parts[0]) - (strlen(parts[0]) - 2) / 8 * 4;
  g_autofree char *first = g_strndup(parts[0], half);
  replace(&lines[line], g_strdup_printf("%s>-1500<%s>%s", first, parts[0] + half, parts[1]));
}

static void stretch_picture(char **lines) {
  guint found[MOST];
  guint count = 0;
  for (guint i = 0; lines[i] != NULL; i++) {
    if (strstr(lines[i], " Do Q") != NULL) {
      found[count++] = i;
    }
  }
  assert_true(count > 0);
  g_auto(GStrv) parts = g_strsplit(lines[found[0]], " ", 3);
  replace(&lines[found[0]], g_strdup_printf("q %d %s", 77, parts[2]));
}

static void orphan_content(char **lines) {
  guint found[MOST];
  guint count = find_operators(lines, "BDC", found, MOST);
  for (guint i = 0; i < count; i++) {
    if (strstr(lines[found[i]], "/P<</MCID") != NULL) {
      replace(&lines[found[i]], g_strdup("/P<</MCID 999999>>BDC"));
    }
  }
}

static void lose_font(char **lines) {
  guint found[MOST];
  guint count = find_operators(lines, " Tf", found, MOST);
  assert_true(count > 3);
  replace(&lines[found[3]], g_strdup("/F999 9 Tf"));
}

static gboolean misses_words(const EditionScore *score) {
  return score->words_missing > 3;
}
static const PageScore *page_score(const EditionScore *score) {
  return &g_array_index(score->pages, PageScore, PAGE);
}
static gboolean is_off_grid(const EditionScore *score) {
  return page_score(score)->baseline_error >= 690;
}
static gboolean overlaps(const EditionScore *score) {
  return page_score(score)->overlaps > 0;
}
static gboolean sticks_out(const EditionScore *score) {
  return page_score(score)->outside > 0;
}
static gboolean gapes(const EditionScore *score) {
  return page_score(score)->gap_max_permille > 2600 || score->words_missing > 0;
}
static gboolean has_bad_picture(const EditionScore *score) {
  return page_score(score)->crop_faults > 0;
}
static gboolean is_damaged(const EditionScore *score) {
  return page_score(score)->damage > 0 || score->words_missing > 0;
}

static const Wound WOUNDS[] = {
    {"words cut out", cut_words, misses_words},
    {"a line off the grid", lift_line, is_off_grid},
    {"a line over another", lay_over, overlaps},
    {"a line beyond the page", push_out, sticks_out},
    {"a gap torn open", tear_gap, gapes},
    {"a picture out of shape", stretch_picture, has_bad_picture},
    {"content that is nobody's", orphan_content, misses_words},
    {"a font that isn't there", lose_font, is_damaged},
};

static void test_wounds(void **state) {
  const Fixture *fixture = *state;
  g_autoptr(PdfReader) reader = pdf_reader_new(fixture->print->pdf, NULL);
  assert_non_null(reader);
  g_autofree char *content = content_of(reader, PAGE);
  g_autoptr(GBytes) same = with_content(fixture->print->pdf, PAGE, content);
  g_autoptr(EditionScore) whole = measure(fixture, fixture->print->pdf);
  g_autoptr(EditionScore) again = measure(fixture, same);
  g_autofree char *before = edition_score_text(whole);
  g_autofree char *after = edition_score_text(again);
  assert_string_equal(before, after); // the update alone changes nothing
  for (guint i = 0; i < G_N_ELEMENTS(WOUNDS); i++) {
    assert_false(WOUNDS[i].shows(whole));
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    WOUNDS[i].inflict(lines);
    g_autofree char *wounded = g_strjoinv("\n", lines);
    g_autoptr(GBytes) pdf = with_content(fixture->print->pdf, PAGE, wounded);
    g_autoptr(EditionScore) score = measure(fixture, pdf);
    g_autofree char *text = edition_score_text(score);
    print_message("%s\n%.320s", WOUNDS[i].name, text);
    g_autofree char *faults = edition_score_faults(score);
    assert_non_null(faults);
    if (!WOUNDS[i].shows(score)) {
      fail_msg("%s isn't seen", WOUNDS[i].name);
    }
  }
}

// ---- files that are none ----------------------------------------------------------------------

static void test_refused(void **state) {
  const Fixture *fixture = *state;
  static const char *const FILES[] = {
      "",
      "%PDF-1.7\n",
      "startxref\n0\n%%EOF\n",
      "startxref\n99999999\n%%EOF",
      "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
      "1 0 obj\n1 0 R\nendobj\nxref\n1 1\n0000000000 00000 n \ntrailer\n<</Root 1 0 R>>\n"
      "startxref\n23\n%%EOF\n"};
  for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(FILES[i], strlen(FILES[i]));
    assert_null(edition_score_measure(bytes, &fixture->job, &error));
    assert_true(g_error_matches(error, EDITION_ERROR, EDITION_ERROR_PDF));
  }
}

// Cut anywhere, with bytes changed anywhere: read as far as it goes, or refused.
static void test_scrambled(void **state) {
  const Fixture *fixture = *state;
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(fixture->print->pdf, &length);
  guint32 seed = 20261123;
  for (guint round = 0; round < 40; round++) {
    g_autofree guint8 *copy = g_memdup2(data, length);
    for (guint i = 0; i < 40; i++) {
      seed = seed * 1664525u + 1013904223u;
      gsize at = round % 4 == 3 ? length - 1 - (seed >> 8) % 4000 : seed % (length - 20000);
      copy[at] = (guint8)(seed >> 24);
    }
    gsize kept = round % 8 == 0 ? length - (seed >> 8) % 4000 : length;
    g_autoptr(GBytes) bytes = g_bytes_new(copy, kept);
    g_autoptr(EditionScore) score = edition_score_measure(bytes, &fixture->job, NULL);
    g_autofree char *faults = score != NULL ? edition_score_faults(score) : g_strdup("refused");
    print_message("round %u: %.40s\n", round, faults != NULL ? faults : "unharmed");
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "decoder") == 0) {
    return decoder_main(); // the renditioner starts this program for it
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_wounds),
      cmocka_unit_test(test_refused),
      cmocka_unit_test(test_scrambled),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
