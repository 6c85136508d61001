// SPDX-License-Identifier: Apache-2.0
//
// Looks over a finished mail as a careful reader would: links that lead somewhere, pictures with
// alternative texts, text that stands out from what is behind it (WCAG 2.2, 1.4.3: 4.5 to 1, 3 to 1
// for large type), nothing that mail programs refuse. Reads our own templates' output with its
// style attributes inlined. Pure; any thread.
#pragma once

#include <glib.h>

typedef struct MailFault {
  gboolean is_error;
  char *text; // what and where
} MailFault;
void mail_fault_free(MailFault *fault);
GPtrArray *mail_check(const char *html); // MailFault *, each kind of fault five times at most
// WCAG's contrast ratio of two colours 0xRRGGBB: 1 to 21.
gdouble mail_contrast(guint32 front, guint32 back);
