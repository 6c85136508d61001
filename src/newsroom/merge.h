// SPDX-License-Identifier: Apache-2.0
//
// What changed between two texts, and both changes in one: by lines first, by words within lines
// that both sides changed (diff3). No word that either side added is ever lost: where both changed
// the same words, both stand in the merged text, between marks that a person must take away. Pure;
// any thread.
#pragma once

#include "base/slice.h"

typedef enum DiffKind { DIFF_SAME, DIFF_ADDED, DIFF_REMOVED } DiffKind;
typedef struct DiffPart {
  DiffKind kind;
  char *text;
} DiffPart;
void diff_part_free(DiffPart *part);
// Word by word; joined again, SAME and REMOVED are `from`, SAME and ADDED are `to`. DiffPart *.
GPtrArray *text_diff(const char *from, const char *to);
void text_diff_count(const char *from, const char *to, guint *ret_added, guint *ret_removed);

// The lines around what both changed: "⟪ NAME ⟫" before each side's words, and "⟪ end ⟫".
#define MERGE_MARK "\xe2\x9f\xaa" // ⟪
typedef struct MergeNames {
  const char *mine, *theirs;
} MergeNames;
typedef struct MergeConflict {
  char *base, *mine, *theirs;
} MergeConflict;
void merge_conflict_free(MergeConflict *conflict);
// `conflicts` (MergeConflict *) gets those that need a person. Caller frees.
char *text_merge(const char *base, const char *mine, const char *theirs, const MergeNames *names,
                 GPtrArray *conflicts);
gboolean text_has_conflict(const char *text); // a mark stands in it
