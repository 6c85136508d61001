// SPDX-License-Identifier: Apache-2.0
//
// The reply parser: a byte at a time, so that it doesn't matter where the network cuts. Fuzzed by
// tests/fuzz/fuzz_smtp_reply.c. It must never keep more than its bounds, whatever the relay sends.
#include "mail/smtp_reply.h"

#include <string.h>

void smtp_reply_reader_init(SmtpReplyReader *reader) {
  *reader = (SmtpReplyReader){.reply.text = g_string_sized_new(256)};
}

void smtp_reply_reader_clear(SmtpReplyReader *reader) {
  if (reader->reply.text != NULL) {
    g_string_free(reader->reply.text, TRUE);
    reader->reply.text = NULL;
  }
}

void smtp_reply_reader_reset(SmtpReplyReader *reader) {
  GString *text = reader->reply.text;
  g_string_truncate(text, 0);
  *reader = (SmtpReplyReader){.reply.text = text};
}

// "5.1.1 " at the start of a line, of the same class as the code (RFC 2034 4).
static gboolean read_status(const char *line, gsize length, guint code, char status[16]) {
  gsize i = 0;
  for (guint part = 0; part < 3; part++) {
    gsize digits = 0;
    while (i < length && g_ascii_isdigit(line[i]) && digits <= 3) {
      i++;
      digits++;
    }
    if (digits == 0 || digits > 3 || (part == 0 && digits != 1)) {
      return FALSE;
    }
    if (part < 2) {
      if (i >= length || line[i] != '.') {
        return FALSE;
      }
      i++;
    }
  }
  if ((i < length && line[i] != ' ') || (guint)(line[0] - '0') != code / 100) {
    return FALSE;
  }
  memcpy(status, line, i);
  status[i] = '\0';
  return TRUE;
}

static SmtpReplyState broken(SmtpReplyReader *reader, const char *why) {
  reader->broken = why;
  return SMTP_REPLY_BROKEN;
}

static SmtpReplyState end_line(SmtpReplyReader *reader) {
  if (reader->column < 3) {
    return broken(reader, "a line of the reply has no code");
  }
  if (reader->lines > 0 && reader->code != reader->reply.code) {
    return broken(reader, "the lines of the reply have different codes");
  }
  GString *text = reader->reply.text;
  if (text->len > reader->line_start && text->str[text->len - 1] == '\r') {
    g_string_truncate(text, text->len - 1);
  }
  reader->reply.code = reader->code;
  if (reader->reply.status[0] == '\0') {
    read_status(text->str + reader->line_start, text->len - reader->line_start, reader->code,
                reader->reply.status);
  }
  reader->lines++;
  if (reader->last || reader->column == 3) {
    reader->finished = TRUE;
    return SMTP_REPLY_WHOLE;
  }
  if (reader->lines >= SMTP_REPLY_LINES) {
    return broken(reader, "the reply has more than 100 lines");
  }
  if (text->len < SMTP_REPLY_KEPT) {
    g_string_append_c(text, '\n');
  }
  reader->line_start = text->len;
  reader->column = 0;
  reader->code = 0;
  return SMTP_REPLY_MORE;
}

static SmtpReplyState read_byte(SmtpReplyReader *reader, char byte) {
  gsize column = reader->column;
  if (byte == '\n') {
    return end_line(reader);
  }
  if (column == 3 && byte == '\r') {
    return SMTP_REPLY_MORE; // "250\r\n": a code alone
  }
  reader->column++;
  if (column < 3) {
    if (!g_ascii_isdigit(byte) || (column == 0 && (byte < '2' || byte > '5'))) {
      return broken(reader, "what the relay sent is no SMTP reply");
    }
    reader->code = reader->code * 10 + (guint)(byte - '0');
  } else if (column == 3) {
    if (byte != ' ' && byte != '-') {
      return broken(reader, "what the relay sent is no SMTP reply");
    }
    reader->last = byte == ' ';
  } else if (column - 4 < SMTP_REPLY_LINE_KEPT && reader->reply.text->len < SMTP_REPLY_KEPT) {
    g_string_append_c(reader->reply.text, byte);
  }
  return SMTP_REPLY_MORE;
}

SmtpReplyState smtp_reply_read(SmtpReplyReader *reader, Slice bytes, gsize *ret_taken) {
  *ret_taken = 0;
  if (reader->broken != NULL) {
    return SMTP_REPLY_BROKEN;
  }
  if (reader->finished) {
    smtp_reply_reader_reset(reader);
  }
  for (gsize i = 0; i < bytes.length; i++) {
    if (++reader->bytes > SMTP_REPLY_BYTES) {
      return broken(reader, "the reply is longer than 64 KB");
    }
    *ret_taken = i + 1;
    SmtpReplyState state = read_byte(reader, bytes.data[i]);
    if (state != SMTP_REPLY_MORE) {
      return state;
    }
  }
  return SMTP_REPLY_MORE;
}

void smtp_text_line(Slice text, char line[SMTP_TEXT_MAXIMUM + 1]) {
  gsize length = 0;
  for (gsize i = 0; i < text.length;) {
    gunichar letter = g_utf8_get_char_validated(text.data + i, (gssize)(text.length - i));
    gsize bytes = 1;
    if (letter == (gunichar)-1 || letter == (gunichar)-2 || letter == 0) {
      letter = '?';
    } else {
      bytes = (gsize)(g_utf8_next_char(text.data + i) - (text.data + i));
      letter = g_unichar_iscntrl(letter) ? ' ' : letter;
    }
    char encoded[6];
    gsize size = (gsize)g_unichar_to_utf8(letter, encoded);
    if (length + size > SMTP_TEXT_MAXIMUM) {
      break;
    }
    memcpy(line + length, encoded, size);
    length += size;
    i += bytes;
  }
  line[length] = '\0';
}
