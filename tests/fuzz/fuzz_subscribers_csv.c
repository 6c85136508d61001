// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a list of readers: reading ends, records lie inside the file and in order, and what
// has no fault is UTF-8 without NUL. Written as CSV and read again, the same fields come out.
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/csv_writer.h"
#include "exchange/csv_reader.h"
#include "exchange/subscriber_columns.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static int file_of(const void *bytes, gsize length) {
  int file = memfd_create("fuzz", MFD_CLOEXEC);
  gssize wrote = write(file, bytes, length);
  g_assert(wrote == (gssize)length);
  return file;
}

// What was written is read as it was, whatever stands in it. (A lone record may have no delimiter.)
static void check_again(const GString *written, guint count, const GPtrArray *fields) {
  int file = file_of(written->str, written->len);
  g_autoptr(CsvReader) reader = csv_reader_new(file, NULL);
  CsvRecord record;
  g_assert(reader != NULL);
  if (csv_reader_delimiter(reader) == ',' && csv_reader_next(reader, &record, NULL)) {
    g_assert(record.count == count);
    for (guint i = 0; i < count; i++) {
      Slice field = csv_unguard(record.fields[i]);
      g_assert(slice_equal_text(field, fields->pdata[i]));
    }
  }
  close(file);
}

static void check_record(const CsvRecord *record) {
  g_autoptr(GString) written = g_string_new("\xEF\xBB\xBF");
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
  CsvWriter csv;
  csv_begin(&csv, written);
  for (guint i = 0; i < record->count; i++) {
    const Slice *field = &record->fields[i];
    subscriber_column_of(*field);
    subscriber_state_of(COLUMN_STATUS, *field);
    if (record->fault == NULL) {
      g_assert(g_utf8_validate(field->data, (gssize)field->length, NULL));
      g_ptr_array_add(fields, slice_dup(*field));
      csv_slice(&csv, *field);
    }
  }
  csv_end_row(&csv);
  // Blanks before a quote mean nothing, and a line of nothing is no record.
  if (record->fault == NULL && record->count > 1) {
    for (guint i = 0; i < fields->len; i++) {
      const char *text = fields->pdata[i];
      if (text[strspn(text, " ")] == '"') {
        return;
      }
    }
    check_again(written, record->count, fields);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  int file = file_of(data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(CsvReader) reader = csv_reader_new(file, &error);
  CsvRecord record;
  guint64 line = 0;
  guint records = 0;
  g_assert(reader != NULL && error == NULL);
  while (csv_reader_next(reader, &record, &error)) {
    g_assert(record.line > line && record.count > 0 && record.count <= CSV_FIELDS_MOST);
    line = record.line;
    if (records++ < 3) {
      check_record(&record);
    }
  }
  g_assert(records <= size + 1 && csv_reader_done(reader) <= size);
  close(file);
  return 0;
}
