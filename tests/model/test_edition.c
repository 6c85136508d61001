// SPDX-License-Identifier: Apache-2.0
//
// The names, numbers and hours of editions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "model/edition.h"
#include "model/edition_pages.h"

static void test_formats(void **state) {
  static const struct {
    const char *text;
    guint32 formats; // 0: refused
    const char *again;
    EditionFormat first;
  } CASES[] = {
      {"tabloid", 1, "tabloid", EDITION_TABLOID},
      {"phone, a4", 12, "a4,phone", EDITION_A4},
      {"berliner,berliner", 2, "berliner", EDITION_BERLINER},
      {"", 0, NULL, 0},
      {"tabloid,", 0, NULL, 0},
      {"Tabloid", 0, NULL, 0},
      {"broadsheet", 0, NULL, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    guint32 formats = 0;
    assert_int_equal(edition_parse_formats(CASES[i].text, &formats), CASES[i].formats != 0);
    assert_int_equal(formats, CASES[i].formats);
    if (formats != 0) {
      g_autofree char *again = edition_format_names(formats);
      assert_string_equal(again, CASES[i].again);
      assert_int_equal(edition_first_format(formats), CASES[i].first);
    }
  }
  assert_string_equal(edition_format_name(EDITION_FORMATS), "unknown");
}

static void test_identifier(void **state) {
  g_autofree char *one = edition_identifier("https://example.org", 20261123);
  g_autofree char *same = edition_identifier("https://example.org", 20261123);
  g_autofree char *other = edition_identifier("https://example.org", 20261124);
  assert_string_equal(one, same);
  assert_string_not_equal(one, other);
  assert_true(g_str_has_prefix(one, "urn:uuid:"));
  assert_true(g_uuid_string_is_valid(one + 9));
  assert_int_equal(one[9 + 14], '8'); // RFC 9562: made in a way of one's own
}

static void test_instant(void **state) {
  g_autoptr(EditionSettings) settings = edition_settings_new();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
  gint64 expected = 0;
  settings->days = 31; // Monday to Friday
  assert_true(clock_parse("2026-11-23T05:30:00+01:00", zone, &expected));
  assert_true(edition_instant(settings, 20261123, zone) == expected);
  assert_true(edition_instant(settings, 20261122, zone) == 0); // a Sunday
  assert_true(edition_instant(settings, 20261199, zone) == 0);
}

static void test_days(void **state) {
  static const struct {
    const char *text;
    gint32 day; // 0: none
  } CASES[] = {
      {"2026-11-23", 20261123}, {"2024-02-29", 20240229}, {"2026-02-29", 0},  {"2026-13-01", 0},
      {"2026-11-2", 0},         {"2026/11/23", 0},        {"2026-11-231", 0}, {"", 0},
      {"+026-11-23", 0}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    gint32 day = 0;
    assert_int_equal(edition_day_parse(CASES[i].text, &day), CASES[i].day != 0);
    assert_int_equal(day, CASES[i].day);
    if (day != 0) {
      g_autofree char *text = edition_day_text(day);
      assert_string_equal(text, CASES[i].text);
    }
  }
}

static void test_pages(void **state) {
  g_autoptr(EditionPages) pages = edition_pages_new(793701, 1218898);
  EditionPagesPage *front = edition_pages_add(pages, "1", "");
  EditionPagesBox box = {17, 1, 0, 2000, 300000, 40000};
  g_array_append_val(front->boxes, box);
  edition_pages_add(pages, "2", "Arts\t& \nmore");
  g_autofree char *text = edition_pages_write(pages);
  assert_string_equal(text, "edition 1 793701 1218898\npage 1\t\nbox 17 1 0 2000 300000 40000\n"
                            "page 2\tArts & "
                            " more\n");
  g_autoptr(EditionPages) again = edition_pages_read(slice_of(text));
  g_autofree char *same = edition_pages_write(again);
  assert_string_equal(same, text);
  static const char *const WRONG[] = {"",
                                      "edition 2 10 10\n",
                                      "edition 1 0 10\n",
                                      "edition 1 10\n",
                                      "edition 1 10 99999999999\n",
                                      "edition 1 10 10 10\n",
                                      "edition 1 10 10\nbox 1 0 0 0 1 1\n",
                                      "edition 1 10 10\npage 1\n",
                                      "edition 1 10 10\npage 1\t\nbox 1 0 0 0 1\n",
                                      "edition 1 10 10\npage 1\t\nbox 1 0 0 0 1 -1\n",
                                      "edition 1 10 10\npage 1\t\nbox 1 0 0 0 1 9999999999\n",
                                      "edition 1 10 10\nelse\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    assert_null(edition_pages_read(slice_of(WRONG[i])));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_formats), cmocka_unit_test(test_identifier),
      cmocka_unit_test(test_instant), cmocka_unit_test(test_days),
      cmocka_unit_test(test_pages),
  };
  return cmocka_run_group_tests_name("model/edition", tests, NULL, NULL);
}
