// SPDX-License-Identifier: Apache-2.0
//
// A person of the newsroom, their sessions, keys and one-time links. Plain structs; strings are
// never NULL unless said.
#pragma once

#include <glib.h>

typedef enum StaffRole { ROLE_CONTRIBUTOR, ROLE_AUTHOR, ROLE_EDITOR, ROLE_OWNER } StaffRole;
#define STAFF_ROLES 4
const char *staff_role_name(StaffRole role); // "owner" …
gboolean staff_role_parse(const char *name, StaffRole *ret_role);

typedef enum StaffState { STAFF_INVITED, STAFF_ACTIVE, STAFF_DISABLED } StaffState;
const char *staff_state_name(StaffState state);

typedef enum StaffLinkKind { LINK_SET_UP, LINK_INVITATION, LINK_PASSWORD } StaffLinkKind;

typedef enum StaffSessionState {
  SESSION_SECOND_FACTOR, // the password was right; nothing else may be done with it
  SESSION_ACTIVE
} StaffSessionState;

typedef struct Staff {
  gint64 id;
  char *address, *address_key, *name;
  StaffRole role;
  StaffState state;
  gint64 author_id; // 0: none
  char *password_hash, *language, *preferences, *totp_secret;
  gboolean totp_confirmed;
  gint64 totp_step, created_at, active_at;
} Staff;
Staff *staff_new(void);
void staff_free(Staff *staff);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Staff, staff_free)

typedef struct StaffLink {
  char *token_hash;
  StaffLinkKind kind;
  gint64 staff_id, created_at, expires_at;
} StaffLink;
void staff_link_free(StaffLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaffLink, staff_link_free)

typedef struct StaffSession {
  gint64 id, staff_id;
  char *token_hash, *challenge, *browser;
  StaffSessionState state;
  gboolean second_factor; // it was given
  gint32 attempts;
  gint64 created_at, active_at, expires_at;
} StaffSession;
void staff_session_free(StaffSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaffSession, staff_session_free)

typedef struct StaffPasskey {
  gint64 id, staff_id;
  char *credential, *public_key, *name; // credential and key in base64url
  gint32 algorithm;
  gint64 counter, created_at, used_at;
} StaffPasskey;
void staff_passkey_free(StaffPasskey *passkey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StaffPasskey, staff_passkey_free)

typedef struct ApiToken {
  gint64 id, staff_id;
  char *token_hash, *prefix, *name, *scopes; // scopes: names of permissions, joined by spaces
  gint64 created_at, expires_at, used_at;
  char *staff_name; // when listed
} ApiToken;
void api_token_free(ApiToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiToken, api_token_free)

typedef struct AuditEntry {
  gint64 id, at, staff_id, noun_id;
  char *staff_name, *via, *action, *noun, *says;
} AuditEntry;
void audit_entry_free(AuditEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditEntry, audit_entry_free)
