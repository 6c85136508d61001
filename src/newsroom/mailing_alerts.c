// SPDX-License-Identifier: Apache-2.0
//
// Implements the breaking headlines of mailings.h: one story to those who want it at once, never
// twice, and a follow-up when it is corrected. Called by the commands, the API and app/scheduler.
#include "newsroom/mailings.h"

#include <string.h>

#include "base/text.h"
#include "newsroom/mailing_parts.h"
#include "store/follow_up_rows.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/story_rows.h"

#define FOLLOW_UP_DAYS 30

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
  text_replace(&mailing->state_reason, newsletter->approval ? "waits for a second person" : "");
  text_replace(&mailing->requested_by, alert->requested_by != NULL ? alert->requested_by : "");
  g_autofree char *subject = alert_subject(change, alert, newsletter, story);
  text_replace(&mailing->subject, subject);
  text_replace(&mailing->preheader, story->standfirst);
  mailing->due_at = change->now;
  mailing->latest_at = change->now + newsletter->lateness_minutes * MAILING_MINUTE;
  g_autoptr(GPtrArray) stories = g_ptr_array_new();
  g_ptr_array_add(stories, story);
  return mailing_set_segment(change, mailing, alert->segment, error)
             ? mailing_insert(change, mailing, stories, error)
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
  if (!mailing_find_occasion(&change, occasion, &there, error)) {
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
  if (!mailing_find_occasion(&change, occasion, &ret_plan->already_sent, error) ||
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
