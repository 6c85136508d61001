// SPDX-License-Identifier: Apache-2.0
//
// The ground: slices, writers, times, slugs. Does not cover: the log, the system clock.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/fingerprint.h"
#include "base/html_writer.h"
#include "base/json_writer.h"
#include "base/secret.h"
#include "base/text.h"

static void test_html_escapes(void **state) {
  g_autoptr(GString) out = g_string_new(NULL);
  html_write_text(out, "a<b>&\"'\x01z");
  assert_string_equal(out->str, "a&lt;b&gt;&amp;&quot;&#39;\xEF\xBF\xBDz");
}

static void test_json(void **state) {
  g_autoptr(GString) out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  json_string_member(&json, "a", "</script>\xE2\x80\xA8\"\\\n");
  json_string_member(&json, "none", "");
  json_name(&json, "list");
  json_array(&json);
  json_integer(&json, 1);
  json_object(&json);
  json_end_object(&json);
  json_null(&json);
  json_end_array(&json);
  json_boolean_member(&json, "b", TRUE);
  json_end_object(&json);
  assert_string_equal(
      out->str,
      "{\"a\":\"\\u003c/script\\u003e\\u2028\\\"\\\\\\n\",\"list\":[1,{},null],\"b\":true}");
}

// Each byte in the midst of plain ones, so that no table of special bytes has a hole.
static void test_each_byte(void **state) {
  static const char WANTED_HTML[] = "&<>\"'";
  for (guint byte = 1; byte < 0x80; byte++) {
    const char text[] = {'a', 'b', (char)byte, 'c', '\0'};
    g_autoptr(GString) html = g_string_new(NULL);
    html_write_text(html, text);
    gboolean plain = (byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r') &&
                     strchr(WANTED_HTML, (int)byte) == NULL;
    assert_int_equal(strcmp(html->str, text) == 0, plain);
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json;
    json_begin(&json, out);
    json_string(&json, text);
    g_autofree char *quoted = g_strdup_printf("\"%s\"", text);
    plain = byte >= 0x20 && byte != 0x7F && strchr("\"\\<>&", (int)byte) == NULL;
    assert_int_equal(strcmp(out->str, quoted) == 0, plain);
    assert_true(g_str_has_prefix(out->str, "\"ab") && g_str_has_suffix(out->str, "c\""));
  }
  g_autoptr(GString) out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_string(&json, "€\xE2\x80\xA8€\xE2\x80\xA9–<€");
  assert_string_equal(out->str, "\"€\\u2028€\\u2029–\\u003c€\"");
  g_autoptr(GString) html = g_string_new(NULL);
  html_write_text(html, "\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBF\xBFｚ<ｚ");
  assert_string_equal(html->str, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDｚ&lt;ｚ");
}

static void test_times(void **state) {
  gint64 instant = 0;
  g_autoptr(GTimeZone) berlin = g_time_zone_new_identifier("Europe/Berlin");
  assert_true(clock_parse("2026-11-23T09:30:00+01:00", NULL, &instant));
  g_autofree char *rfc5322 = clock_format_rfc5322(instant);
  assert_string_equal(rfc5322, "Mon, 23 Nov 2026 08:30:00 +0000");
  gint64 again = 0;
  assert_true(clock_parse_rfc5322(rfc5322, &again));
  assert_int_equal(instant, again);
  assert_true(clock_parse_rfc5322("Mon, 23 Nov 26 03:30 EST", &again));
  assert_int_equal(instant, again);
  assert_true(clock_parse("2026-11-23 09:30", berlin, &again));
  assert_int_equal(instant, again);
  g_autofree char *rfc3339 = clock_format_rfc3339(instant, berlin);
  assert_string_equal(rfc3339, "2026-11-23T09:30:00+01:00");
  char http[30];
  clock_write_http_date(instant, http);
  assert_string_equal(http, "Mon, 23 Nov 2026 08:30:00 GMT");
  assert_true(clock_parse_http_date(http, &again));
  assert_int_equal(instant, again);
  assert_false(clock_parse_http_date("Mon, 23 Nov 2026 08:30:00 XXX", &again));
  assert_false(clock_parse("yesterday or so", berlin, &again));
  assert_int_equal(clock_day(instant, berlin), 20261123);
  assert_int_equal(clock_day(clock_day_start(20261123, berlin), berlin), 20261123);
}

static void test_slugs(void **state) {
  static const struct {
    const char *text, *slug;
  } CASES[] = {
      {"Café Größe: it’s “new”!", "cafe-grosse-its-new"},
      {"", "story"},
      {"!!!", "story"},
      {"اخبار اليوم", "اخبار-اليوم"},
      {"A very long headline that goes on and on for ever", "a-very-long-headline-that-goes"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *slug = text_slug(CASES[i].text, 30);
    assert_string_equal(slug, CASES[i].slug);
  }
}

// What is no UTF-8 is seen wherever it stands, though plain text is looked at in eights.
static void test_utf8(void **state) {
  static const char *const WRONG[] = {"\xff", "\xc3", "\x80", "\xed\xa0\x80", "\xc0\x80"};
  for (gsize at = 0; at < 27; at++) {
    guint line = 0;
    g_autoptr(GString) text = g_string_new("line 1\nline 2\nplain text for ever");
    g_string_insert(text, (gssize)at, "é");
    assert_true(text_validate_utf8((Slice){text->str, text->len}, &line));
    for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
      g_autoptr(GString) wrong = g_string_new("line 1\nline 2\nplain text for ever");
      g_string_insert(wrong, (gssize)at, WRONG[i]);
      assert_false(text_validate_utf8((Slice){wrong->str, wrong->len}, &line));
      assert_int_equal(line, at < 7 ? 1 : at < 14 ? 2 : 3);
    }
    g_autoptr(GString) nul = g_string_new("line 1\nline 2\nplain text for ever");
    g_string_insert_len(nul, (gssize)at, "\0", 1);
    assert_false(text_validate_utf8((Slice){nul->str, nul->len}, &line));
  }
}

static void test_text(void **state) {
  guint line = 0;
  assert_false(text_validate_utf8(SLICE_LITERAL("a\nb\n\xff"), &line));
  assert_int_equal(line, 3);
  assert_int_equal(text_count_words("It's a well-known fact. 報紙"), 6);
  g_autofree char *cut = text_cut_at_word("one two three", 9);
  assert_string_equal(cut, "one two…");
  guint64 number = 7;
  assert_false(slice_parse_uint(SLICE_LITERAL("99999999999999999999"), G_MAXUINT64, &number));
  assert_int_equal(number, 7);
}

static void test_secrets(void **state) {
  // RFC 4231, test case 2
  g_autofree char *hmac = secret_hmac_hex("Jefe", SLICE_LITERAL("what do ya want for nothing?"));
  assert_string_equal(hmac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  assert_true(secret_equal("abc", "abc"));
  assert_false(secret_equal("abc", "abd"));
}

static void test_fingerprints(void **state) {
  // The reference implementation's x64 128 with seed 0.
  static const struct {
    const char *text, *hash;
  } CASES[] = {{"", "00000000000000000000000000000000"},
               {"hello", "cbd8a7b341bd9b025b1e906a48ae1d19"},
               {"The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    char hash[33];
    fingerprint_write(slice_of(CASES[i].text), hash);
    assert_string_equal(hash, CASES[i].hash);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_html_escapes), cmocka_unit_test(test_json),
      cmocka_unit_test(test_each_byte),    cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_times),        cmocka_unit_test(test_slugs),
      cmocka_unit_test(test_text),         cmocka_unit_test(test_secrets),
      cmocka_unit_test(test_fingerprints),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
