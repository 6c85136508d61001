// SPDX-License-Identifier: Apache-2.0
//
// The journal of withdrawals: who left a newsletter, complained, or had everything deleted, in a
// file beside the database. A backup that is older than a reader's wish knows nothing of it; the
// journal does, and is read again after a restore. It holds keyed hashes, never addresses; lines
// are only ever added. Written by change_commit, read by `restore`, `suppression replay`, `mailing
// resume-sending` and `doctor`. One line: microseconds since 1970, "left", "complained" or
// "erased", the address's hash (reader_links.h), the newsletters' slugs parted by commas or "-".
#pragma once

#include "newsroom/newsroom.h"

typedef struct WithdrawalReport {
  guint64 lines;   // that say something
  guint64 damaged; // that can't be read: a crash cut them short, or somebody changed them
  guint64 left, complained, erased; // what the database did not know
} WithdrawalReport;

// Adds whole lines, forced to the disk. FALSE with errno's reason in *error.
gboolean withdrawals_append(const char *path, const char *lines, gsize length, GError **error);
// Whether lines can be added; a journal that is not there yet is no fault.
gboolean withdrawals_can_write(const char *path);

// Makes the database know what the journal does; who signed up or confirmed again later than a wish
// stays. Again is harmless. `dry_run`: counts only. `path` NULL: the newspaper's own; one that is
// not there says nothing. Readers are gone through some thousands a transaction.
gboolean withdrawals_replay(Newsroom *newsroom, const char *path, gboolean dry_run,
                            WithdrawalReport *ret_report, GError **error);
