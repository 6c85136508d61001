// SPDX-License-Identifier: Apache-2.0
//
// Who is at the other end: the peer's address, the client behind trusted proxies, and whether
// somebody of this machine or a private network asks. Called by http_dispatch.c. A header is
// believed only if a trusted proxy sent it.
#include <arpa/inet.h>
#include <string.h>

#include "web/http_io.h"

void http_peer_write(const Connection *connection, char *out, gsize size) {
  if (connection->peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &((const struct sockaddr_in *)&connection->peer)->sin_addr, out,
              (socklen_t)size);
  } else {
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)&connection->peer)->sin6_addr, out,
              (socklen_t)size);
  }
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
char *http_peer_client(const Connection *connection, const HttpHead *head, gboolean *ret_secure) {
  char text[INET6_ADDRSTRLEN] = "";
  guint8 address[16];
  http_peer_write(connection, text, sizeof text);
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

// Figures are for those who run the paper: asked from this machine or a private network, not
// through a proxy.
gboolean http_peer_is_private(const Connection *connection, const HttpHead *head) {
  static const Network PRIVATE[] = {{{[10] = 0xff, [11] = 0xff, [12] = 127}, 104},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 10}, 104},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 172, [13] = 16}, 108},
                                    {{[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 168}, 112},
                                    {{[15] = 1}, 128},
                                    {{0xfc}, 7}};
  char text[INET6_ADDRSTRLEN] = "";
  guint8 address[16];
  http_peer_write(connection, text, sizeof text);
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
