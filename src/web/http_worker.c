// SPDX-License-Identifier: Apache-2.0
//
// The worker threads: straight-line code that may block. Each takes a job from the queue, runs
// the route's handler, turns the response into a page and gives it to every connection that
// waits for it. Routes that wait for something slow have threads of their own: however many
// pictures are being made, pages find a worker. Must never touch a connection: that is the I/O
// threads'.
#include "base/clock.h"
#include "base/log.h"
#include "store/store.h"
#include "web/admission.h"
#include "web/http_connection.h"
#include "web/problem.h"
#include "web/response_parts.h"

void http_job_free(Job *job) {
  if (job != NULL) {
    request_free(job->request);
    g_free(job->key);
    page_unref(job->page);
    g_free(job);
  }
}

// What waits for decoders is bounded by their own queues, far below these.
static gboolean push_waiting(HttpServer *server, Job *job) {
  return !server->workers_stop &&
         g_thread_pool_unprocessed(server->waiting) < server->options.queue &&
         g_thread_pool_push(server->waiting, job, NULL);
}

gboolean http_worker_push(HttpServer *server, Job *job) {
  g_mutex_lock(&server->queue_lock);
  if (job->route != NULL && job->route->waits && !job->admit) {
    gboolean waits = push_waiting(server, job);
    g_mutex_unlock(&server->queue_lock);
    return waits;
  }
  gboolean taken = server->queue.length < server->options.queue && !server->workers_stop;
  if (taken) {
    g_queue_push_tail(&server->queue, job);
    g_cond_signal(&server->queue_ready);
  }
  g_mutex_unlock(&server->queue_lock);
  return taken;
}

// What is to write a response's stream.
typedef struct Production {
  ResponseProducer produce; // NULL: nobody here
  gpointer data;
  GDestroyNotify free_data;
} Production;

static void production_clear(Production *production) {
  if (production->data != NULL && production->free_data != NULL) {
    production->free_data(production->data);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Production, production_clear)

static Response *not_routed(const Job *job, HttpServer *server) {
  Response *response = problem_response_status(job->status, job->request, server->options.website);
  if (job->status == 405) {
    static const char *const NAMES[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    g_autoptr(GString) allow = g_string_new(NULL);
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
      if (job->allowed & (1u << i)) {
        g_string_append_printf(allow, "%s%s", allow->len > 0 ? ", " : "", NAMES[i]);
      }
    }
    response_add_header(response, "Allow", allow->str);
  }
  return response;
}

static gboolean is_database_gone(const GError *error) {
  return error->domain == STORE_ERROR &&
         (error->code == STORE_ERROR_UNAVAILABLE || error->code == STORE_ERROR_FULL);
}

static Response *run_handler(HttpServer *server, Job *job, GError **error) {
  const Route *route = job->route;
  if (!admission_check(job->request, route, server->options.website, error) ||
      !request_read_form(job->request, route->body, error)) {
    return NULL;
  }
  Response *response = route->handler(job->request, server->options.website, error);
  if (response != NULL && request_method(job->request) != HTTP_GET) {
    response_set_cache(response, CACHE_NONE); // what was done for one is nobody else's page
  }
  return response;
}

// Runs the handler. A page that was published before the database went away is still a page.
static CachedPage *make_page(HttpServer *server, Job *job, Production *ret_production) {
  PageCache *cache = server->options.cache;
  Slice key = slice_of(job->key);
  gint64 revision = page_cache_revision(cache); // before anything is read
  g_autoptr(GError) error = NULL;
  Response *response = NULL;
  if (job->route == NULL) {
    response = not_routed(job, server);
  } else {
    response = run_handler(server, job, &error);
  }
  if (response == NULL && error != NULL && is_database_gone(error) && job->key != NULL) {
    CachedPage *stale = page_cache_get(cache, key);
    if (stale != NULL) {
      COUNT(server->counters.stale, 1);
      return stale;
    }
  }
  if (response == NULL) {
    g_assert(error != NULL);
    if (problem_status(error) >= 500 && !g_error_matches(error, WEB_ERROR, WEB_ERROR_MAINTENANCE)) {
      log_write(LOG_ERROR, "%s: %s", request_path(job->request), error->message);
    }
    response = problem_response(error, job->request, server->options.website);
  }
  ret_production->produce = response->produce;
  ret_production->data = g_steal_pointer(&response->produce_data);
  ret_production->free_data = response->produce_free;
  return page_take(response, key, revision);
}

static gboolean is_kept(const CachedPage *page, const Job *job) {
  return job->key != NULL && page->policy != CACHE_NONE && page->status == 200 &&
         (!page->vary_accept || g_str_has_prefix(job->key, "/images/"));
}

static void make_variant(HttpServer *server, CachedPage *page, ContentCoding coding) {
  if (page_variant(page, coding) == NULL) {
    page_make_variant(page, coding);
    const PageVariant *made = page_variant(page, coding);
    if (made != page_variant(page, CODING_IDENTITY)) {
      page_cache_grown(server->options.cache, page, made->bytes.length);
    }
  }
}

static void deliver(HttpServer *server, const Waiter *waiter, CachedPage *page) {
  make_variant(server, page, waiter->coding);
  io_thread_complete(waiter->thread, waiter->connection, page_ref(page));
}

// Those who waited for a page that turned out to be one person's alone get their own.
static void deliver_shared(HttpServer *server, Job *job, CachedPage *page) {
  g_autoptr(GPtrArray) waiters =
      page_cache_finish(server->options.cache, slice_of(job->key), job->revision);
  for (guint i = 0; i < waiters->len; i++) {
    g_autofree Waiter *waiter = g_ptr_array_index(waiters, i);
    // Errors and redirects are not kept but say nothing of the one who asked: the job's request
    // carries no header but Accept.
    deliver(server, waiter, page);
  }
}

// May whoever announces a file send it? The answer to no is the route's.
static void admit(HttpServer *server, Job *job) {
  g_autoptr(GError) error = NULL;
  if (admission_check(job->request, job->route, server->options.website, &error)) {
    io_thread_admit(job->waiter.thread, job->waiter.connection);
    return;
  }
  Response *response = problem_response(error, job->request, server->options.website);
  g_autoptr(CachedPage) page = page_take(response, (Slice){"", 0}, 0);
  deliver(server, &job->waiter, page);
}

static void run_job(HttpServer *server, Job *job) {
  if (job->request == NULL) {
    deliver(server, &job->waiter, job->page);
    return;
  }
  if (job->admit) {
    admit(server, job);
    return;
  }
  g_auto(Production) production = {0};
  g_autoptr(CachedPage) page = make_page(server, job, &production);
  if (is_kept(page, job) && page_cache_is_fresh(server->options.cache, page, g_get_real_time())) {
    page_cache_insert(server->options.cache, page);
  }
  gint64 milliseconds = (g_get_monotonic_time() - job->begun) / 1000;
  static const gint64 BOUNDS[] = {1, 5, 10, 50, 100, 500, 1000};
  guint bucket = 0;
  while (bucket < G_N_ELEMENTS(BOUNDS) && milliseconds > BOUNDS[bucket]) {
    bucket++;
  }
  COUNT(server->counters.latency_buckets[bucket], 1);
  if (job->key != NULL) {
    deliver_shared(server, job, page);
  } else {
    deliver(server, &job->waiter, page);
  }
  if (production.produce != NULL) {
    production.produce(page->stream, production.data);
  }
}

static void run_and_free(HttpServer *server, Job *job) {
  g_atomic_int_inc(&server->busy_workers);
  run_job(server, job);
  http_job_free(job);
  g_atomic_int_add(&server->busy_workers, -1);
}

static void run_waiting(gpointer job, gpointer server) {
  run_and_free(server, job);
}

static gpointer worker_main(gpointer data) {
  HttpServer *server = data;
  for (;;) {
    g_mutex_lock(&server->queue_lock);
    while (server->queue.length == 0 && !server->workers_stop) {
      g_cond_wait(&server->queue_ready, &server->queue_lock);
    }
    Job *job = g_queue_pop_head(&server->queue);
    g_mutex_unlock(&server->queue_lock);
    if (job == NULL) {
      return NULL;
    }
    run_and_free(server, job);
  }
}

void http_workers_start(HttpServer *server) {
  server->waiting = g_thread_pool_new(run_waiting, server, HTTP_WAITING, FALSE, NULL);
  server->workers = g_ptr_array_new();
  for (guint i = 0; i < server->options.workers; i++) {
    g_ptr_array_add(server->workers, g_thread_new("worker", worker_main, server));
  }
}

void http_workers_stop(HttpServer *server) {
  g_mutex_lock(&server->queue_lock);
  server->workers_stop = TRUE;
  g_cond_broadcast(&server->queue_ready);
  g_mutex_unlock(&server->queue_lock);
  for (guint i = 0; i < server->workers->len; i++) {
    g_thread_join(g_ptr_array_index(server->workers, i));
  }
  g_ptr_array_unref(server->workers);
  g_thread_pool_free(server->waiting, FALSE, TRUE);
}
