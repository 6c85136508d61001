// SPDX-License-Identifier: Apache-2.0
//
// Dispatch with scripted relays, on both engines: each fault at each step ends in the right state,
// nobody is missed, nobody gets it twice. Does not cover: kill -9 (tests/system), how fast.
#include "tests/mail/mailroom.h"

#include <glib/gstdio.h>
#include <string.h>

#include "newsroom/reader_links.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "store/subscriber_rows.h"

static guint readers_of_status(Mailroom *room, SubscriberStatus status) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, &error);
  gint64 count = transaction != NULL ? subscriber_rows_count(transaction, status, &error) : -1;
  newspaper_must(count >= 0, &error);
  return (guint)count;
}

static void test_sends_to_everyone(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 40);
  room.options[0].connections = 1;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_ACCEPTED], 40);
  DispatchNumbers numbers = dispatch_numbers(room.dispatch);
  assert_int_equal(numbers.accepted, 40);
  mailroom_stop(&room);
  mailroom_assert_once(&room);
  assert_int_equal(mailroom_taken(&room), 40);
  // Each message is its reader's own, and its return address tells whose.
  g_autofree char *token = reader_token(MAILROOM_KEY, READER_BOUNCE, id, 7);
  g_autofree char *sender = g_strdup_printf("MAIL FROM:<bounces+%s@example.org>", token);
  assert_non_null(strstr(fake_relay_heard(room.relays[0]), sender));
  for (guint i = 0; i < 40; i++) {
    const char *recipient = g_ptr_array_index(fake_relay_taken(room.relays[0]), i);
    gint64 number = g_ascii_strtoll(recipient + strlen("reader"), NULL, 10);
    gsize length = 0;
    const char *bytes =
        g_bytes_get_data(g_ptr_array_index(fake_relay_bodies(room.relays[0]), i), &length);
    g_autofree char *text = g_strndup(bytes, length);
    g_autofree char *message = reader_token(MAILROOM_KEY, READER_MESSAGE_ID, id, number);
    g_autofree char *greeting =
        g_strdup_printf("Hello=\r\n Reader %" G_GINT64_FORMAT "=\r\n,", number);
    assert_non_null(strstr(text, message));
    assert_non_null(strstr(text, greeting));
  }
  mailroom_close(&room);
}

typedef struct Fault {
  FakeStep step;
  const char *answer; // "" closes
  DeliveryState outcome;
  gboolean suppressed;
  guint taken; // messages that are out in the end
  gboolean stops;
} Fault;

// One connection is faulty, those after it are good; one reader.
static const Fault FAULTS[] = {
    {FAKE_GREETING, "", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_GREETING, "421 4.3.2 closing\r\n", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_GREETING, "554 5.3.2 no service\r\n", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_EHLO, "", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_MAIL, "", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_MAIL, "421 4.7.0 too many\r\n", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_MAIL, "451 4.3.0 try later\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_MAIL, "452 4.3.1 disk full\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_MAIL, "550 5.7.1 who are you\r\n", DELIVERY_PENDING, FALSE, 0, TRUE},
    {FAKE_RCPT, "", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_RCPT, "450 4.2.1 busy\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_RCPT, "451 4.7.1 greylisted\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_RCPT, "550 5.1.1 no such user\r\n", DELIVERY_FAILED, TRUE, 0, FALSE},
    {FAKE_RCPT, "550 5.7.1 policy\r\n", DELIVERY_FAILED, FALSE, 0, FALSE},
    {FAKE_RCPT, "552 5.2.2 full\r\n", DELIVERY_FAILED, FALSE, 0, FALSE},
    {FAKE_RCPT, "421 4.7.0 too many\r\n", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_DATA, "", DELIVERY_ACCEPTED, FALSE, 1, FALSE},
    {FAKE_DATA, "451 4.3.0 not now\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_DATA, "554 5.5.0 no\r\n", DELIVERY_FAILED, FALSE, 0, FALSE},
    {FAKE_DOT, "450 4.2.0 later\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_DOT, "452 4.3.1 disk full\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_DOT, "421 4.3.2 closing\r\n", DELIVERY_DEFERRED, FALSE, 0, FALSE},
    {FAKE_DOT, "552 5.3.4 too big\r\n", DELIVERY_FAILED, FALSE, 0, FALSE},
    {FAKE_DOT, "554 5.7.1 spam\r\n", DELIVERY_FAILED, FALSE, 0, FALSE},
    {FAKE_DOT, "550 5.1.1 no such user\r\n", DELIVERY_FAILED, TRUE, 0, FALSE},
    {FAKE_DOT, "", DELIVERY_UNCERTAIN, FALSE, 0, FALSE},
};

static void check_fault(Newspaper *paper, const Fault *fault) {
  Mailroom room;
  mailroom_open(&room, paper, 1, 0);
  room.scripts[0].answers[fault->step] = fault->answer;
  room.scripts[0].faulty_connections = fault->answer[0] == '5' && fault->step == FAKE_MAIL ? 0 : 1;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  if (fault->stops) {
    mailroom_wait_state(&room, id, MAILING_STOPPED);
  }
  mailroom_wait(&room, id, fault->outcome, 1);
  mailroom_stop(&room);
  MailingCounts counts = mailroom_counts(&room, id);
  guint taken = fake_relay_taken(room.relays[0])->len;
  if (counts.of[fault->outcome] != 1 || taken != fault->taken ||
      (readers_of_status(&room, SUBSCRIBER_SUPPRESSED) > 0) != fault->suppressed) {
    fail_msg("step %d, '%s': taken %u, suppressed %u", (int)fault->step, fault->answer, taken,
             readers_of_status(&room, SUBSCRIBER_SUPPRESSED));
  }
  mailroom_close(&room);
  readership_set(paper, 1, "status", SUBSCRIBER_ACTIVE);
}

static void test_each_fault_at_each_step(void **state) {
  readership_make(*state, 1);
  for (gsize i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
    check_fault(*state, &FAULTS[i]);
  }
}

static void test_silence_floods_and_trickles(void **state) {
  readership_make(*state, 1);
  for (guint way = 0; way < 4; way++) {
    Mailroom room;
    mailroom_open(&room, *state, 1, 0);
    room.scripts[0].faulty_connections = 1;
    room.options[0].smtp.reply_seconds = room.options[0].smtp.dot_seconds = 1;
    FakeStep *faults[] = {&room.scripts[0].stall_at, &room.scripts[0].flood_at,
                          &room.scripts[0].trickle_at, &room.scripts[0].stall_at};
    *faults[way] = way == 3 ? FAKE_DOT : FAKE_RCPT;
    gint64 id = mailroom_mailing(&room, "daily");
    mailroom_start(&room);
    mailroom_wait_state(&room, id, MAILING_DONE);
    DeliveryState expected = way == 3 ? DELIVERY_UNCERTAIN : DELIVERY_ACCEPTED;
    assert_int_equal(mailroom_counts(&room, id).of[expected], 1);
    mailroom_close(&room);
  }
}

static void test_deferred_comes_again(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 5);
  room.scripts[0].answers[FAKE_RCPT] = "451 4.7.1 greylisted, come again\r\n";
  room.scripts[0].at_message = 2;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait(&room, id, DELIVERY_DEFERRED, 1);
  mailroom_wait(&room, id, DELIVERY_ACCEPTED, 4);
  assert_int_equal(mailroom_state_of(&room, id, NULL), MAILING_SENDING);
  room.now += 600 * CLOCK_SECOND;
  mailroom_look(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_ACCEPTED], 5);
  mailroom_stop(&room);
  mailroom_assert_once(&room);
  mailroom_close(&room);
}

static void test_gives_up_in_the_end(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 1);
  room.scripts[0].answers[FAKE_RCPT] = "450 4.2.1 busy\r\n";
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  for (guint i = 0; i < 200 && mailroom_counts(&room, id).of[DELIVERY_FAILED] == 0; i++) {
    mailroom_wait(&room, id, DELIVERY_PENDING, 0);
    room.now += 3600 * CLOCK_SECOND;
    mailroom_look(&room);
    g_usleep(20000);
  }
  mailroom_wait_state(&room, id, MAILING_DONE);
  assert_int_equal(readers_of_status(&room, SUBSCRIBER_SUPPRESSED), 0);
  g_autoptr(StoreTransaction) look = store_begin_read(((Newspaper *)*state)->store, NULL);
  g_autoptr(Subscriber) reader = subscriber_rows_get(look, 1, NULL);
  assert_int_equal(reader->soft_bounces, 1); // 4.2.1 is about the mailbox
  g_clear_pointer(&look, store_rollback);
  mailroom_close(&room);
}

// The relay has it, its answer is lost. An alert is sent again, with the same bytes, to the same
// relay; a daily is held.
static void test_uncertain_by_policy(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 2, 1);
  room.options[1].weight = 0;
  room.scripts[0].answers[FAKE_DOT] = "250 2.0.0 Ok\r\n";
  room.scripts[0].stall_at = FAKE_DOT;
  room.scripts[0].faulty_connections = 1;
  room.options[0].smtp.dot_seconds = 1;
  gint64 id = mailroom_mailing(&room, "breaking");
  mailroom_start(&room);
  mailroom_wait(&room, id, DELIVERY_DEFERRED, 1);
  room.now += 600 * CLOCK_SECOND;
  mailroom_look(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  mailroom_stop(&room);
  const GPtrArray *bodies = fake_relay_bodies(room.relays[0]);
  assert_int_equal(bodies->len, 2);
  assert_true(g_bytes_equal(bodies->pdata[0], bodies->pdata[1]));
  assert_int_equal(fake_relay_taken(room.relays[1])->len, 0);
  mailroom_close(&room);
}

static void test_pause_resume_cancel(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 300);
  room.options[0].rate = 60;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait(&room, id, DELIVERY_ACCEPTED, 5);
  mailroom_state(&room, id, MAILING_PAUSED);
  // Nothing is leased or in flight any more, and then nothing moves.
  MailingCounts counts = mailroom_counts(&room, id);
  for (guint i = 0; i < 2000 && counts.of[DELIVERY_LEASED] + counts.of[DELIVERY_IN_FLIGHT] > 0;
       i++) {
    g_usleep(10000);
    counts = mailroom_counts(&room, id);
  }
  assert_int_equal(counts.of[DELIVERY_LEASED] + counts.of[DELIVERY_IN_FLIGHT], 0);
  g_usleep(200000);
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_ACCEPTED], counts.of[DELIVERY_ACCEPTED]);
  assert_int_equal(counts.of[DELIVERY_PENDING] + counts.of[DELIVERY_ACCEPTED], 300);
  mailroom_state(&room, id, MAILING_SENDING);
  mailroom_wait(&room, id, DELIVERY_ACCEPTED, counts.of[DELIVERY_ACCEPTED] + 5);
  mailroom_state(&room, id, MAILING_CANCELLED);
  mailroom_wait(&room, id, DELIVERY_CANCELLED, 1);
  for (guint i = 0; i < 2000; i++) {
    counts = mailroom_counts(&room, id);
    if (counts.of[DELIVERY_CANCELLED] + counts.of[DELIVERY_ACCEPTED] == 300) {
      break;
    }
    g_usleep(10000);
  }
  assert_int_equal(counts.of[DELIVERY_CANCELLED] + counts.of[DELIVERY_ACCEPTED], 300);
  mailroom_stop(&room);
  mailroom_assert_once(&room);
  assert_int_equal(mailroom_taken(&room), counts.of[DELIVERY_ACCEPTED]);
  mailroom_close(&room);
}

static void test_another_relay_helps(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 2, 60);
  mailroom_relays(&room);
  fake_relay_stop(room.relays[0]); // nobody listens there
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  mailroom_stop(&room);
  g_autofree char *said = mailroom_troubles(&room);
  assert_non_null(strstr(said, "relay one can't be used"));
  assert_int_equal(fake_relay_taken(room.relays[1])->len, 60);
  mailroom_close(&room);
}

static void test_shares_by_weight(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 2, 400);
  room.options[0].weight = 3;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  mailroom_stop(&room);
  mailroom_assert_once(&room);
  assert_in_range(fake_relay_taken(room.relays[0])->len, 260, 340);
  assert_in_range(fake_relay_taken(room.relays[1])->len, 60, 140);
  mailroom_close(&room);
}

static void test_alert_overtakes(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 200);
  room.options[0].rate = 40;
  gint64 daily = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait(&room, daily, DELIVERY_ACCEPTED, 3);
  gint64 alert = mailroom_mailing(&room, "breaking");
  mailroom_look(&room);
  mailroom_wait(&room, alert, DELIVERY_ACCEPTED, 30);
  MailingCounts counts = mailroom_counts(&room, daily);
  assert_true(counts.of[DELIVERY_ACCEPTED] < 60);
  mailroom_close(&room);
}

static void test_refused_sender_burns_nobody(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 30);
  room.scripts[0].answers[FAKE_MAIL] = "553 5.7.1 sender not owned by you\r\n";
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_STOPPED);
  mailroom_stop(&room);
  g_autofree char *reason = NULL;
  mailroom_state_of(&room, id, &reason);
  assert_non_null(strstr(reason, "553 5.7.1 sender not owned"));
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_PENDING], 30);
  mailroom_close(&room);
}

static void test_refused_content_stops(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 400);
  room.scripts[0].answers[FAKE_DOT] = "554 5.7.1 spam\r\n";
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_STOPPED);
  mailroom_stop(&room);
  MailingCounts counts = mailroom_counts(&room, id);
  assert_in_range(counts.of[DELIVERY_FAILED], 25, 60);
  assert_int_equal(counts.of[DELIVERY_FAILED] + counts.of[DELIVERY_PENDING], 400);
  assert_int_equal(readers_of_status(&room, SUBSCRIBER_SUPPRESSED), 0);
  mailroom_close(&room);
}

static void test_an_old_database_asks(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 5);
  g_autofree char *path = g_build_filename(room.folder, "dispatch.epoch", NULL);
  assert_true(g_file_set_contents(path, "00000000000000900000\n", -1, NULL));
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  g_autofree char *said = NULL;
  for (guint i = 0; i < 1000 && (said == NULL || *said == '\0'); i++) {
    g_usleep(10000);
    g_free(said);
    said = mailroom_troubles(&room);
  }
  assert_non_null(strstr(said, "older than what was sent from here"));
  g_usleep(100000);
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_PENDING], 5);
  g_autoptr(GError) error = NULL;
  newspaper_must(epoch_rows_resume(newspaper_write(room.paper), 900000, &error) &&
                     store_commit(&room.paper->transaction, &error),
                 &error);
  mailroom_wait_state(&room, id, MAILING_DONE);
  mailroom_close(&room);
}

static void test_a_late_one_asks(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 5);
  gint64 id = mailroom_mailing(&room, "daily"); // may be a day late
  room.now += 3 * CLOCK_DAY;
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_STOPPED);
  mailroom_stop(&room);
  assert_int_equal(mailroom_taken(&room), 0);
  mailroom_close(&room);
}

static gint64 send_notice(Mailroom *room, gint64 expires_at) {
  g_autoptr(GError) error = NULL;
  Notice notice = {.due_at = room->now,
                   .expires_at = expires_at,
                   .created_at = room->now,
                   .kind = (char *)"confirm",
                   .address = (char *)"new@example.net",
                   .form = (char *)"letter 1 1767225600000000\nTo: \x01"
                                   "Ah\r\nSubject: Confirm\r\n\r\nhello\r\n",
                   .envelope_sender = (char *)"bounces@example.org"};
  gint64 id = notice_rows_insert(newspaper_write(room->paper), &notice, &error);
  newspaper_must(id != 0 && store_commit(&room->paper->transaction, &error), &error);
  return id;
}

static gint64 notice_due(Mailroom *room) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, NULL);
  return notice_rows_next_due(transaction, NULL);
}

static void test_notices(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 1, 1);
  room.scripts[0].answers[FAKE_RCPT] = "450 4.7.1 greylisted\r\n";
  room.scripts[0].faulty_connections = 1;
  room.scripts[0].at_message = 0;
  send_notice(&room, room.now + CLOCK_DAY);
  mailroom_start(&room);
  for (guint i = 0; i < 2000 && notice_due(&room) <= room.now; i++) {
    g_usleep(10000);
  }
  assert_true(notice_due(&room) > room.now); // put off
  send_notice(&room, room.now - 1);          // too late already
  room.now += 3600 * CLOCK_SECOND;
  mailroom_look(&room);
  for (guint i = 0; i < 2000 && notice_due(&room) != 0; i++) {
    g_usleep(10000);
  }
  for (guint i = 0; i < 2000 && dispatch_numbers(room.dispatch).accepted == 0; i++) {
    g_usleep(10000);
  }
  mailroom_stop(&room);
  assert_int_equal(mailroom_taken(&room), 1);
  mailroom_close(&room);
}

static guint files_in(Mailroom *room) {
  g_autofree char *path = g_build_filename(room->dispatch_options.maildir, "new", NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  guint files = 0;
  while (dir != NULL && g_dir_read_name(dir) != NULL) {
    files++;
  }
  return files;
}

static void test_the_outbox(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 0, 150);
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  assert_int_equal(files_in(&room), 150);
  // As after a crash between the file and its commit: again is the same file.
  g_autoptr(GError) error = NULL;
  StoreTransaction *transaction = newspaper_write(room.paper);
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, id, &error);
  gboolean moved = FALSE;
  mailing->state = MAILING_SENDING;
  newspaper_must(mailing_rows_update(transaction, mailing, MAILING_DONE, &moved, &error) &&
                     store_execute(transaction, QUERY_DELIVERY_RETRY,
                                   STORE_VALUES(store_integer(id), store_integer(room.now),
                                                store_integer(DELIVERY_ACCEPTED)),
                                   &error) == 150 &&
                     mailing_rows_move_count(transaction, id, DELIVERY_ACCEPTED, DELIVERY_PENDING,
                                             150, &error) &&
                     store_commit(&room.paper->transaction, &error),
                 &error);
  mailroom_look(&room);
  mailroom_wait_state(&room, id, MAILING_DONE);
  assert_int_equal(mailroom_counts(&room, id).of[DELIVERY_ACCEPTED], 150);
  assert_int_equal(files_in(&room), 150);
  mailroom_close(&room);
}

static void test_two_help_each_other(void **state) {
  Mailroom room;
  mailroom_open(&room, *state, 2, 2000);
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_relays(&room);
  DispatchOptions other_options = room.dispatch_options;
  other_options.relays = &room.options[1];
  other_options.relay_count = 1;
  room.dispatch_options.relay_count = 1;
  g_autoptr(GError) error = NULL;
  mailroom_start(&room);
  Dispatch *other = dispatch_start(&other_options, &error);
  newspaper_must(other != NULL, &error);
  mailroom_wait_state(&room, id, MAILING_DONE);
  guint64 by_other = dispatch_numbers(other).accepted;
  guint64 by_first = dispatch_numbers(room.dispatch).accepted;
  dispatch_stop(other, 5);
  mailroom_stop(&room);
  assert_int_equal(by_first + by_other, 2000);
  assert_true(by_first > 0 && by_other > 0);
  mailroom_assert_once(&room);
  assert_int_equal(mailroom_taken(&room), 2000);
  mailroom_close(&room);
}

// On PostgreSQL the server crashes in mid-mailing; on SQLite there is none to crash.
static void test_the_database_goes_and_comes(void **state) {
  if (newspaper_server() == NULL) {
    return;
  }
  Mailroom room;
  mailroom_open(&room, *state, 1, 400);
  room.options[0].rate = 200;
  gint64 id = mailroom_mailing(&room, "daily");
  mailroom_start(&room);
  mailroom_wait(&room, id, DELIVERY_ACCEPTED, 20);
  g_autoptr(GError) error = NULL;
  newspaper_must(postgres_server_crash(newspaper_server(), &error), &error);
  g_usleep(1500000);
  newspaper_must(postgres_server_restart(newspaper_server(), &error), &error);
  gint64 until = g_get_monotonic_time() + 60 * (gint64)G_USEC_PER_SEC;
  while (dispatch_numbers(room.dispatch).accepted < 400 && g_get_monotonic_time() < until) {
    g_usleep(20000);
  }
  mailroom_wait_state(&room, id, MAILING_DONE);
  mailroom_stop(&room);
  g_autofree char *said = mailroom_troubles(&room);
  assert_non_null(strstr(said, "nothing is sent while the journal can't be written"));
  assert_non_null(strstr(said, "mail goes on"));
  mailroom_assert_once(&room);
  MailingCounts counts = mailroom_counts(&room, id);
  assert_int_equal(counts.of[DELIVERY_ACCEPTED] + counts.of[DELIVERY_UNCERTAIN], 400);
  mailroom_close(&room);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_sends_to_everyone),
      CASE(test_each_fault_at_each_step),
      CASE(test_silence_floods_and_trickles),
      CASE(test_deferred_comes_again),
      CASE(test_gives_up_in_the_end),
      CASE(test_uncertain_by_policy),
      CASE(test_pause_resume_cancel),
      CASE(test_another_relay_helps),
      CASE(test_shares_by_weight),
      CASE(test_alert_overtakes),
      CASE(test_refused_sender_burns_nobody),
      CASE(test_refused_content_stops),
      CASE(test_an_old_database_asks),
      CASE(test_a_late_one_asks),
      CASE(test_notices),
      CASE(test_the_outbox),
      CASE(test_two_help_each_other),
      CASE(test_the_database_goes_and_comes),
  };
  return newspaper_run("mail/dispatch", tests, G_N_ELEMENTS(tests));
}
