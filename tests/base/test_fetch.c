// SPDX-License-Identifier: Apache-2.0
//
// Nobody who may not get inside gets there, whatever the URL calls it: each spelling of a place
// inside is tried against a listener that counts, and the addresses themselves are judged. Does not
// cover: IMAP (tests/system/test_returns.py has a real server).
#include "base/fetch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct Listener {
  int four, six; // sockets; -1 where the machine has no IPv6
  guint16 port;
} Listener;

static void listener_open(Listener *listener) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_ANY)}};
  socklen_t length = sizeof four;
  listener->four = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  assert_int_equal(bind(listener->four, (struct sockaddr *)&four, sizeof four), 0);
  assert_int_equal(listen(listener->four, 16), 0);
  getsockname(listener->four, (struct sockaddr *)&four, &length);
  listener->port = ntohs(four.sin_port);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = four.sin_port};
  listener->six = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int only = 1;
  if (listener->six >= 0) {
    setsockopt(listener->six, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    if (bind(listener->six, (struct sockaddr *)&six, sizeof six) != 0 ||
        listen(listener->six, 16) != 0) {
      close(listener->six);
      listener->six = -1;
    }
  }
}

static guint connections(Listener *listener) {
  guint count = 0;
  int sockets[] = {listener->four, listener->six};
  for (gsize i = 0; i < G_N_ELEMENTS(sockets); i++) {
    for (int one; sockets[i] >= 0 && (one = accept(sockets[i], NULL, NULL)) >= 0; count++) {
      close(one);
    }
  }
  return count;
}

static const char *const INSIDE[] = {
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.127.127.127",
    "0.0.0.0",
    "0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7F.1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "127.0x0.0.0x1",
    "00000177.0.0.1",
    "127.000.000.001",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0.0.0.0]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::1]",
    "[2002:a00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[fec0::1]",
    "[100::1]",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.0.170",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.0.2.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "x@127.0.0.1",
    "example.org@127.0.0.1",
    "127.0.0.1:80@127.0.0.1",
    "%6c%6f%63alhost",
    "\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1",
    "127\xe3\x80\x82"
    "0.0.1",
};

static void test_urls(void **state) {
  Listener listener;
  listener_open(&listener);
  assert_true(G_N_ELEMENTS(INSIDE) >= 60);
  g_autoptr(Fetcher) fetcher =
      fetcher_new(&(FetchOptions){.protocols = "https", .most = 1024, .seconds = 2});
  for (gsize i = 0; i < G_N_ELEMENTS(INSIDE); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *url = g_strdup_printf("https://%s:%u/", INSIDE[i], listener.port);
    assert_null(fetcher_get(fetcher, url, NULL, &error));
    if (connections(&listener) != 0) {
      fail_msg("%s was connected to", url);
    }
  }
  static const char *const OTHERS[] = {
      "http://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
      "dict://127.0.0.1/", "ftp://127.0.0.1/",   "",
      "https://",          "//127.0.0.1/",       "imap://127.0.0.1/",
      "smb://127.0.0.1/x"};
  for (gsize i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
    g_autoptr(GError) error = NULL;
    assert_null(fetcher_get(fetcher, OTHERS[i], NULL, &error));
    assert_int_equal(error->code, FETCH_ERROR_URL);
  }
  // The listener does count: one who may get inside is seen.
  g_autoptr(Fetcher) inside = fetcher_new(
      &(FetchOptions){.protocols = "https", .most = 1024, .seconds = 1, .inside = TRUE});
  g_autofree char *url = g_strdup_printf("https://127.0.0.1:%u/", listener.port);
  g_autoptr(GError) error = NULL;
  assert_null(fetcher_get(inside, url, NULL, &error));
  assert_int_equal(connections(&listener), 1);
  close(listener.four);
  close(listener.six);
}

static gboolean is_outside(const char *address) {
  struct sockaddr_in four = {.sin_family = AF_INET};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
    return fetch_is_outside((struct sockaddr *)&four);
  }
  assert_int_equal(inet_pton(AF_INET6, address, &six.sin6_addr), 1);
  return fetch_is_outside((struct sockaddr *)&six);
}

static void test_addresses(void **state) {
  static const char *const OUTSIDE[] = {
      "1.1.1.1",         "9.255.255.255",  "11.0.0.0",         "100.63.255.255",  "100.128.0.0",
      "126.255.255.255", "128.0.0.0",      "172.15.255.255",   "172.32.0.0",      "192.167.255.255",
      "192.169.0.0",     "198.17.255.255", "198.20.0.0",       "223.255.255.255", "2a00:1450::1",
      "2600::1",         "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:4860::1"};
  static const char *const NOT[] = {"0.0.0.0",
                                    "10.1.2.3",
                                    "127.0.0.1",
                                    "169.254.0.1",
                                    "172.16.0.0",
                                    "172.31.255.255",
                                    "192.168.1.1",
                                    "100.64.0.0",
                                    "255.255.255.255",
                                    "::",
                                    "::1",
                                    "fe80::1",
                                    "fd12::1",
                                    "ff02::1",
                                    "::ffff:192.168.0.1",
                                    "64:ff9b::c0a8:1",
                                    "2002:c0a8:1::1",
                                    "2001:db8::1",
                                    "2001:10::1",
                                    "3fff::1",
                                    "4000::1",
                                    "::7f00:1"};
  for (gsize i = 0; i < G_N_ELEMENTS(OUTSIDE); i++) {
    assert_true(is_outside(OUTSIDE[i]));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(NOT); i++) {
    if (is_outside(NOT[i])) {
      fail_msg("%s counts as outside", NOT[i]);
    }
  }
  struct sockaddr local = {.sa_family = AF_UNIX};
  assert_false(fetch_is_outside(&local));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_urls),
      cmocka_unit_test(test_addresses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
