// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet serve`: the newspaper on the web until Ctrl-C.
#include <stdio.h>

#include "app/app.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/serving.h"

static void tell_ready(const char *url, const char *set_up, gpointer data) {
  Site *site = data;
  printf("%s is being served. Open\n\n  %s\n\n", site->name, url);
  if (set_up != NULL) {
    printf("The newsroom has no owner yet. This address makes one, once:\n\n  %s\n\n", set_up);
  }
  puts("Ctrl-C stops it.");
  fflush(stdout);
}

int serving_run(const Invocation *invocation, Paper *paper) {
  g_autoptr(GError) error = NULL;
  AppOptions options = {.listen = invocation_value(invocation, "listen"), .ready = tell_ready};
  if (!invocation_integer(invocation, "port", 0, 65535, -1, &options.port)) {
    return COMMAND_USAGE;
  }
  if (paper->migrated > 0 && !paper->created) {
    log_write(LOG_INFO, "the database was brought to this version (%u migrations)",
              paper->migrated);
  }
  g_autoptr(Site) site = paper_site(paper, &error);
  if (site == NULL) {
    return invocation_fail(invocation, error);
  }
  options.data = site;
  if (!app_serve(paper, &options, &error)) {
    return invocation_fail(invocation, error);
  }
  puts("Stopped.");
  return COMMAND_DONE;
}

static int run_serve(const Invocation *invocation) {
  app_hold_signals();
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper =
      paper_open(invocation->folder, PAPER_CREATE | PAPER_MIGRATE | PAPER_DECODERS, &error);
  return paper != NULL ? serving_run(invocation, paper) : invocation_fail(invocation, error);
}

const CommandOption SERVING_OPTIONS[] = {
    {'p', "port", "N",
     "the port to listen on, instead of the configuration's; 0 takes any free one"},
    {'l', "listen", "ADDRESS",
     "the address to listen on, instead of the configuration's; 0.0.0.0 or :: for all"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SERVE = {
    .name = "serve",
    .usage = "[--port N] [--listen ADDRESS]",
    .summary = "serve the newspaper on the web until Ctrl-C",
    .help =
        "Brings the database to this version's tables if need be, then serves the newspaper and "
        "publishes\n"
        "scheduled stories at their time. An empty folder becomes a new newspaper. What other "
        "commands\n"
        "change meanwhile (publish, import, correct, front, setting) readers see at once.\n\n"
        "If the database goes away, the pages in memory go on being served, and it is tried again "
        "twice a second.\n\n"
        "SIGINT, SIGTERM or SIGHUP end it: running answers may finish, for two seconds at most.",
    .options = SERVING_OPTIONS,
    .run = run_serve,
};
