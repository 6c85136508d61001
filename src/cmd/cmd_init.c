// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet init`: makes a newspaper in a folder. Run again, it changes nothing that is there.
#include <stdio.h>

#include "app/paper.h"
#include "app/sample.h"
#include "cmd/command.h"

static int run_init(const Invocation *invocation) {
  g_autoptr(GError) error = NULL;
  gboolean existed = paper_exists(invocation->folder);
  if (existed && invocation_has(invocation, "sample")) {
    return invocation_misused(
        invocation, "there is a newspaper in '%s' already; the sample wants a folder of its own",
        invocation->folder);
  }
  if (!paper_lay(invocation->folder, &error)) {
    return invocation_fail(invocation, error);
  }
  gboolean sample = invocation_has(invocation, "sample");
  g_autoptr(Paper) paper =
      paper_open(invocation->folder, PAPER_MIGRATE | (sample ? PAPER_DECODERS : 0), &error);
  if (paper == NULL || (sample && !sample_load(&paper->newsroom, NULL, NULL, &error))) {
    return invocation_fail(invocation, error);
  }
  if (existed) {
    printf("There was a newspaper in %s already; nothing in it has changed.\n",
           paper->config->folder);
    return COMMAND_DONE;
  }
  printf("A new newspaper is in %s.\n"
         "  Its name:      broadsheet -C '%s' setting name 'The Kestrel Bay Courier'\n"
         "  Its stories:   broadsheet -C '%s' import --publish FILE…\n"
         "  Its readers:   broadsheet -C '%s' serve\n",
         paper->config->folder, invocation->folder, invocation->folder, invocation->folder);
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "sample", NULL, "with the sample newspaper in it: stories, pictures, a curated front page"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_INIT = {
    .name = "init",
    .usage = "[--sample]",
    .summary = "make a newspaper in a folder",
    .help =
        "Makes the folder if need be, and in it broadsheet.ini (every key of the configuration "
        "with\n"
        "its default), the database and the folder of original pictures. With database.address\n"
        "in the configuration or BROADSHEET_DATABASE_ADDRESS in the environment, the tables are\n"
        "made in that PostgreSQL database.\n\n"
        "Run in a newspaper's folder it changes nothing.",
    .options = OPTIONS,
    .run = run_init,
};
