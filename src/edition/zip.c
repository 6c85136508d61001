// SPDX-License-Identifier: Apache-2.0
//
// Implements zip.h. Deflate (RFC 1951) comes from GLib's converter; the checksum is ours.
#include "edition/zip.h"

#include <gio/gio.h>
#include <string.h>

#include "base/clock.h"
#include "edition/edition.h"

#define LOCAL_MARK 0x04034b50U
#define CENTRAL_MARK 0x02014b50U
#define END_MARK 0x06054b50U
#define VERSION 20 // deflate, folders
#define MOST_BYTES G_GUINT64_CONSTANT(0xFFFFFFFE)
#define MOST_ENTRIES 65534

struct Zip {
  GByteArray *out, *directory;
  guint entries;
  guint16 date, time;
  guint32 crc_table[256];
  gboolean too_large;
};

static void make_crc_table(guint32 table[256]) {
  for (guint32 i = 0; i < 256; i++) {
    guint32 value = i;
    for (int bit = 0; bit < 8; bit++) {
      value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    }
    table[i] = value;
  }
}

static guint32 crc_of(const Zip *zip, Slice bytes) {
  guint32 crc = 0xFFFFFFFFU;
  for (gsize i = 0; i < bytes.length; i++) {
    crc = zip->crc_table[(crc ^ (guint8)bytes.data[i]) & 0xFF] ^ (crc >> 8);
  }
  return crc ^ 0xFFFFFFFFU;
}

static void put16(GByteArray *out, guint number) {
  const guint8 bytes[] = {(guint8)number, (guint8)(number >> 8)};
  g_byte_array_append(out, bytes, sizeof bytes);
}

static void put32(GByteArray *out, guint32 number) {
  put16(out, number & 0xFFFF);
  put16(out, number >> 16);
}

Zip *zip_new(gint64 instant) {
  Zip *zip = g_new0(Zip, 1);
  zip->out = g_byte_array_new();
  zip->directory = g_byte_array_new();
  make_crc_table(zip->crc_table);
  g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(instant / CLOCK_SECOND);
  gint year = moment != NULL ? g_date_time_get_year(moment) : 0;
  zip->date = 1 << 5 | 1; // 1 January 1980
  if (year >= 1980 && year <= 2107) {
    zip->date = (guint16)((year - 1980) << 9 | g_date_time_get_month(moment) << 5 |
                          g_date_time_get_day_of_month(moment));
    zip->time = (guint16)(g_date_time_get_hour(moment) << 11 | g_date_time_get_minute(moment) << 5 |
                          g_date_time_get_second(moment) / 2);
  }
  return zip;
}

void zip_free(Zip *zip) {
  if (zip != NULL) {
    g_clear_pointer(&zip->out, g_byte_array_unref);
    g_byte_array_unref(zip->directory);
    g_free(zip);
  }
}

// Raw deflate. NULL: it did not get smaller.
static GBytes *deflate(Slice bytes) {
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_RAW, 9);
  g_autofree guint8 *out = g_malloc(bytes.length + 1);
  gsize read = 0;
  gsize written = 0;
  if (bytes.length == 0 ||
      g_converter_convert(G_CONVERTER(compressor), bytes.data, bytes.length, out, bytes.length,
                          G_CONVERTER_INPUT_AT_END, &read, &written,
                          NULL) != G_CONVERTER_FINISHED ||
      written >= bytes.length) {
    return NULL;
  }
  return g_bytes_new(out, written);
}

// What the local header and the directory have in common.
static void put_common(GByteArray *out, const Zip *zip, guint method, guint32 crc, gsize packed,
                       gsize plain, gsize name_length) {
  put16(out, VERSION);
  put16(out, 0); // flags
  put16(out, method);
  put16(out, zip->time);
  put16(out, zip->date);
  put32(out, crc);
  put32(out, (guint32)packed);
  put32(out, (guint32)plain);
  put16(out, (guint)name_length);
  put16(out, 0); // no extra fields
}

static void add(Zip *zip, const char *name, Slice bytes, gboolean compress) {
  gsize name_length = strlen(name);
  guint64 room =
      (guint64)zip->out->len + zip->directory->len + bytes.length + 2 * name_length + 256;
  if (zip->too_large || room > MOST_BYTES || zip->entries >= MOST_ENTRIES) {
    zip->too_large = TRUE;
    return;
  }
  g_autoptr(GBytes) packed = compress ? deflate(bytes) : NULL;
  Slice body = packed != NULL ? slice_of_bytes(packed) : bytes;
  guint32 crc = crc_of(zip, bytes);
  guint32 offset = zip->out->len;
  guint method = packed != NULL ? 8 : 0;
  put32(zip->out, LOCAL_MARK);
  put_common(zip->out, zip, method, crc, body.length, bytes.length, name_length);
  g_byte_array_append(zip->out, (const guint8 *)name, (guint)name_length);
  g_byte_array_append(zip->out, (const guint8 *)body.data, (guint)body.length);
  put32(zip->directory, CENTRAL_MARK);
  put16(zip->directory, VERSION);
  put_common(zip->directory, zip, method, crc, body.length, bytes.length, name_length);
  put16(zip->directory, 0); // no comment
  put16(zip->directory, 0); // disk
  put16(zip->directory, 0); // attributes
  put32(zip->directory, 0);
  put32(zip->directory, offset);
  g_byte_array_append(zip->directory, (const guint8 *)name, (guint)name_length);
  zip->entries++;
}

void zip_add(Zip *zip, const char *name, Slice bytes) {
  add(zip, name, bytes, TRUE);
}

void zip_store(Zip *zip, const char *name, Slice bytes) {
  add(zip, name, bytes, FALSE);
}

GBytes *zip_finish(Zip *zip, GError **error) {
  if (zip->too_large) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_CONTENT,
                "the EPUB is larger than readers take (4 GB, %d files): lower the number of "
                "stories in an edition",
                MOST_ENTRIES);
    return NULL;
  }
  guint32 offset = zip->out->len;
  g_byte_array_append(zip->out, zip->directory->data, zip->directory->len);
  put32(zip->out, END_MARK);
  put16(zip->out, 0);
  put16(zip->out, 0);
  put16(zip->out, zip->entries);
  put16(zip->out, zip->entries);
  put32(zip->out, zip->directory->len);
  put32(zip->out, offset);
  put16(zip->out, 0);
  return g_byte_array_free_to_bytes(g_steal_pointer(&zip->out));
}
