// SPDX-License-Identifier: Apache-2.0
//
// The HTTP/1.1 server (RFC 9110, 9112): one epoll loop on each I/O thread with its own listening
// socket (SO_REUSEPORT), a strict parser of our own (http_parser.h, fuzzed), a pool of worker
// threads for handlers. Cache hits are answered by the I/O threads. Every connection has an
// absolute deadline for each request's head and body and for the sending of each response, whatever
// it drips.
#pragma once

#include "web/page_cache.h"
#include "web/route.h"

typedef struct HttpServerOptions {
  const char *listen;    // "127.0.0.1", "0.0.0.0", "::" (also IPv4), or a name: all its addresses
  guint16 port;          // 0: any; see http_server_port
  guint io_threads;      // 0: one a processor, at most 4
  guint workers;         // 0: 2 a processor
  guint max_connections; // 0: 10000 (the open-file limit is raised or this lowered to it)
  guint header_seconds;  // 0: 10, absolute, from the first byte
  guint body_seconds;    // 0: 60
  guint idle_seconds;    // 0: 75, keep-alive between requests
  guint send_seconds;    // 0: 60 without 64 KB having been taken
  gsize header_bytes;    // 0: 16 KB -> 431
  guint queue;           // requests waiting for a worker; 0: 1024 -> 503 with Retry-After
  const char *trusted_proxies; // comma-separated addresses or networks; NULL: none
  const char *access_log;      // file; NULL: none. Common log format, the address as "-"
  gboolean access_log_addresses;
  const RouteTable *routes;  // borrowed
  Website *website;          // borrowed, handed to handlers
  PageCache *cache;          // borrowed
  const char *upload_folder; // where bodies wait that are too large for memory; NULL: the system's
  guint uploads;             // of those at a time; 0: 64 -> 503
  // Further figures for /metrics, in the same format; any thread, must not block; may be NULL.
  void (*write_metrics)(GString *out, gpointer data);
  gpointer metrics_data;
} HttpServerOptions;

typedef struct HttpServer HttpServer;
HttpServer *http_server_start(const HttpServerOptions *options,
                              GError **error); // returns when it listens
guint16 http_server_port(const HttpServer *server);
// Stops accepting, lets running responses end (at most `seconds`), joins all threads, frees.
void http_server_stop(HttpServer *server, guint seconds);
// Prometheus text format 0.0.4, appended to `out`.
void http_server_write_metrics(HttpServer *server, GString *out);
guint64 http_server_requests(HttpServer *server); // answered so far
