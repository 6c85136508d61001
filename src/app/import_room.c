// SPDX-License-Identifier: Apache-2.0
//
// Implements import_room.h. Each file is locked (flock) by the process that works on it: a second
// one with the same folder leaves it alone.
#include "app/import_room.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "exchange/subscribers_csv.h"

#define NICENESS 5
#define PAUSE (2 * G_TIME_SPAN_SECOND)
#define SWEEP_PAUSE G_TIME_SPAN_HOUR
#define KEPT_DAYS 30
#define COPY_STEP ((gsize)1 << 20)

struct ImportRoom {
  Paper *paper; // borrowed
  char *folder;
  ReaderDoor door;
  GThread *thread;
  GMutex lock; // guards all below but `stop`
  GCond wake;
  gboolean stopping, nudged;
  gint64 at_work; // the import's id; 0: none
  guint64 done, total;
  gint stop;       // atomic: what is being worked on is to end
  gint64 swept_at; // the thread's own, as the next
  gboolean failing;
};

static char *path_of(const ImportRoom *room, gint64 id, const char *ending) {
  return g_strdup_printf("%s/%" G_GINT64_FORMAT ".%s", room->folder, id, ending);
}

// ---- one import -------------------------------------------------------------------------------

typedef struct Work {
  ImportRoom *room;
  const SubscriberImport *import; // as it was found
  SubscriberImport result;
  GString *refusals;
  JsonWriter json;
  guint refusal_count;
} Work;

static void show(ImportRoom *room, guint64 done, guint64 total) {
  g_mutex_lock(&room->lock);
  room->done = done;
  room->total = total;
  g_mutex_unlock(&room->lock);
}

static void show_progress(guint64 done, guint64 total, gpointer data) {
  show(((Work *)data)->room, done, total);
}

static gboolean begin_taking_over(gpointer data, GError **error) {
  Work *work = data;
  show(work->room, 0, 1);
  return subscriber_imports_enter(&work->room->paper->newsroom, work->import->id,
                                  IMPORT_TAKING_OVER, error);
}

static void note_refused(guint64 line, const char *reason, const char *text, gpointer data) {
  Work *work = data;
  if (work->refusal_count++ >= IMPORT_REFUSALS) {
    return;
  }
  json_object(&work->json);
  json_integer_member(&work->json, "line", (gint64)line);
  json_string_member(&work->json, "text", text);
  json_name(&work->json, "reason");
  json_string(&work->json, reason);
  json_end_object(&work->json);
}

static char **split(const char *list) {
  return *list != '\0' ? g_strsplit(list, ",", -1) : NULL;
}

static gboolean read_file(Work *work, const char *path, SubscribersCsvReport *report,
                          GError **error) {
  ImportRoom *room = work->room;
  const SubscriberImport *import = work->import;
  g_autofree char *refused = path_of(room, import->id, "refused.csv");
  g_auto(GStrv) columns = split(import->columns);
  g_auto(GStrv) newsletters = split(import->newsletters);
  g_autoptr(Site) site = paper_site(room->paper, error);
  if (site == NULL ||
      !subscriber_imports_enter(&room->paper->newsroom, import->id, IMPORT_READING, error)) {
    return FALSE;
  }
  SubscribersCsvIn in = {.path = path,
                         .refused_path = refused,
                         .source = import->consent,
                         .newsletters = (const char *const *)newsletters,
                         .dry_run = import->dry_run,
                         .columns = (const char *const *)columns,
                         .zone = site->zone,
                         .reading = show_progress,
                         .taking_over = show_progress,
                         .take_over = begin_taking_over,
                         .refused = note_refused,
                         .stop = &room->stop,
                         .data = work};
  return subscribers_csv_read(&room->paper->newsroom, &in, report, error);
}

static void fill_result(Work *work, const SubscribersCsvReport *report, const GError *failure) {
  const SubscriberLoadReport *load = &report->import.load;
  work->result = (SubscriberImport){.id = work->import->id,
                                    .state = failure != NULL         ? IMPORT_FAILED
                                             : work->import->dry_run ? IMPORT_CHECKED
                                                                     : IMPORT_DONE,
                                    .rows = report->import.lines + (gint64)report->refused,
                                    .created = load->created,
                                    .known = load->known,
                                    .subscribed = load->subscribed,
                                    .left = load->left,
                                    .repeated = report->import.repeated,
                                    .suppressed = load->suppressed,
                                    .refused = (gint64)report->refused,
                                    .refusals = work->refusals->str,
                                    .reason = (char *)(failure != NULL ? failure->message : "")};
}

// What fails because of the moment, not of the file, is tried again.
static gboolean is_passing(const GError *error) {
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches(error, STORE_ERROR, STORE_ERROR_UNAVAILABLE) ||
         g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL);
}

static gboolean is_cancelled(const GError *error) {
  return g_error_matches(error, NEWSROOM_ERROR, NEWSROOM_ERROR_STATE);
}

static void work_on(ImportRoom *room, const SubscriberImport *import, const char *path) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(SubscribersCsvReport) report = {0};
  g_autoptr(GString) refusals = g_string_new(NULL);
  Work work = {.room = room, .import = import, .refusals = refusals};
  json_begin(&work.json, refusals);
  json_array(&work.json);
  gboolean done = read_file(&work, path, &report, &failure);
  json_end_array(&work.json);
  if (!done && is_cancelled(failure)) {
    g_unlink(path);
    return;
  }
  if (!done && g_atomic_int_get(&room->stop) != 0 &&
      !subscriber_imports_enter(&room->paper->newsroom, import->id, IMPORT_READING, &error) &&
      is_cancelled(error)) {
    g_unlink(path);
    return;
  }
  g_clear_error(&error);
  if (!done && is_passing(failure)) {
    if (!room->failing && g_atomic_int_get(&room->stop) == 0) {
      log_write(LOG_WARNING, "import %" G_GINT64_FORMAT " waits: %s", import->id, failure->message);
    }
    room->failing = TRUE;
    return;
  }
  fill_result(&work, &report, failure);
  room->failing = !subscriber_imports_settle(&room->paper->newsroom, &work.result, &error);
  if (room->failing) {
    log_write(LOG_WARNING, "import %" G_GINT64_FORMAT " waits: %s", import->id, error->message);
  } else if (work.result.state == IMPORT_DONE) {
    g_unlink(path);
    log_write(LOG_INFO, "took in %" G_GINT64_FORMAT " new readers", work.result.created);
  }
}

static void set_at_work(ImportRoom *room, gint64 id) {
  g_mutex_lock(&room->lock);
  room->at_work = id;
  room->done = 0;
  room->total = 1;
  if (!room->stopping) {
    g_atomic_int_set(&room->stop, 0);
  }
  g_mutex_unlock(&room->lock);
}

// Works on it, unless it is another process's or its file is elsewhere.
static void take(ImportRoom *room, const SubscriberImport *import) {
  g_autofree char *path = path_of(room, import->id, "csv");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) {
    g_autoptr(GError) error = NULL;
    SubscriberImport lost = {.id = import->id,
                             .state = IMPORT_FAILED,
                             .refusals = (char *)"[]",
                             .reason =
                                 (char *)"its file is not here: upload it again, readers who were "
                                         "taken over already stay as they are"};
    if (store_engine(room->paper->store) == STORE_SQLITE) { // else another node may have it
      (void)subscriber_imports_settle(&room->paper->newsroom, &lost, &error);
    }
    return;
  }
  if (file < 0) {
    return;
  }
  if (flock(file, LOCK_EX | LOCK_NB) == 0) {
    set_at_work(room, import->id);
    work_on(room, import, path);
    set_at_work(room, 0);
  }
  close(file);
}

static void sweep(ImportRoom *room) {
  gint64 now = g_get_monotonic_time();
  if (room->swept_at != 0 && now - room->swept_at < SWEEP_PAUSE) {
    return;
  }
  room->swept_at = now;
  g_autoptr(GDir) folder = g_dir_open(room->folder, 0, NULL);
  gint64 oldest = g_get_real_time() / G_USEC_PER_SEC - KEPT_DAYS * 24 * 3600;
  for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
    g_autofree char *path = g_build_filename(room->folder, name, NULL);
    struct stat about;
    if (lstat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_mtime < oldest) {
      g_unlink(path);
    }
  }
}

static void look(ImportRoom *room) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) due = subscriber_imports_due(&room->paper->newsroom, &error);
  for (guint i = 0; due != NULL && i < due->len && g_atomic_int_get(&room->stop) == 0; i++) {
    take(room, g_ptr_array_index(due, i));
  }
  sweep(room);
}

static gpointer run(gpointer data) {
  ImportRoom *room = data;
  setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS); // who reads comes first
  g_mutex_lock(&room->lock);
  while (!room->stopping) {
    room->nudged = FALSE;
    g_mutex_unlock(&room->lock);
    look(room);
    g_mutex_lock(&room->lock);
    gint64 until = g_get_monotonic_time() + PAUSE;
    while (!room->stopping && !room->nudged && g_cond_wait_until(&room->wake, &room->lock, until)) {
    }
  }
  g_mutex_unlock(&room->lock);
  return NULL;
}

// ---- the door ---------------------------------------------------------------------------------

static gboolean fail_file(GError **error, const char *path, const char *what) {
  g_set_error(error, STORE_ERROR,
              errno == ENOSPC || errno == EDQUOT ? STORE_ERROR_FULL : STORE_ERROR_FAILED,
              "%s can't be %s: %s", path, what, g_strerror(errno));
  return FALSE;
}

static gboolean copy_file(int from, int to) {
  g_autofree char *buffer = g_malloc(COPY_STEP);
  off_t at = 0;
  for (;;) {
    gssize got = pread(from, buffer, COPY_STEP, at);
    if (got <= 0) {
      return got == 0;
    }
    if (!file_write(to, (Slice){buffer, (gsize)got})) {
      return FALSE;
    }
    at += got;
  }
}

static gboolean keep(gpointer data, gint64 id, int file, GError **error) {
  ImportRoom *room = data;
  g_autofree char *path = path_of(room, id, "csv");
  if (g_mkdir_with_parents(room->folder, 0700) != 0) {
    return fail_file(error, room->folder, "made");
  }
  int copy = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (copy < 0) {
    return fail_file(error, path, "made");
  }
  gboolean good = copy_file(file, copy) && fsync(copy) == 0;
  if (!good) {
    fail_file(error, path, "written");
    g_unlink(path);
  }
  close(copy);
  return good;
}

static gboolean look_at(gpointer data, gint64 id, SubscriberImportLook *ret_look, GError **error) {
  g_autofree char *path = path_of(data, id, "csv");
  return subscribers_csv_look(path, ret_look, error);
}

static gboolean progress(gpointer data, gint64 id, guint64 *ret_done, guint64 *ret_total) {
  ImportRoom *room = data;
  g_mutex_lock(&room->lock);
  gboolean here = room->at_work == id;
  *ret_done = room->done;
  *ret_total = room->total;
  g_mutex_unlock(&room->lock);
  return here;
}

static int open_refused(gpointer data, gint64 id, GError **error) {
  g_autofree char *path = path_of(data, id, "refused.csv");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_NOT_FOUND,
                "no line was refused, or it is more than a month ago");
  }
  return file;
}

static void changed(gpointer data, gint64 id) {
  ImportRoom *room = data;
  g_mutex_lock(&room->lock);
  if (room->at_work == id) {
    g_atomic_int_set(&room->stop, 1); // it goes on from its row's state, or ends
  }
  room->nudged = TRUE;
  g_cond_signal(&room->wake);
  g_mutex_unlock(&room->lock);
}

static gboolean write_readers(gpointer data, const SubscriberExportFilter *filter,
                              gboolean (*put)(Slice piece, gpointer data, GError **error),
                              gpointer put_data, GError **error) {
  ImportRoom *room = data;
  guint64 count = 0;
  return subscribers_csv_write(&room->paper->newsroom, filter, put, put_data, &count, error);
}

// ---- start and stop ---------------------------------------------------------------------------

ImportRoom *import_room_start(Paper *paper) {
  ImportRoom *room = g_new0(ImportRoom, 1);
  room->paper = paper;
  room->folder = g_build_filename(paper->config->folder, "imports", NULL);
  room->door = (ReaderDoor){.data = room,
                            .keep = keep,
                            .look = look_at,
                            .progress = progress,
                            .open_refused = open_refused,
                            .changed = changed,
                            .write = write_readers};
  g_mutex_init(&room->lock);
  g_cond_init(&room->wake);
  room->thread = g_thread_new("import room", run, room);
  return room;
}

const ReaderDoor *import_room_door(ImportRoom *room) {
  return &room->door;
}

void import_room_stop(ImportRoom *room) {
  if (room == NULL) {
    return;
  }
  g_mutex_lock(&room->lock);
  room->stopping = TRUE;
  g_atomic_int_set(&room->stop, 1);
  g_cond_signal(&room->wake);
  g_mutex_unlock(&room->lock);
  g_thread_join(room->thread);
  g_mutex_clear(&room->lock);
  g_cond_clear(&room->wake);
  g_free(room->folder);
  g_free(room);
}
