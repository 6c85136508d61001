// SPDX-License-Identifier: Apache-2.0
//
// Fetches returned mail where the configuration says that it waits ([bounces] maildir, imap): a
// thread of its own that looks into the maildir every second and into the mailbox every
// poll_seconds, and hands what is there to newsroom/returns. Started by app_serve. Several
// processes may do the same at once: each report counts once. A database or a server that is gone
// is said once in the log and asked again.
#pragma once

#include "app/paper.h"
#include "newsroom/returns.h"

typedef struct ReturnBox ReturnBox;
ReturnBox *return_box_start(Paper *paper); // borrowed; NULL: nothing of the kind is configured
void return_box_stop(ReturnBox *box); // what is being handled is ended; joins and frees; NULL is
                                      // allowed
ReturnLimits return_box_limits(const Config *config); // of [bounces] soft, soft_days
