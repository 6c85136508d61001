// SPDX-License-Identifier: Apache-2.0
//
// Implements import_files.h.
#include "cmd/import_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exchange/importer.h"

#define MAX_FOLDERS_DEEP 32
#define MAX_PICTURE_BYTES (64u << 20)

void import_file_free(ImportFile *file) {
  if (file == NULL) {
    return;
  }
  g_free(file->shown);
  g_free(file->real);
  g_free(file->root);
  g_free(file->key);
  g_free(file);
}

static gboolean fail(GError **error, int code) {
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_READ, "can't be read: %s", g_strerror(code));
  return FALSE;
}

static gboolean is_below(const char *path, const char *root) {
  gsize length = strlen(root);
  return strncmp(path, root, length) == 0 &&
         (path[length] == '/' || (length > 0 && root[length - 1] == '/'));
}

static gboolean has_story_name(const char *name) {
  static const char *const ENDS[] = {".md",   ".markdown", ".mdown", ".mkd", ".txt", ".text",
                                     ".html", ".htm",      ".xhtml", ".xml", ".rss", ".atom"};
  const char *dot = strrchr(name, '.');
  for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS(ENDS); i++) {
    if (g_ascii_strcasecmp(dot, ENDS[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static void add_file(GPtrArray *files, const char *shown, const char *real, const char *root) {
  g_autofree char *folder = g_path_get_basename(root);
  ImportFile *file = g_new0(ImportFile, 1);
  file->shown = g_strdup(shown);
  file->real = g_strdup(real);
  file->root = g_strdup(root);
  const char *below = real + strlen(root);
  g_autofree char *key = g_strconcat(folder, "/", below + (below[0] == '/'), NULL);
  file->key = g_utf8_make_valid(key, -1);
  g_ptr_array_add(files, file);
}

static gint by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *list_folder(const char *path, GError **error) {
  GDir *folder = g_dir_open(path, 0, NULL);
  if (folder == NULL) {
    fail(error, errno != 0 ? errno : EIO);
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name = g_dir_read_name(folder); name != NULL; name = g_dir_read_name(folder)) {
    if (name[0] != '.') {
      g_ptr_array_add(names, g_strdup(name));
    }
  }
  g_dir_close(folder);
  g_ptr_array_sort(names, by_name);
  return names;
}

// Linked folders are not entered; a linked file only if it lies below the root too.
static gboolean walk(const char *shown, const char *real, const char *root, guint depth,
                     GPtrArray *files, GError **error) {
  g_autoptr(GPtrArray) names = list_folder(real, error);
  if (names == NULL) {
    return FALSE;
  }
  gboolean good = TRUE;
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index(names, i);
    g_autofree char *shown_below = g_build_filename(shown, name, NULL);
    g_autofree char *path = g_build_filename(real, name, NULL);
    struct stat about;
    if (lstat(path, &about) != 0) {
      continue;
    }
    if (S_ISDIR(about.st_mode)) {
      good = (depth >= MAX_FOLDERS_DEEP ||
              walk(shown_below, path, root, depth + 1, files, good ? error : NULL)) &&
             good;
      continue;
    }
    char *resolved = has_story_name(name) ? realpath(path, NULL) : NULL;
    if (resolved != NULL && is_below(resolved, root) && stat(resolved, &about) == 0 &&
        S_ISREG(about.st_mode)) {
      add_file(files, shown_below, resolved, root);
    }
    free(resolved);
  }
  return good;
}

gboolean import_files_find(const char *argument, GPtrArray *files, GError **error) {
  char *real = realpath(argument, NULL);
  struct stat about;
  if (real == NULL || stat(real, &about) != 0) {
    int code = errno;
    free(real);
    return fail(error, code);
  }
  gboolean found = TRUE;
  if (S_ISDIR(about.st_mode)) {
    found = walk(argument, real, real, 0, files, error);
  } else {
    g_autofree char *root = g_path_get_dirname(real);
    add_file(files, argument, real, root);
  }
  free(real);
  return found;
}

static GBytes *read_all(int descriptor, gsize limit, GError **error) {
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  guint8 block[65536];
  for (;;) {
    ssize_t count = read(descriptor, block, sizeof block);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      fail(error, errno);
      return NULL;
    }
    if (count == 0) {
      return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    }
    if (bytes->len + (gsize)count > limit) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                  "larger than %zu MB, the most an import takes", limit >> 20);
      return NULL;
    }
    g_byte_array_append(bytes, block, (guint)count);
  }
}

static GBytes *read_bounded(const char *path, gsize limit, GError **error) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  struct stat about;
  if (descriptor < 0 || fstat(descriptor, &about) != 0) {
    int code = errno;
    if (descriptor >= 0) {
      close(descriptor);
    }
    fail(error, code);
    return NULL;
  }
  GBytes *bytes = NULL;
  if (!S_ISREG(about.st_mode)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_READ, "not a file");
  } else if ((guint64)about.st_size > limit) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                "%" G_GUINT64_FORMAT " MB: larger than %zu MB, the most an import takes; part it",
                (guint64)about.st_size >> 20, limit >> 20);
  } else {
    bytes = read_all(descriptor, limit, error);
  }
  close(descriptor);
  return bytes;
}

GBytes *import_files_read(const ImportFile *file, GError **error) {
  return read_bounded(file->real, IMPORT_MAX_BYTES, error);
}

GBytes *import_files_read_beside(const ImportFile *file, const char *name, GError **error) {
  g_autofree char *folder = g_path_get_dirname(file->real);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  char *real = realpath(path, NULL);
  if (real == NULL) {
    return NULL;
  }
  GBytes *bytes = NULL;
  GError *cause = NULL;
  if (!is_below(real, file->root)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_READ,
                "the picture “%s” is a link that leaves the folder; put the picture itself there",
                name);
  } else {
    bytes = read_bounded(real, MAX_PICTURE_BYTES, &cause);
  }
  if (cause != NULL) {
    g_propagate_prefixed_error(error, cause, "the picture “%s”: ", name);
  }
  free(real);
  return bytes;
}
