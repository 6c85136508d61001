// SPDX-License-Identifier: Apache-2.0
//
// The parts of the HTTP server that its files share: I/O threads with their connections
// (io_thread.c, and http_io.h for what those share among them), worker threads (http_worker.c),
// start and stop (http_server.c). Nobody else includes this.
#pragma once

#include <netinet/in.h>
#include <sys/uio.h>

#include "web/http_server.h"
#include "web/request_parts.h"

#define HTTP_READ_BUFFER (64u << 10)
#define HTTP_BATCH 64    // responses written at once
#define HTTP_LISTENERS 8 // addresses that one name may stand for
#define HTTP_WAITING 256 // threads for routes that wait, made as they are needed

typedef struct HttpCounters { // written by one thread, read by any: relaxed atomics
  guint64 connections_accepted, connections_refused, requests, hits, misses, joined, stale,
      bytes_out;
  guint64 status_class[6], timeouts, queue_full, bad_requests;
  guint64 latency_buckets[8]; // of misses: 1, 5, 10, 50, 100, 500, 1000 ms, above
} HttpCounters;
#define COUNT(counter, by) __atomic_fetch_add(&(counter), (by), __ATOMIC_RELAXED)
#define COUNTED(counter) __atomic_load_n(&(counter), __ATOMIC_RELAXED)

typedef struct Network {
  guint8 address[16]; // IPv4 as ::ffff:a.b.c.d
  guint bits;
} Network;

struct HttpServer {
  HttpServerOptions options; // strings owned
  guint16 port;
  GPtrArray *io_threads; // IoThread *
  GArray *trusted;       // Network
  gint stopping;         // atomic
  gint connections;      // atomic, open ones
  gint uploads;          // atomic, files being received
  int log_fd;
  HttpCounters counters; // the workers'

  GMutex queue_lock;
  GCond queue_ready;
  GQueue queue;       // Job *
  GPtrArray *workers; // GThread *
  gboolean workers_stop;
  GThreadPool *waiting; // for routes that wait: Job *
  gint busy_workers;    // atomic
};

typedef struct IoThread IoThread;

// A request that waits for a page: which connection of which thread, and what it accepts.
typedef struct Waiter {
  IoThread *thread;
  guint64 connection;
  ContentCoding coding;
} Waiter;

typedef struct Job {
  Request *request;   // NULL: only make a variant of `page`
  const Route *route; // NULL: `status` says why
  guint status, allowed;
  char *key;       // NULL: not shared
  gint64 revision; // of the page cache when the request came
  CachedPage *page;
  Waiter waiter;
  gint64 begun;   // monotonic µs
  gboolean admit; // only: may this one send the file that it announces?
} Job;
void http_job_free(Job *job);

// FALSE: the queue is full; the job is still the caller's.
gboolean http_worker_push(HttpServer *server, Job *job);
void http_workers_start(HttpServer *server);
void http_workers_stop(HttpServer *server);

typedef struct Completion {
  guint64 connection;
  CachedPage *page; // owned; NULL: `what`
  enum { COMPLETION_PAGE, COMPLETION_ADMITTED, COMPLETION_STREAM } what;
} Completion;
// Any thread. Takes the reference.
void io_thread_complete(IoThread *thread, guint64 connection, CachedPage *page);
void io_thread_admit(IoThread *thread, guint64 connection);  // it may send its file
void io_thread_stream(IoThread *thread, guint64 connection); // its stream has something for it

typedef struct Listeners { // sockets of one thread, one for each address listened on
  int fds[HTTP_LISTENERS];
  guint count;
} Listeners;
IoThread *io_thread_start(HttpServer *server, const Listeners *listeners); // takes the sockets
void io_thread_stop(IoThread *thread, gint64 deadline);                    // asks; monotonic µs
void io_thread_join(IoThread *thread);                                     // waits and frees
const HttpCounters *io_thread_counters(const IoThread *thread);
