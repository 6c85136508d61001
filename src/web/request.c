// SPDX-License-Identifier: Apache-2.0
//
// Implements request.h and request_parts.h: decoding of the path and the query. Made by the I/O
// threads, read by the handlers.
#include "web/request.h"

#include <string.h>

#include "web/request_parts.h"

typedef struct Field {
  char *name, *value;
} Field;

struct Request {
  HttpMethod method;
  char *target; // owns raw path and query
  Slice raw_path, raw_query;
  char *path;
  GArray *query;   // Field
  GArray *headers; // Field, values may hold any byte but controls
  GBytes *body;
  char **parameters;
  char *remote;
  gboolean secure;
};

static void field_clear(gpointer data) {
  Field *field = data;
  g_free(field->name);
  g_free(field->value);
}

// `plus`: '+' is a space (query). NULL on malformed or unwelcome encodings.
static char *decode(Slice text, gboolean plus) {
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
        good = c != '\0' && (plus || (c != '/' && c != '\\'));
      }
    } else if (plus && c == '+') {
      c = ' ';
    }
    g_string_append_c(out, c);
  }
  good = good && g_utf8_validate_len(out->str, out->len, NULL);
  for (gsize i = 0; i < out->len && good && !plus; i++) {
    good = (guchar)out->str[i] >= 0x20 && out->str[i] != 0x7f;
  }
  return g_string_free(out, !good);
}

static gboolean has_dot_segments(const char *path) {
  for (const char *at = path; (at = strchr(at, '/')) != NULL;) {
    at++;
    gsize length = strcspn(at, "/");
    if ((length == 1 && at[0] == '.') || (length == 2 && at[0] == '.' && at[1] == '.')) {
      return TRUE;
    }
  }
  return FALSE;
}

static void read_query(Request *request) {
  Slice rest = request->raw_query;
  while (rest.length > 0 && request->query->len < 64) {
    gssize end = slice_find_char(rest, '&');
    Slice pair = slice_range(rest, 0, end < 0 ? rest.length : (gsize)end);
    rest = slice_from(rest, pair.length + 1);
    gssize equals = slice_find_char(pair, '=');
    Slice name = slice_range(pair, 0, equals < 0 ? pair.length : (gsize)equals);
    Field field = {decode(name, TRUE), decode(slice_from(pair, name.length + 1), TRUE)};
    if (field.name == NULL || field.value == NULL) {
      field_clear(&field);
    } else {
      g_array_append_val(request->query, field);
    }
  }
}

Request *request_new(const RequestParts *parts) {
  gssize mark = slice_find_char(parts->target, '?');
  gsize path_length = mark < 0 ? parts->target.length : (gsize)mark;
  char *path = decode(slice_range(parts->target, 0, path_length), FALSE);
  if (path == NULL || path[0] != '/' || has_dot_segments(path)) {
    g_free(path);
    return NULL;
  }
  Request *request = g_new0(Request, 1);
  request->method = parts->method;
  request->target = slice_dup(parts->target);
  request->raw_path = (Slice){request->target, path_length};
  request->raw_query =
      mark < 0 ? (Slice){"", 0}
               : slice_from((Slice){request->target, parts->target.length}, path_length + 1);
  request->path = path;
  request->query = g_array_new(FALSE, FALSE, sizeof(Field));
  request->headers = g_array_new(FALSE, FALSE, sizeof(Field));
  g_array_set_clear_func(request->query, field_clear);
  g_array_set_clear_func(request->headers, field_clear);
  read_query(request);
  for (guint i = 0; i < parts->header_count; i++) {
    Field field = {slice_dup(parts->headers[i].name), slice_dup(parts->headers[i].value)};
    g_array_append_val(request->headers, field);
  }
  request->body = parts->body != NULL ? g_bytes_ref(parts->body) : NULL;
  request->remote = g_strdup(parts->remote != NULL ? parts->remote : "");
  request->secure = parts->secure;
  return request;
}

void request_free(Request *request) {
  if (request == NULL) {
    return;
  }
  g_free(request->target);
  g_free(request->path);
  g_array_unref(request->query);
  g_array_unref(request->headers);
  g_clear_pointer(&request->body, g_bytes_unref);
  g_strfreev(request->parameters);
  g_free(request->remote);
  g_free(request);
}

void request_take_parameters(Request *request, char **parameters) {
  g_strfreev(request->parameters);
  request->parameters = parameters;
}

HttpMethod request_method(const Request *request) {
  return request->method;
}

const char *request_path(const Request *request) {
  return request->path;
}

Slice request_raw_path(const Request *request) {
  return request->raw_path;
}

Slice request_raw_query(const Request *request) {
  return request->raw_query;
}

const char *request_query(const Request *request, const char *name) {
  for (guint i = 0; i < request->query->len; i++) {
    const Field *field = &g_array_index(request->query, Field, i);
    if (strcmp(field->name, name) == 0) {
      return field->value;
    }
  }
  return NULL;
}

Slice request_header(const Request *request, const char *name) {
  for (guint i = 0; i < request->headers->len; i++) {
    const Field *field = &g_array_index(request->headers, Field, i);
    if (g_ascii_strcasecmp(field->name, name) == 0) {
      return slice_of(field->value);
    }
  }
  return (Slice){NULL, 0};
}

GBytes *request_body(const Request *request) {
  return request->body;
}

const char *request_parameter(const Request *request, guint index) {
  return request->parameters != NULL && index < g_strv_length(request->parameters)
             ? request->parameters[index]
             : NULL;
}

const char *request_remote(const Request *request) {
  return request->remote;
}

gboolean request_is_secure(const Request *request) {
  return request->secure;
}
