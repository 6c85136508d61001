// SPDX-License-Identifier: Apache-2.0
//
// Implements config.h. KEYS is the only list of keys: the reader, the environment, the defaults,
// the check of values and `broadsheet init`'s commented file all go through it. The file is read
// here and not by GKeyFile, because that one can't say on which line a key stood.
#include "app/config.h"

#include <stddef.h>
#include <string.h>

#include "base/slice.h"
#include "base/spelling.h"

G_DEFINE_QUARK(broadsheet - config - error, config_error)

typedef enum KeyType { KEY_TEXT, KEY_INTEGER, KEY_BOOLEAN } KeyType;

typedef struct Key {
  const char *group, *name;
  KeyType type;
  gsize offset;
  gint64 minimum, maximum; // of integers
  const char *otherwise;   // the default, as it would be written
  const char *comment;     // for the file that init writes
} Key;

#define AT(field) offsetof(Config, field)

static const Key KEYS[] = {
    {"server", "listen", KEY_TEXT, AT(listen), 0, 0, "127.0.0.1",
     "Address to listen on; 0.0.0.0 or :: for all."},
    {"server", "port", KEY_INTEGER, AT(port), 0, 65535, "8080", "0 takes any free one."},
    {"server", "io_threads", KEY_INTEGER, AT(io_threads), 0, 256, "0",
     "0: by the number of processors."},
    {"server", "workers", KEY_INTEGER, AT(workers), 0, 1024, "0",
     "Threads that make pages. 0: by the number of processors."},
    {"server", "max_connections", KEY_INTEGER, AT(max_connections), 0, 1000000, "0", "0: 10000."},
    {"server", "trusted_proxies", KEY_TEXT, AT(trusted_proxies), 0, 0, "",
     "Addresses or networks whose X-Forwarded-* is believed, parted by commas."},
    {"server", "access_log", KEY_TEXT, AT(access_log), 0, 0, "", "A file; empty for none."},
    {"server", "access_log_addresses", KEY_BOOLEAN, AT(access_log_addresses), 0, 0, "false",
     "Write readers' addresses into the access log."},
    {"server", "page_cache_megabytes", KEY_INTEGER, AT(page_cache_megabytes), 1, 1048576, "32",
     "Memory for finished pages."},
    {"database", "address", KEY_TEXT, AT(database), 0, 0, "",
     "Empty: SQLite in the file broadsheet.db here. Or postgresql://user@host/name."},
    {"images", "workers", KEY_INTEGER, AT(image_workers), 0, 256, "0",
     "Processes that decode pictures. 0: by the number of processors."},
    {"images", "cache_megabytes", KEY_INTEGER, AT(image_cache_megabytes), 1, 16777216, "2048",
     "Disk space for finished pictures."},
    {"images", "fill_ladder", KEY_BOOLEAN, AT(image_fill_ladder), 0, 0, "true",
     "Make a picture's other widths in idle time."},
    {"site", "theme", KEY_TEXT, AT(theme), 0, 0, "",
     "A folder whose files replace those of the built-in look."},
    {"site", "front_size", KEY_INTEGER, AT(front_size), 1, 500, "64", "Stories on the front page."},
    {"site", "page_size", KEY_INTEGER, AT(page_size), 1, 200, "20", "Stories on a page of a list."},
    {"site", "feed_size", KEY_INTEGER, AT(feed_size), 1, 500, "30", "Stories in a feed."},
};

static char **text_at(Config *config, const Key *key) {
  return (char **)(void *)((char *)config + key->offset);
}

static const Key *key_find(Slice group, Slice name) {
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (slice_equal_text(group, KEYS[i].group) && slice_equal_text(name, KEYS[i].name)) {
      return &KEYS[i];
    }
  }
  return NULL;
}

static gboolean parse_boolean(Slice value, gboolean *ret_boolean) {
  static const struct {
    const char *word;
    gboolean means;
  } WORDS[] = {{"true", TRUE},   {"yes", TRUE}, {"on", TRUE},   {"1", TRUE},
               {"false", FALSE}, {"no", FALSE}, {"off", FALSE}, {"0", FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++) {
    if (slice_equal_text_nocase(value, WORDS[i].word)) {
      *ret_boolean = WORDS[i].means;
      return TRUE;
    }
  }
  return FALSE;
}

// `where` names the place in messages: "paper/broadsheet.ini:7" or "environment
// BROADSHEET_SERVER_PORT".
static gboolean key_set(Config *config, const Key *key, Slice value, const char *where,
                        GError **error) {
  g_autofree char *text = slice_dup(value);
  guint64 number;
  switch (key->type) {
  case KEY_TEXT:
    g_free(*text_at(config, key));
    *text_at(config, key) = g_steal_pointer(&text);
    return TRUE;
  case KEY_INTEGER:
    if (slice_parse_uint(value, (guint64)key->maximum, &number) && (gint64)number >= key->minimum) {
      *(gint64 *)(void *)((char *)config + key->offset) = (gint64)number;
      return TRUE;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                "%s: %s in [%s] takes a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                ", not '%s'",
                where, key->name, key->group, key->minimum, key->maximum, text);
    return FALSE;
  case KEY_BOOLEAN:
    if (parse_boolean(value, (gboolean *)(void *)((char *)config + key->offset))) {
      return TRUE;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                "%s: %s in [%s] is 'true' or 'false', not '%s'", where, key->name, key->group,
                text);
    return FALSE;
  }
  g_assert_not_reached();
}

static gboolean group_exists(Slice group) {
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (slice_equal_text(group, KEYS[i].group)) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean refuse_group(Slice group, const char *where, GError **error) {
  const char *names[G_N_ELEMENTS(KEYS) + 1] = {NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    names[i] = KEYS[i].group;
  }
  g_autofree char *given = slice_dup(group);
  const char *nearest = spelling_nearest(given, names);
  g_autofree char *mend = nearest != NULL
                              ? g_strdup_printf("did you mean [%s]?", nearest)
                              : g_strdup("there are [server], [database], [images] and [site]");
  g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY, "%s: there is no group [%s]; %s", where, given,
              mend);
  return FALSE;
}

// Says what would be right: the nearest key of the group, else of another group, else all of the
// group.
static gboolean refuse_key(Slice group, Slice name, const char *where, GError **error) {
  g_autofree char *given = slice_dup(name), *given_group = slice_dup(group);
  const char *here[G_N_ELEMENTS(KEYS) + 1] = {NULL}, *anywhere[G_N_ELEMENTS(KEYS) + 1] = {NULL};
  guint count = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    anywhere[i] = KEYS[i].name;
    if (slice_equal_text(group, KEYS[i].group)) {
      here[count++] = KEYS[i].name;
    }
  }
  const char *nearest = spelling_nearest(given, here);
  g_autofree char *mend = NULL;
  if (nearest != NULL) {
    mend = g_strdup_printf("did you mean '%s'?", nearest);
  } else if ((nearest = spelling_nearest(given, anywhere)) != NULL) {
    gsize i = 0;
    while (KEYS[i].name != nearest) {
      i++;
    }
    mend = g_strdup_printf("did you mean '%s' in [%s]?", nearest, KEYS[i].group);
  } else {
    g_autofree char *all = g_strjoinv(", ", (char **)here);
    mend = g_strdup_printf("it has %s", all);
  }
  g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY, "%s: [%s] has no key '%s'; %s", where,
              given_group, given, mend);
  return FALSE;
}

// One line of the file: nothing, a comment, [group], or key = value.
static gboolean read_line(Config *config, Slice line, Slice *group, guint32 *seen,
                          const char *where, GError **error) {
  line = slice_trim(line);
  if (line.length == 0 || line.data[0] == '#' || line.data[0] == ';') {
    return TRUE;
  }
  if (line.data[0] == '[') {
    if (!slice_ends_with(line, "]")) {
      g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX,
                  "%s: a group is written [name]; the ']' is missing", where);
      return FALSE;
    }
    *group = slice_trim(slice_range(line, 1, line.length - 2));
    return group_exists(*group) || refuse_group(*group, where, error);
  }
  gssize equals = slice_find_char(line, '=');
  if (equals <= 0) {
    g_autofree char *text = slice_dup(slice_range(line, 0, 60));
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX,
                "%s: '%s' is neither [group] nor key = value nor a # comment", where, text);
    return FALSE;
  }
  Slice name = slice_trim(slice_range(line, 0, (gsize)equals)),
        value = slice_trim(slice_from(line, (gsize)equals + 1));
  if (group->length == 0) {
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX,
                "%s: a key stands before the first [group]", where);
    return FALSE;
  }
  const Key *key = key_find(*group, name);
  if (key == NULL) {
    return refuse_key(*group, name, where, error);
  }
  guint32 bit = 1u << (key - KEYS);
  if ((*seen & bit) != 0) {
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY,
                "%s: '%s' in [%s] is set a second time; keep one", where, key->name, key->group);
    return FALSE;
  }
  *seen |= bit;
  return key_set(config, key, value, where, error);
}

static gboolean read_file(Config *config, const char *path, GError **error) {
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr(GError) cause = NULL;
  if (!g_file_get_contents(path, &contents, &length, &cause)) {
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
      return TRUE;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_READ, "the configuration can't be read: %s",
                cause->message);
    return FALSE;
  }
  Slice rest = {contents, length}, line, group = {NULL, 0};
  if (slice_starts_with(rest, "\xef\xbb\xbf")) {
    rest = slice_from(rest, 3);
  }
  guint32 seen = 0;
  G_STATIC_ASSERT(G_N_ELEMENTS(KEYS) <= 32);
  for (guint number = 1; slice_next_line(&rest, &line); number++) {
    g_autofree char *where = g_strdup_printf("%s:%u", path, number);
    if (memchr(line.data, '\0', line.length) != NULL ||
        !g_utf8_validate(line.data, (gssize)line.length, NULL)) {
      g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX,
                  "%s: this is not UTF-8 text; save the file as UTF-8", where);
      return FALSE;
    }
    if (!read_line(config, line, &group, &seen, where, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

char *config_variable_name(const char *group, const char *name) {
  g_autofree char *plain = g_strdup_printf("BROADSHEET_%s_%s", group, name);
  return g_ascii_strup(plain, -1);
}

static gboolean read_environment_keys(Config *config, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    g_autofree char *variable = config_variable_name(KEYS[i].group, KEYS[i].name);
    const char *value = g_getenv(variable);
    g_autofree char *where = g_strdup_printf("environment variable %s", variable);
    if (value != NULL && !key_set(config, &KEYS[i], slice_trim(slice_of(value)), where, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// A variable with one of our groups in its name and no key of ours is a misspelling.
static gboolean refuse_unknown_variables(GError **error) {
  g_auto(GStrv) names = g_listenv();
  for (char **name = names; *name != NULL; name++) {
    for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
      g_autofree char *prefix = config_variable_name(KEYS[i].group, "");
      if (!g_str_has_prefix(*name, prefix)) {
        continue;
      }
      g_autofree char *rest = g_ascii_strdown(*name + strlen(prefix), -1);
      if (key_find(slice_of(KEYS[i].group), slice_of(rest)) == NULL) {
        g_autofree char *where = g_strdup_printf("environment variable %s", *name);
        return refuse_key(slice_of(KEYS[i].group), slice_of(rest), where, error);
      }
    }
  }
  return TRUE;
}

// Relative paths in the configuration mean the newspaper's folder.
static void anchor_path(const char *folder, char **path) {
  if (**path != '\0' && !g_path_is_absolute(*path)) {
    char *anchored = g_build_filename(folder, *path, NULL);
    g_free(*path);
    *path = anchored;
  }
}

char *config_path(const char *folder) {
  return g_build_filename(folder, "broadsheet.ini", NULL);
}

Config *config_load(const char *folder, GError **error) {
  g_autoptr(Config) config = g_new0(Config, 1);
  config->folder = g_canonicalize_filename(folder, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    gboolean right = key_set(config, &KEYS[i], slice_of(KEYS[i].otherwise), "default", NULL);
    g_assert(right);
  }
  g_autofree char *path = config_path(folder);
  if (!read_file(config, path, error) || !read_environment_keys(config, error) ||
      !refuse_unknown_variables(error)) {
    return NULL;
  }
  anchor_path(config->folder, &config->access_log);
  anchor_path(config->folder, &config->theme);
  if (*config->database == '\0') {
    g_free(config->database);
    config->database = g_build_filename(config->folder, "broadsheet.db", NULL);
  }
  return g_steal_pointer(&config);
}

void config_free(Config *config) {
  if (config == NULL) {
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (KEYS[i].type == KEY_TEXT) {
      g_free(*text_at(config, &KEYS[i]));
    }
  }
  g_free(config->folder);
  g_free(config);
}

char *config_template(void) {
  GString *out = g_string_new(
      "# This newspaper's configuration. Every key is shown with its default: take the # off to "
      "change one.\n"
      "# Each can also come from the environment, as BROADSHEET_<GROUP>_<KEY>, which then wins.\n"
      "# The newspaper's name, language and address are not here: see `broadsheet setting`.\n");
  const char *group = "";
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (strcmp(group, KEYS[i].group) != 0) {
      group = KEYS[i].group;
      g_string_append_printf(out, "\n[%s]\n", group);
    }
    g_string_append_printf(out, "# %s\n#%s = %s\n", KEYS[i].comment, KEYS[i].name,
                           KEYS[i].otherwise);
  }
  return g_string_free(out, FALSE);
}
