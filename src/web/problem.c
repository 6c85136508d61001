// SPDX-License-Identifier: Apache-2.0
//
// Implements problem.h. Called by the server for every handler that failed and every request that
// no route fits. What went wrong inside goes to the log, never to a reader.
#include "web/problem.h"

#include <string.h>

#include "base/json_writer.h"
#include "imaging/image_header.h"
#include "newsroom/newsroom.h"
#include "store/store.h"
#include "web/page_cache.h"
#include "web/website.h"

G_DEFINE_QUARK(broadsheet - web - error, web_error)

typedef struct StatusRow {
  gint code;
  guint status;
} StatusRow;

static guint status_in(const StatusRow *rows, gsize count, gint code) {
  for (gsize i = 0; i < count; i++) {
    if (rows[i].code == code) {
      return rows[i].status;
    }
  }
  return 500;
}

guint problem_status(const GError *error) {
  static const StatusRow STORE[] = {{STORE_ERROR_UNAVAILABLE, 503},
                                    {STORE_ERROR_FULL, 503},
                                    {STORE_ERROR_NOT_FOUND, 404},
                                    {STORE_ERROR_CONSTRAINT, 409},
                                    {STORE_ERROR_SCHEMA, 503}};
  static const StatusRow IMAGING[] = {
      {IMAGING_ERROR_UNSUPPORTED, 415}, {IMAGING_ERROR_CORRUPT, 422},
      {IMAGING_ERROR_TOO_LARGE, 413},   {IMAGING_ERROR_RECTANGLE, 400},
      {IMAGING_ERROR_BUSY, 503},        {IMAGING_ERROR_TIMEOUT, 422}};
  static const StatusRow NEWSROOM[] = {
      {NEWSROOM_ERROR_INVALID, 422}, {NEWSROOM_ERROR_NOT_FOUND, 404},
      {NEWSROOM_ERROR_STATE, 409},   {NEWSROOM_ERROR_FORBIDDEN, 403},
      {NEWSROOM_ERROR_STALE, 409},   {NEWSROOM_ERROR_LOCKED, 409},
      {NEWSROOM_ERROR_RATE, 429},    {NEWSROOM_ERROR_PASSWORD, 401},
      {NEWSROOM_ERROR_CODE, 422}};
  static const StatusRow WEB[] = {{WEB_ERROR_BAD_REQUEST, 400},   {WEB_ERROR_NOT_FOUND, 404},
                                  {WEB_ERROR_GONE, 410},          {WEB_ERROR_FORBIDDEN, 403},
                                  {WEB_ERROR_TOO_MANY, 429},      {WEB_ERROR_TOO_LARGE, 413},
                                  {WEB_ERROR_UNSUPPORTED, 415},   {WEB_ERROR_UNAUTHENTICATED, 401},
                                  {WEB_ERROR_SECOND_FACTOR, 401}, {WEB_ERROR_CSRF, 403},
                                  {WEB_ERROR_SCOPE, 403},         {WEB_ERROR_UNAVAILABLE, 503},
                                  {WEB_ERROR_MAINTENANCE, 503}};
  if (error->domain == STORE_ERROR) {
    return status_in(STORE, G_N_ELEMENTS(STORE), error->code);
  }
  if (error->domain == IMAGING_ERROR) {
    return status_in(IMAGING, G_N_ELEMENTS(IMAGING), error->code);
  }
  if (error->domain == NEWSROOM_ERROR) {
    return status_in(NEWSROOM, G_N_ELEMENTS(NEWSROOM), error->code);
  }
  return error->domain == WEB_ERROR ? status_in(WEB, G_N_ELEMENTS(WEB), error->code) : 500;
}

static gboolean wants_json(const Request *request) {
  if (request != NULL && g_str_has_prefix(request_path(request), "/api/")) {
    return TRUE;
  }
  Slice accept = request != NULL ? request_header(request, "Accept") : (Slice){NULL, 0};
  return slice_find(accept, SLICE_LITERAL("json")) >= 0 &&
         slice_find(accept, SLICE_LITERAL("text/html")) < 0;
}

// For programs: what kind of fault it is.
static const char *problem_code(guint status, const GError *error) {
  static const char *const NEWSROOM[] = {
      [NEWSROOM_ERROR_INVALID] = "invalid", [NEWSROOM_ERROR_NOT_FOUND] = "not_found",
      [NEWSROOM_ERROR_STATE] = "state",     [NEWSROOM_ERROR_FORBIDDEN] = "forbidden",
      [NEWSROOM_ERROR_STALE] = "stale",     [NEWSROOM_ERROR_LOCKED] = "locked",
      [NEWSROOM_ERROR_RATE] = "rate",       [NEWSROOM_ERROR_PASSWORD] = "password",
      [NEWSROOM_ERROR_CODE] = "code"};
  static const struct {
    guint status;
    const char *code;
  } STATUSES[] = {
      {400, "invalid"},    {401, "unauthenticated"}, {403, "forbidden"}, {404, "not_found"},
      {405, "method"},     {409, "state"},           {410, "gone"},      {413, "too_large"},
      {415, "media_type"}, {422, "invalid"},         {429, "rate"},      {503, "busy"}};
  if (error != NULL && error->domain == NEWSROOM_ERROR &&
      (gsize)error->code < G_N_ELEMENTS(NEWSROOM)) {
    return NEWSROOM[error->code];
  }
  if (error != NULL && error->domain == WEB_ERROR && error->code >= WEB_ERROR_SECOND_FACTOR &&
      error->code <= WEB_ERROR_SCOPE) {
    return error->code == WEB_ERROR_CSRF    ? "csrf"
           : error->code == WEB_ERROR_SCOPE ? "scope"
                                            : "second_factor";
  }
  for (gsize i = 0; i < G_N_ELEMENTS(STATUSES); i++) {
    if (STATUSES[i].status == status) {
      return STATUSES[i].code;
    }
  }
  return "failed";
}

// Our words for a wrong field begin with its name: "email: …".
static char *problem_field(const GError *error) {
  const char *detail = error != NULL ? error->message : "";
  gsize length = strspn(detail, "abcdefghijklmnopqrstuvwxyz0123456789_");
  gboolean named = length > 0 && detail[length] == ':' && detail[length + 1] == ' ';
  return named && (error->domain == NEWSROOM_ERROR || error->domain == WEB_ERROR)
             ? g_strndup(detail, length)
             : NULL;
}

static Response *json_problem(guint status, const char *detail, const GError *error) {
  g_autofree char *field = status < 500 ? problem_field(error) : NULL;
  GString *out = g_string_new(NULL);
  JsonWriter json;
  json_begin(&json, out);
  json_object(&json);
  json_string_member(&json, "type", "about:blank");
  json_string_member(&json, "title", page_reason(status));
  json_integer_member(&json, "status", status);
  json_string_member(&json, "detail", detail);
  json_string_member(&json, "code", problem_code(status, error));
  json_string_member(&json, "field", field);
  json_end_object(&json);
  return response_new_take(status, "application/problem+json", out);
}

static Response *plain_problem(guint status, const char *detail) {
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "%u %s\n%s%s", status, page_reason(status),
                         detail != NULL ? detail : "", detail != NULL ? "\n" : "");
  return response_new_take(status, "text/plain; charset=utf-8", out);
}

// The newspaper's own page, if the newspaper can be had at all; NULL if not.
static Response *html_problem(guint status, const Request *request, Website *website) {
  if (website == NULL || website->press == NULL || website->newsroom == NULL) {
    return NULL;
  }
  g_mutex_lock(&website->lock);
  g_autoptr(Site) site = website->site != NULL ? site_ref(website->site) : NULL;
  g_mutex_unlock(&website->lock);
  if (site == NULL) {
    g_autoptr(StoreTransaction) transaction = store_begin_read(website->newsroom->store, NULL);
    site = transaction != NULL ? website_site(website, transaction, NULL) : NULL;
  }
  if (site == NULL) {
    return NULL;
  }
  MessagePage page = {.context = {site, clock_now(&website->newsroom->clock),
                                  request != NULL ? request_path(request) : "/"},
                      .status = status};
  GString *out = g_string_new(NULL);
  if (!page_message(website->press, &page, out, NULL)) {
    g_string_free(out, TRUE);
    return NULL;
  }
  return response_new_take(status, "text/html; charset=utf-8", out);
}

// What a stranger may know: our words for his own mistakes, nothing of what failed inside.
static Response *answer(guint status, const GError *error, const Request *request,
                        Website *website) {
  const char *detail = error != NULL && status < 500 ? error->message : NULL;
  Response *response = NULL;
  if (wants_json(request)) {
    response = json_problem(status, detail, error);
  } else if (request != NULL && !g_str_has_prefix(request_path(request), "/images/")) {
    response = html_problem(status, request, website);
  }
  if (response == NULL) {
    response = plain_problem(status, detail);
  }
  if (status == 503 || status == 429) {
    gboolean closed = g_error_matches(error, WEB_ERROR, WEB_ERROR_MAINTENANCE);
    response_add_header(response, "Retry-After", closed ? "300" : status == 503 ? "2" : "60");
  }
  return response;
}

Response *problem_response(const GError *error, const Request *request, Website *website) {
  guint status = problem_status(error);
  return answer(status, error, request, website);
}

Response *problem_response_status(guint status, const Request *request, Website *website) {
  return answer(status, NULL, request, website);
}
