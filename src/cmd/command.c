// SPDX-License-Identifier: Apache-2.0
//
// Reads argv against the command table, for command_main and for every cmd_* file. Says what
// is wrong with a command line in its user's words, and never touches a newspaper's folder.
#include "cmd/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "base/spelling.h"
#include "model/address.h"

const CommandOption COMMON_OPTIONS[] = {
    {
        'C',
        "directory",
        "DIR",
        "the newspaper's folder",
    },
    {'h', "help", NULL, "show this help"},
    {0, NULL, NULL, NULL},
};

const char *invocation_value(const Invocation *invocation, const char *option) {
  for (guint i = invocation->names->len; i > 0; i--) {
    if (strcmp(g_ptr_array_index(invocation->names, i - 1), option) == 0) {
      return g_ptr_array_index(invocation->values, i - 1);
    }
  }
  return NULL;
}

gboolean invocation_has(const Invocation *invocation, const char *option) {
  for (guint i = 0; i < invocation->names->len; i++) {
    if (strcmp(g_ptr_array_index(invocation->names, i), option) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

gboolean invocation_integer(const Invocation *invocation, const char *option, gint64 minimum,
                            gint64 maximum, gint64 otherwise, gint64 *ret_number) {
  const char *text = invocation_value(invocation, option);
  if (text == NULL) {
    *ret_number = otherwise;
    return TRUE;
  }
  guint64 number;
  if (!slice_parse_uint(slice_of(text), (guint64)maximum, &number) || (gint64)number < minimum) {
    invocation_misused(invocation,
                       "--%s takes a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                       ", not '%s'",
                       option, minimum, maximum, text);
    return FALSE;
  }
  *ret_number = (gint64)number;
  return TRUE;
}

gboolean invocation_story_id(const Invocation *invocation, const char *text, gint64 *ret_id) {
  guint64 number;
  if (slice_parse_uint(slice_of(text), G_MAXINT64, &number) && number > 0) {
    *ret_id = (gint64)number;
    return TRUE;
  }
  if (address_parse_story(slice_of(text), ret_id)) {
    return TRUE;
  }
  invocation_misused(invocation,
                     "'%s' is not a story's number; `broadsheet list` shows the numbers", text);
  return FALSE;
}

int invocation_fail(const Invocation *invocation, const GError *error) {
  invocation_warn(invocation, "%s", error != NULL ? error->message : "failed");
  return COMMAND_FAILED;
}

void invocation_warn(const Invocation *invocation, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  fflush(stdout);
  fprintf(stderr, "broadsheet %s: %s\n", invocation->command->name, message);
}

int invocation_misused(const Invocation *invocation, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  fprintf(stderr, "broadsheet %s: %s\n(`broadsheet help %s` tells how it is used)\n",
          invocation->command->name, message, invocation->command->name);
  return COMMAND_USAGE;
}

const Command *command_find(const char *name) {
  for (gsize i = 0; COMMANDS[i] != NULL; i++) {
    if (strcmp(COMMANDS[i]->name, name) == 0) {
      return COMMANDS[i];
    }
  }
  return NULL;
}

static const CommandOption *find_in(const CommandOption *options, const char *name, gsize length) {
  for (const CommandOption *option = options; option != NULL && option->name != NULL; option++) {
    gboolean matches =
        length == 1 ? option->letter == name[0]
                    : strlen(option->name) == length && memcmp(option->name, name, length) == 0;
    if (matches) {
      return option;
    }
  }
  return NULL;
}

static int refuse_option(const Invocation *invocation, const char *given) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const CommandOption *option = invocation->command->options;
       option != NULL && option->name != NULL; option++) {
    g_ptr_array_add(names, (gpointer)option->name);
  }
  g_ptr_array_add(names, (gpointer) "help");
  g_ptr_array_add(names, NULL);
  const char *nearest = given[0] == '-' && given[1] == '-'
                            ? spelling_nearest(given + 2, (const char *const *)names->pdata)
                            : NULL;
  if (nearest != NULL) {
    return invocation_misused(invocation, "there is no option '%s'; did you mean '--%s'?", given,
                              nearest);
  }
  return invocation_misused(invocation, "there is no option '%s'", given);
}

// Takes one option (and its value) off the front of `argv`; *ret_taken: how many words. -1: all is
// well.
static int take_option(Invocation *invocation, char **argv, int *ret_taken) {
  const char *word = argv[0];
  gboolean is_long = word[1] == '-';
  const char *name = word + (is_long ? 2 : 1);
  const char *equals = is_long ? strchr(name, '=') : NULL;
  gsize length = !is_long ? 1 : equals != NULL ? (gsize)(equals - name) : strlen(name);
  const char *attached = equals != NULL                ? equals + 1
                         : !is_long && name[1] != '\0' ? name + 1
                                                       : NULL;
  if (is_long && length == 1) {
    return refuse_option(invocation, word);
  }
  const CommandOption *option = find_in(invocation->command->options, name, length);
  option = option != NULL ? option : find_in(COMMON_OPTIONS, name, length);
  if (option == NULL || (option->argument == NULL && attached != NULL)) {
    return refuse_option(invocation, word);
  }
  const char *value = attached;
  *ret_taken = 1;
  if (option->argument != NULL && value == NULL) {
    value = argv[1];
    *ret_taken = 2;
    if (value == NULL) {
      return invocation_misused(invocation, "'%s' wants %s after it", word, option->argument);
    }
  }
  g_ptr_array_add(invocation->names, (gpointer)option->name);
  g_ptr_array_add(invocation->values, (gpointer)value);
  return -1;
}

// -1: all is well; else the exit status.
static int read_words(Invocation *invocation, char **argv, GPtrArray *arguments) {
  gboolean only_arguments = FALSE;
  while (*argv != NULL) {
    int taken = 1;
    if (only_arguments || argv[0][0] != '-' || argv[0][1] == '\0') {
      g_ptr_array_add(arguments, argv[0]);
    } else if (strcmp(argv[0], "--") == 0) {
      only_arguments = TRUE;
    } else {
      int status = take_option(invocation, argv, &taken);
      if (status >= 0) {
        return status;
      }
    }
    argv += taken;
  }
  return -1;
}

static int check_count(const Invocation *invocation) {
  const Command *command = invocation->command;
  if (invocation->argument_count < command->minimum_arguments) {
    return invocation_misused(invocation, "something is missing: broadsheet %s %s", command->name,
                              command->usage);
  }
  if (invocation->argument_count > command->maximum_arguments) {
    return invocation_misused(invocation, "'%s' is one word too many",
                              invocation->arguments[command->maximum_arguments]);
  }
  return -1;
}

static int run_command(const Command *command, const char *program, const char *folder,
                       char **argv) {
  g_autoptr(GPtrArray) names = g_ptr_array_new(), values = g_ptr_array_new(),
                       arguments = g_ptr_array_new();
  Invocation invocation = {
      .command = command, .program = program, .names = names, .values = values};
  int status = read_words(&invocation, argv, arguments);
  g_ptr_array_add(arguments, NULL);
  invocation.arguments = (char **)arguments->pdata;
  invocation.argument_count = arguments->len - 1;
  if (status >= 0) {
    return status;
  }
  if (invocation_has(&invocation, "help")) {
    help_print_command(command);
    return COMMAND_DONE;
  }
  const char *given = invocation_value(&invocation, "directory");
  given = given != NULL ? given : folder;
  const char *otherwise = command->default_folder != NULL ? command->default_folder : ".";
  invocation.folder = given != NULL ? given : otherwise;
  invocation.folder_given = given != NULL;
  status = check_count(&invocation);
  return status >= 0 ? status : command->run(&invocation);
}

static int refuse_command(const char *name) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (gsize i = 0; COMMANDS[i] != NULL; i++) {
    if (!COMMANDS[i]->hidden) {
      g_ptr_array_add(names, (gpointer)COMMANDS[i]->name);
    }
  }
  g_ptr_array_add(names, NULL);
  const char *nearest = spelling_nearest(name, (const char *const *)names->pdata);
  fprintf(stderr, "broadsheet: there is no command '%s'", name);
  fprintf(stderr, nearest != NULL ? "; did you mean '%s'?\n" : "%s\n",
          nearest != NULL ? nearest : "");
  fprintf(stderr, "(`broadsheet help` lists them all)\n");
  return COMMAND_USAGE;
}

int command_main(int argc, char **argv) {
  const char *folder = NULL;
  int at = 1;
  for (; at < argc && argv[at][0] == '-'; at++) {
    if (strcmp(argv[at], "--version") == 0 || strcmp(argv[at], "-V") == 0) {
      printf("broadsheet %s\n", BROADSHEET_VERSION);
      return COMMAND_DONE;
    }
    if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
      help_print_overview();
      return COMMAND_DONE;
    }
    if (strcmp(argv[at], "-C") == 0 && at + 1 < argc) {
      folder = argv[++at];
      continue;
    }
    if (strncmp(argv[at], "-C", 2) == 0 && argv[at][2] != '\0') {
      folder = argv[at] + 2;
      continue;
    }
    const char *reason = strcmp(argv[at], "-C") == 0
                             ? "wants the newspaper's folder after it"
                             : "is no option that may stand before the command";
    fprintf(stderr, "broadsheet: '%s' %s\n(`broadsheet help` lists what there is)\n", argv[at],
            reason);
    return COMMAND_USAGE;
  }
  if (at >= argc) {
    help_print_overview();
    return COMMAND_USAGE;
  }
  const Command *command = command_find(argv[at]);
  if (command == NULL) {
    return refuse_command(argv[at]);
  }
  return run_command(command, argv[0], folder, argv + at + 1);
}
