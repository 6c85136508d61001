// SPDX-License-Identifier: Apache-2.0
//
// Implements dns_text.h. Called by mail/preflight. The answer is untrusted: every length is checked
// by the library's own parser, and again here.
#include "mail/dns_text.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <string.h>

#define ANSWER_BYTES 65535
#define SECONDS 3
#define RECORDS_MOST 64

static gboolean use_server(res_state state, const char *server) {
  g_auto(GStrv) parts = g_strsplit(server, ":", 2);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  if (parts[0] == NULL || inet_pton(AF_INET, parts[0], &address.sin_addr) != 1) {
    return FALSE;
  }
  if (parts[1] != NULL) {
    address.sin_port = htons((guint16)g_ascii_strtoull(parts[1], NULL, 10));
  }
  state->nsaddr_list[0] = address;
  state->nscount = 1;
  return TRUE;
}

// The strings of one record, each after its length.
static char *join_strings(const guint8 *data, gsize length) {
  GString *text = g_string_new(NULL);
  for (gsize at = 0; at < length;) {
    gsize size = data[at++];
    size = MIN(size, length - at);
    g_string_append_len(text, (const char *)data + at, (gssize)size);
    at += size;
  }
  char *valid = g_utf8_make_valid(text->str, (gssize)strnlen(text->str, text->len));
  g_string_free(text, TRUE);
  return valid;
}

static GPtrArray *read_answer(const guint8 *answer, int length) {
  ns_msg message;
  if (ns_initparse(answer, length, &message) != 0) {
    return NULL;
  }
  GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
  int count = MIN(ns_msg_count(message, ns_s_an), RECORDS_MOST);
  for (int i = 0; i < count; i++) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) == 0 && ns_rr_type(record) == ns_t_txt) {
      g_ptr_array_add(texts, join_strings(ns_rr_rdata(record), ns_rr_rdlen(record)));
    }
  }
  return texts;
}

GPtrArray *dns_text(const char *server, const char *name, DnsOutcome *ret_outcome) {
  struct __res_state state = {0};
  g_autofree guint8 *answer = g_malloc(ANSWER_BYTES);
  *ret_outcome = DNS_SILENT;
  if (res_ninit(&state) != 0) {
    return NULL;
  }
  state.retrans = SECONDS;
  state.retry = 1;
  if (*server != '\0' && !use_server(&state, server)) {
    res_nclose(&state);
    return NULL;
  }
  int length = res_nquery(&state, name, ns_c_in, ns_t_txt, answer, ANSWER_BYTES);
  int failure = state.res_h_errno;
  res_nclose(&state);
  if (length < 0) {
    *ret_outcome = failure == HOST_NOT_FOUND || failure == NO_DATA ? DNS_NONE : DNS_SILENT;
    return NULL;
  }
  GPtrArray *texts = read_answer(answer, MIN(length, ANSWER_BYTES));
  if (texts == NULL || texts->len == 0) {
    *ret_outcome = texts != NULL ? DNS_NONE : DNS_SILENT;
    g_clear_pointer(&texts, g_ptr_array_unref);
    return NULL;
  }
  *ret_outcome = DNS_FOUND;
  return texts;
}
