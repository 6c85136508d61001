// SPDX-License-Identifier: Apache-2.0
//
// Implements ladders.h. A database that is gone is the watcher's to tell: here it only means that
// there is nothing to do for now.
#include "app/ladders.h"

#include "store/image_rows.h"

enum {
  NEWEST = 64,          // pictures that a start, or a great import, looks back to
  REQUESTS_A_LOOK = 20, // more than so many between two looks: readers are at work
  LOOK_SECONDS = 1
};

// What pages cut pictures to most (press/page_picture.c).
static const ImageAspect ASPECTS[] = {ASPECT_3X2, ASPECT_16X9};

struct Ladders {
  LaddersOptions options;
  GThread *thread;
  GMutex lock; // guards stopping and nudged
  GCond wake;
  gboolean stopping, nudged;
  gint64 last_id; // the thread's own, as are the next two: of the pictures done with
  guint64 requests;
  gboolean finished; // no newer picture at the last look
};

static int open_original(const Image *image, gpointer data, GError **error) {
  Newsroom *newsroom = data;
  return originals_open_read(newsroom->originals, image->hash, image->format, error);
}

// The oldest picture that is newer than the last one; NULL: there is none, or no database.
static Image *next_picture(Ladders *ladders) {
  g_autoptr(StoreTransaction) transaction =
      store_begin_read(ladders->options.newsroom->store, NULL);
  gint64 newest = transaction != NULL ? image_rows_newest(transaction, NULL) : -1;
  if (newest < 0) {
    return NULL;
  }
  ladders->last_id = MAX(ladders->last_id, newest - NEWEST);
  return newest > ladders->last_id ? image_rows_next(transaction, ladders->last_id, NULL) : NULL;
}

static void prepare(Ladders *ladders, const Image *image) {
  for (gsize i = 0; i < G_N_ELEMENTS(ASPECTS); i++) {
    const RenditionRequest request = {.image = image,
                                      .original_fd = -1,
                                      .open_original = open_original,
                                      .data = ladders->options.newsroom,
                                      .aspect = ASPECTS[i],
                                      .crop = image_crop(image, ASPECTS[i]),
                                      .width = 1,
                                      .format = FORMAT_JPEG};
    // A picture that can't be opened is told to whoever asks for it.
    (void)rendition_prepare_ladder(ladders->options.newsroom->renditioner, &request, NULL);
  }
}

static gboolean is_idle(Ladders *ladders) {
  guint64 before = ladders->requests;
  ladders->requests = ladders->options.requests(ladders->options.data);
  return ladders->requests - before <= REQUESTS_A_LOOK &&
         rendition_is_idle(ladders->options.newsroom->renditioner);
}

static void look(Ladders *ladders) {
  if (!is_idle(ladders)) {
    return;
  }
  g_autoptr(Image) image = next_picture(ladders);
  ladders->finished = image == NULL;
  if (image != NULL) {
    prepare(ladders, image);
    ladders->last_id = image->id;
  }
}

static gpointer run(gpointer data) {
  Ladders *ladders = data;
  g_mutex_lock(&ladders->lock);
  while (!ladders->stopping) {
    gint64 until = g_get_monotonic_time() + LOOK_SECONDS * G_USEC_PER_SEC;
    while (!ladders->stopping && g_cond_wait_until(&ladders->wake, &ladders->lock, until)) {
    }
    while (!ladders->stopping && ladders->finished && !ladders->nudged) {
      g_cond_wait(&ladders->wake, &ladders->lock);
    }
    gboolean stopping = ladders->stopping;
    ladders->nudged = FALSE;
    g_mutex_unlock(&ladders->lock);
    if (!stopping) {
      look(ladders);
    }
    g_mutex_lock(&ladders->lock);
  }
  g_mutex_unlock(&ladders->lock);
  return NULL;
}

Ladders *ladders_start(const LaddersOptions *options) {
  Ladders *ladders = g_new0(Ladders, 1);
  ladders->options = *options;
  g_mutex_init(&ladders->lock);
  g_cond_init(&ladders->wake);
  ladders->thread = g_thread_new("ladders", run, ladders);
  return ladders;
}

static void raise_flag(Ladders *ladders, gboolean *flag) {
  g_mutex_lock(&ladders->lock);
  *flag = TRUE;
  g_cond_signal(&ladders->wake);
  g_mutex_unlock(&ladders->lock);
}

void ladders_nudge(Ladders *ladders) {
  if (ladders != NULL) {
    raise_flag(ladders, &ladders->nudged);
  }
}

void ladders_stop(Ladders *ladders) {
  if (ladders == NULL) {
    return;
  }
  raise_flag(ladders, &ladders->stopping);
  g_thread_join(ladders->thread);
  g_mutex_clear(&ladders->lock);
  g_cond_clear(&ladders->wake);
  g_free(ladders);
}
