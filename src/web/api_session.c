// SPDX-License-Identifier: Apache-2.0
//
// Logging in and out, the first start, invitations, new passwords (docs/api/openapi.json). What a
// browser sends here comes from a page of ours, or is refused: nobody is logged in by another site.
#include <string.h>

#include "store/staff_rows.h"
#include "web/api_handlers.h"
#include "web/api_resource.h"

Response *api_document_get(const Request *request, Website *website, GError **error) {
  g_autoptr(GBytes) bytes = g_resource_lookup_data(
      api_get_resource(), "/broadsheet/api/openapi.json", G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (bytes == NULL) {
    return NULL;
  }
  Response *response = response_new(200, "application/json", bytes);
  response_set_cache(response, CACHE_PAGE);
  return response;
}

void put_newspaper(JsonWriter *json, const Site *site) {
  put_object(json, "newspaper");
  put_text(json, "name", site->name);
  put_text(json, "base_url", site->base_url);
  put_text(json, "language", site->language);
  put_text(json, "time_zone", site->zone_name);
  put_text(json, "version", BROADSHEET_VERSION);
  put_list(json, "aspects");
  for (guint i = 0; i < ASPECT_COUNT; i++) {
    json_string(json, image_aspect_name((ImageAspect)i));
  }
  json_end_array(json);
  json_end_object(json);
}

void put_account(JsonWriter *json, const char *name, StoreTransaction *transaction,
                 const Staff *staff) {
  g_autoptr(GPtrArray) passkeys = passkey_rows_list(transaction, staff->id, NULL);
  if (name != NULL) {
    put_object(json, name);
  }
  put_integer(json, "id", staff->id);
  put_text(json, "email", staff->address);
  put_text(json, "name", staff->name);
  put_text(json, "role", staff_role_name(staff->role));
  put_id(json, "author_id", staff->author_id);
  put_text(json, "language", staff->language);
  put_raw(json, "preferences", staff->preferences);
  put_flag(json, "totp", staff->totp_confirmed);
  put_integer(json, "passkeys", passkeys != NULL ? passkeys->len : 0);
  put_integer(json, "recovery_codes_left",
              MAX(recovery_code_rows_count(transaction, staff->id, NULL), 0));
  if (name != NULL) {
    json_end_object(json);
  }
}

static void put_second_factors(JsonWriter *json, StoreTransaction *transaction,
                               const Staff *staff) {
  g_autoptr(GPtrArray) passkeys = passkey_rows_list(transaction, staff->id, NULL);
  if (staff->totp_confirmed) {
    json_string(json, "totp");
  }
  if (passkeys != NULL && passkeys->len > 0) {
    json_string(json, "passkey");
  }
  if (recovery_code_rows_count(transaction, staff->id, NULL) > 0) {
    json_string(json, "recovery_code");
  }
}

static void put_session(JsonWriter *json, StoreTransaction *transaction, const StaffVisit *visit,
                        const char *secret) {
  gboolean known = visit->session != NULL;
  gboolean active = known && visit->session->state == SESSION_ACTIVE;
  g_autofree char *csrf = secret != NULL ? admission_csrf(secret) : NULL;
  put_text(json, "state", active ? "active" : known ? "second_factor" : "none");
  put_flag(json, "set_up_needed", staff_rows_count_owners(transaction, NULL) == 0);
  put_text(json, "csrf", known ? csrf : NULL);
  put_list(json, "second_factors");
  if (known && !active) {
    put_second_factors(json, transaction, visit->staff);
  }
  json_end_array(json);
  if (active) {
    put_account(json, "account", transaction, visit->staff);
  } else {
    put_null(json, "account");
  }
  put_list(json, "permissions");
  for (guint i = 0; active && i < PERMISSION_COUNT; i++) {
    if (permission_of_role(visit->staff->role, (Permission)i)) {
      json_string(json, PERMISSIONS[i].name);
    }
  }
  json_end_array(json);
  put_instant(json, "expires_at", known ? visit->session->expires_at : 0);
}

Response *api_session_answer(const Request *request, Website *website, const char *secret,
                             GError **error) {
  g_auto(ApiAnswer) answer = {0};
  g_auto(ApiRead) read = {0};
  g_auto(StaffVisit) fresh = {0};
  g_autoptr(Visitor) visitor = NULL;
  GError *failure = NULL;
  if (secret != NULL) {
    if (!staff_visit(website->newsroom, secret, &fresh, error)) {
      return NULL;
    }
  } else {
    visitor = admission_find(request, website, &failure);
    if (failure != NULL) {
      g_propagate_error(error, failure);
      return NULL;
    }
  }
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_session(json, read.transaction, secret != NULL || visitor == NULL ? &fresh : &visitor->visit,
              secret != NULL    ? secret
              : visitor != NULL ? visitor->secret
                                : NULL);
  put_newspaper(json, read.site);
  Response *response = api_respond(&answer, 200);
  if (secret != NULL) {
    admission_set_cookie(response, request, read.site, secret);
  }
  return response;
}

Response *api_session_get(const Request *request, Website *website, GError **error) {
  return api_session_answer(request, website, NULL, error);
}

// Public, and changes something: from a page of ours only.
static gboolean begin_public(ApiCall *call, const Request *request, Website *website,
                             GError **error) {
  g_auto(ApiRead) read = {0};
  return api_read_begin(&read, website, error) &&
         admission_check_origin(request, read.site, error) &&
         api_begin_json(call, request, website, error);
}

static const char *browser_of(const Request *request, char **owned) {
  *owned = slice_dup(request_header(request, "User-Agent"));
  return *owned;
}

Response *api_session_post(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *browser = NULL;
  if (!begin_public(&call, request, website, error)) {
    return NULL;
  }
  StaffLogIn log_in = {.address = api_need_text(&call, "email"),
                       .password = api_need_text(&call, "password"),
                       .remote = request_remote(request),
                       .browser = browser_of(request, &browser)};
  if (!api_accept(&call, error)) {
    return NULL;
  }
  g_autofree char *secret = staff_log_in(&call.newsroom, &log_in, error);
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}

Response *api_session_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  api_begin(&call, request, website);
  if (!staff_log_out(&call.newsroom, &call.visitor->visit, error) ||
      !api_read_begin(&read, website, error)) {
    return NULL;
  }
  Response *response = api_done();
  admission_set_cookie(response, request, read.site, NULL);
  return response;
}

Response *api_session_code(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *code = api_need_text(&call, "code");
  g_autofree char *secret = api_accept(&call, error)
                                ? staff_give_code(&call.newsroom, &call.visitor->visit, code, error)
                                : NULL;
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}

Response *api_session_recovery_code(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *code = api_need_text(&call, "code");
  g_autofree char *secret =
      api_accept(&call, error)
          ? staff_give_recovery_code(&call.newsroom, &call.visitor->visit, code, error)
          : NULL;
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}

// ---- the first start --------------------------------------------------------------------------

Response *api_set_up_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  gboolean needed = FALSE;
  gboolean fits = FALSE;
  api_begin(&call, request, website);
  if (!staff_needs_set_up(&call.newsroom, request_query(request, "token"), &needed, &fits, error) ||
      !api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_flag(json, "open", needed && fits);
  put_newspaper(json, read.site);
  return api_respond(&answer, 200);
}

Response *api_set_up_post(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *browser = NULL;
  if (!begin_public(&call, request, website, error)) {
    return NULL;
  }
  StaffSetUp set_up = {.token = api_need_text(&call, "token"),
                       .address = api_need_text(&call, "email"),
                       .name = api_need_text(&call, "name"),
                       .password = api_need_text(&call, "password"),
                       .newspaper_name = api_text(&call, "newspaper_name"),
                       .base_url = api_text(&call, "base_url"),
                       .language = api_text(&call, "language"),
                       .zone_name = api_text(&call, "time_zone"),
                       .remote = request_remote(request),
                       .browser = browser_of(request, &browser)};
  g_autofree char *secret =
      api_accept(&call, error) ? staff_set_up(&call.newsroom, &set_up, error) : NULL;
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}

// ---- links by mail ----------------------------------------------------------------------------

Response *api_password_ask(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!begin_public(&call, request, website, error)) {
    return NULL;
  }
  const char *address = api_need_text(&call, "email");
  if (!api_accept(&call, error) ||
      !staff_ask_password(&call.newsroom, address, request_remote(request), error)) {
    return NULL;
  }
  return response_new(202, "application/json", NULL);
}

Response *api_password_reset(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!begin_public(&call, request, website, error)) {
    return NULL;
  }
  const char *token = api_need_text(&call, "token");
  const char *password = api_need_text(&call, "password");
  return api_accept(&call, error) && staff_reset_password(&call.newsroom, token, password, error)
             ? api_done()
             : NULL;
}

Response *api_invitation_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  g_autoptr(Staff) staff = staff_invitation(&call.newsroom, request_parameter(request, 0), error);
  if (staff == NULL || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_text(json, "email", staff->address);
  put_text(json, "name", staff->name);
  put_text(json, "role", staff_role_name(staff->role));
  put_newspaper(json, read.site);
  return api_respond(&answer, 200);
}

Response *api_invitation_post(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *browser = NULL;
  if (!begin_public(&call, request, website, error)) {
    return NULL;
  }
  StaffAcceptance acceptance = {.token = request_parameter(request, 0),
                                .name = api_need_text(&call, "name"),
                                .password = api_need_text(&call, "password"),
                                .remote = request_remote(request),
                                .browser = browser_of(request, &browser)};
  g_autofree char *secret =
      api_accept(&call, error) ? staff_accept(&call.newsroom, &acceptance, error) : NULL;
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}
