// SPDX-License-Identifier: Apache-2.0
//
// Answers as bytes: a page of the cache (whole, 304, a range), the server's own short refusals and
// its figures. Each is queued with http_output_add and stands in the access log. Called by
// http_dispatch.c and http_connection.c. It makes no pages: those come from the cache or a worker.
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/accept.h"
#include "web/http_io.h"

#define LOG_KEPT 32768 // bytes of the access log that wait for a write or the next sweep

ContentCoding http_coding_for(const HttpHead *head) {
  Slice list = http_head_header(head, "Accept-Encoding");
  if (list.length == 0) {
    return CODING_IDENTITY;
  }
  return accept_names(list, "br")     ? CODING_BROTLI
         : accept_names(list, "gzip") ? CODING_GZIP
                                      : CODING_IDENTITY;
}

void access_log_flush(IoThread *thread) {
  if (thread->log->len > 0) {
    gssize unused = write(thread->server->log_fd, thread->log->str, thread->log->len);
    (void)unused;
    g_string_truncate(thread->log, 0);
  }
}

static void append_number(GString *log, guint64 number) {
  char digits[20];
  gsize at = sizeof digits;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  g_string_append_len(log, digits + at, (gssize)(sizeof digits - at));
}

// What would end the field early in a log reader's eyes becomes "_".
static void append_target(GString *log, Slice target) {
  gsize begin = log->len;
  g_string_append_len(log, target.data, (gssize)target.length);
  for (gsize i = begin; i < log->len; i++) {
    if (log->str[i] == '"' || log->str[i] == '\\') {
      log->str[i] = '_';
    }
  }
}

// One line of the Common Log Format, without an allocation. `head` NULL: it could not be read.
static void access_log_write(Connection *connection, const HttpHead *head, guint status,
                             gsize bytes) {
  IoThread *thread = connection->thread;
  if (thread->server->log_fd < 0) {
    return;
  }
  GString *log = thread->log;
  char address[INET6_ADDRSTRLEN] = "-";
  if (thread->server->options.access_log_addresses) {
    http_peer_write(connection, address, sizeof address);
  }
  g_string_append(log, address);
  g_string_append_len(log, thread->log_time, (gssize)thread->log_time_length);
  if (head != NULL) {
    g_string_append_len(log, head->method_text.data, (gssize)head->method_text.length);
    g_string_append_c(log, ' ');
    append_target(log, head->target);
  } else {
    g_string_append(log, "- -");
  }
  g_string_append(log, head != NULL && head->minor == 0 ? " HTTP/1.0\" " : " HTTP/1.1\" ");
  append_number(log, status);
  g_string_append_c(log, ' ');
  append_number(log, bytes);
  g_string_append_c(log, '\n');
  if (log->len > LOG_KEPT) {
    access_log_flush(thread);
  }
}

static void end_head(Connection *connection, gboolean keep_alive, gboolean minor_zero) {
  IoThread *thread = connection->thread;
  if (keep_alive && minor_zero) {
    char *own = g_strconcat("Connection: keep-alive\r\n", thread->date[0], NULL);
    http_output_add(thread, own, strlen(own), NULL, own);
    return;
  }
  guint which = keep_alive ? 0 : 1;
  http_output_add(thread, thread->date[which], thread->date_length[which], NULL, NULL);
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
  http_output_add(connection->thread, own, text_length, NULL, own);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (status == 206) {
    http_output_add(connection->thread, variant->bytes.data + first, length, page, NULL);
  }
  access_log_write(connection, head, status, length);
  return status;
}

// The head of an answer whose bytes still come. HTTP/1.0 knows no chunks: the connection's end is
// the answer's.
static void answer_stream(Connection *connection, const HttpHead *head, CachedPage *page,
                          const PageVariant *variant) {
  static const char CHUNKED[] = "Transfer-Encoding: chunked\r\n";
  gboolean chunked = head->minor > 0;
  const char *found = strstr(variant->head, CHUNKED);
  gsize before = (gsize)(found - variant->head);
  gsize after = before + sizeof CHUNKED - 1;
  if (chunked) {
    http_output_add(connection->thread, variant->head, variant->head_length, page, NULL);
  } else {
    http_output_add(connection->thread, variant->head, before, page, NULL);
    http_output_add(connection->thread, variant->head + after, variant->head_length - after, page,
                    NULL);
  }
  end_head(connection, head->keep_alive && chunked, FALSE);
  access_log_write(connection, head, page->status, 0);
  if (head->method == HTTP_HEAD) {
    response_stream_break(page->stream);
  } else {
    http_stream_begin(connection, head, page);
  }
}

// Queues the answer; the page must live until the flush.
void http_answer(Connection *connection, const HttpHead *head, CachedPage *page,
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
    http_output_add(thread, variant->head_not_modified, variant->head_not_modified_length, page,
                    NULL);
    end_head(connection, head->keep_alive, head->minor == 0);
    access_log_write(connection, head, 304, 0);
    return;
  }
  guint status = answer_range(connection, head, page, variant);
  if (status != 0) {
    COUNT(thread->counters.status_class[status / 100], 1);
    return;
  }
  COUNT(thread->counters.status_class[page->status / 100 % 6], 1);
  if (page->stream != NULL) {
    answer_stream(connection, head, page, variant);
    return;
  }
  http_output_add(thread, variant->head, variant->head_length, page, NULL);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (head->method != HTTP_HEAD && variant->bytes.length > 0) {
    http_output_add(thread, variant->bytes.data, variant->bytes.length, page, NULL);
  }
  access_log_write(connection, head, page->status,
                   head->method == HTTP_HEAD ? 0 : variant->bytes.length);
}

// An answer of the server's own, without a page; closes unless the request is wholly read.
void http_answer_status(Connection *connection, const HttpHead *head, guint status,
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
  http_output_add(thread, own, strlen(own), NULL, own);
  access_log_write(connection, head, status, strlen(body));
  if (!keep_alive) {
    connection->close_after = TRUE;
  }
}

void http_answer_text(Connection *connection, const HttpHead *head, const char *media_type,
                      GString *text) {
  Response *response = response_new_take(200, media_type, text);
  CachedPage *page = page_take(response, (Slice){"", 0}, 0);
  const PageVariant *variant = page_variant(page, CODING_IDENTITY);
  COUNT(connection->thread->counters.requests, 1);
  COUNT(connection->thread->counters.status_class[2], 1);
  char *own = g_strndup(variant->head, variant->head_length);
  http_output_add(connection->thread, own, variant->head_length, NULL, own);
  end_head(connection, head->keep_alive, head->minor == 0);
  if (head->method != HTTP_HEAD && variant->bytes.length > 0) {
    char *body = g_memdup2(variant->bytes.data, variant->bytes.length);
    http_output_add(connection->thread, body, variant->bytes.length, NULL, body);
  }
  connection->close_after |= !head->keep_alive;
  page_unref(page);
}
