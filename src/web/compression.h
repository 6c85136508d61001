// SPDX-License-Identifier: Apache-2.0
//
// gzip (RFC 1952, zlib level 6) and brotli (RFC 7932, quality 5) of whole bodies. Any thread.
#pragma once

#include <glib.h>

typedef enum ContentCoding {
  CODING_IDENTITY,
  CODING_GZIP,
  CODING_BROTLI,
  CODING_COUNT
} ContentCoding;

const char *coding_name(ContentCoding coding);               // "gzip", "br"; NULL for identity
GBytes *coding_compress(ContentCoding coding, GBytes *body); // NULL if it would not get smaller
gboolean coding_is_worthwhile(const char *media_type, gsize length); // text of some size
