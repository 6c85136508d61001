// SPDX-License-Identifier: Apache-2.0
//
// Who asks, and whether they may: looked at for every route that is not public, before its handler.
// Denies by default: no session or token 401, no permission 403; and whoever comes with a session
// and changes something must show its CSRF token, from a page of ours. See newsroom/permissions.h.
#pragma once

#include "newsroom/staff.h"
#include "web/route.h"

struct Visitor {
  StaffVisit visit; // session NULL: by a token
  ApiToken *token;  // NULL: by a session
  char *secret;     // of the session; NULL: by a token
  char *via, *holder;
  Actor actor;
};
void visitor_free(Visitor *visitor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Visitor, visitor_free)

// Called by the workers; keeps the visitor with the request (request_visitor). TRUE for a public
// route, whoever asks.
gboolean admission_check(Request *request, const Route *route, Website *website, GError **error);
// The visitor of a request that a public route answers in its own way; NULL without error: none.
Visitor *admission_find(const Request *request, Website *website, GError **error);

// FORBIDDEN unless the request comes from a page of ours (Sec-Fetch-Site, Origin), or from no
// browser.
gboolean admission_check_origin(const Request *request, const Site *site, GError **error);
char *admission_csrf(const char *secret); // what X-CSRF-Token must say; caller frees
// Set-Cookie for a new session, or (NULL) to end it.
void admission_set_cookie(Response *response, const Request *request, const Site *site,
                          const char *secret);
// How the browser sees us: "https://example.org". Caller frees.
char *admission_origin(const Request *request, const Site *site);
