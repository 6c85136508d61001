// SPDX-License-Identifier: Apache-2.0
//
// TLS for one connection to a relay, over a non-blocking socket that the caller owns. The context
// (SmtpTls) is declared in mail/smtp.h. For mail/smtp_channel alone.
#pragma once

#include "mail/smtp.h"

typedef enum SmtpIo {
  SMTP_IO_OK,
  SMTP_IO_WANT_READ,
  SMTP_IO_WANT_WRITE,
  SMTP_IO_END,   // the other side has closed
  SMTP_IO_FAILED // errno or the reason says why
} SmtpIo;

typedef struct SmtpTlsLink SmtpTlsLink;
SmtpTlsLink *smtp_tls_link_new(SmtpTls *tls, int fd); // NULL: no memory
void smtp_tls_link_free(SmtpTlsLink *link);           // NULL is allowed; no close_notify, no close

// On FAILED, `reason` (SMTP_REASON_SIZE bytes) says what, and how to mend it.
#define SMTP_REASON_SIZE 513
SmtpIo smtp_tls_link_handshake(SmtpTlsLink *link, char *reason);
SmtpIo smtp_tls_link_read(SmtpTlsLink *link, void *bytes, gsize size, gsize *ret_got);
// After WANT_… the same bytes must be given again. `more`: more is coming soon.
SmtpIo smtp_tls_link_write(SmtpTlsLink *link, const void *bytes, gsize size, gboolean more,
                           gsize *ret_taken);
guint64 smtp_tls_link_sent(const SmtpTlsLink *link); // bytes that the kernel has taken
