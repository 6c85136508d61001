// SPDX-License-Identifier: Apache-2.0
//
// Reads SMTP replies (RFC 5321 4.2) with enhanced status codes (RFC 2034) out of untrusted bytes,
// in whatever pieces they come. For mail/smtp_* and the fuzzer. Lines may be of any length within
// the reply's bounds (some relays explain themselves beyond the 512 bytes allowed): the first 512
// bytes of each are kept.
#pragma once

#include "base/slice.h"

#define SMTP_REPLY_BYTES 65536 // longer is broken
#define SMTP_REPLY_LINES 100
#define SMTP_REPLY_LINE_KEPT 512
#define SMTP_REPLY_KEPT 4096
#define SMTP_TEXT_MAXIMUM 512 // bytes of an outcome's text

typedef enum SmtpReplyState { SMTP_REPLY_MORE, SMTP_REPLY_WHOLE, SMTP_REPLY_BROKEN } SmtpReplyState;

typedef struct SmtpReply {
  guint code;      // 200 to 599
  char status[16]; // "5.1.1", "" if there is none or it contradicts the code
  GString *text;   // without codes, lines joined by '\n', at most SMTP_REPLY_KEPT
} SmtpReply;

typedef struct SmtpReplyReader {
  SmtpReply reply;    // whole after SMTP_REPLY_WHOLE, until the next read
  const char *broken; // after SMTP_REPLY_BROKEN: why
  gsize bytes, column;
  guint lines, code; // of the line that is being read
  gsize line_start;  // in reply.text
  gboolean last, finished;
} SmtpReplyReader;

void smtp_reply_reader_init(SmtpReplyReader *reader);
void smtp_reply_reader_clear(SmtpReplyReader *reader);
void smtp_reply_reader_reset(SmtpReplyReader *reader); // forget a reply begun
// Takes bytes up to the end of one reply; `*ret_taken` says how many. After BROKEN the connection
// is of no more use.
SmtpReplyState smtp_reply_read(SmtpReplyReader *reader, Slice bytes, gsize *ret_taken);

// One line of valid UTF-8 without control characters into `line`, cut at a character.
void smtp_text_line(Slice text, char line[SMTP_TEXT_MAXIMUM + 1]);
