// SPDX-License-Identifier: Apache-2.0
//
// Reads a PDF's objects back (ISO 32000-1, 7.3 and 7.5): cross-reference tables and streams, object
// streams, updates appended to a file, deflated streams. Enough for the files that edition/pdf
// writes and for those that others made of them; used by the scorecard, which believes only the
// finished file. Bytes are not trusted: what is damaged reads as null or ends with a GError, depth
// and sizes are bounded. One thread.
#pragma once

#include <glib.h>

typedef enum PdfValueKind {
  PDF_VALUE_NULL,
  PDF_VALUE_BOOLEAN,
  PDF_VALUE_NUMBER,
  PDF_VALUE_STRING,
  PDF_VALUE_NAME,
  PDF_VALUE_ARRAY,
  PDF_VALUE_DICTIONARY,
  PDF_VALUE_REFERENCE,
  PDF_VALUE_OPERATOR // of content streams only
} PdfValueKind;

typedef struct PdfValue PdfValue;
struct PdfValue {
  PdfValueKind kind;
  gint64 number;      // x 1000; a boolean's 0 or 1; a reference's object
  char *bytes;        // of a string, a name (without its slash), an operator; ends with 0
  gsize length;       // of them
  PdfValue *items;    // of an array; of a dictionary names and values by turns
  guint count;        // of items
  gsize stream;       // a dictionary's stream: where its bytes begin; 0: none
  gsize stream_bytes; // as the file has them
};
void pdf_value_clear(PdfValue *value);

// Parses one value or operator of `data` from *at on. FALSE: there is none (the end, or no PDF).
gboolean pdf_value_parse(const guint8 *data, gsize length, gsize *at, PdfValue *ret_value);

typedef struct PdfReader PdfReader;
PdfReader *pdf_reader_new(GBytes *pdf, GError **error); // EDITION_ERROR_PDF
void pdf_reader_free(PdfReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfReader, pdf_reader_free)

// Values belong to the reader; none is NULL: what isn't there is of PDF_VALUE_NULL.
const PdfValue *pdf_reader_root(PdfReader *reader);
const PdfValue *pdf_reader_resolve(PdfReader *reader, const PdfValue *value);
const PdfValue *pdf_reader_get(PdfReader *reader, const PdfValue *dictionary, const char *key);
const PdfValue *pdf_reader_item(PdfReader *reader, const PdfValue *array, guint index);
// Not followed if it is a reference: to know which object it is.
const PdfValue *pdf_value_get(const PdfValue *dictionary, const char *key);
gboolean pdf_value_is_name(const PdfValue *value, const char *name);
gint64 pdf_value_number(const PdfValue *value); // x 1000; 0 if it is none
char *pdf_value_text(const PdfValue *value);    // of a text string, UTF-8; "" if it is none
// A stream's bytes, inflated. Empty if it has none that can be read.
GBytes *pdf_reader_stream(PdfReader *reader, const PdfValue *dictionary);
