// SPDX-License-Identifier: Apache-2.0
//
// The store's rows, the same cases on SQLite and on PostgreSQL: every query prepares, stories and
// their revisions, lists and paging against a brute-force order, search, corrections, fronts,
// images, people, settings, redirects. Concurrency and crashes: test_store.c.
#include "tests/store/newspaper.h"

#include <string.h>

#include "base/clock.h"
#include "store/front_rows.h"
#include "store/migrate.h"

static void test_prepares_every_query(void **state) {
  Newspaper *paper = *state;
  g_autoptr(GError) error = NULL;
  newspaper_must(store_prepare_all(paper->store, &error), &error);
  assert_null(error);
}

static void test_migrates_once(void **state) {
  Newspaper *paper = *state;
  guint applied = 9;
  assert_true(migrate_run(paper->store, 5, &applied, NULL));
  assert_int_equal(applied, 0);
  assert_true(migrate_check(paper->store, NULL));
}

static void assert_same_story(const Story *a, const Story *b) {
  assert_string_equal(a->slug, b->slug);
  assert_string_equal(a->headline, b->headline);
  assert_string_equal(a->standfirst, b->standfirst);
  assert_string_equal(a->kicker, b->kicker);
  assert_string_equal(a->dateline, b->dateline);
  assert_string_equal(a->body, b->body);
  assert_string_equal(a->language, b->language);
  assert_string_equal(a->hero_caption, b->hero_caption);
  assert_string_equal(a->hero_credit, b->hero_credit);
  assert_string_equal(a->seo_title, b->seo_title);
  assert_string_equal(a->seo_description, b->seo_description);
  assert_int_equal(a->status, b->status);
  assert_int_equal(a->scheduled_for, b->scheduled_for);
  assert_int_equal(a->published_at, b->published_at);
  assert_int_equal(a->updated_at, b->updated_at);
  assert_int_equal(a->word_count, b->word_count);
  assert_int_equal(g_strcmp0(a->source_key, b->source_key), 0);
  assert_int_equal(g_strcmp0(a->content_hash, b->content_hash), 0);
  assert_int_equal(a->bylines->len, b->bylines->len);
  assert_int_equal(a->topics->len, b->topics->len);
  assert_int_equal(a->images->len, b->images->len);
}

static void test_story_comes_back_whole(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story =
      newspaper_story(paper, "A \"quoted\" headline — 'and' ümläuts; drop table story", 0);
  g_autoptr(Image) image = image_new();
  image->hash = g_strdup("0123456789012345678901234567890123456789");
  image->format = FORMAT_JPEG;
  image->width = 4000;
  image->height = 2667;
  image->byte_count = 3400000;
  image->progressive = TRUE;
  image->crops[ASPECT_16X9] = (CropRectangle){0, 100, 4000, 2250};
  image->crops[ASPECT_1X1] = (CropRectangle){7, 0, 2667, 2667};
  g_free(image->alt);
  image->alt = g_strdup("A heron");
  image->id = image_rows_insert(transaction, image, NULL);
  assert_true(image->id > 0);
  g_ptr_array_add(story->images, image_copy(image));
  story->hero = image_copy(image);
  story->source_key = g_strdup("feed:1");
  story->content_hash = g_strdup("abc");
  story->word_count = 512;
  story->seo_title = (g_free(story->seo_title), g_strdup("seo"));
  story->hero_credit = (g_free(story->hero_credit), g_strdup("Kim"));
  gint64 id = newspaper_insert(paper, transaction, story);

  g_autoptr(Story) found = story_rows_get(transaction, id, NULL);
  assert_same_story(found, story);
  assert_int_equal(found->revision, 1);
  assert_int_equal(found->section->id, story->section->id);
  const Byline *byline = g_ptr_array_index(found->bylines, 0);
  assert_string_equal(byline->author->name, "Ada Reed");
  const Image *hero = found->hero;
  assert_string_equal(hero->hash, image->hash);
  assert_int_equal(hero->crops[ASPECT_16X9].height, 2250);
  assert_int_equal(hero->crops[ASPECT_4X3].width, 0);
  assert_int_equal(hero->crops[ASPECT_1X1].x, 7);
  assert_true(hero->progressive);
  assert_null(hero->source_url);

  g_autoptr(Story) by_source = story_rows_get_by_source(transaction, "feed:1", NULL);
  assert_int_equal(by_source->id, id);
  StoryStatus status = STORY_DRAFT;
  g_autoptr(Teaser) address = story_rows_get_address(transaction, id, &status, NULL);
  assert_int_equal(status, STORY_PUBLISHED);
  assert_string_equal(address->slug, story->slug);
  assert_string_equal(address->section_slug, "politics");

  g_autoptr(GError) error = NULL;
  assert_null(story_rows_get(transaction, id + 1000, &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
}

static void test_source_key_is_unique(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Twice", 0);
  story->source_key = g_strdup("feed:twice");
  newspaper_insert(paper, transaction, story);
  g_autoptr(GError) error = NULL;
  assert_int_equal(story_rows_insert(transaction, story, "", 1, paper->zone, &error), 0);
  newspaper_assert_error(error, STORE_ERROR_CONSTRAINT);
  // A transaction with a failed statement can only be rolled back, on either engine.
  g_clear_error(&error);
  assert_false(store_commit(&paper->transaction, &error));
  assert_non_null(error);
  assert_null(paper->transaction);
}

static void test_revisions_are_kept(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "First words", 0);
  story->id = newspaper_insert(paper, transaction, story);
  newspaper_set(&story->headline, "Second words");
  assert_true(story_rows_update(transaction, story, "edited", 2, paper->zone, NULL));
  newspaper_set(&story->kicker, "Only the kicker"); // no new text, no new revision
  assert_true(story_rows_update(transaction, story, "kicker", 3, paper->zone, NULL));
  newspaper_set(&story->body, "Third words");
  assert_true(story_rows_update(transaction, story, "body", 4, paper->zone, NULL));

  g_autoptr(GPtrArray) revisions = story_rows_revisions(transaction, story->id, NULL);
  assert_int_equal(revisions->len, 3);
  const StoryRevision *newest = g_ptr_array_index(revisions, 0);
  const StoryRevision *first = g_ptr_array_index(revisions, 2);
  assert_int_equal(newest->number, 3);
  assert_string_equal(newest->note, "body");
  assert_string_equal(newest->body, "Third words");
  assert_string_equal(first->headline, "First words");
  g_autoptr(Story) found = story_rows_get(transaction, story->id, NULL);
  assert_int_equal(found->revision, 3);
  assert_string_equal(found->kicker, "Only the kicker");
}

static void assert_listed(StoreTransaction *transaction, ListingKind kind, gint64 list, gint64 id,
                          guint times) {
  Listing listing = {kind, list};
  g_autoptr(GPtrArray) teasers = story_rows_list(transaction, listing, 0, 100, NULL);
  guint found = 0;
  for (guint i = 0; i < teasers->len; i++) {
    found += ((const Teaser *)g_ptr_array_index(teasers, i))->id == id;
  }
  assert_int_equal(found, times);
  assert_int_equal(story_rows_count(transaction, listing, NULL), teasers->len);
}

static void test_moves_between_lists(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Wanderer", 3 * CLOCK_DAY);
  newspaper_byline(paper, story, 0); // the same author a second time: once in the list
  story->id = newspaper_insert(paper, transaction, story);
  assert_listed(transaction, LISTING_ALL, 0, story->id, 1);
  assert_listed(transaction, LISTING_SECTION, paper->sections[0]->id, story->id, 1);
  assert_listed(transaction, LISTING_TOPIC, paper->topics[0]->id, story->id, 1);
  assert_listed(transaction, LISTING_AUTHOR, paper->authors[0]->id, story->id, 1);

  section_free(story->section);
  story->section = section_copy(paper->sections[1]);
  g_ptr_array_set_size(story->topics, 0);
  g_ptr_array_add(story->topics, topic_copy(paper->topics[1]));
  story->published_at += 2 * CLOCK_DAY;
  assert_true(story_rows_update(transaction, story, "moved", 2, paper->zone, NULL));
  assert_listed(transaction, LISTING_ALL, 0, story->id, 1);
  assert_listed(transaction, LISTING_SECTION, paper->sections[0]->id, story->id, 0);
  assert_listed(transaction, LISTING_SECTION, paper->sections[1]->id, story->id, 1);
  assert_listed(transaction, LISTING_TOPIC, paper->topics[0]->id, story->id, 0);
  assert_listed(transaction, LISTING_TOPIC, paper->topics[1]->id, story->id, 1);

  story->status = STORY_WITHDRAWN;
  assert_true(story_rows_update(transaction, story, "withdrawn", 3, paper->zone, NULL));
  assert_listed(transaction, LISTING_ALL, 0, story->id, 0);
  assert_listed(transaction, LISTING_SECTION, paper->sections[1]->id, story->id, 0);
  assert_listed(transaction, LISTING_AUTHOR, paper->authors[0]->id, story->id, 0);
  Listing all = {LISTING_ALL, 0};
  g_autoptr(GArray) days = story_rows_days(transaction, all, 0, 99991231, NULL);
  assert_int_equal(days->len, 0); // a day that lost its last story is no day of the archive
  StoryStatus status = STORY_DRAFT;
  g_autoptr(Teaser) address = story_rows_get_address(transaction, story->id, &status, NULL);
  assert_int_equal(status, STORY_WITHDRAWN);
  assert_non_null(address);
}

typedef struct Expected {
  gint64 id, published_at;
  guint section;
} Expected;

static gint compare_expected(gconstpointer a, gconstpointer b) {
  const Expected *x = a, *y = b;
  if (x->published_at != y->published_at) {
    return x->published_at > y->published_at ? -1 : 1;
  }
  return x->id > y->id ? -1 : 1;
}

static void assert_page(StoreTransaction *transaction, Listing listing, const GArray *expected,
                        guint offset, guint limit) {
  g_autoptr(GPtrArray) page = story_rows_list(transaction, listing, offset, limit, NULL);
  assert_non_null(page);
  guint left = offset < expected->len ? expected->len - offset : 0;
  assert_int_equal(page->len, MIN(left, limit));
  for (guint i = 0; i < page->len; i++) {
    assert_int_equal(((const Teaser *)g_ptr_array_index(page, i))->id,
                     g_array_index(expected, Expected, offset + i).id);
  }
}

// Each day holds as many stories as its civil day in `zone` has, and all days all of them.
static void assert_days(StoreTransaction *transaction, GTimeZone *zone, guint all) {
  Listing everything = {LISTING_ALL, 0};
  g_autoptr(GArray) days = story_rows_days(transaction, everything, 20260101, 20271231, NULL);
  gint64 sum = 0;
  for (guint i = 0; i < days->len; i++) {
    const DayCount *day = &g_array_index(days, DayCount, i);
    sum += day->stories;
    gint64 from = clock_day_start(day->day, zone);
    // The next midnight, also after a day of 23 or 25 hours.
    gint64 until = clock_day_start(clock_day(from + CLOCK_DAY + CLOCK_DAY / 4, zone), zone);
    g_autoptr(GPtrArray) of_day =
        story_rows_list_between(transaction, everything, from, until, 1000, NULL);
    assert_int_equal(of_day->len, day->stories);
  }
  assert_int_equal(sum, all);
}

// Every page of every size is what sorting all stories would give, across days, months and a zone's
// midnight.
static void test_paging_matches_brute_force(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(GRand) random = g_rand_new_with_seed(20261123);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Expected));
  g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(Expected));
  for (guint i = 0; i < 400; i++) {
    gint64 offset = g_rand_int_range(random, 0, 24 * 120) * G_GINT64_CONSTANT(3600) * CLOCK_SECOND;
    g_autoptr(Story) story = newspaper_story(paper, "Paged", offset);
    guint section = (guint)g_rand_int_range(random, 0, 2);
    section_free(story->section);
    story->section = section_copy(paper->sections[section]);
    story->status = i % 7 == 0 ? STORY_DRAFT : STORY_PUBLISHED;
    Expected expected = {newspaper_insert(paper, transaction, story), story->published_at, section};
    if (story->status == STORY_PUBLISHED) {
      g_array_append_val(all, expected);
      if (section == 0) {
        g_array_append_val(one, expected);
      }
    }
  }
  g_array_sort(all, compare_expected);
  g_array_sort(one, compare_expected);
  Listing everything = {LISTING_ALL, 0}, section = {LISTING_SECTION, paper->sections[0]->id};
  assert_int_equal(story_rows_count(transaction, everything, NULL), all->len);
  for (guint offset = 0; offset < all->len + 30; offset += 13) {
    assert_page(transaction, everything, all, offset, 20);
    assert_page(transaction, section, one, offset, 7);
  }
  assert_page(transaction, everything, all, all->len - 1, 20);
  assert_page(transaction, everything, all, all->len, 20);
  assert_days(transaction, paper->zone, all->len);

  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  assert_true(story_rows_redate(transaction, zone, NULL));
  assert_int_equal(story_rows_count(transaction, everything, NULL), all->len);
  for (guint offset = 0; offset < all->len + 30; offset += 13) {
    assert_page(transaction, everything, all, offset, 20);
    assert_page(transaction, section, one, offset, 7);
  }
  assert_days(transaction, zone, all->len);
}

static void test_whole_and_chosen_lists(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  gint64 ids[5];
  for (guint i = 0; i < 5; i++) {
    g_autoptr(Story) story = newspaper_story(paper, "Listed", i * CLOCK_DAY);
    story->status = i == 3 ? STORY_DRAFT : STORY_PUBLISHED;
    ids[i] = newspaper_insert(paper, transaction, story);
  }
  Listing all = {LISTING_ALL, 0};
  g_autoptr(GPtrArray) whole = story_rows_list_whole(transaction, all, 3, NULL);
  assert_int_equal(whole->len, 3);
  const Story *newest = g_ptr_array_index(whole, 0);
  assert_int_equal(newest->id, ids[4]);
  assert_string_equal(newest->body, "Words of the body.");
  assert_int_equal(newest->bylines->len, 1);
  assert_int_equal(newest->topics->len, 1);
  const gint64 asked[] = {ids[2], 999999, ids[0], ids[3], ids[4], ids[2]};
  g_autoptr(GPtrArray) chosen =
      story_rows_list_by_ids(transaction, asked, G_N_ELEMENTS(asked), NULL);
  assert_int_equal(chosen->len, 3); // published ones only, in the order asked for, once
  assert_int_equal(((const Teaser *)g_ptr_array_index(chosen, 0))->id, ids[2]);
  assert_int_equal(((const Teaser *)g_ptr_array_index(chosen, 1))->id, ids[0]);
  assert_string_equal(((const Teaser *)g_ptr_array_index(chosen, 2))->byline_names, "Ada Reed");
  g_autoptr(GPtrArray) none = story_rows_list_by_ids(transaction, NULL, 0, NULL);
  assert_int_equal(none->len, 0);

  g_autoptr(GPtrArray) map = story_rows_sitemap(transaction, ids[1], ids[4], 10, NULL);
  assert_int_equal(map->len, 2);
  assert_int_equal(story_rows_max_id(transaction, NULL), ids[4]);
  g_autoptr(GPtrArray) drafts = story_rows_list_any(transaction, STORY_DRAFT, NULL, 0, 10, NULL);
  assert_int_equal(drafts->len, 1);
  g_autoptr(GPtrArray) any = story_rows_list_any(transaction, -1, "politics", 1, 10, NULL);
  assert_int_equal(any->len, 4);
  g_autoptr(GPtrArray) elsewhere = story_rows_list_any(transaction, -1, "sport", 0, 10, NULL);
  assert_int_equal(elsewhere->len, 0);
}

static void test_related(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Centre", 0);
  g_ptr_array_add(story->topics, topic_copy(paper->topics[1]));
  story->id = newspaper_insert(paper, transaction, story);
  g_autoptr(Story) both = newspaper_story(paper, "Both topics, old", 0);
  both->published_at -= 50 * CLOCK_DAY;
  g_ptr_array_add(both->topics, topic_copy(paper->topics[1]));
  gint64 both_id = newspaper_insert(paper, transaction, both);
  g_autoptr(Story) shared = newspaper_story(paper, "One topic", CLOCK_DAY);
  gint64 shared_id = newspaper_insert(paper, transaction, shared);
  g_autoptr(Story) neighbour = newspaper_story(paper, "Same section", 2 * CLOCK_DAY);
  g_ptr_array_set_size(neighbour->topics, 0);
  gint64 neighbour_id = newspaper_insert(paper, transaction, neighbour);
  g_autoptr(GPtrArray) related = story_rows_related(transaction, story, 5, NULL);
  assert_int_equal(related->len, 3);
  assert_int_equal(((const Teaser *)g_ptr_array_index(related, 0))->id, both_id);
  assert_int_equal(((const Teaser *)g_ptr_array_index(related, 1))->id, shared_id);
  assert_int_equal(((const Teaser *)g_ptr_array_index(related, 2))->id, neighbour_id);
}

static gint64 search_first(StoreTransaction *transaction, const char *words, gint64 *ret_total) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = story_rows_search(transaction, words, 0, 20, ret_total, &error);
  if (error != NULL) {
    fail_msg("%s: %s", words, error->message);
  }
  return found->len == 0 ? 0 : ((const Teaser *)g_ptr_array_index(found, 0))->id;
}

static gint64 search_total(StoreTransaction *transaction, const char *words) {
  gint64 total = -1;
  search_first(transaction, words, &total);
  return total;
}

static void test_search(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) heron = newspaper_story(paper, "The heron returns", 0);
  newspaper_set(
      &heron->body,
      "It stood at the Café, [a link](https://secret.example/zebra) by the 1x1 pond. COVID-19.");
  heron->id = newspaper_insert(paper, transaction, heron);
  g_autoptr(Story) other = newspaper_story(paper, "Council sits", CLOCK_DAY);
  newspaper_set(&other->body, "A heron was seen by the councillors.");
  other->id = newspaper_insert(paper, transaction, other);
  g_autoptr(Story) draft = newspaper_story(paper, "Heron draft", CLOCK_DAY);
  draft->status = STORY_DRAFT;
  newspaper_insert(paper, transaction, draft);

  gint64 total = 0;
  assert_int_equal(search_first(transaction, "heron", &total),
                   heron->id); // headline before body, though older
  assert_int_equal(total, 2);
  assert_int_equal(search_total(transaction, "HERON café"), 1);
  assert_int_equal(search_total(transaction, "heron cafe"), 1);
  assert_int_equal(search_total(transaction, "council hero"),
                   1); // the last word may be a beginning
  assert_int_equal(search_total(transaction, "hero council"), 0); // only the last
  assert_int_equal(search_total(transaction, "covid-19"), 1);
  assert_int_equal(search_total(transaction, "zebra"), 0); // a link's target is not text
  assert_int_equal(search_total(transaction, "pelican"), 0);

  newspaper_set(&heron->headline, "The pelican returns");
  assert_true(story_rows_update(transaction, heron, "", 2, paper->zone, NULL));
  assert_int_equal(search_total(transaction, "pelican"), 1);
  assert_int_equal(search_first(transaction, "heron", &total), other->id);
  assert_int_equal(total, 1);
  other->status = STORY_WITHDRAWN;
  assert_true(story_rows_update(transaction, other, "", 3, paper->zone, NULL));
  assert_int_equal(search_total(transaction, "heron"), 0);
}

static void test_hostile_searches(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Plain words", 0);
  newspaper_insert(paper, transaction, story);
  g_autofree char *long_word = g_strnfill(100000, 'a');
  g_autofree char *many = g_strnfill(200000, ' ');
  for (gsize i = 0; i < 199998; i += 2) {
    many[i] = 'x';
  }
  const char *const HOSTILE[] = {"",
                                 " ",
                                 "\"",
                                 "'",
                                 "\"\"\"",
                                 "a\"b",
                                 "*",
                                 "words*",
                                 "NEAR(a b)",
                                 "headline:words",
                                 "{headline} : words",
                                 "^words",
                                 "a AND",
                                 "OR",
                                 "NOT",
                                 "NOT words",
                                 "a - b",
                                 "-",
                                 "(",
                                 ")))",
                                 "a + b",
                                 ":",
                                 ":*",
                                 "words:*",
                                 "words & !",
                                 "!",
                                 "& | !",
                                 "<->",
                                 "a <2> b",
                                 "\\",
                                 "words\\",
                                 "'words",
                                 "%",
                                 "_",
                                 "$1",
                                 "?1",
                                 "@x",
                                 ";drop table story",
                                 "\xff\xfe",
                                 "words\xc3",
                                 "\xe2\x80\x8b",
                                 "日本語",
                                 "ﷺ",
                                 "\xcc\x81\xcc\x81",
                                 "²",
                                 "İ",
                                 "ß",
                                 "1e5",
                                 "0x10",
                                 "-1",
                                 "3.14",
                                 "user@example.org",
                                 "http://a.b/c?d=e",
                                 "a/b/c",
                                 "\x01\x02",
                                 long_word,
                                 many};
  for (gsize i = 0; i < G_N_ELEMENTS(HOSTILE); i++) {
    gint64 total = -1;
    search_first(transaction, HOSTILE[i], &total);
    assert_in_range(total, 0, 1);
  }
  assert_int_equal(search_total(transaction, "words\" OR \"zzz"), 0);
  assert_int_equal(search_total(transaction, "plain:words"), 1);
}

static void test_corrections(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Corrected", 0);
  story->id = newspaper_insert(paper, transaction, story);
  g_autoptr(Story) hidden = newspaper_story(paper, "Withdrawn", 0);
  hidden->status = STORY_WITHDRAWN;
  hidden->id = newspaper_insert(paper, transaction, hidden);
  for (gint64 i = 1; i <= 3; i++) {
    Correction correction = {0, i == 2 ? hidden->id : story->id, i * 100, (char *)"was wrong",
                             (char *)"is right"};
    assert_true(correction_rows_insert(transaction, &correction, NULL) > 0);
  }
  GPtrArray *stories = NULL;
  g_autoptr(GPtrArray) corrections = correction_rows_list(transaction, 0, 10, &stories, NULL);
  assert_int_equal(corrections->len, 2);
  assert_int_equal(((const Correction *)g_ptr_array_index(corrections, 0))->corrected_at, 300);
  assert_string_equal(((const Correction *)g_ptr_array_index(corrections, 0))->right, "is right");
  assert_string_equal(((const Teaser *)g_ptr_array_index(stories, 0))->headline, "Corrected");
  g_ptr_array_unref(stories);
  assert_true(
      story_rows_update(transaction, story, "", 5, paper->zone, NULL)); // an update keeps them
  g_autoptr(Story) found = story_rows_get(transaction, story->id, NULL);
  assert_int_equal(found->corrections->len, 2);
}

static void test_due(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  assert_int_equal(story_rows_next_due(transaction, NULL), 0);
  for (gint64 i = 3; i >= 1; i--) {
    g_autoptr(Story) story = newspaper_story(paper, "Later", 0);
    story->status = STORY_SCHEDULED;
    story->scheduled_for = i * 1000;
    newspaper_insert(paper, transaction, story);
  }
  assert_int_equal(story_rows_next_due(transaction, NULL), 1000);
  g_autoptr(GArray) due = story_rows_due(transaction, 2000, NULL);
  assert_int_equal(due->len, 2);
  assert_true(g_array_index(due, gint64, 0) > g_array_index(due, gint64, 1));
}

static void test_fronts(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Front) empty = front_rows_get(transaction, 0, NULL);
  assert_int_equal(empty->slots->len, 0);
  FrontSlotRow slots[3];
  for (guint i = 0; i < 3; i++) {
    g_autoptr(Story) story = newspaper_story(paper, i == 1 ? "Draft" : "Shown", 0);
    story->status = i == 1 ? STORY_DRAFT : STORY_PUBLISHED;
    slots[i] = (FrontSlotRow){newspaper_insert(paper, transaction, story), (FrontWeight)i};
  }
  assert_true(front_rows_put(transaction, 0, slots, 3, 77, 0, NULL));
  assert_true(front_rows_put(transaction, paper->sections[0]->id, slots, 1, 78, 0, NULL));
  g_autoptr(Front) front = front_rows_get(transaction, 0, NULL);
  assert_int_equal(front->updated_at, 77);
  assert_int_equal(front->slots->len, 2); // the draft stays out
  const FrontSlot *last = g_ptr_array_index(front->slots, 1);
  assert_int_equal(last->weight, WEIGHT_BRIEF);
  assert_int_equal(last->story->id, slots[2].story_id);
  assert_true(front_rows_put(transaction, 0, slots + 2, 1, 79, 0, NULL));
  g_autoptr(Front) shorter = front_rows_get(transaction, 0, NULL);
  assert_int_equal(shorter->slots->len, 1);
  slots[1] = slots[0];
  g_autoptr(GError) error = NULL;
  assert_false(front_rows_put(transaction, 0, slots, 2, 80, 0, &error)); // a story twice
  newspaper_assert_error(error, STORE_ERROR_CONSTRAINT);
}

static void test_images(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Image) missing = image_new();
  missing->source_url = g_strdup("https://example.org/a.jpg");
  missing->id = image_rows_insert(transaction, missing, NULL);
  g_autoptr(Image) found = image_rows_get_by_source(transaction, missing->source_url, NULL);
  assert_int_equal(found->id, missing->id);
  assert_null(found->hash);
  assert_int_equal(found->focal_x, 5000);
  found->hash = g_strdup("abcd");
  found->focal_x = 1234;
  newspaper_set(&found->caption, "");
  assert_true(image_rows_update(transaction, found, NULL));
  g_autoptr(Image) again = image_rows_get_by_hash(transaction, "abcd", NULL);
  assert_int_equal(again->focal_x, 1234);
  g_autoptr(GError) error = NULL;
  assert_null(image_rows_get(transaction, 987654, &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);
  found->id = 987654;
  assert_false(image_rows_update(transaction, found, &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
}

static void test_people_keep_what_is_known(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  Author full = {0, (char *)"kim", (char *)"Kim", (char *)"Editor", (char *)"Has a *bio*.", NULL};
  Author bare = {0, (char *)"kim", (char *)"Kim Lee", (char *)"", (char *)"", NULL};
  gint64 id = author_rows_put(transaction, &full, NULL);
  assert_int_equal(author_rows_put(transaction, &bare, NULL), id);
  g_autoptr(Author) author = author_rows_get_by_slug(transaction, "kim", NULL);
  assert_string_equal(author->name, "Kim Lee");
  assert_string_equal(author->role, "Editor");
  assert_string_equal(author->bio, "Has a *bio*.");
  g_autoptr(GPtrArray) authors = author_rows_list(transaction, NULL);
  assert_int_equal(authors->len, 3);
  g_autoptr(GPtrArray) topics = topic_rows_list(transaction, 1, NULL);
  assert_int_equal(topics->len, 1);
  g_autoptr(GError) error = NULL;
  assert_null(topic_rows_get_by_slug(transaction, "none", &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
}

static void test_site(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Site) before = site_rows_load(transaction, NULL);
  assert_string_equal(before->name, "Broadsheet");
  assert_int_equal(before->sections->len, 2);
  assert_true(site_rows_put_setting(transaction, "name", "The Kestrel", NULL));
  assert_true(site_rows_put_setting(transaction, "name", "The Kestrel Bay Courier", NULL));
  assert_true(site_rows_put_setting(transaction, "time_zone", "Australia/Sydney", NULL));
  assert_int_equal(site_rows_bump_revision(transaction, 42, NULL), before->revision + 1);
  g_autoptr(Site) site = site_rows_load(transaction, NULL);
  assert_string_equal(site->name, "The Kestrel Bay Courier");
  assert_string_equal(g_time_zone_get_identifier(site->zone), "Australia/Sydney");
  assert_int_equal(site->revision, before->revision + 1);
  g_autoptr(GError) error = NULL;
  assert_null(site_rows_get_setting(transaction, "unset", &error));
  assert_null(error);

  Redirect redirect = {(char *)"/old", (char *)"/new", 301};
  assert_true(redirect_rows_put(transaction, &redirect, 1, NULL));
  redirect.status = 410;
  redirect.target = (char *)"";
  assert_true(redirect_rows_put(transaction, &redirect, 2, NULL));
  g_autoptr(Redirect) found = redirect_rows_get(transaction, "/old", NULL);
  assert_int_equal(found->status, 410);
  assert_string_equal(found->target, "");
  assert_null(redirect_rows_get(transaction, "/none", &error));
  newspaper_assert_error(error, STORE_ERROR_NOT_FOUND);
}

#define CASE(function)                                                                             \
  cmocka_unit_test_setup_teardown(function, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_prepares_every_query),
      CASE(test_migrates_once),
      CASE(test_story_comes_back_whole),
      CASE(test_source_key_is_unique),
      CASE(test_revisions_are_kept),
      CASE(test_moves_between_lists),
      CASE(test_paging_matches_brute_force),
      CASE(test_whole_and_chosen_lists),
      CASE(test_related),
      CASE(test_search),
      CASE(test_hostile_searches),
      CASE(test_corrections),
      CASE(test_due),
      CASE(test_fronts),
      CASE(test_images),
      CASE(test_people_keep_what_is_known),
      CASE(test_site),
  };
  return newspaper_run("store rows", tests, G_N_ELEMENTS(tests));
}
