// SPDX-License-Identifier: Apache-2.0
//
// What the files that make mailings share (mailings.c, mailing_alerts.c, mailing_decisions.c), each
// in the caller's change. For src/newsroom only.
#pragma once

#include "model/mailing.h"
#include "newsroom/change.h"
#include "newsroom/mailings.h"

#define MAILING_MINUTE (60 * CLOCK_SECOND)

// Inserts the mailing and its stories (Teaser *); id, 0 on error.
gint64 mailing_insert(Change *change, Mailing *mailing, GPtrArray *stories, GError **error);
// The mailing of an occasion that has had its one: *ret_id, or 0 when there is none. FALSE on
// error.
gboolean mailing_find_occasion(Change *change, const char *occasion, gint64 *ret_id,
                               GError **error);
gboolean mailing_set_segment(Change *change, Mailing *mailing, const char *slug,
                             GError **error); // NULL or "": all readers
// INVALID: a subject that is no line.
gboolean mailing_apply_text(Change *change, Mailing *mailing, const MailingText *text,
                            GError **error);
