// SPDX-License-Identifier: Apache-2.0
//
// A feed beside every list, and sitemaps with bounds that don't move, on a real store.
#include "site_fixture.h"

static guint occurrences(const char *text, const char *part) {
  guint count = 0;
  for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
    count++;
  }
  return count;
}

static const struct {
  const char *folder;
  RouteHandler handler;
  guint skip;
} LISTS[] = {{"", site_feed, 0},
             {"/world", site_section_feed, 0},
             {"/topic/bridges", site_topic_feed, 1},
             {"/author/ada", site_author_feed, 1},
             {"/corrections", site_corrections_feed, 1}};

static void fill(Paper *paper) {
  paper_add_stories(paper, 2, 12, NOON);
  StoreTransaction *transaction = paper_write(paper);
  gint64 id = paper_add_story(transaction, 1, NOON, STORY_PUBLISHED, TRUE);
  Correction correction = {.story_id = id,
                           .corrected_at = NOON + CLOCK_SECOND,
                           .wrong = (char[]){"40 m"},
                           .right = (char[]){"400 m"}};
  assert_true(correction_rows_insert(transaction, &correction, NULL) > 0);
  paper_commit(paper, transaction);
}

static void test_every_list_has_its_feeds(void **state) {
  Paper *paper = paper_open();
  fill(paper);
  static const struct {
    const char *file, *item, *self;
  } FORMATS[] = {{"/feed.xml", "<item>", "<atom:link href=\"https://daily.example%s\""},
                 {"/atom.xml", "<entry ", "<id>https://daily.example%s</id>"},
                 {"/feed.json", "\"content_html\"", "\"feed_url\":\"https://daily.example%s\""}};
  for (gsize i = 0; i < G_N_ELEMENTS(LISTS); i++) {
    for (gsize k = 0; k < G_N_ELEMENTS(FORMATS); k++) {
      g_autofree char *address = g_strconcat(LISTS[i].folder, FORMATS[k].file, NULL);
      g_auto(GStrv) self = g_strsplit(FORMATS[k].self, "%s", 2);
      g_autofree char *own = g_strconcat(self[0], address, self[1], NULL);
      g_autofree char *feed = paper_page(paper, LISTS[i].handler, LISTS[i].skip, address);
      assert_int_equal(occurrences(feed, FORMATS[k].item), i == 0 ? 10 : 1);
      assert_non_null(strstr(feed, own));
    }
  }
  g_autoptr(Response) response = paper_ask(paper, site_feed, 0, "/feed.xml", NULL);
  assert_int_equal(response->cache, CACHE_PAGE);
  assert_true(response->last_modified == NOON + CLOCK_SECOND);
  paper_close(paper);
}

static void test_feeds_that_are_not(void **state) {
  Paper *paper = paper_open();
  fill(paper);
  assert_error(paper, site_section_feed, 0, "/sport/feed.xml", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_topic_feed, 1, "/topic/none/feed.xml", WEB_ERROR_NOT_FOUND);
  assert_error(paper, site_author_feed, 1, "/author/none/feed.xml", WEB_ERROR_NOT_FOUND);
  assert_redirect(paper, site_section_feed, 0, "/latest/atom.xml", "/atom.xml");
  assert_redirect(paper, site_feed, 0, "/feed.xml?x=1", "/feed.xml");
  paper_close(paper);
}

static void test_empty_feeds(void **state) {
  Paper *paper = paper_open();
  g_autofree char *feed = paper_page(paper, site_feed, 0, "/feed.xml");
  assert_int_equal(occurrences(feed, "<item>"), 0);
  g_autofree char *corrections =
      paper_page(paper, site_corrections_feed, 1, "/corrections/feed.json");
  assert_non_null(strstr(corrections, "\"items\":[]"));
  paper_close(paper);
}

static void test_sitemaps(void **state) {
  Paper *paper = paper_open();
  fill(paper);
  StoreTransaction *transaction = paper_write(paper);
  paper_add_story(transaction, 1, NOON, STORY_DRAFT, FALSE);
  paper_commit(paper, transaction);
  g_autofree char *index = paper_page(paper, site_sitemap_index, 0, "/sitemap.xml");
  assert_int_equal(occurrences(index, "<sitemap>"), 3);
  assert_non_null(strstr(index, "<loc>https://daily.example/sitemap-1.xml</loc>"));
  g_autofree char *stories = paper_page(paper, site_section, 0, "/sitemap-1.xml");
  assert_int_equal(occurrences(stories, "<url>"), 13);
  assert_non_null(strstr(stories, "<loc>https://daily.example/politics/bridge-opens-c-12</loc>"
                                  "<lastmod>2026-11-23T11:59:00Z</lastmod>"));
  g_autofree char *lists = paper_page(paper, site_sitemap_lists, 0, "/sitemap-lists.xml");
  assert_int_equal(occurrences(lists, "<url>"), 4 + 2 + 1 + 1);
  static const char *const WRONG[] = {"/sitemap-0.xml", "/sitemap-2.xml", "/sitemap-x.xml",
                                      "/sitemap-.xml", "/sitemap-99999999999.xml"};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    assert_error(paper, site_section, 0, WRONG[i], WEB_ERROR_NOT_FOUND);
  }
  assert_redirect(paper, site_section, 0, "/sitemap-01.xml", "/sitemap-1.xml");
  paper_close(paper);
}

static void test_news_sitemap_holds_two_days(void **state) {
  Paper *paper = paper_open();
  StoreTransaction *transaction = paper_write(paper);
  paper_add_story(transaction, 1, NOON - 3 * CLOCK_DAY, STORY_PUBLISHED, FALSE);
  paper_add_story(transaction, 1, NOON - CLOCK_DAY, STORY_PUBLISHED, FALSE);
  paper_add_story(transaction, 1, NOON, STORY_PUBLISHED, FALSE);
  paper_commit(paper, transaction);
  g_autoptr(Response) news = paper_ask(paper, site_sitemap_news, 0, "/sitemap-news.xml", NULL);
  assert_int_equal(occurrences(news->body->str, "<news:news>"), 2);
  assert_null(strstr(news->body->str, "-c-1<"));
  assert_true(news->expiry == NOON + CLOCK_DAY); // when story 2 gets too old
  paper->now = news->expiry + 1;
  g_autoptr(Response) later = paper_ask(paper, site_sitemap_news, 0, "/sitemap-news.xml", NULL);
  assert_int_equal(occurrences(later->body->str, "<news:news>"), 1);
  paper_close(paper);
}

static void test_site_is_read_once_a_revision(void **state) {
  Paper *paper = paper_open();
  GError *error = NULL;
  g_autoptr(StoreTransaction) read = store_begin_read(paper->store, &error);
  g_autoptr(Site) first = website_site(&paper->website, read, &error);
  g_autoptr(Site) again = website_site(&paper->website, read, &error);
  assert_ptr_equal(first, again);
  assert_string_equal(first->base_url, "https://daily.example");
  StoreTransaction *transaction = paper_write(paper);
  assert_true(site_rows_put_setting(transaction, "name", "The Evening Test", &error));
  paper_commit(paper, transaction);
  g_autoptr(StoreTransaction) later = store_begin_read(paper->store, &error);
  g_autoptr(Site) newer = website_site(&paper->website, later, &error);
  assert_string_equal(newer->name, "The Evening Test");
  // A transaction begun before still gives the paper as it was, and does not displace the newer
  // one.
  g_autoptr(Site) older = website_site(&paper->website, read, &error);
  assert_string_not_equal(older->name, "The Evening Test");
  assert_ptr_equal(paper->website.site, newer);
  g_clear_pointer(&read, store_rollback);
  g_clear_pointer(&later, store_rollback);
  paper_close(paper);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_list_has_its_feeds),
                                     cmocka_unit_test(test_feeds_that_are_not),
                                     cmocka_unit_test(test_empty_feeds),
                                     cmocka_unit_test(test_sitemaps),
                                     cmocka_unit_test(test_news_sitemap_holds_two_days),
                                     cmocka_unit_test(test_site_is_read_once_a_revision)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
