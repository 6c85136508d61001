// SPDX-License-Identifier: Apache-2.0
//
// A newspaper in one file, and back: a tar (zstd) of every table's rows (store/dump:
// engine-independent), the original pictures, broadsheet.ini, and at its end manifest.ini with
// counts and hashes. Rows are of one moment (one read transaction), so it may be made while the
// newspaper is served. The only user of libarchive. Calls block; any thread.
#pragma once

#include "base/clock.h"
#include "store/edition_files.h"
#include "store/originals.h"
#include "store/store.h"

#define BACKUP_ERROR backup_error_quark()
GQuark backup_error_quark(void);
typedef enum BackupError {
  BACKUP_ERROR_WRITE,   // the file can't be written
  BACKUP_ERROR_READ,    // the file can't be read, or is no backup
  BACKUP_ERROR_DAMAGED, // it is one, and is not whole
  BACKUP_ERROR_SCHEMA,  // made by a version with other tables
  BACKUP_ERROR_OCCUPIED // the newspaper to restore into has stories
} BackupError;

typedef struct BackupOptions {
  Store *store; // borrowed, as all here
  Originals *originals;
  EditionFiles *editions;  // NULL: left out, and refused in a restore
  const char *config_file; // NULL or broadsheet.ini's path; left out if it isn't there
  gint64 now;
  gboolean force;                                               // restore: over what is there
  void (*progress)(guint64 done, guint64 total, gpointer data); // may be NULL; rows and pictures
  gpointer data;
} BackupOptions;

typedef struct BackupSummary {
  gint64 stories, originals, editions, revision; // editions: their files
  guint64 bytes;                                 // of the file
  GPtrArray *
      missing; // char *: pictures whose original is not where it should be or not what it should be
  char *config; // restore: the backup's broadsheet.ini, NULL if it has none
} BackupSummary;
void backup_summary_clear(BackupSummary *summary);

// Written to FILE.tmp, fsynced and renamed: FILE is a whole backup or is not there. Missing
// originals are told in the summary and don't stop it.
gboolean backup_write(const BackupOptions *options, const char *file, BackupSummary *ret_summary,
                      GError **error);
// One write transaction: all of it or nothing. The database is at this binary's schema already.
// Every hash and count is checked before anything is committed. On FALSE the pictures that it had
// added are gone again.
gboolean backup_restore(const BackupOptions *options, const char *file, BackupSummary *ret_summary,
                        GError **error);
