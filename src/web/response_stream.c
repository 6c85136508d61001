// SPDX-License-Identifier: Apache-2.0
//
// Implements response_stream.h.
#include "web/response_stream.h"

struct ResponseStream {
  gint references; // atomic
  GMutex lock;     // guards all below
  GCond room;
  GString *bytes; // NULL: none
  ResponseStreamState state;
  gboolean broken;
  void (*notify)(gpointer thread, guint64 id);
  gpointer thread;
  guint64 id;
};

ResponseStream *response_stream_new(void) {
  ResponseStream *stream = g_new0(ResponseStream, 1);
  stream->references = 1;
  g_mutex_init(&stream->lock);
  g_cond_init(&stream->room);
  return stream;
}

ResponseStream *response_stream_ref(ResponseStream *stream) {
  g_atomic_int_inc(&stream->references);
  return stream;
}

void response_stream_unref(ResponseStream *stream) {
  if (stream == NULL || !g_atomic_int_dec_and_test(&stream->references)) {
    return;
  }
  if (stream->bytes != NULL) {
    g_string_free(stream->bytes, TRUE);
  }
  g_mutex_clear(&stream->lock);
  g_cond_clear(&stream->room);
  g_free(stream);
}

static gsize waiting(const ResponseStream *stream) {
  return stream->bytes != NULL ? stream->bytes->len : 0;
}

// With the lock.
static void put(ResponseStream *stream, Slice bytes) {
  gboolean first = stream->bytes == NULL;
  if (first) {
    stream->bytes = g_string_sized_new(bytes.length);
  }
  g_string_append_len(stream->bytes, bytes.data, (gssize)bytes.length);
  if (first && stream->notify != NULL) {
    stream->notify(stream->thread, stream->id);
  }
}

gboolean response_stream_write(ResponseStream *stream, Slice bytes) {
  g_mutex_lock(&stream->lock);
  while (!stream->broken && waiting(stream) > 0 &&
         waiting(stream) + bytes.length > RESPONSE_STREAM_MOST) {
    g_cond_wait(&stream->room, &stream->lock);
  }
  gboolean good = !stream->broken;
  if (good && bytes.length > 0) {
    put(stream, bytes);
  }
  g_mutex_unlock(&stream->lock);
  return good;
}

gboolean response_stream_offer(ResponseStream *stream, Slice bytes) {
  g_mutex_lock(&stream->lock);
  gboolean good = !stream->broken && waiting(stream) + bytes.length <= RESPONSE_STREAM_MOST;
  if (good && bytes.length > 0) {
    put(stream, bytes);
  }
  g_mutex_unlock(&stream->lock);
  return good;
}

void response_stream_end(ResponseStream *stream, gboolean whole) {
  g_mutex_lock(&stream->lock);
  if (stream->state == RESPONSE_STREAM_OPEN) {
    stream->state = whole ? RESPONSE_STREAM_WHOLE : RESPONSE_STREAM_CUT;
    if (stream->notify != NULL) {
      stream->notify(stream->thread, stream->id);
    }
  }
  g_mutex_unlock(&stream->lock);
}

void response_stream_attach(ResponseStream *stream, void (*notify)(gpointer thread, guint64 id),
                            gpointer thread, guint64 id) {
  g_mutex_lock(&stream->lock);
  stream->notify = notify;
  stream->thread = thread;
  stream->id = id;
  if (stream->bytes != NULL || stream->state != RESPONSE_STREAM_OPEN) {
    notify(thread, id);
  }
  g_mutex_unlock(&stream->lock);
}

GString *response_stream_take(ResponseStream *stream, ResponseStreamState *ret_state) {
  g_mutex_lock(&stream->lock);
  GString *bytes = g_steal_pointer(&stream->bytes);
  *ret_state = stream->state;
  g_cond_broadcast(&stream->room);
  g_mutex_unlock(&stream->lock);
  return bytes;
}

void response_stream_break(ResponseStream *stream) {
  g_mutex_lock(&stream->lock);
  stream->broken = TRUE;
  stream->notify = NULL;
  g_cond_broadcast(&stream->room);
  g_mutex_unlock(&stream->lock);
}
