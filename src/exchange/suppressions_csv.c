// SPDX-License-Identifier: Apache-2.0
//
// Implements suppressions_csv.h. Called by `broadsheet suppression`. What it writes, it reads
// again.
#include "exchange/suppressions_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/csv_writer.h"
#include "exchange/csv_reader.h"

#define PIECE_BYTES 65536

typedef enum Column { COLUMN_ADDRESS, COLUMN_HASH, COLUMN_REASON, COLUMN_AT, COLUMN_NOTE } Column;
#define COLUMNS 5
#define NONE G_MAXUINT

typedef struct Reading {
  const SuppressionsCsvIn *in;
  SuppressionsCsvReport *report;
  SuppressionImport *import;
  char *source; // "imported: old.csv"
  guint at[COLUMNS];
} Reading;

static const struct {
  const char *name;
  Column column;
} HEADINGS[] = {
    {"address", COLUMN_ADDRESS},
    {"email", COLUMN_ADDRESS},
    {"e-mail", COLUMN_ADDRESS},
    {"email address", COLUMN_ADDRESS},
    {"email_address", COLUMN_ADDRESS},
    {"recipient", COLUMN_ADDRESS},
    {"mail", COLUMN_ADDRESS},
    {"address_hash", COLUMN_HASH},
    {"hash", COLUMN_HASH},
    {"reason", COLUMN_REASON},
    {"type", COLUMN_REASON},
    {"at", COLUMN_AT},
    {"created", COLUMN_AT},
    {"created_at", COLUMN_AT},
    {"date", COLUMN_AT},
    {"note", COLUMN_NOTE},
    {"error", COLUMN_NOTE},
    {"details", COLUMN_NOTE},
};

// Words of other systems for the same.
static SuppressionReason reason_of(const char *text) {
  g_autofree char *lower = g_ascii_strdown(text, -1);
  SuppressionReason reason = SUPPRESSION_IMPORTED;
  if (suppression_reason_parse(lower, &reason)) {
    return reason;
  }
  if (strstr(lower, "complain") != NULL || strstr(lower, "spam") != NULL) {
    return SUPPRESSION_COMPLAINED;
  }
  return strstr(lower, "bounce") != NULL ? SUPPRESSION_BOUNCED : SUPPRESSION_IMPORTED;
}

static gboolean find_columns(Reading *reading, const CsvRecord *record) {
  gboolean found = FALSE;
  for (guint i = 0; i < COLUMNS; i++) {
    reading->at[i] = NONE;
  }
  for (guint i = 0; i < record->count; i++) {
    for (gsize h = 0; h < G_N_ELEMENTS(HEADINGS); h++) {
      guint *at = &reading->at[HEADINGS[h].column];
      if (*at == NONE && slice_equal_text_nocase(slice_trim(record->fields[i]), HEADINGS[h].name)) {
        *at = i;
        found = found || HEADINGS[h].column <= COLUMN_HASH;
      }
    }
  }
  return found;
}

static char *field(const Reading *reading, const CsvRecord *record, Column column) {
  guint at = reading->at[column];
  Slice value = at < record->count ? slice_trim(record->fields[at]) : (Slice){NULL, 0};
  return slice_dup(csv_unguard(value));
}

static void refuse(Reading *reading, guint64 line, const char *reason) {
  reading->report->refused++;
  if (reading->in->refused != NULL) {
    reading->in->refused(line, reason, reading->in->data);
  }
}

static gboolean take(Reading *reading, const CsvRecord *record, GError **error) {
  GError *failure = NULL;
  if (record->fault != NULL) {
    refuse(reading, record->line, record->fault);
    return TRUE;
  }
  g_autofree char *address = field(reading, record, COLUMN_ADDRESS);
  g_autofree char *hash = field(reading, record, COLUMN_HASH);
  g_autofree char *reason = field(reading, record, COLUMN_REASON);
  g_autofree char *at = field(reading, record, COLUMN_AT);
  g_autofree char *note = field(reading, record, COLUMN_NOTE);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  SuppressionLine line = {.address = address,
                          .address_hash = hash,
                          .note = reading->at[COLUMN_NOTE] != NONE ? note : reading->source,
                          .reason = reason_of(reason)};
  clock_parse(at, utc, &line.at);
  if (suppression_import_add(reading->import, &line, &failure)) {
    return TRUE;
  }
  if (g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID)) {
    refuse(reading, record->line, failure->message);
    g_clear_error(&failure);
    return TRUE;
  }
  g_propagate_error(error, failure);
  return FALSE;
}

static gboolean read_lines(Reading *reading, CsvReader *reader, GError **error) {
  CsvRecord record;
  GError *failure = NULL;
  gboolean first = TRUE;
  while (csv_reader_next(reader, &record, &failure)) {
    gboolean heading = first && find_columns(reading, &record);
    if (first && !heading) {
      reading->at[COLUMN_ADDRESS] = 0; // no heading: addresses
    }
    first = FALSE;
    if (!heading && !take(reading, &record, error)) {
      return FALSE;
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return failure == NULL;
}

gboolean suppressions_csv_read(Newsroom *newsroom, const SuppressionsCsvIn *in,
                               SuppressionsCsvReport *ret_report, GError **error) {
  *ret_report = (SuppressionsCsvReport){0};
  int file = open(in->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s can't be opened: %s",
                in->path, g_strerror(errno));
    return FALSE;
  }
  g_autofree char *name = g_path_get_basename(in->path);
  g_autofree char *source = g_strconcat("imported: ", name, NULL);
  g_autoptr(SuppressionImport) import = suppression_import_new(newsroom, in->dry_run);
  g_autoptr(CsvReader) reader = csv_reader_new(file, error);
  Reading reading = {.in = in, .report = ret_report, .import = import, .source = source};
  gboolean done = reader != NULL && read_lines(&reading, reader, error) &&
                  suppression_import_finish(import, &ret_report->import, error);
  close(file);
  return done;
}

// ---- out ----------------------------------------------------------------------------------------

typedef struct Writing {
  GString *text;
  CsvWriter csv;
  SuppressionsCsvWrite write;
  gpointer data;
  gint64 count;
} Writing;

static gboolean flush(Writing *writing, gsize over, GError **error) {
  if (writing->text->len < over) {
    return TRUE;
  }
  gboolean written =
      writing->write((Slice){writing->text->str, writing->text->len}, writing->data, error);
  g_string_truncate(writing->text, 0);
  return written;
}

static gboolean write_entry(const SuppressionEntry *entry, gpointer data, GError **error) {
  Writing *writing = data;
  g_autofree char *at = clock_format_rfc3339(entry->at, NULL);
  csv_text(&writing->csv, entry->address);
  csv_text(&writing->csv, entry->address_hash);
  csv_text(&writing->csv, suppression_reason_name(entry->reason));
  csv_text(&writing->csv, at);
  csv_text(&writing->csv, entry->note);
  csv_end_row(&writing->csv);
  writing->count++;
  return flush(writing, PIECE_BYTES, error);
}

gboolean suppressions_csv_write(Newsroom *newsroom, gint reason, SuppressionsCsvWrite write,
                                gpointer data, gint64 *ret_count, GError **error) {
  static const char *const NAMES[] = {"address", "address_hash", "reason", "at", "note"};
  g_autoptr(GString) text = g_string_new(NULL);
  Writing writing = {.text = text, .write = write, .data = data};
  csv_begin(&writing.csv, text);
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    csv_text(&writing.csv, NAMES[i]);
  }
  csv_end_row(&writing.csv);
  gboolean done = suppression_list_each(newsroom, reason, write_entry, &writing, error) &&
                  flush(&writing, 0, error);
  *ret_count = writing.count;
  return done;
}
