// SPDX-License-Identifier: Apache-2.0
//
// Implements form.h. Reads what strangers send: lengths are carried everywhere, the body is gone
// through once, and nothing of it is trusted to be text before it was checked.
#include "web/form.h"

#include <string.h>

#include "web/problem.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data"
#define MAX_BOUNDARY 70 // RFC 2046 5.1.1

static void field_clear(gpointer data) {
  FormField *field = data;
  g_free(field->name);
  g_free(field->value);
}

GArray *form_fields_new(void) {
  GArray *fields = g_array_new(FALSE, FALSE, sizeof(FormField));
  g_array_set_clear_func(fields, field_clear);
  return fields;
}

const char *form_find(const GArray *fields, const char *name) {
  for (guint i = 0; i < fields->len; i++) {
    const FormField *field = &g_array_index(fields, FormField, i);
    if (strcmp(field->name, name) == 0) {
      return field->value;
    }
  }
  return NULL;
}

char *form_decode(Slice text, gboolean plus) {
  GString *out = g_string_sized_new(text.length);
  gboolean good = TRUE;
  for (gsize i = 0; i < text.length && good; i++) {
    char c = text.data[i];
    if (c == '%') {
      good = i + 2 < text.length && g_ascii_isxdigit(text.data[i + 1]) &&
             g_ascii_isxdigit(text.data[i + 2]);
      if (good) {
        c = (char)(g_ascii_xdigit_value(text.data[i + 1]) * 16 +
                   g_ascii_xdigit_value(text.data[i + 2]));
        i += 2;
        good = plus || (c != '/' && c != '\\');
      }
    } else if (plus && c == '+') {
      c = ' ';
    }
    good = good && c != '\0';
    g_string_append_c(out, c);
  }
  good = good && g_utf8_validate_len(out->str, out->len, NULL);
  for (gsize i = 0; i < out->len && good && !plus; i++) {
    good = (guchar)out->str[i] >= 0x20 && out->str[i] != 0x7f;
  }
  return g_string_free(out, !good);
}

gboolean form_read_pairs(Slice text, guint most, GArray *fields, guint *ret_bad) {
  Slice rest = text;
  *ret_bad = 0;
  while (rest.length > 0) {
    gssize end = slice_find_char(rest, '&');
    Slice pair = slice_range(rest, 0, end < 0 ? rest.length : (gsize)end);
    rest = slice_from(rest, pair.length + 1);
    if (pair.length == 0) {
      continue;
    }
    if (fields->len + *ret_bad >= most) {
      return FALSE;
    }
    gssize equals = slice_find_char(pair, '=');
    Slice name = slice_range(pair, 0, equals < 0 ? pair.length : (gsize)equals);
    FormField field = {form_decode(name, TRUE),
                       form_decode(slice_from(pair, name.length + 1), TRUE)};
    if (field.name == NULL || field.value == NULL) {
      field_clear(&field);
      (*ret_bad)++;
    } else {
      g_array_append_val(fields, field);
    }
  }
  return TRUE;
}

// ---- header values with parameters
// ---------------------------------------------------------------

static Slice main_value(Slice header) {
  gssize semicolon = slice_find_char(header, ';');
  return slice_trim(slice_range(header, 0, semicolon < 0 ? header.length : (gsize)semicolon));
}

// A quoted string at the front of *rest, unescaped; NULL if it does not end.
static char *take_quoted(Slice *rest) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (gsize i = 1; i < rest->length; i++) {
    char c = rest->data[i];
    if (c == '"') {
      *rest = slice_from(*rest, i + 1);
      return g_string_free(g_steal_pointer(&out), FALSE);
    }
    if (c == '\\' && i + 1 < rest->length) {
      c = rest->data[++i];
    }
    if (c == '\0') {
      return NULL;
    }
    g_string_append_c(out, c);
  }
  return NULL;
}

static char *take_value(Slice *rest) {
  if (rest->length > 0 && rest->data[0] == '"') {
    return take_quoted(rest);
  }
  Slice value = main_value(*rest);
  gssize semicolon = slice_find_char(*rest, ';');
  *rest = slice_from(*rest, semicolon < 0 ? rest->length : (gsize)semicolon);
  return memchr(value.length > 0 ? value.data : "", '\0', value.length) == NULL ? slice_dup(value)
                                                                                : NULL;
}

// The parameter of `form-data; name="a"; filename=b`. NULL if absent or malformed. Caller frees.
static char *parameter(Slice header, const char *name) {
  gssize semicolon = slice_find_char(header, ';');
  Slice rest = semicolon < 0 ? (Slice){"", 0} : slice_from(header, (gsize)semicolon);
  while (rest.length > 0 && rest.data[0] == ';') {
    rest = slice_from(rest, 1);
    gssize equals = slice_find_char(rest, '=');
    if (equals < 0) {
      return NULL;
    }
    Slice key = slice_trim(slice_range(rest, 0, (gsize)equals));
    rest = slice_from(rest, (gsize)equals + 1);
    g_autofree char *value = take_value(&rest);
    if (value == NULL) {
      return NULL;
    }
    if (slice_equal_text_nocase(key, name)) {
      return g_steal_pointer(&value);
    }
    while (rest.length > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t')) {
      rest = slice_from(rest, 1);
    }
  }
  return NULL;
}

// ---- multipart/form-data
// -------------------------------------------------------------------------

static Slice part_disposition(Slice head) {
  Slice line;
  while (slice_next_line(&head, &line)) {
    gssize colon = slice_find_char(line, ':');
    if (colon > 0 &&
        slice_equal_text_nocase(slice_range(line, 0, (gsize)colon), "Content-Disposition")) {
      return slice_trim(slice_from(line, (gsize)colon + 1));
    }
  }
  return (Slice){NULL, 0};
}

static gboolean is_text(Slice bytes) {
  return bytes.length == 0 || g_utf8_validate_len(bytes.data, bytes.length, NULL); // FALSE for NUL
}

// One part without its delimiters. Files are passed over.
static gboolean read_part(Slice part, GArray *fields) {
  gssize blank = slice_starts_with(part, "\r\n") ? 0 : slice_find(part, SLICE_LITERAL("\r\n\r\n"));
  if (blank <= 0) { // a field without a head has no name
    return FALSE;
  }
  Slice value = slice_from(part, (gsize)blank + 4);
  Slice disposition = part_disposition(slice_range(part, 0, (gsize)blank));
  if (!slice_equal_text_nocase(main_value(disposition), "form-data")) {
    return FALSE;
  }
  g_autofree char *name = parameter(disposition, "name");
  g_autofree char *file = parameter(disposition, "filename");
  if (name == NULL || !g_utf8_validate(name, -1, NULL)) {
    return FALSE;
  }
  if (file != NULL) {
    return TRUE;
  }
  if (!is_text(value) || fields->len >= FORM_MAX_FIELDS) {
    return FALSE;
  }
  FormField field = {g_steal_pointer(&name), slice_dup(value)};
  g_array_append_val(fields, field);
  return TRUE;
}

static gboolean read_multipart(Slice body, const char *boundary, GArray *fields) {
  gsize length = boundary != NULL ? strlen(boundary) : 0;
  if (length == 0 || length > MAX_BOUNDARY) {
    return FALSE;
  }
  g_autofree char *delimiter = g_strconcat("\r\n--", boundary, NULL);
  Slice between = slice_of(delimiter);
  Slice first = slice_from(between, 2);
  Slice rest = slice_starts_with(body, "\r\n") ? slice_from(body, 2) : body;
  if (!slice_starts_with(rest, first.data)) {
    return FALSE;
  }
  rest = slice_from(rest, first.length);
  for (guint parts = 0; parts <= FORM_MAX_FIELDS; parts++) {
    if (slice_starts_with(rest, "--")) {
      return TRUE;
    }
    gssize end = slice_starts_with(rest, "\r\n") ? slice_find(slice_from(rest, 2), between) : -1;
    if (end < 0 || !read_part(slice_range(rest, 2, (gsize)end), fields)) {
      return FALSE;
    }
    rest = slice_from(rest, 2 + (gsize)end + between.length);
  }
  return FALSE;
}

// ---- both
// ----------------------------------------------------------------------------------------

gboolean form_is_known(Slice content_type) {
  Slice type = main_value(content_type);
  return slice_equal_text_nocase(type, URLENCODED) || slice_equal_text_nocase(type, MULTIPART);
}

GArray *form_parse(Slice content_type, Slice body, GError **error) {
  Slice type = main_value(content_type);
  g_autoptr(GArray) fields = form_fields_new();
  guint bad = 0;
  if (slice_equal_text_nocase(type, URLENCODED)) {
    if (form_read_pairs(body, FORM_MAX_FIELDS, fields, &bad) && bad == 0) {
      return g_steal_pointer(&fields);
    }
  } else if (slice_equal_text_nocase(type, MULTIPART)) {
    g_autofree char *boundary = parameter(content_type, "boundary");
    if (read_multipart(body, boundary, fields)) {
      return g_steal_pointer(&fields);
    }
  } else {
    g_set_error(error, WEB_ERROR, WEB_ERROR_UNSUPPORTED,
                "this address takes a form: send it as " URLENCODED " or " MULTIPART);
    return NULL;
  }
  g_set_error(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST,
              "the form can't be read: it must be well-formed UTF-8 with at most %d fields",
              FORM_MAX_FIELDS);
  return NULL;
}
