// SPDX-License-Identifier: Apache-2.0
//
// Implements what a person changes of themselves (staff.h): password, second factors, sessions.
// Whatever weakens or changes a key ends the other sessions.
#include <string.h>

#include "base/json_reader.h"
#include "base/one_time_code.h"
#include "base/password.h"
#include "base/secret.h"
#include "newsroom/language_tag.h"
#include "newsroom/staff_keys.h"

#define PREFERENCES_BYTES 8192
#define PASSKEYS_MOST 20

static gboolean count_password_try(Newsroom *newsroom, gint64 staff_id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(GError) failure = NULL;
  g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, staff_id);
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gboolean within = staff_count_try(&change, "own-password", key, 20, &failure);
  if (!change_commit(&change, FALSE, error)) {
    return FALSE;
  }
  if (!within) {
    g_propagate_error(error, g_steal_pointer(&failure));
  }
  return within;
}

gboolean staff_confirm_password(Newsroom *newsroom, const StaffVisit *visit, const char *password,
                                GError **error) {
  if (!count_password_try(newsroom, visit->staff->id, error)) {
    return FALSE;
  }
  return password_verify(visit->staff->password_hash, password) ||
         change_refuse(error, NEWSROOM_ERROR_PASSWORD, "password: this is not your password");
}

gboolean staff_change_password(Newsroom *newsroom, const StaffVisit *visit, const char *current,
                               const char *password, GError **error) {
  g_auto(Change) change = {0};
  if (!staff_check_password(password, visit->staff->address, error) ||
      !staff_confirm_password(newsroom, visit, current, error)) {
    return FALSE;
  }
  g_autofree char *hash = password_hash(password);
  g_autoptr(Staff) staff =
      change_begin(&change, newsroom, error) ? staff_load(&change, visit->staff->id, error) : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  g_free(staff->password_hash);
  staff->password_hash = g_steal_pointer(&hash);
  return staff_rows_update(change.transaction, staff, error) &&
         staff_session_rows_remove_others(change.transaction, staff->id, visit->session->id,
                                          error) &&
         change_audit(&change, error, "staff.password", "staff", staff->id,
                      "changed their password") &&
         change_commit(&change, FALSE, error);
}

static gboolean check_preferences(const char *preferences, GError **error) {
  g_autoptr(JsonValue) value = json_read(slice_of(preferences), NULL);
  return (strlen(preferences) <= PREFERENCES_BYTES && value != NULL &&
          value->kind == JSON_VALUE_OBJECT) ||
         change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "preferences: a JSON object of at most %d bytes", PREFERENCES_BYTES);
}

static void replace(char **field, const char *value) {
  if (value != NULL) {
    g_free(*field);
    *field = g_strdup(value);
  }
}

gboolean staff_change_self(Newsroom *newsroom, gint64 id, const char *name, const char *language,
                           const char *preferences, GError **error) {
  g_auto(Change) change = {0};
  if ((name != NULL && !staff_check_name(name, error)) ||
      (preferences != NULL && !check_preferences(preferences, error))) {
    return FALSE;
  }
  if (language != NULL && *language != '\0' && !language_tag_is_valid(language)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "language: a language tag such as en or de, or nothing");
  }
  g_autoptr(Staff) staff =
      change_begin(&change, newsroom, error) ? staff_load(&change, id, error) : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  replace(&staff->name, name);
  replace(&staff->language, language);
  replace(&staff->preferences, preferences);
  return staff_rows_update(change.transaction, staff, error) &&
         change_commit(&change, FALSE, error);
}

// ---- recovery codes ---------------------------------------------------------------------------

// "k7p2-9xqm-…": 60 bits each, of which the store has the hash.
static char **make_recovery_codes(Change *change, gint64 staff_id, GError **error) {
  g_autoptr(GStrvBuilder) codes = g_strv_builder_new();
  g_autoptr(GStrvBuilder) hashes = g_strv_builder_new();
  for (guint i = 0; i < STAFF_RECOVERY_CODES; i++) {
    g_autofree char *random = secret_random_hex(8);
    g_autofree char *plain = g_strndup(random, 15);
    g_autofree char *hash = secret_sha256_hex(slice_of(plain));
    g_autofree char *shown = g_strdup_printf("%.5s-%.5s-%.5s", plain, plain + 5, plain + 10);
    g_strv_builder_add(codes, shown);
    g_strv_builder_add(hashes, hash);
  }
  g_auto(GStrv) all = g_strv_builder_end(hashes);
  return recovery_code_rows_set(change->transaction, staff_id, (const char *const *)all, error)
             ? g_strv_builder_end(codes)
             : NULL;
}

// With the first second factor come recovery codes.
static char **first_recovery_codes(Change *change, gint64 staff_id, GError **error) {
  gint64 have = recovery_code_rows_count(change->transaction, staff_id, error);
  return have < 0    ? NULL
         : have == 0 ? make_recovery_codes(change, staff_id, error)
                     : g_new0(char *, 1);
}

static char **commit_with(Change *change, char **codes, GError **error) {
  if (codes != NULL && !change_commit(change, FALSE, error)) {
    g_strfreev(codes);
    return NULL;
  }
  return codes;
}

char **staff_new_recovery_codes(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  gboolean has = FALSE;
  if (!change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(Staff) staff = staff_load(&change, visit->staff->id, error);
  if (staff == NULL || !staff_has_second_factor(&change, staff, &has, error)) {
    return NULL;
  }
  if (!has) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "recovery codes stand in for a second factor: set one up first");
    return NULL;
  }
  return commit_with(&change, make_recovery_codes(&change, staff->id, error), error);
}

// ---- second factors ---------------------------------------------------------------------------

char *staff_begin_totp(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Staff) staff =
      change_begin(&change, newsroom, error) ? staff_load(&change, visit->staff->id, error) : NULL;
  if (staff == NULL) {
    return NULL;
  }
  if (staff->totp_confirmed) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "there is an app already: remove it first");
    return NULL;
  }
  g_autofree char *random = secret_random_hex(20);
  guint8 bytes[20];
  for (guint i = 0; i < sizeof bytes; i++) {
    bytes[i] = (guint8)(g_ascii_xdigit_value(random[2 * i]) << 4 |
                        g_ascii_xdigit_value(random[2 * i + 1]));
  }
  g_free(staff->totp_secret);
  staff->totp_secret = base32_encode((Slice){(const char *)bytes, sizeof bytes});
  return staff_rows_update(change.transaction, staff, error) && change_commit(&change, FALSE, error)
             ? g_strdup(staff->totp_secret)
             : NULL;
}

char **staff_confirm_totp(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                          GError **error) {
  g_auto(Change) change = {0};
  gint64 step = 0;
  gboolean is_new = FALSE;
  if (!count_password_try(newsroom, visit->staff->id, error) ||
      !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(Staff) staff = staff_load(&change, visit->staff->id, error);
  g_autoptr(GByteArray) secret = staff != NULL ? base32_decode(staff->totp_secret) : NULL;
  if (staff == NULL) {
    return NULL;
  }
  if (staff->totp_confirmed || secret == NULL || secret->len == 0) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "no app is being set up");
    return NULL;
  }
  if (!one_time_code_check((Slice){(const char *)secret->data, secret->len}, code,
                           change.now / CLOCK_SECOND, staff->totp_step, &step)) {
    change_refuse(error, NEWSROOM_ERROR_CODE,
                  "code: it is wrong: look at the app, and at the clock of your telephone");
    return NULL;
  }
  staff->totp_confirmed = TRUE;
  gboolean done =
      staff_rows_update(change.transaction, staff, error) &&
      staff_rows_take_step(change.transaction, staff->id, step, &is_new, error) &&
      staff_session_rows_remove_others(change.transaction, staff->id, visit->session->id, error) &&
      change_audit(&change, error, "staff.second_factor", "staff", staff->id,
                   "added an app as second factor");
  return done ? commit_with(&change, first_recovery_codes(&change, staff->id, error), error) : NULL;
}

// The last second factor takes the recovery codes along.
static gboolean removed_factor(Change *change, const StaffVisit *visit, const char *says,
                               GError **error) {
  static const char *const NONE[] = {NULL};
  gboolean has = FALSE;
  g_autoptr(Staff) staff = staff_load(change, visit->staff->id, error);
  return staff != NULL && staff_has_second_factor(change, staff, &has, error) &&
         (has || recovery_code_rows_set(change->transaction, staff->id, NONE, error)) &&
         staff_session_rows_remove_others(change->transaction, staff->id, visit->session->id,
                                          error) &&
         change_audit(change, error, "staff.second_factor", "staff", staff->id, "%s", says) &&
         change_commit(change, FALSE, error);
}

gboolean staff_remove_totp(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Staff) staff =
      change_begin(&change, newsroom, error) ? staff_load(&change, visit->staff->id, error) : NULL;
  if (staff == NULL) {
    return FALSE;
  }
  replace(&staff->totp_secret, "");
  staff->totp_confirmed = FALSE;
  return staff_rows_update(change.transaction, staff, error) &&
         removed_factor(&change, visit, "removed the app", error);
}

static gboolean read_registration(const PasskeyExpected *expected, const StaffPasskeyAnswer *answer,
                                  PasskeyCredential *credential, GError **error) {
  g_autoptr(GBytes) client = base64url_decode(answer->client_data);
  g_autoptr(GBytes) attestation = base64url_decode(answer->attestation);
  g_autoptr(GError) failure = NULL;
  if (client == NULL || attestation == NULL ||
      !passkey_register(expected, slice_of_bytes(client), slice_of_bytes(attestation), credential,
                        &failure)) {
    return change_refuse(error, NEWSROOM_ERROR_CODE, "credential: %s",
                         failure != NULL ? failure->message : "it can't be read");
  }
  return TRUE;
}

char **staff_add_passkey(Newsroom *newsroom, const StaffVisit *visit, const char *party,
                         const char *origin, const StaffPasskeyAnswer *answer, GError **error) {
  g_auto(Change) change = {0};
  g_auto(PasskeyCredential) credential = {0};
  const char *name = answer->name != NULL && *answer->name != '\0' ? answer->name : "Passkey";
  GError *failure = NULL;
  if (!staff_check_name(name, error) || !change_begin(&change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(StaffSession) session =
      staff_session_rows_get(change.transaction, visit->session->token_hash, change.now, &failure);
  g_autoptr(GPtrArray) have =
      session != NULL ? passkey_rows_list(change.transaction, session->staff_id, &failure) : NULL;
  if (have == NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (have->len >= PASSKEYS_MOST) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "%d passkeys are the most: remove one first",
                  PASSKEYS_MOST);
    return NULL;
  }
  PasskeyExpected expected = {party, origin, session->challenge, FALSE};
  if (!read_registration(&expected, answer, &credential, error)) {
    return NULL;
  }
  replace(&session->challenge, "");
  g_autofree char *key = base64url_encode(slice_of_bytes(credential.public_key));
  StaffPasskey passkey = {.staff_id = session->staff_id,
                          .credential = credential.id,
                          .public_key = key,
                          .name = (char *)name,
                          .algorithm = credential.algorithm,
                          .counter = credential.counter,
                          .created_at = change.now};
  gboolean done =
      staff_session_rows_update(change.transaction, session, error) &&
      passkey_rows_insert(change.transaction, &passkey, error) != 0 &&
      staff_session_rows_remove_others(change.transaction, session->staff_id, session->id, error) &&
      change_audit(&change, error, "staff.second_factor", "staff", session->staff_id,
                   "added the passkey %s", name);
  return done ? commit_with(&change, first_recovery_codes(&change, session->staff_id, error), error)
              : NULL;
}

gboolean staff_remove_passkey(Newsroom *newsroom, const StaffVisit *visit, gint64 passkey_id,
                              GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 removed = passkey_rows_remove(change.transaction, passkey_id, visit->staff->id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such passkey");
  }
  return removed > 0 && removed_factor(&change, visit, "removed a passkey", error);
}

// ---- sessions ---------------------------------------------------------------------------------

gboolean staff_end_session(Newsroom *newsroom, const StaffVisit *visit, gint64 session_id,
                           GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  gint64 removed =
      staff_session_rows_remove(change.transaction, session_id, visit->staff->id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no such session");
  }
  return removed > 0 && change_commit(&change, FALSE, error);
}

gboolean staff_end_other_sessions(Newsroom *newsroom, const StaffVisit *visit, GError **error) {
  g_auto(Change) change = {0};
  return change_begin(&change, newsroom, error) &&
         staff_session_rows_remove_others(change.transaction, visit->staff->id, visit->session->id,
                                          error) &&
         change_commit(&change, FALSE, error);
}
