// SPDX-License-Identifier: Apache-2.0
//
// Makes claimed deliveries into messages: tokens, slots, signatures, on threads of its own (an RSA
// signature costs more than all the rest of a message), alerts before others. What is made is
// posted to the loop in small portions. Called by the journal, which claims; never touches the
// database.
#include "mail/dispatch_parts.h"

#include <string.h>

#include "newsroom/reader_links.h"

#define PORTION 32      // messages that one thread takes at once
#define ALERT_PORTION 4 // so that the first leaves before many are signed

typedef struct Portion {
  Dispatch *dispatch;
  GPtrArray *items;
} Portion;

struct DispatchFill {
  Dispatch *dispatch;
  GMutex lock; // guards what follows
  GCond wake;
  GQueue waiting[DISPATCH_LANES]; // GPtrArray of DispatchItem
  gboolean stopping;
  GPtrArray *threads;
};

// ---- items --------------------------------------------------------------------------------------

DispatchMailing *dispatch_mailing_ref(DispatchMailing *mailing) {
  g_atomic_ref_count_inc(&mailing->references);
  return mailing;
}

void dispatch_mailing_unref(DispatchMailing *mailing) {
  if (mailing != NULL && g_atomic_ref_count_dec(&mailing->references)) {
    letter_form_free(mailing->form);
    g_free(mailing->envelope_sender);
    g_free(mailing);
  }
}

void dispatch_item_free(DispatchItem *item) {
  if (item == NULL) {
    return;
  }
  letter_free(item->letter);
  dispatch_mailing_unref(item->mailing);
  g_free(item->address);
  g_free(item->name);
  g_free(item->sender);
  g_free(item->pinned);
  g_free(item->reason);
  g_free(item->stop);
  g_free(item);
}

const char *dispatch_item_domain(const DispatchItem *item) {
  const char *at = strrchr(item->address, '@');
  return at != NULL ? at + 1 : "";
}

// ---- filling ------------------------------------------------------------------------------------

// "bounces@example.org" -> "bounces+<token>@example.org": returned mail names its reader.
static char *envelope_sender(const Dispatch *dispatch, const DispatchItem *item) {
  const char *plain = item->mailing->envelope_sender;
  const char *at = strrchr(plain, '@');
  const char *domain = dispatch->options.verp_domain;
  if (at == NULL || domain == NULL || *domain == '\0' || strcmp(at + 1, domain) != 0) {
    return g_strdup(plain);
  }
  g_autofree char *token = reader_token(dispatch->options.token_key, READER_BOUNCE,
                                        item->mailing->id, item->subscriber_id);
  return g_strdup_printf("%.*s+%s%s", (int)(at - plain), plain, token, at);
}

static char *token(const Dispatch *dispatch, ReaderPurpose purpose, gint64 first, gint64 second) {
  return reader_token(dispatch->options.token_key, purpose, first, second);
}

static void fill_item(const Dispatch *dispatch, DispatchItem *item) {
  gint64 mailing = item->mailing->id;
  gint64 reader = item->subscriber_id;
  g_autofree char *message = token(dispatch, READER_MESSAGE_ID, mailing, item->key);
  g_autofree char *leave = token(dispatch, READER_UNSUBSCRIBE, mailing, reader);
  g_autofree char *page = token(dispatch, READER_PAGE, 0, reader);
  g_autofree char *open = item->tracking ? token(dispatch, READER_OPEN, mailing, reader) : NULL;
  g_autofree char *click = item->tracking ? token(dispatch, READER_CLICK, mailing, reader) : NULL;
  g_autofree char *edition = token(dispatch, READER_EDITION, mailing, reader);
  LetterRecipient recipient = {.address = item->address,
                               .name = item->name,
                               .message_id = message,
                               .unsubscribe = leave,
                               .reader = page,
                               .open = open,
                               .click = click,
                               .edition = edition};
  g_autoptr(GError) error = NULL;
  item->sender = envelope_sender(dispatch, item);
  item->letter = letter_fill(item->mailing->form, &recipient, dispatch->options.signer, &error);
  if (item->letter == NULL) { // it can't be signed: no other letter can, either
    item->stop = g_strdup_printf("a letter can't be made: %s", error->message);
  }
}

static gboolean is_at_rest(DispatchFill *fill) {
  return fill->waiting[LANE_ALERT].length == 0 && fill->waiting[LANE_NORMAL].length == 0;
}

static gpointer run(gpointer data) {
  DispatchFill *fill = data;
  g_mutex_lock(&fill->lock);
  for (;;) {
    while (is_at_rest(fill) && !fill->stopping) {
      g_cond_wait(&fill->wake, &fill->lock);
    }
    if (is_at_rest(fill)) {
      break;
    }
    GQueue *lane = &fill->waiting[LANE_ALERT];
    GPtrArray *items = g_queue_pop_head(lane->length > 0 ? lane : &fill->waiting[LANE_NORMAL]);
    g_mutex_unlock(&fill->lock);
    for (guint i = 0; i < items->len; i++) {
      fill_item(fill->dispatch, items->pdata[i]);
    }
    Portion *portion = g_new(Portion, 1);
    *portion = (Portion){fill->dispatch, items};
    event_loop_post(fill->dispatch->loop, dispatch_filled, portion);
    g_mutex_lock(&fill->lock);
  }
  g_mutex_unlock(&fill->lock);
  return NULL;
}

DispatchFill *dispatch_fill_start(Dispatch *dispatch) {
  DispatchFill *fill = g_new0(DispatchFill, 1);
  fill->dispatch = dispatch;
  g_mutex_init(&fill->lock);
  g_cond_init(&fill->wake);
  fill->threads = g_ptr_array_new();
  guint count = dispatch->options.fill_threads;
  count = count > 0 ? count : CLAMP(g_get_num_processors(), 1, 16);
  for (guint i = 0; i < count; i++) {
    g_ptr_array_add(fill->threads, g_thread_new("post-fill", run, fill));
  }
  return fill;
}

void dispatch_fill_add(DispatchFill *fill, GPtrArray *items, MailingLane lane) {
  guint size = lane == LANE_ALERT ? ALERT_PORTION : PORTION;
  g_mutex_lock(&fill->lock);
  for (guint from = 0; from < items->len; from += size) {
    GPtrArray *portion = g_ptr_array_sized_new(size);
    for (guint i = from; i < MIN(from + size, items->len); i++) {
      g_ptr_array_add(portion, items->pdata[i]);
    }
    g_queue_push_tail(&fill->waiting[lane], portion);
  }
  g_cond_broadcast(&fill->wake);
  g_mutex_unlock(&fill->lock);
  g_ptr_array_unref(items);
}

void dispatch_fill_stop(DispatchFill *fill) {
  g_mutex_lock(&fill->lock);
  fill->stopping = TRUE;
  g_cond_broadcast(&fill->wake);
  g_mutex_unlock(&fill->lock);
  for (guint i = 0; i < fill->threads->len; i++) {
    g_thread_join(fill->threads->pdata[i]);
  }
  g_ptr_array_unref(fill->threads);
  g_mutex_clear(&fill->lock);
  g_cond_clear(&fill->wake);
  g_free(fill);
}
