// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet backup FILE`: the newspaper in one file, also while it is served.
#include <stdio.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "exchange/backup.h"

static int tell_summary(const Invocation *invocation, const char *file, BackupSummary *summary) {
  g_autofree char *size = g_format_size(summary->bytes);
  printf("%s: %" G_GINT64_FORMAT " stories, %" G_GINT64_FORMAT
         " pictures, revision %" G_GINT64_FORMAT ", %s\n",
         file, summary->stories, summary->originals, summary->revision, size);
  for (guint i = 0; i < summary->missing->len; i++) {
    invocation_warn(invocation, "the picture %s is missing or damaged, and so not in the backup",
                    (const char *)g_ptr_array_index(summary->missing, i));
  }
  return summary->missing->len == 0 ? COMMAND_DONE : COMMAND_FAILED;
}

static int run_backup(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL) {
    return invocation_fail(invocation, error);
  }
  g_autofree char *config = config_path(paper->config->folder);
  Progress progress;
  progress_begin(&progress, "Backup");
  BackupOptions options = {.store = paper->store,
                           .originals = paper->originals,
                           .editions = paper->edition_files,
                           .config_file = config,
                           .now = clock_now(&paper->newsroom.clock),
                           .progress = progress_show,
                           .data = &progress};
  BackupSummary summary;
  gboolean good = backup_write(&options, invocation->arguments[0], &summary, &error);
  progress_end(&progress);
  int status = good ? tell_summary(invocation, invocation->arguments[0], &summary)
                    : invocation_fail(invocation, error);
  backup_summary_clear(&summary);
  return status;
}

const Command COMMAND_BACKUP = {
    .name = "backup",
    .usage = "FILE",
    .summary = "write the whole newspaper into one file, also while it is served",
    .help = "The file holds every row of the database as of one moment, the original pictures and "
            "broadsheet.ini, with\n"
            "counts and hashes of all. Either engine's backup can be restored into the other. It "
            "is written as FILE.tmp\n"
            "and renamed when it is whole and on disk. It holds the newspaper's secrets: keep it "
            "as you keep a key.\n"
            "Renditions and a theme folder of your own are not in it.\n\n"
            "  broadsheet backup /backup/courier-$(date +%F).tar.zst",
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_backup,
};
