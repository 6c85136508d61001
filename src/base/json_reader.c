// SPDX-License-Identifier: Apache-2.0
//
// Implements json_reader.h by recursive descent with a counted depth and a counted number of
// values, so that what is sent can't choose how much memory it takes.
#include "base/json_reader.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"

G_DEFINE_QUARK(broadsheet - json - reader - error, json_reader_error)

typedef struct Reader {
  Slice all, rest;
  guint values;
  const char *fault; // NULL: none yet
} Reader;

void json_value_free(JsonValue *value) {
  if (value != NULL) {
    g_free(value->name);
    g_free(value->text);
    g_clear_pointer(&value->items, g_ptr_array_unref);
    g_free(value);
  }
}

static gboolean fail(Reader *reader, const char *fault) {
  if (reader->fault == NULL) {
    reader->fault = fault;
  }
  return FALSE;
}

static void skip_space(Reader *reader) {
  while (reader->rest.length > 0 && reader->rest.data[0] != '\0' &&
         strchr(" \t\r\n", reader->rest.data[0]) != NULL) {
    reader->rest = slice_from(reader->rest, 1);
  }
}

static gboolean take(Reader *reader, char wanted) {
  skip_space(reader);
  if (reader->rest.length == 0 || reader->rest.data[0] != wanted) {
    return FALSE;
  }
  reader->rest = slice_from(reader->rest, 1);
  return TRUE;
}

static gboolean read_unit(Reader *reader, gunichar *ret_unit) {
  *ret_unit = 0;
  for (gsize i = 0; i < 4; i++) {
    int digit = i < reader->rest.length ? g_ascii_xdigit_value(reader->rest.data[i]) : -1;
    if (digit < 0) {
      return fail(reader, "four hexadecimal digits are wanted after \\u");
    }
    *ret_unit = *ret_unit * 16 + (gunichar)digit;
  }
  reader->rest = slice_from(reader->rest, 4);
  return TRUE;
}

static gboolean read_unicode(Reader *reader, GString *out) {
  gunichar unit = 0;
  gunichar low = 0;
  if (!read_unit(reader, &unit)) {
    return FALSE;
  }
  if (unit >= 0xD800 && unit < 0xDC00) {
    if (!slice_starts_with(reader->rest, "\\u")) {
      return fail(reader, "half of a surrogate pair stands alone");
    }
    reader->rest = slice_from(reader->rest, 2);
    if (!read_unit(reader, &low) || low < 0xDC00 || low >= 0xE000) {
      return fail(reader, "half of a surrogate pair stands alone");
    }
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  if (unit == 0 || (unit >= 0xDC00 && unit < 0xE000)) {
    return fail(reader, "this is no character");
  }
  g_string_append_unichar(out, unit);
  return TRUE;
}

static gboolean read_escape(Reader *reader, GString *out) {
  static const char FROM[] = "\"\\/bfnrt";
  static const char TO[] = "\"\\/\b\f\n\r\t";
  char letter = reader->rest.length > 0 ? reader->rest.data[0] : '\0';
  const char *at = letter != '\0' ? strchr(FROM, letter) : NULL;
  if (letter == 'u') {
    reader->rest = slice_from(reader->rest, 1);
    return read_unicode(reader, out);
  }
  if (at == NULL) {
    return fail(reader, "after \\ comes one of \" \\ / b f n r t u");
  }
  reader->rest = slice_from(reader->rest, 1);
  g_string_append_c(out, TO[at - FROM]);
  return TRUE;
}

static char *read_text(Reader *reader) {
  if (!take(reader, '"')) {
    fail(reader, "a text in double quotes is wanted");
    return NULL;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  for (;;) {
    gsize plain = 0;
    while (plain < reader->rest.length && (guchar)reader->rest.data[plain] >= 0x20 &&
           reader->rest.data[plain] != '"' && reader->rest.data[plain] != '\\') {
      plain++;
    }
    g_string_append_len(out, reader->rest.data, (gssize)plain);
    reader->rest = slice_from(reader->rest, plain);
    if (reader->rest.length == 0 || (guchar)reader->rest.data[0] < 0x20) {
      fail(reader, "a text has no end, or a control character in it");
      return NULL;
    }
    char mark = reader->rest.data[0];
    reader->rest = slice_from(reader->rest, 1);
    if (mark == '"') {
      return g_string_free(g_steal_pointer(&out), FALSE);
    }
    if (!read_escape(reader, out)) {
      return NULL;
    }
  }
}

static gboolean read_value(Reader *reader, JsonValue *value, guint depth);

// An object with many members is looked through by a table, so that it can't take square time.
static gboolean read_items(Reader *reader, JsonValue *value, char end, guint depth) {
  g_autoptr(GHashTable) names = end == '}' ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
  value->items = g_ptr_array_new_with_free_func((GDestroyNotify)json_value_free);
  if (take(reader, end)) {
    return TRUE;
  }
  do {
    g_autoptr(JsonValue) item = g_new0(JsonValue, 1);
    if (end == '}') {
      item->name = read_text(reader);
      if (item->name == NULL || !take(reader, ':')) {
        return fail(reader, "after a name comes ':'");
      }
      if (!g_hash_table_add(names, item->name)) {
        return fail(reader, "a name stands twice in one object");
      }
    }
    if (!read_value(reader, item, depth + 1)) {
      return FALSE;
    }
    g_ptr_array_add(value->items, g_steal_pointer(&item));
  } while (take(reader, ','));
  return take(reader, end) || fail(reader, "a list or object has no end");
}

static gsize digits(Slice text) {
  gsize count = 0;
  while (count < text.length && g_ascii_isdigit(text.data[count])) {
    count++;
  }
  return count;
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
static gboolean read_number(Reader *reader, JsonValue *value) {
  Slice text = reader->rest;
  gsize at = text.data[0] == '-' ? 1 : 0;
  gsize whole = digits(slice_from(text, at));
  if (whole == 0 || (whole > 1 && text.data[at] == '0')) {
    return fail(reader, "this is no JSON value");
  }
  at += whole;
  value->kind = JSON_VALUE_INTEGER;
  if (at < text.length && text.data[at] == '.') {
    gsize fraction = digits(slice_from(text, at + 1));
    if (fraction == 0) {
      return fail(reader, "digits are wanted after the point");
    }
    at += 1 + fraction;
    value->kind = JSON_VALUE_NUMBER;
  }
  if (at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
    at++;
    at += at < text.length && (text.data[at] == '+' || text.data[at] == '-') ? 1 : 0;
    gsize exponent = digits(slice_from(text, at));
    if (exponent == 0) {
      return fail(reader, "digits are wanted in the exponent");
    }
    at += exponent;
    value->kind = JSON_VALUE_NUMBER;
  }
  g_autofree char *copy = slice_dup(slice_range(text, 0, at));
  reader->rest = slice_from(text, at);
  errno = 0;
  value->integer = value->kind == JSON_VALUE_INTEGER ? g_ascii_strtoll(copy, NULL, 10) : 0;
  if (errno == ERANGE) {
    return fail(reader, "the number is too large");
  }
  value->number = g_ascii_strtod(copy, NULL) + 0.0; // no negative zero
  return isfinite(value->number) || fail(reader, "the number is too large");
}

static gboolean take_word(Reader *reader, const char *word) {
  if (!slice_starts_with(reader->rest, word)) {
    return FALSE;
  }
  reader->rest = slice_from(reader->rest, strlen(word));
  return TRUE;
}

static gboolean read_value(Reader *reader, JsonValue *value, guint depth) {
  skip_space(reader);
  if (depth > JSON_READER_DEPTH || ++reader->values > JSON_READER_VALUES) {
    return fail(reader, "it is nested too deep, or has too many values");
  }
  char first = reader->rest.length > 0 ? reader->rest.data[0] : '\0';
  if (first == '"') {
    value->kind = JSON_VALUE_TEXT;
    value->text = read_text(reader);
    return value->text != NULL;
  }
  if (first == '{' || first == '[') {
    value->kind = first == '{' ? JSON_VALUE_OBJECT : JSON_VALUE_LIST;
    reader->rest = slice_from(reader->rest, 1);
    return read_items(reader, value, first == '{' ? '}' : ']', depth);
  }
  if (take_word(reader, "true") || take_word(reader, "false")) {
    value->kind = JSON_VALUE_BOOLEAN;
    value->integer = first == 't';
    return TRUE;
  }
  if (take_word(reader, "null")) {
    return TRUE;
  }
  return reader->rest.length > 0 ? read_number(reader, value) : fail(reader, "it ends too early");
}

static guint line_of(const Reader *reader) {
  guint line = 1;
  for (const char *at = reader->all.data; at < reader->rest.data; at++) {
    line += *at == '\n';
  }
  return line;
}

JsonValue *json_read(Slice text, GError **error) {
  Reader reader = {.all = text, .rest = text};
  guint bad_line = 0;
  g_autoptr(JsonValue) value = g_new0(JsonValue, 1);
  if (!text_validate_utf8(text, &bad_line)) {
    g_set_error(error, JSON_READER_ERROR, JSON_READER_ERROR_FORM, "line %u: not UTF-8", bad_line);
    return NULL;
  }
  if (read_value(&reader, value, 0)) {
    skip_space(&reader);
    if (reader.rest.length == 0) {
      return g_steal_pointer(&value);
    }
    fail(&reader, "something stands after the value");
  }
  g_set_error(error, JSON_READER_ERROR, JSON_READER_ERROR_FORM, "line %u: %s", line_of(&reader),
              reader.fault != NULL ? reader.fault : "this is no JSON value");
  return NULL;
}

const JsonValue *json_value_member(const JsonValue *object, const char *name) {
  for (guint i = 0; object != NULL && object->kind == JSON_VALUE_OBJECT && i < object->items->len;
       i++) {
    const JsonValue *item = g_ptr_array_index(object->items, i);
    if (strcmp(item->name, name) == 0) {
      return item;
    }
  }
  return NULL;
}

const char *json_value_text(const JsonValue *value) {
  return value != NULL ? value->text : NULL;
}

gint64 json_value_integer(const JsonValue *value) {
  return value != NULL ? value->integer : 0;
}

guint json_value_count(const JsonValue *value) {
  return value != NULL && value->kind == JSON_VALUE_LIST ? value->items->len : 0;
}

const JsonValue *json_value_item(const JsonValue *list, guint index) {
  return index < json_value_count(list) ? g_ptr_array_index(list->items, index) : NULL;
}

void json_value_write(JsonWriter *json, const JsonValue *value) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  switch (value->kind) {
  case JSON_VALUE_NULL:
    json_null(json);
    return;
  case JSON_VALUE_BOOLEAN:
    json_boolean(json, value->integer != 0);
    return;
  case JSON_VALUE_INTEGER:
    json_integer(json, value->integer);
    return;
  case JSON_VALUE_NUMBER:
    json_number(json, g_ascii_dtostr(digits, sizeof digits, value->number));
    return;
  case JSON_VALUE_TEXT:
    json_string(json, value->text);
    return;
  case JSON_VALUE_LIST:
    json_array(json);
    break;
  case JSON_VALUE_OBJECT:
    json_object(json);
    break;
  }
  for (guint i = 0; i < value->items->len; i++) {
    const JsonValue *item = g_ptr_array_index(value->items, i);
    if (item->name != NULL) {
      json_name(json, item->name);
    }
    json_value_write(json, item);
  }
  if (value->kind == JSON_VALUE_LIST) {
    json_end_array(json);
  } else {
    json_end_object(json);
  }
}
