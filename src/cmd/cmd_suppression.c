// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet suppression [list|import|export|add|lift|check]`: whom the newspaper does not write
// to. The use cases are newsroom/suppression_list.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/paper.h"
#include "cmd/command.h"
#include "cmd/withdrawal_report.h"
#include "exchange/suppressions_csv.h"
#include "newsroom/suppression_list.h"

enum { REFUSED_SHOWN = 20, NOT_LISTED = 1 };

typedef struct Asked {
  const Invocation *invocation;
  Newsroom *newsroom;
  const char *first, *second; // arguments after the verb, or NULL
  gint reason;                // --reason; -1: every
  gint64 refused;
  int status;
} Asked;

static gboolean print_entry(const SuppressionEntry *entry, gpointer data, GError **error) {
  g_autofree char *at = clock_format_rfc3339(entry->at, NULL);
  printf("%-40s %-10s %.10s  %s\n", *entry->address != '\0' ? entry->address : entry->address_hash,
         suppression_reason_name(entry->reason), at, entry->note);
  return TRUE;
}

static gboolean list(Asked *asked, GError **error) {
  return suppression_list_each(asked->newsroom, asked->reason, print_entry, NULL, error);
}

static void say_refused(guint64 line, const char *reason, gpointer data) {
  Asked *asked = data;
  if (asked->refused++ < REFUSED_SHOWN) {
    invocation_warn(asked->invocation, "line %" G_GUINT64_FORMAT " is refused: %s", line, reason);
  }
}

static gboolean import_file(Asked *asked, GError **error) {
  SuppressionsCsvReport report;
  SuppressionsCsvIn in = {.path = asked->first,
                          .dry_run = invocation_has(asked->invocation, "dry-run"),
                          .refused = say_refused,
                          .data = asked};
  if (!suppressions_csv_read(asked->newsroom, &in, &report, error)) {
    return FALSE;
  }
  printf("%s%" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " known already, %" G_GINT64_FORMAT
         " refused; %" G_GINT64_FORMAT " readers get no more mail\n",
         in.dry_run ? "would be: " : "", report.import.added, report.import.known, report.refused,
         report.import.readers);
  return TRUE;
}

static gboolean write_piece(Slice piece, gpointer data, GError **error) {
  if (fwrite(piece.data, 1, piece.length, data) == piece.length) {
    return TRUE;
  }
  g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "it can't be written: %s",
              g_strerror(errno));
  return FALSE;
}

static gboolean export_file(Asked *asked, GError **error) {
  gint64 count = 0;
  FILE *file = asked->first != NULL ? fopen(asked->first, "we") : stdout;
  if (file == NULL) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "%s can't be written: %s", asked->first, g_strerror(errno));
    return FALSE;
  }
  gboolean done =
      suppressions_csv_write(asked->newsroom, asked->reason, write_piece, file, &count, error);
  gboolean closed = file == stdout ? fflush(file) == 0 : fclose(file) == 0;
  if (done && !closed) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno),
                "it can't be written whole: %s", g_strerror(errno));
  }
  return done && closed;
}

static gboolean add(Asked *asked, GError **error) {
  return suppression_list_add(asked->newsroom, asked->first,
                              asked->second != NULL ? asked->second : "", error);
}

static gboolean lift(Asked *asked, GError **error) {
  return suppression_list_lift(asked->newsroom, asked->first, error);
}

static gboolean check(Asked *asked, GError **error) {
  gboolean listed = FALSE;
  SuppressionReason reason = SUPPRESSION_BOUNCED;
  if (!suppression_list_find(asked->newsroom, asked->first, &listed, &reason, error)) {
    return FALSE;
  }
  puts(listed ? suppression_reason_name(reason) : "not on the list");
  asked->status = listed ? COMMAND_DONE : NOT_LISTED;
  return TRUE;
}

static gboolean replay(Asked *asked, GError **error) {
  WithdrawalReport report = {0};
  if (!withdrawals_replay(asked->newsroom, asked->first,
                          invocation_has(asked->invocation, "dry-run"), &report, error)) {
    return FALSE;
  }
  withdrawal_report_print(&report);
  return TRUE;
}

typedef struct Verb {
  const char *name;
  guint least, most; // arguments after it
  gboolean (*run)(Asked *asked, GError **error);
} Verb;

static const Verb VERBS[] = {{"list", 0, 0, list},          {"import", 1, 1, import_file},
                             {"export", 0, 1, export_file}, {"add", 1, 2, add},
                             {"lift", 1, 1, lift},          {"check", 1, 1, check},
                             {"replay", 0, 1, replay}};

static const Verb *verb_of(const Invocation *invocation) {
  guint given = invocation->argument_count > 0 ? invocation->argument_count - 1 : 0;
  const char *name = invocation->argument_count > 0 ? invocation->arguments[0] : "list";
  for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
    if (strcmp(VERBS[i].name, name) == 0 && given >= VERBS[i].least && given <= VERBS[i].most) {
      return &VERBS[i];
    }
  }
  return NULL;
}

static int run_suppression(const Invocation *invocation) {
  const Verb *verb = verb_of(invocation);
  const char *reason = invocation_value(invocation, "reason");
  SuppressionReason wanted = SUPPRESSION_BOUNCED;
  if (verb == NULL) {
    return invocation_misused(invocation, "that is no way to use it");
  }
  if (reason != NULL && !suppression_reason_parse(reason, &wanted)) {
    return invocation_misused(invocation,
                              "there is no reason '%s'; there are bounced, complained, erased, "
                              "manual and imported",
                              reason);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  Asked asked = {.invocation = invocation, .reason = reason != NULL ? (gint)wanted : -1};
  if (paper != NULL && invocation->argument_count > 1) {
    asked.first = invocation->arguments[1];
    asked.second = invocation->arguments[2]; // NULL at the end
  }
  asked.newsroom = paper != NULL ? &paper->newsroom : NULL;
  return paper != NULL && verb->run(&asked, &error) ? asked.status
                                                    : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "reason", "REASON", "list, export: bounced, complained, erased, manual or imported only"},
    {0, "dry-run", NULL, "import, replay: look at every line, write nothing"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SUPPRESSION = {
    .name = "suppression",
    .usage = "[list] | import FILE | export [FILE] | add ADDRESS [NOTE] | lift|check ADDRESS | "
             "replay [FILE]",
    .summary = "show or change the list of those who are not written to",
    .help =
        "  suppression list --reason complained\n"
        "  suppression import old.csv         another system's list\n"
        "  suppression export list.csv\n"
        "  suppression add anna@example.org 'asked by telephone'\n"
        "  suppression lift anna@example.org  gets again what they are signed up for\n"
        "  suppression check anna@example.org status 1 if not on the list\n"
        "  suppression replay                 the journal of withdrawals, after an older database\n"
        "                                     was brought back by other means than `restore`\n\n"
        "Nobody on the list is written to, and no import of readers brings them back; they come "
        "back by signing up and confirming themselves. The list keeps keyed hashes: an address is "
        "shown where a reader who is still here has it. Who had everything deleted stays a hash, "
        "and can't be lifted.\n\n"
        "Import reads CSV with a heading (address or email, reason, at, note; or address_hash from "
        "an export of this newspaper), or one address a line.",
    .options = OPTIONS,
    .maximum_arguments = 3,
    .run = run_suppression,
};
