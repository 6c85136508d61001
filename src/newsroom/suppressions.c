// SPDX-License-Identifier: Apache-2.0
//
// Implements suppressions.h. Moves the status by a statement of its own: what the reader changes at
// the same moment is not written over.
#include "newsroom/suppressions.h"

#include "newsroom/reader_links.h"
#include "store/subscriber_rows.h"

gboolean suppressions_add_reader(StoreTransaction *transaction, const char *mail_key,
                                 const SuppressedReader *suppressed, GError **error) {
  g_autofree char *key = NULL;
  if (!subscriber_rows_suppress(transaction, suppressed->subscriber_id, &key, error)) {
    return FALSE;
  }
  if (key == NULL) {
    return TRUE;
  }
  g_autofree char *hash = reader_address_hash(mail_key, key);
  return suppression_rows_put(transaction, hash, suppressed->reason, suppressed->now,
                              suppressed->note, error);
}
