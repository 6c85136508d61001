// SPDX-License-Identifier: Apache-2.0
//
// Tokens: what was made is read back, and nothing else is. Does not cover: how long a token should
// hold, which is its users' matter.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "newsroom/reader_links.h"

#define KEY "0123456789abcdef0123456789abcdef"

static void test_round_trip(void **state) {
  static const gint64 NUMBERS[] = {
      0, 1, 127, 128, 16384, 1795766400, G_GINT64_CONSTANT(1) << 40, G_MAXINT64};
  for (int purpose = READER_UNSUBSCRIBE; purpose <= READER_FORM; purpose++) {
    for (gsize i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
      for (gsize j = 0; j < G_N_ELEMENTS(NUMBERS); j++) {
        gint64 first = -1, second = -1;
        g_autofree char *token = reader_token(KEY, (ReaderPurpose)purpose, NUMBERS[i], NUMBERS[j]);
        assert_true(reader_token_read(KEY, (ReaderPurpose)purpose, token, &first, &second));
        assert_true(first == NUMBERS[i] && second == NUMBERS[j]);
        assert_true(
            strspn(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
            strlen(token));
        for (int other = READER_UNSUBSCRIBE; other <= READER_FORM; other++) {
          assert_true(other == purpose ||
                      !reader_token_read(KEY, (ReaderPurpose)other, token, &first, &second));
        }
      }
    }
  }
}

// Every single changed, left out or added character.
static void test_forgeries(void **state) {
  static const ReaderPurpose PURPOSES[] = {READER_PAGE, READER_BOUNCE};
  for (gsize p = 0; p < G_N_ELEMENTS(PURPOSES); p++) {
    gint64 first, second;
    g_autofree char *token = reader_token(KEY, PURPOSES[p], 12345, 678);
    gsize length = strlen(token);
    for (gsize i = 0; i < length; i++) {
      for (const char *with = "abz27AZ09-_=+/ "; *with != '\0'; with++) {
        g_autofree char *forged = g_strdup(token);
        forged[i] = *with;
        gboolean same = PURPOSES[p] == READER_BOUNCE ? g_ascii_strcasecmp(forged, token) == 0
                                                     : strcmp(forged, token) == 0;
        assert_true(same == reader_token_read(KEY, PURPOSES[p], forged, &first, &second));
      }
      g_autofree char *cut = g_strndup(token, i);
      assert_false(reader_token_read(KEY, PURPOSES[p], cut, &first, &second));
    }
    g_autofree char *longer = g_strconcat(token, "a", NULL);
    assert_false(reader_token_read(KEY, PURPOSES[p], longer, &first, &second));
    assert_false(reader_token_read("another key, as long as the first one", PURPOSES[p], token,
                                   &first, &second));
    assert_false(reader_token_read("", PURPOSES[p], token, &first, &second));
  }
}

static void test_bounce_survives_case(void **state) {
  gint64 first, second;
  g_autofree char *token = reader_token(KEY, READER_BOUNCE, 9, 1000000);
  g_autofree char *upper = g_ascii_strup(token, -1);
  assert_true(reader_token_read(KEY, READER_BOUNCE, upper, &first, &second));
  assert_int_equal(second, 1000000);
}

static void test_hashes(void **state) {
  g_autofree char *one = reader_address_hash(KEY, "anna@example.org");
  g_autofree char *two = reader_address_hash(KEY, "anna@example.com");
  g_autofree char *network = reader_keyed_hash(KEY, "network", "anna@example.org");
  assert_int_equal(strlen(one), 32);
  assert_string_not_equal(one, two);
  assert_string_not_equal(one, network);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),
      cmocka_unit_test(test_forgeries),
      cmocka_unit_test(test_bounce_survives_case),
      cmocka_unit_test(test_hashes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
