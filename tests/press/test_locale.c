// SPDX-License-Identifier: Apache-2.0
//
// Words, plurals, numbers and dates of the three complete languages, and that no language
// lacks a key. Reads the locale files of the theme in the binary.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "press/plural.h"
#include "press/press.h"

static Press *press;

static int open_press(void **state) {
  press = press_new(NULL, NULL);
  return press == NULL;
}

static int close_press(void **state) {
  press_free(press);
  return 0;
}

static const Locale *locale_of(const char *tag) {
  return press_language(press, tag)->locale;
}

static gint64 instant_of(const char *text) {
  gint64 instant = 0;
  assert_true(clock_parse(text, NULL, &instant));
  return instant;
}

static void test_tags(void **state) {
  assert_string_equal(locale_language(locale_of("de-AT")), "de");
  assert_string_equal(locale_language(locale_of("DE")), "de");
  assert_string_equal(locale_language(locale_of("ar-Arab-EG")), "ar");
  assert_string_equal(locale_language(locale_of("tlh")), "en");
  assert_string_equal(locale_language(locale_of("")), "en");
}

// A key of English's that another language lacks would fall back to the English word.
static void test_complete(void **state) {
  static const char *const OTHERS[] = {"de", "ar"};
  for (gsize i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
    guint same = 0;
    for (const char *const *key = locale_word_keys(locale_of("en")); *key != NULL; key++) {
      const char *english = locale_word(locale_of("en"), *key);
      const char *word = locale_word(locale_of(OTHERS[i]), *key);
      assert_true(*word != '\0');
      same += strcmp(english, word) == 0 ? 1 : 0;
      const char *open = strchr(english, '{');
      if (open != NULL) {
        g_autofree char *name = g_strndup(open, strcspn(open, "}") + 1);
        assert_non_null(strstr(word, name));
      }
    }
    // RSS, Atom, JSON Feed, German's “Feeds” and its comma are the same everywhere
    assert_true(same <= 5);
  }
}

static void test_plural_forms(void **state) {
  static const struct {
    const char *language;
    gint64 number;
    PluralForm form;
  } CASES[] = {{"en", 0, PLURAL_OTHER},   {"en", 1, PLURAL_ONE},      {"de", 2, PLURAL_OTHER},
               {"fr", 0, PLURAL_ONE},     {"fr-CA", 2, PLURAL_OTHER}, {"ar", 0, PLURAL_ZERO},
               {"ar", 1, PLURAL_ONE},     {"ar", 2, PLURAL_TWO},      {"ar", 3, PLURAL_FEW},
               {"ar", 10, PLURAL_FEW},    {"ar", 11, PLURAL_MANY},    {"ar", 99, PLURAL_MANY},
               {"ar", 100, PLURAL_OTHER}, {"ar", 102, PLURAL_OTHER},  {"ar", 103, PLURAL_FEW},
               {"ru", 21, PLURAL_ONE},    {"ru", 11, PLURAL_MANY},    {"ru", 22, PLURAL_FEW},
               {"pl", 1, PLURAL_ONE},     {"pl", 21, PLURAL_MANY},    {"pl", 22, PLURAL_FEW},
               {"ja", 1, PLURAL_OTHER},   {"xx", 1, PLURAL_ONE},      {"lt", 11, PLURAL_OTHER}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    assert_int_equal(plural_form(CASES[i].language, CASES[i].number), CASES[i].form);
  }
}

static void test_counts(void **state) {
  static const struct {
    const char *language;
    gint64 number;
    const char *text;
  } CASES[] = {{"en", 1, "1 story"},
               {"en", 12345, "12,345 stories"},
               {"de", 1, "1 Beitrag"},
               {"de", 9999, "9999 Beiträge"},
               {"de", 10000, "10.000 Beiträge"},
               {"ar", 2, "مادتان"},
               {"ar", 5, "5 مواد"},
               {"ar", 11, "11 مادة"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *text = locale_count(locale_of(CASES[i].language), "stories", CASES[i].number);
    assert_string_equal(text, CASES[i].text);
  }
}

static void test_dates(void **state) {
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier("Europe/Berlin");
  g_autoptr(GTimeZone) riyadh = g_time_zone_new_identifier("Asia/Riyadh");
  gint64 winter = instant_of("2026-11-23T08:30:00Z");
  gint64 summer = instant_of("2026-07-01T22:05:00Z");
  g_autofree char *long_date = locale_date_long(locale_of("en"), winter, berlin);
  assert_string_equal(long_date, "Monday, 23 November 2026");
  g_autofree char *time = locale_time(locale_of("en"), winter, berlin);
  assert_string_equal(time, "9.30am CET");
  g_autofree char *midnight = locale_date_time(locale_of("en"), summer, berlin);
  assert_string_equal(midnight, "2 July 2026, 12.05am CEST");
  g_autofree char *german = locale_date_time(locale_of("de"), summer, berlin);
  assert_string_equal(german, "2. Juli 2026, 0.05 Uhr (MESZ)");
  g_autofree char *short_date = locale_date_short(locale_of("de"), winter, berlin);
  assert_string_equal(short_date, "23. Nov. 2026");
  g_autofree char *arabic = locale_time(locale_of("ar"), winter, riyadh);
  assert_string_equal(arabic, "11:30 UTC+03");
  g_autofree char *month = locale_month(locale_of("ar"), 2026, 11);
  assert_string_equal(month, "نوفمبر 2026");
}

static void test_lists(void **state) {
  static const char *const NAMES[] = {"A", "B", "C"};
  g_autofree char *three = locale_join(locale_of("en"), NAMES, 3);
  assert_string_equal(three, "A, B and C");
  g_autofree char *two = locale_join(locale_of("de"), NAMES, 2);
  assert_string_equal(two, "A und B");
  g_autofree char *one = locale_join(locale_of("en"), NAMES, 1);
  assert_string_equal(one, "A");
}

// The calendar against GLib's, over leap years, centuries and before 1970.
static void test_calendar(void **state) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  for (gint64 day = -40000; day < 60000; day += 17) {
    gint64 instant = (day * 86400 + 3601 * (day & 15)) * G_USEC_PER_SEC;
    Civil civil = civil_of(instant, zone);
    char ours[CIVIL_RFC3339_SIZE];
    civil_write_rfc3339(&civil, ours);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(instant / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    g_autofree char *date = g_date_time_format(local, "%Y-%m-%dT%H:%M:%S");
    assert_memory_equal(ours, date, strlen(date));
    assert_int_equal(civil.weekday, g_date_time_get_day_of_week(local));
    Civil again = civil_of_day(civil_day(&civil));
    assert_int_equal(again.weekday, civil.weekday);
  }
  assert_int_equal(civil_days_in_month(2024, 2), 29);
  assert_int_equal(civil_days_in_month(2100, 2), 28);
  assert_int_equal(civil_days_in_month(2026, 12), 31);
}

static void test_bad_files(void **state) {
  static const struct {
    const char *text, *says;
  } CASES[] = {
      {"[language", "x.ini"},
      {"[language]\ncode=xx\n", "digits"},
      {"[language]\ncode=xx\ndigits=roman\ngroup=,\nlist-comma=a\nlist-last=a\nlist-pair=a\n",
       "digits"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    assert_null(locale_parse("x.ini", slice_of(CASES[i].text), NULL, &error));
    assert_non_null(strstr(error->message, CASES[i].says));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tags),         cmocka_unit_test(test_complete),
      cmocka_unit_test(test_plural_forms), cmocka_unit_test(test_counts),
      cmocka_unit_test(test_dates),        cmocka_unit_test(test_lists),
      cmocka_unit_test(test_calendar),     cmocka_unit_test(test_bad_files),
  };
  return cmocka_run_group_tests(tests, open_press, close_press);
}
