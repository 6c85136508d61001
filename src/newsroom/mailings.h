// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a mailing: composed, looked at, approved, launched, paused, resumed, cancelled.
// See newsroom.h. The life of one: mailings_compose_daily or mailings_alert makes it (never twice
// for the same occasion: the row is unique); at its hour mailings_launch freezes content and
// recipients; from then on it is mail/dispatch's. Needs newsroom->press.
#pragma once

#include "model/mailing.h"
#include "newsroom/newsroom.h"
#include "press/mail_page.h"

// Makes the mailing of one newsletter (daily, edition) for a civil day (20261123): READY at its
// hour, or HELD where the newsletter wants approval, or SKIPPED when nothing is new. Again for the
// same day gives the one that there is. Id, 0 on error. `due_at` 0: the newsletter's own hour that
// day.
gint64 mailings_compose_daily(Newsroom *newsroom, gint64 newsletter_id, gint32 day, gint64 due_at,
                              GError **error);
typedef struct MailingOrder {
  gint64 newsletter_id;
  gint32 day;
  gint64 due_at;       // 0: the newsletter's own hour that day
  const char *segment; // slug: its readers only, beside the mailing to all; NULL: all
  const char *subject, *preheader, *introduction; // NULL: as the stories and the newsletter have it
} MailingOrder;
// The same with more said. What a segment was sent counts as sent for that segment only.
gint64 mailings_compose(Newsroom *newsroom, const MailingOrder *order, GError **error);
// For app/scheduler: what the hour asks for. Composes the dailies whose time comes within
// `ahead` microseconds, once for each day whatever the clock does; gives the next instant at which
// something is to be done (0: none known), -1 on error.
gint64 mailings_compose_due(Newsroom *newsroom, gint64 ahead, GError **error);

typedef struct MailingAlert {
  gint64 story_id;
  const char *newsletter;   // slug; NULL: the first of kind breaking
  const char *subject;      // NULL: the headline
  const char *segment;      // slug; NULL: all readers
  const char *requested_by; // NULL: ""
  gint64 correction_id;     // a follow-up to that correction; 0: the alert itself
  gboolean over_cap;        // though the day's cap is reached
} MailingAlert;
// Makes it READY now, or HELD where a second person must approve. Refused (STATE): the story isn't
// published, had its alert, the cap is reached.
gint64 mailings_alert(Newsroom *newsroom, const MailingAlert *alert, GError **error);
// What an alert would be, and whom it would reach, before it is made; nothing is written. Caller
// clears.
typedef struct MailingAlertPlan {
  Newsletter *newsletter;
  char *subject;
  gint64 recipients, sent_today;
  gboolean over_cap;
  gint64 already_sent; // the mailing that this story's alert was; 0: none
  MailParts *parts;
} MailingAlertPlan;
void mailing_alert_plan_clear(MailingAlertPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailingAlertPlan, mailing_alert_plan_clear)
gboolean mailings_plan_alert(Newsroom *newsroom, const MailingAlert *alert,
                             MailingAlertPlan *ret_plan, GError **error);
// Corrections of stories that had an alert, without a follow-up yet: makes those. How many, -1.
gint mailings_follow_up(Newsroom *newsroom, GError **error);

// Another person than the one who asked (breaking); HELD -> READY.
gboolean mailings_approve(Newsroom *newsroom, gint64 id, const char *who, GError **error);
typedef struct MailingText {
  const char *subject, *preheader, *introduction; // NULL: as it is
  const gint64 *story_ids;                        // NULL: as they are
  guint story_count;
  gint64 due_at; // 0: as it is
} MailingText;
// Before it is launched only.
gboolean mailings_edit(Newsroom *newsroom, gint64 id, const MailingText *text, GError **error);

// The parts as they would be sent now. Caller frees. `ret_mailing` may be NULL.
MailParts *mailings_preview(Newsroom *newsroom, gint64 id, Mailing **ret_mailing, GError **error);
// As it would be sent now, to a few addresses (NULL-terminated, ten at most), as notices: no
// delivery of the mailing. INVALID names the address that is none. See mailing_test.c.
gboolean mailings_send_test(Newsroom *newsroom, gint64 id, const char *const *addresses,
                            GError **error);
gint64 mailings_count_recipients(Newsroom *newsroom, gint64 id, GError **error); // -1 on error

// One finding of the preflight; errors keep the mailing from being launched.
typedef struct PreflightFinding {
  gboolean is_error;
  char *text; // what, where, how to mend
} PreflightFinding;
void preflight_finding_free(PreflightFinding *finding);
void preflight_add(GPtrArray *findings, gboolean is_error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
// What the content itself tells: size, links, alternative texts, contrast, one-click link, subject.
// PreflightFinding *; mail/preflight adds what DNS and the relays tell.
GPtrArray *mailings_preflight(Newsroom *newsroom, gint64 id, GError **error);

// READY -> SENDING: renders, builds the message, freezes it with its first recipients in one
// transaction, and goes on with the rest in further ones (mailings_freeze_on). Findings that are
// errors make it STOPPED with the reason, and FALSE with a STATE error.
gboolean mailings_launch(Newsroom *newsroom, gint64 id, GPtrArray *findings, GError **error);
// Freezes further recipients of mailings whose freeze a crash cut short, or that is still going on;
// *ret_more: there are more.
gboolean mailings_freeze_on(Newsroom *newsroom, gint64 id, gboolean *ret_more, GError **error);

gboolean mailings_pause(Newsroom *newsroom, gint64 id, GError **error);
gboolean mailings_resume(Newsroom *newsroom, gint64 id, GError **error); // also what was STOPPED
gboolean mailings_cancel(Newsroom *newsroom, gint64 id, GError **error);
// "Retry the failed", "send the uncertain again": -> PENDING, and the mailing goes on. How many;
// -1.
gint64 mailings_retry(Newsroom *newsroom, gint64 id, DeliveryState from, GError **error);
gint64 mailings_resolve(Newsroom *newsroom, gint64 id, DeliveryState to, GError **error);

// After a restore, or an old database brought back, sending is stopped until somebody has looked.
// `known`: the sequence that the folder's epoch file has; 0: none.
gboolean mailings_resume_sending(Newsroom *newsroom, gint64 known, GError **error);
