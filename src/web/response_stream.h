// SPDX-License-Identifier: Apache-2.0
//
// A response whose bytes come while it is sent: whoever makes them writes from any thread, the
// connection's I/O thread sends in chunks. Bounded: no more than RESPONSE_STREAM_MOST bytes wait
// for a slow reader. Written by handlers' producers (response.h) and by whoever tells many
// (web/event_hub.h); read by http_stream.c only.
#pragma once

#include "base/slice.h"

#define RESPONSE_STREAM_MOST (256u << 10) // bytes that wait to be sent

typedef struct ResponseStream ResponseStream;
ResponseStream *response_stream_new(void);
ResponseStream *response_stream_ref(ResponseStream *stream); // any thread
void response_stream_unref(ResponseStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ResponseStream, response_stream_unref)

// Waits for room. FALSE: nobody reads any more.
gboolean response_stream_write(ResponseStream *stream, Slice bytes);
// Never waits. FALSE: nobody reads any more, or too slowly: end it.
gboolean response_stream_offer(ResponseStream *stream, Slice bytes);
// Nothing follows. `whole` FALSE: what was sent is cut short, and the reader is to learn of it (the
// connection is closed without the last chunk).
void response_stream_end(ResponseStream *stream, gboolean whole);

// ---- for the connection's I/O thread ----------------------------------------------------------
typedef enum ResponseStreamState {
  RESPONSE_STREAM_OPEN,
  RESPONSE_STREAM_WHOLE,
  RESPONSE_STREAM_CUT
} ResponseStreamState;
// From now on `notify` is called, under a lock of the stream's, when there is something to take.
void response_stream_attach(ResponseStream *stream, void (*notify)(gpointer thread, guint64 id),
                            gpointer thread, guint64 id);
// What waits, taken over; NULL: nothing now. *ret_state: as it stands after these bytes.
GString *response_stream_take(ResponseStream *stream, ResponseStreamState *ret_state);
void response_stream_break(
    ResponseStream *stream); // the reader is gone; `notify` is not called again
