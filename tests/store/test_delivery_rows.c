// SPDX-License-Identifier: Apache-2.0
//
// The journal of deliveries, on SQLite and on PostgreSQL: freezing, claiming with consent looked at
// again, every move from every state, counts that are the rows' at each step, two owners at once,
// burial, notices, the epoch.
#include "tests/store/newspaper.h"

#include <string.h>

#include "base/clock.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"
#include "tests/store/readership.h"

#define NOW NEWSPAPER_EPOCH
#define MINUTE (60 * CLOCK_SECOND)

static void assert_counts_are_the_rows(Newspaper *paper, gint64 mailing_id) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, NULL);
  MailingCounts counts;
  assert_true(mailing_rows_counts(transaction, mailing_id, &counts, NULL));
  gint64 of[DELIVERY_STATES] = {0};
  g_autoptr(GPtrArray) rows = delivery_rows_list(transaction, mailing_id, -1, 0, 1000000, NULL);
  for (guint i = 0; i < rows->len; i++) {
    of[((const Delivery *)g_ptr_array_index(rows, i))->state]++;
  }
  for (guint i = 0; i < DELIVERY_STATES; i++) {
    assert_int_equal(counts.of[i], of[i]);
  }
  assert_int_equal(counts.planned, mailing_counts_sum(&counts));
  assert_int_equal(counts.planned, rows->len);
}

static GArray *claim(Newspaper *paper, gint64 mailing_id, gint64 owner, gint64 now, guint limit,
                     gint64 *ret_suppressed) {
  g_autoptr(GError) error = NULL;
  StoreTransaction *transaction = newspaper_write(paper);
  GArray *claimed =
      delivery_rows_claim(transaction, mailing_id, owner, now, limit, ret_suppressed, &error);
  newspaper_must(claimed != NULL, &error);
  newspaper_must(store_commit(&paper->transaction, &error), &error);
  return claimed;
}

static gint64 *ids_of(const GArray *claimed) {
  gint64 *ids = g_new(gint64, claimed->len + 1);
  for (guint i = 0; i < claimed->len; i++) {
    ids[i] = g_array_index(claimed, ClaimedDelivery, i).subscriber_id;
  }
  return ids;
}

static guint begin(Newspaper *paper, gint64 mailing_id, gint64 owner, const gint64 *ids,
                   guint count) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) begun = delivery_rows_begin(newspaper_write(paper), mailing_id, owner, ids,
                                                count, "main", NOW, &error);
  newspaper_must(begun != NULL, &error);
  newspaper_must(store_commit(&paper->transaction, &error), &error);
  return begun->len;
}

static gint64 accept(Newspaper *paper, gint64 mailing_id, gint64 owner, const gint64 *ids,
                     guint count) {
  gint64 accepted = delivery_rows_accept(newspaper_write(paper), mailing_id, owner, ids, count,
                                         "relay", NOW, NULL);
  assert_true(store_commit(&paper->transaction, NULL));
  return accepted;
}

static gboolean settle(Newspaper *paper, const DeliveryResult *result) {
  gboolean moved = FALSE;
  g_autoptr(GError) error = NULL;
  newspaper_must(delivery_rows_settle(newspaper_write(paper), result, &moved, &error), &error);
  assert_true(store_commit(&paper->transaction, NULL));
  return moved;
}

static void set_mailing(Newspaper *paper, gint64 id, MailingState state) {
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, id, NULL);
  MailingState was = mailing->state;
  mailing->state = state;
  gboolean moved = FALSE;
  assert_true(mailing_rows_update(transaction, mailing, was, &moved, NULL) && moved);
  assert_true(store_commit(&paper->transaction, NULL));
}

static DeliveryState state_of(Newspaper *paper, gint64 mailing_id, gint64 subscriber_id) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, NULL);
  g_autoptr(Delivery) delivery = delivery_rows_get(transaction, mailing_id, subscriber_id, NULL);
  assert_non_null(delivery);
  return delivery->state;
}

static void test_life_of_a_delivery(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 100);
  gint64 mailing = readership_mailing(paper, "daily", NOW);
  assert_counts_are_the_rows(paper, mailing);
  gint64 suppressed = 0;
  g_autoptr(GArray) claimed = claim(paper, mailing, 7, NOW, 60, &suppressed);
  assert_int_equal(claimed->len, 60);
  assert_int_equal(suppressed, 0);
  const ClaimedDelivery *first = &g_array_index(claimed, ClaimedDelivery, 0);
  assert_string_equal(first->address, "reader1@example.org");
  assert_string_equal(first->name, "Reader 1");
  assert_int_equal(first->attempts, 0);
  assert_counts_are_the_rows(paper, mailing);

  g_autofree gint64 *ids = ids_of(claimed);
  assert_int_equal(begin(paper, mailing, 8, ids, 60), 0); // another's
  assert_int_equal(begin(paper, mailing, 7, ids, 50), 50);
  assert_int_equal(begin(paper, mailing, 7, ids, 50), 0); // once
  assert_counts_are_the_rows(paper, mailing);
  assert_int_equal(accept(paper, mailing, 8, ids, 40), 0);
  assert_int_equal(accept(paper, mailing, 7, ids, 40), 40);
  assert_int_equal(accept(paper, mailing, 7, ids, 40), 0);
  assert_counts_are_the_rows(paper, mailing);

  static const DeliveryState SETTLED[] = {DELIVERY_DEFERRED, DELIVERY_FAILED, DELIVERY_UNCERTAIN,
                                          DELIVERY_PENDING};
  for (guint i = 0; i < G_N_ELEMENTS(SETTLED); i++) {
    DeliveryResult result = {mailing,    ids[40 + i], 7,       NOW + MINUTE, NOW,
                             SETTLED[i], "relay",     "4.2.1", "try later",  450};
    assert_true(settle(paper, &result));
    assert_false(settle(paper, &result));
    assert_int_equal(state_of(paper, mailing, ids[40 + i]), SETTLED[i]);
  }
  assert_counts_are_the_rows(paper, mailing);
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  g_autoptr(Delivery) deferred = delivery_rows_get(reading, mailing, ids[40], NULL);
  assert_int_equal(deferred->attempts, 1);
  assert_int_equal(deferred->code, 450);
  assert_string_equal(deferred->reason, "try later");
  g_autoptr(Delivery) abandoned = delivery_rows_get(reading, mailing, ids[43], NULL);
  assert_int_equal(abandoned->attempts, 0);
  assert_int_equal(delivery_rows_next_due(reading, mailing, NULL), NOW);
  g_clear_pointer(&reading, store_rollback);

  assert_int_equal(delivery_rows_return(newspaper_write(paper), mailing, 7, ids, 60, NULL), 10);
  assert_true(store_commit(&paper->transaction, NULL));
  assert_counts_are_the_rows(paper, mailing);
  g_autoptr(GArray) rest = claim(paper, mailing, 9, NOW, 1000, &suppressed);
  assert_int_equal(rest->len, 50); // 40 never claimed and 10 returned; two are due in a minute
  g_autoptr(GArray) later = claim(paper, mailing, 9, NOW + MINUTE, 1000, &suppressed);
  assert_int_equal(later->len, 2);
  assert_counts_are_the_rows(paper, mailing);
}

static void test_consent_is_looked_at_again(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 8);
  gint64 mailing = readership_mailing(paper, "daily", NOW);
  readership_set(paper, 1, "status", 2);
  readership_set(paper, 2, "status", 0);
  readership_set(paper, 3, "paused_until", NOW + MINUTE);
  readership_set(paper, 4, "left", 1);
  readership_set(paper, 5, "erased", 1);
  gint64 suppressed = 0;
  g_autoptr(GArray) claimed = claim(paper, mailing, 7, NOW, 100, &suppressed);
  assert_int_equal(suppressed, 5);
  assert_int_equal(claimed->len, 3);
  assert_counts_are_the_rows(paper, mailing);
  // One leaves, one pauses after the claim: the dot may not leave for them.
  g_autofree gint64 *ids = ids_of(claimed);
  readership_set(paper, 6, "left", 1);
  readership_set(paper, 7, "paused_until", NOW + MINUTE);
  assert_int_equal(begin(paper, mailing, 7, ids, 3), 1);
  assert_counts_are_the_rows(paper, mailing);
}

static void test_a_paused_mailing_begins_nothing(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 10);
  gint64 mailing = readership_mailing(paper, "daily", NOW);
  gint64 suppressed = 0;
  g_autoptr(GArray) claimed = claim(paper, mailing, 7, NOW, 4, &suppressed);
  g_autofree gint64 *ids = ids_of(claimed);
  assert_int_equal(begin(paper, mailing, 7, ids, 1), 1);
  set_mailing(paper, mailing, MAILING_PAUSED);
  g_autoptr(GArray) none = claim(paper, mailing, 7, NOW, 4, &suppressed);
  assert_int_equal(none->len, 0);
  assert_int_equal(begin(paper, mailing, 7, ids + 1, 3), 0);
  // What had begun is answered for all the same.
  assert_int_equal(accept(paper, mailing, 7, ids, 1), 1);
  set_mailing(paper, mailing, MAILING_CANCELLED);
  assert_int_equal(delivery_rows_cancel(newspaper_write(paper), mailing, NOW, NULL), 6);
  assert_true(store_commit(&paper->transaction, NULL));
  DeliveryResult deferred = {.mailing_id = mailing,
                             .subscriber_id = ids[1],
                             .owner = 7,
                             .state = DELIVERY_DEFERRED,
                             .due_at = NOW};
  assert_true(settle(paper, &deferred));
  assert_int_equal(state_of(paper, mailing, ids[1]), DELIVERY_CANCELLED);
  assert_counts_are_the_rows(paper, mailing);
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  g_autoptr(GPtrArray) active = mailing_rows_active(reading, NULL);
  assert_int_equal(active->len, 1); // two are still leased: someone has to call them back
}

static void test_burial(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 20);
  for (guint policy = 0; policy < 2; policy++) {
    gint64 mailing = readership_mailing(paper, policy == 0 ? "daily" : "breaking", NOW);
    gint64 dead = dispatcher_rows_register(newspaper_write(paper), "dead", NOW, NULL);
    assert_true(dead > 0);
    assert_int_equal(dispatcher_rows_register(paper->transaction, "dead", NOW, NULL), dead);
    assert_true(store_commit(&paper->transaction, NULL));
    gint64 suppressed = 0;
    g_autoptr(GArray) claimed = claim(paper, mailing, dead, NOW, 10, &suppressed);
    g_autofree gint64 *ids = ids_of(claimed);
    assert_int_equal(begin(paper, mailing, dead, ids, 4), 4);
    gint64 returned = 0, uncertain = 0;
    assert_true(
        dispatcher_rows_bury(newspaper_write(paper), dead, NOW, &returned, &uncertain, NULL));
    assert_int_equal(returned, 6);
    assert_int_equal(uncertain, 4);
    assert_true(dispatcher_rows_bury(paper->transaction, dead, NOW, &returned, &uncertain, NULL));
    assert_int_equal(returned + uncertain, 0);
    gboolean known = TRUE;
    assert_true(dispatcher_rows_beat(paper->transaction, dead, NOW, &known, NULL));
    assert_false(known);
    assert_true(store_commit(&paper->transaction, NULL));
    assert_int_equal(state_of(paper, mailing, ids[0]),
                     policy == 0 ? DELIVERY_UNCERTAIN : DELIVERY_DEFERRED);
    assert_counts_are_the_rows(paper, mailing);
    // It lived after all: it begins nothing, and what it knows is taken.
    assert_int_equal(begin(paper, mailing, dead, ids + 4, 6), 0);
    assert_int_equal(accept(paper, mailing, dead, ids, 2), 2);
    DeliveryResult refused = {mailing,         ids[2], dead,    0,    NOW,
                              DELIVERY_FAILED, "r",    "5.1.1", "no", 550};
    assert_true(settle(paper, &refused));
    assert_counts_are_the_rows(paper, mailing);
    // A new one never gets the dead one's number.
    gint64 next = dispatcher_rows_register(newspaper_write(paper), "next", NOW, NULL);
    assert_true(next > dead);
    assert_true(dispatcher_rows_bury(paper->transaction, next, NOW, &returned, &uncertain, NULL));
    assert_true(store_commit(&paper->transaction, NULL));
  }
}

typedef struct Claimer {
  Newspaper *paper;
  gint64 mailing, owner;
  GHashTable *seen;
  GMutex *lock;
  guint *doubled;
} Claimer;

static gpointer claim_all(gpointer data) {
  Claimer *claimer = data;
  for (guint idle = 0; idle < 3;) {
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreTransaction) transaction = store_begin_write(claimer->paper->store, &error);
    gint64 suppressed = 0;
    g_autoptr(GArray) claimed = delivery_rows_claim(transaction, claimer->mailing, claimer->owner,
                                                    NOW, 37, &suppressed, &error);
    if (claimed == NULL || !store_commit(&transaction, &error)) {
      g_error("%s", error->message);
    }
    idle = claimed->len == 0 ? idle + 1 : 0;
    g_mutex_lock(claimer->lock);
    for (guint i = 0; i < claimed->len; i++) {
      gint64 id = g_array_index(claimed, ClaimedDelivery, i).subscriber_id;
      *claimer->doubled += !g_hash_table_add(claimer->seen, GINT_TO_POINTER(id));
    }
    g_mutex_unlock(claimer->lock);
  }
  return NULL;
}

static void test_two_owners_claim_nothing_twice(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 3000);
  gint64 mailing = readership_mailing(paper, "daily", NOW);
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  GMutex lock;
  g_mutex_init(&lock);
  guint doubled = 0;
  Claimer claimers[2] = {{paper, mailing, 1, seen, &lock, &doubled},
                         {paper, mailing, 2, seen, &lock, &doubled}};
  GThread *threads[2];
  for (guint i = 0; i < 2; i++) {
    threads[i] = g_thread_new("claimer", claim_all, &claimers[i]);
  }
  for (guint i = 0; i < 2; i++) {
    g_thread_join(threads[i]);
  }
  g_mutex_clear(&lock);
  assert_int_equal(doubled, 0);
  assert_int_equal(g_hash_table_size(seen), 3000);
  assert_counts_are_the_rows(paper, mailing);
}

static void test_freezing_in_steps(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 25);
  readership_set(paper, 3, "left", 1);
  readership_set(paper, 9, "paused_until", NOW + MINUTE);
  readership_set(paper, 5, "zone", 0);
  gint64 mailing = readership_insert_mailing(paper, "daily", NOW);
  static const char *const ZONES[] = {"Europe/Berlin", NULL};
  gint64 zone_due[] = {NOW + 3 * MINUTE};
  gint64 newsletter = readership_newsletter(paper, "daily");
  MailingFreeze freeze = {.mailing_id = mailing,
                          .newsletter_id = newsletter,
                          .now = NOW,
                          .due_at = NOW,
                          .limit = 10,
                          .with_names = FALSE,
                          .zone_names = ZONES,
                          .zone_due = zone_due};
  static const gint64 MADE[] = {10, 10, 3, 0};
  for (guint i = 0; i < G_N_ELEMENTS(MADE); i++) {
    gboolean more = FALSE;
    g_autoptr(GError) error = NULL;
    gint64 made = mailing_rows_freeze(newspaper_write(paper), &freeze, &more, &error);
    newspaper_must(made >= 0, &error);
    assert_int_equal(made, MADE[i]);
    assert_int_equal(more, i < 2);
    assert_true(store_commit(&paper->transaction, NULL));
    assert_counts_are_the_rows(paper, mailing);
  }
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  Mailing to_all = {.newsletter_id = newsletter};
  g_autoptr(Delivery) elsewhere = delivery_rows_get(reading, mailing, 5, NULL);
  assert_int_equal(elsewhere->due_at, NOW + 3 * MINUTE);
  assert_string_equal(elsewhere->name, "");
  assert_null(delivery_rows_get(reading, mailing, 3, NULL));
  assert_int_equal(mailing_rows_count_recipients(reading, &to_all, NULL, NOW, NULL), 23);
  g_auto(GStrv) zones = mailing_rows_zones(reading, newsletter, NULL);
  assert_int_equal(g_strv_length(zones), 1);
  assert_string_equal(zones[0], "Europe/Berlin");
}

static void test_segments(void **state) {
  Newspaper *paper = *state;
  readership_make(paper,
                  20); // number n is confirmed n minutes before NOW; even ones like section 0
  gint64 newsletter = readership_newsletter(paper, "daily");
  char *politics[] = {(char *)"politics", NULL}, *none[] = {NULL},
       *breaking[] = {(char *)"breaking", NULL};
  const struct {
    SegmentRules rules;
    gint64 expected;
  } CASES[] = {
      {{none, none, 0, 0, 0}, 20},
      {{politics, none, 0, 0, 0}, 10},
      {{none, breaking, 0, 0, 0}, 20},
      {{none, none, NOW - 5 * MINUTE, 0, 0}, 5},
      {{none, none, 0, NOW - 5 * MINUTE, 0}, 15},
      {{politics, none, NOW - 5 * MINUTE, NOW - MINUTE, 0}, 2},
      {{none, none, 0, 0, 30}, 0},
  };
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  Mailing to_all = {.newsletter_id = newsletter};
  for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GError) error = NULL;
    gint64 count = mailing_rows_count_recipients(reading, &to_all, &CASES[i].rules, NOW, &error);
    newspaper_must(count >= 0, &error);
    assert_int_equal(count, CASES[i].expected);
  }
}

static void test_retry_resolve_and_bounce(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 6);
  gint64 mailing = readership_mailing(paper, "daily", NOW);
  gint64 suppressed = 0;
  g_autoptr(GArray) claimed = claim(paper, mailing, 7, NOW, 6, &suppressed);
  g_autofree gint64 *ids = ids_of(claimed);
  begin(paper, mailing, 7, ids, 6);
  accept(paper, mailing, 7, ids, 2);
  for (guint i = 2; i < 6; i++) {
    DeliveryResult result = {
        mailing, ids[i], 7, NOW, NOW, i < 4 ? DELIVERY_FAILED : DELIVERY_UNCERTAIN, "r", "", "", 0};
    assert_true(settle(paper, &result));
  }
  StoreTransaction *transaction = newspaper_write(paper);
  assert_true(delivery_rows_bounced(transaction, mailing, ids[0], "5.1.1", "gone", NOW, NULL));
  assert_true(delivery_rows_bounced(transaction, mailing, ids[0], "5.1.1", "gone", NOW, NULL));
  assert_int_equal(delivery_rows_retry(transaction, mailing, DELIVERY_FAILED, NOW, NULL), 3);
  assert_int_equal(delivery_rows_resolve(transaction, mailing, DELIVERY_ACCEPTED, NOW, NULL), 2);
  gboolean finished = TRUE;
  assert_true(mailing_rows_finish(transaction, mailing, NOW, &finished, NULL));
  assert_false(finished);
  assert_true(store_commit(&paper->transaction, NULL));
  assert_counts_are_the_rows(paper, mailing);
  g_autoptr(GArray) again = claim(paper, mailing, 7, NOW, 6, &suppressed);
  assert_int_equal(again->len, 3);
  begin(paper, mailing, 7, ids, 6);
  accept(paper, mailing, 7, ids, 6);
  assert_true(mailing_rows_finish(newspaper_write(paper), mailing, NOW, &finished, NULL));
  assert_true(finished);
  assert_true(store_commit(&paper->transaction, NULL));
  g_autoptr(StoreTransaction) reading = store_begin_read(paper->store, NULL);
  g_autoptr(GPtrArray) of = delivery_rows_of(reading, ids[0], 10, NULL);
  assert_int_equal(of->len, 1);
}

static void test_notices(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  gint64 ids[3];
  for (guint i = 0; i < 3; i++) {
    Notice notice = {.kind = (char *)"confirm",
                     .address = (char *)"a@example.org",
                     .form = (char *)"bytes",
                     .envelope_sender = (char *)"b@example.org",
                     .due_at = NOW,
                     .expires_at = i == 2 ? NOW : NOW + MINUTE,
                     .created_at = NOW};
    ids[i] = notice_rows_insert(transaction, &notice, NULL);
    assert_true(ids[i] > 0);
  }
  assert_int_equal(notice_rows_next_due(transaction, NULL), NOW);
  g_autoptr(GPtrArray) claimed = notice_rows_claim(transaction, 7, NOW, 10, NULL);
  assert_int_equal(claimed->len, 2);
  assert_string_equal(((const Notice *)claimed->pdata[0])->form, "bytes");
  g_autoptr(GArray) held = notice_rows_held(transaction, 7, NULL);
  assert_int_equal(held->len, 2);
  g_autoptr(GArray) begun = notice_rows_begin(transaction, 7, ids, 3, NOW, NULL);
  assert_int_equal(begun->len, 2);
  DeliveryResult accepted = {0, ids[0], 7, NOW, NOW, DELIVERY_ACCEPTED, "r", "", "", 250};
  gboolean moved = FALSE;
  assert_true(notice_rows_settle(transaction, &accepted, &moved, NULL) && moved);
  assert_true(notice_rows_settle(transaction, &accepted, &moved, NULL) && !moved);
  DeliveryResult deferred = {0, ids[1], 7, NOW + MINUTE, NOW, DELIVERY_DEFERRED, "r", "", "", 450};
  assert_true(notice_rows_settle(transaction, &deferred, &moved, NULL) && moved);
  assert_int_equal(notice_rows_next_due(transaction, NULL), NOW + MINUTE);
  assert_true(store_commit(&paper->transaction, NULL));
}

static void test_epoch(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  gint64 first = epoch_rows_advance(transaction, NOW, NULL);
  assert_int_equal(epoch_rows_advance(transaction, NOW, NULL), first + 1);
  assert_true(epoch_rows_stop(transaction, "an old database", NULL));
  gint64 sequence = 0;
  gint64 at = 0;
  g_autofree char *stopped = NULL;
  assert_true(epoch_rows_get(transaction, &sequence, &at, &stopped, NULL));
  assert_string_equal(stopped, "an old database");
  assert_int_equal(at, NOW);
  assert_true(epoch_rows_resume(transaction, 1000, NULL));
  g_autofree char *going = NULL;
  assert_true(epoch_rows_get(transaction, &sequence, &at, &going, NULL));
  assert_string_equal(going, "");
  assert_int_equal(sequence, 1000);
  assert_true(epoch_rows_resume(transaction, 5, NULL));
  assert_int_equal(epoch_rows_advance(transaction, NOW, NULL), 1001);
  assert_true(store_commit(&paper->transaction, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_life_of_a_delivery, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_consent_is_looked_at_again, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_a_paused_mailing_begins_nothing, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_burial, newspaper_set_up, newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_two_owners_claim_nothing_twice, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_freezing_in_steps, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_segments, newspaper_set_up, newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_retry_resolve_and_bounce, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_notices, newspaper_set_up, newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_epoch, newspaper_set_up, newspaper_tear_down),
  };
  return newspaper_run("deliveries", tests, G_N_ELEMENTS(tests));
}
