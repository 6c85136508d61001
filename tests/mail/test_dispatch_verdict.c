// SPDX-License-Identifier: Apache-2.0
//
// What answers mean, one row each: those that suppress a reader above all, and those that must not.
// Rates and pauses. Does not cover: what is done about it (test_dispatch.c).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/dispatch_pace.h"
#include "mail/dispatch_verdict.h"

typedef struct Row {
  SmtpStage stage;
  guint code;
  const char *status, *text;
  VerdictKind kind;
  gboolean counts;
} Row;

#define RCPT SMTP_STAGE_RECIPIENT
#define MAIL SMTP_STAGE_SENDER
#define DOT SMTP_STAGE_DOT

static const Row REFUSED[] = {
    {RCPT, 550, "5.1.1", "no such user", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "5.1.2", "bad destination system", VERDICT_ADDRESS, FALSE},
    {RCPT, 553, "5.1.3", "bad address syntax", VERDICT_ADDRESS, FALSE},
    {RCPT, 551, "5.1.6", "moved", VERDICT_ADDRESS, FALSE},
    {RCPT, 556, "5.1.10", "null MX", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "5.2.1", "mailbox disabled", VERDICT_ADDRESS, FALSE},
    {DOT, 550, "5.1.1", "no such user, said late", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "5.1.0", "address rejected", VERDICT_FAILED, FALSE},
    {RCPT, 552, "5.2.2", "mailbox full", VERDICT_FAILED, FALSE},
    {RCPT, 550, "5.4.1", "recipient address rejected: access denied", VERDICT_FAILED, FALSE},
    {RCPT, 550, "5.7.1", "relaying denied", VERDICT_FAILED, TRUE},
    {DOT, 550, "5.7.1", "message looks like spam", VERDICT_FAILED, TRUE},
    {DOT, 550, "5.7.26", "unauthenticated mail", VERDICT_FAILED, TRUE},
    {DOT, 552, "5.3.4", "too big", VERDICT_FAILED, TRUE},
    {DOT, 554, "5.6.0", "bad content", VERDICT_FAILED, TRUE},
    {RCPT, 550, "5.6.7", "needs SMTPUTF8", VERDICT_FAILED, FALSE},
    {MAIL, 553, "5.1.8", "sender's domain", VERDICT_SENDER, FALSE},
    {MAIL, 550, "", "go away", VERDICT_SENDER, FALSE},
    {MAIL, 530, "5.7.0", "authentication required", VERDICT_SENDER, FALSE},
    {RCPT, 530, "5.7.0", "must issue a STARTTLS first", VERDICT_SENDER, FALSE},
    {RCPT, 550, "", "User unknown in local recipient table", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "5.0.0", "<x>: No such user here", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "", "Requested action not taken: mailbox unavailable", VERDICT_ADDRESS, FALSE},
    {RCPT, 550, "", "Blocked by policy, see https://example.org", VERDICT_FAILED, TRUE},
    {RCPT, 550, "", "sorry", VERDICT_FAILED, FALSE},
    {RCPT, 554, "", "listed at dnsbl.example.org", VERDICT_FAILED, TRUE},
    {DOT, 554, "", "transaction failed", VERDICT_FAILED, TRUE},
    {RCPT, 552, "", "mailbox of unknown user full", VERDICT_FAILED, FALSE},
    {MAIL, 0, "5.1.7", "sender has characters", VERDICT_SENDER, FALSE},
    {MAIL, 0, "5.1.3", "recipient has characters", VERDICT_ADDRESS, FALSE},
    {MAIL, 0, "5.6.7", "no SMTPUTF8", VERDICT_FAILED, FALSE},
};

static Verdict verdict(const Row *row, SmtpVerdict said) {
  SmtpOutcome outcome = {
      .verdict = said, .stage = row->stage, .code = row->code, .text = row->text};
  g_strlcpy(outcome.status, row->status, sizeof outcome.status);
  return verdict_of_outcome(&outcome);
}

static void test_refusals(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
    const Row *row = &REFUSED[i];
    Verdict got = verdict(row, SMTP_REFUSED);
    if (got.kind != row->kind || got.counts != row->counts) {
      fail_msg("%u %s %s: kind %d, counts %d", row->code, row->status, row->text, (int)got.kind,
               got.counts);
    }
  }
}

static void test_deferrals(void **state) {
  static const struct {
    Row row;
    VerdictNews news;
    gboolean strained;
  } ROWS[] = {
      {{RCPT, 450, "4.2.1", "mailbox busy", 0, 0}, VERDICT_NEWS_NONE, FALSE},
      {{RCPT, 452, "4.2.2", "mailbox full", 0, 0}, VERDICT_NEWS_NONE, FALSE},
      {{RCPT, 451, "4.7.1", "greylisted", 0, 0}, VERDICT_NEWS_SLOW, FALSE},
      {{DOT, 450, "4.7.28", "rate limited", 0, 0}, VERDICT_NEWS_SLOW, FALSE},
      {{DOT, 452, "4.3.1", "insufficient storage", 0, 0}, VERDICT_NEWS_NONE, TRUE},
      {{MAIL, 452, "", "insufficient storage", 0, 0}, VERDICT_NEWS_NONE, TRUE},
      {{RCPT, 450, "", "later", 0, 0}, VERDICT_NEWS_NONE, FALSE},
      {{RCPT, 451, "", "local error", 0, 0}, VERDICT_NEWS_SLOW, FALSE},
      {{RCPT, 451, "4.4.1", "no answer from host", 0, 0}, VERDICT_NEWS_SLOW, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++) {
    Verdict got = verdict(&ROWS[i].row, SMTP_DEFERRED);
    assert_int_equal(got.kind, VERDICT_LATER);
    assert_int_equal(got.domain, ROWS[i].news);
    assert_int_equal(got.relay_strained, ROWS[i].strained);
  }
}

static void test_pauses(void **state) {
  gint64 before = 0;
  for (guint attempts = 1; attempts < 40; attempts++) {
    gint64 least = verdict_pause(attempts, 0);
    gint64 most = verdict_pause(attempts, 1);
    assert_true(least > 0 && most > least && least >= before && most <= 5400 * G_TIME_SPAN_SECOND);
    before = least;
  }
  assert_true(verdict_pause(1, 0) >= 30 * G_TIME_SPAN_SECOND);
}

// How many leave in ten seconds, asked every millisecond.
static guint count(gdouble rate, gboolean urgent) {
  Pace pace;
  guint left = 0;
  pace_init(&pace, rate, 1);
  for (gint64 now = 1; now < 10 * G_TIME_SPAN_SECOND; now += 1000) {
    while (pace_wait(&pace, now, urgent) == 0 && left < 1000000) {
      pace_take(&pace);
      left++;
    }
  }
  return left;
}

static void test_paces(void **state) {
  assert_in_range(count(100, FALSE), 990, 1012);
  assert_in_range(count(0.5, FALSE), 5, 6);
  assert_in_range(count(3, FALSE), 29, 32);
  assert_int_equal(count(0, FALSE), 1000000);
  assert_in_range(count(100, TRUE), 1090, 1112); // a second's worth ahead, and no more
  Pace pace;
  pace_init(&pace, 10, 1);
  pace_take(&pace);
  gint64 wait = pace_wait(&pace, 1, FALSE);
  assert_in_range(wait, 1, 100001);
  assert_int_equal(pace_wait(&pace, 1 + wait, FALSE), 0);
  assert_int_equal(pace_wait(&pace, 1, TRUE), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_deferrals),
      cmocka_unit_test(test_pauses),
      cmocka_unit_test(test_paces),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
