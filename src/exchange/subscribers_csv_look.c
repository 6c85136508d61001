// SPDX-License-Identifier: Apache-2.0
//
// Implements the look of subscribers_csv.h: the first lines of a file of readers, for people who
// are to say what its columns are. Called by app/import_room. It judges nothing: a file that can't
// be read as CSV is an error, everything else is shown.
#include "exchange/subscribers_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "exchange/csv_reader.h"
#include "exchange/subscriber_columns.h"
#include "model/mail_address.h"

#define SAMPLES 4
#define COLUMNS_SHOWN 200
#define SAMPLE_BYTES 120

static gboolean is_address(Slice field) {
  g_autofree char *text = slice_dup(slice_trim(field));
  g_autofree char *address = mail_address_normalise(text, NULL);
  return address != NULL;
}

static char *shown(Slice field) {
  Slice cut = slice_range(field, 0, MIN(field.length, SAMPLE_BYTES));
  return g_utf8_make_valid(cut.data != NULL ? cut.data : "", (gssize)cut.length);
}

static void add_samples(SubscriberImportLook *look, const CsvRecord *record) {
  for (guint i = 0; i < look->columns->len; i++) {
    SubscriberImportColumn *column = g_ptr_array_index(look->columns, i);
    Slice field = i < record->count ? slice_trim(record->fields[i]) : (Slice){"", 0};
    g_ptr_array_add(column->samples, shown(field));
  }
}

static void take_first(SubscriberImportLook *look, const CsvRecord *record) {
  gboolean has_address = FALSE;
  for (guint i = 0; i < record->count; i++) {
    has_address |= is_address(record->fields[i]);
  }
  look->has_headings = !has_address;
  for (guint i = 0; i < MIN(record->count, COLUMNS_SHOWN); i++) {
    SubscriberColumn kind = !has_address ? subscriber_column_of(record->fields[i])
                            : is_address(record->fields[i]) ? COLUMN_ADDRESS
                                                            : COLUMN_UNKNOWN;
    SubscriberImportColumn *column = g_new0(SubscriberImportColumn, 1);
    column->heading = has_address ? g_strdup("") : shown(slice_trim(record->fields[i]));
    column->kind = subscriber_column_kind(kind);
    column->samples = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(look->columns, column);
  }
  if (has_address) {
    add_samples(look, record);
  }
}

gboolean subscribers_csv_look(const char *path, SubscriberImportLook *ret_look, GError **error) {
  GError *failure = NULL;
  *ret_look = (SubscriberImportLook){.encoding = ""};
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_FILE,
                "the file is not here any more (%s): upload it again", g_strerror(errno));
    return FALSE;
  }
  g_autoptr(CsvReader) reader = csv_reader_new(file, error);
  if (reader == NULL) {
    close(file);
    return FALSE;
  }
  ret_look->columns = g_ptr_array_new_with_free_func((GDestroyNotify)subscriber_import_column_free);
  ret_look->encoding = csv_reader_encoding(reader);
  ret_look->delimiter = csv_reader_delimiter(reader);
  CsvRecord record;
  for (guint i = 0; i <= SAMPLES && csv_reader_next(reader, &record, &failure); i++) {
    if (i == 0) {
      take_first(ret_look, &record);
    } else {
      add_samples(ret_look, &record);
    }
  }
  close(file);
  if (failure != NULL) {
    g_propagate_error(error, failure);
    subscriber_import_look_clear(ret_look);
    return FALSE;
  }
  return TRUE;
}
