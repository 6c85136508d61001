// SPDX-License-Identifier: Apache-2.0
//
// What programs send to the API: whatever is read is written again and read as the same.
#include "base/json_reader.h"
#include "base/json_writer.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  g_autoptr(JsonValue) value = json_read((Slice){(const char *)data, size}, NULL);
  if (value == NULL) {
    return 0;
  }
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GString) again = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_value_write(&json, value);
  g_autoptr(JsonValue) second = json_read((Slice){out->str, out->len}, NULL);
  g_assert(second != NULL);
  json_begin(&json, again);
  json_value_write(&json, second);
  g_assert_cmpstr(out->str, ==, again->str);
  return 0;
}
