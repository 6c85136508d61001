// SPDX-License-Identifier: Apache-2.0
//
// Where returned mail waits for us: a maildir that our own mail server delivers into, or a mailbox
// of somebody else's (IMAP). Each message is handed to its taker, and only when that has said that
// it is done - committed - is it marked as handled: after any crash it is handed again, never lost.
// A message that the taker can't take now ends the look with its error; the rest waits.
#pragma once

#include "base/slice.h"

#define INBOX_MESSAGE_BYTES ((gsize)4 << 20) // of each, from its beginning

// FALSE with error: not now (a database that is gone).
typedef gboolean (*InboxTake)(Slice message, gpointer data, GError **error);

// New ones of <path>/new, oldest first, at most `most`; handled ones go to <path>/cur as seen. A
// file that can't be read is passed over. Gives how many were handled; -1 on error.
gint inbox_maildir_look(const char *path, guint most, InboxTake take, gpointer data,
                        GError **error);

typedef struct ImapMailbox {
  const char *url; // imaps://mail.example.org/INBOX, or imap:// with STARTTLS
  const char *user, *password;
  const char *handled; // the mailbox that handled ones are moved to; "": they are deleted
  const char *ca_file; // NULL or "": the system's certificates
  gboolean plain;      // no TLS, or any certificate: for trials only
} ImapMailbox;
// The same of a mailbox (RFC 9051): oldest first, not those marked as deleted. Moved by MOVE
// (RFC 6851), or by COPY and the deleted flag where the server has no MOVE.
gint inbox_imap_look(const ImapMailbox *mailbox, guint most, InboxTake take, gpointer data,
                     GError **error);
