// SPDX-License-Identifier: Apache-2.0
//
// Messages over an open session: envelope, body, dot, and what each answer means for which message.
// At most two are in hand: one whose dot has left (`answering`) and one that is being written
// (`writing`), whose envelope may have left along with that dot. It must never let a dot leave that
// was not released, never call a message sent that may not be, nor not sent that may be.
#include <string.h>

#include "mail/smtp_session.h"

#define IDLE_SECONDS 60        // then a NOOP keeps the connection warm
#define EARLY_REPLY_SECONDS 60 // a relay that swallows what came along with the dot never answers
#define QUIT_SECONDS 2
#define BODY_TIMES 10        // the cap of a body's time, in times of what it may stand still
#define IMPOSSIBLE_A_TURN 64 // messages refused by ourselves before others get their turn
#define ADDRESS_MAXIMUM 320

static gboolean can_pipeline(const SmtpSession *session) {
  return session->can.pipelining;
}

static gboolean is_worn_out(const SmtpSession *session) {
  guint most = session->relay->messages_per_connection;
  return most != 0 && session->messages >= most;
}

gboolean smtp_transaction_is_idle(const SmtpSession *session) {
  return session->writing == NULL && session->answering == NULL && session->due_count == 0;
}

// ── results ──────────────────────────────────────────────────────────────────────────────────

static void tell(SmtpSession *session, SmtpLetter *letter, const SmtpOutcome *outcome) {
  gpointer item = letter->message.item;
  letter->state = SMTP_LETTER_NONE;
  if (session->writing == letter) {
    session->writing = NULL;
  }
  if (session->answering == letter) {
    session->answering = NULL;
  }
  session->nudged = TRUE; // there may be room for another
  session->owner->result(session, item, outcome, session->data);
}

static SmtpVerdict verdict_of(guint code) {
  return code / 100 == 2 ? SMTP_ACCEPTED : code / 100 == 4 ? SMTP_DEFERRED : SMTP_REFUSED;
}

// The first refusal of an envelope is the reason; those of the commands after it follow from it.
static void refuse(SmtpLetter *letter, SmtpStage stage, const SmtpReply *reply) {
  if (letter->refused) {
    return;
  }
  letter->refused = TRUE;
  letter->refusal = (SmtpOutcome){.verdict = verdict_of(reply->code), .stage = stage};
  smtp_session_fill_outcome(&letter->refusal, reply, letter->refusal_text);
}

static gboolean dot_left(const SmtpSession *session, const SmtpLetter *letter) {
  return letter->state == SMTP_LETTER_DOT &&
         smtp_channel_sent(&session->channel) > letter->sent_before;
}

// Where a letter stood when the connection ended.
static SmtpStage letter_stage(const SmtpSession *session, const SmtpLetter *letter) {
  if (letter == session->answering) {
    return SMTP_STAGE_DOT;
  }
  if (letter->state != SMTP_LETTER_ENVELOPE) {
    return SMTP_STAGE_DATA;
  }
  if (session->ended && session->end.stage >= SMTP_STAGE_SENDER &&
      session->end.stage <= SMTP_STAGE_DATA) {
    return session->end.stage;
  }
  for (guint i = 0; i < session->due_count; i++) {
    SmtpDue due = session->due[(session->due_first + i) % SMTP_DUE_MAXIMUM];
    if (due == SMTP_DUE_RECIPIENT || due == SMTP_DUE_DATA) {
      return due == SMTP_DUE_DATA ? SMTP_STAGE_DATA : SMTP_STAGE_RECIPIENT;
    }
    if (due == SMTP_DUE_SENDER) {
      break;
    }
  }
  return SMTP_STAGE_SENDER;
}

// The relay went silent or away between a dot that had company and the answer to the company, and
// it has never answered such an envelope on this connection.
static gboolean has_stumbled(const SmtpSession *session) {
  const SmtpLetter *letter = session->writing;
  return session->by_loss && letter != NULL && letter->early && !letter->answered &&
         !session->early_proven;
}

static void stumble(SmtpSession *session) {
  if (session->owner->stumbled != NULL) {
    session->owner->stumbled(session, session->data);
  }
}

void smtp_transaction_finish(SmtpSession *session) {
  if (has_stumbled(session)) {
    stumble(session);
  }
  SmtpLetter *letters[] = {session->answering, session->writing};
  SmtpOutcome outcomes[G_N_ELEMENTS(letters)];
  for (guint i = 0; i < G_N_ELEMENTS(letters); i++) {
    if (letters[i] != NULL) {
      outcomes[i] = session->end;
      outcomes[i].verdict = dot_left(session, letters[i]) ? SMTP_UNCERTAIN : SMTP_NOT_SENT;
      outcomes[i].stage = letter_stage(session, letters[i]);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(letters); i++) {
    if (letters[i] != NULL) {
      tell(session, letters[i], letters[i]->refused ? &letters[i]->refusal : &outcomes[i]);
    }
  }
}

// ── envelopes ────────────────────────────────────────────────────────────────────────────────

static gboolean is_safe_address(const char *address, gboolean utf8) {
  gsize length = 0;
  for (const guchar *byte = (const guchar *)address; *byte != '\0'; byte++, length++) {
    if (*byte <= 0x20 || *byte == 0x7F || *byte == '<' || *byte == '>' || (*byte > 0x7F && !utf8)) {
      return FALSE;
    }
  }
  return length <= ADDRESS_MAXIMUM;
}

// Why this relay can never take the message; NULL if it may try.
static const char *why_impossible(const SmtpSession *session, const SmtpMessage *message,
                                  const char **ret_status) {
  const SmtpCapabilities *can = &session->can;
  if (!is_safe_address(message->sender, message->utf8)) {
    *ret_status = "5.1.7";
    return "the sender's address has characters that may not stand in an envelope";
  }
  if (message->recipient[0] == '\0' || !is_safe_address(message->recipient, message->utf8)) {
    *ret_status = "5.1.3";
    return "the recipient's address has characters that may not stand in an envelope";
  }
  if (message->utf8 && !can->utf8) {
    *ret_status = "5.6.7";
    return "the address or a header is not ASCII, and the relay does not offer SMTPUTF8";
  }
  if (message->eight_bit && !can->eight_bit) {
    *ret_status = "5.6.3";
    return "the message has 8-bit text, and the relay does not offer 8BITMIME";
  }
  if (can->size_limit != 0 && message->size > can->size_limit) {
    *ret_status = "5.3.4";
    return "the message is larger than the relay takes (its SIZE)";
  }
  return NULL;
}

static SmtpLetter *free_letter(SmtpSession *session) {
  return &session->letters[session->letters[0].state == SMTP_LETTER_NONE ? 0 : 1];
}

// Makes the owner's next message `writing`. What this relay can't take gets its result at once.
static gboolean take_letter(SmtpSession *session, gboolean early) {
  for (guint i = 0; i < IMPOSSIBLE_A_TURN; i++) {
    if (session->quitting || is_worn_out(session)) {
      return FALSE;
    }
    SmtpMessage message = {0};
    if (!session->owner->next(session, &message, session->data)) {
      return FALSE;
    }
    SmtpLetter *letter = free_letter(session);
    letter->message = message;
    letter->state = SMTP_LETTER_ENVELOPE;
    letter->early = early;
    letter->sender_taken = letter->recipient_taken = letter->answered = letter->refused = FALSE;
    session->writing = letter;
    if (session->ended) {
      return FALSE; // dropped from within: its result comes with the end
    }
    SmtpOutcome outcome = {.verdict = SMTP_REFUSED, .stage = SMTP_STAGE_SENDER};
    const char *status = "";
    outcome.text = why_impossible(session, &message, &status);
    if (outcome.text == NULL) {
      session->messages++;
      return TRUE;
    }
    g_strlcpy(outcome.status, status, sizeof outcome.status);
    tell(session, letter, &outcome);
    if (session->ended) {
      return FALSE;
    }
  }
  smtp_session_kick(session); // asks again
  return FALSE;
}

static void append_sender(SmtpSession *session, const SmtpMessage *message) {
  GString *out = smtp_channel_out(&session->channel);
  g_string_append(out, "MAIL FROM:<");
  g_string_append(out, message->sender);
  g_string_append_c(out, '>');
  if (session->can.size) {
    g_string_append_printf(out, " SIZE=%" G_GSIZE_FORMAT, message->size);
  }
  if (message->eight_bit) {
    g_string_append(out, " BODY=8BITMIME");
  }
  g_string_append(out, message->utf8 ? " SMTPUTF8\r\n" : "\r\n");
  smtp_session_expect(session, SMTP_DUE_SENDER);
}

static void append_recipient(SmtpSession *session, const SmtpMessage *message) {
  GString *out = smtp_channel_out(&session->channel);
  g_string_append(out, "RCPT TO:<");
  g_string_append(out, message->recipient);
  g_string_append(out, ">\r\n");
  smtp_session_expect(session, SMTP_DUE_RECIPIENT);
}

static void append_command(SmtpSession *session, const char *command, SmtpDue due) {
  g_string_append(smtp_channel_out(&session->channel), command);
  smtp_session_expect(session, due);
}

static void append_envelope(SmtpSession *session) {
  g_assert(session->writing != NULL);
  const SmtpMessage *message = &session->writing->message;
  if (session->must_reset) {
    session->must_reset = FALSE;
    append_command(session, "RSET\r\n", SMTP_DUE_RESET);
    if (!can_pipeline(session)) {
      return;
    }
  }
  append_sender(session, message);
  if (can_pipeline(session)) {
    append_recipient(session, message);
    append_command(session, "DATA\r\n", SMTP_DUE_DATA);
  }
}

void smtp_transaction_begin(SmtpSession *session) {
  session->nudged = FALSE;
  if (take_letter(session, FALSE)) {
    append_envelope(session);
  } else if (session->ended) {
    return;
  } else if (session->quitting || is_worn_out(session)) {
    session->quitting = TRUE;
    append_command(session, "QUIT\r\n", SMTP_DUE_QUIT);
    smtp_session_set_deadline(session, QUIT_SECONDS);
  } else {
    smtp_session_set_deadline(session, IDLE_SECONDS);
  }
}

// ── body and dot ─────────────────────────────────────────────────────────────────────────────

static gint64 data_seconds(const SmtpSession *session) {
  return smtp_session_seconds(session->relay->data_seconds, 180);
}

static void begin_body(SmtpSession *session) {
  SmtpLetter *letter = session->writing;
  letter->state = SMTP_LETTER_BODY;
  session->body_sent = smtp_channel_sent(&session->channel);
  session->body_limit =
      event_loop_now(session->loop) + data_seconds(session) * BODY_TIMES * G_USEC_PER_SEC;
  smtp_channel_set_body(&session->channel, letter->message.bytes, letter->message.count);
  smtp_session_set_deadline(session, data_seconds(session));
}

void smtp_transaction_flushed(SmtpSession *session) {
  SmtpLetter *letter = session->writing;
  if (letter == NULL || letter->state != SMTP_LETTER_BODY) {
    return;
  }
  if (smtp_channel_is_flushed(&session->channel)) {
    letter->state = SMTP_LETTER_HELD;
    session->released = FALSE;
    smtp_session_set_deadline(session, 0); // it is the owner's turn
    session->owner->body_sent(session, letter->message.item, session->data);
    return;
  }
  guint64 sent = smtp_channel_sent(&session->channel);
  if (sent > session->body_sent) {
    session->body_sent = sent;
    gint64 left = (session->body_limit - event_loop_now(session->loop)) / G_USEC_PER_SEC;
    smtp_session_set_deadline(session, CLAMP(left, 1, data_seconds(session)));
  }
}

void smtp_transaction_send_dot(SmtpSession *session) {
  SmtpLetter *letter = session->writing;
  g_assert(letter->state == SMTP_LETTER_HELD && smtp_channel_is_flushed(&session->channel));
  session->released = FALSE;
  session->answering = letter;
  session->writing = NULL;
  gboolean early = can_pipeline(session) && !session->step_by_step && take_letter(session, TRUE);
  if (session->ended) {
    return; // before anything has left
  }
  letter->sent_before = smtp_channel_sent(&session->channel);
  letter->state = SMTP_LETTER_DOT;
  append_command(session, ".\r\n", SMTP_DUE_DOT);
  if (early) {
    append_envelope(session);
  }
}

// ── answers ──────────────────────────────────────────────────────────────────────────────────

static void out_of_place(SmtpSession *session, SmtpStage stage) {
  char text[SMTP_TEXT_MAXIMUM + 1], reason[SMTP_REASON_SIZE];
  SmtpOutcome said = {0};
  smtp_session_fill_outcome(&said, &session->reader.reply, text);
  g_snprintf(reason, sizeof reason, "the relay gave an answer that has no meaning here: %u %s",
             said.code, text);
  smtp_session_end(session, stage, NULL, reason);
}

// An answer that speaks of the company that a dot had rather than of the message.
static gboolean blames_pipelining(const SmtpReply *reply) {
  if (reply->code < 400) {
    return FALSE;
  }
  g_autofree char *text = g_ascii_strdown(reply->text->str, (gssize)reply->text->len);
  return strstr(text, "pipelin") != NULL || strstr(text, "synchroni") != NULL;
}

static void end_by_stumble(SmtpSession *session, SmtpStage stage, const SmtpReply *reply) {
  stumble(session);
  smtp_session_end(session, stage, reply, NULL);
}

static void conclude_refused(SmtpSession *session) {
  SmtpLetter *letter = session->writing;
  session->must_reset = letter->sender_taken;
  tell(session, letter, &letter->refusal);
}

static void sender_reply(SmtpSession *session, const SmtpReply *reply) {
  SmtpLetter *letter = session->writing;
  g_assert(letter != NULL); // its command is due
  guint kind = reply->code / 100;
  if (kind == 3) {
    out_of_place(session, SMTP_STAGE_SENDER);
  } else if (kind == 2) {
    session->early_proven |= letter->early;
    letter->sender_taken = TRUE;
    if (!can_pipeline(session)) {
      append_recipient(session, &letter->message);
    }
  } else if (letter->early && (reply->code == 500 || reply->code == 502 || reply->code == 503 ||
                               blames_pipelining(reply))) {
    end_by_stumble(session, SMTP_STAGE_SENDER, reply);
  } else {
    refuse(letter, SMTP_STAGE_SENDER, reply);
    if (!can_pipeline(session)) {
      conclude_refused(session);
    }
  }
}

static void recipient_reply(SmtpSession *session, const SmtpReply *reply) {
  SmtpLetter *letter = session->writing;
  g_assert(letter != NULL); // its command is due
  guint kind = reply->code / 100;
  if (kind == 3) {
    out_of_place(session, SMTP_STAGE_RECIPIENT);
  } else if (kind == 2) {
    letter->recipient_taken = TRUE;
    if (!can_pipeline(session)) {
      append_command(session, "DATA\r\n", SMTP_DUE_DATA);
    }
  } else {
    refuse(letter, SMTP_STAGE_RECIPIENT, reply);
    if (!can_pipeline(session)) {
      conclude_refused(session);
    }
  }
}

// RFC 2920 3.1: a DATA that is answered with 354 though there is no recipient is ended with a lone
// dot. Is there a recipient after all (without a sender), that dot would deliver an empty message,
// and so the connection is given up.
static void end_unwanted_data(SmtpSession *session) {
  SmtpLetter *letter = session->writing;
  if (letter->recipient_taken) {
    smtp_session_end(session, SMTP_STAGE_DATA, NULL,
                     "the relay refused the sender and yet asked for the message");
    return;
  }
  append_command(session, ".\r\n", SMTP_DUE_EMPTY_DOT);
  conclude_refused(session);
}

static void data_reply(SmtpSession *session, const SmtpReply *reply) {
  SmtpLetter *letter = session->writing;
  g_assert(letter != NULL); // its command is due
  guint kind = reply->code / 100;
  if (reply->code == 354 && letter->refused) {
    end_unwanted_data(session);
  } else if (reply->code == 354) {
    begin_body(session);
  } else if (kind == 4 || kind == 5) {
    refuse(letter, SMTP_STAGE_DATA, reply);
    conclude_refused(session);
  } else {
    out_of_place(session, SMTP_STAGE_DATA);
  }
}

// An answer in the middle of a message; the dialogue is out of step from here on.
static void refuse_by_error(SmtpSession *session, SmtpLetter *letter, const SmtpReply *reply) {
  if (reply->code >= 400) {
    refuse(letter, SMTP_STAGE_DATA, reply);
    smtp_session_end(session, SMTP_STAGE_DATA, reply, NULL);
  } else {
    out_of_place(session, SMTP_STAGE_DATA);
  }
}

static void dot_reply(SmtpSession *session, const SmtpReply *reply) {
  SmtpLetter *letter = session->answering;
  g_assert(letter != NULL);
  if (!dot_left(session, letter)) { // said before it was asked: about the body, then
    refuse_by_error(session, letter, reply);
    return;
  }
  if (reply->code / 100 == 3) {
    out_of_place(session, SMTP_STAGE_DOT);
    return;
  }
  if (session->writing != NULL && session->writing->early && blames_pipelining(reply)) {
    letter->state = SMTP_LETTER_HELD; // refused for the company it had: not sent
    end_by_stumble(session, SMTP_STAGE_DOT, reply);
    return;
  }
  char text[SMTP_TEXT_MAXIMUM + 1];
  SmtpOutcome outcome = {.verdict = verdict_of(reply->code), .stage = SMTP_STAGE_DOT};
  smtp_session_fill_outcome(&outcome, reply, text);
  if (session->writing != NULL && session->writing->early && !session->early_proven) {
    gint64 seconds = smtp_session_seconds(session->relay->reply_seconds, 300);
    smtp_session_set_deadline(session, MIN(seconds, EARLY_REPLY_SECONDS));
  }
  tell(session, letter, &outcome);
}

void smtp_transaction_reply(SmtpSession *session, SmtpDue due, const SmtpReply *reply) {
  if (session->writing != NULL && due != SMTP_DUE_DOT) {
    session->writing->answered = TRUE;
  }
  switch (due) {
  case SMTP_DUE_SENDER:
    sender_reply(session, reply);
    return;
  case SMTP_DUE_RECIPIENT:
    recipient_reply(session, reply);
    return;
  case SMTP_DUE_DATA:
    data_reply(session, reply);
    return;
  case SMTP_DUE_DOT:
    dot_reply(session, reply);
    return;
  case SMTP_DUE_RESET:
    if (reply->code / 100 != 2) {
      out_of_place(session, SMTP_STAGE_SENDER);
    } else if (!can_pipeline(session)) {
      g_assert(session->writing != NULL);
      append_sender(session, &session->writing->message);
    }
    return;
  case SMTP_DUE_EMPTY_DOT: // whatever it says, nothing was in it
  case SMTP_DUE_NOOP:
    session->nudged = TRUE;
    return;
  case SMTP_DUE_QUIT:
    smtp_session_end_quietly(session, "closed after QUIT");
    return;
  default:
    g_assert_not_reached();
  }
}

static void end_idle(SmtpSession *session, const SmtpReply *reply) {
  char text[SMTP_TEXT_MAXIMUM + 1], reason[SMTP_REASON_SIZE];
  SmtpOutcome said = {0};
  smtp_session_fill_outcome(&said, reply, text);
  g_snprintf(reason, sizeof reason, "the relay ended the idle connection: %u %s", said.code, text);
  smtp_session_end_quietly(session, reason);
}

void smtp_transaction_unasked(SmtpSession *session, const SmtpReply *reply) {
  if (session->writing == NULL) {
    end_idle(session, reply);
  } else {
    refuse_by_error(session, session->writing, reply);
  }
}

// 421: the relay closes. To a dot it is an answer: the message was not taken (RFC 5321 3.8).
void smtp_transaction_leaving(SmtpSession *session, const SmtpReply *reply) {
  SmtpDue due = session->due_count > 0 ? session->due[session->due_first] : SMTP_DUE_NOOP;
  if (session->answering != NULL && due == SMTP_DUE_DOT) {
    session->answering->state = SMTP_LETTER_HELD;
    if (session->writing != NULL && session->writing->early && blames_pipelining(reply)) {
      stumble(session);
    }
    smtp_session_end(session, SMTP_STAGE_DOT, reply, NULL);
  } else if (session->writing != NULL) {
    smtp_session_end(session, letter_stage(session, session->writing), reply, NULL);
  } else {
    end_idle(session, reply);
  }
}
