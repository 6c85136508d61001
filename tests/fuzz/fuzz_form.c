// SPDX-License-Identifier: Apache-2.0
//
// Whatever bytes a client sends as a form: the first line is the content type, the rest the body.
// Parsing ends, what it gives is text, and an encoded form is read back as it was.
#include <string.h>

#include "web/form.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_reading_back(const GArray *fields) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < fields->len; i++) {
    const FormField *field = &g_array_index(fields, FormField, i);
    g_string_append_uri_escaped(text, field->name, NULL, TRUE);
    g_string_append_c(text, '=');
    g_string_append_uri_escaped(text, field->value, NULL, TRUE);
    g_string_append_c(text, '&');
  }
  g_autoptr(GArray) again =
      form_parse(SLICE_LITERAL("application/x-www-form-urlencoded"), slice_of(text->str), NULL);
  g_assert(again != NULL && again->len == fields->len);
  for (guint i = 0; i < fields->len; i++) {
    const FormField *one = &g_array_index(fields, FormField, i);
    const FormField *two = &g_array_index(again, FormField, i);
    g_assert(strcmp(one->name, two->name) == 0 && strcmp(one->value, two->value) == 0);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size) {
  Slice rest = {(const char *)data, size};
  Slice type = {NULL, 0};
  if (!slice_next_line(&rest, &type)) {
    return 0;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) fields = form_parse(type, rest, &error);
  g_assert((fields == NULL) == (error != NULL));
  if (fields == NULL) {
    return 0;
  }
  g_assert(form_is_known(type) && fields->len <= FORM_MAX_FIELDS);
  for (guint i = 0; i < fields->len; i++) {
    const FormField *field = &g_array_index(fields, FormField, i);
    g_assert(g_utf8_validate(field->name, -1, NULL) && g_utf8_validate(field->value, -1, NULL));
    g_assert(form_find(fields, field->name) != NULL);
  }
  check_reading_back(fields);
  return 0;
}
