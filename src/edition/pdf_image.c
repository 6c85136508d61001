// SPDX-License-Identifier: Apache-2.0
//
// Pictures in a PDF (pdf.h): a JPEG's bytes as they are, after a look at its frame header (ITU-T
// T.81, B.2.2) for size and components. Whatever is no JPEG of grey or RGB is refused.
#include "edition/edition.h"
#include "edition/pdf_parts.h"

#define HASHED_BYTES 1024

typedef struct Frame {
  guint width, height, components, bits;
} Frame;

static gboolean is_frame(guint8 marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static gboolean read_frame(const guint8 *data, gsize length, Frame *ret_frame) {
  gsize at = 2;
  if (length < 4 || data[0] != 0xff || data[1] != 0xd8) {
    return FALSE;
  }
  while (at + 9 < length) {
    if (data[at] != 0xff) {
      return FALSE;
    }
    guint8 marker = data[at + 1];
    if (marker == 0xff || marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += marker == 0xff ? 1 : 2;
      continue;
    }
    gsize size = (gsize)data[at + 2] << 8 | data[at + 3];
    if (is_frame(marker)) {
      ret_frame->bits = data[at + 4];
      ret_frame->height = (guint)data[at + 5] << 8 | data[at + 6];
      ret_frame->width = (guint)data[at + 7] << 8 | data[at + 8];
      ret_frame->components = data[at + 9];
      return ret_frame->width > 0 && ret_frame->height > 0;
    }
    at += 2 + size;
  }
  return FALSE;
}

void pdf_image_free(gpointer data) {
  PdfImage *image = data;
  g_bytes_unref(image->jpeg);
  g_free(image);
}

// Of the last bytes: the same picture cut otherwise differs there, and equality looks at them all.
guint pdf_image_hash(gconstpointer data) {
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data((GBytes *)data, &length);
  guint hash = (guint)length;
  for (gsize i = length > HASHED_BYTES ? length - HASHED_BYTES : 0; i < length; i++) {
    hash = hash * 33 + bytes[i];
  }
  return hash;
}

PdfImage *pdf_add_jpeg(Pdf *pdf, GBytes *jpeg, GError **error) {
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(jpeg, &length);
  Frame frame = {0};
  if (!read_frame(data, length, &frame) || frame.bits != 8 ||
      (frame.components != 1 && frame.components != 3)) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_CONTENT,
                "a picture of the edition is no JPEG of grey or RGB (%" G_GSIZE_FORMAT
                " bytes, %u components); save it anew as an sRGB JPEG",
                length, frame.components);
    return NULL;
  }
  PdfImage *image = g_hash_table_lookup(pdf->by_bytes, jpeg);
  if (image != NULL) {
    return image;
  }
  image = g_new0(PdfImage, 1);
  image->number = pdf->images->len + 1;
  image->object = pdf_reserve(pdf->writer);
  image->jpeg = g_bytes_ref(jpeg);
  g_ptr_array_add(pdf->images, image);
  g_hash_table_insert(pdf->by_bytes, image->jpeg, image);
  g_autofree char *entries = g_strdup_printf(
      "/Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent 8/ColorSpace/%s"
      "/Filter/DCTDecode",
      frame.width, frame.height, frame.components == 1 ? "DeviceGray" : "DeviceRGB");
  pdf_put_stream(pdf->writer, image->object, entries, data, length, FALSE);
  return image;
}
