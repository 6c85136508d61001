// SPDX-License-Identifier: Apache-2.0
//
// A maildir (https://cr.yp.to/proto/maildir.html) that mail is delivered into: the outbox of a
// newspaper without a relay. A message is whole and on the disk before its name appears in new/;
// its name comes from its Message-ID, so that the same message again is the same file. One thread
// at a time; several processes may deliver into one.
#pragma once

#include "base/slice.h"

typedef struct Maildir Maildir;
Maildir *maildir_open(const char *path, GError **error); // makes it; names the path and the mend
void maildir_close(Maildir *maildir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Maildir, maildir_close)

// Several messages are delivered in three steps, so that the disk is waited for once: add each,
// then maildir_commit makes all that were added durable and visible.
// `name`: letters, digits, '.', '-', '_', '='. A name that is there already (in new/ or cur/) is
// left as it is.
gboolean maildir_add(Maildir *maildir, const char *name, Slice message, GError **error);
gboolean maildir_commit(Maildir *maildir, GError **error); // on FALSE none of them may be there
