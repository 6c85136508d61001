// SPDX-License-Identifier: Apache-2.0
//
// One HTTP request, parsed and decoded. Immutable for handlers; lives until its response is sent.
#pragma once

#include "base/slice.h"

typedef enum HttpMethod {
  HTTP_GET,
  HTTP_HEAD,
  HTTP_POST,
  HTTP_PUT,
  HTTP_PATCH,
  HTTP_DELETE,
  HTTP_OPTIONS,
  HTTP_OTHER
} HttpMethod;

typedef struct Request Request;
HttpMethod request_method(const Request *request);
const char *request_path(const Request *request); // percent-decoded, UTF-8, no NUL, no "." or ".."
                                                  // segments, starts with '/'
Slice request_raw_path(const Request *request);   // as sent, before '?'
Slice request_raw_query(const Request *request);  // after '?', may be empty
const char *request_query(const Request *request,
                          const char *name); // decoded value; NULL if absent; the first if repeated
Slice request_header(const Request *request,
                     const char *name); // data NULL if absent; names compared without case
// A field of the form in the body, decoded (UTF-8, no NUL; line breaks as sent); NULL if absent or
// no form was sent; the first if repeated.
const char *request_form(const Request *request, const char *name);
GStrv request_form_all(const Request *request, const char *name); // all of that name; caller frees
GBytes *request_body(const Request *request); // NULL if none; within the route's limit
// The body of a BODY_FILE route: a descriptor to read and seek in, which is the request's; -1: none
// was sent. The file has no name and is gone with the request.
int request_file(const Request *request);
gsize request_file_size(const Request *request); // bytes
const char *request_parameter(const Request *request,
                              guint index); // what the route's pattern caught, from 0
// Who asks, for routes that are not public (web/admission.h); NULL: nobody that we know.
typedef struct Visitor Visitor;
const Visitor *request_visitor(const Request *request);
const char *request_remote(
    const Request *request); // client's address; X-Forwarded-For only from trusted proxies
gboolean
request_is_secure(const Request *request); // https, also by a trusted proxy's X-Forwarded-Proto
