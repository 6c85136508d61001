// SPDX-License-Identifier: Apache-2.0
//
// Implements durable_file.h.
#include "store/durable_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/store.h"

gboolean durable_file_fail(GError **error, const char *path, const char *what) {
  int number = errno;
  gboolean full = number == ENOSPC || number == EDQUOT || number == EIO || number == EROFS;
  int code = full               ? STORE_ERROR_FULL
             : number == ENOENT ? STORE_ERROR_NOT_FOUND
                                : STORE_ERROR_FAILED;
  g_set_error(error, STORE_ERROR, code, "%s: %s: %s", path, what, g_strerror(number));
  return FALSE;
}

gboolean durable_file_is_hash(const char *hash) {
  return hash != NULL && strlen(hash) == DURABLE_HASH_DIGITS &&
         strspn(hash, "0123456789abcdef") == DURABLE_HASH_DIGITS;
}

static gboolean sync_folder(const char *folder) {
  int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) {
    return FALSE;
  }
  gboolean synced = fsync(file) == 0;
  close(file);
  return synced;
}

static gboolean write_file(const char *path, Slice bytes, GError **error) {
  g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  int file = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0640);
  if (file < 0) {
    return durable_file_fail(error, path, "can't be made");
  }
  gboolean written = file_write(file, bytes) && fsync(file) == 0;
  int number = errno;
  written = close(file) == 0 && written;
  if (!written || rename(temporary, path) != 0) {
    errno = written ? errno : number;
    durable_file_fail(error, path, "can't be written");
    unlink(temporary);
    return FALSE;
  }
  return sync_folder(folder) || durable_file_fail(error, folder, "can't be synced");
}

gboolean durable_file_put(const char *folder, const char *name, Slice bytes, GError **error) {
  g_autofree char *path = g_strdup_printf("%s/%.2s/%s", folder, name, name);
  g_autofree char *inner = g_path_get_dirname(path);
  struct stat there;
  if (stat(path, &there) == 0 && (guint64)there.st_size == bytes.length) {
    return TRUE;
  }
  if (g_mkdir(inner, 0750) == 0) {
    if (!sync_folder(folder)) {
      return durable_file_fail(error, folder, "can't be synced");
    }
  } else if (errno != EEXIST) {
    return durable_file_fail(error, inner, "can't be made");
  }
  return write_file(path, bytes, error);
}

int durable_file_open_read(const char *path, GError **error) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) {
    durable_file_fail(error, path, "can't be opened");
  }
  return file;
}
