// SPDX-License-Identifier: Apache-2.0
//
// Implements edition_files.h.
#include "store/edition_files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "store/durable_file.h"

struct EditionFiles {
  char *folder;
};

EditionFiles *edition_files_open(const char *folder, GError **error) {
  EditionFiles *files = g_new0(EditionFiles, 1);
  files->folder = g_strdup(folder);
  return files;
}

void edition_files_close(EditionFiles *files) {
  if (files != NULL) {
    g_free(files->folder);
    g_free(files);
  }
}

const char *edition_files_extension(const char *media_type) {
  static const struct {
    const char *media_type, *extension;
  } KINDS[] = {{"application/pdf", "pdf"},
               {"application/epub+zip", "epub"},
               {"image/webp", "webp"},
               {"image/png", "png"}};
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    if (g_strcmp0(media_type, KINDS[i].media_type) == 0) {
      return KINDS[i].extension;
    }
  }
  return NULL;
}

char *edition_files_path(EditionFiles *files, const char *hash, const char *media_type) {
  const char *extension = edition_files_extension(media_type);
  if (!durable_file_is_hash(hash) || extension == NULL) {
    return NULL;
  }
  return g_strdup_printf("%s/%.2s/%s.%s", files->folder, hash, hash, extension);
}

char *edition_files_put(EditionFiles *files, const char *media_type, Slice bytes, GError **error) {
  const char *extension = edition_files_extension(media_type);
  g_assert(extension != NULL);
  g_autofree char *hash = secret_sha256_hex(bytes);
  hash[DURABLE_HASH_DIGITS] = '\0';
  g_autofree char *name = g_strconcat(hash, ".", extension, NULL);
  if (g_mkdir_with_parents(files->folder, 0750) != 0) {
    durable_file_fail(error, files->folder, "can't make the folder for editions");
    return NULL;
  }
  return durable_file_put(files->folder, name, bytes, error) ? g_steal_pointer(&hash) : NULL;
}

int edition_files_open_read(EditionFiles *files, const char *hash, const char *media_type,
                            GError **error) {
  g_autofree char *path = edition_files_path(files, hash, media_type);
  if (path == NULL) {
    errno = ENOENT;
    durable_file_fail(error, hash != NULL ? hash : "(none)", "is no file of an edition");
    return -1;
  }
  return durable_file_open_read(path, error);
}

GBytes *edition_files_read(EditionFiles *files, const char *hash, const char *media_type,
                           GError **error) {
  int file = edition_files_open_read(files, hash, media_type, error);
  if (file < 0) {
    return NULL;
  }
  g_autoptr(GError) failure = NULL;
  g_autoptr(GMappedFile) mapped = g_mapped_file_new_from_fd(file, FALSE, &failure);
  close(file);
  if (mapped == NULL) {
    errno = EIO;
    durable_file_fail(error, hash, failure->message);
    return NULL;
  }
  return g_mapped_file_get_bytes(mapped);
}
