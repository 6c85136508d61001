// SPDX-License-Identifier: Apache-2.0
//
// Implements theme_file.h. Names come from the program and from the theme's own files; one that
// leads out of the folder is refused.
#include "edition/theme_file.h"

#include <gio/gio.h>
#include <string.h>

#include "edition/edition.h"
#include "theme_resources.h"

#define RESOURCE_ROOT "/broadsheet/themes/default/edition/"
#define MAXIMUM_FILE (64 * 1024 * 1024)

static GBytes *read_folder(const char *path, GError **error) {
  g_autoptr(GError) cause = NULL;
  char *data = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &data, &length, &cause)) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME, "%s: %s", path, cause->message);
    return NULL;
  }
  if (length > MAXIMUM_FILE) {
    g_free(data);
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME,
                "%s: the file has %" G_GSIZE_FORMAT " bytes; a theme's files may have %d", path,
                length, MAXIMUM_FILE);
    return NULL;
  }
  return g_bytes_new_take(data, length);
}

GBytes *theme_file_read(const char *theme, const char *name, GError **error) {
  if (strstr(name, "..") != NULL || name[0] == '/') {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME,
                "edition/%s: a file's name may not lead out of the theme's folder", name);
    return NULL;
  }
  g_autofree char *path = theme != NULL ? g_build_filename(theme, "edition", name, NULL) : NULL;
  if (path != NULL && g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
    return read_folder(path, error);
  }
  g_autofree char *resource = g_strconcat(RESOURCE_ROOT, name, NULL);
  GBytes *bytes = g_resource_lookup_data(theme_resources_get_resource(), resource,
                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  if (bytes == NULL) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME,
                "edition/%s: the theme has no such file; put it into the theme's folder or mend "
                "the name",
                name);
  }
  return bytes;
}

GKeyFile *theme_file_keys(const char *theme, const char *name, gboolean optional, GError **error) {
  g_autoptr(GError) cause = NULL;
  g_autoptr(GBytes) bytes = theme_file_read(theme, name, &cause);
  if (bytes == NULL) {
    if (!optional) {
      g_propagate_error(error, g_steal_pointer(&cause));
    }
    return NULL;
  }
  g_autoptr(GKeyFile) keys = g_key_file_new();
  if (!g_key_file_load_from_bytes(keys, bytes, G_KEY_FILE_NONE, &cause)) {
    g_set_error(error, EDITION_ERROR, EDITION_ERROR_THEME, "edition/%s: %s", name, cause->message);
    return NULL;
  }
  return g_steal_pointer(&keys);
}
