// SPDX-License-Identifier: Apache-2.0
//
// A relay for tests: a thread that speaks SMTP on a port of 127.0.0.1 as its script says, faults
// included, and writes down what it heard and what it took. It keeps to its own answers: a message
// counts as taken when its dot has been read and answered with 2xx (also if that answer was never
// sent), and only then.
#pragma once

#include <glib.h>

typedef enum FakeStep {
  FAKE_GREETING,
  FAKE_EHLO,
  FAKE_STARTTLS,
  FAKE_AUTH,   // and what follows it
  FAKE_AUTH_2, // the second answer
  FAKE_AUTH_3,
  FAKE_MAIL,
  FAKE_RCPT,
  FAKE_DATA,
  FAKE_BODY, // in the middle of it: only for what is not an answer
  FAKE_DOT,
  FAKE_RSET,
  FAKE_NOOP,
  FAKE_QUIT,
  FAKE_STEPS,
  FAKE_NEVER = FAKE_STEPS
} FakeStep;

typedef struct FakeScript {
  const char *offers;              // lines of EHLO's answer joined by '\n': "PIPELINING\nSIZE 10"
  const char *answers[FAKE_STEPS]; // whole, with CRLF; "" closes; NULL: the usual one
  guint faulty_connections;        // only the first so many have its faults; 0: all
  int at_message; // the answers from FAKE_MAIL on hold for this message (0…); -1: all
  FakeStep stall_at, trickle_at, // FAKE_NEVER, or: no answer; an answer at a byte in 300 ms
      flood_at;                  // an answer of 10 MB
  gssize close_after_said;       // bytes of answers, -1: never
  gssize close_after_heard;      // bytes of commands and bodies, -1: never
  gboolean bytewise;             // answers in packets of one byte
  gboolean swallows;             // forgets what came along with a dot
  gboolean hangs_up_on_company;  // closes, unanswered, when something came along with a dot
  guint slow_body;               // microseconds of sleep after each 4 KB of body
  const char *pem_file;          // certificate and key: TLS
  gboolean tls_first;            // from the first byte
  const char *injected;          // said in the clear along with the answer to STARTTLS
} FakeScript;
#define FAKE_SCRIPT(message)                                                                       \
  .at_message = (message), .stall_at = FAKE_NEVER, .trickle_at = FAKE_NEVER,                       \
  .flood_at = FAKE_NEVER, .close_after_said = -1, .close_after_heard = -1

typedef struct FakeRelay FakeRelay;
FakeRelay *fake_relay_start(const FakeScript *script); // borrowed until stopped
guint16 fake_relay_port(FakeRelay *relay);
// Stops the thread; what it wrote down can be read after this.
void fake_relay_stop(FakeRelay *relay);
void fake_relay_free(FakeRelay *relay);

const GPtrArray *fake_relay_taken(FakeRelay *relay);    // of char *: recipients
const GPtrArray *fake_relay_bodies(FakeRelay *relay);   // of GBytes *, beside them
const GPtrArray *fake_relay_complete(FakeRelay *relay); // of char *: whose dot was read
const char *fake_relay_heard(FakeRelay *relay);         // commands, a line each, of all connections
gsize fake_relay_said(FakeRelay *relay);                // bytes of answers
gsize fake_relay_heard_bytes(FakeRelay *relay);
guint fake_relay_resumed(FakeRelay *relay); // TLS sessions that were
guint fake_relay_connections(FakeRelay *relay);
