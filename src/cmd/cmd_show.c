// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet show ID`: everything known about a story, for a person; its text as Markdown.
#include <stdio.h>

#include "cmd/newsroom_command.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

static void print_field(const char *name, const char *value) {
  if (value != NULL && *value != '\0') {
    printf("%-12s %s\n", name, value);
  }
}

static void print_time(const char *name, gint64 instant, GTimeZone *zone) {
  g_autofree char *time = instant != 0 ? clock_format_rfc3339(instant, zone) : NULL;
  print_field(name, time);
}

static void print_people(const Story *story) {
  for (guint i = 0; i < story->bylines->len; i++) {
    const Byline *byline = g_ptr_array_index(story->bylines, i);
    print_field("byline", byline->author->name);
  }
  for (guint i = 0; i < story->topics->len; i++) {
    print_field("topic", ((const Topic *)g_ptr_array_index(story->topics, i))->name);
  }
}

static void print_image(const char *name, const Image *image) {
  if (image != NULL) {
    printf("%-12s %" G_GINT64_FORMAT " %dx%d %s %s\n", name, image->id, image->width, image->height,
           image->hash != NULL ? image->hash : "(can't be had)", image->alt);
  }
}

static void print_story(const Story *story, const char *url, GTimeZone *zone) {
  printf("%-12s %" G_GINT64_FORMAT ", revision %" G_GINT64_FORMAT ", %d words\n", "story",
         story->id, story->revision, story->word_count);
  print_field("status", story_status_name(story->status));
  print_field("address", url);
  print_field("headline", story->headline);
  print_field("standfirst", story->standfirst);
  print_field("kicker", story->kicker);
  print_field("dateline", story->dateline);
  print_field("section", story->section != NULL ? story->section->name : NULL);
  print_people(story);
  print_time("scheduled", story->status == STORY_SCHEDULED ? story->scheduled_for : 0, zone);
  print_time("published", story->published_at, zone);
  print_time("updated", story->updated_at, zone);
  print_field("source", story->source_key);
  print_image("hero", story->hero);
  for (guint i = 0; i < story->images->len; i++) {
    print_image("picture", g_ptr_array_index(story->images, i));
  }
  for (guint i = 0; i < story->corrections->len; i++) {
    const Correction *correction = g_ptr_array_index(story->corrections, i);
    print_time("corrected", correction->corrected_at, zone);
    print_field("  wrong", correction->wrong);
    print_field("  right", correction->right);
  }
  printf("\n%s\n", story->body);
}

static gboolean print_revisions(StoreTransaction *transaction, gint64 id, GTimeZone *zone,
                                GError **error) {
  g_autoptr(GPtrArray) revisions = story_rows_revisions(transaction, id, error);
  for (guint i = 0; revisions != NULL && i < revisions->len; i++) {
    const StoryRevision *revision = g_ptr_array_index(revisions, i);
    g_autofree char *time = clock_format_rfc3339(revision->saved_at, zone);
    printf("%-4" G_GINT64_FORMAT " %s %-12s %s\n", revision->number, time, revision->note,
           revision->headline);
  }
  return revisions != NULL;
}

static gboolean show(Paper *paper, gint64 id, gboolean revisions, GError **error) {
  g_autofree char *url = newsroom_command_url(&paper->newsroom, id, error);
  g_autoptr(StoreTransaction) transaction =
      url != NULL ? store_begin_read(paper->store, error) : NULL;
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(Story) story = site != NULL ? story_rows_get(transaction, id, error) : NULL;
  if (story == NULL) {
    return FALSE;
  }
  if (revisions) {
    return print_revisions(transaction, id, site->zone, error);
  }
  print_story(story, url, site->zone);
  return TRUE;
}

static int run_show(const Invocation *invocation) {
  gint64 id;
  if (!invocation_story_id(invocation, invocation->arguments[0], &id)) {
    return COMMAND_USAGE;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  gboolean shown =
      paper != NULL && show(paper, id, invocation_has(invocation, "revisions"), &error);
  if (!shown && g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    invocation_warn(invocation,
                    "there is no story %" G_GINT64_FORMAT "; `broadsheet list` shows what there is",
                    id);
    return COMMAND_FAILED;
  }
  return shown ? COMMAND_DONE : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "revisions", NULL, "list its kept revisions instead"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SHOW = {
    .name = "show",
    .usage = "[--revisions] ID",
    .summary = "show a story with all that is known about it",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_show,
};
