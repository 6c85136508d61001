// SPDX-License-Identifier: Apache-2.0
//
// Hyphenation by Debian's patterns: points as libhyphen gives them (compared word by word when the
// code was written: 20,000 of each of six languages), the choice of the file by the language, and
// what is asked for where there is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "edition/hyphenation.h"

static void test_words(void **state) {
  static const struct {
    const char *language, *word;
  } WORDS[] = {
      {"en", "hy-phen-ation"},
      {"en", "gov-ern-ment"},
      {"en-GB", "gov-ern-ment"},
      {"en-US", "in-fra-struc-ture"},
      {"en", "the"},
      {"en", "Com-mis-sion"},
      {"de", "Ha-fen-brü-cke"},
      {"de-AT", "Über-ra-schun-gen"},
      {"de", "Do-nau-dampf-schiff-fahrt"},
      {"fr", "gou-ver-ne-ment"},
      {"fr", "élec-tri-cité"},
      {"es", "go-bierno"},
      {"it", "uni-ver-si-taria"},
      {"ru", "пра-ви-тельство"},
      {"xx", "nothing"},
      {"ar", "السلام"},
  };
  g_autoptr(Hyphenation) hyphenation = hyphenation_new();
  for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    g_auto(GStrv) parts = g_strsplit(WORDS[i].word, "-", -1);
    g_autofree char *word = g_strjoinv("", parts);
    guint8 points[HYPHENATION_MAX_WORD + 1];
    guint count = hyphenation_points(hyphenation, WORDS[i].language, word, strlen(word), points);
    g_autoptr(GString) found = g_string_new(NULL);
    guint from = 0;
    for (guint j = 0; j < count; j++) {
      g_string_append_printf(found, "%.*s-", (int)(points[j] - from), word + from);
      from = points[j];
    }
    g_string_append(found, word + from);
    assert_string_equal(found->str, WORDS[i].word);
  }
}

static void test_languages(void **state) {
  static const struct {
    const char *language, *package;
  } LANGUAGES[] = {{"en", "hyphen-en-us"}, {"en-NZ", "hyphen-en-gb"},
                   {"pt", "hyphen-pt-pt"}, {"pt-BR", "hyphen-pt-br"},
                   {"sv-SE", "hyphen-sv"}, {"ar-EG", NULL},
                   {"zh-Hant-TW", NULL},   {"", NULL}};
  g_autoptr(Hyphenation) hyphenation = hyphenation_new();
  for (guint i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
    g_autofree char *package = hyphenation_package(LANGUAGES[i].language);
    assert_int_equal(g_strcmp0(package, LANGUAGES[i].package), 0);
  }
  assert_true(hyphenation_has(hyphenation, "de-CH"));
  assert_true(hyphenation_has(hyphenation, "de-Latn-DE"));
  assert_false(hyphenation_has(hyphenation, "tlh"));
  assert_false(hyphenation_has(hyphenation, "../../etc/passwd"));
  guint8 points[HYPHENATION_MAX_WORD + 1];
  char endless[HYPHENATION_MAX_WORD * 2];
  memset(endless, 'n', sizeof endless);
  assert_int_equal(hyphenation_points(hyphenation, "en", endless, sizeof endless, points), 0);
  assert_int_equal(hyphenation_points(hyphenation, "en", endless, 4, points), 0);
  assert_int_equal(hyphenation_points(hyphenation, "en", "", 0, points), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_words),
      cmocka_unit_test(test_languages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
