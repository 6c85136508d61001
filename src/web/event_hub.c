// SPDX-License-Identifier: Apache-2.0
//
// Implements event_hub.h. An event's id is a fingerprint of what it tells: progress is a state, not
// a history, so that whoever comes back needs the newest only, and not even that if they had it.
#include "web/event_hub.h"

#include <string.h>

#include "base/fingerprint.h"

#define LOOK_PAUSE G_TIME_SPAN_SECOND
#define HEARTBEAT (15 * G_TIME_SPAN_SECOND)
#define LONGEST (10 * G_TIME_SPAN_MINUTE) // then whoever watches is admitted anew

typedef struct Watcher {
  gint64 id;
  ResponseStream *stream;
  char seen[33];
  gint64 begun, told; // monotonic µs
} Watcher;

struct EventHub {
  EventTell tell;
  gpointer data;
  GThread *thread;
  GMutex lock; // guards all below
  GCond wake;
  GPtrArray *watchers; // Watcher *
  gboolean stopping, nudged;
};

static void watcher_free(gpointer data) {
  Watcher *watcher = data;
  response_stream_end(watcher->stream, TRUE);
  response_stream_unref(watcher->stream);
  g_free(watcher);
}

gboolean event_hub_add(EventHub *hub, gint64 id, const char *seen, ResponseStream *stream) {
  g_mutex_lock(&hub->lock);
  gboolean room = hub->watchers->len < EVENT_STREAMS_MOST && !hub->stopping;
  if (room) {
    Watcher *watcher = g_new0(Watcher, 1);
    watcher->id = id;
    watcher->stream = response_stream_ref(stream);
    g_strlcpy(watcher->seen, seen, sizeof watcher->seen);
    watcher->begun = watcher->told = g_get_monotonic_time();
    g_ptr_array_add(hub->watchers, watcher);
    hub->nudged = TRUE;
    g_cond_signal(&hub->wake);
  }
  g_mutex_unlock(&hub->lock);
  return room;
}

// FALSE: let go of it.
static gboolean tell_one(Watcher *watcher, const char *text, gint64 now) {
  char id[33];
  if (now - watcher->begun > LONGEST) {
    return FALSE;
  }
  if (text != NULL) {
    fingerprint_write(slice_of(text), id);
  }
  if (text != NULL && strcmp(id, watcher->seen) != 0) {
    g_autofree char *event = g_strdup_printf("id: %s\nevent: progress\ndata: %s\n\n", id, text);
    g_strlcpy(watcher->seen, id, sizeof watcher->seen);
    watcher->told = now;
    return response_stream_offer(watcher->stream, slice_of(event));
  }
  if (now - watcher->told > HEARTBEAT) {
    watcher->told = now;
    return response_stream_offer(watcher->stream, SLICE_LITERAL(":\n\n"));
  }
  return response_stream_offer(watcher->stream, SLICE_LITERAL("")); // is anybody there?
}

// The ids that somebody watches, each once. Caller frees.
static GArray *watched(EventHub *hub) {
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_mutex_lock(&hub->lock);
  for (guint i = 0; i < hub->watchers->len; i++) {
    gint64 id = ((const Watcher *)g_ptr_array_index(hub->watchers, i))->id;
    gboolean known = FALSE;
    for (guint n = 0; n < ids->len; n++) {
      known |= g_array_index(ids, gint64, n) == id;
    }
    if (!known) {
      g_array_append_val(ids, id);
    }
  }
  g_mutex_unlock(&hub->lock);
  return ids;
}

static void look(EventHub *hub) {
  g_autoptr(GArray) ids = watched(hub);
  for (guint n = 0; n < ids->len; n++) {
    gint64 id = g_array_index(ids, gint64, n);
    g_autofree char *text = hub->tell(hub->data, id); // without the lock: it asks the database
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&hub->lock);
    for (guint i = hub->watchers->len; i-- > 0;) {
      Watcher *watcher = g_ptr_array_index(hub->watchers, i);
      if (watcher->id == id && !tell_one(watcher, text, now)) {
        g_ptr_array_remove_index_fast(hub->watchers, i);
      }
    }
    g_mutex_unlock(&hub->lock);
  }
}

static gpointer run(gpointer data) {
  EventHub *hub = data;
  g_mutex_lock(&hub->lock);
  while (!hub->stopping) {
    hub->nudged = FALSE;
    g_mutex_unlock(&hub->lock);
    look(hub);
    g_mutex_lock(&hub->lock);
    gint64 until = g_get_monotonic_time() + LOOK_PAUSE;
    while (!hub->stopping && !hub->nudged && g_cond_wait_until(&hub->wake, &hub->lock, until)) {
    }
  }
  g_mutex_unlock(&hub->lock);
  return NULL;
}

EventHub *event_hub_start(EventTell tell, gpointer data) {
  EventHub *hub = g_new0(EventHub, 1);
  hub->tell = tell;
  hub->data = data;
  g_mutex_init(&hub->lock);
  g_cond_init(&hub->wake);
  hub->watchers = g_ptr_array_new_with_free_func(watcher_free);
  hub->thread = g_thread_new("events", run, hub);
  return hub;
}

void event_hub_stop(EventHub *hub) {
  if (hub == NULL) {
    return;
  }
  g_mutex_lock(&hub->lock);
  hub->stopping = TRUE;
  g_cond_signal(&hub->wake);
  g_mutex_unlock(&hub->lock);
  g_thread_join(hub->thread);
  g_ptr_array_unref(hub->watchers);
  g_mutex_clear(&hub->lock);
  g_cond_clear(&hub->wake);
  g_free(hub);
}
