// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet setting [KEY [VALUE]]`: the newspaper's name and habits, which live in its database.
#include <stdio.h>
#include <string.h>

#include "base/spelling.h"
#include "cmd/newsroom_command.h"
#include "newsroom/settings.h"
#include "store/site_rows.h"

static const char *value_of(const Site *site, const char *key) {
  const struct {
    const char *key, *value;
  } VALUES[] = {{"name", site->name},
                {"tagline", site->tagline},
                {"description", site->description},
                {"base_url", site->base_url},
                {"language", site->language},
                {"time_zone", site->zone_name},
                {"publisher", site->publisher},
                {"contact", site->contact},
                {"image_key", "(secret)"},
                {"mail_key", "(secret)"},
                {"mail_sender", site->mail_sender},
                {"bounce_address", site->bounce_address},
                {"postal_address", site->postal_address},
                {"maintenance", site->maintenance},
                {"form_origins", site->form_origins}};
  for (gsize i = 0; i < G_N_ELEMENTS(VALUES); i++) {
    if (strcmp(VALUES[i].key, key) == 0) {
      return VALUES[i].value;
    }
  }
  return "";
}

static int run_setting(const Invocation *invocation) {
  const char *key = invocation->argument_count > 0 ? invocation->arguments[0] : NULL;
  if (key != NULL && !g_strv_contains(SITE_SETTING_KEYS, key)) {
    const char *nearest = spelling_nearest(key, SITE_SETTING_KEYS);
    g_autofree char *all = g_strjoinv(", ", (char **)SITE_SETTING_KEYS);
    return nearest != NULL
               ? invocation_misused(invocation, "there is no setting '%s'; did you mean '%s'?", key,
                                    nearest)
               : invocation_misused(invocation, "there is no setting '%s'; there are %s", key, all);
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL || (invocation->argument_count == 2 &&
                        !settings_put(&paper->newsroom, key, invocation->arguments[1], &error))) {
    return invocation_fail(invocation, error);
  }
  g_autoptr(Site) site = paper_site(paper, &error);
  if (site == NULL) {
    return invocation_fail(invocation, error);
  }
  for (gsize i = 0; SITE_SETTING_KEYS[i] != NULL; i++) {
    if (key == NULL) {
      printf("%-12s %s\n", SITE_SETTING_KEYS[i], value_of(site, SITE_SETTING_KEYS[i]));
    } else if (strcmp(key, SITE_SETTING_KEYS[i]) == 0) {
      puts(value_of(site, key));
    }
  }
  return COMMAND_DONE;
}

const Command COMMAND_SETTING = {
    .name = "setting",
    .usage = "[KEY [VALUE]]",
    .summary = "show or change the newspaper's name, language, address …",
    .help = "Without a key it shows all; with a key alone, that one's value. base_url is the "
            "address under which\n"
            "readers know the newspaper (https://example.org); time_zone decides its days "
            "(Europe/Berlin).",
    .maximum_arguments = 2,
    .run = run_setting,
};
