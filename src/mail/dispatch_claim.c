// SPDX-License-Identifier: Apache-2.0
//
// Which mailings are being sent, and the leases on their deliveries: ahead of the sending by about
// a second, alerts and notices first. Adopts a mailing with its frozen message, stops one whose
// hour is long past, finishes one that is done, calls back what was cancelled. Called by
// dispatch_journal.c.
#include "mail/dispatch_journal.h"

#include "newsroom/webhooks.h"
#include "store/mailing_rows.h"

#define AHEAD_LEAST 512 // claimed and not settled
#define AHEAD_MOST 6144
#define BATCH 512
#define FIRST_BATCH 64 // of an alert: the first letters leave at once
#define NOTICES_AHEAD 256
#define EMPTY_PAUSE (100 * 1000)

// ---- what is claimed ----------------------------------------------------------------------------

guint dispatch_claim_hash(gconstpointer data) {
  const DispatchItem *item = data;
  guint64 mixed = (guint64)item->key * 0x9E3779B97F4A7C15u ^ (guint64)item->mailing->id;
  return (guint)(mixed >> 32) ^ (guint)mixed;
}

gboolean dispatch_claim_equal(gconstpointer a, gconstpointer b) {
  const DispatchItem *one = a;
  const DispatchItem *other = b;
  return one->key == other->key && one->mailing->id == other->mailing->id;
}

void dispatch_claim_forget(DispatchJournal *journal, const DispatchItem *item) {
  g_hash_table_remove(journal->claimed, item);
  item->mailing->out--;
  g_atomic_int_add(&journal->dispatch->out[item->mailing->lane], -1);
  if (item->move != DISPATCH_ACCEPT) {
    item->mailing->due_at = 0; // it may be due again
  }
  if (item->mailing->out == 0 && !item->is_notice) {
    journal->look_at = 0; // it may be done
  }
  if (item->is_notice && item->move != DISPATCH_ACCEPT) {
    journal->notices_due_at = 0;
  }
}

static void remember(DispatchJournal *journal, DispatchItem *item) {
  g_hash_table_add(journal->claimed, item);
  item->mailing->out++;
  g_atomic_int_inc(&journal->dispatch->out[item->mailing->lane]);
}

static gboolean is_claimed(DispatchJournal *journal, gint64 mailing_id, gint64 key) {
  DispatchMailing mailing = {.id = mailing_id};
  DispatchItem item = {.mailing = &mailing, .key = key};
  return g_hash_table_contains(journal->claimed, &item);
}

// A commit that may or may not have happened has left leases that nobody in this process knows of.
static gboolean return_unknown(DispatchJournal *journal, StoreTransaction *transaction,
                               GError **error) {
  g_autoptr(GArray) pairs = delivery_rows_held(transaction, journal->owner, error);
  g_autoptr(GArray) notices =
      pairs != NULL ? notice_rows_held(transaction, journal->owner, error) : NULL;
  if (notices == NULL) {
    return FALSE;
  }
  for (guint i = 0; i + 1 < pairs->len; i += 2) {
    gint64 mailing = g_array_index(pairs, gint64, i);
    gint64 key = g_array_index(pairs, gint64, i + 1);
    if (!is_claimed(journal, mailing, key) &&
        delivery_rows_return(transaction, mailing, journal->owner, &key, 1, error) < 0) {
      return FALSE;
    }
  }
  for (guint i = 0; i < notices->len; i++) {
    DeliveryResult back = {.subscriber_id = g_array_index(notices, gint64, i),
                           .owner = journal->owner,
                           .state = DELIVERY_PENDING};
    gboolean moved = FALSE;
    if (!is_claimed(journal, 0, back.subscriber_id) &&
        !notice_rows_settle(transaction, &back, &moved, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// ---- mailings -----------------------------------------------------------------------------------

static gint64 lateness_of(const Mailing *row) {
  return MAX(row->latest_at - row->due_at, 60 * CLOCK_SECOND);
}

// Its hour is past, and this database has sent nothing meanwhile: the machine was off, or the
// database is a copy from before.
static gboolean is_late(DispatchJournal *journal, const Mailing *row) {
  gint64 now = dispatch_journal_now(journal);
  return now > row->latest_at && now - dispatch_epoch_last(journal->epoch) > lateness_of(row);
}

// This process slept with it in hand.
static gboolean was_slept_through(DispatchJournal *journal, const Mailing *row) {
  return dispatch_journal_now(journal) > row->latest_at &&
         dispatch_boottime() - journal->looked_boottime > lateness_of(row);
}

static gboolean stop(DispatchJournal *journal, gint64 id, const char *reason, GError **error) {
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(journal->dispatch->options.store, error);
  if (transaction == NULL || !mailing_rows_stop(transaction, id, reason, error) ||
      !store_commit(&transaction, error)) {
    return FALSE;
  }
  dispatch_say(journal->dispatch, "mailing %" G_GINT64_FORMAT " is stopped: %s", id, reason);
  return TRUE;
}

static MailingContent *load_content(DispatchJournal *journal, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction =
      store_begin_read(journal->dispatch->options.store, error);
  return transaction != NULL ? mailing_rows_get_content(transaction, id, error) : NULL;
}

static DispatchMailing *mailing_new_of(LetterForm *form, const char *envelope_sender) {
  DispatchMailing *mailing = g_new0(DispatchMailing, 1);
  g_atomic_ref_count_init(&mailing->references);
  mailing->form = form;
  mailing->envelope_sender = g_strdup(envelope_sender);
  return mailing;
}

// Takes a mailing up. A message that can't be read stops it.
static gboolean adopt(DispatchJournal *journal, const Mailing *row, GError **error) {
  GError *failure = NULL;
  g_autoptr(MailingContent) content = load_content(journal, row->id, &failure);
  if (content == NULL && !g_error_matches(failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  LetterForm *form = content != NULL ? letter_form_read(slice_of(content->form), &failure) : NULL;
  if (form == NULL) {
    g_autoptr(GError) faulty = failure;
    return stop(journal, row->id, faulty->message, error);
  }
  DispatchMailing *mailing = mailing_new_of(form, content->envelope_sender);
  mailing->id = row->id;
  mailing->lane = row->lane;
  mailing->uncertain = row->uncertain;
  mailing->frozen_at = row->frozen_at;
  g_hash_table_insert(journal->mailings, &mailing->id, mailing);
  return TRUE;
}

static void give_back_halted(gpointer data) {
  dispatch_give_back(data, FALSE);
}

static gboolean forget_unseen(gpointer key, gpointer value, gpointer data) {
  DispatchMailing *mailing = value;
  if (mailing->seen) {
    return FALSE;
  }
  g_atomic_int_set(&mailing->halted, 1);
  *(gboolean *)data = TRUE;
  return TRUE;
}

static gboolean call_back(DispatchJournal *journal, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(journal->dispatch->options.store, error);
  return transaction != NULL &&
         delivery_rows_cancel(transaction, id, dispatch_journal_now(journal), error) >= 0 &&
         store_commit(&transaction, error);
}

// When something of it is due again; finishes it if nothing ever will be.
static gboolean look_ahead(DispatchJournal *journal, DispatchMailing *mailing, GError **error) {
  g_autoptr(StoreTransaction) reading = store_begin_read(journal->dispatch->options.store, error);
  gint64 due = reading != NULL ? delivery_rows_next_due(reading, mailing->id, error) : -1;
  g_clear_pointer(&reading, store_rollback);
  if (due < 0) {
    return FALSE;
  }
  mailing->due_at = due == 0 ? G_MAXINT64 : due;
  if (due != 0 || !mailing->frozen || mailing->out > 0) {
    return TRUE;
  }
  gboolean finished = FALSE;
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(journal->dispatch->options.store, error);
  if (transaction == NULL ||
      !mailing_rows_finish(transaction, mailing->id, dispatch_journal_now(journal), &finished,
                           error) ||
      (finished && !webhooks_tell_within(transaction, dispatch_journal_now(journal), "mailing.sent",
                                         "mailing", mailing->id, error)) ||
      !store_commit(&transaction, error)) {
    return FALSE;
  }
  if (finished && journal->dispatch->options.progress != NULL) {
    journal->dispatch->options.progress(mailing->id, journal->dispatch->options.data);
  }
  return TRUE;
}

static gboolean look_at(DispatchJournal *journal, const Mailing *row, GError **error) {
  if (row->state == MAILING_CANCELLED) {
    return call_back(journal, row->id, error);
  }
  DispatchMailing *mailing = g_hash_table_lookup(journal->mailings, &row->id);
  if (mailing == NULL ? is_late(journal, row) : was_slept_through(journal, row)) {
    return stop(journal, row->id,
                "it was interrupted and its hour is long past: `mailing resume` it to send the "
                "rest all the same, or cancel it",
                error);
  }
  if (mailing == NULL) {
    if (!adopt(journal, row, error)) {
      return FALSE;
    }
    mailing = g_hash_table_lookup(journal->mailings, &row->id);
  }
  if (mailing == NULL) {
    return TRUE;
  }
  mailing->seen = TRUE;
  mailing->frozen = row->frozen_through < 0;
  return look_ahead(journal, mailing, error);
}

static gboolean load_active(DispatchJournal *journal, GPtrArray **ret_rows, GError **error) {
  g_autoptr(StoreTransaction) transaction =
      store_begin_read(journal->dispatch->options.store, error);
  *ret_rows = transaction != NULL ? mailing_rows_active(transaction, error) : NULL;
  gint64 due = *ret_rows != NULL ? notice_rows_next_due(transaction, error) : -1;
  journal->notices_due_at = due == 0 ? G_MAXINT64 : due;
  return due >= 0;
}

gboolean dispatch_claim_look(DispatchJournal *journal, GError **error) {
  g_autoptr(GPtrArray) rows = NULL;
  if (!load_active(journal, &rows, error)) {
    return FALSE;
  }
  GHashTableIter iter;
  gpointer mailing;
  g_hash_table_iter_init(&iter, journal->mailings);
  while (g_hash_table_iter_next(&iter, NULL, &mailing)) {
    ((DispatchMailing *)mailing)->seen = FALSE;
  }
  for (guint i = 0; i < rows->len; i++) {
    if (!look_at(journal, g_ptr_array_index(rows, i), error)) {
      return FALSE;
    }
  }
  gboolean halted = FALSE;
  g_hash_table_foreach_remove(journal->mailings, forget_unseen, &halted);
  if (halted) {
    event_loop_post(journal->dispatch->loop, give_back_halted, journal->dispatch);
  }
  journal->looked_boottime = dispatch_boottime();
  return TRUE;
}

// ---- leases -------------------------------------------------------------------------------------

static guint ahead(const DispatchJournal *journal) {
  gdouble rate = dispatch_numbers(journal->dispatch).rate;
  return (guint)CLAMP(rate, AHEAD_LEAST, AHEAD_MOST);
}

static gboolean has_room(const DispatchJournal *journal, MailingLane lane) {
  return (guint)MAX(g_atomic_int_get(&journal->dispatch->out[lane]), 0) < ahead(journal);
}

// The one that has waited longest with the fewest under way; NULL: none is due.
static DispatchMailing *neediest(DispatchJournal *journal, MailingLane lane, gint64 now) {
  DispatchMailing *best = NULL;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, journal->mailings);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    DispatchMailing *one = value;
    if (one->lane == lane && one->due_at <= now && (best == NULL || one->out < best->out)) {
      best = one;
    }
  }
  return best;
}

static gboolean notices_wanted(const DispatchJournal *journal, gint64 now) {
  return journal->notices_due_at <= now &&
         g_atomic_int_get(&journal->dispatch->out[LANE_ALERT]) < AHEAD_LEAST;
}

gboolean dispatch_claim_is_wanted(DispatchJournal *journal) {
  if (journal->ending || journal->stopped != NULL || journal->owner == 0) {
    return FALSE;
  }
  gint64 now = dispatch_journal_now(journal);
  return notices_wanted(journal, now) ||
         (has_room(journal, LANE_ALERT) && neediest(journal, LANE_ALERT, now) != NULL) ||
         (has_room(journal, LANE_NORMAL) && neediest(journal, LANE_NORMAL, now) != NULL);
}

gint64 dispatch_claim_next_due(DispatchJournal *journal) {
  gint64 due = journal->notices_due_at;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, journal->mailings);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    const DispatchMailing *one = value;
    due = has_room(journal, one->lane) ? MIN(due, one->due_at) : due;
  }
  return due == G_MAXINT64 || due == 0 ? 0 : due;
}

static DispatchItem *item_of(DispatchJournal *journal, DispatchMailing *mailing,
                             ClaimedDelivery *claimed) {
  DispatchItem *item = g_new0(DispatchItem, 1);
  item->mailing = dispatch_mailing_ref(mailing);
  item->key = item->subscriber_id = claimed->subscriber_id;
  item->owner = journal->owner;
  item->tried_at = claimed->tried_at;
  item->attempts = claimed->attempts;
  item->tracking = claimed->tracking;
  item->address = g_steal_pointer(&claimed->address);
  item->name = g_steal_pointer(&claimed->name);
  item->pinned = g_steal_pointer(&claimed->relay);
  return item;
}

static DispatchItem *notice_item(DispatchJournal *journal, Notice *notice) {
  g_autoptr(GError) error = NULL;
  LetterForm *form = letter_form_read(slice_of(notice->form), &error);
  DispatchMailing *mailing = mailing_new_of(form, notice->envelope_sender);
  mailing->lane = LANE_ALERT;
  mailing->uncertain = UNCERTAIN_AGAIN;
  DispatchItem *item = g_new0(DispatchItem, 1);
  item->mailing = mailing;
  item->is_notice = TRUE;
  item->key = notice->id;
  item->subscriber_id = notice->subscriber_id;
  item->owner = journal->owner;
  item->tried_at = notice->attempts > 0 ? notice->created_at : 0;
  item->attempts = notice->attempts;
  item->address = g_steal_pointer(&notice->address);
  item->name = g_strdup("");
  if (form == NULL) {
    item->move = DISPATCH_SETTLE;
    item->to = DELIVERY_FAILED;
    item->reason = g_strdup(error->message);
  }
  return item;
}

static void send_off(DispatchJournal *journal, GPtrArray *items, MailingLane lane) {
  for (guint i = 0; i < items->len; i++) {
    remember(journal, items->pdata[i]);
  }
  dispatch_fill_add(journal->dispatch->fill, items, lane);
}

static gboolean commit(DispatchJournal *journal, StoreTransaction **transaction, GError **error) {
  if (!dispatch_epoch_advance(journal->epoch, *transaction, dispatch_journal_now(journal), error)) {
    return FALSE;
  }
  journal->recover = TRUE; // until we know
  if (!store_commit(transaction, error)) {
    return FALSE;
  }
  journal->recover = FALSE;
  dispatch_epoch_committed(journal->epoch);
  return TRUE;
}

static gboolean claim_mailing(DispatchJournal *journal, StoreTransaction *transaction,
                              DispatchMailing *mailing, GError **error) {
  gint64 suppressed = 0;
  guint most = mailing->lane == LANE_ALERT && mailing->out == 0 ? FIRST_BATCH : BATCH;
  gint64 now = MAX(dispatch_journal_now(journal), mailing->frozen_at);
  g_autoptr(GArray) claimed =
      delivery_rows_claim(transaction, mailing->id, journal->owner, now, most, &suppressed, error);
  g_autoptr(StoreTransaction) ending = transaction;
  if (claimed == NULL || !commit(journal, &ending, error)) {
    return FALSE;
  }
  GPtrArray *items = g_ptr_array_sized_new(claimed->len);
  for (guint i = 0; i < claimed->len; i++) {
    g_ptr_array_add(items, item_of(journal, mailing, &g_array_index(claimed, ClaimedDelivery, i)));
  }
  send_off(journal, items, mailing->lane);
  if (claimed->len == 0 && suppressed == 0) { // paused meanwhile, or others were faster
    mailing->due_at = now + EMPTY_PAUSE;
    journal->look_at = MIN(journal->look_at, g_get_monotonic_time() + EMPTY_PAUSE);
    return TRUE;
  }
  return claimed->len + (guint64)suppressed == most || look_ahead(journal, mailing, error);
}

static gboolean claim_notices(DispatchJournal *journal, StoreTransaction *transaction,
                              GError **error) {
  g_autoptr(StoreTransaction) ending = transaction;
  g_autoptr(GPtrArray) notices = notice_rows_claim(
      transaction, journal->owner, dispatch_journal_now(journal), NOTICES_AHEAD, error);
  gint64 due = notices != NULL ? notice_rows_next_due(transaction, error) : -1;
  if (due < 0 || !commit(journal, &ending, error)) {
    return FALSE;
  }
  journal->notices_due_at = due == 0 ? G_MAXINT64 : due;
  GPtrArray *items = g_ptr_array_new();
  for (guint i = 0; i < notices->len; i++) {
    DispatchItem *item = notice_item(journal, notices->pdata[i]);
    if (item->mailing->form != NULL) {
      g_ptr_array_add(items, item);
    } else {
      remember(journal, item);
      g_ptr_array_add(journal->settled, item);
    }
  }
  send_off(journal, items, LANE_ALERT);
  return TRUE;
}

gboolean dispatch_claim_some(DispatchJournal *journal, gboolean *ret_claimed, GError **error) {
  gint64 now = dispatch_journal_now(journal);
  DispatchMailing *mailing =
      has_room(journal, LANE_ALERT) ? neediest(journal, LANE_ALERT, now) : NULL;
  gboolean notices = mailing == NULL && notices_wanted(journal, now);
  if (mailing == NULL && !notices && has_room(journal, LANE_NORMAL)) {
    mailing = neediest(journal, LANE_NORMAL, now);
  }
  *ret_claimed = mailing != NULL || notices;
  if (!*ret_claimed) {
    return TRUE;
  }
  g_autoptr(StoreTransaction) transaction =
      store_begin_write(journal->dispatch->options.store, error);
  if (transaction == NULL || (journal->recover && !return_unknown(journal, transaction, error))) {
    return FALSE;
  }
  return notices ? claim_notices(journal, g_steal_pointer(&transaction), error)
                 : claim_mailing(journal, g_steal_pointer(&transaction), mailing, error);
}
