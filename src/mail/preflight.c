// SPDX-License-Identifier: Apache-2.0
//
// Implements preflight.h. Called by app/post before a mailing starts, by `mailing check` and by
// `doctor`. DNS that is silent is no fault of the newspaper's: it blocks nothing.
#include "mail/preflight.h"

#include <string.h>

#include "mail/dns_text.h"
#include "newsroom/mailings.h"

static const char *domain_of(const char *address) {
  const char *at = strrchr(address, '@');
  return at != NULL ? at + 1 : address;
}

// Names that are nobody's in the DNS (RFC 6761, RFC 2606): of a newspaper that is being tried out.
static gboolean is_nowhere(const char *domain) {
  static const char *const NOWHERE[] = {"localhost",   ".localhost",  ".test",
                                        ".invalid",    ".example",    ".local",
                                        "example.org", "example.com", "example.net"};
  for (gsize i = 0; i < G_N_ELEMENTS(NOWHERE); i++) {
    if (g_str_has_suffix(domain, NOWHERE[i])) {
      return TRUE;
    }
  }
  return strchr(domain, '.') == NULL || strspn(domain, "0123456789.") == strlen(domain);
}

// Relaxed alignment (RFC 7489 3.1) without the list of public suffixes: the same, or one below the
// other.
static gboolean is_aligned(const char *one, const char *other) {
  gsize a = strlen(one);
  gsize b = strlen(other);
  const char *longer = a >= b ? one : other;
  const char *shorter = a >= b ? other : one;
  gsize more = MAX(a, b) - MIN(a, b);
  return g_ascii_strcasecmp(longer + more, shorter) == 0 && (more == 0 || longer[more - 1] == '.');
}

// Records that begin so; *ret_outcome DNS_NONE when there are others only.
static GPtrArray *records_of(const PreflightSetup *setup, const char *name, const char *begins,
                             DnsOutcome *ret_outcome) {
  g_autoptr(GPtrArray) all = dns_text(setup->dns_server, name, ret_outcome);
  GPtrArray *some = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    if (g_ascii_strncasecmp(all->pdata[i], begins, strlen(begins)) == 0) {
      g_ptr_array_add(some, g_strdup(all->pdata[i]));
    }
  }
  if (*ret_outcome == DNS_FOUND && some->len == 0) {
    *ret_outcome = DNS_NONE;
  }
  return some;
}

static void check_spf(const PreflightSetup *setup, GPtrArray *findings) {
  const char *domain = domain_of(setup->envelope_sender);
  DnsOutcome outcome = DNS_SILENT;
  g_autoptr(GPtrArray) records = records_of(setup, domain, "v=spf1", &outcome);
  if (outcome == DNS_NONE) {
    preflight_add(
        findings, FALSE,
        "SPF: %s has no record: add TXT \"v=spf1 include:YOUR-RELAY ~all\" with what your "
        "relay tells you to include",
        domain);
  } else if (outcome == DNS_FOUND && records->len > 1) {
    preflight_add(findings, TRUE, "SPF: %s has %u records, and only one may be: put them together",
                  domain, records->len);
  } else if (outcome == DNS_FOUND && strstr(records->pdata[0], "+all") != NULL) {
    preflight_add(findings, FALSE,
                  "SPF: the record of %s lets everyone send (+all): end it in ~all", domain);
  }
}

// "p=" of a key's record, without blanks. Caller frees.
static char *key_of(const char *record) {
  g_auto(GStrv) tags = g_strsplit(record, ";", -1);
  for (guint i = 0; tags[i] != NULL; i++) {
    const char *tag = g_strstrip(tags[i]);
    if (g_str_has_prefix(tag, "p=")) {
      GString *key = g_string_new(NULL);
      for (const char *at = tag + 2; *at != '\0'; at++) {
        if (!g_ascii_isspace(*at)) {
          g_string_append_c(key, *at);
        }
      }
      return g_string_free(key, FALSE);
    }
  }
  return g_strdup("");
}

static void check_dkim_record(const PreflightSetup *setup, const DkimIdentity *identity,
                              GPtrArray *findings) {
  DnsOutcome outcome = DNS_SILENT;
  g_autofree char *name = g_strconcat(identity->selector, "._domainkey.", identity->domain, NULL);
  g_autoptr(GPtrArray) records = dns_text(setup->dns_server, name, &outcome);
  if (outcome == DNS_NONE) {
    preflight_add(findings, TRUE,
                  "DKIM: there is no record %s: letters would be signed with a key that nobody can "
                  "find; `broadsheet dkim` shows the record to add",
                  name);
    return;
  }
  g_autofree char *ours_record = dkim_key_record(identity->key);
  g_autofree char *ours = key_of(ours_record);
  for (guint i = 0; outcome == DNS_FOUND && i < records->len; i++) {
    g_autofree char *theirs = key_of(records->pdata[i]);
    if (strcmp(ours, theirs) == 0) {
      return;
    }
  }
  if (outcome == DNS_FOUND) {
    preflight_add(findings, TRUE,
                  "DKIM: the record %s has another key than the one that signs: put the one that "
                  "`broadsheet dkim` shows in its place",
                  name);
  }
}

static void check_dkim(const PreflightSetup *setup, GPtrArray *findings) {
  const char *domain = domain_of(setup->sender);
  gboolean aligned = FALSE;
  for (guint i = 0; i < setup->identity_count; i++) {
    aligned |= is_aligned(setup->identities[i].domain, domain);
    if (setup->dns) {
      check_dkim_record(setup, &setup->identities[i], findings);
    }
  }
  if (setup->identity_count == 0) {
    preflight_add(findings, FALSE,
                  "DKIM: letters are not signed, and large receivers refuse such: `broadsheet dkim "
                  "new` makes the keys");
  } else if (!aligned) {
    preflight_add(findings, TRUE,
                  "DKIM: letters come from %s and are signed for %s: make a key of the sender's "
                  "domain with `broadsheet dkim new`",
                  domain, setup->identities[0].domain);
  }
}

// At the domain itself or the one above it.
static void check_dmarc(const PreflightSetup *setup, GPtrArray *findings) {
  const char *domain = domain_of(setup->sender);
  for (const char *at = domain; at != NULL && strchr(at, '.') != NULL; at = strchr(at, '.') + 1) {
    DnsOutcome outcome = DNS_SILENT;
    g_autofree char *name = g_strconcat("_dmarc.", at, NULL);
    g_autoptr(GPtrArray) records = records_of(setup, name, "v=DMARC1", &outcome);
    if (outcome != DNS_NONE) {
      return;
    }
  }
  preflight_add(findings, FALSE,
                "DMARC: %s has no record, and large receivers ask for one: add TXT _dmarc.%s "
                "\"v=DMARC1; p=none; rua=mailto:YOU\"",
                domain, domain);
}

static gboolean is_this_machine(const char *host) {
  return strcmp(host, "localhost") == 0 || g_str_has_prefix(host, "127.") ||
         strcmp(host, "::1") == 0 || *host == '/';
}

static void check_relays(const PreflightSetup *setup, GPtrArray *findings) {
  for (guint i = 0; i < setup->relay_count; i++) {
    const PreflightRelay *relay = &setup->relays[i];
    if (relay->security == SMTP_SECURITY_NONE && !is_this_machine(relay->host)) {
      preflight_add(findings, FALSE,
                    "TLS: letters go to the relay %s (%s) without encryption: set security = "
                    "starttls or tls",
                    relay->name, relay->host);
    } else if (relay->insecure && !is_this_machine(relay->host)) {
      preflight_add(findings, FALSE,
                    "TLS: the certificate of the relay %s (%s) is not checked: take insecure out, "
                    "or name its ca_file",
                    relay->name, relay->host);
    }
  }
}

// Readers' links lead to this machine: nobody's mailbox is meant yet.
static gboolean is_tried_out(const char *base_url) {
  g_autoptr(GUri) uri = g_uri_parse(base_url, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && g_uri_get_host(uri) != NULL && is_this_machine(g_uri_get_host(uri));
}

GPtrArray *preflight_setup(const PreflightSetup *setup) {
  GPtrArray *findings = g_ptr_array_new_with_free_func((GDestroyNotify)preflight_finding_free);
  if (setup->relay_count == 0) {
    return findings;
  }
  check_relays(setup, findings);
  if (is_nowhere(domain_of(setup->sender)) || is_tried_out(setup->base_url)) {
    return findings;
  }
  if (!g_str_has_prefix(setup->base_url, "https://")) {
    preflight_add(findings, TRUE,
                  "unsubscribing: the one-click link must be https (RFC 8058), and base_url is %s: "
                  "`broadsheet setting base_url https://…`",
                  setup->base_url);
  }
  check_dkim(setup, findings);
  if (setup->dns) {
    check_spf(setup, findings);
    check_dmarc(setup, findings);
  }
  return findings;
}
