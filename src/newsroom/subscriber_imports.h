// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a file of readers that somebody uploads: kept, described, started, cancelled,
// and settled by whoever works on it (app/import_room.h, which knows how to read it). See
// newsroom.h. What becomes of a line: reader_import.h. Nothing is ever left half done: before
// TAKING_OVER nothing is written but the row itself; from then on only the end is left, after
// however many restarts.
#pragma once

#include "model/subscriber_import.h"
#include "newsroom/newsroom.h"

#define IMPORT_BYTES_MOST ((gsize)512 << 20)
#define IMPORT_REFUSALS 100 // kept with the row

// The row of an uploaded file, in UPLOADED. Id, 0 on error.
gint64 subscriber_imports_add(Newsroom *newsroom, const char *file, gint64 bytes, GError **error);

typedef struct SubscriberImportWish {
  const char *const *columns;     // kinds (exchange/subscribers_csv.h); NULL: as the headings say
  const char *const *newsletters; // slugs
  const char *consent;
  gboolean dry_run;
} SubscriberImportWish;
gboolean subscriber_imports_start(Newsroom *newsroom, gint64 id, const SubscriberImportWish *wish,
                                  GError **error); // STATE: it is under way, or over
gboolean subscriber_imports_cancel(Newsroom *newsroom, gint64 id,
                                   GError **error); // STATE: it is being taken over, or over

// The way out: that somebody takes the readers along stands in the audit log.
gboolean subscriber_imports_note_export(Newsroom *newsroom, GError **error);

// For the one who works on it.
GPtrArray *subscriber_imports_due(Newsroom *newsroom, GError **error); // SubscriberImport *
// WAITING -> READING, READING -> TAKING_OVER; as well from there on again. STATE: it was cancelled.
gboolean subscriber_imports_enter(Newsroom *newsroom, gint64 id, SubscriberImportState state,
                                  GError **error);
// `result`: its counts, refusals, reason; state DONE, CHECKED or FAILED.
gboolean subscriber_imports_settle(Newsroom *newsroom, const SubscriberImport *result,
                                   GError **error);

// What a file seems to be: how it is written, and what its columns are.
typedef struct SubscriberImportColumn {
  char *heading;
  const char *kind;   // static
  GPtrArray *samples; // char *: of the first lines
} SubscriberImportColumn;
void subscriber_import_column_free(SubscriberImportColumn *column);
typedef struct SubscriberImportLook {
  GPtrArray *columns; // SubscriberImportColumn *
  const char *encoding;
  char delimiter;
  gboolean has_headings;
} SubscriberImportLook;
void subscriber_import_look_clear(SubscriberImportLook *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SubscriberImportLook, subscriber_import_look_clear)
