// SPDX-License-Identifier: Apache-2.0
//
// The SQLite engine (engine.h), the only file that knows sqlite3.h.
//
// SQLite before 3.51.3 can lose writes when one connection resets the write-ahead log
// while another checkpoints. So: one connection of one process at a time writes and
// checkpoints, under flock(2) on "<file>.writer", which is held from before BEGIN until
// after the checkpoint; readers never checkpoint, not even on closing. No caller may
// open the file by other means while the newspaper runs.
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/search_rank.h"

#define PARAMETERS 48             // the most that a query of ours has
#define CHECKPOINT_PAGES 1000     // of the log, before the writer moves them into the file
#define FLOCK_PAUSE_LONGEST 10000 // microseconds between two tries for the other process's lock
#define WATCH_PAUSE 20000         // microseconds between two looks at data_version

typedef struct Statement Statement;

typedef struct SqliteRows {
  StoreRows head;
  sqlite3 *database;
  Statement *statement;
} SqliteRows;

struct Statement {
  sqlite3_stmt *prepared;
  guint8 positions[PARAMETERS]; // of $1, $2 … as SQLite counts them; 0: not in this query
  guint8 count;
  gboolean in_use, owned_by_rows;
  SqliteRows rows; // here, so that a query allocates nothing
};

struct StoreConnection {
  sqlite3 *database;
  StoreRole role;
  char *path;
  int lock_file; // of a writer; else -1
  guint busy_seconds;
  gboolean in_write;
  int log_pages; // in the write-ahead log after the last commit
  gint64 data_version;
  QueryId bulk;
  Statement statements[QUERY_COUNT];
};

static StoreError error_code(int result) {
  switch (result & 0xff) {
  case SQLITE_FULL:
  case SQLITE_IOERR:
  case SQLITE_READONLY:
    return STORE_ERROR_FULL;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_CANTOPEN:
  case SQLITE_PROTOCOL:
    return STORE_ERROR_UNAVAILABLE;
  case SQLITE_CONSTRAINT:
    return STORE_ERROR_CONSTRAINT;
  default:
    return STORE_ERROR_FAILED;
  }
}

static void set_error(GError **error, sqlite3 *database, const char *what) {
  g_set_error(error, STORE_ERROR, error_code(sqlite3_extended_errcode(database)), "%s: %s", what,
              sqlite3_errmsg(database));
}

static int note_log_pages(void *data, sqlite3 *database, const char *name, int pages) {
  ((StoreConnection *)data)->log_pages = pages;
  return SQLITE_OK;
}

// The rank of one row of story_search: words in the headline count most, then the standfirst.
// Unlike bm25() it never counts how many stories have a word, so that a common word costs no more
// than a rare one.
static void rank_row(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result,
                     int count, sqlite3_value **values) {
  int instances = 0;
  if (api->xInstCount(context, &instances) != SQLITE_OK) {
    sqlite3_result_int(result, 0);
    return;
  }
  guint hits[SEARCH_COLUMNS] = {0};
  for (int i = 0; i < MIN(instances, SEARCH_INSTANCES); i++) {
    int phrase = 0, column = 0, offset = 0;
    if (api->xInst(context, i, &phrase, &column, &offset) == SQLITE_OK && column < SEARCH_COLUMNS) {
      hits[column]++;
    }
  }
  sqlite3_result_int(result, search_rank(hits));
}

static gboolean register_rank(sqlite3 *database) {
  fts5_api *api = NULL;
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(database, QUERY_TEXTS[QUERY_SQLITE_FTS5_API].sqlite, -1, &statement,
                         NULL) != SQLITE_OK) {
    return FALSE;
  }
  sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  return api != NULL && api->xCreateFunction(api, "story_rank", NULL, rank_row, NULL) == SQLITE_OK;
}

static void sqlite_close(StoreConnection *connection) {
  for (guint i = 0; i < QUERY_COUNT; i++) {
    sqlite3_finalize(connection->statements[i].prepared);
  }
  sqlite3_close_v2(connection->database);
  if (connection->lock_file >= 0) {
    close(connection->lock_file);
  }
  g_free(connection->path);
  g_free(connection);
}

static gboolean lock_writer(StoreConnection *connection, GError **error) {
  gint64 deadline = g_get_monotonic_time() + (gint64)connection->busy_seconds * G_TIME_SPAN_SECOND;
  gulong pause = 200;
  while (flock(connection->lock_file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      g_set_error(error, STORE_ERROR, STORE_ERROR_UNAVAILABLE, "%s.writer: can't be locked: %s",
                  connection->path, g_strerror(errno));
      return FALSE;
    }
    if (g_get_monotonic_time() >= deadline) {
      g_set_error(
          error, STORE_ERROR, STORE_ERROR_UNAVAILABLE,
          "%s: another process has been writing for %u seconds; try again when it has finished",
          connection->path, connection->busy_seconds);
      return FALSE;
    }
    g_usleep(pause);
    pause = MIN(pause * 2, FLOCK_PAUSE_LONGEST);
  }
  return TRUE;
}

static void unlock_writer(StoreConnection *connection) {
  flock(connection->lock_file, LOCK_UN);
}

// WAL is a property of the file: set once, found again ever after.
static gboolean check_journal_mode(StoreConnection *connection, GError **error) {
  sqlite3_stmt *statement = NULL;
  const char *text = QUERY_TEXTS[QUERY_SQLITE_JOURNAL_MODE].sqlite;
  gboolean is_wal =
      sqlite3_prepare_v2(connection->database, text, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW &&
      g_strcmp0((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
  sqlite3_finalize(statement);
  if (!is_wal) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                "%s: can't be used with a write-ahead log; put the newspaper on a local disk, not "
                "on a network share",
                connection->path);
  }
  return is_wal;
}

static gboolean set_up_writer(StoreConnection *connection, GError **error) {
  g_autofree char *lock_path = g_strconcat(connection->path, ".writer", NULL);
  connection->lock_file = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (connection->lock_file < 0) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_UNAVAILABLE, "%s: can't be opened: %s", lock_path,
                g_strerror(errno));
    return FALSE;
  }
  if (!lock_writer(connection, error)) {
    return FALSE;
  }
  const char *setup = QUERY_TEXTS[QUERY_SQLITE_WRITER_SETUP].sqlite;
  gboolean done = sqlite3_exec(connection->database, setup, NULL, NULL, NULL) == SQLITE_OK;
  if (!done) {
    set_error(error, connection->database, connection->path);
  }
  done = done && check_journal_mode(connection, error);
  unlock_writer(connection);
  return done;
}

static gboolean set_up(StoreConnection *connection, GError **error) {
  sqlite3 *database = connection->database;
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, (int)connection->busy_seconds * 1000);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_wal_hook(database, note_log_pages, connection); // in place of the automatic checkpoint
  if (!register_rank(database)) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                "this SQLite (%s) has no full-text search (FTS5); install Debian's libsqlite3-0",
                sqlite3_libversion());
    return FALSE;
  }
  if (connection->role == STORE_WRITER) {
    return set_up_writer(connection, error);
  }
  if (sqlite3_exec(database, QUERY_TEXTS[QUERY_SQLITE_READER_SETUP].sqlite, NULL, NULL, NULL) !=
      SQLITE_OK) {
    set_error(error, database, connection->path);
    return FALSE;
  }
  return TRUE;
}

static StoreConnection *sqlite_open(const StoreOptions *options, StoreRole role, GError **error) {
  StoreConnection *connection = g_new0(StoreConnection, 1);
  connection->role = role;
  connection->path = g_strdup(options->address);
  connection->lock_file = -1;
  connection->busy_seconds = options->busy_seconds;
  connection->data_version = -1;
  int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (role == STORE_WRITER ? SQLITE_OPEN_CREATE : 0);
  if (sqlite3_open_v2(options->address, &connection->database, flags, NULL) != SQLITE_OK) {
    set_error(error, connection->database, options->address);
    sqlite_close(connection);
    return NULL;
  }
  if (!set_up(connection, error)) {
    sqlite_close(connection);
    return NULL;
  }
  return connection;
}

static gboolean prepare_into(StoreConnection *connection, QueryId query, Statement *statement,
                             GError **error) {
  int result = sqlite3_prepare_v3(connection->database, QUERY_TEXTS[query].sqlite, -1,
                                  SQLITE_PREPARE_PERSISTENT, &statement->prepared, NULL);
  if (result != SQLITE_OK) {
    set_error(error, connection->database, QUERY_TEXTS[query].name);
    return FALSE;
  }
  // "$3" is a name to SQLite, numbered by its first place in the text.
  for (int position = 1; position <= sqlite3_bind_parameter_count(statement->prepared);
       position++) {
    const char *name = sqlite3_bind_parameter_name(statement->prepared, position);
    guint64 number = 0;
    gboolean numbered =
        name != NULL && slice_parse_uint(slice_of(name + 1), PARAMETERS, &number) && number > 0;
    g_assert(numbered);
    statement->positions[number - 1] = (guint8)position;
    statement->count = MAX(statement->count, (guint8)number);
  }
  return TRUE;
}

static gboolean sqlite_prepare(StoreConnection *connection, QueryId query, GError **error) {
  Statement *statement = &connection->statements[query];
  return statement->prepared != NULL || prepare_into(connection, query, statement, error);
}

// The connection's own statement, or one more when that one still has rows to give.
static Statement *take_statement(StoreConnection *connection, QueryId query, GError **error) {
  Statement *statement = &connection->statements[query];
  if (statement->in_use) {
    statement = g_new0(Statement, 1);
    statement->owned_by_rows = TRUE;
    if (!prepare_into(connection, query, statement, error)) {
      g_free(statement);
      return NULL;
    }
  } else if (!sqlite_prepare(connection, query, error)) {
    return NULL;
  }
  statement->in_use = TRUE;
  return statement;
}

static void give_statement(Statement *statement) {
  if (statement->owned_by_rows) {
    sqlite3_finalize(statement->prepared);
    g_free(statement);
    return;
  }
  sqlite3_reset(statement->prepared);
  sqlite3_clear_bindings(statement->prepared);
  statement->in_use = FALSE;
}

static int bind_value(sqlite3_stmt *prepared, int position, const StoreValue *value,
                      sqlite3_destructor_type keep) {
  // A NULL pointer would bind null; the empty text is not null.
  const char *data = value->bytes.data != NULL ? value->bytes.data : "";
  switch (value->type) {
  case STORE_INTEGER:
    return sqlite3_bind_int64(prepared, position, value->integer);
  case STORE_TEXT:
    return sqlite3_bind_text64(prepared, position, data, value->bytes.length, keep, SQLITE_UTF8);
  case STORE_BLOB:
    return sqlite3_bind_blob64(prepared, position, data, value->bytes.length, keep);
  case STORE_NULL:
  default:
    return sqlite3_bind_null(prepared, position);
  }
}

static gboolean bind_values(StoreConnection *connection, Statement *statement,
                            const StoreValue *values, gsize count, sqlite3_destructor_type keep,
                            GError **error) {
  g_assert(count >= statement->count);
  for (gsize i = 0; i < statement->count; i++) {
    int position = statement->positions[i];
    if (position != 0 && bind_value(statement->prepared, position, &values[i], keep) != SQLITE_OK) {
      set_error(error, connection->database, "a value can't be stored");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean rows_next(StoreRows *head, GError **error) {
  SqliteRows *rows = (SqliteRows *)head;
  int result = sqlite3_step(rows->statement->prepared);
  if (result != SQLITE_ROW && result != SQLITE_DONE) {
    set_error(error, rows->database, "reading the database");
  }
  return result == SQLITE_ROW;
}

static gint64 rows_integer(StoreRows *head, guint column) {
  return sqlite3_column_int64(((SqliteRows *)head)->statement->prepared, (int)column);
}

static const char *rows_text(StoreRows *head, guint column) {
  return (const char *)sqlite3_column_text(((SqliteRows *)head)->statement->prepared, (int)column);
}

static gboolean rows_is_null(StoreRows *head, guint column) {
  return sqlite3_column_type(((SqliteRows *)head)->statement->prepared, (int)column) == SQLITE_NULL;
}

static void rows_free(StoreRows *head) {
  give_statement(((SqliteRows *)head)->statement);
}

static const StoreRowsOperations rows_operations = {rows_next, rows_integer, rows_text,
                                                    rows_is_null, rows_free};

static StoreRows *sqlite_query(StoreConnection *connection, QueryId query, const StoreValue *values,
                               gsize count, GError **error) {
  Statement *statement = take_statement(connection, query, error);
  if (statement == NULL) {
    return NULL;
  }
  // Copied: rows are read after this call has returned, the values may be gone by then.
  if (!bind_values(connection, statement, values, count, SQLITE_TRANSIENT, error)) {
    give_statement(statement);
    return NULL;
  }
  statement->rows = (SqliteRows){{&rows_operations, NULL}, connection->database, statement};
  return &statement->rows.head;
}

static gint64 sqlite_execute(StoreConnection *connection, QueryId query, const StoreValue *values,
                             gsize count, GError **error) {
  Statement *statement = take_statement(connection, query, error);
  if (statement == NULL) {
    return -1;
  }
  gint64 changed = -1;
  if (bind_values(connection, statement, values, count, SQLITE_STATIC, error)) {
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW) {
      result = sqlite3_step(statement->prepared);
    }
    if (result == SQLITE_DONE) {
      changed = sqlite3_changes64(connection->database);
    } else {
      set_error(error, connection->database, QUERY_TEXTS[query].name);
    }
  }
  give_statement(statement);
  return changed;
}

static gboolean sqlite_bulk_begin(StoreConnection *connection, QueryId query, GError **error) {
  connection->bulk = query;
  return sqlite_prepare(connection, query, error);
}

static gboolean sqlite_bulk_add(StoreConnection *connection, const StoreValue *values, gsize count,
                                GError **error) {
  return sqlite_execute(connection, connection->bulk, values, count, error) >= 0;
}

static gboolean sqlite_bulk_end(StoreConnection *connection, GError **error) {
  return TRUE;
}

static gboolean sqlite_begin(StoreConnection *connection, gboolean write, GError **error) {
  if (!write) {
    return sqlite_execute(connection, QUERY_TRANSACTION_BEGIN_READ, STORE_NO_VALUES, error) >= 0;
  }
  if (!lock_writer(connection, error)) {
    return FALSE;
  }
  if (sqlite_execute(connection, QUERY_TRANSACTION_BEGIN_WRITE, STORE_NO_VALUES, error) < 0) {
    unlock_writer(connection);
    return FALSE;
  }
  connection->in_write = TRUE;
  return TRUE;
}

static void end_write(StoreConnection *connection) {
  if (!connection->in_write) {
    return;
  }
  if (connection->log_pages >= CHECKPOINT_PAGES) {
    // What can't be moved now (a reader still needs it, the disk is full) stays in the log, safe.
    sqlite3_wal_checkpoint_v2(connection->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    connection->log_pages = 0;
  }
  connection->in_write = FALSE;
  unlock_writer(connection);
}

static void sqlite_rollback(StoreConnection *connection) {
  // After a full disk SQLite may have rolled back by itself.
  if (!sqlite3_get_autocommit(connection->database)) {
    sqlite_execute(connection, QUERY_TRANSACTION_ROLLBACK, STORE_NO_VALUES, NULL);
  }
  end_write(connection);
}

static gboolean sqlite_commit(StoreConnection *connection, GError **error) {
  if (sqlite_execute(connection, QUERY_TRANSACTION_COMMIT, STORE_NO_VALUES, error) < 0) {
    sqlite_rollback(connection);
    return FALSE;
  }
  end_write(connection);
  return TRUE;
}

static gboolean sqlite_is_usable(const StoreConnection *connection) {
  return sqlite3_get_autocommit(connection->database) != 0;
}

static gboolean sqlite_run_script(StoreConnection *connection, const char *statements,
                                  GError **error) {
  if (sqlite3_exec(connection->database, statements, NULL, NULL, NULL) != SQLITE_OK) {
    set_error(error, connection->database, connection->path);
    return FALSE;
  }
  return TRUE;
}

static gboolean read_data_version(StoreConnection *connection, gint64 *ret_version,
                                  GError **error) {
  StoreRows *rows = sqlite_query(connection, QUERY_SQLITE_DATA_VERSION, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  gboolean read = rows_next(rows, error);
  *ret_version = read ? rows_integer(rows, 0) : -1;
  rows_free(rows);
  return read;
}

static gboolean sqlite_wait(StoreConnection *connection, guint timeout_ms, GError **error) {
  gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * G_TIME_SPAN_MILLISECOND;
  for (;;) {
    gint64 version = -1;
    if (!read_data_version(connection, &version, error)) {
      return FALSE;
    }
    gint64 left = deadline - g_get_monotonic_time();
    if (version != connection->data_version || left <= 0) {
      connection->data_version = version;
      return TRUE;
    }
    g_usleep((gulong)MIN(left, WATCH_PAUSE));
  }
}

const StoreOperations sqlite_operations = {
    .single_writer = TRUE,
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .is_usable = sqlite_is_usable,
    .query = sqlite_query,
    .execute = sqlite_execute,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_add = sqlite_bulk_add,
    .bulk_end = sqlite_bulk_end,
    .prepare = sqlite_prepare,
    .run_script = sqlite_run_script,
    .wait = sqlite_wait,
};
