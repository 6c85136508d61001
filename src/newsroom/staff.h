// SPDX-License-Identifier: Apache-2.0
//
// The use cases of the newsroom's people: made, invited, logged in, changed, removed. See
// newsroom.h. Tokens are 256 random bits in hex; the store has their SHA-256 only. Argon2id runs
// outside of transactions. Errors of those who are not logged in tell nothing of who has an
// account.
#pragma once

#include "base/passkey.h"
#include "newsroom/newsroom.h"

#define STAFF_SESSION_DAYS 14          // unless it is used before
#define STAFF_SECOND_FACTOR_MINUTES 10 // between password and second factor
#define STAFF_SECOND_FACTOR_ATTEMPTS 5
#define STAFF_INVITATION_DAYS 7
#define STAFF_PASSWORD_LINK_HOURS 2
#define STAFF_PASSWORD_CHARACTERS 10
#define STAFF_RECOVERY_CODES 10
// Log-ins tried, in a quarter of an hour: of one account from one network, of one account, from a
// network.
#define STAFF_TRIES_ACCOUNT_NETWORK 10
#define STAFF_TRIES_ACCOUNT 60
#define STAFF_TRIES_NETWORK 100

// ---- logging in -------------------------------------------------------------------------------
typedef struct StaffLogIn {
  const char *address, *password;
  const char *remote;  // network address; only its keyed hash is kept
  const char *browser; // User-Agent; shown in the list of sessions
} StaffLogIn;
// The new session's token; PASSWORD or RATE. Where there is a second factor, the session can do
// nothing but give it. Caller frees.
char *staff_log_in(Newsroom *newsroom, const StaffLogIn *log_in, GError **error);

// A session and whose it is. NOT_FOUND: none of ours, ended, expired, or the person may not.
typedef struct StaffVisit {
  Staff *staff;
  StaffSession *session;
} StaffVisit;
void staff_visit_clear(StaffVisit *visit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StaffVisit, staff_visit_clear)
gboolean staff_visit(Newsroom *newsroom, const char *token, StaffVisit *ret_visit, GError **error);
// A program's; `*ret_token` caller frees. NOT_FOUND as above.
gboolean staff_token_visit(Newsroom *newsroom, const char *secret, Staff **ret_staff,
                           ApiToken **ret_token, GError **error);
gboolean staff_log_out(Newsroom *newsroom, const StaffVisit *visit, GError **error);

// The second factor. Each gives the session's new token (the old is void), or CODE, or RATE.
char *staff_give_code(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                      GError **error);
char *staff_give_recovery_code(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                               GError **error);
typedef struct StaffPasskeyAnswer { // as the browser sent it, base64url
  const char *id, *client_data, *authenticator_data, *signature, *attestation, *name;
} StaffPasskeyAnswer;
// A new challenge, base64url; void with the next, or when it was answered. Caller frees.
char *staff_challenge(Newsroom *newsroom, const StaffVisit *visit, GError **error);
// `party` and `origin`: of the newspaper, as the browser sees it.
char *staff_give_passkey(Newsroom *newsroom, const StaffVisit *visit, const char *party,
                         const char *origin, const StaffPasskeyAnswer *answer, GError **error);

// ---- links ------------------------------------------------------------------------------------
// The first start: a token that makes the owner; NULL without error when there is one. A new one
// makes the old void. Caller frees.
char *staff_set_up_link(Newsroom *newsroom, GError **error);
gboolean staff_needs_set_up(Newsroom *newsroom, const char *token, gboolean *ret_needed,
                            gboolean *ret_token_fits, GError **error);
typedef struct StaffSetUp {
  const char *token, *address, *name, *password, *remote, *browser;
  const char *newspaper_name, *base_url, *language, *zone_name; // NULL: as it is
} StaffSetUp;
char *staff_set_up(Newsroom *newsroom, const StaffSetUp *set_up, GError **error); // session's token

// From the command line: an account with a password, at once. Id, 0 on error.
gint64 staff_add(Newsroom *newsroom, const Staff *staff, const char *password, GError **error);
// Sets it for another; their sessions end.
gboolean staff_set_password(Newsroom *newsroom, gint64 id, const char *password, GError **error);
gint64 staff_invite(Newsroom *newsroom, const Staff *staff, GError **error); // id; mails the link
gboolean staff_invite_again(Newsroom *newsroom, gint64 id, GError **error);
Staff *staff_invitation(Newsroom *newsroom, const char *token, GError **error); // NOT_FOUND
typedef struct StaffAcceptance {
  const char *token, *name, *password, *remote, *browser;
} StaffAcceptance;
char *staff_accept(Newsroom *newsroom, const StaffAcceptance *acceptance,
                   GError **error); // session's token

// Notes it down; the scheduler sends the link (staff_send_links). The same for everybody.
gboolean staff_ask_password(Newsroom *newsroom, const char *address, const char *remote,
                            GError **error);
// One of those who asked: *ret_more, there may be others. Called by app/scheduler.
gboolean staff_send_links(Newsroom *newsroom, gboolean *ret_more, GError **error);
// By the link's token; all sessions end. NOT_FOUND: the link is void.
gboolean staff_reset_password(Newsroom *newsroom, const char *token, const char *password,
                              GError **error);

// ---- oneself ----------------------------------------------------------------------------------
gboolean staff_change_password(Newsroom *newsroom, const StaffVisit *visit, const char *current,
                               const char *password, GError **error);
// PASSWORD unless it is theirs; RATE.
gboolean staff_confirm_password(Newsroom *newsroom, const StaffVisit *visit, const char *password,
                                GError **error);
gboolean staff_change_self(Newsroom *newsroom, gint64 id, const char *name, const char *language,
                           const char *preferences, GError **error); // NULL: as it is
char *staff_begin_totp(Newsroom *newsroom, const StaffVisit *visit,
                       GError **error); // base 32; not in force yet
// In force from now on. Recovery codes (g_strfreev), empty when there were some.
char **staff_confirm_totp(Newsroom *newsroom, const StaffVisit *visit, const char *code,
                          GError **error);
gboolean staff_remove_totp(Newsroom *newsroom, const StaffVisit *visit, GError **error);
char **staff_add_passkey(Newsroom *newsroom, const StaffVisit *visit, const char *party,
                         const char *origin, const StaffPasskeyAnswer *answer, GError **error);
gboolean staff_remove_passkey(Newsroom *newsroom, const StaffVisit *visit, gint64 passkey_id,
                              GError **error);
char **staff_new_recovery_codes(Newsroom *newsroom, const StaffVisit *visit, GError **error);
gboolean staff_end_session(Newsroom *newsroom, const StaffVisit *visit, gint64 session_id,
                           GError **error); // NOT_FOUND
gboolean staff_end_other_sessions(Newsroom *newsroom, const StaffVisit *visit, GError **error);

// ---- others -----------------------------------------------------------------------------------
typedef struct StaffChange {
  const char *address, *name, *role; // NULL: as it is
  gint disabled;                     // -1: as it is
  gint64 author_id;                  // -1: as it is; 0: none
} StaffChange;
// The last owner stays one (STATE).
gboolean staff_change(Newsroom *newsroom, gint64 id, const StaffChange *change, GError **error);
gboolean staff_remove(Newsroom *newsroom, gint64 id, GError **error);
gboolean staff_reset(Newsroom *newsroom, gint64 id, gboolean second_factors, GError **error);

// *ret_secret: shown once, caller frees. Scopes are permissions, and never more than one's own.
gint64 staff_make_token(Newsroom *newsroom, const char *name, const char *const *scopes,
                        gint64 expires_at, char **ret_secret, GError **error);
gboolean staff_remove_token(Newsroom *newsroom, gint64 id, GError **error);
