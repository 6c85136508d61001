// SPDX-License-Identifier: Apache-2.0
//
// A dispatch on the store tests' newspaper, with readers, mailings and scripted relays, for
// test_dispatch.c. Waits for conditions, never for times.
#pragma once

#include "fake_relay.h"
#include "mail/dispatch.h"
#include "tests/store/newspaper.h"
#include "tests/store/readership.h"

#define MAILROOM_KEY "0123456789abcdef0123456789abcdef"
#define MAILROOM_RELAYS 2

typedef struct Mailroom {
  Newspaper *paper; // borrowed
  gint64 now;       // the clock's; set it, then mailroom_look
  char *folder;
  FakeScript scripts[MAILROOM_RELAYS];
  FakeRelay *relays[MAILROOM_RELAYS];
  DispatchRelay options[MAILROOM_RELAYS];
  DispatchOptions dispatch_options; // to be changed before mailroom_start
  Dispatch *dispatch;
  GMutex lock;
  GString *troubles; // what was said, a line each
} Mailroom;

// `relays` relays with scripts without faults; 0: the outbox. One connection each.
void mailroom_open(Mailroom *room, Newspaper *paper, guint relays, guint readers);
void mailroom_close(Mailroom *room);
void mailroom_relays(Mailroom *room); // starts them with their scripts
void mailroom_start(Mailroom *room);  // starts them if they are not, and the dispatch
void mailroom_stop(Mailroom *room);   // the dispatch, then the relays: what they took can be read
void mailroom_look(Mailroom *room);
char *mailroom_troubles(Mailroom *room);

// "daily" (uncertain ones are held) or "breaking" (the alert lane; they are sent again).
gint64 mailroom_mailing(Mailroom *room, const char *newsletter);
void mailroom_state(Mailroom *room, gint64 mailing_id, MailingState state); // as people set it
MailingState mailroom_state_of(Mailroom *room, gint64 mailing_id, char **ret_reason);
// The counts, which must add up.
MailingCounts mailroom_counts(Mailroom *room, gint64 mailing_id);
void mailroom_wait(Mailroom *room, gint64 mailing_id, DeliveryState state, gint64 count);
void mailroom_wait_state(Mailroom *room, gint64 mailing_id, MailingState state);
guint mailroom_taken(Mailroom *room); // by all relays; after mailroom_stop
// Nobody got a message twice; after mailroom_stop.
void mailroom_assert_once(Mailroom *room);
