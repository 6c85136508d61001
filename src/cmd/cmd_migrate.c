// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet migrate`: brings the database to this version's tables.
#include <stdio.h>

#include "app/paper.h"
#include "cmd/command.h"

static int run_migrate(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_MIGRATE, &error);
  if (paper == NULL) {
    return invocation_fail(invocation, error);
  }
  if (paper->migrated == 0) {
    printf("The database is at this version already (schema %d).\n", MIGRATION_COUNT);
  } else {
    printf("%u %s applied; the database is at schema %d.\n", paper->migrated,
           paper->migrated == 1 ? "migration" : "migrations", MIGRATION_COUNT);
  }
  return COMMAND_DONE;
}

const Command COMMAND_MIGRATE = {
    .name = "migrate",
    .usage = "",
    .summary = "bring the database to this version's tables",
    .help = "Each step is one transaction: killed at any moment, the next run goes on where it "
            "was. `serve` does\n"
            "this by itself; the command is for those who want to do it at a time of their own. "
            "Make a backup first.",
    .run = run_migrate,
};
