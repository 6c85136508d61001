// SPDX-License-Identifier: Apache-2.0
//
// The bytes of one connection: a non-blocking socket, plain or TLS, commands waiting to be written,
// and a message's body that is written after them from the owner's own memory. For mail/smtp*;
// knows nothing of SMTP. `error` and errno-like reasons are kept for the text of an outcome.
#pragma once

#include "mail/smtp_tls.h"

typedef struct SmtpChannel {
  int fd; // -1: closed
  SmtpTlsLink *link;
  GString *out;   // commands
  gsize out_done; // of them, taken
  const struct iovec *body;
  guint body_count;
  gsize body_offset;   // in body[0]
  guint8 *stage;       // what TLS writes as one record, kept until it is written
  gsize stage_length;  // with bytes in it: they are taken from out and body already
  guint64 plain_sent;  // bytes that the kernel has taken, before or without TLS
  gboolean want_write; // the last flush was stopped by a full socket
  int error;           // errno of the failure
} SmtpChannel;

void smtp_channel_open(SmtpChannel *channel, int fd); // takes the descriptor
void smtp_channel_close(SmtpChannel *channel);        // keeps `error` and what was sent
// What lies between the two is TLS from now on; nothing may be waiting to be written.
gboolean smtp_channel_start_tls(SmtpChannel *channel, SmtpTls *tls);
SmtpIo smtp_channel_handshake(SmtpChannel *channel, char *reason);

GString *smtp_channel_out(SmtpChannel *channel); // append commands here, then flush
void smtp_channel_set_body(SmtpChannel *channel, const struct iovec *bytes, guint count);
// OK: all is with the kernel; WANT_WRITE: come again; FAILED: the connection is gone. Writes at
// most a megabyte a call.
SmtpIo smtp_channel_flush(SmtpChannel *channel);
SmtpIo smtp_channel_read(SmtpChannel *channel, void *bytes, gsize size, gsize *ret_got);
gboolean smtp_channel_is_flushed(const SmtpChannel *channel);
guint64 smtp_channel_sent(const SmtpChannel *channel); // bytes taken by the kernel, ever
gboolean smtp_channel_is_encrypted(const SmtpChannel *channel);
gboolean smtp_channel_is_loopback(const SmtpChannel *channel); // the other end is this machine
