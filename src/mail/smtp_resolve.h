// SPDX-License-Identifier: Apache-2.0
//
// Looks a relay's name up without holding up the loop: getaddrinfo(3) on a thread of its own, the
// answer posted to the loop. For mail/smtp_connect.
#pragma once

#include <sys/socket.h>

#include "mail/event_loop.h"

#define SMTP_ADDRESSES 8

typedef struct SmtpAddress {
  union {
    struct sockaddr any;
    struct sockaddr_storage space;
  } to;
  socklen_t length;
} SmtpAddress;

typedef struct SmtpAddresses {
  SmtpAddress list[SMTP_ADDRESSES]; // families in turn (RFC 8305 4), the system's preference first
  guint count;                      // 0: `problem` says why
  char problem[200];
} SmtpAddresses;

typedef struct SmtpLookup SmtpLookup;
// `done` is called once, later, on the loop's thread, unless cancelled first; the lookup is gone
// after it.
SmtpLookup *smtp_lookup_start(EventLoop *loop, const char *host, guint16 port,
                              void (*done)(const SmtpAddresses *addresses, gpointer data),
                              gpointer data);
void smtp_lookup_cancel(SmtpLookup *lookup);
