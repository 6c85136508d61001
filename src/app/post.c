// SPDX-License-Identifier: Apache-2.0
//
// Implements post.h.
#include "app/post.h"

#include "app/post_options.h"
#include "app/post_preflight.h"
#include "base/log.h"
#include "newsroom/mailings.h"
#include "store/mailing_rows.h"

struct Post {
  Paper *paper; // borrowed
  PostOptions options;
  Dispatch *dispatch;
  GThread *thread;
  GMutex lock; // guards stopping and mailings
  GCond wake;
  gboolean stopping;
  GArray *mailings; // PostMailing
  gboolean failing; // the thread's own
};

static void told_trouble(const char *message, gpointer data) {
  log_write(LOG_WARNING, "mail: %s", message);
}

// The mailings in a state: their numbers.
static GArray *numbers_of(Post *post, GPtrArray *mailings) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; mailings != NULL && i < mailings->len; i++) {
    g_array_append_val(ids, ((const Mailing *)mailings->pdata[i])->id);
  }
  return ids;
}

static GArray *find(Post *post, gboolean due, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->paper->store, error);
  if (transaction == NULL) {
    return NULL;
  }
  gint64 now = clock_now(&post->paper->newsroom.clock);
  g_autoptr(GPtrArray) mailings =
      due ? mailing_rows_due(transaction, now, error) : mailing_rows_active(transaction, error);
  return mailings != NULL ? numbers_of(post, mailings) : NULL;
}

// What is refused (nothing to send, preflight) is said and stays as it is; a broken store is an
// error.
static gboolean said(GError **failure, GError **error) {
  if (g_error_matches(*failure, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE)) {
    log_write(LOG_WARNING, "mail: %s", (*failure)->message);
    g_clear_error(failure);
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(failure));
  return FALSE;
}

static gboolean launch_due(Post *post, GError **error) {
  g_autoptr(GArray) ids = find(post, TRUE, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    GError *failure = NULL;
    gint64 id = g_array_index(ids, gint64, i);
    g_autoptr(GPtrArray) findings = post_preflight(&post->options, post->paper, id, error);
    if (findings == NULL) {
      return FALSE;
    }
    if (mailings_launch(&post->paper->newsroom, id, findings, &failure)) {
      dispatch_nudge(post->dispatch);
    } else if (!said(&failure, error)) {
      return FALSE;
    }
  }
  return ids != NULL;
}

static gboolean freeze_rest(Post *post, gboolean *ret_more, GError **error) {
  g_autoptr(GArray) ids = find(post, FALSE, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++) {
    gboolean more = FALSE;
    if (!mailings_freeze_on(&post->paper->newsroom, g_array_index(ids, gint64, i), &more, error)) {
      return FALSE;
    }
    *ret_more |= more;
  }
  return ids != NULL;
}

// ---- how they stand -----------------------------------------------------------------------------

#define SHOWN 5 // of those that are no longer being sent

static gboolean gather(StoreTransaction *transaction, GPtrArray *rows, GArray *out,
                       GError **error) {
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const Mailing *row = rows->pdata[i];
    PostMailing one = {.id = row->id, .state = row->state};
    if (!mailing_rows_counts(transaction, row->id, &one.counts, error)) {
      return FALSE;
    }
    g_array_append_val(out, one);
  }
  return rows != NULL;
}

// The counts of one mailing are moved in one transaction, and read in one: they add up.
static gboolean take_figures(Post *post, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->paper->store, error);
  g_autoptr(GPtrArray) active =
      transaction != NULL ? mailing_rows_active(transaction, error) : NULL;
  g_autoptr(GPtrArray) done =
      active != NULL ? mailing_rows_list(transaction, 0, MAILING_DONE, 0, SHOWN, error) : NULL;
  g_autoptr(GArray) figures = g_array_new(FALSE, FALSE, sizeof(PostMailing));
  if (done == NULL || !gather(transaction, active, figures, error) ||
      !gather(transaction, done, figures, error)) {
    return FALSE;
  }
  g_mutex_lock(&post->lock);
  g_array_unref(post->mailings);
  post->mailings = g_steal_pointer(&figures);
  g_mutex_unlock(&post->lock);
  return TRUE;
}

GArray *post_mailings(Post *post) {
  g_mutex_lock(&post->lock);
  GArray *mailings = g_array_copy(post->mailings);
  g_mutex_unlock(&post->lock);
  return mailings;
}

// ---- the hour -----------------------------------------------------------------------------------

// Everything that the hour asks for; gives the microseconds until it is worth looking again.
static gint64 look(Post *post, GError **error) {
  Newsroom *newsroom = &post->paper->newsroom;
  gboolean more = FALSE;
  if (mailings_compose_due(newsroom, 0, error) < 0 || mailings_follow_up(newsroom, error) < 0 ||
      !launch_due(post, error) || !freeze_rest(post, &more, error) || !take_figures(post, error)) {
    return CLOCK_SECOND;
  }
  return more ? 0 : CLOCK_SECOND;
}

static gint64 look_and_log(Post *post) {
  g_autoptr(GError) error = NULL;
  gint64 wait = look(post, &error);
  if (error != NULL && !post->failing) {
    log_write(LOG_ERROR, "mailings wait: %s", error->message);
  } else if (error == NULL && post->failing) {
    log_write(LOG_INFO, "mailings go on");
  }
  post->failing = error != NULL;
  return wait;
}

static gpointer run(gpointer data) {
  Post *post = data;
  g_mutex_lock(&post->lock);
  while (!post->stopping) {
    g_mutex_unlock(&post->lock);
    gint64 until = g_get_monotonic_time() + look_and_log(post);
    g_mutex_lock(&post->lock);
    while (!post->stopping && g_cond_wait_until(&post->wake, &post->lock, until)) {
    }
  }
  g_mutex_unlock(&post->lock);
  return NULL;
}

Post *post_start(Paper *paper, GError **error) {
  Post *post = g_new0(Post, 1);
  post->paper = paper;
  if (!post_options_load(&post->options, paper, error)) {
    post_options_clear(&post->options);
    g_free(post);
    return NULL;
  }
  post->mailings = g_array_new(FALSE, FALSE, sizeof(PostMailing));
  post->options.dispatch.trouble = told_trouble;
  post->dispatch = dispatch_start(&post->options.dispatch, error);
  if (post->dispatch == NULL) {
    post_options_clear(&post->options);
    g_array_unref(post->mailings);
    g_free(post);
    return NULL;
  }
  g_mutex_init(&post->lock);
  g_cond_init(&post->wake);
  post->thread = g_thread_new("post", run, post);
  return post;
}

void post_nudge(Post *post) {
  if (post != NULL) {
    dispatch_nudge(post->dispatch);
  }
}

DispatchNumbers post_numbers(Post *post) {
  return dispatch_numbers(post->dispatch);
}

void post_stop(Post *post, guint seconds) {
  if (post == NULL) {
    return;
  }
  g_mutex_lock(&post->lock);
  post->stopping = TRUE;
  g_cond_signal(&post->wake);
  g_mutex_unlock(&post->lock);
  g_thread_join(post->thread);
  dispatch_stop(post->dispatch, seconds);
  post_options_clear(&post->options);
  g_array_unref(post->mailings);
  g_mutex_clear(&post->lock);
  g_cond_clear(&post->wake);
  g_free(post);
}
