// SPDX-License-Identifier: Apache-2.0
//
// Implements newsroom_command.h.
#include "cmd/newsroom_command.h"

#include <stdio.h>

#include "model/address.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

Site *newsroom_command_site(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  return transaction != NULL ? site_rows_load(transaction, error) : NULL;
}

char *newsroom_command_url(Newsroom *newsroom, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  StoryStatus status;
  g_autoptr(Teaser) teaser =
      site != NULL ? story_rows_get_address(transaction, id, &status, error) : NULL;
  if (teaser == NULL) {
    return NULL;
  }
  g_autofree char *path = address_story(teaser->section_slug, teaser->slug, teaser->id);
  return g_strconcat(site->base_url, path, NULL);
}

int newsroom_command_each(const Invocation *invocation, StoryUse use, gconstpointer data,
                          const char *done) {
  g_autofree gint64 *ids = g_new(gint64, invocation->argument_count);
  for (guint i = 0; i < invocation->argument_count; i++) {
    if (!invocation_story_id(invocation, invocation->arguments[i], &ids[i])) {
      return COMMAND_USAGE;
    }
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL) {
    return invocation_fail(invocation, error);
  }
  int status = COMMAND_DONE;
  for (guint i = 0; i < invocation->argument_count; i++) {
    g_autoptr(GError) cause = NULL;
    if (!use(&paper->newsroom, ids[i], data, &cause)) {
      invocation_warn(invocation, "story %" G_GINT64_FORMAT ": %s", ids[i], cause->message);
      status = COMMAND_FAILED;
      continue;
    }
    g_autofree char *url = newsroom_command_url(&paper->newsroom, ids[i], NULL);
    printf("%" G_GINT64_FORMAT " %s %s\n", ids[i], done, url != NULL ? url : "");
    fflush(stdout);
  }
  return status;
}
