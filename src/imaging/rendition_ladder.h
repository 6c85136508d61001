// SPDX-License-Identifier: Apache-2.0
//
// The ladders that wait to be filled in idle time: for each rectangle that somebody asked for, or
// that was uploaded, the widths and formats that pages use and the cache has not got. One ladder
// is finished before the next is begun, so that its original is decoded once for all of them.
// Called by rendition.c under its lock.
#pragma once

#include "imaging/rendition_cache.h"
#include "imaging/rendition_job.h"

typedef struct Ladder Ladder;
typedef struct LadderQueue {
  Ladder *current;
  GQueue waiting; // Ladder *, newest first
} LadderQueue;

// A reference of `source` is taken. Does nothing when that rectangle waits already; the oldest is
// forgotten when too many wait.
void ladder_queue_add(LadderQueue *queue, RenditionSource *source, const char *stem,
                      CropRectangle crop);
// The next rendition that is not in the cache, nor among `flights` (names being made); NULL: all
// ladders are full. Caller releases.
Job *ladder_queue_next(LadderQueue *queue, RenditionCache *cache, GHashTable *flights);
void ladder_queue_give_up(LadderQueue *queue); // the ladder of the last job can't be made
gboolean ladder_queue_is_empty(const LadderQueue *queue);
void ladder_queue_clear(LadderQueue *queue);
gint32 ladder_widest(CropRectangle crop); // the widest rung that fits; 0: none does
