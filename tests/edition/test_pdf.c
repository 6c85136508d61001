// SPDX-License-Identifier: Apache-2.0
//
// The PDF writer by itself: the same calls give the same bytes, values are escaped, pictures are
// looked at before they are taken, and a theme's broken font is an error that names it.
// What a whole file holds is looked at by others' tools in tests/system/test_pdf.py.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <glib/gstdio.h>

#include "edition/edition.h"
#include "edition/paragraph.h"
#include "edition/pdf.h"
#include "edition/pdf_writer.h"

static gboolean contains(GBytes *bytes, const char *text) {
  gsize length = 0;
  const char *data = g_bytes_get_data(bytes, &length);
  return slice_find((Slice){data, length}, slice_of(text)) >= 0;
}

static GBytes *write_file(const char *title, const char *url) {
  g_autoptr(Typefaces) typefaces = typefaces_new(NULL, NULL);
  g_autoptr(Typesetter) typesetter = typesetter_new(typefaces);
  g_autoptr(Pdf) pdf = pdf_new(&(PdfInfo){.title = title, .language = "en", .made_at = 1000000});
  PdfPage *page = pdf_add_page(pdf, 300000, 400000, "1");
  g_autoptr(Paragraph) words = paragraph_new(typesetter, "en");
  TypeStyle style = {.family = FAMILY_TEXT, .size = 10000, .color = 0x336699};
  paragraph_add(words, slice_of("The office of efficient affairs"), &style, NULL);
  ParagraphShape shape = {.measure = 80000};
  g_autoptr(ParagraphLines) lines = paragraph_set(words, &shape, 0, 8000, 12000);
  PdfElement *link = pdf_add_element(pdf_add_element(pdf_root(pdf), PDF_P), PDF_LINK);
  pdf_begin(page, link);
  for (guint i = 0; i < lines->count; i++) {
    pdf_draw_runs(page, &lines->lines[i], 0, lines->lines[i].run_count, 20000, 20000);
  }
  pdf_end(page);
  pdf_link_to_url(page, link, 20000, 20000, 80000, 12000, url, "Words");
  pdf_begin_artifact(page, TRUE);
  pdf_draw_frame(page, 10000, 10000, 280000, 380000, 500, 0x000000);
  pdf_end(page);
  PdfOutline *outline = pdf_add_outline(pdf, NULL, "A ü (part)", 0, 0);
  pdf_add_outline(pdf, outline, "Below", 7, 0); // a page that never came: the last one
  g_autoptr(GError) error = NULL;
  GBytes *bytes = pdf_finish(pdf, &error);
  assert_non_null(bytes);
  return bytes;
}

static void test_same_bytes(void **state) {
  g_autoptr(GBytes) one = write_file("A title", "https://example.org/");
  g_autoptr(GBytes) two = write_file("A title", "https://example.org/");
  g_autoptr(GBytes) other = write_file("Another title", "https://example.org/");
  assert_true(g_bytes_equal(one, two));
  assert_false(g_bytes_equal(one, other));
  assert_true(contains(one, "%PDF-1.7"));
  assert_true(contains(one, "<pdfuaid:part>1</pdfuaid:part>"));
  assert_true(contains(one, "1970-01-01T00:00:01Z"));
}

static void test_escapes(void **state) {
  g_autoptr(GBytes) bytes = write_file("<b> & \"x\" ]]>", "https://example.org/a)(b\\ü\"<");
  assert_true(contains(bytes, "&lt;b&gt; &amp; &quot;x&quot; ]]&gt;"));
  g_autoptr(GString) out = g_string_new(NULL);
  pdf_write_text(out, "a(b)\\c\n");
  pdf_write_text(out, "ü😀");
  pdf_write_name(out, "A b/c#(");
  assert_string_equal(out->str, "(a\\(b\\)\\\\c\\012)<FEFF00FCD83DDE00>/A#20b#2Fc#23#28");
  g_string_truncate(out, 0);
  static const gint64 LENGTHS[] = {0, 1, -1, 1000, -1500, 12340, 999999, -10};
  for (guint i = 0; i < G_N_ELEMENTS(LENGTHS); i++) {
    pdf_write_length(out, LENGTHS[i]);
    g_string_append_c(out, ' ');
  }
  assert_string_equal(out->str, "0 0.001 -0.001 1 -1.5 12.34 999.999 -0.01 ");
}

typedef struct Picture {
  const char *name;
  const char *bytes;
  gsize length;
  gboolean good;
} Picture;

#define PICTURE(name, text, good)                                                                  \
  { name, text, sizeof(text) - 1, good }

static void test_pictures(void **state) {
  static const Picture PICTURES[] = {
      PICTURE("empty", "", FALSE),
      PICTURE("png", "\x89PNG\r\n\x1a\n0000000000000000", FALSE),
      PICTURE("grey", "\xff\xd8\xff\xc0\0\x0b\x08\0\x01\0\x02\x01\x01\x11\0", TRUE),
      PICTURE("rgb", "\xff\xd8\xff\xe0\0\x04zz\xff\xff\xc2\0\x11\x08\0\x10\0\x20\x03zzzzzzzzz",
              TRUE),
      PICTURE("cmyk", "\xff\xd8\xff\xc0\0\x14\x08\0\x10\0\x20\x04zzzzzzzzzzzz", FALSE),
      PICTURE("no height", "\xff\xd8\xff\xc0\0\x0b\x08\0\0\0\x02\x01\x01\x11\0", FALSE),
      PICTURE("cut", "\xff\xd8\xff\xe0\xff\xff", FALSE),
      PICTURE("twelve bits", "\xff\xd8\xff\xc0\0\x0b\x0c\0\x01\0\x02\x01\x01\x11\0", FALSE),
  };
  g_autoptr(Pdf) pdf = pdf_new(&(PdfInfo){.title = "x", .language = "en"});
  for (guint i = 0; i < G_N_ELEMENTS(PICTURES); i++) {
    g_autoptr(GBytes) bytes = g_bytes_new(PICTURES[i].bytes, PICTURES[i].length);
    g_autoptr(GError) error = NULL;
    PdfImage *image = pdf_add_jpeg(pdf, bytes, &error);
    assert_int_equal(image != NULL, PICTURES[i].good);
    assert_int_equal(error == NULL, PICTURES[i].good);
    if (image != NULL) {
      assert_ptr_equal(image, pdf_add_jpeg(pdf, bytes, NULL)); // kept once
    }
  }
}

// A theme whose key file or fonts are wrong is told where.
static void test_themes(void **state) {
  static const struct {
    const char *name, *text, *says;
  } THEMES[] = {
      {"typefaces.ini", "[text]\nregular = nosuch.ttf\n", "nosuch.ttf"},
      {"typefaces.ini", "[display]\nregular = newsreader-display.ttf\n", "[text]"},
      {"typefaces.ini", "[text]\nregular = ../../../etc/passwd\n", "may not lead out"},
      {"typefaces.ini", "no key file", "typefaces.ini"},
      {"typefaces.ini", "[text]\nregular = broken.ttf\n", "fonts/broken.ttf"},
  };
  g_autofree char *folder = g_dir_make_tmp("theme-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename(folder, "edition", NULL);
  g_autofree char *fonts = g_build_filename(inner, "fonts", NULL);
  g_autofree char *broken = g_build_filename(fonts, "broken.ttf", NULL);
  assert_int_equal(g_mkdir_with_parents(fonts, 0700), 0);
  assert_true(g_file_set_contents(broken, "this is no font", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(THEMES); i++) {
    g_autofree char *path = g_build_filename(inner, THEMES[i].name, NULL);
    assert_true(g_file_set_contents(path, THEMES[i].text, -1, NULL));
    g_autoptr(GError) error = NULL;
    assert_null(typefaces_new(folder, &error));
    assert_int_equal(error->domain, EDITION_ERROR);
    assert_non_null(strstr(error->message, THEMES[i].says));
    assert_int_equal(g_unlink(path), 0);
  }
  assert_int_equal(g_unlink(broken), 0);
  g_rmdir(fonts);
  g_rmdir(inner);
  g_rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_same_bytes),
      cmocka_unit_test(test_escapes),
      cmocka_unit_test(test_pictures),
      cmocka_unit_test(test_themes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
