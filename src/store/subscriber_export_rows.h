// SPDX-License-Identifier: Apache-2.0
//
// Readers on their way out, in steps by id, each with what they signed up for and are interested
// in. See store/store.h for threads and errors.
#pragma once

#include "model/segment.h"
#include "model/subscriber.h"
#include "store/store.h"

typedef struct SubscriberExportFilter {
  gint status;               // -1: all
  gint64 newsletter_id;      // 0: all; else its active readers only
  const SegmentRules *rules; // NULL: all
  gint64 now;
} SubscriberExportFilter;

typedef struct SubscriberExportRow {
  Subscriber *subscriber;  // borrowed for the call
  const char *newsletters; // "daily 1 0,breaking 2 1767225600000000": slug, status, left at
  const char *sections;    // slugs joined by commas
} SubscriberExportRow;
typedef gboolean (*SubscriberExportUse)(const SubscriberExportRow *row, gpointer data,
                                        GError **error);

// Calls `use` for at most `limit` readers after *after, and moves that on. Gives how many; -1 on
// error.
gint64 subscriber_export_rows(StoreTransaction *transaction, const SubscriberExportFilter *filter,
                              gint64 *after, guint limit, SubscriberExportUse use, gpointer data,
                              GError **error);
