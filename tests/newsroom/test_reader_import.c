// SPDX-License-Identifier: Apache-2.0
//
// What becomes of readers who are taken over from elsewhere: new ones, known ones, those who left,
// the suppressed; that it can be done again; on both engines. Does not cover: files
// (exchange/test_csv, system/test_subscribers).
#include <string.h>

#include "model/mail_address.h"
#include "newsroom/reader_import.h"
#include "newsroom/reader_links.h"
#include "newsroom/subscribers.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "tests/newsroom/room.h"

typedef struct Fixture {
  Newspaper *paper;
  Room room;
} Fixture;

static int set_up(void **state) {
  newspaper_set_up(state);
  Fixture *fixture = g_new0(Fixture, 1);
  fixture->paper = *state;
  room_open(&fixture->room, fixture->paper);
  *state = fixture;
  return 0;
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  room_close(&fixture->room);
  *state = fixture->paper;
  g_free(fixture);
  return newspaper_tear_down(state);
}

typedef struct LeftOut {
  GString *text;
} LeftOut;

static void note_left_out(gint64 line, const char *address, const char *reason, gpointer data) {
  g_string_append_printf(((LeftOut *)data)->text, "%d %s%s;", (int)line, address,
                         strstr(reason, "suppression") != NULL ? " suppressed" : " left");
}

static const char *const DAILY[] = {"daily", NULL};

// Takes the lines over; the report, and who was left out.
static ReaderImportReport take(Fixture *fixture, const ReaderImportLine *lines, guint count,
                               gboolean dry_run, char **ret_left_out) {
  g_autoptr(GError) error = NULL;
  LeftOut left_out = {g_string_new(NULL)};
  ReaderImportOptions options = {.source = "test",
                                 .newsletters = DAILY,
                                 .dry_run = dry_run,
                                 .left_out = note_left_out,
                                 .data = &left_out};
  g_autoptr(ReaderImport) import = reader_import_new(&fixture->room.newsroom, &options, &error);
  newspaper_must(import != NULL, &error);
  for (guint i = 0; i < count; i++) {
    ReaderImportLine line = lines[i];
    const char **texts[] = {&line.name,        &line.language, &line.zone_name,
                            &line.newsletters, &line.left,     &line.sections};
    for (gsize n = 0; n < G_N_ELEMENTS(texts); n++) {
      *texts[n] = *texts[n] != NULL ? *texts[n] : "";
    }
    line.line = i + 2;
    newspaper_must(reader_import_add(import, &line, &error), &error);
  }
  ReaderImportReport report;
  newspaper_must(reader_import_finish(import, &report, &error), &error);
  if (ret_left_out != NULL) {
    *ret_left_out = g_string_free(left_out.text, FALSE);
  } else {
    g_string_free(left_out.text, TRUE);
  }
  return report;
}

// "active Anna daily=1 breaking=2 consents=2", or "none".
static char *reader(Fixture *fixture, const char *address) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, &error);
  g_autofree char *key = mail_address_key(address);
  g_autoptr(Subscriber) one = subscriber_rows_get_by_key(transaction, key, &error);
  if (one == NULL) {
    return g_strdup("none");
  }
  g_autoptr(GArray) subscriptions = subscription_rows_of(transaction, one->id, NULL);
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(transaction, NULL);
  g_autoptr(GPtrArray) consents = consent_rows_of(transaction, one->id, NULL);
  GString *text = g_string_new(subscriber_status_name(one->status));
  g_string_append_printf(text, " %s", one->name);
  for (guint i = 0; i < subscriptions->len; i++) {
    const Subscription *subscription = &g_array_index(subscriptions, Subscription, i);
    for (guint n = 0; n < newsletters->len; n++) {
      const Newsletter *newsletter = newsletters->pdata[n];
      if (newsletter->id == subscription->newsletter_id) {
        g_string_append_printf(text, " %s=%d", newsletter->slug, subscription->status);
      }
    }
  }
  g_string_append_printf(text, " consents=%u", consents->len);
  return g_string_free(text, FALSE);
}

static void assert_reader(Fixture *fixture, const char *address, const char *wanted) {
  g_autofree char *found = reader(fixture, address);
  if (strcmp(found, wanted) != 0) {
    fail_msg("%s is '%s', not '%s'", address, found, wanted);
  }
}

static void test_new_readers(void **state) {
  const ReaderImportLine LINES[] = {
      {.address = "Anna@Example.org", .name = "Anna", .zone_name = "Europe/Berlin"},
      {.address = "ben@example.org", .newsletters = "Breaking news, daily"},
      {.address = "anna@example.ORG", .name = "Another", .newsletters = "breaking"},
      {.address = "Clara <clara@example.org>", .name = "Cla\r\nBcc: x@example.org\xE2\x80\xA8ra"},
      {.address = "=formula@example.org", .language = "de", .confirmed_at = NEWSPAPER_EPOCH},
      {.address = "gone@example.org", .status = READER_IMPORT_LEFT},
      {.address = "\xC3\xB6zg\xC3\xBCr@b\xC3\xBC"
                  "cher.example"}};
  ReaderImportReport report = take(*state, LINES, G_N_ELEMENTS(LINES), FALSE, NULL);
  assert_int_equal(report.load.created, 5);
  assert_int_equal(report.repeated, 1);
  assert_int_equal(report.load.subscribed, 7);
  assert_int_equal(report.load.left, 1);
  assert_reader(*state, "anna@example.org", "active Anna daily=1 breaking=1 consents=1");
  assert_reader(*state, "ben@example.org", "active  daily=1 breaking=1 consents=1");
  assert_reader(*state, "clara@example.org", "active Cla Bcc: x@example.org ra daily=1 consents=1");
  assert_reader(*state, "=formula@example.org", "active  daily=1 consents=1");
  assert_reader(*state, "gone@example.org", "active  daily=2 consents=1");
  assert_reader(*state, "\xC3\xB6zg\xC3\xBCr@xn--bcher-kva.example", "active  daily=1 consents=1");
  // Again: nothing changes, and nobody who left comes back.
  const ReaderImportLine GONE[] = {{.address = "gone@example.org"}};
  g_autofree char *left_out = NULL;
  ((Fixture *)*state)->room.now += CLOCK_DAY;
  report = take(*state, LINES, G_N_ELEMENTS(LINES), FALSE, NULL);
  assert_int_equal(report.load.created + report.load.subscribed, 0);
  assert_int_equal(report.load.known, 5);
  take(*state, GONE, 1, FALSE, &left_out);
  assert_string_equal(left_out, "2 gone@example.org left;");
  assert_reader(*state, "gone@example.org", "active  daily=2 consents=1");
  assert_reader(*state, "anna@example.org", "active Anna daily=1 breaking=1 consents=1");
}

static void test_a_dry_run(void **state) {
  const ReaderImportLine LINES[] = {{.address = "anna@example.org"},
                                    {.address = "b@example.org", .status = READER_IMPORT_BOUNCED}};
  ReaderImportReport report = take(*state, LINES, 2, TRUE, NULL);
  assert_int_equal(report.load.created, 1);
  assert_int_equal(report.load.suppressed, 1);
  assert_reader(*state, "anna@example.org", "none");
  report = take(*state, LINES, 2, FALSE, NULL);
  assert_int_equal(report.load.created, 1);
}

static void suppress(Fixture *fixture, const char *address) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = newspaper_write(fixture->paper);
  g_autoptr(Site) site = site_rows_load(transaction, &error);
  g_autofree char *hash = reader_address_hash(site->mail_key, address);
  newspaper_must(suppression_rows_put(transaction, hash, SUPPRESSION_COMPLAINED, 1, "", &error),
                 &error);
  newspaper_must(store_commit(&fixture->paper->transaction, &error), &error);
  transaction = NULL;
}

static void test_the_suppressed_stay_out(void **state) {
  const ReaderImportLine LINES[] = {
      {.address = "anna@example.org"},
      {.address = "Closed@example.org"},
      {.address = "b@example.org", .status = READER_IMPORT_BOUNCED},
      {.address = "b@example.org"},
      {.address = "c@example.org", .status = READER_IMPORT_COMPLAINED}};
  const ReaderImportLine AGAIN[] = {{.address = "b@example.org"}, {.address = "c@example.org"}};
  g_autofree char *left_out = NULL;
  g_autofree char *again = NULL;
  suppress(*state, "closed@example.org");
  ReaderImportReport report = take(*state, LINES, G_N_ELEMENTS(LINES), FALSE, &left_out);
  assert_string_equal(left_out, "3 Closed@example.org suppressed;");
  assert_int_equal(report.load.created, 1);
  assert_int_equal(report.load.suppressed, 2);
  take(*state, AGAIN, 2, FALSE, &again);
  assert_string_equal(again, "2 b@example.org suppressed;3 c@example.org suppressed;");
  assert_reader(*state, "b@example.org", "none");
  assert_reader(*state, "closed@example.org", "none");
}

// A reader of our own with one newsletter on and one left; what an import may and may not change.
static void test_known_readers(void **state) {
  const ReaderImportLine FIRST[] = {
      {.address = "anna@example.org", .newsletters = "daily", .left = "breaking"}};
  const ReaderImportLine MORE[] = {{.address = "ANNA@example.org",
                                    .name = "Anna",
                                    .newsletters = "daily|breaking|edition",
                                    .sections = "politics"}};
  const ReaderImportLine OFF_BEFORE[] = {
      {.address = "anna@example.org", .status = READER_IMPORT_LEFT, .left_at = NEWSPAPER_EPOCH}};
  const ReaderImportLine OFF[] = {{.address = "anna@example.org", .status = READER_IMPORT_LEFT}};
  const ReaderImportLine BAD[] = {{.address = "anna@example.org", .status = READER_IMPORT_BOUNCED}};
  Fixture *fixture = *state;
  take(fixture, FIRST, 1, FALSE, NULL);
  assert_reader(fixture, "anna@example.org", "active  daily=1 breaking=2 consents=2");
  fixture->room.now += CLOCK_DAY;
  ReaderImportReport report = take(fixture, MORE, 1, FALSE, NULL);
  assert_int_equal(report.load.known, 1);
  assert_int_equal(report.load.subscribed, 1); // the edition; what was left stays left
  assert_reader(fixture, "anna@example.org", "active Anna daily=1 breaking=2 edition=1 consents=3");
  fixture->room.now += CLOCK_DAY;
  take(fixture, OFF_BEFORE, 1, FALSE, NULL); // signed up since
  assert_reader(fixture, "anna@example.org", "active Anna daily=1 breaking=2 edition=1 consents=3");
  take(fixture, OFF, 1, FALSE, NULL);
  assert_reader(fixture, "anna@example.org", "active Anna daily=2 breaking=2 edition=1 consents=4");
  take(fixture, BAD, 1, FALSE, NULL);
  assert_reader(fixture, "anna@example.org",
                "suppressed Anna daily=2 breaking=2 edition=1 consents=4");
  g_autofree char *left_out = NULL;
  take(fixture, MORE, 1, FALSE, &left_out);
  assert_string_equal(left_out, "2 ANNA@example.org suppressed;");
}

static void test_refusals(void **state) {
  static const struct {
    ReaderImportLine line;
    const char *words;
  } CASES[] = {
      {{.address = ""}, "no address"},
      {{.address = "nobody"}, "no mail address"},
      {{.address = "a@example.org\r\nBcc: b@example.org"}, "no mail address"},
      {{.address = "a@example.org,b@example.org"}, "no mail address"},
      {{.address = "a b@example.org"}, "no mail address"},
  };
  g_autoptr(GError) error = NULL;
  Fixture *fixture = *state;
  ReaderImportOptions options = {.source = "test", .newsletters = DAILY};
  g_autoptr(ReaderImport) import = reader_import_new(&fixture->room.newsroom, &options, &error);
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    ReaderImportLine line = CASES[i].line;
    line.name = line.language = line.zone_name = line.newsletters = line.left = line.sections = "";
    assert_false(reader_import_add(import, &line, &error));
    room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, CASES[i].words);
  }
  ReaderImportOptions without = {.source = ""};
  assert_null(reader_import_new(&fixture->room.newsroom, &without, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "source: ");
  static const char *const NONE[] = {"weekly", NULL};
  ReaderImportOptions unknown = {.source = "x", .newsletters = NONE};
  assert_null(reader_import_new(&fixture->room.newsroom, &unknown, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "weekly");
}

// More than one step, so that whole steps are committed one by one.
static void test_many(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  guint count = SUBSCRIBER_LOAD_LINES + 7;
  for (guint round = 0; round < 2; round++) {
    ReaderImportOptions options = {.source = "test", .newsletters = DAILY};
    g_autoptr(ReaderImport) import = reader_import_new(&fixture->room.newsroom, &options, &error);
    newspaper_must(import != NULL, &error);
    for (guint i = 0; i < count; i++) {
      g_autofree char *address = g_strdup_printf("r%u@d%u.example.org", i * 7919 % count, i % 9);
      ReaderImportLine line = {.line = i,
                               .address = address,
                               .name = "",
                               .language = "",
                               .zone_name = "",
                               .newsletters = "",
                               .left = "",
                               .sections = ""};
      newspaper_must(reader_import_add(import, &line, &error), &error);
    }
    ReaderImportReport report;
    newspaper_must(reader_import_finish(import, &report, &error), &error);
    assert_int_equal(report.load.created, round == 0 ? count : 0);
    assert_int_equal(report.load.known, round == 0 ? 0 : count);
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, &error);
  assert_int_equal(subscription_rows_count(transaction, 1, &error), count);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_new_readers),   CASE(test_a_dry_run), CASE(test_the_suppressed_stay_out),
      CASE(test_known_readers), CASE(test_refusals),  CASE(test_many),
  };
  return newspaper_run("newsroom/reader_import", tests, G_N_ELEMENTS(tests));
}
