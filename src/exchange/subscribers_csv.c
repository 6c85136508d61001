// SPDX-License-Identifier: Apache-2.0
//
// Implements the way in of subscribers_csv.h. Called by `broadsheet subscribers import`.
#include "exchange/subscribers_csv.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/csv_writer.h"
#include "exchange/csv_reader.h"
#include "exchange/subscriber_columns.h"
#include "model/mail_address.h"

G_DEFINE_QUARK(broadsheet - subscribers - csv - error, subscribers_csv_error)

#define COLUMNS_MOST 500
#define REFUSED_BYTES (64 << 10)

static const char *const COLUMN_NAMES[] = {[COLUMN_UNKNOWN] = "left alone",
                                           [COLUMN_ADDRESS] = "address",
                                           [COLUMN_MAYBE_ADDRESS] = "left alone",
                                           [COLUMN_NAME] = "name",
                                           [COLUMN_FIRST_NAME] = "first name",
                                           [COLUMN_LAST_NAME] = "last name",
                                           [COLUMN_STATUS] = "status",
                                           [COLUMN_MAYBE_STATUS] = "status",
                                           [COLUMN_NEWSLETTERS] = "newsletters",
                                           [COLUMN_LEFT] = "newsletters left",
                                           [COLUMN_SECTIONS] = "sections",
                                           [COLUMN_LANGUAGE] = "language",
                                           [COLUMN_ZONE] = "time zone",
                                           [COLUMN_SIGNED_UP] = "signed up",
                                           [COLUMN_CONFIRMED] = "confirmed",
                                           [COLUMN_LEFT_AT] = "left at",
                                           [COLUMN_BOUNCED_AT] = "bounced at",
                                           [COLUMN_PAUSED_UNTIL] = "paused until",
                                           [COLUMN_IF_ON] = "gets mail",
                                           [COLUMN_IF_OFF] = "gets no mail",
                                           [COLUMN_IF_PROVED] = "has confirmed",
                                           [COLUMN_IF_BOUNCED] = "has bounced"};

typedef struct Reading {
  const SubscribersCsvIn *in;
  SubscribersCsvReport *report;
  ReaderImport *import;
  CsvReader *reader;
  GArray *columns;     // SubscriberColumn
  GPtrArray *headings; // char *
  GString *texts;      // of the line's fields, each ended by NUL
  FILE *refused;
  GString *refused_text;
  gboolean refused_failed;
} Reading;

void subscribers_csv_report_clear(SubscribersCsvReport *report) {
  g_clear_pointer(&report->columns, g_free);
}

static void reading_clear(Reading *reading) {
  g_clear_pointer(&reading->import, reader_import_free);
  g_clear_pointer(&reading->reader, csv_reader_free);
  g_clear_pointer(&reading->columns, g_array_unref);
  g_clear_pointer(&reading->headings, g_ptr_array_unref);
  if (reading->texts != NULL) {
    g_string_free(reading->texts, TRUE);
    g_string_free(reading->refused_text, TRUE);
  }
  if (reading->refused != NULL) {
    fclose(reading->refused);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static gboolean refuse_file(GError **error, const char *path, const char *what) {
  g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_FILE, "%s: can't be %s: %s", path,
              what, g_strerror(errno));
  return FALSE;
}

// ---- what is refused --------------------------------------------------------------------------

static void refused_flush(Reading *reading) {
  GString *text = reading->refused_text;
  reading->refused_failed |= fwrite(text->str, 1, text->len, reading->refused) != text->len;
  g_string_truncate(text, 0);
}

static void refused_open(Reading *reading) {
  CsvWriter csv;
  reading->refused = fopen(reading->in->refused_path, "we");
  if (reading->refused == NULL) {
    reading->refused_failed = TRUE;
    return;
  }
  g_string_append(reading->refused_text, "\xEF\xBB\xBF"); // so that spreadsheets read it as UTF-8
  csv_begin(&csv, reading->refused_text);
  csv_text(&csv, "refused line");
  csv_text(&csv, "refused because");
  for (guint i = 0; i < reading->headings->len; i++) {
    csv_text(&csv, reading->headings->pdata[i]);
  }
  csv_end_row(&csv);
}

// The line for people's eyes, not too long of it. Caller frees.
static char *join_fields(const Slice *fields, guint count) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < count && text->len < 200; i++) {
    if (fields[i].length > 0) {
      g_string_append_printf(text, "%s%.*s", text->len > 0 ? ", " : "",
                             (int)MIN(fields[i].length, 200), fields[i].data);
    }
  }
  return g_utf8_make_valid(text->str, -1);
}

static void refused_add(Reading *reading, guint64 line, const char *reason, const Slice *fields,
                        guint count) {
  CsvWriter csv;
  reading->report->refused++;
  if (reading->in->refused != NULL) {
    g_autofree char *text = join_fields(fields, count);
    reading->in->refused(line, reason, text, reading->in->data);
  }
  if (reading->refused == NULL && !reading->refused_failed) {
    refused_open(reading);
  }
  if (reading->refused_failed) {
    return;
  }
  csv_begin(&csv, reading->refused_text);
  csv_integer(&csv, (gint64)line);
  csv_text(&csv, reason);
  for (guint i = 0; i < count; i++) {
    g_autofree char *valid = g_utf8_make_valid(fields[i].data, (gssize)fields[i].length);
    csv_text(&csv, valid);
  }
  csv_end_row(&csv);
  if (reading->refused_text->len >= REFUSED_BYTES) {
    refused_flush(reading);
  }
}

// Found out when the lines were no longer at hand: the address in its column.
static void refused_later(gint64 line, const char *address, const char *reason, gpointer data) {
  Reading *reading = data;
  g_autofree Slice *fields = g_new0(Slice, reading->columns->len);
  for (guint i = 0; i < reading->columns->len; i++) {
    gboolean is_address = g_array_index(reading->columns, SubscriberColumn, i) == COLUMN_ADDRESS;
    fields[i] = is_address ? slice_of(address) : SLICE_LITERAL("");
  }
  refused_add(reading, (guint64)line, reason, fields, reading->columns->len);
}

static gboolean refused_close(Reading *reading, GError **error) {
  if (reading->refused != NULL) {
    refused_flush(reading);
    FILE *file = g_steal_pointer(&reading->refused);
    reading->refused_failed |= fclose(file) != 0;
  }
  return !reading->refused_failed || refuse_file(error, reading->in->refused_path, "written");
}

// ---- columns ----------------------------------------------------------------------------------

static gboolean refuse_columns(GError **error, const char *why) {
  g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_COLUMNS, "%s", why);
  return FALSE;
}

static gboolean is_address(Slice field) {
  g_autofree char *text = slice_dup(slice_trim(csv_unguard(slice_trim(field))));
  g_autofree char *address = mail_address_normalise(text, NULL);
  return address != NULL;
}

static guint count_columns(const GArray *columns, SubscriberColumn wanted, guint *ret_last) {
  guint count = 0;
  for (guint i = 0; i < columns->len; i++) {
    if (g_array_index(columns, SubscriberColumn, i) == wanted) {
      *ret_last = i;
      count++;
    }
  }
  return count;
}

// One column of addresses, which is the first of that name where there are several.
static gboolean settle_address(GArray *columns, GError **error) {
  guint at = 0;
  guint maybe = 0;
  guint strong = count_columns(columns, COLUMN_ADDRESS, &at);
  if (strong == 0 && count_columns(columns, COLUMN_MAYBE_ADDRESS, &maybe) == 1) {
    g_array_index(columns, SubscriberColumn, maybe) = COLUMN_ADDRESS;
    return TRUE;
  }
  for (guint i = columns->len; strong > 1 && i-- > 0;) {
    SubscriberColumn *column = &g_array_index(columns, SubscriberColumn, i);
    if (*column == COLUMN_ADDRESS) {
      *column = COLUMN_UNKNOWN;
      strong--;
    }
  }
  return strong == 1 ||
         refuse_columns(error,
                        "no column of mail addresses is found: its heading in the first line "
                        "should say “email”");
}

static void describe_columns(Reading *reading) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < reading->columns->len; i++) {
    SubscriberColumn column = g_array_index(reading->columns, SubscriberColumn, i);
    if (column != COLUMN_UNKNOWN && column != COLUMN_MAYBE_ADDRESS) {
      g_string_append_printf(text, "%s%s = %s", text->len > 0 ? ", " : "",
                             (char *)reading->headings->pdata[i], COLUMN_NAMES[column]);
    }
  }
  reading->report->columns = g_string_free(text, FALSE);
}

static gboolean says_newsletters(const Reading *reading) {
  guint at = 0;
  return (reading->in->newsletters != NULL && reading->in->newsletters[0] != NULL) ||
         count_columns(reading->columns, COLUMN_NEWSLETTERS, &at) > 0 ||
         count_columns(reading->columns, COLUMN_LEFT, &at) > 0;
}

static gboolean chosen_column(const SubscribersCsvIn *in, guint i, SubscriberColumn *ret_column,
                              GError **error) {
  if (i >= g_strv_length((char **)in->columns)) {
    *ret_column = COLUMN_UNKNOWN;
    return TRUE;
  }
  if (!subscriber_column_parse(in->columns[i], ret_column)) {
    g_set_error(error, SUBSCRIBERS_CSV_ERROR, SUBSCRIBERS_CSV_ERROR_COLUMNS,
                "columns: no column can be a “%s”", in->columns[i]);
    return FALSE;
  }
  return TRUE;
}

// The first record. *ret_is_line: it is no heading but a reader already (a bare list of addresses).
static gboolean read_headings(Reading *reading, const CsvRecord *record, gboolean *ret_is_line,
                              GError **error) {
  gboolean has_address = FALSE;
  for (guint i = 0; i < record->count && i < COLUMNS_MOST; i++) {
    has_address |= is_address(record->fields[i]);
  }
  if (has_address && record->count > 1 && reading->in->columns == NULL) {
    return refuse_columns(error, "the first line is not a line of headings, but has an address in "
                                 "it: put headings above it, such as “email,name”");
  }
  *ret_is_line = has_address;
  for (guint i = 0; i < record->count && i < COLUMNS_MOST; i++) {
    SubscriberColumn column =
        has_address ? COLUMN_ADDRESS : subscriber_column_of(record->fields[i]);
    if (reading->in->columns != NULL && !chosen_column(reading->in, i, &column, error)) {
      return FALSE;
    }
    g_array_append_val(reading->columns, column);
    Slice heading = slice_trim(record->fields[i]);
    g_ptr_array_add(reading->headings,
                    has_address ? g_strdup(record->count == 1 ? "email" : "")
                                : g_utf8_make_valid(heading.data != NULL ? heading.data : "",
                                                    (gssize)heading.length));
  }
  if (!settle_address(reading->columns, error)) {
    return FALSE;
  }
  describe_columns(reading);
  return says_newsletters(reading) ||
         refuse_columns(error, "it is not said what these readers signed up for: name the "
                               "newsletters with --newsletter, or in a column “newsletters”");
}

// ---- lines ------------------------------------------------------------------------------------

// A line's fields while it is put together: places in reading->texts.
typedef struct Fields {
  gsize address, name, first_name, last_name, newsletters, left, sections, language, zone;
  gint64 signed_up, confirmed, left_at, paused_until;
  SubscriberState state;
  Slice state_word; // that is not known
} Fields;

static gsize keep(Reading *reading, Slice field) {
  gsize place = reading->texts->len;
  g_string_append_len(reading->texts, field.data != NULL ? field.data : "", (gssize)field.length);
  g_string_append_c(reading->texts, '\0');
  return place;
}

static void keep_time(Reading *reading, Slice field, gint64 *ret_instant) {
  g_autofree char *text = slice_dup(field);
  gint64 instant = 0;
  guint64 seconds = 0;
  if (clock_parse(text, reading->in->zone, &instant)) {
    *ret_instant = instant;
  } else if (field.length >= 9 && slice_parse_uint(field, 10000000000, &seconds)) {
    *ret_instant = (gint64)seconds * CLOCK_SECOND; // since 1970
  }
}

static void take_field(Reading *reading, SubscriberColumn column, Slice field, Fields *fields) {
  SubscriberState state = subscriber_state_of(column, field);
  if (state == STATE_UNKNOWN && fields->state != STATE_UNKNOWN) {
    fields->state_word = field;
  }
  fields->state = MAX(fields->state, state);
  if (field.length == 0) {
    return;
  }
  switch (column) {
  case COLUMN_ADDRESS:
    fields->address = keep(reading, field);
    break;
  case COLUMN_NAME:
    fields->name = keep(reading, field);
    break;
  case COLUMN_FIRST_NAME:
    fields->first_name = keep(reading, field);
    break;
  case COLUMN_LAST_NAME:
    fields->last_name = keep(reading, field);
    break;
  case COLUMN_NEWSLETTERS:
    fields->newsletters = keep(reading, field);
    break;
  case COLUMN_LEFT:
    fields->left = keep(reading, field);
    break;
  case COLUMN_SECTIONS:
    fields->sections = keep(reading, field);
    break;
  case COLUMN_LANGUAGE:
    fields->language = keep(reading, field);
    break;
  case COLUMN_ZONE:
    fields->zone = keep(reading, field);
    break;
  case COLUMN_SIGNED_UP:
    keep_time(reading, field, &fields->signed_up);
    break;
  case COLUMN_CONFIRMED:
    keep_time(reading, field, &fields->confirmed);
    break;
  case COLUMN_LEFT_AT:
    keep_time(reading, field, &fields->left_at);
    break;
  case COLUMN_PAUSED_UNTIL:
    keep_time(reading, field, &fields->paused_until);
    break;
  default:
    break;
  }
}

// NULL, or why the line's state keeps it out. Caller frees.
static char *state_fault(const Fields *fields, ReaderImportStatus *ret_status) {
  switch (fields->state) {
  case STATE_PENDING:
    return g_strdup("this reader never confirmed: without consent nobody is written to");
  case STATE_UNKNOWN: {
    g_autofree char *word = slice_dup(slice_range(fields->state_word, 0, 60));
    g_autofree char *valid = g_utf8_make_valid(word, -1);
    return g_strdup_printf("the status “%s” is not known: write active, unsubscribed, bounced, "
                           "complained or pending",
                           valid);
  }
  case STATE_LEFT:
    *ret_status = READER_IMPORT_LEFT;
    return NULL;
  case STATE_BOUNCED:
    *ret_status = READER_IMPORT_BOUNCED;
    return NULL;
  case STATE_COMPLAINED:
    *ret_status = READER_IMPORT_COMPLAINED;
    return NULL;
  default:
    *ret_status = READER_IMPORT_WANTED;
    return NULL;
  }
}

static gboolean import_fields(Reading *reading, const CsvRecord *record, const Fields *fields,
                              GError **error) {
  const char *texts = reading->texts->str;
  ReaderImportStatus status = READER_IMPORT_WANTED;
  g_autofree char *fault = state_fault(fields, &status);
  if (fault != NULL) {
    g_set_error_literal(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID, fault);
    return FALSE;
  }
  const char *name = texts + fields->name;
  g_autofree char *joined =
      *name == '\0' ? g_strconcat(texts + fields->first_name, " ", texts + fields->last_name, NULL)
                    : NULL;
  ReaderImportLine line = {.line = (gint64)record->line,
                           .address = texts + fields->address,
                           .name = joined != NULL ? joined : name,
                           .language = texts + fields->language,
                           .zone_name = texts + fields->zone,
                           .status = status,
                           .newsletters = texts + fields->newsletters,
                           .left = texts + fields->left,
                           .sections = texts + fields->sections,
                           .confirmed_at =
                               fields->confirmed != 0 ? fields->confirmed : fields->signed_up,
                           .left_at = fields->left_at,
                           .paused_until = fields->paused_until};
  return reader_import_add(reading->import, &line, error);
}

// FALSE with an error: the import failed.
static gboolean import_line(Reading *reading, const CsvRecord *record, GError **error) {
  const char *fault = record->fault;
  g_autoptr(GError) failure = NULL;
  Fields fields = {0};
  g_string_truncate(reading->texts, 0);
  g_string_append_c(reading->texts, '\0'); // place 0: what isn't said
  for (guint i = 0; fault == NULL && i < record->count; i++) {
    Slice field = slice_trim(csv_unguard(slice_trim(record->fields[i])));
    if (i < reading->columns->len) {
      take_field(reading, g_array_index(reading->columns, SubscriberColumn, i), field, &fields);
    } else if (field.length > 0) {
      fault = "it has more fields than there are headings";
    }
  }
  if (fault == NULL && import_fields(reading, record, &fields, &failure)) {
    return TRUE;
  }
  if (failure != NULL && !g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  refused_add(reading, record->line, failure != NULL ? failure->message : fault, record->fields,
              record->count);
  return TRUE;
}

static gboolean read_lines(Reading *reading, GError **error) {
  CsvRecord record;
  GError *failure = NULL;
  gboolean first = TRUE;
  for (guint64 count = 0; csv_reader_next(reading->reader, &record, &failure); count++) {
    gboolean is_line = TRUE;
    if (first && !read_headings(reading, &record, &is_line, error)) {
      return FALSE;
    }
    first = FALSE;
    if (is_line && !import_line(reading, &record, error)) {
      return FALSE;
    }
    if (reading->in->stop != NULL && g_atomic_int_get(reading->in->stop) != 0) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was stopped");
      return FALSE;
    }
    if (reading->in->reading != NULL && count % 1000 == 0) {
      reading->in->reading(csv_reader_done(reading->reader), csv_reader_total(reading->reader),
                           reading->in->data);
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return !first || refuse_columns(error, "there is nothing in it");
}

static void taking_over(guint64 done, guint64 total, gpointer data) {
  const Reading *reading = data;
  reading->in->taking_over(done, total, reading->in->data);
}

static gboolean begin(Reading *reading, Newsroom *newsroom, int file, GError **error) {
  const SubscribersCsvIn *in = reading->in;
  ReaderImportOptions options = {.source = in->source,
                                 .newsletters = in->newsletters,
                                 .dry_run = in->dry_run,
                                 .left_out = refused_later,
                                 .progress = in->taking_over != NULL ? taking_over : NULL,
                                 .stop = in->stop,
                                 .data = reading};
  reading->columns = g_array_new(FALSE, FALSE, sizeof(SubscriberColumn));
  reading->headings = g_ptr_array_new_with_free_func(g_free);
  reading->texts = g_string_new(NULL);
  reading->refused_text = g_string_new(NULL);
  reading->import = reader_import_new(newsroom, &options, error);
  reading->reader = reading->import != NULL ? csv_reader_new(file, error) : NULL;
  if (reading->reader == NULL) {
    return FALSE;
  }
  reading->report->encoding = csv_reader_encoding(reading->reader);
  reading->report->delimiter = csv_reader_delimiter(reading->reader);
  return TRUE;
}

gboolean subscribers_csv_read(Newsroom *newsroom, const SubscribersCsvIn *in,
                              SubscribersCsvReport *ret_report, GError **error) {
  *ret_report = (SubscribersCsvReport){.encoding = ""};
  g_auto(Reading) reading = {.in = in, .report = ret_report};
  int file = open(in->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return refuse_file(error, in->path, "opened");
  }
  unlink(in->refused_path); // of an earlier run
  gboolean done = begin(&reading, newsroom, file, error) && read_lines(&reading, error) &&
                  (in->take_over == NULL || in->take_over(in->data, error)) &&
                  reader_import_finish(reading.import, &ret_report->import, error);
  close(file);
  gboolean written = refused_close(&reading, done ? error : NULL);
  return done && written;
}
