// SPDX-License-Identifier: Apache-2.0
//
// The newsroom's people, keys for programs, and who did what (docs/api/openapi.json).
#include <string.h>

#include "store/staff_rows.h"
#include "web/api_handlers.h"

Response *api_permissions(const Request *request, Website *website, GError **error) {
  g_auto(ApiAnswer) answer = {0};
  JsonWriter *json = api_answer(&answer);
  put_list(json, "roles");
  for (guint role = STAFF_ROLES; role > 0; role--) {
    json_string(json, staff_role_name((StaffRole)(role - 1)));
  }
  json_end_array(json);
  put_list(json, "permissions");
  for (guint i = PERMISSION_ACCOUNT; i < PERMISSION_COUNT; i++) {
    json_object(json);
    put_text(json, "name", PERMISSIONS[i].name);
    put_text(json, "says", PERMISSIONS[i].says);
    put_list(json, "roles");
    for (guint role = STAFF_ROLES; role > 0; role--) {
      if (permission_of_role((StaffRole)(role - 1), (Permission)i)) {
        json_string(json, staff_role_name((StaffRole)(role - 1)));
      }
    }
    json_end_array(json);
    put_flag(json, "scope", PERMISSIONS[i].is_scope);
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static void put_one(JsonWriter *json, StoreTransaction *transaction, const Staff *staff) {
  g_autoptr(GPtrArray) passkeys = passkey_rows_list(transaction, staff->id, NULL);
  g_autoptr(StaffLink) invitation =
      staff->state == STAFF_INVITED
          ? staff_link_rows_of(transaction, staff->id, LINK_INVITATION, NULL)
          : NULL;
  put_integer(json, "id", staff->id);
  put_text(json, "email", staff->address);
  put_text(json, "name", staff->name);
  put_text(json, "role", staff_role_name(staff->role));
  put_text(json, "state", staff_state_name(staff->state));
  put_id(json, "author_id", staff->author_id);
  put_text(json, "language", staff->language);
  put_list(json, "second_factors");
  if (staff->totp_confirmed) {
    json_string(json, "totp");
  }
  if (passkeys != NULL && passkeys->len > 0) {
    json_string(json, "passkey");
  }
  json_end_array(json);
  put_instant(json, "created_at", staff->created_at);
  put_instant(json, "active_at", staff->active_at);
  put_instant(json, "invitation_expires_at", invitation != NULL ? invitation->expires_at : 0);
}

Response *api_staff_list(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) all = staff_rows_list(read.transaction, error);
  if (all == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < all->len; i++) {
    json_object(json);
    put_one(json, read.transaction, g_ptr_array_index(all, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_staff(Website *website, gint64 id, guint status, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(Staff) staff = staff_rows_get(read.transaction, id, error);
  if (staff == NULL) {
    return NULL;
  }
  put_one(api_answer(&answer), read.transaction, staff);
  return api_respond(&answer, status);
}

Response *api_staff_get(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return answer_staff(website, api_path_id(&call, 0), 200, error);
}

Response *api_staff_invite(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  StaffRole role = ROLE_CONTRIBUTOR;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  Staff staff = {.address = (char *)api_need_text(&call, "email"),
                 .name = (char *)api_need_text(&call, "name"),
                 .author_id = api_integer(&call, "author_id", 0)};
  if (!staff_role_parse(api_need_text(&call, "role"), &role)) {
    api_fault(&call, "role: owner, editor, author or contributor");
  }
  staff.role = role;
  gint64 id = api_accept(&call, error) ? staff_invite(&call.newsroom, &staff, error) : 0;
  return id != 0 ? answer_staff(website, id, 201, error) : NULL;
}

Response *api_staff_patch(const Request *request, Website *website, GError **error) {
  static const char *const STATES[] = {"active", "disabled", NULL};
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  const char *state = api_text(&call, "state");
  if (state != NULL && !g_strv_contains(STATES, state)) {
    api_fault(&call, "state: active or disabled");
  }
  StaffChange change = {.address = api_text(&call, "email"),
                        .name = api_text(&call, "name"),
                        .role = api_text(&call, "role"),
                        .disabled = state == NULL ? -1 : strcmp(state, "disabled") == 0,
                        .author_id = api_integer(&call, "author_id", -1)};
  return api_accept(&call, error) && staff_change(&call.newsroom, id, &change, error)
             ? answer_staff(website, id, 200, error)
             : NULL;
}

Response *api_staff_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return staff_remove(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

Response *api_staff_invite_again(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  gint64 id = api_path_id(&call, 0);
  return staff_invite_again(&call.newsroom, id, error) ? answer_staff(website, id, 200, error)
                                                       : NULL;
}

Response *api_staff_reset(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  gint64 id = api_path_id(&call, 0);
  gboolean factors = api_flag(&call, "second_factors") == 1;
  return api_accept(&call, error) && staff_reset(&call.newsroom, id, factors, error)
             ? answer_staff(website, id, 200, error)
             : NULL;
}

// ---- tokens -----------------------------------------------------------------------------------

static void put_token(JsonWriter *json, const ApiToken *token) {
  g_auto(GStrv) scopes = g_strsplit(token->scopes, " ", -1);
  put_integer(json, "id", token->id);
  put_text(json, "name", token->name);
  put_list(json, "scopes");
  for (guint i = 0; scopes[i] != NULL; i++) {
    json_string(json, scopes[i]);
  }
  json_end_array(json);
  put_staff(json, "created_by", token->staff_id, token->staff_name);
  put_instant(json, "created_at", token->created_at);
  put_instant(json, "expires_at", token->expires_at);
  put_instant(json, "used_at", token->used_at);
  put_text(json, "prefix", token->prefix);
}

Response *api_tokens(const Request *request, Website *website, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) tokens = api_token_rows_list(read.transaction, error);
  if (tokens == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < tokens->len; i++) {
    json_object(json);
    put_token(json, g_ptr_array_index(tokens, i));
    json_end_object(json);
  }
  json_end_array(json);
  return api_respond(&answer, 200);
}

static Response *answer_token(Website *website, gint64 id, const char *secret, GError **error) {
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  if (!api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) tokens = api_token_rows_list(read.transaction, error);
  if (tokens == NULL) {
    return NULL;
  }
  JsonWriter *json = api_answer(&answer);
  put_object(json, "token");
  for (guint i = 0; i < tokens->len; i++) {
    const ApiToken *one = g_ptr_array_index(tokens, i);
    if (one->id == id) {
      put_token(json, one);
    }
  }
  json_end_object(json);
  put_text(json, "secret", secret);
  return api_respond(&answer, 201);
}

Response *api_token_make(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_autofree char *secret = NULL;
  if (!api_begin_json(&call, request, website, error)) {
    return NULL;
  }
  const char *name = api_need_text(&call, "name");
  g_auto(GStrv) scopes = api_texts(&call, "scopes");
  gint64 expires_at = api_instant(&call, "expires_at", 0);
  if (scopes == NULL) {
    api_fault(&call, "scopes: it is missing");
  }
  if (!api_accept(&call, error)) {
    return NULL;
  }
  gint64 id = staff_make_token(&call.newsroom, name, (const char *const *)scopes, expires_at,
                               &secret, error);
  return id != 0 ? answer_token(website, id, secret, error) : NULL;
}

Response *api_token_delete(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  api_begin(&call, request, website);
  return staff_remove_token(&call.newsroom, api_path_id(&call, 0), error) ? api_done() : NULL;
}

// ---- who did what -----------------------------------------------------------------------------

Response *api_audit(const Request *request, Website *website, GError **error) {
  g_auto(ApiCall) call = {0};
  g_auto(ApiRead) read = {0};
  g_auto(ApiAnswer) answer = {0};
  api_begin(&call, request, website);
  AuditFilter filter = {.noun = request_query(request, "noun"),
                        .action = request_query(request, "action"),
                        .noun_id = api_query_integer(&call, "noun_id", 0),
                        .staff_id = api_query_integer(&call, "staff_id", 0)};
  gint64 before = api_query_integer(&call, "after", 0);
  guint limit = api_limit(&call, 50);
  if (!api_query_accept(&call, error) || !api_read_begin(&read, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) entries =
      audit_rows_list(read.transaction, &filter, before, limit + 1, error);
  if (entries == NULL) {
    return NULL;
  }
  gint64 next = 0;
  JsonWriter *json = api_answer(&answer);
  put_list(json, "items");
  for (guint i = 0; i < MIN(entries->len, limit); i++) {
    const AuditEntry *one = g_ptr_array_index(entries, i);
    json_object(json);
    put_integer(json, "id", one->id);
    put_instant(json, "at", one->at);
    put_staff(json, "staff", one->staff_id, one->staff_name);
    put_text(json, "via", one->via);
    put_text(json, "action", one->action);
    put_text(json, "noun", one->noun);
    put_id(json, "noun_id", one->noun_id);
    put_text(json, "says", one->says);
    json_end_object(json);
    next = one->id;
  }
  put_next_id(json, entries->len > limit ? next : 0);
  return api_respond(&answer, 200);
}
