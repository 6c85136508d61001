// SPDX-License-Identifier: Apache-2.0
//
// From a relay's name to a connected socket: the addresses in RFC 8305's order, the next one begun
// when one fails or 250 ms have passed, the first that answers wins. For mail/smtp.
#pragma once

#include "mail/smtp.h"

typedef struct SmtpConnect SmtpConnect;
// `done` is called once, later, on the loop's thread, unless freed first: `fd` is the caller's, or
// -1 and `problem` says why. Free it then. The caller keeps the deadline.
SmtpConnect *smtp_connect_start(EventLoop *loop, const SmtpRelay *relay,
                                void (*done)(int fd, const char *problem, gpointer data),
                                gpointer data);
void smtp_connect_free(SmtpConnect *connect); // NULL is allowed
