// SPDX-License-Identifier: Apache-2.0
//
// Implements rendition_job.h: what is said to the decoder for a job, and the checks of what comes
// back.
#include "imaging/rendition_job.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUT_LIMIT (G_GINT64_CONSTANT(32) << 20)

Job *job_new(JobKind kind) {
  Job *job = g_new0(Job, 1);
  job->kind = kind;
  job->references = 1;
  return job;
}

char *rendition_name(const char *stem, gint32 width, ImageFormat format) {
  return g_strdup_printf("%s-%d.%s", stem, width, image_format_extension(format));
}

Job *job_new_rendition(const char *stem, CropRectangle crop, gint32 width, ImageFormat format) {
  Job *job = job_new(JOB_RENDITION);
  gint64 height = ((gint64)width * crop.height + crop.width / 2) / crop.width;
  job->name = rendition_name(stem, width, format);
  job->rectangle = g_strdup(stem);
  job->crop = crop;
  job->width = width;
  job->height = (gint32)MAX(1, height);
  job->format = format;
  return job;
}

void job_free(Job *job) {
  g_clear_pointer(&job->bytes, g_bytes_unref);
  g_clear_error(&job->error);
  g_clear_pointer(&job->source, rendition_source_unref);
  g_free(job->name);
  g_free(job->rectangle);
  g_free(job);
}

void open_decoder_stop(OpenDecoder *decoder) {
  decoder_client_stop(decoder->client);
  g_clear_pointer(&decoder->rectangle, g_free);
}

// Asks, and forgets what was open if the process did not live through it.
static gboolean ask(OpenDecoder *decoder, const DecoderRequest *request, int fd,
                    DecoderAnswer *ret_answer, GError **error) {
  guint64 starts = decoder_client_starts(decoder->client);
  gboolean done = decoder_client_ask(decoder->client, request, fd, ret_answer, error);
  if (!decoder_client_is_running(decoder->client) ||
      decoder_client_starts(decoder->client) != starts) {
    g_clear_pointer(&decoder->rectangle, g_free);
  }
  decoder->used_at = g_get_monotonic_time();
  return done;
}

static gboolean open_rectangle(const Job *job, OpenDecoder *decoder, OpenHint hint,
                               GError **error) {
  DecoderAnswer answer;
  DecoderRequest request = {
      .verb = DECODER_OPEN, .crop = job->crop, .widest = MAX(hint.widest, job->width)};
  request.single = hint.single && request.widest == job->width;
  rendition_source_describe(job->source, &request);
  if (request.single) {
    request.single_height = job->height;
  }
  g_clear_pointer(&decoder->rectangle, g_free);
  if (!ask(decoder, &request, job->source->fd, &answer, error)) {
    return FALSE;
  }
  decoder->rectangle = g_strdup(job->rectangle);
  decoder->widest = request.widest;
  decoder->single = request.single;
  return TRUE;
}

static gboolean has_open(const OpenDecoder *decoder, const Job *job) {
  return decoder->rectangle != NULL && strcmp(decoder->rectangle, job->rectangle) == 0 &&
         (decoder->single ? job->width == decoder->widest : job->width <= decoder->widest);
}

// A decoder that a picture took over could write anything: only a picture of the right kind and
// size passes.
static gboolean check_output(const Job *job, Slice bytes) {
  ImageHeader header;
  if (job->format == FORMAT_AVIF) {
    return slice_starts_with(slice_from(bytes, 4), "ftypavif");
  }
  if (!image_header_read(bytes, &header, NULL)) {
    return FALSE;
  }
  gboolean good =
      header.format == job->format && header.width == job->width && header.height == job->height;
  image_header_clear(&header);
  return good;
}

// Copies the decoder's file: it may still be able to write to it.
static GBytes *collect(const Job *job, int fd, guint64 length, GError **error) {
  struct stat info;
  if (fstat(fd, &info) == 0 && info.st_size > 0 && info.st_size <= OUTPUT_LIMIT &&
      (guint64)info.st_size == length) {
    g_autofree char *copy = g_malloc((gsize)length);
    if (pread(fd, copy, (gsize)length, 0) == (ssize_t)length &&
        check_output(job, (Slice){copy, (gsize)length})) {
      return g_bytes_new_take(g_steal_pointer(&copy), (gsize)length);
    }
  }
  g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                      "the decoder gave something that is not the rendition");
  return NULL;
}

static GBytes *make(const Job *job, OpenDecoder *decoder, GError **error) {
  DecoderAnswer answer;
  DecoderRequest request = {
      .verb = DECODER_MAKE, .width = job->width, .height = job->height, .format = job->format};
  int fd = memfd_create("rendition", MFD_CLOEXEC);
  if (fd < 0) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "no memory file for a rendition: %s",
                g_strerror(errno));
    return NULL;
  }
  GBytes *bytes =
      ask(decoder, &request, fd, &answer, error) ? collect(job, fd, answer.length, error) : NULL;
  close(fd);
  return bytes;
}

GBytes *job_render(const Job *job, OpenDecoder *decoder, OpenHint hint, gboolean *ret_decoded,
                   GError **error) {
  *ret_decoded = FALSE;
  if (has_open(decoder, job)) {
    GBytes *bytes = make(job, decoder, NULL);
    if (bytes != NULL) {
      return bytes;
    }
  }
  *ret_decoded = TRUE;
  return open_rectangle(job, decoder, hint, error) ? make(job, decoder, error) : NULL;
}

gboolean job_verify(const Job *job, OpenDecoder *decoder, GError **error) {
  DecoderAnswer answer;
  DecoderRequest request = {.verb = DECODER_VERIFY};
  rendition_source_describe(job->source, &request);
  g_clear_pointer(&decoder->rectangle, g_free);
  return ask(decoder, &request, job->source->fd, &answer, error);
}

gboolean job_probe(Job *job, OpenDecoder *decoder, GError **error) {
  DecoderAnswer answer;
  DecoderRequest request = {.verb = DECODER_PROBE};
  if (!ask(decoder, &request, -1, &answer, error)) {
    return FALSE;
  }
  memcpy(job->probe, answer.probe, sizeof job->probe);
  return TRUE;
}
