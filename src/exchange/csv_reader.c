// SPDX-License-Identifier: Apache-2.0
//
// Implements csv_reader.h over csv_bytes.h. A record is looked for in a buffer that grows by blocks
// until the record's end is in it. A quote that nothing closes costs its own line, not the rest of
// the file: the record is a fault, and reading goes on at the next line.
#include "exchange/csv_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "exchange/csv_bytes.h"

G_DEFINE_QUARK(broadsheet - csv - error, csv_error)

#define SAMPLE_RECORDS 20
#define UNCLOSED_MOST 100 // quotes that nothing closes before the file is given up

typedef struct Span {
  gsize start, length; // in `texts`
} Span;

struct CsvReader {
  CsvBytes bytes;
  int copy; // of what can't be sought in; else -1
  char delimiter;
  GString *buffer; // decoded, from `at` on not read yet
  gsize at;
  gboolean at_end; // nothing follows what is in the buffer
  guint64 line;    // of `at`
  guint unclosed;
  GString *texts; // of the record's fields
  GArray *spans;  // Span
  GArray *fields; // Slice
};

void csv_reader_free(CsvReader *reader) {
  if (reader == NULL) {
    return;
  }
  if (reader->copy >= 0) {
    close(reader->copy);
  }
  g_string_free(reader->buffer, TRUE);
  g_string_free(reader->texts, TRUE);
  g_array_unref(reader->spans);
  g_array_unref(reader->fields);
  g_free(reader);
}

// ---- one record -------------------------------------------------------------------------------

typedef enum Outcome {
  RECORD_WHOLE,
  RECORD_CUT,     // its end is not in the text
  RECORD_TOO_MANY // fields
} Outcome;

// A place in a text, and the lines passed on the way.
typedef struct Cursor {
  const char *at, *end;
  guint64 lines;
} Cursor;

static gboolean passes_line_end(Cursor *cursor) {
  if (cursor->at == cursor->end || (*cursor->at != '\n' && *cursor->at != '\r')) {
    return FALSE;
  }
  cursor->at +=
      *cursor->at == '\r' && cursor->at + 1 < cursor->end && cursor->at[1] == '\n' ? 2 : 1;
  cursor->lines++;
  return TRUE;
}

// From after the opening quote to after the closing one. FALSE: there is none in the text.
static gboolean read_quoted(Cursor *cursor, GString *out) {
  while (cursor->at < cursor->end) {
    const char *run = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != '"' && *cursor->at != '\n' &&
           *cursor->at != '\r') {
      cursor->at++;
    }
    g_string_append_len(out, run, cursor->at - run);
    const char *mark = cursor->at;
    if (passes_line_end(cursor)) {
      g_string_append_len(out, mark, cursor->at - mark);
    } else if (cursor->at < cursor->end) {
      cursor->at++;
      if (cursor->at == cursor->end || *cursor->at != '"') {
        return TRUE;
      }
      g_string_append_c(out, '"');
      cursor->at++;
    }
  }
  return FALSE;
}

static gboolean ends_field(const Cursor *cursor, char delimiter) {
  return cursor->at == cursor->end || *cursor->at == delimiter || *cursor->at == '\n' ||
         *cursor->at == '\r';
}

static gboolean read_field(Cursor *cursor, char delimiter, GString *out) {
  const char *from = cursor->at;
  while (cursor->at < cursor->end && *cursor->at == ' ') { // before a quote, blanks mean nothing
    cursor->at++;
  }
  if (cursor->at < cursor->end && *cursor->at == '"') {
    cursor->at++;
    if (!read_quoted(cursor, out)) {
      return FALSE;
    }
    from = cursor->at; // what stands between the quote and the delimiter belongs to it
  }
  while (!ends_field(cursor, delimiter)) {
    cursor->at++;
  }
  g_string_append_len(out, from, cursor->at - from);
  return TRUE;
}

// Reads a record at the cursor; `spans` and `texts` get its fields. `whole`: nothing follows the
// text.
static Outcome read_record(Cursor *cursor, char delimiter, gboolean whole, GString *texts,
                           GArray *spans) {
  Outcome outcome = RECORD_WHOLE;
  g_string_truncate(texts, 0);
  g_array_set_size(spans, 0);
  for (;;) {
    Span span = {texts->len, 0};
    if (!read_field(cursor, delimiter, texts)) {
      return RECORD_CUT;
    }
    span.length = texts->len - span.start;
    if (spans->len < CSV_FIELDS_MOST) {
      g_array_append_val(spans, span);
    } else {
      outcome = RECORD_TOO_MANY;
    }
    // At the text's end a delimiter, a second quote or the LF of a CRLF may be still to come.
    if (!whole && cursor->end - cursor->at < 2) {
      return RECORD_CUT;
    }
    if (passes_line_end(cursor) || cursor->at == cursor->end) {
      return outcome;
    }
    cursor->at++;
  }
}

// ---- the file ---------------------------------------------------------------------------------

static gboolean read_more(CsvReader *reader, GError **error) {
  gboolean more = FALSE;
  g_string_erase(reader->buffer, 0, (gssize)reader->at);
  reader->at = 0;
  if (!csv_bytes_next(&reader->bytes, reader->buffer, &more, error)) {
    return FALSE;
  }
  reader->at_end = !more;
  return TRUE;
}

static void pass_empty_lines(CsvReader *reader) {
  Cursor cursor = {reader->buffer->str + reader->at, reader->buffer->str + reader->buffer->len, 0};
  // A CR at the buffer's end may be half of a CRLF.
  while ((cursor.end - cursor.at > 1 || reader->at_end) && passes_line_end(&cursor)) {
  }
  reader->at = (gsize)(cursor.at - reader->buffer->str);
  reader->line += cursor.lines;
}

static void point_fields(CsvReader *reader) {
  g_array_set_size(reader->fields, 0);
  for (guint i = 0; i < reader->spans->len; i++) {
    const Span *span = &g_array_index(reader->spans, Span, i);
    Slice field = {reader->texts->str + span->start, span->length};
    g_array_append_val(reader->fields, field);
  }
}

// Field by field: what is broken by a delimiter would be whole again in `texts`.
static gboolean is_utf8(const CsvReader *reader) {
  for (guint i = 0; i < reader->spans->len; i++) {
    const Span *span = &g_array_index(reader->spans, Span, i);
    if (!g_utf8_validate_len(reader->texts->str + span->start, span->length, NULL)) {
      return FALSE;
    }
  }
  return TRUE;
}

static void give(CsvReader *reader, const Cursor *cursor, const char *fault, CsvRecord *record) {
  if (fault == NULL && reader->bytes.encoding == CSV_UTF8_DAMAGED && !is_utf8(reader)) {
    fault = "it is not written in UTF-8, as the rest of the file is";
  }
  if (fault == NULL && memchr(reader->texts->str, '\0', reader->texts->len) != NULL) {
    fault = "there is a NUL in it";
  }
  point_fields(reader);
  *record = (CsvRecord){.line = reader->line,
                        .fields = (const Slice *)(gpointer)reader->fields->data,
                        .count = reader->fields->len,
                        .fault = fault};
  reader->at = (gsize)(cursor->at - reader->buffer->str);
  reader->line += cursor->lines;
}

// The record's first line alone, as one field.
static void give_first_line(CsvReader *reader, const char *fault, CsvRecord *record) {
  const char *from = reader->buffer->str + reader->at;
  Cursor cursor = {from, reader->buffer->str + reader->buffer->len, 0};
  while (cursor.at < cursor.end && *cursor.at != '\n' && *cursor.at != '\r') {
    cursor.at++;
  }
  Span span = {0, (gsize)(cursor.at - from)};
  g_string_truncate(reader->texts, 0);
  g_string_append_len(reader->texts, from, cursor.at - from);
  g_array_set_size(reader->spans, 0);
  g_array_append_val(reader->spans, span);
  passes_line_end(&cursor);
  give(reader, &cursor, fault, record);
}

static gboolean give_unclosed(CsvReader *reader, CsvRecord *record, GError **error) {
  if (++reader->unclosed > UNCLOSED_MOST) {
    g_set_error(error, CSV_ERROR, CSV_ERROR_QUOTES,
                "line %" G_GUINT64_FORMAT
                ": for the %dth time a quote (\") is opened and never closed; save the file again "
                "as CSV",
                reader->line, UNCLOSED_MOST);
    return FALSE;
  }
  give_first_line(reader, "a quote (\") is opened in it and never closed", record);
  return TRUE;
}

gboolean csv_reader_next(CsvReader *reader, CsvRecord *ret_record, GError **error) {
  for (;;) {
    pass_empty_lines(reader);
    gsize length = reader->buffer->len - reader->at;
    const char *from = reader->buffer->str + reader->at;
    Cursor cursor = {from, from + length, 0};
    if (length > 0) {
      Outcome outcome =
          read_record(&cursor, reader->delimiter, reader->at_end, reader->texts, reader->spans);
      if (outcome != RECORD_CUT) {
        give(reader, &cursor, outcome == RECORD_TOO_MANY ? "it has too many fields" : NULL,
             ret_record);
        return TRUE;
      }
      if (reader->at_end || length > CSV_RECORD_LONGEST) {
        return give_unclosed(reader, ret_record, error);
      }
    } else if (reader->at_end) {
      return FALSE;
    }
    if (!read_more(reader, error)) {
      return FALSE;
    }
  }
}

// ---- opening ----------------------------------------------------------------------------------

// How well a delimiter parts the sample: its fields in the first record, times the records that
// have as many.
static guint64 delimiter_score(const CsvReader *reader, char delimiter) {
  g_autoptr(GString) texts = g_string_new(NULL);
  g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));
  Cursor cursor = {reader->buffer->str + reader->at, reader->buffer->str + reader->buffer->len, 0};
  guint first = 0;
  guint alike = 0;
  for (guint i = 0; i < SAMPLE_RECORDS && cursor.at < cursor.end; i++) {
    if (read_record(&cursor, delimiter, reader->at_end, texts, spans) == RECORD_CUT) {
      break;
    }
    first = i == 0 ? spans->len : first;
    alike += spans->len == first;
  }
  return first > 1 ? (guint64)alike * 1000 + first : 0;
}

static char find_delimiter(const CsvReader *reader) {
  static const char DELIMITERS[] = {',', ';', '\t', '|'};
  char best = ',';
  guint64 most = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(DELIMITERS); i++) {
    guint64 score = delimiter_score(reader, DELIMITERS[i]);
    if (score > most) {
      most = score;
      best = DELIMITERS[i];
    }
  }
  return best;
}

// "sep=;", the first line that spreadsheets write for each other.
static gboolean take_separator_line(CsvReader *reader) {
  const char *from = reader->buffer->str + reader->at;
  gsize length = reader->buffer->len - reader->at;
  if (length < 6 || g_ascii_strncasecmp(from, "sep=", 4) != 0 || from[4] == '\0' ||
      strchr(",;\t|", from[4]) == NULL || (from[5] != '\r' && from[5] != '\n')) {
    return FALSE;
  }
  reader->delimiter = from[4];
  reader->at += 5;
  pass_empty_lines(reader);
  return TRUE;
}

// A copy that can be gone through twice. -1 on error.
static int copy_to_file(int from, GError **error) {
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "broadsheet-csv-XXXXXX", NULL);
  g_autofree char *block = g_malloc(64 << 10);
  int file = g_mkstemp(path);
  gssize got = 0;
  if (file >= 0) {
    unlink(path);
    while ((got = read(from, block, 64 << 10)) > 0) {
      if (write(file, block, (gsize)got) != got) {
        got = -1;
        break;
      }
    }
  }
  if (file < 0 || got < 0) {
    g_set_error(error, CSV_ERROR, CSV_ERROR_READ, "the lines can't be kept in %s: %s",
                g_get_tmp_dir(), g_strerror(errno));
    if (file >= 0) {
      close(file);
    }
    return -1;
  }
  return file;
}

CsvReader *csv_reader_new(int file, GError **error) {
  g_autoptr(CsvReader) reader = g_new0(CsvReader, 1);
  reader->copy = -1;
  reader->line = 1;
  reader->buffer = g_string_new(NULL);
  reader->texts = g_string_new(NULL);
  reader->spans = g_array_new(FALSE, FALSE, sizeof(Span));
  reader->fields = g_array_new(FALSE, FALSE, sizeof(Slice));
  if (lseek(file, 0, SEEK_CUR) < 0) {
    reader->copy = copy_to_file(file, error);
    if (reader->copy < 0) {
      return NULL;
    }
    file = reader->copy;
  }
  if (!csv_bytes_begin(&reader->bytes, file, error) || !read_more(reader, error) ||
      (!reader->at_end && !read_more(reader, error))) {
    return NULL;
  }
  pass_empty_lines(reader);
  if (!take_separator_line(reader)) {
    reader->delimiter = find_delimiter(reader);
  }
  return g_steal_pointer(&reader);
}

guint64 csv_reader_done(const CsvReader *reader) {
  return reader->bytes.done;
}

guint64 csv_reader_total(const CsvReader *reader) {
  return reader->bytes.total;
}

const char *csv_reader_encoding(const CsvReader *reader) {
  static const char *const NAMES[] = {[CSV_UTF8] = "UTF-8",
                                      [CSV_UTF8_DAMAGED] = "UTF-8",
                                      [CSV_UTF16_LITTLE] = "UTF-16",
                                      [CSV_UTF16_BIG] = "UTF-16",
                                      [CSV_WINDOWS_1252] = "Windows-1252"};
  return NAMES[reader->bytes.encoding];
}

char csv_reader_delimiter(const CsvReader *reader) {
  return reader->delimiter;
}
