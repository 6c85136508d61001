// SPDX-License-Identifier: Apache-2.0
//
// A story as the newsroom works on it: its working copy (WorkContent), which readers don't see
// before it is published, how far it is (WorkStage), and what it was before (WorkVersion). Plain
// structs.
#pragma once

#include "model/story.h"

typedef enum WorkStage { STAGE_DRAFT, STAGE_REVIEW, STAGE_READY, STAGE_PUBLISHED } WorkStage;
#define WORK_STAGES 4
const char *work_stage_name(WorkStage stage); // "draft" …
gboolean work_stage_parse(const char *name, WorkStage *ret_stage);

typedef enum WorkKind { // how a version came about
  WORK_IMPORTED,
  WORK_CREATED,
  WORK_SAVED,
  WORK_AUTOMATIC,
  WORK_MERGED,
  WORK_RESTORED,
  WORK_PUBLISHED,
  WORK_CORRECTED,
  WORK_WITHDRAWN,
  WORK_STAGED
} WorkKind;
const char *work_kind_name(WorkKind kind); // "imported" …

typedef enum WorkText {
  WORK_HEADLINE,
  WORK_STANDFIRST,
  WORK_KICKER,
  WORK_DATELINE,
  WORK_BODY,
  WORK_LANGUAGE,
  WORK_SLUG,
  WORK_HERO_CAPTION,
  WORK_HERO_CREDIT,
  WORK_SEO_TITLE,
  WORK_SEO_DESCRIPTION,
  WORK_SHARE_TITLE,
  WORK_SHARE_DESCRIPTION,
  WORK_TEXTS
} WorkText;
const char *work_text_name(WorkText text); // "headline" …, as the API calls it
gboolean work_text_parse(const char *name, WorkText *ret_text);

typedef enum WorkReference {
  WORK_SECTION,
  WORK_HERO_IMAGE,
  WORK_SHARE_IMAGE,
  WORK_REFERENCES
} WorkReference;
const char *work_reference_name(WorkReference reference); // "section_id" …

typedef struct WorkByline {
  gint64 author_id;
  char *role;
} WorkByline;
GArray *work_bylines_new(void); // WorkByline, cleared with it

typedef struct WorkContent {
  char *texts[WORK_TEXTS];            // never NULL
  gint64 references[WORK_REFERENCES]; // 0: none
  GArray *bylines;                    // WorkByline
  GArray *topic_ids;                  // gint64
} WorkContent;
WorkContent *work_content_new(void);
WorkContent *work_content_copy(const WorkContent *content);
void work_content_free(WorkContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkContent, work_content_free)
void work_content_set(WorkContent *content, WorkText text, const char *value);
gboolean work_content_equal(const WorkContent *a, const WorkContent *b);
gboolean work_bylines_equal(const GArray *a, const GArray *b);
gboolean work_topics_equal(const GArray *a, const GArray *b);
WorkContent *work_content_of(const Story *story);

// JSON, as it is stored. NULL if it is none of ours.
char *work_content_write(const WorkContent *content);
WorkContent *work_content_read(const char *json);

// What the story's row tells the newsroom beside the story itself.
typedef struct WorkState {
  WorkStage stage;
  gboolean has_changes;
  gint64 saved_at, saved_by, owner_id, embargo_until;
  gint64 version;           // newest; 0: none was made yet, the row is the working copy
  gint64 published_version; // 0: none
  gint64 seen_revision;     // of the story when the newest version was made
} WorkState;

typedef struct WorkVersion {
  gint64 story_id, number, saved_at, staff_id;
  WorkKind kind;
  char *note, *headline, *content; // content NULL in lists
  gint32 word_count, words_added, words_removed;
  gboolean was_published;
} WorkVersion;
void work_version_free(WorkVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkVersion, work_version_free)

typedef struct WorkLock {
  gint64 story_id, staff_id, since, expires_at;
  char *holder;
} WorkLock;
void work_lock_free(WorkLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkLock, work_lock_free)

typedef struct WorkNote {
  gint64 id, story_id, staff_id, created_at, reply_to, resolved_by, resolved_at;
  char *body, *passage, *prefix;
} WorkNote;
void work_note_free(WorkNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkNote, work_note_free)

// A story in the newsroom's lists.
typedef struct WorkSummary {
  gint64 id, scheduled_for, published_at, created_at;
  char *headline, *slug, *kicker, *byline_names;
  gint64 section_id;
  char *section_slug, *section_name;
  StoryStatus status;
  gint32 word_count;
  gint64 hero_id, open_notes;
  WorkState state;
  gint64 lock_staff_id, lock_since, lock_expires_at; // 0: none
  char *lock_holder;
  Image *hero; // may be NULL
} WorkSummary;
void work_summary_free(WorkSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkSummary, work_summary_free)
