// SPDX-License-Identifier: Apache-2.0
//
// Implements the way out of subscribers_csv.h. Called by `broadsheet subscribers export`. Readers
// are read in steps, each of one moment.
#include "exchange/subscribers_csv.h"

#include <string.h>

#include "base/csv_writer.h"

#define STEP 2000

typedef struct Writing {
  GString *text;
  CsvWriter csv;
} Writing;

static void write_time(CsvWriter *csv, gint64 instant) {
  g_autofree char *text = instant != 0 ? clock_format_rfc3339(instant, NULL) : NULL;
  csv_text(csv, text);
}

// "daily 1 0,breaking 2 0" -> those with `status`, as "daily, breaking".
static char *pick(const char *newsletters, SubscriptionStatus status) {
  GString *text = g_string_new(NULL);
  g_auto(GStrv) all = g_strsplit(newsletters, ",", -1);
  for (guint i = 0; all[i] != NULL; i++) {
    g_auto(GStrv) words = g_strsplit(all[i], " ", 3);
    if (g_strv_length(words) == 3 && words[1][0] == (char)('0' + (int)status)) {
      g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", words[0]);
    }
  }
  return g_string_free(text, FALSE);
}

// A confirmed reader without any newsletter has unsubscribed, and is to be read so again.
static const char *status_of(const Subscriber *one, const char *wanted) {
  switch (one->status) {
  case SUBSCRIBER_PENDING:
    return "pending";
  case SUBSCRIBER_SUPPRESSED:
    return "suppressed";
  default:
    return *wanted != '\0' ? "active" : "unsubscribed";
  }
}

static gboolean write_reader(const SubscriberExportRow *row, gpointer data, GError **error) {
  Writing *writing = data;
  CsvWriter *csv = &writing->csv;
  const Subscriber *one = row->subscriber;
  g_autofree char *wanted = pick(row->newsletters, SUBSCRIPTION_ACTIVE);
  g_autofree char *left = pick(row->newsletters, SUBSCRIPTION_LEFT);
  g_auto(GStrv) sections = g_strsplit(row->sections, ",", -1);
  g_autofree char *joined = g_strjoinv(", ", sections);
  csv_text(csv, one->address);
  csv_text(csv, one->name);
  csv_text(csv, one->language);
  csv_text(csv, one->zone_name);
  csv_text(csv, status_of(one, wanted));
  csv_text(csv, wanted);
  csv_text(csv, left);
  csv_text(csv, joined);
  write_time(csv, one->created_at);
  write_time(csv, one->confirmed_at);
  write_time(csv, one->paused_until);
  write_time(csv, one->active_at);
  csv_end_row(csv);
  return TRUE;
}

static void write_heading(Writing *writing) {
  static const char *const HEADINGS[] = {
      "email", "name",     "language",  "time zone",    "status",       "newsletters",
      "left",  "sections", "signed up", "confirmed at", "paused until", "last active"};
  g_string_append(writing->text, "\xEF\xBB\xBF"); // so that spreadsheets read it as UTF-8
  for (gsize i = 0; i < G_N_ELEMENTS(HEADINGS); i++) {
    csv_text(&writing->csv, HEADINGS[i]);
  }
  csv_end_row(&writing->csv);
}

gboolean subscribers_csv_write(Newsroom *newsroom, const SubscriberExportFilter *filter,
                               SubscribersCsvWrite write, gpointer data, guint64 *ret_count,
                               GError **error) {
  g_autoptr(GString) text = g_string_sized_new(512 << 10);
  Writing writing = {.text = text};
  gint64 after = 0;
  gint64 count = STEP;
  csv_begin(&writing.csv, text);
  write_heading(&writing);
  *ret_count = 0;
  while (count == STEP) {
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    count = transaction != NULL ? subscriber_export_rows(transaction, filter, &after, STEP,
                                                         write_reader, &writing, error)
                                : -1;
    if (count < 0 || !write((Slice){text->str, text->len}, data, error)) {
      return FALSE;
    }
    *ret_count += (guint64)count;
    g_string_truncate(text, 0);
  }
  return TRUE;
}
