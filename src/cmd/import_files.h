// SPDX-License-Identifier: Apache-2.0
//
// The files that an import was asked to take: found in folders, read within bounds, and never
// outside of the folder that was named. For cmd_import.c.
#pragma once

#include <glib.h>

typedef struct ImportFile {
  char *shown; // as the person would name it
  char *real;  // absolute, links resolved
  char *root;  // likewise: the folder that was named, or the file's own
  char *key;   // "folder/name.md": by which it is known again
} ImportFile;
void import_file_free(ImportFile *file);

// Appends an ImportFile for `argument`, or for each story file below it, in the order of names.
gboolean import_files_find(const char *argument, GPtrArray *files, GError **error);
// NULL with error: can't be read, not a plain file, or larger than IMPORT_MAX_BYTES (refused before
// it is read).
GBytes *import_files_read(const ImportFile *file, GError **error);
// A picture below the file's folder. NULL without error: there is none.
GBytes *import_files_read_beside(const ImportFile *file, const char *name, GError **error);
