// SPDX-License-Identifier: Apache-2.0
//
// The bytes under exchange/csv_reader: what they are encoded as, and block by block as UTF-8. For
// src/exchange only.
#pragma once

#include "base/slice.h"

typedef enum CsvEncoding {
  CSV_UTF8,
  CSV_UTF8_DAMAGED, // UTF-8 with some bytes that are none: each record is to be checked
  CSV_UTF16_LITTLE,
  CSV_UTF16_BIG,
  CSV_WINDOWS_1252
} CsvEncoding;

typedef struct CsvBytes {
  int file; // borrowed, at its beginning
  CsvEncoding encoding;
  guint64 done, total;
  guint8 rest[8]; // of a character that the block cut
  gsize rest_length;
} CsvBytes;

// Goes through the whole file once. FALSE: it can't be read.
gboolean csv_bytes_begin(CsvBytes *bytes, int file, GError **error);
// Appends the next block; *ret_more FALSE at the end.
gboolean csv_bytes_next(CsvBytes *bytes, GString *out, gboolean *ret_more, GError **error);
