// SPDX-License-Identifier: Apache-2.0
//
// From a request that is read to whoever answers it: the page cache, a worker, another request that
// is making the same page, or the server itself (/healthz, /metrics). Bodies are read here, against
// their route's limit. Called by http_connection.c. A shared page is made from nothing but what is
// in its key.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "web/accept.h"
#include "web/http_io.h"

void connection_drop_request(Connection *connection) {
  g_clear_pointer(&connection->head, g_free);
  g_clear_pointer(&connection->head_bytes, g_free);
  g_clear_pointer(&connection->chunks, g_free);
  g_clear_pointer(&connection->body, g_byte_array_unref);
  connection->announced = FALSE;
  if (connection->body_file != 0) {
    close(connection->body_file);
    connection->body_file = 0;
    g_atomic_int_add(&connection->thread->server->uploads, -1);
  }
}

// Pictures are kept once for each class of Accept; everything else is the same for everybody.
static gsize write_key(const HttpHead *head, char *out, gsize size) {
  gsize length = MIN(head->target.length, size - 2);
  memcpy(out, head->target.data, length);
  if (slice_starts_with(head->target, "/images/")) {
    ImageFormat format = accept_image_format(http_head_header(head, "Accept"));
    out[length++] = ' '; // no target has one
    out[length++] = format == FORMAT_AVIF ? 'a' : format == FORMAT_WEBP ? 'w' : 'j';
  }
  return length;
}

// What the handler sees of a request whose answer is shared: nothing that is not in the key.
static Request *make_request(Connection *connection, const HttpHead *head, gboolean shared,
                             GBytes *body) {
  gboolean secure = FALSE;
  g_autofree char *remote = shared ? NULL : http_peer_client(connection, head, &secure);
  HttpHeader accept = {SLICE_LITERAL("Accept"), http_head_header(head, "Accept")};
  return request_new(&(RequestParts){.method = head->method == HTTP_HEAD ? HTTP_GET : head->method,
                                     .target = head->target,
                                     .headers = shared ? &accept : head->headers,
                                     .header_count = shared ? (accept.value.data != NULL ? 1 : 0)
                                                            : head->header_count,
                                     .body = body,
                                     .remote = remote,
                                     .secure = secure});
}

// Remembers the head while the connection waits: its bytes are copied, its slices moved along.
static void keep_head(Connection *connection, const HttpHead *head, const char *bytes) {
  char *copy = g_memdup2(bytes, head->length);
  HttpHead *kept = g_memdup2(head, sizeof *head);
  gssize move = copy - bytes;
  Slice *slices[] = {&kept->method_text, &kept->target, &kept->host};
  for (gsize i = 0; i < G_N_ELEMENTS(slices); i++) {
    if (slices[i]->data >= bytes && slices[i]->data < bytes + head->length) {
      slices[i]->data += move;
    }
  }
  for (guint i = 0; i < kept->header_count; i++) {
    kept->headers[i].name.data += move;
    kept->headers[i].value.data += move;
  }
  connection->head = kept;
  connection->head_bytes = copy;
}

static void begin_waiting(Connection *connection) {
  connection->state = STATE_WAITING;
  connection->deadline = G_MAXINT64; // handlers end by themselves
  g_hash_table_insert(connection->thread->by_id, &connection->id, connection);
}

static Job *http_job_new(Connection *connection, ContentCoding coding) {
  Job *job = g_new0(Job, 1);
  job->waiter = (Waiter){connection->thread, connection->id, coding};
  job->begun = connection->thread->now;
  return job;
}

static void push_or_refuse(Connection *connection, const HttpHead *head, Job *job) {
  if (http_worker_push(connection->thread->server, job)) {
    return;
  }
  COUNT(connection->thread->counters.queue_full, 1);
  if (job->key != NULL) { // whoever has joined meanwhile is told too
    g_autoptr(GPtrArray) waiters = page_cache_finish(connection->thread->server->options.cache,
                                                     slice_of(job->key), job->revision);
    for (guint i = 0; i < waiters->len; i++) {
      g_autofree Waiter *waiter = g_ptr_array_index(waiters, i);
      Response *busy = response_new(503, "text/plain; charset=utf-8", NULL);
      response_add_header(busy, "Retry-After", "1");
      io_thread_complete(waiter->thread, waiter->connection, page_take(busy, (Slice){"", 0}, 0));
    }
  } else {
    Response *busy = response_new(503, "text/plain; charset=utf-8", NULL);
    response_add_header(busy, "Retry-After", "1");
    io_thread_complete(connection->thread, connection->id, page_take(busy, (Slice){"", 0}, 0));
  }
  http_job_free(job);
}

typedef struct Errand { // what a worker is to do
  Slice key;            // empty: the answer is one client's alone
  const Route *route;   // NULL: `status` says why
  char **parameters;    // owned
  guint status, allowed;
  GBytes *body;
  int file; // 0: none; else taken
  gsize file_size;
  gboolean admit; // see Job
} Errand;

// A request that the cache can't answer: to the workers, or to whoever is making the same page.
static void submit(Connection *connection, const HttpHead *head, const char *head_bytes,
                   const Errand *errand) {
  IoThread *thread = connection->thread;
  PageCache *cache = thread->server->options.cache;
  gboolean shared = (head->method == HTTP_GET || head->method == HTTP_HEAD) &&
                    (errand->route == NULL || (errand->route->permission == PERMISSION_PUBLIC &&
                                               !errand->route->personal)) &&
                    errand->key.length > 0;
  ContentCoding coding = http_coding_for(head);
  Request *request = make_request(connection, head, shared, errand->body);
  if (request == NULL) {
    g_strfreev(errand->parameters);
    if (errand->file != 0) {
      close(errand->file);
    }
    http_answer_status(connection, head, 400, FALSE);
    return;
  }
  request_take_parameters(request, errand->parameters);
  if (errand->file != 0) {
    request_take_file(request, errand->file, errand->file_size);
  }
  if (connection->head == NULL) {
    keep_head(connection, head, head_bytes);
  }
  begin_waiting(connection);
  COUNT(thread->counters.misses, 1);
  gint64 revision = page_cache_revision(cache);
  if (shared) {
    Waiter *waiter = g_new(Waiter, 1);
    *waiter = (Waiter){thread, connection->id, coding};
    if (!page_cache_begin(cache, errand->key, revision, waiter)) {
      COUNT(thread->counters.joined, 1);
      request_free(request);
      return;
    }
  }
  Job *job = http_job_new(connection, coding);
  job->request = request;
  job->route = errand->route;
  job->status = errand->status;
  job->allowed = errand->allowed;
  job->admit = errand->admit;
  job->key = shared ? slice_dup(errand->key) : NULL;
  job->revision = revision;
  push_or_refuse(connection, connection->head, job);
}

// Tells the client why its body is not wanted, with the newspaper's own page, and closes.
static void decline(Connection *connection, const HttpHead *head, const char *bytes,
                    const Errand *errand) {
  if (connection->head == NULL) {
    keep_head(connection, head, bytes);
  }
  connection->head->keep_alive = FALSE; // the body is not read to its end
  g_clear_pointer(&connection->chunks, g_free);
  g_clear_pointer(&connection->body, g_byte_array_unref);
  submit(connection, connection->head, connection->head_bytes, errand);
}

static const Route *find_route(Connection *connection, const HttpHead *head, char ***ret_parameters,
                               guint *ret_allowed, gboolean *ret_bad) {
  Request *probe = request_new(&(RequestParts){.method = head->method, .target = head->target});
  *ret_bad = probe == NULL;
  if (probe == NULL) {
    return NULL;
  }
  const Route *route = route_table_find(connection->thread->server->options.routes, head->method,
                                        request_path(probe), ret_parameters, ret_allowed);
  request_free(probe);
  return route;
}

static gboolean answer_internally(Connection *connection, const HttpHead *head) {
  if (head->method != HTTP_GET && head->method != HTTP_HEAD) {
    return FALSE;
  }
  if (slice_equal_text(head->target, "/healthz")) {
    http_answer_text(connection, head, "text/plain; charset=utf-8", g_string_new("ok\n"));
    return TRUE;
  }
  if (slice_equal_text(head->target, "/metrics") && http_peer_is_private(connection, head)) {
    GString *out = g_string_new(NULL);
    http_server_write_metrics(connection->thread->server, out);
    http_answer_text(connection, head, "text/plain; version=0.0.4; charset=utf-8", out);
    return TRUE;
  }
  return FALSE;
}

// A request without a body. `bytes` is where the head stands.
void http_dispatch(Connection *connection, const HttpHead *head, const char *bytes) {
  IoThread *thread = connection->thread;
  char key_bytes[HTTP_MAX_TARGET + 2];
  Slice key = {NULL, 0};
  if (head->method == HTTP_GET || head->method == HTTP_HEAD) {
    key = (Slice){key_bytes, write_key(head, key_bytes, sizeof key_bytes)};
    CachedPage *page = page_view_find(thread->view, key, thread->real_now);
    if (page != NULL) {
      ContentCoding coding = http_coding_for(head);
      COUNT(thread->counters.hits, 1);
      if (coding == CODING_IDENTITY || page_variant(page, coding) != NULL) {
        http_answer(connection, head, page, coding);
        return;
      }
      keep_head(connection, head, bytes);
      begin_waiting(connection);
      Job *job = http_job_new(connection, coding);
      job->page = page_ref(page);
      push_or_refuse(connection, connection->head, job);
      return;
    }
  }
  if (answer_internally(connection, head)) {
    return;
  }
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, head, &parameters, &allowed, &bad);
  if (bad) {
    http_answer_status(connection, head, 400, FALSE);
    return;
  }
  submit(connection, head, bytes,
         &(Errand){.key = key,
                   .route = route,
                   .parameters = parameters,
                   .status = route != NULL  ? 0
                             : allowed != 0 ? 405
                                            : 404,
                   .allowed = allowed});
}

static void handle_with_body(Connection *connection) {
  g_autoptr(GBytes) body = g_byte_array_free_to_bytes(g_steal_pointer(&connection->body));
  int file = connection->body_file;
  if (file != 0) {
    connection->body_file = 0;
    g_atomic_int_add(&connection->thread->server->uploads, -1);
    (void)lseek(file, 0, SEEK_SET);
  }
  g_clear_pointer(&connection->chunks, g_free);
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, connection->head, &parameters, &allowed, &bad);
  connection->state = STATE_HEAD;
  submit(connection, connection->head, connection->head_bytes,
         &(Errand){.route = route,
                   .parameters = parameters,
                   .body = file == 0 ? body : NULL,
                   .file = file,
                   .file_size = connection->body_written});
}

// In the folder for uploads, without a name: whatever happens, it is gone when we are. -1 with
// errno.
static int open_upload(const char *folder) {
  int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    g_autofree char *path = g_build_filename(folder, ".upload-XXXXXX", NULL);
    file = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
      unlink(path);
    }
  }
  return file;
}

static void begin_reading(Connection *connection) {
  connection->body = g_byte_array_new();
  if (connection->head->chunked) {
    connection->chunks = g_new0(ChunkReader, 1);
  }
  connection->state = STATE_BODY;
  connection_set_deadline(connection, connection->thread->server->options.body_seconds);
  if (connection->head->expect_continue) {
    static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char *own = g_strdup(CONTINUE);
    http_output_add(connection->thread, own, sizeof CONTINUE - 1, NULL, own);
  }
}

void http_dispatch_admitted(Connection *connection) {
  HttpServer *server = connection->thread->server;
  gint before = g_atomic_int_add(&server->uploads, 1);
  int file =
      before < (gint)server->options.uploads ? open_upload(server->options.upload_folder) : -1;
  if (file <= 0) {
    g_atomic_int_add(&server->uploads, -1);
    http_answer_status(connection, connection->head, 503, FALSE);
    return;
  }
  connection->announced = FALSE;
  connection->body_file = file;
  connection->body_written = connection->body_renewed = 0;
  begin_reading(connection);
}

#define UPLOAD_STEP (1u << 20) // bytes that renew a sender's deadline

// Moves what was read into the file. FALSE: the disk doesn't take it; the answer says so.
static gboolean write_upload(Connection *connection, Slice bytes) {
  if (!file_write(connection->body_file, bytes)) {
    http_answer_status(connection, connection->head, 503, FALSE);
    return FALSE;
  }
  connection->body_written += bytes.length;
  if (connection->body_written - connection->body_renewed >= UPLOAD_STEP) {
    connection->body_renewed = connection->body_written;
    connection_set_deadline(connection, connection->thread->server->options.body_seconds);
  }
  return TRUE;
}

// The head is read and announces a body: is there a route that takes it?
void http_dispatch_begin_body(Connection *connection, const HttpHead *head, const char *bytes) {
  char **parameters = NULL;
  guint allowed = 0;
  gboolean bad = FALSE;
  const Route *route = find_route(connection, head, &parameters, &allowed, &bad);
  g_strfreev(parameters);
  guint status = bad ? 400 : route == NULL ? (allowed != 0 ? 405 : 404) : 0;
  if (status == 0 && (route->body_limit == 0 || head->content_length > route->body_limit)) {
    status = 413;
  }
  if (status == 400) {
    http_answer_status(connection, head, status, FALSE);
    return;
  }
  if (status != 0) {
    decline(connection, head, bytes, &(Errand){.status = status, .allowed = allowed});
    return;
  }
  keep_head(connection, head, bytes);
  connection->body_limit = route->body_limit;
  if (route->body == BODY_FILE) { // first of all: who is it?
    connection->announced = TRUE;
    submit(connection, connection->head, connection->head_bytes,
           &(Errand){.route = route, .admit = TRUE});
    return;
  }
  begin_reading(connection);
}

// Takes what belongs to the body from `bytes`; gives how many, -1 when the connection was refused.
gssize http_dispatch_feed_body(Connection *connection, Slice bytes) {
  HttpHead *head = connection->head;
  g_assert(head != NULL); // kept by http_dispatch_begin_body
  gssize taken = 0;
  if (connection->chunks != NULL) {
    taken = chunk_reader_feed(connection->chunks, bytes, connection->body,
                              connection->body_limit - connection->body_written);
    if (taken >= 0 && connection->body_file != 0) {
      Slice piece = {(const char *)connection->body->data, connection->body->len};
      if (!write_upload(connection, piece)) {
        return -1;
      }
      g_byte_array_set_size(connection->body, 0);
    }
    if (taken == -2) {
      decline(connection, head, connection->head_bytes, &(Errand){.status = 413});
      return -1;
    }
    if (taken < 0) {
      http_answer_status(connection, head, 400, FALSE);
      return -1;
    }
    if (connection->chunks->state == CHUNK_DONE) {
      handle_with_body(connection);
    }
    return taken;
  }
  if (connection->body_file != 0) {
    taken = (gssize)MIN(bytes.length, head->content_length - connection->body_written);
    if (!write_upload(connection, slice_range(bytes, 0, (gsize)taken))) {
      return -1;
    }
    if (connection->body_written == head->content_length) {
      handle_with_body(connection);
    }
    return taken;
  }
  taken = (gssize)MIN(bytes.length, head->content_length - connection->body->len);
  g_byte_array_append(connection->body, (const guint8 *)bytes.data, (guint)taken);
  if (connection->body->len == head->content_length) {
    handle_with_body(connection);
  }
  return taken;
}
