// SPDX-License-Identifier: Apache-2.0
//
// One thing for a decoder to do and all who wait for it, and the decoder of one worker thread with
// the rectangle that it has open. Called by rendition.c, which guards the waiting with its own
// lock.
#pragma once

#include "imaging/decoder_client.h"
#include "imaging/rendition_source.h"

typedef enum JobKind { JOB_RENDITION, JOB_VERIFY, JOB_PROBE } JobKind;

typedef struct Job {
  JobKind kind;
  guint references; // guarded by the renditioner's lock, as are the next five
  gboolean done;
  GBytes *bytes; // done and good
  GError *error; // done and bad
  gint32 probe[PROBE_COUNT];
  gboolean fill;           // nobody asked for it yet: made in idle time
  char *name;              // in the cache; NULL unless JOB_RENDITION
  char *rectangle;         // names what is to be open: equal for all renditions of one crop
  RenditionSource *source; // NULL for JOB_PROBE, and until the original is open
  CropRectangle crop;
  gint32 width, height;
  ImageFormat format;
} Job;

char *rendition_name(const char *stem, gint32 width, ImageFormat format); // in the cache
Job *job_new(JobKind kind);                                               // one reference
// A JOB_RENDITION of `stem`, which names its original and rectangle; without a source yet.
Job *job_new_rendition(const char *stem, CropRectangle crop, gint32 width, ImageFormat format);
void job_free(Job *job); // when no reference is left

typedef struct OpenDecoder {
  DecoderClient *client;
  char *rectangle; // what is open in it; NULL: nothing
  gint32 widest;
  gboolean single;
  gint64 used_at; // monotonic
} OpenDecoder;

typedef struct OpenHint {
  gint32 widest;   // what else is wanted of the same rectangle
  gboolean single; // nothing else
} OpenHint;

// Makes the rendition; *ret_decoded says whether the original had to be decoded for it.
GBytes *job_render(const Job *job, OpenDecoder *decoder, OpenHint hint, gboolean *ret_decoded,
                   GError **error);
gboolean job_verify(const Job *job, OpenDecoder *decoder, GError **error);
gboolean job_probe(Job *job, OpenDecoder *decoder, GError **error);
void open_decoder_stop(OpenDecoder *decoder);
