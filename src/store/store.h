// SPDX-License-Identifier: Apache-2.0
//
// The database behind one door: SQLite (default) or PostgreSQL 15+, the same calls and
// the same named queries (sql/queries). Everything happens in a transaction, which one
// thread uses at a time; the Store itself may be used from any thread.
//
// SQLite: WAL, synchronous=FULL (acknowledged is durable), many readers, one writer
// connection for the whole process behind a lock, and an flock(2) on "<file>.writer"
// between processes; checkpoints are run by that writer only (the WAL-reset race of
// SQLite before 3.51.3). PostgreSQL: a pool of connections; reads are REPEATABLE READ READ ONLY.
#pragma once

#include <glib.h>

#include "base/slice.h"
#include "store/queries.h"

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
typedef enum StoreError {
  STORE_ERROR_UNAVAILABLE, // can't be reached, gone, locked for too long: try again later
  STORE_ERROR_FULL,        // no disk space, or the disk failed: writes are refused, reads go on
  STORE_ERROR_CONSTRAINT,  // a unique key or reference says no
  STORE_ERROR_NOT_FOUND,
  STORE_ERROR_SCHEMA, // migrations are missing, or newer than this binary
  STORE_ERROR_FAILED  // anything else; the message says what and where
} StoreError;

typedef enum StoreEngine { STORE_SQLITE, STORE_POSTGRES } StoreEngine;

typedef struct StoreOptions {
  const char
      *address; // a file's path, or postgresql://… / "host=… dbname=…" (libpq connection string)
  guint readers;      // connections for reading (and, on PostgreSQL, writing); 0: 4
  guint busy_seconds; // how long to wait for a lock or a connection; 0: 10
} StoreOptions;

typedef struct Store Store;
typedef struct StoreTransaction StoreTransaction;
typedef struct StoreRows StoreRows;

Store *store_open(const StoreOptions *options, GError **error); // does not migrate
void store_close(Store *store);                                 // all transactions ended before
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)
StoreEngine store_engine(const Store *store);

StoreTransaction *store_begin_read(Store *store, GError **error);
StoreTransaction *store_begin_write(Store *store, GError **error); // waits for its turn
// After any error of store_query or store_execute a write transaction can only be rolled back (an
// engine may have given it up); store_commit then fails. "No row" (NOT_FOUND) is not such an error.
// Ends the transaction and clears *transaction whatever happens; on FALSE nothing was written.
gboolean store_commit(StoreTransaction **transaction, GError **error);
void store_rollback(StoreTransaction *transaction); // what g_autoptr does
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTransaction, store_rollback)
StoreEngine store_transaction_engine(const StoreTransaction *transaction);

// Parameters. Text and blobs are borrowed until the call returns.
typedef struct StoreValue {
  enum { STORE_NULL, STORE_INTEGER, STORE_TEXT, STORE_BLOB } type;
  gint64 integer;
  Slice bytes;
} StoreValue;
StoreValue store_null(void);
StoreValue store_integer(gint64 value);
StoreValue store_text(const char *value); // NULL is null
StoreValue store_slice(Slice value);
StoreValue store_reference(gint64 id); // 0 is null
#define STORE_VALUES(...)                                                                          \
  ((const StoreValue[]){__VA_ARGS__}), G_N_ELEMENTS(((const StoreValue[]){__VA_ARGS__}))
#define STORE_NO_VALUES NULL, 0

// Runs a query that gives rows. NULL on error.
StoreRows *store_query(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error);
// TRUE: on the next row. FALSE: at the end (*error untouched) or failed (*error set).
gboolean store_rows_next(StoreRows *rows, GError **error);
gint64 store_row_integer(StoreRows *rows, guint column);   // null is 0
const char *store_row_text(StoreRows *rows, guint column); // null is ""; valid until the next row
char *store_row_dup(StoreRows *rows, guint column);        // null is ""
gboolean store_row_is_null(StoreRows *rows, guint column);
void store_rows_free(StoreRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRows, store_rows_free)

// Runs a query for its effect; gives the rows changed, or -1.
gint64 store_execute(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                     gsize count, GError **error);
// Runs a query of which nothing but its failure matters: it may leave for the server along with the
// next one, so that only one answer is waited for. The failure may come from a later call, and does
// from store_commit at the latest.
gboolean store_send(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                    gsize count, GError **error);
// Runs a query that gives one row with one integer ("returning id"). NOT_FOUND if it gives none.
gboolean store_query_integer(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                             gsize count, gint64 *ret_value, GError **error);

// Many rows into one table: `query` inserts one on SQLite and is "copy … from stdin" on PostgreSQL.
// Between begin and end nothing else may be run in the transaction.
gboolean store_bulk_begin(StoreTransaction *transaction, QueryId query, GError **error);
gboolean store_bulk_add(StoreTransaction *transaction, const StoreValue *values, gsize count,
                        GError **error);
gboolean store_bulk_end(StoreTransaction *transaction, GError **error);

// Prepares every named query on this engine; the error names the first that fails.
gboolean store_prepare_all(Store *store, GError **error);

// Blocks until another connection or process may have changed the database, or until `timeout_ms`
// has passed: data_version on SQLite, LISTEN/NOTIFY on PostgreSQL. One thread at a time (the
// revision watcher's). FALSE with error if the database is gone; the next call connects again.
gboolean store_wait_for_change(Store *store, guint timeout_ms, GError **error);

// "3,14,15": how queries take a list of ids. Caller frees.
char *store_id_list(const gint64 *ids, gsize count);
