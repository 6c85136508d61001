// SPDX-License-Identifier: Apache-2.0
//
// Implements page_picture.h.
#include "imaging/page_picture.h"

#include <gio/gio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "imaging/image_header.h"

#define SECONDS 60
#define MEMORY ((rlim_t)2 << 30)
#define NICENESS 10

// Between fork and exec: nothing but system calls.
static void limit_child(gpointer data) {
  const struct rlimit time = {SECONDS, SECONDS};
  const struct rlimit memory = {MEMORY, MEMORY};
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CORE, &none);
  setrlimit(RLIMIT_FSIZE, &none); // it writes into a pipe
  if (nice(NICENESS) == -1) {
    return; // then it is as urgent as we are
  }
}

static gboolean fail(GError **error, guint page, const char *reason) {
  g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "page %u can't be drawn: %s", page,
              reason);
  return FALSE;
}

static GSubprocess *start(const char *pdf_path, guint page, gint32 width, GError **error) {
  g_autofree char *number = g_strdup_printf("%u", page);
  g_autofree char *pixels = g_strdup_printf("%d", width);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GError) failure = NULL;
  g_subprocess_launcher_set_child_setup(launcher, limit_child, NULL, NULL);
  const char *const arguments[] = {"pdftoppm", "-png",        "-f",   number,        "-l",
                                   number,     "-scale-to-x", pixels, "-scale-to-y", "-1",
                                   "-q",       pdf_path,      NULL};
  GSubprocess *process = g_subprocess_launcher_spawnv(launcher, arguments, &failure);
  if (process == NULL && g_error_matches(failure, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)) {
    fail(error, page, "there is no pdftoppm: install the package poppler-utils");
  } else if (process == NULL) {
    fail(error, page, failure->message);
  }
  return process;
}

GBytes *page_picture_draw(const char *pdf_path, guint page, gint32 width, GError **error) {
  g_autoptr(GSubprocess) process = start(pdf_path, page, width, error);
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) png = NULL;
  if (process == NULL) {
    return NULL;
  }
  if (!g_subprocess_communicate(process, NULL, NULL, &png, NULL, &failure)) {
    fail(error, page, failure->message);
    return NULL;
  }
  if (!g_subprocess_get_successful(process) || png == NULL || g_bytes_get_size(png) == 0) {
    fail(error, page, "pdftoppm could not read the PDF, or took too long");
    return NULL;
  }
  return g_steal_pointer(&png);
}
