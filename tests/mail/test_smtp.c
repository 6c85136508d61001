// SPDX-License-Identifier: Apache-2.0
//
// Messages over an SMTP session, against a relay that answers as a script says: each verdict at
// each stage, and the promise that verdicts hang on: whatever breaks wherever, a message called
// accepted has been taken, one called not sent has not. Does not cover: TLS, log-in and deadlines
// (test_smtp_opening), real relays (tests/system).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fake_relay.h"
#include "smtp_sender.h"

#define FULL "PIPELINING\nSIZE 100000\n8BITMIME\nENHANCEDSTATUSCODES\nSMTPUTF8"
#define PLAIN "SIZE 100000\n8BITMIME"

static gboolean taken(FakeRelay *relay, const char *recipient) {
  return g_ptr_array_find_with_equal_func((GPtrArray *)fake_relay_taken(relay), recipient,
                                          g_str_equal, NULL);
}

static gboolean complete(FakeRelay *relay, const char *recipient) {
  return g_ptr_array_find_with_equal_func((GPtrArray *)fake_relay_complete(relay), recipient,
                                          g_str_equal, NULL);
}

// What must hold whatever happened.
static void check_promise(const Sender *sender, FakeRelay *relay) {
  guint uncertain = 0;
  for (guint i = 0; i < sender->given; i++) {
    const SenderMessage *message = &sender->messages[i];
    gboolean has = taken(relay, message->message.recipient);
    assert_true(message->told);
    switch (message->outcome.verdict) {
    case SMTP_ACCEPTED:
      assert_true(has);
      break;
    case SMTP_UNCERTAIN:
      assert_int_equal(message->outcome.stage, SMTP_STAGE_DOT);
      uncertain++;
      break;
    default:
      assert_false(has);
    }
  }
  assert_true(uncertain <= 1);
  assert_int_equal(sender->closed, 1);
}

typedef struct VerdictCase {
  const char *name;
  FakeStep step;
  const char *answer;
  SmtpVerdict verdict; // of message 1 of 3; message 0 is accepted
  SmtpStage stage;
  guint code;
  const char *status;
  gboolean ends; // the connection does
} VerdictCase;

static const VerdictCase VERDICTS[] = {
    {"all is well", FAKE_NEVER, NULL, SMTP_ACCEPTED, SMTP_STAGE_DOT, 250, "2.0.0", FALSE},
    {"sender deferred", FAKE_MAIL, "451 4.7.1 later\r\n", SMTP_DEFERRED, SMTP_STAGE_SENDER, 451,
     "4.7.1", FALSE},
    {"sender refused", FAKE_MAIL, "550 5.7.1 no\r\n", SMTP_REFUSED, SMTP_STAGE_SENDER, 550, "5.7.1",
     FALSE},
    {"sender 421", FAKE_MAIL, "421 4.3.2 going down\r\n", SMTP_NOT_SENT, SMTP_STAGE_SENDER, 421,
     "4.3.2", TRUE},
    {"sender: hung up", FAKE_MAIL, "", SMTP_NOT_SENT, SMTP_STAGE_SENDER, 0, "", TRUE},
    {"sender: 354", FAKE_MAIL, "354 what\r\n", SMTP_NOT_SENT, SMTP_STAGE_SENDER, 0, "", TRUE},
    {"greylisted", FAKE_RCPT, "450 4.2.0 Greylisted\r\n", SMTP_DEFERRED, SMTP_STAGE_RECIPIENT, 450,
     "4.2.0", FALSE},
    {"unknown user", FAKE_RCPT, "550-5.1.1 no such\r\n550 5.1.1 user\r\n", SMTP_REFUSED,
     SMTP_STAGE_RECIPIENT, 550, "5.1.1", FALSE},
    {"mailbox full", FAKE_RCPT, "552 5.2.2 full\r\n", SMTP_REFUSED, SMTP_STAGE_RECIPIENT, 552,
     "5.2.2", FALSE},
    {"status that contradicts the code", FAKE_RCPT, "550 4.1.1 no\r\n", SMTP_REFUSED,
     SMTP_STAGE_RECIPIENT, 550, "", FALSE},
    {"recipient 452", FAKE_RCPT, "452 4.5.3 too many\r\n", SMTP_DEFERRED, SMTP_STAGE_RECIPIENT, 452,
     "4.5.3", FALSE},
    {"recipient 421", FAKE_RCPT, "421 4.7.0 too fast\r\n", SMTP_NOT_SENT, SMTP_STAGE_RECIPIENT, 421,
     "4.7.0", TRUE},
    {"recipient: hung up", FAKE_RCPT, "", SMTP_NOT_SENT, SMTP_STAGE_RECIPIENT, 0, "", TRUE},
    {"251", FAKE_RCPT, "251 will forward\r\n", SMTP_ACCEPTED, SMTP_STAGE_DOT, 250, "2.0.0", FALSE},
    {"data deferred", FAKE_DATA, "451 4.3.0 no room\r\n", SMTP_DEFERRED, SMTP_STAGE_DATA, 451,
     "4.3.0", FALSE},
    {"data refused", FAKE_DATA, "554 5.7.1 no\r\n", SMTP_REFUSED, SMTP_STAGE_DATA, 554, "5.7.1",
     FALSE},
    {"data 421", FAKE_DATA, "421 4.3.0 bye\r\n", SMTP_NOT_SENT, SMTP_STAGE_DATA, 421, "4.3.0",
     TRUE},
    {"data: hung up", FAKE_DATA, "", SMTP_NOT_SENT, SMTP_STAGE_DATA, 0, "", TRUE},
    {"data 250", FAKE_DATA, "250 ok\r\n", SMTP_NOT_SENT, SMTP_STAGE_DATA, 0, "", TRUE},
    {"body: too large", FAKE_BODY, "552 5.3.4 too large\r\n", SMTP_REFUSED, SMTP_STAGE_DATA, 552,
     "5.3.4", TRUE},
    {"body: 421", FAKE_BODY, "421 4.3.0 bye\r\n", SMTP_NOT_SENT, SMTP_STAGE_DATA, 421, "4.3.0",
     TRUE},
    {"dot deferred", FAKE_DOT, "451 4.3.0 queue\r\n", SMTP_DEFERRED, SMTP_STAGE_DOT, 451, "4.3.0",
     FALSE},
    {"dot refused", FAKE_DOT, "554 5.7.1 spam\r\n", SMTP_REFUSED, SMTP_STAGE_DOT, 554, "5.7.1",
     FALSE},
    {"dot 421", FAKE_DOT, "421 4.3.0 bye\r\n", SMTP_NOT_SENT, SMTP_STAGE_DOT, 421, "4.3.0", TRUE},
    {"dot: hung up", FAKE_DOT, "", SMTP_UNCERTAIN, SMTP_STAGE_DOT, 0, "", TRUE},
    {"dot: no reply at all", FAKE_DOT, "<html>\r\n", SMTP_UNCERTAIN, SMTP_STAGE_DOT, 0, "", TRUE},
    {"dot: codes that differ", FAKE_DOT, "250-yes\r\n550 no\r\n", SMTP_UNCERTAIN, SMTP_STAGE_DOT, 0,
     "", TRUE},
    {"dot: 354", FAKE_DOT, "354 more\r\n", SMTP_UNCERTAIN, SMTP_STAGE_DOT, 0, "", TRUE},
};

// A release from within body_sent leaves no time between the body and the dot.
static void run_verdict(const VerdictCase *verdict, const char *offers, gboolean bytewise,
                        gboolean step_by_step, SenderManner manner) {
  FakeScript script = {FAKE_SCRIPT(1), .offers = offers, .bytewise = bytewise};
  if (verdict->step != FAKE_NEVER) {
    script.answers[verdict->step] = verdict->answer;
  }
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 3,
                   .step_by_step = step_by_step,
                   .manner = verdict->step == FAKE_BODY ? SENDER_HOLDS : manner};
  if (verdict->step == FAKE_BODY) {
    script.at_message = 0; // one held message is all there is
    sender.count = 1;
  }
  sender_run(&sender);
  fake_relay_stop(relay);
  check_promise(&sender, relay);
  const SenderMessage *message = &sender.messages[verdict->step == FAKE_BODY ? 0 : 1];
  assert_int_equal(message->outcome.verdict, verdict->verdict);
  assert_int_equal(message->outcome.stage, verdict->stage);
  assert_int_equal(message->outcome.code, verdict->code);
  assert_string_equal(message->outcome.status, verdict->status);
  if (verdict->step != FAKE_BODY) {
    assert_int_equal(sender.messages[0].outcome.verdict, SMTP_ACCEPTED);
    if (!verdict->ends) {
      assert_int_equal(sender.messages[2].outcome.verdict, SMTP_ACCEPTED);
    } else {
      assert_true(!sender.messages[2].given || sender.messages[2].outcome.verdict == SMTP_NOT_SENT);
    }
  }
  assert_int_equal(sender.end.stage == SMTP_STAGE_IDLE, !verdict->ends);
  fake_relay_free(relay);
}

static void verdicts(void **state) {
  for (guint i = 0; i < G_N_ELEMENTS(VERDICTS); i++) {
    for (guint way = 0; way < 12; way++) {
      gboolean plain = way % 3 == 2;
      print_message("%s%s%s%s\n", VERDICTS[i].name, plain ? "" : ", pipelined",
                    way % 3 == 1 ? ", step by step" : "", way >= 6 ? ", bytewise" : "");
      run_verdict(&VERDICTS[i], plain ? PLAIN : FULL, way >= 6, way % 3 == 1,
                  way % 6 >= 3 ? SENDER_RELEASES_LATER : SENDER_RELEASES);
    }
  }
}

// RFC 2920 3.1: the relay asks for a message that it has no recipient for.
static void a_dot_alone_ends_data_without_recipients(void **state) {
  FakeScript script = {FAKE_SCRIPT(1), .offers = FULL};
  script.answers[FAKE_RCPT] = "550 5.1.1 no such user\r\n";
  script.answers[FAKE_DATA] = "354 go on\r\n";
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 3};
  sender_run(&sender);
  fake_relay_stop(relay);
  check_promise(&sender, relay);
  assert_int_equal(sender.messages[1].outcome.verdict, SMTP_REFUSED);
  assert_string_equal(sender.messages[1].outcome.status, "5.1.1");
  assert_int_equal(sender.messages[2].outcome.verdict, SMTP_ACCEPTED);
  assert_int_equal(fake_relay_taken(relay)->len, 2);
  fake_relay_free(relay);
}

// Its lone dot would deliver an empty message.
static void data_with_a_recipient_and_no_sender_ends_the_connection(void **state) {
  FakeScript script = {FAKE_SCRIPT(1), .offers = FULL};
  script.answers[FAKE_MAIL] = "550 5.7.1 no\r\n";
  script.answers[FAKE_RCPT] = "250 ok\r\n";
  script.answers[FAKE_DATA] = "354 go on\r\n";
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 3};
  sender_run(&sender);
  fake_relay_stop(relay);
  check_promise(&sender, relay);
  assert_int_equal(sender.messages[1].outcome.verdict, SMTP_REFUSED);
  assert_int_equal(fake_relay_complete(relay)->len, 1);
  fake_relay_free(relay);
}

static void drop_at(gssize said, gssize heard, const char *offers, gboolean step_by_step) {
  FakeScript script = {FAKE_SCRIPT(-1), .offers = offers};
  script.close_after_said = said;
  script.close_after_heard = heard;
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 3,
                   .step_by_step = step_by_step,
                   .manner = said % 2 == 0 ? SENDER_RELEASES : SENDER_RELEASES_LATER};
  sender_run(&sender);
  fake_relay_stop(relay);
  check_promise(&sender, relay);
  for (guint i = 0; i < sender.given; i++) {
    const SenderMessage *message = &sender.messages[i];
    SmtpVerdict verdict = message->outcome.verdict;
    assert_true(verdict == SMTP_ACCEPTED || verdict == SMTP_NOT_SENT || verdict == SMTP_UNCERTAIN);
    if (complete(relay, message->message.recipient)) {
      assert_true(verdict != SMTP_NOT_SENT);
    }
  }
  assert_true(sender.opened == 1 || sender.given == 0);
  fake_relay_free(relay);
}

// Drops after each byte that the relay says, and after each that it hears.
static void drops(void **state) {
  for (guint way = 0; way < 3; way++) {
    const char *offers = way == 2 ? PLAIN : FULL;
    FakeScript script = {FAKE_SCRIPT(-1), .offers = offers};
    FakeRelay *relay = fake_relay_start(&script);
    Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                     .count = 3,
                     .step_by_step = way == 1};
    sender_run(&sender);
    fake_relay_stop(relay);
    assert_int_equal(fake_relay_taken(relay)->len, 3);
    gssize said = (gssize)fake_relay_said(relay), heard = (gssize)fake_relay_heard_bytes(relay);
    fake_relay_free(relay);
    for (gssize at = 0; at < said; at++) {
      drop_at(at, -1, offers, way == 1);
    }
    for (gssize at = 0; at < heard; at++) {
      drop_at(-1, at, offers, way == 1);
    }
  }
}

typedef struct ImpossibleCase {
  const char *name, *offers;
  SmtpMessage message;
  const char *status; // NULL: accepted
} ImpossibleCase;

static void impossible_messages_are_refused_at_home(void **state) {
  static const struct iovec large[] = {{(void *)"Subject: a\r\n\r\nnot so small\r\n", 28}};
  const ImpossibleCase cases[] = {
      {"no SMTPUTF8", PLAIN, {.recipient = "müller@example.com", .utf8 = TRUE}, "5.6.7"},
      {"SMTPUTF8", FULL, {.recipient = "müller@example.com", .utf8 = TRUE}, NULL},
      {"not said to be UTF-8", FULL, {.recipient = "müller@example.com"}, "5.1.3"},
      {"too large", "PIPELINING\nSIZE 20", {.bytes = large, .count = 1}, "5.3.4"},
      {"SIZE without a limit", "PIPELINING\nSIZE 0", {.bytes = large, .count = 1}, NULL},
      {"no 8BITMIME", "PIPELINING", {.eight_bit = TRUE}, "5.6.3"},
      {"8BITMIME", FULL, {.eight_bit = TRUE}, NULL},
      {"a command in the address", FULL, {.recipient = "a@b.example>\r\nRSET"}, "5.1.3"},
      {"a bracket", FULL, {.recipient = "a@b.example> NOTIFY=NEVER <"}, "5.1.3"},
      {"nobody", FULL, {.recipient = ""}, "5.1.3"},
      {"a command in the sender", FULL, {.sender = "a@b.example\nDATA"}, "5.1.7"},
      {"no sender", FULL, {.sender = ""}, NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    print_message("%s\n", cases[i].name);
    FakeScript script = {FAKE_SCRIPT(-1), .offers = cases[i].offers};
    FakeRelay *relay = fake_relay_start(&script);
    Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                     .count = 3};
    static const struct iovec small[] = {{(void *)"A: b\r\n", 6}};
    sender.messages[0].message = sender.messages[2].message =
        (SmtpMessage){.bytes = small, .count = 1};
    sender.messages[1].message = cases[i].message;
    sender_run(&sender);
    fake_relay_stop(relay);
    check_promise(&sender, relay);
    assert_int_equal(sender.messages[0].outcome.verdict, SMTP_ACCEPTED);
    assert_int_equal(sender.messages[2].outcome.verdict, SMTP_ACCEPTED);
    const SmtpOutcome *outcome = &sender.messages[1].outcome;
    assert_int_equal(outcome->verdict, cases[i].status == NULL ? SMTP_ACCEPTED : SMTP_REFUSED);
    assert_int_equal(outcome->code, cases[i].status == NULL ? 250 : 0);
    assert_string_equal(outcome->status, cases[i].status == NULL ? "2.0.0" : cases[i].status);
    assert_null(strstr(fake_relay_heard(relay), "NOTIFY"));
    fake_relay_free(relay);
  }
}

static void what_is_said_to_the_relay(void **state) {
  FakeScript script = {FAKE_SCRIPT(-1), .offers = FULL};
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 2};
  static const struct iovec small[] = {{(void *)"A: b\r\n\r\n..dot\r\n", 15}};
  sender.messages[0].message = (SmtpMessage){.bytes = small, .count = 1, .eight_bit = TRUE};
  sender.messages[1].message =
      (SmtpMessage){.bytes = small, .count = 1, .sender = "", .utf8 = TRUE};
  sender_run(&sender);
  fake_relay_stop(relay);
  assert_string_equal(fake_relay_heard(relay),
                      "EHLO paper.example\nMAIL FROM:<news@paper.example> SIZE=15 BODY=8BITMIME\n"
                      "RCPT TO:<r0@example.com>\nDATA\nMAIL FROM:<> SIZE=15 SMTPUTF8\n"
                      "RCPT TO:<r1@example.com>\nDATA\nQUIT\n");
  gsize size;
  const char *body = g_bytes_get_data(fake_relay_bodies(relay)->pdata[0], &size);
  assert_int_equal(size, 14);
  assert_memory_equal(body, "A: b\r\n\r\n.dot\r\n", 14);
  assert_int_equal(sender.end.code, 0);
  assert_int_equal(sender.end.stage, SMTP_STAGE_IDLE);
  fake_relay_free(relay);
}

typedef struct StumbleCase {
  const char *name;
  FakeScript script;
  SmtpVerdict first, second;
} StumbleCase;

static void relays_that_stumble_are_found_out(void **state) {
  StumbleCase cases[] = {
      {"forgets the envelope",
       {FAKE_SCRIPT(-1), .offers = FULL, .swallows = TRUE},
       SMTP_ACCEPTED,
       SMTP_NOT_SENT},
      {"hangs up",
       {FAKE_SCRIPT(-1), .offers = FULL, .hangs_up_on_company = TRUE},
       SMTP_UNCERTAIN,
       SMTP_NOT_SENT},
      {"503", {FAKE_SCRIPT(1), .offers = FULL}, SMTP_ACCEPTED, SMTP_NOT_SENT},
      {"refuses the dot", {FAKE_SCRIPT(-1), .offers = FULL}, SMTP_NOT_SENT, SMTP_NOT_SENT},
  };
  cases[2].script.answers[FAKE_MAIL] = "503 5.5.1 bad sequence\r\n";
  cases[3].script.answers[FAKE_DOT] = "554 5.5.0 improper command pipelining\r\n";
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    print_message("%s\n", cases[i].name);
    FakeRelay *relay = fake_relay_start(&cases[i].script);
    Sender sender = {.relay = {.port = fake_relay_port(relay),
                               .security = SMTP_SECURITY_NONE,
                               .reply_seconds = 1},
                     .count = 2};
    sender_run(&sender);
    assert_int_equal(sender.stumbled, 1);
    assert_int_equal(sender.messages[0].outcome.verdict, cases[i].first);
    assert_int_equal(sender.messages[1].outcome.verdict, cases[i].second);
    if (i < 2) { // and can be worked with otherwise
      Sender again = {.relay = sender.relay, .count = 3, .step_by_step = TRUE};
      sender_run(&again);
      assert_int_equal(again.stumbled, 0);
      for (guint j = 0; j < again.count; j++) {
        assert_int_equal(again.messages[j].outcome.verdict, SMTP_ACCEPTED);
      }
    }
    fake_relay_stop(relay);
    fake_relay_free(relay);
  }
}

static void an_owner_may_give_up(void **state) {
  for (guint i = 0; i < 4; i++) {
    FakeScript script = {FAKE_SCRIPT(-1), .offers = i < 2 ? FULL : PLAIN};
    FakeRelay *relay = fake_relay_start(&script);
    Sender sender = {.relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                     .count = 3,
                     .manner = i % 2 == 0 ? SENDER_ABANDONS : SENDER_DROPS};
    sender_run(&sender);
    fake_relay_stop(relay);
    check_promise(&sender, relay);
    assert_int_equal(sender.messages[0].outcome.verdict, SMTP_ACCEPTED);
    assert_int_equal(sender.messages[1].outcome.verdict, SMTP_NOT_SENT);
    assert_int_equal(sender.given, 2);
    assert_int_equal(fake_relay_taken(relay)->len, 1);
    fake_relay_free(relay);
  }
}

static void a_connection_has_its_number_of_messages(void **state) {
  FakeScript script = {FAKE_SCRIPT(-1), .offers = FULL};
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.relay = {.port = fake_relay_port(relay),
                             .security = SMTP_SECURITY_NONE,
                             .messages_per_connection = 2},
                   .count = 5};
  sender_run(&sender);
  fake_relay_stop(relay);
  assert_int_equal(sender.told, 2);
  assert_int_equal(fake_relay_taken(relay)->len, 2);
  assert_int_equal(sender.end.stage, SMTP_STAGE_IDLE);
  assert_int_equal(sender.end.code, 0);
  assert_true(g_str_has_suffix(fake_relay_heard(relay), "QUIT\n"));
  fake_relay_free(relay);
}

static void idle_connections_wait_and_may_be_ended_by_the_relay(void **state) {
  g_autoptr(EventLoop) loop = event_loop_new(NULL);
  FakeScript script = {FAKE_SCRIPT(-1), .offers = FULL};
  FakeRelay *relay = fake_relay_start(&script);
  Sender sender = {.loop = loop,
                   .relay = {.port = fake_relay_port(relay), .security = SMTP_SECURITY_NONE},
                   .count = 1,
                   .stays_open = TRUE};
  sender_start(&sender);
  for (guint i = 1; i <= 3; i++) {
    while (sender.told < i) {
      event_loop_turn(loop, 1000);
    }
    event_loop_turn(loop, 10);
    assert_true(smtp_session_is_idle(sender.session));
    sender.count = MIN(i + 1, 3);
    smtp_session_nudge(sender.session);
  }
  event_loop_turn(loop, 10);
  fake_relay_stop(relay); // closes
  sender_wait(&sender);
  assert_int_equal(sender.end.stage, SMTP_STAGE_IDLE);
  assert_int_equal(sender.end.code, 0);
  assert_int_equal(fake_relay_taken(relay)->len, 3);
  fake_relay_free(relay);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verdicts),
      cmocka_unit_test(a_dot_alone_ends_data_without_recipients),
      cmocka_unit_test(data_with_a_recipient_and_no_sender_ends_the_connection),
      cmocka_unit_test(drops),
      cmocka_unit_test(impossible_messages_are_refused_at_home),
      cmocka_unit_test(what_is_said_to_the_relay),
      cmocka_unit_test(relays_that_stumble_are_found_out),
      cmocka_unit_test(an_owner_may_give_up),
      cmocka_unit_test(a_connection_has_its_number_of_messages),
      cmocka_unit_test(idle_connections_wait_and_may_be_ended_by_the_relay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
