// SPDX-License-Identifier: Apache-2.0
//
// The life of a connection, between its I/O thread's epoll (io_thread.c), the parser, the dispatch
// of what was read and the output. A connection is in one state at a time:
//
//   HEAD -> (BODY ->) WAITING -> HEAD …      hits answer in HEAD without leaving it
//   any  -> LINGER -> closed                 after an error: our answer is sent, theirs is read
//   away
//
// and always has one absolute deadline; a sweep five times a second closes what is past it.
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/http_io.h"

#define LINGER_SECONDS 2

void connection_close(Connection *connection) {
  IoThread *thread = connection->thread;
  if (connection->state == STATE_WAITING || connection->state == STATE_STREAM) {
    g_hash_table_remove(thread->by_id, &connection->id);
  }
  http_stream_drop(connection);
  http_output_drop(connection);
  connection_drop_request(connection);
  g_clear_pointer(&connection->in, g_byte_array_unref);
  // A child that another thread forks holds the socket until it executes, and for as long epoll
  // would go on telling of it: close() alone leaves events that point to freed memory (epoll(7),
  // Q6).
  epoll_ctl(thread->epoll, EPOLL_CTL_DEL, connection->fd, NULL);
  close(connection->fd);
  if (connection->previous != NULL) {
    connection->previous->next = connection->next;
  } else {
    thread->connections = connection->next;
  }
  if (connection->next != NULL) {
    connection->next->previous = connection->previous;
  }
  g_atomic_int_add(&thread->server->connections, -1);
  g_free(connection);
}

static void begin_linger(Connection *connection) {
  if (connection->state == STATE_WAITING) {
    g_hash_table_remove(connection->thread->by_id, &connection->id);
  }
  connection_drop_request(connection);
  g_clear_pointer(&connection->in, g_byte_array_unref);
  connection->state = STATE_LINGER;
  connection_set_deadline(connection, LINGER_SECONDS);
}

// Uses as much of `bytes` as it can; gives how much.
static gsize use(Connection *connection, Slice bytes) {
  IoThread *thread = connection->thread;
  gsize at = 0;
  while (!connection->close_after && connection->out == NULL &&
         connection->state != STATE_WAITING && connection->state != STATE_STREAM &&
         at < bytes.length) {
    Slice rest = slice_from(bytes, at);
    if (connection->state == STATE_BODY) {
      gssize taken = http_dispatch_feed_body(connection, rest);
      if (taken < 0) {
        break;
      }
      at += (gsize)taken;
      continue;
    }
    if (thread->segment_count + 6 > G_N_ELEMENTS(thread->segments)) {
      break;
    }
    if (rest.length >= 2 && connection->scanned == 0 && rest.data[0] == '\r' &&
        rest.data[1] == '\n') {
      at += 2; // RFC 9112 2.2: an empty line before a request is let pass
      continue;
    }
    guint status = http_parse_head(rest, thread->server->options.header_bytes, &connection->scanned,
                                   &thread->head);
    if (status == 0) {
      break;
    }
    connection->scanned = 0;
    if (status != 200) {
      http_answer_status(connection, NULL, status, FALSE);
      break;
    }
    at += thread->head.length;
    if (thread->head.chunked || thread->head.content_length > 0) {
      http_dispatch_begin_body(connection, &thread->head, rest.data);
    } else {
      http_dispatch(connection, &thread->head, rest.data);
    }
    if (connection->state == STATE_HEAD) {
      connection_set_deadline(connection, thread->server->options.idle_seconds);
    }
  }
  return at;
}

static void keep_input(Connection *connection, Slice rest) {
  gboolean was_empty = connection->in == NULL;
  GByteArray *kept = NULL;
  if (rest.length > 0) {
    kept = g_byte_array_sized_new((guint)rest.length);
    g_byte_array_append(kept, (const guint8 *)rest.data, (guint)rest.length);
  }
  g_clear_pointer(&connection->in, g_byte_array_unref);
  connection->in = kept;
  // The first byte of a request starts its clock, whatever it drips afterwards.
  if (kept != NULL && was_empty && connection->state == STATE_HEAD && connection->out == NULL) {
    connection_set_deadline(connection, connection->thread->server->options.header_seconds);
  }
}

// FALSE: the connection is gone.
gboolean connection_flush(Connection *connection) {
  if (connection->thread->segment_count > 0 && !http_output_flush(connection)) {
    connection_close(connection);
    return FALSE;
  }
  if (connection->close_after && connection->out == NULL && connection->state != STATE_LINGER) {
    shutdown(connection->fd, SHUT_WR);
    begin_linger(connection);
  }
  return TRUE;
}

// Reads away what a refused peer still sends, so that it gets to read our answer.
static void drain(Connection *connection) {
  for (guint i = 0; i < 16; i++) {
    gssize got = recv(connection->fd, connection->thread->buffer, HTTP_READ_BUFFER, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
      connection_close(connection);
      return;
    }
    if (got < 0) {
      return;
    }
  }
}

// Works on what is there: bytes kept, bytes to read. Ends when it would block, waits, or closes.
void connection_advance(Connection *connection) {
  IoThread *thread = connection->thread;
  for (;;) {
    if (connection->out != NULL) {
      if (!http_output_send_kept(connection)) {
        connection_close(connection);
        return;
      }
      if (connection->out != NULL) {
        return;
      }
      if (!connection_flush(connection)) {
        return;
      }
    }
    if (connection->state == STATE_LINGER) {
      drain(connection);
      return;
    }
    if (connection->state == STATE_STREAM) {
      if (connection->hung_up) {
        connection_close(connection);
      } else {
        http_stream_pump(connection);
      }
      return;
    }
    if (connection->state == STATE_WAITING) {
      return;
    }
    gsize have = connection->in != NULL ? connection->in->len : 0;
    gsize used = 0;
    if (have > 0) { // left over from before: pipelined, or the begin of a head
      memcpy(thread->buffer, connection->in->data, have);
    }
    gssize got = 0;
    if (connection->readable && have < HTTP_READ_BUFFER) {
      got = recv(connection->fd, thread->buffer + have, HTTP_READ_BUFFER - have, 0);
      if (got < 0 && errno == EAGAIN) {
        connection->readable = FALSE;
        got = 0;
      } else if (got <= 0) {
        if (got < 0 && errno == EINTR) {
          continue;
        }
        connection->peer_done = TRUE;
        connection->readable = FALSE;
        if (got < 0 || have == 0) {
          connection_close(connection);
          return;
        }
      } else if ((gsize)got < HTTP_READ_BUFFER - have && !connection->hung_up) {
        connection->readable = FALSE; // edge-triggered: the next byte rings again
      }
    }
    Slice bytes = {thread->buffer, have + (gsize)MAX(got, 0)};
    used = use(connection, bytes);
    gboolean stuck = used == 0 && got <= 0;
    keep_input(connection, slice_from(bytes, used));
    if (!connection_flush(connection)) {
      return;
    }
    if (connection->state == STATE_LINGER || connection->out != NULL) {
      continue;
    }
    if (connection->peer_done && connection->state != STATE_WAITING && stuck) {
      connection_close(connection);
      return;
    }
    if (connection->state == STATE_WAITING || (stuck && !connection->readable)) {
      return;
    }
    if (!connection->readable && connection->in == NULL) {
      return;
    }
  }
}

// A half-sent head is told 408; everything else past its time is just closed.
void connection_expire(Connection *connection) {
  IoThread *thread = connection->thread;
  COUNT(thread->counters.timeouts, 1);
  gboolean can_tell =
      connection->out == NULL && (connection->state == STATE_BODY ||
                                  (connection->state == STATE_HEAD && connection->in != NULL));
  if (!can_tell) {
    connection_close(connection);
    return;
  }
  http_answer_status(connection, NULL, 408, FALSE);
  (void)connection_flush(connection);
}
