// SPDX-License-Identifier: Apache-2.0
//
// Reads CSV as people and programs write it: any of , ; tab | between fields, UTF-8 with and
// without a byte order mark, UTF-16, or Windows-1252; quotes by RFC 4180 with line breaks inside,
// every kind of line end. Encoding and delimiter are found out from the file itself, which is gone
// through twice and never held in memory. Each reader is one thread's.
#pragma once

#include "base/slice.h"

#define CSV_ERROR csv_error_quark()
GQuark csv_error_quark(void);
typedef enum CsvError {
  CSV_ERROR_READ,  // the file can't be read
  CSV_ERROR_QUOTES // quotes that nothing closes, again and again: this is no CSV
} CsvError;

#define CSV_RECORD_LONGEST (256u << 10) // bytes of one record
#define CSV_FIELDS_MOST 1000            // of one record; more are one fault

typedef struct CsvRecord {
  guint64 line;        // where it begins, from 1
  const Slice *fields; // UTF-8, quotes taken off; each valid until the next record is read
  guint count;
  const char *fault; // NULL, or why it can't be used; the fields are what could be read
} CsvRecord;

typedef struct CsvReader CsvReader;
// `file` is a descriptor that stays the caller's; what can't be sought in (a pipe) is first copied
// to an unlinked temporary file.
CsvReader *csv_reader_new(int file, GError **error);
// The next record; empty lines are passed over. FALSE at the end (*error untouched) or on an error.
gboolean csv_reader_next(CsvReader *reader, CsvRecord *ret_record, GError **error);
guint64 csv_reader_done(const CsvReader *reader);         // bytes of the file
guint64 csv_reader_total(const CsvReader *reader);        // bytes of the file
const char *csv_reader_encoding(const CsvReader *reader); // "UTF-8", "UTF-16", "Windows-1252"
char csv_reader_delimiter(const CsvReader *reader);
void csv_reader_free(CsvReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)
