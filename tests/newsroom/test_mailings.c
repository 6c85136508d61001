// SPDX-License-Identifier: Apache-2.0
//
// Mailings as the clock and people make them: the daily from the front less what was sent, once a
// day whatever the clock does; approval; zones; alerts with their cap and second person;
// follow-ups; segments. On both engines. Does not cover: rendering (press), delivery (mail).
#include <string.h>

#include "model/segment.h"
#include "newsroom/mailings.h"
#include "newsroom/newsletters.h"
#include "newsroom/segments.h"
#include "press/page.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "tests/newsroom/room.h"
#include "tests/store/readership.h"

#define HOUR (3600 * CLOCK_SECOND)
#define READERS 12

typedef struct Fixture {
  Newspaper *paper;
  Room room;
  Press *press;
  guint stories;
} Fixture;

static gint64 instant(const char *text) {
  gint64 found = 0;
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  assert_true(clock_parse(text, utc, &found));
  return found;
}

static int set_up(void **state) {
  g_autoptr(GError) error = NULL;
  newspaper_set_up(state);
  Fixture *fixture = g_new0(Fixture, 1);
  fixture->paper = *state;
  room_open(&fixture->room, fixture->paper);
  fixture->press = press_new(NULL, &error);
  newspaper_must(fixture->press != NULL, &error);
  fixture->room.newsroom.press = fixture->press;
  readership_make(fixture->paper, READERS);
  *state = fixture;
  return 0;
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  room_close(&fixture->room);
  press_free(fixture->press);
  *state = fixture->paper;
  g_free(fixture);
  return newspaper_tear_down(state);
}

static gint64 publish(Fixture *fixture) {
  guint n = fixture->stories++;
  g_autofree char *key = g_strdup_printf("%u.md", n);
  g_autofree char *headline = g_strdup_printf("Story %u", n);
  g_autoptr(Story) story = room_story(key, "1", headline, "Words.");
  story->published_at = fixture->room.now;
  return room_import(&fixture->room, story, STORY_PUBLISHED, NULL);
}

static void set(Fixture *fixture, const char *newsletter, const char *field, const char *value) {
  g_autoptr(GError) error = NULL;
  newspaper_must(newsletters_set(&fixture->room.newsroom, newsletter, field, value, &error),
                 &error);
}

static Mailing *get(Fixture *fixture, gint64 id) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, &error);
  Mailing *mailing = mailing_rows_get(transaction, id, &error);
  newspaper_must(mailing != NULL, &error);
  return mailing;
}

// "4 3 1": its stories, by their number in `publish`'s order of headlines.
static char *stories_of(Fixture *fixture, gint64 id) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, NULL);
  g_autoptr(GArray) ids = mailing_rows_stories(transaction, id, NULL);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < ids->len; i++) {
    g_string_append_printf(text, "%s%d", i > 0 ? " " : "", (int)g_array_index(ids, gint64, i));
  }
  return g_string_free(text, FALSE);
}

static void assert_stories(Fixture *fixture, gint64 id, const char *wanted) {
  g_autofree char *found = stories_of(fixture, id);
  assert_string_equal(found, wanted);
}

static gint64 compose(Fixture *fixture, gint32 day) {
  g_autoptr(GError) error = NULL;
  gint64 id = mailings_compose_daily(&fixture->room.newsroom, 1, day, fixture->room.now, &error);
  newspaper_must(id != 0, &error);
  return id;
}

// What app/post does every second, at the moment that it is.
static void tick(Fixture *fixture) {
  g_autoptr(GError) error = NULL;
  newspaper_must(mailings_compose_due(&fixture->room.newsroom, 0, &error) >= 0, &error);
  newspaper_must(mailings_follow_up(&fixture->room.newsroom, &error) >= 0, &error);
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, &error);
  g_autoptr(GPtrArray) due = mailing_rows_due(transaction, fixture->room.now, &error);
  newspaper_must(due != NULL, &error);
  g_clear_pointer(&transaction, store_rollback);
  for (guint i = 0; i < due->len; i++) {
    gint64 id = ((const Mailing *)due->pdata[i])->id;
    if (!mailings_launch(&fixture->room.newsroom, id, NULL, &error)) {
      room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "");
    }
  }
}

// How many of a newsletter are in that state.
static guint count(Fixture *fixture, gint64 newsletter, gint state) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, NULL);
  g_autoptr(GPtrArray) all = mailing_rows_list(transaction, newsletter, state, 0, 500, NULL);
  return all->len;
}

// ---- the daily --------------------------------------------------------------------------------

static void test_less_what_was_sent(void **state) {
  Fixture *fixture = *state;
  publish(fixture);
  publish(fixture);
  gint64 first = compose(fixture, 20260411);
  assert_stories(fixture, first, "2 1");
  assert_true(compose(fixture, 20260411) == first); // the same day again
  fixture->room.now += 2 * HOUR;
  publish(fixture);
  fixture->room.now += 22 * HOUR;
  assert_stories(fixture, compose(fixture, 20260412), "3");
  fixture->room.now += CLOCK_DAY;
  gint64 nothing = compose(fixture, 20260413);
  g_autoptr(Mailing) skipped = get(fixture, nothing);
  assert_int_equal(skipped->state, MAILING_SKIPPED);
  assert_non_null(strstr(skipped->state_reason, "nothing new"));
  publish(fixture);
  fixture->room.now += CLOCK_DAY;
  assert_stories(fixture, compose(fixture, 20260414), "4");
}

// What is published while an editor looks at the next daily comes in the one after it.
static void test_published_while_held(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  set(fixture, "daily", "approval", "yes");
  fixture->room.now = instant("2026-04-11T05:40:00Z");
  publish(fixture);
  newspaper_must(mailings_compose_due(&fixture->room.newsroom, 0, &error) >= 0, &error);
  assert_int_equal(count(fixture, 1, MAILING_HELD), 1); // an hour ahead
  fixture->room.now += 20 * 60 * CLOCK_SECOND;
  gint64 late = publish(fixture);
  newspaper_must(mailings_approve(&fixture->room.newsroom, 1, "editor", &error), &error);
  fixture->room.now = instant("2026-04-11T06:30:00Z");
  tick(fixture);
  assert_int_equal(count(fixture, 1, MAILING_SENDING), 1);
  fixture->room.now += CLOCK_DAY;
  tick(fixture);
  g_autofree char *id = g_strdup_printf("%d", (int)late);
  assert_stories(fixture, 2, id);
}

// Days of a newspaper in Berlin, looked at every ten minutes by a clock that is put back and
// forward an hour now and then, over both changes to and from summer time: one daily a day.
static void walk(Fixture *fixture, const char *from, guint days) {
  static const gint64 STEPS[] = {0, 0, 0, 0, 0, 0, 0, -HOUR, 0, 0, 0, 0, 0, HOUR};
  gint64 end = instant(from) + days * CLOCK_DAY;
  guint step = 0;
  fixture->room.now = instant(from);
  guint before = count(fixture, 1, -1);
  for (gint64 next_story = fixture->room.now; fixture->room.now < end;
       fixture->room.now += HOUR / 6) {
    if (fixture->room.now >= next_story) {
      publish(fixture);
      next_story += CLOCK_DAY / 2;
    }
    tick(fixture);
    // Around the hour of the daily, in winter and in summer, the clock jumps.
    gint64 minute = fixture->room.now / (60 * CLOCK_SECOND) % 1440;
    if (minute >= 4 * 60 && minute < 6 * 60 + 30) {
      fixture->room.now += STEPS[step++ % G_N_ELEMENTS(STEPS)];
    }
  }
  assert_int_equal(count(fixture, 1, -1) - before, days);
}

static void test_once_a_day_whatever_the_clock_does(void **state) {
  Fixture *fixture = *state;
  fixture->room.now = instant("2026-03-26T00:00:00Z");
  set(fixture, "daily", "zone", "Europe/Berlin");
  tick(fixture);                            // the newsletter begins now
  walk(fixture, "2026-03-26T18:00:00Z", 5); // the 29th has 23 hours
  walk(fixture, "2026-10-22T18:00:00Z", 5); // the 25th has 25
  assert_int_equal(count(fixture, 1, MAILING_SENDING), 10);
}

// At an hour that the clocks skip, and at one that comes twice.
static void test_hours_that_are_missing_or_double(void **state) {
  static const struct {
    const char *begin, *due, *end;
  } CASES[] = {{"2026-03-28T18:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T12:00:00Z"},
               {"2026-10-24T18:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T12:00:00Z"}};
  Fixture *fixture = *state;
  fixture->room.now = instant("2026-03-20T12:00:00Z");
  set(fixture, "daily", "zone", "Europe/Berlin");
  set(fixture, "daily", "time", "02:30");
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    fixture->room.now = instant(CASES[i].begin);
    if (i == 0) {
      tick(fixture);
    }
    publish(fixture);
    guint before = count(fixture, 1, -1);
    for (; fixture->room.now < instant(CASES[i].end); fixture->room.now += HOUR / 6) {
      tick(fixture);
    }
    assert_int_equal(count(fixture, 1, -1) - before, 1);
    g_autoptr(Mailing) mailing = get(fixture, (gint64)i + 1);
    assert_true(mailing->due_at == instant(CASES[i].due));
  }
}

static void test_too_late(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  publish(fixture);
  gint64 id = compose(fixture, 20260411);
  fixture->room.now += 13 * HOUR; // the machine was off
  assert_false(mailings_launch(&fixture->room.newsroom, id, NULL, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "long past");
  g_autoptr(Mailing) stopped = get(fixture, id);
  assert_int_equal(stopped->state, MAILING_STOPPED);
  newspaper_must(mailings_resume(&fixture->room.newsroom, id, &error), &error);
  newspaper_must(mailings_launch(&fixture->room.newsroom, id, NULL, &error), &error);
}

static void test_the_same_hour_in_each_zone(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  set(fixture, "daily", "local-hour", "yes");
  fixture->room.now = instant("2026-04-10T12:00:00Z");
  publish(fixture);
  newspaper_must(mailings_compose_due(&fixture->room.newsroom, 0, &error) >= 0, &error);
  static const char ZONES[] = "update subscriber set zone_name = 'America/New_York' where id = 1;"
                              "update subscriber set zone_name = 'Asia/Tokyo' where id = 2;";
  g_autoptr(StoreTransaction) write = store_begin_write(fixture->paper->store, &error);
  newspaper_must(readership_run(write, ZONES, &error) && store_commit(&write, &error), &error);
  fixture->room.now = instant("2026-04-11T06:30:00Z");
  tick(fixture);
  g_autoptr(StoreTransaction) transaction = store_begin_read(fixture->paper->store, &error);
  static const char *const DUE[] = {"2026-04-11T10:30:00Z",  // 06:30 in New York
                                    "2026-04-11T06:30:00Z",  // past in Tokyo: at once
                                    "2026-04-11T06:30:00Z"}; // at home
  for (gint64 id = 1; id <= 3; id++) {
    g_autoptr(Delivery) delivery = delivery_rows_get(transaction, 1, id, &error);
    newspaper_must(delivery != NULL, &error);
    assert_true(delivery->due_at == instant(DUE[id - 1]));
  }
}

static void test_words_of_its_own(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  publish(fixture);
  MailingOrder order = {.newsletter_id = 1,
                        .day = 20260411,
                        .due_at = fixture->room.now,
                        .subject = "Saturday's daily",
                        .preheader = "And more",
                        .introduction = "Good *morning*."};
  gint64 id = mailings_compose(&fixture->room.newsroom, &order, &error);
  newspaper_must(id != 0, &error);
  g_autoptr(Mailing) mailing = get(fixture, id);
  assert_string_equal(mailing->subject, "Saturday's daily");
  assert_string_equal(mailing->preheader, "And more");
  assert_string_equal(mailing->introduction, "Good *morning*.");
  order.day = 20260412;
  order.subject = "One\r\nBcc: everyone@example.org";
  assert_int_equal(mailings_compose(&fixture->room.newsroom, &order, &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "subject: ");
}

// What every letter has to be, seen from its parts.
static void test_the_message(void **state) {
  Fixture *fixture = *state;
  Newsroom *newsroom = &fixture->room.newsroom;
  g_autoptr(GError) error = NULL;
  for (guint i = 0; i < 12; i++) {
    publish(fixture);
  }
  gint64 id = compose(fixture, 20260411);
  g_autoptr(MailParts) parts = mailings_preview(newsroom, id, NULL, &error);
  newspaper_must(parts != NULL, &error);
  static const char *const IN_HTML[] = {"<html lang=\"en\" dir=\"ltr\"",
                                        "prefers-color-scheme: dark",
                                        "name=\"color-scheme\"",
                                        "role=\"presentation\"",
                                        "/unsubscribe/preview",
                                        "/reader/preview",
                                        "/mail/",
                                        "/privacy"};
  for (gsize i = 0; i < G_N_ELEMENTS(IN_HTML); i++) {
    if (strstr(parts->html, IN_HTML[i]) == NULL) {
      fail_msg("no %s", IN_HTML[i]);
    }
  }
  assert_true(strlen(parts->html) <= 90 * 1024);
  assert_null(strstr(parts->html, "href=\"/"));
  assert_null(strstr(parts->html, "src=\"/"));
  assert_null(strstr(parts->html, "class=\"pixel\""));
  assert_null(strstr(parts->html, "/c/"));
  assert_null(strchr(parts->text, '<'));
  assert_non_null(strstr(parts->text, "/unsubscribe/preview"));
  for (guint i = 0; i < 12; i++) { // every story in both, with its address
    g_autofree char *headline = g_strdup_printf("Story %u\n", i);
    g_autofree char *address = g_strdup_printf("/politics/story-%u-c-", i);
    assert_non_null(strstr(parts->text, headline));
    assert_non_null(strstr(parts->text, address));
    assert_non_null(strstr(parts->html, address));
  }
  set(fixture, "daily", "language", "ar");
  g_autoptr(MailParts) arabic = mailings_preview(newsroom, id, NULL, &error);
  newspaper_must(arabic != NULL, &error);
  assert_non_null(strstr(arabic->html, "<html lang=\"ar\" dir=\"rtl\""));
  g_autoptr(GPtrArray) findings = mailings_preflight(newsroom, id, &error);
  newspaper_must(findings != NULL, &error);
  assert_int_equal(findings->len, 0);
  // More than mail programs show whole is not sent.
  g_autofree char *words = g_strnfill(95 * 1024, 'x');
  MailingText text = {.introduction = words};
  newspaper_must(mailings_edit(newsroom, id, &text, &error), &error);
  assert_false(mailings_launch(newsroom, id, NULL, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "leave stories out");
}

// ---- alerts -----------------------------------------------------------------------------------

static gint64 alert(Fixture *fixture, gint64 story, const char *who, gboolean over_cap,
                    GError **error) {
  MailingAlert wanted = {.story_id = story, .requested_by = who, .over_cap = over_cap};
  return mailings_alert(&fixture->room.newsroom, &wanted, error);
}

static void test_alerts(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  set(fixture, "breaking", "cap", "2");
  gint64 ids[3] = {publish(fixture), publish(fixture), publish(fixture)};
  newspaper_must(alert(fixture, ids[0], "ada", FALSE, &error) != 0, &error);
  assert_int_equal(alert(fixture, ids[0], "ben", FALSE, &error), 0); // never twice
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "has had its alert");
  newspaper_must(alert(fixture, ids[1], "ada", FALSE, &error) != 0, &error);
  assert_int_equal(alert(fixture, ids[2], "ada", FALSE, &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "is its cap");
  newspaper_must(alert(fixture, ids[2], "ada", TRUE, &error) != 0, &error);
  fixture->room.now += CLOCK_DAY + HOUR;
  newspaper_must(alert(fixture, publish(fixture), "ada", FALSE, &error) != 0, &error);
  assert_int_equal(alert(fixture, 999, "ada", FALSE, &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "not published");
}

static void test_a_second_person(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  set(fixture, "breaking", "approval", "yes");
  gint64 id = alert(fixture, publish(fixture), "ada", FALSE, &error);
  newspaper_must(id != 0, &error);
  assert_int_equal(count(fixture, 2, MAILING_HELD), 1);
  tick(fixture);
  assert_int_equal(count(fixture, 2, MAILING_HELD), 1);
  assert_false(mailings_approve(&fixture->room.newsroom, id, "ada", &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "a second person");
  newspaper_must(mailings_approve(&fixture->room.newsroom, id, "ben", &error), &error);
  tick(fixture);
  g_autoptr(Mailing) sent = get(fixture, id);
  assert_int_equal(sent->state, MAILING_SENDING);
  assert_string_equal(sent->approved_by, "ben");
  assert_int_equal(sent->planned, READERS);
}

static void test_follow_ups(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  gint64 story = publish(fixture);
  gint64 other = publish(fixture); // without an alert
  newspaper_must(alert(fixture, story, "ada", FALSE, &error) != 0, &error);
  tick(fixture);
  for (gint64 each = 1; each <= 2; each++) {
    fixture->room.now += HOUR;
    newspaper_must(
        stories_correct(&fixture->room.newsroom, story, "12 boats", "11 boats", &error) &&
            stories_correct(&fixture->room.newsroom, other, "a", "b", &error),
        &error);
    tick(fixture);
    tick(fixture);
    assert_int_equal(count(fixture, 2, -1), 1 + each); // one for each correction
  }
  g_autoptr(MailParts) parts = mailings_preview(&fixture->room.newsroom, 2, NULL, &error);
  newspaper_must(parts != NULL, &error);
  g_autoptr(Mailing) first = get(fixture, 2);
  assert_true(g_str_has_prefix(first->subject, "Correction: "));
  assert_non_null(strstr(parts->html, "11 boats"));
  assert_non_null(strstr(parts->text, "12 boats"));
}

// ---- segments ---------------------------------------------------------------------------------

static void test_segments(void **state) {
  Fixture *fixture = *state;
  Newsroom *newsroom = &fixture->room.newsroom;
  g_autoptr(GError) error = NULL;
  Segment bad = {.slug = (char *)"x", .name = (char *)"x", .rules = (char *)"section politcs"};
  assert_int_equal(segments_put(newsroom, &bad, &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "did you mean 'politics'");
  static const struct {
    const char *rules;
    gint64 readers;
  } CASES[] = {{"", READERS},
               {"section politics", READERS / 2},
               {"newsletter breaking", READERS},
               {"since 2026-01-01", 0},
               {"before 2026-01-01", READERS},
               {"since 2025-12-31; before 2026-01-01", READERS},
               {"active 30d", 1},
               {"section politics; active 30d", 0}};
  // Reader 3 opened something lately; reader 1 is not interested in breaking news any more.
  static const char SCRIPT[] =
      "update subscriber set tracking = 1, active_at = 1775800000000000 where id = 3;";
  g_autoptr(StoreTransaction) write = store_begin_write(fixture->paper->store, &error);
  newspaper_must(readership_run(write, SCRIPT, &error) && store_commit(&write, &error), &error);
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    gint64 found = segments_count(newsroom, 1, CASES[i].rules, &error);
    if (found != CASES[i].readers) {
      fail_msg("'%s' has %d", CASES[i].rules, (int)found);
    }
  }
  Segment good = {
      .slug = (char *)"town", .name = (char *)"town", .rules = (char *)"section politics"};
  newspaper_must(segments_put(newsroom, &good, &error) != 0, &error);
  publish(fixture);
  MailingOrder order = {
      .newsletter_id = 1, .day = 20260411, .due_at = fixture->room.now, .segment = "town"};
  gint64 id = mailings_compose(newsroom, &order, &error);
  newspaper_must(id != 0, &error);
  assert_int_equal(mailings_count_recipients(newsroom, id, &error), READERS / 2);
  assert_false(segments_remove(newsroom, "town", &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "not sent yet");
  tick(fixture);
  g_autoptr(Mailing) sent = get(fixture, id);
  assert_int_equal(sent->planned, READERS / 2);
  // All readers have not had that story: the daily of the same day has it.
  assert_stories(fixture, compose(fixture, 20260411), "1");
  newspaper_must(segments_remove(newsroom, "town", &error), &error);
  order.segment = "none";
  order.day++;
  assert_int_equal(mailings_compose(newsroom, &order, &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "no segment 'none'");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_less_what_was_sent),
      CASE(test_published_while_held),
      CASE(test_once_a_day_whatever_the_clock_does),
      CASE(test_hours_that_are_missing_or_double),
      CASE(test_too_late),
      CASE(test_the_same_hour_in_each_zone),
      CASE(test_words_of_its_own),
      CASE(test_the_message),
      CASE(test_alerts),
      CASE(test_a_second_person),
      CASE(test_follow_ups),
      CASE(test_segments),
  };
  return newspaper_run("newsroom/mailings", tests, G_N_ELEMENTS(tests));
}
