// SPDX-License-Identifier: Apache-2.0
//
// Implements how people come and go (staff.h): the first owner, invitations, new passwords by mail,
// changes of role, and keys for programs.
#include <string.h>

#include "base/password.h"
#include "base/secret.h"
#include "base/text.h"
#include "newsroom/settings.h"
#include "newsroom/staff_keys.h"
#include "newsroom/subscribers.h"
#include "store/site_rows.h"

#define SET_UP_LASTS (7 * CLOCK_DAY)
#define HOUR (3600 * CLOCK_SECOND)
#define PASSWORD_MAILS_AN_HOUR 3

// ---- the first owner --------------------------------------------------------------------------

char *staff_set_up_link(Newsroom *newsroom, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  gint64 owners = staff_rows_count_owners(change.transaction, error);
  if (owners != 0) {
    return NULL;
  }
  g_autofree char *token = staff_token_new();
  g_autofree char *hash = staff_token_hash(token);
  StaffLink link = {hash, LINK_SET_UP, 0, change.now, change.now + SET_UP_LASTS};
  return staff_link_rows_put(change.transaction, &link, error) &&
                 change_commit(&change, FALSE, error)
             ? g_steal_pointer(&token)
             : NULL;
}

// The link that a token opens; NOT_FOUND in the newsroom's words. Caller frees.
static StaffLink *find_link(StoreTransaction *transaction, const char *token, StaffLinkKind kind,
                            gint64 now, GError **error) {
  GError *failure = NULL;
  g_autofree char *hash = staff_token_hash(token != NULL ? token : "");
  g_autoptr(StaffLink) link = staff_link_rows_get(transaction, hash, kind, &failure);
  if (link == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (link == NULL || link->expires_at <= now) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                  "the link is too old, or was used: ask for a new one");
    return NULL;
  }
  return g_steal_pointer(&link);
}

gboolean staff_needs_set_up(Newsroom *newsroom, const char *token, gboolean *ret_needed,
                            gboolean *ret_token_fits, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  gint64 owners = transaction != NULL ? staff_rows_count_owners(transaction, error) : -1;
  if (owners < 0) {
    return FALSE;
  }
  g_autoptr(StaffLink) link =
      owners == 0 && token != NULL
          ? find_link(transaction, token, LINK_SET_UP, clock_now(&newsroom->clock), NULL)
          : NULL;
  *ret_needed = owners == 0;
  *ret_token_fits = link != NULL;
  return TRUE;
}

static gboolean put_settings(Newsroom *newsroom, const StaffSetUp *set_up, GError **error) {
  const char *const pairs[][2] = {{"name", set_up->newspaper_name},
                                  {"base_url", set_up->base_url},
                                  {"language", set_up->language},
                                  {"time_zone", set_up->zone_name}};
  for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
    if (pairs[i][1] != NULL && *pairs[i][1] != '\0' &&
        !settings_put(newsroom, pairs[i][0], pairs[i][1], error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean token_fits(Newsroom *newsroom, const char *token, GError **error) {
  gboolean needed = FALSE;
  gboolean fits = FALSE;
  if (!staff_needs_set_up(newsroom, token, &needed, &fits, error)) {
    return FALSE;
  }
  if (!needed) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "there is an owner already: log in");
  }
  return fits || change_refuse(error, NEWSROOM_ERROR_FORBIDDEN,
                               "the link is too old, or was used: start the program again for a "
                               "new one");
}

char *staff_set_up(Newsroom *newsroom, const StaffSetUp *set_up, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  if (!token_fits(newsroom, set_up->token, error) ||
      !staff_check_address(set_up->address, &address, &key, error) ||
      !staff_check_name(set_up->name, error) ||
      !staff_check_password(set_up->password, address, error) ||
      !put_settings(newsroom, set_up, error)) {
    return NULL;
  }
  g_autofree char *hash = password_hash(set_up->password);
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffLink) link =
      find_link(change.transaction, set_up->token, LINK_SET_UP, change.now, error);
  gint64 owners = link != NULL ? staff_rows_count_owners(change.transaction, error) : -1;
  if (owners != 0) {
    if (owners > 0) {
      change_refuse(error, NEWSROOM_ERROR_STATE, "there is an owner already: log in");
    }
    return NULL;
  }
  Staff staff = {.address = address,
                 .address_key = key,
                 .name = (char *)set_up->name,
                 .role = ROLE_OWNER,
                 .state = STAFF_ACTIVE,
                 .password_hash = hash,
                 .language = (char *)"",
                 .created_at = change.now};
  staff.id = staff_rows_insert(change.transaction, &staff, error);
  g_autofree char *token =
      staff.id != 0 ? staff_open_session(&change, &staff, SESSION_ACTIVE, set_up->browser, error)
                    : NULL;
  return token != NULL && staff_link_rows_clear(change.transaction, 0, LINK_SET_UP, error) &&
                 change_audit(&change, error, "staff.add", "staff", staff.id,
                              "%s became the owner by the first start's link", staff.name) &&
                 change_commit(&change, FALSE, error)
             ? g_steal_pointer(&token)
             : NULL;
}

// ---- from the command line --------------------------------------------------------------------

gint64 staff_add(Newsroom *newsroom, const Staff *given, const char *password, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  if (!change_may(newsroom, PERMISSION_STAFF_WRITE, error) ||
      !staff_check_address(given->address, &address, &key, error) ||
      !staff_check_name(given->name, error) || !staff_check_password(password, address, error)) {
    return 0;
  }
  g_autofree char *hash = password_hash(password);
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  Staff staff = {.address = address,
                 .address_key = key,
                 .name = given->name,
                 .role = given->role,
                 .state = STAFF_ACTIVE,
                 .password_hash = hash,
                 .language = (char *)"",
                 .created_at = change.now};
  staff.id = staff_rows_insert(change.transaction, &staff, error);
  return staff.id != 0 &&
                 change_audit(&change, error, "staff.add", "staff", staff.id, "added %s as %s",
                              staff.name, staff_role_name(staff.role)) &&
                 change_commit(&change, FALSE, error)
             ? staff.id
             : 0;
}

gboolean staff_set_password(Newsroom *newsroom, gint64 id, const char *password, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_STAFF_WRITE, error) ||
      !staff_check_password(password, NULL, error)) {
    return FALSE;
  }
  g_autofree char *hash = password_hash(password);
  g_autoptr(Staff) staff =
      change_begin(&change, newsroom, error) ? staff_load(&change, id, error) : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  text_replace(&staff->password_hash, hash);
  staff->state = STAFF_ACTIVE;
  return staff_rows_update(change.transaction, staff, error) &&
         staff_session_rows_remove_others(change.transaction, id, 0, error) &&
         change_audit(&change, error, "staff.password", "staff", id, "set a password for %s",
                      staff->name) &&
         change_commit(&change, FALSE, error);
}

// ---- invitations ------------------------------------------------------------------------------

gint64 staff_invite(Newsroom *newsroom, const Staff *given, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  GError *failure = NULL;
  if (!change_may(newsroom, PERMISSION_STAFF_WRITE, error) ||
      !staff_check_address(given->address, &address, &key, error) ||
      !staff_check_name(given->name, error) || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Staff) known = staff_rows_get_by_key(change.transaction, key, &failure);
  if (known != NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "email: %s is in the newsroom already", address);
    return 0;
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return 0;
  }
  Staff staff = {.address = address,
                 .address_key = key,
                 .name = given->name,
                 .role = given->role,
                 .state = STAFF_INVITED,
                 .author_id = given->author_id,
                 .password_hash = (char *)"",
                 .language = (char *)"",
                 .created_at = change.now};
  staff.id = staff_rows_insert(change.transaction, &staff, error);
  return staff.id != 0 && staff_mail_link(&change, &staff, LINK_INVITATION, error) &&
                 change_audit(&change, error, "staff.invite", "staff", staff.id, "invited %s as %s",
                              staff.name, staff_role_name(staff.role)) &&
                 change_commit(&change, FALSE, error)
             ? staff.id
             : 0;
}

gboolean staff_invite_again(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Staff) staff =
      change_may(newsroom, PERMISSION_STAFF_WRITE, error) && change_begin(&change, newsroom, error)
          ? staff_load(&change, id, error)
          : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  if (staff->state != STAFF_INVITED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "%s has accepted already", staff->name);
  }
  return staff_mail_link(&change, staff, LINK_INVITATION, error) &&
         change_commit(&change, FALSE, error);
}

Staff *staff_invitation(Newsroom *newsroom, const char *token, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(StaffLink) link = transaction != NULL ? find_link(transaction, token, LINK_INVITATION,
                                                              clock_now(&newsroom->clock), error)
                                                  : NULL;
  return link != NULL ? staff_rows_get(transaction, link->staff_id, error) : NULL;
}

char *staff_accept(Newsroom *newsroom, const StaffAcceptance *acceptance, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Staff) invited = staff_invitation(newsroom, acceptance->token, error);
  if (invited == NULL || !staff_check_name(acceptance->name, error) ||
      !staff_check_password(acceptance->password, invited->address, error)) {
    return NULL;
  }
  g_autofree char *hash = password_hash(acceptance->password);
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffLink) link =
      find_link(change.transaction, acceptance->token, LINK_INVITATION, change.now, error);
  g_autoptr(Staff) staff = link != NULL ? staff_load(&change, link->staff_id, error) : NULL;
  if (staff == NULL) {
    return NULL;
  }
  if (staff->state != STAFF_INVITED) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "the invitation was accepted already: log in");
    return NULL;
  }
  text_replace(&staff->name, acceptance->name);
  text_replace(&staff->password_hash, hash);
  staff->state = STAFF_ACTIVE;
  staff->active_at = change.now;
  g_autofree char *token =
      staff_rows_update(change.transaction, staff, error)
          ? staff_open_session(&change, staff, SESSION_ACTIVE, acceptance->browser, error)
          : NULL;
  return token != NULL &&
                 staff_link_rows_clear(change.transaction, staff->id, LINK_INVITATION, error) &&
                 change_audit(&change, error, "staff.accept", "staff", staff->id,
                              "%s accepted the invitation", staff->name) &&
                 change_commit(&change, FALSE, error)
             ? g_steal_pointer(&token)
             : NULL;
}

// ---- new passwords ----------------------------------------------------------------------------

gboolean staff_ask_password(Newsroom *newsroom, const char *address, const char *remote,
                            GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *normalised = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GError) failure = NULL;
  if (!staff_check_address(address, &normalised, &key, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autofree char *network = subscribers_network_hash(change.site, remote);
  gboolean within = staff_count_try(&change, "password-network", network, 20, &failure);
  if (within && !staff_request_rows_insert(change.transaction, key, change.now, error)) {
    return FALSE;
  }
  if (!within && !g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_RATE)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (!change_commit(&change, FALSE, error)) {
    return FALSE;
  }
  if (!within) {
    g_propagate_error(error, g_steal_pointer(&failure));
  }
  return within;
}

static gboolean has_requests(Newsroom *newsroom, gboolean *ret_has, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(StoreRows) rows =
      transaction != NULL
          ? store_query(transaction, QUERY_STAFF_REQUEST_FIRST, STORE_NO_VALUES, error)
          : NULL;
  GError *failure = NULL;
  *ret_has = rows != NULL && store_rows_next(rows, &failure);
  if (failure != NULL) {
    g_propagate_error(error, failure);
  }
  return rows != NULL && failure == NULL;
}

gboolean staff_send_links(Newsroom *newsroom, gboolean *ret_more, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *key = NULL;
  GError *failure = NULL;
  if (!has_requests(newsroom, ret_more, error)) {
    return FALSE;
  }
  if (!*ret_more) {
    return TRUE;
  }
  if (!change_begin(&change, newsroom, error) ||
      !staff_request_rows_take(change.transaction, &key, error)) {
    return FALSE;
  }
  g_autoptr(Staff) staff =
      key != NULL ? staff_rows_get_by_key(change.transaction, key, &failure) : NULL;
  if (staff == NULL && failure != NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  gboolean may = staff != NULL && staff->state == STAFF_ACTIVE &&
                 staff_count_try(&change, "password-mail", key, PASSWORD_MAILS_AN_HOUR, NULL);
  return (!may || staff_mail_link(&change, staff, LINK_PASSWORD, error)) &&
         change_commit(&change, FALSE, error);
}

gboolean staff_reset_password(Newsroom *newsroom, const char *token, const char *password,
                              GError **error) {
  g_auto(Change) change = {0};
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    g_autoptr(StaffLink) link = transaction != NULL ? find_link(transaction, token, LINK_PASSWORD,
                                                                clock_now(&newsroom->clock), error)
                                                    : NULL;
    if (link == NULL) {
      return FALSE;
    }
  }
  if (!staff_check_password(password, NULL, error)) {
    return FALSE;
  }
  g_autofree char *hash = password_hash(password);
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(StaffLink) link =
      find_link(change.transaction, token, LINK_PASSWORD, change.now, error);
  g_autoptr(Staff) staff = link != NULL ? staff_load(&change, link->staff_id, error) : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  text_replace(&staff->password_hash, hash);
  return staff_rows_update(change.transaction, staff, error) &&
         staff_link_rows_clear(change.transaction, staff->id, LINK_PASSWORD, error) &&
         staff_session_rows_remove_others(change.transaction, staff->id, 0, error) &&
         change_audit(&change, error, "staff.password", "staff", staff->id,
                      "%s set a new password by mail", staff->name) &&
         change_commit(&change, FALSE, error);
}

// ---- changes ----------------------------------------------------------------------------------

static gboolean keep_an_owner(Change *change, const Staff *before, GError **error) {
  if (before->role != ROLE_OWNER || before->state != STAFF_ACTIVE) {
    return TRUE;
  }
  gint64 owners = staff_rows_count_owners(change->transaction, error);
  if (owners < 0) {
    return FALSE;
  }
  return owners > 1 ||
         change_refuse(error, NEWSROOM_ERROR_STATE,
                       "%s is the only owner: make someone else an owner first", before->name);
}

static gboolean apply(const StaffChange *wanted, Staff *staff, GError **error) {
  if (wanted->address != NULL) {
    g_autofree char *address = NULL;
    g_autofree char *key = NULL;
    if (!staff_check_address(wanted->address, &address, &key, error)) {
      return FALSE;
    }
    text_replace(&staff->address, address);
    text_replace(&staff->address_key, key);
  }
  if (wanted->name != NULL) {
    if (!staff_check_name(wanted->name, error)) {
      return FALSE;
    }
    text_replace(&staff->name, wanted->name);
  }
  if (wanted->role != NULL && !staff_role_parse(wanted->role, &staff->role)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "role: owner, editor, author or contributor");
  }
  if (wanted->disabled >= 0 && staff->state != STAFF_INVITED) {
    staff->state = wanted->disabled ? STAFF_DISABLED : STAFF_ACTIVE;
  } else if (wanted->disabled == 1) {
    staff->state = STAFF_DISABLED;
  }
  if (wanted->author_id >= 0) {
    staff->author_id = wanted->author_id;
  }
  return TRUE;
}

gboolean staff_change(Newsroom *newsroom, gint64 id, const StaffChange *wanted, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_STAFF_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Staff) before = staff_load(&change, id, error);
  g_autoptr(Staff) staff = before != NULL ? staff_load(&change, id, error) : NULL;
  if (staff == NULL || !apply(wanted, staff, error)) {
    return FALSE;
  }
  gboolean other_rights = staff->role != before->role || staff->state != before->state;
  gboolean stays_owner = staff->role == ROLE_OWNER && staff->state == STAFF_ACTIVE;
  if (!stays_owner && !keep_an_owner(&change, before, error)) {
    return FALSE;
  }
  return staff_rows_update(change.transaction, staff, error) &&
         (!other_rights || staff_session_rows_remove_others(change.transaction, id, 0, error)) &&
         change_audit(&change, error, other_rights ? "staff.role" : "staff.change", "staff", id,
                      "%s: %s, %s", staff->name, staff_role_name(staff->role),
                      staff_state_name(staff->state)) &&
         change_commit(&change, FALSE, error);
}

gboolean staff_remove(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Staff) staff =
      change_may(newsroom, PERMISSION_STAFF_WRITE, error) && change_begin(&change, newsroom, error)
          ? staff_load(&change, id, error)
          : NULL;
  return staff != NULL && keep_an_owner(&change, staff, error) &&
         staff_rows_remove(change.transaction, id, error) &&
         change_audit(&change, error, "staff.remove", "staff", id, "removed %s", staff->name) &&
         change_commit(&change, FALSE, error);
}

gboolean staff_reset(Newsroom *newsroom, gint64 id, gboolean second_factors, GError **error) {
  static const char *const NONE[] = {NULL};
  g_auto(Change) change = {0};
  g_autoptr(Staff) staff =
      change_may(newsroom, PERMISSION_STAFF_WRITE, error) && change_begin(&change, newsroom, error)
          ? staff_load(&change, id, error)
          : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  if (staff->state != STAFF_ACTIVE) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "%s is %s", staff->name,
                         staff_state_name(staff->state));
  }
  if (second_factors) {
    text_replace(&staff->totp_secret, "");
    staff->totp_confirmed = FALSE;
    if (!passkey_rows_clear(change.transaction, id, error) ||
        !recovery_code_rows_set(change.transaction, id, NONE, error)) {
      return FALSE;
    }
  }
  return staff_rows_update(change.transaction, staff, error) &&
         staff_session_rows_remove_others(change.transaction, id, 0, error) &&
         staff_mail_link(&change, staff, LINK_PASSWORD, error) &&
         change_audit(&change, error, "staff.reset", "staff", id,
                      "ended the sessions of %s and sent a link for a new password%s", staff->name,
                      second_factors ? "; took away the second factors" : "") &&
         change_commit(&change, FALSE, error);
}

// ---- keys for programs ------------------------------------------------------------------------

static char *check_scopes(const Newsroom *newsroom, const char *const *scopes, GError **error) {
  g_autoptr(GString) joined = g_string_new(NULL);
  for (gsize i = 0; scopes[i] != NULL; i++) {
    Permission permission;
    if (!permission_parse(scopes[i], &permission) || !PERMISSIONS[permission].is_scope) {
      change_refuse(error, NEWSROOM_ERROR_INVALID, "scopes: %s is none that a token may have",
                    scopes[i]);
      return NULL;
    }
    if (!change_may(newsroom, permission, error)) {
      return NULL;
    }
    g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", scopes[i]);
  }
  if (joined->len == 0) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "scopes: name what the token may do");
    return NULL;
  }
  return g_string_free(g_steal_pointer(&joined), FALSE);
}

gint64 staff_make_token(Newsroom *newsroom, const char *name, const char *const *scopes,
                        gint64 expires_at, char **ret_secret, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_TOKEN_WRITE, error) || !staff_check_name(name, error)) {
    return 0;
  }
  g_autofree char *joined = check_scopes(newsroom, scopes, error);
  if (joined == NULL || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  if (expires_at != 0 && expires_at <= change.now) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "expires_at: it lies in the past");
    return 0;
  }
  g_autofree char *random = staff_token_new();
  g_autofree char *secret = g_strconcat("bs_", random, NULL);
  g_autofree char *hash = staff_token_hash(secret);
  g_autofree char *prefix = g_strndup(secret, 9);
  ApiToken token = {.staff_id = newsroom->actor != NULL ? newsroom->actor->staff_id : 0,
                    .token_hash = hash,
                    .prefix = prefix,
                    .name = (char *)name,
                    .scopes = joined,
                    .created_at = change.now,
                    .expires_at = expires_at};
  gint64 id = api_token_rows_insert(change.transaction, &token, error);
  if (id == 0 ||
      !change_audit(&change, error, "token.make", "token", id, "made the token %s: %s", name,
                    joined) ||
      !change_commit(&change, FALSE, error)) {
    return 0;
  }
  *ret_secret = g_steal_pointer(&secret);
  return id;
}

gboolean staff_remove_token(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_TOKEN_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 removed = api_token_rows_remove(change.transaction, id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such token");
  }
  return removed > 0 &&
         change_audit(&change, error, "token.remove", "token", id, "removed a token") &&
         change_commit(&change, FALSE, error);
}
