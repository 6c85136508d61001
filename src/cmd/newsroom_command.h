// SPDX-License-Identifier: Apache-2.0
//
// What the commands that do one thing to each of several stories share.
#pragma once

#include "app/paper.h"
#include "cmd/command.h"
#include "model/site.h"

typedef gboolean (*StoryUse)(Newsroom *newsroom, gint64 id, gconstpointer data, GError **error);

// Opens the newspaper and calls `use` for each story named; says what was `done` and where readers
// find it. One that fails is told, and the rest goes on. Gives the exit status.
int newsroom_command_each(const Invocation *invocation, StoryUse use, gconstpointer data,
                          const char *done);
Site *newsroom_command_site(Newsroom *newsroom, GError **error); // caller unrefs
// "http://…/town/the-slug-c-17"; caller frees. NULL on error.
char *newsroom_command_url(Newsroom *newsroom, gint64 id, GError **error);
