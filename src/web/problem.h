// SPDX-License-Identifier: Apache-2.0
//
// The only table from GError to HTTP status, and the answer made of it: a page of the newspaper for
// readers, problem details (RFC 9457) where JSON is asked for. Internal messages never reach a
// reader.
#pragma once

#include "web/route.h"

#define WEB_ERROR web_error_quark()
GQuark web_error_quark(void);
typedef enum WebError {
  WEB_ERROR_BAD_REQUEST,
  WEB_ERROR_NOT_FOUND,
  WEB_ERROR_GONE,
  WEB_ERROR_FORBIDDEN,
  WEB_ERROR_TOO_MANY,
  WEB_ERROR_TOO_LARGE,
  WEB_ERROR_UNSUPPORTED,     // media type
  WEB_ERROR_UNAVAILABLE,     // what it takes from elsewhere can't be had now
  WEB_ERROR_UNAUTHENTICATED, // log in first
  WEB_ERROR_SECOND_FACTOR,   // the password was right, the rest is missing
  WEB_ERROR_CSRF,            // from another site, or without the session's token
  WEB_ERROR_SCOPE,           // the token may not
  WEB_ERROR_MAINTENANCE      // the newspaper is closed for a while
} WebError;

guint problem_status(const GError *error);
Response *problem_response(const GError *error, const Request *request, Website *website);
Response *problem_response_status(guint status, const Request *request, Website *website);
