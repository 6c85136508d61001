// SPDX-License-Identifier: Apache-2.0
//
// The use case of counting what came of mailings: kept with each, counted again while something may
// still come (a week and a day), less often the older and the larger it is. See newsroom.h.
#pragma once

#include "newsroom/newsroom.h"
#include "store/mailing_result_rows.h"

#define MAILING_RESULTS_AT_ONCE 5000 // recipients: fewer are counted while one waits

gboolean mailing_results_are_old(const MailingOutcome *outcome, gint64 now);
// Counts, keeps, and fills in.
gboolean mailing_results_count(Newsroom *newsroom, MailingOutcome *outcome, GError **error);
