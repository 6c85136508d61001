// SPDX-License-Identifier: Apache-2.0
//
// What the files of works.h share: a story opened for a change, a version added to it, and working
// copies turned into stories. For src/newsroom/work*.c only.
#pragma once

#include "newsroom/change.h"
#include "newsroom/works.h"

// A story as a change finds it, its working copy, and its state.
typedef struct WorkOpened {
  Change change;
  Story *story; // as readers see it
  WorkState state;
  WorkContent *content; // the working copy
} WorkOpened;
void work_opened_clear(WorkOpened *opened);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WorkOpened, work_opened_clear)

// Opens it for one who may do `own` with their own and `any` with everybody's. Versions are made
// from what there was, and what came from elsewhere (an import, a command) is taken in.
gboolean work_open(WorkOpened *opened, Newsroom *newsroom, gint64 id, Permission own,
                   Permission any, GError **error);
gboolean work_is_stale(const WorkOpened *opened, gint64 base_revision, GError **error);
// The next version; the state moves with it (but isn't put).
gboolean work_add_version(WorkOpened *opened, const WorkContent *content, WorkKind kind,
                          const char *note, GError **error);
gboolean work_put_state(WorkOpened *opened, GError **error);
// The content of one of the story's versions; NULL on error.
WorkContent *work_version_content(StoreTransaction *transaction, gint64 id, gint64 number,
                                  GError **error);
// `story` gets the content's words, and what it refers to. INVALID names the field.
gboolean work_apply(StoreTransaction *transaction, const WorkContent *content, Story *story,
                    GError **error);
// The lengths of texts, and whether the body can be read.
gboolean work_check_texts(const WorkContent *content, GError **error);
// Where the story isn't published, its row has the working copy, too, so that lists show it.
gboolean work_sync(WorkOpened *opened, GError **error);
// Readers see the content from now on; `kind`, `note` of its version.
gboolean work_publish_content(WorkOpened *opened, const WorkContent *content, WorkKind kind,
                              const char *note, GError **error);
gboolean work_is_own(const Newsroom *newsroom, StoreTransaction *transaction, gint64 id,
                     gboolean *ret_own, GError **error);
// Merges what was saved meanwhile into `mine`: base and theirs are versions.
WorkContent *work_merge(const WorkContent *base, const WorkContent *mine, const WorkContent *theirs,
                        const char *mine_name, const char *theirs_name, GPtrArray *conflicts);

// FALSE with STATE if the story is under an embargo at `when`: the error says until when, and what
// to do.
gboolean work_check_embargo(const Change *change, const Story *story, gint64 embargo_until,
                            gint64 when, GError **error);
