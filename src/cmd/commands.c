// SPDX-License-Identifier: Apache-2.0
//
// The table of subcommands, in the order in which help lists them. One row a file.
#include "cmd/command.h"

// One a line, so that two new ones are no conflict.
// clang-format off
extern const Command COMMAND_INIT;
extern const Command COMMAND_DEMO;
extern const Command COMMAND_SERVE;
extern const Command COMMAND_IMPORT;
extern const Command COMMAND_PUBLISH;
extern const Command COMMAND_WITHDRAW;
extern const Command COMMAND_SCHEDULE;
extern const Command COMMAND_CORRECT;
extern const Command COMMAND_LIST;
extern const Command COMMAND_SHOW;
extern const Command COMMAND_FRONT;
extern const Command COMMAND_EDITION;
extern const Command COMMAND_SECTION;
extern const Command COMMAND_NEWSLETTER;
extern const Command COMMAND_SUBSCRIBERS;
extern const Command COMMAND_SEGMENT;
extern const Command COMMAND_ALERT;
extern const Command COMMAND_MAILING;
extern const Command COMMAND_SEND;
extern const Command COMMAND_STAFF;
extern const Command COMMAND_DKIM;
extern const Command COMMAND_BOUNCE;
extern const Command COMMAND_SUPPRESSION;
extern const Command COMMAND_SETTING;
extern const Command COMMAND_IMAGE_URL;
extern const Command COMMAND_DOCTOR;
extern const Command COMMAND_MIGRATE;
extern const Command COMMAND_BACKUP;
extern const Command COMMAND_RESTORE;
extern const Command COMMAND_HELP;
extern const Command COMMAND_DECODER;

const Command *const COMMANDS[] = {
    &COMMAND_INIT,
    &COMMAND_DEMO,
    &COMMAND_SERVE,
    &COMMAND_IMPORT,
    &COMMAND_PUBLISH,
    &COMMAND_WITHDRAW,
    &COMMAND_SCHEDULE,
    &COMMAND_CORRECT,
    &COMMAND_LIST,
    &COMMAND_SHOW,
    &COMMAND_FRONT,
    &COMMAND_EDITION,
    &COMMAND_SECTION,
    &COMMAND_NEWSLETTER,
    &COMMAND_SUBSCRIBERS,
    &COMMAND_SEGMENT,
    &COMMAND_ALERT,
    &COMMAND_MAILING,
    &COMMAND_SEND,
    &COMMAND_STAFF,
    &COMMAND_DKIM,
    &COMMAND_BOUNCE,
    &COMMAND_SUPPRESSION,
    &COMMAND_SETTING,
    &COMMAND_IMAGE_URL,
    &COMMAND_DOCTOR,
    &COMMAND_MIGRATE,
    &COMMAND_BACKUP,
    &COMMAND_RESTORE,
    &COMMAND_HELP,
    &COMMAND_DECODER,
    NULL,
};
// clang-format on
