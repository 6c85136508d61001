// SPDX-License-Identifier: Apache-2.0
//
// Implements csv_writer.h.
#include "base/csv_writer.h"

#include <string.h>

void csv_begin(CsvWriter *csv, GString *out) {
  *csv = (CsvWriter){.out = out};
}

gboolean csv_is_formula(Slice value) {
  static const char *const BEGINNINGS[] = {"=",
                                           "+",
                                           "-",
                                           "@",
                                           "\t",
                                           "\r",
                                           "\n",
                                           "\xEF\xBC\x9D",
                                           "\xEF\xBC\x8B",
                                           "\xEF\xBC\x8D",
                                           "\xEF\xBC\xA0"}; // the last four: ＝ ＋ － ＠
  for (gsize i = 0; i < G_N_ELEMENTS(BEGINNINGS); i++) {
    if (slice_starts_with(value, BEGINNINGS[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

// "'=1" was "=1", and "''=1" was "'=1".
Slice csv_unguard(Slice value) {
  Slice rest = value;
  while (slice_starts_with(rest, "'")) {
    rest = slice_from(rest, 1);
  }
  return rest.length < value.length && csv_is_formula(rest) ? slice_from(value, 1) : value;
}

static gboolean wants_guard(Slice value) {
  Slice rest = value;
  while (slice_starts_with(rest, "'")) {
    rest = slice_from(rest, 1);
  }
  return csv_is_formula(rest);
}

static void next_field(CsvWriter *csv) {
  if (csv->in_row) {
    g_string_append_c(csv->out, ',');
  }
  csv->in_row = TRUE;
}

void csv_slice(CsvWriter *csv, Slice value) {
  gboolean guard = wants_guard(value);
  gboolean quote = guard;
  for (gsize i = 0; i < value.length && !quote; i++) {
    quote = strchr("\",;\t|\r\n", value.data[i]) != NULL;
  }
  next_field(csv);
  if (!quote) {
    g_string_append_len(csv->out, value.data != NULL ? value.data : "", (gssize)value.length);
    return;
  }
  g_string_append(csv->out, guard ? "\"'" : "\"");
  for (gsize i = 0; i < value.length; i++) {
    if (value.data[i] == '"') {
      g_string_append_c(csv->out, '"');
    }
    g_string_append_c(csv->out, value.data[i]);
  }
  g_string_append_c(csv->out, '"');
}

void csv_text(CsvWriter *csv, const char *value) {
  csv_slice(csv, slice_of(value));
}

void csv_integer(CsvWriter *csv, gint64 value) {
  next_field(csv);
  g_string_append_printf(csv->out, "%" G_GINT64_FORMAT, value);
}

void csv_end_row(CsvWriter *csv) {
  g_string_append(csv->out, "\r\n");
  csv->in_row = FALSE;
}
