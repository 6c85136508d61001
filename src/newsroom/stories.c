// SPDX-License-Identifier: Apache-2.0
//
// Implements the life of a story (stories.h): draft -> scheduled -> published -> withdrawn, and
// corrections. Importing is in story_import.c. Called by commands and the scheduler.
#include "newsroom/stories.h"

#include "newsroom/change.h"
#include "newsroom/webhooks.h"
#include "newsroom/work_story.h"
#include "store/story_rows.h"
#include "store/work_rows.h"

#define CORRECTION_CHARACTERS 4000
#define SCHEDULE_YEARS 10

static Story *load(Change *change, gint64 id, GError **error) {
  GError *failure = NULL;
  Story *story = story_rows_get(change->transaction, id, &failure);
  if (story == NULL && change_is_absent(&failure)) {
    change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                  "there is no story %" G_GINT64_FORMAT ": list them to see their numbers", id);
  } else if (story == NULL) {
    g_propagate_error(error, failure);
  }
  return story;
}

static gboolean save(Change *change, const Story *story, const char *note, GError **error) {
  return story_rows_update(change->transaction, story, note, change->now, change->site->zone,
                           error);
}

static gboolean refuse_without_section(const Story *story, GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "section: story %" G_GINT64_FORMAT
                       " stands in no section: give it one before it is published",
                       story->id);
}

// The embargo is the working copy's: readers' rows know nothing of it.
static gboolean check_embargo(const Change *change, const Story *story, gint64 when,
                              GError **error) {
  WorkState state;
  return work_rows_get_state(change->transaction, story->id, &state, error) &&
         work_check_embargo(change, story, state.embargo_until, when, error);
}

static void set_published(Change *change, Story *story, gint64 when) {
  if (story->status == STORY_WITHDRAWN && story->published_at != 0) {
    story->updated_at = change->now; // it was away: readers should know that it is back
  }
  story->published_at = story->published_at != 0 ? story->published_at : when;
  story->status = STORY_PUBLISHED;
  story->scheduled_for = 0;
}

// Whom it concerns learns of it: the audit log, and other systems.
static gboolean tell(Change *change, const char *event, const char *action, const char *did,
                     const Story *story, const Correction *correction, GError **error) {
  return change_audit(change, error, action, "story", story->id, "%s “%s”", did, story->headline) &&
         webhooks_tell_story(change, event, story, correction, error);
}

gboolean stories_publish(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Story) story = load(&change, id, error);
  if (story == NULL) {
    return FALSE;
  }
  if (story->status == STORY_PUBLISHED) {
    return TRUE;
  }
  if (story->section == NULL) {
    return refuse_without_section(story, error);
  }
  if (!check_embargo(&change, story, change.now, error)) {
    return FALSE;
  }
  set_published(&change, story, change.now);
  return save(&change, story, "published", error) &&
         tell(&change, "story.published", "story.publish", "published", story, NULL, error) &&
         change_commit(&change, TRUE, error);
}

gboolean stories_schedule(Newsroom *newsroom, gint64 id, gint64 when, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Story) story = load(&change, id, error);
  if (story == NULL) {
    return FALSE;
  }
  if (story->status != STORY_DRAFT && story->status != STORY_SCHEDULED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "story %" G_GINT64_FORMAT
                         " is %s: only a draft or a scheduled story can be scheduled",
                         id, story_status_name(story->status));
  }
  if (when <= change.now || when > change.now + SCHEDULE_YEARS * 366 * CLOCK_DAY) {
    return change_refuse(
        error, NEWSROOM_ERROR_INVALID,
        "time: a story is scheduled for a time ahead, within %d years: choose another",
        SCHEDULE_YEARS);
  }
  if (story->section == NULL) {
    return refuse_without_section(story, error);
  }
  if (!check_embargo(&change, story, when, error)) {
    return FALSE;
  }
  story->status = STORY_SCHEDULED;
  story->scheduled_for = when;
  return save(&change, story, "scheduled", error) &&
         change_audit(&change, error, "story.schedule", "story", id, "scheduled “%s”",
                      story->headline) &&
         change_commit(&change, FALSE, error);
}

gboolean stories_withdraw(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Story) story = load(&change, id, error);
  if (story == NULL) {
    return FALSE;
  }
  if (story->status == STORY_WITHDRAWN) {
    return TRUE;
  }
  if (story->status == STORY_DRAFT) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "story %" G_GINT64_FORMAT
                         " is a draft, which readers never saw: there is nothing to withdraw",
                         id);
  }
  gboolean was_published = story->status == STORY_PUBLISHED;
  story->status = STORY_WITHDRAWN;
  story->scheduled_for = 0;
  return save(&change, story, "withdrawn", error) &&
         (was_published
              ? tell(&change, "story.withdrawn", "story.withdraw", "withdrew", story, NULL, error)
              : change_audit(&change, error, "story.unschedule", "story", id,
                             "took “%s” off the schedule", story->headline)) &&
         change_commit(&change, was_published, error);
}

// What is said in a correction, without outer space. NULL with error if it can't stand.
static char *correction_text(const char *field, const char *text, GError **error) {
  if (text == NULL || !g_utf8_validate(text, -1, NULL)) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: the text is missing or not UTF-8", field);
    return NULL;
  }
  g_autofree char *trimmed = slice_dup(slice_trim(slice_of(text)));
  if (trimmed[0] == '\0' || g_utf8_strlen(trimmed, -1) > CORRECTION_CHARACTERS) {
    change_refuse(error, NEWSROOM_ERROR_INVALID,
                  "%s: say in one to %d characters what was wrong and what is right", field,
                  CORRECTION_CHARACTERS);
    return NULL;
  }
  return g_steal_pointer(&trimmed);
}

gint64 stories_correct(Newsroom *newsroom, gint64 id, const char *wrong, const char *right,
                       GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *was = correction_text("wrong", wrong, error);
  g_autofree char *is = was != NULL ? correction_text("right", right, error) : NULL;
  if (is == NULL || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(Story) story = load(&change, id, error);
  if (story == NULL) {
    return 0;
  }
  if (story->status != STORY_PUBLISHED) {
    change_refuse(error, NEWSROOM_ERROR_STATE,
                  "story %" G_GINT64_FORMAT
                  " is %s: only what readers can see is corrected; change the text instead",
                  id, story_status_name(story->status));
    return 0;
  }
  Correction correction = {.story_id = id, .corrected_at = change.now, .wrong = was, .right = is};
  gint64 correction_id = correction_rows_insert(change.transaction, &correction, error);
  story->updated_at = change.now;
  correction.id = correction_id;
  gboolean done =
      correction_id != 0 && save(&change, story, "corrected", error) &&
      tell(&change, "story.corrected", "story.correct", "corrected", story, &correction, error) &&
      change_commit(&change, TRUE, error);
  return done ? correction_id : 0;
}

static gint publish_all(Change *change, const GArray *ids, GError **error) {
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr(Story) story = load(change, g_array_index(ids, gint64, i), error);
    if (story == NULL) {
      return -1;
    }
    set_published(change, story,
                  story->scheduled_for); // the time that was announced, however late we are
    if (!save(change, story, "published", error) ||
        !tell(change, "story.published", "story.publish", "published by schedule", story, NULL,
              error)) {
      return -1;
    }
  }
  return change_commit(change, ids->len > 0, error) ? (gint)ids->len : -1;
}

// A look first, so that the scheduler's tick takes no write lock when nothing is due.
static gint count_due(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(GArray) ids =
      transaction != NULL ? story_rows_due(transaction, clock_now(&newsroom->clock), error) : NULL;
  return ids != NULL ? (gint)ids->len : -1;
}

gint stories_publish_due(Newsroom *newsroom, GError **error) {
  gint due = count_due(newsroom, error);
  if (due <= 0) {
    return due;
  }
  static const Actor SCHEDULE = {
      .name = "schedule", .role = ROLE_OWNER, .via = "schedule", .holder = "schedule"};
  Newsroom by_schedule = *newsroom;
  by_schedule.actor = &SCHEDULE;
  g_auto(Change) change = {0};
  if (!change_begin(&change, &by_schedule, error)) {
    return -1;
  }
  g_autoptr(GArray) ids = story_rows_due(change.transaction, change.now, error);
  return ids != NULL ? publish_all(&change, ids, error) : -1;
}
