// SPDX-License-Identifier: Apache-2.0
//
// Implements originals.h over store/durable_file.
#include "store/originals.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base/secret.h"
#include "store/durable_file.h"

struct Originals {
  char *folder;
};

Originals *originals_open(const char *folder, GError **error) {
  if (g_mkdir_with_parents(folder, 0750) != 0) {
    durable_file_fail(error, folder, "can't make the folder for original pictures");
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
  hash[DURABLE_HASH_DIGITS] = '\0';
  return hash;
}

char *originals_path(Originals *originals, const char *hash, ImageFormat format) {
  g_assert(durable_file_is_hash(hash));
  return g_strdup_printf("%s/%.2s/%s.%s", originals->folder, hash, hash,
                         image_format_extension(format));
}

// Names come from the database and from URLs.
static gboolean refuse(GError **error, const char *hash, int number) {
  errno = number;
  return durable_file_fail(error, hash != NULL ? hash : "(none)", "is no hash of an original");
}

gboolean originals_put(Originals *originals, const char *hash, ImageFormat format, Slice bytes,
                       GError **error) {
  if (!durable_file_is_hash(hash)) {
    return refuse(error, hash, EINVAL);
  }
  g_autofree char *name = g_strdup_printf("%s.%s", hash, image_format_extension(format));
  return durable_file_put(originals->folder, name, bytes, error);
}

int originals_open_read(Originals *originals, const char *hash, ImageFormat format,
                        GError **error) {
  if (!durable_file_is_hash(hash)) {
    refuse(error, hash, ENOENT);
    return -1;
  }
  g_autofree char *path = originals_path(originals, hash, format);
  return durable_file_open_read(path, error);
}
