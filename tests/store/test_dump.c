// SPDX-License-Identifier: Apache-2.0
//
// Dumping and loading all rows, on both engines: everything comes back as it was, damaged rows
// are refused, and no table or column of the database is forgotten. Across engines:
// tests/system/test_backup.py.
#include "store/dump.h"

#include <string.h>

#include "base/clock.h"
#include "tests/store/newspaper.h"

static gboolean collect(Slice encoded, gpointer data, GError **error) {
  g_string_append_len(data, encoded.data, (gssize)encoded.length);
  return TRUE;
}

static GPtrArray *dump_all(StoreTransaction *transaction) {
  GPtrArray *tables = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < dump_table_count(); i++) {
    g_autoptr(GError) error = NULL;
    GString *rows = g_string_new(NULL);
    newspaper_must(dump_write(transaction, i, collect, rows, &error), &error);
    g_ptr_array_add(tables, g_string_free(rows, FALSE));
  }
  return tables;
}

static gint64 count_lines(const char *rows) {
  gint64 count = 0;
  for (const char *at = rows; *at != '\0'; at++) {
    count += *at == '\n';
  }
  return count;
}

static void fill(Newspaper *paper, StoreTransaction *transaction) {
  for (int i = 0; i < 520; i++) { // more than one fetch of a cursor
    g_autofree char *headline = g_strdup_printf("Grüße t3:%d aus Łódź", i);
    g_autoptr(Story) story = newspaper_story(paper, headline, i * CLOCK_SECOND);
    newspaper_insert(paper, transaction, story);
  }
}

static void test_everything_comes_back(void **state) {
  Newspaper *paper = *state;
  g_autoptr(GError) error = NULL;
  fill(paper, newspaper_write(paper));
  newspaper_must(store_commit(&paper->transaction, &error), &error);
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(GPtrArray) before = dump_all(transaction);
  newspaper_must(dump_empty(transaction, &error), &error);
  gboolean empty = FALSE;
  newspaper_must(dump_is_empty(transaction, &empty, &error), &error);
  assert_true(empty);
  for (guint i = 0; i < dump_table_count(); i++) {
    const char *rows = g_ptr_array_index(before, i);
    gint64 count = dump_read(transaction, i, slice_of(rows), &error);
    newspaper_must(count >= 0, &error);
    assert_int_equal(count, dump_count_rows(transaction, i, &error));
    assert_true(count <= count_lines(rows));
  }
  newspaper_must(dump_finish(transaction, &error), &error);
  g_autoptr(GPtrArray) after = dump_all(transaction);
  for (guint i = 0; i < dump_table_count(); i++) {
    assert_string_equal(g_ptr_array_index(before, i), g_ptr_array_index(after, i));
  }
  gint64 total = 0;
  g_autoptr(GPtrArray) found = story_rows_search(transaction, "grüße", 0, 10, &total, &error);
  newspaper_must(found != NULL, &error);
  assert_int_equal(total, 520);
  // The next number follows the largest.
  g_autoptr(Story) next = newspaper_story(paper, "Next", 0);
  gint64 largest = story_rows_max_id(transaction, &error);
  assert_int_equal(newspaper_insert(paper, transaction, next), largest + 1);
}

static void test_no_table_is_forgotten(void **state) {
  Newspaper *paper = *state;
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, &error);
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DUMP_KNOWN_TABLES, STORE_NO_VALUES, &error);
  newspaper_must(rows != NULL, &error);
  guint known = 0;
  while (store_rows_next(rows, &error)) {
    guint i = 0;
    while (i < dump_table_count() && strcmp(dump_table_name(i), store_row_text(rows, 0)) != 0) {
      i++;
    }
    if (i == dump_table_count()) {
      fail_msg("table %s is not in src/store/dump.c", store_row_text(rows, 0));
    }
    if ((gint64)strlen(dump_table_types(i)) != store_row_integer(rows, 1)) {
      fail_msg("table %s has columns that are not in src/store/dump.c", store_row_text(rows, 0));
    }
    known++;
  }
  assert_int_equal(known, dump_table_count());
}

static void test_damaged_rows(void **state) {
  static const struct {
    const char *row;
    gboolean right;
  } CASES[] = {
      {"i1;t2:ab\n", TRUE},
      {"nn\n", TRUE},
      {"i-5;t0:\n", TRUE},
      {"i9223372036854775807;t0:\n", TRUE},
      {"", FALSE},
      {"\n", FALSE},
      {"i1;t3:ab\n", FALSE},
      {"i1;t2:ab", FALSE},
      {"t1:ai1;\n", FALSE},
      {"i1;t2:ab;\n", FALSE},
      {"i;t0:\n", FALSE},
      {"i9223372036854775808;t0:\n", FALSE},
      {"i1", FALSE},
      {"i1;t-1:\n", FALSE},
      {"i1;t1:\xff\n", FALSE},
      {"i1;t99999999999999999999:a\n", FALSE},
      {"i+1;n\n", FALSE},
      {"i1;t2147483647:a\n", FALSE},
      {"x1;n\n", FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    Slice rest = slice_of(CASES[i].row);
    StoreValue values[2];
    if (dump_decode_row(&rest, "it", values) != CASES[i].right) {
      fail_msg("row %zu", i);
    }
    assert_true(!CASES[i].right || rest.length == 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_everything_comes_back, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_no_table_is_forgotten, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_damaged_rows, newspaper_set_up, newspaper_tear_down),
  };
  return newspaper_run("dump", tests, G_N_ELEMENTS(tests));
}
