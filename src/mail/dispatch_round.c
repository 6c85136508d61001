// SPDX-License-Identifier: Apache-2.0
//
// One transaction of the journal: what was answered is written, and what waits for its dot is moved
// to IN_FLIGHT. Mailing by mailing in the order of their numbers, so that two processes that lock
// the same mailings never wait for each other. Called by dispatch_journal.c, which keeps everything
// and comes again when it fails; doing the same twice moves nothing twice, because every move is
// "from this state, held by me".
#include "mail/dispatch_journal.h"

#include "newsroom/returns.h"
#include "newsroom/suppressions.h"
#include "store/mailing_rows.h"

typedef struct Round {
  DispatchJournal *journal;
  StoreTransaction *transaction;
  gint64 now;
  gboolean *begun; // beside journal->begun
  guint64 counts[DELIVERY_STATES];
} Round;

static gint compare_ids(gint64 a, gint64 b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Those that one statement can move stand together.
static gint compare_items(gconstpointer a, gconstpointer b) {
  const DispatchItem *one = *(DispatchItem *const *)a;
  const DispatchItem *other = *(DispatchItem *const *)b;
  gint order = compare_ids(one->mailing->id, other->mailing->id);
  order = order != 0 ? order : compare_ids(one->owner, other->owner);
  order = order != 0 ? order : (gint)one->move - (gint)other->move;
  order = order != 0 ? order : g_strcmp0(one->relay, other->relay);
  return order != 0 ? order : compare_ids(one->key, other->key);
}

static gboolean goes_with(const DispatchItem *one, const DispatchItem *other) {
  return one->mailing->id == other->mailing->id && one->owner == other->owner &&
         one->move == other->move && g_strcmp0(one->relay, other->relay) == 0;
}

static const DispatchItem *item_at(const GPtrArray *items, guint i) {
  return g_ptr_array_index(items, i);
}

// From `from`: the end of what goes with it, and their keys.
static guint gather(const GPtrArray *items, guint from, GArray *keys) {
  guint end = from;
  g_array_set_size(keys, 0);
  while (end < items->len && goes_with(item_at(items, from), item_at(items, end))) {
    g_array_append_val(keys, item_at(items, end)->key);
    end++;
  }
  return end;
}

static const gint64 *ids_of(const GArray *keys) {
  return (const gint64 *)(gpointer)keys->data;
}

// ---- results ------------------------------------------------------------------------------------

static DeliveryResult result_of(const Round *round, const DispatchItem *item) {
  return (DeliveryResult){.mailing_id = item->mailing->id,
                          .subscriber_id = item->key,
                          .owner = item->owner,
                          .due_at = round->now + item->delay,
                          .now = round->now,
                          .state = item->to,
                          .relay = item->relay,
                          .status = item->status,
                          .reason = item->reason,
                          .code = item->code};
}

static gboolean suppress(const Round *round, const DispatchItem *item, GError **error) {
  g_autofree char *note =
      item->code != 0 ? g_strdup_printf("%u %s", item->code, item->reason) : g_strdup(item->reason);
  SuppressedReader reader = {.subscriber_id = item->subscriber_id,
                             .reason = SUPPRESSION_BOUNCED,
                             .note = note,
                             .now = round->now};
  return suppressions_add_reader(round->transaction, round->journal->dispatch->options.token_key,
                                 &reader, error);
}

// Given up, or refused, for what is the matter with the mailbox: full, switched off for now. What
// is about us is not the reader's fault.
static gboolean is_soft(const DispatchItem *item) {
  return item->to == DELIVERY_FAILED && !item->suppress &&
         (g_str_has_prefix(item->status, "5.2.") || g_str_has_prefix(item->status, "4.2."));
}

static gboolean count_soft(const Round *round, const DispatchItem *item, GError **error) {
  const DispatchOptions *options = &round->journal->dispatch->options;
  ReturnLimits limits = {options->soft_bounces, options->soft_days};
  gboolean suppressed = FALSE;
  return returns_count_soft(round->transaction, options->token_key, item->mailing->id,
                            item->subscriber_id, &limits, item->reason, round->now, &suppressed,
                            error);
}

static gboolean settle_one(Round *round, const DispatchItem *item, GError **error) {
  DeliveryResult result = result_of(round, item);
  gboolean moved = FALSE;
  if (item->is_notice) {
    result.mailing_id = 0;
    // A notice that may have been sent is sent again.
    if (!notice_rows_settle(round->transaction, &result, &moved, error)) {
      return FALSE;
    }
  } else if (!delivery_rows_settle(round->transaction, &result, &moved, error) ||
             (moved && item->suppress && !suppress(round, item, error)) ||
             (moved && is_soft(item) && !count_soft(round, item, error))) {
    return FALSE;
  }
  round->counts[item->to] += moved ? 1 : 0;
  return TRUE;
}

static gboolean settle_group(Round *round, guint from, guint end, const GArray *keys,
                             GError **error) {
  const GPtrArray *items = round->journal->settled;
  const DispatchItem *first = item_at(items, from);
  StoreTransaction *transaction = round->transaction;
  if (!first->is_notice && first->move == DISPATCH_ACCEPT) {
    gint64 moved =
        delivery_rows_accept(transaction, first->mailing->id, first->owner, ids_of(keys), keys->len,
                             first->relay != NULL ? first->relay : "", round->now, error);
    round->counts[DELIVERY_ACCEPTED] += (guint64)MAX(moved, 0);
    return moved >= 0;
  }
  if (!first->is_notice && first->move == DISPATCH_RETURN) {
    return delivery_rows_return(transaction, first->mailing->id, first->owner, ids_of(keys),
                                keys->len, error) >= 0;
  }
  for (guint i = from; i < end; i++) {
    if (!settle_one(round, item_at(items, i), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean stop_mailings(const Round *round, guint from, guint end, GError **error) {
  for (guint i = from; i < end; i++) {
    const DispatchItem *item = item_at(round->journal->settled, i);
    if (item->stop != NULL && !item->is_notice &&
        !mailing_rows_stop(round->transaction, item->mailing->id, item->stop, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// The results of the mailing that stands at *at; moves *at behind them.
static gboolean settle_mailing(Round *round, guint *at, GArray *keys, GError **error) {
  const GPtrArray *items = round->journal->settled;
  gint64 mailing = item_at(items, *at)->mailing->id;
  guint from = *at;
  while (*at < items->len && item_at(items, *at)->mailing->id == mailing) {
    guint end = gather(items, *at, keys);
    if (!settle_group(round, *at, end, keys, error)) {
      return FALSE;
    }
    *at = end;
  }
  return stop_mailings(round, from, *at, error);
}

// ---- begins -------------------------------------------------------------------------------------

static gint compare_keys(gconstpointer a, gconstpointer b) {
  return compare_ids(*(const gint64 *)a, *(const gint64 *)b);
}

static gboolean has_key(const GArray *sorted, gint64 key) {
  return g_array_binary_search((GArray *)sorted, &key, compare_keys, NULL);
}

static gboolean begin_group(Round *round, guint from, guint end, const GArray *keys,
                            GError **error) {
  const GPtrArray *items = round->journal->begun;
  const DispatchItem *first = item_at(items, from);
  g_autoptr(GArray) moved =
      first->is_notice
          ? notice_rows_begin(round->transaction, first->owner, ids_of(keys), keys->len, round->now,
                              error)
          : delivery_rows_begin(round->transaction, first->mailing->id, first->owner, ids_of(keys),
                                keys->len, first->relay, round->now, error);
  if (moved == NULL) {
    return FALSE;
  }
  g_array_sort(moved, compare_keys);
  for (guint i = from; i < end; i++) {
    round->begun[i] = has_key(moved, item_at(items, i)->key);
  }
  return TRUE;
}

static gboolean begin_mailing(Round *round, guint *at, GArray *keys, GError **error) {
  const GPtrArray *items = round->journal->begun;
  gint64 mailing = item_at(items, *at)->mailing->id;
  while (*at < items->len && item_at(items, *at)->mailing->id == mailing) {
    guint end = gather(items, *at, keys);
    // While all is stopped, nothing begins.
    if (round->journal->stopped == NULL && !begin_group(round, *at, end, keys, error)) {
      return FALSE;
    }
    *at = end;
  }
  return TRUE;
}

// ---- the round ----------------------------------------------------------------------------------

static gint64 mailing_at(const GPtrArray *items, guint i) {
  return i < items->len ? item_at(items, i)->mailing->id : G_MAXINT64;
}

static gboolean write_all(Round *round, GError **error) {
  const GPtrArray *settled = round->journal->settled;
  const GPtrArray *begun = round->journal->begun;
  g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(gint64));
  guint at = 0;
  guint begin_at = 0;
  while (at < settled->len || begin_at < begun->len) {
    gint64 next = MIN(mailing_at(settled, at), mailing_at(begun, begin_at));
    if ((mailing_at(settled, at) == next && !settle_mailing(round, &at, keys, error)) ||
        (mailing_at(begun, begin_at) == next && !begin_mailing(round, &begin_at, keys, error))) {
      return FALSE;
    }
  }
  return TRUE;
}

typedef struct Answer {
  Dispatch *dispatch;
  GPtrArray *items;
} Answer;

static void tell_begun(gpointer data) {
  Answer *answer = data;
  for (guint i = 0; i < answer->items->len; i++) {
    dispatch_begun(answer->dispatch, answer->items->pdata[i]);
  }
  g_ptr_array_unref(answer->items);
  g_free(answer);
}

static void tell_outbox(gpointer data) {
  Answer *answer = data;
  for (guint i = 0; i < answer->items->len; i++) {
    dispatch_outbox_begun(answer->dispatch->outbox, answer->items->pdata[i]);
  }
  g_ptr_array_unref(answer->items);
  g_free(answer);
}

static void answer_begins(DispatchJournal *journal, const gboolean *begun) {
  if (journal->begun->len == 0) {
    return;
  }
  gint64 now = dispatch_boottime();
  for (guint i = 0; i < journal->begun->len; i++) {
    DispatchItem *item = g_ptr_array_index(journal->begun, i);
    item->begun = begun != NULL && begun[i];
    item->begun_at = now;
  }
  Answer *answer = g_new(Answer, 1);
  *answer = (Answer){journal->dispatch, journal->begun};
  journal->begun = g_ptr_array_new();
  event_loop_post(journal->dispatch->loop,
                  journal->dispatch->fleet != NULL ? tell_begun : tell_outbox, answer);
}

static void note_progress(DispatchJournal *journal, gint64 *last, gint64 mailing_id) {
  if (journal->dispatch->options.progress != NULL && *last != mailing_id) {
    journal->dispatch->options.progress(mailing_id, journal->dispatch->options.data);
    *last = mailing_id;
  }
}

static void forget_settled(DispatchJournal *journal) {
  gint64 last = -1;
  for (guint i = 0; i < journal->settled->len; i++) {
    DispatchItem *item = g_ptr_array_index(journal->settled, i);
    note_progress(journal, &last, item->mailing->id);
    if (item->stop != NULL) {
      dispatch_say(journal->dispatch, "mailing %" G_GINT64_FORMAT " is stopped: %s",
                   item->mailing->id, item->stop);
      journal->look_at = 0;
    }
    dispatch_claim_forget(journal, item);
    dispatch_item_free(item);
  }
  g_ptr_array_set_size(journal->settled, 0);
}

static void count(const Round *round) {
  for (int state = 0; state < DELIVERY_STATES; state++) {
    if (round->counts[state] > 0) {
      dispatch_count(round->journal->dispatch, (DeliveryState)state, round->counts[state]);
    }
  }
  dispatch_count(round->journal->dispatch, DELIVERY_IN_FLIGHT, 1); // a commit
}

gboolean dispatch_round_commit(DispatchJournal *journal, GError **error) {
  g_ptr_array_sort(journal->settled, compare_items);
  g_ptr_array_sort(journal->begun, compare_items);
  g_autofree gboolean *begun = g_new0(gboolean, journal->begun->len + 1);
  Round round = {.journal = journal, .now = dispatch_journal_now(journal), .begun = begun};
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(journal->dispatch->options.store, error);
  round.transaction = transaction;
  if (transaction == NULL || !write_all(&round, error) ||
      !dispatch_epoch_advance(journal->epoch, transaction, round.now, error) ||
      !store_commit(&transaction, error)) {
    return FALSE;
  }
  dispatch_epoch_committed(journal->epoch);
  answer_begins(journal, begun);
  count(&round);
  forget_settled(journal);
  return TRUE;
}

void dispatch_round_give_up(DispatchJournal *journal) {
  answer_begins(journal, NULL);
}
