// SPDX-License-Identifier: Apache-2.0
//
// Leaving newsletters within a change that does more. For src/newsroom only.
#pragma once

#include "newsroom/change.h"

// Leaves the newsletter that the mailing was of; 0 or a mailing that is gone: all. `page`: how the
// wish came, for the record of consent. NOT_FOUND: the reader is gone.
gboolean subscribers_leave_within(Change *change, gint64 subscriber_id, gint64 mailing_id,
                                  const char *page, GError **error);
