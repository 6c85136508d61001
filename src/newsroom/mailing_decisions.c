// SPDX-License-Identifier: Apache-2.0
//
// Implements what people decide about a mailing (mailings.h): approve, edit, pause, resume, cancel,
// send again. Each is written back from the state that was looked at. Called by the commands and
// the API.
#include "newsroom/mailings.h"

#include <string.h>

#include "base/text.h"
#include "newsroom/mailing_parts.h"
#include "newsroom/withdrawals.h"
#include "store/delivery_rows.h"
#include "store/mailing_rows.h"

static Mailing *load(Change *change, gint64 id, GError **error) {
  GError *failure = NULL;
  Mailing *mailing = mailing_rows_get(change->transaction, id, &failure);
  if (mailing == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                  "there is no mailing %" G_GINT64_FORMAT ": list them to see their numbers", id);
  } else if (mailing == NULL) {
    g_propagate_error(error, failure);
  }
  return mailing;
}

static gboolean refuse_state(const Mailing *mailing, const char *what, GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_STATE, "mailing %" G_GINT64_FORMAT " is %s: %s",
                       mailing->id, mailing_state_name(mailing->state), what);
}

// Writes it back from the state that it was in, and commits.
static gboolean move(Change *change, Mailing *mailing, MailingState was, GError **error) {
  gboolean moved = FALSE;
  if (!mailing_rows_update(change->transaction, mailing, was, &moved, error)) {
    return FALSE;
  }
  return moved ? change_commit(change, FALSE, error)
               : change_refuse(error, NEWSROOM_ERROR_STATE,
                               "mailing %" G_GINT64_FORMAT " has just changed: look again",
                               mailing->id);
}

gboolean mailings_approve(Newsroom *newsroom, gint64 id, const char *who, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return FALSE;
  }
  if (mailing->state != MAILING_HELD) {
    return refuse_state(mailing, "only what is held can be approved", error);
  }
  if (mailing->lane == LANE_ALERT && strcmp(who, mailing->requested_by) == 0) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "%s asked for this alert: a second person must approve it",
                         *who != '\0' ? who : "the same person");
  }
  mailing->state = MAILING_READY;
  text_replace(&mailing->state_reason, "");
  text_replace(&mailing->approved_by, who);
  return move(&change, mailing, MAILING_HELD, error);
}

gboolean mailings_edit(Newsroom *newsroom, gint64 id, const MailingText *text, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return FALSE;
  }
  MailingState was = mailing->state;
  if (mailing->frozen_at != 0 || (was != MAILING_DRAFT && was != MAILING_HELD &&
                                  was != MAILING_READY && was != MAILING_STOPPED)) {
    return refuse_state(mailing, "its text is fixed", error);
  }
  return mailing_apply_text(&change, mailing, text, error) && move(&change, mailing, was, error);
}

gboolean mailings_pause(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return FALSE;
  }
  if (mailing->state != MAILING_SENDING) {
    return refuse_state(mailing, "only what is being sent can be paused", error);
  }
  mailing->state = MAILING_PAUSED;
  return move(&change, mailing, MAILING_SENDING, error);
}

gboolean mailings_resume(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return FALSE;
  }
  MailingState was = mailing->state;
  if (was != MAILING_PAUSED && was != MAILING_STOPPED) {
    return refuse_state(mailing, "only what is paused or stopped can be resumed", error);
  }
  gint64 lateness = MAX(mailing->latest_at - mailing->due_at, MAILING_MINUTE);
  mailing->state = mailing->frozen_at != 0 ? MAILING_SENDING : MAILING_READY;
  mailing->latest_at = MAX(mailing->latest_at, change.now + lateness); // somebody has looked
  text_replace(&mailing->state_reason, "");
  return move(&change, mailing, was, error);
}

gboolean mailings_cancel(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return FALSE;
  }
  MailingState was = mailing->state;
  if (was >= MAILING_DONE) {
    return refuse_state(mailing, "there is nothing to cancel", error);
  }
  mailing->state = MAILING_CANCELLED;
  mailing->finished_at = change.now;
  return (mailing->frozen_at == 0 ||
          delivery_rows_cancel(change.transaction, id, change.now, error) >= 0) &&
         move(&change, mailing, was, error);
}

// Deliveries that wait again make a finished mailing go on.
static gboolean go_on(Change *change, Mailing *mailing, GError **error) {
  if (mailing->state != MAILING_DONE) {
    return change_commit(change, FALSE, error);
  }
  gint64 lateness = MAX(mailing->latest_at - mailing->due_at, MAILING_MINUTE);
  mailing->state = MAILING_SENDING;
  mailing->finished_at = 0;
  mailing->latest_at = MAX(mailing->latest_at, change->now + lateness);
  return move(change, mailing, MAILING_DONE, error);
}

gint64 mailings_retry(Newsroom *newsroom, gint64 id, DeliveryState from, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  if (mailing == NULL) {
    return -1;
  }
  if (mailing->state == MAILING_CANCELLED || mailing->frozen_at == 0) {
    refuse_state(mailing, "nothing of it can be sent again", error);
    return -1;
  }
  gint64 moved = delivery_rows_retry(change.transaction, id, from, change.now, error);
  return moved >= 0 && go_on(&change, mailing, error) ? moved : -1;
}

gint64 mailings_resolve(Newsroom *newsroom, gint64 id, DeliveryState to, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Mailing) mailing =
      change_begin(&change, newsroom, error) ? load(&change, id, error) : NULL;
  gint64 moved =
      mailing != NULL ? delivery_rows_resolve(change.transaction, id, to, change.now, error) : -1;
  return moved >= 0 && change_commit(&change, FALSE, error) ? moved : -1;
}

gboolean mailings_resume_sending(Newsroom *newsroom, gint64 known, GError **error) {
  WithdrawalReport report = {0}; // who left since the backup stays away
  g_auto(Change) change = {0};
  return withdrawals_replay(newsroom, NULL, FALSE, &report, error) &&
         change_begin(&change, newsroom, error) &&
         epoch_rows_resume(change.transaction, known, error) &&
         change_audit(&change, error, "mail.resume", "mail", 0, "let sending go on") &&
         change_commit(&change, FALSE, error);
}
