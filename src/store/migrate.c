// SPDX-License-Identifier: Apache-2.0
//
// Implements migrate.h. Each migration is read again from the table inside its own write
// transaction, under a lock that other processes respect, so that whoever comes second
// finds it done.
#include "store/migrate.h"

#include "store/engine.h"

static gint64 newest_applied(StoreTransaction *transaction, GError **error) {
  gint64 tables = 0, newest = 0;
  if (!store_query_integer(transaction, QUERY_MIGRATION_TABLE_EXISTS, STORE_NO_VALUES, &tables,
                           error)) {
    return -1;
  }
  if (tables > 0 &&
      !store_query_integer(transaction, QUERY_MIGRATION_NEWEST, STORE_NO_VALUES, &newest, error)) {
    return -1;
  }
  return newest;
}

static gboolean refuse_newer(gint64 newest, GError **error) {
  if (newest > MIGRATION_COUNT) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_SCHEMA,
                "the database is at migration %" G_GINT64_FORMAT ", this broadsheet knows only %d: "
                "a newer broadsheet has used it; install that version again",
                newest, MIGRATION_COUNT);
    return FALSE;
  }
  return TRUE;
}

static gboolean apply(StoreTransaction *transaction, const MigrationText *migration, gint64 now,
                      GError **error) {
  const char *statements = store_transaction_engine(transaction) == STORE_SQLITE
                               ? migration->sqlite
                               : migration->postgres;
  if (!store_run_script(transaction, statements, error)) {
    g_prefix_error(error, "migration %03d_%s: ", migration->number, migration->name);
    return FALSE;
  }
  return store_execute(transaction, QUERY_MIGRATION_RECORD,
                       STORE_VALUES(store_integer(migration->number), store_text(migration->name),
                                    store_integer(now)),
                       error) >= 0;
}

// One transaction: the next migration, if there is one. *ret_more FALSE: the database is up to
// date.
static gboolean run_next(Store *store, gint64 now, gboolean *ret_more, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, error);
  gint64 locked = 0;
  if (transaction == NULL ||
      !store_query_integer(transaction, QUERY_MIGRATION_LOCK, STORE_NO_VALUES, &locked, error) ||
      store_execute(transaction, QUERY_MIGRATION_TABLE_CREATE, STORE_NO_VALUES, error) < 0) {
    return FALSE;
  }
  gint64 newest = newest_applied(transaction, error);
  if (newest < 0 || !refuse_newer(newest, error)) {
    return FALSE;
  }
  *ret_more = newest < MIGRATION_COUNT;
  if (*ret_more && !apply(transaction, &MIGRATION_TEXTS[newest], now, error)) {
    return FALSE;
  }
  return store_commit(&transaction, error);
}

gboolean migrate_run(Store *store, gint64 now, guint *ret_applied, GError **error) {
  guint applied = 0;
  for (gboolean more = TRUE; more;) {
    if (!run_next(store, now, &more, error)) {
      return FALSE;
    }
    applied += more ? 1 : 0;
  }
  if (ret_applied != NULL) {
    *ret_applied = applied;
  }
  return TRUE;
}

gboolean migrate_check(Store *store, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(store, error);
  gint64 newest = transaction != NULL ? newest_applied(transaction, error) : -1;
  if (newest < 0 || !refuse_newer(newest, error)) {
    return FALSE;
  }
  if (newest < MIGRATION_COUNT) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_SCHEMA,
                "the database is at migration %" G_GINT64_FORMAT
                " of %d: run \"broadsheet migrate\"",
                newest, MIGRATION_COUNT);
    return FALSE;
  }
  return TRUE;
}
