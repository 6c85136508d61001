// SPDX-License-Identifier: Apache-2.0
//
// Makes a Press: gathers the theme's files (those in the binary, then those of a theme
// folder over them, name by name), compiles the templates, reads the locales and addresses
// the assets. Called once at start-up by app; errors name the file, and the line where
// there is one.
#include "press/press.h"

#include <string.h>

#include "theme_resources.h"

#define RESOURCE_ROOT "/broadsheet/themes/default/"
#define REFERENCE_LOCALE "en.ini"
#define MAXIMUM_FILE (8 * 1024 * 1024)

// name ("site/front.mustache") -> GBytes
typedef GHashTable ThemeFiles;

static gboolean gather_embedded(ThemeFiles *files, const char *folder, GError **error) {
  GResource *resource = theme_resources_get_resource();
  g_autofree char *path = g_strconcat(RESOURCE_ROOT, folder, NULL);
  g_auto(GStrv) children =
      g_resource_enumerate_children(resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (children == NULL) {
    return FALSE;
  }
  for (gsize i = 0; children[i] != NULL; i++) {
    g_autofree char *name = g_strconcat(folder, children[i], NULL);
    if (g_str_has_suffix(name, "/")) {
      if (!gather_embedded(files, name, error)) {
        return FALSE;
      }
      continue;
    }
    g_autofree char *whole = g_strconcat(RESOURCE_ROOT, name, NULL);
    GBytes *bytes = g_resource_lookup_data(resource, whole, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (bytes == NULL) {
      return FALSE;
    }
    g_hash_table_insert(files, g_steal_pointer(&name), bytes);
  }
  return TRUE;
}

static gboolean read_file(ThemeFiles *files, const char *root, const char *name, GError **error) {
  g_autofree char *path = g_build_filename(root, name, NULL);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents(path, &text, &length, error)) {
    return FALSE;
  }
  GBytes *bytes = g_bytes_new_take(text, length);
  if (length > MAXIMUM_FILE) {
    g_bytes_unref(bytes);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s: the file has %" G_GSIZE_FORMAT " bytes; a theme's files may have %d", path,
                length, MAXIMUM_FILE);
    return FALSE;
  }
  g_hash_table_insert(files, g_strdup(name), bytes);
  return TRUE;
}

// A folder of the theme's that isn't there changes nothing.
static gboolean gather_folder(ThemeFiles *files, const char *root, const char *folder, int depth,
                              GError **error) {
  g_autofree char *path = g_build_filename(root, folder, NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_DIR) || depth > 4) {
    return TRUE;
  }
  g_autoptr(GDir) directory = g_dir_open(path, 0, error);
  if (directory == NULL) {
    return FALSE;
  }
  for (const char *child; (child = g_dir_read_name(directory)) != NULL;) {
    if (*child == '.') {
      continue;
    }
    g_autofree char *name = g_strconcat(folder, child, NULL);
    g_autofree char *whole = g_build_filename(root, name, NULL);
    gboolean is_folder = g_file_test(whole, G_FILE_TEST_IS_DIR);
    g_autofree char *inner = is_folder ? g_strconcat(name, "/", NULL) : NULL;
    if (is_folder ? !gather_folder(files, root, inner, depth + 1, error)
                  : !read_file(files, root, name, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean gather(ThemeFiles *files, const char *theme_folder, GError **error) {
  static const char *const FOLDERS[] = {"site/", "mail/", "policy/", "locale/", "assets/"};
  if (theme_folder != NULL && !g_file_test(theme_folder, G_FILE_TEST_IS_DIR)) {
    g_set_error(
        error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR,
        "%s: there is no such theme folder; leave the key out for the theme that is built in",
        theme_folder);
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
    if (!gather_embedded(files, FOLDERS[i], error) ||
        (theme_folder != NULL && !gather_folder(files, theme_folder, FOLDERS[i], 0, error))) {
      return FALSE;
    }
  }
  return TRUE;
}

// "site/front.mustache" -> "front"; NULL if the name is not of that kind. Caller frees.
static char *inner_name(const char *name, const char *folder, const char *suffix) {
  if (!g_str_has_prefix(name, folder) || !g_str_has_suffix(name, suffix)) {
    return NULL;
  }
  return g_strndup(name + strlen(folder), strlen(name) - strlen(folder) - strlen(suffix));
}

// "site/front.mustache" is "front", "mail/daily.mustache" is "mail/daily". NULL: no template.
static char *template_name(const char *file) {
  char *name = inner_name(file, "site/", ".mustache");
  return name != NULL || !g_str_has_prefix(file, "mail/") ? name
                                                          : inner_name(file, "", ".mustache");
}

static void add_styles(Press *press, ThemeFiles *files) {
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer bytes = NULL;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &name, &bytes)) {
    if (g_str_has_suffix(name, ".md") ||
        (g_str_has_prefix(name, "mail/") && g_str_has_suffix(name, ".css"))) {
      Slice text = slice_of_bytes(bytes);
      g_hash_table_insert(press->styles, g_strdup(name),
                          g_strndup((const char *)text.data, text.length));
    }
  }
}

static gboolean add_templates(Press *press, ThemeFiles *files, GError **error) {
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer bytes = NULL;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &name, &bytes)) {
    g_autofree char *inner = template_name(name);
    if (inner != NULL && !template_set_add(press->templates, inner, slice_of_bytes(bytes), error)) {
      g_prefix_error(error, "%s: ", (const char *)name);
      return FALSE;
    }
  }
  return template_set_check(press->templates, error);
}

static void add_assets(Press *press, ThemeFiles *files) {
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer bytes = NULL;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &name, &bytes)) {
    g_autofree char *inner = inner_name(name, "assets/", "");
    if (inner != NULL) {
      assets_add(press->assets, inner, bytes);
    }
  }
  assets_finish(press->assets);
}

static void language_free(gpointer data) {
  PressLanguage *language = data;
  locale_free(language->locale);
  template_arena_free(language->arena);
  g_free(language);
}

static gboolean add_locale(Press *press, const char *name, GBytes *bytes, const Locale *fallback,
                           GError **error) {
  Locale *locale = locale_parse(name, slice_of_bytes(bytes), fallback, error);
  if (locale == NULL) {
    return FALSE;
  }
  g_autofree char *tag = g_ascii_strdown(locale_language(locale), -1);
  if (g_hash_table_contains(press->languages, tag)) {
    g_set_error(error, LOCALE_ERROR, LOCALE_ERROR_SYNTAX,
                "%s: another file is already for code=%s; give each language one file", name, tag);
    locale_free(locale);
    return FALSE;
  }
  PressLanguage *language = g_new0(PressLanguage, 1);
  language->locale = locale;
  language->arena = template_arena_new();
  TemplateValue *words = template_object(language->arena);
  for (const char *const *key = locale_word_keys(locale); *key != NULL; key++) {
    template_set_text(words, *key, locale_word(locale, *key));
  }
  language->words = words;
  g_hash_table_insert(press->languages, g_steal_pointer(&tag), language);
  return TRUE;
}

static gboolean add_locales(Press *press, ThemeFiles *files, GError **error) {
  GBytes *reference = g_hash_table_lookup(files, "locale/" REFERENCE_LOCALE);
  if (!add_locale(press, "locale/" REFERENCE_LOCALE, reference, NULL, error)) {
    return FALSE;
  }
  const Locale *fallback = press_language(press, "en")->locale;
  GHashTableIter iter;
  gpointer name = NULL;
  gpointer bytes = NULL;
  g_hash_table_iter_init(&iter, files);
  while (g_hash_table_iter_next(&iter, &name, &bytes)) {
    g_autofree char *inner = inner_name(name, "locale/", ".ini");
    if (inner != NULL && strcmp(inner, "en") != 0 &&
        !add_locale(press, name, bytes, fallback, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

Press *press_new(const char *theme_folder, GError **error) {
  g_autoptr(GHashTable) files =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  if (!gather(files, theme_folder, error)) {
    return NULL;
  }
  g_autoptr(Press) press = g_new0(Press, 1);
  press->templates = template_set_new();
  press->assets = assets_new();
  press->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  press->languages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, language_free);
  if (!add_locales(press, files, error) || !add_templates(press, files, error)) {
    return NULL;
  }
  add_assets(press, files);
  add_styles(press, files);
  return g_steal_pointer(&press);
}

void press_free(Press *press) {
  if (press != NULL) {
    template_set_free(press->templates);
    assets_free(press->assets);
    g_hash_table_unref(press->styles);
    g_hash_table_unref(press->languages);
    g_free(press);
  }
}

GBytes *press_asset(const Press *press, const char *path, const char **ret_media_type) {
  return assets_find(press->assets, path, ret_media_type);
}

char *press_asset_address(const Press *press, const char *name) {
  return g_strdup(assets_address(press->assets, name));
}

const char *press_text(const Press *press, const char *file) {
  return g_hash_table_lookup(press->styles, file);
}

const PressLanguage *press_language(const Press *press, const char *tag) {
  g_autofree char *at = g_ascii_strdown(tag, -1);
  for (char *dash = at; dash != NULL;) {
    const PressLanguage *language = g_hash_table_lookup(press->languages, at);
    if (language != NULL) {
      return language;
    }
    dash = strrchr(at, '-');
    if (dash != NULL) {
      *dash = '\0';
    }
  }
  return g_hash_table_lookup(press->languages, "en");
}

const char *press_word(const Press *press, const char *language, const char *key) {
  return locale_word(press_language(press, language)->locale, key);
}

const Locale *press_locale(const Press *press, const char *language) {
  return press_language(press, language)->locale;
}
