// SPDX-License-Identifier: Apache-2.0
//
// Implements originals.h. A file is complete under its name or not there at all: bytes and
// folder entry are on the disk before originals_put returns.
#include "store/originals.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "store/store.h"

#define HASH_DIGITS 40

struct Originals {
  char *folder;
};

static gboolean fail(GError **error, const char *path, const char *what) {
  int number = errno;
  gboolean full = number == ENOSPC || number == EDQUOT || number == EIO || number == EROFS;
  int code = full               ? STORE_ERROR_FULL
             : number == ENOENT ? STORE_ERROR_NOT_FOUND
                                : STORE_ERROR_FAILED;
  g_set_error(error, STORE_ERROR, code, "%s: %s: %s", path, what, g_strerror(number));
  return FALSE;
}

Originals *originals_open(const char *folder, GError **error) {
  if (g_mkdir_with_parents(folder, 0750) != 0) {
    fail(error, folder, "can't make the folder for original pictures");
    return NULL;
  }
  Originals *originals = g_new0(Originals, 1);
  originals->folder = g_strdup(folder);
  return originals;
}

void originals_close(Originals *originals) {
  if (originals != NULL) {
    g_free(originals->folder);
    g_free(originals);
  }
}

const char *originals_folder(const Originals *originals) {
  return originals->folder;
}

char *originals_hash(Slice bytes) {
  char *hash = secret_sha256_hex(bytes);
  hash[HASH_DIGITS] = '\0';
  return hash;
}

// Names come from the database and from URLs: nothing but 40 hex digits may become a path.
static gboolean is_hash(const char *hash) {
  return hash != NULL && strlen(hash) == HASH_DIGITS &&
         strspn(hash, "0123456789abcdef") == HASH_DIGITS;
}

char *originals_path(Originals *originals, const char *hash, ImageFormat format) {
  g_assert(is_hash(hash));
  return g_strdup_printf("%s/%.2s/%s.%s", originals->folder, hash, hash,
                         image_format_extension(format));
}

static gboolean write_all(int file, Slice bytes) {
  while (bytes.length > 0) {
    gssize written = write(file, bytes.data, MIN(bytes.length, (gsize)1 << 20));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return FALSE;
    }
    bytes = slice_from(bytes, (gsize)written);
  }
  return TRUE;
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
    return fail(error, path, "can't be made");
  }
  gboolean written = write_all(file, bytes) && fsync(file) == 0;
  int number = errno;
  written = close(file) == 0 && written;
  if (!written || rename(temporary, path) != 0) {
    errno = written ? errno : number;
    fail(error, path, "can't be written");
    unlink(temporary);
    return FALSE;
  }
  return sync_folder(folder) || fail(error, folder, "can't be synced");
}

gboolean originals_put(Originals *originals, const char *hash, ImageFormat format, Slice bytes,
                       GError **error) {
  if (!is_hash(hash)) {
    errno = EINVAL;
    return fail(error, hash != NULL ? hash : "(none)", "is no hash of an original");
  }
  g_autofree char *path = originals_path(originals, hash, format);
  g_autofree char *folder = g_path_get_dirname(path);
  struct stat there;
  if (stat(path, &there) == 0 && (guint64)there.st_size == bytes.length) {
    return TRUE;
  }
  if (g_mkdir(folder, 0750) == 0) {
    if (!sync_folder(originals->folder)) {
      return fail(error, originals->folder, "can't be synced");
    }
  } else if (errno != EEXIST) {
    return fail(error, folder, "can't be made");
  }
  return write_file(path, bytes, error);
}

int originals_open_read(Originals *originals, const char *hash, ImageFormat format,
                        GError **error) {
  if (!is_hash(hash)) {
    errno = ENOENT;
    fail(error, hash != NULL ? hash : "(none)", "is no hash of an original");
    return -1;
  }
  g_autofree char *path = originals_path(originals, hash, format);
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) {
    fail(error, path, "can't be opened");
  }
  return file;
}
