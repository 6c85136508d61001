// SPDX-License-Identifier: Apache-2.0
//
// How a Request is made: for http_server's files, admission.c and tests only.
#pragma once

#include "web/http_parser.h"
#include "web/route.h"

typedef struct RequestParts {
  HttpMethod method;
  Slice target;              // origin-form
  const HttpHeader *headers; // copied
  guint header_count;
  GBytes *body;       // a reference is taken; may be NULL
  const char *remote; // client's address
  gboolean secure;
} RequestParts;

// NULL: the path is not one we answer (400): bad percent-encoding, not UTF-8, NUL or control
// characters, "%2f", "%5c", "." and ".." segments.
Request *request_new(const RequestParts *parts);
void request_free(Request *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Request, request_free)
// Before the handler: reads the body as a form if it is one. FALSE only where `expected` is
// BODY_FORM: WEB_ERROR_UNSUPPORTED or WEB_ERROR_BAD_REQUEST. An empty body is a form without
// fields.
gboolean request_read_form(Request *request, BodyType expected, GError **error);
void request_take_visitor(Request *request, Visitor *visitor);     // frees it in the end
void request_take_file(Request *request, int file, gsize size);    // closes it in the end
void request_take_parameters(Request *request, char **parameters); // of the route's pattern
