// SPDX-License-Identifier: Apache-2.0
//
// JSON-LD of a story with everything and of one with nothing, and of the newspaper; text that would
// end its <script>. That it parses as JSON is tested over HTTP in tests/system/site.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "press/structured_data.h"
#include "sample_story.h"

#define PICTURE "https://daily.example/images/7/" SAMPLE_HASH
#define PUBLISHER                                                                                  \
  "{\"@type\":\"NewsMediaOrganization\",\"@id\":\"https://daily.example/#organization\","          \
  "\"name\":\"The Daily \\u003cTest\\u003e\",\"legalName\":\"Daily \\u0026 Sons\","                \
  "\"url\":\"https://daily.example/\",\"logo\":{\"@type\":\"ImageObject\","                        \
  "\"url\":\"https://daily.example/logo.png\"},"                                                   \
  "\"correctionsPolicy\":\"https://daily.example/corrections\",\"email\":\"desk@daily.example\"}"

static void test_story_with_everything(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(Story) story = sample_story();
  g_autofree char *json = structured_data_story(site, story, "/logo.png");
  assert_string_equal(
      json,
      "{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\","
      "\"headline\":\"Bridge opens \\u0026 closes\","
      "\"description\":\"After \\u003cten\\u003e years, the bridge is open.\","
      "\"url\":\"https://daily.example/politics/bridge-opens-c-17\","
      "\"mainEntityOfPage\":{\"@type\":\"WebPage\",\"@id\":\"https://daily.example/politics/"
      "bridge-opens-c-17\","
      "\"breadcrumb\":{\"@type\":\"BreadcrumbList\",\"itemListElement\":["
      "{\"@type\":\"ListItem\",\"position\":1,\"name\":\"The Daily "
      "\\u003cTest\\u003e\",\"item\":\"https://daily.example/\"},"
      "{\"@type\":\"ListItem\",\"position\":2,\"name\":\"Politics\",\"item\":\"https://"
      "daily.example/politics\"},"
      "{\"@type\":\"ListItem\",\"position\":3,\"name\":\"Bridge opens \\u0026 closes\","
      "\"item\":\"https://daily.example/politics/bridge-opens-c-17\"}]}},"
      "\"image\":[\"" PICTURE "-16x9-x0y375w4000h2250.jpg?imwidth=1280\",\"" PICTURE
      "-4x3-x0y0w4000h3000.jpg?imwidth=1280\",\"" PICTURE
      "-1x1-x500y0w3000h3000.jpg?imwidth=1280\"],"
      "\"datePublished\":\"2026-11-23T10:30:00+01:00\",\"dateModified\":\"2026-11-23T12:30:00+01:"
      "00\","
      "\"author\":[{\"@type\":\"Person\",\"name\":\"Ada "
      "Okonkwo\",\"url\":\"https://daily.example/author/ada\","
      "\"jobTitle\":\"Political editor\"},"
      "{\"@type\":\"Person\",\"name\":\"Bo Li\",\"url\":\"https://daily.example/author/bo\"}],"
      "\"publisher\":" PUBLISHER ",\"articleSection\":\"Politics\",\"keywords\":[\"Bridges\"],"
      "\"inLanguage\":\"en\",\"isAccessibleForFree\":true,\"wordCount\":12,\"dateline\":"
      "\"CANBERRA\","
      "\"locationCreated\":{\"@type\":\"Place\",\"name\":\"CANBERRA\"},"
      "\"correction\":[{\"@type\":\"CorrectionComment\","
      "\"text\":\"The bridge was said to be 40 m long. It is 400 m long.\","
      "\"datePublished\":\"2026-11-23T12:30:00+01:00\"}]}");
}

static void test_bare_story(void **state) {
  g_autoptr(Site) site = site_new();
  g_autoptr(Story) story = story_new();
  story->id = 1;
  story->published_at = SAMPLE_TIME;
  sample_set(&story->slug, "x");
  GString *headline = g_string_new(NULL);
  for (int i = 0; i < 60; i++) {
    g_string_append(headline, "word ");
  }
  sample_set(&story->headline, headline->str);
  g_string_free(headline, TRUE);
  g_autofree char *json = structured_data_story(site, story, NULL);
  const char *start = strstr(json, "\"headline\":\"") + strlen("\"headline\":\"");
  g_autofree char *cut = g_strndup(start, (gsize)(strchr(start, '"') - start));
  assert_true(g_utf8_strlen(cut, -1) <= 110);
  assert_true(g_str_has_suffix(cut, "word…"));
  assert_non_null(strstr(json, "\"author\":[{\"@type\":\"NewsMediaOrganization\""));
  assert_null(strstr(json, "\"image\""));
  assert_null(strstr(json, "\"correction\""));
  assert_null(strstr(json, "\"keywords\""));
  assert_null(strstr(json, "\"description\""));
}

static void test_hostile_text_stays_inside_the_script(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autoptr(Story) story = sample_story();
  sample_set(&story->headline,
             "</script><script>alert(1)</script><!-- \x01 \xE2\x80\xA8 \"quoted\" \\");
  g_autofree char *json = structured_data_story(site, story, "/logo.png");
  assert_null(strchr(json, '<'));
  assert_null(strchr(json, '>'));
  assert_non_null(strstr(json, "\\u0001 \\u2028 \\\"quoted\\\" \\\\"));
}

static void test_newspaper(void **state) {
  g_autoptr(Site) site = sample_site();
  g_autofree char *json = structured_data_site(site, "/logo.png");
  assert_string_equal(
      json, "{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebSite\","
            "\"@id\":\"https://daily.example/#website\",\"name\":\"The Daily \\u003cTest\\u003e\","
            "\"url\":\"https://daily.example/\",\"inLanguage\":\"en\","
            "\"publisher\":{\"@id\":\"https://daily.example/#organization\"},"
            "\"potentialAction\":{\"@type\":\"SearchAction\",\"target\":{\"@type\":\"EntryPoint\","
            "\"urlTemplate\":\"https://daily.example/search?q={search_term_string}\"},"
            "\"query-input\":\"required name=search_term_string\"}}," PUBLISHER "]}");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_story_with_everything),
                                     cmocka_unit_test(test_bare_story),
                                     cmocka_unit_test(test_hostile_text_stays_inside_the_script),
                                     cmocka_unit_test(test_newspaper)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
