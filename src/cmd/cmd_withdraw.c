// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet withdraw ID…`: readers get 410 Gone from then on.
#include "cmd/newsroom_command.h"
#include "newsroom/stories.h"

static gboolean withdraw(Newsroom *newsroom, gint64 id, gconstpointer data, GError **error) {
  return stories_withdraw(newsroom, id, error);
}

static int run_withdraw(const Invocation *invocation) {
  return newsroom_command_each(invocation, withdraw, NULL, "withdrawn");
}

const Command COMMAND_WITHDRAW = {
    .name = "withdraw",
    .usage = "ID…",
    .summary = "take stories off the web",
    .help = "The story leaves every list; its address answers 410 Gone. `broadsheet publish` "
            "brings it back.",
    .minimum_arguments = 1,
    .maximum_arguments = G_MAXUINT,
    .run = run_withdraw,
};
