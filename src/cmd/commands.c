// SPDX-License-Identifier: Apache-2.0
//
// The table of subcommands, in the order in which help lists them. One row a file.
#include "cmd/command.h"

extern const Command COMMAND_DECODER;
extern const Command COMMAND_HELP;

const Command *const COMMANDS[] = {
    &COMMAND_DECODER,
    &COMMAND_HELP,
    NULL,
};
