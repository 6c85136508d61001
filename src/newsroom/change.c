// SPDX-License-Identifier: Apache-2.0
//
// Implements change.h, and the newsroom's error domain.
#include "newsroom/change.h"

#include "newsroom/reader_links.h"
#include "newsroom/withdrawals.h"
#include "store/site_rows.h"
#include "store/staff_rows.h"

G_DEFINE_QUARK(broadsheet - newsroom - error, newsroom_error)

gboolean change_begin(Change *change, Newsroom *newsroom, GError **error) {
  *change = (Change){.newsroom = newsroom};
  change->transaction = store_begin_write(newsroom->store, error);
  if (change->transaction == NULL) {
    return FALSE;
  }
  change->now =
      clock_now(&newsroom->clock); // after the wait for the turn, so that changes are in order
  change->site = site_rows_load(change->transaction, error);
  return change->site != NULL;
}

gboolean change_commit(Change *change, gboolean visible, GError **error) {
  gint64 revision = 0;
  if (visible) {
    revision = site_rows_bump_revision(change->transaction, change->now, error);
    if (revision < 0) {
      return FALSE;
    }
  }
  // Before the commit: a wish that could not be committed is one all the same. That the journal
  // can't be written must not keep anybody from leaving: `doctor` tells of it.
  if (change->withdrawn != NULL && change->newsroom->withdrawals != NULL) {
    (void)withdrawals_append(change->newsroom->withdrawals, change->withdrawn->str,
                             change->withdrawn->len, NULL);
  }
  if (!store_commit(&change->transaction, error)) {
    return FALSE;
  }
  if (visible && change->newsroom->changed != NULL) {
    change->newsroom->changed(revision, change->newsroom->data);
  }
  return TRUE;
}

void change_withdraw(Change *change, const char *kind, const char *address_key, const char *slugs) {
  g_autofree char *hash = reader_address_hash(change->site->mail_key, address_key);
  if (change->withdrawn == NULL) {
    change->withdrawn = g_string_new(NULL);
  }
  g_string_append_printf(change->withdrawn, "%" G_GINT64_FORMAT " %s %s %s\n", change->now, kind,
                         hash, slugs != NULL ? slugs : "-");
}

gboolean change_audit(Change *change, GError **error, const char *action, const char *noun,
                      gint64 noun_id, const char *format, ...) {
  const Actor *actor = change->newsroom->actor;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *says = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  AuditEntry entry = {.at = change->now,
                      .staff_id = actor != NULL ? actor->staff_id : 0,
                      .staff_name = (char *)(actor != NULL ? actor->name : "command line"),
                      .via = (char *)(actor != NULL ? actor->via : "command"),
                      .action = (char *)action,
                      .noun = (char *)noun,
                      .noun_id = noun_id,
                      .says = says};
  return audit_rows_insert(change->transaction, &entry, error);
}

gboolean change_may(const Newsroom *newsroom, Permission permission, GError **error) {
  return actor_may(newsroom->actor, permission) ||
         change_refuse(error, NEWSROOM_ERROR_FORBIDDEN, "this needs the permission %s, %s",
                       PERMISSIONS[permission].name, PERMISSIONS[permission].says);
}

void change_clear(Change *change) {
  g_clear_pointer(&change->transaction, store_rollback);
  g_clear_pointer(&change->site, site_unref);
  if (change->withdrawn != NULL) {
    g_string_free(g_steal_pointer(&change->withdrawn), TRUE);
  }
}

gboolean change_is_absent(GError **failure) {
  if (!g_error_matches(*failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    return FALSE;
  }
  g_clear_error(failure);
  return TRUE;
}

gboolean change_refuse(GError **error, NewsroomError code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  GError *made = g_error_new_valist(NEWSROOM_ERROR, (gint)code, format, arguments);
  va_end(arguments);
  g_propagate_error(error, made);
  return FALSE;
}
