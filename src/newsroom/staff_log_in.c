// SPDX-License-Identifier: Apache-2.0
//
// Implements logging in (staff.h): tries are counted before a password is looked at, the look takes
// as long for an address that nobody has, and a session gets a new token with each step that it
// comes further.
#include <string.h>

#include "base/one_time_code.h"
#include "base/password.h"
#include "base/secret.h"
#include "model/mail_address.h"
#include "newsroom/staff_keys.h"
#include "newsroom/subscribers.h"

#define RENEW_AFTER (600 * CLOCK_SECOND) // a session's date is written at most that often

void staff_visit_clear(StaffVisit *visit) {
  g_clear_pointer(&visit->staff, staff_free);
  g_clear_pointer(&visit->session, staff_session_free);
}

// ---- the password -----------------------------------------------------------------------------

// Commits what it counts, also when that was too often.
static gboolean count_tries(Newsroom *newsroom, const char *address_key, const char *remote,
                            GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autofree char *network = subscribers_network_hash(change.site, remote);
  g_autofree char *both = g_strconcat(address_key, " ", network, NULL);
  g_autoptr(GError) failure = NULL;
  gboolean within =
      staff_count_try(&change, "log-in-network", network, STAFF_TRIES_NETWORK, &failure) &&
      staff_count_try(&change, "log-in-both", both, STAFF_TRIES_ACCOUNT_NETWORK, &failure) &&
      staff_count_try(&change, "log-in-account", address_key, STAFF_TRIES_ACCOUNT, &failure);
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

static char *key_of(const char *address) {
  g_autofree char *normalised = mail_address_normalise(address != NULL ? address : "", NULL);
  return normalised != NULL ? mail_address_key(normalised) : g_strdup("");
}

static gboolean find(Newsroom *newsroom, const char *key, Staff **ret_staff, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  GError *failure = NULL;
  if (transaction == NULL) {
    return FALSE;
  }
  *ret_staff = staff_rows_get_by_key(transaction, key, &failure);
  if (*ret_staff == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static gboolean refuse_password(GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_PASSWORD,
                       "password: the address or the password is wrong");
}

char *staff_log_in(Newsroom *newsroom, const StaffLogIn *log_in, GError **error) {
  g_autofree char *key = key_of(log_in->address);
  g_autoptr(Staff) found = NULL;
  if (!count_tries(newsroom, key, log_in->remote, error) || !find(newsroom, key, &found, error)) {
    return NULL;
  }
  gboolean may = found != NULL && found->state == STAFF_ACTIVE;
  gboolean right = password_verify(may ? found->password_hash : NULL,
                                   log_in->password != NULL ? log_in->password : "");
  if (!may || !right) {
    refuse_password(error);
    return NULL;
  }
  g_auto(Change) change = {0};
  gboolean wants_more = FALSE;
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(Staff) staff = staff_load(&change, found->id, error);
  if (staff == NULL || !staff_has_second_factor(&change, staff, &wants_more, error)) {
    return NULL;
  }
  if (staff->state != STAFF_ACTIVE || strcmp(staff->password_hash, found->password_hash) != 0) {
    refuse_password(error); // it was changed meanwhile
    return NULL;
  }
  staff->active_at = change.now;
  g_autofree char *token = staff_open_session(
      &change, staff, wants_more ? SESSION_SECOND_FACTOR : SESSION_ACTIVE, log_in->browser, error);
  return token != NULL && staff_rows_update(change.transaction, staff, error) &&
                 change_commit(&change, FALSE, error)
             ? g_steal_pointer(&token)
             : NULL;
}

// ---- the session ------------------------------------------------------------------------------

static gboolean absent(GError *failure, GError **error) {
  if (change_is_absent(&failure)) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such session");
  }
  g_propagate_error(error, failure);
  return FALSE;
}

static gboolean is_token(const char *token) {
  return token != NULL && strlen(token) == 64 && strspn(token, "0123456789abcdef") == 64;
}

// A session that is used lives on.
static void renew(Newsroom *newsroom, StaffSession *session, gint64 now) {
  g_auto(Change) change = {0};
  if (session->state != SESSION_ACTIVE || now - session->active_at < RENEW_AFTER ||
      !change_begin(&change, newsroom, NULL)) {
    return;
  }
  g_autoptr(StaffSession) stored =
      staff_session_rows_get(change.transaction, session->token_hash, now, NULL);
  if (stored == NULL) {
    return;
  }
  stored->active_at = now;
  stored->expires_at = now + STAFF_SESSION_DAYS * CLOCK_DAY;
  if (staff_session_rows_update(change.transaction, stored, NULL) &&
      change_commit(&change, FALSE, NULL)) {
    session->active_at = stored->active_at;
    session->expires_at = stored->expires_at;
  }
}

static gboolean read_visit(Newsroom *newsroom, const char *hash, gint64 now, StaffVisit *visit,
                           GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  GError *failure = NULL;
  if (transaction == NULL) {
    return FALSE;
  }
  visit->session = staff_session_rows_get(transaction, hash, now, &failure);
  visit->staff = visit->session != NULL
                     ? staff_rows_get(transaction, visit->session->staff_id, &failure)
                     : NULL;
  if (visit->staff == NULL) {
    (void)absent(failure, error);
    return FALSE;
  }
  return TRUE;
}

gboolean staff_visit(Newsroom *newsroom, const char *token, StaffVisit *ret_visit, GError **error) {
  g_auto(StaffVisit) visit = {0};
  gint64 now = clock_now(&newsroom->clock);
  if (!is_token(token)) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such session");
  }
  g_autofree char *hash = staff_token_hash(token);
  if (!read_visit(newsroom, hash, now, &visit, error)) {
    return FALSE;
  }
  if (visit.staff == NULL || visit.staff->state != STAFF_ACTIVE) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such session");
  }
  renew(newsroom, visit.session, now);
  *ret_visit = visit;
  visit = (StaffVisit){0};
  return TRUE;
}

static void note_use(Newsroom *newsroom, const ApiToken *token, gint64 now) {
  g_auto(Change) change = {0};
  if (now - token->used_at >= RENEW_AFTER && change_begin(&change, newsroom, NULL) &&
      api_token_rows_use(change.transaction, token->id, now, NULL)) {
    (void)change_commit(&change, FALSE, NULL);
  }
}

gboolean staff_token_visit(Newsroom *newsroom, const char *secret, Staff **ret_staff,
                           ApiToken **ret_token, GError **error) {
  gint64 now = clock_now(&newsroom->clock);
  g_autofree char *hash = staff_token_hash(secret);
  g_autoptr(ApiToken) token = NULL;
  g_autoptr(Staff) staff = NULL;
  {
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    GError *failure = NULL;
    if (transaction == NULL) {
      return FALSE;
    }
    token = api_token_rows_get(transaction, hash, now, &failure);
    staff = token != NULL ? staff_rows_get(transaction, token->staff_id, &failure) : NULL;
    if (staff == NULL) {
      return absent(failure, error);
    }
  }
  if (staff->state != STAFF_ACTIVE) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such token");
  }
  note_use(newsroom, token, now);
  *ret_staff = g_steal_pointer(&staff);
  *ret_token = g_steal_pointer(&token);
  return TRUE;
}

gboolean staff_log_out(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  return change_begin(&change, newsroom, error) &&
         staff_session_rows_remove(change.transaction, visit->session->id, visit->staff->id,
                                   error) >= 0 &&
         change_commit(&change, FALSE, error);
}

// ---- the second factor ------------------------------------------------------------------------

// Each session has few tries, each person some more. Commits.
static gboolean count_factor_try(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(GError) failure = NULL;
  g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, visit->staff->id);
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 attempts = staff_session_rows_count_attempt(change.transaction, visit->session->id, error);
  if (attempts < 0) {
    return FALSE;
  }
  gboolean within = staff_count_try(&change, "second-factor", key, 20, &failure);
  if (within && attempts > STAFF_SECOND_FACTOR_ATTEMPTS) {
    within = change_refuse(&failure, NEWSROOM_ERROR_RATE, "too many tries: log in again");
    if (staff_session_rows_remove(change.transaction, visit->session->id, visit->staff->id, error) <
        0) {
      return FALSE;
    }
  }
  if (!change_commit(&change, FALSE, error)) {
    return FALSE;
  }
  if (!within) {
    g_propagate_error(error, g_steal_pointer(&failure));
  }
  return within;
}

// The session as the store has it now, wanting its second factor still.
static StaffSession *load_waiting(Change *change, const StaffVisit *visit, GError **error) {
  GError *failure = NULL;
  g_autoptr(StaffSession) session = staff_session_rows_get(
      change->transaction, visit->session->token_hash, change->now, &failure);
  if (session == NULL) {
    absent(failure, error);
    return NULL;
  }
  if (session->state != SESSION_SECOND_FACTOR) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "this session has all it needs");
    return NULL;
  }
  return g_steal_pointer(&session);
}

static char *promote(Change *change, StaffSession *session, GError **error) {
  g_autofree char *token = staff_token_new();
  g_free(session->token_hash);
  g_free(session->challenge);
  session->token_hash = staff_token_hash(token);
  session->challenge = g_strdup("");
  session->state = SESSION_ACTIVE;
  session->second_factor = TRUE;
  session->attempts = 0;
  session->active_at = change->now;
  session->expires_at = change->now + STAFF_SESSION_DAYS * CLOCK_DAY;
  return staff_session_rows_update(change->transaction, session, error) &&
                 change_commit(change, FALSE, error)
             ? g_steal_pointer(&token)
             : NULL;
}

static gboolean refuse_code(GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_CODE,
                       "code: it is wrong, or was used before: wait for the next one");
}

char *staff_give_code(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                      GError **error) {
  g_auto(Change) change = {0};
  gint64 step = 0;
  gboolean is_new = FALSE;
  if (!count_factor_try(newsroom, visit, error) || !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffSession) session = load_waiting(&change, visit, error);
  g_autoptr(Staff) staff = session != NULL ? staff_load(&change, session->staff_id, error) : NULL;
  if (staff == NULL) {
    return NULL;
  }
  g_autoptr(GByteArray) secret = base32_decode(staff->totp_secret);
  if (!staff->totp_confirmed || secret == NULL || secret->len == 0 ||
      !one_time_code_check((Slice){(const char *)secret->data, secret->len}, code,
                           change.now / CLOCK_SECOND, staff->totp_step, &step)) {
    refuse_code(error);
    return NULL;
  }
  if (!staff_rows_take_step(change.transaction, staff->id, step, &is_new, error)) {
    return NULL;
  }
  if (!is_new) {
    refuse_code(error);
    return NULL;
  }
  return promote(&change, session, error);
}

char *staff_give_recovery_code(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                               GError **error) {
  g_auto(Change) change = {0};
  if (!count_factor_try(newsroom, visit, error) || !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffSession) session = load_waiting(&change, visit, error);
  if (session == NULL) {
    return NULL;
  }
  g_autoptr(GString) plain = g_string_new(NULL);
  for (const char *at = code; *at != '\0'; at++) {
    if (g_ascii_isalnum(*at)) {
      g_string_append_c(plain, g_ascii_tolower(*at));
    }
  }
  g_autofree char *hash = secret_sha256_hex((Slice){plain->str, plain->len});
  gint64 used = recovery_code_rows_use(change.transaction, session->staff_id, hash, error);
  if (used < 0) {
    return NULL;
  }
  if (used == 0) {
    refuse_code(error);
    return NULL;
  }
  return promote(&change, session, error);
}

char *staff_challenge(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffSession) session =
      staff_session_rows_get(change.transaction, visit->session->token_hash, change.now, &failure);
  if (session == NULL) {
    absent(failure, error);
    return NULL;
  }
  g_free(session->challenge);
  session->challenge = secret_random_hex(32); // hex is base64url, too
  g_autofree char *challenge = g_strdup(session->challenge);
  return staff_session_rows_update(change.transaction, session, error) &&
                 change_commit(&change, FALSE, error)
             ? g_steal_pointer(&challenge)
             : NULL;
}

static Slice bytes_of(GBytes *bytes) {
  return bytes != NULL ? slice_of_bytes(bytes) : (Slice){NULL, 0};
}

static const StaffPasskey *find_passkey(const GPtrArray *passkeys, const char *id) {
  for (guint i = 0; i < passkeys->len; i++) {
    const StaffPasskey *one = g_ptr_array_index(passkeys, i);
    if (strcmp(one->credential, id) == 0) {
      return one;
    }
  }
  return NULL;
}

static gboolean check_assertion(const PasskeyExpected *expected, const StaffPasskey *passkey,
                                const StaffPasskeyAnswer *answer, guint32 *ret_counter,
                                GError **error) {
  g_autoptr(GBytes) key = base64url_decode(passkey->public_key);
  g_autoptr(GBytes) client = base64url_decode(answer->client_data);
  g_autoptr(GBytes) data = base64url_decode(answer->authenticator_data);
  g_autoptr(GBytes) signature = base64url_decode(answer->signature);
  g_autoptr(GError) failure = NULL;
  PasskeyAssertion assertion = {bytes_of(client), bytes_of(data), bytes_of(signature)};
  if (key == NULL ||
      !passkey_assert(expected, (PasskeyAlgorithm)passkey->algorithm, slice_of_bytes(key),
                      (guint32)passkey->counter, &assertion, ret_counter, &failure)) {
    return change_refuse(error, NEWSROOM_ERROR_CODE, "credential: %s",
                         failure != NULL ? failure->message : "it can't be read");
  }
  return TRUE;
}

char *staff_give_passkey(Newsroom *newsroom, const StaffVisit *visit, const char *party,
                         const char *origin, const StaffPasskeyAnswer *answer, GError **error) {
  g_auto(Change) change = {0};
  guint32 counter = 0;
  gboolean used = FALSE;
  if (!count_factor_try(newsroom, visit, error) || !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffSession) session = load_waiting(&change, visit, error);
  g_autoptr(GPtrArray) passkeys =
      session != NULL ? passkey_rows_list(change.transaction, session->staff_id, error) : NULL;
  if (passkeys == NULL) {
    return NULL;
  }
  const StaffPasskey *passkey = find_passkey(passkeys, answer->id);
  if (passkey == NULL) {
    change_refuse(error, NEWSROOM_ERROR_CODE, "credential: it is none of this person's");
    return NULL;
  }
  PasskeyExpected expected = {party, origin, session->challenge, FALSE};
  if (!check_assertion(&expected, passkey, answer, &counter, error) ||
      !passkey_rows_use(change.transaction, passkey, counter, change.now, &used, error)) {
    return NULL;
  }
  if (!used) {
    refuse_code(error);
    return NULL;
  }
  return promote(&change, session, error);
}
