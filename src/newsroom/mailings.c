// SPDX-License-Identifier: Apache-2.0
//
// Implements the making of mailings (mailings.h): dailies from the front, alerts, follow-ups, and
// what people decide about them. Launching is in mailing_launch.c. Called by app/scheduler and the
// commands.
#include "newsroom/mailings.h"

#include <string.h>

#include "base/secret.h"
#include "newsroom/edition_parts.h"
#include "newsroom/fronts.h"
#include "newsroom/mailing_content.h"
#include "newsroom/withdrawals.h"
#include "store/delivery_rows.h"
#include "store/edition_rows.h"
#include "store/follow_up_rows.h"
#include "store/newsletter_rows.h"
#include "store/story_rows.h"

#define MINUTE (60 * CLOCK_SECOND)
#define HOUR (60 * MINUTE)
#define FRESH_WITHOUT_MAILING (36 * HOUR) // how old an uncurated story may be in the first daily
#define FRESH_AT_MOST (7 * CLOCK_DAY)
#define APPROVAL_AHEAD HOUR // so that an editor has time to look
#define FOLLOW_UP_DAYS 30
#define SUBJECT_CHARACTERS 200
#define PREHEADER_HEADLINES 3

// ---- what goes in -----------------------------------------------------------------------------

static gboolean in_sections(const char *section_ids, gint64 section_id) {
  if (*section_ids == '\0') {
    return TRUE;
  }
  g_auto(GStrv) ids = g_strsplit(section_ids, ",", -1);
  g_autofree char *wanted = g_strdup_printf("%" G_GINT64_FORMAT, section_id);
  return g_strv_contains((const char *const *)ids, wanted);
}

// Uncurated stories are taken when they came after the stories of the newest mailing were chosen
// (not after its hour: an editor may have been given time to look).
static gboolean fresh_since(Change *change, const Newsletter *newsletter, gint64 segment_id,
                            gint64 *ret_since, GError **error) {
  gint64 last = mailing_rows_last_composed(change->transaction, newsletter->id, segment_id, error);
  gint64 since = last > 0 ? last : change->now - FRESH_WITHOUT_MAILING;
  *ret_since = MAX(since, change->now - FRESH_AT_MOST);
  return last >= 0;
}

// The front's order, less what was sent, cut to the newsletter's length. Teaser *.
static GPtrArray *choose_stories(Change *change, const Newsletter *newsletter, gint64 segment_id,
                                 GError **error) {
  gint64 since = 0;
  g_autoptr(Front) front = fronts_compose(change->transaction, 0, 64, error);
  if (front == NULL || !fresh_since(change, newsletter, segment_id, &since, error)) {
    return NULL;
  }
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    if ((!slot->automatic || slot->story->published_at >= since) &&
        in_sections(newsletter->section_ids, slot->story->section_id)) {
      g_array_append_val(ids, slot->story->id);
    }
  }
  g_autoptr(GArray) sent =
      mailing_rows_sent_stories(change->transaction, newsletter->id, segment_id,
                                (const gint64 *)(gpointer)ids->data, ids->len, error);
  if (sent == NULL) {
    return NULL;
  }
  for (guint i = 0; i < sent->len; i++) {
    for (guint at = 0; at < ids->len; at++) {
      if (g_array_index(ids, gint64, at) == g_array_index(sent, gint64, i)) {
        g_array_remove_index(ids, at--);
      }
    }
  }
  g_array_set_size(ids, MIN(ids->len, (guint)MAX(newsletter->story_limit, 1)));
  return story_rows_list_by_ids(change->transaction, (const gint64 *)(gpointer)ids->data, ids->len,
                                error);
}

static char *preheader_of(GPtrArray *stories) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 1; i < stories->len && i <= PREHEADER_HEADLINES; i++) {
    const Teaser *story = stories->pdata[i];
    g_string_append_printf(text, "%s%s", i > 1 ? " \xC2\xB7 " : "", story->headline);
  }
  if (stories->len == 1) {
    g_string_append(text, ((const Teaser *)stories->pdata[0])->standfirst);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static GArray *ids_of(GPtrArray *stories) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < stories->len; i++) {
    g_array_append_val(ids, ((const Teaser *)stories->pdata[i])->id);
  }
  return ids;
}

// Inserts the mailing and its stories; id, 0 on error.
static gint64 insert(Change *change, Mailing *mailing, GPtrArray *stories, GError **error) {
  g_free(mailing->public_id);
  mailing->public_id = secret_random_hex(10);
  mailing->created_at = change->now;
  gint64 id = mailing_rows_insert(change->transaction, mailing, error);
  g_autoptr(GArray) ids = ids_of(stories);
  if (id == 0 || !mailing_rows_set_stories(change->transaction, id,
                                           (const gint64 *)(gpointer)ids->data, ids->len, error)) {
    return 0;
  }
  return id;
}

// The mailing of an occasion that has had its one: *ret_id, or 0 when there is none. FALSE on
// error.
static gboolean find_occasion(Change *change, const char *occasion, gint64 *ret_id,
                              GError **error) {
  GError *failure = NULL;
  g_autoptr(Mailing) there = mailing_rows_get_by_occasion(change->transaction, occasion, &failure);
  *ret_id = there != NULL ? there->id : 0;
  if (there == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

static void replace(char **text, const char *with) {
  g_autofree char *old = *text;
  *text = g_strdup(with);
}

static gboolean is_subject(const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if ((guchar)*at < 0x20 || *at == 0x7F) {
      return FALSE;
    }
  }
  return g_utf8_validate(text, -1, NULL) && *text != '\0' &&
         g_utf8_strlen(text, -1) <= SUBJECT_CHARACTERS;
}

static gboolean apply_text(Change *change, Mailing *mailing, const MailingText *text,
                           GError **error) {
  if (text->subject != NULL && !is_subject(text->subject)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "subject: one line of 1 to %d characters",
                         SUBJECT_CHARACTERS);
  }
  replace(&mailing->subject, text->subject != NULL ? text->subject : mailing->subject);
  replace(&mailing->preheader, text->preheader != NULL ? text->preheader : mailing->preheader);
  replace(&mailing->introduction,
          text->introduction != NULL ? text->introduction : mailing->introduction);
  if (text->due_at != 0) {
    gint64 lateness = mailing->latest_at - mailing->due_at;
    mailing->due_at = text->due_at;
    mailing->latest_at = text->due_at + lateness;
  }
  return text->story_ids == NULL ||
         mailing_rows_set_stories(change->transaction, mailing->id, text->story_ids,
                                  text->story_count, error);
}

static gboolean set_segment(Change *change, Mailing *mailing, const char *slug, GError **error) {
  if (slug == NULL || *slug == '\0') {
    return TRUE;
  }
  GError *failure = NULL;
  g_autoptr(Segment) segment = segment_rows_get_by_slug(change->transaction, slug, &failure);
  if (segment == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no segment '%s'", slug);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  mailing->segment_id = segment->id;
  return TRUE;
}

// ---- dailies ----------------------------------------------------------------------------------

// What somebody said about it in place of what would come of itself.
static gboolean take_order(Change *change, Mailing *mailing, const MailingOrder *order,
                           GError **error) {
  const MailingText text = {.subject = order->subject,
                            .preheader = order->preheader,
                            .introduction = order->introduction};
  return apply_text(change, mailing, &text, error);
}

static char *occasion_of(const Newsletter *newsletter, gint32 day, gint64 segment_id) {
  g_autofree char *all = g_strdup_printf(
      "%s %" G_GINT64_FORMAT " %d", newsletter_kind_name(newsletter->kind), newsletter->id, day);
  return segment_id == 0 ? g_steal_pointer(&all)
                         : g_strdup_printf("%s segment %" G_GINT64_FORMAT, all, segment_id);
}

static void set_content(Mailing *mailing, GPtrArray *stories) {
  if (stories->len == 0) {
    mailing->state = MAILING_SKIPPED;
    replace(&mailing->state_reason, "nothing new: every story on the front was sent before");
    return;
  }
  replace(&mailing->subject, ((const Teaser *)stories->pdata[0])->headline);
  g_free(mailing->preheader);
  mailing->preheader = preheader_of(stories);
}

static gint64 compose(Change *change, const Newsletter *newsletter, const MailingOrder *order,
                      GError **error) {
  g_autoptr(Mailing) mailing = mailing_new();
  gint64 id = 0;
  if (!set_segment(change, mailing, order->segment, error)) {
    return 0;
  }
  g_autofree char *occasion = occasion_of(newsletter, order->day, mailing->segment_id);
  if (!find_occasion(change, occasion, &id, error) || id != 0) {
    return id;
  }
  g_autoptr(GPtrArray) stories = choose_stories(change, newsletter, mailing->segment_id, error);
  if (stories == NULL) {
    return 0;
  }
  mailing->newsletter_id = newsletter->id;
  replace(&mailing->occasion, occasion);
  mailing->uncertain = newsletter->uncertain;
  mailing->due_at = order->due_at;
  mailing->latest_at = order->due_at + newsletter->lateness_minutes * MINUTE;
  replace(&mailing->introduction, newsletter->introduction);
  mailing->state = newsletter->approval ? MAILING_HELD : MAILING_READY;
  if (mailing->state == MAILING_HELD) {
    replace(&mailing->state_reason, "waits for an editor's approval");
  }
  set_content(mailing, stories);
  return take_order(change, mailing, order, error) ? insert(change, mailing, stories, error) : 0;
}

// ---- editions ---------------------------------------------------------------------------------

// "edition 3 20261123", and with " pdf" or " epub" for those who want that attached: each choice is
// another message, and so a mailing of its own.
static char *edition_occasion(const Newsletter *newsletter, gint32 day, AttachmentChoice choice) {
  return g_strdup_printf("edition %" G_GINT64_FORMAT " %d%s%s", newsletter->id, day,
                         choice != ATTACH_NOTHING ? " " : "",
                         choice != ATTACH_NOTHING ? attachment_choice_name(choice) : "");
}

static GPtrArray *edition_leads(Change *change, const Newsletter *newsletter, gint32 day,
                                GError **error) {
  g_autoptr(GArray) rows = edition_rows_stories(change->transaction, day, error);
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; rows != NULL && i < rows->len && ids->len < (guint)newsletter->story_limit;
       i++) {
    g_array_append_val(ids, g_array_index(rows, EditionStoryRow, i).story_id);
  }
  return rows != NULL ? story_rows_list_by_ids(change->transaction,
                                               (const gint64 *)(gpointer)ids->data, ids->len, error)
                      : NULL;
}

static gboolean compose_choice(Change *change, const Newsletter *newsletter, gint32 day,
                               gint64 due_at, AttachmentChoice choice, GPtrArray *stories,
                               GError **error) {
  gint64 there = 0;
  g_autofree char *occasion = edition_occasion(newsletter, day, choice);
  if (!find_occasion(change, occasion, &there, error) || there != 0) {
    return there != 0;
  }
  g_autoptr(Mailing) mailing = mailing_new();
  mailing->newsletter_id = newsletter->id;
  mailing->audience = (gint32)choice + 1;
  replace(&mailing->occasion, occasion);
  mailing->uncertain = newsletter->uncertain;
  mailing->due_at = due_at;
  mailing->latest_at = due_at + newsletter->lateness_minutes * MINUTE;
  replace(&mailing->introduction, newsletter->introduction);
  mailing->state = newsletter->approval ? MAILING_HELD : MAILING_READY;
  replace(&mailing->state_reason, newsletter->approval ? "waits for an editor's approval" : "");
  replace(&mailing->subject,
          stories->len > 0 ? ((const Teaser *)stories->pdata[0])->headline : newsletter->name);
  g_free(mailing->preheader);
  mailing->preheader = preheader_of(stories);
  return insert(change, mailing, stories, error) != 0;
}

gboolean mailings_compose_edition(Change *change, const Edition *edition, GError **error) {
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(change->transaction, error);
  for (guint i = 0; newsletters != NULL && i < newsletters->len; i++) {
    const Newsletter *newsletter = newsletters->pdata[i];
    g_autoptr(GTimeZone) zone = mailing_zone(newsletter, change->site);
    gint64 hour = newsletter_instant(newsletter, edition->day, zone);
    gint64 due_at = MAX(hour, edition->made_at);
    if (newsletter->kind != NEWSLETTER_EDITION || !newsletter->active || hour == 0 ||
        due_at > hour + newsletter->lateness_minutes * MINUTE) { // a past day's edition is no news
      continue;
    }
    g_autoptr(GPtrArray) stories = edition_leads(change, newsletter, edition->day, error);
    for (guint choice = 0; stories != NULL && choice < ATTACHMENT_CHOICES; choice++) {
      if (!compose_choice(change, newsletter, edition->day, due_at, (AttachmentChoice)choice,
                          stories, error)) {
        return FALSE;
      }
    }
    if (stories == NULL) {
      return FALSE;
    }
  }
  return newsletters != NULL;
}

static gint64 hour_of(const Newsletter *newsletter, gint32 day, const Site *site) {
  g_autoptr(GTimeZone) zone = mailing_zone(newsletter, site);
  return newsletter_instant(newsletter, day, zone);
}

gint64 mailings_compose(Newsroom *newsroom, const MailingOrder *order, GError **error) {
  g_auto(Change) change = {0};
  MailingOrder timed = *order;
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Newsletter) newsletter =
      newsletter_rows_get(change.transaction, order->newsletter_id, error);
  if (newsletter == NULL) {
    return 0;
  }
  if (newsletter->kind == NEWSLETTER_EDITION) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "%s brings the laid-out newspaper: its mails are made along with the edition, by "
                  "broadsheet edition",
                  newsletter->slug);
    return 0;
  }
  if (newsletter->kind == NEWSLETTER_BREAKING) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "%s is for breaking news: send a story with broadsheet alert STORY",
                  newsletter->slug);
    return 0;
  }
  if (timed.due_at == 0) {
    timed.due_at = hour_of(newsletter, order->day, change.site);
  }
  timed.due_at = timed.due_at != 0 ? timed.due_at : change.now;
  gint64 id = compose(&change, newsletter, &timed, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

gint64 mailings_compose_daily(Newsroom *newsroom, gint64 newsletter_id, gint32 day, gint64 due_at,
                              GError **error) {
  const MailingOrder order = {.newsletter_id = newsletter_id, .day = day, .due_at = due_at};
  return mailings_compose(newsroom, &order, error);
}

// A newsletter that a migration made begins at the first look: nothing is sent for hours before it.
static gboolean begin_newsletter(Change *change, Newsletter *newsletter, GError **error) {
  if (newsletter->created_at != 0) {
    return TRUE;
  }
  newsletter->created_at = change->now;
  return newsletter_rows_put(change->transaction, newsletter, error) != 0;
}

static gint32 day_after(gint32 day, GTimeZone *zone) {
  return clock_day(clock_day_start(day, zone) + CLOCK_DAY + 6 * HOUR, zone);
}

// Composes what is due of one newsletter. *next is lowered to its next hour.
static gboolean compose_newsletter(Change *change, Newsletter *newsletter, gint64 ahead,
                                   gint64 *next, GError **error) {
  if (!newsletter->active || newsletter->kind != NEWSLETTER_DAILY) {
    return TRUE;
  }
  if (!begin_newsletter(change, newsletter, error)) {
    return FALSE;
  }
  g_autoptr(GTimeZone) zone = mailing_zone(newsletter, change->site);
  gint64 early = newsletter->approval ? MAX(ahead, APPROVAL_AHEAD) : ahead;
  gint32 day = clock_day(change->now - CLOCK_DAY, zone); // its lateness may reach into today
  for (int i = 0; i < 9; i++, day = day_after(day, zone)) {
    gint64 hour = newsletter_instant(newsletter, day, zone);
    gint64 latest = hour + newsletter->lateness_minutes * MINUTE;
    if (hour == 0 || hour < newsletter->created_at || latest < change->now) {
      continue;
    }
    if (hour - early > change->now) {
      *next = *next == 0 ? hour - early : MIN(*next, hour - early);
      return TRUE;
    }
    const MailingOrder order = {.newsletter_id = newsletter->id, .day = day, .due_at = hour};
    if (compose(change, newsletter, &order, error) == 0) {
      return FALSE;
    }
  }
  return TRUE;
}

gint64 mailings_compose_due(Newsroom *newsroom, gint64 ahead, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return -1;
  }
  gint64 next = 0;
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(change.transaction, error);
  if (newsletters == NULL) {
    return -1;
  }
  for (guint i = 0; i < newsletters->len; i++) {
    if (!compose_newsletter(&change, newsletters->pdata[i], ahead, &next, error)) {
      return -1;
    }
  }
  return change_commit(&change, FALSE, error) ? next : -1;
}

// ---- alerts -----------------------------------------------------------------------------------

static Newsletter *breaking_newsletter(Change *change, const char *slug, GError **error) {
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(change->transaction, error);
  for (guint i = 0; newsletters != NULL && i < newsletters->len; i++) {
    Newsletter *newsletter = newsletters->pdata[i];
    if (slug != NULL ? strcmp(newsletter->slug, slug) == 0
                     : newsletter->kind == NEWSLETTER_BREAKING && newsletter->active) {
      return newsletter_rows_get(change->transaction, newsletter->id, error);
    }
  }
  if (newsletters != NULL && slug != NULL) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no newsletter '%s'", slug);
  } else if (newsletters != NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "no newsletter is for breaking news: make one of the kind 'breaking' first");
  }
  return NULL;
}

static Teaser *published_story(Change *change, gint64 id, GError **error) {
  g_autoptr(GPtrArray) found = story_rows_list_by_ids(change->transaction, &id, 1, error);
  if (found == NULL) {
    return NULL;
  }
  if (found->len == 0) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "story %" G_GINT64_FORMAT " is not published: publish it first", id);
    return NULL;
  }
  return g_ptr_array_steal_index(found, 0);
}

static gboolean under_cap(Change *change, const Newsletter *newsletter, GError **error) {
  if (newsletter->daily_cap == 0) {
    return TRUE;
  }
  gint64 sent =
      mailing_rows_count_since(change->transaction, newsletter->id, change->now - CLOCK_DAY, error);
  if (sent < 0) {
    return FALSE;
  }
  return sent < newsletter->daily_cap ||
         change_refuse(error, NEWSROOM_ERROR_STATE,
                       "%s has sent %" G_GINT64_FORMAT
                       " alerts in 24 hours, and %d is its cap: wait, or say that this one goes "
                       "over it",
                       newsletter->slug, sent, newsletter->daily_cap);
}

static char *alert_occasion(const MailingAlert *alert, gint64 newsletter_id) {
  return alert->correction_id != 0
             ? g_strdup_printf("correction %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                               " %" G_GINT64_FORMAT,
                               newsletter_id, alert->story_id, alert->correction_id)
             : g_strdup_printf("alert %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, newsletter_id,
                               alert->story_id);
}

static gboolean refuse_second(gint64 story_id, gint64 id, GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_STATE,
                       "story %" G_GINT64_FORMAT " has had its alert (mailing %" G_GINT64_FORMAT
                       "): readers get it once; correct the story to send a follow-up",
                       story_id, id);
}

// The headline; a follow-up says in the inbox already that it is one.
static char *alert_subject(const Change *change, const MailingAlert *alert,
                           const Newsletter *newsletter, const Teaser *story) {
  const Press *press = change->newsroom->press;
  if (alert->subject != NULL) {
    return g_strdup(alert->subject);
  }
  return alert->correction_id == 0 || press == NULL
             ? g_strdup(story->headline)
             : mail_correction_subject(press,
                                       *newsletter->language != '\0' ? newsletter->language
                                                                     : change->site->language,
                                       story->headline);
}

static gint64 insert_alert(Change *change, const MailingAlert *alert, const Newsletter *newsletter,
                           Teaser *story, GError **error) {
  g_autoptr(Mailing) mailing = mailing_new();
  g_free(mailing->occasion);
  mailing->occasion = alert_occasion(alert, newsletter->id);
  mailing->newsletter_id = newsletter->id;
  mailing->lane = LANE_ALERT;
  mailing->uncertain = newsletter->uncertain;
  mailing->state = newsletter->approval ? MAILING_HELD : MAILING_READY;
  replace(&mailing->state_reason, newsletter->approval ? "waits for a second person" : "");
  replace(&mailing->requested_by, alert->requested_by != NULL ? alert->requested_by : "");
  g_autofree char *subject = alert_subject(change, alert, newsletter, story);
  replace(&mailing->subject, subject);
  replace(&mailing->preheader, story->standfirst);
  mailing->due_at = change->now;
  mailing->latest_at = change->now + newsletter->lateness_minutes * MINUTE;
  g_autoptr(GPtrArray) stories = g_ptr_array_new();
  g_ptr_array_add(stories, story);
  return set_segment(change, mailing, alert->segment, error)
             ? insert(change, mailing, stories, error)
             : 0;
}

gint64 mailings_alert(Newsroom *newsroom, const MailingAlert *alert, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Newsletter) newsletter = breaking_newsletter(&change, alert->newsletter, error);
  g_autoptr(Teaser) story =
      newsletter != NULL ? published_story(&change, alert->story_id, error) : NULL;
  if (story == NULL) {
    return 0;
  }
  gint64 there = 0;
  g_autofree char *occasion = alert_occasion(alert, newsletter->id);
  if (!find_occasion(&change, occasion, &there, error)) {
    return 0;
  }
  if (there != 0) {
    refuse_second(alert->story_id, there, error);
    return 0;
  }
  if (!alert->over_cap && alert->correction_id == 0 && !under_cap(&change, newsletter, error)) {
    return 0;
  }
  gint64 id = insert_alert(&change, alert, newsletter, story, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

void mailing_alert_plan_clear(MailingAlertPlan *plan) {
  g_clear_pointer(&plan->newsletter, newsletter_free);
  g_clear_pointer(&plan->subject, g_free);
  g_clear_pointer(&plan->parts, mail_parts_free);
}

static gboolean count_alert(Change *change, const MailingAlert *alert, MailingAlertPlan *plan,
                            GError **error) {
  g_autoptr(SegmentRules) rules = NULL;
  if (alert->segment != NULL && *alert->segment != '\0') {
    g_autoptr(Segment) segment =
        segment_rows_get_by_slug(change->transaction, alert->segment, error);
    rules = segment != NULL ? segment_rules_parse(segment->rules, change->site->zone, error) : NULL;
    if (rules == NULL) {
      return FALSE;
    }
  }
  Mailing mailing = {.newsletter_id = plan->newsletter->id};
  plan->recipients =
      mailing_rows_count_recipients(change->transaction, &mailing, rules, change->now, error);
  plan->sent_today = mailing_rows_count_since(change->transaction, plan->newsletter->id,
                                              change->now - CLOCK_DAY, error);
  plan->over_cap =
      plan->newsletter->daily_cap != 0 && plan->sent_today >= plan->newsletter->daily_cap;
  return plan->recipients >= 0 && plan->sent_today >= 0;
}

static MailParts *render_alert(Change *change, const MailingAlertPlan *plan, Teaser *story,
                               GError **error) {
  g_autoptr(GPtrArray) stories = g_ptr_array_new();
  g_ptr_array_add(stories, story);
  MailPage page = {.context = {.site = change->site, .now = change->now, .path = "/"},
                   .template = newsletter_kind_name(plan->newsletter->kind),
                   .newsletter = plan->newsletter,
                   .subject = plan->subject,
                   .preheader = story->standfirst,
                   .introduction = "",
                   .stories = stories,
                   .date = change->now};
  if (change->newsroom->press == NULL) {
    change_refuse(error, NEWSROOM_ERROR_STATE, "mail can't be rendered here: no theme is loaded");
    return NULL;
  }
  return mail_page_render(change->newsroom->press, &page, error);
}

gboolean mailings_plan_alert(Newsroom *newsroom, const MailingAlert *alert,
                             MailingAlertPlan *ret_plan, GError **error) {
  g_auto(Change) change = {0}; // rolled back: what is counted and rendered is of one moment
  *ret_plan = (MailingAlertPlan){0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  ret_plan->newsletter = breaking_newsletter(&change, alert->newsletter, error);
  g_autoptr(Teaser) story =
      ret_plan->newsletter != NULL ? published_story(&change, alert->story_id, error) : NULL;
  if (story == NULL) {
    return FALSE;
  }
  g_autofree char *occasion = alert_occasion(alert, ret_plan->newsletter->id);
  ret_plan->subject = g_strdup(alert->subject != NULL ? alert->subject : story->headline);
  if (!find_occasion(&change, occasion, &ret_plan->already_sent, error) ||
      !count_alert(&change, alert, ret_plan, error)) {
    return FALSE;
  }
  ret_plan->parts = render_alert(&change, ret_plan, story, error);
  return ret_plan->parts != NULL;
}

static GArray *follow_ups_wanted(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  gint64 since = clock_now(&newsroom->clock) - FOLLOW_UP_DAYS * CLOCK_DAY;
  return transaction != NULL ? follow_up_rows_wanted(transaction, since, error) : NULL;
}

gint mailings_follow_up(Newsroom *newsroom, GError **error) {
  g_autoptr(GArray) wanted = follow_ups_wanted(newsroom, error);
  gint made = 0;
  for (guint i = 0; wanted != NULL && i < wanted->len; i++) {
    const FollowUp *one = &g_array_index(wanted, FollowUp, i);
    g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
    g_autoptr(Newsletter) newsletter =
        transaction != NULL ? newsletter_rows_get(transaction, one->newsletter_id, error) : NULL;
    if (newsletter == NULL) {
      return -1;
    }
    g_clear_pointer(&transaction, store_rollback);
    MailingAlert alert = {.story_id = one->story_id,
                          .newsletter = newsletter->slug,
                          .correction_id = one->correction_id};
    GError *failure = NULL;
    if (mailings_alert(newsroom, &alert, &failure) != 0) {
      made++;
    } else if (g_error_matches(failure, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE)) {
      g_clear_error(&failure); // withdrawn meanwhile, or another process was first
    } else {
      g_propagate_error(error, failure);
      return -1;
    }
  }
  return wanted != NULL ? made : -1;
}

// ---- decisions --------------------------------------------------------------------------------

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
  replace(&mailing->state_reason, "");
  replace(&mailing->approved_by, who);
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
  return apply_text(&change, mailing, text, error) && move(&change, mailing, was, error);
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
  gint64 lateness = MAX(mailing->latest_at - mailing->due_at, MINUTE);
  mailing->state = mailing->frozen_at != 0 ? MAILING_SENDING : MAILING_READY;
  mailing->latest_at = MAX(mailing->latest_at, change.now + lateness); // somebody has looked
  replace(&mailing->state_reason, "");
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
  gint64 lateness = MAX(mailing->latest_at - mailing->due_at, MINUTE);
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
