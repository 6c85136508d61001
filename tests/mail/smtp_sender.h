// SPDX-License-Identifier: Apache-2.0
//
// An owner of one SMTP session, for tests: gives it messages, releases their dots, and keeps what
// it is told. Checks the contract as it goes: one result for each message, `closed` last and once.
#pragma once

#include "mail/smtp.h"

#define SENDER_MESSAGES 8

typedef enum SenderManner {
  SENDER_RELEASES,       // from within body_sent
  SENDER_RELEASES_LATER, // in another turn of the loop
  SENDER_ABANDONS,       // message 1
  SENDER_DROPS,          // with message 1's dot just released
  SENDER_HOLDS           // never releases
} SenderManner;

typedef struct SenderMessage {
  SmtpMessage message;
  gboolean given, told;
  SmtpOutcome outcome;
  char text[600];
} SenderMessage;

typedef struct Sender {
  EventLoop *loop; // borrowed
  SmtpRelay relay;
  SmtpTls *tls; // NULL: made for the relay where it is needed
  gboolean step_by_step, stays_open;
  SenderManner manner;
  SenderMessage messages[SENDER_MESSAGES]; // 0 … count - 1; unset ones are made up
  guint count, given, told, opened, closed, stumbled;
  SmtpOutcome end;
  char end_text[600];
  SmtpSession *session;
} Sender;

void sender_start(Sender *sender);
void sender_wait(Sender *sender); // until closed; 30 s at most
void sender_run(Sender *sender);  // with a loop of its own if it has none
