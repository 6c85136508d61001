// SPDX-License-Identifier: Apache-2.0
//
// What pictures say they are, from bytes written here. Does not cover: pixels.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "imaging/image_header.h"

#define JPEG_SMALL(marker) JPEG_FRAME(marker, "\0\x10", "\0\x20")
#define JPEG_START "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
#define JPEG_FRAME(marker, height, width)                                                          \
  "\xFF" marker "\0\x11\x08" height width "\3\1\x22\0\2\x11\1\3\x11\1"
#define JPEG_SCAN "\xFF\xDA\0\x0C\3\1\0\2\x11\3\x11\0\x3F\0pixels\xFF\0\xFF\xD0x"
#define JPEG_END "\xFF\xD9"
#define EXIF_6                                                                                     \
  "\xFF\xE1\0\x22"                                                                                 \
  "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
#define PNG_START "\x89PNG\r\n\x1a\n"
#define PNG_IHDR_10x20 "\0\0\0\x0DIHDR\0\0\0\x0A\0\0\0\x14\x08\6\0\0\0\xC3\x8A\xBA\xA4"
#define GIF_1 "GIF89a\x20\0\x10\0\x80\0\0abcdef"
#define GIF_FRAME ",\0\0\0\0\x20\0\x10\0\0\2\2\x44\1\0"

typedef struct Case {
  const char *name;
  Slice bytes;
  int code; // IMAGING_ERROR_*, -1 for none
  ImageFormat format;
  gint32 width, height;
  guint orientation;
  gboolean progressive, animated, alpha;
} Case;

static const Case CASES[] = {
    {"plain JPEG", SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC0", "\2\x58", "\3\x20") JPEG_SCAN), -1,
     FORMAT_JPEG, 800, 600, 1, 0, 0, 0},
    {"progressive JPEG", SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC2", "\2\x58", "\3\x20") JPEG_SCAN),
     -1, FORMAT_JPEG, 800, 600, 1, 1, 0, 0},
    {"turned JPEG",
     SLICE_LITERAL("\xFF\xD8" EXIF_6 JPEG_FRAME("\xC0", "\2\x58", "\3\x20") JPEG_SCAN), -1,
     FORMAT_JPEG, 600, 800, 6, 0, 0, 0},
    {"lossless JPEG", SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC3", "\2\x58", "\3\x20") JPEG_SCAN),
     IMAGING_ERROR_UNSUPPORTED, 0, 0, 0, 0, 0, 0, 0},
    {"JPEG of no height", SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC0", "\0\0", "\3\x20") JPEG_SCAN),
     IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"JPEG without frame", SLICE_LITERAL(JPEG_START JPEG_SCAN), IMAGING_ERROR_CORRUPT, 0, 0, 0, 0,
     0, 0, 0},
    {"JPEG cut short", SLICE_LITERAL(JPEG_START "\xFF\xC0\0\x11\x08\2"), IMAGING_ERROR_CORRUPT, 0,
     0, 0, 0, 0, 0, 0},
    {"JPEG bomb", SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC0", "\xFF\xFF", "\xFF\xFF") JPEG_SCAN),
     IMAGING_ERROR_TOO_LARGE, 0, 0, 0, 0, 0, 0, 0},
    {"progressive bomb",
     SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC2", "\x1F\x40", "\x1F\x40") JPEG_SCAN),
     IMAGING_ERROR_TOO_LARGE, 0, 0, 0, 0, 0, 0, 0},
    {"PNG header with a wrong sum",
     SLICE_LITERAL(PNG_START "\0\0\0\x0DIHDR\0\0\0\x0A\0\0\0\x14\x08\6\0\0\0\0\0\0\0"
                             "\0\0\0\0IDAT\0\0\0\0"),
     IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"GIF", SLICE_LITERAL(GIF_1 GIF_FRAME ";"), -1, FORMAT_GIF, 32, 16, 1, 0, 0, 0},
    {"animated GIF", SLICE_LITERAL(GIF_1 GIF_FRAME "!\xF9\4\1\0\0\0\0" GIF_FRAME ";"), -1,
     FORMAT_GIF, 32, 16, 1, 0, 1, 1},
    {"GIF without frames", SLICE_LITERAL(GIF_1 ";"), IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"GIF frame outside", SLICE_LITERAL(GIF_1 ",\1\0\0\0\x20\0\x10\0\0\2\2\x44\1\0;"),
     IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"WebP lossy", SLICE_LITERAL("RIFF\x16\0\0\0WEBPVP8 \x0A\0\0\0\x30\1\0\x9d\1\x2a\x40\1\xF0\0"),
     -1, FORMAT_WEBP, 320, 240, 1, 0, 0, 0},
    {"WebP lossless", SLICE_LITERAL("RIFF\x12\0\0\0WEBPVP8L\5\0\0\0\x2f\x3f\xC1\x3b\x10\0"), -1,
     FORMAT_WEBP, 320, 240, 1, 0, 0, 1},
    {"WebP whose canvas lies",
     SLICE_LITERAL("RIFF\x28\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x09\0\0\x09\0\0VP8 "
                   "\x0A\0\0\0\x30\1\0\x9d\1\x2a\x40\1\xF0\0"),
     IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"WebP without pixels",
     SLICE_LITERAL("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x09\0\0\x09\0\0"),
     IMAGING_ERROR_CORRUPT, 0, 0, 0, 0, 0, 0, 0},
    {"nothing", SLICE_LITERAL(""), IMAGING_ERROR_UNSUPPORTED, 0, 0, 0, 0, 0, 0, 0},
    {"SVG", SLICE_LITERAL("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), IMAGING_ERROR_UNSUPPORTED,
     0, 0, 0, 0, 0, 0, 0},
    {"TIFF", SLICE_LITERAL("II*\0\x08\0\0\0"), IMAGING_ERROR_UNSUPPORTED, 0, 0, 0, 0, 0, 0, 0},
    {"AVIF",
     SLICE_LITERAL("\0\0\0\x20"
                   "ftypavif\0\0\0\0"),
     IMAGING_ERROR_UNSUPPORTED, 0, 0, 0, 0, 0, 0, 0},
    {"PDF", SLICE_LITERAL("%PDF-1.4\n\xFF\xD8\xFF"), IMAGING_ERROR_UNSUPPORTED, 0, 0, 0, 0, 0, 0,
     0},
};

static void test_headers(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    const Case *row = &CASES[i];
    ImageHeader header = {0};
    g_autoptr(GError) error = NULL;
    gboolean read = image_header_read(row->bytes, &header, &error);
    if (read != (row->code < 0)) {
      fail_msg("%s: %s", row->name, read ? "was taken" : error->message);
    }
    if (!read) {
      if (error->code != row->code) {
        fail_msg("%s: %s", row->name, error->message);
      }
      continue;
    }
    if (header.format != row->format || header.width != row->width ||
        header.height != row->height || header.orientation != row->orientation ||
        header.progressive != row->progressive || header.animated != row->animated ||
        header.has_alpha != row->alpha) {
      fail_msg("%s: %dx%d, orientation %u, progressive %d, animated %d, alpha %d", row->name,
               header.width, header.height, header.orientation, header.progressive, header.animated,
               header.has_alpha);
    }
    image_header_clear(&header);
  }
}

static void test_every_truncation_and_flip(void **state) {
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    for (gsize length = 0; length < CASES[i].bytes.length; length++) {
      g_autofree char *copy =
          g_memdup2(CASES[i].bytes.data, length + 1); // exact: the sanitizer sees a step beyond
      ImageHeader header = {0};
      if (image_header_read((Slice){copy, length}, &header, NULL)) {
        image_header_clear(&header);
      }
      copy[length] = (char)~copy[length];
      if (image_header_read((Slice){copy, length + 1}, &header, NULL)) {
        image_header_clear(&header);
      }
      (void)image_header_check_end((Slice){copy, length + 1}, NULL);
    }
  }
}

static void test_ends(void **state) {
#define WHOLE_JPEG JPEG_START JPEG_SMALL("\xC0") JPEG_SCAN JPEG_END
#define WHOLE_GIF GIF_1 GIF_FRAME ";"
  static const struct {
    Slice bytes;
    gboolean good;
  } ENDS[] = {
      {SLICE_LITERAL(WHOLE_JPEG), TRUE},
      {SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC0", "\2\x58", "\3\x20") JPEG_SCAN JPEG_END),
       FALSE}, // too few bytes

      {SLICE_LITERAL(WHOLE_JPEG "\0\0\0"), TRUE},
      {SLICE_LITERAL(WHOLE_JPEG WHOLE_JPEG), TRUE}, // a camera's second picture
      {SLICE_LITERAL(WHOLE_JPEG "PK\3\4 an archive"), FALSE},
      {SLICE_LITERAL(WHOLE_JPEG "<script>"), FALSE},
      {SLICE_LITERAL(JPEG_START JPEG_FRAME("\xC0", "\2\x58", "\3\x20") JPEG_SCAN), FALSE},
      {SLICE_LITERAL(WHOLE_GIF), TRUE},
      {SLICE_LITERAL(WHOLE_GIF "/*"), FALSE},
      {SLICE_LITERAL(GIF_1 GIF_FRAME), FALSE},
      {SLICE_LITERAL(PNG_START "\0\0\0\0IEND\xAE\x42\x60\x82"), TRUE},
      {SLICE_LITERAL(PNG_START "\0\0\0\0IEND\xAE\x42\x60\x82PK"), FALSE},
      {SLICE_LITERAL("RIFF\x16\0\0\0WEBPVP8 \x0A\0\0\0\x30\1\0\x9d\1\x2a\x40\1\xF0"), FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
    if (image_header_check_end(ENDS[i].bytes, NULL) != ENDS[i].good) {
      fail_msg("end %d", (int)i);
    }
  }
}

static void test_notes(void **state) {
  static const char NOTED[] =
      "\xFF\xD8\xFF\xED\0\x42Photoshop 3.0\0"
      "8BIM\4\4\0\0\0\0\0\x26"
      "\x1c\2\x50\0\4J\xF6rg"
      "\x1c\2\x6e\0\6Agency"
      "\x1c\2\x78\0\7A\r\nboat"
      "\x1c\2\x74\0\1C"
      "\xFF\xE1\0\x65"
      "http://ns.adobe.com/xap/1.0/\0<x photoshop:Credit=\"later\" /><dc:rights><rdf:li>Not this "
      "one</rdf:li>" JPEG_FRAME("\xC0", "\0\1", "\0\1") JPEG_SCAN;
  ImageHeader header = {0};
  g_autoptr(GError) error = NULL;
  if (!image_header_read((Slice){NOTED, sizeof NOTED - 1}, &header, &error)) {
    fail_msg("%s", error->message);
  }
  assert_string_equal(header.creator, "J\xC3\xB6rg"); // Latin-1
  assert_string_equal(header.credit, "Agency");
  assert_string_equal(header.caption, "A boat");
  assert_string_equal(header.rights, "C");
  image_header_clear(&header);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_headers),
      cmocka_unit_test(test_every_truncation_and_flip),
      cmocka_unit_test(test_ends),
      cmocka_unit_test(test_notes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
