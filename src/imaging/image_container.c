// SPDX-License-Identifier: Apache-2.0
//
// Implements image_container.h: JPEG APP1 (XMP part 3, 1.1.3), WebP VP8X and "XMP " (RFC
// 9649, 2.7). libvips 8.14 keeps all metadata or none, and adds EXIF of its own: so it keeps none.
#include "imaging/image_container.h"

#include <string.h>

#include "base/slice.h"

static void append_number(GByteArray *out, guint32 number, guint size, gboolean big) {
  for (guint i = 0; i < size; i++) {
    guint8 byte = (guint8)(number >> 8 * (big ? size - 1 - i : i));
    g_byte_array_append(out, &byte, 1);
  }
}

static void append_slice(GByteArray *out, Slice bytes) {
  g_byte_array_append(out, (const guint8 *)bytes.data, (guint)bytes.length);
}

static GBytes *jpeg_add_xmp(Slice file, Slice packet) {
  static const Slice NAME = SLICE_LITERAL("http://ns.adobe.com/xap/1.0/\0");
  if (packet.length + NAME.length + 2 > 65535 || !slice_starts_with(file, "\xFF\xD8")) {
    return NULL;
  }
  gsize cut = 2;
  if (file.length > 20 &&
      slice_starts_with(slice_from(file, 2), "\xFF\xE0")) { // JFIF's segment stays first
    cut += 2 + ((gsize)(guchar)file.data[4] << 8 | (guchar)file.data[5]);
  }
  GByteArray *out = g_byte_array_new();
  append_slice(out, slice_range(file, 0, cut));
  append_number(out, 0xFFE1, 2, TRUE);
  append_number(out, (guint32)(packet.length + NAME.length + 2), 2, TRUE);
  append_slice(out, NAME);
  append_slice(out, packet);
  append_slice(out, slice_from(file, cut));
  return g_byte_array_free_to_bytes(out);
}

static gboolean webp_read_size(Slice chunk, guint32 *ret_width, guint32 *ret_height,
                               gboolean *ret_alpha) {
  const guchar *at = (const guchar *)chunk.data;
  if (slice_starts_with(chunk, "VP8 ") && chunk.length >= 18) {
    *ret_width = ((guint32)at[14] | (guint32)at[15] << 8) & 0x3FFF;
    *ret_height = ((guint32)at[16] | (guint32)at[17] << 8) & 0x3FFF;
    *ret_alpha = FALSE;
    return TRUE;
  }
  if (slice_starts_with(chunk, "VP8L") && chunk.length >= 13) {
    guint32 bits =
        (guint32)at[9] | (guint32)at[10] << 8 | (guint32)at[11] << 16 | (guint32)at[12] << 24;
    *ret_width = (bits & 0x3FFF) + 1;
    *ret_height = (bits >> 14 & 0x3FFF) + 1;
    *ret_alpha = (bits >> 28 & 1) != 0;
    return TRUE;
  }
  return FALSE;
}

static GBytes *webp_add_xmp(Slice file, Slice packet) {
  static const guint8 PAD = 0;
  Slice chunks = slice_from(file, 12);
  guint32 width = 0;
  guint32 height = 0;
  gboolean alpha = FALSE;
  GByteArray *out = g_byte_array_new();
  append_slice(out, slice_range(file, 0, 12));
  if (slice_starts_with(chunks, "VP8X") && chunks.length > 18) {
    append_slice(out, chunks);
    out->data[20] |= 0x04;
  } else if (webp_read_size(chunks, &width, &height, &alpha)) {
    append_slice(out, SLICE_LITERAL("VP8X"));
    append_number(out, 10, 4, FALSE);
    append_number(out, 0x04 | (alpha ? 0x10 : 0), 4, FALSE);
    append_number(out, width - 1, 3, FALSE);
    append_number(out, height - 1, 3, FALSE);
    append_slice(out, chunks);
  } else {
    g_byte_array_unref(out);
    return NULL;
  }
  append_slice(out, SLICE_LITERAL("XMP "));
  append_number(out, (guint32)packet.length, 4, FALSE);
  append_slice(out, packet);
  if ((packet.length & 1) != 0) {
    g_byte_array_append(out, &PAD, 1);
  }
  guint32 size = GUINT32_TO_LE(out->len - 8);
  memcpy(out->data + 4, &size, sizeof size);
  return g_byte_array_free_to_bytes(out);
}

GBytes *image_container_add_xmp(GBytes *file, ImageFormat format, const char *packet) {
  GBytes *out = NULL;
  if (format == FORMAT_JPEG) {
    out = jpeg_add_xmp(slice_of_bytes(file), slice_of(packet));
  } else if (format == FORMAT_WEBP && g_bytes_get_size(file) > 12) {
    out = webp_add_xmp(slice_of_bytes(file), slice_of(packet));
  }
  return out != NULL ? out : g_bytes_ref(file);
}
