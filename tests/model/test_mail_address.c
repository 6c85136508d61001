// SPDX-License-Identifier: Apache-2.0
//
// Mail addresses: what is one, which are the same, what was meant. Does not cover: whether somebody
// reads what is sent there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/mail_address.h"

static void test_normalise(void **state) {
  static const struct {
    const char *given, *wanted; // NULL: refused
  } CASES[] = {
      {"anna@example.org", "anna@example.org"},
      {"  anna@example.org \n", "anna@example.org"},
      {"\xC2\xA0"
       "anna@example.org",
       "anna@example.org"},
      {"Anna.Berg+news@Example.ORG", "Anna.Berg+news@example.org"},
      {"o'neil@example.co.uk", "o'neil@example.co.uk"},
      {"a@b.cd", "a@b.cd"},
      {"müller@example.org", "müller@example.org"},
      {"mu\xCC\x88ller@example.org", "müller@example.org"},
      {"anna@müller.de", "anna@xn--mller-kva.de"},
      {"anna@MÜLLER.de", "anna@xn--mller-kva.de"},
      {"anna@straße.de", "anna@xn--strae-oqa.de"},
      {"用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"},
      {"", NULL},
      {"   ", NULL},
      {"anna", NULL},
      {"@example.org", NULL},
      {"anna@", NULL},
      {"anna@example", NULL},
      {"anna@.org", NULL},
      {"anna@example..org", NULL},
      {"anna@example.org.", NULL},
      {"anna@-example.org", NULL},
      {"anna@exa_mple.org", NULL},
      {"anna@127.0.0.1", NULL},
      {"anna@[127.0.0.1]", NULL},
      {".anna@example.org", NULL},
      {"anna.@example.org", NULL},
      {"an..na@example.org", NULL},
      {"an na@example.org", NULL},
      {"\"an na\"@example.org", NULL},
      {"anna@exa mple.org", NULL},
      {"anna\r\nBcc: x@example.org", NULL},
      {"anna@example.org\r\nBcc: x", NULL},
      {"anna@example.org,berta@example.org", NULL},
      {"anna@berta@example.org", NULL},
      {"Anna <anna@example.org>", NULL},
      {"anna\x01@example.org", NULL},
      {"anna\xE2\x80\xAE@example.org", NULL},
      {"anna\xFF@example.org", NULL},
      {"anna(comment)@example.org", NULL},
      {"1234567890123456789012345678901234567890123456789012345678901234@example.org",
       "1234567890123456789012345678901234567890123456789012345678901234@example.org"},
      {"12345678901234567890123456789012345678901234567890123456789012345@example.org", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *got = mail_address_normalise(CASES[i].given, &error);
    if (CASES[i].wanted == NULL) {
      if (got != NULL) {
        fail_msg("'%s' was taken as '%s'", CASES[i].given, got);
      }
      assert_non_null(error);
    } else {
      if (got == NULL) {
        fail_msg("'%s' was refused: %s", CASES[i].given, error->message);
      }
      assert_string_equal(got, CASES[i].wanted);
    }
  }
}

static void test_too_long(void **state) {
  g_autoptr(GString) long_one = g_string_new("a@");
  for (int i = 0; i < 62; i++) {
    g_string_append(long_one, "abc.");
  }
  g_string_append(long_one, "org");
  g_autofree char *fits = mail_address_normalise(long_one->str, NULL);
  assert_non_null(fits);
  g_string_append(long_one, ".museum");
  g_autofree char *over = mail_address_normalise(long_one->str, NULL);
  assert_null(over);
}

static void test_same(void **state) {
  static const struct {
    const char *a, *b;
    gboolean same;
  } CASES[] = {
      {"Anna@Example.org", "anna@example.ORG", TRUE},
      {"MÜLLER@example.org", "müller@example.org", TRUE},
      {"anna@müller.de", "anna@xn--mller-kva.de", TRUE},
      {"anna.berg@gmail.com", "annaberg@gmail.com", FALSE},
      {"anna+a@example.org", "anna@example.org", FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *a = mail_address_normalise(CASES[i].a, NULL);
    g_autofree char *b = mail_address_normalise(CASES[i].b, NULL);
    g_autofree char *key_a = mail_address_key(a);
    g_autofree char *key_b = mail_address_key(b);
    assert_int_equal(strcmp(key_a, key_b) == 0, CASES[i].same);
  }
}

static void test_suggest(void **state) {
  static const struct {
    const char *given, *wanted;
  } CASES[] = {
      {"anna@gmial.com", "anna@gmail.com"},
      {"anna@gmai.com", "anna@gmail.com"},
      {"anna@gmaill.com", "anna@gmail.com"},
      {"anna@hotmial.com", "anna@hotmail.com"},
      {"anna@outlok.com", "anna@outlook.com"},
      {"anna@t-onlin.de", "anna@t-online.de"},
      {"anna@gmail.com", NULL},
      {"anna@ymail.com", NULL},
      {"anna@mail.com", NULL},
      {"anna@example.org", NULL},
      {"anna@web.de", NULL},
      {"anna@wep.de", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *got = mail_address_suggest(CASES[i].given);
    if (g_strcmp0(got, CASES[i].wanted) != 0) {
      fail_msg("%s: got %s, wanted %s", CASES[i].given, got, CASES[i].wanted);
    }
  }
}

static void test_parts(void **state) {
  assert_true(mail_address_is_ascii("anna@xn--mller-kva.de"));
  assert_false(mail_address_is_ascii("müller@example.org"));
  assert_string_equal(mail_address_domain("anna@xn--mller-kva.de"), "xn--mller-kva.de");
  g_autofree char *shown = mail_address_domain_shown("anna@xn--mller-kva.de");
  assert_string_equal(shown, "müller.de");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_normalise), cmocka_unit_test(test_too_long),
      cmocka_unit_test(test_same),      cmocka_unit_test(test_suggest),
      cmocka_unit_test(test_parts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
