// SPDX-License-Identifier: Apache-2.0
//
// Implements staff.h.
#include "model/staff.h"

#include <string.h>

static const char *const ROLE_NAMES[STAFF_ROLES] = {"contributor", "author", "editor", "owner"};
static const char *const STATE_NAMES[] = {"invited", "active", "disabled"};

const char *staff_role_name(StaffRole role) {
  return ROLE_NAMES[role];
}

gboolean staff_role_parse(const char *name, StaffRole *ret_role) {
  for (guint i = 0; i < STAFF_ROLES; i++) {
    if (strcmp(name, ROLE_NAMES[i]) == 0) {
      *ret_role = (StaffRole)i;
      return TRUE;
    }
  }
  return FALSE;
}

const char *staff_state_name(StaffState state) {
  return STATE_NAMES[state];
}

Staff *staff_new(void) {
  Staff *staff = g_new0(Staff, 1);
  char **texts[] = {&staff->address,       &staff->address_key, &staff->name,
                    &staff->password_hash, &staff->language,    &staff->totp_secret};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  staff->preferences = g_strdup("{}");
  return staff;
}

void staff_free(Staff *staff) {
  if (staff == NULL) {
    return;
  }
  g_free(staff->address);
  g_free(staff->address_key);
  g_free(staff->name);
  g_free(staff->password_hash);
  g_free(staff->language);
  g_free(staff->preferences);
  g_free(staff->totp_secret);
  g_free(staff);
}

void staff_link_free(StaffLink *link) {
  if (link != NULL) {
    g_free(link->token_hash);
    g_free(link);
  }
}

void staff_session_free(StaffSession *session) {
  if (session != NULL) {
    g_free(session->token_hash);
    g_free(session->challenge);
    g_free(session->browser);
    g_free(session);
  }
}

void staff_passkey_free(StaffPasskey *passkey) {
  if (passkey != NULL) {
    g_free(passkey->credential);
    g_free(passkey->public_key);
    g_free(passkey->name);
    g_free(passkey);
  }
}

void api_token_free(ApiToken *token) {
  if (token != NULL) {
    g_free(token->token_hash);
    g_free(token->prefix);
    g_free(token->name);
    g_free(token->scopes);
    g_free(token->staff_name);
    g_free(token);
  }
}

void audit_entry_free(AuditEntry *entry) {
  if (entry != NULL) {
    g_free(entry->staff_name);
    g_free(entry->via);
    g_free(entry->action);
    g_free(entry->noun);
    g_free(entry->says);
    g_free(entry);
  }
}
