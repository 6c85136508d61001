// SPDX-License-Identifier: Apache-2.0
//
// Implements pdf_reader.h: the syntax of values, then the file that holds them.
#include "edition/pdf_reader.h"

#include <gio/gio.h>
#include <string.h>

#include "edition/edition.h"

#define MOST_DEPTH 64             // of arrays and dictionaries in one another
#define MOST_FOLLOWED 16          // references to references
#define MOST_SECTIONS 64          // of cross-references
#define MOST_OBJECTS 2000000      // that a file may have
#define MOST_INFLATED (256 << 20) // bytes of all streams that are asked for
#define MOST_NUMBER (1LL << 40)   // of a number, without its decimals
#define INFLATED_AT_A_TIME (64 * 1024)

static const PdfValue NOTHING = {.kind = PDF_VALUE_NULL};

// ---- values -----------------------------------------------------------------------------------

void pdf_value_clear(PdfValue *value) {
  for (guint i = 0; i < value->count; i++) {
    pdf_value_clear(&value->items[i]);
  }
  g_free(value->items);
  g_free(value->bytes);
  *value = NOTHING;
}

typedef struct Input {
  const guint8 *data;
  gsize length, at;
  guint depth;
} Input;

static gboolean is_space(guint8 byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\f' || byte == 0;
}

static gboolean is_delimiter(guint8 byte) {
  return byte != 0 && strchr("()<>[]{}/%", byte) != NULL;
}

static void skip_space(Input *in) {
  while (in->at < in->length && (is_space(in->data[in->at]) || in->data[in->at] == '%')) {
    if (in->data[in->at] == '%') {
      while (in->at < in->length && in->data[in->at] != '\n' && in->data[in->at] != '\r') {
        in->at++;
      }
      continue;
    }
    in->at++;
  }
}

static gboolean looking_at(const Input *in, const char *words) {
  gsize length = strlen(words);
  return in->length - in->at >= length && memcmp(in->data + in->at, words, length) == 0;
}

static void take_string(PdfValue *value, PdfValueKind kind, GString *string) {
  value->kind = kind;
  value->length = string->len;
  value->bytes = g_string_free(string, FALSE);
}

static void parse_escape(Input *in, GString *out) {
  static const char FROM[] = "nrtbf";
  static const char TO[] = "\n\r\t\b\f";
  guint8 byte = in->at < in->length ? in->data[in->at++] : 0;
  const char *found = byte != 0 ? strchr(FROM, byte) : NULL;
  if (byte >= '0' && byte <= '7') {
    guint code = byte - '0';
    for (guint i = 0;
         i < 2 && in->at < in->length && in->data[in->at] >= '0' && in->data[in->at] <= '7'; i++) {
      code = code * 8 + in->data[in->at++] - '0';
    }
    g_string_append_c(out, (char)code);
  } else if (found != NULL) {
    g_string_append_c(out, TO[found - FROM]);
  } else if (byte != '\n' && byte != '\r') {
    g_string_append_c(out, (char)byte);
  }
}

static void parse_string(Input *in, PdfValue *value) {
  GString *out = g_string_new(NULL);
  guint open = 1;
  in->at++;
  while (in->at < in->length) {
    guint8 byte = in->data[in->at++];
    if (byte == '\\') {
      parse_escape(in, out);
      continue;
    }
    open += byte == '(' ? 1 : 0;
    open -= byte == ')' ? 1 : 0;
    if (open == 0) {
      break;
    }
    g_string_append_c(out, (char)byte);
  }
  take_string(value, PDF_VALUE_STRING, out);
}

static void parse_hex(Input *in, PdfValue *value) {
  GString *out = g_string_new(NULL);
  gint half = -1;
  in->at++;
  while (in->at < in->length && in->data[in->at] != '>') {
    gint digit = g_ascii_xdigit_value((char)in->data[in->at++]);
    if (digit < 0) {
      continue;
    }
    if (half >= 0) {
      g_string_append_c(out, (char)(half << 4 | digit));
      half = -1;
    } else {
      half = digit;
    }
  }
  if (half >= 0) {
    g_string_append_c(out, (char)(half << 4));
  }
  in->at += in->at < in->length ? 1 : 0;
  take_string(value, PDF_VALUE_STRING, out);
}

static void parse_name(Input *in, PdfValue *value) {
  GString *out = g_string_new(NULL);
  in->at++;
  while (in->at < in->length && !is_space(in->data[in->at]) && !is_delimiter(in->data[in->at])) {
    guint8 byte = in->data[in->at++];
    if (byte == '#' && in->length - in->at >= 2 && g_ascii_isxdigit((char)in->data[in->at]) &&
        g_ascii_isxdigit((char)in->data[in->at + 1])) {
      byte = (guint8)(g_ascii_xdigit_value((char)in->data[in->at]) << 4 |
                      g_ascii_xdigit_value((char)in->data[in->at + 1]));
      in->at += 2;
    }
    g_string_append_c(out, (char)byte);
  }
  take_string(value, PDF_VALUE_NAME, out);
}

static gboolean parse_number(Input *in, PdfValue *value) {
  gsize at = in->at;
  gboolean negative = FALSE;
  gint64 whole = 0;
  guint digits = 0;
  if (in->data[at] == '+' || in->data[at] == '-') {
    negative = in->data[at++] == '-';
  }
  for (; at < in->length && g_ascii_isdigit((char)in->data[at]); at++, digits++) {
    whole = MIN(whole * 10 + (in->data[at] - '0'), MOST_NUMBER);
  }
  gint64 parts = 0;
  gint64 unit = 100;
  if (at < in->length && in->data[at] == '.') {
    for (at++; at < in->length && g_ascii_isdigit((char)in->data[at]); at++, digits++) {
      parts += (in->data[at] - '0') * unit;
      unit /= 10;
    }
  }
  if (digits == 0) {
    return FALSE;
  }
  in->at = at;
  value->kind = PDF_VALUE_NUMBER;
  value->number = (whole * 1000 + parts) * (negative ? -1 : 1);
  return TRUE;
}

static void parse_word(Input *in, PdfValue *value) {
  GString *out = g_string_new(NULL);
  while (in->at < in->length && !is_space(in->data[in->at]) && !is_delimiter(in->data[in->at])) {
    g_string_append_c(out, (char)in->data[in->at++]);
  }
  if (strcmp(out->str, "true") == 0 || strcmp(out->str, "false") == 0) {
    value->kind = PDF_VALUE_BOOLEAN;
    value->number = out->str[0] == 't';
    g_string_free(out, TRUE);
  } else if (strcmp(out->str, "null") == 0) {
    g_string_free(out, TRUE);
  } else {
    take_string(value, PDF_VALUE_OPERATOR, out);
  }
}

static gboolean parse(Input *in, PdfValue *value);

// "12 0 R" is one value of three that were parsed.
static void join_reference(GArray *items) {
  guint count = items->len;
  PdfValue *values = (PdfValue *)(void *)items->data;
  if (count < 3 || values[count - 3].kind != PDF_VALUE_NUMBER ||
      values[count - 2].kind != PDF_VALUE_NUMBER) {
    return;
  }
  pdf_value_clear(&values[count - 1]);
  values[count - 3].kind = PDF_VALUE_REFERENCE;
  values[count - 3].number /= 1000;
  g_array_set_size(items, count - 2);
}

static void parse_items(Input *in, PdfValue *value, const char *end) {
  GArray *items = g_array_new(FALSE, TRUE, sizeof(PdfValue));
  in->depth++;
  for (;;) {
    skip_space(in);
    PdfValue item = NOTHING;
    if (in->at >= in->length || looking_at(in, end)) {
      in->at = MIN(in->at + strlen(end), in->length);
      break;
    }
    if (!parse(in, &item)) {
      in->at = in->length;
      break;
    }
    g_array_append_val(items, item);
    if (item.kind == PDF_VALUE_OPERATOR && strcmp(item.bytes, "R") == 0) {
      join_reference(items);
    }
  }
  in->depth--;
  value->count = items->len;
  value->items = (PdfValue *)(void *)g_array_free(items, FALSE);
}

static gboolean parse(Input *in, PdfValue *value) {
  *value = NOTHING;
  skip_space(in);
  if (in->at >= in->length || in->depth > MOST_DEPTH) {
    return FALSE;
  }
  guint8 first = in->data[in->at];
  if (first == '(') {
    parse_string(in, value);
  } else if (looking_at(in, "<<")) {
    in->at += 2;
    value->kind = PDF_VALUE_DICTIONARY;
    parse_items(in, value, ">>");
  } else if (first == '<') {
    parse_hex(in, value);
  } else if (first == '[') {
    in->at++;
    value->kind = PDF_VALUE_ARRAY;
    parse_items(in, value, "]");
  } else if (first == '/') {
    parse_name(in, value);
  } else if (is_delimiter(first)) {
    return FALSE;
  } else if (!((first == '+' || first == '-' || first == '.' || g_ascii_isdigit((char)first)) &&
               parse_number(in, value))) {
    parse_word(in, value);
  }
  return TRUE;
}

gboolean pdf_value_parse(const guint8 *data, gsize length, gsize *at, PdfValue *ret_value) {
  Input in = {data, length, *at, 0};
  gboolean good = parse(&in, ret_value);
  *at = in.at;
  return good;
}

const PdfValue *pdf_value_get(const PdfValue *dictionary, const char *key) {
  if (dictionary->kind == PDF_VALUE_DICTIONARY) {
    for (guint i = 0; i + 1 < dictionary->count; i += 2) {
      if (pdf_value_is_name(&dictionary->items[i], key)) {
        return &dictionary->items[i + 1];
      }
    }
  }
  return &NOTHING;
}

gboolean pdf_value_is_name(const PdfValue *value, const char *name) {
  return value->kind == PDF_VALUE_NAME && strcmp(value->bytes, name) == 0;
}

gint64 pdf_value_number(const PdfValue *value) {
  return value->kind == PDF_VALUE_NUMBER ? value->number : 0;
}

char *pdf_value_text(const PdfValue *value) {
  if (value->kind != PDF_VALUE_STRING) {
    return g_strdup("");
  }
  if (value->length >= 2 && memcmp(value->bytes, "\xfe\xff", 2) == 0) {
    char *text = g_convert(value->bytes + 2, (gssize)value->length - 2, "UTF-8", "UTF-16BE", NULL,
                           NULL, NULL);
    return text != NULL ? text : g_strdup("");
  }
  return g_utf8_make_valid(value->bytes, (gssize)value->length);
}

// ---- the file ---------------------------------------------------------------------------------

typedef struct Entry { // of the cross-references
  gboolean known, packed;
  guint64 offset; // of a packed object: the number of its stream
  guint32 index;
} Entry;

struct PdfReader {
  GBytes *bytes;
  const guint8 *data;
  gsize length;
  GArray *entries;     // Entry, by number
  GHashTable *objects; // number -> PdfValue
  GHashTable *packs;   // number of an object stream -> Pack
  PdfValue trailer;
  gsize inflated; // bytes so far
};

static void value_free(gpointer data) {
  pdf_value_clear(data);
  g_free(data);
}

void pdf_reader_free(PdfReader *reader) {
  if (reader == NULL) {
    return;
  }
  g_array_unref(reader->entries);
  g_hash_table_unref(reader->objects);
  g_hash_table_unref(reader->packs);
  pdf_value_clear(&reader->trailer);
  g_bytes_unref(reader->bytes);
  g_free(reader);
}

static GBytes *inflate(const guint8 *data, gsize length, gsize most) {
  g_autoptr(GZlibDecompressor) inflater = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  GByteArray *out = g_byte_array_new();
  gsize at = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;
  while (result == G_CONVERTER_CONVERTED && out->len < most) {
    guint before = out->len;
    gsize read = 0;
    gsize written = 0;
    g_byte_array_set_size(out, before + INFLATED_AT_A_TIME);
    result =
        g_converter_convert(G_CONVERTER(inflater), data + at, length - at, out->data + before,
                            INFLATED_AT_A_TIME, G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
    gboolean some = result != G_CONVERTER_ERROR;
    g_byte_array_set_size(out, before + (some ? (guint)written : 0));
    at += some ? read : 0;
  }
  return g_byte_array_free_to_bytes(out);
}

static GBytes *read_stream(PdfReader *reader, const PdfValue *dictionary, const PdfValue *filter) {
  if (dictionary->stream == 0) {
    return g_bytes_new(NULL, 0);
  }
  const PdfValue *only =
      filter->kind == PDF_VALUE_ARRAY && filter->count == 1 ? filter->items : filter;
  if (pdf_value_is_name(only, "FlateDecode")) {
    GBytes *bytes = inflate(reader->data + dictionary->stream, dictionary->stream_bytes,
                            MOST_INFLATED - reader->inflated);
    reader->inflated += MIN(g_bytes_get_size(bytes), MOST_INFLATED - reader->inflated);
    return bytes;
  }
  return g_bytes_new_from_bytes(reader->bytes, dictionary->stream, dictionary->stream_bytes);
}

GBytes *pdf_reader_stream(PdfReader *reader, const PdfValue *dictionary) {
  return read_stream(reader, dictionary, pdf_reader_get(reader, dictionary, "Filter"));
}

static gsize find_words(const PdfReader *reader, gsize from, const char *words) {
  const guint8 *found = from < reader->length ? memmem(reader->data + from, reader->length - from,
                                                       words, strlen(words))
                                              : NULL;
  return found != NULL ? (gsize)(found - reader->data) : reader->length;
}

// Where the stream of a dictionary that was parsed up to `at` lies.
static void find_stream(PdfReader *reader, gsize at, PdfValue *value, gboolean follow) {
  Input in = {reader->data, reader->length, at, 0};
  skip_space(&in);
  if (value->kind != PDF_VALUE_DICTIONARY || !looking_at(&in, "stream")) {
    return;
  }
  gsize start = in.at + strlen("stream");
  start += start < reader->length && reader->data[start] == '\r' ? 1 : 0;
  start += start < reader->length && reader->data[start] == '\n' ? 1 : 0;
  const PdfValue *length = pdf_value_get(value, "Length");
  length = follow ? pdf_reader_resolve(reader, length) : length;
  gint64 bytes = pdf_value_number(length) / 1000;
  if (length->kind != PDF_VALUE_NUMBER || bytes < 0 ||
      (guint64)bytes > reader->length - MIN(start, reader->length)) {
    bytes = (gint64)find_words(reader, start, "endstream") - (gint64)MIN(start, reader->length);
  }
  value->stream = MIN(start, reader->length);
  value->stream_bytes = (gsize)MAX(bytes, 0);
}

// "12 0 obj" and what follows. FALSE: there is none.
static gboolean parse_object(PdfReader *reader, guint64 offset, gint64 number, PdfValue *value) {
  gsize at = offset;
  PdfValue words[3] = {NOTHING, NOTHING, NOTHING};
  gboolean good = offset < reader->length;
  for (guint i = 0; i < 3 && good; i++) {
    good = pdf_value_parse(reader->data, reader->length, &at, &words[i]);
  }
  good = good && words[0].kind == PDF_VALUE_NUMBER && words[2].kind == PDF_VALUE_OPERATOR &&
         strcmp(words[2].bytes, "obj") == 0 && (number < 0 || words[0].number / 1000 == number) &&
         pdf_value_parse(reader->data, reader->length, &at, value);
  for (guint i = 0; i < 3; i++) {
    pdf_value_clear(&words[i]);
  }
  if (good) {
    find_stream(reader, at, value, number >= 0);
  }
  return good;
}

static const PdfValue *load(PdfReader *reader, gint64 number);

typedef struct Pack { // an object stream
  GBytes *bytes;
  GArray *places; // gsize: where each object begins
} Pack;

static void pack_free(gpointer data) {
  Pack *pack = data;
  g_bytes_unref(pack->bytes);
  g_array_unref(pack->places);
  g_free(pack);
}

static const Pack *find_pack(PdfReader *reader, guint64 number) {
  Pack *pack = g_hash_table_lookup(reader->packs, GSIZE_TO_POINTER(number));
  if (pack != NULL) {
    return pack;
  }
  const PdfValue *stream = load(reader, (gint64)number);
  pack = g_new0(Pack, 1);
  pack->bytes = pdf_reader_stream(reader, stream);
  pack->places = g_array_new(FALSE, FALSE, sizeof(gsize));
  g_hash_table_insert(reader->packs, GSIZE_TO_POINTER(number), pack);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(pack->bytes, &length);
  gint64 first = MAX(pdf_value_number(pdf_value_get(stream, "First")) / 1000, 0);
  gint64 count = MIN(pdf_value_number(pdf_value_get(stream, "N")) / 1000, MOST_OBJECTS);
  gsize at = 0;
  PdfValue place = NOTHING;
  for (gint64 i = 0; i < 2 * count; i++) { // number and place by turns
    if (!pdf_value_parse(data, length, &at, &place) || place.kind != PDF_VALUE_NUMBER) {
      pdf_value_clear(&place);
      break;
    }
    if (i % 2 == 1) {
      gsize from = (gsize)(first + MAX(place.number / 1000, 0));
      g_array_append_val(pack->places, from);
    }
  }
  return pack;
}

static void parse_packed(PdfReader *reader, const Entry *entry, PdfValue *value) {
  if (entry->offset >= reader->entries->len ||
      g_array_index(reader->entries, Entry, entry->offset).packed) {
    return; // a stream can't lie in a stream
  }
  const Pack *pack = find_pack(reader, entry->offset);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data(pack->bytes, &length);
  if (entry->index < pack->places->len) {
    gsize at = g_array_index(pack->places, gsize, entry->index);
    pdf_value_parse(data, length, &at, value);
  }
}

static const PdfValue *load(PdfReader *reader, gint64 number) {
  const PdfValue *found = g_hash_table_lookup(reader->objects, GSIZE_TO_POINTER((gsize)number));
  if (found != NULL) {
    return found;
  }
  if (number < 0 || number >= reader->entries->len) {
    return &NOTHING;
  }
  Entry entry = g_array_index(reader->entries, Entry, number);
  PdfValue *value = g_new0(PdfValue, 1);
  // Known as nothing while it is read: one that needs itself ends there.
  g_hash_table_insert(reader->objects, GSIZE_TO_POINTER((gsize)number), value);
  PdfValue read = NOTHING;
  if (entry.known && entry.packed) {
    parse_packed(reader, &entry, &read);
  } else if (entry.known && !parse_object(reader, entry.offset, number, &read)) {
    pdf_value_clear(&read);
  }
  *value = read;
  return value;
}

const PdfValue *pdf_reader_resolve(PdfReader *reader, const PdfValue *value) {
  for (guint i = 0; i < MOST_FOLLOWED && value->kind == PDF_VALUE_REFERENCE; i++) {
    value = load(reader, value->number);
  }
  return value->kind != PDF_VALUE_REFERENCE ? value : &NOTHING;
}

const PdfValue *pdf_reader_get(PdfReader *reader, const PdfValue *dictionary, const char *key) {
  return pdf_reader_resolve(reader, pdf_value_get(dictionary, key));
}

const PdfValue *pdf_reader_item(PdfReader *reader, const PdfValue *array, guint index) {
  return array->kind == PDF_VALUE_ARRAY && index < array->count
             ? pdf_reader_resolve(reader, &array->items[index])
             : &NOTHING;
}

const PdfValue *pdf_reader_root(PdfReader *reader) {
  return pdf_reader_get(reader, &reader->trailer, "Root");
}

// ---- cross-references -------------------------------------------------------------------------

static void know(PdfReader *reader, gint64 number, const Entry *entry) {
  if (number < 0 || number >= MOST_OBJECTS) {
    return;
  }
  if (number >= reader->entries->len) {
    g_array_set_size(reader->entries, (guint)number + 1);
  }
  Entry *own = &g_array_index(reader->entries, Entry, number);
  if (!own->known) { // the newest section comes first
    *own = *entry;
  }
}

static void take_trailer(PdfReader *reader, PdfValue *trailer, gint64 *ret_previous) {
  const PdfValue *previous = pdf_value_get(trailer, "Prev");
  *ret_previous = previous->kind == PDF_VALUE_NUMBER ? previous->number / 1000 : -1;
  if (reader->trailer.kind == PDF_VALUE_NULL) {
    reader->trailer = *trailer;
    *trailer = NOTHING;
  }
  pdf_value_clear(trailer);
}

static gboolean read_table(PdfReader *reader, gsize at, gint64 *ret_previous) {
  for (;;) {
    PdfValue words[2] = {NOTHING, NOTHING};
    gboolean good = pdf_value_parse(reader->data, reader->length, &at, &words[0]);
    gboolean ends =
        good && words[0].kind == PDF_VALUE_OPERATOR && strcmp(words[0].bytes, "trailer") == 0;
    good = good && !ends && pdf_value_parse(reader->data, reader->length, &at, &words[1]);
    gint64 first = pdf_value_number(&words[0]) / 1000;
    gint64 count = pdf_value_number(&words[1]) / 1000;
    pdf_value_clear(&words[0]);
    pdf_value_clear(&words[1]);
    if (ends) {
      PdfValue trailer = NOTHING;
      good = pdf_value_parse(reader->data, reader->length, &at, &trailer) &&
             trailer.kind == PDF_VALUE_DICTIONARY;
      take_trailer(reader, &trailer, ret_previous);
      return good;
    }
    if (!good || count > MOST_OBJECTS) {
      return FALSE;
    }
    for (gint64 i = 0; i < count; i++) {
      PdfValue row[3] = {NOTHING, NOTHING, NOTHING};
      for (guint j = 0; j < 3 && good; j++) {
        good = pdf_value_parse(reader->data, reader->length, &at, &row[j]);
      }
      gboolean used = good && row[2].kind == PDF_VALUE_OPERATOR && strcmp(row[2].bytes, "n") == 0;
      Entry entry = {TRUE, FALSE, (guint64)MAX(row[0].number, 0) / 1000, 0};
      for (guint j = 0; j < 3; j++) {
        pdf_value_clear(&row[j]);
      }
      if (!good) {
        return FALSE;
      }
      if (used) {
        know(reader, first + i, &entry);
      }
    }
  }
}

static guint64 take_field(const guint8 **at, gint64 size) {
  guint64 field = 0;
  for (gint64 i = 0; i < size; i++) {
    field = field << 8 | *(*at)++;
  }
  return field;
}

static void read_rows(PdfReader *reader, const PdfValue *stream, GBytes *bytes) {
  const PdfValue *widths = pdf_value_get(stream, "W");
  gint64 sizes[3] = {0};
  gint64 all = 0;
  for (guint i = 0; i < 3; i++) {
    gint64 size = i < widths->count ? pdf_value_number(&widths->items[i]) / 1000 : 0;
    sizes[i] = CLAMP(size, 0, 8);
    all += sizes[i];
  }
  gsize length = 0;
  const guint8 *at = g_bytes_get_data(bytes, &length);
  const PdfValue *index = pdf_value_get(stream, "Index");
  guint sections = index->kind == PDF_VALUE_ARRAY ? index->count / 2 : 1;
  for (guint section = 0; section < sections && all > 0; section++) {
    gboolean whole = index->kind != PDF_VALUE_ARRAY;
    gint64 first = whole ? 0 : pdf_value_number(&index->items[2 * section]) / 1000;
    gint64 count = whole ? pdf_value_number(pdf_value_get(stream, "Size")) / 1000
                         : pdf_value_number(&index->items[2 * section + 1]) / 1000;
    for (gint64 i = 0; i < count && length >= (gsize)all; i++, length -= (gsize)all) {
      guint64 type = take_field(&at, sizes[0]);
      Entry entry = {TRUE, type == 2, take_field(&at, sizes[1]), 0};
      guint64 index_in_pack = take_field(&at, sizes[2]);
      entry.index = (guint32)MIN(index_in_pack, G_MAXUINT16);
      if (sizes[0] == 0 || type == 1 || type == 2) {
        know(reader, first + i, &entry);
      }
    }
  }
}

static gboolean read_section(PdfReader *reader, gsize at, gint64 *ret_previous) {
  Input in = {reader->data, reader->length, MIN(at, reader->length), 0};
  skip_space(&in);
  if (looking_at(&in, "xref")) {
    return read_table(reader, in.at + strlen("xref"), ret_previous);
  }
  PdfValue stream = NOTHING;
  if (!parse_object(reader, in.at, -1, &stream) || stream.stream == 0) {
    pdf_value_clear(&stream);
    return FALSE;
  }
  g_autoptr(GBytes) bytes = read_stream(reader, &stream, pdf_value_get(&stream, "Filter"));
  read_rows(reader, &stream, bytes);
  take_trailer(reader, &stream, ret_previous);
  return TRUE;
}

static gint64 find_start(const PdfReader *reader) {
  static const char WORDS[] = "startxref";
  for (gsize at = reader->length; at >= sizeof WORDS; at--) {
    if (memcmp(reader->data + at - sizeof WORDS, WORDS, sizeof WORDS - 1) == 0) {
      gsize from = at - 1;
      PdfValue value = NOTHING;
      gboolean good = pdf_value_parse(reader->data, reader->length, &from, &value) &&
                      value.kind == PDF_VALUE_NUMBER;
      gint64 start = good ? value.number / 1000 : -1;
      pdf_value_clear(&value);
      return start;
    }
  }
  return -1;
}

PdfReader *pdf_reader_new(GBytes *pdf, GError **error) {
  g_autoptr(PdfReader) reader = g_new0(PdfReader, 1);
  reader->bytes = g_bytes_ref(pdf);
  reader->data = g_bytes_get_data(pdf, &reader->length);
  reader->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
  reader->objects = g_hash_table_new_full(NULL, NULL, NULL, value_free);
  reader->packs = g_hash_table_new_full(NULL, NULL, NULL, pack_free);
  gint64 at = find_start(reader);
  gboolean good = at >= 0;
  for (guint i = 0; i < MOST_SECTIONS && at >= 0 && good; i++) {
    gint64 previous = -1;
    good = read_section(reader, (gsize)at, &previous);
    at = previous;
  }
  if (!good || pdf_reader_root(reader)->kind != PDF_VALUE_DICTIONARY) {
    g_set_error_literal(error, EDITION_ERROR, EDITION_ERROR_PDF,
                        "the PDF can't be read: its list of objects is damaged; make the edition "
                        "again");
    return NULL;
  }
  return g_steal_pointer(&reader);
}
