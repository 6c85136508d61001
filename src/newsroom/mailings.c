// SPDX-License-Identifier: Apache-2.0
//
// Implements the making of mailings (mailings.h): dailies from the front, and those of an edition.
// Alerts are in mailing_alerts.c, what people decide in mailing_decisions.c, launching in
// mailing_launch.c. Called by app/scheduler, the commands and the API.
#include "newsroom/mailings.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "newsroom/edition_parts.h"
#include "newsroom/fronts.h"
#include "newsroom/mailing_content.h"
#include "newsroom/mailing_parts.h"
#include "store/edition_rows.h"
#include "store/newsletter_rows.h"
#include "store/story_rows.h"

#define HOUR (60 * MAILING_MINUTE)
#define FRESH_WITHOUT_MAILING (36 * HOUR) // how old an uncurated story may be in the first daily
#define FRESH_AT_MOST (7 * CLOCK_DAY)
#define APPROVAL_AHEAD HOUR // so that an editor has time to look
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
gint64 mailing_insert(Change *change, Mailing *mailing, GPtrArray *stories, GError **error) {
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
gboolean mailing_find_occasion(Change *change, const char *occasion, gint64 *ret_id,
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

static gboolean is_subject(const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if ((guchar)*at < 0x20 || *at == 0x7F) {
      return FALSE;
    }
  }
  return g_utf8_validate(text, -1, NULL) && *text != '\0' &&
         g_utf8_strlen(text, -1) <= SUBJECT_CHARACTERS;
}

gboolean mailing_apply_text(Change *change, Mailing *mailing, const MailingText *text,
                            GError **error) {
  if (text->subject != NULL && !is_subject(text->subject)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "subject: one line of 1 to %d characters",
                         SUBJECT_CHARACTERS);
  }
  text_replace(&mailing->subject, text->subject != NULL ? text->subject : mailing->subject);
  text_replace(&mailing->preheader, text->preheader != NULL ? text->preheader : mailing->preheader);
  text_replace(&mailing->introduction,
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

gboolean mailing_set_segment(Change *change, Mailing *mailing, const char *slug, GError **error) {
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
  return mailing_apply_text(change, mailing, &text, error);
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
    text_replace(&mailing->state_reason, "nothing new: every story on the front was sent before");
    return;
  }
  text_replace(&mailing->subject, ((const Teaser *)stories->pdata[0])->headline);
  g_free(mailing->preheader);
  mailing->preheader = preheader_of(stories);
}

static gint64 compose(Change *change, const Newsletter *newsletter, const MailingOrder *order,
                      GError **error) {
  g_autoptr(Mailing) mailing = mailing_new();
  gint64 id = 0;
  if (!mailing_set_segment(change, mailing, order->segment, error)) {
    return 0;
  }
  g_autofree char *occasion = occasion_of(newsletter, order->day, mailing->segment_id);
  if (!mailing_find_occasion(change, occasion, &id, error) || id != 0) {
    return id;
  }
  g_autoptr(GPtrArray) stories = choose_stories(change, newsletter, mailing->segment_id, error);
  if (stories == NULL) {
    return 0;
  }
  mailing->newsletter_id = newsletter->id;
  text_replace(&mailing->occasion, occasion);
  mailing->uncertain = newsletter->uncertain;
  mailing->due_at = order->due_at;
  mailing->latest_at = order->due_at + newsletter->lateness_minutes * MAILING_MINUTE;
  text_replace(&mailing->introduction, newsletter->introduction);
  mailing->state = newsletter->approval ? MAILING_HELD : MAILING_READY;
  if (mailing->state == MAILING_HELD) {
    text_replace(&mailing->state_reason, "waits for an editor's approval");
  }
  set_content(mailing, stories);
  return take_order(change, mailing, order, error) ? mailing_insert(change, mailing, stories, error)
                                                   : 0;
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
  if (!mailing_find_occasion(change, occasion, &there, error) || there != 0) {
    return there != 0;
  }
  g_autoptr(Mailing) mailing = mailing_new();
  mailing->newsletter_id = newsletter->id;
  mailing->audience = (gint32)choice + 1;
  text_replace(&mailing->occasion, occasion);
  mailing->uncertain = newsletter->uncertain;
  mailing->due_at = due_at;
  mailing->latest_at = due_at + newsletter->lateness_minutes * MAILING_MINUTE;
  text_replace(&mailing->introduction, newsletter->introduction);
  mailing->state = newsletter->approval ? MAILING_HELD : MAILING_READY;
  text_replace(&mailing->state_reason,
               newsletter->approval ? "waits for an editor's approval" : "");
  text_replace(&mailing->subject,
               stories->len > 0 ? ((const Teaser *)stories->pdata[0])->headline : newsletter->name);
  g_free(mailing->preheader);
  mailing->preheader = preheader_of(stories);
  return mailing_insert(change, mailing, stories, error) != 0;
}

gboolean mailings_compose_edition(Change *change, const Edition *edition, GError **error) {
  g_autoptr(GPtrArray) newsletters = newsletter_rows_list(change->transaction, error);
  for (guint i = 0; newsletters != NULL && i < newsletters->len; i++) {
    const Newsletter *newsletter = newsletters->pdata[i];
    g_autoptr(GTimeZone) zone = mailing_zone(newsletter, change->site);
    gint64 hour = newsletter_instant(newsletter, edition->day, zone);
    gint64 due_at = MAX(hour, edition->made_at);
    if (newsletter->kind != NEWSLETTER_EDITION || !newsletter->active || hour == 0 ||
        due_at > hour + newsletter->lateness_minutes *
                            MAILING_MINUTE) { // a past day's edition is no news
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
    gint64 latest = hour + newsletter->lateness_minutes * MAILING_MINUTE;
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
