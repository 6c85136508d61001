// SPDX-License-Identifier: Apache-2.0
//
// Implements admission.h. Two ways in: the session's cookie (a browser), or a bearer token (a
// program); one that shows a token is never also judged by its cookie.
#include "web/admission.h"

#include <string.h>

#include "base/secret.h"
#include "web/problem.h"
#include "web/request_parts.h"
#include "web/website.h"

#define COOKIE "broadsheet_session"
#define HOST_COOKIE "__Host-" COOKIE

void visitor_free(Visitor *visitor) {
  if (visitor != NULL) {
    staff_visit_clear(&visitor->visit);
    api_token_free(visitor->token);
    g_free(visitor->secret);
    g_free(visitor->via);
    g_free(visitor->holder);
    g_free(visitor);
  }
}

// ---- how the browser sees us ------------------------------------------------------------------

static gboolean is_secure(const Request *request, const Site *site) {
  return request_is_secure(request) || g_str_has_prefix(site->base_url, "https://");
}

static gboolean is_local(const char *host) {
  return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
         strcmp(host, "::1") == 0;
}

// The newspaper's own address; on this machine, for trying things out, the one that was asked.
char *admission_origin(const Request *request, const Site *site) {
  g_autofree char *host = slice_dup(request_header(request, "Host"));
  g_autofree char *url = g_strconcat("http://", host, NULL);
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
  gboolean local = uri != NULL && g_uri_get_host(uri) != NULL && is_local(g_uri_get_host(uri));
  return local ? g_strconcat(request_is_secure(request) ? "https://" : "http://", host, NULL)
               : g_strdup(site->base_url);
}

static gboolean is_own_origin(const Request *request, const Site *site, Slice origin) {
  g_autofree char *own = admission_origin(request, site);
  Slice host = request_header(request, "Host");
  gsize scheme = slice_starts_with(origin, "https://")  ? 8
                 : slice_starts_with(origin, "http://") ? 7
                                                        : 0;
  return slice_equal_text(origin, own) || slice_equal_text(origin, site->base_url) ||
         (scheme > 0 && host.length > 0 && slice_equal(slice_from(origin, scheme), host));
}

gboolean admission_check_origin(const Request *request, const Site *site, GError **error) {
  Slice fetch = request_header(request, "Sec-Fetch-Site");
  Slice origin = request_header(request, "Origin");
  gboolean good = (fetch.data == NULL || slice_equal_text(fetch, "same-origin") ||
                   slice_equal_text(fetch, "none")) &&
                  (origin.data == NULL || is_own_origin(request, site, origin));
  if (!good) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_CSRF,
                "this was sent from another site: open the newsroom and do it there");
  }
  return good;
}

char *admission_csrf(const char *secret) {
  return secret_hmac_hex(secret, SLICE_LITERAL("csrf"));
}

void admission_set_cookie(Response *response, const Request *request, const Site *site,
                          const char *secret) {
  gboolean secure = is_secure(request, site);
  g_autofree char *cookie =
      g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", secure ? HOST_COOKIE : COOKIE,
                      secret != NULL ? secret : "", secure ? "; Secure" : "",
                      secret != NULL ? "; Max-Age=1209600" : "; Max-Age=0");
  response_add_header(response, "Set-Cookie", cookie);
}

// ---- who asks ---------------------------------------------------------------------------------

// The value of a cookie; NULL if there is none, or two of that name.
static char *cookie_value(const Request *request, const char *name) {
  g_autofree char *line = slice_dup(request_header(request, "Cookie"));
  g_auto(GStrv) pairs = g_strsplit(line, ";", 100);
  char *found = NULL;
  gsize length = strlen(name);
  for (guint i = 0; pairs[i] != NULL; i++) {
    const char *pair = g_strstrip(pairs[i]);
    if (strncmp(pair, name, length) != 0 || pair[length] != '=') {
      continue;
    }
    if (found != NULL) {
      g_free(found);
      return NULL;
    }
    found = g_strdup(pair + length + 1);
  }
  return found;
}

static gboolean is_absent(GError **failure) {
  if (!g_error_matches(*failure, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND)) {
    return FALSE;
  }
  g_clear_error(failure);
  return TRUE;
}

static Visitor *by_token(Slice header, Website *website, GError **error) {
  g_autoptr(Visitor) visitor = g_new0(Visitor, 1);
  GError *failure = NULL;
  if (!slice_starts_with(header, "Bearer ") || header.length > 200) {
    return NULL;
  }
  g_autofree char *secret = slice_dup(slice_trim(slice_from(header, 7)));
  if (!staff_token_visit(website->newsroom, secret, &visitor->visit.staff, &visitor->token,
                         &failure)) {
    if (!is_absent(&failure)) {
      g_propagate_error(error, failure);
    }
    return NULL;
  }
  visitor->via = g_strdup_printf("token %s", visitor->token->name);
  visitor->holder = g_strdup_printf("token %" G_GINT64_FORMAT, visitor->token->id);
  visitor->actor = (Actor){visitor->visit.staff->id,       visitor->visit.staff->name,
                           visitor->visit.staff->role,     visitor->via,
                           visitor->token->scopes,         visitor->holder,
                           visitor->visit.staff->author_id};
  return g_steal_pointer(&visitor);
}

static Visitor *by_session(const Request *request, Website *website, GError **error) {
  g_autoptr(Visitor) visitor = g_new0(Visitor, 1);
  GError *failure = NULL;
  visitor->secret = cookie_value(request, HOST_COOKIE);
  if (visitor->secret == NULL) {
    visitor->secret = cookie_value(request, COOKIE);
  }
  if (visitor->secret == NULL) {
    return NULL;
  }
  if (!staff_visit(website->newsroom, visitor->secret, &visitor->visit, &failure)) {
    if (!is_absent(&failure)) {
      g_propagate_error(error, failure);
    }
    return NULL;
  }
  visitor->via = g_strdup("session");
  visitor->holder = g_strdup_printf("session %" G_GINT64_FORMAT, visitor->visit.session->id);
  visitor->actor = (Actor){visitor->visit.staff->id,
                           visitor->visit.staff->name,
                           visitor->visit.staff->role,
                           visitor->via,
                           NULL,
                           visitor->holder,
                           visitor->visit.staff->author_id};
  return g_steal_pointer(&visitor);
}

Visitor *admission_find(const Request *request, Website *website, GError **error) {
  Slice header = request_header(request, "Authorization");
  return header.data != NULL ? by_token(header, website, error)
                             : by_session(request, website, error);
}

// ---- whether they may -------------------------------------------------------------------------

static gboolean refuse(GError **error, WebError code, const char *says) {
  g_set_error_literal(error, WEB_ERROR, (gint)code, says);
  return FALSE;
}

static gboolean check_csrf(const Request *request, const Visitor *visitor, Website *website,
                           GError **error) {
  if (visitor->secret == NULL || request_method(request) == HTTP_GET) {
    return TRUE;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? website_site(website, transaction, error) : NULL;
  if (site == NULL || !admission_check_origin(request, site, error)) {
    return FALSE;
  }
  g_autofree char *given = slice_dup(request_header(request, "X-CSRF-Token"));
  g_autofree char *wanted = admission_csrf(visitor->secret);
  return secret_equal(given, wanted) ||
         refuse(error, WEB_ERROR_CSRF,
                "the header X-CSRF-Token is missing or old: ask GET /api/session for the newest");
}

static gboolean check_permission(const Visitor *visitor, Permission wanted, GError **error) {
  gboolean whole = visitor->token != NULL || visitor->visit.session->state == SESSION_ACTIVE;
  if (wanted == PERMISSION_SESSION && visitor->token == NULL) {
    return TRUE;
  }
  if (!whole) {
    return refuse(error, WEB_ERROR_SECOND_FACTOR, "the second factor is missing");
  }
  if (actor_may(&visitor->actor, wanted)) {
    return TRUE;
  }
  gboolean by_scope = visitor->token != NULL && permission_of_role(visitor->actor.role, wanted);
  g_set_error(error, WEB_ERROR, by_scope ? WEB_ERROR_SCOPE : WEB_ERROR_FORBIDDEN,
              "this needs the permission %s, %s", PERMISSIONS[wanted].name,
              PERMISSIONS[wanted].says);
  return FALSE;
}

gboolean admission_check(Request *request, const Route *route, Website *website, GError **error) {
  if (route->permission == PERMISSION_PUBLIC) {
    return TRUE;
  }
  GError *failure = NULL;
  g_autoptr(Visitor) visitor = admission_find(request, website, &failure);
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (visitor == NULL) {
    return refuse(error, WEB_ERROR_UNAUTHENTICATED, "log in first");
  }
  if (!check_csrf(request, visitor, website, error) ||
      !check_permission(visitor, route->permission, error)) {
    return FALSE;
  }
  request_take_visitor(request, g_steal_pointer(&visitor));
  return TRUE;
}
