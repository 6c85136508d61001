// SPDX-License-Identifier: Apache-2.0
//
// TXT records (RFC 1035 3.3.14) of a name: what SPF, DKIM and DMARC are read from. mail/dns_text.c
// is the only file that knows libresolv. Blocks for some seconds at most; any thread.
#pragma once

#include <glib.h>

typedef enum DnsOutcome {
  DNS_FOUND, // there are some
  DNS_NONE,  // the name has none, for certain
  DNS_SILENT // nobody answered, or the answer can't be used: nothing is known
} DnsOutcome;

// `server`: "192.0.2.1:53", an IPv4 address and port; "" the system's. char *: each record's
// strings joined; caller unrefs. NULL unless DNS_FOUND.
GPtrArray *dns_text(const char *server, const char *name, DnsOutcome *ret_outcome);
