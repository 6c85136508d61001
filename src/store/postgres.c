// SPDX-License-Identifier: Apache-2.0
//
// The PostgreSQL engine (engine.h), the only file that knows libpq-fe.h.
//
// Every named query is prepared once a connection, under its name. Numbers travel as
// text, text as bytes with their length (nothing of a reader's is ever part of a
// statement). A connection that is lost is never mended here: it says that it is no
// longer usable, and the pool opens another.
#include "store/engine.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

#define PARAMETERS 48
#define INTEGER_DIGITS 24 // sign, 19 digits, NUL
#define MESSAGE_LONGEST 400
#define BULK_BYTES (64 << 10)
#define SENT_MOST 16 // results are a few bytes: neither side ever waits for the other to read

struct StoreConnection {
  PGconn *server;
  StoreRole role;
  gboolean has_waited; // a watcher: its first wait has returned
  GString *bulk;       // rows of a "copy" that are not sent yet
  guint sent;          // in a pipeline: statements whose results have not been read
  const char *sent_names[SENT_MOST + 1];
  guint8 prepared[QUERY_COUNT];
};

typedef struct PostgresRows {
  StoreRows head;
  PGresult *result;
  int row; // -1 before the first
} PostgresRows;

static StoreError error_code(const char *state) {
  static const struct {
    const char *prefix;
    StoreError code;
  } CODES[] = {
      {"08", STORE_ERROR_UNAVAILABLE},
      {"57P", STORE_ERROR_UNAVAILABLE}, // gone, shutting down, starting
      {"57014", STORE_ERROR_UNAVAILABLE},
      {"55P03", STORE_ERROR_UNAVAILABLE}, // waited too long
      {"40", STORE_ERROR_UNAVAILABLE},    // deadlock, serialization: another transaction won
      {"25006", STORE_ERROR_UNAVAILABLE}, // a standby: writes are for another server
      {"53100", STORE_ERROR_FULL},
      {"58030", STORE_ERROR_FULL},
      {"53", STORE_ERROR_UNAVAILABLE},
      {"23", STORE_ERROR_CONSTRAINT},
  };
  for (gsize i = 0; state != NULL && i < G_N_ELEMENTS(CODES); i++) {
    if (g_str_has_prefix(state, CODES[i].prefix)) {
      return CODES[i].code;
    }
  }
  return STORE_ERROR_FAILED;
}

static void set_error(GError **error, const StoreConnection *connection, const PGresult *result,
                      const char *what) {
  const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
  // An error without a state is libpq's own: the connection broke, which it may not yet call
  // broken.
  gboolean lost = state == NULL || PQstatus(connection->server) != CONNECTION_OK;
  g_autofree char *message = g_strndup(result != NULL && *PQresultErrorMessage(result) != '\0'
                                           ? PQresultErrorMessage(result)
                                           : PQerrorMessage(connection->server),
                                       MESSAGE_LONGEST);
  g_strdelimit(g_strstrip(message), "\n\r\t", ' ');
  g_set_error(error, STORE_ERROR, lost ? STORE_ERROR_UNAVAILABLE : error_code(state), "%s: %s",
              what, message);
}

static void ignore_notice(void *data, const PGresult *result) {}

// ---- what was sent ahead ----------------------------------------------------------------------

static gboolean succeeded(const PGresult *result) {
  ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void note_sent(StoreConnection *connection, const char *name) {
  connection->sent_names[connection->sent++] = name;
}

static gboolean open_pipeline(StoreConnection *connection, GError **error) {
  if (PQpipelineStatus(connection->server) == PQ_PIPELINE_OFF &&
      PQenterPipelineMode(connection->server) == 0) {
    set_error(error, connection, NULL, "sending statements ahead");
    return FALSE;
  }
  return TRUE;
}

// Reads up to the end of the pipeline, which lets the server answer other forms again.
static void close_pipeline(StoreConnection *connection) {
  PGresult *result = PQgetResult(connection->server);
  while (result != NULL && PQresultStatus(result) != PGRES_PIPELINE_SYNC) {
    PQclear(result);
    result = PQgetResult(connection->server);
  }
  PQclear(result);
  PQexitPipelineMode(connection->server); // refused when the connection is lost: is_usable sees it
}

// Waits for all that was sent. The result of the last, or NULL with the first error.
static PGresult *collect(StoreConnection *connection, GError **error) {
  guint count = connection->sent;
  PGresult *last = NULL;
  GError *failure = NULL;
  connection->sent = 0;
  if (PQpipelineSync(connection->server) == 0) {
    set_error(error, connection, NULL, "sending statements ahead");
    return NULL;
  }
  for (guint i = 0; i < count; i++) {
    PQclear(last);
    last = PQgetResult(connection->server);
    if (failure == NULL && !succeeded(last)) {
      set_error(&failure, connection, last, connection->sent_names[i]);
    }
    if (last == NULL) {
      break;
    }
    PQclear(PQgetResult(connection->server)); // NULL: the end of this statement's results
  }
  close_pipeline(connection);
  if (failure != NULL) {
    g_propagate_error(error, failure);
    PQclear(last);
    return NULL;
  }
  return last;
}

// Before anything that can't stand in a pipeline.
static gboolean settle(StoreConnection *connection, GError **error) {
  if (connection->sent == 0) {
    return TRUE;
  }
  PGresult *last = collect(connection, error);
  PQclear(last);
  return last != NULL;
}

static gboolean run(StoreConnection *connection, const char *text, const char *what,
                    GError **error) {
  if (!settle(connection, error)) {
    return FALSE;
  }
  PGresult *result = PQexec(connection->server, text);
  gboolean done = succeeded(result);
  if (!done) {
    set_error(error, connection, result, what);
  }
  PQclear(result);
  return done;
}

static void postgres_close(StoreConnection *connection) {
  if (connection->bulk != NULL) {
    g_string_free(connection->bulk, TRUE);
  }
  PQfinish(connection->server);
  g_free(connection);
}

static gboolean set_session(StoreConnection *connection, guint busy_seconds, GError **error) {
  g_autofree char *patience = g_strdup_printf("%us", busy_seconds);
  const char *values[] = {patience};
  const char *text = QUERY_TEXTS[QUERY_POSTGRES_SETUP].postgres;
  PGresult *result = PQexecParams(connection->server, text, 1, NULL, values, NULL, NULL, 0);
  gboolean done = PQresultStatus(result) == PGRES_TUPLES_OK;
  if (!done) {
    set_error(error, connection, result, "setting up a connection to PostgreSQL");
  }
  PQclear(result);
  return done;
}

static gboolean set_up(StoreConnection *connection, const StoreOptions *options, GError **error) {
  if (PQserverVersion(connection->server) < 150000) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                "PostgreSQL is version %d; Broadsheet needs 15 or newer",
                PQserverVersion(connection->server) / 10000);
    return FALSE;
  }
  PQsetNoticeReceiver(connection->server, ignore_notice, NULL);
  return set_session(connection, options->busy_seconds, error) &&
         (connection->role != STORE_WATCHER ||
          run(connection, QUERY_TEXTS[QUERY_POSTGRES_LISTEN].postgres, "listening for changes",
              error));
}

static StoreConnection *postgres_open(const StoreOptions *options, StoreRole role, GError **error) {
  // What stands before the address are defaults that it may override. A server that falls silent is
  // given up after ten seconds.
  const char *const NAMES[] = {
      "connect_timeout",  "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
      "application_name", "client_encoding",  "dbname",          NULL};
  const char *const SETTINGS[] = {"5",    "10000",          "10", "5", "broadsheet",
                                  "UTF8", options->address, NULL};
  StoreConnection *connection = g_new0(StoreConnection, 1);
  connection->role = role;
  connection->server = PQconnectdbParams(NAMES, SETTINGS, 1);
  if (PQstatus(connection->server) != CONNECTION_OK) {
    set_error(error, connection, NULL, "PostgreSQL can't be reached");
    postgres_close(connection);
    return NULL;
  }
  if (!set_up(connection, options, error)) {
    postgres_close(connection);
    return NULL;
  }
  return connection;
}

static gboolean postgres_prepare(StoreConnection *connection, QueryId query, GError **error) {
  if (connection->prepared[query]) {
    return TRUE;
  }
  if (!settle(connection, error)) {
    return FALSE;
  }
  const QueryText *text = &QUERY_TEXTS[query];
  PGresult *result = PQprepare(connection->server, text->name, text->postgres, 0, NULL);
  gboolean done = PQresultStatus(result) == PGRES_COMMAND_OK;
  if (!done) {
    set_error(error, connection, result, text->name);
  }
  connection->prepared[query] = done;
  PQclear(result);
  return done;
}

// A query's parameters as libpq takes them; `data` may point into it, so that it stays in place.
typedef struct Parameters {
  const char *data[PARAMETERS];
  int lengths[PARAMETERS], formats[PARAMETERS];
  char digits[PARAMETERS][INTEGER_DIGITS];
} Parameters;

static void fill_parameters(Parameters *out, const StoreValue *values, gsize count) {
  g_assert(count <= PARAMETERS);
  for (gsize i = 0; i < count; i++) {
    const StoreValue *value = &values[i];
    gboolean is_bytes = value->type == STORE_TEXT || value->type == STORE_BLOB;
    out->data[i] = is_bytes ? (value->bytes.data != NULL ? value->bytes.data : "") : NULL;
    if (value->type == STORE_INTEGER) {
      g_snprintf(out->digits[i], INTEGER_DIGITS, "%" G_GINT64_FORMAT, value->integer);
      out->data[i] = out->digits[i];
    }
    out->lengths[i] = is_bytes ? (int)MIN(value->bytes.length, (gsize)G_MAXINT) : 0;
    out->formats[i] = is_bytes; // as bytes with a length: text need not end with NUL
  }
}

static gboolean postgres_send(StoreConnection *connection, QueryId query, const StoreValue *values,
                              gsize count, GError **error) {
  Parameters parameters;
  const char *name = QUERY_TEXTS[query].name;
  fill_parameters(&parameters, values, count);
  if ((connection->sent >= SENT_MOST && !settle(connection, error)) ||
      !postgres_prepare(connection, query, error) || !open_pipeline(connection, error)) {
    return FALSE;
  }
  if (PQsendQueryPrepared(connection->server, name, (int)count, parameters.data, parameters.lengths,
                          parameters.formats, 0) == 0) {
    set_error(error, connection, NULL, name);
    return FALSE;
  }
  note_sent(connection, name);
  return TRUE;
}

static PGresult *execute(StoreConnection *connection, QueryId query, const StoreValue *values,
                         gsize count, GError **error) {
  if (connection->sent > 0) {
    return postgres_send(connection, query, values, count, error) ? collect(connection, error)
                                                                  : NULL;
  }
  Parameters parameters;
  fill_parameters(&parameters, values, count);
  if (!postgres_prepare(connection, query, error)) {
    return NULL;
  }
  PGresult *result = PQexecPrepared(connection->server, QUERY_TEXTS[query].name, (int)count,
                                    parameters.data, parameters.lengths, parameters.formats, 0);
  if (!succeeded(result)) {
    set_error(error, connection, result, QUERY_TEXTS[query].name);
    PQclear(result);
    return NULL;
  }
  return result;
}

static gboolean rows_next(StoreRows *head, GError **error) {
  PostgresRows *rows = (PostgresRows *)head;
  if (rows->row + 1 >= PQntuples(rows->result)) {
    return FALSE;
  }
  rows->row++;
  return TRUE;
}

static const char *rows_text(StoreRows *head, guint column) {
  PostgresRows *rows = (PostgresRows *)head;
  return PQgetvalue(rows->result, rows->row, (int)column);
}

static gint64 rows_integer(StoreRows *head, guint column) {
  return g_ascii_strtoll(rows_text(head, column), NULL, 10);
}

static gboolean rows_is_null(StoreRows *head, guint column) {
  PostgresRows *rows = (PostgresRows *)head;
  return PQgetisnull(rows->result, rows->row, (int)column) != 0;
}

static void rows_free(StoreRows *head) {
  PQclear(((PostgresRows *)head)->result);
  g_free(head);
}

static const StoreRowsOperations rows_operations = {rows_next, rows_integer, rows_text,
                                                    rows_is_null, rows_free};

static StoreRows *postgres_query(StoreConnection *connection, QueryId query,
                                 const StoreValue *values, gsize count, GError **error) {
  PGresult *result = execute(connection, query, values, count, error);
  if (result == NULL) {
    return NULL;
  }
  PostgresRows *rows = g_new0(PostgresRows, 1);
  *rows = (PostgresRows){{&rows_operations, NULL}, result, -1};
  return &rows->head;
}

static gint64 postgres_execute(StoreConnection *connection, QueryId query, const StoreValue *values,
                               gsize count, GError **error) {
  PGresult *result = execute(connection, query, values, count, error);
  if (result == NULL) {
    return -1;
  }
  gint64 changed = g_ascii_strtoll(PQcmdTuples(result), NULL, 10);
  PQclear(result);
  return changed;
}

// ---- copy … from stdin ------------------------------------------------------------------------

static gboolean postgres_bulk_begin(StoreConnection *connection, QueryId query, GError **error) {
  if (!settle(connection, error)) {
    return FALSE;
  }
  PGresult *result = PQexec(connection->server, QUERY_TEXTS[query].postgres);
  gboolean begun = PQresultStatus(result) == PGRES_COPY_IN;
  if (!begun) {
    set_error(error, connection, result, QUERY_TEXTS[query].name);
  }
  PQclear(result);
  if (connection->bulk == NULL) {
    connection->bulk = g_string_sized_new(BULK_BYTES + 1024);
  }
  g_string_truncate(connection->bulk, 0);
  return begun;
}

// The text format: fields parted by tabs, and a backslash before what would end one.
static void append_copied(GString *out, Slice text) {
  for (gsize i = 0; i < text.length; i++) {
    char byte = text.data[i];
    switch (byte) {
    case '\\':
      g_string_append(out, "\\\\");
      break;
    case '\t':
      g_string_append(out, "\\t");
      break;
    case '\n':
      g_string_append(out, "\\n");
      break;
    case '\r':
      g_string_append(out, "\\r");
      break;
    default:
      g_string_append_c(out, byte);
    }
  }
}

static void append_number(GString *out, gint64 number) {
  char digits[INTEGER_DIGITS];
  char *at = digits + sizeof digits;
  guint64 rest = number < 0 ? 0 - (guint64)number : (guint64)number;
  do {
    *--at = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) {
    *--at = '-';
  }
  g_string_append_len(out, at, digits + sizeof digits - at);
}

static gboolean send_bulk(StoreConnection *connection, GError **error) {
  gboolean sent =
      PQputCopyData(connection->server, connection->bulk->str, (int)connection->bulk->len) == 1;
  g_string_truncate(connection->bulk, 0);
  if (!sent) {
    set_error(error, connection, NULL, "sending rows");
  }
  return sent;
}

static gboolean postgres_bulk_add(StoreConnection *connection, const StoreValue *values,
                                  gsize count, GError **error) {
  GString *bulk = connection->bulk;
  for (gsize i = 0; i < count; i++) {
    if (i > 0) {
      g_string_append_c(bulk, '\t');
    }
    if (values[i].type == STORE_INTEGER) {
      append_number(bulk, values[i].integer);
    } else if (values[i].type == STORE_NULL) {
      g_string_append(bulk, "\\N");
    } else {
      append_copied(bulk, values[i].bytes);
    }
  }
  g_string_append_c(bulk, '\n');
  return bulk->len < BULK_BYTES || send_bulk(connection, error);
}

static gboolean postgres_bulk_end(StoreConnection *connection, GError **error) {
  if (!send_bulk(connection, error)) {
    return FALSE;
  }
  gboolean done = PQputCopyEnd(connection->server, NULL) == 1;
  PGresult *result = done ? PQgetResult(connection->server) : NULL;
  done = done && PQresultStatus(result) == PGRES_COMMAND_OK;
  if (!done) {
    set_error(error, connection, result, "taking rows");
  }
  PQclear(result);
  while ((result = PQgetResult(connection->server)) != NULL) {
    PQclear(result);
  }
  return done;
}

static gboolean postgres_begin(StoreConnection *connection, gboolean write, GError **error) {
  QueryId query = write ? QUERY_TRANSACTION_BEGIN_WRITE : QUERY_TRANSACTION_BEGIN_READ;
  return run(connection, QUERY_TEXTS[query].postgres, "beginning a transaction", error);
}

static void postgres_rollback(StoreConnection *connection) {
  settle(connection, NULL);
  if (PQtransactionStatus(connection->server) == PQTRANS_ACTIVE) { // a copy that was not ended
    PQputCopyEnd(connection->server, "given up");
    PGresult *result;
    while ((result = PQgetResult(connection->server)) != NULL) {
      PQclear(result);
    }
  }
  if (PQstatus(connection->server) == CONNECTION_OK) {
    run(connection, QUERY_TEXTS[QUERY_TRANSACTION_ROLLBACK].postgres, "rolling back", NULL);
  }
}

// Along with what was sent ahead, if there is any: an error of one of those keeps the server from
// committing.
static PGresult *commit_behind(StoreConnection *connection, const char *text, GError **error) {
  if (PQsendQueryParams(connection->server, text, 0, NULL, NULL, NULL, NULL, 0) == 0) {
    set_error(error, connection, NULL, "committing");
    return NULL;
  }
  note_sent(connection, "committing");
  PGresult *result = collect(connection, error);
  PGTransactionStatusType status = PQtransactionStatus(connection->server);
  if (result == NULL && (status == PQTRANS_INERROR || status == PQTRANS_INTRANS)) {
    postgres_rollback(connection);
  }
  return result;
}

static PGresult *commit_alone(StoreConnection *connection, const char *text, GError **error) {
  PGresult *result = PQexec(connection->server, text);
  if (!succeeded(result)) {
    set_error(error, connection, result, "committing");
    PQclear(result);
    return NULL;
  }
  return result;
}

static gboolean postgres_commit(StoreConnection *connection, GError **error) {
  const char *text = QUERY_TEXTS[QUERY_TRANSACTION_COMMIT].postgres;
  PGresult *result = connection->sent > 0 ? commit_behind(connection, text, error)
                                          : commit_alone(connection, text, error);
  gboolean committed = result != NULL;
  if (committed && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
    // COMMIT of a transaction that had failed succeeds, as a rollback.
    g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FAILED,
                        "nothing was written: the transaction had failed");
    committed = FALSE;
  }
  PQclear(result);
  return committed;
}

static gboolean postgres_is_usable(const StoreConnection *connection) {
  return PQstatus(connection->server) == CONNECTION_OK &&
         PQpipelineStatus(connection->server) == PQ_PIPELINE_OFF &&
         PQtransactionStatus(connection->server) == PQTRANS_IDLE;
}

static gboolean postgres_run_script(StoreConnection *connection, const char *statements,
                                    GError **error) {
  return run(connection, statements, "running a migration", error);
}

// TRUE if any had come.
static gboolean take_notifications(StoreConnection *connection) {
  gboolean any = FALSE;
  for (PGnotify *notify = PQnotifies(connection->server); notify != NULL;
       notify = PQnotifies(connection->server)) {
    any = TRUE;
    PQfreemem(notify);
  }
  return any;
}

static gboolean postgres_wait(StoreConnection *connection, guint timeout_ms, GError **error) {
  gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * G_TIME_SPAN_MILLISECOND;
  if (!connection->has_waited) {
    // The first call after connecting: something may have changed before anyone listened.
    connection->has_waited = TRUE;
    return TRUE;
  }
  for (;;) {
    if (take_notifications(connection)) {
      return TRUE;
    }
    gint64 left = (deadline - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND;
    if (left <= 0) {
      return TRUE;
    }
    struct pollfd socket = {.fd = PQsocket(connection->server), .events = POLLIN};
    if (poll(&socket, 1, (int)MIN(left, 60000)) < 0 && errno != EINTR) {
      g_set_error(error, STORE_ERROR, STORE_ERROR_UNAVAILABLE, "waiting for PostgreSQL: %s",
                  g_strerror(errno));
      return FALSE;
    }
    if (PQconsumeInput(connection->server) == 0 || PQstatus(connection->server) != CONNECTION_OK) {
      set_error(error, connection, NULL, "the connection to PostgreSQL is lost");
      return FALSE;
    }
  }
}

const StoreOperations postgres_operations = {
    .single_writer = FALSE,
    .open = postgres_open,
    .close = postgres_close,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .is_usable = postgres_is_usable,
    .query = postgres_query,
    .execute = postgres_execute,
    .send = postgres_send,
    .bulk_begin = postgres_bulk_begin,
    .bulk_add = postgres_bulk_add,
    .bulk_end = postgres_bulk_end,
    .prepare = postgres_prepare,
    .run_script = postgres_run_script,
    .wait = postgres_wait,
};
