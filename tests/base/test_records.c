// SPDX-License-Identifier: Apache-2.0
//
// Records sorted in memory and through the temporary file, and CSV as it is written. Does not
// cover: a temporary folder that is full.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv_writer.h"
#include "base/record_sorter.h"

// Keys from a small set, so that many are the same; payloads tell the order in which they came.
static void check_sorting(guint count, gsize payload_bytes, guint keys) {
  g_autoptr(RecordSorter) sorter = record_sorter_new(0);
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  g_autofree char *payload = g_malloc0(payload_bytes);
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < count; i++) {
    char key[32];
    g_snprintf(key, sizeof key, "k%0*u", (int)(i % 12), g_rand_int(random) % keys);
    memcpy(payload, &i, sizeof i);
    assert_true(record_sorter_add(sorter, slice_of(key), (Slice){payload, payload_bytes}, &error));
  }
  assert_true(record_sorter_sort(sorter, &error));
  g_autoptr(GString) last = g_string_new("");
  guint last_place = 0;
  guint seen = 0;
  guint64 sum = 0;
  Slice key;
  Slice found;
  while (record_sorter_next(sorter, &key, &found, &error)) {
    guint place = 0;
    memcpy(&place, found.data, sizeof place);
    g_autofree char *text = slice_dup(key);
    int order = strcmp(last->str, text);
    assert_true(order <= 0);
    assert_true(seen == 0 || order < 0 || last_place < place);
    assert_int_equal(found.length, payload_bytes);
    g_string_assign(last, text);
    last_place = place;
    sum += place;
    seen++;
  }
  assert_null(error);
  assert_int_equal(seen, count);
  assert_int_equal(sum, (guint64)count * (count - 1) / 2);
}

static void test_sorting(void **state) {
  check_sorting(5000, 8, 300);    // all in memory
  check_sorting(60000, 300, 900); // a dozen runs
  check_sorting(40, 500000, 5);   // records larger than the runs' buffers
}

static void test_nothing_to_sort(void **state) {
  g_autoptr(RecordSorter) sorter = record_sorter_new(0);
  Slice key;
  Slice payload;
  assert_true(record_sorter_sort(sorter, NULL));
  assert_false(record_sorter_next(sorter, &key, &payload, NULL));
}

static void test_csv_writer(void **state) {
  static const struct {
    const char *value, *written;
  } CASES[] = {{"plain", "plain"},
               {"", ""},
               {"a,b", "\"a,b\""},
               {"say \"hi\"", "\"say \"\"hi\"\"\""},
               {"two\r\nlines", "\"two\r\nlines\""},
               {"=1+1", "\"'=1+1\""},
               {"+49 30", "\"'+49 30\""},
               {"-5", "\"'-5\""},
               {"@SUM(A1)", "\"'@SUM(A1)\""},
               {"\tx", "\"'\tx\""},
               {"\rx", "\"'\rx\""},
               {"\xEF\xBC\x9D"
                "1",
                "\"'\xEF\xBC\x9D"
                "1\""},
               {"'=1", "\"''=1\""},
               {"O'Neill", "O'Neill"},
               {"'quoted'", "'quoted'"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    CsvWriter csv;
    csv_begin(&csv, out);
    csv_text(&csv, CASES[i].value);
    csv_integer(&csv, -3);
    csv_end_row(&csv);
    g_autofree char *wanted = g_strconcat(CASES[i].written, ",-3\r\n", NULL);
    assert_string_equal(out->str, wanted);
  }
}

// What was guarded comes back, and nothing else loses an apostrophe.
static void test_csv_unguard(void **state) {
  static const char *const CASES[] = {"=1",       "'=1",          "''=1", "O'Neill",
                                      "'quoted'", "+a@b.example", ""};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    CsvWriter csv;
    csv_begin(&csv, out);
    csv_text(&csv, CASES[i]);
    Slice written = {out->str, out->len};
    if (slice_starts_with(written, "\"")) {
      written = slice_range(written, 1, written.length - 2);
    }
    Slice back = csv_unguard(written);
    assert_true(slice_equal_text(back, CASES[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sorting),
      cmocka_unit_test(test_nothing_to_sort),
      cmocka_unit_test(test_csv_writer),
      cmocka_unit_test(test_csv_unguard),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
