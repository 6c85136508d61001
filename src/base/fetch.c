// SPDX-License-Identifier: Apache-2.0
//
// Implements fetch.h.
#include "base/fetch.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 30
#define CONNECT_SECONDS 10

G_DEFINE_QUARK(broadsheet - fetch - error, fetch_error)

struct Fetcher {
  CURL *curl;
  gsize most;
  gboolean inside;
  GByteArray *answer;
  gboolean refused, too_large; // of the request that is under way
  char message[CURL_ERROR_SIZE];
};

// ---- where to ---------------------------------------------------------------------------------

typedef struct Network {
  guint8 address[16];
  guint bits;
} Network;

static gboolean is_in(const guint8 *address, const Network *network) {
  guint whole = network->bits / 8;
  guint rest = network->bits % 8;
  guint8 mask = (guint8)(0xFF << (8 - rest));
  return memcmp(address, network->address, whole) == 0 &&
         (rest == 0 || ((address[whole] ^ network->address[whole]) & mask) == 0);
}

// IANA's special-purpose registries (RFC 6890 and what was added since).
static gboolean is_outside_4(const guint8 *address) {
  static const Network INSIDE[] = {
      {{0}, 8},
      {{10}, 8},
      {{100, 64}, 10},
      {{127}, 8},
      {{169, 254}, 16},
      {{172, 16}, 12},
      {{192, 0, 0}, 24},
      {{192, 0, 2}, 24},
      {{192, 88, 99}, 24},
      {{192, 168}, 16},
      {{198, 18}, 15},
      {{198, 51, 100}, 24},
      {{203, 0, 113}, 24},
      {{224}, 4},
      {{240}, 4},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(INSIDE); i++) {
    if (is_in(address, &INSIDE[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

// Networks in which an IPv4 address is wrapped, and where it begins.
static gboolean is_outside_6(const guint8 *address) {
  static const struct {
    Network network;
    guint at;
  } WRAPPED[] = {
      {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96}, 12}, // IPv4-mapped
      {{{0, 0x64, 0xFF, 0x9B}, 96}, 12},                      // NAT64 (RFC 6052)
      {{{0x20, 0x02}, 16}, 2},                                // 6to4
  };
  static const Network GLOBAL = {{0x20}, 3}; // 2000::/3, all that is handed out
  static const Network INSIDE[] = {
      {{0x20, 0x01, 0x00}, 23}, // Teredo, benchmarks, ORCHID …
      {{0x20, 0x01, 0x0D, 0xB8}, 32},
      {{0x3F, 0xFF}, 20},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(WRAPPED); i++) {
    if (is_in(address, &WRAPPED[i].network)) {
      return is_outside_4(address + WRAPPED[i].at);
    }
  }
  for (gsize i = 0; i < G_N_ELEMENTS(INSIDE); i++) {
    if (is_in(address, &INSIDE[i])) {
      return FALSE;
    }
  }
  return is_in(address, &GLOBAL);
}

gboolean fetch_is_outside(const struct sockaddr *address) {
  if (address->sa_family == AF_INET) {
    struct sockaddr_in four;
    memcpy(&four, address, sizeof four);
    return is_outside_4((const guint8 *)&four.sin_addr);
  }
  if (address->sa_family == AF_INET6) {
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof six);
    return is_outside_6((const guint8 *)&six.sin6_addr);
  }
  return FALSE;
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
  Fetcher *fetcher = data;
  if (purpose != CURLSOCKTYPE_IPCXN || (!fetcher->inside && !fetch_is_outside(&address->addr))) {
    fetcher->refused = TRUE;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// ---- what comes ---------------------------------------------------------------------------------

static size_t take_bytes(char *bytes, size_t size, size_t count, void *data) {
  Fetcher *fetcher = data;
  gsize length = size * count;
  if (length > fetcher->most - MIN(fetcher->most, fetcher->answer->len)) {
    fetcher->too_large = TRUE;
    return 0;
  }
  g_byte_array_append(fetcher->answer, (const guint8 *)bytes, (guint)length);
  return length;
}

static gpointer begin_library(gpointer nothing) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  return NULL;
}

static const char *or_null(const char *text) {
  return text != NULL && *text != '\0' ? text : NULL;
}

Fetcher *fetcher_new(const FetchOptions *options) {
  static GOnce once = G_ONCE_INIT;
  g_once(&once, begin_library, NULL);
  Fetcher *fetcher = g_new0(Fetcher, 1);
  CURL *curl = curl_easy_init();
  g_assert(curl != NULL);
  fetcher->curl = curl;
  fetcher->most = options->most;
  fetcher->inside = options->inside;
  fetcher->answer = g_byte_array_new();
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, options->protocols);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, options->seconds != 0 ? (long)options->seconds : SECONDS);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetcher);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetcher);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fetcher->message);
  curl_easy_setopt(curl, CURLOPT_USERNAME, or_null(options->user));
  curl_easy_setopt(curl, CURLOPT_PASSWORD, or_null(options->password));
  curl_easy_setopt(curl, CURLOPT_CAINFO, or_null(options->ca_file));
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   options->plain ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, options->plain ? 0L : 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, options->plain ? 0L : 2L);
  return fetcher;
}

void fetcher_free(Fetcher *fetcher) {
  if (fetcher != NULL) {
    curl_easy_cleanup(fetcher->curl);
    g_byte_array_unref(fetcher->answer);
    g_free(fetcher);
  }
}

static FetchError error_of(const Fetcher *fetcher, CURLcode code) {
  if (fetcher->too_large) {
    return FETCH_ERROR_TOO_LARGE;
  }
  if (fetcher->refused && code == CURLE_COULDNT_CONNECT) {
    return FETCH_ERROR_REFUSED;
  }
  switch (code) {
  case CURLE_URL_MALFORMAT:
  case CURLE_UNSUPPORTED_PROTOCOL:
    return FETCH_ERROR_URL;
  case CURLE_LOGIN_DENIED:
    return FETCH_ERROR_LOGIN;
  case CURLE_QUOTE_ERROR:
  case CURLE_REMOTE_FILE_NOT_FOUND:
  case CURLE_REMOTE_ACCESS_DENIED:
    return FETCH_ERROR_STATUS;
  default:
    return FETCH_ERROR_UNREACHABLE;
  }
}

static const char *reason_of(const Fetcher *fetcher, FetchError error, CURLcode code) {
  return error == FETCH_ERROR_REFUSED     ? "it leads to an address inside a network"
         : error == FETCH_ERROR_TOO_LARGE ? "the answer is larger than is taken"
         : *fetcher->message != '\0'      ? fetcher->message
                                          : curl_easy_strerror(code);
}

GBytes *fetcher_get(Fetcher *fetcher, const char *url, const char *command, GError **error) {
  long status = 0;
  g_byte_array_set_size(fetcher->answer, 0);
  fetcher->refused = fetcher->too_large = FALSE;
  *fetcher->message = '\0';
  curl_easy_setopt(fetcher->curl, CURLOPT_URL, url);
  curl_easy_setopt(fetcher->curl, CURLOPT_CUSTOMREQUEST, command);
  CURLcode code = curl_easy_perform(fetcher->curl);
  if (code != CURLE_OK) {
    FetchError kind = error_of(fetcher, code);
    g_set_error(error, FETCH_ERROR, (gint)kind, "%s: %s", url, reason_of(fetcher, kind, code));
    return NULL;
  }
  curl_easy_getinfo(fetcher->curl, CURLINFO_RESPONSE_CODE, &status);
  if (g_ascii_strncasecmp(url, "http", 4) == 0 && (status < 200 || status > 299)) {
    g_set_error(error, FETCH_ERROR, FETCH_ERROR_STATUS, "%s: it is answered with %ld", url, status);
    return NULL;
  }
  return g_bytes_new(fetcher->answer->data, fetcher->answer->len);
}

gboolean fetcher_post(Fetcher *fetcher, const char *url, const char *const *headers, Slice body,
                      gint32 *ret_status, GError **error) {
  struct curl_slist *lines = NULL;
  long status = 0;
  for (; *headers != NULL; headers++) {
    lines = curl_slist_append(lines, *headers);
  }
  curl_easy_setopt(fetcher->curl, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt(fetcher->curl, CURLOPT_POSTFIELDS, body.data);
  curl_easy_setopt(fetcher->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
  g_autoptr(GBytes) answer = fetcher_get(fetcher, url, "POST", error);
  curl_easy_getinfo(fetcher->curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_setopt(fetcher->curl, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt(fetcher->curl, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt(fetcher->curl, CURLOPT_HTTPGET, 1L);
  curl_slist_free_all(lines);
  *ret_status = (gint32)status;
  return answer != NULL;
}
