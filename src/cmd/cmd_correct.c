// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet correct ID --wrong … --right …`: says in public what was wrong and what is right.
#include <stdio.h>

#include "cmd/newsroom_command.h"
#include "newsroom/stories.h"

static int run_correct(const Invocation *invocation) {
  const char *wrong = invocation_value(invocation, "wrong"),
             *right = invocation_value(invocation, "right");
  gint64 id;
  if (wrong == NULL || right == NULL) {
    return invocation_misused(invocation, "it wants both --wrong '…' and --right '…'");
  }
  if (!invocation_story_id(invocation, invocation->arguments[0], &id)) {
    return COMMAND_USAGE;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL || stories_correct(&paper->newsroom, id, wrong, right, &error) == 0) {
    return invocation_fail(invocation, error);
  }
  g_autofree char *url = newsroom_command_url(&paper->newsroom, id, NULL);
  printf("%" G_GINT64_FORMAT " corrected %s\n", id, url != NULL ? url : "");
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "wrong", "TEXT", "what was wrong, in a sentence"},
    {0, "right", "TEXT", "what is right, in a sentence"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_CORRECT = {
    .name = "correct",
    .usage = "ID --wrong TEXT --right TEXT",
    .summary = "publish a correction of a story",
    .help =
        "The correction stands under the story, on the corrections page and in the story's "
        "structured data,\n"
        "with its date. The story's text is not changed: import the changed text again for that.",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_correct,
};
