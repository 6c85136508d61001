// SPDX-License-Identifier: Apache-2.0
//
// The I/O threads: one edge-triggered epoll loop each, with its connections and its view of the
// page cache. Whatever may block goes to the workers (http_worker.c) and comes back by
// io_thread_complete. Started and joined by http_server.c.
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "web/http_io.h"

const HttpCounters *io_thread_counters(const IoThread *thread) {
  return &thread->counters;
}

static void take_time(IoThread *thread) {
  thread->now = g_get_monotonic_time();
  thread->real_now = g_get_real_time();
  gint64 second = thread->real_now / CLOCK_SECOND;
  if (second != thread->date_second) {
    char date[30];
    clock_write_http_date(thread->real_now, date);
    thread->date_second = second;
    struct tm civil;
    time_t seconds = (time_t)second;
    thread->log_time_length =
        strftime(thread->log_time, sizeof thread->log_time, " - - [%d/%b/%Y:%H:%M:%S +0000] \"",
                 gmtime_r(&seconds, &civil));
    thread->date_length[0] =
        (gsize)g_snprintf(thread->date[0], sizeof thread->date[0], "Date: %s\r\n\r\n", date);
    thread->date_length[1] = (gsize)g_snprintf(thread->date[1], sizeof thread->date[1],
                                               "Date: %s\r\nConnection: close\r\n\r\n", date);
  }
}

static void accept_all(IoThread *thread, int listener) {
  HttpServer *server = thread->server;
  for (guint i = 0; i < 64; i++) {
    struct sockaddr_storage peer = {0};
    socklen_t length = sizeof peer;
    int fd = accept4(listener, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
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
    connection_set_deadline(connection, server->options.header_seconds);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = connection};
    if (epoll_ctl(thread->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
      connection_close(connection);
    }
  }
}

static void push(IoThread *thread, Completion completion) {
  g_mutex_lock(&thread->lock);
  if (thread->gone && completion.page != NULL && completion.page->stream != NULL) {
    response_stream_break(completion.page->stream); // nobody is left to send it
  }
  gboolean first = thread->completions->len == 0;
  g_array_append_val(thread->completions, completion);
  g_mutex_unlock(&thread->lock);
  if (first) {
    eventfd_write(thread->wake_fd, 1);
  }
}

void io_thread_complete(IoThread *thread, guint64 connection, CachedPage *page) {
  push(thread, (Completion){connection, page, COMPLETION_PAGE});
}

void io_thread_admit(IoThread *thread, guint64 connection) {
  push(thread, (Completion){connection, NULL, COMPLETION_ADMITTED});
}

void io_thread_stream(IoThread *thread, guint64 connection) {
  push(thread, (Completion){connection, NULL, COMPLETION_STREAM});
}

static void finish_waiting(IoThread *thread, const Completion *completion) {
  Connection *connection = g_hash_table_lookup(thread->by_id, &completion->connection);
  if (connection == NULL) { // it went away meanwhile
    return;
  }
  if (completion->what == COMPLETION_STREAM) {
    if (connection->state == STATE_STREAM && connection->out == NULL) {
      http_stream_pump(connection);
    }
    return;
  }
  g_hash_table_remove(thread->by_id, &connection->id);
  connection->state = STATE_HEAD;
  connection_set_deadline(connection, thread->server->options.idle_seconds);
  if (completion->what == COMPLETION_ADMITTED) {
    http_dispatch_admitted(connection);
    if (connection_flush(connection)) {
      connection_advance(connection);
    }
    return;
  }
  if (connection->announced) {
    connection->head->keep_alive = FALSE; // refused: its body is not read
  }
  http_answer(connection, connection->head, completion->page, http_coding_for(connection->head));
  if (connection->state != STATE_STREAM) {
    connection_drop_request(connection);
  }
  if (connection_flush(connection)) {
    connection_advance(connection);
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

static void sweep(IoThread *thread, gboolean stopping) {
  for (Connection *connection = thread->connections, *next = NULL; connection != NULL;
       connection = next) {
    next = connection->next;
    if (stopping && connection->state != STATE_WAITING &&
        (connection->out == NULL || connection->state == STATE_STREAM)) {
      connection_close(connection);
    } else if (thread->now >= connection->deadline) {
      connection_expire(connection);
    }
  }
}

static void close_listeners(IoThread *thread) {
  for (guint i = 0; i < thread->listeners.count; i++) {
    close(thread->listeners.fds[i]);
  }
  thread->listeners.count = 0;
}

// Whoever still writes to a stream here learns that nobody reads it.
static void leave(IoThread *thread) {
  g_mutex_lock(&thread->lock);
  thread->gone = TRUE;
  for (guint i = 0; i < thread->completions->len; i++) {
    CachedPage *page = g_array_index(thread->completions, Completion, i).page;
    if (page != NULL && page->stream != NULL) {
      response_stream_break(page->stream);
    }
  }
  g_mutex_unlock(&thread->lock);
  while (thread->connections != NULL) {
    connection_close(thread->connections);
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
      const int *listener = events[i].data.ptr;
      if (listener >= thread->listeners.fds && listener < thread->listeners.fds + HTTP_LISTENERS) {
        accept_all(thread, *listener);
      } else if (events[i].data.ptr == &thread->wake_fd) {
        wake = TRUE; // last: it may close connections that still have events here
      } else {
        Connection *connection = events[i].data.ptr;
        connection->readable |=
            (events[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        connection->hung_up |= (events[i].events & (EPOLLRDHUP | EPOLLHUP)) != 0;
        connection_advance(connection);
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
      access_log_flush(thread);
      if (thread->now >= thread->next_view_sweep) {
        thread->next_view_sweep = thread->now + G_USEC_PER_SEC;
        page_view_sweep(thread->view, thread->real_now);
      }
    }
    if (stop != 0) {
      close_listeners(thread);
      if (thread->connections == NULL || thread->now >= stop) {
        leave(thread);
        return NULL;
      }
    }
  }
}

IoThread *io_thread_start(HttpServer *server, const Listeners *listeners) {
  IoThread *thread = g_new0(IoThread, 1);
  thread->server = server;
  thread->listeners = *listeners;
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
  struct epoll_event event = {.events = EPOLLIN};
  for (guint i = 0; i < thread->listeners.count; i++) {
    event.data.ptr = &thread->listeners.fds[i];
    epoll_ctl(thread->epoll, EPOLL_CTL_ADD, thread->listeners.fds[i], &event);
  }
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
  access_log_flush(thread);
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
