// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet help`, `COMMAND --help` and the man page (`help --man`, run by the build): three
// ways of writing out the one command table. Nothing about a command is written here.
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "cmd/command.h"

static void print_option(const CommandOption *option) {
  g_autofree char *letter =
      option->letter != 0 ? g_strdup_printf("-%c, ", option->letter) : g_strdup("    ");
  g_autofree char *left =
      g_strdup_printf("%s--%s%s%s", letter, option->name, option->argument != NULL ? " " : "",
                      option->argument != NULL ? option->argument : "");
  printf("  %-26s%s%s\n", left, strlen(left) >= 26 ? "\n                            " : "",
         option->description);
}

void help_print_command(const Command *command) {
  printf("broadsheet %s - %s\n\n", command->name, command->summary);
  printf("  broadsheet [-C DIR] %s%s%s\n", command->name, command->usage[0] != '\0' ? " " : "",
         command->usage);
  if (command->help != NULL) {
    printf("\n%s\n", command->help);
  }
  printf("\nOptions:\n");
  for (const CommandOption *option = command->options; option != NULL && option->name != NULL;
       option++) {
    print_option(option);
  }
  for (const CommandOption *option = COMMON_OPTIONS; option->name != NULL; option++) {
    print_option(option);
  }
}

void help_print_overview(void) {
  printf("broadsheet %s - a complete digital newspaper in one program\n\n", BROADSHEET_VERSION);
  printf("  broadsheet [-C DIR] COMMAND [OPTION …] [ARGUMENT …]\n\nCommands:\n");
  for (gsize i = 0; COMMANDS[i] != NULL; i++) {
    if (!COMMANDS[i]->hidden) {
      printf("  %-12s%s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    }
  }
  printf("\n  -C DIR      the newspaper's folder (else the one you stand in; demo: ./paper)\n"
         "  --version   show the version\n  --help      show this\n\n"
         "`broadsheet help COMMAND` tells all about one of them. To look around: `broadsheet "
         "demo`.\n");
}

// ---- man page: man(7) macros; text is escaped so that no line can be read as a request ----------

static void man_text(const char *text) {
  gboolean at_line_start = TRUE;
  for (const char *at = text; *at != '\0'; at++) {
    if (at_line_start && (*at == '.' || *at == '\'')) {
      fputs("\\&", stdout);
    }
    at_line_start = *at == '\n';
    switch (*at) {
    case '\\':
      fputs("\\e", stdout);
      break;
    case '-':
      fputs("\\-", stdout);
      break;
    case '`':
    case '\'':
      fputs(*at == '`' ? "\\(ga" : "\\(aq", stdout);
      break;
    default:
      fputc(*at, stdout);
    }
  }
}

// Paragraphs at blank lines; lines that begin with two blanks are an example.
static void man_paragraphs(const char *text) {
  Slice rest = slice_of(text), line;
  gboolean in_example = FALSE, fresh = TRUE;
  while (slice_next_line(&rest, &line)) {
    gboolean example = slice_starts_with(line, "  ");
    if (in_example != example) {
      fputs(example ? ".PP\n.EX\n" : ".EE\n", stdout);
      in_example = example;
      fresh = !example;
    }
    if (line.length == 0) {
      fresh = TRUE;
      continue;
    }
    if (fresh && !example) {
      fputs(".PP\n", stdout);
    }
    fresh = FALSE;
    g_autofree char *copy = slice_dup(line);
    man_text(copy);
    fputc('\n', stdout);
  }
  if (in_example) {
    fputs(".EE\n", stdout);
  }
}

static void man_options(const CommandOption *options) {
  for (const CommandOption *option = options; option != NULL && option->name != NULL; option++) {
    fputs(".TP\n.B ", stdout);
    if (option->letter != 0) {
      printf("\\-%c\\fR, \\fB", option->letter);
    }
    fputs("\\-\\-", stdout);
    man_text(option->name);
    if (option->argument != NULL) {
      printf(" \\fI");
      man_text(option->argument);
      printf("\\fR");
    }
    fputc('\n', stdout);
    man_text(option->description);
    fputs(".\n", stdout);
  }
}

static void man_command(const Command *command) {
  fputs(".SS ", stdout);
  man_text(command->name);
  fputs("\n.B broadsheet ", stdout);
  man_text(command->name);
  fputs("\n", stdout);
  if (command->usage[0] != '\0') {
    man_text(command->usage);
    fputc('\n', stdout);
  }
  fputs(".PP\n", stdout);
  g_autofree char *first = g_strndup(command->summary, 1);
  first[0] = g_ascii_toupper(first[0]);
  man_text(first);
  man_text(command->summary + 1);
  fputs(".\n", stdout);
  if (command->help != NULL) {
    man_paragraphs(command->help);
  }
  man_options(command->options);
}

static void man_page(void) {
  printf(".TH BROADSHEET 1 \"\" \"broadsheet %s\" \"User Commands\"\n", BROADSHEET_VERSION);
  fputs(".SH NAME\nbroadsheet \\- a complete digital newspaper in one program\n"
        ".SH SYNOPSIS\n.B broadsheet\n[\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIOPTION\\fR "
        "...] [\\fIARGUMENT\\fR ...]\n"
        ".SH DESCRIPTION\nStories go in at the newsroom; web pages come out.\n"
        "A newspaper is one folder: its configuration\n.RI ( broadsheet.ini ),\n"
        "its database and its pictures.\n.SH COMMANDS\n",
        stdout);
  for (gsize i = 0; COMMANDS[i] != NULL; i++) {
    if (!COMMANDS[i]->hidden) {
      man_command(COMMANDS[i]);
    }
  }
  fputs(".SH OPTIONS\nEvery command knows these.\n", stdout);
  man_options(COMMON_OPTIONS);
  fputs(".SH ENVIRONMENT\nEvery key of the configuration can be given as\n"
        ".BI BROADSHEET_ GROUP _ KEY\nand then comes before the file\\(cqs.\n"
        ".SH EXIT STATUS\n0: done. 1: failed, and the reason is on standard error. 2: the command "
        "line makes no sense.\n",
        stdout);
}

static int run_help(const Invocation *invocation) {
  if (invocation_has(invocation, "man")) {
    man_page();
    return COMMAND_DONE;
  }
  if (invocation->argument_count == 0) {
    help_print_overview();
    return COMMAND_DONE;
  }
  const Command *command = command_find(invocation->arguments[0]);
  if (command == NULL) {
    return invocation_misused(invocation, "there is no command '%s'; `broadsheet help` lists them",
                              invocation->arguments[0]);
  }
  help_print_command(command);
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "man", NULL, "write the manual page, in roff, to standard output"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_HELP = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "show how a command is used",
    .options = OPTIONS,
    .maximum_arguments = 1,
    .run = run_help,
};
