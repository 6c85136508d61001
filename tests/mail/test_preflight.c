// SPDX-License-Identifier: Apache-2.0
//
// What the DNS and the relays tell before a mailing starts, asked of a small name server of the
// test's own: records that fit, that are missing, that are wrong; and silence. Does not cover:
// answers over TCP.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mail/dns_text.h"
#include "mail/preflight.h"
#include "newsroom/mailings.h"

typedef struct Record {
  const char *name, *text; // text NULL: no answer at all
} Record;

typedef struct NameServer {
  int socket;
  char address[32];
  const Record *records;
  guint count;
  GThread *thread;
} NameServer;

// The question's name with dots.
static gsize read_name(const guint8 *packet, gsize length, GString *name) {
  gsize at = 12;
  while (at < length && packet[at] != 0) {
    g_string_append_printf(name, "%s%.*s", name->len > 0 ? "." : "", packet[at], packet + at + 1);
    at += packet[at] + 1u;
  }
  return at + 5; // the NUL, type and class
}

static void append_record(GByteArray *out, const char *text) {
  static const guint8 HEAD[] = {0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60};
  gsize length = strlen(text);
  gsize pieces = (length + 199) / 200;
  guint8 size[2] = {(guint8)((length + pieces) >> 8), (guint8)(length + pieces)};
  g_byte_array_append(out, HEAD, sizeof HEAD);
  g_byte_array_append(out, size, 2);
  for (gsize at = 0; at < length; at += 200) { // long keys come in several strings
    guint8 piece = (guint8)MIN(length - at, 200);
    g_byte_array_append(out, &piece, 1);
    g_byte_array_append(out, (const guint8 *)text + at, piece);
  }
}

static gpointer serve(gpointer data) {
  NameServer *server = data;
  guint8 packet[512];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  gssize got;
  while ((got = recvfrom(server->socket, packet, sizeof packet, 0, (struct sockaddr *)&from,
                         &size)) > 12) {
    g_autoptr(GString) name = g_string_new(NULL);
    gsize end = read_name(packet, (gsize)got, name);
    g_autoptr(GByteArray) answer = g_byte_array_new();
    guint8 found = 0;
    gboolean silent = FALSE;
    g_byte_array_append(answer, packet, (guint)end);
    for (guint i = 0; i < server->count; i++) {
      if (g_ascii_strcasecmp(server->records[i].name, name->str) == 0) {
        silent |= server->records[i].text == NULL;
        if (!silent) {
          append_record(answer, server->records[i].text);
          found++;
        }
      }
    }
    const guint8 head[] = {packet[0], packet[1], 0x81, found > 0 ? 0x80 : 0x83, 0, 1, 0, found, 0,
                           0,         0,         0};
    memcpy(answer->data, head, sizeof head);
    if (!silent) {
      sendto(server->socket, answer->data, answer->len, 0, (struct sockaddr *)&from, size);
    }
  }
  return NULL;
}

static void server_start(NameServer *server, const Record *records, guint count) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  server->records = records;
  server->count = count;
  server->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(server->socket, (struct sockaddr *)&address, size), 0);
  assert_int_equal(getsockname(server->socket, (struct sockaddr *)&address, &size), 0);
  g_snprintf(server->address, sizeof server->address, "127.0.0.1:%u", ntohs(address.sin_port));
  server->thread = g_thread_new("dns", serve, server);
}

static void server_stop(NameServer *server) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  getsockname(server->socket, (struct sockaddr *)&address, &size);
  sendto(server->socket, "", 1, 0, (struct sockaddr *)&address, size); // too short: it ends
  g_thread_join(server->thread);
  close(server->socket);
}

static const char KEY_NAME[] = "s1._domainkey.courier.news";

// "E DKIM; W SPF; …": each finding's kind and first word.
static char *look(const PreflightSetup *base, const Record *records, guint count) {
  NameServer server;
  server_start(&server, records, count);
  PreflightSetup setup = *base;
  setup.dns_server = server.address;
  g_autoptr(GPtrArray) findings = preflight_setup(&setup);
  server_stop(&server);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < findings->len; i++) {
    const PreflightFinding *finding = findings->pdata[i];
    gsize word = strcspn(finding->text, ":");
    g_string_append_printf(text, "%s%s %.*s", i > 0 ? "; " : "", finding->is_error ? "E" : "W",
                           (int)word, finding->text);
  }
  return g_string_free(text, FALSE);
}

static void test_records(void **state) {
  g_autoptr(GError) error = NULL;
  g_autoptr(DkimKey) key = dkim_key_generate(DKIM_RSA_SHA256, &error);
  g_autoptr(DkimKey) other = dkim_key_generate(DKIM_ED25519_SHA256, &error);
  g_autofree char *right = dkim_key_record(key);
  g_autofree char *wrong = dkim_key_record(other);
  const DkimIdentity identity = {"courier.news", "s1", key};
  const DkimIdentity stranger = {"another.news", "s1", key};
  const PreflightRelay relay = {"main", "smtp.relay.news", SMTP_SECURITY_STARTTLS, FALSE};
  const PreflightSetup base = {.sender = "news@courier.news",
                               .envelope_sender = "bounces@courier.news",
                               .base_url = "https://courier.news",
                               .identities = &identity,
                               .identity_count = 1,
                               .relays = &relay,
                               .relay_count = 1,
                               .dns = TRUE};
  const Record spf = {"courier.news", "v=spf1 include:relay.news ~all"};
  const Record spf_open = {"courier.news", "v=spf1 +all"};
  const Record site = {"courier.news", "google-site-verification=x"};
  const Record dmarc = {"_dmarc.courier.news", "v=DMARC1; p=none"};
  const Record key_right = {KEY_NAME, right};
  const Record key_wrong = {KEY_NAME, wrong};
  const Record key_silent = {KEY_NAME, NULL};
  const struct {
    Record records[4];
    const char *found;
  } CASES[] = {
      {{spf, dmarc, key_right, site}, ""},           {{spf, dmarc, key_wrong, site}, "E DKIM"},
      {{spf, dmarc, site, site}, "E DKIM"},          {{spf, dmarc, key_silent, site}, ""},
      {{site, dmarc, key_right, site}, "W SPF"},     {{spf, spf, key_right, dmarc}, "E SPF"},
      {{spf_open, dmarc, key_right, site}, "W SPF"}, {{spf, site, key_right, site}, "W DMARC"}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *found = look(&base, CASES[i].records, 4);
    if (strcmp(found, CASES[i].found) != 0) {
      fail_msg("case %d: '%s', not '%s'", (int)i, found, CASES[i].found);
    }
  }
  const Record good[] = {spf, dmarc, key_right};
  PreflightSetup changed = base;
  changed.identities = &stranger;
  changed.dns = FALSE;
  g_autofree char *unaligned = look(&changed, good, 3);
  assert_string_equal(unaligned, "E DKIM");
  changed = base;
  changed.sender = "news@mail.courier.news"; // below the domain that signs
  g_autofree char *below = look(&changed, good, 3);
  assert_string_equal(below, "");
  changed = base;
  changed.identity_count = 0;
  g_autofree char *unsigned_mail = look(&changed, good, 3);
  assert_string_equal(unsigned_mail, "W DKIM");
  changed = base;
  changed.base_url = "http://courier.news";
  g_autofree char *plain = look(&changed, good, 3);
  assert_string_equal(plain, "E unsubscribing");
}

static void test_relays(void **state) {
  const PreflightRelay relays[] = {{"a", "smtp.relay.news", SMTP_SECURITY_NONE, FALSE},
                                   {"b", "smtp.relay.news", SMTP_SECURITY_TLS, TRUE},
                                   {"c", "127.0.0.1", SMTP_SECURITY_NONE, FALSE}};
  PreflightSetup setup = {.sender = "news@localhost",
                          .envelope_sender = "news@localhost",
                          .base_url = "http://localhost:8080",
                          .relays = relays,
                          .relay_count = 3,
                          .dns_server = "127.0.0.1:1"};
  g_autofree char *found = look(&setup, NULL, 0);
  assert_string_equal(found, "W TLS; W TLS");
  setup.relay_count = 0; // nothing leaves: nothing to say
  setup.sender = "news@courier.news";
  g_autofree char *nothing = look(&setup, NULL, 0);
  assert_string_equal(nothing, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_records), cmocka_unit_test(test_relays)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
