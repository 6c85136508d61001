// SPDX-License-Identifier: Apache-2.0
//
// The head and the chunked body of HTTP/1.x requests: what must be taken, what must be refused
// (each row of the second table is a known way to smuggle a request past a proxy, or to make two
// readers see two things), and that it doesn't matter where the network cuts the bytes.
#include "web/http_parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/request_parts.h"
#include "web/route.h"

#define LIMIT 16384
#define HOST "Host: daily.example\r\n"

static guint parse(const char *text, gsize length, HttpHead *head) {
  gsize scanned = 0;
  return http_parse_head((Slice){text, length}, LIMIT, &scanned, head);
}

static void good_heads_are_taken(void **state) {
  static const struct {
    const char *text;
    HttpMethod method;
    const char *target;
    gboolean keep_alive, chunked;
    guint64 content_length;
  } CASES[] = {
      {"GET / HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/", TRUE, FALSE, 0},
      {"HEAD /a?b=c HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", HTTP_HEAD, "/a?b=c", FALSE,
       FALSE, 0},
      {"GET / HTTP/1.0\r\n\r\n", HTTP_GET, "/", FALSE, FALSE, 0},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", HTTP_GET, "/", TRUE, FALSE, 0},
      {"POST /x HTTP/1.1\r\n" HOST "Content-Length: 12\r\n\r\n", HTTP_POST, "/x", TRUE, FALSE, 12},
      {"POST /x HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n", HTTP_POST, "/x", TRUE,
       TRUE, 0},
      {"GET http://daily.example/a HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/a", TRUE, FALSE, 0},
      {"GET http://daily.example HTTP/1.1\r\n" HOST "\r\n", HTTP_GET, "/", TRUE, FALSE, 0},
      {"GET / HTTP/1.1\r\nhOsT:\tdaily.example \r\nX-Empty:\r\n\r\n", HTTP_GET, "/", TRUE, FALSE,
       0},
      {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: foo, close\r\n\r\n", HTTP_GET, "/", FALSE,
       FALSE, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    HttpHead head;
    gsize length = strlen(CASES[i].text);
    assert_int_equal(parse(CASES[i].text, length, &head), 200);
    assert_int_equal(head.method, CASES[i].method);
    assert_true(slice_equal_text(head.target, CASES[i].target));
    assert_int_equal(head.keep_alive, CASES[i].keep_alive);
    assert_int_equal(head.chunked, CASES[i].chunked);
    assert_int_equal(head.content_length, CASES[i].content_length);
    assert_int_equal(head.length, length);
  }
}

static void bad_heads_are_refused(void **state) {
  static const struct {
    const char *text;
    guint status;
  } CASES[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},                               // no Host
      {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},                  // two
      {"GET / HTTP/1.1\r\n" HOST "Host: evil.example\r\n\r\n", 400}, // two that differ
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},                  // no host at all
      {"GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: user@b\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x10\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST
       "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding\t: chunked\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
       "chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 400}, // obs-fold
      {"GET / HTTP/1.1\r\n " HOST "\r\n", 400},              // before the first
      {"GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "X(y): a\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "X: a\rb\r\n\r\n", 400}, // bare CR
      {"GET / HTTP/1.1\n" HOST "\r\n", 400},              // bare LF
      {"GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "X: a\x01\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n" HOST "X: a\x7f\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
      {"GET /a b HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET /\x80 HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET /a#b HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET a HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET * HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET /\r\n\r\n", 400}, // HTTP/0.9
      {"CONNECT daily.example:80 HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET http://evil.example/ HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET ftp://daily.example/ HTTP/1.1\r\n" HOST "\r\n", 400},
      {"GET http:///x HTTP/1.1\r\n" HOST "\r\n", 400},
      {"G(T / HTTP/1.1\r\n" HOST "\r\n", 400},
      {"BREW / HTTP/1.1\r\n" HOST "\r\n", 501},
      {"get / HTTP/1.1\r\n" HOST "\r\n", 501},
      {"GET / HTTP/2.0\r\n" HOST "\r\n", 505},
      {"GET / HTTP/1.2\r\n" HOST "\r\n", 505},
      {"GET / HTTP/0.9\r\n" HOST "\r\n", 505},
      {"GET / HTTP/11\r\n" HOST "\r\n", 400},
      {"GET / http/1.1\r\n" HOST "\r\n", 400},
      {"POST / HTTP/1.1\r\n" HOST "Expect: 200-maybe\r\n\r\n", 417},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    HttpHead head;
    guint status = parse(CASES[i].text, strlen(CASES[i].text), &head);
    if (status != CASES[i].status) {
      fail_msg("row %u: %u instead of %u", (guint)i, status, CASES[i].status);
    }
  }
  HttpHead head;
  static const char NUL[] = "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n";
  assert_int_equal(parse(NUL, sizeof NUL - 1, &head), 400);
}

static void limits_hold(void **state) {
  HttpHead head;
  g_autoptr(GString) text = g_string_new("GET / HTTP/1.1\r\n" HOST "X: ");
  for (guint i = 0; i < LIMIT; i++) {
    g_string_append_c(text, 'a');
  }
  assert_int_equal(parse(text->str, text->len, &head), 431);
  g_string_assign(text, "GET /");
  for (guint i = 0; i < LIMIT; i++) {
    g_string_append_c(text, 'a');
  }
  assert_int_equal(parse(text->str, text->len, &head), 414);
  g_string_truncate(text, 5 + HTTP_MAX_TARGET);
  g_string_append(text, " HTTP/1.1\r\n" HOST "\r\n");
  assert_int_equal(parse(text->str, text->len, &head), 414);
  g_string_assign(text, "GET / HTTP/1.1\r\n" HOST);
  for (guint i = 0; i < HTTP_MAX_HEADERS; i++) {
    g_string_append(text, "a: b\r\n");
  }
  g_string_append(text, "\r\n");
  assert_int_equal(parse(text->str, text->len, &head), 431);
}

// Heads are fed a byte more at a time, with the place where the last call stopped.
static void every_cut_reads_the_same(void **state) {
  static const char TEXT[] =
      "POST /a/b?c=d HTTP/1.1\r\n" HOST "Content-Length: 5\r\nAccept: text/html\r\n\r\nhello";
  gsize whole = sizeof TEXT - 1 - 5;
  for (gsize cut = 0; cut < whole; cut++) {
    HttpHead head;
    gsize scanned = 0;
    assert_int_equal(http_parse_head((Slice){TEXT, cut}, LIMIT, &scanned, &head), 0);
    assert_int_equal(http_parse_head((Slice){TEXT, whole + 5}, LIMIT, &scanned, &head), 200);
    assert_int_equal(head.length, whole);
    assert_int_equal(head.content_length, 5);
    assert_true(slice_equal_text(http_head_header(&head, "ACCEPT"), "text/html"));
  }
  HttpHead head;
  gsize scanned = 0;
  for (gsize length = 0; length < whole; length++) {
    assert_int_equal(http_parse_head((Slice){TEXT, length}, LIMIT, &scanned, &head), 0);
  }
  assert_int_equal(http_parse_head((Slice){TEXT, whole}, LIMIT, &scanned, &head), 200);
}

static gssize feed_in_pieces(const char *text, gsize piece, gsize limit, ChunkReader *reader,
                             GByteArray *body) {
  gsize length = strlen(text);
  gsize at = 0;
  while (at < length && reader->state != CHUNK_DONE) {
    gssize taken =
        chunk_reader_feed(reader, (Slice){text + at, MIN(piece, length - at)}, body, limit);
    if (taken < 0) {
      return taken;
    }
    at += (gsize)taken;
  }
  return (gssize)at;
}

static void chunks_are_joined(void **state) {
  static const char TEXT[] = "5\r\nhello\r\n00A\r\n, readers!\r\n0\r\n\r\nGET /";
  for (gsize piece = 1; piece < sizeof TEXT; piece++) {
    g_autoptr(GByteArray) body = g_byte_array_new();
    ChunkReader reader = {0};
    assert_int_equal(feed_in_pieces(TEXT, piece, 100, &reader, body), sizeof TEXT - 1 - 5);
    assert_int_equal(reader.state, CHUNK_DONE);
    assert_int_equal(body->len, 15);
    assert_memory_equal(body->data, "hello, readers!", 15);
  }
}

static void bad_chunks_are_refused(void **state) {
  static const struct {
    const char *text;
    gssize result;
  } CASES[] = {
      {"g\r\n", -1},
      {"-1\r\n", -1},
      {"\r\n", -1},
      {"5;ext=1\r\n", -1},
      {"5 \r\n", -1},
      {"0x5\r\n", -1},
      {"5\n", -1},
      {"5\r\nhelloX\r\n", -1},
      {"5\r\nhello\n", -1},
      {"0\r\nTrailer: a\r\n", -1},
      {"FFFFFFFFFFFFFFFFF\r\n", -1},
      {"00000000000000000000000001\r\n", -1},
      {"65\r\n", -2},
      {"FFFFFFFFFFFFFFF\r\n", -2},
      {"50\r\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n5"
       "0\r\n",
       -2},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autoptr(GByteArray) body = g_byte_array_new();
    ChunkReader reader = {0};
    gssize result = feed_in_pieces(CASES[i].text, 1, 100, &reader, body);
    if (result != CASES[i].result) {
      fail_msg("row %u: %" G_GSSIZE_FORMAT, (guint)i, result);
    }
  }
}

static void addresses_are_decoded_or_refused(void **state) {
  static const struct {
    const char *target;
    const char *path; // NULL: refused
  } CASES[] = {
      {"/", "/"},          {"/a/b", "/a/b"},   {"/caf%C3%A9", "/caf\xc3\xa9"},
      {"/a?b=%00", "/a"},  {"/a%20b", "/a b"}, {"/a+b", "/a+b"},
      {"/...", "/..."},    {"/a..b", "/a..b"}, {"/%00", NULL},
      {"/%", NULL},        {"/%4", NULL},      {"/%zz", NULL},
      {"/%ff", NULL},      {"/%c0%af", NULL},  {"/%ed%a0%80", NULL},
      {"/..", NULL},       {"/a/../b", NULL},  {"/a/./b", NULL},
      {"/%2e%2e/b", NULL}, {"/.%2E", NULL},    {"/a%2fb", NULL},
      {"/a%2Fb", NULL},    {"/a%5c..", NULL},  {"/%0d%0aX:", NULL},
      {"/%7f", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    RequestParts parts = {.target = slice_of(CASES[i].target)};
    g_autoptr(Request) request = request_new(&parts);
    if ((request == NULL) != (CASES[i].path == NULL)) {
      fail_msg("%s", CASES[i].target);
    }
    if (request != NULL) {
      assert_string_equal(request_path(request), CASES[i].path);
    }
  }
}

static void queries_and_headers_are_found(void **state) {
  HttpHeader header = {SLICE_LITERAL("Accept"), SLICE_LITERAL("text/html")};
  RequestParts parts = {.target = SLICE_LITERAL("/s?q=a+b%26c&q=second&bad=%f&empty&page=2"),
                        .headers = &header,
                        .header_count = 1};
  g_autoptr(Request) request = request_new(&parts);
  assert_non_null(request);
  assert_string_equal(request_query(request, "q"), "a b&c");
  assert_string_equal(request_query(request, "page"), "2");
  assert_string_equal(request_query(request, "empty"), "");
  assert_null(request_query(request, "bad"));
  assert_null(request_query(request, "absent"));
  assert_true(slice_equal_text(request_header(request, "accept"), "text/html"));
  assert_null(request_header(request, "cookie").data);
}

static Response *nothing(const Request *request, Website *website, GError **error) {
  return NULL;
}

static void the_most_literal_route_wins(void **state) {
  static const Route ROUTES[] = {
      {HTTP_GET, "/*", PERMISSION_PUBLIC, 0, nothing, BODY_FORM, FALSE, FALSE},
      {HTTP_GET, "/:section", PERMISSION_PUBLIC, 0, nothing, BODY_FORM, FALSE, FALSE},
      {HTTP_GET, "/:section/:slug", PERMISSION_PUBLIC, 0, nothing, BODY_FORM, FALSE, FALSE},
      {HTTP_GET, "/latest", PERMISSION_PUBLIC, 0, nothing, BODY_FORM, FALSE, FALSE},
      {HTTP_GET, "/", PERMISSION_PUBLIC, 0, nothing, BODY_FORM, FALSE, FALSE},
      {HTTP_POST, "/form", PERMISSION_PUBLIC, 10, nothing, BODY_FORM, FALSE, FALSE},
  };
  static const struct {
    HttpMethod method;
    const char *path;
    gint row; // -1: none
    const char *parameter;
  } CASES[] = {
      {HTTP_GET, "/", 4, NULL},           {HTTP_HEAD, "/latest", 3, NULL},
      {HTTP_GET, "/world", 1, "world"},   {HTTP_GET, "/world/a", 2, "world"},
      {HTTP_GET, "/a/b/c", 0, "a/b/c"},   {HTTP_POST, "/form", 5, NULL},
      {HTTP_POST, "/latest", -1, NULL},   {HTTP_DELETE, "/form", -1, NULL},
      {HTTP_GET, "/world/", 0, "world/"},
  };
  g_autoptr(RouteTable) table = route_table_new(ROUTES, G_N_ELEMENTS(ROUTES));
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_auto(GStrv) parameters = NULL;
    guint allowed = 0;
    const Route *route =
        route_table_find(table, CASES[i].method, CASES[i].path, &parameters, &allowed);
    if ((route == NULL ? -1 : (gint)(route - ROUTES)) != CASES[i].row) {
      fail_msg("%s", CASES[i].path);
    }
    if (CASES[i].parameter != NULL) {
      assert_string_equal(parameters[0], CASES[i].parameter);
    }
    if (route == NULL) {
      assert_true(allowed & 1u << HTTP_GET);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_heads_are_taken),
      cmocka_unit_test(bad_heads_are_refused),
      cmocka_unit_test(limits_hold),
      cmocka_unit_test(every_cut_reads_the_same),
      cmocka_unit_test(chunks_are_joined),
      cmocka_unit_test(bad_chunks_are_refused),
      cmocka_unit_test(addresses_are_decoded_or_refused),
      cmocka_unit_test(queries_and_headers_are_found),
      cmocka_unit_test(the_most_literal_route_wins),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
