// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet list`: the newsroom's stories, one a line, newest first.
#include <stdio.h>

#include "cmd/newsroom_command.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

static void print_story(const Story *story, GTimeZone *zone) {
  gint64 when = story->status == STORY_SCHEDULED ? story->scheduled_for : story->published_at;
  g_autofree char *time = when != 0 ? clock_format_rfc3339(when, zone) : g_strdup("-");
  printf("%-8" G_GINT64_FORMAT " %-10s %-25s %-12s %s\n", story->id,
         story_status_name(story->status), time,
         story->section != NULL ? story->section->slug : "-", story->headline);
}

static gboolean list(Paper *paper, int status, const char *section, gint64 offset, gint64 limit,
                     GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  if (site == NULL) {
    return FALSE;
  }
  if (section != NULL && site_section_by_slug(site, section) == NULL) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                "there is no section '%s'; `broadsheet section` lists them", section);
    return FALSE;
  }
  g_autoptr(GPtrArray) stories =
      story_rows_list_any(transaction, status, section, (guint)offset, (guint)limit, error);
  for (guint i = 0; stories != NULL && i < stories->len; i++) {
    print_story(g_ptr_array_index(stories, i), site->zone);
  }
  return stories != NULL;
}

static int run_list(const Invocation *invocation) {
  const char *status_name = invocation_value(invocation, "status");
  StoryStatus status = STORY_DRAFT;
  gint64 limit, offset;
  if (status_name != NULL && !story_status_parse(status_name, &status)) {
    return invocation_misused(
        invocation, "--status is draft, scheduled, published or withdrawn, not '%s'", status_name);
  }
  if (!invocation_integer(invocation, "limit", 1, 1000000, 50, &limit) ||
      !invocation_integer(invocation, "offset", 0, G_MAXINT32, 0, &offset)) {
    return COMMAND_USAGE;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  if (paper == NULL || !list(paper, status_name != NULL ? (int)status : -1,
                             invocation_value(invocation, "section"), offset, limit, &error)) {
    return invocation_fail(invocation, error);
  }
  return COMMAND_DONE;
}

static const CommandOption OPTIONS[] = {
    {'s', "status", "STATUS", "only those: draft, scheduled, published or withdrawn"},
    {0, "section", "SLUG", "only those of a section"},
    {'n', "limit", "N", "at most so many (50)"},
    {0, "offset", "N", "leave out the first so many"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_LIST = {
    .name = "list",
    .usage = "[--status STATUS] [--section SLUG] [--limit N] [--offset N]",
    .summary = "list stories: number, status, time, section, headline",
    .options = OPTIONS,
    .run = run_list,
};
