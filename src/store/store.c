// SPDX-License-Identifier: Apache-2.0
//
// Implements store.h over an engine (engine.h): which one an address means, the pools of
// connections, and what a transaction may still do after an error. Knows no SQL and no
// database library. A connection that an engine no longer calls usable is closed, never
// handed out again.
#include "store/engine.h"

#include <string.h>

typedef struct Pool {
  StoreRole role;
  guint limit, open; // open: idle ones and those in use
  GPtrArray *idle;   // StoreConnection *, used last at the end (its caches are warm)
} Pool;

struct Store {
  StoreEngine engine;
  const StoreOperations *operations;
  char *address;
  guint busy_seconds;
  GMutex lock; // guards the pools
  GCond freed;
  Pool reading, writing;
  StoreConnection *watcher; // of the one thread that waits for changes; no lock
};

struct StoreTransaction {
  Store *store;
  Pool *pool;
  StoreConnection *connection;
  gboolean write;
  gboolean failed; // a statement failed: only rollback is left
};

G_DEFINE_QUARK(broadsheet - store - error, store_error)

static StoreEngine engine_of(const char *address) {
  gboolean postgres = g_str_has_prefix(address, "postgresql://") ||
                      g_str_has_prefix(address, "postgres://") ||
                      strstr(address, "dbname=") != NULL || g_str_has_prefix(address, "host=") ||
                      g_str_has_prefix(address, "service=");
  return postgres ? STORE_POSTGRES : STORE_SQLITE;
}

const char *store_query_text(StoreEngine engine, QueryId query) {
  return engine == STORE_SQLITE ? QUERY_TEXTS[query].sqlite : QUERY_TEXTS[query].postgres;
}

static StoreConnection *open_connection(Store *store, StoreRole role, GError **error) {
  StoreOptions options = {.address = store->address, .busy_seconds = store->busy_seconds};
  // cppcheck-suppress returnDanglingLifetime ; what is returned does not point into the options
  return store->operations->open(&options, role, error);
}

static Pool *writing_pool(Store *store) {
  return store->operations->single_writer ? &store->writing : &store->reading;
}

Store *store_open(const StoreOptions *options, GError **error) {
  Store *store = g_new0(Store, 1);
  store->engine = engine_of(options->address);
  store->operations = store->engine == STORE_SQLITE ? &sqlite_operations : &postgres_operations;
  store->address = g_strdup(options->address);
  store->busy_seconds = options->busy_seconds != 0 ? options->busy_seconds : 10;
  g_mutex_init(&store->lock);
  g_cond_init(&store->freed);
  store->reading =
      (Pool){STORE_READER, options->readers != 0 ? options->readers : 4, 0, g_ptr_array_new()};
  store->writing = (Pool){STORE_WRITER, 1, 0, g_ptr_array_new()};
  // One connection at once, so that a wrong address is known here. On SQLite it is the writer,
  // which also turns the file to WAL before any reader sees it.
  Pool *pool = writing_pool(store);
  StoreConnection *first = open_connection(store, pool->role, error);
  if (first == NULL) {
    store_close(store);
    return NULL;
  }
  g_ptr_array_add(pool->idle, first);
  pool->open = 1;
  return store;
}

static void pool_clear(Store *store, Pool *pool) {
  for (guint i = 0; i < pool->idle->len; i++) {
    store->operations->close(g_ptr_array_index(pool->idle, i));
  }
  g_ptr_array_unref(pool->idle);
}

void store_close(Store *store) {
  if (store == NULL) {
    return;
  }
  g_assert(store->reading.open == store->reading.idle->len);
  g_assert(store->writing.open == store->writing.idle->len);
  if (store->watcher != NULL) {
    store->operations->close(store->watcher);
  }
  pool_clear(store, &store->reading);
  pool_clear(store, &store->writing);
  g_mutex_clear(&store->lock);
  g_cond_clear(&store->freed);
  g_free(store->address);
  g_free(store);
}

StoreEngine store_engine(const Store *store) {
  return store->engine;
}

StoreEngine store_transaction_engine(const StoreTransaction *transaction) {
  return transaction->store->engine;
}

static void pool_forget(Store *store, Pool *pool, StoreConnection *connection) {
  store->operations->close(connection);
  g_mutex_lock(&store->lock);
  pool->open--;
  g_cond_signal(&store->freed);
  g_mutex_unlock(&store->lock);
}

static void pool_give(Store *store, Pool *pool, StoreConnection *connection) {
  if (!store->operations->is_usable(connection)) {
    pool_forget(store, pool, connection);
    return;
  }
  g_mutex_lock(&store->lock);
  g_ptr_array_add(pool->idle, connection);
  // The pools share one condition: with signal alone a waiter of the other pool could swallow it.
  g_cond_broadcast(&store->freed);
  g_mutex_unlock(&store->lock);
}

// TRUE with *ret_connection NULL: there is room to open a new one (already counted).
static gboolean pool_take(Store *store, Pool *pool, StoreConnection **ret_connection,
                          GError **error) {
  gint64 deadline = g_get_monotonic_time() + (gint64)store->busy_seconds * G_TIME_SPAN_SECOND;
  g_mutex_lock(&store->lock);
  gboolean in_time = TRUE;
  while (pool->idle->len == 0 && pool->open >= pool->limit && in_time) {
    in_time = g_cond_wait_until(&store->freed, &store->lock, deadline);
  }
  gboolean taken = TRUE;
  if (pool->idle->len > 0) {
    *ret_connection = g_ptr_array_steal_index(pool->idle, pool->idle->len - 1);
  } else if (pool->open < pool->limit) {
    pool->open++;
    *ret_connection = NULL;
  } else {
    taken = FALSE;
  }
  g_mutex_unlock(&store->lock);
  if (!taken) {
    g_set_error(
        error, STORE_ERROR, STORE_ERROR_UNAVAILABLE,
        "the database is busy: all %u connections for %s were in use for %u seconds; try again",
        pool->limit, pool->role == STORE_WRITER ? "writing" : "reading", store->busy_seconds);
  }
  return taken;
}

static void pool_drop_idle(Store *store, Pool *pool) {
  g_mutex_lock(&store->lock);
  g_autoptr(GPtrArray) idle = pool->idle;
  pool->idle = g_ptr_array_new();
  pool->open -= idle->len;
  g_cond_broadcast(&store->freed);
  g_mutex_unlock(&store->lock);
  for (guint i = 0; i < idle->len; i++) {
    store->operations->close(g_ptr_array_index(idle, i));
  }
}

static gboolean begin_on_new(Store *store, Pool *pool, gboolean write,
                             StoreConnection **ret_connection, GError **error) {
  StoreConnection *connection = open_connection(store, pool->role, error);
  if (connection == NULL) {
    g_mutex_lock(&store->lock);
    pool->open--;
    g_cond_broadcast(&store->freed);
    g_mutex_unlock(&store->lock);
    return FALSE;
  }
  if (!store->operations->begin(connection, write, error)) {
    pool_give(store, pool, connection);
    return FALSE;
  }
  *ret_connection = connection;
  return TRUE;
}

static StoreTransaction *begin(Store *store, Pool *pool, gboolean write, GError **error) {
  StoreConnection *connection = NULL;
  if (!pool_take(store, pool, &connection, error)) {
    return NULL;
  }
  gboolean begun = FALSE;
  if (connection != NULL) {
    g_autoptr(GError) failure = NULL;
    begun = store->operations->begin(connection, write, &failure);
    if (!begun && store->operations->is_usable(connection)) {
      pool_give(store, pool, connection);
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    if (!begun) {
      // The server went away since its last use; so did the other idle ones. One new attempt.
      store->operations->close(connection);
      pool_drop_idle(store, pool);
    }
  }
  if (!begun && !begin_on_new(store, pool, write, &connection, error)) {
    return NULL;
  }
  StoreTransaction *transaction = g_new0(StoreTransaction, 1);
  *transaction = (StoreTransaction){store, pool, connection, write, FALSE};
  return transaction;
}

StoreTransaction *store_begin_read(Store *store, GError **error) {
  return begin(store, &store->reading, FALSE, error);
}

StoreTransaction *store_begin_write(Store *store, GError **error) {
  return begin(store, writing_pool(store), TRUE, error);
}

gboolean store_commit(StoreTransaction **transaction, GError **error) {
  StoreTransaction *ended = g_steal_pointer(transaction);
  if (ended->failed && ended->write) {
    store_rollback(ended);
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FAILED,
                        "nothing was written: a statement of this transaction had failed before");
    return FALSE;
  }
  gboolean committed = ended->store->operations->commit(ended->connection, error);
  pool_give(ended->store, ended->pool, ended->connection);
  g_free(ended);
  return committed;
}

void store_rollback(StoreTransaction *transaction) {
  if (transaction == NULL) {
    return;
  }
  transaction->store->operations->rollback(transaction->connection);
  pool_give(transaction->store, transaction->pool, transaction->connection);
  g_free(transaction);
}

StoreValue store_null(void) {
  return (StoreValue){.type = STORE_NULL};
}

StoreValue store_integer(gint64 value) {
  return (StoreValue){.type = STORE_INTEGER, .integer = value};
}

StoreValue store_text(const char *value) {
  return value == NULL ? store_null() : store_slice(slice_of(value));
}

StoreValue store_slice(Slice value) {
  return (StoreValue){.type = STORE_TEXT, .bytes = value};
}

StoreValue store_reference(gint64 id) {
  return id == 0 ? store_null() : store_integer(id);
}

StoreRows *store_query(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                       gsize count, GError **error) {
  StoreRows *rows =
      transaction->store->operations->query(transaction->connection, query, values, count, error);
  if (rows == NULL) {
    transaction->failed = TRUE;
    return NULL;
  }
  rows->transaction = transaction;
  return rows;
}

gboolean store_rows_next(StoreRows *rows, GError **error) {
  GError *failure = NULL;
  gboolean on_row = rows->operations->next(rows, &failure);
  if (failure != NULL) {
    rows->transaction->failed = TRUE;
    g_propagate_error(error, failure);
  }
  return on_row;
}

gint64 store_row_integer(StoreRows *rows, guint column) {
  return rows->operations->integer(rows, column);
}

const char *store_row_text(StoreRows *rows, guint column) {
  const char *text = rows->operations->text(rows, column);
  return text != NULL ? text : "";
}

char *store_row_dup(StoreRows *rows, guint column) {
  return g_strdup(store_row_text(rows, column));
}

gboolean store_row_is_null(StoreRows *rows, guint column) {
  return rows->operations->is_null(rows, column);
}

void store_rows_free(StoreRows *rows) {
  if (rows != NULL) {
    rows->operations->free(rows);
  }
}

gint64 store_execute(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                     gsize count, GError **error) {
  gint64 changed =
      transaction->store->operations->execute(transaction->connection, query, values, count, error);
  if (changed < 0) {
    transaction->failed = TRUE;
  }
  return changed;
}

gboolean store_send(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                    gsize count, GError **error) {
  const StoreOperations *operations = transaction->store->operations;
  gboolean sent =
      operations->send != NULL
          ? operations->send(transaction->connection, query, values, count, error)
          : operations->execute(transaction->connection, query, values, count, error) >= 0;
  transaction->failed |= !sent;
  return sent;
}

gboolean store_bulk_begin(StoreTransaction *transaction, QueryId query, GError **error) {
  gboolean begun =
      transaction->store->operations->bulk_begin(transaction->connection, query, error);
  transaction->failed |= !begun;
  return begun;
}

gboolean store_bulk_add(StoreTransaction *transaction, const StoreValue *values, gsize count,
                        GError **error) {
  gboolean added =
      transaction->store->operations->bulk_add(transaction->connection, values, count, error);
  transaction->failed |= !added;
  return added;
}

gboolean store_bulk_end(StoreTransaction *transaction, GError **error) {
  gboolean ended = transaction->store->operations->bulk_end(transaction->connection, error);
  transaction->failed |= !ended;
  return ended;
}

gboolean store_query_integer(StoreTransaction *transaction, QueryId query, const StoreValue *values,
                             gsize count, gint64 *ret_value, GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, values, count, error);
  if (rows == NULL) {
    return FALSE;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, "%s gave no row",
                  QUERY_TEXTS[query].name);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  *ret_value = store_row_integer(rows, 0);
  return TRUE;
}

gboolean store_prepare_all(Store *store, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_write(store, error);
  if (transaction == NULL) {
    return FALSE;
  }
  for (guint query = 0; query < QUERY_COUNT; query++) {
    if (store_query_text(store->engine, query) != NULL &&
        !store->operations->prepare(transaction->connection, query, error)) {
      g_prefix_error(error, "query %s: ", QUERY_TEXTS[query].name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean store_run_script(StoreTransaction *transaction, const char *statements, GError **error) {
  gboolean run =
      transaction->store->operations->run_script(transaction->connection, statements, error);
  transaction->failed |= !run;
  return run;
}

gboolean store_wait_for_change(Store *store, guint timeout_ms, GError **error) {
  if (store->watcher == NULL) {
    store->watcher = open_connection(store, STORE_WATCHER, error);
    if (store->watcher == NULL) {
      return FALSE;
    }
  }
  gboolean waited = store->operations->wait(store->watcher, timeout_ms, error);
  if (!waited) {
    store->operations->close(g_steal_pointer(&store->watcher));
  }
  return waited;
}

char *store_id_list(const gint64 *ids, gsize count) {
  GString *list = g_string_sized_new(count * 10 + 1);
  for (gsize i = 0; i < count; i++) {
    g_string_append_printf(list, i == 0 ? "%" G_GINT64_FORMAT : ",%" G_GINT64_FORMAT, ids[i]);
  }
  return g_string_free(list, FALSE);
}
