// SPDX-License-Identifier: Apache-2.0
//
// Implements request.h and request_parts.h. Made by the I/O threads, read by the handlers; a form's
// body is read by the worker thread just before its handler.
#include "web/request.h"

#include <string.h>
#include <unistd.h>

#include "web/admission.h"
#include "web/form.h"
#include "web/problem.h"
#include "web/request_parts.h"

struct Request {
  HttpMethod method;
  char *target; // owns raw path and query
  Slice raw_path, raw_query;
  char *path;
  GArray *query;   // FormField
  GArray *headers; // FormField, values may hold any byte but controls
  GArray *form;    // FormField; NULL: none was sent
  GBytes *body;
  int file; // -1: none
  gsize file_size;
  char **parameters;
  char *remote;
  gboolean secure;
  Visitor *visitor;
};

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

#define QUERY_MAX_FIELDS 64

Request *request_new(const RequestParts *parts) {
  gssize mark = slice_find_char(parts->target, '?');
  gsize path_length = mark < 0 ? parts->target.length : (gsize)mark;
  char *path = form_decode(slice_range(parts->target, 0, path_length), FALSE);
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
  request->query = form_fields_new();
  request->headers = form_fields_new();
  guint unused = 0;
  (void)form_read_pairs(request->raw_query, QUERY_MAX_FIELDS, request->query, &unused);
  for (guint i = 0; i < parts->header_count; i++) {
    FormField field = {slice_dup(parts->headers[i].name), slice_dup(parts->headers[i].value)};
    g_array_append_val(request->headers, field);
  }
  request->body = parts->body != NULL ? g_bytes_ref(parts->body) : NULL;
  request->remote = g_strdup(parts->remote != NULL ? parts->remote : "");
  request->secure = parts->secure;
  request->file = -1;
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
  g_clear_pointer(&request->form, g_array_unref);
  g_clear_pointer(&request->body, g_bytes_unref);
  if (request->file >= 0) {
    close(request->file);
  }
  g_strfreev(request->parameters);
  g_free(request->remote);
  visitor_free(request->visitor);
  g_free(request);
}

void request_take_parameters(Request *request, char **parameters) {
  g_strfreev(request->parameters);
  request->parameters = parameters;
}

void request_take_file(Request *request, int file, gsize size) {
  g_assert(request->file < 0);
  request->file = file;
  request->file_size = size;
}

int request_file(const Request *request) {
  return request->file;
}

gsize request_file_size(const Request *request) {
  return request->file_size;
}

void request_take_visitor(Request *request, Visitor *visitor) {
  visitor_free(request->visitor);
  request->visitor = visitor;
}

const Visitor *request_visitor(const Request *request) {
  return request->visitor;
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
  return form_find(request->query, name);
}

const char *request_form(const Request *request, const char *name) {
  return request->form != NULL ? form_find(request->form, name) : NULL;
}

GStrv request_form_all(const Request *request, const char *name) {
  g_autoptr(GStrvBuilder) values = g_strv_builder_new();
  for (guint i = 0; request->form != NULL && i < request->form->len; i++) {
    const FormField *field = &g_array_index(request->form, FormField, i);
    if (strcmp(field->name, name) == 0) {
      g_strv_builder_add(values, field->value);
    }
  }
  return g_strv_builder_end(values);
}

gboolean request_read_form(Request *request, BodyType expected, GError **error) {
  Slice type = request_header(request, "Content-Type");
  if (request->body == NULL || g_bytes_get_size(request->body) == 0) {
    return TRUE;
  }
  if (expected != BODY_FORM && !form_is_known(type)) {
    return TRUE;
  }
  g_autoptr(GError) reason = NULL;
  request->form = form_parse(type, slice_of_bytes(request->body), &reason);
  if (request->form == NULL && expected == BODY_FORM) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return FALSE;
  }
  return TRUE;
}

Slice request_header(const Request *request, const char *name) {
  for (guint i = 0; i < request->headers->len; i++) {
    const FormField *field = &g_array_index(request->headers, FormField, i);
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
