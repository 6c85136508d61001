// SPDX-License-Identifier: Apache-2.0
//
// Many readers at once, taken over in the caller's transaction: gathered in a staging table, then
// moved by few large statements. See store/store.h for threads and errors.
//
// What becomes of a line:
// - an address that is not here becomes a reader, with a consent that says where it came from;
// - a reader who is here keeps status, name and decisions; newsletters that they never had are
// added,
//   a pending sign-up is confirmed, what is empty is filled in;
// - who left a newsletter stays away from it, who left everything stays away from all;
// - who is on the suppression list is left out;
// - what the line takes away is taken away (unless the reader decided otherwise since), and a line
//   that says bounced or complained puts the address on the suppression list.
#pragma once

#include "store/store.h"

#define SUBSCRIBER_LOAD_NEWSLETTERS 63 // bits of a gint64
#define SUBSCRIBER_LOAD_SECTIONS 63
#define SUBSCRIBER_LOAD_LINES 20000 // lines a transaction: a quarter of a second

typedef enum SubscriberLoadSuppress {
  LOAD_SUPPRESS_NO = 0,
  LOAD_SUPPRESS_BOUNCED = 1,
  LOAD_SUPPRESS_COMPLAINED = 2
} SubscriberLoadSuppress;

typedef struct SubscriberLoadLine {
  gint64 line; // of the file, for the report
  Slice address_key, address, name, language, zone_name, address_hash; // borrowed
  gint64 confirmed_at, paused_until;                                   // confirmed_at is not 0
  gint64 left_at;          // when it was left; not 0 where `unwanted` is not
  gint64 wanted, unwanted; // bit n: SubscriberLoadOptions.newsletter_ids[n]; no bit in both
  gint64 sections;         // bit n: section_ids[n]
  SubscriberLoadSuppress suppress;
  const char *wanted_slugs, *unwanted_slugs; // "daily,breaking"
} SubscriberLoadLine;

typedef struct SubscriberLoadOptions {
  const gint64 *newsletter_ids, *section_ids; // borrowed until the load is freed
  guint newsletter_count, section_count;
  const char *source;  // of the consents, as their page: "import: fair 2026"
  const char *wording; // "" none
  gint64 now;
} SubscriberLoadOptions;

typedef struct SubscriberLoadReport {
  gint64 created;    // new readers
  gint64 known;      // were here
  gint64 subscribed; // newsletters that they have now and had not
  gint64 left;       // lines that take away only
  gint64 suppressed; // addresses that the file put on the list
  gint64 left_out;   // lines that SubscriberLeftOut was called for
} SubscriberLoadReport;
// `left`: the reader has left everything; else the address is on the suppression list.
typedef void (*SubscriberLeftOut)(gint64 line, const char *address, gboolean left, gpointer data);

// Lines come in the order of their address_key's bytes, each key once, SUBSCRIBER_LOAD_LINES at
// most.
typedef struct SubscriberLoad SubscriberLoad;
SubscriberLoad *subscriber_load_new(StoreTransaction *transaction,
                                    const SubscriberLoadOptions *options, GError **error);
gboolean subscriber_load_add(SubscriberLoad *load, const SubscriberLoadLine *line, GError **error);
// Adds to *report.
gboolean subscriber_load_finish(SubscriberLoad *load, SubscriberLoadReport *report,
                                SubscriberLeftOut left_out, gpointer data, GError **error);
void subscriber_load_free(SubscriberLoad *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SubscriberLoad, subscriber_load_free)

gboolean suppression_rows_any(StoreTransaction *transaction, gboolean *ret_any, GError **error);
