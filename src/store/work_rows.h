// SPDX-License-Identifier: Apache-2.0
//
// Stories as the newsroom works on them: lists, versions, locks and notes <-> rows. See
// store/store.h for threads and errors. Arrays are GPtrArrays that free their items. Lists go by
// keys and not by offsets, so that a million stories answer like a hundred.
#pragma once

#include "model/work.h"
#include "store/store.h"

gboolean work_rows_get_state(StoreTransaction *transaction, gint64 id, WorkState *ret_state,
                             GError **error); // NOT_FOUND
gboolean work_rows_put_state(StoreTransaction *transaction, gint64 id, const WorkState *state,
                             GError **error);

typedef struct WorkFilter {
  gint stage, status;                     // -1: all
  gint64 section_id, owner_id, author_id; // 0: all
  gboolean changed;                       // published ones with changes only
  gint64 own_staff_id, own_author_id;     // not 0: only what is that person's own
  gint64 before_saved_at, before_id;      // go on after that one; 0: the first part
  guint limit;
} WorkFilter;
// Last saved first; an author's by number, newest first.
GPtrArray *work_rows_list(StoreTransaction *transaction, const WorkFilter *filter,
                          GError **error); // WorkSummary *
GPtrArray *work_rows_list_ids(StoreTransaction *transaction, const gint64 *ids, guint count,
                              GError **error); // in the order given, those that there are
GPtrArray *work_rows_scheduled(StoreTransaction *transaction, guint limit, GError **error);
// Of what is not published: by part of the headline. gint64.
GArray *work_rows_find(StoreTransaction *transaction, const char *words, guint limit,
                       GError **error);
gboolean work_rows_is_own(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                          gint64 author_id, gboolean *ret_own, GError **error);
gint64 work_rows_count_stage(StoreTransaction *transaction, WorkStage stage,
                             GError **error); // at most 10000; -1
gint64 work_rows_remove_story(StoreTransaction *transaction, gint64 id,
                              GError **error); // one that readers never saw; how many; -1
GArray *work_rows_mailings(StoreTransaction *transaction, gint64 id, GError **error); // gint64
GPtrArray *work_rows_topics(StoreTransaction *transaction, const GArray *ids,
                            GError **error); // Topic *, in the order of `ids`

gboolean work_version_rows_insert(StoreTransaction *transaction, const WorkVersion *version,
                                  GError **error);
WorkVersion *work_version_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 number,
                                   GError **error); // NOT_FOUND
GPtrArray *work_version_rows_list(StoreTransaction *transaction, gint64 story_id, gint64 before,
                                  guint limit, GError **error); // WorkVersion *; before 0: newest
gboolean work_version_rows_mark_published(StoreTransaction *transaction, gint64 story_id,
                                          gint64 number, GError **error);
gint64 work_version_rows_thin(StoreTransaction *transaction, gint64 before, GError **error);

WorkLock *work_lock_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 now,
                             GError **error); // NOT_FOUND, also when expired
gboolean work_lock_rows_put(StoreTransaction *transaction, const WorkLock *lock, GError **error);
gboolean work_lock_rows_remove(StoreTransaction *transaction, gint64 story_id, const char *holder,
                               GError **error);

gint64 work_note_rows_insert(StoreTransaction *transaction, const WorkNote *note, GError **error);
GPtrArray *work_note_rows_list(StoreTransaction *transaction, gint64 story_id, GError **error);
WorkNote *work_note_rows_get(StoreTransaction *transaction, gint64 story_id, gint64 id,
                             GError **error); // NOT_FOUND
gboolean work_note_rows_update(StoreTransaction *transaction, const WorkNote *note, GError **error);
gboolean work_note_rows_remove(StoreTransaction *transaction, gint64 id, GError **error);
gint64 work_note_rows_open(StoreTransaction *transaction, gint64 story_id, GError **error); // -1
