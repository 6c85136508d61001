// SPDX-License-Identifier: Apache-2.0
//
// Each sample of returned mail gets its verdict, with any line ends and by any way; what is not
// ours is not found in it. Does not cover: what follows (tests/newsroom/test_returns.c), random
// damage (tests/mail/test_bounce_storm.c, tests/fuzz/fuzz_bounce.c).
#include "mail/bounce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mail_reader.h"
#include "newsroom/reader_links.h"
#include "tests/mail/bounce_samples.h"

static GPtrArray *samples;

#define MAILING 7
#define READER 1234567

static gboolean is_ours(const ReturnedToken *token, ReturnedTokenKind kind, ReaderPurpose purpose) {
  gint64 mailing = 0;
  gint64 reader = 0;
  return token->kind == kind &&
         reader_token_read(SAMPLE_KEY, purpose, token->text, &mailing, &reader) &&
         mailing == MAILING && reader == READER;
}

static gboolean finds(const ReturnedMail *mail, const char *what) {
  for (guint i = 0; mail->tokens != NULL && i < mail->tokens->len; i++) {
    const ReturnedToken *token = mail->tokens->pdata[i];
    if (((strcmp(what, "envelope") == 0 || strcmp(what, "text") == 0) &&
         is_ours(token, RETURNED_TOKEN_ENVELOPE, READER_BOUNCE)) ||
        (strcmp(what, "message") == 0 &&
         is_ours(token, RETURNED_TOKEN_MESSAGE_ID, READER_MESSAGE_ID)) ||
        (strcmp(what, "wish") == 0 &&
         is_ours(token, RETURNED_TOKEN_UNSUBSCRIBE, READER_UNSUBSCRIBE))) {
      return TRUE;
    }
  }
  return FALSE;
}

static void check_tokens(const BounceSample *sample, const ReturnedMail *mail) {
  static const char *const KINDS[] = {"envelope", "message", "wish"};
  g_auto(GStrv) wanted = g_strsplit(sample->tokens, ",", -1);
  for (guint i = 0; wanted[i] != NULL; i++) {
    if (strcmp(wanted[i], "-") != 0 && !(mail->kind == BOUNCE_AUTOMATIC && *wanted[i] == 'w') &&
        !finds(mail, wanted[i])) {
      fail_msg("%s: no token of kind '%s' is found", sample->name, wanted[i]);
    }
  }
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS) && strcmp(sample->tokens, "-") == 0; i++) {
    assert_false(finds(mail, KINDS[i]));
  }
}

// Gives 1 where the verdict is another, after saying so: all of them are to be seen at once.
static guint check(const BounceSample *sample, const GString *text) {
  g_autoptr(ReturnedMail) mail = bounce_read((Slice){text->str, text->len}, NULL);
  if (mail->kind != sample->kind || strcmp(mail->status, sample->status) != 0) {
    print_error("%s: %s '%s' instead of %s '%s' (%s)\n", sample->name, bounce_kind_name(mail->kind),
                mail->status, bounce_kind_name(sample->kind), sample->status, mail->reason);
    return 1;
  }
  check_tokens(sample, mail);
  assert_int_equal(strlen(mail->digest), 64);
  assert_true(g_utf8_validate(mail->reason, -1, NULL));
  assert_null(strpbrk(mail->reason, "\r\n\t"));
  assert_true(strlen(mail->reason) <= RETURNED_REASON_BYTES);
  return 0;
}

static void test_samples(void **state) {
  guint wrong = 0;
  assert_true(samples->len >= 60);
  for (guint i = 0; i < samples->len; i++) {
    const BounceSample *sample = samples->pdata[i];
    g_autoptr(GString) text = bounce_sample_fill(sample, SAMPLE_KEY, MAILING, READER);
    wrong += check(sample, text);
    g_string_replace(text, "\n", "\r\n", 0);
    wrong += check(sample, text);
  }
  assert_int_equal(wrong, 0);
}

// The envelope's recipient, where the way tells it, comes before what the message says.
static void test_recipient(void **state) {
  static const char TEXT[] =
      "From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is "
      "the qmail-send program.\n<a@b.example>:\nno such user\n";
  g_autofree char *token = reader_token(SAMPLE_KEY, READER_BOUNCE, MAILING, READER);
  g_autofree char *upper = g_ascii_strup(token, -1);
  g_autofree char *recipient = g_strconcat("Bounces+", upper, "@courier.example", NULL);
  g_autoptr(ReturnedMail) mail = bounce_read(SLICE_LITERAL(TEXT), recipient);
  assert_int_equal(mail->kind, BOUNCE_HARD);
  assert_true(finds(mail, "envelope"));
  assert_string_equal(mail->address, "a@b.example");
}

// The same report by another way: one digest. Another report: another.
static void test_digest(void **state) {
  const BounceSample *sample = samples->pdata[0];
  g_autoptr(GString) text = bounce_sample_fill(sample, SAMPLE_KEY, MAILING, READER);
  g_autoptr(GString) other = bounce_sample_fill(sample, SAMPLE_KEY, MAILING, READER + 1);
  g_autoptr(GString) traced = g_string_new(text->str);
  g_string_prepend(traced, "Received: from elsewhere by mail.courier.example; today\n");
  g_autoptr(ReturnedMail) one = bounce_read(slice_of(text->str), NULL);
  g_autoptr(ReturnedMail) two = bounce_read(slice_of(traced->str), NULL);
  g_autoptr(ReturnedMail) three = bounce_read(slice_of(other->str), NULL);
  assert_string_equal(one->digest, two->digest);
  assert_string_not_equal(one->digest, three->digest);
}

static void test_classify(void **state) {
  static const struct {
    guint code;
    const char *status, *text;
    BounceKind kind;
  } CASES[] = {
      {550, "5.1.1", "", BOUNCE_HARD},
      {550, "5.1.10", "", BOUNCE_HARD},
      {450, "4.1.1", "user unknown", BOUNCE_SOFT}, // unverified: not for good
      {550, "", "", BOUNCE_SOFT},
      {550, "", "User unknown", BOUNCE_HARD},
      {550, "", "no such user <spam@blacklist.example> here", BOUNCE_HARD},
      {550, "5.1.1", "rejected: your IP is on a blacklist", BOUNCE_SOFT},
      {550, "5.7.1", "Recipient address rejected: user unknown", BOUNCE_HARD},
      {550, "5.7.1", "Access denied", BOUNCE_SOFT},
      {550, "5.4.1", "Recipient address rejected: Access denied.", BOUNCE_HARD},
      {550, "5.4.1", "no answer from host", BOUNCE_SOFT},
      {552, "5.2.2", "over quota", BOUNCE_SOFT},
      {550, "5.2.1", "Mailbox disabled", BOUNCE_HARD},
      {553, "", "sorry, that domain isn't in my list of allowed rcpthosts", BOUNCE_SOFT},
      {554, "5.7.1", "Relay access denied", BOUNCE_SOFT},
      {550, "", "Sender address rejected: Domain not found", BOUNCE_SOFT},
      {550, "5.1.1", "Empfänger unbekannt", BOUNCE_HARD},
      {0, "", "Domain name not found", BOUNCE_HARD},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    BounceKind kind =
        returned_mail_classify(CASES[i].code, CASES[i].status, slice_of(CASES[i].text));
    if (kind != CASES[i].kind) {
      fail_msg("%u %s %s: %s", CASES[i].code, CASES[i].status, CASES[i].text,
               bounce_kind_name(kind));
    }
  }
}

static void test_reader(void **state) {
  static const char MESSAGE[] =
      "Subject: =?utf-8?Q?Gr=C3=BC?= =?utf-8?B?w59l?= plain\r\n"
      "content-TYPE: Multipart/Mixed;\r\n\tx=\"a;b\"; BOUNDARY=\"q \\\" b\"\r\n"
      "broken line\r\n\r\nbody";
  Slice header;
  Slice body;
  mail_split(SLICE_LITERAL(MESSAGE), &header, &body);
  g_autofree char *subject = mail_field_text(header, "SUBJECT");
  g_autofree char *type = mail_content_type(header);
  g_autofree char *boundary = mail_parameter(header, "boundary");
  g_autofree char *absent = mail_parameter(header, "charset");
  assert_string_equal(subject, "Grüße plain");
  assert_string_equal(type, "multipart/mixed");
  assert_string_equal(boundary, "q \" b");
  assert_string_equal(absent, "");
  assert_true(slice_equal_text(body, "body"));
  assert_null(mail_field(header, "From").data);
}

static void test_parts(void **state) {
  static const char BODY[] = "preamble\n--b\none\n--b  \n\n--bb\nstill two\n--b--\nepilogue\n--b\n";
  static const char *const PARTS[] = {"one\n", "\n--bb\nstill two\n"};
  Slice rest = SLICE_LITERAL(BODY);
  Slice part;
  for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
    assert_true(mail_next_part(&rest, "b", &part));
    assert_true(slice_equal_text(part, PARTS[i]));
  }
  assert_false(mail_next_part(&rest, "b", &part));
  rest = SLICE_LITERAL("--b\ncut off");
  assert_true(mail_next_part(&rest, "b", &part) && slice_equal_text(part, "cut off"));
  assert_false(mail_next_part(&rest, "b", &part));
  rest = SLICE_LITERAL("anything");
  assert_false(mail_next_part(&rest, "", &part));
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_samples), cmocka_unit_test(test_recipient),
      cmocka_unit_test(test_digest),  cmocka_unit_test(test_classify),
      cmocka_unit_test(test_reader),  cmocka_unit_test(test_parts),
  };
  samples = bounce_samples_load(argv[1]);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  g_ptr_array_unref(samples);
  return failed;
}
