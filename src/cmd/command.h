// SPDX-License-Identifier: Apache-2.0
//
// The command table and what a subcommand is handed. To add one: write cmd_NAME.c with a
// `const Command COMMAND_NAME`, declare it below, and give it a row in commands.c; its help, its
// place in `broadsheet help` and its part of the man page come from the struct.
// Exit status: 0 done, 1 failed (the reason is on stderr), 2 the command line makes no sense.
#pragma once

#include <glib.h>

enum { COMMAND_DONE = 0, COMMAND_FAILED = 1, COMMAND_USAGE = 2 };

typedef struct CommandOption {
  char letter;             // 'p' for -p; 0: none
  const char *name;        // "port" for --port; NULL ends a table
  const char *argument;    // "N"; NULL: a switch
  const char *description; // one sentence, no full stop
} CommandOption;

typedef struct Invocation Invocation;

typedef struct Command {
  const char *name;
  const char *usage;   // after the name: "[--force] FILE"
  const char *summary; // one line
  const char *help; // paragraphs parted by blank lines; lines that begin with two blanks are kept
                    // as they are
  const CommandOption *options;               // NULL: none of its own
  guint minimum_arguments, maximum_arguments; // G_MAXUINT: any number
  gboolean hidden;                            // not in the list of commands
  const char *default_folder;                 // NULL: "."
  int (*run)(const Invocation *invocation);   // exit status
} Command;

struct Invocation {
  const Command *command;
  const char *program; // argv[0]
  const char *folder;  // -C, or the command's default
  gboolean folder_given;
  char **arguments; // NULL-terminated, without options
  guint argument_count;
  GPtrArray *names, *values; // options as given, in order; value NULL: a switch
};

// The last value given; NULL if absent.
const char *invocation_value(const Invocation *invocation, const char *option);
gboolean invocation_has(const Invocation *invocation, const char *option);
// The whole number given to `option`, or `otherwise`. FALSE after saying what is wrong.
gboolean invocation_integer(const Invocation *invocation, const char *option, gint64 minimum,
                            gint64 maximum, gint64 otherwise, gint64 *ret_number);
// A story's number as an argument: 17 or the tail of its address (…-c-17). FALSE after saying what
// is wrong.
gboolean invocation_story_id(const Invocation *invocation, const char *text, gint64 *ret_id);

// "broadsheet NAME: message" on stderr. Both give the exit status to return.
int invocation_fail(const Invocation *invocation, const GError *error);
int invocation_misused(const Invocation *invocation, const char *format, ...) G_GNUC_PRINTF(2, 3);
void invocation_warn(const Invocation *invocation, const char *format, ...) G_GNUC_PRINTF(2, 3);

// Reads argv, finds the command and runs it.
int command_main(int argc, char **argv);

extern const Command *const COMMANDS[];        // ends with NULL; commands.c
const Command *command_find(const char *name); // NULL if none
extern const CommandOption COMMON_OPTIONS[];   // those of every command

// cmd_help.c
void help_print_overview(void);
void help_print_command(const Command *command);
