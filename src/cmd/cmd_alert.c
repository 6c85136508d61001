// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet alert STORY`: a breaking headline to its readers. It is made, frozen and on its way
// to the sending process before the command returns.
#include <stdio.h>

#include "cmd/post_command.h"
#include "newsroom/mailings.h"
#include "store/mailing_rows.h"

#define PAUSE (10 * 1000) // microseconds between steps: the process that sends writes, too

static gboolean launch(Paper *paper, gint64 id, GError **error) {
  gboolean more = TRUE;
  if (!mailings_launch(&paper->newsroom, id, NULL, error)) {
    return FALSE;
  }
  while (more) {
    if (!mailings_freeze_on(&paper->newsroom, id, &more, error)) {
      return FALSE;
    }
    g_usleep(more ? PAUSE : 0);
  }
  return TRUE;
}

static Mailing *look_up(Paper *paper, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  return transaction != NULL ? mailing_rows_get(transaction, id, error) : NULL;
}

static gboolean send(const Invocation *invocation, Paper *paper, gint64 story, GError **error) {
  MailingAlert alert = {.story_id = story,
                        .newsletter = invocation_value(invocation, "newsletter"),
                        .subject = invocation_value(invocation, "subject"),
                        .segment = invocation_value(invocation, "segment"),
                        .requested_by = post_command_person(),
                        .over_cap = invocation_has(invocation, "over-cap")};
  gint64 id = mailings_alert(&paper->newsroom, &alert, error);
  if (id == 0) {
    return FALSE;
  }
  g_autoptr(Mailing) mailing = look_up(paper, id, error);
  if (mailing == NULL) {
    return FALSE;
  }
  if (mailing->state == MAILING_HELD) {
    gint64 readers = mailings_count_recipients(&paper->newsroom, id, error);
    if (readers < 0) {
      return FALSE;
    }
    printf("mailing %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
           " readers waits for a second person: broadsheet mailing approve %" G_GINT64_FORMAT "\n",
           id, readers, id);
    return TRUE;
  }
  g_autoptr(Mailing) launched = launch(paper, id, error) ? look_up(paper, id, error) : NULL;
  if (launched == NULL) {
    return FALSE;
  }
  printf("mailing %" G_GINT64_FORMAT " is on its way to %" G_GINT64_FORMAT " readers: %s\n", id,
         launched->planned, launched->subject);
  return TRUE;
}

static int run_alert(const Invocation *invocation) {
  gint64 story = 0;
  g_autoptr(GError) error = NULL;
  g_autoptr(Press) press = NULL;
  g_autoptr(Paper) paper = NULL;
  if (!invocation_story_id(invocation, invocation->arguments[0], &story)) {
    return COMMAND_USAGE;
  }
  gboolean sent = post_command_open(invocation, &paper, &press, &error) &&
                  send(invocation, paper, story, &error);
  int status = sent ? COMMAND_DONE : invocation_fail(invocation, error);
  g_clear_pointer(&paper, paper_close);
  return status;
}

static const CommandOption OPTIONS[] = {
    {0, "newsletter", "SLUG", "another newsletter than the first for breaking news"},
    {0, "subject", "TEXT", "another subject than the headline"},
    {0, "segment", "SLUG", "only the readers of that segment"},
    {0, "over-cap", NULL, "though the newsletter's cap of alerts in 24 hours is reached"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_ALERT = {
    .name = "alert",
    .usage = "[--subject TEXT] [--segment SLUG] STORY",
    .summary = "send a story to the readers of breaking news, now",
    .help =
        "A story has one alert, whoever asks; when it is corrected later, a follow-up goes out by "
        "itself.\n"
        "The process that serves the newspaper sends it, before everything else; where none runs, "
        "see\n"
        "`broadsheet send`.",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_alert,
};
