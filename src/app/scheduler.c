// SPDX-License-Identifier: Apache-2.0
//
// Implements scheduler.h.
#include "app/scheduler.h"

#include "base/log.h"
#include "newsroom/front_plans.h"
#include "newsroom/staff.h"
#include "newsroom/stories.h"
#include "newsroom/subscribers.h"
#include "newsroom/works.h"
#include "store/story_rows.h"

#define ALARM_PAUSE (10 * G_TIME_SPAN_SECOND)

struct Scheduler {
  Newsroom *newsroom;
  Views *views;
  gint64 thinned_at; // monotonic: the histories' autosaves, once an hour
  GThread *thread;
  GMutex lock; // guards stopping and nudged
  GCond wake;
  gboolean stopping, nudged;
  gint64 alarm_look, alarmed_at; // the thread's own, as the next: monotonic, and the clock's hour
  gboolean failing;              // the thread's own: the last look failed and was logged
};

static gboolean next_due(Scheduler *scheduler, gint64 *ret_due, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(scheduler->newsroom->store, error);
  if (transaction == NULL) {
    return FALSE;
  }
  *ret_due = story_rows_next_due(transaction, error);
  return *ret_due >= 0;
}

// Publishes what is due; gives the microseconds until it is worth looking again.
static gint64 look(Scheduler *scheduler, GError **error) {
  gint64 due = 0;
  if (!next_due(scheduler, &due, error)) {
    return CLOCK_SECOND;
  }
  gint64 now = clock_now(&scheduler->newsroom->clock);
  if (due == 0) {
    return CLOCK_SECOND;
  }
  if (due > now) {
    return MIN(due - now, CLOCK_SECOND);
  }
  gint published = stories_publish_due(scheduler->newsroom, error);
  if (published > 0) {
    log_write(LOG_INFO, "published %d scheduled %s", published,
              published == 1 ? "story" : "stories");
  }
  return published < 0 ? CLOCK_SECOND : 0;
}

// Links for new passwords that were asked for (newsroom/staff.h says why not at once).
static void send_links(Scheduler *scheduler) {
  gboolean more = TRUE;
  g_autoptr(GError) error = NULL;
  while (more && staff_send_links(scheduler->newsroom, &more, &error)) {
  }
  if (error != NULL && !scheduler->failing) {
    log_write(LOG_WARNING, "links for new passwords wait: %s", error->message);
  }
}

// Somebody signs up strangers by the hundred: said within a minute, once an hour.
static void watch_sign_ups(Scheduler *scheduler) {
  gint64 now = g_get_monotonic_time();
  gint64 hour = clock_now(&scheduler->newsroom->clock) / (3600 * CLOCK_SECOND);
  if (now < scheduler->alarm_look || hour == scheduler->alarmed_at) {
    return;
  }
  scheduler->alarm_look = now + ALARM_PAUSE;
  gint64 refused = subscribers_refused(scheduler->newsroom, NULL);
  if (refused >= SIGN_UP_REFUSED_ALARM) {
    scheduler->alarmed_at = hour;
    log_write(LOG_ERROR,
              "alarm: %" G_GINT64_FORMAT
              " sign-ups were refused this hour by the limits (one mail a "
              "day to an address, %d requests an hour from a network, %d mails an hour in all): "
              "somebody is using the form against others",
              refused, SIGN_UP_REQUESTS_AN_HOUR, SIGN_UP_MAILS_AN_HOUR);
  }
}

static void publish_fronts(Scheduler *scheduler) {
  g_autoptr(GError) error = NULL;
  if (front_plans_publish_due(scheduler->newsroom, &error) < 0 && !scheduler->failing) {
    log_write(LOG_WARNING, "planned fronts wait: %s", error->message);
  }
}

// Page views are written out, old autosaves thinned; whatever fails is tried again.
static void keep_house(Scheduler *scheduler) {
  gint64 now = g_get_monotonic_time();
  if (scheduler->views != NULL) {
    (void)views_flush(scheduler->views, scheduler->newsroom, NULL);
  }
  if (scheduler->thinned_at == 0 || now - scheduler->thinned_at > G_TIME_SPAN_HOUR) {
    scheduler->thinned_at = now;
    (void)works_thin_history(scheduler->newsroom, NULL);
  }
}

static gint64 look_and_log(Scheduler *scheduler) {
  g_autoptr(GError) error = NULL;
  send_links(scheduler);
  watch_sign_ups(scheduler);
  publish_fronts(scheduler);
  keep_house(scheduler);
  gint64 wait = look(scheduler, &error);
  if (error != NULL && !scheduler->failing) {
    log_write(LOG_ERROR, "scheduled stories wait, their database can't be used: %s",
              error->message);
  } else if (error == NULL && scheduler->failing) {
    log_write(LOG_INFO, "scheduled stories are published again");
  }
  scheduler->failing = error != NULL;
  return wait;
}

static gpointer run(gpointer data) {
  Scheduler *scheduler = data;
  g_mutex_lock(&scheduler->lock);
  while (!scheduler->stopping) {
    scheduler->nudged = FALSE;
    g_mutex_unlock(&scheduler->lock);
    gint64 until = g_get_monotonic_time() + look_and_log(scheduler);
    g_mutex_lock(&scheduler->lock);
    while (!scheduler->stopping && !scheduler->nudged &&
           g_cond_wait_until(&scheduler->wake, &scheduler->lock, until)) {
    }
  }
  g_mutex_unlock(&scheduler->lock);
  return NULL;
}

Scheduler *scheduler_start(Newsroom *newsroom, Views *views) {
  Scheduler *scheduler = g_new0(Scheduler, 1);
  scheduler->newsroom = newsroom;
  scheduler->views = views;
  g_mutex_init(&scheduler->lock);
  g_cond_init(&scheduler->wake);
  scheduler->thread = g_thread_new("scheduler", run, scheduler);
  return scheduler;
}

static void raise_flag(Scheduler *scheduler, gboolean *flag) {
  g_mutex_lock(&scheduler->lock);
  *flag = TRUE;
  g_cond_signal(&scheduler->wake);
  g_mutex_unlock(&scheduler->lock);
}

void scheduler_nudge(Scheduler *scheduler) {
  raise_flag(scheduler, &scheduler->nudged);
}

void scheduler_stop(Scheduler *scheduler) {
  if (scheduler == NULL) {
    return;
  }
  raise_flag(scheduler, &scheduler->stopping);
  g_thread_join(scheduler->thread);
  g_mutex_clear(&scheduler->lock);
  g_cond_clear(&scheduler->wake);
  g_free(scheduler);
}
