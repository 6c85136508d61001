// SPDX-License-Identifier: Apache-2.0
//
// The I/O threads: one epoll loop each (edge-triggered), its connections, and the answering of
// page cache hits as prebuilt bytes. Whatever may block goes to the workers (http_worker.c) and
// comes back by io_thread_complete. A connection is in one state at a time:
//
//   HEAD -> (BODY ->) WAITING -> HEAD …      hits answer in HEAD without leaving it
//   any  -> LINGER -> closed                 after an error: our answer is sent, theirs is read
//   away
//
// and always has one absolute deadline; a sweep five times a second closes what is past it.
#include "web/http_connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/accept.h"

#define SEND_STEP (64u << 10) // bytes that renew a slow reader's deadline
#define LINGER_SECONDS 2

typedef enum ConnectionState {
  STATE_HEAD,
  STATE_BODY,
  STATE_WAITING,
  STATE_LINGER
} ConnectionState;

typedef struct Segment { // bytes to send and what keeps them alive
  const char *data;
  gsize length;
  CachedPage *page; // reference, or NULL
  char *own;        // owned bytes, or NULL
} Segment;

typedef struct Connection {
  int fd;
  guint64 id;
  IoThread *thread;
  struct Connection *previous, *next;
  ConnectionState state;
  gint64 deadline; // monotonic µs
  GByteArray *in;  // bytes read and not yet used; NULL when there are none
  gsize scanned;
  gboolean readable, hung_up, peer_done, close_after, head_only, minor_zero;
  GArray *out;  // Segment; what the socket would not take; NULL when there is none
  gsize out_at; // first segment not wholly sent
  gsize sent_since;
  // of the request being read or waited for
  HttpHead *head; // with its bytes in head_bytes; NULL but in BODY and WAITING
  char *head_bytes;
  GByteArray *body;
  gsize body_limit;
  ChunkReader *chunks;
  struct sockaddr_storage peer;
} Connection;

struct IoThread {
  HttpServer *server;
  GThread *thread;
  int epoll, listen_fd, wake_fd;
  PageView *view;
  Connection *connections;
  GHashTable *by_id; // connections in WAITING
  guint64 last_id;
  char *buffer; // HTTP_READ_BUFFER
  HttpHead head;
  // what this turn of the loop writes, before it is flushed
  Segment segments[HTTP_BATCH * 3];
  guint segment_count;
  char date[2][64]; // "Date: …\r\n\r\n", "Date: …\r\nConnection: close\r\n\r\n"
  gsize date_length[2];
  gint64 date_second;
  gint64 now, real_now; // monotonic and real µs, of this turn
  gint64 next_sweep, next_view_sweep;
  GString *log;
  GMutex lock; // guards completions
  GArray *completions;
  gint64 stop_deadline; // atomic; 0: go on
  HttpCounters counters;
};

const HttpCounters *io_thread_counters(const IoThread *thread) {
  return &thread->counters;
}

static void advance(Connection *connection);

// ---- time
// ------------------------------------------------------------------------------------------

static void take_time(IoThread *thread) {
  thread->now = g_get_monotonic_time();
  thread->real_now = g_get_real_time();
  gint64 second = thread->real_now / CLOCK_SECOND;
  if (second != thread->date_second) {
    char date[30];
    clock_write_http_date(thread->real_now, date);
    thread->date_second = second;
    thread->date_length[0] =
        (gsize)g_snprintf(thread->date[0], sizeof thread->date[0], "Date: %s\r\n\r\n", date);
    thread->date_length[1] = (gsize)g_snprintf(thread->date[1], sizeof thread->date[1],
                                               "Date: %s\r\nConnection: close\r\n\r\n", date);
  }
}

static void set_deadline(Connection *connection, guint seconds) {
  connection->deadline = connection->thread->now + (gint64)seconds * G_USEC_PER_SEC;
}

// ---- closing
// ---------------------------------------------------------------------------------------

static void segment_clear(Segment *segment) {
  page_unref(segment->page);
  g_free(segment->own);
}

static void drop_out(Connection *connection) {
  if (connection->out != NULL) {
    for (guint i = (guint)connection->out_at; i < connection->out->len; i++) {
      segment_clear(&g_array_index(connection->out, Segment, i));
    }
    g_clear_pointer(&connection->out, g_array_unref);
  }
  connection->out_at = 0;
}

static void drop_request(Connection *connection) {
  g_clear_pointer(&connection->head, g_free);
  g_clear_pointer(&connection->head_bytes, g_free);
  g_clear_pointer(&connection->chunks, g_free);
  g_clear_pointer(&connection->body, g_byte_array_unref);
}

static void connection_close(Connection *connection) {
  IoThread *thread = connection->thread;
  if (connection->state == STATE_WAITING) {
    g_hash_table_remove(thread->by_id, &connection->id);
  }
  drop_out(connection);
  drop_request(connection);
  g_clear_pointer(&connection->in, g_byte_array_unref);
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

// ---- sending
// ---------------------------------------------------------------------------------------

static void add_segment(IoThread *thread, const char *data, gsize length, CachedPage *page,
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
    set_deadline(connection, thread->server->options.send_seconds);
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
static gboolean flush(Connection *connection) {
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
static gboolean send_kept(Connection *connection) {
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
      set_deadline(connection, connection->thread->server->options.send_seconds);
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
        set_deadline(connection, connection->thread->server->options.idle_seconds);
      }
    }
  }
  return TRUE;
}

// ---- answering
// -------------------------------------------------------------------------------------

static void write_address(const Connection *connection, char *out, gsize size) {
  if (connection->peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &((const struct sockaddr_in *)&connection->peer)->sin_addr, out,
              (socklen_t)size);
  } else {
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)&connection->peer)->sin6_addr, out,
              (socklen_t)size);
  }
}

static void write_log(Connection *connection, const HttpHead *head, guint status, gsize bytes) {
  IoThread *thread = connection->thread;
  if (thread->server->log_fd < 0) {
    return;
  }
  char address[INET6_ADDRSTRLEN] = "-";
  if (thread->server->options.access_log_addresses) {
    write_address(connection, address, sizeof address);
  }
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(thread->real_now / CLOCK_SECOND);
  g_autofree char *stamp = g_date_time_format(time, "%d/%b/%Y:%H:%M:%S +0000");
  g_autofree char *target = head != NULL ? g_strescape("", NULL) : NULL;
  g_free(target);
  target = head != NULL ? slice_dup(head->target) : g_strdup("-");
  for (char *at = target; *at != '\0'; at++) {
    *at = *at == '"' || *at == '\\' ? '_' : *at;
  }
  g_autofree char *method = head != NULL ? slice_dup(head->method_text) : g_strdup("-");
  g_string_append_printf(thread->log, "%s - - [%s] \"%s %s HTTP/1.%u\" %u %" G_GSIZE_FORMAT "\n",
                         address, stamp, method, target, head != NULL ? head->minor : 1, status,
                         bytes);
  if (thread->log->len > 32768) {
    gssize unused = write(thread->server->log_fd, thread->log->str, thread->log->len);
    (void)unused;
    g_string_truncate(thread->log, 0);
  }
}

static void end_head(Connection *connection, gboolean keep_alive, gboolean minor_zero) {
  IoThread *thread = connection->thread;
  if (keep_alive && minor_zero) {
    char *own = g_strconcat("Connection: keep-alive\r\n", thread->date[0], NULL);
    add_segment(thread, own, strlen(own), NULL, own);
    return;
  }
  guint which = keep_alive ? 0 : 1;
  add_segment(thread, thread->date[which], thread->date_length[which], NULL, NULL);
}

static gboolean etag_matches(Slice list, const char *etag) {
  if (slice_equal_text(list, "*")) {
    return TRUE;
  }
  while (list.length > 0) {
    gssize comma = slice_find_char(list, ',');
    Slice item = slice_trim(slice_range(list, 0, comma < 0 ? list.length : (gsize)comma));
    if (slice_starts_with(item, "W/")) {
      item = slice_from(item, 2);
    }
    if (slice_equal_text(item, etag)) {
      return TRUE;
    }
    list = slice_from(list, comma < 0 ? list.length : (gsize)comma + 1);
  }
  return FALSE;
}

static gboolean is_not_modified(const HttpHead *head, const CachedPage *page,
                                const PageVariant *variant) {
  if (page->status != 200 || page->policy == CACHE_NONE ||
      (head->method != HTTP_GET && head->method != HTTP_HEAD)) {
    return FALSE;
  }
  Slice tags = http_head_header(head, "If-None-Match");
  if (tags.data != NULL) {
    return etag_matches(tags, variant->etag);
  }
  Slice since = http_head_header(head, "If-Modified-Since");
  if (since.data == NULL || page->last_modified == 0) {
    return FALSE;
  }
  g_autofree char *text = slice_dup(since);
  gint64 instant = 0;
  return clock_parse_http_date(text, &instant) &&
         page->last_modified / CLOCK_SECOND <= instant / CLOCK_SECOND;
}

// "bytes=a-b", one range. 0: not a range we serve (the whole is sent); 206; 416.
static guint parse_range(Slice text, gsize size, gsize *ret_first, gsize *ret_length) {
  if (!slice_starts_with(text, "bytes=") || slice_find_char(text, ',') >= 0) {
    return 0;
  }
  Slice range = slice_from(text, 6);
  gssize dash = slice_find_char(range, '-');
  guint64 first = 0;
  guint64 last = G_MAXUINT64;
  if (dash < 0) {
    return 0;
  }
  Slice left = slice_range(range, 0, (gsize)dash);
  Slice right = slice_from(range, (gsize)dash + 1);
  if ((left.length > 0 && !slice_parse_uint(left, G_MAXINT64, &first)) ||
      (right.length > 0 && !slice_parse_uint(right, G_MAXINT64, &last)) ||
      (left.length == 0 && right.length == 0)) {
    return 0;
  }
  if (left.length == 0) { // the last `last` bytes
    if (last == 0 || size == 0) {
      return 416;
    }
    first = last >= size ? 0 : size - last;
    last = size - 1;
  }
  if (first >= size) {
    return 416;
  }
  if (last < first) {
    return 0;
  }
  *ret_first = (gsize)first;
  *ret_length = (gsize)(MIN(last, size - 1) - first + 1);
  return 206;
}

static guint answer_range(Connection *connection, const HttpHead *head, CachedPage *page,
                          const PageVariant *variant) {
  Slice range = http_head_header(head, "Range");
  Slice condition = http_head_header(head, "If-Range");
  gsize first = 0;
  gsize length = 0;
  if (!page->ranges || range.data == NULL || head->method != HTTP_GET ||
      (condition.data != NULL && !slice_equal_text(condition, variant->etag))) {
    return 0;
  }
  guint status = parse_range(range, variant->bytes.length, &first, &length);
  if (status == 0) {
    return 0;
  }
  GString *text = g_string_new(NULL);
  const char *line_end = strstr(variant->head, "\r\n");
  const char *rest = strstr(line_end + 2, "\r\n") + 2; // after Content-Length, which comes first
  if (status == 206) {
    g_string_append_printf(text,
                           "HTTP/1.1 206 Partial Content\r\nContent-Length: %" G_GSIZE_FORMAT
                           "\r\nContent-Range: bytes %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT
                           "/%" G_GSIZE_FORMAT "\r\n%s",
                           length, first, first + length - 1, variant->bytes.length, rest);
  } else {
    g_string_append_printf(
        text,
        "HTTP/1.1 416 %s\r\nContent-Length: 0\r\nContent-Range: bytes */%" G_GSIZE_FORMAT "\r\n",
        page_reason(416), variant->bytes.length);
  }
  gsize text_length = text->len;
  char *own = g_string_free(text, FALSE);
  add_segment(connection->thread, own, text_length, NULL, own);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (status == 206) {
    add_segment(connection->thread, variant->bytes.data + first, length, page, NULL);
  }
  write_log(connection, head, status, length);
  return status;
}

// Queues the answer; the page must live until the flush.
static void answer(Connection *connection, const HttpHead *head, CachedPage *page,
                   ContentCoding coding) {
  IoThread *thread = connection->thread;
  const PageVariant *variant = page_variant(page, coding);
  if (variant == NULL) {
    variant = page_variant(page, CODING_IDENTITY);
  }
  if (!head->keep_alive) {
    connection->close_after = TRUE;
  }
  COUNT(thread->counters.requests, 1);
  if (is_not_modified(head, page, variant)) {
    COUNT(thread->counters.status_class[3], 1);
    add_segment(thread, variant->head_not_modified, variant->head_not_modified_length, page, NULL);
    end_head(connection, head->keep_alive, head->minor == 0);
    write_log(connection, head, 304, 0);
    return;
  }
  guint status = answer_range(connection, head, page, variant);
  if (status != 0) {
    COUNT(thread->counters.status_class[status / 100], 1);
    return;
  }
  COUNT(thread->counters.status_class[page->status / 100 % 6], 1);
  add_segment(thread, variant->head, variant->head_length, page, NULL);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (head->method != HTTP_HEAD && variant->bytes.length > 0) {
    add_segment(thread, variant->bytes.data, variant->bytes.length, page, NULL);
  }
  write_log(connection, head, page->status, head->method == HTTP_HEAD ? 0 : variant->bytes.length);
}

// An answer of the server's own, without a page; closes unless the request is wholly read.
static void refuse(Connection *connection, const HttpHead *head, guint status,
                   gboolean keep_alive) {
  IoThread *thread = connection->thread;
  g_autofree char *body = g_strdup_printf("%u %s\n", status, page_reason(status));
  char *own = g_strdup_printf(
      "HTTP/1.1 %u %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
      "%" G_GSIZE_FORMAT "\r\nCache-Control: no-store\r\n%s%s%s",
      status, page_reason(status), strlen(body), status == 503 ? "Retry-After: 1\r\n" : "",
      keep_alive ? thread->date[0] : thread->date[1],
      head != NULL && head->method == HTTP_HEAD ? "" : body);
  COUNT(thread->counters.requests, 1);
  COUNT(thread->counters.status_class[status / 100], 1);
  if (status < 500) {
    COUNT(thread->counters.bad_requests, 1);
  }
  add_segment(thread, own, strlen(own), NULL, own);
  write_log(connection, head, status, strlen(body));
  if (!keep_alive) {
    connection->close_after = TRUE;
  }
}

// ---- requests
// --------------------------------------------------------------------------------------

static ContentCoding coding_for(const HttpHead *head) {
  Slice list = http_head_header(head, "Accept-Encoding");
  if (list.length == 0) {
    return CODING_IDENTITY;
  }
  return accept_names(list, "br")     ? CODING_BROTLI
         : accept_names(list, "gzip") ? CODING_GZIP
                                      : CODING_IDENTITY;
}

// Pictures are kept once for each class of Accept; everything else is the same for everybody.
static gsize write_key(const HttpHead *head, char *out, gsize size) {
  gsize length = MIN(head->target.length, size - 2);
  memcpy(out, head->target.data, length);
  if (slice_starts_with(head->target, "/images/")) {
    ImageFormat format = accept_image_format(http_head_header(head, "Accept"));
    out[length++] = ' '; // no target has one
    out[length++] = format == FORMAT_AVIF ? 'a' : format == FORMAT_WEBP ? 'w' : 'j';
  }
  return length;
}

static gboolean in_network(const Network *network, const guint8 address[16]) {
  guint whole = network->bits / 8;
  guint rest = network->bits % 8;
  return memcmp(network->address, address, whole) == 0 &&
         (rest == 0 ||
          ((network->address[whole] ^ address[whole]) & (guint8)(0xff00 >> rest)) == 0);
}

static gboolean is_trusted(const HttpServer *server, const guint8 address[16]) {
  for (guint i = 0; i < server->trusted->len; i++) {
    if (in_network(&g_array_index(server->trusted, Network, i), address)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean parse_address(const char *text, guint8 out[16]) {
  static const guint8 MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET6, text, out) == 1) {
    return TRUE;
  }
  memcpy(out, MAPPED, sizeof MAPPED);
  return inet_pton(AF_INET, text, out + 12) == 1;
}

// The client's address: the rightmost of X-Forwarded-For that no trusted proxy of ours has.
static char *client_address(const Connection *connection, const HttpHead *head,
                            gboolean *ret_secure) {
  char text[INET6_ADDRSTRLEN] = "";
  guint8 address[16];
  write_address(connection, text, sizeof text);
  *ret_secure = FALSE;
  if (!parse_address(text, address) || !is_trusted(connection->thread->server, address)) {
    return g_strdup(text);
  }
  *ret_secure = slice_equal_text_nocase(http_head_header(head, "X-Forwarded-Proto"), "https");
  g_autofree char *list = slice_dup(http_head_header(head, "X-Forwarded-For"));
  g_auto(GStrv) hops = g_strsplit(list, ",", 64);
  for (guint i = g_strv_length(hops); i > 0; i--) {
    g_strstrip(hops[i - 1]);
    if (!parse_address(hops[i - 1], address)) {
      break;
    }
    g_strlcpy(text, hops[i - 1], sizeof text);
    if (!is_trusted(connection->thread->server, address)) {
      break;
    }
  }
  return g_strdup(text);
}

// What the handler sees of a request whose answer is shared: nothing that is not in the key.
static Request *make_request(Connection *connection, const HttpHead *head, gboolean shared,
                             GBytes *body) {
  gboolean secure = FALSE;
  g_autofree char *remote = shared ? NULL : client_address(connection, head, &secure);
  HttpHeader accept = {SLICE_LITERAL("Accept"), http_head_header(head, "Accept")};
  return request_new(&(RequestParts){.method = head->method == HTTP_HEAD ? HTTP_GET : head->method,
                                     .target = head->target,
                                     .headers = shared ? &accept : head->headers,
                                     .header_count = shared ? (accept.value.data != NULL ? 1 : 0)
                                                            : head->header_count,
                                     .body = body,
                                     .remote = remote,
                                     .secure = secure});
}

// Remembers the head while the connection waits: its bytes are copied, its slices moved along.
static void keep_head(Connection *connection, const HttpHead *head, const char *bytes) {
  char *copy = g_memdup2(bytes, head->length);
  HttpHead *kept = g_memdup2(head, sizeof *head);
  gssize move = copy - bytes;
  Slice *slices[] = {&kept->method_text, &kept->target, &kept->host};
  for (gsize i = 0; i < G_N_ELEMENTS(slices); i++) {
    if (slices[i]->data >= bytes && slices[i]->data < bytes + head->length) {
      slices[i]->data += move;
    }
  }
  for (guint i = 0; i < kept->header_count; i++) {
    kept->headers[i].name.data += move;
    kept->headers[i].value.data += move;
  }
  connection->head = kept;
  connection->head_bytes = copy;
}

static void begin_waiting(Connection *connection) {
  connection->state = STATE_WAITING;
  connection->deadline = G_MAXINT64; // handlers end by themselves
  g_hash_table_insert(connection->thread->by_id, &connection->id, connection);
}

static Job *http_job_new(Connection *connection, ContentCoding coding) {
  Job *job = g_new0(Job, 1);
  job->waiter = (Waiter){connection->thread, connection->id, coding};
  job->begun = connection->thread->now;
  return job;
}

static void push_or_refuse(Connection *connection, const HttpHead *head, Job *job) {
  if (http_worker_push(connection->thread->server, job)) {
    return;
  }
  COUNT(connection->thread->counters.queue_full, 1);
  if (job->key != NULL) { // whoever has joined meanwhile is told too
    g_autoptr(GPtrArray) waiters = page_cache_finish(connection->thread->server->options.cache,
                                                     slice_of(job->key), job->revision);
    for (guint i = 0; i < waiters->len; i++) {
      g_autofree Waiter *waiter = g_ptr_array_index(waiters, i);
      Response *busy = response_new(503, "text/plain; charset=utf-8", NULL);
      response_add_header(busy, "Retry-After", "1");
      io_thread_complete(waiter->thread, waiter->connection, page_take(busy, (Slice){"", 0}, 0));
    }
  } else {
    Response *busy = response_new(503, "text/plain; charset=utf-8", NULL);
    response_add_header(busy, "Retry-After", "1");
    io_thread_complete(connection->thread, connection->id, page_take(busy, (Slice){"", 0}, 0));
  }
  http_job_free(job);
}

typedef struct Errand { // what a worker is to do
  Slice key;            // empty: the answer is one client's alone
  const Route *route;   // NULL: `status` says why
  char **parameters;    // owned
  guint status, allowed;
  GBytes *body;
} Errand;

// A request that the cache can't answer: to the workers, or to whoever is making the same page.
static void submit(Connection *connection, const HttpHead *head, const char *head_bytes,
                   const Errand *errand) {
  IoThread *thread = connection->thread;
  PageCache *cache = thread->server->options.cache;
  gboolean shared = (head->method == HTTP_GET || head->method == HTTP_HEAD) &&
                    (errand->route == NULL || errand->route->permission == PERMISSION_PUBLIC) &&
                    errand->key.length > 0;
  ContentCoding coding = coding_for(head);
  Request *request = make_request(connection, head, shared, errand->body);
  if (request == NULL) {
    g_strfreev(errand->parameters);
    refuse(connection, head, 400, FALSE);
    return;
  }
  request_take_parameters(request, errand->parameters);
  if (connection->head == NULL) {
    keep_head(connection, head, head_bytes);
  }
  begin_waiting(connection);
  COUNT(thread->counters.misses, 1);
  gint64 revision = page_cache_revision(cache);
  if (shared) {
    Waiter *waiter = g_new(Waiter, 1);
    *waiter = (Waiter){thread, connection->id, coding};
    if (!page_cache_begin(cache, errand->key, revision, waiter)) {
      COUNT(thread->counters.joined, 1);
      request_free(request);
      return;
    }
  }
  Job *job = http_job_new(connection, coding);
  job->request = request;
  job->route = errand->route;
  job->status = errand->status;
  job->allowed = errand->allowed;
  job->key = shared ? slice_dup(errand->key) : NULL;
  job->revision = revision;
  push_or_refuse(connection, connection->head, job);
}

// Tells the client why its body is not wanted, with the newspaper's own page, and closes.
static void decline(Connection *connection, const HttpHead *head, const char *bytes,
                    const Errand *errand) {
  if (connection->head == NULL) {
    keep_head(connection, head, bytes);
  }
  connection->head->keep_alive = FALSE; // the body is not read to its end
  g_clear_pointer(&connection->chunks, g_free);
  g_clear_pointer(&connection->body, g_byte_array_unref);
  submit(connection, connection->head, connection->head_bytes, errand);
}

static const Route *find_route(Connection *connection, const HttpHead *head, char ***ret_parameters,
                               guint *ret_allowed, gboolean *ret_bad) {
  Request *probe = request_new(&(RequestParts){.method = head->method, .target = head->target});
  *ret_bad = probe == NULL;
  if (probe == NULL) {
    return NULL;
  }
  const Route *route = route_table_find(connection->thread->server->options.routes, head->method,
                                        request_path(probe), ret_parameters, ret_allowed);
  request_free(probe);
  return route;
}

static void answer_text(Connection *connection, const HttpHead *head, const char *media_type,
                        GString *text) {
  Response *response = response_new_take(200, media_type, text);
  CachedPage *page = page_take(response, (Slice){"", 0}, 0);
  const PageVariant *variant = page_variant(page, CODING_IDENTITY);
  COUNT(connection->thread->counters.requests, 1);
  COUNT(connection->thread->counters.status_class[2], 1);
  char *own = g_strndup(variant->head, variant->head_length);
  add_segment(connection->thread, own, variant->head_length, NULL, own);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (head->method != HTTP_HEAD && variant->bytes.length > 0) {
    char *body = g_memdup2(variant->bytes.data, variant->bytes.length);
    add_segment(connection->thread, body, variant->bytes.length, NULL, body);
  }
  connection->close_after |= !head->keep_alive;
  page_unref(page);
}

// Figures are for those who run the paper: asked from this machine or a private network, not
// through a proxy.
static gboolean may_see_metrics(const Connection *connection, const HttpHead *head) {
  static const Network PRIVATE[] = {{{[10] = 0xff, [11] = 0xff, [12] = 127}, 104},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 10}, 104},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 172, [13] = 16}, 108},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 168}, 112},
                                    {{[15] = 1}, 128},
                                    {{0xfc}, 7}};
  char text[INET6_ADDRSTRLEN] = "";
  guint8 address[16];
  write_address(connection, text, sizeof text);
  if (!parse_address(text, address) || http_head_header(head, "X-Forwarded-For").data != NULL ||
      http_head_header(head, "Forwarded").data != NULL) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(PRIVATE); i++) {
    if (in_network(&PRIVATE[i], address)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean answer_internally(Connection *connection, const HttpHead *head) {
  if (head->method != HTTP_GET && head->method != HTTP_HEAD) {
    return FALSE;
  }
  if (slice_equal_text(head->target, "/healthz")) {
    answer_text(connection, head, "text/plain; charset=utf-8", g_string_new("ok\n"));
    return TRUE;
  }
  if (slice_equal_text(head->target, "/metrics") && may_see_metrics(connection, head)) {
    GString *out = g_string_new(NULL);
    http_server_write_metrics(connection->thread->server, out);
    answer_text(connection, head, "text/plain; version=0.0.4; charset=utf-8", out);
    return TRUE;
  }
  return FALSE;
}

// A request without a body. `bytes` is where the head stands.
static void handle(Connection *connection, const HttpHead *head, const char *bytes) {
  IoThread *thread = connection->thread;
  char key_bytes[HTTP_MAX_TARGET + 2];
  Slice key = {NULL, 0};
  if (head->method == HTTP_GET || head->method == HTTP_HEAD) {
    key = (Slice){key_bytes, write_key(head, key_bytes, sizeof key_bytes)};
    CachedPage *page = page_view_find(thread->view, key, thread->real_now);
    if (page != NULL) {
      ContentCoding coding = coding_for(head);
      COUNT(thread->counters.hits, 1);
      if (coding == CODING_IDENTITY || page_variant(page, coding) != NULL) {
        answer(connection, head, page, coding);
        return;
      }
      keep_head(connection, head, bytes);
      begin_waiting(connection);
      Job *job = http_job_new(connection, coding);
      job->page = page_ref(page);
      push_or_refuse(connection, connection->head, job);
      return;
    }
  }
  if (answer_internally(connection, head)) {
    return;
  }
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, head, &parameters, &allowed, &bad);
  if (bad) {
    refuse(connection, head, 400, FALSE);
    return;
  }
  submit(connection, head, bytes,
         &(Errand){.key = key,
                   .route = route,
                   .parameters = parameters,
                   .status = route != NULL  ? 0
                             : allowed != 0 ? 405
                                            : 404,
                   .allowed = allowed});
}

static void handle_with_body(Connection *connection) {
  g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_steal_pointer(&connection->body));
  g_clear_pointer(&connection->chunks, g_free);
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, connection->head, &parameters, &allowed, &bad);
  connection->state = STATE_HEAD;
  submit(connection, connection->head, connection->head_bytes,
         &(Errand){.route = route, .parameters = parameters, .body = body});
}

// The head is read and announces a body: is there a route that takes it?
static void begin_body(Connection *connection, const HttpHead *head, const char *bytes) {
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, head, &parameters, &allowed, &bad);
  g_strfreev(parameters);
  guint status = bad ? 400 : route == NULL ? (allowed != 0 ? 405 : 404) : 0;
  if (status == 0 && (route->body_limit == 0 || head->content_length > route->body_limit)) {
    status = 413;
  }
  if (status == 400) {
    refuse(connection, head, status, FALSE);
    return;
  }
  if (status != 0) {
    decline(connection, head, bytes, &(Errand){.status = status, .allowed = allowed});
    return;
  }
  keep_head(connection, head, bytes);
  connection->body = g_byte_array_new();
  connection->body_limit = route->body_limit;
  if (head->chunked) {
    connection->chunks = g_new0(ChunkReader, 1);
  }
  connection->state = STATE_BODY;
  set_deadline(connection, connection->thread->server->options.body_seconds);
  if (head->expect_continue) {
    static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char *own = g_strdup(CONTINUE);
    add_segment(connection->thread, own, sizeof CONTINUE - 1, NULL, own);
  }
}

// Takes what belongs to the body from `bytes`; gives how many, -1 when the connection was refused.
static gssize feed_body(Connection *connection, Slice bytes) {
  HttpHead *head = connection->head;
  gssize taken = 0;
  if (connection->chunks != NULL) {
    taken = chunk_reader_feed(connection->chunks, bytes, connection->body, connection->body_limit);
    if (taken == -2) {
      decline(connection, head, connection->head_bytes, &(Errand){.status = 413});
      return -1;
    }
    if (taken < 0) {
      refuse(connection, head, 400, FALSE);
      return -1;
    }
    if (connection->chunks->state == CHUNK_DONE) {
      handle_with_body(connection);
    }
    return taken;
  }
  taken = (gssize)MIN(bytes.length, head->content_length - connection->body->len);
  g_byte_array_append(connection->body, (const guint8 *)bytes.data, (guint)taken);
  if (connection->body->len == head->content_length) {
    handle_with_body(connection);
  }
  return taken;
}

// ---- the life of a connection
// ----------------------------------------------------------------------

static void begin_linger(Connection *connection) {
  if (connection->state == STATE_WAITING) {
    g_hash_table_remove(connection->thread->by_id, &connection->id);
  }
  drop_request(connection);
  g_clear_pointer(&connection->in, g_byte_array_unref);
  connection->state = STATE_LINGER;
  set_deadline(connection, LINGER_SECONDS);
}

// Uses as much of `bytes` as it can; gives how much.
static gsize use(Connection *connection, Slice bytes) {
  IoThread *thread = connection->thread;
  gsize at = 0;
  while (!connection->close_after && connection->out == NULL &&
         connection->state != STATE_WAITING && at < bytes.length) {
    Slice rest = slice_from(bytes, at);
    if (connection->state == STATE_BODY) {
      gssize taken = feed_body(connection, rest);
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
      refuse(connection, NULL, status, FALSE);
      break;
    }
    at += thread->head.length;
    if (thread->head.chunked || thread->head.content_length > 0) {
      begin_body(connection, &thread->head, rest.data);
    } else {
      handle(connection, &thread->head, rest.data);
    }
    if (connection->state == STATE_HEAD) {
      set_deadline(connection, thread->server->options.idle_seconds);
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
    set_deadline(connection, connection->thread->server->options.header_seconds);
  }
}

// FALSE: the connection is gone.
static gboolean flush_or_close(Connection *connection) {
  if (connection->thread->segment_count > 0 && !flush(connection)) {
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
static void advance(Connection *connection) {
  IoThread *thread = connection->thread;
  for (;;) {
    if (connection->out != NULL) {
      if (!send_kept(connection)) {
        connection_close(connection);
        return;
      }
      if (connection->out != NULL) {
        return;
      }
      if (!flush_or_close(connection)) {
        return;
      }
    }
    if (connection->state == STATE_LINGER) {
      drain(connection);
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
    if (!flush_or_close(connection)) {
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

static void accept_all(IoThread *thread) {
  HttpServer *server = thread->server;
  for (guint i = 0; i < 64; i++) {
    struct sockaddr_storage peer = {0};
    socklen_t length = sizeof peer;
    int fd =
        accept4(thread->listen_fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      return; // EAGAIN; EMFILE: the backlog waits, the next sweep frees some
    }
    COUNT(thread->counters.connections_accepted, 1);
    if (g_atomic_int_add(&server->connections, 1) >= (gint)server->options.max_connections) {
      static const char FULL[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: "
                                 "0\r\nRetry-After: 5\r\nConnection: close\r\n\r\n";
      gssize unused = send(fd, FULL, sizeof FULL - 1, MSG_NOSIGNAL);
      (void)unused;
      close(fd);
      g_atomic_int_add(&server->connections, -1);
      COUNT(thread->counters.connections_refused, 1);
      continue;
    }
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Connection *connection = g_new0(Connection, 1);
    connection->fd = fd;
    connection->id = ++thread->last_id;
    connection->thread = thread;
    connection->peer = peer;
    connection->next = thread->connections;
    if (thread->connections != NULL) {
      thread->connections->previous = connection;
    }
    thread->connections = connection;
    set_deadline(connection, server->options.header_seconds);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = connection};
    if (epoll_ctl(thread->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
      connection_close(connection);
    }
  }
}

void io_thread_complete(IoThread *thread, guint64 connection, CachedPage *page) {
  Completion completion = {connection, page};
  g_mutex_lock(&thread->lock);
  gboolean first = thread->completions->len == 0;
  g_array_append_val(thread->completions, completion);
  g_mutex_unlock(&thread->lock);
  if (first) {
    eventfd_write(thread->wake_fd, 1);
  }
}

static void finish_waiting(IoThread *thread, const Completion *completion) {
  Connection *connection = g_hash_table_lookup(thread->by_id, &completion->connection);
  if (connection == NULL) { // it went away meanwhile
    return;
  }
  g_hash_table_remove(thread->by_id, &connection->id);
  connection->state = STATE_HEAD;
  set_deadline(connection, thread->server->options.idle_seconds);
  answer(connection, connection->head, completion->page, coding_for(connection->head));
  drop_request(connection);
  if (flush_or_close(connection)) {
    advance(connection);
  }
}

static void take_completions(IoThread *thread) {
  eventfd_t count = 0;
  eventfd_read(thread->wake_fd, &count);
  g_mutex_lock(&thread->lock);
  GArray *completions = thread->completions;
  thread->completions = g_array_new(FALSE, FALSE, sizeof(Completion));
  g_mutex_unlock(&thread->lock);
  for (guint i = 0; i < completions->len; i++) {
    Completion *completion = &g_array_index(completions, Completion, i);
    finish_waiting(thread, completion);
    page_unref(completion->page);
  }
  g_array_unref(completions);
}

static void flush_log(IoThread *thread) {
  if (thread->log->len > 0) {
    gssize unused = write(thread->server->log_fd, thread->log->str, thread->log->len);
    (void)unused;
    g_string_truncate(thread->log, 0);
  }
}

// A half-sent head is told 408; everything else past its time is just closed.
static void expire(Connection *connection) {
  IoThread *thread = connection->thread;
  COUNT(thread->counters.timeouts, 1);
  gboolean can_tell =
      connection->out == NULL && (connection->state == STATE_BODY ||
                                  (connection->state == STATE_HEAD && connection->in != NULL));
  if (!can_tell) {
    connection_close(connection);
    return;
  }
  refuse(connection, NULL, 408, FALSE);
  (void)flush_or_close(connection);
}

static void sweep(IoThread *thread, gboolean stopping) {
  for (Connection *connection = thread->connections, *next = NULL; connection != NULL;
       connection = next) {
    next = connection->next;
    if (stopping && connection->state != STATE_WAITING && connection->out == NULL) {
      connection_close(connection);
    } else if (thread->now >= connection->deadline) {
      expire(connection);
    }
  }
}

static gpointer io_thread_main(gpointer data) {
  IoThread *thread = data;
  struct epoll_event events[256];
  for (;;) {
    int count = epoll_wait(thread->epoll, events, G_N_ELEMENTS(events), 200);
    take_time(thread);
    gboolean wake = FALSE;
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr == &thread->listen_fd) {
        accept_all(thread);
      } else if (events[i].data.ptr == &thread->wake_fd) {
        wake = TRUE; // last: it may close connections that still have events here
      } else {
        Connection *connection = events[i].data.ptr;
        connection->readable |=
            (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        connection->hung_up |= (events[i].events & (EPOLLRDHUP | EPOLLHUP)) != 0;
        advance(connection);
      }
      page_view_settle(thread->view);
    }
    if (wake) {
      take_completions(thread);
    }
    gint64 stop = __atomic_load_n(&thread->stop_deadline, __ATOMIC_ACQUIRE);
    if (thread->now >= thread->next_sweep || stop != 0) {
      thread->next_sweep = thread->now + 200000;
      sweep(thread, stop != 0);
      flush_log(thread);
      if (thread->now >= thread->next_view_sweep) {
        thread->next_view_sweep = thread->now + G_USEC_PER_SEC;
        page_view_sweep(thread->view, thread->real_now);
      }
    }
    if (stop != 0) {
      if (thread->listen_fd >= 0) {
        close(thread->listen_fd);
        thread->listen_fd = -1;
      }
      if (thread->connections == NULL || thread->now >= stop) {
        return NULL;
      }
    }
  }
}

IoThread *io_thread_start(HttpServer *server, int listen_fd) {
  IoThread *thread = g_new0(IoThread, 1);
  thread->server = server;
  thread->listen_fd = listen_fd;
  thread->epoll = epoll_create1(EPOLL_CLOEXEC);
  thread->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  g_assert(thread->epoll >= 0 && thread->wake_fd >= 0);
  thread->view = page_view_new(server->options.cache);
  thread->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  thread->buffer = g_malloc(HTTP_READ_BUFFER);
  thread->log = g_string_new(NULL);
  thread->completions = g_array_new(FALSE, FALSE, sizeof(Completion));
  g_mutex_init(&thread->lock);
  take_time(thread);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &thread->listen_fd};
  epoll_ctl(thread->epoll, EPOLL_CTL_ADD, listen_fd, &event);
  event.data.ptr = &thread->wake_fd;
  epoll_ctl(thread->epoll, EPOLL_CTL_ADD, thread->wake_fd, &event);
  thread->thread = g_thread_new("io", io_thread_main, thread);
  return thread;
}

void io_thread_stop(IoThread *thread, gint64 deadline) {
  __atomic_store_n(&thread->stop_deadline, deadline, __ATOMIC_RELEASE);
  eventfd_write(thread->wake_fd, 1);
}

void io_thread_join(IoThread *thread) {
  g_thread_join(thread->thread);
  while (thread->connections != NULL) {
    connection_close(thread->connections);
  }
  flush_log(thread);
  for (guint i = 0; i < thread->completions->len; i++) {
    page_unref(g_array_index(thread->completions, Completion, i).page);
  }
  g_array_unref(thread->completions);
  page_view_free(thread->view);
  g_hash_table_unref(thread->by_id);
  g_string_free(thread->log, TRUE);
  g_free(thread->buffer);
  g_mutex_clear(&thread->lock);
  close(thread->epoll);
  close(thread->wake_fd);
  g_free(thread);
}
