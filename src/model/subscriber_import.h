// SPDX-License-Identifier: Apache-2.0
//
// A file of readers that is taken in: uploaded, looked at, tried, taken over. Plain structs.
#pragma once

#include <glib.h>

// UPLOADED -> WAITING -> READING -> TAKING_OVER -> DONE; a dry run ends as CHECKED, which may be
// started again; cancelled or failed before TAKING_OVER, nothing of it is there. From TAKING_OVER
// on only the end is left: a restart takes over the rest.
typedef enum SubscriberImportState {
  IMPORT_UPLOADED,
  IMPORT_WAITING,
  IMPORT_READING,
  IMPORT_TAKING_OVER,
  IMPORT_CHECKED,
  IMPORT_DONE,
  IMPORT_FAILED,
  IMPORT_CANCELLED
} SubscriberImportState;
const char *subscriber_import_state_name(SubscriberImportState state);

typedef struct SubscriberImport {
  gint64 id, staff_id, started_at, finished_at; // instants
  SubscriberImportState state;
  char *file;        // its name, as it was sent
  char *newsletters; // slugs, joined by commas: for lines that name none
  char *consent;     // how these readers agreed, in words
  char *columns;     // kinds, joined by commas; "": as the headings say
  gboolean dry_run;
  gint64 bytes, rows, created, known, subscribed, left, repeated, suppressed, refused;
  char *refusals; // JSON: the first hundred
  char *reason;   // why it failed
} SubscriberImport;
void subscriber_import_free(SubscriberImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SubscriberImport, subscriber_import_free)
