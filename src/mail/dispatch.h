// SPDX-License-Identifier: Apache-2.0
//
// Sends what is to be sent: deliveries of mailings (newsroom/mailings froze them) and notices, by
// relays (mail/smtp) or into a maildir (mail/maildir), and keeps the journal (store/delivery_rows)
// so that after any crash each recipient is in exactly one state. Threads: one EventLoop with all
// connections, one that talks to the database (claims ahead, group commits), and some that fill and
// sign letters. Built by app_serve, by `broadsheet send` (a second process that helps), by tests.
//
// The order that the promise hangs on, for each message: claimed and committed (LEASED) -> filled
// and signed -> body's bytes with the relay -> IN_FLIGHT committed (one commit for all connections
// that wait) -> final dot -> the answer's outcome committed within 50 ms. A connection lost after
// the dot makes the delivery UNCERTAIN, whatever the reason.
//
// Alerts (LANE_ALERT) and notices have a lane of their own: strict priority, connections kept warm
// and reserved for them, never behind a rate that others used up.
#pragma once

#include "base/clock.h"
#include "base/digest.h"
#include "mail/dkim.h"
#include "mail/smtp.h"
#include "store/store.h"

typedef struct DispatchRelay {
  SmtpRelay smtp;
  guint weight;      // share of the messages; 0: only when the others fail
  guint connections; // at most
  gdouble rate;      // messages a second, 0: no limit
} DispatchRelay;

typedef struct DispatchOptions {
  Store *store; // borrowed, as all here
  Clock clock;
  const char *folder; // the newspaper's: its epoch file, and the outbox
  const DispatchRelay *relays;
  guint relay_count;     // 0: the maildir outbox
  const char *maildir;   // <folder>/outbox
  DkimSigner *signer;    // NULL: unsigned
  const char *token_key; // the site's mail_key: newsroom/reader_links makes the same tokens
  const char *message_domain;
  const char *verp_domain; // "" : no VERP
  gdouble rate,
      domain_rate;          // in total and to each recipient domain, messages a second; 0: no limit
  guint domain_connections; // to one recipient domain at once, at most; adapted downward by 4xx
  gint64 give_up;           // age of a deferral after which it fails; 0: 72 hours
  guint soft_bounces, soft_days; // when passing failures become one for good; 0: newsroom/returns'
  guint fill_threads;            // 0: by processors
  // Called on the database's thread after a commit; may be NULL.
  void (*progress)(gint64 mailing_id, gpointer data);
  void (*trouble)(const char *message, gpointer data); // said once until it is over
  gpointer data;
} DispatchOptions;

typedef struct Dispatch Dispatch;
// Registers this process, buries the dead ones of this machine at once (others when their heartbeat
// is 60 s old), checks the epoch, and begins. With the database gone it waits for it.
Dispatch *dispatch_start(const DispatchOptions *options, GError **error);
void dispatch_nudge(
    Dispatch *dispatch); // a mailing or notice was made, paused, resumed; any thread
// Ends what has its body under way (`seconds` at most), gives back the rest, joins and frees.
void dispatch_stop(Dispatch *dispatch, guint seconds);

typedef struct DispatchNumbers { // since the start; for /metrics and progress
  guint64 accepted, deferred, failed, uncertain, connections, commits;
  gdouble rate; // accepted a second, over the last five seconds
} DispatchNumbers;
DispatchNumbers dispatch_numbers(Dispatch *dispatch); // any thread
