// SPDX-License-Identifier: Apache-2.0
//
// The life of a story and its import, on both engines: what is kept, what changes, what is
// refused, and when readers are told (the revision).
#include <string.h>

#include "tests/newsroom/room.h"

static void test_publish(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) draft = room_story("a.md", "1", "A headline", "Words.");
  gint64 id = room_import(&room, draft, STORY_DRAFT, NULL);
  assert_int_equal(room.announced, 0);
  gint64 before = room_revision(&room);
  newspaper_must(stories_publish(&room.newsroom, id, &error), &error);
  assert_int_equal(room.announced, 1);
  assert_int_equal(room.revision, before + 1);
  assert_int_equal(room_revision(&room), before + 1);
  gint64 published_at = room.now;
  room.now += CLOCK_DAY;
  newspaper_must(stories_publish(&room.newsroom, id, &error), &error); // again: nothing happens
  assert_int_equal(room_revision(&room), before + 1);
  newspaper_must(stories_withdraw(&room.newsroom, id, &error), &error);
  newspaper_must(stories_withdraw(&room.newsroom, id, &error), &error);
  assert_int_equal(room_revision(&room), before + 2);
  newspaper_must(stories_publish(&room.newsroom, id, &error), &error);
  g_autoptr(Story) story = room_get(&room, id);
  assert_int_equal(story->status, STORY_PUBLISHED);
  assert_int_equal(story->published_at, published_at);
  assert_int_equal(story->updated_at, room.now);
  assert_int_equal(room_revision(&room), before + 3);
  room_close(&room);
}

static void test_refusals(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) draft = room_story("a.md", "1", "A headline", "Words.");
  g_clear_pointer(&draft->section, section_free);
  gint64 id = room_import(&room, draft, STORY_DRAFT, NULL);
  assert_false(stories_publish(&room.newsroom, 4711, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND, "there is no story 4711");
  assert_false(stories_publish(&room.newsroom, id, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "section");
  assert_false(stories_withdraw(&room.newsroom, id, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "draft");
  assert_int_equal(stories_correct(&room.newsroom, id, "a", "b", &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "is draft");
  assert_int_equal(stories_correct(&room.newsroom, id, " ", "b", &error), 0);
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "wrong");
  assert_false(stories_schedule(&room.newsroom, id, room.now, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, "time");
  assert_int_equal(room.announced, 0);
  room_close(&room);
}

static void test_schedule(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) first = room_story("a.md", "1", "First", "Words.");
  g_autoptr(Story) second = room_story("b.md", "1", "Second", "Words.");
  gint64 ids[] = {room_import(&room, first, STORY_DRAFT, NULL),
                  room_import(&room, second, STORY_DRAFT, NULL)};
  gint64 when = room.now + CLOCK_SECOND;
  newspaper_must(stories_schedule(&room.newsroom, ids[0], when, &error), &error);
  newspaper_must(stories_schedule(&room.newsroom, ids[1], when + CLOCK_DAY, &error), &error);
  assert_int_equal(stories_publish_due(&room.newsroom, &error), 0);
  assert_int_equal(room.announced, 0);
  room.now += 3600 * CLOCK_SECOND; // the scheduler was late
  assert_int_equal(stories_publish_due(&room.newsroom, &error), 1);
  assert_int_equal(stories_publish_due(&room.newsroom, &error), 0);
  assert_int_equal(room.announced, 1);
  g_autoptr(Story) story = room_get(&room, ids[0]);
  assert_int_equal(story->status, STORY_PUBLISHED);
  assert_int_equal(story->published_at, when);
  assert_int_equal(story->scheduled_for, 0);
  assert_false(stories_schedule(&room.newsroom, ids[0], room.now + CLOCK_DAY, &error));
  room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE, "is published");
  room_close(&room);
}

static void test_correct(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) first = room_story("a.md", "1", "First", "Words.");
  gint64 id = room_import(&room, first, STORY_PUBLISHED, NULL);
  room.now += CLOCK_DAY;
  assert_true(
      stories_correct(&room.newsroom, id, " The mayor is 61. ", "The mayor is 62.", &error) > 0);
  g_autoptr(Story) story = room_get(&room, id);
  assert_int_equal(story->corrections->len, 1);
  const Correction *correction = g_ptr_array_index(story->corrections, 0);
  assert_string_equal(correction->wrong, "The mayor is 61.");
  assert_int_equal(correction->corrected_at, room.now);
  assert_int_equal(story->updated_at, room.now);
  assert_int_equal(room.announced, 2);
  room_close(&room);
}

static void test_import_again(void **state) {
  Room room;
  room_open(&room, *state);
  ImportOutcome outcome;
  g_autoptr(Story) source = room_story("a.md", "1", " The  Headline ", "One two three.");
  gint64 id = room_import(&room, source, STORY_PUBLISHED, &outcome);
  assert_int_equal(outcome, IMPORT_CREATED);
  gint64 revision = room_revision(&room);
  assert_int_equal(room_import(&room, source, STORY_PUBLISHED, &outcome), id);
  assert_int_equal(outcome, IMPORT_UNCHANGED);
  assert_int_equal(room_revision(&room), revision);
  gint64 published_at = room.now;
  room.now += CLOCK_DAY;
  newspaper_set(&source->headline, "Another headline");
  newspaper_set(&source->content_hash, "2");
  assert_int_equal(room_import(&room, source, STORY_DRAFT, &outcome), id);
  assert_int_equal(outcome, IMPORT_UPDATED);
  g_autoptr(Story) story = room_get(&room, id);
  assert_string_equal(story->headline, "Another headline");
  assert_string_equal(story->slug, "another-headline");
  assert_int_equal(story->status, STORY_PUBLISHED); // a draft in the folder takes nothing back
  assert_int_equal(story->published_at, published_at);
  assert_int_equal(story->updated_at, room.now);
  assert_int_equal(story->word_count, 3);
  assert_int_equal(story->revision, 2);
  assert_int_equal(room_revision(&room), revision + 1);
  room_close(&room);
}

static void test_import_keeps_withdrawn(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "Words.");
  gint64 id = room_import(&room, source, STORY_PUBLISHED, NULL);
  newspaper_must(stories_withdraw(&room.newsroom, id, &error), &error);
  newspaper_set(&source->content_hash, "2");
  newspaper_set(&source->body, "Other words.");
  room_import(&room, source, STORY_PUBLISHED, NULL);
  g_autoptr(Story) story = room_get(&room, id);
  assert_int_equal(story->status, STORY_WITHDRAWN);
  assert_string_equal(story->body, "Other words.");
  room_close(&room);
}

static void test_import_publishes_draft(void **state) {
  Room room;
  room_open(&room, *state);
  ImportOutcome outcome;
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "Words.");
  gint64 id = room_import(&room, source, STORY_DRAFT, &outcome);
  assert_int_equal(room_import(&room, source, STORY_PUBLISHED, &outcome), id);
  assert_int_equal(outcome, IMPORT_UPDATED);
  g_autoptr(Story) story = room_get(&room, id);
  assert_int_equal(story->status, STORY_PUBLISHED);
  assert_int_equal(story->published_at, room.now);
  room_close(&room);
}

static void test_import_scheduled_in_the_past(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "Words.");
  source->scheduled_for = room.now - CLOCK_DAY;
  gint64 id = room_import(&room, source, STORY_SCHEDULED, NULL);
  g_autoptr(Story) story = room_get(&room, id);
  assert_int_equal(story->status, STORY_PUBLISHED);
  assert_int_equal(story->published_at, room.now - CLOCK_DAY);
  room_close(&room);
}

static void test_import_makes_names(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "Words.");
  newspaper_set(&source->section->name, "Search");
  newspaper_set(&source->section->slug, "");
  const Byline *byline = g_ptr_array_index(source->bylines, 0);
  newspaper_set(&byline->author->name, "Zoë Ünal");
  newspaper_set(&byline->author->slug, "");
  newspaper_set(&byline->author->role, "Reporter");
  Topic *topic = g_new0(Topic, 1);
  topic->name = g_strdup("Sea & Sky");
  g_ptr_array_add(source->topics, topic);
  gint64 id = room_import(&room, source, STORY_PUBLISHED, NULL);
  g_autoptr(Story) story = room_get(&room, id);
  assert_string_equal(story->section->slug, "search-section"); // /search is the newspaper's own
  assert_string_equal(story->section->name, "Search");
  const Byline *stored = g_ptr_array_index(story->bylines, 0);
  assert_string_equal(stored->author->slug, "zoe-unal");
  assert_string_equal(stored->author->role, "Reporter");
  assert_string_equal(((const Topic *)g_ptr_array_index(story->topics, 0))->slug, "sea-sky");
  newspaper_set(&source->source_key, "b.md");
  gint64 other = room_import(&room, source, STORY_PUBLISHED, NULL);
  g_autoptr(Story) second = room_get(&room, other);
  assert_int_equal(second->section->id, story->section->id);
  assert_int_equal(((const Byline *)g_ptr_array_index(second->bylines, 0))->author->id,
                   stored->author->id);
  room_close(&room);
}

static gint64 import_pictures(Room *room, const Story *story, const ImportedPicture *pictures,
                              guint count, ImportOutcome *ret_outcome) {
  g_autoptr(GError) error = NULL;
  ImportedStory imported = {.story = (Story *)story,
                            .pictures = pictures,
                            .picture_count = count,
                            .status = STORY_PUBLISHED};
  gint64 id = 0;
  newspaper_must(stories_import(&room->newsroom, &imported, ret_outcome, &id, &error), &error);
  return id;
}

static void test_import_pictures(void **state) {
  Room room;
  room_open(&room, *state);
  ImportOutcome outcome;
  g_autoptr(GBytes) png = room_png(1);
  g_autofree char *hash = originals_hash(slice_of_bytes(png));
  g_autoptr(Story) source =
      room_story("a/a.md", "1", "Headline",
                 "![A](photo.png \"C | D\")\n\n`![A](photo.png)`\n\n![B](https://e.org/b.jpg)");
  ImportedPicture pictures[] = {
      {.url = "photo.png",
       .bytes = png,
       .alt = "A",
       .caption = "C",
       .credit = "D",
       .focal_x = -1,
       .focal_y = -1,
       .hero = TRUE},
      {.url = "https://e.org/b.jpg",
       .source_url = "https://e.org/b.jpg",
       .alt = "B",
       .crop_aspect = ASPECT_16X9,
       .crop = {0, 0, 1280, 720},
       .focal_x = 2500,
       .focal_y = 7500},
  };
  gint64 id = import_pictures(&room, source, pictures, 2, &outcome);
  g_autoptr(Story) story = room_get(&room, id);
  g_autofree char *body = g_strdup_printf(
      "![A](image:%s \"C | D\")\n\n`![A](photo.png)`\n\n![B](https://e.org/b.jpg)", hash);
  assert_string_equal(story->body, body);
  assert_int_equal(story->images->len, 2);
  const Image *first = g_ptr_array_index(story->images, 0),
              *missing = g_ptr_array_index(story->images, 1);
  assert_string_equal(first->hash, hash);
  assert_int_equal(first->width, 2);
  assert_string_equal(first->credit, "D");
  assert_int_equal(first->focal_x, 5000);
  assert_int_equal(story->hero->id, first->id);
  assert_null(missing->hash);
  assert_string_equal(missing->alt, "B");
  assert_int_equal(missing->crops[ASPECT_16X9].width, 1280);
  assert_int_equal(missing->focal_x, 2500);
  g_autofree char *path = originals_path(room.newsroom.originals, hash, FORMAT_PNG);
  assert_true(g_file_test(path, G_FILE_TEST_EXISTS));

  import_pictures(&room, source, pictures, 2, &outcome);
  assert_int_equal(outcome, IMPORT_UNCHANGED);

  g_autoptr(GBytes) later = room_png(2); // the same source, but now the second picture can be had
  g_autofree char *later_hash = originals_hash(slice_of_bytes(later));
  pictures[1].bytes = later;
  assert_int_equal(import_pictures(&room, source, pictures, 2, &outcome), id);
  assert_int_equal(outcome, IMPORT_UPDATED);
  g_autoptr(Story) again = room_get(&room, id);
  const Image *filled = g_ptr_array_index(again->images, 1);
  assert_int_equal(filled->id, missing->id);
  assert_string_equal(filled->hash, later_hash);
  assert_int_equal(filled->crops[ASPECT_16X9].width, 1280);
  assert_non_null(strstr(again->body, later_hash));
  import_pictures(&room, source, pictures, 2, &outcome);
  assert_int_equal(outcome, IMPORT_UNCHANGED);

  newspaper_set(&source->source_key,
                "b/b.md"); // another story with the same picture shares its row
  pictures[0].alt = "Another";
  gint64 other_id = import_pictures(&room, source, pictures, 1, &outcome);
  g_autoptr(Story) other = room_get(&room, other_id);
  assert_int_equal(((const Image *)g_ptr_array_index(other->images, 0))->id, first->id);
  assert_string_equal(((const Image *)g_ptr_array_index(other->images, 0))->alt, "A");

  newspaper_set(&source->source_key, "a/a.md"); // the file beside the story is another picture now
  newspaper_set(&source->content_hash, "3");
  g_autoptr(GBytes) changed = room_png(3);
  pictures[0].bytes = changed;
  import_pictures(&room, source, pictures, 2, &outcome);
  g_autoptr(Story) third = room_get(&room, id);
  assert_true(((const Image *)g_ptr_array_index(third->images, 0))->id != first->id);
  room_close(&room);
}

static void test_import_nothing_of_it(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) text = g_bytes_new_static("no picture at all", 17);
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "![](x.jpg)");
  newspaper_set(&source->section->name, "Fresh");
  newspaper_set(&source->section->slug, "fresh");
  ImportedPicture picture = {.url = "x.jpg", .bytes = text, .focal_x = -1, .focal_y = -1};
  ImportedStory imported = {
      .story = source, .pictures = &picture, .picture_count = 1, .status = STORY_PUBLISHED};
  ImportOutcome outcome;
  gint64 id = 0;
  assert_false(stories_import_check(&room.newsroom, &imported, &error));
  g_clear_error(&error);
  assert_false(stories_import(&room.newsroom, &imported, &outcome, &id, &error));
  room_assert_error(&error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED, "picture x.jpg: ");
  g_autoptr(StoreTransaction) transaction = store_begin_read(room.paper->store, NULL);
  g_autoptr(Site) site = site_rows_load(transaction, NULL);
  assert_null(site_section_by_slug(site, "fresh"));
  assert_int_equal(story_rows_max_id(transaction, NULL), 0);
  assert_int_equal(room.announced, 0);
  g_clear_pointer(&transaction, store_rollback);
  room_close(&room);
}

static void test_import_invalid(void **state) {
  Room room;
  room_open(&room, *state);
  g_autofree char *long_headline = g_strnfill(301, 'x');
  const struct {
    const char *headline, *body, *language, *former_path, *words;
    gint64 published_at, scheduled_for;
    StoryStatus status;
  } CASES[] = {
      {"", "b", "", NULL, "headline: it is empty", 0, 0, STORY_DRAFT},
      {" \n\t", "b", "", NULL, "headline: it is empty", 0, 0, STORY_DRAFT},
      {long_headline, "b", "", NULL, "headline: it has 301 characters, and 300", 0, 0, STORY_DRAFT},
      {"a\xFF", "b", "", NULL, "headline: the text is not UTF-8", 0, 0, STORY_DRAFT},
      {"h", "a\n\n::: factbox\n", "", NULL, "body, line 3: the block is never closed", 0, 0,
       STORY_DRAFT},
      {"h", "b", "english", NULL, "language: \"english\"", 0, 0, STORY_DRAFT},
      {"h", "b", "", NULL, "published: the date lies too far", NEWSPAPER_EPOCH + 400 * CLOCK_DAY, 0,
       STORY_PUBLISHED},
      {"h", "b", "", NULL, "published: the date lies before the year 1600", G_MININT64, 0,
       STORY_PUBLISHED},
      {"h", "b", "", NULL, "scheduled for: a scheduled story needs its time", 0, 0,
       STORY_SCHEDULED},
      {"h", "b", "", NULL, "status: use draft", 0, 0, STORY_WITHDRAWN},
      {"h", "b", "", "not a path", "former path", 0, 0, STORY_DRAFT},
      {"h", "b", "", "//evil.example", "former path", 0, 0, STORY_DRAFT},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Story) source = room_story("a.md", "1", CASES[i].headline, CASES[i].body);
    newspaper_set(&source->language, CASES[i].language);
    source->published_at = CASES[i].published_at;
    source->scheduled_for = CASES[i].scheduled_for;
    ImportedStory imported = {
        .story = source, .status = CASES[i].status, .former_path = CASES[i].former_path};
    ImportOutcome outcome;
    gint64 id;
    assert_false(stories_import_check(&room.newsroom, &imported, &error));
    room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, CASES[i].words);
    assert_false(stories_import(&room.newsroom, &imported, &outcome, &id, &error));
    room_assert_error(&error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, CASES[i].words);
  }
  room_close(&room);
}

static void test_former_path(void **state) {
  Room room;
  room_open(&room, *state);
  g_autoptr(GError) error = NULL;
  g_autoptr(Story) source = room_story("a.md", "1", "Headline", "Words.");
  ImportedStory imported = {.story = source,
                            .status = STORY_PUBLISHED,
                            .former_path = "https://old.example/2019/headline.html?x=1"};
  ImportOutcome outcome;
  gint64 id = 0;
  newspaper_must(stories_import(&room.newsroom, &imported, &outcome, &id, &error), &error);
  g_autoptr(StoreTransaction) transaction = store_begin_read(room.paper->store, NULL);
  g_autoptr(Redirect) redirect = redirect_rows_get(transaction, "/2019/headline.html", &error);
  newspaper_must(redirect != NULL, &error);
  g_autofree char *target = g_strdup_printf("/politics/headline-c-%" G_GINT64_FORMAT, id);
  assert_string_equal(redirect->target, target);
  assert_int_equal(redirect->status, 301);
  g_clear_pointer(&transaction, store_rollback);
  room_close(&room);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ROOM_TEST(test_publish),
      ROOM_TEST(test_refusals),
      ROOM_TEST(test_schedule),
      ROOM_TEST(test_correct),
      ROOM_TEST(test_import_again),
      ROOM_TEST(test_import_keeps_withdrawn),
      ROOM_TEST(test_import_publishes_draft),
      ROOM_TEST(test_import_scheduled_in_the_past),
      ROOM_TEST(test_import_makes_names),
      ROOM_TEST(test_import_pictures),
      ROOM_TEST(test_import_nothing_of_it),
      ROOM_TEST(test_import_invalid),
      ROOM_TEST(test_former_path),
  };
  return newspaper_run("newsroom/stories", tests, G_N_ELEMENTS(tests));
}
