// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a story in the making: begun, saved, merged, handed on, published, corrected,
// taken back. See newsroom.h. Readers see a story's row; what is written on a published story waits
// in its versions until it is published. Every save is kept; two that meet are merged
// (newsroom/merge).
#pragma once

#include "model/work.h"
#include "newsroom/newsroom.h"

#define WORK_LOCK_SECONDS 90        // unless it is renewed
#define WORK_HEADLINE_CHARACTERS 90 // longer ones are warned of

// A story with its working copy in it.
typedef struct Work {
  Story *story; // the working copy's words; status, dates and corrections as readers know them
  WorkContent *content;
  WorkState state;
  GPtrArray *images; // Image *, those that the body names
} Work;
void work_free(Work *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Work, work_free)
// In the caller's read transaction. NOT_FOUND, also for what this person may not see.
Work *works_read(Newsroom *newsroom, StoreTransaction *transaction, gint64 id, GError **error);
gint64 work_revision(const Work *work); // what the next save is based on

typedef struct WorkChange {
  const char *texts[WORK_TEXTS];      // NULL: as it is
  gint64 references[WORK_REFERENCES]; // -1: as it is
  const GArray *bylines;              // WorkByline; NULL: as it is
  const GArray *topic_ids;            // gint64; NULL: as it is
  const char *const *topics;          // names, made when missing; NULL: none
  gint64 base_revision;
  gint64 embargo_until; // -1: as it is; 0: none
  gboolean automatic;
} WorkChange;
WorkChange work_change_nothing(void);

typedef enum WorkOutcome {
  WORK_WAS_SAVED,
  WORK_WAS_SAME,
  WORK_WAS_MERGED,
  WORK_HAS_CONFLICT
} WorkOutcome;
typedef struct WorkConflict {
  WorkText field;
  char *base, *mine, *theirs;
  gboolean both; // both stand in the body; else mine stands, theirs is in the history
  gint64 theirs_by;
} WorkConflict;
void work_conflict_free(WorkConflict *conflict);

gint64 works_create(Newsroom *newsroom, const WorkChange *change, GError **error); // id, 0 on error
// `conflicts` (WorkConflict *) gets what a person must look at.
gboolean works_save(Newsroom *newsroom, gint64 id, const WorkChange *change,
                    WorkOutcome *ret_outcome, GPtrArray *conflicts, GError **error);
gboolean works_remove(Newsroom *newsroom, gint64 id, GError **error);
gboolean works_set_stage(Newsroom *newsroom, gint64 id, WorkStage stage, gint64 base_revision,
                         const char *note, GError **error); // base_revision 0: whatever it is

// STALE unless base_revision is the newest (0: whatever it is). at 0: now.
gboolean works_publish(Newsroom *newsroom, gint64 id, gint64 base_revision, gboolean updated,
                       gint64 at, GError **error);
gboolean works_schedule(Newsroom *newsroom, gint64 id, gint64 base_revision, gint64 at,
                        GError **error);
gboolean works_unschedule(Newsroom *newsroom, gint64 id, GError **error);
gboolean works_withdraw(Newsroom *newsroom, gint64 id, GError **error);
gboolean works_discard(Newsroom *newsroom, gint64 id, GError **error);

typedef struct WorkReplacement {
  WorkText field;
  const char *find, *with;
} WorkReplacement;
typedef struct WorkCorrection {
  const char *wrong, *right;
  const WorkReplacement *replacements;
  guint replacement_count;
  gint64 base_revision;
  gboolean publish; // the whole working copy along with it
} WorkCorrection;
// What readers see and the working copy change alike; the correction is noted in the same act.
gboolean works_correct(Newsroom *newsroom, gint64 id, const WorkCorrection *correction,
                       GError **error);

// The history. Makes the story's versions from what there was before, if need be.
gboolean works_prepare_history(Newsroom *newsroom, gint64 id, GError **error);
gboolean works_restore(Newsroom *newsroom, gint64 id, gint64 number, gint64 base_revision,
                       WorkOutcome *ret_outcome, GPtrArray *conflicts, GError **error);
gint64 works_thin_history(Newsroom *newsroom, GError **error); // autosaves older than a day; -1

// LOCKED when someone else has it, unless `take_over`.
gboolean works_lock(Newsroom *newsroom, gint64 id, gboolean take_over, GError **error);
gboolean works_unlock(Newsroom *newsroom, gint64 id, GError **error);

gint64 works_add_note(Newsroom *newsroom, const WorkNote *note, GError **error); // id, 0 on error
// text NULL, resolved -1: as it is. One's own words only; anybody resolves.
gboolean works_change_note(Newsroom *newsroom, gint64 id, gint64 note_id, const char *text,
                           gint resolved, GError **error);
gboolean works_remove_note(Newsroom *newsroom, gint64 id, gint64 note_id, GError **error);

typedef struct WorkCheck {
  gboolean is_error;
  const char *code, *field;
  char *says;
} WorkCheck;
void work_check_free(WorkCheck *check);
// What stands in the way of publishing (errors), or should be looked at. WorkCheck *.
GPtrArray *works_check(const Work *work);

gboolean works_may_read(Newsroom *newsroom, StoreTransaction *transaction, gint64 id,
                        GError **error);
