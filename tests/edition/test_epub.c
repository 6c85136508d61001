// SPDX-License-Identifier: Apache-2.0
//
// EPUBs: the same bytes twice, the order of entries that readers ask for, each story once, in the
// order of the sections. That they are valid is epubcheck's to say: tests/system/test_epub.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gio/gio.h>
#include <string.h>

#include "edition/epub.h"
#include "press/page.h"
#include "tests/edition/hostile.h"

typedef struct Fixture {
  Press *press;
} Fixture;

static GBytes *make(const Press *press, const EditionContent *content, const guint *pages,
                    GBytes *cover) {
  g_autoptr(GError) error = NULL;
  EpubJob job = {.content = content,
                 .locale = press_locale(press, content->site->language),
                 .style = "p { margin: 0 }",
                 .cover = cover,
                 .pages = pages,
                 .picture = hostile_picture};
  GBytes *epub = epub_make(&job, &error);
  if (epub == NULL) {
    fail_msg("%s", error->message);
  }
  return epub;
}

static guint32 number_at(Slice bytes, gsize at, guint width) {
  guint32 number = 0;
  for (guint i = 0; i < width; i++) {
    number |= (guint32)(guint8)bytes.data[at + i] << (8 * i);
  }
  return number;
}

// The entry's text by walking the local headers; NULL if there is none. `ret_index` may be NULL.
static char *entry(GBytes *epub, const char *wanted, guint *ret_index) {
  Slice bytes = slice_of_bytes(epub);
  gsize at = 0;
  for (guint index = 0; at + 30 < bytes.length && number_at(bytes, at, 4) == 0x04034b50; index++) {
    guint method = number_at(bytes, at + 8, 2);
    gsize packed = number_at(bytes, at + 18, 4);
    gsize plain = number_at(bytes, at + 22, 4);
    gsize name_length = number_at(bytes, at + 26, 2);
    assert_int_equal(number_at(bytes, at + 28, 2), 0);
    Slice name = slice_range(bytes, at + 30, name_length);
    Slice body = slice_range(bytes, at + 30 + name_length, packed);
    at += 30 + name_length + packed;
    if (!slice_equal_text(name, wanted)) {
      continue;
    }
    if (ret_index != NULL) {
      *ret_index = index;
    }
    if (method == 0) {
      return slice_dup(body);
    }
    g_autoptr(GZlibDecompressor) inflate = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW);
    char *text = g_malloc0(plain + 1);
    gsize read = 0, written = 0;
    assert_int_equal(g_converter_convert(G_CONVERTER(inflate), body.data, body.length, text,
                                         plain + 1, G_CONVERTER_INPUT_AT_END, &read, &written,
                                         NULL),
                     G_CONVERTER_FINISHED);
    assert_int_equal(written, plain);
    return text;
  }
  return NULL;
}

static void test_same_bytes(void **state) {
  g_autoptr(Press) press = press_new(NULL, NULL);
  for (guint i = 0; HOSTILE_EDITIONS[i].name != NULL; i++) {
    g_autoptr(EditionContent) first = HOSTILE_EDITIONS[i].make();
    g_autoptr(EditionContent) second = HOSTILE_EDITIONS[i].make();
    g_autoptr(GBytes) one = make(press, first, NULL, NULL);
    g_autoptr(GBytes) two = make(press, second, NULL, NULL);
    assert_true(g_bytes_equal(one, two));
    g_autofree char *type = entry(one, "mimetype", NULL);
    assert_string_equal(type, "application/epub+zip");
    assert_memory_equal((const char *)g_bytes_get_data(one, NULL) + 30,
                        "mimetypeapplication/epub+zip", 28); // first, and stored
  }
}

static guint count_of(const char *text, const char *words) {
  guint count = 0;
  for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words)) {
    count++;
  }
  return count;
}

static void test_each_story_once(void **state) {
  g_autoptr(Press) press = press_new(NULL, NULL);
  g_autoptr(EditionContent) content = HOSTILE_EDITIONS[5].make(); // many
  g_autofree guint *pages = g_new0(guint, content->stories->len);
  for (guint i = 0; i < content->stories->len; i++) {
    pages[i] = i < 6 ? 1 : 2 + i % 12;
  }
  g_autoptr(GBytes) epub = make(press, content, pages, NULL);
  g_autofree char *nav = entry(epub, "EPUB/nav.xhtml", NULL);
  g_autofree char *package = entry(epub, "EPUB/package.opf", NULL);
  g_autofree char *contents = g_strndup(nav, (gsize)(strstr(nav, "</nav>") - nav));
  for (guint i = 1; i <= content->stories->len; i++) {
    g_autofree char *name = g_strdup_printf("text/story-%u.xhtml", i);
    g_autofree char *link = g_strdup_printf("\"%s\"", name);
    g_autofree char *path = g_strdup_printf("EPUB/%s", name);
    assert_int_equal(count_of(contents, link), 1);
    assert_int_equal(count_of(package, link), 1);
    g_autofree char *text = entry(epub, path, NULL);
    assert_non_null(text);
  }
  // The front page's group first, then the sections in the newspaper's order, each once.
  const char *front = strstr(contents, "<span>Front page</span>");
  const char *politics = strstr(contents, "<span>Politics &amp; &lt;Power&gt;</span>");
  const char *sport = strstr(contents, "<span>Sport</span>");
  const char *culture = strstr(contents, "<span>Kultur</span>");
  assert_non_null(front);
  assert_true(front < politics && politics < sport && sport < culture);
  assert_int_equal(count_of(contents, "<span>"), 4);
  assert_non_null(strstr(nav, "epub:type=\"page-list\""));
  assert_non_null(strstr(package, "alternativeText") != NULL ? nav : package);
}

static void test_what_is_said(void **state) {
  g_autoptr(Press) press = press_new(NULL, NULL);
  g_autoptr(EditionContent) content = HOSTILE_EDITIONS[2].make(); // everything
  g_autoptr(GBytes) cover = hostile_picture(NULL, (CropRectangle){0}, 0, NULL, NULL);
  g_autoptr(GBytes) epub = make(press, content, NULL, cover);
  g_autofree char *package = entry(epub, "EPUB/package.opf", NULL);
  static const char *const WANTED[] = {"<dc:language>en-GB</dc:language>",
                                       "<dc:language>de</dc:language>",
                                       "properties=\"cover-image\"",
                                       "alternativeText",
                                       "EPUB Accessibility 1.1 - WCAG 2.1 Level AA",
                                       "2026-11-23T06:00:00Z",
                                       "<dc:date>2026-11-23</dc:date>",
                                       "urn:uuid:"};
  for (gsize i = 0; i < G_N_ELEMENTS(WANTED); i++) {
    if (strstr(package, WANTED[i]) == NULL) {
      fail_msg("missing in package.opf: %s\n%s", WANTED[i], package);
    }
  }
  assert_null(strstr(package, "page-list"));
  g_autofree char *story = entry(epub, "EPUB/text/story-1.xhtml", NULL);
  static const char *const TEXT[] = {"lang=\"en-GB\"",
                                     "<br/>",
                                     "<hr/>",
                                     "By Ada &amp; Bea and",
                                     "five &lt;5&gt;",
                                     "href=\"https://daily.example/politics/x-c-1\"",
                                     "CANBERRA</span> — First paragraph",
                                     "schemeless relative"};
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(TEXT); i++) {
    if (strstr(story, TEXT[i]) == NULL) {
      fail_msg("missing in the story: %s\n%s", TEXT[i], story);
    }
  }
  assert_null(strstr(story, "http://[bad")); // no URI: its words only
  assert_null(strstr(story, "<br>"));
  g_autofree char *second = entry(epub, "EPUB/text/story-2.xhtml", NULL);
  assert_non_null(strstr(second, "lang=\"de\""));
  g_autofree char *notes = entry(epub, "EPUB/text/corrections.xhtml", NULL);
  assert_non_null(strstr(notes, "Yesterday&#39;s &lt;story&gt;"));
}

static void test_undescribed(void **state) {
  g_autoptr(Press) press = press_new(NULL, NULL);
  g_autoptr(EditionContent) content = HOSTILE_EDITIONS[6].make();
  g_autoptr(GBytes) epub = make(press, content, NULL, NULL);
  g_autofree char *package = entry(epub, "EPUB/package.opf", NULL);
  assert_null(strstr(package, "alternativeText")); // not promised
  assert_null(strstr(package, "WCAG"));
  assert_non_null(strstr(package, "textual,visual"));
}

static void test_a_bad_story_is_named(void **state) {
  g_autoptr(Press) press = press_new(NULL, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(EditionContent) content = HOSTILE_EDITIONS[1].make();
  Story *story = ((EditionStory *)content->stories->pdata[0])->story;
  g_free(story->body);
  story->body = g_strdup("\xFF");
  EpubJob job = {.content = content, .locale = press_locale(press, "en"), .style = ""};
  assert_null(epub_make(&job, &error));
  assert_true(g_error_matches(error, EDITION_ERROR, EDITION_ERROR_CONTENT));
  assert_non_null(strstr(error->message, "story 1"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_bytes),           cmocka_unit_test(test_each_story_once),
      cmocka_unit_test(test_what_is_said),         cmocka_unit_test(test_undescribed),
      cmocka_unit_test(test_a_bad_story_is_named),
  };
  return cmocka_run_group_tests_name("edition/epub", tests, NULL, NULL);
}
