// SPDX-License-Identifier: Apache-2.0
//
// A message built once and filled for each: same input, same bytes; slots whole; names that try to
// be headers; signatures that verify by their own arithmetic. Does not cover: other people's
// verifiers (tests/system), mail programs' looks.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/public_key.h"
#include "mail/letter.h"

#define DATE (G_GINT64_CONSTANT(1795771800) * 1000000)

static LetterSource source_of(const char *text, const char *html) {
  return (LetterSource){.sender_name = "The Kestrel Bay Courier",
                        .sender_address = "news@example.org",
                        .reply_to = "",
                        .subject = "Ferry strike: “no boats” till Monday",
                        .date = DATE,
                        .message_domain = "example.org",
                        .language = "en",
                        .list_id = "The daily <daily.example.org>",
                        .list_unsubscribe_url = "https://example.org/unsubscribe/",
                        .list_unsubscribe_address = "bounces@example.org",
                        .list_help = "https://example.org/newsletters",
                        .list_archive = "https://example.org/newsletters/daily",
                        .feedback_id = "abc:daily:daily:broadsheet",
                        .text = text,
                        .html = html,
                        .boundary_seed = "abcdef0123456789"};
}

static char *fill(const char *frozen, const LetterRecipient *recipient, const DkimSigner *signer) {
  g_autoptr(GError) error = NULL;
  g_autoptr(LetterForm) form = letter_form_read(slice_of(frozen), &error);
  assert_null(error);
  g_autoptr(Letter) letter = letter_fill(form, recipient, signer, &error);
  assert_null(error);
  gsize sum = 0;
  for (guint i = 0; i < letter->count; i++) {
    sum += letter->bytes[i].iov_len;
  }
  assert_int_equal(sum, letter->size);
  return g_string_free(letter_text(letter, TRUE), FALSE);
}

static const LetterRecipient ANNA = {.address = "anna@example.net",
                                     .name = "Anna Berg",
                                     .message_id = "mid123",
                                     .unsubscribe = "uns456",
                                     .reader = "rea789",
                                     .edition = "edi012"};

static char *body_with_slots(void) {
  return g_strdup_printf(
      "Good morning%s,\n\nThe ferries – all of them – stay in port.\n.dot\nhttps://example.org/"
      "unsubscribe/%s\n",
      LETTER_SLOT_TEXT[LETTER_SLOT_GREETING], LETTER_SLOT_TEXT[LETTER_SLOT_UNSUBSCRIBE]);
}

static void test_fields(void **state) {
  g_autofree char *text = body_with_slots();
  g_autofree char *html = g_strdup_printf(
      "<p>Good morning%s</p><a href=\"https://example.org/reader/%s\">you</a>\n<p>k:%s</p>",
      LETTER_SLOT_TEXT[LETTER_SLOT_GREETING], LETTER_SLOT_TEXT[LETTER_SLOT_READER],
      LETTER_SLOT_TEXT[LETTER_SLOT_EDITION]);
  LetterSource source = source_of(text, html);
  g_autoptr(GError) error = NULL;
  g_autofree char *frozen = mime_build(&source, &error);
  assert_null(error);
  g_autofree char *again = mime_build(&source, NULL);
  assert_string_equal(frozen, again);
  g_autofree char *got = fill(frozen, &ANNA, NULL);
  static const char *const WANTED[] = {
      "From: The Kestrel Bay Courier <news@example.org>\r\n",
      "To: \"Anna Berg\" <anna@example.net>\r\n",
      "Message-ID: <mid123@example.org>\r\n",
      "List-Unsubscribe: <https://example.org/unsubscribe/uns456>,\r\n "
      "<mailto:bounces@example.org?subject=unsubscribe-uns456>\r\n",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
      "<daily.example.org>\r\n",
      "MIME-Version: 1.0\r\n",
      "Content-Type: multipart/alternative;",
      "Good morning=\r\n Anna Berg=\r\n,\r\n",
      "https://example.org/reader/=\r\nrea789=\r\n",
      "<p>k:=\r\nedi012=\r\n</p>",
      "=2Edot",
      "uns456\r\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(WANTED); i++) {
    if (strstr(got, WANTED[i]) == NULL) {
      fail_msg("missing: %s\nin:\n%s", WANTED[i], got);
    }
  }
  g_auto(GStrv) lines = g_strsplit(got, "\r\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    assert_null(strchr(lines[i], '\n'));
    assert_true(strlen(lines[i]) <= 200);
  }
  assert_null(strstr(got, "slot7Q"));
  assert_null(strchr(got, '\x01'));
}

static void test_plain_is_seven_bit(void **state) {
  LetterSource source = source_of("Plain words.\n.\n..two\n", "");
  g_autofree char *frozen = mime_build(&source, NULL);
  g_autofree char *got = fill(frozen, &ANNA, NULL);
  assert_non_null(strstr(got, "Content-Transfer-Encoding: 7bit\r\n"));
  assert_true(g_str_has_suffix(got, "\r\n\r\nPlain words.\r\n.\r\n..two\r\n"));
  g_autoptr(LetterForm) form = letter_form_read(slice_of(frozen), NULL);
  g_autoptr(Letter) letter = letter_fill(form, &ANNA, NULL, NULL);
  const struct iovec *last = &letter->bytes[letter->count - 1];
  g_autofree char *sent = g_strndup(last->iov_base, last->iov_len);
  assert_non_null(strstr(sent, "\r\n..\r\n...two\r\n"));
}

static void test_names(void **state) {
  static const struct {
    const char *name, *wanted;
  } CASES[] = {
      {"", "To: anna@example.net\r\n"},
      {"Anna \"The Pen\" Berg", "To: \"Anna \\\"The Pen\\\" Berg\" <anna@example.net>\r\n"},
      {"Anna\r\nBcc: x@example.org", "To: \"Anna Bcc: x@example.org\" <anna@example.net>\r\n"},
      {"Änne", "To: =?utf-8?B?w4RubmU=?=\r\n <anna@example.net>\r\n"},
      {"a\xE2\x80\xAE"
       "b",
       "To: \"a b\" <anna@example.net>\r\n"},
  };
  g_autofree char *text = body_with_slots();
  LetterSource source = source_of(text, "");
  g_autofree char *frozen = mime_build(&source, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    LetterRecipient one = ANNA;
    one.name = CASES[i].name;
    g_autofree char *got = fill(frozen, &one, NULL);
    if (strstr(got, CASES[i].wanted) == NULL) {
      fail_msg("missing: %s\nin:\n%s", CASES[i].wanted, got);
    }
    assert_null(strstr(got, "\r\nBcc:"));
  }
}

static void test_headers_are_refused(void **state) {
  LetterSource source = source_of("x\n", "");
  source.subject = "Hello\r\nBcc: everyone@example.org";
  g_autoptr(GError) error = NULL;
  assert_null(mime_build(&source, &error));
  assert_true(g_error_matches(error, LETTER_ERROR, LETTER_ERROR_HEADER));
}

// RFC 6376 3.4.5: the example of relaxed canonicalisation.
static void test_body_canonicalisation(void **state) {
  static const struct {
    const char *body, *canonical;
  } CASES[] = {
      {" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"},
      {"", ""},
      {"\r\n\r\n", ""},
      {"a", "a\r\n"},
      {"a\r\n", "a\r\n"},
      {"a\r\n\r\nb", "a\r\n\r\nb\r\n"},
      {"a  b\r\n \r\n", "a b\r\n"},
      {"a \t \r\nb\r\n", "a\r\nb\r\n"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    guint8 wanted[32], whole[32], bytewise[32];
    digest_of(slice_of(CASES[i].canonical), wanted);
    g_autoptr(DkimBody) body = dkim_body_new();
    dkim_body_add(body, slice_of(CASES[i].body));
    g_autoptr(DkimBody) one = dkim_body_new();
    for (gsize at = 0; at < strlen(CASES[i].body); at++) {
      g_autoptr(DkimBody) copy = dkim_body_copy(one);
      dkim_body_free(one);
      one = g_steal_pointer(&copy);
      dkim_body_add(one, (Slice){CASES[i].body + at, 1});
    }
    dkim_body_finish(body, whole);
    dkim_body_finish(one, bytewise);
    if (memcmp(wanted, whole, 32) != 0 || memcmp(wanted, bytewise, 32) != 0) {
      fail_msg("case %zu", i);
    }
  }
}

// Whatever a part is cut from, and whatever stands around it: the hash is that of the whole.
static void test_body_parts(void **state) {
  static const char *const TEXTS[] = {
      "",      " ",         "\r\n",           "a",       " a  b\t\r\n", "\r",         "\n",
      "\rx\r", "a\r\n\r\n", "\r\n\r\nb \t c", " \r\n x", "a  \r\n",     "y\r\r\n\tz "};
  guint count = G_N_ELEMENTS(TEXTS);
  for (guint i = 0; i < count * count * count; i++) {
    const char *texts[] = {TEXTS[i % count], TEXTS[i / count % count], TEXTS[i / count / count]};
    g_autoptr(DkimBody) whole = dkim_body_new();
    g_autoptr(DkimBody) parted = dkim_body_new();
    for (guint n = 0; n < G_N_ELEMENTS(texts); n++) {
      DkimPart part = dkim_part_new(slice_of(texts[n]));
      dkim_body_add(whole, slice_of(texts[n]));
      if (n == 1) {
        dkim_body_add(parted, slice_of(texts[n]));
      } else {
        dkim_body_add_part(parted, &part);
      }
      g_bytes_unref(part.relaxed);
    }
    guint8 wanted[32];
    guint8 got[32];
    dkim_body_finish(whole, wanted);
    dkim_body_finish(parted, got);
    if (memcmp(wanted, got, sizeof wanted) != 0) {
      fail_msg("texts %u, %u, %u", i % count, i / count % count, i / count / count);
    }
  }
}

static void test_signing(void **state) {
  g_autoptr(DkimKey) rsa = dkim_key_generate(DKIM_RSA_SHA256, NULL);
  g_autoptr(DkimKey) ed = dkim_key_generate(DKIM_ED25519_SHA256, NULL);
  DkimIdentity identities[] = {{"example.org", "r1", rsa}, {"example.org", "e1", ed}};
  g_autoptr(DkimSigner) signer = dkim_signer_new(identities, 2, NULL);
  g_autofree char *text = body_with_slots();
  LetterSource source = source_of(text, "");
  g_autofree char *frozen = mime_build(&source, NULL);
  g_autofree char *one = fill(frozen, &ANNA, signer);
  g_autofree char *two = fill(frozen, &ANNA, signer);
  assert_string_equal(one, two);
  assert_true(g_str_has_prefix(one, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;"));
  assert_non_null(strstr(one, "a=ed25519-sha256"));
  assert_null(strstr(one, " l="));
  g_autofree char *record = dkim_key_record(ed);
  assert_int_equal(strlen(record), strlen("v=DKIM1; k=ed25519; p=") + 44);
}

static void test_damaged_forms(void **state) {
  static const char *const CASES[] = {"",
                                      "letter 2 5\nA: b\r\n\r\nx\r\n",
                                      "letter 1 5\nA: b\r\n",
                                      "letter 1 5\nA: b\r\n\r\nx",
                                      "letter 1 5\nA: \x01",
                                      "letter 1 5\nA: b\r\n\r\n\x01zr\r\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    assert_null(letter_form_read(slice_of(CASES[i]), &error));
    assert_non_null(error);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fields),
      cmocka_unit_test(test_plain_is_seven_bit),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_headers_are_refused),
      cmocka_unit_test(test_body_canonicalisation),
      cmocka_unit_test(test_body_parts),
      cmocka_unit_test(test_signing),
      cmocka_unit_test(test_damaged_forms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
