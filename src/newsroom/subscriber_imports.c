// SPDX-License-Identifier: Apache-2.0
//
// Implements subscriber_imports.h.
#include "newsroom/subscriber_imports.h"

#include <string.h>

#include "newsroom/change.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_import_rows.h"

static SubscriberImport *load(StoreTransaction *transaction, gint64 id, GError **error) {
  GError *failure = NULL;
  SubscriberImport *import = subscriber_import_rows_get(transaction, id, &failure);
  if (import == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no import %" G_GINT64_FORMAT, id);
  } else if (import == NULL) {
    g_propagate_error(error, failure);
  }
  return import;
}

static void set_text(char **place, char *text) {
  g_free(*place);
  *place = text;
}

gint64 subscriber_imports_add(Newsroom *newsroom, const char *file, gint64 bytes, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_SUBSCRIBER_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return 0;
  }
  SubscriberImport import = {.state = IMPORT_UPLOADED,
                             .file = (char *)file,
                             .bytes = bytes,
                             .staff_id = newsroom->actor != NULL ? newsroom->actor->staff_id : 0,
                             .started_at = change.now};
  gint64 id = subscriber_import_rows_insert(change.transaction, &import, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

static gboolean check_newsletters(const Change *change, const char *const *newsletters,
                                  GError **error) {
  for (guint i = 0; newsletters != NULL && newsletters[i] != NULL; i++) {
    GError *failure = NULL;
    g_autoptr(Newsletter) one =
        newsletter_rows_get_by_slug(change->transaction, newsletters[i], &failure);
    if (one == NULL && change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID,
                           "newsletters: there is no newsletter “%s”", newsletters[i]);
    }
    if (one == NULL) {
      g_propagate_error(error, failure);
      return FALSE;
    }
  }
  return TRUE;
}

static char *joined(const char *const *texts) {
  return texts != NULL ? g_strjoinv(",", (char **)texts) : g_strdup("");
}

static void forget_counts(SubscriberImport *import) {
  import->rows = import->created = import->known = import->subscribed = import->left = 0;
  import->repeated = import->suppressed = import->refused = 0;
  set_text(&import->refusals, g_strdup("[]"));
  set_text(&import->reason, g_strdup(""));
}

gboolean subscriber_imports_start(Newsroom *newsroom, gint64 id, const SubscriberImportWish *wish,
                                  GError **error) {
  g_auto(Change) change = {0};
  if (*wish->consent == '\0' || g_utf8_strlen(wish->consent, -1) > 500) {
    return change_refuse(
        error, NEWSROOM_ERROR_INVALID,
        "consent: say how and when these readers agreed, in at most 500 characters: it "
        "is kept as the proof of each");
  }
  if (!change_may(newsroom, PERMISSION_SUBSCRIBER_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(SubscriberImport) import = load(change.transaction, id, error);
  if (import == NULL || !check_newsletters(&change, wish->newsletters, error)) {
    return FALSE;
  }
  if (import->state != IMPORT_UPLOADED && import->state != IMPORT_CHECKED &&
      import->state != IMPORT_FAILED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "this import is %s already: upload the file again to take it in anew",
                         import->state == IMPORT_DONE        ? "done"
                         : import->state == IMPORT_CANCELLED ? "cancelled"
                                                             : "under way");
  }
  import->state = IMPORT_WAITING;
  import->dry_run = wish->dry_run;
  import->started_at = change.now;
  import->finished_at = 0;
  set_text(&import->columns, joined(wish->columns));
  set_text(&import->newsletters, joined(wish->newsletters));
  set_text(&import->consent, g_strdup(wish->consent));
  forget_counts(import);
  return subscriber_import_rows_update(change.transaction, import, error) &&
         (import->dry_run || change_audit(&change, error, "subscriber.import", "import", id,
                                          "takes in the readers of %s", import->file)) &&
         change_commit(&change, FALSE, error);
}

gboolean subscriber_imports_cancel(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_may(newsroom, PERMISSION_SUBSCRIBER_WRITE, error) ||
      !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(SubscriberImport) import = load(change.transaction, id, error);
  if (import == NULL) {
    return FALSE;
  }
  if (import->state == IMPORT_TAKING_OVER && !import->dry_run) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "its readers are being taken over: let it come to its end");
  }
  if (import->state == IMPORT_DONE || import->state == IMPORT_CANCELLED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "this import is over");
  }
  import->state = IMPORT_CANCELLED;
  import->finished_at = change.now;
  return subscriber_import_rows_update(change.transaction, import, error) &&
         change_commit(&change, FALSE, error);
}

gboolean subscriber_imports_note_export(Newsroom *newsroom, GError **error) {
  g_auto(Change) change = {0};
  return change_may(newsroom, PERMISSION_SUBSCRIBER_EXPORT, error) &&
         change_begin(&change, newsroom, error) &&
         change_audit(&change, error, "subscriber.export", "subscriber", 0,
                      "takes the readers' addresses along") &&
         change_commit(&change, FALSE, error);
}

GPtrArray *subscriber_imports_due(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  return transaction != NULL ? subscriber_import_rows_due(transaction, error) : NULL;
}

gboolean subscriber_imports_enter(Newsroom *newsroom, gint64 id, SubscriberImportState state,
                                  GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(SubscriberImport) import = load(change.transaction, id, error);
  if (import == NULL) {
    return FALSE;
  }
  if (import->state < IMPORT_WAITING || import->state > IMPORT_TAKING_OVER) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "it was cancelled");
  }
  import->state = MAX(import->state, state); // after a restart it is further already
  return subscriber_import_rows_update(change.transaction, import, error) &&
         change_commit(&change, FALSE, error);
}

gboolean subscriber_imports_settle(Newsroom *newsroom, const SubscriberImport *result,
                                   GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(SubscriberImport) import = load(change.transaction, result->id, error);
  if (import == NULL) {
    return FALSE;
  }
  if (import->state == IMPORT_CANCELLED) {
    return TRUE; // a dry run that was stopped: its figures are of no use
  }
  import->state = result->state;
  import->rows = result->rows;
  import->created = result->created;
  import->known = result->known;
  import->subscribed = result->subscribed;
  import->left = result->left;
  import->repeated = result->repeated;
  import->suppressed = result->suppressed;
  import->refused = result->refused;
  import->finished_at = change.now;
  set_text(&import->refusals, g_strdup(result->refusals));
  set_text(&import->reason, g_strdup(result->reason));
  return subscriber_import_rows_update(change.transaction, import, error) &&
         (import->dry_run || import->state != IMPORT_DONE ||
          change_audit(&change, error, "subscriber.imported", "import", import->id,
                       "took in %s: %" G_GINT64_FORMAT " new readers, %" G_GINT64_FORMAT
                       " who were here, %" G_GINT64_FORMAT " lines refused",
                       import->file, import->created, import->known, import->refused)) &&
         change_commit(&change, FALSE, error);
}

// ---- what a file seems to be ------------------------------------------------------------------

void subscriber_import_column_free(SubscriberImportColumn *column) {
  if (column != NULL) {
    g_free(column->heading);
    g_ptr_array_unref(column->samples);
    g_free(column);
  }
}

void subscriber_import_look_clear(SubscriberImportLook *look) {
  g_clear_pointer(&look->columns, g_ptr_array_unref);
}
