// SPDX-License-Identifier: Apache-2.0
//
// When newsletters go out: days and minutes as people write them, and the instants that come of
// them where clocks change.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "model/newsletter.h"

static void test_instants(void **state) {
  static const struct {
    const char *zone;
    gint32 day, minute;
    const char *instant; // NULL: not on that day
  } CASES[] = {
      {"UTC", 20261123, 390, "2026-11-23T06:30:00Z"},
      {"Europe/Berlin", 20261123, 390, "2026-11-23T05:30:00Z"},
      {"Europe/Berlin", 20260701, 390, "2026-07-01T04:30:00Z"},
      // 02:00 becomes 03:00 on 29 March: what is skipped is the first after the gap.
      {"Europe/Berlin", 20260329, 119, "2026-03-29T00:59:00Z"},
      {"Europe/Berlin", 20260329, 120, "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", 20260329, 150, "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", 20260329, 179, "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", 20260329, 180, "2026-03-29T01:00:00Z"},
      {"Europe/Berlin", 20260329, 181, "2026-03-29T01:01:00Z"},
      {"Europe/Berlin", 20260329, 0, "2026-03-28T23:00:00Z"},
      {"Europe/Berlin", 20260329, 390, "2026-03-29T04:30:00Z"},
      // 03:00 becomes 02:00 on 25 October: what comes twice is the first.
      {"Europe/Berlin", 20261025, 119, "2026-10-24T23:59:00Z"},
      {"Europe/Berlin", 20261025, 120, "2026-10-25T00:00:00Z"},
      {"Europe/Berlin", 20261025, 150, "2026-10-25T00:30:00Z"},
      {"Europe/Berlin", 20261025, 179, "2026-10-25T00:59:00Z"},
      {"Europe/Berlin", 20261025, 180, "2026-10-25T02:00:00Z"},
      {"America/New_York", 20260308, 150, "2026-03-08T07:00:00Z"},
      {"America/New_York", 20260308, 60, "2026-03-08T06:00:00Z"},
      {"America/New_York", 20261101, 90, "2026-11-01T05:30:00Z"},
      {"America/New_York", 20261101, 120, "2026-11-01T07:00:00Z"},
      {"America/New_York", 20261101, 1439, "2026-11-02T04:59:00Z"},
      // Half an hour: 02:00 becomes 02:30 on 4 October, and 01:30 on 5 April.
      {"Australia/Lord_Howe", 20261004, 119, "2026-10-03T15:29:00Z"},
      {"Australia/Lord_Howe", 20261004, 135, "2026-10-03T15:30:00Z"},
      {"Australia/Lord_Howe", 20261004, 150, "2026-10-03T15:30:00Z"},
      {"Australia/Lord_Howe", 20260405, 89, "2026-04-04T14:29:00Z"},
      {"Australia/Lord_Howe", 20260405, 105, "2026-04-04T14:45:00Z"},
      {"Australia/Lord_Howe", 20260405, 120, "2026-04-04T15:30:00Z"},
      {"Pacific/Kiritimati", 20260101, 0, "2025-12-31T10:00:00Z"},
      {"Asia/Kathmandu", 20260101, 390, "2026-01-01T00:45:00Z"},
      {"UTC", 20260230, 390, NULL},
      {"UTC", 20261301, 390, NULL},
      {"UTC", 0, 390, NULL},
      {"UTC", -20260101, 390, NULL},
      {"UTC", 20240229, 0, "2024-02-29T00:00:00Z"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(Newsletter) newsletter = newsletter_new();
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(CASES[i].zone);
    assert_non_null(zone);
    newsletter->send_minute = CASES[i].minute;
    gint64 expected = 0, actual = newsletter_instant(newsletter, CASES[i].day, zone);
    if (CASES[i].instant != NULL) {
      assert_true(clock_parse(CASES[i].instant, zone, &expected));
    }
    if (actual != expected) {
      g_autofree char *shown = clock_format_rfc3339(actual, zone);
      fail_msg("case %zu: %s instead of %s", i, shown, CASES[i].instant);
    }
  }
}

static void test_weekdays(void **state) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  for (guint day = 0; day < 7; day++) {
    g_autoptr(Newsletter) newsletter = newsletter_new();
    newsletter->send_days = 1U << day;
    for (guint other = 0; other < 7; other++) { // 23 November 2026 is a Monday
      gint64 instant = newsletter_instant(newsletter, (gint32)(20261123 + other), zone);
      assert_int_equal(instant != 0, day == other);
    }
  }
}

static void test_minutes(void **state) {
  static const struct {
    const char *text;
    gint32 minute; // -1: refused
  } CASES[] = {{"06:30", 390}, {"6:30", 390}, {"00:00", 0},  {"23:59", 1439}, {"24:00", -1},
               {"12:60", -1},  {"6:3", -1},   {"0630", -1},  {"", -1},        {":30", -1},
               {"006:30", -1}, {"6:30 ", -1}, {"-6:30", -1}, {"6:+3", -1},    {"06:30:00", -1}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    gint32 minute = -1;
    assert_int_equal(newsletter_parse_minute(CASES[i].text, &minute), CASES[i].minute >= 0);
    assert_int_equal(minute, CASES[i].minute);
  }
}

static void test_days(void **state) {
  static const struct {
    const char *text;
    guint32 days;
    const char *formatted; // NULL: refused
  } CASES[] = {
      {"daily", 127, "daily"},
      {"mon-fri", 31, "mon-fri"},
      {"Mon-Fri", 31, "mon-fri"},
      {"mon,wed,sun", 1 | 4 | 64, "mon,wed,sun"},
      {" sat , sun ", 96, "sat,sun"},
      {"sat-mon", 97, "mon,sat,sun"},
      {"mon-sun", 127, "daily"},
      {"wed", 4, "wed"},
      {"wed-wed", 4, "wed"},
      {"mon-wed,fri-sun", 1 | 2 | 4 | 16 | 32 | 64, "mon-wed,fri-sun"},
      {"", 0, NULL},
      {"mon,", 0, NULL},
      {",mon", 0, NULL},
      {"mo", 0, NULL},
      {"mon-", 0, NULL},
      {"mon-fri-sun", 0, NULL},
      {"monday", 0, NULL},
      {"mon wed", 0, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    guint32 days = 0;
    if (newsletter_parse_days(CASES[i].text, &days) != (CASES[i].formatted != NULL)) {
      fail_msg("days '%s'", CASES[i].text);
    }
    if (CASES[i].formatted != NULL) {
      g_autofree char *formatted = newsletter_format_days(days);
      assert_int_equal(days, CASES[i].days);
      assert_string_equal(formatted, CASES[i].formatted);
    }
  }
  for (guint32 days = 1; days < 128; days++) {
    g_autofree char *text = newsletter_format_days(days);
    guint32 back = 0;
    assert_true(newsletter_parse_days(text, &back));
    assert_int_equal(back, days);
  }
}

static void test_kinds(void **state) {
  for (int kind = NEWSLETTER_DAILY; kind <= NEWSLETTER_EDITION; kind++) {
    NewsletterKind back = NEWSLETTER_EDITION;
    assert_true(newsletter_kind_parse(newsletter_kind_name((NewsletterKind)kind), &back));
    assert_int_equal(back, kind);
  }
  NewsletterKind kind;
  assert_false(newsletter_kind_parse("weekly", &kind));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_instants), cmocka_unit_test(test_weekdays),
      cmocka_unit_test(test_minutes),  cmocka_unit_test(test_days),
      cmocka_unit_test(test_kinds),
  };
  return cmocka_run_group_tests_name("newsletter", tests, NULL, NULL);
}
