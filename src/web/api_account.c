// SPDX-License-Identifier: Apache-2.0
//
// Oneself: name, password, second factors, sessions (docs/api/openapi.json). Programs have none of
// it.
#include <string.h>

#include "base/passkey.h"
#include "base/secret.h"
#include "store/staff_rows.h"
#include "web/api_handlers.h"
#include "web/api_passkeys.h"

// Begins a call by a person who is logged in with a browser.
static gboolean begin_person(ApiCall *call, const Request *request, Website *website,
                             GError **error) {
  if (!api_begin_json(call, request, website, error)) {
    return FALSE;
  }
  if (call->visitor->visit.session == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_SCOPE, "this is for people, not for programs");
    return FALSE;
  }
  return TRUE;
}

Response *api_account_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  const Visitor *visitor = request_visitor(request);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Staff) staff =
      staff_rows_get(read.transaction, visitor->visit.staff->id, error); // as it is now
  if (staff == NULL) {
    return NULL;
  }
  put_account(api_answer(&answer), NULL, read.transaction, staff);
  return api_respond(&answer, 200);
}

Response *api_account_patch(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autoptr(GString) preferences = NULL;
  if (!begin_person(&call, request, website, error)) {
    return NULL;
  }
  const char *name = api_text(&call, "name");
  const char *language = api_text(&call, "language");
  const JsonValue *wanted = api_object(&call, "preferences");
  if (wanted != NULL) {
    JsonWriter json;
    preferences = g_string_new(NULL);
    json_begin(&json, preferences);
    json_value_write(&json, wanted);
  }
  if (!api_accept(&call, error) ||
      !staff_change_self(&call.newsroom, call.visitor->visit.staff->id, name, language,
                         preferences != NULL ? preferences->str : NULL, error)) {
    return NULL;
  }
  return api_account_get(request, website, error);
}

Response *api_account_password(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!begin_person(&call, request, website, error)) {
    return NULL;
  }
  const char *current = api_need_text(&call, "current");
  const char *password = api_need_text(&call, "password");
  return api_accept(&call, error) && staff_change_password(&call.newsroom, &call.visitor->visit,
                                                           current, password, error)
             ? api_done()
             : NULL;
}

// ---- sessions ---------------------------------------------------------------------------------

Response *api_account_sessions(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  const Visitor *visitor = request_visitor(request);
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) sessions = staff_session_rows_list(
      read.transaction, visitor->visit.staff->id, clock_now(&website->newsroom->clock), error);
  if (sessions == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < sessions->len; i++) {
    const StaffSession *one = g_ptr_array_index(sessions, i);
    json_object(json);
    put_integer(json, "id", one->id);
    put_flag(json, "current",
             visitor->visit.session != NULL && one->id == visitor->visit.session->id);
    put_text(json, "browser", one->browser);
    put_instant(json, "created_at", one->created_at);
    put_instant(json, "active_at", one->active_at);
    put_instant(json, "expires_at", one->expires_at);
    put_flag(json, "second_factor", one->second_factor);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

Response *api_account_sessions_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_person(&call, request, website, error) &&
                 staff_end_other_sessions(&call.newsroom, &call.visitor->visit, error)
             ? api_done()
             : NULL;
}

Response *api_account_session_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_person(&call, request, website, error) &&
                 staff_end_session(&call.newsroom, &call.visitor->visit, api_path_id(&call, 0),
                                   error)
             ? api_done()
             : NULL;
}

// ---- second factors ---------------------------------------------------------------------------

// A call that names the person's own password, so that an open desk gives nobody the keys.
static gboolean begin_with_password(ApiCall *call, const Request *request, Website *website,
                                    GError **error) {
  if (!begin_person(call, request, website, error)) {
    return FALSE;
  }
  const char *password = api_need_text(call, "password");
  return api_accept(call, error) &&
         staff_confirm_password(&call->newsroom, &call->visitor->visit, password, error);
}

static Response *answer_codes(char **codes) {
  g_auto(ApiAnswer) answer = {0};
  g_auto(GStrv) owned = codes;
  if (codes == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "codes");
  for (guint i = 0; codes[i] != NULL; i++) {
    json_string(json, codes[i]);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

Response *api_account_totp(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!begin_with_password(&call, request, website, error)) {
    return NULL;
  }
  g_autofree char *secret = staff_begin_totp(&call.newsroom, &call.visitor->visit, error);
  if (secret == NULL || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autofree char *issuer = g_uri_escape_string(read.site->name, NULL, FALSE);
  g_autofree char *account = g_uri_escape_string(call.visitor->visit.staff->address, NULL, FALSE);
  g_autofree char *uri =
      g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s", issuer, account, secret, issuer);
  JsonWriter *json = api_answer(&answer);
  put_text(json, "secret", secret);
  put_text(json, "uri", uri);
  return api_respond(&answer, 200);
}

Response *api_account_totp_confirm(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!begin_person(&call, request, website, error)) {
    return NULL;
  }
  const char *code = api_need_text(&call, "code");
  return api_accept(&call, error)
             ? answer_codes(staff_confirm_totp(&call.newsroom, &call.visitor->visit, code, error))
             : NULL;
}

Response *api_account_totp_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_with_password(&call, request, website, error) &&
                 staff_remove_totp(&call.newsroom, &call.visitor->visit, error)
             ? api_done()
             : NULL;
}

Response *api_account_recovery_codes(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_with_password(&call, request, website, error)
             ? answer_codes(staff_new_recovery_codes(&call.newsroom, &call.visitor->visit, error))
             : NULL;
}

Response *api_account_passkeys(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) passkeys =
      passkey_rows_list(read.transaction, request_visitor(request)->visit.staff->id, error);
  if (passkeys == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < passkeys->len; i++) {
    const StaffPasskey *one = g_ptr_array_index(passkeys, i);
    json_object(json);
    put_integer(json, "id", one->id);
    put_text(json, "name", one->name);
    put_instant(json, "created_at", one->created_at);
    put_instant(json, "used_at", one->used_at);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

// ---- passkeys ---------------------------------------------------------------------------------

char *api_passkey_party(const char *origin) {
  g_autoptr(GUri) uri = g_uri_parse(origin, G_URI_FLAGS_NONE, NULL);
  return g_strdup(uri != NULL && g_uri_get_host(uri) != NULL ? g_uri_get_host(uri) : "localhost");
}

static const char *text_in(const JsonValue *object, const char *name) {
  const char *text = json_value_text(json_value_member(object, name));
  return text != NULL ? text : "";
}

gboolean api_read_passkey(ApiCall *call, StaffPasskeyAnswer *ret_answer) {
  const JsonValue *credential = api_object(call, "credential");
  const JsonValue *response = json_value_member(credential, "response");
  if (response == NULL) {
    api_fault(call, "credential: it is missing");
  }
  *ret_answer = (StaffPasskeyAnswer){.id = text_in(credential, "id"),
                                     .client_data = text_in(response, "clientDataJSON"),
                                     .authenticator_data = text_in(response, "authenticatorData"),
                                     .signature = text_in(response, "signature"),
                                     .attestation = text_in(response, "attestationObject"),
                                     .name = api_text(call, "name")};
  return call->fault == NULL;
}

static void put_known(JsonWriter *json, const char *name, StoreTransaction *transaction,
                      gint64 staff_id) {
  g_autoptr(GPtrArray) passkeys = passkey_rows_list(transaction, staff_id, NULL);
  put_list(json, name);
  for (guint i = 0; passkeys != NULL && i < passkeys->len; i++) {
    json_object(json);
    put_text(json, "type", "public-key");
    put_text(json, "id", ((const StaffPasskey *)g_ptr_array_index(passkeys, i))->credential);
    json_end_object(json);
  }
  json_end_array(json);
}

static void put_creation(JsonWriter *json, const ApiCall *call, const Site *site,
                         const char *party) {
  static const gint ALGORITHMS[] = {PASSKEY_ES256, PASSKEY_EDDSA, PASSKEY_RS256};
  const Staff *staff = call->visitor->visit.staff;
  g_autofree char *handle = g_strdup_printf("staff-%" G_GINT64_FORMAT, staff->id);
  g_autofree char *id = base64url_encode(slice_of(handle));
  put_object(json, "rp");
  put_text(json, "id", party);
  put_text(json, "name", site->name);
  json_end_object(json);
  put_object(json, "user");
  put_text(json, "id", id);
  put_text(json, "name", staff->address);
  put_text(json, "displayName", staff->name);
  json_end_object(json);
  put_list(json, "pubKeyCredParams");
  for (guint i = 0; i < G_N_ELEMENTS(ALGORITHMS); i++) {
    json_object(json);
    put_text(json, "type", "public-key");
    put_integer(json, "alg", ALGORITHMS[i]);
    json_end_object(json);
  }
  json_end_array(json);
  put_object(json, "authenticatorSelection");
  put_text(json, "userVerification", "preferred");
  put_text(json, "residentKey", "discouraged");
  json_end_object(json);
  put_text(json, "attestation", "none");
}

static Response *answer_options(ApiCall *call, gboolean creation, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  g_autofree char *challenge = staff_challenge(&call->newsroom, &call->visitor->visit, error);
  if (challenge == NULL || !api_read_begin(&read, call->website, error)) {
    return NULL;
  }
  g_autofree char *origin = admission_origin(call->request, read.site);
  g_autofree char *party = api_passkey_party(origin);
  JsonWriter *json = api_answer(&answer);
  put_text(json, "challenge", challenge);
  put_integer(json, "timeout", 120000);
  if (creation) {
    put_creation(json, call, read.site, party);
  } else {
    put_text(json, "rpId", party);
    put_text(json, "userVerification", "preferred");
  }
  put_known(json, creation ? "excludeCredentials" : "allowCredentials", read.transaction,
            call->visitor->visit.staff->id);
  return api_respond(&answer, 200);
}

Response *api_account_passkey_options(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_with_password(&call, request, website, error) ? answer_options(&call, TRUE, error)
                                                             : NULL;
}

Response *api_session_passkey_options(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_person(&call, request, website, error) ? answer_options(&call, FALSE, error) : NULL;
}

static gboolean read_answer(ApiCall *call, StaffPasskeyAnswer *ret_answer, char **ret_origin,
                            char **ret_party, GError **error) {
  g_auto(ApiRead) read = {0};
  (void)api_read_passkey(call, ret_answer);
  if (!api_accept(call, error) || !api_read_begin(&read, call->website, error)) {
    return FALSE;
  }
  *ret_origin = admission_origin(call->request, read.site);
  *ret_party = api_passkey_party(*ret_origin);
  return TRUE;
}

Response *api_account_passkey_add(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *origin = NULL;
  g_autofree char *party = NULL;
  StaffPasskeyAnswer made;
  if (!begin_person(&call, request, website, error) ||
      !read_answer(&call, &made, &origin, &party, error)) {
    return NULL;
  }
  Response *response = answer_codes(
      staff_add_passkey(&call.newsroom, &call.visitor->visit, party, origin, &made, error));
  if (response != NULL) {
    response_set_status(response, 201);
  }
  return response;
}

Response *api_session_passkey(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *origin = NULL;
  g_autofree char *party = NULL;
  StaffPasskeyAnswer made;
  if (!begin_person(&call, request, website, error) ||
      !read_answer(&call, &made, &origin, &party, error)) {
    return NULL;
  }
  g_autofree char *secret =
      staff_give_passkey(&call.newsroom, &call.visitor->visit, party, origin, &made, error);
  return secret != NULL ? api_session_answer(request, website, secret, error) : NULL;
}

Response *api_account_passkey_remove(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  return begin_with_password(&call, request, website, error) &&
                 staff_remove_passkey(&call.newsroom, &call.visitor->visit, api_path_id(&call, 0),
                                      error)
             ? api_done()
             : NULL;
}
