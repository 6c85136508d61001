// SPDX-License-Identifier: Apache-2.0
//
// People of the newsroom, their sessions, keys and links, and the audit log <-> rows. See
// store/store.h for threads and errors. Arrays are GPtrArrays that free their items.
#pragma once

#include "model/staff.h"
#include "store/store.h"

Staff *staff_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
Staff *staff_rows_get_by_key(StoreTransaction *transaction, const char *address_key,
                             GError **error);                              // NOT_FOUND
GPtrArray *staff_rows_list(StoreTransaction *transaction, GError **error); // Staff *, by name
gint64 staff_rows_insert(StoreTransaction *transaction, const Staff *staff,
                         GError **error); // id, 0 on error; CONSTRAINT: the address is taken
// All but id, created_at and totp_step.
gboolean staff_rows_update(StoreTransaction *transaction, const Staff *staff, GError **error);
// *ret_new FALSE: that step, or a later one, was taken before.
gboolean staff_rows_take_step(StoreTransaction *transaction, gint64 id, gint64 step,
                              gboolean *ret_new, GError **error);
gboolean staff_rows_remove(StoreTransaction *transaction, gint64 id, GError **error);
gint64 staff_rows_count_owners(StoreTransaction *transaction, GError **error); // active; -1

// Replaces the person's (or, for 0, the newspaper's) former link of the kind.
gboolean staff_link_rows_put(StoreTransaction *transaction, const StaffLink *link, GError **error);
StaffLink *staff_link_rows_get(StoreTransaction *transaction, const char *token_hash,
                               StaffLinkKind kind, GError **error); // NOT_FOUND
StaffLink *staff_link_rows_of(StoreTransaction *transaction, gint64 staff_id, StaffLinkKind kind,
                              GError **error); // NOT_FOUND
gboolean staff_link_rows_clear(StoreTransaction *transaction, gint64 staff_id, StaffLinkKind kind,
                               GError **error);

gboolean staff_request_rows_insert(StoreTransaction *transaction, const char *address_key,
                                   gint64 now, GError **error);
// Takes the oldest off; *ret_key NULL: there is none.
gboolean staff_request_rows_take(StoreTransaction *transaction, char **ret_key, GError **error);

StaffSession *staff_session_rows_get(StoreTransaction *transaction, const char *token_hash,
                                     gint64 now, GError **error); // NOT_FOUND, also when expired
GPtrArray *staff_session_rows_list(StoreTransaction *transaction, gint64 staff_id, gint64 now,
                                   GError **error); // StaffSession *, ACTIVE, newest first
gint64 staff_session_rows_insert(StoreTransaction *transaction, const StaffSession *session,
                                 GError **error); // and sweeps what has expired
gboolean staff_session_rows_update(StoreTransaction *transaction, const StaffSession *session,
                                   GError **error);
gint64 staff_session_rows_count_attempt(StoreTransaction *transaction, gint64 id,
                                        GError **error); // how many with this; -1
gint64 staff_session_rows_remove(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                                 GError **error); // how many; -1
gboolean staff_session_rows_remove_others(StoreTransaction *transaction, gint64 staff_id,
                                          gint64 but, GError **error); // but 0: all

GPtrArray *passkey_rows_list(StoreTransaction *transaction, gint64 staff_id,
                             GError **error); // StaffPasskey *
gint64 passkey_rows_insert(StoreTransaction *transaction, const StaffPasskey *passkey,
                           GError **error);
// *ret_used FALSE: someone else used it at the same time.
gboolean passkey_rows_use(StoreTransaction *transaction, const StaffPasskey *passkey,
                          gint64 counter, gint64 now, gboolean *ret_used, GError **error);
gint64 passkey_rows_remove(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                           GError **error); // how many; -1
gboolean passkey_rows_clear(StoreTransaction *transaction, gint64 staff_id, GError **error);

// Replaces all.
gboolean recovery_code_rows_set(StoreTransaction *transaction, gint64 staff_id,
                                const char *const *hashes, GError **error);
gint64 recovery_code_rows_use(StoreTransaction *transaction, gint64 staff_id, const char *hash,
                              GError **error); // 1: it opened; 0; -1
gint64 recovery_code_rows_count(StoreTransaction *transaction, gint64 staff_id,
                                GError **error); // -1

ApiToken *api_token_rows_get(StoreTransaction *transaction, const char *token_hash, gint64 now,
                             GError **error); // NOT_FOUND, also when expired
GPtrArray *api_token_rows_list(StoreTransaction *transaction, GError **error); // ApiToken *
gint64 api_token_rows_insert(StoreTransaction *transaction, const ApiToken *token, GError **error);
gboolean api_token_rows_use(StoreTransaction *transaction, gint64 id, gint64 now, GError **error);
gint64 api_token_rows_remove(StoreTransaction *transaction, gint64 id, GError **error);

gboolean audit_rows_insert(StoreTransaction *transaction, const AuditEntry *entry, GError **error);
typedef struct AuditFilter {
  const char *noun, *action; // NULL: any; one of noun, staff_id, action is looked at, in that order
  gint64 noun_id, staff_id;
} AuditFilter;
GPtrArray *audit_rows_list(StoreTransaction *transaction, const AuditFilter *filter, gint64 before,
                           guint limit, GError **error); // AuditEntry *, newest first
