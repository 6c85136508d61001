// SPDX-License-Identifier: Apache-2.0
//
// Implements staff_keys.h.
#include "newsroom/staff_keys.h"

#include <string.h>

#include "base/secret.h"
#include "model/mail_address.h"
#include "newsroom/notices.h"
#include "newsroom/reader_links.h"
#include "store/subscriber_rows.h"

#define QUARTER (900 * CLOCK_SECOND)
#define BROWSER_BYTES 300
#define NAME_CHARACTERS 100

char *staff_token_new(void) {
  return secret_random_hex(32);
}

char *staff_token_hash(const char *token) {
  return secret_sha256_hex(slice_of(token));
}

Staff *staff_load(Change *change, gint64 id, GError **error) {
  GError *failure = NULL;
  Staff *staff = staff_rows_get(change->transaction, id, &failure);
  if (staff == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no person %" G_GINT64_FORMAT, id);
  } else if (staff == NULL) {
    g_propagate_error(error, failure);
  }
  return staff;
}

gboolean staff_check_address(const char *text, char **ret_address, char **ret_key, GError **error) {
  g_autoptr(GError) failure = NULL;
  *ret_address = mail_address_normalise(text != NULL ? text : "", &failure);
  if (*ret_address == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "email: %s", failure->message);
  }
  *ret_key = mail_address_key(*ret_address);
  return TRUE;
}

gboolean staff_check_name(const char *name, GError **error) {
  gboolean good = name != NULL && g_utf8_validate(name, -1, NULL) && name[0] != '\0' &&
                  g_utf8_strlen(name, -1) <= NAME_CHARACTERS;
  for (const char *at = name; good && *at != '\0'; at++) {
    good = (guchar)*at >= 0x20 && *at != 0x7F;
  }
  return good || change_refuse(error, NEWSROOM_ERROR_INVALID,
                               "name: a name has 1 to %d characters on one line", NAME_CHARACTERS);
}

gboolean staff_check_password(const char *password, const char *address, GError **error) {
  glong length = password != NULL ? g_utf8_strlen(password, -1) : 0;
  if (length < STAFF_PASSWORD_CHARACTERS || length > 200) {
    return change_refuse(
        error, NEWSROOM_ERROR_INVALID,
        "password: it has %d to 200 characters; four words in a row are a good one",
        STAFF_PASSWORD_CHARACTERS);
  }
  if (address != NULL && g_ascii_strcasecmp(password, address) == 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "password: the address is the first that is tried: choose another");
  }
  guint different = 0;
  for (const char *at = password; *at != '\0'; at++) {
    different += memchr(password, *at, (gsize)(at - password)) == NULL;
  }
  return different >= 5 || change_refuse(error, NEWSROOM_ERROR_INVALID,
                                         "password: too few different characters: choose another");
}

char *staff_open_session(Change *change, const Staff *staff, StaffSessionState state,
                         const char *browser, GError **error) {
  g_autofree char *token = staff_token_new();
  g_autofree char *hash = staff_token_hash(token);
  g_autofree char *valid = g_utf8_make_valid(browser != NULL ? browser : "", -1);
  g_autofree char *shown = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), BROWSER_BYTES));
  gint64 lasts = state == SESSION_ACTIVE ? STAFF_SESSION_DAYS * CLOCK_DAY
                                         : STAFF_SECOND_FACTOR_MINUTES * 60 * CLOCK_SECOND;
  StaffSession session = {.staff_id = staff->id,
                          .token_hash = hash,
                          .browser = shown,
                          .state = state,
                          .created_at = change->now,
                          .expires_at = change->now + lasts};
  return staff_session_rows_insert(change->transaction, &session, error) != 0
             ? g_steal_pointer(&token)
             : NULL;
}

gboolean staff_count_try(Change *change, const char *scope, const char *key, gint64 most,
                         GError **error) {
  g_autofree char *hash = reader_keyed_hash(change->site->mail_key, scope, key);
  gint64 count = rate_rows_count(change->transaction, scope, hash, change->now / QUARTER, error);
  if (count < 0) {
    return FALSE;
  }
  return count <= most ||
         change_refuse(error, NEWSROOM_ERROR_RATE, "too many tries: wait a quarter of an hour");
}

gboolean staff_has_second_factor(Change *change, const Staff *staff, gboolean *ret_has,
                                 GError **error) {
  g_autoptr(GPtrArray) passkeys = passkey_rows_list(change->transaction, staff->id, error);
  *ret_has = staff->totp_confirmed || (passkeys != NULL && passkeys->len > 0);
  return passkeys != NULL;
}

typedef struct LinkWords {
  const char *kind, *page, *subject, *text, *button, *reason;
  gint64 lasts;
} LinkWords;

static const LinkWords *link_words(StaffLinkKind kind) {
  static const LinkWords INVITATION = {"staff-invitation",
                                       "invitation",
                                       "staff_invitation_subject",
                                       "staff_invitation_text",
                                       "staff_invitation_button",
                                       "staff_invitation_reason",
                                       STAFF_INVITATION_DAYS * CLOCK_DAY};
  static const LinkWords PASSWORD = {"staff-password",
                                     "password",
                                     "staff_password_subject",
                                     "staff_password_text",
                                     "staff_password_button",
                                     "staff_password_reason",
                                     STAFF_PASSWORD_LINK_HOURS * 3600 * CLOCK_SECOND};
  return kind == LINK_INVITATION ? &INVITATION : &PASSWORD;
}

// The token stands after '#', which browsers send to nobody: no log and no Referer has it.
gboolean staff_mail_link(Change *change, const Staff *staff, StaffLinkKind kind, GError **error) {
  const LinkWords *words = link_words(kind);
  const Press *press = change->newsroom->press;
  const char *language = *staff->language != '\0' ? staff->language : change->site->language;
  g_autofree char *token = staff_token_new();
  g_autofree char *hash = staff_token_hash(token);
  StaffLink link = {hash, kind, staff->id, change->now, change->now + words->lasts};
  if (!staff_link_rows_put(change->transaction, &link, error)) {
    return FALSE;
  }
  if (press == NULL) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "mail can't be rendered here: no theme is loaded");
  }
  g_autofree char *url =
      g_strdup_printf("%s/newsroom/%s#%s", change->site->base_url, words->page, token);
  const char *paragraphs[] = {press_word(press, language, words->text), NULL};
  const char *after[] = {url, NULL};
  NoticeText text = {.kind = words->kind,
                     .address = staff->address,
                     .expires_at = link.expires_at,
                     .notice = {.language = staff->language,
                                .title = press_word(press, language, words->subject),
                                .greeting = staff->name,
                                .paragraphs = paragraphs,
                                .button = press_word(press, language, words->button),
                                .button_url = url,
                                .after = after,
                                .reason = press_word(press, language, words->reason)}};
  return notices_send(change, &text, error);
}
