// SPDX-License-Identifier: Apache-2.0
//
// The rules of segments: what is understood, and what the errors say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "model/segment.h"

static void test_rules(void **state) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Berlin");
  g_autoptr(GError) error = NULL;
  g_autoptr(SegmentRules) rules = segment_rules_parse(
      "section politics  sport; since 2026-01-01;\nbefore 2026-06-01; active 90d; newsletter "
      "breaking;",
      zone, &error);
  assert_null(error);
  assert_int_equal(g_strv_length(rules->sections), 2);
  assert_string_equal(rules->sections[0], "politics");
  assert_string_equal(rules->sections[1], "sport");
  assert_int_equal(g_strv_length(rules->newsletters), 1);
  assert_string_equal(rules->newsletters[0], "breaking");
  g_autofree char *since = clock_format_rfc3339(rules->since, zone),
                  *before = clock_format_rfc3339(rules->before, zone);
  assert_string_equal(since, "2026-01-01T00:00:00+01:00");
  assert_string_equal(before, "2026-06-01T00:00:00+02:00");
  assert_int_equal(rules->active_days, 90);
}

static void test_nothing_asked(void **state) {
  static const char *const TEXTS[] = {"", " ", ";;", "\n\n"};
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
    g_autoptr(SegmentRules) rules = segment_rules_parse(TEXTS[i], zone, NULL);
    assert_non_null(rules);
    assert_non_null(rules->sections);
    assert_null(rules->sections[0]);
    assert_null(rules->newsletters[0]);
    assert_int_equal(rules->since, 0);
    assert_int_equal(rules->active_days, 0);
  }
}

static void test_errors(void **state) {
  static const struct {
    const char *rules, *says;
  } CASES[] = {
      {"section", "section politics sport"},
      {"section politics, sport", "without commas"},
      {"section politics; section sport", "stands twice"},
      {"newsletter", "say which"},
      {"sectoin politics", "did you mean 'section'"},
      {"zebra", "there are section, newsletter"},
      {"since", "one date"},
      {"since 2026-02-30", "one date"},
      {"since 1.2.2026", "one date"},
      {"since 2026-01-01 2026-02-01", "one date"},
      {"since 2026-01-01; since 2026-01-02", "stands twice"},
      {"since 2026-06-01; before 2026-06-01", "no day"},
      {"active", "active 90d"},
      {"active 90", "active 90d"},
      {"active 0d", "active 90d"},
      {"active -1d", "active 90d"},
      {"active 99999999999999999999d", "active 90d"},
      {"active 5d; active 6d", "stands twice"},
      {"section a\xff", "UTF-8"},
  };
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SegmentRules) rules = segment_rules_parse(CASES[i].rules, zone, &error);
    assert_null(rules);
    assert_true(g_error_matches(error, SEGMENT_ERROR, SEGMENT_ERROR_RULE));
    if (strstr(error->message, CASES[i].says) == NULL) {
      fail_msg("'%s': %s", CASES[i].rules, error->message);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rules),
      cmocka_unit_test(test_nothing_asked),
      cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
