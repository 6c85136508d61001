// SPDX-License-Identifier: Apache-2.0
//
// Implements work_story.h.
#include "newsroom/work_story.h"

#include <string.h>

#include "base/text.h"
#include "newsroom/language_tag.h"
#include "newsroom/merge.h"
#include "press/markup.h"
#include "store/image_rows.h"
#include "store/people_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"
#include "store/work_rows.h"

#define SLUG_BYTES 80
#define BYLINES_MOST 100

void work_opened_clear(WorkOpened *opened) {
  change_clear(&opened->change);
  g_clear_pointer(&opened->story, story_free);
  g_clear_pointer(&opened->content, work_content_free);
}

// ---- who may ----------------------------------------------------------------------------------

gboolean work_is_own(const Newsroom *newsroom, StoreTransaction *transaction, gint64 id,
                     gboolean *ret_own, GError **error) {
  const Actor *actor = newsroom->actor;
  *ret_own = TRUE;
  return actor == NULL ||
         work_rows_is_own(transaction, id, actor->staff_id, actor->author_id, ret_own, error);
}

static gboolean refuse_absent(gint64 id, GError **error) {
  return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no story %" G_GINT64_FORMAT, id);
}

gboolean works_may_read(Newsroom *newsroom, StoreTransaction *transaction, gint64 id,
                        GError **error) {
  gboolean own = FALSE;
  if (actor_may(newsroom->actor, PERMISSION_STORY_READ_ANY)) {
    return TRUE;
  }
  return work_is_own(newsroom, transaction, id, &own, error) && (own || refuse_absent(id, error));
}

static gboolean check_may(WorkOpened *opened, gint64 id, Permission own, Permission any,
                          GError **error) {
  gboolean is_own = FALSE;
  Newsroom *newsroom = opened->change.newsroom;
  if (actor_may(newsroom->actor, any)) {
    return TRUE;
  }
  if (!work_is_own(newsroom, opened->change.transaction, id, &is_own, error)) {
    return FALSE;
  }
  if (!is_own && !actor_may(newsroom->actor, PERMISSION_STORY_READ_ANY)) {
    return refuse_absent(id, error);
  }
  return change_may(newsroom, is_own ? own : any, error);
}

// ---- versions ---------------------------------------------------------------------------------

static gint64 actor_id(const WorkOpened *opened) {
  const Actor *actor = opened->change.newsroom->actor;
  return actor != NULL ? actor->staff_id : 0;
}

WorkContent *work_version_content(StoreTransaction *transaction, gint64 id, gint64 number,
                                  GError **error) {
  GError *failure = NULL;
  g_autoptr(WorkVersion) version = work_version_rows_get(transaction, id, number, &failure);
  if (version == NULL) {
    if (change_is_absent(&failure)) {
      change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                    "story %" G_GINT64_FORMAT " has no revision %" G_GINT64_FORMAT, id, number);
    } else {
      g_propagate_error(error, failure);
    }
    return NULL;
  }
  WorkContent *content = work_content_read(version->content);
  if (content == NULL) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                "a revision of story %" G_GINT64_FORMAT " is damaged", id);
  }
  return content;
}

static gboolean insert_version(WorkOpened *opened, const WorkContent *content,
                               const WorkVersion *given, GError **error) {
  g_autofree char *json = work_content_write(content);
  WorkVersion version = *given;
  guint added = 0;
  guint removed = 0;
  if (opened->content != NULL) {
    text_diff_count(opened->content->texts[WORK_BODY], content->texts[WORK_BODY], &added, &removed);
  }
  version.story_id = opened->story->id;
  version.headline = content->texts[WORK_HEADLINE];
  version.word_count = (gint32)text_count_words(content->texts[WORK_BODY]);
  version.words_added = (gint32)added;
  version.words_removed = (gint32)removed;
  version.content = json;
  return work_version_rows_insert(opened->change.transaction, &version, error);
}

gboolean work_add_version(WorkOpened *opened, const WorkContent *content, WorkKind kind,
                          const char *note, GError **error) {
  WorkVersion version = {.number = opened->state.version + 1,
                         .kind = kind,
                         .saved_at = opened->change.now,
                         .staff_id = actor_id(opened),
                         .note = (char *)note};
  if (!insert_version(opened, content, &version, error)) {
    return FALSE;
  }
  opened->state.version = version.number;
  opened->state.saved_at = opened->change.now;
  opened->state.saved_by = version.staff_id;
  WorkContent *copy = work_content_copy(content);
  work_content_free(opened->content);
  opened->content = copy;
  return TRUE;
}

gboolean work_put_state(WorkOpened *opened, GError **error) {
  g_autoptr(Story) fresh =
      story_rows_get(opened->change.transaction, opened->story->id, error); // its revision
  if (fresh == NULL) {
    return FALSE;
  }
  opened->state.seen_revision = fresh->revision;
  return work_rows_put_state(opened->change.transaction, opened->story->id, &opened->state, error);
}

// The revisions that the story had before the newsroom wrote on it, as versions of the same
// numbers.
static gboolean make_versions(WorkOpened *opened, GError **error) {
  g_autoptr(GPtrArray) revisions =
      story_rows_revisions(opened->change.transaction, opened->story->id, error);
  g_autoptr(WorkContent) now = work_content_of(opened->story);
  if (revisions == NULL) {
    return FALSE;
  }
  for (guint i = revisions->len; i > 0; i--) {
    const StoryRevision *revision = g_ptr_array_index(revisions, i - 1);
    g_autoptr(WorkContent) content = work_content_copy(now);
    work_content_set(content, WORK_HEADLINE, revision->headline);
    work_content_set(content, WORK_STANDFIRST, revision->standfirst);
    work_content_set(content, WORK_BODY, revision->body);
    WorkVersion version = {.number = revision->number,
                           .kind = WORK_IMPORTED,
                           .saved_at = revision->saved_at,
                           .note = revision->note,
                           .was_published = opened->story->status == STORY_PUBLISHED};
    if (!insert_version(opened, i == 1 ? now : content, &version, error)) {
      return FALSE;
    }
    opened->state.version = revision->number;
  }
  opened->state.seen_revision = opened->story->revision;
  opened->state.published_version =
      opened->story->status == STORY_PUBLISHED ? opened->state.version : 0;
  opened->content = g_steal_pointer(&now);
  return TRUE;
}

// An import or a command has changed what readers see: that is a version, and what was written here
// meanwhile is merged into it.
static gboolean take_in(WorkOpened *opened, GError **error) {
  g_autoptr(WorkContent) theirs = work_content_of(opened->story);
  g_autoptr(WorkContent) mine = work_content_copy(opened->content);
  g_autoptr(WorkContent) base =
      opened->state.has_changes
          ? work_version_content(opened->change.transaction, opened->story->id,
                                 opened->state.published_version, error)
          : NULL;
  if (opened->state.has_changes && base == NULL) {
    return FALSE;
  }
  if (!work_add_version(opened, theirs, WORK_IMPORTED, "", error) ||
      (opened->story->status == STORY_PUBLISHED &&
       !work_version_rows_mark_published(opened->change.transaction, opened->story->id,
                                         opened->state.version, error))) {
    return FALSE;
  }
  if (opened->story->status == STORY_PUBLISHED) {
    opened->state.published_version = opened->state.version;
  }
  if (base != NULL) {
    g_autoptr(GPtrArray) conflicts =
        g_ptr_array_new_with_free_func((GDestroyNotify)work_conflict_free);
    g_autoptr(WorkContent) merged = work_merge(base, mine, theirs, "newsroom", "import", conflicts);
    return work_add_version(opened, merged, WORK_MERGED, "", error);
  }
  return TRUE;
}

gboolean work_open(WorkOpened *opened, Newsroom *newsroom, gint64 id, Permission own,
                   Permission any, GError **error) {
  GError *failure = NULL;
  if (!change_begin(&opened->change, newsroom, error)) {
    return FALSE;
  }
  opened->story = story_rows_get(opened->change.transaction, id, &failure);
  if (opened->story == NULL) {
    if (change_is_absent(&failure)) {
      return refuse_absent(id, error);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (!check_may(opened, id, own, any, error) ||
      !work_rows_get_state(opened->change.transaction, id, &opened->state, error)) {
    return FALSE;
  }
  if (opened->state.version == 0) {
    return make_versions(opened, error) && work_put_state(opened, error);
  }
  opened->content =
      work_version_content(opened->change.transaction, id, opened->state.version, error);
  if (opened->content == NULL) {
    return FALSE;
  }
  if (opened->story->status == STORY_PUBLISHED && !opened->state.has_changes) {
    opened->state.published_version = opened->state.version; // also when its hour came by itself
  }
  return opened->state.seen_revision == opened->story->revision ||
         (take_in(opened, error) && work_put_state(opened, error));
}

gboolean work_is_stale(const WorkOpened *opened, gint64 base_revision, GError **error) {
  if (base_revision == 0 || base_revision == opened->state.version) {
    return FALSE;
  }
  change_refuse(error, NEWSROOM_ERROR_STALE,
                "base_revision: the story was saved meanwhile: look at it as it is now");
  return TRUE;
}

// ---- a working copy as a story ----------------------------------------------------------------

static gboolean absent_is(const char *field, GError *failure, GError **error) {
  if (change_is_absent(&failure)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: there is none of that number", field);
  }
  g_propagate_error(error, failure);
  return FALSE;
}

static gboolean set_image(StoreTransaction *transaction, gint64 id, const char *field,
                          Image **place, GError **error) {
  GError *failure = NULL;
  g_clear_pointer(place, image_free);
  *place = id != 0 ? image_rows_get(transaction, id, &failure) : NULL;
  return id == 0 || *place != NULL || absent_is(field, failure, error);
}

static gboolean set_section(StoreTransaction *transaction, gint64 id, Story *story,
                            GError **error) {
  g_autoptr(Site) site = id != 0 ? site_rows_load(transaction, error) : NULL;
  g_clear_pointer(&story->section, section_free);
  if (id == 0) {
    return TRUE;
  }
  for (guint i = 0; site != NULL && i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    if (section->id == id) {
      story->section = section_copy(section);
      return TRUE;
    }
  }
  return site != NULL &&
         change_refuse(error, NEWSROOM_ERROR_INVALID, "section_id: there is none of that number");
}

static gboolean set_bylines(StoreTransaction *transaction, const GArray *bylines, Story *story,
                            GError **error) {
  g_ptr_array_set_size(story->bylines, 0);
  for (guint i = 0; i < bylines->len; i++) {
    const WorkByline *wanted = &g_array_index(bylines, WorkByline, i);
    GError *failure = NULL;
    Author *author = author_rows_get(transaction, wanted->author_id, &failure);
    if (author == NULL) {
      return absent_is("bylines", failure, error);
    }
    Byline *byline = g_new0(Byline, 1);
    byline->author = author;
    byline->role = g_strdup(wanted->role);
    g_ptr_array_add(story->bylines, byline);
  }
  return TRUE;
}

static gboolean set_body(StoreTransaction *transaction, const char *body, Story *story,
                         GError **error) {
  GError *failure = NULL;
  g_autoptr(Document) document = markup_parse(slice_of(body), &failure);
  if (document == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "body: %s", failure->message);
    g_clear_error(&failure);
    return FALSE;
  }
  g_autoptr(GPtrArray) urls = document_image_urls(document);
  text_replace(&story->body, body);
  story->word_count = (gint32)MIN(document_word_count(document), (guint)G_MAXINT32);
  g_ptr_array_set_size(story->images, 0);
  for (guint i = 0; i < urls->len; i++) {
    const char *url = g_ptr_array_index(urls, i);
    if (!g_str_has_prefix(url, "image:")) {
      continue;
    }
    g_autoptr(Image) image = image_rows_get_by_hash(transaction, url + strlen("image:"), &failure);
    if (image == NULL && !change_is_absent(&failure)) {
      g_propagate_error(error, failure);
      return FALSE;
    }
    if (image != NULL) {
      g_ptr_array_add(story->images, g_steal_pointer(&image));
    }
  }
  return TRUE;
}

static void remove_doubles(GPtrArray *images) {
  for (guint i = 0; i < images->len; i++) {
    for (guint j = images->len; j > i + 1; j--) {
      if (((const Image *)g_ptr_array_index(images, j - 1))->id ==
          ((const Image *)g_ptr_array_index(images, i))->id) {
        g_ptr_array_remove_index(images, j - 1);
      }
    }
  }
}

gboolean work_apply(StoreTransaction *transaction, const WorkContent *content, Story *story,
                    GError **error) {
  char **const places[WORK_TEXTS] = {
      [WORK_HEADLINE] = &story->headline,
      [WORK_STANDFIRST] = &story->standfirst,
      [WORK_KICKER] = &story->kicker,
      [WORK_DATELINE] = &story->dateline,
      [WORK_LANGUAGE] = &story->language,
      [WORK_SLUG] = &story->slug,
      [WORK_HERO_CAPTION] = &story->hero_caption,
      [WORK_HERO_CREDIT] = &story->hero_credit,
      [WORK_SEO_TITLE] = &story->seo_title,
      [WORK_SEO_DESCRIPTION] = &story->seo_description,
      [WORK_SHARE_TITLE] = &story->share_title,
      [WORK_SHARE_DESCRIPTION] = &story->share_description,
  };
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (places[i] != NULL) {
      text_replace(places[i], content->texts[i]);
    }
  }
  g_autoptr(GPtrArray) topics = work_rows_topics(transaction, content->topic_ids, error);
  if (topics == NULL || !set_body(transaction, content->texts[WORK_BODY], story, error) ||
      !set_section(transaction, content->references[WORK_SECTION], story, error) ||
      !set_bylines(transaction, content->bylines, story, error) ||
      !set_image(transaction, content->references[WORK_HERO_IMAGE], "hero_image_id", &story->hero,
                 error) ||
      !set_image(transaction, content->references[WORK_SHARE_IMAGE], "share_image_id",
                 &story->share_image, error)) {
    return FALSE;
  }
  remove_doubles(story->images);
  g_ptr_array_unref(story->topics);
  story->topics = g_steal_pointer(&topics);
  return TRUE;
}

static gboolean check_length(const WorkContent *content, WorkText text, glong most,
                             GError **error) {
  return g_utf8_strlen(content->texts[text], -1) <= most ||
         change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: %ld characters are the most",
                       work_text_name(text), most);
}

gboolean work_check_texts(const WorkContent *content, GError **error) {
  static const glong MOST[WORK_TEXTS] = {
      [WORK_HEADLINE] = 300,
      [WORK_STANDFIRST] = 2000,
      [WORK_KICKER] = 200,
      [WORK_DATELINE] = 200,
      [WORK_BODY] = 2000000,
      [WORK_LANGUAGE] = 35,
      [WORK_SLUG] = 200,
      [WORK_HERO_CAPTION] = 2000,
      [WORK_HERO_CREDIT] = 500,
      [WORK_SEO_TITLE] = 300,
      [WORK_SEO_DESCRIPTION] = 2000,
      [WORK_SHARE_TITLE] = 300,
      [WORK_SHARE_DESCRIPTION] = 2000,
  };
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (!check_length(content, (WorkText)i, MOST[i], error)) {
      return FALSE;
    }
  }
  const char *language = content->texts[WORK_LANGUAGE];
  if (*language != '\0' && !language_tag_is_valid(language)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "language: a language tag such as en or de, or nothing");
  }
  const char *slug = content->texts[WORK_SLUG];
  g_autofree char *proper = *slug != '\0' ? text_slug(slug, SLUG_BYTES) : NULL;
  if (proper != NULL && strcmp(proper, slug) != 0) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "slug: lower-case letters, digits and single hyphens: try %s", proper);
  }
  return content->bylines->len <= BYLINES_MOST && content->topic_ids->len <= BYLINES_MOST
             ? TRUE
             : change_refuse(error, NEWSROOM_ERROR_INVALID, "bylines: at most %d", BYLINES_MOST);
}

// A headline is wanted by every list; a draft may be without one for a while.
static void fill_headline(Story *story) {
  if (story->slug[0] == '\0') {
    g_free(story->slug);
    story->slug = text_slug(story->headline, SLUG_BYTES);
  }
}

gboolean work_sync(WorkOpened *opened, GError **error) {
  Story *story = opened->story;
  if (story->status == STORY_PUBLISHED) {
    return TRUE;
  }
  if (!work_apply(opened->change.transaction, opened->content, story, error)) {
    return FALSE;
  }
  fill_headline(story);
  return story_rows_update(opened->change.transaction, story, NULL, opened->change.now,
                           opened->change.site->zone, error);
}

gboolean work_publish_content(WorkOpened *opened, const WorkContent *content, WorkKind kind,
                              const char *note, GError **error) {
  Story *story = opened->story;
  g_autoptr(WorkContent) copy = work_content_copy(content);
  if (!work_apply(opened->change.transaction, copy, story, error)) {
    return FALSE;
  }
  fill_headline(story);
  work_content_set(copy, WORK_SLUG, story->slug);
  if (!work_add_version(opened, copy, kind, note, error) ||
      !work_version_rows_mark_published(opened->change.transaction, story->id,
                                        opened->state.version, error) ||
      !story_rows_update(opened->change.transaction, story, work_kind_name(kind),
                         opened->change.now, opened->change.site->zone, error)) {
    return FALSE;
  }
  opened->state.published_version = opened->state.version;
  opened->state.has_changes = FALSE;
  opened->state.stage = STAGE_PUBLISHED;
  return TRUE;
}

// ---- the merge --------------------------------------------------------------------------------

void work_conflict_free(WorkConflict *conflict) {
  if (conflict != NULL) {
    g_free(conflict->base);
    g_free(conflict->mine);
    g_free(conflict->theirs);
    g_free(conflict);
  }
}

static void add_conflict(GPtrArray *conflicts, WorkText field, const char *base, const char *mine,
                         const char *theirs, gboolean both) {
  WorkConflict *conflict = g_new0(WorkConflict, 1);
  *conflict = (WorkConflict){.field = field,
                             .base = g_strdup(base),
                             .mine = g_strdup(mine),
                             .theirs = g_strdup(theirs),
                             .both = both};
  g_ptr_array_add(conflicts, conflict);
}

static void merge_body(WorkContent *merged, const WorkContent *base, const WorkContent *theirs,
                       const MergeNames *names, GPtrArray *conflicts) {
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)merge_conflict_free);
  g_autofree char *body = text_merge(base->texts[WORK_BODY], merged->texts[WORK_BODY],
                                     theirs->texts[WORK_BODY], names, found);
  work_content_set(merged, WORK_BODY, body);
  for (guint i = 0; i < found->len; i++) {
    const MergeConflict *one = g_ptr_array_index(found, i);
    add_conflict(conflicts, WORK_BODY, one->base, one->mine, one->theirs, TRUE);
  }
}

static void merge_text(WorkContent *merged, WorkText text, const WorkContent *base,
                       const WorkContent *theirs, GPtrArray *conflicts) {
  const char *mine = merged->texts[text];
  if (strcmp(mine, base->texts[text]) == 0) {
    work_content_set(merged, text, theirs->texts[text]);
  } else if (strcmp(theirs->texts[text], base->texts[text]) != 0 &&
             strcmp(theirs->texts[text], mine) != 0) {
    add_conflict(conflicts, text, base->texts[text], mine, theirs->texts[text], FALSE);
  }
}

static gboolean has_topic(const GArray *ids, gint64 id) {
  for (guint i = 0; i < ids->len; i++) {
    if (g_array_index(ids, gint64, i) == id) {
      return TRUE;
    }
  }
  return FALSE;
}

// What they added is added; what both kept stays.
static void merge_topics(WorkContent *merged, const WorkContent *base, const WorkContent *theirs) {
  for (guint i = 0; i < theirs->topic_ids->len; i++) {
    gint64 id = g_array_index(theirs->topic_ids, gint64, i);
    if (!has_topic(base->topic_ids, id) && !has_topic(merged->topic_ids, id)) {
      g_array_append_val(merged->topic_ids, id);
    }
  }
  for (guint i = merged->topic_ids->len; i > 0; i--) {
    gint64 id = g_array_index(merged->topic_ids, gint64, i - 1);
    if (has_topic(base->topic_ids, id) && !has_topic(theirs->topic_ids, id)) {
      g_array_remove_index(merged->topic_ids, i - 1);
    }
  }
}

WorkContent *work_merge(const WorkContent *base, const WorkContent *mine, const WorkContent *theirs,
                        const char *mine_name, const char *theirs_name, GPtrArray *conflicts) {
  WorkContent *merged = work_content_copy(mine);
  MergeNames names = {mine_name, theirs_name};
  merge_body(merged, base, theirs, &names, conflicts);
  for (guint i = 0; i < WORK_TEXTS; i++) {
    if (i != WORK_BODY) {
      merge_text(merged, (WorkText)i, base, theirs, conflicts);
    }
  }
  for (guint i = 0; i < WORK_REFERENCES; i++) {
    if (mine->references[i] == base->references[i]) {
      merged->references[i] = theirs->references[i];
    }
  }
  if (work_bylines_equal(mine->bylines, base->bylines)) {
    g_autoptr(WorkContent) copy = work_content_copy(theirs);
    g_array_unref(merged->bylines);
    merged->bylines = g_array_ref(copy->bylines);
  }
  merge_topics(merged, base, theirs);
  return merged;
}

gboolean work_check_embargo(const Change *change, const Story *story, gint64 embargo_until,
                            gint64 when, GError **error) {
  if (embargo_until <= when) {
    return TRUE;
  }
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(embargo_until / CLOCK_SECOND);
  g_autoptr(GDateTime) here = g_date_time_to_timezone(utc, change->site->zone);
  g_autofree char *until = g_date_time_format(here, "%Y-%m-%d %H:%M %Z");
  return change_refuse(error, NEWSROOM_ERROR_STATE,
                       "story %" G_GINT64_FORMAT
                       " “%s” is under an embargo until %s: schedule it for then or later, or lift "
                       "the embargo in the newsroom",
                       story->id, story->headline, until);
}
