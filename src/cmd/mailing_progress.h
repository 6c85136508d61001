// SPDX-License-Identifier: Apache-2.0
//
// How a mailing gets on, for a person: a bar with queued, sent, deferred, failed, uncertain, the
// rate and the time left where standard error is a terminal, else a line now and then on standard
// output. For `broadsheet send` and `broadsheet mailing watch`. Reads the database, changes
// nothing.
#pragma once

#include "model/mailing.h"
#include "store/store.h"

typedef struct MailingProgress {
  gint64 mailing_id;
  gboolean is_terminal, drawn;
  gint64 drawn_at;    // monotonic
  gint64 at[32];      // monotonic, of samples
  gint64 settled[32]; // how many needed nothing more then
  guint samples;      // ever taken
  gint64 told;        // settled when the last line was printed; -1: none yet
  MailingState state; // as last seen
  char reason[200];   // of that state
  MailingCounts counts;
} MailingProgress;

void mailing_progress_begin(MailingProgress *progress, gint64 mailing_id);
// Looks and shows. *ret_over: it is no longer being sent (done, paused, stopped, cancelled).
gboolean mailing_progress_show(MailingProgress *progress, Store *store, gboolean *ret_over,
                               GError **error);
// Wipes the bar and prints how it stands.
void mailing_progress_end(MailingProgress *progress);
