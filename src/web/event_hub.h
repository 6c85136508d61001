// SPDX-License-Identifier: Apache-2.0
//
// Those who watch something go (a mailing) by server-sent events: one thread looks once a second
// for all of them and tells what changed, whoever is slow or gone is let go of. Bounded: beyond
// EVENT_STREAMS_MOST nobody is taken on, and the handler answers in the old way. Used by
// api_mailing_watch.c; started and stopped by app.
#pragma once

#include "web/response_stream.h"

#define EVENT_STREAMS_MOST 64

// The event's data as it is now, one line of JSON; caller frees. NULL: it can't be told now.
typedef char *(*EventTell)(gpointer data, gint64 id);

typedef struct EventHub EventHub;
EventHub *event_hub_start(EventTell tell, gpointer data);
void event_hub_stop(EventHub *hub); // ends all streams, joins, frees; NULL is fine
// Takes a reference. `seen`: Last-Event-ID, "" for none: what was told under it is not told again.
// FALSE: there are too many.
gboolean event_hub_add(EventHub *hub, gint64 id, const char *seen, ResponseStream *stream);
