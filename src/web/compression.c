// SPDX-License-Identifier: Apache-2.0
//
// Implements compression.h. Called once for each cached page, on worker threads.
#include "web/compression.h"

#include <brotli/encode.h>
#include <string.h>
#include <zlib.h>

const char *coding_name(ContentCoding coding) {
  static const char *const NAMES[] = {NULL, "gzip", "br"};
  return NAMES[coding];
}

gboolean coding_is_worthwhile(const char *media_type, gsize length) {
  return length >= 256 &&
         (g_str_has_prefix(media_type, "text/") || strstr(media_type, "json") != NULL ||
          strstr(media_type, "xml") != NULL || strstr(media_type, "javascript") != NULL);
}

static GBytes *gzip(const guint8 *data, gsize length) {
  z_stream stream = {0};
  if (length > G_MAXUINT / 2 ||
      deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return NULL;
  }
  gsize capacity = deflateBound(&stream, length);
  guint8 *out = g_malloc(capacity);
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)length;
  stream.next_out = out;
  stream.avail_out = (uInt)capacity;
  int result = deflate(&stream, Z_FINISH);
  gsize size = stream.total_out;
  (void)deflateEnd(&stream);
  if (result != Z_STREAM_END) {
    g_free(out);
    return NULL;
  }
  return g_bytes_new_take(g_realloc(out, size), size);
}

static GBytes *brotli(const guint8 *data, gsize length) {
  gsize size = BrotliEncoderMaxCompressedSize(length);
  if (size == 0) {
    return NULL;
  }
  guint8 *out = g_malloc(size);
  if (!BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, length, data, &size,
                             out)) {
    g_free(out);
    return NULL;
  }
  return g_bytes_new_take(g_realloc(out, size), size);
}

GBytes *coding_compress(ContentCoding coding, GBytes *body) {
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(body, &length);
  GBytes *compressed = coding == CODING_GZIP ? gzip(data, length) : brotli(data, length);
  if (compressed != NULL && g_bytes_get_size(compressed) >= length) {
    g_clear_pointer(&compressed, g_bytes_unref);
  }
  return compressed;
}
