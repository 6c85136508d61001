// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON (RFC 8259) into a GString, with commas and escaping kept right by
// the writer. Safe inside <script type="application/ld+json">: '<', '>', '&',
// U+2028 and U+2029 are always written as \u escapes. Nesting is at most 64 deep
// (asserted: depth never comes from input). Not thread-safe; one writer, one thread.
#pragma once

#include "base/slice.h"

typedef struct JsonWriter {
  GString *out; // borrowed
  guint depth;
  guint64 has_item; // a bit a depth
  gboolean after_name;
} JsonWriter;

void json_begin(JsonWriter *json, GString *out);
void json_object(JsonWriter *json);
void json_end_object(JsonWriter *json);
void json_array(JsonWriter *json);
void json_end_array(JsonWriter *json);
void json_name(JsonWriter *json, const char *name);
void json_string(JsonWriter *json, const char *value); // NULL writes null
void json_slice(JsonWriter *json, Slice value);
void json_integer(JsonWriter *json, gint64 value);
void json_number(JsonWriter *json, const char *digits); // as JSON writes numbers, unchecked
void json_boolean(JsonWriter *json, gboolean value);
void json_null(JsonWriter *json);

// name + value; these three leave the member out when the value is NULL or empty / zero as named.
void json_string_member(JsonWriter *json, const char *name, const char *value);
void json_integer_member(JsonWriter *json, const char *name, gint64 value);   // always written
void json_boolean_member(JsonWriter *json, const char *name, gboolean value); // always written
