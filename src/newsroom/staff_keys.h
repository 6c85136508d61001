// SPDX-License-Identifier: Apache-2.0
//
// What the files of staff.h share: tokens and their hashes, sessions, limits, mail. For
// src/newsroom/staff*.c only.
#pragma once

#include "newsroom/change.h"
#include "newsroom/staff.h"
#include "store/staff_rows.h"

char *staff_token_new(void); // 64 hex digits; caller frees
char *staff_token_hash(const char *token);
// The person, or NOT_FOUND in the newsroom's words. Caller frees.
Staff *staff_load(Change *change, gint64 id, GError **error);
// A checked mail address: *ret_address normalised, *ret_key what is unique. Callers free.
gboolean staff_check_address(const char *text, char **ret_address, char **ret_key, GError **error);
gboolean staff_check_name(const char *name, GError **error);
gboolean staff_check_password(const char *password, const char *address, GError **error);
// A session made in this change, and its token; `state` says whether a second factor is wanted.
char *staff_open_session(Change *change, const Staff *staff, StaffSessionState state,
                         const char *browser, GError **error);
// Counts one try in a quarter of an hour; RATE when there were more than `most`.
gboolean staff_count_try(Change *change, const char *scope, const char *key, gint64 most,
                         GError **error);
// A link by mail: "/newsroom/<page>#<token>". `words`: the begin of the locale's keys.
gboolean staff_mail_link(Change *change, const Staff *staff, StaffLinkKind kind, GError **error);
gboolean staff_has_second_factor(Change *change, const Staff *staff, gboolean *ret_has,
                                 GError **error);
