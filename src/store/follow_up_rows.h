// SPDX-License-Identifier: Apache-2.0
//
// Which corrections want a follow-up to an alert. See store/store.h for threads and errors.
#pragma once

#include "store/store.h"

typedef struct FollowUp {
  gint64 correction_id, story_id, newsletter_id;
} FollowUp;
// Of corrections made after `since`, whose story had its alert before, and none for them yet.
GArray *follow_up_rows_wanted(StoreTransaction *transaction, gint64 since,
                              GError **error); // FollowUp
