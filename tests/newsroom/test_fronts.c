// SPDX-License-Identifier: Apache-2.0
//
// Fronts (curated, filled, no story twice) and settings (each key's rule), on both engines.
#include <string.h>

#include "newsroom/fronts.h"
#include "newsroom/settings.h"
#include "tests/newsroom/room.h"

#define STORIES 8

static void import_stories(Room *room, gint64 ids[STORIES]) {
  for (guint i = 0; i < STORIES; i++) { // the last is the newest; odd ones stand in Sport
    g_autofree char *key = g_strdup_printf("%u.md", i);
    g_autofree char *headline = g_strdup_printf("Story %u", i);
    g_autoptr(Story) story = room_story(key, "1", headline, "Words.");
    if (i % 2 == 1) {
      newspaper_set(&story->section->slug, "sport");
      newspaper_set(&story->section->name, "Sport");
    }
    story->published_at = NEWSPAPER_EPOCH + i * CLOCK_DAY;
    ids[i] = room_import(room, story, STORY_PUBLISHED, NULL);
  }
}

// "7l 6s 5s": story and weight of each slot; '*' curated.
static char *compose(Room *room, gint64 section_id, guint size, const gint64 ids[STORIES]) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(room->paper->store, &error);
  g_autoptr(Front) front = fronts_compose(transaction, section_id, size, &error);
  newspaper_must(front != NULL, &error);
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    guint number = 0;
    while (ids[number] != slot->story->id) {
      number++;
    }
    g_string_append_printf(out, "%s%u%c%s", i > 0 ? " " : "", number, "lsb"[slot->weight],
                           slot -> automatic ? "" : "*");
  }
  return g_string_free(out, FALSE);
}

static void assert_front(Room *room, gint64 section_id, guint size, const gint64 ids[STORIES],
                         const char *expected) {
  g_autofree char *front = compose(room, section_id, size, ids);
  assert_string_equal(front, expected);
}

static void test_compose(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  gint64 ids[STORIES] = {0}, sport = room.paper->sections[1]->id;
  assert_front(&room, 0, 7, ids, "");
  import_stories(&room, ids);
  assert_front(&room, 0, 7, ids, "7l 6s 5s 4s 3s 2b 1b");
  assert_front(&room, sport, 3, ids, "7l 5s 3s");
  const FrontSlotRow slots[] = {
      {ids[2], WEIGHT_SECOND}, {ids[7], WEIGHT_BRIEF}, {ids[0], WEIGHT_LEAD}};
  newspaper_must(fronts_set(&room.newsroom, 0, slots, 3, &error), &error);
  assert_front(&room, 0, 7, ids, "2l* 7b* 0l* 6s 5s 4b 3b");
  assert_front(&room, 0, 2, ids, "2l* 7b* 0l*");
  newspaper_must(stories_withdraw(&room.newsroom, ids[2], &error), &error);
  assert_front(&room, 0, 4, ids, "7l* 0l* 6s 5s");
  newspaper_must(fronts_set(&room.newsroom, sport, &slots[1], 1, &error), &error);
  assert_front(&room, sport, 10, ids, "7l* 5s 3s 1s");
  newspaper_must(fronts_set(&room.newsroom, 0, NULL, 0, &error), &error);
  assert_front(&room, 0, 2, ids, "7l 6s");
  room_close(&room);
}

static void test_set_refusals(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  gint64 ids[STORIES];
  import_stories(&room, ids);
  gint64 revision = room_revision(&room);
  const FrontSlotRow twice[] = {{ids[0], WEIGHT_LEAD}, {ids[0], WEIGHT_BRIEF}},
                     unknown[] = {{4711, WEIGHT_LEAD}};
  assert_false(fronts_set(&room.newsroom, 0, twice, 2, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "twice");
  assert_false(fronts_set(&room.newsroom, 0, unknown, 1, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "4711");
  assert_false(fronts_set(&room.newsroom, 4711, twice, 1, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "section");
  assert_int_equal(room_revision(&room), revision);
  room_close(&room);
}

static const struct {
  const char *key, *value;
  gboolean valid;
} SETTINGS[] = {
    {"name", "The Kestrel Bay Courier", TRUE},
    {"name", "", FALSE},
    {"name", "two\nlines", FALSE},
    {"name", "\xFF", FALSE},
    {"tagline", "", TRUE},
    {"base_url", "https://example.org", TRUE},
    {"base_url", "http://localhost:8080", TRUE},
    {"base_url", "http://[::1]:8080", TRUE},
    {"base_url", "https://example.org/", FALSE},
    {"base_url", "https://example.org/paper", FALSE},
    {"base_url", "https://user@example.org", FALSE},
    {"base_url", "https://example.org?x", FALSE},
    {"base_url", "ftp://example.org", FALSE},
    {"base_url", "javascript:alert(1)", FALSE},
    {"base_url", "example.org", FALSE},
    {"base_url", "https://", FALSE},
    {"language", "en", TRUE},
    {"language", "zh-Hant-TW", TRUE},
    {"language", "de-CH-1996", TRUE},
    {"language", "", FALSE},
    {"language", "e", FALSE},
    {"language", "en_US", FALSE},
    {"language", "en\n", FALSE},
    {"time_zone", "Europe/Berlin", TRUE},
    {"time_zone", "UTC", TRUE},
    {"time_zone", "Mars/Base", FALSE},
    {"time_zone", "", FALSE},
    {"time_zone", "../../../etc/localtime", FALSE},
    {"contact", "", TRUE},
    {"contact", "desk@example.org", TRUE},
    {"contact", "desk", FALSE},
    {"contact", "a@b\r\nBcc: c@d", FALSE},
    {"image_key", "short", FALSE},
    {"image_key", "0123456789abcdef0123456789abcdef", TRUE},
    {"colour", "blue", FALSE},
};

static void test_settings(void **state) {
  Room room;
  room_open(&room, *state);
  for (gsize i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
    g_autoptr(GError) error = NULL;
    gint64 revision = room_revision(&room);
    gboolean put = settings_put(&room.newsroom, SETTINGS[i].key, SETTINGS[i].value, &error);
    if (put != SETTINGS[i].valid) {
      fail_msg("%s = %s: %s", SETTINGS[i].key, SETTINGS[i].value,
               error != NULL ? error->message : "taken");
    }
    assert_int_equal(room_revision(&room), revision + put);
    assert_true(put || g_error_matches(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID));
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(room.paper->store, NULL);
  g_autoptr(Site) site = site_rows_load(transaction, NULL);
  assert_string_equal(site->name, "The Kestrel Bay Courier");
  assert_string_equal(site->zone_name, "UTC");
  g_clear_pointer(&transaction, store_rollback);
  room_close(&room);
}

static void test_sections(void **state) {
  Room room;
  room_open(&room, *state);
  static char slugs[][16] = {"culture", "Culture", "a b", "search", "", "culture"};
  static char names[][16] = {"Culture", "Culture", "A", "Search", "A", ""};
  for (gsize i = 0; i < G_N_ELEMENTS(slugs); i++) {
    g_autoptr(GError) error = NULL;
    char nothing[] = "";
    Section section = {.slug = slugs[i], .name = names[i], .description = nothing};
    assert_int_equal(settings_put_section(&room.newsroom, &section, &error), i == 0);
    assert_true(i == 0 || g_error_matches(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID));
  }
  room_close(&room);
}

static void test_prepare(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  newspaper_must(settings_prepare(&room.newsroom, &error), &error);
  g_autoptr(StoreTransaction) first = store_begin_read(room.paper->store, NULL);
  g_autofree char *key = site_rows_get_setting(first, "image_key", NULL);
  g_clear_pointer(&first, store_rollback);
  assert_int_equal(strlen(key), 64);
  gint64 revision = room_revision(&room);
  newspaper_must(settings_prepare(&room.newsroom, &error), &error);
  g_autoptr(StoreTransaction) second = store_begin_read(room.paper->store, NULL);
  g_autofree char *same = site_rows_get_setting(second, "image_key", NULL);
  g_clear_pointer(&second, store_rollback);
  assert_string_equal(same, key);
  assert_int_equal(room_revision(&room), revision);
  room_close(&room);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ROOM_TEST(test_compose),  ROOM_TEST(test_set_refusals), ROOM_TEST(test_settings),
      ROOM_TEST(test_sections), ROOM_TEST(test_prepare),
  };
  return newspaper_run("newsroom/fronts", tests, G_N_ELEMENTS(tests));
}
