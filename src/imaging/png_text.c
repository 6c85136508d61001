// SPDX-License-Identifier: Apache-2.0
//
// Implements png_text.h: walks all chunks, also those behind the pixels, and unpacks into a buffer
// of fixed size, which is thrown away. Called by image_header.c on bytes that a stranger made.
#include "imaging/png_text.h"

#include <gio/gio.h>

#define BUFFER 16384

// How far into the chunk its compressed bytes begin; the chunk's length if it has none.
static gsize find_packed(Slice type, Slice body) {
  gssize keyword = slice_find_char(slice_range(body, 0, 80), '\0');
  if (keyword < 0) {
    return body.length;
  }
  gsize at = (gsize)keyword + 1;
  if (slice_equal_text(type, "zTXt") || slice_equal_text(type, "iCCP")) {
    return MIN(at + 1, body.length); // behind the method
  }
  // iTXt: flag, method, language, translated keyword, text
  if (!slice_equal_text(type, "iTXt") || at + 2 > body.length || body.data[at] != 1) {
    return body.length;
  }
  at += 2;
  for (guint i = 0; i < 2; i++) {
    gssize end = slice_find_char(slice_from(body, at), '\0');
    if (end < 0) {
      return body.length;
    }
    at += (gsize)end + 1;
  }
  return at;
}

static gsize count_unpacked(Slice packed, gsize most) {
  g_autoptr(GZlibDecompressor) zlib = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  char buffer[BUFFER];
  gsize all = 0;
  while (packed.length > 0 && all <= most) {
    gsize taken = 0;
    gsize given = 0;
    GConverterResult result =
        g_converter_convert(G_CONVERTER(zlib), packed.data, packed.length, buffer, sizeof buffer,
                            G_CONVERTER_NO_FLAGS, &taken, &given, NULL);
    if (result == G_CONVERTER_ERROR || (taken == 0 && given == 0)) {
      break;
    }
    all += given;
    packed = slice_from(packed, taken);
    if (result == G_CONVERTER_FINISHED) {
      break;
    }
  }
  return all;
}

static guint32 length_at(Slice bytes) {
  const guchar *four = (const guchar *)bytes.data;
  return (guint32)four[0] << 24 | (guint32)four[1] << 16 | (guint32)four[2] << 8 | four[3];
}

gboolean png_text_is_bounded(Slice bytes) {
  gsize all = 0;
  Slice rest = slice_from(bytes, 8);
  while (rest.length >= 12 && length_at(rest) <= rest.length - 12) {
    gsize length = length_at(rest);
    Slice body = slice_range(rest, 8, length);
    Slice packed = slice_from(body, find_packed(slice_range(rest, 4, 4), body));
    all += count_unpacked(packed, PNG_TEXT_LIMIT);
    if (all > PNG_TEXT_LIMIT) {
      return FALSE;
    }
    rest = slice_from(rest, 12 + length);
  }
  return TRUE;
}
