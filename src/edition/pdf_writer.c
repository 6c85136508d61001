// SPDX-License-Identifier: Apache-2.0
//
// Implements pdf_writer.h. Everything is kept until the end; then streams are written as they are,
// all other objects in object streams of a hundred, which halves a tagged file.
#include "edition/pdf_writer.h"

#include <gio/gio.h>
#include <string.h>

#define PACKED 100 // objects in a stream
#define HEADER "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

typedef struct PdfObject {
  GString *text;  // of a stream: its dictionary's entries
  GBytes *stream; // NULL: none
  guint64 offset; // in the file; of a packed one: the number of its stream
  guint32 index;  // in its object stream
  gboolean packed;
} PdfObject;

struct PdfWriter {
  GArray *objects; // PdfObject; number n stands at n - 1
  GByteArray *out;
};

static void object_clear(gpointer data) {
  PdfObject *object = data;
  if (object->text != NULL) {
    g_string_free(object->text, TRUE);
  }
  g_clear_pointer(&object->stream, g_bytes_unref);
}

PdfWriter *pdf_writer_new(void) {
  PdfWriter *writer = g_new0(PdfWriter, 1);
  writer->objects = g_array_new(FALSE, TRUE, sizeof(PdfObject));
  g_array_set_clear_func(writer->objects, object_clear);
  writer->out = g_byte_array_new();
  return writer;
}

void pdf_writer_free(PdfWriter *writer) {
  if (writer != NULL) {
    g_array_unref(writer->objects);
    g_clear_pointer(&writer->out, g_byte_array_unref);
    g_free(writer);
  }
}

static PdfObject *object_at(PdfWriter *writer, guint number) {
  g_assert(number >= 1 && number <= writer->objects->len);
  return &g_array_index(writer->objects, PdfObject, number - 1);
}

guint pdf_reserve(PdfWriter *writer) {
  g_array_set_size(writer->objects, writer->objects->len + 1);
  return writer->objects->len;
}

void pdf_put(PdfWriter *writer, guint number, GString *text) {
  PdfObject *object = object_at(writer, number);
  g_assert(object->text == NULL);
  object->text = text;
}

guint pdf_add(PdfWriter *writer, GString *text) {
  guint number = pdf_reserve(writer);
  pdf_put(writer, number, text);
  return number;
}

static GBytes *deflated(const void *data, gsize length) {
  // 4: a tenth more bytes of text than 6, in half the time, and pictures are most of a file.
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 4);
  gsize size = length + length / 500 + 128;
  char *out = g_malloc(size);
  gsize read = 0;
  gsize written = 0;
  GConverterResult result = g_converter_convert(G_CONVERTER(compressor), data, length, out, size,
                                                G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
  g_assert(result == G_CONVERTER_FINISHED && read == length);
  return g_bytes_new_take(g_realloc(out, MAX(written, 1)), written);
}

void pdf_put_stream(PdfWriter *writer, guint number, const char *entries, const void *data,
                    gsize length, gboolean deflate) {
  PdfObject *object = object_at(writer, number);
  g_assert(object->text == NULL);
  deflate = deflate && length > 0;
  object->stream = deflate ? deflated(data, length) : g_bytes_new(data, length);
  object->text = g_string_new(entries);
  if (deflate) {
    g_string_append(object->text, "/Filter/FlateDecode");
  }
  g_string_append_printf(object->text, "/Length %" G_GSIZE_FORMAT,
                         g_bytes_get_size(object->stream));
}

// ---- the file ---------------------------------------------------------------------------------

static void emit(PdfWriter *writer, const void *data, gsize length) {
  g_byte_array_append(writer->out, data, (guint)length);
}

static void emit_text(PdfWriter *writer, const char *text) {
  emit(writer, text, strlen(text));
}

static void emit_stream(PdfWriter *writer, guint number) {
  PdfObject *object = object_at(writer, number);
  g_autofree char *head = g_strdup_printf("%u 0 obj\n<<%s>>\nstream\n", number, object->text->str);
  object->offset = writer->out->len;
  emit_text(writer, head);
  gsize length = 0;
  const void *data = g_bytes_get_data(object->stream, &length);
  emit(writer, data, length);
  emit_text(writer, "\nendstream\nendobj\n");
}

static void pack(PdfWriter *writer, const guint *numbers, guint count) {
  g_autoptr(GString) index = g_string_new(NULL);
  g_autoptr(GString) body = g_string_new(NULL);
  guint number = pdf_reserve(writer);
  for (guint i = 0; i < count; i++) {
    PdfObject *object = object_at(writer, numbers[i]);
    g_string_append_printf(index, "%u %" G_GSIZE_FORMAT " ", numbers[i], body->len);
    g_string_append_len(body, object->text->str, (gssize)object->text->len);
    g_string_append_c(body, '\n');
    object->packed = TRUE;
    object->offset = number;
    object->index = i;
  }
  g_autofree char *entries =
      g_strdup_printf("/Type/ObjStm/N %u/First %" G_GSIZE_FORMAT, count, index->len);
  g_string_append_len(index, body->str, (gssize)body->len);
  pdf_put_stream(writer, number, entries, index->str, index->len, TRUE);
  emit_stream(writer, number);
}

static void emit_objects(PdfWriter *writer) {
  guint count = writer->objects->len;
  g_autofree guint *numbers = g_new(guint, PACKED);
  guint waiting = 0;
  for (guint number = 1; number <= count; number++) {
    const PdfObject *object = object_at(writer, number);
    g_assert(object->text != NULL); // reserved and never put
    if (object->stream != NULL) {
      emit_stream(writer, number);
      continue;
    }
    numbers[waiting++] = number;
    if (waiting == PACKED) {
      pack(writer, numbers, waiting);
      waiting = 0;
    }
  }
  if (waiting > 0) {
    pack(writer, numbers, waiting);
  }
}

static void add_entry(GByteArray *table, guint8 type, guint64 field, guint32 last) {
  guint8 entry[9] = {type};
  for (guint i = 0; i < 4; i++) {
    entry[1 + i] = (guint8)(field >> (24 - 8 * i));
    entry[5 + i] = (guint8)(last >> (24 - 8 * i));
  }
  g_byte_array_append(table, entry, sizeof entry);
}

static GByteArray *cross_references(PdfWriter *writer) {
  GByteArray *table = g_byte_array_new();
  add_entry(table, 0, 0, 65535);
  for (guint number = 1; number <= writer->objects->len; number++) {
    const PdfObject *object = object_at(writer, number);
    add_entry(table, object->packed ? 2 : 1, object->offset, object->packed ? object->index : 0);
  }
  return table;
}

GBytes *pdf_writer_finish(PdfWriter *writer, guint root, guint info) {
  emit_text(writer, HEADER);
  emit_objects(writer);
  g_autofree char *id =
      g_compute_checksum_for_data(G_CHECKSUM_MD5, writer->out->data, writer->out->len);
  guint number = pdf_reserve(writer);
  guint64 start = writer->out->len;
  object_at(writer, number)->offset = start;
  g_autoptr(GByteArray) table = cross_references(writer);
  g_autofree char *entries =
      g_strdup_printf("/Type/XRef/Size %u/W[1 4 4]/Root %u 0 R/Info %u 0 R/ID[<%s><%s>]",
                      writer->objects->len + 1, root, info, id, id);
  pdf_put_stream(writer, number, entries, table->data, table->len, TRUE);
  emit_stream(writer, number);
  g_autofree char *tail = g_strdup_printf("startxref\n%" G_GUINT64_FORMAT "\n%%%%EOF\n", start);
  emit_text(writer, tail);
  return g_byte_array_free_to_bytes(g_steal_pointer(&writer->out));
}

// ---- values -----------------------------------------------------------------------------------

void pdf_write_length(GString *out, gint64 length) {
  char text[32];
  guint at = sizeof text;
  guint64 number = (guint64)ABS(length);
  guint64 rest = number % 1000;
  guint decimals = rest == 0 ? 0 : rest % 100 == 0 ? 1 : rest % 10 == 0 ? 2 : 3;
  for (guint i = 0; i < 3 - decimals; i++) {
    rest /= 10;
  }
  for (guint i = 0; i < decimals; i++, rest /= 10) {
    text[--at] = (char)('0' + rest % 10);
  }
  if (decimals > 0) {
    text[--at] = '.';
  }
  number /= 1000;
  do {
    text[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  if (length < 0) {
    text[--at] = '-';
  }
  g_string_append_len(out, text + at, (gssize)(sizeof text - at));
}

void pdf_write_utf16_hex(GString *out, const char *text, gsize length) {
  const char *end = text + length;
  for (const char *at = text; at < end; at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);
    if (letter < 0x10000) {
      g_string_append_printf(out, "%04X", letter);
    } else {
      letter -= 0x10000;
      g_string_append_printf(out, "%04X%04X", 0xd800 + (letter >> 10), 0xdc00 + (letter & 0x3ff));
    }
  }
}

void pdf_write_ascii(GString *out, const char *text) {
  g_string_append_c(out, '(');
  for (; *text != '\0'; text++) {
    if (*text == '(' || *text == ')' || *text == '\\') {
      g_string_append_c(out, '\\');
    }
    if ((guchar)*text < 0x20 || (guchar)*text >= 0x7f) {
      g_string_append_printf(out, "\\%03o", (guchar)*text);
    } else {
      g_string_append_c(out, *text);
    }
  }
  g_string_append_c(out, ')');
}

void pdf_write_text(GString *out, const char *text) {
  if (g_str_is_ascii(text)) {
    pdf_write_ascii(out, text);
    return;
  }
  g_string_append(out, "<FEFF");
  pdf_write_utf16_hex(out, text, strlen(text));
  g_string_append_c(out, '>');
}

void pdf_write_name(GString *out, const char *name) {
  g_string_append_c(out, '/');
  for (; *name != '\0'; name++) {
    if (g_ascii_isalnum(*name) || strchr("-_.+", *name) != NULL) {
      g_string_append_c(out, *name);
    } else {
      g_string_append_printf(out, "#%02X", (guchar)*name);
    }
  }
}
