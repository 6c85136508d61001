// SPDX-License-Identifier: Apache-2.0
//
// Implements settings.h: a table of keys, each with the rule that its value keeps and the words
// that tell how to mend a wrong one. Called by commands and at start-up.
#include "newsroom/settings.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "model/address.h"
#include "newsroom/change.h"
#include "newsroom/language_tag.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

static gboolean is_name(const char *value) {
  return value[0] != '\0' && g_utf8_strlen(value, -1) <= 100;
}

static gboolean is_line(const char *value) {
  return g_utf8_strlen(value, -1) <= 300;
}

static gboolean is_base_url(const char *value) {
  g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_str_has_suffix(value, "/")) {
    return FALSE;
  }
  const char *scheme = g_uri_get_scheme(uri), *host = g_uri_get_host(uri);
  return (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) && host != NULL &&
         host[0] != '\0' && g_uri_get_path(uri)[0] == '\0' && g_uri_get_query(uri) == NULL &&
         g_uri_get_fragment(uri) == NULL && g_uri_get_userinfo(uri) == NULL;
}

static gboolean is_zone(const char *value) {
  if (!g_regex_match_simple("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$", value, G_REGEX_DOLLAR_ENDONLY,
                            0)) {
    return FALSE; // never a path out of the zones' folder
  }
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(value);
  return zone != NULL;
}

static gboolean is_contact(const char *value) {
  return value[0] == '\0' || g_regex_match_simple("^[^\\s@<>\"]{1,64}@[^\\s@<>\"/]{1,255}$", value,
                                                  G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean is_key(const char *value) {
  return g_regex_match_simple("^[\\x21-\\x7e]{32,256}$", value, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean is_switch(const char *value) {
  return strcmp(value, "on") == 0 || strcmp(value, "off") == 0;
}

// "https://one.example https://two.example:8443", "*" or nothing.
static gboolean is_origins(const char *value) {
  g_auto(GStrv) origins = g_strsplit(value, " ", -1);
  for (guint i = 0; strcmp(value, "*") != 0 && origins[i] != NULL; i++) {
    if (*origins[i] != '\0' && !is_base_url(origins[i])) {
      return FALSE;
    }
  }
  return is_line(value);
}

typedef struct SettingRule {
  const char *key;
  gboolean (*is_valid)(const char *value);
  const char *mend;
} SettingRule;

static const SettingRule RULES[] = {
    {"name", is_name, "the newspaper's name, 1 to 100 characters"},
    {"tagline", is_line, "one line of at most 300 characters"},
    {"description", is_line, "one line of at most 300 characters"},
    {"base_url", is_base_url,
     "an address such as https://example.org: http or https, a host, no path and no slash at the "
     "end"},
    {"language", language_tag_is_valid, "a language tag (BCP 47) such as en, de or ar-EG"},
    {"time_zone", is_zone, "a time zone such as Europe/Berlin or UTC"},
    {"publisher", is_line, "one line of at most 300 characters"},
    {"contact", is_contact, "a mail address such as desk@example.org, or nothing"},
    {"image_key", is_key, "at least 32 characters without spaces"},
    {"mail_key", is_key, "at least 32 characters without spaces"},
    {"mail_sender", is_contact, "a mail address such as news@example.org, or nothing"},
    {"bounce_address", is_contact, "a mail address such as bounces@example.org, or nothing"},
    {"postal_address", is_line, "one line of at most 300 characters"},
    {"maintenance", is_switch, "on or off"},
    {"form_origins", is_origins,
     "the sites that may send the sign-up form by script, such as https://one.example, parted by "
     "blanks; * for any, or nothing"},
};

static gboolean is_one_line(const char *value) {
  for (const char *at = value; *at != '\0'; at++) {
    if ((guchar)*at < 0x20 || *at == 0x7F) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean check_setting(const char *key, const char *value, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS(RULES); i++) {
    if (strcmp(key, RULES[i].key) != 0) {
      continue;
    }
    if (g_utf8_validate(value, -1, NULL) && is_one_line(value) && RULES[i].is_valid(value)) {
      return TRUE;
    }
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: this can't be its value: use %s", key,
                         RULES[i].mend);
  }
  g_autoptr(GString) keys = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(RULES); i++) {
    g_string_append_printf(keys, "%s%s", i > 0 ? ", " : "", RULES[i].key);
  }
  return change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "there is no setting of that name: the settings are %s", keys->str);
}

// The lists of stories are kept by days in the newspaper's zone.
static gboolean follow_zone(Change *change, const char *key, const char *value, GError **error) {
  if (strcmp(key, "time_zone") != 0 || g_strcmp0(value, change->site->zone_name) == 0) {
    return TRUE;
  }
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(value);
  return zone == NULL || story_rows_redate(change->transaction, zone, error);
}

gboolean settings_put_all(Newsroom *newsroom, const char *const *keys, const char *const *values,
                          guint count, GError **error) {
  g_auto(Change) change = {0};
  for (guint i = 0; i < count; i++) {
    if (values[i] != NULL && !check_setting(keys[i], values[i], error)) {
      return FALSE;
    }
  }
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (values[i] != NULL &&
        (!site_rows_put_setting(change.transaction, keys[i], values[i], error) ||
         !follow_zone(&change, keys[i], values[i], error) ||
         !change_audit(&change, error, "setting.change", "setting", 0, "changed %s", keys[i]))) {
      return FALSE;
    }
  }
  return change_commit(&change, TRUE, error);
}

gboolean settings_put(Newsroom *newsroom, const char *key, const char *value, GError **error) {
  return settings_put_all(newsroom, &key, &value, 1, error);
}

gboolean settings_check_section(const Section *section, GError **error) {
  if (section->name == NULL || !g_utf8_validate(section->name, -1, NULL) ||
      !is_one_line(section->name) || !is_name(section->name)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "name: a section's name has 1 to 100 characters on one line");
  }
  g_autofree char *slug = text_slug(section->slug, 80);
  if (section->slug == NULL || strcmp(slug, section->slug) != 0) {
    return change_refuse(
        error, NEWSROOM_ERROR_INVALID,
        "slug: an address is made of lower-case letters, digits and single hyphens: try %s", slug);
  }
  if (address_is_reserved(section->slug)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "slug: the address /%s is the newspaper's own: choose another",
                         section->slug);
  }
  if (section->description != NULL && !g_utf8_validate(section->description, -1, NULL)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "description: the text is not UTF-8");
  }
  return TRUE;
}

gboolean settings_put_section(Newsroom *newsroom, const Section *section, GError **error) {
  g_auto(Change) change = {0};
  return settings_check_section(section, error) && change_begin(&change, newsroom, error) &&
         section_rows_put(change.transaction, section, error) != 0 &&
         change_commit(&change, TRUE, error);
}

// Secrets that a newspaper has from its first start; whoever changes one breaks the links made with
// it.
static const char *const KEYS[] = {"image_key", "mail_key"};

static gboolean has_key(StoreTransaction *transaction, const char *name, gboolean *ret_has,
                        GError **error) {
  GError *failure = NULL;
  g_autofree char *key = site_rows_get_setting(transaction, name, &failure);
  *ret_has = key != NULL && key[0] != '\0';
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  return TRUE;
}

// Most starts write nothing.
static gboolean has_all_keys(Newsroom *newsroom, gboolean *ret_has, GError **error) {
  g_autoptr(StoreTransaction) reading = store_begin_read(newsroom->store, error);
  *ret_has = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS) && *ret_has; i++) {
    if (reading == NULL || !has_key(reading, KEYS[i], ret_has, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean make_key(Change *change, const char *name, GError **error) {
  gboolean has = FALSE;
  if (!has_key(change->transaction, name, &has, error)) {
    return FALSE;
  }
  g_autofree char *key = secret_random_hex(32);
  return has || site_rows_put_setting(change->transaction, name, key, error);
}

gboolean settings_prepare(Newsroom *newsroom, GError **error) {
  gboolean has = FALSE;
  if (!has_all_keys(newsroom, &has, error)) {
    return FALSE;
  }
  if (has) {
    return TRUE;
  }
  g_auto(Change) change = {0};
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    if (!make_key(&change, KEYS[i], error)) {
      return FALSE;
    }
  }
  return change_commit(&change, TRUE, error);
}
