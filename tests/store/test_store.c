// SPDX-License-Identifier: Apache-2.0
//
// The store's promises, on SQLite and on PostgreSQL: snapshots, writers of two processes, kill -9
// in a transaction, killed migrations, a full disk, a server that goes away, waiting for changes.
#include "tests/store/newspaper.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/migrate.h"

static const Listing ALL = {LISTING_ALL, 0};

static Store *open_again(const char *address, guint busy_seconds) {
  StoreOptions options = {.address = address, .readers = 4, .busy_seconds = busy_seconds};
  return store_open(&options, NULL);
}

// In the words of a child process: no cmocka, the exit status says how it went.
static gboolean publish_one(Newspaper *paper, Store *store, const char *headline) {
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, NULL);
  g_autoptr(Story) story = newspaper_story(paper, headline, 0);
  return transaction != NULL &&
         story_rows_insert(transaction, story, "", 1, paper->zone, NULL) > 0 &&
         site_rows_bump_revision(transaction, 1, NULL) > 0 && store_commit(&transaction, NULL);
}

static gint64 count_stories(Store *store) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(store, NULL);
  return transaction != NULL ? story_rows_count(transaction, ALL, NULL) : -1;
}

static void test_readers_have_snapshots(void **state) {
  Newspaper *paper = *state;
  g_autoptr(StoreTransaction) before = store_begin_read(paper->store, NULL);
  assert_int_equal(story_rows_count(before, ALL, NULL), 0);
  StoreTransaction *write = newspaper_write(paper);
  g_autoptr(Story) story = newspaper_story(paper, "Seen when committed", 0);
  newspaper_insert(paper, write, story);
  assert_int_equal(count_stories(paper->store), 0);
  assert_true(store_commit(&paper->transaction, NULL));
  assert_int_equal(story_rows_count(before, ALL, NULL), 0);
  assert_int_equal(count_stories(paper->store), 1);
  newspaper_write(paper);
  newspaper_insert(paper, paper->transaction, story);
  store_rollback(g_steal_pointer(&paper->transaction));
  assert_int_equal(count_stories(paper->store), 1);
}

static void test_a_reader_cannot_write(void **state) {
  Newspaper *paper = *state;
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, NULL);
  g_autoptr(GError) error = NULL;
  assert_false(site_rows_put_setting(transaction, "name", "x", &error));
  assert_non_null(error);
}

typedef struct Reading {
  Store *store;
  gint stop, torn, reads; // atomic
} Reading;

// Every publication raises the revision by one: in one snapshot the two always agree.
static gpointer read_without_end(gpointer data) {
  Reading *reading = data;
  while (!g_atomic_int_get(&reading->stop)) {
    g_autoptr(StoreTransaction) transaction = store_begin_read(reading->store, NULL);
    gint64 count = transaction != NULL ? story_rows_count(transaction, ALL, NULL) : -1;
    g_autoptr(GPtrArray) listed =
        count >= 0 ? story_rows_list(transaction, ALL, 0, 1000, NULL) : NULL;
    if (listed == NULL || listed->len != count ||
        site_rows_revision(transaction, NULL) != count + 1) {
      g_atomic_int_inc(&reading->torn);
    }
    g_atomic_int_inc(&reading->reads);
  }
  return NULL;
}

static void test_readers_beside_a_writer(void **state) {
  Newspaper *paper = *state;
  Reading reading = {.store = paper->store};
  GThread *threads[6]; // more than there are connections: they take turns
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
    threads[i] = g_thread_new("reader", read_without_end, &reading);
  }
  guint published = 0;
  for (guint i = 0; i < 60; i++) {
    published += publish_one(paper, paper->store, "One more") ? 1 : 0;
  }
  g_atomic_int_set(&reading.stop, 1);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
    g_thread_join(threads[i]);
  }
  assert_int_equal(published, 60);
  assert_int_equal(reading.torn, 0);
  assert_true(reading.reads > 6);
}

// Runs `work` in `count` processes at once; all must succeed. The parent's store is closed
// meanwhile: a database connection does not survive a fork.
static void in_processes(Newspaper *paper, guint count,
                         gboolean (*work)(Newspaper *paper, Store *store)) {
  store_close(g_steal_pointer(&paper->store));
  pid_t children[8];
  for (guint i = 0; i < count; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      Store *store = open_again(paper->address, 30);
      gboolean done = store != NULL && work(paper, store);
      store_close(store);
      _exit(done ? 0 : 1);
    }
  }
  guint succeeded = 0;
  for (guint i = 0; i < count; i++) {
    int status = -1;
    waitpid(children[i], &status, 0);
    succeeded += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
  }
  paper->store = open_again(paper->address, 10);
  assert_non_null(paper->store);
  assert_int_equal(succeeded, count);
}

static gboolean publish_forty(Newspaper *paper, Store *store) {
  for (guint i = 0; i < 40; i++) {
    if (!publish_one(paper, store, "From a process")) {
      return FALSE;
    }
  }
  return TRUE;
}

static void test_writers_of_three_processes(void **state) {
  Newspaper *paper = *state;
  in_processes(paper, 3, publish_forty);
  assert_int_equal(count_stories(paper->store), 120);
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, NULL);
  assert_int_equal(site_rows_revision(transaction, NULL), 121);
  g_autoptr(GPtrArray) listed = story_rows_list(transaction, ALL, 0, 1000, NULL);
  assert_int_equal(listed->len, 120);
}

// Commits one story, leaves a second one half-way, says so on `ready`, and waits to be killed.
static void die_half_way(Newspaper *paper, int ready) {
  Store *store = open_again(paper->address, 10);
  gboolean done = store != NULL && publish_one(paper, store, "Acknowledged");
  StoreTransaction *transaction = done ? store_begin_write(store, NULL) : NULL;
  g_autoptr(Story) story = newspaper_story(paper, "Never acknowledged", 0);
  done = transaction != NULL && story_rows_insert(transaction, story, "", 1, paper->zone, NULL) > 0;
  if (done && write(ready, "x", 1) == 1) {
    pause();
  }
  _exit(1);
}

static void test_kill_in_a_transaction(void **state) {
  Newspaper *paper = *state;
  store_close(g_steal_pointer(&paper->store));
  for (gint64 round = 1; round <= 5; round++) {
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
      die_half_way(paper, ready[1]);
    }
    close(ready[1]);
    char byte = 0;
    ssize_t length = read(ready[0], &byte, 1);
    close(ready[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    paper->store = open_again(paper->address, 10);
    assert_non_null(paper->store);
    assert_int_equal(length, 1);
    assert_int_equal(count_stories(paper->store), 2 * round - 1);
    assert_true(publish_one(paper, paper->store, "Writing goes on at once"));
    store_close(g_steal_pointer(&paper->store));
  }
  paper->store = open_again(paper->address, 10);
}

// An empty database beside the newspaper's. Caller frees.
static char *empty_database(Newspaper *paper) {
  if (paper->folder == NULL) {
    return postgres_server_new_database(newspaper_server(), NULL);
  }
  g_autofree char *name = g_strdup_printf("empty-%08x.db", g_random_int());
  return g_build_filename(paper->folder, name, NULL);
}

static void remove_database(Newspaper *paper, const char *address) {
  static const char *const SUFFIXES[] = {"", "-wal", "-shm", ".writer"};
  for (gsize i = 0; paper->folder != NULL && i < G_N_ELEMENTS(SUFFIXES); i++) {
    g_autofree char *path = g_strconcat(address, SUFFIXES[i], NULL);
    g_unlink(path);
  }
}

static pid_t start_migration(const char *address) {
  pid_t child = fork();
  if (child == 0) {
    Store *store = open_again(address, 30);
    gboolean done =
        store != NULL && migrate_run(store, 1, NULL, NULL) && migrate_check(store, NULL);
    store_close(store);
    _exit(done ? 0 : 1);
  }
  return child;
}

static void test_migration_killed_anywhere(void **state) {
  Newspaper *paper = *state;
  for (guint round = 0; round < 10; round++) {
    g_autofree char *address = empty_database(paper);
    pid_t child = start_migration(address);
    g_usleep(round * round * 1000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    Store *store = open_again(address, 30);
    g_autoptr(GError) error = NULL;
    gboolean migrated = store != NULL && migrate_run(store, 1, NULL, &error) &&
                        migrate_check(store, &error) && store_prepare_all(store, &error);
    store_close(store);
    remove_database(paper, address);
    newspaper_must(migrated, &error);
  }
}

static void test_migrations_at_once(void **state) {
  Newspaper *paper = *state;
  g_autofree char *address = empty_database(paper);
  pid_t children[4];
  for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
    children[i] = start_migration(address);
  }
  guint succeeded = 0;
  for (guint i = 0; i < G_N_ELEMENTS(children); i++) {
    int status = -1;
    waitpid(children[i], &status, 0);
    succeeded += WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : 0;
  }
  remove_database(paper, address);
  assert_int_equal(succeeded, G_N_ELEMENTS(children));
}

static void test_schema_must_fit(void **state) {
  Newspaper *paper = *state;
  g_autofree char *address = empty_database(paper);
  Store *empty = open_again(address, 5);
  g_autoptr(GError) missing = NULL;
  assert_false(migrate_check(empty, &missing));
  store_close(empty);
  remove_database(paper, address);
  newspaper_assert_error(missing, STORE_ERROR_SCHEMA);
  assert_non_null(strstr(missing->message, "broadsheet migrate"));

  const StoreValue newer[] = {store_integer(MIGRATION_COUNT + 1), store_text("later"),
                              store_integer(1)};
  assert_true(store_execute(newspaper_write(paper), QUERY_MIGRATION_RECORD, newer, 3, NULL) == 1);
  assert_true(store_commit(&paper->transaction, NULL));
  g_autoptr(GError) error = NULL;
  assert_false(migrate_check(paper->store, &error));
  newspaper_assert_error(error, STORE_ERROR_SCHEMA);
  g_autoptr(GError) refused = NULL;
  assert_false(migrate_run(paper->store, 1, NULL, &refused));
  newspaper_assert_error(refused, STORE_ERROR_SCHEMA);
}

static gpointer publish_soon(gpointer data) {
  Newspaper *paper = data;
  g_usleep(100000);
  return GINT_TO_POINTER(publish_one(paper, paper->store, "News"));
}

static void test_waits_for_change(void **state) {
  Newspaper *paper = *state;
  assert_true(
      store_wait_for_change(paper->store, 1000, NULL)); // the first: who knows what was before
  gint64 start = g_get_monotonic_time();
  assert_true(store_wait_for_change(paper->store, 200, NULL));
  assert_true(g_get_monotonic_time() - start >= 190000);
  GThread *thread = g_thread_new("publisher", publish_soon, paper);
  start = g_get_monotonic_time();
  assert_true(store_wait_for_change(paper->store, 20000, NULL));
  gint64 took = g_get_monotonic_time() - start;
  assert_true(GPOINTER_TO_INT(g_thread_join(thread)));
  assert_in_range(took, 90000, 10000000);
}

static void test_a_full_pool_says_so(void **state) {
  Newspaper *paper = *state;
  Store *store = open_again(paper->address, 1);
  StoreTransaction *readers[4];
  for (guint i = 0; i < 4; i++) {
    readers[i] = store_begin_read(store, NULL);
  }
  g_autoptr(GError) error = NULL;
  StoreTransaction *fifth = store_begin_read(store, &error);
  for (guint i = 0; i < 4; i++) {
    store_rollback(readers[i]);
  }
  store_close(store);
  assert_null(fifth);
  newspaper_assert_error(error, STORE_ERROR_UNAVAILABLE);
}

static void test_the_same_query_twice_at_once(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autoptr(StoreRows) outer = store_query(transaction, QUERY_SECTION_LIST, STORE_NO_VALUES, NULL);
  assert_true(store_rows_next(outer, NULL));
  g_autoptr(StoreRows) inner = store_query(transaction, QUERY_SECTION_LIST, STORE_NO_VALUES, NULL);
  assert_true(store_rows_next(inner, NULL));
  assert_true(store_rows_next(inner, NULL));
  assert_false(store_rows_next(inner, NULL));
  assert_string_equal(store_row_text(outer, 1), "politics");
  assert_true(store_rows_next(outer, NULL));
  assert_string_equal(store_row_text(outer, 1), "sport");
  g_clear_pointer(&outer, store_rows_free);
  g_clear_pointer(&inner, store_rows_free);
}

static void test_values_come_back(void **state) {
  Newspaper *paper = *state;
  StoreTransaction *transaction = newspaper_write(paper);
  g_autofree char *large = g_strnfill(3000000, 'z');
  static const char UNTERMINATED[3] = {'a', '\'', 'b'};
  const StoreValue values[][2] = {{store_text("empty"), store_slice(slice_of(""))},
                                  {store_text("large"), store_text(large)},
                                  {store_text("slice"), store_slice((Slice){UNTERMINATED, 3})},
                                  {store_text("quote"), store_text("'; drop table story; --")}};
  const char *const expected[] = {"", large, "a'b", "'; drop table story; --"};
  const char *const keys[] = {"empty", "large", "slice", "quote"};
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    assert_int_equal(store_execute(transaction, QUERY_SETTING_PUT, values[i], 2, NULL), 1);
    g_autofree char *found = site_rows_get_setting(transaction, keys[i], NULL);
    assert_string_equal(found, expected[i]);
  }
  g_autoptr(GError) error = NULL;
  const StoreValue null_value[] = {store_text("null"), store_null()};
  assert_int_equal(store_execute(transaction, QUERY_SETTING_PUT, null_value, 2, &error), -1);
  newspaper_assert_error(error, STORE_ERROR_CONSTRAINT);
}

// What is sent ahead is done before what comes after it; its failure keeps all from being written.
static void test_statements_sent_ahead(void **state) {
  Newspaper *paper = *state;
  const StoreValue sent[] = {store_text("sent"), store_text("ahead")};
  const StoreValue wrong[] = {store_text("wrong"), store_null()};
  StoreTransaction *transaction = newspaper_write(paper);
  for (guint i = 0; i < 40; i++) { // more than are ever under way
    assert_true(store_send(transaction, QUERY_SETTING_PUT, sent, 2, NULL));
  }
  g_autofree char *found = site_rows_get_setting(transaction, "sent", NULL);
  assert_string_equal(found, "ahead");
  assert_true(store_send(transaction, QUERY_SETTING_PUT, sent, 2, NULL));
  assert_true(store_commit(&paper->transaction, NULL));
  transaction = newspaper_write(paper);
  const StoreValue lost[] = {store_text("sent"), store_text("lost")};
  g_autoptr(GError) error = NULL;
  assert_true(store_send(transaction, QUERY_SETTING_PUT, lost, 2, NULL));
  if (store_send(transaction, QUERY_SETTING_PUT, wrong, 2, &error)) {
    store_send(transaction, QUERY_SETTING_PUT, lost, 2, NULL);
    assert_false(store_commit(&paper->transaction, &error));
  }
  newspaper_assert_error(error, STORE_ERROR_CONSTRAINT);
  g_clear_pointer(&paper->transaction, store_rollback);
  g_autofree char *kept = site_rows_get_setting(newspaper_write(paper), "sent", NULL);
  assert_string_equal(kept, "ahead");
}

static void test_address_that_leads_nowhere(void **state) {
  const char *const ADDRESSES[] = {"/nonexistent/folder/paper.db", "host=/nonexistent dbname=paper",
                                   "postgresql://127.0.0.1:1/paper"};
  for (gsize i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
    StoreOptions options = {.address = ADDRESSES[i]};
    g_autoptr(GError) error = NULL;
    assert_null(store_open(&options, &error));
    newspaper_assert_error(error, STORE_ERROR_UNAVAILABLE);
  }
}

// The disk is full (a limit on file size stands in): writes say FULL, what was committed stays
// readable.
static int fill_the_disk(Newspaper *paper) {
  signal(SIGXFSZ, SIG_IGN);
  Store *store = open_again(paper->address, 5);
  if (store == NULL || !publish_one(paper, store, "Before")) {
    return 1;
  }
  const struct rlimit limit = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_FSIZE, &limit);
  g_autofree char *large = g_strnfill(4 << 20, 'x');
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, NULL);
  g_autoptr(GError) error = NULL;
  gboolean stored = site_rows_put_setting(transaction, "large", large, &error) &&
                    store_commit(&transaction, &error);
  if (stored || !g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL)) {
    return 2;
  }
  store_rollback(g_steal_pointer(&transaction));
  return count_stories(store) == 1 ? 0 : 3;
}

static void test_full_disk(void **state) {
  Newspaper *paper = *state;
  if (paper->folder == NULL) {
    return; // PostgreSQL's disk is its own; that it says 53100 is libpq's to test
  }
  store_close(g_steal_pointer(&paper->store));
  pid_t child = fork();
  if (child == 0) {
    _exit(fill_the_disk(paper));
  }
  int status = -1;
  waitpid(child, &status, 0);
  paper->store = open_again(paper->address, 10);
  assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
  assert_int_equal(count_stories(paper->store), 1);
}

static void test_server_goes_and_comes_back(void **state) {
  Newspaper *paper = *state;
  if (newspaper_server() == NULL) {
    return; // SQLite has no server
  }
  assert_true(publish_one(paper, paper->store, "Before the crash"));
  assert_true(store_wait_for_change(paper->store, 0, NULL));
  g_autoptr(StoreTransaction) interrupted = store_begin_read(paper->store, NULL);
  assert_true(postgres_server_crash(newspaper_server(), NULL));
  g_autoptr(GError) lost = NULL, gone = NULL, deaf = NULL;
  assert_int_equal(story_rows_count(interrupted, ALL, &lost), -1);
  newspaper_assert_error(lost, STORE_ERROR_UNAVAILABLE);
  store_rollback(g_steal_pointer(&interrupted));
  assert_null(store_begin_write(paper->store, &gone));
  newspaper_assert_error(gone, STORE_ERROR_UNAVAILABLE);
  assert_false(store_wait_for_change(paper->store, 1000, &deaf));
  assert_true(postgres_server_restart(newspaper_server(), NULL));
  assert_int_equal(count_stories(paper->store), 1);
  assert_true(publish_one(paper, paper->store, "After the crash"));
  assert_true(store_wait_for_change(paper->store, 1000, NULL));
  assert_int_equal(count_stories(paper->store), 2);
}

#define CASE(function)                                                                             \
  cmocka_unit_test_setup_teardown(function, newspaper_set_up, newspaper_tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(test_readers_have_snapshots),
      CASE(test_a_reader_cannot_write),
      CASE(test_readers_beside_a_writer),
      CASE(test_writers_of_three_processes),
      CASE(test_kill_in_a_transaction),
      CASE(test_migration_killed_anywhere),
      CASE(test_migrations_at_once),
      CASE(test_schema_must_fit),
      CASE(test_waits_for_change),
      CASE(test_a_full_pool_says_so),
      CASE(test_the_same_query_twice_at_once),
      CASE(test_values_come_back),
      CASE(test_statements_sent_ahead),
      cmocka_unit_test(test_address_that_leads_nowhere),
      CASE(test_full_disk),
      CASE(test_server_goes_and_comes_back),
  };
  return newspaper_run("the store", tests, G_N_ELEMENTS(tests));
}
