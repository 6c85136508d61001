// SPDX-License-Identifier: Apache-2.0
//
// The suppression list in and out as CSV. In: with a heading (address, address_hash, reason, at,
// note in any order and some other names), or one address a line without one. Any thread; blocks.
#pragma once

#include "newsroom/suppression_list.h"

// A line that was refused: `line` from 1.
typedef void (*SuppressionsRefused)(guint64 line, const char *reason, gpointer data);

typedef struct SuppressionsCsvIn {
  const char *path;
  gboolean dry_run;
  SuppressionsRefused refused; // may be NULL
  gpointer data;
} SuppressionsCsvIn;
typedef struct SuppressionsCsvReport {
  SuppressionImportReport import;
  gint64 refused;
} SuppressionsCsvReport;
gboolean suppressions_csv_read(Newsroom *newsroom, const SuppressionsCsvIn *in,
                               SuppressionsCsvReport *ret_report, GError **error);

typedef gboolean (*SuppressionsCsvWrite)(Slice piece, gpointer data, GError **error);
gboolean suppressions_csv_write(Newsroom *newsroom, gint reason, SuppressionsCsvWrite write,
                                gpointer data, gint64 *ret_count, GError **error);
