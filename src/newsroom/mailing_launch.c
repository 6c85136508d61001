// SPDX-License-Identifier: Apache-2.0
//
// Implements the launch of mailings (mailings.h): the preflight of what they say, and the freeze.
// The first recipients are frozen in the transaction that fixes the content, so that their letters
// can leave at once; the rest follow in steps that a crash may cut between.
#include <string.h>

#include "newsroom/change.h"
#include "newsroom/mailing_content.h"
#include "newsroom/mailings.h"
#include "press/mail_check.h"
#include "press/mime.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"

#define FIRST_OF_ALERT 500
#define FIRST_OF_OTHERS 20000
#define STEP 50000
#define STEP_OF_ALERT 5000 // its first letters leave meanwhile, and want to write, too
#define SUBJECT_SHOWN 70

void preflight_finding_free(PreflightFinding *finding) {
  if (finding != NULL) {
    g_free(finding->text);
    g_free(finding);
  }
}

void preflight_add(GPtrArray *findings, gboolean is_error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  PreflightFinding *finding = g_new(PreflightFinding, 1);
  *finding = (PreflightFinding){is_error, g_strdup_vprintf(format, arguments)};
  va_end(arguments);
  g_ptr_array_add(findings, finding);
}

static void check_words(const MailingMatter *matter, GPtrArray *findings) {
  const Mailing *mailing = matter->mailing;
  if (*mailing->subject == '\0') {
    preflight_add(findings, TRUE, "the subject is empty: give it one");
  } else if (g_utf8_strlen(mailing->subject, -1) > SUBJECT_SHOWN) {
    preflight_add(findings, FALSE, "the subject has %ld characters: phones show about %d of them",
                  g_utf8_strlen(mailing->subject, -1), SUBJECT_SHOWN);
  }
  if (matter->stories->len == 0 && matter->newsletter->kind != NEWSLETTER_EDITION) {
    preflight_add(findings, TRUE,
                  "there is no published story in it: they may have been withdrawn meanwhile");
  }
}

static void check_html(const char *html, GPtrArray *findings) {
  g_autoptr(GPtrArray) faults = mail_check(html);
  for (guint i = 0; i < faults->len; i++) {
    const MailFault *fault = faults->pdata[i];
    preflight_add(findings, fault->is_error, "%s", fault->text);
  }
  if (strstr(html, LETTER_SLOT_TEXT[LETTER_SLOT_UNSUBSCRIBE]) == NULL) {
    preflight_add(findings, TRUE,
                  "there is no link to unsubscribe with: {{unsubscribe_url}} must stand in the "
                  "mail's template");
  }
}

// The parts, and what is to be said about them. NULL: they can't be made, which is a finding too.
static MailParts *examine(const MailingMatter *matter, const Press *press, gint64 now,
                          GPtrArray *findings) {
  g_autoptr(GError) failure = NULL;
  check_words(matter, findings);
  MailParts *parts = mailing_matter_render(matter, press, now, &failure);
  if (parts == NULL) {
    preflight_add(findings, TRUE, "%s", failure->message);
  } else {
    check_html(parts->html, findings);
  }
  return parts;
}

static GPtrArray *findings_new(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)preflight_finding_free);
}

GPtrArray *mailings_preflight(Newsroom *newsroom, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_auto(MailingMatter) matter = {0};
  if (transaction == NULL || !mailing_matter_load(&matter, transaction, id, error)) {
    return NULL;
  }
  GPtrArray *findings = findings_new();
  mail_parts_free(examine(&matter, newsroom->press, clock_now(&newsroom->clock), findings));
  return findings;
}

// As a reader without a name gets it; the links' tokens open nothing.
static void fill_slots(char **text) {
  for (guint slot = 0; slot < LETTER_SLOT_COUNT; slot++) {
    g_auto(GStrv) pieces = g_strsplit(*text, LETTER_SLOT_TEXT[slot], -1);
    g_free(*text);
    *text = g_strjoinv(slot == LETTER_SLOT_GREETING ? "" : "preview", pieces);
  }
}

MailParts *mailings_preview(Newsroom *newsroom, gint64 id, Mailing **ret_mailing, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_auto(MailingMatter) matter = {0};
  if (transaction == NULL || !mailing_matter_load(&matter, transaction, id, error)) {
    return NULL;
  }
  gint64 date =
      matter.mailing->frozen_at != 0 ? matter.mailing->frozen_at : clock_now(&newsroom->clock);
  MailParts *parts = mailing_matter_render(&matter, newsroom->press, date, error);
  if (parts != NULL) {
    fill_slots(&parts->html);
    fill_slots(&parts->text);
  }
  if (parts != NULL && ret_mailing != NULL) {
    *ret_mailing = g_steal_pointer(&matter.mailing);
  }
  return parts;
}

// ---- whom it goes to --------------------------------------------------------------------------

static gboolean load_rules(StoreTransaction *transaction, const Mailing *mailing, const Site *site,
                           SegmentRules **ret_rules, GError **error) {
  *ret_rules = NULL;
  if (mailing->segment_id == 0) {
    return TRUE;
  }
  g_autoptr(Segment) segment = segment_rows_get(transaction, mailing->segment_id, error);
  if (segment != NULL) {
    *ret_rules = segment_rules_parse(segment->rules, site->zone, error);
  }
  return *ret_rules != NULL;
}

gint64 mailings_count_recipients(Newsroom *newsroom, gint64 id, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_auto(MailingMatter) matter = {0};
  g_autoptr(SegmentRules) rules = NULL;
  if (transaction == NULL || !mailing_matter_load(&matter, transaction, id, error) ||
      !load_rules(transaction, matter.mailing, matter.site, &rules, error)) {
    return -1;
  }
  return mailing_rows_count_recipients(transaction, matter.mailing, rules,
                                       clock_now(&newsroom->clock), error);
}

// The same local hour in each reader's zone, of the day that it is at home when the mailing is due.
// Where that hour has passed, the letter goes at once.
static GArray *zone_hours(const MailingMatter *matter, char **zones) {
  g_autoptr(GTimeZone) home = mailing_zone(matter->newsletter, matter->site);
  gint64 due = matter->mailing->due_at;
  gint32 day = clock_day(due, home);
  GArray *hours = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; zones[i] != NULL; i++) {
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zones[i]);
    gint64 hour = zone != NULL ? newsletter_instant(matter->newsletter, day, zone) : 0;
    hour = MAX(hour, due);
    g_array_append_val(hours, hour);
  }
  return hours;
}

// One step of the freeze, in the change's transaction.
static gboolean freeze_step(Change *change, const MailingMatter *matter, guint limit,
                            gboolean with_names, gboolean *ret_more, GError **error) {
  g_autoptr(SegmentRules) rules = NULL;
  g_auto(GStrv) zones = NULL;
  g_autoptr(GArray) hours = NULL;
  const Mailing *mailing = matter->mailing;
  if (!load_rules(change->transaction, mailing, matter->site, &rules, error)) {
    return FALSE;
  }
  if (matter->newsletter->local_hour) {
    zones = mailing_rows_zones(change->transaction, matter->newsletter->id, error);
    if (zones == NULL) {
      return FALSE;
    }
    hours = zone_hours(matter, zones);
  }
  MailingFreeze freeze = {.mailing_id = mailing->id,
                          .newsletter_id = matter->newsletter->id,
                          .now = mailing->frozen_at,
                          .due_at = mailing->due_at,
                          .limit = limit,
                          .audience = mailing->audience,
                          .rules = rules,
                          .with_names = with_names,
                          .zone_names = (const char *const *)zones,
                          .zone_due = hours != NULL ? (const gint64 *)(gpointer)hours->data : NULL};
  return mailing_rows_freeze(change->transaction, &freeze, ret_more, error) >= 0;
}

gboolean mailings_freeze_on(Newsroom *newsroom, gint64 id, gboolean *ret_more, GError **error) {
  g_auto(Change) change = {0};
  g_auto(MailingMatter) matter = {0};
  *ret_more = FALSE;
  if (!change_begin(&change, newsroom, error) ||
      !mailing_matter_load(&matter, change.transaction, id, error)) {
    return FALSE;
  }
  if (matter.mailing->frozen_at == 0 || matter.mailing->frozen_through < 0 ||
      matter.mailing->state >= MAILING_DONE) {
    return TRUE;
  }
  g_autoptr(MailingContent) content = mailing_rows_get_content(change.transaction, id, error);
  return content != NULL &&
         freeze_step(&change, &matter, matter.mailing->lane == LANE_ALERT ? STEP_OF_ALERT : STEP,
                     *matter.mailing->introduction != '\0', ret_more, error) &&
         change_commit(&change, FALSE, error);
}

// ---- the launch -------------------------------------------------------------------------------

static char *errors_of(GPtrArray *findings) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; findings != NULL && i < findings->len; i++) {
    const PreflightFinding *finding = findings->pdata[i];
    if (finding->is_error) {
      g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", finding->text);
    }
  }
  return text->len > 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

// Keeps it from being sent, with the reason; always FALSE.
static gboolean stop(Change *change, Mailing *mailing, MailingState state, const char *reason,
                     GError **error) {
  gboolean moved = FALSE;
  g_free(mailing->state_reason);
  mailing->state_reason = g_strdup(reason);
  mailing->state = state;
  if (mailing_rows_update(change->transaction, mailing, MAILING_READY, &moved, error) &&
      change_commit(change, FALSE, error)) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "mailing %" G_GINT64_FORMAT " is not sent: %s",
                  mailing->id, reason);
  }
  return FALSE;
}

static gboolean freeze_content(Change *change, const MailingMatter *matter, MailParts *parts,
                               GError **error) {
  g_autoptr(MailingContent) content = mailing_matter_build(matter, parts, change->now, error);
  g_ptr_array_add(parts->links, NULL);
  return content != NULL &&
         mailing_rows_put_content(change->transaction, matter->mailing->id, content, error) &&
         mailing_rows_set_links(change->transaction, matter->mailing->id,
                                (const char *const *)parts->links->pdata, error);
}

// Nobody wants that file attached: the others have mailings of their own.
static gboolean is_unwanted(Change *change, const MailingMatter *matter, gboolean *ret_unwanted,
                            GError **error) {
  *ret_unwanted = FALSE;
  if (matter->mailing->audience <= 1) {
    return TRUE;
  }
  gint64 count =
      mailing_rows_count_recipients(change->transaction, matter->mailing, NULL, change->now, error);
  *ret_unwanted = count == 0;
  return count >= 0;
}

static gboolean skip(Change *change, Mailing *mailing, GError **error) {
  gboolean moved = FALSE;
  mailing->state = MAILING_SKIPPED;
  g_free(mailing->state_reason);
  mailing->state_reason = g_strdup("no reader wants this file attached");
  return mailing_rows_update(change->transaction, mailing, MAILING_READY, &moved, error) &&
         change_commit(change, FALSE, error);
}

static gboolean check_hour(Change *change, const MailingMatter *matter, GError **error) {
  Mailing *mailing = matter->mailing;
  if (mailing->state != MAILING_READY) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "mailing %" G_GINT64_FORMAT " is %s",
                         mailing->id, mailing_state_name(mailing->state));
  }
  return change->now <= mailing->latest_at ||
         stop(change, mailing, MAILING_STOPPED,
              "its hour is long past: resume it to send it all the same, or cancel it", error);
}

gboolean mailings_launch(Newsroom *newsroom, gint64 id, GPtrArray *findings, GError **error) {
  gboolean unwanted = FALSE;
  g_auto(Change) change = {0};
  g_auto(MailingMatter) matter = {0};
  if (!change_begin(&change, newsroom, error) ||
      !mailing_matter_load(&matter, change.transaction, id, error) ||
      !check_hour(&change, &matter, error) || !is_unwanted(&change, &matter, &unwanted, error)) {
    return FALSE;
  }
  if (unwanted) {
    return skip(&change, matter.mailing, error);
  }
  if (!mailing_matter_attach(&matter, newsroom->edition_files, error)) {
    return FALSE;
  }
  g_autoptr(GPtrArray) own = findings_new();
  g_autoptr(MailParts) parts = examine(&matter, newsroom->press, change.now, own);
  g_autofree char *reason = errors_of(own);
  g_autofree char *outer = errors_of(findings);
  if (reason != NULL || outer != NULL) {
    return stop(&change, matter.mailing, MAILING_STOPPED, reason != NULL ? reason : outer, error);
  }
  gboolean more = FALSE;
  gboolean moved = FALSE;
  matter.mailing->frozen_at = change.now;
  matter.mailing->state = MAILING_SENDING;
  if (!mailing_rows_update(change.transaction, matter.mailing, MAILING_READY, &moved, error) ||
      !freeze_content(&change, &matter, parts, error) ||
      !freeze_step(&change, &matter,
                   matter.mailing->lane == LANE_ALERT ? FIRST_OF_ALERT : FIRST_OF_OTHERS,
                   *matter.mailing->introduction != '\0', &more, error)) {
    return FALSE;
  }
  return change_commit(&change, FALSE, error);
}
