// SPDX-License-Identifier: Apache-2.0
//
// Implements return_box.h.
#include "app/return_box.h"

#include <string.h>

#include "base/log.h"
#include "mail/bounce.h"
#include "mail/inbox.h"

#define AT_ONCE 500 // messages of one look; then the stop is asked for

typedef struct Source {
  const char *way;    // "maildir", "imap"
  gint64 pause, next; // microseconds; monotonic
  gboolean failing;
} Source;

typedef struct Tally {
  guint read, suppressed, left, automatic, strangers;
} Tally;

struct ReturnBox {
  Paper *paper; // borrowed
  ReturnLimits limits;
  GThread *thread;
  GMutex lock; // guards stopping
  GCond wake;
  gboolean stopping;
  Source maildir, imap; // the thread's own, as all below; pause 0: not configured
  const char *way;
  Tally tally;
};

ReturnLimits return_box_limits(const Config *config) {
  return (ReturnLimits){(guint)config->soft_bounces, (guint)config->soft_bounce_days};
}

static gboolean take(Slice message, gpointer data, GError **error) {
  ReturnBox *box = data;
  ReturnOutcome outcome;
  g_autoptr(ReturnedMail) mail = bounce_read(message, NULL);
  if (!returns_take(&box->paper->newsroom, mail, box->way, &box->limits, &outcome, error)) {
    return FALSE;
  }
  box->tally.read++;
  box->tally.suppressed += outcome.suppressed ? 1 : 0;
  box->tally.left += outcome.left ? 1 : 0;
  box->tally.automatic += outcome.result == RETURN_AUTOMATIC ? 1 : 0;
  box->tally.strangers += outcome.result == RETURN_STRANGER ? 1 : 0;
  return TRUE;
}

static gint look_at_mailbox(ReturnBox *box, GError **error) {
  const Config *config = box->paper->config;
  g_autofree char *read = NULL;
  const char *password = config->bounce_imap_password;
  if (*config->bounce_imap_password_file != '\0') { // each time: it may be changed while we run
    if (!g_file_get_contents(config->bounce_imap_password_file, &read, NULL, error)) {
      return -1;
    }
    password = g_strchomp(read);
  }
  ImapMailbox mailbox = {.url = config->bounce_imap,
                         .user = config->bounce_imap_user,
                         .password = password,
                         .handled = config->bounce_imap_handled,
                         .ca_file = config->bounce_imap_ca_file,
                         .plain = config->bounce_imap_insecure};
  return inbox_imap_look(&mailbox, AT_ONCE, take, box, error);
}

static gint look(ReturnBox *box, const Source *source, GError **error) {
  return source == &box->maildir
             ? inbox_maildir_look(box->paper->config->bounce_maildir, AT_ONCE, take, box, error)
             : look_at_mailbox(box, error);
}

static void say(ReturnBox *box, Source *source, const GError *error) {
  const Tally *tally = &box->tally;
  if (tally->read > 0) {
    log_write(LOG_INFO,
              "returned mail (%s): %u read, %u suppressed, %u left, %u automatic, %u not about our "
              "letters",
              source->way, tally->read, tally->suppressed, tally->left, tally->automatic,
              tally->strangers);
  }
  if (error != NULL && !source->failing) {
    log_write(LOG_ERROR, "returned mail waits (%s): %s", source->way, error->message);
  } else if (error == NULL && source->failing) {
    log_write(LOG_INFO, "returned mail is fetched again (%s)", source->way);
  }
  source->failing = error != NULL;
}

static gboolean is_stopping(ReturnBox *box) {
  g_mutex_lock(&box->lock);
  gboolean stopping = box->stopping;
  g_mutex_unlock(&box->lock);
  return stopping;
}

static void look_if_due(ReturnBox *box, Source *source) {
  if (source->pause == 0 || g_get_monotonic_time() < source->next) {
    return;
  }
  gint handled = AT_ONCE;
  box->way = source->way;
  while (handled == AT_ONCE && !is_stopping(box)) {
    g_autoptr(GError) error = NULL;
    box->tally = (Tally){0};
    handled = look(box, source, &error);
    say(box, source, error);
  }
  source->next = g_get_monotonic_time() + source->pause;
}

static gpointer run(gpointer data) {
  ReturnBox *box = data;
  while (!is_stopping(box)) {
    look_if_due(box, &box->maildir);
    look_if_due(box, &box->imap);
    gint64 until = g_get_monotonic_time() + CLOCK_SECOND;
    g_mutex_lock(&box->lock);
    while (!box->stopping && g_cond_wait_until(&box->wake, &box->lock, until)) {
    }
    g_mutex_unlock(&box->lock);
  }
  return NULL;
}

ReturnBox *return_box_start(Paper *paper) {
  const Config *config = paper->config;
  if (*config->bounce_maildir == '\0' && *config->bounce_imap == '\0') {
    return NULL;
  }
  ReturnBox *box = g_new0(ReturnBox, 1);
  box->paper = paper;
  box->limits = return_box_limits(config);
  box->maildir = (Source){"maildir", *config->bounce_maildir != '\0' ? CLOCK_SECOND : 0, 0, FALSE};
  box->imap = (Source){
      "imap", *config->bounce_imap != '\0' ? config->bounce_poll_seconds * CLOCK_SECOND : 0, 0,
      FALSE};
  g_mutex_init(&box->lock);
  g_cond_init(&box->wake);
  box->thread = g_thread_new("returns", run, box);
  return box;
}

void return_box_stop(ReturnBox *box) {
  if (box == NULL) {
    return;
  }
  g_mutex_lock(&box->lock);
  box->stopping = TRUE;
  g_cond_signal(&box->wake);
  g_mutex_unlock(&box->lock);
  g_thread_join(box->thread);
  g_mutex_clear(&box->lock);
  g_cond_clear(&box->wake);
  g_free(box);
}
