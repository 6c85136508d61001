// SPDX-License-Identifier: Apache-2.0
//
// Starts and stops the HTTP server, and writes its figures. Called by app only.
#include "web/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <netdb.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/http_connection.h"
#include "web/website.h"

static void set_defaults(HttpServerOptions *options) {
  guint processors = g_get_num_processors();
  guint *numbers[] = {&options->io_threads,     &options->workers,      &options->max_connections,
                      &options->header_seconds, &options->body_seconds, &options->idle_seconds,
                      &options->send_seconds,   &options->queue,        &options->uploads};
  guint defaults[] = {MIN(processors, 4), 2 * processors, 10000, 10, 60, 75, 60, 1024, 64};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++) {
    if (*numbers[i] == 0) {
      *numbers[i] = defaults[i];
    }
  }
  options->header_bytes =
      options->header_bytes == 0 ? 16384 : CLAMP(options->header_bytes, 1024, HTTP_READ_BUFFER / 2);
}

static void raise_file_limit(HttpServerOptions *options) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    rlim_t wanted = options->max_connections + 256;
    if (limit.rlim_cur < wanted) {
      limit.rlim_cur = MIN(wanted, limit.rlim_max);
      (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted && limit.rlim_cur > 300) {
      options->max_connections = (guint)(limit.rlim_cur - 256);
    }
  }
}

static gboolean parse_network(const char *text, Network *ret_network) {
  g_auto(GStrv) parts = g_strsplit(text, "/", 2);
  guint8 four[4];
  guint64 bits = 128;
  if (inet_pton(AF_INET, parts[0], four) == 1) {
    memset(ret_network->address, 0, 10);
    ret_network->address[10] = ret_network->address[11] = 0xff;
    memcpy(ret_network->address + 12, four, 4);
    if (parts[1] != NULL) {
      if (!slice_parse_uint(slice_of(parts[1]), 32, &bits)) {
        return FALSE;
      }
      bits += 96;
    }
  } else if (inet_pton(AF_INET6, parts[0], ret_network->address) != 1 ||
             (parts[1] != NULL && !slice_parse_uint(slice_of(parts[1]), 128, &bits))) {
    return FALSE;
  }
  ret_network->bits = (guint)bits;
  return TRUE;
}

static gboolean read_trusted(HttpServer *server, GError **error) {
  server->trusted = g_array_new(FALSE, TRUE, sizeof(Network));
  g_auto(GStrv) items = g_strsplit(
      server->options.trusted_proxies != NULL ? server->options.trusted_proxies : "", ",", -1);
  for (guint i = 0; items[i] != NULL; i++) {
    Network network = {0};
    if (*g_strstrip(items[i]) == '\0') {
      continue;
    }
    if (!parse_network(items[i], &network)) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                  "trusted proxy “%s” is no address and no network; write 10.0.0.1 or 10.0.0.0/8",
                  items[i]);
      return FALSE;
    }
    g_array_append_val(server->trusted, network);
  }
  return TRUE;
}

static gboolean fail_listening(const char *address, guint port, GError **error) {
  int number = errno;
  g_set_error(
      error, G_IO_ERROR, (gint)g_io_error_from_errno(number), "can't listen on %s port %u: %s%s",
      address, port, g_strerror(number),
      number == EADDRINUSE ? "; another program has it (stop it, or choose another: --port N)"
      : number == EACCES
          ? "; ports below 1024 need the capability CAP_NET_BIND_SERVICE, or a proxy in front"
      : number == EADDRNOTAVAIL ? "; this machine has no such address"
                                : "");
  return FALSE;
}

typedef struct Place {
  struct sockaddr_storage address;
  socklen_t length;
} Place;

static guint16 *place_port(Place *place) {
  return place->address.ss_family == AF_INET ? &((struct sockaddr_in *)&place->address)->sin_port
                                             : &((struct sockaddr_in6 *)&place->address)->sin6_port;
}

static gboolean has_place(const Place *places, guint count, const struct addrinfo *info) {
  for (guint i = 0; i < count; i++) {
    if (places[i].length == info->ai_addrlen &&
        memcmp(&places[i].address, info->ai_addr, info->ai_addrlen) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

// The addresses that `name` stands for: itself if it is one. 0: none, with error.
static guint resolve(const char *name, Place places[HTTP_LISTENERS], GError **error) {
  struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  int status = *name != '\0' ? getaddrinfo(name, NULL, &wanted, &found) : EAI_NONAME;
  if (status != 0) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                "can't listen on “%s”: %s; write an address of this machine (127.0.0.1, 0.0.0.0 "
                "or :: for all), or a name that has one",
                name, gai_strerror(status));
    return 0;
  }
  guint count = 0;
  for (const struct addrinfo *info = found; info != NULL && count < HTTP_LISTENERS;
       info = info->ai_next) {
    if ((info->ai_family == AF_INET || info->ai_family == AF_INET6) &&
        !has_place(places, count, info)) {
      memcpy(&places[count].address, info->ai_addr, info->ai_addrlen);
      places[count++].length = info->ai_addrlen;
    }
  }
  freeaddrinfo(found);
  return count;
}

// `shared`: one of several sockets on the port (SO_REUSEPORT). A first one without it proves that
// the port is free. -1 with errno.
static int open_listener(const Place *place, gboolean shared) {
  int fd = socket(place->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int yes = 1;
  int no = 0;
  if (fd < 0) {
    return -1;
  }
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (place->address.ss_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  }
  if (shared) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
  }
  if (bind(fd, (const struct sockaddr *)&place->address, place->length) < 0 ||
      (shared && listen(fd, 1024) < 0)) {
    int number = errno;
    close(fd);
    errno = number;
    return -1;
  }
  return fd;
}

static guint16 port_of(int fd) {
  Place place = {.length = sizeof place.address};
  (void)getsockname(fd, (struct sockaddr *)&place.address, &place.length);
  return g_ntohs(*place_port(&place));
}

// Proves that the port is free on every place and fixes it if any will do. Places that this machine
// has not (a name with an IPv6 address, without IPv6) are left out as long as one remains.
static gboolean probe_places(HttpServer *server, Place *places, guint *count, GError **error) {
  const char *name = server->options.listen;
  server->port = server->options.port;
  for (guint i = 0; i < *count; i++) {
    *place_port(&places[i]) = g_htons(server->port);
    int probe = open_listener(&places[i], FALSE);
    if (probe < 0 && *count > 1 && (errno == EADDRNOTAVAIL || errno == EAFNOSUPPORT)) {
      places[i--] = places[--*count];
      continue;
    }
    if (probe < 0) {
      return fail_listening(name, server->port, error);
    }
    server->port = port_of(probe);
    close(probe);
  }
  return TRUE;
}

static void close_listeners(Listeners *listeners, guint threads) {
  for (guint i = 0; i < threads; i++) {
    for (guint n = 0; n < listeners[i].count; n++) {
      close(listeners[i].fds[n]);
    }
  }
}

static gboolean open_listeners(HttpServer *server, Listeners *listeners, GError **error) {
  Place places[HTTP_LISTENERS] = {0};
  guint count = resolve(server->options.listen, places, error);
  if (count == 0 || !probe_places(server, places, &count, error)) {
    return FALSE;
  }
  for (guint i = 0; i < server->options.io_threads; i++) {
    for (guint n = 0; n < count; n++) {
      *place_port(&places[n]) = g_htons(server->port);
      int fd = open_listener(&places[n], TRUE);
      if (fd < 0) {
        fail_listening(server->options.listen, server->port, error);
        close_listeners(listeners, server->options.io_threads);
        return FALSE;
      }
      listeners[i].fds[listeners[i].count++] = fd;
    }
  }
  return TRUE;
}

static gboolean open_log(HttpServer *server, GError **error) {
  server->log_fd = -1;
  if (server->options.access_log == NULL || *server->options.access_log == '\0') {
    return TRUE;
  }
  server->log_fd =
      open(server->options.access_log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (server->log_fd < 0) {
    g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno),
                "can't write the access log %s: %s", server->options.access_log, g_strerror(errno));
    return FALSE;
  }
  return TRUE;
}

static void server_free(HttpServer *server) {
  g_clear_pointer(&server->trusted, g_array_unref);
  if (server->log_fd >= 0) {
    close(server->log_fd);
  }
  g_mutex_clear(&server->queue_lock);
  g_cond_clear(&server->queue_ready);
  g_free((char *)server->options.listen);
  g_free((char *)server->options.trusted_proxies);
  g_free((char *)server->options.access_log);
  g_free((char *)server->options.upload_folder);
  g_free(server);
}

HttpServer *http_server_start(const HttpServerOptions *options, GError **error) {
  HttpServer *server = g_new0(HttpServer, 1);
  server->options = *options;
  server->options.listen = g_strdup(options->listen != NULL ? options->listen : "127.0.0.1");
  server->options.trusted_proxies = g_strdup(options->trusted_proxies);
  server->options.access_log = g_strdup(options->access_log);
  server->options.upload_folder =
      g_strdup(options->upload_folder != NULL ? options->upload_folder : g_get_tmp_dir());
  server->log_fd = -1;
  g_mutex_init(&server->queue_lock);
  g_cond_init(&server->queue_ready);
  g_queue_init(&server->queue);
  set_defaults(&server->options);
  raise_file_limit(&server->options);
  g_autofree Listeners *listeners = g_new0(Listeners, server->options.io_threads);
  if (!read_trusted(server, error) || !open_log(server, error) ||
      !open_listeners(server, listeners, error)) {
    server_free(server);
    return NULL;
  }
  http_workers_start(server);
  server->io_threads = g_ptr_array_new();
  for (guint i = 0; i < server->options.io_threads; i++) {
    g_ptr_array_add(server->io_threads, io_thread_start(server, &listeners[i]));
  }
  return server;
}

guint16 http_server_port(const HttpServer *server) {
  return server->port;
}

void http_server_stop(HttpServer *server, guint seconds) {
  gint64 deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
  g_atomic_int_set(&server->stopping, 1);
  for (guint i = 0; i < server->io_threads->len; i++) {
    io_thread_stop(g_ptr_array_index(server->io_threads, i), MAX(deadline, 1));
  }
  // The workers end first: they speak to the I/O threads, which must be there until then.
  http_workers_stop(server);
  for (guint i = 0; i < server->io_threads->len; i++) {
    io_thread_join(g_ptr_array_index(server->io_threads, i));
  }
  g_ptr_array_unref(server->io_threads);
  server_free(server);
}

// ---- figures
// ---------------------------------------------------------------------------------------

static void add_counters(HttpCounters *sum, const HttpCounters *part) {
  const guint64 *from = (const guint64 *)part;
  guint64 *to = (guint64 *)sum;
  for (gsize i = 0; i < sizeof *sum / sizeof *to; i++) {
    to[i] += COUNTED(from[i]);
  }
}

static void write_metric(GString *out, const char *type, const char *name, const char *labels,
                         guint64 value, const char *help) {
  if (help != NULL) {
    g_string_append_printf(out, "# HELP broadsheet_%s %s\n# TYPE broadsheet_%s %s\n", name, help,
                           name, type);
  }
  g_string_append_printf(out, "broadsheet_%s%s %" G_GUINT64_FORMAT "\n", name, labels, value);
}

static void write_latency(GString *out, const HttpCounters *sum) {
  static const char *const BOUNDS[] = {"0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "+Inf"};
  guint64 total = 0;
  g_string_append(out, "# HELP broadsheet_page_seconds Time to make a page that was not cached.\n# "
                       "TYPE broadsheet_page_seconds histogram\n");
  for (gsize i = 0; i < G_N_ELEMENTS(BOUNDS); i++) {
    total += sum->latency_buckets[i];
    g_string_append_printf(out, "broadsheet_page_seconds_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n",
                           BOUNDS[i], total);
  }
  g_string_append_printf(out, "broadsheet_page_seconds_count %" G_GUINT64_FORMAT "\n", total);
}

static void write_rendition_metrics(GString *out, const Website *website) {
  if (website == NULL || website->newsroom == NULL || website->newsroom->renditioner == NULL) {
    return;
  }
  RenditionStatistics statistics = {0};
  rendition_statistics(website->newsroom->renditioner, &statistics);
  write_metric(out, "counter", "rendition_hits_total", "", statistics.hits,
               "Renditions served from the disk cache.");
  write_metric(out, "counter", "rendition_misses_total", "", statistics.misses, "Renditions made.");
  write_metric(out, "counter", "rendition_failures_total", "", statistics.failures,
               "Renditions that could not be made.");
  write_metric(out, "counter", "rendition_busy_total", "", statistics.busy,
               "Renditions refused because the queue was full.");
  write_metric(out, "counter", "rendition_joined_total", "", statistics.joined,
               "Renditions that were being made for somebody else already.");
  write_metric(out, "counter", "rendition_filled_total", "", statistics.filled,
               "Renditions made in idle time, before anybody asked.");
  write_metric(out, "counter", "rendition_decodes_total", "", statistics.decodes,
               "Originals decoded.");
  write_metric(out, "counter", "decoder_starts_total", "", statistics.decoder_starts,
               "Decoder processes started.");
  write_metric(out, "counter", "decoder_deaths_total", "", statistics.decoder_deaths,
               "Decoder processes that died.");
  write_metric(out, "gauge", "rendition_cache_bytes", "", (guint64)MAX(statistics.cache_bytes, 0),
               "Bytes in the disk cache of renditions.");
  write_metric(out, "gauge", "rendition_queued", "", statistics.queued,
               "Renditions waiting for a decoder.");
  write_metric(out, "gauge", "rendition_running", "", statistics.running,
               "Renditions being made for somebody.");
  write_metric(out, "gauge", "rendition_idle", "",
               rendition_is_idle(website->newsroom->renditioner) ? 1 : 0,
               "1 when nothing is to be made, not even in idle time.");
}

guint64 http_server_requests(HttpServer *server) {
  guint64 requests = 0;
  for (guint i = 0; i < server->io_threads->len; i++) {
    requests += COUNTED(io_thread_counters(g_ptr_array_index(server->io_threads, i))->requests);
  }
  return requests;
}

void http_server_write_metrics(HttpServer *server, GString *out) {
  HttpCounters sum = {0};
  PageCacheStatistics cache = {0};
  add_counters(&sum, &server->counters);
  for (guint i = 0; i < server->io_threads->len; i++) {
    add_counters(&sum, io_thread_counters(g_ptr_array_index(server->io_threads, i)));
  }
  page_cache_statistics(server->options.cache, &cache);
  g_mutex_lock(&server->queue_lock);
  guint queued = server->queue.length;
  g_mutex_unlock(&server->queue_lock);
  for (guint i = 1; i < G_N_ELEMENTS(sum.status_class); i++) {
    char label[24];
    g_snprintf(label, sizeof label, "{class=\"%uxx\"}", i);
    write_metric(out, "counter", "http_responses_total", label, sum.status_class[i],
                 i == 1 ? "Responses by class of status." : NULL);
  }
  write_metric(out, "counter", "http_requests_total", "", sum.requests, "Requests answered.");
  write_metric(out, "counter", "http_bytes_total", "", sum.bytes_out, "Bytes sent.");
  write_metric(out, "gauge", "http_connections", "",
               (guint64)MAX(g_atomic_int_get(&server->connections), 0), "Open connections.");
  write_metric(out, "counter", "http_connections_total", "", sum.connections_accepted,
               "Connections accepted.");
  write_metric(out, "counter", "http_connections_refused_total", "", sum.connections_refused,
               "Connections over the limit.");
  write_metric(out, "counter", "http_timeouts_total", "", sum.timeouts,
               "Connections closed at their deadline.");
  write_metric(out, "counter", "http_bad_requests_total", "", sum.bad_requests,
               "Requests that no HTTP server should accept.");
  write_metric(out, "counter", "http_queue_full_total", "", sum.queue_full,
               "Requests refused because the queue was full.");
  write_metric(out, "gauge", "http_queue", "", queued, "Requests waiting for a worker.");
  write_metric(out, "gauge", "http_workers_busy", "",
               (guint64)MAX(g_atomic_int_get(&server->busy_workers), 0), "Workers at work.");
  write_metric(out, "counter", "page_cache_hits_total", "", sum.hits,
               "Pages answered from memory.");
  write_metric(out, "counter", "page_cache_misses_total", "", sum.misses,
               "Pages that were not in memory.");
  write_metric(out, "counter", "page_cache_joined_total", "", sum.joined,
               "Requests that waited for a page being made for another.");
  write_metric(out, "counter", "page_cache_stale_total", "", sum.stale,
               "Pages served though old, because the database was gone.");
  write_metric(out, "counter", "page_cache_evictions_total", "", cache.evictions,
               "Pages put out for want of room.");
  write_metric(out, "gauge", "page_cache_bytes", "", cache.bytes, "Bytes of pages in memory.");
  write_metric(out, "gauge", "page_cache_entries", "", cache.entries, "Pages in memory.");
  write_metric(out, "gauge", "site_revision", "",
               (guint64)MAX(page_cache_revision(server->options.cache), 0),
               "The newest site revision seen.");
  write_latency(out, &sum);
  write_rendition_metrics(out, server->options.website);
  if (server->options.write_metrics != NULL) {
    server->options.write_metrics(out, server->options.metrics_data);
  }
}
