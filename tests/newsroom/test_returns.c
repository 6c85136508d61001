// SPDX-License-Identifier: Apache-2.0
//
// Reports become states: each kind's consequence, once; forged and foreign ones touch nobody. On
// both engines. Does not cover: how reports are read (tests/mail/test_bounce.c).
#include "newsroom/returns.h"

#include <string.h>

#include "newsroom/reader_links.h"
#include "newsroom/settings.h"
#include "store/delivery_rows.h"
#include "store/engine.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/subscriber_rows.h"
#include "tests/newsroom/room.h"
#include "tests/store/readership.h"

typedef struct Post {
  Room room;
  gint64 mailing;
  char *key;
} Post;

static void accept_all(Post *post, gint64 mailing) {
  g_autoptr(GError) error = NULL;
  g_autofree char *script = g_strdup_printf(
      "update delivery set state = 3 where mailing_id = %" G_GINT64_FORMAT ";"
      "delete from mailing_count where mailing_id = %" G_GINT64_FORMAT ";"
      "insert into mailing_count (mailing_id, state, count) select mailing_id, 3, "
      "count(*) from delivery where mailing_id = %" G_GINT64_FORMAT " group by mailing_id;",
      mailing, mailing, mailing);
  StoreTransaction *transaction = newspaper_write(post->room.paper);
  newspaper_must(store_run_script(transaction, script, &error) &&
                     store_commit(&post->room.paper->transaction, &error),
                 &error);
}

static void post_open(Post *post, Newspaper *paper) {
  g_autoptr(GError) error = NULL;
  *post = (Post){0};
  room_open(&post->room, paper);
  newspaper_must(settings_prepare(&post->room.newsroom, &error), &error);
  readership_make(paper, 5);
  post->mailing = readership_mailing(paper, "daily", post->room.now);
  accept_all(post, post->mailing);
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, &error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, &error) : NULL;
  newspaper_must(site != NULL, &error);
  post->key = g_strdup(site->mail_key);
}

static void post_close(Post *post) {
  g_free(post->key);
  room_close(&post->room);
}

static ReturnedMail *report(Post *post, BounceKind kind, const char *digest, gint64 mailing,
                            gint64 reader) {
  ReturnedMail *mail = returned_mail_new();
  mail->kind = kind;
  newspaper_set(&mail->digest, digest);
  newspaper_set(&mail->status, "5.1.1");
  newspaper_set(&mail->reason, "no such user");
  if (reader != 0) {
    gboolean wish = kind == BOUNCE_WISH;
    g_autofree char *token =
        reader_token(post->key, wish ? READER_UNSUBSCRIBE : READER_BOUNCE, mailing, reader);
    returned_mail_add_token(mail, wish ? RETURNED_TOKEN_UNSUBSCRIBE : RETURNED_TOKEN_ENVELOPE,
                            slice_of(token));
  }
  return mail;
}

static ReturnOutcome take(Post *post, ReturnedMail *mail) {
  g_autoptr(GError) error = NULL;
  g_autoptr(ReturnedMail) owned = mail;
  ReturnOutcome outcome;
  ReturnLimits limits = {.soft_bounces = 3, .soft_days = 4};
  newspaper_must(returns_take(&post->room.newsroom, owned, "test", &limits, &outcome, &error),
                 &error);
  return outcome;
}

static Subscriber *reader_of(Post *post, gint64 id) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->room.paper->store, &error);
  Subscriber *reader = transaction != NULL ? subscriber_rows_get(transaction, id, &error) : NULL;
  newspaper_must(reader != NULL, &error);
  return reader;
}

static SubscriberStatus status_of(Post *post, gint64 id) {
  g_autoptr(Subscriber) reader = reader_of(post, id);
  return reader->status;
}

static gboolean listed(Post *post, gint64 id, SuppressionReason *ret_reason) {
  g_autoptr(GError) error = NULL;
  gboolean is_listed = FALSE;
  g_autoptr(Subscriber) reader = reader_of(post, id);
  g_autofree char *hash = reader_address_hash(post->key, reader->address_key);
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->room.paper->store, &error);
  newspaper_must(suppression_rows_get(transaction, hash, &is_listed, ret_reason, &error), &error);
  return is_listed;
}

static guint active_of(Post *post, gint64 id) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->room.paper->store, NULL);
  g_autoptr(GArray) all = subscription_rows_of(transaction, id, NULL);
  guint count = 0;
  for (guint i = 0; i < all->len; i++) {
    count += g_array_index(all, Subscription, i).status == SUBSCRIPTION_ACTIVE ? 1 : 0;
  }
  return count;
}

static DeliveryState delivery_of(Post *post, gint64 mailing, gint64 id) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->room.paper->store, NULL);
  g_autoptr(Delivery) delivery = delivery_rows_get(transaction, mailing, id, NULL);
  MailingCounts counts;
  assert_true(mailing_rows_counts(transaction, mailing, &counts, NULL));
  assert_int_equal(mailing_counts_sum(&counts), counts.planned);
  return delivery->state;
}

static guint bounces(Post *post) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(post->room.paper->store, NULL);
  g_autoptr(GPtrArray) all = bounce_rows_list(transaction, 0, 0, 1000, NULL);
  return all->len;
}

static void test_hard(void **state) {
  Post post;
  SuppressionReason reason;
  post_open(&post, *state);
  ReturnOutcome outcome = take(&post, report(&post, BOUNCE_HARD, "a", post.mailing, 2));
  assert_int_equal(outcome.result, RETURN_COUNTED);
  assert_true(outcome.suppressed && outcome.subscriber_id == 2 &&
              outcome.mailing_id == post.mailing);
  assert_int_equal(status_of(&post, 2), SUBSCRIBER_SUPPRESSED);
  assert_true(listed(&post, 2, &reason) && reason == SUPPRESSION_BOUNCED);
  assert_int_equal(active_of(&post, 2),
                   3); // what they had signed up for stays: the mailbox may be mended
  assert_int_equal(delivery_of(&post, post.mailing, 2), DELIVERY_FAILED);
  assert_int_equal(delivery_of(&post, post.mailing, 3), DELIVERY_ACCEPTED);
  assert_int_equal(take(&post, report(&post, BOUNCE_HARD, "a", post.mailing, 2)).result,
                   RETURN_REPEATED);
  assert_int_equal(take(&post, report(&post, BOUNCE_HARD, "b", post.mailing, 2)).result,
                   RETURN_REPEATED);
  assert_int_equal(bounces(&post), 1);
  assert_int_equal(status_of(&post, 3), SUBSCRIBER_ACTIVE);
  post_close(&post);
}

static void test_complaint(void **state) {
  Post post;
  SuppressionReason reason;
  post_open(&post, *state);
  take(&post, report(&post, BOUNCE_HARD, "a", post.mailing, 1));
  ReturnOutcome outcome = take(&post, report(&post, BOUNCE_COMPLAINT, "b", post.mailing, 1));
  assert_true(outcome.result == RETURN_COUNTED && outcome.left && !outcome.suppressed);
  assert_int_equal(active_of(&post, 1), 0);
  assert_true(listed(&post, 1, &reason) && reason == SUPPRESSION_COMPLAINED);
  outcome = take(&post, report(&post, BOUNCE_COMPLAINT, "c", post.mailing, 2));
  assert_true(outcome.suppressed);
  assert_int_equal(delivery_of(&post, post.mailing, 2), DELIVERY_ACCEPTED); // it did arrive
  take(&post, report(&post, BOUNCE_HARD, "d", post.mailing, 2));
  assert_true(listed(&post, 2, &reason) && reason == SUPPRESSION_COMPLAINED); // the stronger stays
  g_autoptr(StoreTransaction) transaction = store_begin_read(post.room.paper->store, NULL);
  g_autoptr(GPtrArray) consents = consent_rows_of(transaction, 1, NULL);
  const Consent *last = consents->pdata[consents->len - 1];
  assert_int_equal(last->kind, CONSENT_WITHDRAWN);
  assert_string_equal(last->page, "mail: test");
  g_clear_pointer(&transaction, store_rollback);
  post_close(&post);
}

static void test_wish(void **state) {
  Post post;
  post_open(&post, *state);
  ReturnOutcome outcome = take(&post, report(&post, BOUNCE_WISH, "a", post.mailing, 4));
  assert_true(outcome.result == RETURN_COUNTED && outcome.left);
  assert_int_equal(active_of(&post, 4), 2);
  assert_int_equal(status_of(&post, 4), SUBSCRIBER_ACTIVE);
  take(&post, report(&post, BOUNCE_WISH, "b", 0, 4)); // everything
  assert_int_equal(active_of(&post, 4), 0);
  // A bounce token is no wish to leave, and the other way round.
  ReturnedMail *mixed = report(&post, BOUNCE_WISH, "c", post.mailing, 5);
  mixed->kind = BOUNCE_HARD;
  assert_int_equal(take(&post, mixed).result, RETURN_STRANGER);
  mixed = report(&post, BOUNCE_HARD, "d", post.mailing, 5);
  mixed->kind = BOUNCE_WISH;
  assert_int_equal(take(&post, mixed).result, RETURN_STRANGER);
  assert_int_equal(active_of(&post, 5), 3);
  post_close(&post);
}

static void test_soft(void **state) {
  Post post;
  post_open(&post, *state);
  gint64 mailings[8];
  for (guint i = 0; i < G_N_ELEMENTS(mailings); i++) {
    mailings[i] = readership_mailing(post.room.paper, "daily", post.room.now + i);
    accept_all(&post, mailings[i]);
  }
  // Three in two days are enough in number, not in time.
  for (guint i = 0; i < 3; i++) {
    g_autofree char *digest = g_strdup_printf("soft %u", i);
    assert_false(take(&post, report(&post, BOUNCE_SOFT, digest, mailings[i], 1)).suppressed);
    assert_int_equal(take(&post, report(&post, BOUNCE_SOFT, digest, mailings[i], 1)).result,
                     RETURN_REPEATED);
    post.room.now += CLOCK_DAY;
  }
  post.room.now += 2 * CLOCK_DAY;
  g_autoptr(Subscriber) before = reader_of(&post, 1);
  assert_int_equal(before->soft_bounces, 3);
  // The fourth of their letters got through: counted from the beginning.
  take(&post, report(&post, BOUNCE_SOFT, "soft 4", mailings[4], 1));
  g_autoptr(Subscriber) after = reader_of(&post, 1);
  assert_int_equal(after->soft_bounces, 1);
  assert_int_equal(status_of(&post, 1), SUBSCRIBER_ACTIVE);
  take(&post, report(&post, BOUNCE_SOFT, "soft 5", mailings[5], 1));
  post.room.now += 4 * CLOCK_DAY;
  assert_true(take(&post, report(&post, BOUNCE_SOFT, "soft 6", mailings[6], 1)).suppressed);
  assert_int_equal(status_of(&post, 1), SUBSCRIBER_SUPPRESSED);
  assert_int_equal(delivery_of(&post, mailings[6], 1), DELIVERY_FAILED);
  post_close(&post);
}

static void test_nobody_is_touched(void **state) {
  Post post;
  post_open(&post, *state);
  static const BounceKind KINDS[] = {BOUNCE_HARD, BOUNCE_SOFT, BOUNCE_COMPLAINT, BOUNCE_WISH};
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    g_autofree char *digest = g_strdup_printf("forged %zu", i);
    ReturnedMail *mail = report(&post, KINDS[i], digest, 0, 0);
    newspaper_set(&mail->address, "reader3@example.org"); // a name alone proves nothing
    g_autofree char *forged =
        reader_token("another key, not the newspaper's", READER_BOUNCE, post.mailing, 3);
    g_autofree char *page = reader_token(post.key, READER_PAGE, post.mailing, 3);
    for (int kind = RETURNED_TOKEN_ENVELOPE; kind <= RETURNED_TOKEN_UNSUBSCRIBE; kind++) {
      returned_mail_add_token(mail, (ReturnedTokenKind)kind, slice_of(forged));
      returned_mail_add_token(mail, (ReturnedTokenKind)kind, slice_of(page));
    }
    assert_int_equal(take(&post, mail).result, RETURN_STRANGER);
  }
  assert_int_equal(take(&post, report(&post, BOUNCE_AUTOMATIC, "auto", post.mailing, 3)).result,
                   RETURN_AUTOMATIC);
  assert_int_equal(take(&post, report(&post, BOUNCE_UNKNOWN, "odd", post.mailing, 3)).result,
                   RETURN_UNKNOWN);
  assert_int_equal(status_of(&post, 3), SUBSCRIBER_ACTIVE);
  assert_int_equal(active_of(&post, 3), 3);
  assert_int_equal(delivery_of(&post, post.mailing, 3), DELIVERY_ACCEPTED);
  assert_int_equal(bounces(&post), 4); // three that look like bounces, and the odd one
  post_close(&post);
}

static void test_strangers_are_bounded(void **state) {
  Post post;
  post_open(&post, *state);
  for (guint i = 0; i < 210; i++) {
    g_autofree char *digest = g_strdup_printf("spam %u", i);
    take(&post, report(&post, BOUNCE_HARD, digest, 0, 0));
  }
  assert_int_equal(bounces(&post), 200);
  post_close(&post);
}

static void test_vouched(void **state) {
  Post post;
  post_open(&post, *state);
  ReturnedMail *mail = report(&post, BOUNCE_HARD, "v", 0, 0);
  mail->vouched = TRUE;
  newspaper_set(&mail->address, "Reader2@EXAMPLE.org");
  assert_true(take(&post, mail).suppressed);
  assert_int_equal(status_of(&post, 2), SUBSCRIBER_SUPPRESSED);
  mail = report(&post, BOUNCE_HARD, "w", 0, 0);
  mail->vouched = TRUE;
  newspaper_set(&mail->address, "nobody\r\n@example.org");
  assert_int_equal(take(&post, mail).result, RETURN_STRANGER);
  post_close(&post);
}

static void test_erased(void **state) {
  Post post;
  post_open(&post, *state);
  readership_set(post.room.paper, 5, "erased", 0);
  ReturnOutcome outcome = take(&post, report(&post, BOUNCE_HARD, "e", post.mailing, 5));
  assert_int_equal(outcome.result, RETURN_COUNTED);
  assert_int_equal(delivery_of(&post, post.mailing, 5), DELIVERY_FAILED);
  g_autoptr(StoreTransaction) transaction = store_begin_read(post.room.paper->store, NULL);
  g_autoptr(GPtrArray) all = bounce_rows_list(transaction, 0, 0, 10, NULL);
  const Bounce *bounce = all->pdata[0];
  assert_int_equal(bounce->subscriber_id, 0);
  assert_string_equal(bounce->reason, "");
  g_clear_pointer(&transaction, store_rollback);
  // A mailing that is gone: what is known of the reader counts all the same.
  assert_true(take(&post, report(&post, BOUNCE_HARD, "f", 999, 4)).suppressed);
  post_close(&post);
}

static void test_in_a_dispatchers_transaction(void **state) {
  Post post;
  g_autoptr(GError) error = NULL;
  gboolean suppressed = TRUE;
  post_open(&post, *state);
  StoreTransaction *transaction = newspaper_write(post.room.paper);
  newspaper_must(returns_count_soft(transaction, post.key, post.mailing, 12345, NULL, "452 full",
                                    post.room.now, &suppressed, &error) &&
                     returns_count_soft(transaction, post.key, post.mailing, 2, NULL, "452 full",
                                        post.room.now, &suppressed, &error) &&
                     store_commit(&post.room.paper->transaction, &error),
                 &error);
  assert_false(suppressed);
  g_autoptr(Subscriber) soft = reader_of(&post, 2);
  assert_int_equal(soft->soft_bounces, 1);
  post_close(&post);
}

// A single message's Message-ID names the notice, which names the reader.
static void test_notice(void **state) {
  Post post;
  g_autoptr(GError) error = NULL;
  post_open(&post, *state);
  StoreTransaction *transaction = newspaper_write(post.room.paper);
  Notice notice = {.subscriber_id = 4,
                   .kind = (char *)"confirm",
                   .address = (char *)"reader4@example.org",
                   .form = (char *)"",
                   .envelope_sender = (char *)""};
  gint64 id = 0;
  for (guint i = 0; i < 3; i++) { // so that its number is not the reader's
    id = notice_rows_insert(transaction, &notice, &error);
    newspaper_must(id > 0, &error);
  }
  newspaper_must(store_commit(&post.room.paper->transaction, &error), &error);
  ReturnedMail *mail = report(&post, BOUNCE_HARD, "n", 0, 0);
  g_autofree char *token = reader_token(post.key, READER_MESSAGE_ID, 0, id);
  returned_mail_add_token(mail, RETURNED_TOKEN_MESSAGE_ID, slice_of(token));
  ReturnOutcome outcome = take(&post, mail);
  assert_true(outcome.suppressed && outcome.subscriber_id == 4);
  assert_int_equal(status_of(&post, id), SUBSCRIBER_ACTIVE);
  post_close(&post);
}

#define ROOM_TEST(test) cmocka_unit_test_setup_teardown(test, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      ROOM_TEST(test_hard),
      ROOM_TEST(test_complaint),
      ROOM_TEST(test_wish),
      ROOM_TEST(test_soft),
      ROOM_TEST(test_nobody_is_touched),
      ROOM_TEST(test_strangers_are_bounded),
      ROOM_TEST(test_vouched),
      ROOM_TEST(test_erased),
      ROOM_TEST(test_in_a_dispatchers_transaction),
      ROOM_TEST(test_notice),
  };
  return newspaper_run("newsroom/returns", tests, G_N_ELEMENTS(tests));
}
