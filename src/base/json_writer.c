// SPDX-License-Identifier: Apache-2.0
//
// Implements json_writer.h. Keeps a bit a nesting depth for "has an item already".
#include "base/json_writer.h"

#include <string.h>

void json_begin(JsonWriter *json, GString *out) {
  *json = (JsonWriter){.out = out};
}

static void before_value(JsonWriter *json) {
  if (json->after_name) {
    json->after_name = FALSE;
    return;
  }
  guint64 bit = G_GUINT64_CONSTANT(1) << json->depth;
  if (json->depth > 0 && (json->has_item & bit) != 0) {
    g_string_append_c(json->out, ',');
  }
  json->has_item |= bit;
}

static void open_bracket(JsonWriter *json, char bracket) {
  before_value(json);
  g_string_append_c(json->out, bracket);
  g_assert(json->depth < 63);
  json->depth++;
  json->has_item &= ~(G_GUINT64_CONSTANT(1) << json->depth);
}

static void close_bracket(JsonWriter *json, char bracket) {
  g_assert(json->depth > 0);
  json->depth--;
  g_string_append_c(json->out, bracket);
}

void json_object(JsonWriter *json) {
  open_bracket(json, '{');
}

void json_end_object(JsonWriter *json) {
  close_bracket(json, '}');
}

void json_array(JsonWriter *json) {
  open_bracket(json, '[');
}

void json_end_array(JsonWriter *json) {
  close_bracket(json, ']');
}

// Writes one byte (or the start of U+2028/9) escaped; returns how many bytes it took, 0 for
// "plain".
static gsize write_escaped(GString *out, Slice rest) {
  unsigned char byte = (unsigned char)rest.data[0];
  switch (byte) {
  case '"':
    g_string_append(out, "\\\"");
    return 1;
  case '\\':
    g_string_append(out, "\\\\");
    return 1;
  case '\n':
    g_string_append(out, "\\n");
    return 1;
  case '\r':
    g_string_append(out, "\\r");
    return 1;
  case '\t':
    g_string_append(out, "\\t");
    return 1;
  default:
    break;
  }
  if (byte < 0x20 || byte == 0x7f || byte == '<' || byte == '>' || byte == '&') {
    g_string_append_printf(out, "\\u%04x", byte);
    return 1;
  }
  if (byte == 0xE2 && rest.length >= 3 && (unsigned char)rest.data[1] == 0x80 &&
      ((unsigned char)rest.data[2] & 0xFE) == 0xA8) {
    g_string_append(out, (unsigned char)rest.data[2] == 0xA8 ? "\\u2028" : "\\u2029");
    return 3;
  }
  return 0;
}

// Bytes that write_escaped() may take.
static gboolean is_special(unsigned char byte) {
  static const guint8 SPECIAL[256] = {
      ['"'] = 1, ['\\'] = 1, ['<'] = 1, ['>'] = 1, ['&'] = 1, [0x7F] = 1, [0xE2] = 1};
  return byte < 0x20 || SPECIAL[byte] != 0;
}

void json_slice(JsonWriter *json, Slice value) {
  before_value(json);
  g_string_append_c(json->out, '"');
  gsize start = 0; // of the plain stretch
  for (gsize i = 0; i < value.length;) {
    if (!is_special((unsigned char)value.data[i])) {
      i++;
      continue;
    }
    g_string_append_len(json->out, value.data + start, (gssize)(i - start));
    start = i;
    gsize taken = write_escaped(json->out, slice_from(value, i));
    i += MAX(taken, 1);
    start += taken; // an E2 that is neither U+2028 nor U+2029 begins the next stretch
  }
  g_string_append_len(json->out, value.data + start, (gssize)(value.length - start));
  g_string_append_c(json->out, '"');
}

void json_string(JsonWriter *json, const char *value) {
  if (value == NULL) {
    json_null(json);
    return;
  }
  json_slice(json, slice_of(value));
}

void json_name(JsonWriter *json, const char *name) {
  json_string(json, name);
  g_string_append_c(json->out, ':');
  json->after_name = TRUE;
}

void json_integer(JsonWriter *json, gint64 value) {
  before_value(json);
  g_string_append_printf(json->out, "%" G_GINT64_FORMAT, value);
}

void json_number(JsonWriter *json, const char *digits) {
  before_value(json);
  g_string_append(json->out, digits);
}

void json_boolean(JsonWriter *json, gboolean value) {
  before_value(json);
  g_string_append(json->out, value ? "true" : "false");
}

void json_null(JsonWriter *json) {
  before_value(json);
  g_string_append(json->out, "null");
}

void json_string_member(JsonWriter *json, const char *name, const char *value) {
  if (value == NULL || *value == '\0') {
    return;
  }
  json_name(json, name);
  json_string(json, value);
}

void json_integer_member(JsonWriter *json, const char *name, gint64 value) {
  json_name(json, name);
  json_integer(json, value);
}

void json_boolean_member(JsonWriter *json, const char *name, gboolean value) {
  json_name(json, name);
  json_boolean(json, value);
}
