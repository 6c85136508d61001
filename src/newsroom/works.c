// SPDX-License-Identifier: Apache-2.0
//
// Implements the life of a working copy (works.h): begun, saved and merged, handed on, published.
#include "newsroom/works.h"

#include <string.h>

#include "base/text.h"
#include "newsroom/merge.h"
#include "newsroom/webhooks.h"
#include "newsroom/work_story.h"
#include "store/people_rows.h"
#include "store/staff_rows.h"
#include "store/story_rows.h"
#include "store/work_rows.h"

#define SCHEDULE_YEARS 10

void work_free(Work *work) {
  if (work != NULL) {
    story_free(work->story);
    work_content_free(work->content);
    g_clear_pointer(&work->images, g_ptr_array_unref);
    g_free(work);
  }
}

gint64 work_revision(const Work *work) {
  return work->state.version != 0 ? work->state.version : work->story->revision;
}

Work *works_read(Newsroom *newsroom, StoreTransaction *transaction, gint64 id, GError **error) {
  g_autoptr(Work) work = g_new0(Work, 1);
  GError *failure = NULL;
  if (!works_may_read(newsroom, transaction, id, error)) {
    return NULL;
  }
  work->story = story_rows_get(transaction, id, &failure);
  if (work->story == NULL) {
    if (change_is_absent(&failure)) {
      change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no story %" G_GINT64_FORMAT, id);
    } else {
      g_propagate_error(error, failure);
    }
    return NULL;
  }
  if (!work_rows_get_state(transaction, id, &work->state, error)) {
    return NULL;
  }
  work->content = work->state.version != 0
                      ? work_version_content(transaction, id, work->state.version, error)
                      : work_content_of(work->story);
  if (work->content == NULL || !work_apply(transaction, work->content, work->story, error)) {
    return NULL;
  }
  return g_steal_pointer(&work);
}

WorkChange work_change_nothing(void) {
  WorkChange change = {.embargo_until = -1};
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    change.references[i] = -1;
  }
  return change;
}

// ---- what is wanted ---------------------------------------------------------------------------

static gboolean add_topic(Change *change, const char *name, GArray *ids, GError **error) {
  g_autofree char *trimmed = text_collapse_space(slice_of(name));
  g_autofree char *slug = text_slug(trimmed, 80);
  GError *failure = NULL;
  if (*trimmed == '\0' || g_utf8_strlen(trimmed, -1) > 100) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "topics: a name has 1 to 100 characters");
  }
  g_autoptr(Topic) known = topic_rows_get_by_slug(change->transaction, slug, &failure);
  if (known == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  Topic made = {.slug = slug, .name = trimmed, .description = (char *)""};
  gint64 id = known != NULL ? known->id : topic_rows_put(change->transaction, &made, error);
  for (guint i = 0; i < ids->len; i++) {
    if (g_array_index(ids, gint64, i) == id) {
      return id != 0;
    }
  }
  g_array_append_val(ids, id);
  return id != 0;
}

static void set_bylines(WorkContent *content, const GArray *bylines) {
  g_array_set_size(content->bylines, 0);
  for (guint i = 0; i < bylines->len; i++) {
    const WorkByline *one = &g_array_index(bylines, WorkByline, i);
    WorkByline copy = {one->author_id, g_strdup(one->role)};
    g_array_append_val(content->bylines, copy);
  }
}

static gboolean apply_change(Change *change, const WorkChange *wanted, WorkContent *content,
                             GError **error) {
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (wanted->texts[i] != NULL) {
      work_content_set(content, (WorkText)i, wanted->texts[i]);
    }
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    if (wanted->references[i] >= 0) {
      content->references[i] = wanted->references[i];
    }
  }
  if (wanted->bylines != NULL) {
    set_bylines(content, wanted->bylines);
  }
  if (wanted->topic_ids != NULL || wanted->topics != NULL) {
    g_array_set_size(content->topic_ids, 0);
  }
  if (wanted->topic_ids != NULL && wanted->topic_ids->len > 0) {
    g_array_append_vals(content->topic_ids, wanted->topic_ids->data, wanted->topic_ids->len);
  }
  for (guint i = 0; wanted->topics != NULL && wanted->topics[i] != NULL; i++) {
    if (!add_topic(change, wanted->topics[i], content->topic_ids, error)) {
      return FALSE;
    }
  }
  return work_check_texts(content, error);
}

// ---- begun ------------------------------------------------------------------------------------

static void sign(const Actor *actor, WorkContent *content) {
  if (actor != NULL && actor->author_id != 0) {
    WorkByline byline = {actor->author_id, g_strdup("")};
    g_array_append_val(content->bylines, byline);
  }
}

gint64 works_create(Newsroom *newsroom, const WorkChange *wanted, GError **error) {
  g_auto(WorkOpened) opened = {0};
  g_autoptr(WorkContent) content = work_content_new();
  if (!change_may(newsroom, PERMISSION_STORY_WRITE, error) ||
      !change_begin(&opened.change, newsroom, error)) {
    return 0;
  }
  if (wanted->bylines == NULL) {
    sign(newsroom->actor, content);
  }
  opened.story = story_new();
  if (!apply_change(&opened.change, wanted, content, error) ||
      !work_apply(opened.change.transaction, content, opened.story, error)) {
    return 0;
  }
  if (opened.story->slug[0] == '\0') {
    g_free(opened.story->slug);
    opened.story->slug = text_slug(opened.story->headline, 80);
  }
  opened.story->created_at = opened.change.now;
  opened.story->id = story_rows_insert(opened.change.transaction, opened.story, "created",
                                       opened.change.now, opened.change.site->zone, error);
  opened.state.owner_id = newsroom->actor != NULL ? newsroom->actor->staff_id : 0;
  opened.state.embargo_until = MAX(wanted->embargo_until, 0);
  return opened.story->id != 0 && work_add_version(&opened, content, WORK_CREATED, "", error) &&
                 work_put_state(&opened, error) && change_commit(&opened.change, FALSE, error)
             ? opened.story->id
             : 0;
}

// ---- saved ------------------------------------------------------------------------------------

static char *name_of(WorkOpened *opened, gint64 staff_id) {
  g_autoptr(Staff) staff =
      staff_id != 0 ? staff_rows_get(opened->change.transaction, staff_id, NULL) : NULL;
  return g_strdup(staff != NULL ? staff->name : "someone else");
}

// What was saved since the base is merged in.
static WorkContent *meet(WorkOpened *opened, const WorkContent *base, const WorkContent *mine,
                         GPtrArray *conflicts) {
  const Actor *actor = opened->change.newsroom->actor;
  g_autofree char *theirs_name = name_of(opened, opened->state.saved_by);
  guint before = conflicts->len;
  WorkContent *merged = work_merge(base, mine, opened->content, actor != NULL ? actor->name : "me",
                                   theirs_name, conflicts);
  for (guint i = before; i < conflicts->len; i++) {
    ((WorkConflict *)g_ptr_array_index(conflicts, i))->theirs_by = opened->state.saved_by;
  }
  return merged;
}

// Keeps what the person sent as a version of its own before it is merged: whatever the merge makes
// of it, it can be had again.
static gboolean keep_mine(WorkOpened *opened, const WorkContent *mine, gboolean automatic,
                          GError **error) {
  g_autoptr(WorkContent) theirs = work_content_copy(opened->content);
  gboolean kept = work_add_version(opened, mine, automatic ? WORK_AUTOMATIC : WORK_SAVED,
                                   "before it was merged", error);
  work_content_free(opened->content);
  opened->content = g_steal_pointer(&theirs);
  return kept;
}

static void note_change(WorkOpened *opened) {
  if (opened->story->status == STORY_PUBLISHED) {
    opened->state.has_changes = TRUE;
    if (opened->state.stage == STAGE_PUBLISHED) {
      opened->state.stage = STAGE_DRAFT;
    }
  }
}

static gboolean save_content(WorkOpened *opened, const WorkContent *content, WorkKind kind,
                             const char *note, GError **error) {
  if (!work_add_version(opened, content, kind, note, error)) {
    return FALSE;
  }
  note_change(opened);
  return work_sync(opened, error);
}

static gboolean set_embargo(WorkOpened *opened, gint64 until, GError **error) {
  if (until < 0 || until == opened->state.embargo_until) {
    return TRUE;
  }
  if (opened->story->status == STORY_SCHEDULED && until > opened->story->scheduled_for) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "embargo_until: the story is scheduled for a time before: take it off the "
                         "schedule first");
  }
  opened->state.embargo_until = until;
  return change_audit(&opened->change, error, "story.embargo", "story", opened->story->id,
                      "%s the embargo on “%s”", until != 0 ? "set" : "lifted",
                      opened->story->headline);
}

gboolean works_save(Newsroom *newsroom, gint64 id, const WorkChange *wanted,
                    WorkOutcome *ret_outcome, GPtrArray *conflicts, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error)) {
    return FALSE;
  }
  gboolean met = wanted->base_revision != opened.state.version;
  g_autoptr(WorkContent) base =
      met ? work_version_content(opened.change.transaction, id, wanted->base_revision, error)
          : work_content_copy(opened.content);
  g_autoptr(WorkContent) mine = base != NULL ? work_content_copy(base) : NULL;
  if (mine == NULL || !apply_change(&opened.change, wanted, mine, error) ||
      !set_embargo(&opened, wanted->embargo_until, error)) {
    return FALSE;
  }
  *ret_outcome = WORK_WAS_SAVED;
  if (work_content_equal(mine, base) || work_content_equal(mine, opened.content)) {
    *ret_outcome = WORK_WAS_SAME;
  } else if (!met) {
    if (!save_content(&opened, mine, wanted->automatic ? WORK_AUTOMATIC : WORK_SAVED, "", error)) {
      return FALSE;
    }
  } else {
    g_autoptr(WorkContent) merged = meet(&opened, base, mine, conflicts);
    *ret_outcome = conflicts->len > 0 ? WORK_HAS_CONFLICT : WORK_WAS_MERGED;
    if (!keep_mine(&opened, mine, wanted->automatic, error) ||
        !save_content(&opened, merged, WORK_MERGED, "", error)) {
      return FALSE;
    }
  }
  return work_put_state(&opened, error) && change_commit(&opened.change, FALSE, error);
}

gboolean works_remove(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error)) {
    return FALSE;
  }
  gint64 removed = work_rows_remove_story(opened.change.transaction, id, error);
  if (removed == 0) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "readers have seen this story: withdraw it instead");
  }
  return removed > 0 &&
         change_audit(&opened.change, error, "story.remove", "story", id, "threw away “%s”",
                      opened.story->headline) &&
         change_commit(&opened.change, FALSE, error);
}

gboolean works_set_stage(Newsroom *newsroom, gint64 id, WorkStage stage, gint64 base_revision,
                         const char *note, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error) ||
      work_is_stale(&opened, base_revision, error)) {
    return FALSE;
  }
  if (stage == STAGE_PUBLISHED ||
      (opened.story->status == STORY_PUBLISHED && !opened.state.has_changes)) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "stage: the story is published and nothing on it has changed");
  }
  opened.state.stage = stage;
  WorkNote said = {.story_id = id,
                   .staff_id = newsroom->actor != NULL ? newsroom->actor->staff_id : 0,
                   .created_at = opened.change.now,
                   .body = (char *)note,
                   .passage = (char *)"",
                   .prefix = (char *)""};
  return (note == NULL || *note == '\0' ||
          work_note_rows_insert(opened.change.transaction, &said, error) != 0) &&
         change_audit(&opened.change, error, "story.stage", "story", id, "“%s” is %s",
                      opened.story->headline, work_stage_name(stage)) &&
         work_put_state(&opened, error) && change_commit(&opened.change, FALSE, error);
}

// ---- published --------------------------------------------------------------------------------

static gboolean check_publishable(WorkOpened *opened, gint64 when, GError **error) {
  if (opened->content->texts[WORK_HEADLINE][strspn(opened->content->texts[WORK_HEADLINE], " ")] ==
      '\0') {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "headline: it is empty: give the story one");
  }
  if (opened->content->references[WORK_SECTION] == 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "section_id: give the story a section before it is published");
  }
  if (text_has_conflict(opened->content->texts[WORK_BODY])) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "body: two texts stand between marks: decide which words stay");
  }
  return work_check_embargo(&opened->change, opened->story, opened->state.embargo_until, when,
                            error);
}

gboolean works_publish(Newsroom *newsroom, gint64 id, gint64 base_revision, gboolean updated,
                       gint64 at, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_PUBLISH, PERMISSION_STORY_PUBLISH_ANY,
                 error) ||
      work_is_stale(&opened, base_revision, error) ||
      !check_publishable(&opened, opened.change.now, error)) {
    return FALSE;
  }
  Story *story = opened.story;
  gboolean was_published = story->status == STORY_PUBLISHED;
  if (was_published && !opened.state.has_changes) {
    return TRUE;
  }
  if (at > opened.change.now) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "at: a publication date lies in the past; schedule the story instead");
  }
  if (story->published_at != 0 && updated) {
    story->updated_at = opened.change.now;
  }
  story->published_at = story->published_at != 0 ? story->published_at
                        : at != 0                ? at
                                                 : opened.change.now;
  story->status = STORY_PUBLISHED;
  story->scheduled_for = 0;
  g_autoptr(WorkContent) content = work_content_copy(opened.content);
  return work_publish_content(&opened, content, WORK_PUBLISHED, "", error) &&
         work_put_state(&opened, error) &&
         change_audit(&opened.change, error, was_published ? "story.update" : "story.publish",
                      "story", id, "published “%s”", story->headline) &&
         webhooks_tell_story(&opened.change, was_published ? "story.updated" : "story.published",
                             story, NULL, error) &&
         change_commit(&opened.change, TRUE, error);
}

gboolean works_schedule(Newsroom *newsroom, gint64 id, gint64 base_revision, gint64 at,
                        GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_PUBLISH, PERMISSION_STORY_PUBLISH_ANY,
                 error) ||
      work_is_stale(&opened, base_revision, error)) {
    return FALSE;
  }
  if (opened.story->status == STORY_PUBLISHED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "the story is published: its changes can't be scheduled; publish them");
  }
  if (at <= opened.change.now || at > opened.change.now + SCHEDULE_YEARS * 366 * CLOCK_DAY) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "at: a story is scheduled for a time ahead, within %d years",
                         SCHEDULE_YEARS);
  }
  if (!check_publishable(&opened, at, error)) {
    return FALSE;
  }
  opened.story->status = STORY_SCHEDULED;
  opened.story->scheduled_for = at;
  opened.state.stage = STAGE_READY;
  return work_sync(&opened, error) && work_put_state(&opened, error) &&
         change_audit(&opened.change, error, "story.schedule", "story", id, "scheduled “%s”",
                      opened.story->headline) &&
         change_commit(&opened.change, FALSE, error);
}

gboolean works_unschedule(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_PUBLISH, PERMISSION_STORY_PUBLISH_ANY,
                 error)) {
    return FALSE;
  }
  if (opened.story->status != STORY_SCHEDULED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "the story is not scheduled");
  }
  opened.story->status = STORY_DRAFT;
  opened.story->scheduled_for = 0;
  return work_sync(&opened, error) && work_put_state(&opened, error) &&
         change_audit(&opened.change, error, "story.unschedule", "story", id,
                      "took “%s” off the schedule", opened.story->headline) &&
         change_commit(&opened.change, FALSE, error);
}

gboolean works_withdraw(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_PUBLISH, PERMISSION_STORY_PUBLISH_ANY,
                 error)) {
    return FALSE;
  }
  if (opened.story->status != STORY_PUBLISHED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE, "the story is not published");
  }
  opened.story->status = STORY_WITHDRAWN;
  opened.state.stage = STAGE_DRAFT;
  opened.state.has_changes = FALSE;
  return work_sync(&opened, error) && work_put_state(&opened, error) &&
         change_audit(&opened.change, error, "story.withdraw", "story", id, "withdrew “%s”",
                      opened.story->headline) &&
         webhooks_tell_story(&opened.change, "story.withdrawn", opened.story, NULL, error) &&
         change_commit(&opened.change, TRUE, error);
}

gboolean works_discard(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(WorkOpened) opened = {0};
  if (!work_open(&opened, newsroom, id, PERMISSION_STORY_WRITE, PERMISSION_STORY_WRITE_ANY,
                 error)) {
    return FALSE;
  }
  if (opened.story->status != STORY_PUBLISHED || !opened.state.has_changes) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "there are no changes beside what readers see");
  }
  g_autoptr(WorkContent) published =
      work_version_content(opened.change.transaction, id, opened.state.published_version, error);
  if (published == NULL ||
      !work_add_version(&opened, published, WORK_RESTORED, "changes thrown away", error)) {
    return FALSE;
  }
  opened.state.has_changes = FALSE;
  opened.state.stage = STAGE_PUBLISHED;
  return work_put_state(&opened, error) && change_commit(&opened.change, FALSE, error);
}

// ---- corrected --------------------------------------------------------------------------------

static guint count_of(const char *text, const char *find) {
  guint count = 0;
  for (const char *at = text; (at = strstr(at, find)) != NULL; at += strlen(find)) {
    count++;
  }
  return count;
}

// `must`: the words must stand there exactly once (they may be gone from a working copy already).
static gboolean replace_once(WorkContent *content, const WorkReplacement *one, gboolean must,
                             GError **error) {
  const char *text = content->texts[one->field];
  guint count = *one->find != '\0' ? count_of(text, one->find) : 0;
  if (count != 1) {
    return !must || change_refuse(error, NEWSROOM_ERROR_INVALID,
                                  "replace: “%s” stands %u times in the %s: name words that stand "
                                  "there exactly once",
                                  one->find, count, work_text_name(one->field));
  }
  const char *at = strstr(text, one->find);
  g_autofree char *made =
      g_strdup_printf("%.*s%s%s", (int)(at - text), text, one->with, at + strlen(one->find));
  work_content_set(content, one->field, made);
  return TRUE;
}

static char *words_for_readers(const char *field, const char *text, GError **error) {
  g_autofree char *trimmed = slice_dup(slice_trim(slice_of(text)));
  if (*trimmed == '\0' || g_utf8_strlen(trimmed, -1) > 4000) {
    change_refuse(error, NEWSROOM_ERROR_INVALID,
                  "%s: say in one to 4000 characters what was wrong and what is right", field);
    return NULL;
  }
  return g_steal_pointer(&trimmed);
}

static gboolean correct_texts(WorkOpened *opened, const WorkCorrection *wanted, GError **error) {
  gboolean had_changes = opened->state.has_changes;
  WorkStage stage = opened->state.stage;
  g_autoptr(WorkContent) working = work_content_copy(opened->content);
  g_autoptr(WorkContent) seen =
      wanted->publish || !had_changes
          ? work_content_copy(opened->content)
          : work_version_content(opened->change.transaction, opened->story->id,
                                 opened->state.published_version, error);
  for (guint i = 0; seen != NULL && i < wanted->replacement_count; i++) {
    if (!replace_once(seen, &wanted->replacements[i], TRUE, error) ||
        !replace_once(working, &wanted->replacements[i], FALSE, error)) {
      return FALSE;
    }
  }
  if (seen == NULL || !work_publish_content(opened, seen, WORK_CORRECTED, "", error)) {
    return FALSE;
  }
  if (wanted->publish || !had_changes) {
    return TRUE;
  }
  opened->state.has_changes = TRUE; // what is not published yet goes on, with the correction in it
  opened->state.stage = stage;
  return work_add_version(opened, working, WORK_MERGED, "with the correction", error);
}

gboolean works_correct(Newsroom *newsroom, gint64 id, const WorkCorrection *wanted,
                       GError **error) {
  g_auto(WorkOpened) opened = {0};
  g_autofree char *wrong = words_for_readers("wrong", wanted->wrong, error);
  g_autofree char *right = wrong != NULL ? words_for_readers("right", wanted->right, error) : NULL;
  if (right == NULL ||
      !work_open(&opened, newsroom, id, PERMISSION_STORY_PUBLISH, PERMISSION_STORY_PUBLISH_ANY,
                 error) ||
      work_is_stale(&opened, wanted->base_revision, error)) {
    return FALSE;
  }
  if (opened.story->status != STORY_PUBLISHED) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "only what readers can see is corrected; change the text instead");
  }
  Correction correction = {
      .story_id = id, .corrected_at = opened.change.now, .wrong = wrong, .right = right};
  opened.story->updated_at = opened.change.now;
  correction.id = correction_rows_insert(opened.change.transaction, &correction, error);
  return correction.id != 0 && correct_texts(&opened, wanted, error) &&
         work_put_state(&opened, error) &&
         change_audit(&opened.change, error, "story.correct", "story", id,
                      "corrected “%s”: %s → %s", opened.story->headline, wrong, right) &&
         webhooks_tell_story(&opened.change, "story.corrected", opened.story, &correction, error) &&
         change_commit(&opened.change, TRUE, error);
}
