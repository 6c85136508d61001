// SPDX-License-Identifier: Apache-2.0
//
// One decoder process as its owner sees it: started when first needed, asked one thing at a time,
// killed when it is too slow, started anew when it died. Called by rendition.c; each client by one
// thread, which must live as long as its process (the process dies with the thread that started
// it).
#pragma once

#include <sys/types.h>

#include "imaging/decoder_protocol.h"
#include "imaging/image_header.h"

typedef struct DecoderClientOptions {
  const char *program;  // "<program> decoder"; borrowed for the client's life
  guint seconds;        // one request: wall clock, and about as much processor time
  guint64 memory_bytes; // address space of the process
  gint nice;            // added to the process's niceness
  int stop_fd;          // readable: no more waiting, every request fails with BUSY; -1: none
} DecoderClientOptions;

typedef struct DecoderClient DecoderClient;
DecoderClient *decoder_client_new(const DecoderClientOptions *options);
void decoder_client_free(DecoderClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DecoderClient, decoder_client_free)

// Starts the process if none runs, sends `request` with `fd` (-1: none; borrowed), waits for the
// answer. FALSE: IMAGING_ERROR_CORRUPT (the picture could not be decoded, or killed the decoder),
// _TIMEOUT, _BUSY (by stop_fd) or _FAILED.
gboolean decoder_client_ask(DecoderClient *client, const DecoderRequest *request, int fd,
                            DecoderAnswer *ret_answer, GError **error);
void decoder_client_stop(
    DecoderClient *client); // ends the process; the next request starts another
gboolean decoder_client_is_running(const DecoderClient *client);
pid_t decoder_client_pid(const DecoderClient *client); // 0 if none
// Counts of this client, for statistics.
guint64 decoder_client_starts(const DecoderClient *client);
guint64 decoder_client_deaths(
    const DecoderClient *client); // not asked for: killed by a picture, a limit or from outside
