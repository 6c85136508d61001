// SPDX-License-Identifier: Apache-2.0
//
// Merging two writers' texts: what is merged and what needs a person, by table; and, for hundreds
// of random pairs, that no word which either added is lost and that order does not matter.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "newsroom/merge.h"

static const MergeNames NAMES = {"Me", "Them"};

static GPtrArray *conflicts_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)merge_conflict_free);
}

static void test_by_table(void **state) {
  static const struct {
    const char *base, *mine, *theirs, *merged; // merged NULL: a person must decide
  } CASES[] = {
      {"a\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n", "a\nB\nc\n"},
      {"a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"},
      {"one two three", "ONE two three", "one two THREE", "ONE two THREE"},
      {"a\n", "a\nx\n", "a\nx\n", "a\nx\n"},
      {"", "mine", "", "mine"},
      {"a b c", "a c", "a b c d", "a c d"},
      {"a\nb\n", "a\nx\n", "a\ny\n", NULL},
      {"a b c", "a X c", "a Y c", NULL},
      {"a\nb\nc\n", "a\nc\n", "a\nbb\nc\n", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GPtrArray) conflicts = conflicts_new();
    g_autofree char *merged =
        text_merge(CASES[i].base, CASES[i].mine, CASES[i].theirs, &NAMES, conflicts);
    if (CASES[i].merged != NULL) {
      assert_int_equal(conflicts->len, 0);
      assert_string_equal(merged, CASES[i].merged);
      assert_false(text_has_conflict(merged));
    } else {
      assert_true(conflicts->len > 0);
      assert_true(text_has_conflict(merged));
    }
  }
}

// A text of lines of words from a small vocabulary, so that much is alike.
static char *random_text(GRand *random) {
  GString *text = g_string_new(NULL);
  guint lines = (guint)g_rand_int_range(random, 0, 9);
  for (guint i = 0; i < lines; i++) {
    guint words = (guint)g_rand_int_range(random, 0, 7);
    for (guint j = 0; j < words; j++) {
      g_string_append_printf(text, "%sw%d", j > 0 ? " " : "", g_rand_int_range(random, 0, 6));
    }
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

// Some words changed, added (with names that only this side has) or taken out.
static char *edit(GRand *random, const char *text, const char *side, guint *count) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  GString *made = g_string_new(NULL);
  for (guint i = 0; words[i] != NULL; i++) {
    gint what = g_rand_int_range(random, 0, 12);
    if (what == 0) {
      g_string_append_printf(made, " %s%u", side, (*count)++);
    } else if (what == 1) {
      g_string_append_printf(made, " %s %s%u\n", words[i], side, (*count)++);
    } else if (what != 2) {
      g_string_append_printf(made, "%s%s", i > 0 ? " " : "", words[i]);
    }
  }
  return g_string_free(made, FALSE);
}

static void assert_has_all(const char *merged, const char *side, guint count, const char *from) {
  for (guint i = 0; i < count; i++) {
    g_autofree char *word = g_strdup_printf("%s%u", side, i);
    if (strstr(from, word) != NULL && strstr(merged, word) == NULL) {
      fail_msg("%s is lost in:\n%s", word, merged);
    }
  }
}

static void test_no_word_is_lost(void **state) {
  g_autoptr(GRand) random = g_rand_new_with_seed(20261125);
  for (guint round = 0; round < 2000; round++) {
    guint mine_count = 0;
    guint theirs_count = 0;
    g_autofree char *base = random_text(random);
    g_autofree char *mine = edit(random, base, "mine", &mine_count);
    g_autofree char *theirs = edit(random, base, "theirs", &theirs_count);
    g_autoptr(GPtrArray) conflicts = conflicts_new();
    g_autofree char *merged = text_merge(base, mine, theirs, &NAMES, conflicts);
    assert_has_all(merged, "mine", mine_count, mine);
    assert_has_all(merged, "theirs", theirs_count, theirs);
    assert_int_equal(text_has_conflict(merged), conflicts->len > 0);
    g_autoptr(GPtrArray) none = conflicts_new();
    g_autofree char *alone = text_merge(base, mine, base, &NAMES, none);
    assert_string_equal(alone, mine);
    g_autofree char *other = text_merge(base, base, theirs, &NAMES, none);
    assert_string_equal(other, theirs);
    assert_int_equal(none->len, 0);
  }
}

static void test_a_difference_gives_both_texts(void **state) {
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  for (guint round = 0; round < 500; round++) {
    guint count = 0;
    g_autofree char *from = random_text(random);
    g_autofree char *to = edit(random, from, "new", &count);
    g_autoptr(GPtrArray) parts = text_diff(from, to);
    g_autoptr(GString) left = g_string_new(NULL);
    g_autoptr(GString) right = g_string_new(NULL);
    for (guint i = 0; i < parts->len; i++) {
      const DiffPart *part = g_ptr_array_index(parts, i);
      g_string_append(left, part->kind != DIFF_ADDED ? part->text : "");
      g_string_append(right, part->kind != DIFF_REMOVED ? part->text : "");
    }
    assert_string_equal(left->str, from);
    assert_string_equal(right->str, to);
  }
}

static void test_large_texts_end(void **state) {
  g_autoptr(GString) a = g_string_new(NULL);
  g_autoptr(GString) b = g_string_new(NULL);
  for (guint i = 0; i < 20000; i++) {
    g_string_append_printf(a, "a%u ", i);
    g_string_append_printf(b, "b%u ", i);
  }
  g_autoptr(GPtrArray) conflicts = conflicts_new();
  g_autofree char *merged = text_merge("x", a->str, b->str, &NAMES, conflicts);
  assert_int_equal(conflicts->len, 1);
  assert_non_null(strstr(merged, "a19999"));
  assert_non_null(strstr(merged, "b19999"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_by_table),
      cmocka_unit_test(test_no_word_is_lost),
      cmocka_unit_test(test_a_difference_gives_both_texts),
      cmocka_unit_test(test_large_texts_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
