// SPDX-License-Identifier: Apache-2.0
//
// The one way in which a reader comes to be written to no more: mail/dispatch (refused for good by
// a relay) and what comes back (mail/bounce, webhooks) call it within their own transactions, so
// that the reason and what follows from it are never apart.
#pragma once

#include "model/subscriber.h"
#include "store/store.h"

typedef struct SuppressedReader {
  gint64 subscriber_id;
  SuppressionReason reason;
  const char *note; // "550 5.1.1 no such user": for people
  gint64 now;
} SuppressedReader;
// The reader's status becomes SUPPRESSED and the keyed hash of the address goes on the list (a
// stronger reason that stood there stays). One who was erased meanwhile is no fault. `mail_key`:
// the site's.
gboolean suppressions_add_reader(StoreTransaction *transaction, const char *mail_key,
                                 const SuppressedReader *suppressed, GError **error);
