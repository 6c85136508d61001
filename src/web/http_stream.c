// SPDX-License-Identifier: Apache-2.0
//
// Answers whose bytes still come (response_stream.h): sent in chunks as they arrive, no faster than
// the socket takes them. Called by the I/O threads' other files. A reader who hangs up or stops
// taking anything loses the stream, and its writer learns of it.
#include <stdio.h>
#include <string.h>

#include "web/http_io.h"

static void notify(gpointer thread, guint64 id) {
  io_thread_stream(thread, id);
}

void http_stream_begin(Connection *connection, const HttpHead *head, CachedPage *page) {
  connection->stream = response_stream_ref(page->stream);
  connection->stream_chunked = head->minor > 0;
  if (!head->keep_alive || !connection->stream_chunked) {
    connection->close_after = FALSE; // not before the stream's end
  }
  connection->state = STATE_STREAM;
  connection->deadline = G_MAXINT64;
  g_hash_table_insert(connection->thread->by_id, &connection->id, connection);
  response_stream_attach(connection->stream, notify, connection->thread, connection->id);
}

void http_stream_drop(Connection *connection) {
  if (connection->stream != NULL) {
    response_stream_break(connection->stream);
    g_clear_pointer(&connection->stream, response_stream_unref);
  }
}

static void add_owned(IoThread *thread, char *text, gsize length) {
  http_output_add(thread, text, length, NULL, text);
}

static void add_chunk(Connection *connection, GString *bytes) {
  IoThread *thread = connection->thread;
  gsize length = bytes->len;
  if (connection->stream_chunked) {
    char *size = g_strdup_printf("%" G_GSIZE_MODIFIER "x\r\n", length);
    add_owned(thread, size, strlen(size));
    g_string_append(bytes, "\r\n");
    length += 2;
  }
  add_owned(thread, g_string_free(bytes, FALSE), length);
}

// The stream is over: the connection goes on, or ends.
static void finish(Connection *connection, gboolean whole) {
  gboolean keep = whole && connection->stream_chunked && connection->head->keep_alive;
  http_stream_drop(connection);
  g_hash_table_remove(connection->thread->by_id, &connection->id);
  connection->state = STATE_HEAD;
  if (whole && connection->stream_chunked) {
    add_owned(connection->thread, g_strdup("0\r\n\r\n"), 5);
  }
  connection_set_deadline(connection, connection->thread->server->options.idle_seconds);
  connection->close_after = !keep;
  connection_drop_request(connection);
}

void http_stream_pump(Connection *connection) {
  while (connection->state == STATE_STREAM && connection->out == NULL) {
    ResponseStreamState state = RESPONSE_STREAM_OPEN;
    GString *bytes = response_stream_take(connection->stream, &state);
    if (bytes != NULL) {
      add_chunk(connection, bytes);
    } else if (state == RESPONSE_STREAM_OPEN) {
      connection->deadline = G_MAXINT64;
      return;
    } else if (state == RESPONSE_STREAM_CUT) {
      connection_close(connection);
      return;
    } else {
      finish(connection, TRUE);
    }
    if (!connection_flush(connection)) {
      return;
    }
  }
  if (connection->state != STATE_STREAM && connection->out == NULL) {
    connection_advance(connection);
  }
}
