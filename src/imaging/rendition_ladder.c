// SPDX-License-Identifier: Apache-2.0
//
// Implements rendition_ladder.h. Never opens a file and never decodes: it only says what is
// missing.
#include "imaging/rendition_ladder.h"

#include <string.h>

#define WAITING_LIMIT 32 // each holds an original open

// The widths that pages offer (press/page_picture.c), the likeliest first.
static const gint32 WIDTHS[] = {810, 960, 480, 640, 1280, 320, 1600, 1920, 240};
static const ImageFormat FORMATS[] = {FORMAT_WEBP, FORMAT_AVIF, FORMAT_JPEG};

struct Ladder {
  RenditionSource *source;
  char *stem; // of the names in the cache
  CropRectangle crop;
  guint next; // in WIDTHS x FORMATS
};

static void ladder_free(gpointer data) {
  Ladder *ladder = data;
  rendition_source_unref(ladder->source);
  g_free(ladder->stem);
  g_free(ladder);
}

static gint compare_stem(gconstpointer ladder, gconstpointer stem) {
  return strcmp(((const Ladder *)ladder)->stem, stem);
}

void ladder_queue_add(LadderQueue *queue, RenditionSource *source, const char *stem,
                      CropRectangle crop) {
  if ((queue->current != NULL && compare_stem(queue->current, stem) == 0) ||
      g_queue_find_custom(&queue->waiting, stem, compare_stem) != NULL) {
    return;
  }
  Ladder *ladder = g_new0(Ladder, 1);
  ladder->source = rendition_source_ref(source);
  ladder->stem = g_strdup(stem);
  ladder->crop = crop;
  g_queue_push_head(&queue->waiting, ladder);
  if (queue->waiting.length > WAITING_LIMIT) {
    ladder_free(g_queue_pop_tail(&queue->waiting));
  }
}

static Job *next_of(Ladder *ladder, RenditionCache *cache, GHashTable *flights) {
  while (ladder->next < G_N_ELEMENTS(WIDTHS) * G_N_ELEMENTS(FORMATS)) {
    gint32 width = WIDTHS[ladder->next / G_N_ELEMENTS(FORMATS)];
    ImageFormat format = FORMATS[ladder->next % G_N_ELEMENTS(FORMATS)];
    ladder->next++;
    if (width > ladder->crop.width) {
      continue;
    }
    Job *job = job_new_rendition(ladder->stem, ladder->crop, width, format);
    if (!g_hash_table_contains(flights, job->name) && !rendition_cache_has(cache, job->name)) {
      job->fill = TRUE;
      job->source = rendition_source_ref(ladder->source);
      return job;
    }
    job_free(job);
  }
  return NULL;
}

Job *ladder_queue_next(LadderQueue *queue, RenditionCache *cache, GHashTable *flights) {
  for (;;) {
    if (queue->current == NULL) {
      queue->current = g_queue_pop_head(&queue->waiting);
    }
    Job *job = queue->current != NULL ? next_of(queue->current, cache, flights) : NULL;
    if (job != NULL || queue->current == NULL) {
      return job;
    }
    ladder_queue_give_up(queue);
  }
}

void ladder_queue_give_up(LadderQueue *queue) {
  g_clear_pointer(&queue->current, ladder_free);
}

gboolean ladder_queue_is_empty(const LadderQueue *queue) {
  return queue->current == NULL && queue->waiting.length == 0;
}

void ladder_queue_clear(LadderQueue *queue) {
  ladder_queue_give_up(queue);
  g_queue_clear_full(&queue->waiting, ladder_free);
}

gint32 ladder_widest(CropRectangle crop) {
  gint32 widest = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(WIDTHS); i++) {
    widest = WIDTHS[i] <= crop.width ? MAX(widest, WIDTHS[i]) : widest;
  }
  return widest;
}
