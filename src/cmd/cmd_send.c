// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet send [MAILING]`: sends what is to be sent, beside `serve` or in its place, and shows
// how it gets on. Several may run at once, on PostgreSQL on several machines.
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "app/app.h"
#include "app/post.h"
#include "base/log.h"
#include "cmd/mailing_progress.h"
#include "cmd/post_command.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"

enum { STOP_SECONDS = 20 };

typedef struct Sending {
  Paper *paper;
  gint64 mailing_id; // 0: everything
  gboolean stays;    // until it is told to end
  MailingProgress progress;
} Sending;

// TRUE: Ctrl-C and its like. Waits for a fifth of a second.
static gboolean is_interrupted(void) {
  static const struct timespec PAUSE = {.tv_nsec = 200 * 1000 * 1000};
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return sigtimedwait(&set, NULL, &PAUSE) > 0;
}

// The mailing that is shown while everything is sent: the first that is. *ret_left: something is
// being sent, or a notice waits.
static gboolean find_work(Sending *sending, gint64 *ret_shown, gboolean *ret_left, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(sending->paper->store, error);
  g_autoptr(GPtrArray) active =
      transaction != NULL ? mailing_rows_active(transaction, error) : NULL;
  gint64 notice_due = active != NULL ? notice_rows_next_due(transaction, error) : -1;
  gint64 ready_due = notice_due >= 0 ? mailing_rows_next_due(transaction, error) : -1;
  if (ready_due < 0) {
    return FALSE;
  }
  gint64 soon = clock_now(&sending->paper->newsroom.clock) + CLOCK_SECOND;
  *ret_shown = active->len > 0 ? ((const Mailing *)active->pdata[0])->id : 0;
  *ret_left = active->len > 0 || (notice_due != 0 && notice_due <= soon) ||
              (ready_due != 0 && ready_due <= soon);
  return TRUE;
}

static gboolean show(Sending *sending, gboolean *ret_over, GError **error) {
  gint64 shown = sending->mailing_id;
  gboolean left = TRUE;
  gboolean over = FALSE;
  if (shown == 0 && !find_work(sending, &shown, &left, error)) {
    return FALSE;
  }
  if (sending->progress.mailing_id != shown && shown != 0) {
    if (sending->progress.mailing_id != 0) {
      mailing_progress_end(&sending->progress);
    }
    mailing_progress_begin(&sending->progress, shown);
  }
  gint64 looked_at = sending->progress.mailing_id;
  if (looked_at != 0 &&
      !mailing_progress_show(&sending->progress, sending->paper->store, &over, error)) {
    return FALSE;
  }
  *ret_over = sending->mailing_id != 0 ? over : !left;
  return TRUE;
}

// A database that goes away for a while is dispatch's to complain of; the bar waits.
static void send_all(Sending *sending) {
  for (gboolean over = FALSE; (!over || sending->stays) && !is_interrupted();) {
    g_autoptr(GError) error = NULL;
    if (!show(sending, &over, &error)) {
      over = FALSE;
    }
  }
  if (sending->progress.mailing_id != 0) {
    gboolean over = FALSE;
    mailing_progress_show(&sending->progress, sending->paper->store, &over, NULL);
    mailing_progress_end(&sending->progress);
  } else {
    puts("nothing is to be sent");
  }
}

static int send_with(const Invocation *invocation, Sending *sending) {
  g_autoptr(GError) error = NULL;
  if (sending->mailing_id != 0) {
    gboolean over = FALSE;
    mailing_progress_begin(&sending->progress, sending->mailing_id);
    if (!mailing_progress_show(&sending->progress, sending->paper->store, &over, &error)) {
      return invocation_fail(invocation, error);
    }
  }
  Post *post = post_start(sending->paper, &error);
  if (post == NULL) {
    return invocation_fail(invocation, error);
  }
  send_all(sending);
  post_stop(post, STOP_SECONDS);
  gboolean stopped = sending->progress.state == MAILING_STOPPED;
  return stopped ? COMMAND_FAILED : COMMAND_DONE;
}

static int run_send(const Invocation *invocation) {
  app_hold_signals();
  Sending sending = {.stays = invocation_has(invocation, "stay")};
  if (invocation->argument_count > 0) {
    sending.mailing_id = g_ascii_strtoll(invocation->arguments[0], NULL, 10);
    if (sending.mailing_id <= 0) {
      return invocation_misused(invocation,
                                "'%s' is no mailing's number; `mailing list` shows them",
                                invocation->arguments[0]);
    }
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(Press) press = NULL;
  if (!post_command_open(invocation, &sending.paper, &press, &error)) {
    return invocation_fail(invocation, error);
  }
  int status = send_with(invocation, &sending);
  paper_close(sending.paper);
  return status;
}

static const CommandOption OPTIONS[] = {
    {0, "stay", NULL, "do not end when everything is sent, but wait for more until Ctrl-C"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_SEND = {
    .name = "send",
    .usage = "[--stay] [MAILING]",
    .summary = "send what is to be sent, and show how it gets on",
    .help =
        "`serve` sends by itself; this is a second process that helps it, or one that sends where "
        "none serves.\n"
        "It composes and sends whatever is due, shows the mailing given (or the one being sent), "
        "and ends when\n"
        "that is no longer being sent. Each recipient is one process's at a time, however many "
        "help.\n\n"
        "Ctrl-C ends it: messages under way get their answers, the rest is left to the others.",
    .options = OPTIONS,
    .maximum_arguments = 1,
    .run = run_send,
};
