// SPDX-License-Identifier: Apache-2.0
//
// What goes out on a connection: the segments of this turn of the loop (written with one call,
// borrowed from pages as they lie in the cache) and what the socket would not take, which is kept
// with its own references until it can be sent. Called by the other files of the I/O threads. It
// never blocks and never closes a connection.
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "web/http_io.h"

#define SEND_STEP (64u << 10) // bytes that renew a slow reader's deadline

static void segment_clear(Segment *segment) {
  page_unref(segment->page);
  g_free(segment->own);
}

void http_output_drop(Connection *connection) {
  if (connection->out != NULL) {
    for (guint i = (guint)connection->out_at; i < connection->out->len; i++) {
      segment_clear(&g_array_index(connection->out, Segment, i));
    }
    g_clear_pointer(&connection->out, g_array_unref);
  }
  connection->out_at = 0;
}

void http_output_add(IoThread *thread, const char *data, gsize length, CachedPage *page,
                     char *own) {
  g_assert(thread->segment_count < G_N_ELEMENTS(thread->segments));
  thread->segments[thread->segment_count++] = (Segment){data, length, page, own};
}

// Keeps what the socket would not take. Borrowed bytes get an owner now.
static void keep_rest(Connection *connection, guint first, gsize offset) {
  IoThread *thread = connection->thread;
  if (connection->out == NULL) {
    connection->out = g_array_new(FALSE, FALSE, sizeof(Segment));
    connection->out_at = 0;
    connection->sent_since = 0;
    connection_set_deadline(connection, thread->server->options.send_seconds);
  }
  for (guint i = first; i < thread->segment_count; i++) {
    Segment segment = thread->segments[i];
    if (i == first) {
      segment.data += offset;
      segment.length -= offset;
    }
    if (segment.page != NULL) {
      page_ref(segment.page);
    } else if (segment.own == NULL) { // the Date line
      segment.own = g_memdup2(segment.data, segment.length);
      segment.data = segment.own;
    }
    g_array_append_val(connection->out, segment);
    thread->segments[i].own = NULL;
  }
}

// Writes this turn's segments. FALSE: the connection is broken.
gboolean http_output_flush(Connection *connection) {
  IoThread *thread = connection->thread;
  gboolean good = TRUE;
  guint at = 0;
  gsize offset = 0;
  while (at < thread->segment_count && connection->out == NULL) {
    struct iovec vectors[HTTP_BATCH * 3];
    guint count = 0;
    for (guint i = at; i < thread->segment_count; i++) {
      gsize skip = i == at ? offset : 0;
      vectors[count++] = (struct iovec){(char *)thread->segments[i].data + skip,
                                        thread->segments[i].length - skip};
    }
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = count};
    gssize sent = sendmsg(connection->fd, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      good = errno == EAGAIN || errno == EINTR;
      if (errno == EINTR) {
        continue;
      }
      break;
    }
    COUNT(thread->counters.bytes_out, (guint64)sent);
    gsize left = (gsize)sent;
    while (at < thread->segment_count && left >= thread->segments[at].length - offset) {
      left -= thread->segments[at].length - offset;
      offset = 0;
      at++;
    }
    offset += left;
    if (at < thread->segment_count) {
      break; // a short write: the socket is full
    }
  }
  if (good && at < thread->segment_count) {
    keep_rest(connection, at, offset);
  }
  for (guint i = 0; i < thread->segment_count; i++) {
    g_free(thread->segments[i].own);
  }
  thread->segment_count = 0;
  return good;
}

// Sends on what was kept. FALSE: broken.
gboolean http_output_send_kept(Connection *connection) {
  while (connection->out != NULL) {
    Segment *segment = &g_array_index(connection->out, Segment, connection->out_at);
    gssize sent = send(connection->fd, segment->data, segment->length, MSG_NOSIGNAL);
    if (sent < 0) {
      return errno == EAGAIN || errno == EINTR;
    }
    COUNT(connection->thread->counters.bytes_out, (guint64)sent);
    connection->sent_since += (gsize)sent;
    if (connection->sent_since >= SEND_STEP) {
      connection->sent_since = 0;
      connection_set_deadline(connection, connection->thread->server->options.send_seconds);
    }
    segment->data += sent;
    segment->length -= (gsize)sent;
    if (segment->length == 0) {
      segment_clear(segment);
      connection->out_at++;
      if (connection->out_at == connection->out->len) {
        connection->out_at = 0;
        g_array_set_size(connection->out, 0);
        g_clear_pointer(&connection->out, g_array_unref);
        connection_set_deadline(connection, connection->thread->server->options.idle_seconds);
      }
    }
  }
  return TRUE;
}
