// SPDX-License-Identifier: Apache-2.0
//
// Readers in and out as CSV: what columns a file has is found out from its headings, lines go to
// newsroom/reader_import, refused ones into a file of their own with the reason; the way out writes
// a file that spreadsheets open safely and that the way in reads again. Any thread; blocks.
#pragma once

#include "newsroom/reader_import.h"
#include "newsroom/subscriber_imports.h"
#include "store/subscriber_export_rows.h"

#define SUBSCRIBERS_CSV_ERROR subscribers_csv_error_quark()
GQuark subscribers_csv_error_quark(void);
typedef enum SubscribersCsvError {
  SUBSCRIBERS_CSV_ERROR_FILE,   // can't be opened, read or written
  SUBSCRIBERS_CSV_ERROR_COLUMNS // no column of addresses, or it can't be told which
} SubscribersCsvError;

typedef struct SubscribersCsvIn {
  const char *path;
  const char *refused_path; // written when a line is refused; there is none else
  const char *source;       // see ReaderImportOptions
  const char *const *newsletters;
  gboolean dry_run;
  // What each column is, by subscriber_column_kind(), for as many as there are; NULL: as the
  // headings say. A first line with an address in it is then a reader.
  const char *const *columns;
  GTimeZone *zone;                                                 // of times without one
  void (*reading)(guint64 done, guint64 total, gpointer data);     // bytes; may be NULL
  void (*taking_over)(guint64 done, guint64 total, gpointer data); // lines; may be NULL
  // Every line is looked at, nothing is written yet. FALSE with an error: that was all. May be
  // NULL.
  gboolean (*take_over)(gpointer data, GError **error);
  void (*refused)(guint64 line, const char *reason, const char *text, gpointer data); // may be NULL
  const gint *stop; // atomic: when it is not 0, the import ends with G_IO_ERROR_CANCELLED; NULL
  gpointer data;
} SubscribersCsvIn;

typedef struct SubscribersCsvReport {
  ReaderImportReport import;
  guint64 refused; // lines, those left out at the take-over with them
  char *columns;   // "Email Address: address, UNSUB_TIME: left at": how the headings were read
  const char *encoding;
  char delimiter;
} SubscribersCsvReport;
void subscribers_csv_report_clear(SubscribersCsvReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SubscribersCsvReport, subscribers_csv_report_clear)

// *ret_report is filled in on FALSE as well. What a crash or an error leaves: reader_import.h.
gboolean subscribers_csv_read(Newsroom *newsroom, const SubscribersCsvIn *in,
                              SubscribersCsvReport *ret_report, GError **error);

// What a file seems to be, by its first lines: for whoever is to say what its columns are.
gboolean subscribers_csv_look(const char *path, SubscriberImportLook *ret_look, GError **error);

// The heading, then a line a reader. `write` gets pieces of the file.
typedef gboolean (*SubscribersCsvWrite)(Slice piece, gpointer data, GError **error);
gboolean subscribers_csv_write(Newsroom *newsroom, const SubscriberExportFilter *filter,
                               SubscribersCsvWrite write, gpointer data, guint64 *ret_count,
                               GError **error);
