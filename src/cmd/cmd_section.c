// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet section [SLUG [NAME]]`: the sections that make the navigation, shown or changed.
#include <stdio.h>

#include "cmd/newsroom_command.h"
#include "newsroom/settings.h"

static gboolean put(Paper *paper, const Invocation *invocation, gint64 position, GError **error) {
  g_autoptr(Site) site = paper_site(paper, error);
  if (site == NULL) {
    return FALSE;
  }
  const Section *before = site_section_by_slug(site, invocation->arguments[0]);
  const char *name = invocation->argument_count > 1 ? invocation->arguments[1]
                     : before != NULL               ? before->name
                                                    : NULL;
  const char *description = invocation_value(invocation, "description");
  if (name == NULL) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND,
                "there is no section '%s'; give it a name to make it: `broadsheet section %s NAME`",
                invocation->arguments[0], invocation->arguments[0]);
    return FALSE;
  }
  gint64 otherwise = before != NULL ? before->position : (gint64)site->sections->len + 1;
  Section section = {
      .slug = invocation->arguments[0],
      .name = (char *)name,
      .description = (char *)(description != NULL ? description
                              : before != NULL    ? before->description
                                                  : ""),
      .position = (gint32)(position >= 0 ? position : otherwise),
  };
  return settings_put_section(&paper->newsroom, &section, error);
}

static int run_section(const Invocation *invocation) {
  gint64 position;
  if (!invocation_integer(invocation, "position", 0, 10000, -1, &position)) {
    return COMMAND_USAGE;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL ||
      (invocation->argument_count > 0 && !put(paper, invocation, position, &error))) {
    return invocation_fail(invocation, error);
  }
  g_autoptr(Site) site = paper_site(paper, &error);
  if (site == NULL) {
    return invocation_fail(invocation, error);
  }
  for (guint i = 0; i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    printf("%4d  %-16s %s\n", section->position, section->slug, section->name);
  }
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {0, "position", "N", "its place in the navigation, smallest first"},
    {0, "description", "TEXT", "a sentence about it"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SECTION = {
    .name = "section",
    .usage = "[SLUG [NAME] [--position N] [--description TEXT]]",
    .summary = "show or change the sections of the navigation",
    .help = "Importing a story makes its section if there is none of that name; this gives it its "
            "place and its words.",
    .options = OPTIONS,
    .maximum_arguments = 2,
    .run = run_section,
};
