// SPDX-License-Identifier: Apache-2.0
//
// Every kind of page: what must stand on it, what must never (markup out of a headline,
// a picture that isn't there), and that no amount of stories breaks it. Looks are tested in
// tests/browser.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "press/press.h"
#include "sample_story.h"

static Press *press;
static Site *site;

static int open_press(void **state) {
  g_autoptr(GError) error = NULL;
  press = press_new(NULL, &error);
  if (press == NULL) {
    print_error("%s\n", error->message);
    return 1;
  }
  site = sample_site();
  g_ptr_array_add(site->sections, sample_section());
  return 0;
}

static int close_press(void **state) {
  press_free(press);
  site_unref(site);
  return 0;
}

static PageContext context_of(const char *path) {
  return (PageContext){
      .site = site, .now = SAMPLE_TIME + G_GINT64_CONSTANT(3600000000), .path = path};
}

static void assert_has(const GString *page, const char *text) {
  if (strstr(page->str, text) == NULL) {
    fail_msg("“%s” is missing in:\n%s", text, page->str);
  }
}

static void assert_lacks(const GString *page, const char *text) {
  if (strstr(page->str, text) != NULL) {
    fail_msg("“%s” stands in:\n%s", text, page->str);
  }
}

// Neither a template's tag nor a word's name nor a style may be left over in a page.
static void assert_clean(const GString *page) {
  assert_lacks(page, " }}");
  assert_lacks(page, "{{");
  assert_lacks(page, "style=\"");
  assert_lacks(page, "error_");
}

static Teaser *teaser_numbered(guint number, gboolean with_picture) {
  g_autoptr(Story) story = sample_story();
  Teaser *teaser = teaser_of(story);
  teaser->id = 1000 + number;
  if (!with_picture) {
    g_clear_pointer(&teaser->hero, image_free);
  }
  return teaser;
}

static GPtrArray *teasers(guint count, gboolean with_picture) {
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  for (guint i = 0; i < count; i++) {
    g_ptr_array_add(list, teaser_numbered(i, with_picture));
  }
  return list;
}

static Front *front_of(guint count, gboolean with_picture) {
  Front *front = g_new0(Front, 1);
  front->slots = g_ptr_array_new_with_free_func((GDestroyNotify)front_slot_free);
  for (guint i = 0; i < count; i++) {
    FrontSlot *slot = g_new0(FrontSlot, 1);
    slot->weight = i == 0 ? WEIGHT_LEAD : i < 7 ? WEIGHT_SECOND : WEIGHT_BRIEF;
    slot->story = teaser_numbered(i, with_picture);
    g_ptr_array_add(front->slots, slot);
  }
  return front;
}

static GString *render_front(guint count, gboolean with_picture) {
  g_autoptr(Front) front = front_of(count, with_picture);
  g_autoptr(GPtrArray) latest = teasers(MIN(count, 10), FALSE);
  g_autoptr(GError) error = NULL;
  FrontPage page = {.context = context_of("/"), .front = front, .latest = latest};
  GString *out = g_string_new(NULL);
  if (!page_front(press, &page, out, &error)) {
    fail_msg("%s", error->message);
  }
  return out;
}

static void free_page(GString *page) {
  g_string_free(page, TRUE);
}

static void test_front(void **state) {
  static const guint COUNTS[] = {0, 1, 2, 5, 64};
  for (gsize i = 0; i < G_N_ELEMENTS(COUNTS); i++) {
    for (int picture = 0; picture < 2; picture++) {
      GString *page = render_front(COUNTS[i], picture);
      assert_has(page, "<html lang=\"en\" dir=\"ltr\">");
      assert_has(page, "<link rel=\"canonical\" href=\"https://daily.example/\">");
      assert_has(page, "Monday, 23 November 2026");
      assert_has(page, "The Daily &lt;Test&gt;");
      assert_clean(page);
      assert_true(page->len < 90 * 1024);
      if (COUNTS[i] == 0) {
        assert_has(page, "The first stories are being written");
      } else {
        assert_has(page, "/politics/bridge-opens-c-1000\"");
      }
      if (!picture) {
        assert_lacks(page, "/images/");
      }
      free_page(page);
    }
  }
}

static void test_front_pictures(void **state) {
  GString *page = render_front(9, TRUE);
  assert_has(page, "fetchpriority=\"high\"");
  assert_has(page, "/images/7/" SAMPLE_HASH "-3x2-x0y167w4000h2666.jpg?imwidth=960");
  assert_has(page, "loading=\"lazy\"");
  assert_has(page, "alt=\"A &quot;bridge&quot;\"");
  assert_lacks(page, "imwidth=2560"); // no slot is that wide
  free_page(page);
}

// A small picture is never offered larger than it is.
static void test_small_picture(void **state) {
  g_autoptr(Story) story = sample_story();
  story->hero->width = 700;
  story->hero->height = 500;
  g_autoptr(Front) front = front_of(1, TRUE);
  FrontSlot *slot = front->slots->pdata[0];
  teaser_free(slot->story);
  slot->story = teaser_of(story);
  FrontPage page = {.context = context_of("/"), .front = front};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_front(press, &page, out, NULL));
  assert_has(out, "imwidth=640");
  assert_lacks(out, "imwidth=810");
  assert_lacks(out, "imwidth=960");
}

static void render_story(const Story *story, gboolean printable, GString *out) {
  g_autoptr(GPtrArray) related = teasers(3, TRUE);
  StoryPage page = {.context = context_of("/politics/bridge-opens-c-17"),
                    .story = story,
                    .related = related,
                    .structured_data = "{\"@type\":\"NewsArticle\"}",
                    .printable = printable};
  g_autoptr(GError) error = NULL;
  if (!page_story(press, &page, out, &error)) {
    fail_msg("%s", error->message);
  }
}

static void test_story(void **state) {
  g_autoptr(Story) story = sample_story();
  g_autoptr(GString) out = g_string_new(NULL);
  render_story(story, FALSE, out);
  static const char *const TEXTS[] = {
      "Bridge opens &amp; closes</h1>",
      "After &lt;ten&gt; years",
      "<p><span class=\"dateline\">CANBERRA</span> — The <em>bridge</em>",
      "href=\"/author/ada\" rel=\"author\">Ada Okonkwo</a>",
      "</a> and <a href=\"/author/bo\"",
      "datetime=\"2026-11-23T10:30:00+01:00\"",
      "{\"@type\":\"NewsArticle\"}",
      "href=\"#corrections\"",
      "id=\"corrections\"",
      "It is 400 m long.",
      "href=\"/topic/bridges\" rel=\"tag\"",
      "property=\"og:type\" content=\"article\"",
      "property=\"article:published_time\"",
      "-16x9-x0y",
      "href=\"mailto:?subject=Bridge%20opens%20%26%20closes&amp;body=https%3A%2F%2Fdaily.example",
      "?print=1",
      "aria-current=\"true\">Politics",
      "<figure>",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
    assert_has(out, TEXTS[i]);
  }
  assert_lacks(out, "<script>");
  assert_clean(out);
}

static void test_story_variants(void **state) {
  g_autoptr(Story) story = sample_story();
  sample_set(&story->language, "ar");
  sample_set(&story->body, "![x](image:" SAMPLE_HASH ")\n\nText.\n\n![gone](image:none)\n");
  g_clear_pointer(&story->section, section_free);
  g_ptr_array_set_size(story->corrections, 0);
  g_autoptr(GString) out = g_string_new(NULL);
  render_story(story, FALSE, out);
  assert_has(out, "<article class=\"story wrap\" lang=\"ar\" dir=\"rtl\">");
  assert_lacks(out, "id=\"corrections\"");
  assert_lacks(out, "gone");
  assert_lacks(out, "<figure>"); // the hero, told again at the head of the body
  g_string_truncate(out, 0);
  g_clear_pointer(&story->hero->hash, g_free);
  render_story(story, TRUE, out);
  assert_has(out, "page--print");
  assert_has(out, "noindex");
  assert_has(out, "<figure>");
}

static void render_listing(guint page_number, guint page_count, GString *out) {
  g_autoptr(GPtrArray) stories = teasers(3, TRUE);
  ListingPage page = {.context = context_of("/politics"),
                      .listing = {LISTING_SECTION, 3},
                      .section = site->sections->pdata[0],
                      .stories = stories,
                      .page = page_number,
                      .page_count = page_count,
                      .total = 30000};
  assert_true(page_listing(press, &page, out, NULL));
}

static void test_pager(void **state) {
  g_autoptr(GString) out = g_string_new(NULL);
  render_listing(1, 1, out);
  assert_lacks(out, "class=\"pager\"");
  g_string_truncate(out, 0);
  render_listing(5000, 10000, out);
  assert_has(out, "<link rel=\"prev\" href=\"https://daily.example/politics?page=4999\">");
  assert_has(out, "<link rel=\"next\" href=\"https://daily.example/politics?page=5001\">");
  assert_has(out, "<link rel=\"canonical\" href=\"https://daily.example/politics?page=5000\">");
  assert_has(out, "href=\"/politics?page=10000\"");
  assert_has(out, "aria-current=\"page\">5,000<");
  assert_has(out, "5,000 of 10,000");
  assert_lacks(out, "href=\"/politics?page=4997\"");
  g_string_truncate(out, 0);
  render_listing(10000, 10000, out);
  assert_lacks(out, "rel=\"next\"");
}

static void test_author(void **state) {
  g_autoptr(Story) story = sample_story();
  Byline *byline = story->bylines->pdata[0];
  sample_set(&byline->author->bio, "Knows *everyone*. <script>alert(1)</script>");
  byline->author->portrait = sample_image();
  ListingPage page = {.context = context_of("/author/ada"),
                      .listing = {LISTING_AUTHOR, 1},
                      .author = byline->author,
                      .page = 1,
                      .page_count = 1};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_listing(press, &page, out, NULL));
  assert_has(out, "Knows <em>everyone</em>.");
  assert_has(out, "-1x1-");
  assert_has(out, "There are no stories here yet.");
  assert_lacks(out, "<script>");
}

static void test_search(void **state) {
  g_autoptr(GPtrArray) stories = teasers(2, FALSE);
  SearchPage page = {.context = context_of("/search?q=x"),
                     .words = "\"><b>x & y",
                     .stories = stories,
                     .page = 1,
                     .page_count = 3,
                     .total = 1234};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_search(press, &page, out, NULL));
  assert_has(out, "value=\"&quot;&gt;&lt;b&gt;x &amp; y\"");
  assert_has(out, "1,234 stories found");
  assert_has(out, "/search?q=%22%3E%3Cb%3Ex%20%26%20y&amp;page=2");
  assert_lacks(out, "<b>");
  page = (SearchPage){.context = context_of("/search"), .words = ""};
  g_string_truncate(out, 0);
  assert_true(page_search(press, &page, out, NULL));
  assert_lacks(out, "Nothing was found");
}

static void test_corrections(void **state) {
  g_autoptr(Story) story = sample_story();
  g_autoptr(GPtrArray) stories = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  g_ptr_array_add(stories, teaser_of(story));
  CorrectionsPage page = {.context = context_of("/corrections"),
                          .corrections = story->corrections,
                          .stories = stories,
                          .page = 1,
                          .page_count = 1};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_corrections(press, &page, out, NULL));
  assert_has(out, "It is 400 m long.");
  assert_has(out, "/politics/bridge-opens-c-17#corrections");
}

static void test_archive(void **state) {
  DayCount counts[] = {{20261123, 4}, {20261101, 1}, {20251231, 2}};
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(DayCount));
  g_array_append_vals(days, counts, G_N_ELEMENTS(counts));
  ArchivePage page = {.context = context_of("/archive"), .days = days};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_archive(press, &page, out, NULL));
  assert_has(out,
             "href=\"/archive/2026/11\"><span>November 2026</span> <span class=\"meta\">5 stories");
  assert_has(out, "href=\"/archive/2025/12\"");
  page.year = 2026;
  page.month = 11;
  g_string_truncate(out, 0);
  assert_true(page_archive(press, &page, out, NULL));
  assert_has(out, "href=\"/archive/2026/11/23\" aria-label=\"23: 4 stories\"");
  assert_lacks(out, "/archive/2026/11/22");
  page.day = 23;
  g_autoptr(GPtrArray) stories = teasers(2, TRUE);
  page.stories = stories;
  g_string_truncate(out, 0);
  assert_true(page_archive(press, &page, out, NULL));
  assert_has(out, "Monday, 23 November 2026</h1>");
}

static void test_messages(void **state) {
  static const guint STATUSES[] = {400, 404, 410, 413, 429, 500, 503, 418};
  for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    MessagePage page = {.context = context_of("/nowhere"), .status = STATUSES[i]};
    g_autoptr(GString) out = g_string_new(NULL);
    assert_true(page_message(press, &page, out, NULL));
    assert_clean(out);
    assert_has(out, "noindex");
  }
}

static void test_assets(void **state) {
  g_autofree char *address = press_asset_address(press, "site.css");
  assert_true(g_str_has_prefix(address, "/assets/"));
  const char *type = NULL;
  GBytes *sheet = press_asset(press, address + strlen("/assets/"), &type);
  assert_non_null(sheet);
  assert_string_equal(type, "text/css; charset=utf-8");
  assert_true(g_bytes_get_size(sheet) < 40 * 1024);
  g_autofree char *font = press_asset_address(press, "fonts/newsreader-latin.woff2");
  g_autofree char *text = slice_dup(slice_of_bytes(sheet));
  assert_non_null(strstr(text, font));
  assert_non_null(press_asset(press, font + strlen("/assets/"), &type));
  assert_string_equal(type, "font/woff2");
  assert_null(press_asset(press, "0123456789ab/site.css", &type));
  assert_null(press_asset(press, "site.css", &type));
  assert_null(press_asset_address(press, "nothing.css"));
}

static void write_theme_file(const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
  assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void test_theme_folder(void **state) {
  g_autofree char *folder = g_dir_make_tmp("theme-XXXXXX", NULL);
  write_theme_file(folder, "site/footer.mustache", "<footer>Ours</footer>\n");
  g_autoptr(Press) own = press_new(folder, NULL);
  assert_non_null(own);
  MessagePage page = {.context = context_of("/nowhere"), .status = 404};
  g_autoptr(GString) out = g_string_new(NULL);
  assert_true(page_message(own, &page, out, NULL));
  assert_has(out, "<footer>Ours</footer>");
  write_theme_file(folder, "site/footer.mustache", "one\n{{#open}}\n");
  g_autoptr(GError) error = NULL;
  assert_null(press_new(folder, &error));
  assert_non_null(strstr(error->message, "footer"));
  g_autofree char *file = g_build_filename(folder, "site/footer.mustache", NULL);
  g_autofree char *inner = g_build_filename(folder, "site", NULL);
  g_remove(file);
  g_rmdir(inner);
  g_rmdir(folder);
  g_clear_error(&error);
  assert_null(press_new(folder, &error)); // there is no such folder any more
  assert_non_null(strstr(error->message, folder));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_front),          cmocka_unit_test(test_front_pictures),
      cmocka_unit_test(test_small_picture),  cmocka_unit_test(test_story),
      cmocka_unit_test(test_story_variants), cmocka_unit_test(test_pager),
      cmocka_unit_test(test_author),         cmocka_unit_test(test_search),
      cmocka_unit_test(test_corrections),    cmocka_unit_test(test_archive),
      cmocka_unit_test(test_messages),       cmocka_unit_test(test_assets),
      cmocka_unit_test(test_theme_folder),
  };
  return cmocka_run_group_tests(tests, open_press, close_press);
}
