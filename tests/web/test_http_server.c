// SPDX-License-Identifier: Apache-2.0
//
// The HTTP server over real sockets, with handlers of the test's own: framing and smuggling,
// keep-alive and pipelining, conditional requests, ranges, codings, deadlines, limits, single
// flight, revisions, a database that goes away. Does not cover: real handlers (test_site_*), TLS (a
// proxy's).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"
#include "web/http_server.h"

typedef struct World {
  PageCache *cache;
  RouteTable *routes;
  HttpServer *server;
} World;

static gint renders; // what the handlers below count
static gint database_gone;

static Response *page_handler(const Request *request, Website *website, GError **error) {
  if (g_atomic_int_get(&database_gone)) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_UNAVAILABLE, "the database is gone");
    return NULL;
  }
  gint number = g_atomic_int_add(&renders, 1) + 1;
  GString *out = g_string_new("<!doctype html>");
  g_string_append_printf(out, "<p>render %d of %s</p>", number, request_path(request));
  for (int i = 0; i < 400; i++) {
    g_string_append(out, "<p>some words of a story</p>");
  }
  Response *response = response_new_take(200, "text/html; charset=utf-8", out);
  response_set_cache(response, CACHE_PAGE);
  response_set_last_modified(response, G_GINT64_CONSTANT(1700000000000000));
  return response;
}

static Response *slow_handler(const Request *request, Website *website, GError **error) {
  g_usleep(200000);
  return page_handler(request, website, error);
}

static Response *media_handler(const Request *request, Website *website, GError **error) {
  g_autoptr(GBytes) bytes = g_bytes_new_static("0123456789", 10);
  Response *response = response_new(200, "image/jpeg", bytes);
  response_set_cache(response, CACHE_FOREVER);
  response_set_incompressible(response);
  response_set_vary_accept(response);
  return response;
}

static Response *large_handler(const Request *request, Website *website, GError **error) {
  GString *out = g_string_new(NULL);
  g_string_set_size(out, 8u << 20);
  memset(out->str, 'x', out->len);
  return response_new_take(200, "application/octet-stream", out);
}

static Response *echo_handler(const Request *request, Website *website, GError **error) {
  return response_new(200, "text/plain", request_body(request));
}

// Wrongly called a page: no POST's answer may be kept or called public.
static Response *form_handler(const Request *request, Website *website, GError **error) {
  g_auto(GStrv) all = request_form_all(request, "list");
  g_autofree char *lists = g_strjoinv(",", all);
  const char *mail = request_form(request, "mail");
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "form %d of %s for %s", g_atomic_int_add(&renders, 1),
                         mail != NULL ? mail : "nobody", lists);
  Response *response = response_new_take(200, "text/plain", out);
  response_set_cache(response, CACHE_PAGE);
  response_set_last_modified(response, G_GINT64_CONSTANT(1700000000000000));
  return response;
}

// What arrived in a file, by its size and last byte.
static Response *file_handler(const Request *request, Website *website, GError **error) {
  char last = '-';
  int file = request_file(request);
  if (file >= 0) {
    assert_int_equal(lseek(file, 0, SEEK_CUR), 0);
    assert_int_equal(pread(file, &last, 1, (off_t)request_file_size(request) - 1), 1);
  }
  assert_null(request_body(request));
  GString *out = g_string_new(NULL);
  g_string_printf(out, "%" G_GSIZE_FORMAT " %c", request_file_size(request), last);
  return response_new_take(200, "text/plain", out);
}

enum { STREAM_PIECES = 64, STREAM_PIECE = 100000 };

static gint stream_ends; // 1: the reader stayed; 2: it left

static void produce(ResponseStream *stream, gpointer data) {
  g_autofree char *piece = g_malloc(STREAM_PIECE);
  gboolean good = TRUE;
  guint pieces = GPOINTER_TO_UINT(data);
  for (guint i = 0; i < pieces && good; i++) {
    memset(piece, 'a' + (int)(i % 26), STREAM_PIECE);
    good = response_stream_write(stream, (Slice){piece, STREAM_PIECE});
  }
  response_stream_end(stream, TRUE);
  g_atomic_int_set(&stream_ends, good ? 1 : 2);
}

static Response *stream_handler(const Request *request, Website *website, GError **error) {
  g_autoptr(ResponseStream) stream = response_stream_new();
  Response *response = response_new(200, "text/csv", NULL);
  gboolean endless = strcmp(request_parameter(request, 0), "endless") == 0;
  response_set_stream(response, stream, produce,
                      GUINT_TO_POINTER(endless ? G_MAXUINT : STREAM_PIECES), NULL);
  return response;
}

static const Route ROUTES[] = {
    {HTTP_POST, "/file", PERMISSION_PUBLIC, 3u << 20, file_handler, BODY_FILE, FALSE, FALSE},
    {HTTP_POST, "/secret", PERMISSION_IMAGE_WRITE, 3u << 20, file_handler, BODY_FILE, FALSE, FALSE},
    {HTTP_GET, "/stream/:name", PERMISSION_PUBLIC, 0, stream_handler, BODY_ANY, TRUE, TRUE},
    {HTTP_POST, "/form", PERMISSION_PUBLIC, 100, form_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_POST, "/page/:name", PERMISSION_PUBLIC, 100, form_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_GET, "/", PERMISSION_PUBLIC, 0, page_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_GET, "/slow/:name", PERMISSION_PUBLIC, 0, slow_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_GET, "/images/:name", PERMISSION_PUBLIC, 0, media_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_GET, "/large", PERMISSION_PUBLIC, 0, large_handler, BODY_FORM, FALSE, FALSE},
    {HTTP_POST, "/echo", PERMISSION_PUBLIC, 1000, echo_handler, BODY_ANY, FALSE, FALSE},
    {HTTP_GET, "/page/:name", PERMISSION_PUBLIC, 0, page_handler, BODY_FORM, FALSE, FALSE},
};

static int set_up(void **state) {
  World *world = g_new0(World, 1);
  world->cache = page_cache_new(4u << 20);
  page_cache_set_revision(world->cache, 1);
  world->routes = route_table_new(ROUTES, G_N_ELEMENTS(ROUTES));
  g_autoptr(GError) error = NULL;
  world->server = http_server_start(&(HttpServerOptions){.listen = "127.0.0.1",
                                                         .io_threads = 2,
                                                         .workers = 2,
                                                         .header_seconds = 1,
                                                         .body_seconds = 1,
                                                         .send_seconds = 1,
                                                         .max_connections = 1200,
                                                         .queue = 8,
                                                         .routes = world->routes,
                                                         .cache = world->cache},
                                    &error);
  if (error != NULL) {
    print_error("%s\n", error->message);
  }
  *state = world;
  return world->server == NULL;
}

static int tear_down(void **state) {
  World *world = *state;
  http_server_stop(world->server, 2);
  route_table_free(world->routes);
  page_cache_free(world->cache);
  g_free(world);
  return 0;
}

static int dial(const World *world) {
  struct sockaddr_in place = {.sin_family = AF_INET,
                              .sin_port = g_htons(http_server_port(world->server)),
                              .sin_addr.s_addr = g_htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&place, sizeof place), 0);
  struct timeval patience = {.tv_sec = 10};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

static void say(int fd, const char *text, gsize length) {
  while (length > 0) {
    gssize sent = send(fd, text, length, MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    text += sent;
    length -= (gsize)sent;
  }
}

// Everything until the server closes.
static GString *hear_all(int fd) {
  GString *heard = g_string_new(NULL);
  char buffer[65536];
  gssize got = 0;
  while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
    g_string_append_len(heard, buffer, got);
  }
  return heard;
}

static GString *ask(const World *world, const char *request) {
  int fd = dial(world);
  say(fd, request, strlen(request));
  GString *heard = hear_all(fd);
  close(fd);
  return heard;
}

#define GET(path, headers)                                                                         \
  "GET " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" headers "\r\n"

static guint status_of(const GString *heard) {
  return heard->len > 12 ? (guint)g_ascii_strtoull(heard->str + 9, NULL, 10) : 0;
}

static void test_statuses(void **state) {
  static const struct {
    const char *request;
    guint status;
  } CASES[] = {
      {GET("/", ""), 200},
      {"GET / HTTP/1.0\r\n\r\n", 200},
      {GET("http://x/", ""), 200},
      {"\r\n" GET("/", ""), 200},
      {GET("/nothing/here", ""), 404},
      {"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405},
      {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /\t HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\nx", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\nx", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
       400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
       "chunked\r\n\r\nffffffffffffffff\r\na\r\n0\r\n\r\n",
       400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n", 413},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", 200},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: "
       "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
       200},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 3\r\n\r\nabc", 417},
      {GET("/a/../b", ""), 400},
      {GET("/a/%2e%2e/b", ""), 400},
      {GET("/%00", ""), 400},
      {GET("/a%2fb", ""), 400},
      {GET("/%zz", ""), 400},
      {GET("/%ff", ""), 400},
      {GET("/a#b", ""), 400},
      {GET("http://y/", ""), 400},
      {GET("*", ""), 400},
      {"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {GET("/healthz", ""), 200},
      {GET("/metrics", ""), 200},
      {GET("/metrics", "X-Forwarded-For: 1.2.3.4\r\n"), 404},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) heard = ask(*state, CASES[i].request);
    if (status_of(heard) != CASES[i].status) {
      fail_msg("%s -> %.60s, not %u", CASES[i].request, heard->str, CASES[i].status);
    }
  }
}

// Bodies that go to a file: whole in every framing, refused before a byte is taken from whoever may
// not, and never beyond the limit.
static void test_files(void **state) {
  enum { SIZE = 2500000 };
  g_autofree char *bytes = g_malloc(SIZE);
  memset(bytes, 'b', SIZE);
  bytes[SIZE - 1] = 'z';
  for (int chunked = 0; chunked < 2; chunked++) {
    int fd = dial(*state);
    g_autoptr(GString) head =
        g_string_new("POST /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    if (chunked) {
      g_string_append_printf(head, "Transfer-Encoding: chunked\r\n\r\n%x\r\n", SIZE);
    } else {
      g_string_append_printf(head, "Content-Length: %d\r\n\r\n", SIZE);
    }
    say(fd, head->str, head->len);
    say(fd, bytes, SIZE);
    say(fd, "\r\n0\r\n\r\n", chunked ? 7 : 0);
    g_autoptr(GString) heard = hear_all(fd);
    close(fd);
    assert_int_equal(status_of(heard), 200);
    assert_true(g_str_has_suffix(heard->str, "\r\n\r\n2500000 z"));
  }
  static const struct {
    const char *request;
    guint status;
  } CASES[] = {
      {"POST /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 200},
      {"POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 3145729\r\n\r\n", 413},
      {"POST /file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n300001\r\n", 413},
      {"POST /file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc", 408},
      {"POST /secret HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nExpect: "
       "100-continue\r\n\r\n",
       401},
      {"POST /secret HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc", 401},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) heard = ask(*state, CASES[i].request);
    if (status_of(heard) != CASES[i].status) {
      fail_msg("%s -> %.60s, not %u", CASES[i].request, heard->str, CASES[i].status);
    }
  }
}

// The body of a chunked answer; NULL: it is cut short. Caller frees.
static GString *unchunk(const GString *heard) {
  g_autoptr(GString) body = g_string_new(NULL);
  const char *at = strstr(heard->str, "\r\n\r\n");
  const char *end = heard->str + heard->len;
  assert_non_null(at);
  at += 4;
  while (at < end) {
    char *after = NULL;
    guint64 length = g_ascii_strtoull(at, &after, 16);
    if (length == 0) {
      return g_str_has_prefix(after, "\r\n\r\n") ? g_steal_pointer(&body) : NULL;
    }
    at = after + 2;
    if ((guint64)(end - at) < length + 2) {
      return NULL;
    }
    g_string_append_len(body, at, (gssize)length);
    at += length + 2;
  }
  return NULL;
}

static void test_streams(void **state) {
  static const char ASK[] = "GET /stream/short HTTP/1.1\r\nHost: x\r\n\r\n";
  int fd = dial(*state);
  say(fd, ASK, sizeof ASK - 1);
  static const char LAST[] = GET("/healthz", "");
  say(fd, LAST, sizeof LAST - 1); // the connection goes on after the last chunk
  g_autoptr(GString) heard = hear_all(fd);
  close(fd);
  g_autoptr(GString) body = unchunk(heard);
  assert_non_null(body);
  assert_int_equal(body->len, STREAM_PIECES * STREAM_PIECE);
  for (guint i = 0; i < STREAM_PIECES; i++) {
    assert_int_equal(body->str[(gsize)i * STREAM_PIECE], 'a' + (int)(i % 26));
  }
  assert_true(g_str_has_suffix(heard->str, "\r\n\r\nok\n"));
  assert_int_equal(g_atomic_int_get(&stream_ends), 1);
  g_autoptr(GString) old = ask(*state, "GET /stream/short HTTP/1.0\r\n\r\n");
  assert_null(strstr(old->str, "chunked"));
  assert_true(old->len > STREAM_PIECES * STREAM_PIECE);
  g_autoptr(GString) head = ask(*state, "HEAD /stream/short HTTP/1.1\r\nHost: x\r\nConnection: "
                                        "close\r\n\r\n");
  assert_true(g_str_has_suffix(head->str, "\r\n\r\n"));
  // A reader who takes nothing, and one who leaves: the writer learns of both.
  for (int leaves = 0; leaves < 2; leaves++) {
    static const char ENDLESS[] = "GET /stream/endless HTTP/1.1\r\nHost: x\r\n\r\n";
    g_atomic_int_set(&stream_ends, 0);
    int slow = dial(*state);
    say(slow, ENDLESS, sizeof ENDLESS - 1);
    char first = 0;
    assert_int_equal(recv(slow, &first, 1, 0), 1);
    if (leaves) {
      close(slow);
    }
    for (int i = 0; i < 600 && g_atomic_int_get(&stream_ends) == 0; i++) {
      g_usleep(20000);
    }
    assert_int_equal(g_atomic_int_get(&stream_ends), 2);
    if (!leaves) {
      close(slow);
    }
  }
}

static void test_oversized_heads(void **state) {
  g_autoptr(GString) request = g_string_new("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  for (int i = 0; i < 20000; i++) {
    g_string_append_c(request, 'a');
  }
  g_autoptr(GString) heard = ask(*state, request->str);
  assert_int_equal(status_of(heard), 431);
  g_string_assign(request, "GET /");
  for (int i = 0; i < 20000; i++) {
    g_string_append_c(request, 'a');
  }
  g_autoptr(GString) again = ask(*state, request->str);
  assert_int_equal(status_of(again), 414);
}

static void test_every_split(void **state) {
  static const char REQUEST[] = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                "chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (gsize split = 1; split < sizeof REQUEST - 1; split++) {
    int fd = dial(*state);
    say(fd, REQUEST, split);
    g_usleep(500);
    say(fd, REQUEST + split, sizeof REQUEST - 1 - split);
    g_autoptr(GString) heard = hear_all(fd);
    close(fd);
    assert_int_equal(status_of(heard), 200);
    assert_true(g_str_has_suffix(heard->str, "\r\n\r\nabc"));
  }
}

static guint count(const char *text, const char *part) {
  guint found = 0;
  for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
    found++;
  }
  return found;
}

static void test_pipelining(void **state) {
  g_autoptr(GString) request = g_string_new(NULL);
  for (int i = 0; i < 200; i++) {
    g_string_append(request, i % 3 == 0 ? "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
                                        : "GET /page/a HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  g_string_append(request, GET("/healthz", ""));
  g_autoptr(GString) heard = ask(*state, request->str);
  assert_int_equal(count(heard->str, "HTTP/1.1 200 OK\r\n"), 201);
  assert_int_equal(count(heard->str, "<!doctype html>"), 133);
  assert_true(g_str_has_suffix(heard->str, "ok\n"));
}

static char *header_of(const GString *heard, const char *name) {
  g_autofree char *start = g_strconcat("\r\n", name, ": ", NULL);
  const char *at = strstr(heard->str, start);
  return at != NULL ? g_strndup(at + strlen(start), strcspn(at + strlen(start), "\r")) : NULL;
}

static void test_conditions(void **state) {
  g_autoptr(GString) first = ask(*state, GET("/", ""));
  g_autofree char *etag = header_of(first, "ETag");
  assert_non_null(etag);
  g_autofree char *conditional =
      g_strdup_printf(GET("/", "If-None-Match: \"other\", W/%s\r\n"), etag);
  g_autoptr(GString) second = ask(*state, conditional);
  assert_int_equal(status_of(second), 304);
  assert_null(strstr(second->str, "<p>"));
  g_autoptr(GString) third =
      ask(*state, GET("/", "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
  assert_int_equal(status_of(third), 304);
  g_autoptr(GString) fourth =
      ask(*state, GET("/", "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n"));
  assert_int_equal(status_of(fourth), 200);
}

static void test_ranges(void **state) {
  static const struct {
    const char *range, *body;
    guint status;
  } CASES[] = {{"bytes=2-4", "234", 206},        {"bytes=-3", "789", 206},
               {"bytes=8-", "89", 206},          {"bytes=10-", "", 416},
               {"bytes=4-2", "0123456789", 200}, {"bytes=0-1,3-4", "0123456789", 200},
               {"bytes=x-", "0123456789", 200},  {"bytes=-0", "", 416}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *request = g_strdup_printf(GET("/images/a", "Range: %s\r\n"), CASES[i].range);
    g_autoptr(GString) heard = ask(*state, request);
    assert_int_equal(status_of(heard), CASES[i].status);
    assert_string_equal(strstr(heard->str, "\r\n\r\n") + 4, CASES[i].body);
  }
}

static void test_codings(void **state) {
  g_autoptr(GString) plain = ask(*state, GET("/page/c", ""));
  g_autoptr(GString) gzip = ask(*state, GET("/page/c", "Accept-Encoding: gzip\r\n"));
  g_autoptr(GString) brotli = ask(*state, GET("/page/c", "Accept-Encoding: gzip, br;q=0.9\r\n"));
  g_autoptr(GString) refused = ask(*state, GET("/page/c", "Accept-Encoding: gzip;q=0, br;q=0\r\n"));
  assert_non_null(strstr(gzip->str, "Content-Encoding: gzip"));
  assert_non_null(strstr(brotli->str, "Content-Encoding: br"));
  assert_null(strstr(refused->str, "Content-Encoding"));
  assert_non_null(strstr(plain->str, "Vary: Accept-Encoding"));
  assert_true(gzip->len < plain->len / 4);
  g_autofree char *one = header_of(plain, "ETag");
  g_autofree char *two = header_of(gzip, "ETag");
  assert_string_not_equal(one, two);
}

static void test_revisions(void **state) {
  World *world = *state;
  g_autoptr(GString) first = ask(world, GET("/page/r", ""));
  gint before = g_atomic_int_get(&renders);
  g_autoptr(GString) second = ask(world, GET("/page/r", ""));
  assert_int_equal(g_atomic_int_get(&renders), before);
  page_cache_set_revision(world->cache, page_cache_revision(world->cache) + 1);
  g_autoptr(GString) third = ask(world, GET("/page/r", ""));
  assert_int_equal(g_atomic_int_get(&renders), before + 1);
  // The database goes away in the middle of the next revision: what was published is still served.
  page_cache_set_revision(world->cache, page_cache_revision(world->cache) + 1);
  g_atomic_int_set(&database_gone, 1);
  g_autoptr(GString) fourth = ask(world, GET("/page/r", ""));
  assert_int_equal(status_of(fourth), 200);
  g_autoptr(GString) fifth = ask(world, GET("/page/unknown", ""));
  assert_int_equal(status_of(fifth), 503);
  assert_non_null(strstr(fifth->str, "Retry-After: "));
  g_atomic_int_set(&database_gone, 0);
}

static void test_single_flight(void **state) {
  int fds[20];
  gint before = g_atomic_int_get(&renders);
  for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
    fds[i] = dial(*state);
    say(fds[i], GET("/slow/one", ""), strlen(GET("/slow/one", "")));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
    g_autoptr(GString) heard = hear_all(fds[i]);
    assert_int_equal(status_of(heard), 200);
    close(fds[i]);
  }
  assert_int_equal(g_atomic_int_get(&renders), before + 1);
}

// Who asks after a change never joins a page that was begun before it.
static void test_no_flight_outlives_its_revision(void **state) {
  World *world = *state;
  gint before = g_atomic_int_get(&renders);
  int early = dial(world);
  say(early, GET("/slow/two", ""), strlen(GET("/slow/two", "")));
  g_usleep(50000);
  page_cache_set_revision(world->cache, page_cache_revision(world->cache) + 1);
  g_autoptr(GString) late = ask(world, GET("/slow/two", ""));
  assert_int_equal(status_of(late), 200);
  g_autoptr(GString) heard = hear_all(early);
  assert_int_equal(status_of(heard), 200);
  close(early);
  assert_int_equal(g_atomic_int_get(&renders), before + 2);
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define POST(path, headers, length, body)                                                          \
  "POST " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" headers "Content-Length: " length   \
  "\r\n\r\n" body

static void test_forms(void **state) {
  static const struct {
    const char *request, *part;
    guint status;
  } CASES[] = {
      {POST("/form", FORM, "37", "mail=a%40b.c&list=daily&list=breaking"),
       "of a@b.c for daily,breaking", 200},
      {POST("/form", "", "0", ""), "of nobody for ", 200},
      {"POST /form HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "of nobody for ", 200},
      {POST("/form", FORM "If-None-Match: *\r\n", "3", "a=b"), "of nobody", 200},
      {POST("/form", FORM "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n", "3", "a=b"),
       "of nobody", 200},
      {POST("/form", FORM "Range: bytes=0-1\r\n", "3", "a=b"), "of nobody", 200},
      {POST("/form", FORM, "3", "a=b"), "Cache-Control: no-store\r\n", 200},
      {POST("/form", "Content-Type: text/plain\r\n", "3", "a=b"), "Cache-Control: no-store\r\n",
       415},
      {POST("/form", "", "3", "a=b"), "as application/x-www-form-urlencoded", 415},
      {POST("/form", "Accept: application/json\r\n", "3", "a=b"), "{\"type\":\"about:blank\"", 415},
      {POST("/form", FORM, "4", "a=%f"), "well-formed UTF-8", 400},
      {POST("/form", FORM "Accept: application/json\r\n", "101", ""), "\"status\":413", 413},
      {"POST /form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" FORM "\r\n65\r\na",
       "Connection: close\r\n", 413},
      {POST("/", FORM, "3", "a=b"), "Allow: GET, HEAD\r\n", 405},
      {POST("/nothing/here", FORM, "3", "a=b"), "", 404},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GString) heard = ask(*state, CASES[i].request);
    if (status_of(heard) != CASES[i].status || strstr(heard->str, CASES[i].part) == NULL) {
      fail_msg("%s -> %s, not %u with %s", CASES[i].request, heard->str, CASES[i].status,
               CASES[i].part);
    }
  }
}

static void test_no_answer_to_a_post_is_kept(void **state) {
  gint before = g_atomic_int_get(&renders);
  for (int i = 0; i < 3; i++) {
    g_autoptr(GString) heard = ask(*state, POST("/page/posted", FORM, "6", "mail=a"));
    assert_int_equal(status_of(heard), 200);
    assert_non_null(strstr(heard->str, "of a for"));
  }
  assert_int_equal(g_atomic_int_get(&renders), before + 3);
  g_autoptr(GString) page = ask(*state, GET("/page/posted", ""));
  assert_non_null(strstr(page->str, "<!doctype html>"));
  g_autoptr(GString) again = ask(*state, POST("/page/posted", FORM, "6", "mail=a"));
  assert_non_null(strstr(again->str, "of a for"));
}

// A refused body does not cost the client the answer, though it goes on sending.
static void test_a_refused_body_is_read_away(void **state) {
  g_autoptr(GString) body = g_string_new(NULL);
  g_string_set_size(body, 4u << 20);
  memset(body->str, 'a', body->len);
  int fd = dial(*state);
  static const char HEAD[] =
      "POST /form HTTP/1.1\r\nHost: x\r\n" FORM "Content-Length: 4194304\r\n\r\n";
  say(fd, HEAD, sizeof HEAD - 1);
  say(fd, body->str, body->len);
  g_autoptr(GString) heard = hear_all(fd);
  assert_int_equal(status_of(heard), 413);
  close(fd);
}

static void test_full_queue(void **state) {
  int fds[30];
  guint busy = 0;
  guint good = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
    g_autofree char *request = g_strdup_printf(GET("/slow/q%" G_GSIZE_FORMAT, ""), i);
    fds[i] = dial(*state);
    say(fds[i], request, strlen(request));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(fds); i++) {
    g_autoptr(GString) heard = hear_all(fds[i]);
    busy += status_of(heard) == 503 && strstr(heard->str, "Retry-After") != NULL;
    good += status_of(heard) == 200;
    close(fds[i]);
  }
  assert_true(busy >= 10 && good >= 8);
  assert_int_equal(busy + good, G_N_ELEMENTS(fds));
}

static void test_deadlines(void **state) {
  gint64 begin = g_get_monotonic_time();
  int fd = dial(*state);
  for (int i = 0; i < 40; i++) { // a byte each 100 ms would go on for ever
    say(fd, "G", 1);
    g_usleep(50000);
  }
  g_autoptr(GString) heard = hear_all(fd);
  close(fd);
  assert_true(status_of(heard) == 408 || heard->len == 0);
  assert_true(g_get_monotonic_time() - begin < 5 * G_USEC_PER_SEC);
  // One who does not read.
  fd = dial(*state);
  int small = 4096;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  say(fd, GET("/large", ""), strlen(GET("/large", "")));
  g_usleep(2500000);
  g_autoptr(GString) metrics = ask(*state, GET("/metrics", ""));
  assert_non_null(strstr(metrics->str, "broadsheet_http_timeouts_total"));
  assert_null(strstr(metrics->str, "broadsheet_http_timeouts_total 0"));
  assert_non_null(strstr(metrics->str, "broadsheet_http_connections 1\n")); // only the one who asks
  close(fd);
}

static void test_large(void **state) {
  g_autoptr(GString) heard = ask(*state, GET("/large", ""));
  assert_true(heard->len > 8u << 20);
}

static void test_slow_crowd(void **state) {
  int *fds = g_new(int, 1000);
  for (int i = 0; i < 1000; i++) {
    fds[i] = dial(*state);
    say(fds[i], "GET / HT", 8);
  }
  gint64 begin = g_get_monotonic_time();
  for (int i = 0; i < 100; i++) {
    g_autoptr(GString) heard = ask(*state, GET("/", ""));
    assert_int_equal(status_of(heard), 200);
  }
  assert_true(g_get_monotonic_time() - begin < 2 * G_USEC_PER_SEC);
  for (int i = 0; i < 1000; i++) {
    close(fds[i]);
  }
  g_free(fds);
}

static void test_half_closed(void **state) {
  int fd = dial(*state);
  say(fd, "GET /slow/half HTTP/1.1\r\nHost: x\r\n\r\n", 37);
  shutdown(fd, SHUT_WR);
  g_autoptr(GString) heard = hear_all(fd);
  assert_int_equal(status_of(heard), 200);
  close(fd);
}

// What a child that was just forked does to us: it holds every socket until it executes. What comes
// in on one that we have closed must not be taken for a connection that is gone (a sanitizer sees
// it).
static void test_a_child_holds_the_sockets(void **state) {
  int fd = dial(*state);
  const char *first = "GET /page/held HTTP/1.1\r\nHost: x\r\n\r\n";
  say(fd, first, strlen(first));
  char some[1];
  assert_int_equal(recv(fd, some, 1, MSG_PEEK), 1);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    for (;;) {
      pause();
    }
  }
  say(fd, GET("/page/held", ""), strlen(GET("/page/held", "")));
  g_autoptr(GString) heard = hear_all(fd);
  assert_int_equal(status_of(heard), 200);
  g_usleep(2600000); // the server reads away for two seconds, then closes
  say(fd, "x", 1);
  g_autoptr(GString) other = ask(*state, GET("/page/after", ""));
  assert_int_equal(status_of(other), 200);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  close(fd);
}

static void test_injection_guard(void **state) {
  g_autoptr(Response) response = response_redirect(301, "/a\r\nSet-Cookie: x=y");
  assert_int_equal(response_status(response), 301); // the line break was encoded, not written
}

// A server beside the others', of the same routes: what it listens on is in question.
static HttpServer *start_beside(const World *world, HttpServerOptions options, GError **error) {
  options.io_threads = 2;
  options.workers = 1;
  options.routes = world->routes;
  options.cache = world->cache;
  return http_server_start(&options, error);
}

static void test_listening(void **state) {
  const World *world = *state;
  World beside = *world;
  g_autoptr(GError) error = NULL;
  beside.server = start_beside(world, (HttpServerOptions){.listen = "localhost"}, &error);
  assert_null(error);
  g_autoptr(GString) heard = ask(&beside, GET("/", ""));
  assert_int_equal(status_of(heard), 200);
  HttpServerOptions same = {.listen = "localhost", .port = http_server_port(beside.server)};
  assert_null(start_beside(world, same, &error));
  assert_non_null(strstr(error->message, "another program has it"));
  http_server_stop(beside.server, 1);
  static const char *const WRONG[] = {"", "no-such-host.invalid", "127.0.0.1:80", "192.0.2.1"};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    g_clear_error(&error);
    assert_null(start_beside(world, (HttpServerOptions){.listen = WRONG[i]}, &error));
    assert_non_null(strstr(error->message, "can't listen on"));
  }
}

static void test_access_log(void **state) {
  const World *world = *state;
  World beside = *world;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("broadsheet-log-XXXXXX", NULL);
  g_autofree char *file = g_build_filename(folder, "access", NULL);
  HttpServerOptions options = {.listen = "127.0.0.1", .access_log = file};
  beside.server = start_beside(world, options, &error);
  assert_null(error);
  static const char *const REQUESTS[] = {GET("/?a=\"b\\", ""), GET("/nothing/here", ""),
                                         "BAD\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n"};
  for (gsize i = 0; i < G_N_ELEMENTS(REQUESTS); i++) {
    g_string_free(ask(&beside, REQUESTS[i]), TRUE);
  }
  http_server_stop(beside.server, 1);
  g_autofree char *text = NULL;
  assert_true(g_file_get_contents(file, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  guint right = 0;
  static const char *const EXPECTED[] = {"\"GET /[?]a=_b_ HTTP/1.1\" 200 [1-9]",
                                         "\"GET /nothing/here HTTP/1.1\" 404 ",
                                         "\"- - HTTP/1.1\" 400 ", "\"HEAD / HTTP/1.0\" 200 0$"};
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    for (gsize n = 0; n < G_N_ELEMENTS(EXPECTED); n++) {
      g_autofree char *pattern = g_strconcat(
          "^- - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\] ", EXPECTED[n], NULL);
      right += g_regex_match_simple(pattern, lines[i], 0, 0);
    }
  }
  if (right != G_N_ELEMENTS(EXPECTED)) {
    print_error("%s", text);
  }
  assert_int_equal(right, G_N_ELEMENTS(EXPECTED));
  assert_int_equal(g_strv_length(lines), G_N_ELEMENTS(EXPECTED) + 1);
  g_unlink(file);
  g_rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_statuses),
      cmocka_unit_test(test_oversized_heads),
      cmocka_unit_test(test_every_split),
      cmocka_unit_test(test_pipelining),
      cmocka_unit_test(test_conditions),
      cmocka_unit_test(test_ranges),
      cmocka_unit_test(test_codings),
      cmocka_unit_test(test_revisions),
      cmocka_unit_test(test_single_flight),
      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_no_answer_to_a_post_is_kept),
      cmocka_unit_test(test_a_refused_body_is_read_away),
      cmocka_unit_test(test_no_flight_outlives_its_revision),
      cmocka_unit_test(test_full_queue),
      cmocka_unit_test(test_large),
      cmocka_unit_test(test_deadlines),
      cmocka_unit_test(test_slow_crowd),
      cmocka_unit_test(test_half_closed),
      cmocka_unit_test(test_files),
      cmocka_unit_test(test_streams),
      cmocka_unit_test(test_a_child_holds_the_sockets),
      cmocka_unit_test(test_injection_guard),
      cmocka_unit_test(test_listening),
      cmocka_unit_test(test_access_log),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
