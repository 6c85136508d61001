// SPDX-License-Identifier: Apache-2.0
//
// The edition's life on both engines: what goes in, made once, failed and made again, first look
// and publication by the hour, clocks that jump, its mails. The laying out is played by a maker of
// the test's own.
#include <string.h>

#include "model/newsletter.h"
#include "newsroom/editions.h"
#include "newsroom/fronts.h"
#include "newsroom/reader_links.h"
#include "newsroom/settings.h"
#include "store/edition_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "tests/newsroom/room.h"

#define TODAY 20260411 // of NEWSPAPER_EPOCH + 100 days, where it is UTC
#define HOUR (3600 * CLOCK_SECOND)

typedef struct Print {
  Room room;
  EditionMaker maker;
  guint made;
  const char *fails;  // NULL: it does not
  gint64 number;      // of the last content
  GString *headlines; // of the last content, "lead A | second B"
} Print;

static MadeEdition *fake_make(const EditionContent *content, const EditionWish *wish, gpointer data,
                              GError **error) {
  Print *print = data;
  print->made++;
  print->number = content->number;
  g_string_truncate(print->headlines, 0);
  for (guint i = 0; i < content->stories->len; i++) {
    const EditionStory *entry = content->stories->pdata[i];
    g_string_append_printf(print->headlines, "%s%s %s%s", i > 0 ? " | " : "",
                           front_weight_name(entry->weight), entry->story->headline,
                           entry->pin_page != 0 ? "!" : "");
  }
  if (print->fails != NULL) {
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FAILED, print->fails);
    return NULL;
  }
  MadeEdition *made = made_edition_new();
  g_autofree char *text = g_strdup_printf("%%PDF %d %u", content->day, print->made);
  g_autoptr(GBytes) pdf = g_bytes_new(text, strlen(text));
  for (guint format = 0; format < EDITION_FORMATS; format++) {
    if ((wish->formats >> format & 1) != 0) {
      MadePrint *one = made_edition_add_print(made, (EditionFormat)format, pdf);
      one->model = g_strdup("edition 1 10 10\n");
      one->score = g_strdup("fine");
      one->page_count = 4;
      if (wish->pictures) {
        made_print_add_picture(one, pdf, "image/webp", 1600, 2400);
      }
    }
  }
  made->epub = wish->epub ? g_bytes_ref(pdf) : NULL;
  for (guint i = 0; i < content->stories->len; i++) {
    const EditionStory *entry = content->stories->pdata[i];
    EditionStoryRow row = {entry->story->id, entry->weight, 1};
    g_array_append_val(made->stories, row);
  }
  return made;
}

static void print_open(Print *print, Newspaper *paper) {
  g_autoptr(GError) error = NULL;
  *print = (Print){.headlines = g_string_new(NULL)};
  room_open(&print->room, paper);
  g_autofree char *folder = g_build_filename(print->room.folder, "editions", NULL);
  print->maker = (EditionMaker){fake_make, print};
  print->room.newsroom.edition_files = edition_files_open(folder, &error);
  print->room.newsroom.edition_maker = &print->maker;
  newspaper_must(settings_put(&print->room.newsroom, "time_zone", "UTC", &error), &error);
  newspaper_must(settings_prepare(&print->room.newsroom, &error), &error);
  newspaper_must(editions_set(&print->room.newsroom, "hour", "05:30", &error), &error);
}

static void print_close(Print *print) {
  edition_files_close(print->room.newsroom.edition_files);
  room_close(&print->room);
  g_string_free(print->headlines, TRUE);
}

// Published `ago` before now.
static gint64 publish(Print *print, const char *headline, gint64 ago) {
  g_autoptr(Story) story = room_story(headline, "1", headline, "Words.");
  story->published_at = print->room.now - ago;
  return room_import(&print->room, story, STORY_PUBLISHED, NULL);
}

static Edition *get(Print *print, gint32 day) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(print->room.paper->store, NULL);
  return edition_rows_get(transaction, day, NULL);
}

typedef struct Ran {
  gint64 next;
  gint32 made;
  char failure[200];
} Ran;

static Ran run_due(Print *print) {
  Ran ran = {0};
  g_autoptr(GError) error = NULL;
  GError *failure = NULL;
  newspaper_must(editions_run_due(&print->room.newsroom, &ran.next, &ran.made, &failure, &error),
                 &error);
  g_strlcpy(ran.failure, failure != NULL ? failure->message : "", sizeof ran.failure);
  g_clear_error(&failure);
  return ran;
}

static void must_make(Print *print, gint32 day) {
  g_autoptr(GError) error = NULL;
  EditionWish wish = {.pages = -1, .epub = TRUE, .pictures = TRUE};
  newspaper_must(editions_make(&print->room.newsroom, day, &wish, NULL, NULL, &error), &error);
}

static void test_what_goes_in(void **state) {
  Print print;
  print_open(&print, *state);
  g_autoptr(GError) error = NULL;
  EditionWish wish = {.pages = -1};
  assert_false(editions_make(&print.room.newsroom, TODAY, &wish, NULL, NULL, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "nothing was published");
  gint64 old = publish(&print, "Old", 31 * CLOCK_DAY);
  publish(&print, "Older", 32 * CLOCK_DAY);
  gint64 first = publish(&print, "First", 20 * HOUR);
  publish(&print, "Second", 2 * HOUR);
  must_make(&print, TODAY);
  assert_string_equal(print.headlines->str, "lead Second | second First");
  // What an editor chose goes in whatever its age, in the order and weight of the front.
  const FrontSlotRow slots[] = {{old, WEIGHT_LEAD}, {first, WEIGHT_BRIEF}};
  newspaper_must(fronts_set(&print.room.newsroom, 0, slots, 2, &error), &error);
  EditionPin pin = {TODAY, first, 1, 2};
  newspaper_must(editions_pin(&print.room.newsroom, &pin, &error), &error);
  must_make(&print, TODAY);
  assert_string_equal(print.headlines->str, "lead Old | brief First! | second Second");
  assert_int_equal(print.number, 1);
  // The next day has none of it, though the front is as it was.
  print.room.now += CLOCK_DAY;
  assert_false(editions_make(&print.room.newsroom, TODAY + 1, &wish, NULL, NULL, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "nothing was published");
  publish(&print, "Third", 0);
  must_make(&print, TODAY + 1);
  assert_string_equal(print.headlines->str, "lead Third");
  assert_int_equal(print.number, 2);
  // The same day again is made of the same; a preview keeps nothing.
  g_autoptr(EditionContent) content = NULL;
  g_autoptr(MadeEdition) made =
      editions_preview(&print.room.newsroom, TODAY, &wish, &content, &error);
  newspaper_must(made != NULL, &error);
  assert_string_equal(print.headlines->str, "lead Old | brief First! | second Second");
  assert_int_equal(content->number, 1);
  print_close(&print);
}

static void test_files_are_kept(void **state) {
  Print print;
  print_open(&print, *state);
  g_autoptr(GError) error = NULL;
  print.room.now += 12 * HOUR;
  publish(&print, "First", HOUR);
  newspaper_must(editions_set(&print.room.newsroom, "formats", "phone,tabloid", &error), &error);
  must_make(&print, TODAY);
  must_make(&print, TODAY); // again: in place of the first
  g_autoptr(StoreTransaction) transaction = store_begin_read(print.room.paper->store, NULL);
  g_autoptr(GPtrArray) files = edition_rows_files(transaction, TODAY, &error);
  newspaper_must(files != NULL, &error);
  assert_int_equal(files->len, 5); // two PDFs, two pages, one EPUB
  for (guint i = 0; i < files->len; i++) {
    const EditionFile *file = files->pdata[i];
    g_autoptr(GBytes) bytes =
        edition_files_read(print.room.newsroom.edition_files, file->hash, file->media_type, &error);
    newspaper_must(bytes != NULL, &error);
    assert_int_equal(g_bytes_get_size(bytes), file->byte_count);
    assert_non_null(strstr(g_bytes_get_data(bytes, NULL), " 2"));
  }
  g_autoptr(Edition) edition = edition_rows_get(transaction, TODAY, &error);
  assert_int_equal(edition->state, EDITION_PUBLISHED);
  assert_int_equal(edition->formats, 9);
  assert_int_equal(edition->pages, 4);
  g_clear_pointer(&transaction, store_rollback);
  print_close(&print);
}

static void test_by_the_hour(void **state) {
  Print print;
  print_open(&print, *state);
  g_autoptr(GError) error = NULL;
  newspaper_must(editions_set(&print.room.newsroom, "first-look", "90", &error), &error);
  publish(&print, "First", HOUR);
  gint64 midnight = print.room.now;
  Ran ran = run_due(&print);
  assert_int_equal(ran.made, 0);
  assert_true(ran.next == midnight + 11 * HOUR / 2);
  print.room.now = midnight + 11 * HOUR / 2 - 1;
  assert_int_equal(run_due(&print).made, 0);
  print.room.now++;
  guint announced = print.room.announced;
  ran = run_due(&print);
  assert_int_equal(ran.made, TODAY);
  assert_true(print.room.announced > announced);
  assert_int_equal(run_due(&print).made, 0); // once
  g_autoptr(Edition) made = get(&print, TODAY);
  assert_int_equal(made->state, EDITION_MADE);
  assert_true(made->public_at == midnight + 7 * HOUR);
  assert_true(run_due(&print).next == midnight + 7 * HOUR);
  print.room.now = midnight + 7 * HOUR;
  run_due(&print);
  g_autoptr(Edition) published = get(&print, TODAY);
  assert_int_equal(published->state, EDITION_PUBLISHED);
  // The clock goes back, and forward again: it is not made twice.
  print.room.now = midnight + HOUR;
  run_due(&print);
  print.room.now = midnight + 10 * HOUR;
  run_due(&print);
  assert_int_equal(print.made, 1);
  // A day on which none is made; and none at all.
  print.room.now += CLOCK_DAY;
  publish(&print, "Second", HOUR);
  newspaper_must(editions_set(&print.room.newsroom, "days", "mon-fri", &error), &error); // Sunday
  assert_int_equal(run_due(&print).made, 0);
  newspaper_must(editions_set(&print.room.newsroom, "days", "daily", &error), &error);
  newspaper_must(editions_set(&print.room.newsroom, "daily", "no", &error), &error);
  assert_int_equal(run_due(&print).made, 0);
  newspaper_must(editions_set(&print.room.newsroom, "daily", "yes", &error), &error);
  assert_int_equal(run_due(&print).made, TODAY + 1);
  print_close(&print);
}

static void test_nothing_new_makes_nothing(void **state) {
  Print print;
  print_open(&print, *state);
  print.room.now += 12 * HOUR;
  Ran ran = run_due(&print);
  assert_int_equal(ran.made, 0);
  assert_string_equal(ran.failure, "");
  assert_true(ran.next > print.room.now && ran.next <= print.room.now + HOUR); // looks again
  assert_null(get(&print, TODAY)); // and no number is used up
  assert_int_equal(print.made, 0);
  print_close(&print);
}

static void test_failing_and_mending(void **state) {
  Print print;
  print_open(&print, *state);
  print.room.now += 12 * HOUR;
  publish(&print, "First", HOUR);
  print.fails = "story 1 (“First”): line 3: mend it";
  Ran ran = run_due(&print);
  assert_string_equal(ran.failure, "story 1 (“First”): line 3: mend it");
  g_autoptr(Edition) failed = get(&print, TODAY);
  assert_int_equal(failed->state, EDITION_FAILED);
  assert_string_equal(failed->reason, "story 1 (“First”): line 3: mend it");
  assert_true(failed->retry_at > print.room.now);
  assert_int_equal(run_due(&print).made, 0); // not before that
  assert_int_equal(print.made, 1);
  for (guint i = 0; i < 8; i++) { // and ever more rarely
    print.room.now += HOUR;
    run_due(&print);
    g_autoptr(Edition) again = get(&print, TODAY);
    assert_true(again->retry_at - print.room.now <= HOUR);
  }
  assert_int_equal(print.made, 9);
  print.fails = NULL;
  print.room.now += HOUR;
  assert_int_equal(run_due(&print).made, TODAY);
  g_autoptr(Edition) made = get(&print, TODAY);
  assert_int_equal(made->state, EDITION_PUBLISHED);
  assert_string_equal(made->reason, "");
  assert_int_equal(made->number, 1);
  // Made again and failing: what there was stays, with the reason beside it.
  g_autoptr(GError) error = NULL;
  EditionWish wish = {.pages = -1};
  print.fails = "no font";
  assert_false(editions_make(&print.room.newsroom, TODAY, &wish, NULL, NULL, &error));
  room_assert_error(&error, STORE_ERROR, STORE_ERROR_FAILED, "no font");
  g_autoptr(Edition) still = get(&print, TODAY);
  assert_int_equal(still->state, EDITION_PUBLISHED);
  assert_string_equal(still->reason, "no font");
  print_close(&print);
}

static MadeEdition *make_meanwhile(const EditionContent *content, const EditionWish *wish,
                                   gpointer data, GError **error) {
  Print *print = data;
  g_autoptr(GError) refused = NULL;
  EditionWish other = {.pages = -1};
  assert_false(editions_make(&print->room.newsroom, TODAY, &other, NULL, NULL, &refused));
  room_assert_error(&refused, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "another process");
  assert_int_equal(run_due(print).made, 0);
  return fake_make(content, wish, data, error);
}

static void test_two_at_once(void **state) {
  Print print;
  print_open(&print, *state);
  print.room.now += 12 * HOUR;
  publish(&print, "First", HOUR);
  print.maker.make = make_meanwhile;
  assert_int_equal(run_due(&print).made, TODAY);
  assert_int_equal(print.made, 1);
  print_close(&print);
}

static gint64 add_reader(Print *print, gint64 newsletter_id, AttachmentChoice choice) {
  g_autoptr(GError) error = NULL;
  static guint number;
  StoreTransaction *transaction = newspaper_write(print->room.paper);
  g_autoptr(Subscriber) reader = subscriber_new();
  g_free(reader->address);
  g_free(reader->address_key);
  reader->address = g_strdup_printf("reader%u@example.org", ++number);
  reader->address_key = g_strdup(reader->address);
  reader->status = SUBSCRIBER_ACTIVE;
  reader->created_at = reader->confirmed_at = 1;
  gint64 id = subscriber_rows_insert(transaction, reader, &error);
  newspaper_must(id != 0, &error);
  Subscription subscription = {.newsletter_id = newsletter_id,
                               .subscriber_id = id,
                               .status = SUBSCRIPTION_ACTIVE,
                               .since = 1};
  newspaper_must(subscription_rows_put(transaction, &subscription, &error), &error);
  newspaper_must(
      subscription_rows_set_attachment(transaction, newsletter_id, id, (gint32)choice, &error),
      &error);
  newspaper_must(store_commit(&print->room.paper->transaction, &error), &error);
  return id;
}

static void test_first_look_and_mails(void **state) {
  Print print;
  print_open(&print, *state);
  g_autoptr(GError) error = NULL;
  print.room.now += 12 * HOUR;
  publish(&print, "First", HOUR);
  g_autoptr(Newsletter) newsletter = newsletter_new();
  newspaper_set(&newsletter->slug, "paper");
  newspaper_set(&newsletter->name, "The paper");
  newsletter->kind = NEWSLETTER_EDITION;
  newsletter->send_minute = 330;
  newsletter->id = newsletter_rows_put(newspaper_write(print.room.paper), newsletter, &error);
  newspaper_must(newsletter->id != 0, &error);
  newspaper_must(store_commit(&print.room.paper->transaction, &error), &error);
  newspaper_must(editions_set(&print.room.newsroom, "first-look", "90", &error), &error);
  gint64 plain = add_reader(&print, newsletter->id, ATTACH_NOTHING);
  add_reader(&print, newsletter->id, ATTACH_PDF);
  assert_int_equal(run_due(&print).made, TODAY);
  must_make(&print, TODAY); // again: no second mails
  g_autoptr(StoreTransaction) reading = store_begin_read(print.room.paper->store, NULL);
  g_autoptr(GPtrArray) mailings = mailing_rows_list(reading, newsletter->id, -1, 0, 10, &error);
  newspaper_must(mailings != NULL, &error);
  assert_int_equal(mailings->len, 3);
  static const gint64 EXPECTED[] = {1, 1, 0}; // nobody wants the EPUB
  gint64 plain_mailing = 0;
  for (guint i = 0; i < mailings->len; i++) {
    const Mailing *mailing = mailings->pdata[i];
    assert_int_equal(mailing->state, MAILING_READY);
    assert_true(mailing->due_at == print.room.now);
    assert_string_equal(mailing->subject, "First");
    assert_in_range(mailing->audience, 1, 3);
    assert_int_equal(mailing_rows_count_recipients(reading, mailing, NULL, print.room.now, NULL),
                     EXPECTED[mailing->audience - 1]);
    plain_mailing = mailing->audience == 1 ? mailing->id : plain_mailing;
  }
  g_autoptr(Edition) edition = edition_rows_get(reading, TODAY, NULL);
  g_autoptr(Site) site = site_rows_load(reading, NULL);
  assert_int_equal(edition->state, EDITION_MADE);
  g_autofree char *token = reader_token(site->mail_key, READER_EDITION, plain_mailing, plain);
  g_autofree char *other = reader_token(site->mail_key, READER_PAGE, plain_mailing, plain);
  g_autofree char *stranger = reader_token(site->mail_key, READER_EDITION, plain_mailing, 4711);
  assert_true(editions_is_open(reading, site, edition, token));
  assert_false(editions_is_open(reading, site, edition, other));
  assert_false(editions_is_open(reading, site, edition, stranger));
  assert_false(editions_is_open(reading, site, edition, NULL));
  edition->day++; // a token opens its own day only
  assert_false(editions_is_open(reading, site, edition, token));
  edition->day--;
  edition->state = EDITION_PUBLISHED;
  assert_true(editions_is_open(reading, site, edition, NULL));
  edition->state = EDITION_FAILED;
  assert_false(editions_is_open(reading, site, edition, token));
  g_clear_pointer(&reading, store_rollback);
  newspaper_must(editions_publish(&print.room.newsroom, TODAY, &error), &error);
  assert_false(editions_publish(&print.room.newsroom, TODAY, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "already");
  print_close(&print);
}

static void test_wishes(void **state) {
  Print print;
  print_open(&print, *state);
  static const struct {
    const char *field, *value, *again; // again NULL: refused
  } CASES[] = {
      {"daily", "no", "no"},
      {"daily", "perhaps", NULL},
      {"hour", "5:30", "05:30"},
      {"hour", "06:00", "06:00"},
      {"hour", "24:00", NULL},
      {"days", "mon-fri", "mon-fri"},
      {"days", "someday", NULL},
      {"zone", "Europe/Berlin", "Europe/Berlin"},
      {"zone", "Mars/Base", NULL},
      {"zone", "", ""},
      {"formats", "phone,tabloid", "tabloid,phone"},
      {"formats", "", NULL},
      {"pages", "16", "16"},
      {"pages", "15", NULL},
      {"pages", "66", NULL},
      {"first-look", "120", "120"},
      {"first-look", "-1", NULL},
      {"stories", "0", NULL},
      {"stories", "500", "500"},
      {"attach", "26", NULL},
      {"attach", "0", "0"},
      {"colour", "blue", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    gboolean set = editions_set(&print.room.newsroom, CASES[i].field, CASES[i].value, &error);
    if (set != (CASES[i].again != NULL)) {
      fail_msg("%s = %s: %s", CASES[i].field, CASES[i].value,
               error != NULL ? error->message : "taken");
    }
    if (set) {
      g_autofree char *again = editions_get(&print.room.newsroom, CASES[i].field, &error);
      assert_string_equal(again, CASES[i].again);
    } else {
      assert_true(g_error_matches(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID));
    }
  }
  g_autoptr(GError) error = NULL;
  gint64 id = publish(&print, "First", HOUR);
  static const struct {
    gint32 day, page, place;
    gint code; // -1: taken
  } PINS[] = {{TODAY, 1, 0, -1},
              {TODAY, 64, 8, -1},
              {TODAY, 0, 0, NEWSROOM_ERROR_INVALID},
              {TODAY, 65, 0, NEWSROOM_ERROR_INVALID},
              {TODAY, 1, 9, NEWSROOM_ERROR_INVALID},
              {20260231, 1, 0, NEWSROOM_ERROR_INVALID}};
  for (gsize i = 0; i < G_N_ELEMENTS(PINS); i++) {
    EditionPin pin = {PINS[i].day, id, PINS[i].page, PINS[i].place};
    assert_int_equal(editions_pin(&print.room.newsroom, &pin, &error), PINS[i].code < 0);
    assert_true(PINS[i].code < 0 || g_error_matches(error, NEWSROOM_ERROR, PINS[i].code));
    g_clear_error(&error);
  }
  EditionPin unknown = {TODAY, 4711, 1, 0};
  assert_false(editions_pin(&print.room.newsroom, &unknown, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "4711");
  newspaper_must(editions_unpin(&print.room.newsroom, TODAY, id, &error), &error);
  assert_false(editions_unpin(&print.room.newsroom, TODAY, id, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "not pinned");
  print_close(&print);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ROOM_TEST(test_what_goes_in),         ROOM_TEST(test_files_are_kept),
      ROOM_TEST(test_by_the_hour),          ROOM_TEST(test_nothing_new_makes_nothing),
      ROOM_TEST(test_failing_and_mending),  ROOM_TEST(test_two_at_once),
      ROOM_TEST(test_first_look_and_mails), ROOM_TEST(test_wishes),
  };
  return newspaper_run("newsroom/editions", tests, G_N_ELEMENTS(tests));
}
