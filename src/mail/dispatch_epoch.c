// SPDX-License-Identifier: Apache-2.0
//
// Is this the database that was last written to from here? Its journal's number goes up with every
// commit; the newest one seen is kept in <folder>/dispatch.epoch, written after each commit and
// forced to the disk once a second. A database whose number is lower is an old one brought back: it
// would send again what was sent since. Then all sending stops until somebody says so (`mailing
// resume-sending`). Called by the journal. The file may lag behind the database, never lead it.
#include "mail/dispatch_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "dispatch.epoch"
#define DIGITS 20
#define SYNC_PAUSE (1 * G_USEC_PER_SEC)

struct DispatchEpoch {
  Dispatch *dispatch;
  int file;
  gint64 known;   // newest number seen, here or in the file
  gint64 pending; // of the transaction under way
  gint64 last;    // instant of the newest commit before ours; 0: none
  gint64 synced_at;
  gboolean looked;
};

static gint64 read_number(int file) {
  char text[DIGITS + 2] = "";
  gssize length = pread(file, text, sizeof text - 1, 0);
  return length > 0 ? g_ascii_strtoll(text, NULL, 10) : 0;
}

DispatchEpoch *dispatch_epoch_open(Dispatch *dispatch) {
  DispatchEpoch *epoch = g_new0(DispatchEpoch, 1);
  g_autofree char *path = g_build_filename(dispatch->options.folder, FILE_NAME, NULL);
  epoch->dispatch = dispatch;
  epoch->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (epoch->file < 0) {
    dispatch_say(dispatch,
                 "%s can't be opened (%s): an old database that is brought back would not be "
                 "noticed",
                 path, g_strerror(errno));
  } else {
    epoch->known = read_number(epoch->file);
  }
  return epoch;
}

void dispatch_epoch_close(DispatchEpoch *epoch) {
  if (epoch->file >= 0) {
    fdatasync(epoch->file);
    close(epoch->file);
  }
  g_free(epoch);
}

gint64 dispatch_epoch_last(const DispatchEpoch *epoch) {
  return epoch->last;
}

static char *reason_for(const DispatchEpoch *epoch, gint64 sequence) {
  return g_strdup_printf(
      "this database is older than what was sent from here (commit %" G_GINT64_FORMAT
      ", and there was a commit %" G_GINT64_FORMAT
      "): was a backup brought back? Cancel the mailings that are out already, "
      "then `mailing resume-sending`",
      sequence, epoch->known);
}

gboolean dispatch_epoch_advance(DispatchEpoch *epoch, StoreTransaction *transaction, gint64 now,
                                GError **error) {
  gint64 sequence = epoch_rows_advance(transaction, now, error);
  if (sequence < 0) {
    return FALSE;
  }
  if (sequence <= epoch->known) {
    g_autofree char *reason = reason_for(epoch, sequence);
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FAILED, reason);
    return FALSE;
  }
  epoch->pending = sequence;
  return TRUE;
}

static void remember(DispatchEpoch *epoch) {
  if (epoch->file < 0) {
    return;
  }
  char text[DIGITS + 2];
  g_snprintf(text, sizeof text, "%0*" G_GINT64_FORMAT "\n", DIGITS, epoch->known);
  gint64 now = g_get_monotonic_time();
  if (pwrite(epoch->file, text, strlen(text), 0) > 0 && now - epoch->synced_at > SYNC_PAUSE) {
    fdatasync(epoch->file);
    epoch->synced_at = now;
  }
}

void dispatch_epoch_committed(DispatchEpoch *epoch) {
  epoch->known = epoch->pending;
  remember(epoch);
}

static gboolean stop(DispatchEpoch *epoch, gint64 sequence, char **ret_stopped, GError **error) {
  g_autofree char *reason = reason_for(epoch, sequence);
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(epoch->dispatch->options.store, error);
  if (transaction == NULL || !epoch_rows_stop(transaction, reason, error) ||
      !store_commit(&transaction, error)) {
    return FALSE;
  }
  *ret_stopped = g_steal_pointer(&reason);
  return TRUE;
}

gboolean dispatch_epoch_check(DispatchEpoch *epoch, char **ret_stopped, GError **error) {
  gint64 sequence = 0;
  gint64 last = 0;
  g_autofree char *stopped = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(epoch->dispatch->options.store, error);
  if (transaction == NULL || !epoch_rows_get(transaction, &sequence, &last, &stopped, error)) {
    return FALSE;
  }
  g_clear_pointer(&transaction, store_rollback);
  if (!epoch->looked) {
    epoch->looked = TRUE;
    epoch->last = last;
  }
  *ret_stopped = NULL;
  if (*stopped != '\0') {
    *ret_stopped = g_steal_pointer(&stopped);
    return TRUE;
  }
  return sequence >= epoch->known || stop(epoch, sequence, ret_stopped, error);
}
