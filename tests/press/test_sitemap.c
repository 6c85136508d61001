// SPDX-License-Identifier: Apache-2.0
//
// Sitemaps, their index and Google News's, as golden text, with hostile headlines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "press/feed.h"
#include "sample_story.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define SPACE "http://www.sitemaps.org/schemas/sitemap/0.9"

static void test_sitemaps(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(GString) out = g_string_new(NULL);
  const SitemapLine lines[] = {{"/politics", 0}, {"/politics/a&b-c-1", SAMPLE_TIME}};
  sitemap_write(out, site, lines, 2);
  assert_string_equal(out->str,
                      HEAD "<urlset xmlns=\"" SPACE "\">\n"
                           "<url><loc>https://daily.example/politics</loc></url>\n"
                           "<url><loc>https://daily.example/politics/a&amp;b-c-1</loc>"
                           "<lastmod>2026-11-23T10:30:00+01:00</lastmod></url>\n</urlset>\n");
  g_string_truncate(out, 0);
  const SitemapLine parts[] = {{"/sitemap-1.xml", 0}};
  sitemap_write_index(out, site, parts, 1);
  assert_string_equal(out->str,
                      HEAD "<sitemapindex xmlns=\"" SPACE "\">\n<sitemap><loc>https://daily.example"
                           "/sitemap-1.xml</loc></sitemap>\n</sitemapindex>\n");
}

static void test_news(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(GString) out = g_string_new(NULL);
  const NewsSitemapLine lines[] = {
      {"/politics/a-c-1", "A <b> \x02 \xEF\xBF\xBE", "de-CH", SAMPLE_TIME},
      {"/world/b-c-2", "B", "zh-Hant", SAMPLE_TIME},
      {"/world/c-c-3", "C", "", SAMPLE_TIME}};
  sitemap_write_news(out, site, lines, 3);
  static const char PUBLICATION[] =
      "<news:news><news:publication><news:name>The Daily &lt;Test&gt;</news:name>";
  g_autofree char *expected = g_strdup_printf(
      HEAD
      "<urlset xmlns=\"" SPACE "\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n"
      "<url><loc>https://daily.example/politics/a-c-1</loc>%s<news:language>de</news:language>"
      "</news:publication><news:publication_date>2026-11-23T10:30:00+01:00</news:publication_date>"
      "<news:title>A &lt;b&gt; \xEF\xBF\xBD \xEF\xBF\xBD</news:title></news:news></url>\n"
      "<url><loc>https://daily.example/world/b-c-2</loc>%s<news:language>zh-tw</news:language>"
      "</news:publication><news:publication_date>2026-11-23T10:30:00+01:00</news:publication_date>"
      "<news:title>B</news:title></news:news></url>\n"
      "<url><loc>https://daily.example/world/c-c-3</loc>%s<news:language>en</news:language>"
      "</news:publication><news:publication_date>2026-11-23T10:30:00+01:00</news:publication_date>"
      "<news:title>C</news:title></news:news></url>\n</urlset>\n",
      PUBLICATION, PUBLICATION, PUBLICATION);
  assert_string_equal(out->str, expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sitemaps), cmocka_unit_test(test_news)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
