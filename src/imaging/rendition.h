// SPDX-License-Identifier: Apache-2.0
//
// Renditions: an original cut and scaled, made in sandboxed decoder processes, kept in a disk
// cache, each made once however many ask. Lanes of their own for progressive JPEGs and for AVIF,
// so that they can't starve the rest. Renditioner may be used from any thread; the calls block.
#pragma once

#include <glib.h>

#include "imaging/image_header.h"
#include "model/image.h"

typedef struct RenditionOptions {
  const char *cache_folder; // made if missing
  gint64 cache_bytes;       // limit of the disk cache
  guint workers; // decoder processes in each of the lanes for JPEG and WebP and for AVIF; 0: one a
                 // processor
  guint queue;   // jobs waiting in each lane before BUSY; 0: 64
  const char *program;  // the binary to start as decoder: "<program> decoder"
  guint seconds;        // wall-clock limit of one job; 0: 20
  guint64 memory_bytes; // address-space limit of one decoder; 0: a sane default
  gboolean fill_ladder; // in idle time, make the neighbours (other widths and formats) from the
                        // same decode
} RenditionOptions;

typedef struct Renditioner Renditioner;
Renditioner *renditioner_new(const RenditionOptions *options, GError **error);
void renditioner_free(Renditioner *renditioner); // ends the decoders
// From now on nothing new is begun and what waits is BUSY at once; what runs has so long to end.
// For a server that ends: its threads wait in the calls below, and the renditioner must outlive
// them.
void renditioner_stop(Renditioner *renditioner, guint seconds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Renditioner, renditioner_free)

typedef struct RenditionRequest {
  const Image *image;
  int original_fd; // borrowed; -1: open_original is called when the cache has nothing
  int (*open_original)(const Image *image, gpointer data, GError **error);
  gpointer data;
  ImageAspect aspect; // for the cache's name only
  CropRectangle crop; // must lie inside the picture
  gint32 width;       // of the ladder; never scaled up beyond the crop
  ImageFormat format; // JPEG, WEBP or AVIF (PNG for pictures with few colours is not offered)
} RenditionRequest;

// The finished file's bytes (mapped from the cache: cheap). Caller unrefs. IMAGING_ERROR_*.
GBytes *rendition_get(Renditioner *renditioner, const RenditionRequest *request, GError **error);

// Decodes once in the sandbox to prove that the picture is what it says (imports, uploads).
gboolean rendition_verify(Renditioner *renditioner, int original_fd, GError **error);

// Queues the ladder of request->crop (the widths and formats that pages use) to be made in idle
// time: uploads call it. Does nothing when fill_ladder is off. FALSE: the original can't be opened.
gboolean rendition_prepare_ladder(Renditioner *renditioner, const RenditionRequest *request,
                                  GError **error);
gboolean rendition_is_idle(Renditioner *renditioner); // nothing queued, running or to be filled

typedef struct RenditionStatistics {
  guint64 hits, misses, failures, busy, decoder_deaths, decoder_starts;
  guint64 joined;  // asked for while it was being made for somebody else
  guint64 filled;  // made in idle time
  guint64 decodes; // originals opened: a whole ladder takes one or two
  gint64 cache_bytes;
  guint queued, running;
} RenditionStatistics;
void rendition_statistics(Renditioner *renditioner, RenditionStatistics *ret_statistics);
// The sandbox's own account of what it denies (see DecoderProbe in decoder_protocol.h): `errors`
// has room for `count`. For doctor and the tests.
gboolean rendition_probe(Renditioner *renditioner, gint32 *errors, guint count, GError **error);
