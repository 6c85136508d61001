// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet restore FILE`: a backup becomes a newspaper again, whole or not at all.
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "cmd/withdrawal_report.h"
#include "exchange/backup.h"

// Only broadsheet.ini, which says where the database is to be, and the journal of withdrawals,
// which says who left since, may stand in the folder beforehand.
static gboolean folder_is_free(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    if (strcmp(name, "broadsheet.ini") != 0 && strcmp(name, "withdrawals.log") != 0) {
      return FALSE;
    }
  }
  return TRUE;
}

// The backup's configuration takes effect only if it means the database that was just restored
// into.
static gboolean put_config(const Invocation *invocation, const Config *used, const char *text,
                           GError **error) {
  g_autofree char *path = config_path(used->folder),
                  *aside = g_strconcat(path, ".from-backup", NULL);
  g_autofree char *before = NULL;
  if (!g_file_get_contents(path, &before, NULL, error) ||
      !g_file_set_contents(path, text, -1, error)) {
    return FALSE;
  }
  g_autoptr(GError) wrong = NULL;
  g_autoptr(Config) config = config_load(used->folder, &wrong);
  if (config != NULL && strcmp(config->database, used->database) == 0) {
    return TRUE;
  }
  invocation_warn(invocation,
                  "the backup's broadsheet.ini %s, so it is kept as %s; compare the two",
                  config != NULL ? "names another database" : "can't be used here", aside);
  return g_file_set_contents(path, before, -1, error) &&
         g_file_set_contents(aside, text, -1, error);
}

static gboolean restore(const Invocation *invocation, Paper *paper, BackupSummary *summary,
                        GError **error) {
  Progress progress;
  progress_begin(&progress, "Restore");
  BackupOptions options = {.store = paper->store,
                           .originals = paper->originals,
                           .editions = paper->edition_files,
                           .now = clock_now(&paper->newsroom.clock),
                           .force = invocation_has(invocation, "force"),
                           .progress = progress_show,
                           .data = &progress};
  gboolean good = backup_restore(&options, invocation->arguments[0], summary, error);
  progress_end(&progress);
  return good;
}

// Who left after the backup was made has left.
static gboolean replay(Paper *paper, GError **error) {
  WithdrawalReport report = {0};
  if (!withdrawals_replay(&paper->newsroom, NULL, FALSE, &report, error)) {
    g_prefix_error(error,
                   "all is restored, but not who left since (%s); mend that, then `broadsheet "
                   "suppression replay`: ",
                   paper->withdrawals);
    return FALSE;
  }
  withdrawal_report_print(&report);
  return TRUE;
}

static int run_restore(const Invocation *invocation) {
  const char *folder = invocation->folder;
  g_autofree char *config = config_path(folder);
  gboolean had_config = g_file_test(config, G_FILE_TEST_EXISTS);
  if (!folder_is_free(folder) && !invocation_has(invocation, "force")) {
    invocation_warn(invocation,
                    "'%s' is not empty; restore into a new folder: `broadsheet -C DIR restore %s`, "
                    "or give --force to replace what is there",
                    folder, invocation->arguments[0]);
    return COMMAND_FAILED;
  }
  g_autoptr(GError) error = NULL;
  if (!g_file_test(invocation->arguments[0], G_FILE_TEST_IS_REGULAR)) {
    invocation_warn(invocation, "there is no backup file '%s'", invocation->arguments[0]);
    return COMMAND_FAILED;
  }
  g_autoptr(Paper) paper =
      paper_lay(folder, &error) ? paper_open(folder, PAPER_MIGRATE, &error) : NULL;
  BackupSummary summary = {0};
  gboolean good = paper != NULL && restore(invocation, paper, &summary, &error);
  if (good && !had_config && summary.config != NULL) {
    good = put_config(invocation, paper->config, summary.config, &error);
  }
  good = good && replay(paper, &error);
  if (good) {
    printf("%s: %" G_GINT64_FORMAT " stories, %" G_GINT64_FORMAT
           " pictures, revision %" G_GINT64_FORMAT " restored\n",
           paper->config->folder, summary.stories, summary.originals, summary.revision);
  }
  backup_summary_clear(&summary);
  return good ? COMMAND_DONE : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "force", NULL, "replace the stories and settings that are there"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_RESTORE = {
    .name = "restore",
    .usage = "[--force] FILE",
    .summary = "make a newspaper of a backup",
    .help = "Counts and hashes are checked, and all is put in place in one transaction: on any "
            "error nothing has\n"
            "changed. Into PostgreSQL: put a broadsheet.ini with the database's address into the "
            "folder first, or give\n"
            "BROADSHEET_DATABASE_ADDRESS. Stop a server of that newspaper before, and start it "
            "after. Put withdrawals.log of the newspaper's old folder into the new one first: who "
            "left, "
            "complained or\nhad everything deleted after the backup was made stays away.\n\n"
            "  broadsheet -C /srv/courier restore /backup/courier-2026-11-23.tar.zst",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_restore,
};
