// SPDX-License-Identifier: Apache-2.0
//
// The pages that readers see, on a real store: no story twice on the front, paging at both ends,
// one address for each page, redirects, 404 and 410, search, corrections, archive.
#include "site_fixture.h"

static void test_front_shows_no_story_twice(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 1, 20, NOON);                  // ids 1..20, all newer than
  paper_add_stories(paper, 2, 12, NOON - 10 * CLOCK_DAY); // ids 21..32
  StoreTransaction *transaction = paper_write(paper);
  const FrontSlotRow slots[] = {{25, WEIGHT_LEAD}, {3, WEIGHT_SECOND}};
  assert_true(front_rows_put(transaction, 0, slots, 2, NOON, 0, NULL));
  paper_commit(paper, transaction);
  assert_page(
      paper, site_front, 0, "/",
      "front 25 3 20 19 18 17 16 15 14 13 | 4 2 1 | 32 31 30 29 28 latest 12 11 10 9 8 7 6 5");
  paper->website.front_size = 20; // no more than that on the whole page
  assert_page(paper, site_front, 0, "/",
              "front 25 3 20 19 18 17 16 15 14 13 | 4 2 latest 12 11 10 9 8 7 6 5");
  paper_close(paper);
}

static void test_empty_paper(void **state) {
  Paper *paper = paper_open();
  assert_page(paper, site_front, 0, "/", "front latest");
  assert_page(paper, site_latest, 1, "/latest", "/latest 1/1 of 0: front list");
  assert_page(paper, site_archive, 1, "/archive", "/archive 1/1:");
  assert_page(paper, site_corrections, 1, "/corrections", "1/1 0:");
  assert_error(paper, site_section, 0, "/sport", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_topic, 1, "/topic/none", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_author, 1, "/author/none", WEB_ERROR_NOT_FOUND);
  paper_close(paper);
}

static void test_pages_expire_when_the_date_changes(void **state) {
  Paper *paper = paper_open();
  g_autoptr(Response) response = paper_ask(paper, site_front, 0, "/", NULL);
  assert_int_equal(response->cache, CACHE_PAGE);
  assert_true(response->expiry == NOON + CLOCK_DAY / 2);
  paper_close(paper);
}

static void test_section_pages(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 1, 12, NOON);
  assert_page(paper, site_section, 0, "/world", "/world 1/3 of 12: front 12 11 10 9 8 list");
  assert_page(paper, site_section, 0, "/world?page=2",
              "/world?page=2 2/3 of 12: front list 7 6 5 4 3");
  assert_page(paper, site_section, 0, "/world?page=3", "/world?page=3 3/3 of 12: front list 2 1");
  assert_redirect(paper, site_section, 0, "/world?page=1", "/world");
  assert_redirect(paper, site_section, 0, "/world?page=02", "/world?page=2");
  assert_redirect(paper, site_section, 0, "/world?utm_source=x", "/world");
  assert_redirect(paper, site_section, 0, "/world?page=2&x=y", "/world?page=2");
  assert_redirect(paper, site_section, 0, "/w%6frld", "/world");
  static const char *const WRONG[] = {"/world?page=4",  "/world?page=0",
                                      "/world?page=-1", "/world?page=x",
                                      "/world?page=",   "/world?page=99999999999999999999"};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    assert_error(paper, site_section, 0, WRONG[i], WEB_ERROR_NOT_FOUND);
  }
  paper_close(paper);
}

static void test_topics_and_authors(void **state) {
  Paper *paper = paper_open();
  StoreTransaction *transaction = paper_write(paper);
  paper_add_story(transaction, 1, NOON, STORY_PUBLISHED, FALSE);
  paper_add_story(transaction, 1, NOON - CLOCK_DAY, STORY_PUBLISHED, TRUE);
  paper_commit(paper, transaction);
  assert_page(paper, site_topic, 1, "/topic/bridges", "/topic/bridges 1/1 of 1: front list 2");
  assert_page(paper, site_author, 1, "/author/ada", "/author/ada 1/1 of 1: front list 2");
  assert_redirect(paper, site_author, 1, "/author/ada?page=1", "/author/ada");
  paper_close(paper);
}

static void test_story_has_one_address(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 2, 1, NOON);
  g_autofree char *page = paper_page(paper, site_story, 0, "/politics/bridge-opens-c-1");
  assert_true(
      g_str_has_prefix(page, "/politics/bridge-opens-c-1: Bridge opens related{\"@context\""));
  g_autofree char *print = paper_page(paper, site_story, 0, "/politics/bridge-opens-c-1?print=1");
  assert_true(g_str_has_prefix(print, "/politics/bridge-opens-c-1 on paper: "));
  static const char *const STALE[] = {"/politics/an-older-slug-c-1",
                                      "/world/bridge-opens-c-1",
                                      "/x/-c-1",
                                      "/politics/bridge-opens-c-1?print=2",
                                      "/politics/bridge-opens-c-1?fbclid=1",
                                      "/politics/bridge-opens-c-01"};
  for (gsize i = 0; i < G_N_ELEMENTS(STALE); i++) {
    assert_redirect(paper, site_story, 0, STALE[i], "/politics/bridge-opens-c-1");
  }
  static const char *const MISPLACED[] = {"/bridge-opens-c-1", "/2026/11/bridge-opens-c-1"};
  for (gsize i = 0; i < G_N_ELEMENTS(MISPLACED); i++) {
    assert_redirect(paper, site_elsewhere, 0, MISPLACED[i], "/politics/bridge-opens-c-1");
  }
  assert_redirect(paper, site_section, 0, "/cut-off-c-1", "/politics/bridge-opens-c-1");
  assert_error(paper, site_elsewhere, 0, "/2026/11/nothing-c-99", WEB_ERROR_NOT_FOUND);
  g_autoptr(Response) response =
      paper_ask(paper, site_story, 0, "/politics/bridge-opens-c-1", NULL);
  assert_true(response->last_modified == NOON - 60 * CLOCK_SECOND);
  paper_close(paper);
}

static void test_stories_that_readers_may_not_see(void **state) {
  Paper *paper = paper_open();
  StoreTransaction *transaction = paper_write(paper);
  paper_add_story(transaction, 1, NOON, STORY_DRAFT, FALSE);
  paper_add_story(transaction, 1, NOON, STORY_SCHEDULED, FALSE);
  paper_add_story(transaction, 1, NOON, STORY_WITHDRAWN, FALSE);
  paper_commit(paper, transaction);
  assert_error(paper, site_story, 0, "/world/bridge-opens-c-1", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_story, 0, "/world/bridge-opens-c-2", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_story, 0, "/world/bridge-opens-c-3", WEB_ERROR_GONE);
  assert_error(paper, site_story, 0, "/world/stale-c-3", WEB_ERROR_GONE);
  assert_error(paper, site_elsewhere, 0, "/bridge-opens-c-1", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_elsewhere, 0, "/bridge-opens-c-3", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_story, 0, "/world/bridge-opens-c-4", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_story, 0, "/world/no-number", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_story, 0, "/world/x-c-99999999999999999999", WEB_ERROR_NOT_FOUND);
  g_autofree char *front = paper_page(paper, site_front, 0, "/");
  assert_string_equal(front, "front latest");
  paper_close(paper);
}

static void test_redirects(void **state) {
  Paper *paper = paper_open();
  StoreTransaction *transaction = paper_write(paper);
  static const Redirect REDIRECTS[] = {{(char *)"/2019/05/old.html", (char *)"/world", 301},
                                       {(char *)"/shop", (char *)"https://shop.example/", 302},
                                       {(char *)"/gone", (char *)"", 410},
                                       {(char *)"/loop", (char *)"/loop", 301}};
  for (gsize i = 0; i < G_N_ELEMENTS(REDIRECTS); i++) {
    assert_true(redirect_rows_put(transaction, &REDIRECTS[i], NOON, NULL));
  }
  paper_commit(paper, transaction);
  assert_redirect(paper, site_elsewhere, 0, "/2019/05/old.html", "/world");
  assert_redirect(paper, site_section, 0, "/shop", "https://shop.example/");
  assert_error(paper, site_section, 0, "/gone", WEB_ERROR_GONE);
  assert_error(paper, site_section, 0, "/loop", WEB_ERROR_NOT_FOUND);
  assert_redirect(paper, site_elsewhere, 0, "/world/", "/world");
  // Never to another site that the request spells.
  assert_error(paper, site_elsewhere, 0, "//evil.example/", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_elsewhere, 0, "/\\evil.example/", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_elsewhere, 0, "//", WEB_ERROR_NOT_FOUND);
  paper_close(paper);
}

static void test_search(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 1, 6, NOON);
  assert_page(paper, site_search, 1, "/search", "/search '' 1/1:");
  assert_page(paper, site_search, 1, "/search?q=bridge+open",
              "/search?q=bridge%20open 'bridge open' 1/2: 6 5 4 3 2");
  assert_page(paper, site_search, 1, "/search?q=bridge&page=2",
              "/search?q=bridge&page=2 'bridge' 2/2: 1");
  assert_page(paper, site_search, 1, "/search?q=nowhere", "/search?q=nowhere 'nowhere' 1/1:");
  assert_error(paper, site_search, 1, "/search?q=bridge&page=3", WEB_ERROR_NOT_FOUND);
  assert_redirect(paper, site_search, 1, "/search?q=", "/search");
  g_autoptr(Response) found = paper_ask(paper, site_search, 1, "/search?q=bridge", NULL);
  assert_int_equal(found->cache, CACHE_NONE);
  assert_string_equal(found->robots, "noindex");
  // Whatever is typed is words, never an expression.
  static const char *const HOSTILE[] = {"%22",      "*",   "a*b%22%20OR%20", "headline:x", "NEAR(",
                                        "%27%3B--", "(((", "%C3%A9"};
  for (gsize i = 0; i < G_N_ELEMENTS(HOSTILE); i++) {
    g_autofree char *address = g_strconcat("/search?q=", HOSTILE[i], NULL);
    g_autofree char *page = paper_page(paper, site_search, 1, address);
    assert_non_null(page);
  }
  g_autofree char *long_words = g_strnfill(5000, 'a');
  g_autofree char *address = g_strconcat("/search?q=", long_words, NULL);
  g_autofree char *page = paper_page(paper, site_search, 1, address);
  assert_true(strlen(page) < 600);
  paper_close(paper);
}

static void add_correction(StoreTransaction *transaction, gint64 story_id, gint64 when) {
  Correction correction = {.story_id = story_id,
                           .corrected_at = when,
                           .wrong = (char[]){"40 m"},
                           .right = (char[]){"400 m"}};
  assert_true(correction_rows_insert(transaction, &correction, NULL) > 0);
}

static void test_corrections(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 1, 6, NOON);
  StoreTransaction *transaction = paper_write(paper);
  for (gint64 id = 1; id <= 6; id++) {
    add_correction(transaction, id, NOON + id * CLOCK_SECOND);
  }
  paper_commit(paper, transaction);
  assert_page(paper, site_corrections, 1, "/corrections", "1/2 5: 6 5 4 3 2");
  assert_page(paper, site_corrections, 1, "/corrections?page=2", "2/2 1: 1");
  assert_error(paper, site_corrections, 1, "/corrections?page=3", WEB_ERROR_NOT_FOUND);
  assert_redirect(paper, site_corrections, 1, "/corrections?page=1", "/corrections");
  paper_close(paper);
}

static void test_archive(void **state) {
  Paper *paper = paper_open();
  paper_add_stories(paper, 1, 7, NOON);                  // 1..7 on the 23rd
  paper_add_stories(paper, 1, 6, NOON - 40 * CLOCK_DAY); // 8..13 on 14 October
  assert_page(paper, site_archive, 1, "/archive", "/archive 1/1 20261123=7 20261014=6:");
  assert_page(paper, site_archive_year, 1, "/archive/2026",
              "/archive/2026 1/1 20261123=7 20261014=6:");
  assert_page(paper, site_archive_month, 1, "/archive/2026/10", "/archive/2026/10 1/1 20261014=6:");
  assert_page(paper, site_archive_day, 1, "/archive/2026/11/23",
              "/archive/2026/11/23 1/2 20261123=7: 7 6 5 4 3");
  assert_page(paper, site_archive_day, 1, "/archive/2026/11/23?page=2",
              "/archive/2026/11/23?page=2 2/2 20261123=7: 2 1");
  assert_page(paper, site_archive_day, 1, "/archive/2026/10/14?page=2",
              "/archive/2026/10/14?page=2 2/2 20261014=6: 8");
  assert_redirect(paper, site_archive_month, 1, "/archive/2026/010", "/archive/2026/10");
  assert_redirect(paper, site_archive_year, 1, "/archive/2026?page=2", "/archive/2026");
  assert_error(paper, site_archive_day, 1, "/archive/2026/11/24", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_day, 1, "/archive/2026/02/30", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_day, 1, "/archive/2026/11/23?page=3", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_month, 1, "/archive/2026/13", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_month, 1, "/archive/2026/12", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_year, 1, "/archive/0", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_archive_year, 1, "/archive/x", WEB_ERROR_NOT_FOUND);
  paper_close(paper);
}

static void test_assets(void **state) {
  Paper *paper = paper_open();
  g_autoptr(Response) asset = paper_ask(paper, site_asset, 1, "/assets/abc/site.css", NULL);
  assert_string_equal(asset->body->str, "body{}");
  assert_int_equal(asset->cache, CACHE_FOREVER);
  assert_error(paper, site_asset, 1, "/assets/abd/site.css", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_asset, 1, "/assets/abc/site.css?1", WEB_ERROR_NOT_FOUND);
  g_autofree char *manifest = paper_page(paper, site_manifest, 0, "/manifest.webmanifest");
  assert_non_null(strstr(
      manifest,
      "{\"src\":\"/assets/abc/icon-512.png\",\"sizes\":\"512x512\",\"type\":\"image/png\"}"));
  g_autofree char *robots = paper_page(paper, site_robots, 0, "/robots.txt");
  assert_non_null(strstr(robots, "Sitemap: https://daily.example/sitemap.xml\n"));
  paper_close(paper);
}

// Another process withdraws a story; the watcher has not looked yet. Whoever has read "gone" must
// not be given an old front page afterwards.
static void test_every_visit_tells_the_page_cache_its_revision(void **state) {
  Paper *paper = paper_open();
  g_autoptr(PageCache) cache = page_cache_new(1 << 20);
  paper->website.cache = cache;
  StoreTransaction *transaction = paper_write(paper);
  gint64 id = paper_add_story(transaction, 1, NOON, STORY_WITHDRAWN, FALSE);
  paper_commit(paper, transaction);
  g_autofree char *address = g_strdup_printf("/world/bridge-opens-c-%" G_GINT64_FORMAT, id);
  assert_error(paper, site_story, 1, address, WEB_ERROR_GONE);
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  gint64 revision = site_rows_revision(reading, NULL);
  assert_true(revision > 0);
  assert_true(page_cache_revision(cache) == revision);
  g_clear_pointer(&reading, store_rollback);
  transaction = paper_write(paper);
  paper_commit(paper, transaction);
  assert_error(paper, site_elsewhere, 0, "/nothing", WEB_ERROR_NOT_FOUND);
  assert_true(page_cache_revision(cache) == revision + 1);
  page_cache_set_revision(cache, revision + 9); // the watcher may be ahead: it never goes back
  assert_error(paper, site_elsewhere, 0, "/nothing", WEB_ERROR_NOT_FOUND);
  assert_true(page_cache_revision(cache) == revision + 9);
  paper_close(paper);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_front_shows_no_story_twice),
      cmocka_unit_test(test_empty_paper),
      cmocka_unit_test(test_pages_expire_when_the_date_changes),
      cmocka_unit_test(test_section_pages),
      cmocka_unit_test(test_topics_and_authors),
      cmocka_unit_test(test_story_has_one_address),
      cmocka_unit_test(test_stories_that_readers_may_not_see),
      cmocka_unit_test(test_redirects),
      cmocka_unit_test(test_search),
      cmocka_unit_test(test_corrections),
      cmocka_unit_test(test_archive),
      cmocka_unit_test(test_assets),
      cmocka_unit_test(test_every_visit_tells_the_page_cache_its_revision)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
