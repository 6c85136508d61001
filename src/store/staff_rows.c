// SPDX-License-Identifier: Apache-2.0
//
// Implements staff_rows.h. The columns stand in staff.sql in the order that is read here.
#include "store/staff_rows.h"

#include "store/row_reader.h"

static gpointer read_staff(StoreRows *rows) {
  Staff *staff = g_new0(Staff, 1);
  staff->id = store_row_integer(rows, 0);
  staff->address = store_row_dup(rows, 1);
  staff->address_key = store_row_dup(rows, 2);
  staff->name = store_row_dup(rows, 3);
  staff->role = (StaffRole)CLAMP(store_row_integer(rows, 4), ROLE_CONTRIBUTOR, ROLE_OWNER);
  staff->state = (StaffState)CLAMP(store_row_integer(rows, 5), STAFF_INVITED, STAFF_DISABLED);
  staff->author_id = store_row_integer(rows, 6);
  staff->password_hash = store_row_dup(rows, 7);
  staff->language = store_row_dup(rows, 8);
  staff->preferences = store_row_dup(rows, 9);
  staff->totp_secret = store_row_dup(rows, 10);
  staff->totp_confirmed = store_row_integer(rows, 11) != 0;
  staff->totp_step = store_row_integer(rows, 12);
  staff->created_at = store_row_integer(rows, 13);
  staff->active_at = store_row_integer(rows, 14);
  return staff;
}

Staff *staff_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  return row_reader_one(transaction, QUERY_STAFF_GET, STORE_VALUES(store_integer(id)), read_staff,
                        error);
}

Staff *staff_rows_get_by_key(StoreTransaction *transaction, const char *address_key,
                             GError **error) {
  return row_reader_one(transaction, QUERY_STAFF_GET_BY_KEY, STORE_VALUES(store_text(address_key)),
                        read_staff, error);
}

GPtrArray *staff_rows_list(StoreTransaction *transaction, GError **error) {
  return row_reader_all(transaction, QUERY_STAFF_LIST, STORE_NO_VALUES, read_staff,
                        (GDestroyNotify)staff_free, error);
}

gint64 staff_rows_insert(StoreTransaction *transaction, const Staff *staff, GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_STAFF_INSERT,
      STORE_VALUES(store_text(staff->address), store_text(staff->address_key),
                   store_text(staff->name), store_integer(staff->role), store_integer(staff->state),
                   store_reference(staff->author_id), store_text(staff->password_hash),
                   store_text(staff->language), store_integer(staff->created_at)),
      &id, error);
  return inserted ? id : 0;
}

gboolean staff_rows_update(StoreTransaction *transaction, const Staff *staff, GError **error) {
  return store_execute(transaction, QUERY_STAFF_UPDATE,
                       STORE_VALUES(store_text(staff->address), store_text(staff->address_key),
                                    store_text(staff->name), store_integer(staff->role),
                                    store_integer(staff->state), store_reference(staff->author_id),
                                    store_text(staff->password_hash), store_text(staff->language),
                                    store_text(staff->preferences), store_text(staff->totp_secret),
                                    store_integer(staff->totp_confirmed),
                                    store_integer(staff->active_at), store_integer(staff->id)),
                       error) >= 0;
}

gboolean staff_rows_take_step(StoreTransaction *transaction, gint64 id, gint64 step,
                              gboolean *ret_new, GError **error) {
  gint64 changed = store_execute(transaction, QUERY_STAFF_TAKE_STEP,
                                 STORE_VALUES(store_integer(step), store_integer(id)), error);
  *ret_new = changed > 0;
  return changed >= 0;
}

gboolean staff_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_STAFF_REMOVE, STORE_VALUES(store_integer(id)), error) >=
         0;
}

gint64 staff_rows_count_owners(StoreTransaction *transaction, GError **error) {
  gint64 count = 0;
  return store_query_integer(transaction, QUERY_STAFF_COUNT_OWNERS, STORE_NO_VALUES, &count, error)
             ? count
             : -1;
}

// ---- links and requests -----------------------------------------------------------------------

static gpointer read_link(StoreRows *rows) {
  StaffLink *link = g_new0(StaffLink, 1);
  link->token_hash = store_row_dup(rows, 0);
  link->kind = (StaffLinkKind)store_row_integer(rows, 1);
  link->staff_id = store_row_integer(rows, 2);
  link->created_at = store_row_integer(rows, 3);
  link->expires_at = store_row_integer(rows, 4);
  return link;
}

gboolean staff_link_rows_clear(StoreTransaction *transaction, gint64 staff_id, StaffLinkKind kind,
                               GError **error) {
  return store_execute(transaction, QUERY_STAFF_LINK_CLEAR,
                       STORE_VALUES(store_integer(staff_id), store_integer(kind)), error) >= 0;
}

gboolean staff_link_rows_put(StoreTransaction *transaction, const StaffLink *link, GError **error) {
  return staff_link_rows_clear(transaction, link->staff_id, link->kind, error) &&
         store_execute(transaction, QUERY_STAFF_LINK_SWEEP,
                       STORE_VALUES(store_integer(link->created_at)), error) >= 0 &&
         store_execute(transaction, QUERY_STAFF_LINK_PUT,
                       STORE_VALUES(store_text(link->token_hash), store_integer(link->kind),
                                    store_integer(link->staff_id), store_integer(link->created_at),
                                    store_integer(link->expires_at)),
                       error) >= 0;
}

StaffLink *staff_link_rows_get(StoreTransaction *transaction, const char *token_hash,
                               StaffLinkKind kind, GError **error) {
  return row_reader_one(transaction, QUERY_STAFF_LINK_GET,
                        STORE_VALUES(store_text(token_hash), store_integer(kind)), read_link,
                        error);
}

StaffLink *staff_link_rows_of(StoreTransaction *transaction, gint64 staff_id, StaffLinkKind kind,
                              GError **error) {
  return row_reader_one(transaction, QUERY_STAFF_LINK_OF,
                        STORE_VALUES(store_integer(staff_id), store_integer(kind)), read_link,
                        error);
}

gboolean staff_request_rows_insert(StoreTransaction *transaction, const char *address_key,
                                   gint64 now, GError **error) {
  return store_execute(transaction, QUERY_STAFF_REQUEST_INSERT,
                       STORE_VALUES(store_text(address_key), store_integer(now)), error) >= 0;
}

gboolean staff_request_rows_take(StoreTransaction *transaction, char **ret_key, GError **error) {
  gint64 id = 0;
  *ret_key = NULL;
  {
    g_autoptr(StoreRows) rows =
        store_query(transaction, QUERY_STAFF_REQUEST_FIRST, STORE_NO_VALUES, error);
    GError *failure = NULL;
    if (rows == NULL) {
      return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
      if (failure != NULL) {
        g_propagate_error(error, failure);
      }
      return failure == NULL;
    }
    id = store_row_integer(rows, 0);
    *ret_key = store_row_dup(rows, 1);
  }
  return store_execute(transaction, QUERY_STAFF_REQUEST_REMOVE, STORE_VALUES(store_integer(id)),
                       error) >= 0;
}

// ---- sessions ---------------------------------------------------------------------------------

static gpointer read_session(StoreRows *rows) {
  StaffSession *session = g_new0(StaffSession, 1);
  session->id = store_row_integer(rows, 0);
  session->staff_id = store_row_integer(rows, 1);
  session->token_hash = store_row_dup(rows, 2);
  session->challenge = store_row_dup(rows, 3);
  session->browser = store_row_dup(rows, 4);
  session->state =
      store_row_integer(rows, 5) == SESSION_ACTIVE ? SESSION_ACTIVE : SESSION_SECOND_FACTOR;
  session->second_factor = store_row_integer(rows, 6) != 0;
  session->attempts = (gint32)store_row_integer(rows, 7);
  session->created_at = store_row_integer(rows, 8);
  session->active_at = store_row_integer(rows, 9);
  session->expires_at = store_row_integer(rows, 10);
  return session;
}

StaffSession *staff_session_rows_get(StoreTransaction *transaction, const char *token_hash,
                                     gint64 now, GError **error) {
  return row_reader_one(transaction, QUERY_STAFF_SESSION_GET,
                        STORE_VALUES(store_text(token_hash), store_integer(now)), read_session,
                        error);
}

GPtrArray *staff_session_rows_list(StoreTransaction *transaction, gint64 staff_id, gint64 now,
                                   GError **error) {
  return row_reader_all(transaction, QUERY_STAFF_SESSION_LIST,
                        STORE_VALUES(store_integer(staff_id), store_integer(now)), read_session,
                        (GDestroyNotify)staff_session_free, error);
}

gint64 staff_session_rows_insert(StoreTransaction *transaction, const StaffSession *session,
                                 GError **error) {
  gint64 id = 0;
  gboolean inserted =
      store_execute(transaction, QUERY_STAFF_SESSION_SWEEP,
                    STORE_VALUES(store_integer(session->created_at)), error) >= 0 &&
      store_query_integer(
          transaction, QUERY_STAFF_SESSION_INSERT,
          STORE_VALUES(store_text(session->token_hash), store_integer(session->staff_id),
                       store_integer(session->state), store_integer(session->second_factor),
                       store_text(session->browser), store_integer(session->created_at),
                       store_integer(session->expires_at)),
          &id, error);
  return inserted ? id : 0;
}

gboolean staff_session_rows_update(StoreTransaction *transaction, const StaffSession *session,
                                   GError **error) {
  return store_execute(
             transaction, QUERY_STAFF_SESSION_UPDATE,
             STORE_VALUES(store_text(session->token_hash), store_integer(session->state),
                          store_integer(session->second_factor), store_text(session->challenge),
                          store_integer(session->attempts), store_integer(session->active_at),
                          store_integer(session->expires_at), store_integer(session->id)),
             error) >= 0;
}

gint64 staff_session_rows_count_attempt(StoreTransaction *transaction, gint64 id, GError **error) {
  gint64 attempts = 0;
  return store_query_integer(transaction, QUERY_STAFF_SESSION_COUNT_ATTEMPT,
                             STORE_VALUES(store_integer(id)), &attempts, error)
             ? attempts
             : -1;
}

gint64 staff_session_rows_remove(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                                 GError **error) {
  return store_execute(transaction, QUERY_STAFF_SESSION_REMOVE,
                       STORE_VALUES(store_integer(id), store_integer(staff_id)), error);
}

gboolean staff_session_rows_remove_others(StoreTransaction *transaction, gint64 staff_id,
                                          gint64 but, GError **error) {
  return store_execute(transaction, QUERY_STAFF_SESSION_REMOVE_OTHERS,
                       STORE_VALUES(store_integer(staff_id), store_integer(but)), error) >= 0;
}

// ---- second factors ---------------------------------------------------------------------------

static gpointer read_passkey(StoreRows *rows) {
  StaffPasskey *passkey = g_new0(StaffPasskey, 1);
  passkey->id = store_row_integer(rows, 0);
  passkey->staff_id = store_row_integer(rows, 1);
  passkey->credential = store_row_dup(rows, 2);
  passkey->public_key = store_row_dup(rows, 3);
  passkey->name = store_row_dup(rows, 4);
  passkey->algorithm = (gint32)store_row_integer(rows, 5);
  passkey->counter = store_row_integer(rows, 6);
  passkey->created_at = store_row_integer(rows, 7);
  passkey->used_at = store_row_integer(rows, 8);
  return passkey;
}

GPtrArray *passkey_rows_list(StoreTransaction *transaction, gint64 staff_id, GError **error) {
  return row_reader_all(transaction, QUERY_PASSKEY_LIST, STORE_VALUES(store_integer(staff_id)),
                        read_passkey, (GDestroyNotify)staff_passkey_free, error);
}

gint64 passkey_rows_insert(StoreTransaction *transaction, const StaffPasskey *passkey,
                           GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_PASSKEY_INSERT,
      STORE_VALUES(store_integer(passkey->staff_id), store_text(passkey->credential),
                   store_text(passkey->public_key), store_integer(passkey->algorithm),
                   store_integer(passkey->counter), store_text(passkey->name),
                   store_integer(passkey->created_at)),
      &id, error);
  return inserted ? id : 0;
}

gboolean passkey_rows_use(StoreTransaction *transaction, const StaffPasskey *passkey,
                          gint64 counter, gint64 now, gboolean *ret_used, GError **error) {
  gint64 changed =
      store_execute(transaction, QUERY_PASSKEY_USE,
                    STORE_VALUES(store_integer(counter), store_integer(now),
                                 store_integer(passkey->id), store_integer(passkey->counter)),
                    error);
  *ret_used = changed > 0;
  return changed >= 0;
}

gint64 passkey_rows_remove(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                           GError **error) {
  return store_execute(transaction, QUERY_PASSKEY_REMOVE,
                       STORE_VALUES(store_integer(id), store_integer(staff_id)), error);
}

gboolean passkey_rows_clear(StoreTransaction *transaction, gint64 staff_id, GError **error) {
  return store_execute(transaction, QUERY_PASSKEY_CLEAR, STORE_VALUES(store_integer(staff_id)),
                       error) >= 0;
}

gboolean recovery_code_rows_set(StoreTransaction *transaction, gint64 staff_id,
                                const char *const *hashes, GError **error) {
  if (store_execute(transaction, QUERY_RECOVERY_CODE_CLEAR, STORE_VALUES(store_integer(staff_id)),
                    error) < 0) {
    return FALSE;
  }
  for (; *hashes != NULL; hashes++) {
    if (store_execute(transaction, QUERY_RECOVERY_CODE_INSERT,
                      STORE_VALUES(store_integer(staff_id), store_text(*hashes)), error) < 0) {
      return FALSE;
    }
  }
  return TRUE;
}

gint64 recovery_code_rows_use(StoreTransaction *transaction, gint64 staff_id, const char *hash,
                              GError **error) {
  return store_execute(transaction, QUERY_RECOVERY_CODE_USE,
                       STORE_VALUES(store_integer(staff_id), store_text(hash)), error);
}

gint64 recovery_code_rows_count(StoreTransaction *transaction, gint64 staff_id, GError **error) {
  gint64 count = 0;
  return store_query_integer(transaction, QUERY_RECOVERY_CODE_COUNT,
                             STORE_VALUES(store_integer(staff_id)), &count, error)
             ? count
             : -1;
}

// ---- tokens -----------------------------------------------------------------------------------

static gpointer read_token(StoreRows *rows) {
  ApiToken *token = g_new0(ApiToken, 1);
  token->id = store_row_integer(rows, 0);
  token->staff_id = store_row_integer(rows, 1);
  token->token_hash = store_row_dup(rows, 2);
  token->prefix = store_row_dup(rows, 3);
  token->name = store_row_dup(rows, 4);
  token->scopes = store_row_dup(rows, 5);
  token->created_at = store_row_integer(rows, 6);
  token->expires_at = store_row_integer(rows, 7);
  token->used_at = store_row_integer(rows, 8);
  token->staff_name = store_row_dup(rows, 9);
  return token;
}

ApiToken *api_token_rows_get(StoreTransaction *transaction, const char *token_hash, gint64 now,
                             GError **error) {
  return row_reader_one(transaction, QUERY_API_TOKEN_GET,
                        STORE_VALUES(store_text(token_hash), store_integer(now)), read_token,
                        error);
}

GPtrArray *api_token_rows_list(StoreTransaction *transaction, GError **error) {
  return row_reader_all(transaction, QUERY_API_TOKEN_LIST, STORE_NO_VALUES, read_token,
                        (GDestroyNotify)api_token_free, error);
}

gint64 api_token_rows_insert(StoreTransaction *transaction, const ApiToken *token, GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(
      transaction, QUERY_API_TOKEN_INSERT,
      STORE_VALUES(store_text(token->token_hash), store_text(token->prefix),
                   store_text(token->name), store_text(token->scopes),
                   store_integer(token->staff_id), store_integer(token->created_at),
                   store_integer(token->expires_at)),
      &id, error);
  return inserted ? id : 0;
}

gboolean api_token_rows_use(StoreTransaction *transaction, gint64 id, gint64 now, GError **error) {
  return store_execute(transaction, QUERY_API_TOKEN_USE,
                       STORE_VALUES(store_integer(now), store_integer(id)), error) >= 0;
}

gint64 api_token_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_API_TOKEN_REMOVE, STORE_VALUES(store_integer(id)), error);
}

// ---- audit ------------------------------------------------------------------------------------

static gpointer read_audit(StoreRows *rows) {
  AuditEntry *entry = g_new0(AuditEntry, 1);
  entry->id = store_row_integer(rows, 0);
  entry->at = store_row_integer(rows, 1);
  entry->staff_id = store_row_integer(rows, 2);
  entry->staff_name = store_row_dup(rows, 3);
  entry->via = store_row_dup(rows, 4);
  entry->action = store_row_dup(rows, 5);
  entry->noun = store_row_dup(rows, 6);
  entry->noun_id = store_row_integer(rows, 7);
  entry->says = store_row_dup(rows, 8);
  return entry;
}

gboolean audit_rows_insert(StoreTransaction *transaction, const AuditEntry *entry, GError **error) {
  return store_execute(transaction, QUERY_AUDIT_INSERT,
                       STORE_VALUES(store_integer(entry->at), store_integer(entry->staff_id),
                                    store_text(entry->staff_name), store_text(entry->via),
                                    store_text(entry->action), store_text(entry->noun),
                                    store_integer(entry->noun_id), store_text(entry->says)),
                       error) >= 0;
}

GPtrArray *audit_rows_list(StoreTransaction *transaction, const AuditFilter *filter, gint64 before,
                           guint limit, GError **error) {
  StoreValue values[4] = {store_integer(before > 0 ? before : G_MAXINT64), store_integer(limit)};
  gsize count = 2;
  QueryId query = QUERY_AUDIT_LIST;
  if (filter->noun != NULL) {
    query = QUERY_AUDIT_LIST_NOUN;
    values[count++] = store_text(filter->noun);
    values[count++] = store_integer(filter->noun_id);
  } else if (filter->staff_id != 0) {
    query = QUERY_AUDIT_LIST_STAFF;
    values[count++] = store_integer(filter->staff_id);
  } else if (filter->action != NULL) {
    query = QUERY_AUDIT_LIST_ACTION;
    values[count++] = store_text(filter->action);
  }
  return row_reader_all(transaction, query, values, count, read_audit,
                        (GDestroyNotify)audit_entry_free, error);
}
