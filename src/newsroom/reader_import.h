// SPDX-License-Identifier: Apache-2.0
//
// The use case of taking over readers from elsewhere, a million at a time. See newsroom.h. Lines
// are first all looked at and sorted by address (outside of any transaction, in bounded memory and
// a temporary file), then taken over in steps of one transaction each (store/subscriber_load_rows.h
// says what becomes of a line), so that sign-ups and mailings go on meanwhile.
//
// A crash leaves whole steps: each reader of those is whole, with the proof of consent, and nothing
// of the others. The same file again takes over what is missing and changes nothing else.
//
// Two lines are the same reader's when mail_address_key() says so (model/mail_address.h: case and
// Unicode form of the address don't count, dots and "+tags" do). They are put together: the first
// name that is not empty, all newsletters, and whatever takes away wins.
#pragma once

#include "newsroom/newsroom.h"
#include "store/subscriber_load_rows.h"

#define READER_IMPORT_WORDING                                                                      \
  "Imported by the newspaper, which says that the reader agreed where the source names."

typedef struct ReaderImportOptions {
  const char *source;             // how these readers agreed, in words: "fair 2026, paper forms"
  const char *const *newsletters; // slugs for lines that name none; NULL: none
  gboolean dry_run;               // everything but the commits
  // Lines that turn out to be closed only when they are taken over.
  void (*left_out)(gint64 line, const char *address, const char *reason, gpointer data);
  void (*progress)(guint64 done, guint64 total, gpointer data); // of the second part; may be NULL
  const gint
      *stop; // atomic: when it is not 0, the second part ends with G_IO_ERROR_CANCELLED; NULL
  gpointer data;
} ReaderImportOptions;

typedef enum ReaderImportStatus {
  READER_IMPORT_WANTED, // signed up, and confirmed or otherwise proved
  READER_IMPORT_LEFT,
  READER_IMPORT_BOUNCED,
  READER_IMPORT_COMPLAINED
} ReaderImportStatus;

// One line, untrusted: UTF-8 without NUL, "" for what it doesn't say. Borrowed.
typedef struct ReaderImportLine {
  gint64 line;
  const char *address, *name, *language, *zone_name;
  ReaderImportStatus status;
  const char *newsletters, *left; // slugs or names, parted by , ; | or line ends
  const char *sections;
  gint64 confirmed_at, left_at, paused_until; // 0: not said
} ReaderImportLine;

typedef struct ReaderImportReport {
  SubscriberLoadReport load;
  gint64 lines, repeated; // taken as good; of those, put together with an earlier one
} ReaderImportReport;

typedef struct ReaderImport ReaderImport;
ReaderImport *reader_import_new(Newsroom *newsroom, const ReaderImportOptions *options,
                                GError **error);
// An INVALID error is the reason why this line is refused; the import goes on. Any other ends it.
gboolean reader_import_add(ReaderImport *import, const ReaderImportLine *line, GError **error);
// On FALSE what was taken over before the error stays; *ret_report says how much.
gboolean reader_import_finish(ReaderImport *import, ReaderImportReport *ret_report, GError **error);
void reader_import_free(ReaderImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReaderImport, reader_import_free)
