// SPDX-License-Identifier: Apache-2.0
//
// A reader who is written to no more: status and list together, the stronger reason stays, who is
// erased meanwhile is no fault. On both engines.
#include "newsroom/reader_links.h"
#include "newsroom/suppressions.h"
#include "store/subscriber_rows.h"
#include "tests/store/newspaper.h"
#include "tests/store/readership.h"

#define KEY "0123456789abcdef"

static void suppress(Newspaper *paper, gint64 id, SuppressionReason reason) {
  g_autoptr(GError) error = NULL;
  SuppressedReader one = {id, reason, "550 5.1.1 no such user", NEWSPAPER_EPOCH};
  newspaper_must(suppressions_add_reader(newspaper_write(paper), KEY, &one, &error) &&
                     store_commit(&paper->transaction, &error),
                 &error);
}

static void assert_listed(Newspaper *paper, const char *address_key, gboolean listed,
                          SuppressionReason reason) {
  g_autoptr(GError) error = NULL;
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, &error);
  g_autofree char *hash = reader_address_hash(KEY, address_key);
  gboolean found = FALSE;
  SuppressionReason why = SUPPRESSION_MANUAL;
  newspaper_must(
      transaction != NULL && suppression_rows_get(transaction, hash, &found, &why, &error), &error);
  assert_int_equal(found, listed);
  assert_true(!listed || why == reason);
}

static void test_status_and_list(void **state) {
  Newspaper *paper = *state;
  g_autoptr(GError) error = NULL;
  readership_make(paper, 3);
  suppress(paper, 2, SUPPRESSION_BOUNCED);
  assert_listed(paper, "reader2@example.org", TRUE, SUPPRESSION_BOUNCED);
  assert_listed(paper, "reader1@example.org", FALSE, SUPPRESSION_BOUNCED);
  suppress(paper, 2, SUPPRESSION_COMPLAINED);
  assert_listed(paper, "reader2@example.org", TRUE, SUPPRESSION_COMPLAINED);
  suppress(paper, 2, SUPPRESSION_BOUNCED); // the weaker one changes nothing
  assert_listed(paper, "reader2@example.org", TRUE, SUPPRESSION_COMPLAINED);
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, &error);
  g_autoptr(Subscriber) reader = subscriber_rows_get(transaction, 2, &error);
  newspaper_must(reader != NULL, &error);
  assert_int_equal(reader->status, SUBSCRIBER_SUPPRESSED);
  assert_string_equal(reader->name, "Reader 2");
}

// Whatever order two reasons come in, the stronger one is kept.
static void test_reasons_have_ranks(void **state) {
  static const SuppressionReason WEAKEST_FIRST[] = {SUPPRESSION_IMPORTED, SUPPRESSION_BOUNCED,
                                                    SUPPRESSION_MANUAL, SUPPRESSION_COMPLAINED,
                                                    SUPPRESSION_ERASED};
  Newspaper *paper = *state;
  gint64 reader = 1;
  readership_make(paper, G_N_ELEMENTS(WEAKEST_FIRST) * G_N_ELEMENTS(WEAKEST_FIRST));
  for (guint first = 0; first < G_N_ELEMENTS(WEAKEST_FIRST); first++) {
    for (guint second = 0; second < G_N_ELEMENTS(WEAKEST_FIRST); second++, reader++) {
      g_autofree char *key = g_strdup_printf("reader%" G_GINT64_FORMAT "@example.org", reader);
      suppress(paper, reader, WEAKEST_FIRST[first]);
      suppress(paper, reader, WEAKEST_FIRST[second]);
      assert_listed(paper, key, TRUE, WEAKEST_FIRST[MAX(first, second)]);
    }
  }
}

static void test_erased_meanwhile(void **state) {
  Newspaper *paper = *state;
  readership_make(paper, 1);
  suppress(paper, 99, SUPPRESSION_BOUNCED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_status_and_list, newspaper_set_up, newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_reasons_have_ranks, newspaper_set_up,
                                      newspaper_tear_down),
      cmocka_unit_test_setup_teardown(test_erased_meanwhile, newspaper_set_up, newspaper_tear_down),
  };
  return newspaper_run("newsroom/suppressions", tests, G_N_ELEMENTS(tests));
}
