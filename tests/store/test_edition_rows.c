// SPDX-License-Identifier: Apache-2.0
//
// Editions on both engines: numbered once, made by one process at a time, their stories, files,
// pins, models and settings kept.
#include "store/edition_rows.h"

#include "base/clock.h"
#include "tests/store/newspaper.h"

#define NOW NEWSPAPER_EPOCH
#define MINUTE (60 * CLOCK_SECOND)

static void plan(StoreTransaction *transaction, gint32 day) {
  g_autoptr(GError) error = NULL;
  newspaper_must(edition_rows_plan(transaction, day, NOW, &error), &error);
}

static gboolean claim(StoreTransaction *transaction, gint32 day, gint64 now) {
  g_autoptr(GError) error = NULL;
  gboolean claimed = FALSE;
  newspaper_must(edition_rows_claim(transaction, day, now, now + 10 * MINUTE, &claimed, &error),
                 &error);
  return claimed;
}

static gboolean renew(StoreTransaction *transaction, gint32 day, gint64 until, gint64 later) {
  g_autoptr(GError) error = NULL;
  gboolean renewed = FALSE;
  newspaper_must(edition_rows_renew(transaction, day, until, later, &renewed, &error), &error);
  return renewed;
}

static gboolean finish(StoreTransaction *transaction, gint32 day, EditionState state,
                       gint64 until) {
  g_autoptr(GError) error = NULL;
  gboolean ended = FALSE;
  char reason[] = "";
  Edition edition = {.day = day,
                     .state = state,
                     .reason = reason,
                     .made_at = NOW,
                     .public_at = NOW + 30 * MINUTE,
                     .formats = 1,
                     .pages = 16};
  newspaper_must(edition_rows_finish(transaction, &edition, until, &ended, &error), &error);
  return ended;
}

static void test_numbers_and_claims(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  plan(transaction, 20261123);
  plan(transaction, 20261123); // again: the same row
  plan(transaction, 20261124);
  g_autoptr(Edition) first = edition_rows_get(transaction, 20261123, NULL);
  g_autoptr(Edition) second = edition_rows_get(transaction, 20261124, NULL);
  assert_int_equal(first->number, 1);
  assert_int_equal(second->number, 2);
  assert_int_equal(first->state, EDITION_PLANNED);
  assert_true(claim(transaction, 20261123, NOW));
  assert_false(claim(transaction, 20261123, NOW + MINUTE));     // another process, meanwhile
  assert_true(claim(transaction, 20261123, NOW + 10 * MINUTE)); // the first one died
  assert_false(renew(transaction, 20261123, NOW + 10 * MINUTE, NOW + 25 * MINUTE)); // and came back
  assert_false(finish(transaction, 20261123, EDITION_MADE, NOW + 10 * MINUTE));
  assert_true(renew(transaction, 20261123, NOW + 20 * MINUTE, NOW + 25 * MINUTE));
  assert_false(claim(transaction, 20261123, NOW + 22 * MINUTE));
  assert_true(finish(transaction, 20261123, EDITION_MADE, NOW + 25 * MINUTE));
  assert_false(finish(transaction, 20261123, EDITION_FAILED, NOW + 25 * MINUTE));
  g_autoptr(Edition) made = edition_rows_get(transaction, 20261123, NULL);
  assert_int_equal(made->state, EDITION_MADE);
  assert_int_equal(made->pages, 16);
  assert_int_equal(made->number, 1);
  g_autoptr(GError) error = NULL;
  assert_null(edition_rows_get(transaction, 20261125, &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
}

static void test_publishing(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  for (gint32 day = 20261121; day <= 20261124; day++) {
    plan(transaction, day);
    assert_true(claim(transaction, day, NOW));
    assert_true(finish(transaction, day, day == 20261122 ? EDITION_FAILED : EDITION_MADE,
                       NOW + 10 * MINUTE));
  }
  assert_int_equal(edition_rows_next_public(transaction, NULL), NOW + 30 * MINUTE);
  g_autoptr(GArray) early = edition_rows_due_public(transaction, NOW + 29 * MINUTE, NULL);
  assert_int_equal(early->len, 0);
  g_autoptr(GArray) due = edition_rows_due_public(transaction, NOW + 30 * MINUTE, NULL);
  assert_int_equal(due->len, 3);
  for (gint32 day = 20261121; day <= 20261123; day++) {
    gboolean published = FALSE;
    assert_true(edition_rows_publish(transaction, day, NOW + 30 * MINUTE, &published, NULL));
    assert_int_equal(published, day != 20261122);
  }
  assert_int_equal(edition_rows_count(transaction, NULL), 2);
  g_autoptr(GPtrArray) public = edition_rows_list(transaction, EDITION_PUBLISHED, 0, 10, NULL);
  assert_int_equal(public->len, 2);
  assert_int_equal(((const Edition *)public->pdata[0])->day, 20261123);
  g_autoptr(GPtrArray) all = edition_rows_list(transaction, -1, 1, 2, NULL);
  assert_int_equal(all->len, 2);
  assert_int_equal(((const Edition *)all->pdata[0])->day, 20261123);
  g_autoptr(Edition) before = edition_rows_before(transaction, 20261123, NULL);
  assert_int_equal(before->day, 20261121); // the failed one is passed over
  g_autoptr(Edition) after = edition_rows_after(transaction, 20261121, NULL);
  assert_int_equal(after->day, 20261123);
  assert_null(edition_rows_after(transaction, 20261123, NULL)); // the 24th is not public
}

static void test_stories_and_pins(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  gint64 ids[3];
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    g_autoptr(Story) story = newspaper_story(paper, "Headline", i * CLOCK_SECOND);
    ids[i] = newspaper_insert(paper, transaction, story);
  }
  plan(transaction, 20261123);
  plan(transaction, 20261124);
  assert_true(claim(transaction, 20261123, NOW));
  assert_true(finish(transaction, 20261123, EDITION_MADE, NOW + 10 * MINUTE));
  const EditionStoryRow rows[] = {{ids[2], WEIGHT_LEAD, 1}, {ids[0], WEIGHT_BRIEF, 3}};
  assert_true(edition_rows_set_stories(transaction, 20261123, rows, 2, NULL));
  assert_true(edition_rows_set_stories(transaction, 20261123, rows, 2, NULL)); // again
  g_autoptr(GArray) stories = edition_rows_stories(transaction, 20261123, NULL);
  assert_int_equal(stories->len, 2);
  assert_memory_equal(stories->data, rows, sizeof rows);
  g_autoptr(GArray) had = edition_rows_had_stories(transaction, 20261124, ids, 3, NULL);
  assert_int_equal(had->len, 2);
  g_autoptr(GArray) same_day = edition_rows_had_stories(transaction, 20261123, ids, 3, NULL);
  assert_int_equal(same_day->len, 0);
  g_autoptr(GArray) none = edition_rows_had_stories(transaction, 20261124, ids, 0, NULL);
  assert_int_equal(none->len, 0);

  gboolean removed = FALSE;
  EditionPin pin = {20261124, ids[1], 2, 0};
  assert_true(edition_rows_put_pin(transaction, &pin, NULL));
  pin.page = 1;
  pin.place = 3;
  assert_true(edition_rows_put_pin(transaction, &pin, NULL));
  g_autoptr(GArray) pins = edition_rows_pins(transaction, 20261124, NULL);
  assert_int_equal(pins->len, 1);
  assert_int_equal(g_array_index(pins, EditionPin, 0).page, 1);
  assert_int_equal(g_array_index(pins, EditionPin, 0).place, 3);
  assert_true(edition_rows_remove_pin(transaction, 20261124, ids[1], &removed, NULL));
  assert_true(removed);
  assert_true(edition_rows_remove_pin(transaction, 20261124, ids[1], &removed, NULL));
  assert_false(removed);
}

static void test_corrections(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Corrected", 0);
  Correction correction = {.story_id = newspaper_insert(paper, transaction, story),
                           .corrected_at = NOW + MINUTE,
                           .wrong = (char *)"five",
                           .right = (char *)"six"};
  assert_true(correction_rows_insert(transaction, &correction, NULL) != 0);
  g_autoptr(GPtrArray) notes =
      edition_rows_corrections(transaction, "https://example.org", NOW, NOW + MINUTE, 10, NULL);
  assert_int_equal(notes->len, 1);
  const EditionNote *note = notes->pdata[0];
  assert_string_equal(note->headline, "Corrected");
  assert_string_equal(note->correction->right, "six");
  assert_true(g_str_has_prefix(note->url, "https://example.org/"));
  g_autoptr(GPtrArray) later =
      edition_rows_corrections(transaction, "", NOW + MINUTE, NOW + CLOCK_DAY, 10, NULL);
  assert_int_equal(later->len, 0);
}

static EditionFile *file_of(EditionFileKind kind, EditionFormat format, gint32 page,
                            const char *hash) {
  EditionFile *file = edition_file_new();
  file->kind = kind;
  file->format = format;
  file->page = page;
  file->width = 1600;
  file->height = 2457;
  file->byte_count = 4711;
  newspaper_set(&file->media_type, kind == EDITION_FILE_PAGE ? "image/webp" : "application/pdf");
  newspaper_set(&file->hash, hash);
  return file;
}

static void test_files(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(GError) error = NULL;
  plan(transaction, 20261123);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)edition_file_free);
  g_ptr_array_add(files, file_of(EDITION_FILE_PAGE, EDITION_TABLOID, 2, "bb"));
  g_ptr_array_add(files, file_of(EDITION_FILE_PAGE, EDITION_TABLOID, 1, "aa"));
  g_ptr_array_add(files, file_of(EDITION_FILE_PDF, EDITION_TABLOID, 0, "cc"));
  newspaper_must(edition_rows_set_files(transaction, 20261123, files, &error), &error);
  newspaper_must(
      edition_rows_add_model(transaction, 20261123, EDITION_TABLOID, "{}", "fine", &error), &error);
  newspaper_must(edition_rows_set_files(transaction, 20261123, files, &error), &error); // again
  newspaper_must(
      edition_rows_add_model(transaction, 20261123, EDITION_TABLOID, "{}", "fine", &error), &error);
  g_autoptr(GPtrArray) found = edition_rows_files(transaction, 20261123, &error);
  assert_int_equal(found->len, 3);
  const EditionFile *pdf = found->pdata[0], *second = found->pdata[2];
  assert_string_equal(pdf->hash, "cc");
  assert_string_equal(second->hash, "bb");
  assert_int_equal(second->height, 2457);
  assert_int_equal(second->byte_count, 4711);
  g_autoptr(EditionFile) one = edition_rows_file_by_hash(transaction, 20261123, "aa", &error);
  assert_int_equal(one->page, 1);
  assert_null(edition_rows_file_by_hash(transaction, 20261123, "dd", &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
  const gint64 days[] = {20261122, 20261123};
  g_autoptr(GPtrArray) covers = edition_rows_covers(transaction, days, 2, NULL);
  assert_int_equal(covers->len, 1);
  assert_string_equal(((const EditionFile *)covers->pdata[0])->hash, "aa");
  g_autofree char *model = NULL, *score = NULL;
  assert_true(edition_rows_model(transaction, 20261123, EDITION_TABLOID, &model, &score, NULL));
  assert_string_equal(model, "{}");
  assert_string_equal(score, "fine");
  assert_false(edition_rows_model(transaction, 20261123, EDITION_PHONE, &model, NULL, NULL));
}

static void test_settings(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(EditionSettings) settings = edition_rows_settings(transaction, NULL);
  g_autoptr(EditionSettings) fresh = edition_settings_new();
  assert_int_equal(settings->active, fresh->active); // migration and model agree
  assert_int_equal(settings->make_minute, fresh->make_minute);
  assert_int_equal(settings->days, fresh->days);
  assert_int_equal(settings->formats, fresh->formats);
  assert_int_equal(settings->story_limit, fresh->story_limit);
  assert_int_equal(settings->attach_megabytes, fresh->attach_megabytes);
  settings->first_look_minutes = 120;
  newspaper_set(&settings->zone_name, "Europe/Berlin");
  assert_true(edition_rows_put_settings(transaction, settings, NULL));
  g_autoptr(EditionSettings) again = edition_rows_settings(transaction, NULL);
  assert_int_equal(again->first_look_minutes, 120);
  assert_string_equal(again->zone_name, "Europe/Berlin");
}

#define ON_PAPER(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_PAPER(test_numbers_and_claims), ON_PAPER(test_publishing), ON_PAPER(test_stories_and_pins),
      ON_PAPER(test_corrections),        ON_PAPER(test_files),      ON_PAPER(test_settings),
  };
  return newspaper_run("store/edition_rows", tests, G_N_ELEMENTS(tests));
}
