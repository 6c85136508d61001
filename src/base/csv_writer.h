// SPDX-License-Identifier: Apache-2.0
//
// Writes CSV (RFC 4180: commas, CRLF, quotes doubled) into a GString, safe to open in a
// spreadsheet: a text that one would take for a formula (it begins with = + - @, their full-width
// forms, a tab or a line break) gets an apostrophe before it, which csv_unguard takes off again.
// Not thread-safe; one writer, one thread.
#pragma once

#include "base/slice.h"

typedef struct CsvWriter {
  GString *out; // borrowed
  gboolean in_row;
} CsvWriter;

void csv_begin(CsvWriter *csv, GString *out);
void csv_text(CsvWriter *csv, const char *value); // NULL is empty
void csv_slice(CsvWriter *csv, Slice value);
void csv_integer(CsvWriter *csv, gint64 value); // a number is no text: never guarded
void csv_end_row(CsvWriter *csv);

gboolean csv_is_formula(Slice value);
Slice csv_unguard(Slice value); // without the apostrophe, where csv_slice would have put it
