// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet publish ID…`. When it says that a story is published, the story is on disk.
#include "cmd/newsroom_command.h"
#include "newsroom/stories.h"

static gboolean publish(Newsroom *newsroom, gint64 id, gconstpointer data, GError **error) {
  return stories_publish(newsroom, id, error);
}

static int run_publish(const Invocation *invocation) {
  return newsroom_command_each(invocation, publish, NULL, "published");
}

const Command COMMAND_PUBLISH = {
    .name = "publish",
    .usage = "ID…",
    .summary = "publish stories now",
    .help = "A story is named by its number (see `broadsheet list`) or its address. A story that "
            "was published\n"
            "before keeps the time of its first publication.",
    .minimum_arguments = 1,
    .maximum_arguments = G_MAXUINT,
    .run = run_publish,
};
