// SPDX-License-Identifier: Apache-2.0
//
// A strict, bounded reader of JSON (RFC 8259, RFC 7493) for what programs send us: one value and
// nothing after it, UTF-8 without NUL, no name twice in an object, no lone surrogates, integers
// that fit. (Lenient reading of other people's pages is exchange/json_tree's.) Pure; any thread.
#pragma once

#include "base/slice.h"

#define JSON_READER_DEPTH 32
#define JSON_READER_VALUES 100000

#define JSON_READER_ERROR json_reader_error_quark()
GQuark json_reader_error_quark(void);
typedef enum JsonReaderError { JSON_READER_ERROR_FORM } JsonReaderError;

typedef enum JsonValueKind {
  JSON_VALUE_NULL,
  JSON_VALUE_BOOLEAN,
  JSON_VALUE_INTEGER,
  JSON_VALUE_NUMBER,
  JSON_VALUE_TEXT,
  JSON_VALUE_LIST,
  JSON_VALUE_OBJECT
} JsonValueKind;

typedef struct JsonValue {
  JsonValueKind kind;
  char *name;       // in an object; else NULL
  char *text;       // of a text; else NULL
  gint64 integer;   // of an integer; 1 for true
  double number;    // of a number with a fraction or exponent
  GPtrArray *items; // JsonValue *, of a list or object; else NULL
} JsonValue;

// NULL with the line of the fault. At most JSON_READER_DEPTH deep, JSON_READER_VALUES in all.
JsonValue *json_read(Slice text, GError **error);
void json_value_free(JsonValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonValue, json_value_free)

// Each takes NULL for "not there", and gives NULL, 0 or FALSE for what is of another kind.
const JsonValue *json_value_member(const JsonValue *object, const char *name);
const char *json_value_text(const JsonValue *value);
gint64 json_value_integer(const JsonValue *value);
guint json_value_count(const JsonValue *value); // of a list's items
struct JsonWriter;
// Writes it again, with all in it.
void json_value_write(struct JsonWriter *json, const JsonValue *value);
const JsonValue *json_value_item(const JsonValue *list, guint index);
