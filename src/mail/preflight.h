// SPDX-License-Identifier: Apache-2.0
//
// What stands around a mailing and keeps it out of inboxes when it is wrong: SPF (RFC 7208), DKIM
// (RFC 6376) and DMARC (RFC 7489) in the DNS, where that answers; encryption to the relays; the
// link of the one-click unsubscription (RFC 8058). What the content itself tells is
// newsroom/mailings.h's mailings_preflight. Blocks for some seconds; any thread.
#pragma once

#include "mail/dkim.h"
#include "mail/smtp.h"

typedef struct PreflightRelay {
  const char *name, *host;
  SmtpSecurity security;
  gboolean insecure; // certificates are not checked
} PreflightRelay;

typedef struct PreflightSetup {
  const char *sender;             // From's address
  const char *envelope_sender;    // returned mail's
  const char *base_url;           // readers' links begin so
  const DkimIdentity *identities; // that sign; the domain's records
  guint identity_count;
  const PreflightRelay *relays; // none: nothing leaves, and nothing is looked at
  guint relay_count;
  gboolean dns;           // ask it
  const char *dns_server; // see mail/dns_text.h
} PreflightSetup;

// PreflightFinding * (newsroom/mailings.h); what is well leaves none. Caller unrefs.
GPtrArray *preflight_setup(const PreflightSetup *setup);
