// SPDX-License-Identifier: Apache-2.0
//
// The suppression list as people see it: looked at, added to, taken from, taken in from another
// system and given out. The list itself knows keyed hashes only; an address is shown where a reader
// who is still here has it, so those who had everything deleted stay a hash. See newsroom.h.
#pragma once

#include "model/subscriber.h"
#include "newsroom/newsroom.h"

typedef struct SuppressionEntry {
  const char *address; // "" where no reader here has it
  const char *address_hash, *note;
  SuppressionReason reason;
  gint64 at;
} SuppressionEntry;
typedef gboolean (*SuppressionEach)(const SuppressionEntry *entry, gpointer data, GError **error);
// All, of one moment; `reason` -1: of every reason.
gboolean suppression_list_each(Newsroom *newsroom, gint reason, SuppressionEach each, gpointer data,
                               GError **error);

// One address, whoever's it is. *ret_listed FALSE: not on the list.
gboolean suppression_list_find(Newsroom *newsroom, const char *address, gboolean *ret_listed,
                               SuppressionReason *ret_reason, GError **error);
gboolean suppression_list_add(Newsroom *newsroom, const char *address, const char *note,
                              GError **error); // by hand: SUPPRESSION_MANUAL
// The reader gets again what they are signed up for. NOT_FOUND: not on the list. STATE: had
// everything deleted; only they themselves may come back.
gboolean suppression_list_lift(Newsroom *newsroom, const char *address, GError **error);

// Lines of another list. Each is an address, or a hash that this newspaper made (its own export).
typedef struct SuppressionLine {
  const char *address, *address_hash; // "" none
  const char *note;
  SuppressionReason reason;
  gint64 at; // 0: now
} SuppressionLine;
typedef struct SuppressionImport SuppressionImport;
SuppressionImport *suppression_import_new(Newsroom *newsroom, gboolean dry_run);
void suppression_import_free(SuppressionImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SuppressionImport, suppression_import_free)
// FALSE with INVALID: this line is refused, and the import can go on. Any other error ends it; the
// lines before may be on the list already, and the same again does no harm.
gboolean suppression_import_add(SuppressionImport *import, const SuppressionLine *line,
                                GError **error);
typedef struct SuppressionImportReport {
  gint64 added, known; // lines; known: were on the list, maybe for another reason
  gint64 readers;      // who were written to until now
} SuppressionImportReport;
gboolean suppression_import_finish(SuppressionImport *import, SuppressionImportReport *ret_report,
                                   GError **error);
