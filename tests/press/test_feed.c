// SPDX-License-Identifier: Apache-2.0
//
// RSS, Atom and JSON Feed: golden text of one story with everything, hostile text, right-to-left,
// the feed of corrections, an empty feed. That parsers of XML and JSON take them is tested over
// HTTP in tests/system/site.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "press/feed.h"
#include "sample_story.h"

#define STORY "https://daily.example/politics/bridge-opens-c-17"
#define HERO "https://daily.example/images/7/" SAMPLE_HASH "-16x9-x0y375w4000h2250.jpg?imwidth=1280"
#define FIGURE "https://daily.example/images/7/" SAMPLE_HASH "-full-x0y0w4000h3000.jpg?imwidth=810"

static char *write_feed(Feed *feed, FeedFormat format, Site *site, GPtrArray *stories) {
  feed->site = site;
  feed->title = "Politics & more";
  feed->description = "";
  feed->page_path = "/politics";
  feed->feed_path = "/politics/feed.xml";
  feed->stories = stories;
  feed->updated_at = SAMPLE_TIME;
  feed->logo_path = "/logo.png";
  GString *out = g_string_new(NULL);
  feed_write(feed, format, out);
  return g_string_free(out, FALSE);
}

static char *feed_of(Story *story, FeedFormat format) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(GPtrArray) stories = g_ptr_array_new();
  if (story != NULL) {
    g_ptr_array_add(stories, story);
  }
  Feed feed = {0};
  return write_feed(&feed, format, site, stories);
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) {
    print_error("not found: %s\nin: %s\n", part, text);
    fail();
  }
}

static const char FULL_TEXT[] =
    "<div lang=\"en\" dir=\"ltr\"><p><em>After &lt;ten&gt; years, the bridge is open.</em></p>"
    "<p>The <em>bridge</em> is <a href=\"https://daily.example/politics\">open</a>.</p>\n"
    "<figure><img src=\"" FIGURE "\" alt=\"A &quot;bridge&quot;\" width=\"810\" height=\"608\">"
    "<figcaption>The bridge at dawn <small>Ada Lens</small></figcaption></figure>\n"
    "<p><strong>Correction</strong> <time "
    "datetime=\"2026-11-23T12:30:00+01:00\">2026-11-23</time></p>"
    "<p>The bridge was said to be 40 m long.</p><p>It is 400 m long.</p></div>";

static void test_rss(void **state) {
  g_autoptr(Story) story = sample_story();
  g_autofree char *rss = feed_of(story, FEED_RSS);
  g_autofree char *expected = g_strconcat(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
      " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
      " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
      "xmlns:media=\"http://search.yahoo.com/mrss/\">\n"
      "<channel><title>Politics &amp; more</title><link>https://daily.example/politics</link>"
      "<description>Politics &amp; more</description>"
      "<atom:link href=\"https://daily.example/politics/feed.xml\" rel=\"self\" "
      "type=\"application/rss+xml\"/>"
      "<language>en</language><lastBuildDate>Mon, 23 Nov 2026 09:30:00 +0000</lastBuildDate>"
      "<generator>Broadsheet " BROADSHEET_VERSION "</generator>"
      "<docs>https://www.rssboard.org/rss-specification</docs><ttl>30</ttl>"
      "<image><url>https://daily.example/logo.png</url><title>Politics &amp; more</title>"
      "<link>https://daily.example/politics</link></image>\n"
      "<item><title>Bridge opens &amp; closes</title><link>" STORY "</link>"
      "<guid isPermaLink=\"false\">tag:daily.example,2026-11-22:story/17</guid>"
      "<pubDate>Mon, 23 Nov 2026 09:30:00 +0000</pubDate>"
      "<dc:creator>Ada Okonkwo</dc:creator><dc:creator>Bo Li</dc:creator>"
      "<category>Politics</category><category>Bridges</category><dc:language>en</dc:language>"
      "<description>After &lt;ten&gt; years, the bridge is open.</description>"
      "<media:content url=\"" HERO
      "\" medium=\"image\" type=\"image/jpeg\" width=\"1280\" height=\"720\">"
      "<media:description>A &quot;bridge&quot;</media:description><media:credit>Ada "
      "Lens</media:credit>"
      "</media:content><content:encoded><![CDATA[",
      FULL_TEXT, "]]></content:encoded></item>\n</channel>\n</rss>\n", NULL);
  assert_string_equal(rss, expected);
}

static void test_atom(void **state) {
  g_autoptr(Story) story = sample_story();
  g_autofree char *atom = feed_of(story, FEED_ATOM);
  static const char *const PARTS[] = {
      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n"
      "<id>https://daily.example/politics/feed.xml</id><title>Politics &amp; more</title>"
      "<link rel=\"self\" type=\"application/atom+xml\" "
      "href=\"https://daily.example/politics/feed.xml\"/>"
      "<link rel=\"alternate\" type=\"text/html\" href=\"https://daily.example/politics\"/>"
      "<updated>2026-11-23T10:30:00+01:00</updated>",
      "<entry xml:lang=\"en\"><id>tag:daily.example,2026-11-22:story/17</id>"
      "<title>Bridge opens &amp; closes</title>",
      "<link rel=\"alternate\" type=\"text/html\" href=\"" STORY "\"/>"
      "<link rel=\"enclosure\" type=\"image/jpeg\" href=\"" HERO "\"/>"
      "<published>2026-11-23T10:30:00+01:00</published><updated>2026-11-23T12:30:00+01:00</updated>"
      "<author><name>Ada Okonkwo</name><uri>https://daily.example/author/ada</uri></author>",
      "<category term=\"Bridges\"/>",
      "<content type=\"html\">&lt;div lang=&quot;en&quot; "
      "dir=&quot;ltr&quot;&gt;&lt;p&gt;&lt;em&gt;After "
      "&amp;lt;ten&amp;gt; years"};
  for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
    assert_has(atom, PARTS[i]);
  }
}

static void test_json(void **state) {
  g_autoptr(Story) story = sample_story();
  g_autofree char *json = feed_of(story, FEED_JSON);
  static const char *const PARTS[] = {
      "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Politics \\u0026 more\","
      "\"home_page_url\":\"https://daily.example/politics\","
      "\"feed_url\":\"https://daily.example/politics/feed.xml\",\"icon\":\"https://daily.example/"
      "logo.png\",",
      "\"items\":[{\"id\":\"tag:daily.example,2026-11-22:story/17\",\"url\":\"" STORY "\","
      "\"title\":\"Bridge opens \\u0026 closes\"",
      "\"content_html\":\"\\u003cdiv lang=\\\"en\\\" dir=\\\"ltr\\\"\\u003e",
      "\"image\":\"" HERO "\",\"date_published\":\"2026-11-23T10:30:00+01:00\","
      "\"date_modified\":\"2026-11-23T12:30:00+01:00\",\"authors\":[{\"name\":\"Ada Okonkwo\","
      "\"url\":\"https://daily.example/author/ada\"},{\"name\":\"Bo Li\","
      "\"url\":\"https://daily.example/author/"
      "bo\"}],\"tags\":[\"Politics\",\"Bridges\"],\"language\":\"en\"}]}"};
  for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
    assert_has(json, PARTS[i]);
  }
}

static void test_hostile_text(void **state) {
  g_autoptr(Story) story = sample_story();
  sample_set(&story->headline, "]]> </title><script>x</script> \x01\x0b \xEF\xBF\xBF \"&'");
  sample_set(&story->body,
             "]]> <script>alert(1)</script>\n\n```\n]]>\x02\n```\n\n[x](javascript:alert(1))\n");
  for (FeedFormat format = FEED_RSS; format <= FEED_JSON; format++) {
    g_autofree char *text = feed_of(story, format);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "href=\"javascript:"));
    assert_null(strchr(text, 1));
    assert_null(strchr(text, 2));
    if (format != FEED_JSON) {
      assert_null(strstr(text, "\xEF\xBF\xBF"));
    }
  }
  g_autofree char *rss = feed_of(story, FEED_RSS);
  assert_has(rss, "<title>]]&gt; &lt;/title&gt;&lt;script&gt;x&lt;/script&gt; "
                  "\xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD ");
  const char *end = strstr(rss, "]]>"); // one section, ended once
  assert_non_null(end);
  assert_null(strstr(end + 3, "]]>"));
}

static void test_right_to_left(void **state) {
  g_autoptr(Story) story = sample_story();
  sample_set(&story->language, "ar");
  sample_set(&story->headline, "افتتاح الجسر");
  g_autofree char *rss = feed_of(story, FEED_RSS);
  assert_has(rss, "<dc:language>ar</dc:language>");
  assert_has(rss, "<div lang=\"ar\" dir=\"rtl\">");
  g_autofree char *atom = feed_of(story, FEED_ATOM);
  assert_has(atom, "<entry xml:lang=\"ar\">");
  g_autofree char *json = feed_of(story, FEED_JSON);
  assert_has(json, "\"language\":\"ar\"");
}

static void test_bare_and_unreadable_stories(void **state) {
  g_autoptr(Story) story = story_new();
  story->id = 1;
  sample_set(&story->headline, "Bare");
  sample_set(&story->slug, "bare");
  sample_set(&story->body, "First words of it.\n\nMore.");
  g_autofree char *rss = feed_of(story, FEED_RSS);
  assert_has(rss, "<link>https://daily.example/news/bare-c-1</link>");
  assert_has(rss, "<description>First words of it. More.</description>");
  assert_null(strstr(rss, "media:content "));
  assert_null(strstr(rss, "dc:creator>"));
  story->hero = sample_image();
  g_free(g_steal_pointer(&story->hero->hash)); // can't be had
  sample_set(&story->body, "Not UTF-8: \xff\n");
  g_autofree char *unreadable = feed_of(story, FEED_JSON);
  assert_null(strstr(unreadable, "\"image\""));
}

static void test_stories_id_outlives_headline_section_and_update(void **state) {
  g_autoptr(Story) story = sample_story();
  sample_set(&story->headline, "Another");
  sample_set(&story->slug, "another");
  sample_set(&story->section->slug, "world");
  story->published_at += 86400 * G_GINT64_CONSTANT(5000000);
  g_autofree char *rss = feed_of(story, FEED_RSS);
  assert_has(rss, "<guid isPermaLink=\"false\">tag:daily.example,2026-11-22:story/17</guid>");
}

static void test_corrections(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(Story) story = sample_story();
  g_autoptr(GPtrArray) corrections =
      g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  g_autoptr(GPtrArray) corrected = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  g_ptr_array_add(corrections, sample_correction());
  g_ptr_array_add(corrected, teaser_of(story));
  Feed feed = {
      .corrections = corrections, .corrected = corrected, .correction_word = "Berichtigung"};
  g_autofree char *rss = write_feed(&feed, FEED_RSS, site, NULL);
  assert_has(rss,
             "<item><title>Berichtigung: Bridge opens &amp; closes</title><link>" STORY "</link>"
             "<guid isPermaLink=\"false\">tag:daily.example,2026-11-23:correction/5</guid>"
             "<pubDate>Mon, 23 Nov 2026 11:30:00 +0000</pubDate>");
  assert_has(rss, "<p>The bridge was said to be 40 m long.</p><p>It is 400 m long.</p>");
}

static void test_empty_feed(void **state) {
  g_autofree char *rss = feed_of(NULL, FEED_RSS);
  assert_has(rss, "</image>\n</channel>\n</rss>\n");
  g_autofree char *json = feed_of(NULL, FEED_JSON);
  assert_has(json, "\"items\":[]}");
  assert_string_equal(feed_media_type(FEED_ATOM), "application/atom+xml; charset=utf-8");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rss),
      cmocka_unit_test(test_atom),
      cmocka_unit_test(test_json),
      cmocka_unit_test(test_hostile_text),
      cmocka_unit_test(test_right_to_left),
      cmocka_unit_test(test_bare_and_unreadable_stories),
      cmocka_unit_test(test_stories_id_outlives_headline_section_and_update),
      cmocka_unit_test(test_corrections),
      cmocka_unit_test(test_empty_feed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
