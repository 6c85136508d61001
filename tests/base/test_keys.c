// SPDX-License-Identifier: Apache-2.0
//
// What logs people in: one-time codes against RFC 6238's vectors, passwords, passkeys of the three
// algorithms (made by python-cryptography), and the strict readers of JSON and CBOR beneath them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cbor.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/one_time_code.h"
#include "base/passkey.h"
#include "base/password.h"

static void test_codes_are_rfc_6238s(void **state) {
  static const struct {
    gint64 second;
    guint32 code;
  } VECTORS[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                 {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
  Slice secret = SLICE_LITERAL("12345678901234567890");
  for (gsize i = 0; i < G_N_ELEMENTS(VECTORS); i++) {
    assert_int_equal(one_time_code(secret, VECTORS[i].second / 30), VECTORS[i].code);
  }
}

static void test_a_code_opens_once(void **state) {
  Slice secret = SLICE_LITERAL("12345678901234567890");
  gint64 step = 0;
  assert_true(one_time_code_check(secret, "287 082", 59, 0, &step));
  assert_int_equal(step, 1);
  assert_false(one_time_code_check(secret, "287082", 59, step, &step));
  assert_true(one_time_code_check(secret, "287082", 59 + 30, 0, &step)); // the step before
  assert_false(one_time_code_check(secret, "287082", 59 + 90, 0, &step));
  assert_false(one_time_code_check(secret, "28708", 59, 0, &step));
  assert_false(one_time_code_check(secret, "2870822", 59, 0, &step));
  assert_false(one_time_code_check(secret, "28708a", 59, 0, &step));
}

static void test_base32_is_rfc_4648s(void **state) {
  static const char *const PAIRS[][2] = {{"", ""},
                                         {"f", "MY"},
                                         {"fo", "MZXQ"},
                                         {"foo", "MZXW6"},
                                         {"foob", "MZXW6YQ"},
                                         {"fooba", "MZXW6YTB"},
                                         {"foobar", "MZXW6YTBOI"}};
  for (gsize i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
    g_autofree char *text = base32_encode(slice_of(PAIRS[i][0]));
    g_autoptr(GByteArray) bytes = base32_decode(PAIRS[i][1]);
    assert_string_equal(text, PAIRS[i][1]);
    assert_int_equal(bytes->len, strlen(PAIRS[i][0]));
    assert_true(bytes->len == 0 || memcmp(bytes->data, PAIRS[i][0], bytes->len) == 0);
  }
  assert_null(base32_decode("M1"));
}

static void test_passwords(void **state) {
  g_autofree char *hash = password_hash("correct horse");
  g_autofree char *again = password_hash("correct horse");
  assert_true(g_str_has_prefix(hash, "$argon2id$"));
  assert_string_not_equal(hash, again);
  assert_true(password_verify(hash, "correct horse"));
  assert_false(password_verify(hash, "correct horsE"));
  assert_false(password_verify("", ""));
  assert_false(password_verify(NULL, "correct horse"));
}

typedef struct Vector {
  const char *name;
  gint algorithm;
  const char *create_client, *attestation, *get_client, *authenticator, *signature;
} Vector;
static const Vector VECTORS[] = {
    {"ES256", -7,
     "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFc5dVpR"
     "IiwgIm9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUv6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy"
     "5LVFAAAAAQAAAAAAAAAAAAAAAAAAAAAAEIrnsLQOWr6GcNbFBQBiWVelAQIDJiABIVggDa1Uruht94NY"
     "fbYYPKD16acx7g3q2-8kfmFU_-R6R7IiWCBwNTCzOeJ0MRjmQWNoO3OKDB1tteBNO1fSJ_JaFiQS8g",
     "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFhSM2J3Iiwg"
     "Im9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUFAAAAAg",
     "MEUCICcuxxgDpEtAnCLfCh4xdfBxnd4d7ugEtj3ObOlYSRXLAiEAgYLR7UpR9VE56Tan0NNbw_Aetxut"
     "EYMvtbQKpCOTrNM"},
    {"EdDSA", -8,
     "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFc5dVpR"
     "IiwgIm9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVhxv6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy"
     "5LVFAAAAAQAAAAAAAAAAAAAAAAAAAAAAEOZFmp1h3mgFIegp14CZhBWkAQEDJyAGIVggQXI3bU1rH6QG"
     "J0vqUsAHKUqTYQ-50iTHtKSM7j7tIZs",
     "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFhSM2J3Iiwg"
     "Im9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUFAAAAAg",
     "X40EziCXencTqcjQ9iPKe6jk-gsM3iODYzGjxCVYst0l63qcKYxMlaESv2IkCSIEmVMW2CIbBRwjPERP"
     "kifhBw"},
    {"RS256", -257,
     "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFc5dVpR"
     "IiwgIm9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBV7-rw3QylYsGM2DTrWRhycRzWuf47dRlkqXg8BRS"
     "suS1RQAAAAEAAAAAAAAAAAAAAAAAAAAAABByuIXYUzb2tO9zsd9xJe-PpAEDAzkBACBZAQCplP9rb_No"
     "hfY-m3hagjx9_7MxqkQRUVw5ygXeAffc1rcOTGFLMNt5zfOTyQhKzj4Jw5JuL2xpo-aqNT8QnyWr2adt"
     "LMUQSfYjTxWETSu_IVKgYqyOlnGZtclEuHviQhcWDsik4rr_rkyd6At_EmuCNkZan_Ico5QUg-8KV_KW"
     "1SHdVCbMsiMAw69347uef2hIUpPj1vx-iQgkCmUX6A6h9Liq61_uKNa7WWOahoTRj6nykZpVaca-frfT"
     "VwjR24AHjHx47ZblmOy7QOfTLwhkMKrLTXyODyEn7OlxhJQ5V-zRW_P7S57q39JVVBfHseAiu_Sbw3Kc"
     "d6bSlYJZh_KfIUMBAAE",
     "eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiWTJoaGJHeGxibWRsTFhSM2J3Iiwg"
     "Im9yaWdpbiI6ICJodHRwczovL2V4YW1wbGUub3JnIiwgImNyb3NzT3JpZ2luIjogZmFsc2V9",
     "v6vDdDKViwYzYNOtZGHJxHNa5_jt1GWSpeDwFFKy5LUFAAAAAg",
     "bh-JpqKNyAyvBGIaVaXLLMh34ehbMNau--rY6O3umbmayoh6Tgswuzx32zz3BAkJuxua6vUFWZNkiNmT"
     "b4g_DcdRS05cVOsa-3ZHgD5G11r2cKL8tuimlTPQBJ8P29N4EQYBOdIbBpd2r02J7XQP5m87Bw3TtSLA"
     "l9RsQfBvNZOHZCB15stSNWjGcjFR9zhug3Zu6RBuY5KSTu73OzfLqp-O_nJhj431aWksvbAFrcOMY2UD"
     "koc-CEs6tt9UpGRq63kIgIFX7oLJDNSH4Bpy14U5yelIJ8Uzx8ZYIpyfOy1gJhI-CwnXMGSFIDeY22V0"
     "IRMlJFbT63iR9QgA3C9zFA"},
};

static const PasskeyExpected CREATE = {"example.org", "https://example.org", "Y2hhbGxlbmdlLW9uZQ",
                                       TRUE};
static const PasskeyExpected GET = {"example.org", "https://example.org", "Y2hhbGxlbmdlLXR3bw",
                                    TRUE};

static gboolean create(const Vector *vector, const PasskeyExpected *expected,
                       PasskeyCredential *credential) {
  g_autoptr(GBytes) client = base64url_decode(vector->create_client);
  g_autoptr(GBytes) attestation = base64url_decode(vector->attestation);
  return passkey_register(expected, slice_of_bytes(client), slice_of_bytes(attestation), credential,
                          NULL);
}

static gboolean get(const Vector *vector, const PasskeyExpected *expected,
                    const PasskeyCredential *credential, guint32 counter, gint spoil) {
  g_autoptr(GBytes) client = base64url_decode(vector->get_client);
  g_autoptr(GBytes) authenticator = base64url_decode(vector->authenticator);
  g_autoptr(GBytes) given = base64url_decode(vector->signature);
  gsize length = 0;
  g_autofree guint8 *signature =
      g_memdup2(g_bytes_get_data(given, &length), g_bytes_get_size(given));
  length = g_bytes_get_size(given);
  if (spoil >= 0) {
    signature[(gsize)spoil % length] ^= 1;
  }
  guint32 newest = 0;
  PasskeyAssertion assertion = {slice_of_bytes(client), slice_of_bytes(authenticator),
                                (Slice){(const char *)signature, length}};
  gboolean good =
      passkey_assert(expected, credential->algorithm, slice_of_bytes(credential->public_key),
                     counter, &assertion, &newest, NULL);
  assert_true(!good || newest == 2);
  return good;
}

static void test_passkeys(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(VECTORS); i++) {
    const Vector *vector = &VECTORS[i];
    g_auto(PasskeyCredential) credential = {0};
    assert_true(create(vector, &CREATE, &credential));
    assert_int_equal(credential.algorithm, vector->algorithm);
    assert_int_equal(credential.counter, 1);
    assert_true(credential.user_verified);
    assert_true(get(vector, &GET, &credential, 1, -1));
    assert_false(get(vector, &GET, &credential, 2, -1)); // the counter went back
    assert_false(get(vector, &GET, &credential, 1, 20));
    assert_false(get(vector, &CREATE, &credential, 1, -1)); // another challenge
    PasskeyExpected elsewhere = GET;
    elsewhere.origin = "https://evil.example";
    assert_false(get(vector, &elsewhere, &credential, 1, -1));
    elsewhere = GET;
    elsewhere.party = "evil.example";
    assert_false(get(vector, &elsewhere, &credential, 1, -1));
    elsewhere = GET;
    elsewhere.challenge = "";
    assert_false(get(vector, &elsewhere, &credential, 1, -1));
  }
}

static void test_another_key_opens_nothing(void **state) {
  g_auto(PasskeyCredential) credential = {0};
  assert_true(create(&VECTORS[0], &CREATE, &credential));
  credential.algorithm = PASSKEY_RS256;
  assert_false(get(&VECTORS[0], &GET, &credential, 1, -1));
  credential.algorithm = PASSKEY_ES256;
  assert_false(get(&VECTORS[1], &GET, &credential, 1, -1));
}

static void test_truncated_attestations(void **state) {
  g_autoptr(GBytes) client = base64url_decode(VECTORS[0].create_client);
  g_autoptr(GBytes) whole = base64url_decode(VECTORS[0].attestation);
  for (gsize length = 0; length < g_bytes_get_size(whole); length++) {
    g_auto(PasskeyCredential) credential = {0};
    assert_false(passkey_register(&CREATE, slice_of_bytes(client),
                                  slice_range(slice_of_bytes(whole), 0, length), &credential,
                                  NULL));
  }
}

static void test_cbor_is_strict(void **state) {
  static const struct {
    const char *bytes;
    gsize length;
    gboolean good;
  } CASES[] = {{"\x00", 1, TRUE},
               {"\x18\x18", 2, TRUE},
               {"\x18\x17", 2, FALSE}, // not the shortest
               {"\x41\x61", 2, TRUE},
               {"\x42\x61", 2, FALSE},
               {"\x5f\xff", 2, FALSE}, // no definite length
               {"\xc0\x00", 2, FALSE}, // a tag
               {"\x61\xff", 2, FALSE}, // not UTF-8
               {"\xf9\x00\x00", 3, FALSE},
               {"\xf5", 1, TRUE},
               {"\x81\x81\x81\x81\x81\x81\x00", 7, FALSE}, // too deep
               {"\xa1\x01\x02", 3, TRUE},
               {"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", 9, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    Slice rest = {CASES[i].bytes, CASES[i].length};
    assert_int_equal(cbor_skip(&rest), CASES[i].good);
  }
}

static void test_json_is_strict(void **state) {
  static const struct {
    const char *text;
    gboolean good;
  } CASES[] = {{"{}", TRUE},
               {" [1, -2.5e3, \"a\\u00e9\\ud83d\\ude00\", true, null] ", TRUE},
               {"{\"a\":1,\"a\":2}", FALSE},
               {"[1,]", FALSE},
               {"[01]", FALSE},
               {"[1.]", FALSE},
               {"nul", FALSE},
               {"\"\\ud800\"", FALSE},
               {"\"\\u0000\"", FALSE},
               {"\"\t\"", FALSE},
               {"{} {}", FALSE},
               {"99999999999999999999", FALSE},
               {"7e979", FALSE},
               {"{\"a\"}", FALSE},
               {"", FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(JsonValue) value = json_read(slice_of(CASES[i].text), NULL);
    if ((value != NULL) != CASES[i].good) {
      fail_msg("%s", CASES[i].text);
    }
  }
  g_autoptr(GString) deep = g_string_new(NULL);
  for (guint i = 0; i < 1000; i++) {
    g_string_append_c(deep, '[');
  }
  assert_null(json_read((Slice){deep->str, deep->len}, NULL));
}

static void test_json_comes_back(void **state) {
  static const char TEXT[] = "{\"a\":[1,2.5,true,null,\"x\"],\"b\":{\"c\":\"d\"}}";
  g_autoptr(JsonValue) value = json_read(slice_of(TEXT), NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_value_write(&json, value);
  assert_string_equal(out->str, TEXT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_codes_are_rfc_6238s),
      cmocka_unit_test(test_a_code_opens_once),
      cmocka_unit_test(test_base32_is_rfc_4648s),
      cmocka_unit_test(test_passwords),
      cmocka_unit_test(test_passkeys),
      cmocka_unit_test(test_another_key_opens_nothing),
      cmocka_unit_test(test_truncated_attestations),
      cmocka_unit_test(test_cbor_is_strict),
      cmocka_unit_test(test_json_is_strict),
      cmocka_unit_test(test_json_comes_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
