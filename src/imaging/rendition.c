// SPDX-License-Identifier: Apache-2.0
//
// Implements rendition.h: the disk cache in front, jobs in flight by name, lanes with a worker
// thread for each decoder process, and one that fills ladders when nothing else is to be done.
// Called by web (site_images), newsroom (imports) and app (ladders). Never looks at pixels itself,
// never makes the same rendition twice at once for those who asked.
#include "imaging/rendition.h"

#include <fcntl.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "imaging/rendition_cache.h"
#include "imaging/rendition_job.h"
#include "imaging/rendition_ladder.h"

// A decoder without work for so long is ended, to free its memory; another starts in 60 ms.
#define IDLE_SECONDS 5
#define GRACE_MICROSECONDS 200000 // without requests for so long, ladders are filled
#define AFFINITY_DEPTH 8 // jobs that may be overtaken by one whose picture is already decoded
#define AVIF_NICE 5
#define FILL_NICE 19    // idle time is what nobody else wants
#define FILL_PATIENCE 6 // times the limit of a job: on a busy machine the nicest comes last
#define DEFAULT_MEMORY (G_GUINT64_CONSTANT(1536) << 20)
#define ANSWER_MISSING (-1)

typedef enum LaneName {
  LANE_NORMAL,
  LANE_AVIF,
  LANE_PROGRESSIVE,
  LANE_FILL, // has no jobs: its worker fills ladders
  LANE_COUNT
} LaneName;

typedef struct Worker {
  Renditioner *renditioner;
  LaneName lane;
  OpenDecoder decoder;
  guint overtaken; // in a row
  GThread *thread;
} Worker;

struct Renditioner {
  char *program;
  int stop_timer; // a timerfd: once it has run out, decoders are given up
  guint queue;
  gboolean fill_ladder;
  RenditionCache *cache;
  GMutex lock;              // guards all below
  GCond work;               // for the workers
  GCond done;               // for those who wait
  GQueue lanes[LANE_COUNT]; // Job *, oldest first
  LadderQueue ladders;
  GHashTable *flights; // name -> Job, borrowed: those queued or running
  Worker *workers;
  guint worker_count;
  guint queued, running, filling;
  gint64 busy_until; // monotonic: when the last asked-for job ended
  gboolean stopping;
  RenditionStatistics statistics;
};

// ── names and sizes ─────────────────────────────────────────────────────────

static LaneName lane_of(gboolean progressive, ImageFormat format) {
  return format == FORMAT_AVIF ? LANE_AVIF : progressive ? LANE_PROGRESSIVE : LANE_NORMAL;
}

static char *make_stem(const char *hash, ImageAspect aspect, CropRectangle crop) {
  g_autofree char *rectangle = image_crop_format(crop);
  return g_strdup_printf("%s-%s-%s", hash, image_aspect_name(aspect), rectangle);
}

static gboolean check_request(const RenditionRequest *request, GError **error) {
  CropRectangle crop = request->crop;
  const char *hash = request->image->hash;
  if (hash == NULL || strlen(hash) < 8 || strspn(hash, "0123456789abcdef") != strlen(hash)) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "the picture has no original");
    return FALSE;
  }
  if (request->format != FORMAT_JPEG && request->format != FORMAT_WEBP &&
      request->format != FORMAT_AVIF) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED,
                        "renditions are JPEG, WebP or AVIF");
    return FALSE;
  }
  if (crop.width < 1 || crop.height < 1 || crop.x < 0 || crop.y < 0 || crop.x > 65535 ||
      crop.y > 65535 || crop.width > 65535 || crop.height > 65535 || request->width < 1) {
    g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_RECTANGLE,
                        "the rectangle to cut is no rectangle");
    return FALSE;
  }
  return TRUE;
}

// ── jobs; the lock is held where nothing else is said ───────────────────────

static void job_release(Job *job) {
  if (--job->references == 0) {
    job_free(job);
  }
}

static void finish(Renditioner *renditioner, Job *job, GBytes *bytes, GError *error) {
  job->bytes = bytes;
  job->error = error;
  job->done = TRUE;
  if (job->name != NULL && g_hash_table_lookup(renditioner->flights, job->name) == job) {
    g_hash_table_remove(renditioner->flights, job->name);
  }
  if (error != NULL && !job->fill) {
    renditioner->statistics.failures++;
  }
  g_cond_broadcast(&renditioner->done);
}

static GError *ending(void) {
  return g_error_new_literal(IMAGING_ERROR, IMAGING_ERROR_BUSY, "the server is ending");
}

static gboolean lane_is_full(Renditioner *renditioner, LaneName lane, GError **error) {
  if (renditioner->lanes[lane].length < renditioner->queue && !renditioner->stopping) {
    return FALSE;
  }
  renditioner->statistics.busy++;
  g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_BUSY,
              "%u pictures are waiting to be made already: try again in a moment",
              renditioner->lanes[lane].length);
  return TRUE;
}

static void enqueue(Renditioner *renditioner, LaneName lane, Job *job) {
  job->references++;
  g_queue_push_tail(&renditioner->lanes[lane], job);
  renditioner->queued++;
  g_cond_broadcast(&renditioner->work);
}

static void await(Renditioner *renditioner, Job *job) {
  while (!job->done) {
    g_cond_wait(&renditioner->done, &renditioner->lock);
  }
}

// Gives what a finished job brought and drops the caller's reference to it.
static GBytes *take_outcome(Job *job, GError **error) {
  GBytes *bytes = job->bytes != NULL ? g_bytes_ref(job->bytes) : NULL;
  if (job->error != NULL) {
    g_propagate_error(error, g_error_copy(job->error));
  }
  job_release(job);
  return bytes;
}

// ── the original; without the lock ──────────────────────────────────────────

static RenditionSource *open_source(const RenditionRequest *request, GError **error) {
  int fd = request->original_fd >= 0 ? fcntl(request->original_fd, F_DUPFD_CLOEXEC, 3)
                                     : request->open_original(request->image, request->data, error);
  if (fd < 0) {
    if (error != NULL && *error == NULL) {
      g_set_error_literal(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                          "the original can't be opened");
    }
    return NULL;
  }
  g_autoptr(RenditionSource) source = rendition_source_new(fd, error);
  CropRectangle crop = request->crop;
  if (source == NULL) {
    return NULL;
  }
  ImageFormat stored = request->image->format;
  if (stored != FORMAT_UNKNOWN && stored != source->header.format) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_CORRUPT,
                "the original was stored as %s and is %s now: import the picture again",
                image_format_name(stored), image_format_name(source->header.format));
    return NULL;
  }
  if (crop.x + crop.width > source->header.width || crop.y + crop.height > source->header.height) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_RECTANGLE,
                "the rectangle x%dy%dw%dh%d does not lie inside the picture of %d x %d pixels",
                crop.x, crop.y, crop.width, crop.height, source->header.width,
                source->header.height);
    return NULL;
  }
  return g_steal_pointer(&source);
}

// ── filling ladders ─────────────────────────────────────────────────────────

static void add_ladder(Renditioner *renditioner, RenditionSource *source, const char *stem,
                       CropRectangle crop) {
  if (renditioner->fill_ladder && !renditioner->stopping) {
    ladder_queue_add(&renditioner->ladders, source, stem, crop);
  }
}

static gboolean is_quiet(const Renditioner *renditioner) {
  return renditioner->queued == 0 && renditioner->running == 0 &&
         g_get_monotonic_time() >= renditioner->busy_until + GRACE_MICROSECONDS;
}

static Job *take_fill(Worker *worker) {
  Renditioner *renditioner = worker->renditioner;
  return worker->lane == LANE_FILL && is_quiet(renditioner)
             ? ladder_queue_next(&renditioner->ladders, renditioner->cache, renditioner->flights)
             : NULL;
}

// ── workers ─────────────────────────────────────────────────────────────────

static gboolean fits_open(const Worker *worker, const Job *job) {
  return job->rectangle != NULL && worker->decoder.rectangle != NULL &&
         strcmp(worker->decoder.rectangle, job->rectangle) == 0;
}

// The oldest job, or one shortly behind it whose picture this worker has decoded already.
static Job *take_job(Worker *worker) {
  Renditioner *renditioner = worker->renditioner;
  GQueue *jobs = &renditioner->lanes[worker->lane];
  GList *chosen = jobs->head;
  guint depth = 0;
  for (GList *link = jobs->head; link != NULL && depth < AFFINITY_DEPTH;
       link = link->next, depth++) {
    if (worker->overtaken < AFFINITY_DEPTH && fits_open(worker, link->data)) {
      chosen = link;
      break;
    }
  }
  if (chosen == NULL) {
    return NULL;
  }
  worker->overtaken = chosen == jobs->head ? 0 : worker->overtaken + 1;
  Job *job = chosen->data;
  g_queue_delete_link(jobs, chosen);
  renditioner->queued--;
  return job;
}

static OpenHint look_ahead(Worker *worker, const Job *job) {
  OpenHint hint = {job->width, TRUE};
  if (job->kind != JOB_RENDITION) {
    return hint;
  }
  if (job->fill) {
    return (OpenHint){MAX(job->width, ladder_widest(job->crop)), FALSE};
  }
  for (GList *link = worker->renditioner->lanes[worker->lane].head; link != NULL;
       link = link->next) {
    const Job *other = link->data;
    if (other->kind == JOB_RENDITION && strcmp(other->rectangle, job->rectangle) == 0) {
      hint.single = hint.single && other->width == job->width;
      hint.widest = MAX(hint.widest, other->width);
    }
  }
  return hint;
}

// Does the job without the lock; gives its outcome back under it.
static void work_on(Worker *worker, Job *job) {
  Renditioner *renditioner = worker->renditioner;
  OpenDecoder *decoder = &worker->decoder;
  OpenHint hint = look_ahead(worker, job);
  guint64 starts = decoder_client_starts(decoder->client);
  guint64 deaths = decoder_client_deaths(decoder->client);
  gboolean decoded = FALSE;
  GError *error = NULL;
  GBytes *bytes = NULL;
  g_mutex_unlock(&renditioner->lock);
  if (job->kind == JOB_RENDITION) {
    bytes = job_render(job, decoder, hint, &decoded, &error);
    if (bytes != NULL) {
      (void)rendition_cache_put(renditioner->cache, job->name, bytes,
                                NULL); // a full disk only costs the next time
    }
  } else if (job->kind == JOB_VERIFY) {
    (void)job_verify(job, decoder, &error);
  } else {
    (void)job_probe(job, decoder, &error);
  }
  g_mutex_lock(&renditioner->lock);
  renditioner->statistics.decoder_starts += decoder_client_starts(decoder->client) - starts;
  renditioner->statistics.decoder_deaths += decoder_client_deaths(decoder->client) - deaths;
  renditioner->statistics.decodes += decoded;
  finish(renditioner, job, bytes, error);
}

static void run_asked(Worker *worker, Job *job) {
  Renditioner *renditioner = worker->renditioner;
  renditioner->running++;
  work_on(worker, job);
  renditioner->running--;
  renditioner->busy_until = g_get_monotonic_time();
  if (job->bytes != NULL) {
    add_ladder(renditioner, job->source, job->rectangle, job->crop);
  }
  job_release(job);
  if (renditioner->queued == 0 && renditioner->running == 0) {
    g_cond_broadcast(&renditioner->work);
  }
}

static void run_fill(Worker *worker, Job *job) {
  Renditioner *renditioner = worker->renditioner;
  renditioner->filling++;
  work_on(worker, job);
  renditioner->filling--;
  renditioner->statistics.filled += job->bytes != NULL;
  if (job->error != NULL) {
    ladder_queue_give_up(&renditioner->ladders);
  }
  job_release(job);
}

// Until there is work, the decoder has idled long enough, or it is quiet enough for ladders.
static void rest(Worker *worker) {
  Renditioner *renditioner = worker->renditioner;
  gint64 now = g_get_monotonic_time();
  gint64 until = now + G_TIME_SPAN_HOUR;
  if (decoder_client_is_running(worker->decoder.client)) {
    gint64 end = worker->decoder.used_at + IDLE_SECONDS * G_USEC_PER_SEC;
    if (now >= end) {
      open_decoder_stop(&worker->decoder);
    } else {
      until = end;
    }
  }
  if (worker->lane == LANE_FILL && !ladder_queue_is_empty(&renditioner->ladders) &&
      renditioner->queued == 0 && renditioner->running == 0) {
    until = MIN(until, MAX(now, renditioner->busy_until + GRACE_MICROSECONDS));
  }
  (void)g_cond_wait_until(&renditioner->work, &renditioner->lock, until);
}

static gpointer run_worker(gpointer data) {
  Worker *worker = data;
  Renditioner *renditioner = worker->renditioner;
  g_mutex_lock(&renditioner->lock);
  while (!renditioner->stopping) {
    Job *job = take_job(worker);
    Job *fill = job == NULL ? take_fill(worker) : NULL;
    if (job != NULL) {
      run_asked(worker, job);
    } else if (fill != NULL) {
      run_fill(worker, fill);
    } else {
      rest(worker);
    }
  }
  g_mutex_unlock(&renditioner->lock);
  open_decoder_stop(&worker->decoder);
  return NULL;
}

// ── life ────────────────────────────────────────────────────────────────────

static void add_workers(Renditioner *renditioner, LaneName lane, guint count,
                        const DecoderClientOptions *options) {
  for (guint i = 0; i < count; i++) {
    Worker *worker = &renditioner->workers[renditioner->worker_count++];
    worker->renditioner = renditioner;
    worker->lane = lane;
    worker->decoder.client = decoder_client_new(options);
  }
}

Renditioner *renditioner_new(const RenditionOptions *options, GError **error) {
  RenditionCache *cache = rendition_cache_open(options->cache_folder, options->cache_bytes, error);
  if (cache == NULL) {
    return NULL;
  }
  Renditioner *renditioner = g_new0(Renditioner, 1);
  guint workers = options->workers > 0 ? options->workers : MAX(1, g_get_num_processors());
  renditioner->cache = cache;
  renditioner->program = g_strdup(options->program);
  renditioner->stop_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  renditioner->queue = options->queue > 0 ? options->queue : 64;
  renditioner->fill_ladder = options->fill_ladder;
  g_mutex_init(&renditioner->lock);
  g_cond_init(&renditioner->work);
  g_cond_init(&renditioner->done);
  renditioner->flights = g_hash_table_new(g_str_hash, g_str_equal);
  renditioner->workers = g_new0(Worker, 2 * workers + 2);
  DecoderClientOptions decoder = {.program = renditioner->program,
                                  .stop_fd = renditioner->stop_timer,
                                  .seconds = options->seconds > 0 ? options->seconds : 20,
                                  .memory_bytes = options->memory_bytes > 0 ? options->memory_bytes
                                                                            : DEFAULT_MEMORY};
  add_workers(renditioner, LANE_NORMAL, workers, &decoder);
  add_workers(renditioner, LANE_PROGRESSIVE, 1, &decoder);
  decoder.nice = AVIF_NICE;
  add_workers(renditioner, LANE_AVIF, workers, &decoder);
  decoder.nice = FILL_NICE;
  decoder.seconds *= FILL_PATIENCE;
  add_workers(renditioner, LANE_FILL, 1, &decoder);
  for (guint i = 0; i < renditioner->worker_count; i++) {
    renditioner->workers[i].thread = g_thread_new("pictures", run_worker, &renditioner->workers[i]);
  }
  return renditioner;
}

static void abandon_jobs(Renditioner *renditioner) {
  for (guint i = 0; i < LANE_COUNT; i++) {
    Job *job;
    while ((job = g_queue_pop_head(&renditioner->lanes[i])) != NULL) {
      renditioner->queued--;
      finish(renditioner, job, NULL, ending());
      job_release(job);
    }
  }
  ladder_queue_clear(&renditioner->ladders);
}

void renditioner_stop(Renditioner *renditioner, guint seconds) {
  // A nanosecond, because zero would stand for never.
  struct itimerspec after = {.it_value = {.tv_sec = seconds, .tv_nsec = 1}};
  if (renditioner == NULL) {
    return;
  }
  g_mutex_lock(&renditioner->lock);
  renditioner->stopping = TRUE;
  abandon_jobs(renditioner);
  g_cond_broadcast(&renditioner->work);
  g_mutex_unlock(&renditioner->lock);
  (void)timerfd_settime(renditioner->stop_timer, 0, &after, NULL);
}

void renditioner_free(Renditioner *renditioner) {
  renditioner_stop(renditioner, 0);
  if (renditioner == NULL) {
    return;
  }
  for (guint i = 0; i < renditioner->worker_count; i++) {
    g_thread_join(renditioner->workers[i].thread);
    open_decoder_stop(&renditioner->workers[i].decoder);
    decoder_client_free(renditioner->workers[i].decoder.client);
  }
  rendition_cache_close(renditioner->cache);
  if (renditioner->stop_timer >= 0) {
    close(renditioner->stop_timer);
  }
  g_hash_table_unref(renditioner->flights);
  g_mutex_clear(&renditioner->lock);
  g_cond_clear(&renditioner->work);
  g_cond_clear(&renditioner->done);
  g_free(renditioner->workers);
  g_free(renditioner->program);
  g_free(renditioner);
}

// ── what others call ────────────────────────────────────────────────────────

static GBytes *count_hit(Renditioner *renditioner, GBytes *bytes) {
  g_mutex_lock(&renditioner->lock);
  renditioner->statistics.hits++;
  g_mutex_unlock(&renditioner->lock);
  return bytes;
}

// Opens the original for a new job in flight and queues it; its failure is everybody's who waits.
static void lead(Renditioner *renditioner, Job *job, const RenditionRequest *request) {
  GError *error = NULL;
  GBytes *bytes = NULL;
  g_mutex_unlock(&renditioner->lock);
  // Somebody may have finished it between the look at the cache and taking the lead.
  RenditionSource *source = NULL;
  bytes = rendition_cache_get(renditioner->cache, job->name);
  if (bytes == NULL) {
    source = open_source(request, &error);
  }
  g_mutex_lock(&renditioner->lock);
  job->source = source;
  if (source != NULL && renditioner->stopping) {
    error = ending();
  }
  if (source == NULL || error != NULL) {
    finish(renditioner, job, bytes, error);
    return;
  }
  renditioner->statistics.misses++;
  enqueue(renditioner, lane_of(source->header.progressive, job->format), job);
}

GBytes *rendition_get(Renditioner *renditioner, const RenditionRequest *request, GError **error) {
  if (!check_request(request, error)) {
    return NULL;
  }
  gint32 width = MIN(request->width, request->crop.width);
  g_autofree char *stem = make_stem(request->image->hash, request->aspect, request->crop);
  g_autofree char *name = rendition_name(stem, width, request->format);
  GBytes *bytes = rendition_cache_get(renditioner->cache, name);
  if (bytes != NULL) {
    return count_hit(renditioner, bytes);
  }
  g_mutex_lock(&renditioner->lock);
  Job *job = g_hash_table_lookup(renditioner->flights, name);
  if (job != NULL) {
    job->references++;
    renditioner->statistics.joined++;
  } else if (!lane_is_full(renditioner, lane_of(request->image->progressive, request->format),
                           error)) {
    job = job_new_rendition(stem, request->crop, width, request->format);
    g_hash_table_insert(renditioner->flights, job->name, job);
    lead(renditioner, job, request);
  }
  if (job != NULL) {
    await(renditioner, job);
    bytes = take_outcome(job, error);
  }
  g_mutex_unlock(&renditioner->lock);
  return bytes;
}

gboolean rendition_prepare_ladder(Renditioner *renditioner, const RenditionRequest *request,
                                  GError **error) {
  if (!renditioner->fill_ladder) {
    return TRUE;
  }
  g_autoptr(RenditionSource) source =
      check_request(request, error) ? open_source(request, error) : NULL;
  if (source == NULL) {
    return FALSE;
  }
  g_autofree char *stem = make_stem(request->image->hash, request->aspect, request->crop);
  g_mutex_lock(&renditioner->lock);
  add_ladder(renditioner, source, stem, request->crop);
  g_cond_broadcast(&renditioner->work);
  g_mutex_unlock(&renditioner->lock);
  return TRUE;
}

// Queues a job that has no name, waits, and leaves the caller's reference. The lock is not held.
static void run_nameless(Renditioner *renditioner, LaneName lane, Job *job) {
  GError *error = NULL;
  g_mutex_lock(&renditioner->lock);
  if (lane_is_full(renditioner, lane, &error)) {
    finish(renditioner, job, NULL, error);
  } else {
    enqueue(renditioner, lane, job);
    await(renditioner, job);
  }
  g_mutex_unlock(&renditioner->lock);
}

static gboolean take_verdict(Renditioner *renditioner, Job *job, GError **error) {
  g_mutex_lock(&renditioner->lock);
  gboolean good = job->error == NULL;
  (void)take_outcome(job, error);
  g_mutex_unlock(&renditioner->lock);
  return good;
}

gboolean rendition_verify(Renditioner *renditioner, int original_fd, GError **error) {
  int fd = fcntl(original_fd, F_DUPFD_CLOEXEC, 3);
  g_autoptr(RenditionSource) source = rendition_source_new(fd, error);
  if (source == NULL) {
    return FALSE;
  }
  Job *job = job_new(JOB_VERIFY);
  job->source = g_steal_pointer(&source);
  run_nameless(renditioner, lane_of(job->source->header.progressive, FORMAT_JPEG), job);
  return take_verdict(renditioner, job, error);
}

gboolean rendition_probe(Renditioner *renditioner, gint32 *errors, guint count, GError **error) {
  Job *job = job_new(JOB_PROBE);
  run_nameless(renditioner, LANE_NORMAL, job);
  for (guint i = 0; i < count; i++) {
    errors[i] = i < PROBE_COUNT ? job->probe[i] : ANSWER_MISSING;
  }
  return take_verdict(renditioner, job, error);
}

gboolean rendition_is_idle(Renditioner *renditioner) {
  g_mutex_lock(&renditioner->lock);
  gboolean idle = renditioner->queued == 0 && renditioner->running == 0 &&
                  renditioner->filling == 0 && ladder_queue_is_empty(&renditioner->ladders);
  g_mutex_unlock(&renditioner->lock);
  return idle;
}

void rendition_statistics(Renditioner *renditioner, RenditionStatistics *ret_statistics) {
  gint64 bytes = rendition_cache_bytes(renditioner->cache);
  g_mutex_lock(&renditioner->lock);
  *ret_statistics = renditioner->statistics;
  ret_statistics->cache_bytes = bytes;
  ret_statistics->queued = renditioner->queued;
  ret_statistics->running = renditioner->running;
  g_mutex_unlock(&renditioner->lock);
}
