// SPDX-License-Identifier: Apache-2.0
//
// The owner's callbacks. Its messages carry their number in the recipient: r0@example.com and on.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "smtp_sender.h"

static const char *const RECIPIENTS[SENDER_MESSAGES] = {
    "r0@example.com", "r1@example.com", "r2@example.com", "r3@example.com",
    "r4@example.com", "r5@example.com", "r6@example.com", "r7@example.com"};
#define PIECE(text)                                                                                \
  { (void *)(text), sizeof(text) - 1 }
static const struct iovec BODY[] = {PIECE("Subject: news\r\n"), PIECE(""),
                                    PIECE("\r\nIt is a long way, they say.\r\n..\r\n")};

static gboolean next(SmtpSession *session, SmtpMessage *ret_message, gpointer data) {
  Sender *sender = data;
  assert_int_equal(sender->closed, 0);
  if (sender->given == sender->count) {
    return FALSE;
  }
  SenderMessage *item = &sender->messages[sender->given];
  SmtpMessage *message = &item->message;
  message->sender = message->sender != NULL ? message->sender : "news@paper.example";
  message->recipient = message->recipient != NULL ? message->recipient : RECIPIENTS[sender->given];
  if (message->bytes == NULL) {
    message->bytes = BODY;
    message->count = G_N_ELEMENTS(BODY);
  }
  message->size = 0;
  for (guint i = 0; i < message->count; i++) {
    message->size += message->bytes[i].iov_len;
  }
  message->item = item;
  item->given = TRUE;
  sender->given++;
  *ret_message = *message;
  return TRUE;
}

static void release_later(gpointer data) {
  Sender *sender = data;
  if (sender->session != NULL) {
    smtp_session_release(sender->session);
  }
}

static void body_sent(SmtpSession *session, gpointer item, gpointer data) {
  Sender *sender = data;
  gboolean second = item == &sender->messages[1];
  assert_false(((SenderMessage *)item)->told);
  switch (sender->manner) {
  case SENDER_RELEASES:
    smtp_session_release(session);
    break;
  case SENDER_RELEASES_LATER:
    event_loop_post(sender->loop, release_later, sender);
    break;
  case SENDER_ABANDONS:
    if (second) {
      smtp_session_abandon(session);
    } else {
      smtp_session_release(session);
    }
    break;
  case SENDER_DROPS:
    smtp_session_release(session);
    if (second) {
      smtp_session_drop(session);
    }
    break;
  default:
    break;
  }
}

static void result(SmtpSession *session, gpointer item, const SmtpOutcome *outcome, gpointer data) {
  Sender *sender = data;
  SenderMessage *message = item;
  assert_true(message->given);
  assert_false(message->told);
  assert_int_equal(sender->closed, 0);
  assert_non_null(outcome->text);
  assert_true(strlen(outcome->text) <= 512 && g_utf8_validate(outcome->text, -1, NULL));
  message->told = TRUE;
  message->outcome = *outcome;
  g_strlcpy(message->text, outcome->text, sizeof message->text);
  message->outcome.text = message->text;
  if (++sender->told == sender->count && !sender->stays_open) {
    smtp_session_quit(session);
  }
}

static void opened(SmtpSession *session, gpointer data) {
  Sender *sender = data;
  assert_ptr_equal(smtp_session_data(session), sender);
  assert_int_equal(sender->opened++, 0);
  assert_int_equal(sender->given, 0);
  if (sender->count == 0 && !sender->stays_open) {
    smtp_session_quit(session);
  }
}

static void closed(SmtpSession *session, const SmtpOutcome *outcome, gpointer data) {
  Sender *sender = data;
  assert_int_equal(sender->closed++, 0);
  sender->end = *outcome;
  g_strlcpy(sender->end_text, outcome->text, sizeof sender->end_text);
  for (guint i = 0; i < sender->given; i++) {
    assert_true(sender->messages[i].told);
  }
  smtp_session_free(session);
  sender->session = NULL;
}

static void stumbled(SmtpSession *session, gpointer data) {
  Sender *sender = data;
  assert_int_equal(sender->stumbled++, 0);
}

static const SmtpOwner OWNER = {.next = next,
                                .body_sent = body_sent,
                                .result = result,
                                .opened = opened,
                                .closed = closed,
                                .stumbled = stumbled};

void sender_start(Sender *sender) {
  if (sender->relay.host == NULL) {
    sender->relay.host = "127.0.0.1";
  }
  sender->relay.name = "test";
  sender->relay.client_name = "paper.example";
  SmtpSessionOptions options = {.loop = sender->loop,
                                .relay = &sender->relay,
                                .tls = sender->tls,
                                .owner = &OWNER,
                                .data = sender,
                                .step_by_step = sender->step_by_step};
  sender->session = smtp_session_open(&options);
  assert_int_equal(sender->opened + sender->closed, 0); // never at once
}

void sender_wait(Sender *sender) {
  gint64 until = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
  while (sender->closed == 0) {
    event_loop_turn(sender->loop, 100);
    assert_true(g_get_monotonic_time() < until);
  }
}

void sender_run(Sender *sender) {
  g_autoptr(EventLoop) loop = sender->loop == NULL ? event_loop_new(NULL) : NULL;
  g_autoptr(SmtpTls) tls = NULL;
  if (loop != NULL) {
    sender->loop = loop;
  }
  if (sender->tls == NULL && sender->relay.security != SMTP_SECURITY_NONE) {
    tls = sender->tls = smtp_tls_new(&sender->relay, NULL);
    assert_non_null(tls);
  }
  sender_start(sender);
  sender_wait(sender);
}
