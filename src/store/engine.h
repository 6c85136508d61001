// SPDX-License-Identifier: Apache-2.0
//
// What an engine must be able to do, for store.c; implemented by sqlite.c and postgres.c
// and included by nobody else but migrate.c. A connection is used by one thread at a time.
// Every function that can fail says so by FALSE, NULL or -1 and a STORE_ERROR.
#pragma once

#include "store/store.h"

typedef struct StoreConnection StoreConnection; // each engine's own

typedef enum StoreRole { STORE_READER, STORE_WRITER, STORE_WATCHER } StoreRole;

typedef struct StoreRowsOperations {
  gboolean (*next)(StoreRows *rows, GError **error);
  gint64 (*integer)(StoreRows *rows, guint column);
  const char *(*text)(StoreRows *rows, guint column);
  gboolean (*is_null)(StoreRows *rows, guint column);
  void (*free)(StoreRows *rows);
} StoreRowsOperations;

// The head of each engine's own rows.
struct StoreRows {
  const StoreRowsOperations *operations;
  StoreTransaction *transaction;
};

typedef struct StoreOperations {
  gboolean single_writer; // one connection writes; else every connection may
  StoreConnection *(*open)(const StoreOptions *options, StoreRole role, GError **error);
  void (*close)(StoreConnection *connection);
  gboolean (*begin)(StoreConnection *connection, gboolean write, GError **error);
  gboolean (*commit)(StoreConnection *connection, GError **error); // ended, whatever is returned
  void (*rollback)(StoreConnection *connection);
  gboolean (*is_usable)(const StoreConnection *connection); // may serve another transaction
  StoreRows *(*query)(StoreConnection *connection, QueryId query, const StoreValue *values,
                      gsize count, GError **error);
  gint64 (*execute)(StoreConnection *connection, QueryId query, const StoreValue *values,
                    gsize count, GError **error);
  // NULL: execute does it. As store_send.
  gboolean (*send)(StoreConnection *connection, QueryId query, const StoreValue *values,
                   gsize count, GError **error);
  gboolean (*bulk_begin)(StoreConnection *connection, QueryId query, GError **error);
  gboolean (*bulk_add)(StoreConnection *connection, const StoreValue *values, gsize count,
                       GError **error);
  gboolean (*bulk_end)(StoreConnection *connection, GError **error);
  gboolean (*prepare)(StoreConnection *connection, QueryId query, GError **error);
  gboolean (*run_script)(StoreConnection *connection, const char *statements, GError **error);
  gboolean (*wait)(StoreConnection *connection, guint timeout_ms, GError **error);
} StoreOperations;

extern const StoreOperations sqlite_operations;
extern const StoreOperations postgres_operations;

const char *store_query_text(StoreEngine engine, QueryId query); // NULL: not for that engine
gboolean store_run_script(StoreTransaction *transaction, const char *statements, GError **error);
