// SPDX-License-Identifier: Apache-2.0
//
// What the commands of the post share. In post_command.c.
#pragma once

#include "app/paper.h"
#include "cmd/command.h"
#include "press/page.h"

// Opens the newspaper with its theme, so that mails can be rendered. Caller frees both, the paper
// first.
gboolean post_command_open(const Invocation *invocation, Paper **ret_paper, Press **ret_press,
                           GError **error);
const char *post_command_person(void); // who types: for "requested by" and approvals
