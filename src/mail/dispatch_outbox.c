// SPDX-License-Identifier: Apache-2.0
//
// The outbox in place of relays: the same states, the same order (IN_FLIGHT is committed before a
// message can be seen), batch by batch. It writes on the loop's thread, where without relays nobody
// else is kept waiting. A batch that can't be written is tried again after a while; because a
// file's name comes from its Message-ID, again is never twice.
#include "mail/dispatch_parts.h"

#include "mail/maildir.h"
#include "newsroom/reader_links.h"

#define BATCH 64
#define RETRY_PAUSE (2 * G_USEC_PER_SEC)

struct DispatchOutbox {
  Dispatch *dispatch;
  Maildir *maildir;
  guint asked;       // begins that are not answered
  GPtrArray *ready;  // answered: begun
  EventTimer *retry; // set: the last batch could not be written
  gboolean failing;
};

static void retry(gpointer data);

DispatchOutbox *dispatch_outbox_new(Dispatch *dispatch, GError **error) {
  g_autoptr(Maildir) maildir = maildir_open(dispatch->options.maildir, error);
  if (maildir == NULL) {
    return NULL;
  }
  DispatchOutbox *outbox = g_new0(DispatchOutbox, 1);
  outbox->dispatch = dispatch;
  outbox->maildir = g_steal_pointer(&maildir);
  outbox->ready = g_ptr_array_new();
  outbox->retry = event_loop_timer(dispatch->loop, retry, outbox);
  return outbox;
}

void dispatch_outbox_free(DispatchOutbox *outbox) {
  if (outbox != NULL) {
    maildir_close(outbox->maildir);
    g_ptr_array_unref(outbox->ready);
    event_timer_free(outbox->retry);
    g_free(outbox);
  }
}

static gboolean is_quiet(const DispatchOutbox *outbox) {
  return outbox->asked == 0 && outbox->ready->len == 0;
}

static DispatchItem *take(Dispatch *dispatch, gint64 now) {
  DispatchItem *item = dispatch_queue_take(dispatch->queue, LANE_ALERT, now);
  item = item != NULL ? item : dispatch_queue_take(dispatch->queue, LANE_NORMAL, now);
  return item;
}

void dispatch_outbox_pump(DispatchOutbox *outbox) {
  Dispatch *dispatch = outbox->dispatch;
  gint64 now = event_loop_now(dispatch->loop);
  dispatch_queue_wake(dispatch->queue, now);
  if (!is_quiet(outbox) || dispatch->stopping || g_atomic_int_get(&dispatch->held)) {
    return;
  }
  for (DispatchItem *item; outbox->asked < BATCH && (item = take(dispatch, now)) != NULL;) {
    dispatch_queue_done(dispatch->queue, item, VERDICT_NEWS_NONE, now);
    item->relay = DISPATCH_OUTBOX;
    item->begin_due = TRUE;
    outbox->asked++;
    g_atomic_int_inc(&dispatch->in_hand);
    dispatch_journal_begin(dispatch->journal, item);
  }
  gint64 wake_at = dispatch_queue_wake_at(dispatch->queue);
  if (wake_at != 0) {
    event_timer_set(dispatch->pump, wake_at);
  }
}

static gboolean add(DispatchOutbox *outbox, const DispatchItem *item, GError **error) {
  const DispatchOptions *options = &outbox->dispatch->options;
  g_autofree char *token =
      reader_token(options->token_key, READER_MESSAGE_ID, item->mailing->id, item->key);
  g_autofree char *name = g_strdup_printf("M%s.%s", token, options->message_domain);
  GString *text = letter_text(item->letter, FALSE);
  gboolean added = maildir_add(outbox->maildir, name, (Slice){text->str, text->len}, error);
  g_string_free(text, TRUE);
  return added;
}

static gboolean write_batch(DispatchOutbox *outbox, GError **error) {
  for (guint i = 0; i < outbox->ready->len; i++) {
    if (!add(outbox, g_ptr_array_index(outbox->ready, i), error)) {
      maildir_commit(outbox->maildir, NULL); // what there is; the rest comes again
      return FALSE;
    }
  }
  return maildir_commit(outbox->maildir, error);
}

static void write_ready(DispatchOutbox *outbox) {
  g_autoptr(GError) error = NULL;
  if (!write_batch(outbox, &error)) {
    if (!outbox->failing) {
      outbox->failing = TRUE;
      dispatch_say(outbox->dispatch, "mail waits, it goes on by itself: %s", error->message);
    }
    event_timer_set(outbox->retry, event_loop_now(outbox->dispatch->loop) + RETRY_PAUSE);
    if (outbox->dispatch->stopping) {
      dispatch_outbox_quit(outbox);
    }
    return;
  }
  if (outbox->failing) {
    outbox->failing = FALSE;
    dispatch_say(outbox->dispatch, "mail goes on");
  }
  for (guint i = 0; i < outbox->ready->len; i++) {
    DispatchItem *item = g_ptr_array_index(outbox->ready, i);
    item->move = DISPATCH_ACCEPT;
    item->to = DELIVERY_ACCEPTED;
    dispatch_journal_settle(outbox->dispatch->journal, item);
  }
  g_ptr_array_set_size(outbox->ready, 0);
  dispatch_pump_soon(outbox->dispatch);
}

static void retry(gpointer data) {
  write_ready(data);
}

void dispatch_outbox_quit(DispatchOutbox *outbox) {
  event_timer_set(outbox->retry, 0);
  if (outbox->asked > 0 || !outbox->failing) {
    return;
  }
  for (guint i = 0; i < outbox->ready->len; i++) {
    dispatch_item_return(outbox->dispatch, g_ptr_array_index(outbox->ready, i));
  }
  g_ptr_array_set_size(outbox->ready, 0);
}

void dispatch_outbox_begun(DispatchOutbox *outbox, DispatchItem *item) {
  item->begin_due = FALSE;
  outbox->asked--;
  g_atomic_int_add(&outbox->dispatch->in_hand, -1);
  if (item->begun) {
    g_ptr_array_add(outbox->ready, item);
  } else {
    item->abandoned = TRUE;
    dispatch_item_return(outbox->dispatch, item);
  }
  if (outbox->asked == 0) {
    write_ready(outbox);
  }
}
