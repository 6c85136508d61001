// SPDX-License-Identifier: Apache-2.0
//
// PDF objects to bytes (ISO 32000-1, 7.5): numbered objects in any order, small ones packed into
// object streams, streams deflated, a cross-reference stream at the end. Inside of edition/pdf*.
// One thread.
#pragma once

#include <glib.h>

typedef struct PdfWriter PdfWriter;
PdfWriter *pdf_writer_new(void);
void pdf_writer_free(PdfWriter *writer);

guint pdf_reserve(PdfWriter *writer); // the number of an object to come, from 1
// Each number is put once. `text` is taken: the object as PDF writes it.
void pdf_put(PdfWriter *writer, guint number, GString *text);
guint pdf_add(PdfWriter *writer, GString *text);
// entries: of the stream's dictionary, without Length and Filter ("" for none).
void pdf_put_stream(PdfWriter *writer, guint number, const char *entries, const void *data,
                    gsize length, gboolean deflate);

// The file, closed with the numbers of its catalogue and information.
GBytes *pdf_writer_finish(PdfWriter *writer, guint root, guint info);

// ---- writing values: each escapes what it must ------------------------------------------------

void pdf_write_length(GString *out, gint64 length);   // 1/1000 pt as points
void pdf_write_text(GString *out, const char *text);  // a text string: ASCII or UTF-16BE
void pdf_write_ascii(GString *out, const char *text); // a byte string: addresses
void pdf_write_name(GString *out, const char *name);  // with its slash
void pdf_write_utf16_hex(GString *out, const char *text, gsize length); // digits only
