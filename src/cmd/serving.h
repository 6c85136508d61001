// SPDX-License-Identifier: Apache-2.0
//
// What `serve` and `demo` share: the options, and serving an opened newspaper. In cmd_serve.c.
#pragma once

#include "app/paper.h"
#include "cmd/command.h"

extern const CommandOption SERVING_OPTIONS[];
// app_hold_signals() was called before `paper` was opened. Gives the exit status.
int serving_run(const Invocation *invocation, Paper *paper);
