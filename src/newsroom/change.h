// SPDX-License-Identifier: Apache-2.0
//
// One change of the newspaper: a write transaction, the site as it stands in it, and the
// revision that goes up with it. For the use cases in src/newsroom only.
#pragma once

#include "model/site.h"
#include "newsroom/newsroom.h"

typedef struct Change {
  Newsroom *newsroom;            // borrowed
  StoreTransaction *transaction; // ended by change_commit or change_clear
  Site *site;
  gint64 now;
  GString *withdrawn; // lines for the journal of withdrawals; NULL: none
} Change;

gboolean change_begin(Change *change, Newsroom *newsroom, GError **error);
// `visible`: readers can see it; the revision goes up, and newsroom->changed is called after the
// commit.
gboolean change_commit(Change *change, gboolean visible, GError **error);
// Goes into the journal of withdrawals when the change is committed. `kind`: "left", "complained"
// or "erased"; `slugs` NULL where it is not about newsletters.
void change_withdraw(Change *change, const char *kind, const char *address_key, const char *slugs);
// One line of the audit log: who did what to which noun, in words. `noun_id` 0: none.
gboolean change_audit(Change *change, GError **error, const char *action, const char *noun,
                      gint64 noun_id, const char *format, ...) G_GNUC_PRINTF(6, 7);
// FALSE with FORBIDDEN unless the one who asks has the permission.
gboolean change_may(const Newsroom *newsroom, Permission permission, GError **error);
void change_clear(Change *change); // rolls back what was not committed
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Change, change_clear)

// TRUE if the row was not there; then the error is cleared.
gboolean change_is_absent(GError **failure);
// A NEWSROOM_ERROR; always FALSE.
gboolean change_refuse(GError **error, NewsroomError code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
