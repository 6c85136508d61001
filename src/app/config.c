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

typedef enum KeyType { KEY_TEXT, KEY_INTEGER, KEY_BOOLEAN, KEY_CHOICE } KeyType;

typedef struct Key {
  const char *group, *name;
  KeyType type;
  gsize offset;
  gint64 minimum, maximum; // of integers
  const char *otherwise;   // the default, as it would be written
  const char *comment;     // for the file that init writes
  const char *choices;     // of KEY_CHOICE: "starttls|tls|none"
} Key;

#define AT(field) offsetof(Config, field)

static const Key KEYS[] = {
    {"server", "listen", KEY_TEXT, AT(listen), 0, 0, "127.0.0.1",
     "Address to listen on, or a name (all its addresses); 0.0.0.0 or :: for all.", NULL},
    {"server", "port", KEY_INTEGER, AT(port), 0, 65535, "8080", "0 takes any free one.", NULL},
    {"server", "io_threads", KEY_INTEGER, AT(io_threads), 0, 256, "0",
     "0: by the number of processors.", NULL},
    {"server", "workers", KEY_INTEGER, AT(workers), 0, 1024, "0",
     "Threads that make pages. 0: by the number of processors.", NULL},
    {"server", "max_connections", KEY_INTEGER, AT(max_connections), 0, 1000000, "0", "0: 10000.",
     NULL},
    {"server", "trusted_proxies", KEY_TEXT, AT(trusted_proxies), 0, 0, "",
     "Addresses or networks whose X-Forwarded-* is believed, parted by commas.", NULL},
    {"server", "access_log", KEY_TEXT, AT(access_log), 0, 0, "", "A file; empty for none.", NULL},
    {"server", "access_log_addresses", KEY_BOOLEAN, AT(access_log_addresses), 0, 0, "false",
     "Write readers' addresses into the access log.", NULL},
    {"server", "page_cache_megabytes", KEY_INTEGER, AT(page_cache_megabytes), 1, 1048576, "32",
     "Memory for finished pages.", NULL},
    {"database", "address", KEY_TEXT, AT(database), 0, 0, "",
     "Empty: SQLite in the file broadsheet.db here. Or postgresql://user@host/name.", NULL},
    {"images", "workers", KEY_INTEGER, AT(image_workers), 0, 256, "0",
     "Processes that decode pictures. 0: by the number of processors.", NULL},
    {"images", "cache_megabytes", KEY_INTEGER, AT(image_cache_megabytes), 1, 16777216, "2048",
     "Disk space for finished pictures.", NULL},
    {"images", "fill_ladder", KEY_BOOLEAN, AT(image_fill_ladder), 0, 0, "true",
     "Make a picture's other widths in idle time.", NULL},
    {"site", "theme", KEY_TEXT, AT(theme), 0, 0, "",
     "A folder whose files replace those of the built-in look.", NULL},
    {"site", "front_size", KEY_INTEGER, AT(front_size), 1, 500, "64", "Stories on the front page.",
     NULL},
    {"site", "page_size", KEY_INTEGER, AT(page_size), 1, 200, "20", "Stories on a page of a list.",
     NULL},
    {"site", "feed_size", KEY_INTEGER, AT(feed_size), 1, 500, "30", "Stories in a feed.", NULL},
    {"edition", "make", KEY_BOOLEAN, AT(edition_make), 0, 0, "true",
     "This process makes the laid-out newspaper at its hour.", NULL},
    {"mail", "send", KEY_BOOLEAN, AT(mail_send), 0, 0, "true", "This process sends mail.", NULL},
    {"mail", "outbox", KEY_TEXT, AT(outbox), 0, 0, "outbox",
     "A maildir: where mail goes while there is no [relay].", NULL},
    {"mail", "rate", KEY_INTEGER, AT(mail_rate), 0, 1000000, "0",
     "Messages a second in total. 0: no limit.", NULL},
    {"mail", "domain_rate", KEY_INTEGER, AT(mail_domain_rate), 0, 1000000, "0",
     "Messages a second to one recipient domain. 0: no limit.", NULL},
    {"mail", "domain_connections", KEY_INTEGER, AT(mail_domain_connections), 1, 1000, "20",
     "At once to one recipient domain; fewer by themselves where it asks for patience.", NULL},
    {"mail", "give_up_hours", KEY_INTEGER, AT(mail_give_up_hours), 1, 240, "72",
     "How long a message that is put off is tried again.", NULL},
    {"mail", "verp", KEY_BOOLEAN, AT(mail_verp), 0, 0, "true",
     "Returned mail names its reader: needs a bounce address (setting bounce_address) that takes "
     "name+anything@domain.",
     NULL},
    {"mail", "preflight_dns", KEY_BOOLEAN, AT(preflight_dns), 0, 0, "true",
     "Look up SPF, DKIM and DMARC before a mailing starts.", NULL},
    {"mail", "dns_server", KEY_TEXT, AT(dns_server), 0, 0, "",
     "Where to look them up: an address and port such as 192.0.2.1:53; empty: where this machine "
     "does.",
     NULL},
    {"bounces", "maildir", KEY_TEXT, AT(bounce_maildir), 0, 0, "",
     "A maildir that returned mail is delivered to. docs/mail.md tells of all four ways.", NULL},
    {"bounces", "imap", KEY_TEXT, AT(bounce_imap), 0, 0, "",
     "Or a mailbox that is polled: imaps://mail.example.org/INBOX.", NULL},
    {"bounces", "imap_user", KEY_TEXT, AT(bounce_imap_user), 0, 0, "", "Its user.", NULL},
    {"bounces", "imap_password", KEY_TEXT, AT(bounce_imap_password), 0, 0, "", "And password.",
     NULL},
    {"bounces", "imap_password_file", KEY_TEXT, AT(bounce_imap_password_file), 0, 0, "",
     "A file with the password, instead.", NULL},
    {"bounces", "imap_handled", KEY_TEXT, AT(bounce_imap_handled), 0, 0, "Handled",
     "The mailbox that handled messages are moved to; empty: they are deleted.", NULL},
    {"bounces", "imap_ca_file", KEY_TEXT, AT(bounce_imap_ca_file), 0, 0, "",
     "Certificates to believe instead of the system's.", NULL},
    {"bounces", "imap_insecure", KEY_BOOLEAN, AT(bounce_imap_insecure), 0, 0, "false",
     "Without TLS, or with any certificate: for trials only.", NULL},
    {"bounces", "poll_seconds", KEY_INTEGER, AT(bounce_poll_seconds), 1, 86400, "60",
     "How often the mailbox is looked at.", NULL},
    {"bounces", "soft", KEY_INTEGER, AT(soft_bounces), 1, 1000, "5",
     "So many temporary failures in a row, the first of them so many days ago, and a reader is "
     "written to no more.",
     NULL},
    {"bounces", "soft_days", KEY_INTEGER, AT(soft_bounce_days), 1, 365, "10", "The days.", NULL},
    {"bounces", "ses_topics", KEY_TEXT, AT(ses_topics), 0, 0, "",
     "SNS topics (arn:aws:sns:…), parted by commas, whose messages /webhooks/ses believes.", NULL},
    {"bounces", "postmark_password", KEY_TEXT, AT(postmark_password), 0, 0, "",
     "Of the address that Postmark is told: https://any:PASSWORD@the-paper/webhooks/postmark.",
     NULL},
    {"bounces", "sendgrid_key", KEY_TEXT, AT(sendgrid_key), 0, 0, "",
     "The verification key of SendGrid's signed event webhook, which goes to /webhooks/sendgrid.",
     NULL},
    {"bounces", "mailgun_key", KEY_TEXT, AT(mailgun_key), 0, 0, "",
     "Mailgun's webhook signing key; its webhooks go to /webhooks/mailgun.", NULL},
};

#define RELAY_GROUP "relay"
#define RELAY_AT(field) offsetof(ConfigRelay, field)

// The keys of every [relay] and [relay NAME].
static const Key RELAY_KEYS[] = {
    {RELAY_GROUP, "host", KEY_TEXT, RELAY_AT(host), 0, 0, "",
     "The server that takes our mail: smtp.example.org.", NULL},
    {RELAY_GROUP, "port", KEY_INTEGER, RELAY_AT(port), 0, 65535, "0",
     "0: 587 for starttls, 465 for tls, 25 for none.", NULL},
    {RELAY_GROUP, "security", KEY_CHOICE, RELAY_AT(security), 0, 0, "starttls",
     "starttls, tls or none.", "starttls|tls|none"},
    {RELAY_GROUP, "insecure", KEY_BOOLEAN, RELAY_AT(insecure), 0, 0, "false",
     "Believe any certificate: for trials only.", NULL},
    {RELAY_GROUP, "ca_file", KEY_TEXT, RELAY_AT(ca_file), 0, 0, "",
     "Certificates to believe instead of the system's.", NULL},
    {RELAY_GROUP, "client_name", KEY_TEXT, RELAY_AT(client_name), 0, 0, "",
     "What we call ourselves; empty: the newspaper's host.", NULL},
    {RELAY_GROUP, "authentication", KEY_CHOICE, RELAY_AT(authentication), 0, 0, "auto",
     "auto, plain, login or xoauth2.", "auto|plain|login|xoauth2"},
    {RELAY_GROUP, "user", KEY_TEXT, RELAY_AT(user), 0, 0, "", "Empty: no log-in.", NULL},
    {RELAY_GROUP, "password", KEY_TEXT, RELAY_AT(password), 0, 0, "", "Or the token for xoauth2.",
     NULL},
    {RELAY_GROUP, "password_file", KEY_TEXT, RELAY_AT(password_file), 0, 0, "",
     "A file with the password, instead.", NULL},
    {RELAY_GROUP, "weight", KEY_INTEGER, RELAY_AT(weight), 0, 1000, "1",
     "Its share among several; 0: only when the others fail.", NULL},
    {RELAY_GROUP, "connections", KEY_INTEGER, RELAY_AT(connections), 1, 1000, "20", "At most.",
     NULL},
    {RELAY_GROUP, "rate", KEY_INTEGER, RELAY_AT(rate), 0, 1000000, "0",
     "Messages a second. 0: no limit.", NULL},
};

// `base`: the Config or ConfigRelay that the key's offset is in.
static char **text_at(gpointer base, const Key *key) {
  return (char **)(void *)((char *)base + key->offset);
}

static gboolean is_relay_group(Slice group) {
  return slice_equal_text(group, RELAY_GROUP) || slice_starts_with(group, RELAY_GROUP " ");
}

static const Key *relay_key_find(Slice name) {
  for (gsize i = 0; i < G_N_ELEMENTS(RELAY_KEYS); i++) {
    if (slice_equal_text(name, RELAY_KEYS[i].name)) {
      return &RELAY_KEYS[i];
    }
  }
  return NULL;
}

static const Key *key_find(Slice group, Slice name) {
  if (is_relay_group(group)) {
    return relay_key_find(name);
  }
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

static gboolean is_choice(const char *choices, const char *text) {
  g_auto(GStrv) words = g_strsplit(choices, "|", -1);
  return g_strv_contains((const char *const *)words, text);
}

// `where` names the place in messages: "paper/broadsheet.ini:7" or "environment
// BROADSHEET_SERVER_PORT".
static gboolean key_set(gpointer base, const Key *key, Slice value, const char *where,
                        GError **error) {
  g_autofree char *text = slice_dup(value);
  guint64 number;
  switch (key->type) {
  case KEY_TEXT:
    g_free(*text_at(base, key));
    *text_at(base, key) = g_steal_pointer(&text);
    return TRUE;
  case KEY_CHOICE:
    if (is_choice(key->choices, text)) {
      g_free(*text_at(base, key));
      *text_at(base, key) = g_steal_pointer(&text);
      return TRUE;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE, "%s: %s in [%s] is one of %s, not '%s'",
                where, key->name, key->group, key->choices, text);
    return FALSE;
  case KEY_INTEGER:
    if (slice_parse_uint(value, (guint64)key->maximum, &number) && (gint64)number >= key->minimum) {
      *(gint64 *)(void *)((char *)base + key->offset) = (gint64)number;
      return TRUE;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                "%s: %s in [%s] takes a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                ", not '%s'",
                where, key->name, key->group, key->minimum, key->maximum, text);
    return FALSE;
  case KEY_BOOLEAN:
    if (parse_boolean(value, (gboolean *)(void *)((char *)base + key->offset))) {
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
  if (is_relay_group(group)) {
    return TRUE;
  }
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
  g_autofree char *mend =
      nearest != NULL
          ? g_strdup_printf("did you mean [%s]?", nearest)
          : g_strdup(
                "there are [server], [database], [images], [site], [mail], [bounces] and [relay]");
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
  G_STATIC_ASSERT(G_N_ELEMENTS(RELAY_KEYS) <= G_N_ELEMENTS(KEYS));
  for (gsize i = 0; i < G_N_ELEMENTS(RELAY_KEYS) && is_relay_group(group); i++) {
    here[count++] = RELAY_KEYS[i].name;
  }
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
// What read_line carries from line to line.
typedef struct Reading {
  Config *config;
  Slice group;
  ConfigRelay *relay;       // of a [relay]; NULL in other groups
  guint64 seen, relay_seen; // a bit for each key
} Reading;

static void relay_free(gpointer data) {
  ConfigRelay *relay = data;
  for (gsize i = 0; i < G_N_ELEMENTS(RELAY_KEYS); i++) {
    if (RELAY_KEYS[i].type == KEY_TEXT || RELAY_KEYS[i].type == KEY_CHOICE) {
      g_free(*text_at(relay, &RELAY_KEYS[i]));
    }
  }
  g_free(relay->name);
  g_free(relay);
}

static ConfigRelay *relay_of(Config *config, const char *name) {
  for (guint i = 0; i < config->relays->len; i++) {
    ConfigRelay *relay = config->relays->pdata[i];
    if (strcmp(relay->name, name) == 0) {
      return relay;
    }
  }
  ConfigRelay *relay = g_new0(ConfigRelay, 1);
  relay->name = g_strdup(name);
  for (gsize i = 0; i < G_N_ELEMENTS(RELAY_KEYS); i++) {
    gboolean right =
        key_set(relay, &RELAY_KEYS[i], slice_of(RELAY_KEYS[i].otherwise), "default", NULL);
    g_assert(right);
  }
  g_ptr_array_add(config->relays, relay);
  return relay;
}

static gboolean begin_group(Reading *reading, const char *where, GError **error) {
  reading->relay = NULL;
  if (!is_relay_group(reading->group)) {
    return group_exists(reading->group) || refuse_group(reading->group, where, error);
  }
  g_autofree char *name = slice_dup(slice_trim(slice_from(reading->group, strlen(RELAY_GROUP))));
  guint before = reading->config->relays->len;
  reading->relay = relay_of(reading->config, name);
  reading->relay_seen = 0;
  if (before == reading->config->relays->len) {
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY,
                "%s: there is a second [relay%s%s]; give each a name of its own", where,
                *name != '\0' ? " " : "", name);
    return FALSE;
  }
  return TRUE;
}

static gboolean read_line(Reading *reading, Slice line, const char *where, GError **error) {
  Slice *group = &reading->group;
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
    return begin_group(reading, where, error);
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
  guint64 bit = G_GUINT64_CONSTANT(1) << (reading->relay != NULL ? key - RELAY_KEYS : key - KEYS);
  guint64 *seen = reading->relay != NULL ? &reading->relay_seen : &reading->seen;
  if ((*seen & bit) != 0) {
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY,
                "%s: '%s' in [%s] is set a second time; keep one", where, key->name, key->group);
    return FALSE;
  }
  *seen |= bit;
  return key_set(reading->relay != NULL ? (gpointer)reading->relay : reading->config, key, value,
                 where, error);
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
  Slice rest = {contents, length}, line;
  Reading reading = {.config = config};
  if (slice_starts_with(rest, "\xef\xbb\xbf")) {
    rest = slice_from(rest, 3);
  }
  G_STATIC_ASSERT(G_N_ELEMENTS(KEYS) <= 64);
  for (guint number = 1; slice_next_line(&rest, &line); number++) {
    g_autofree char *where = g_strdup_printf("%s:%u", path, number);
    if (memchr(line.data, '\0', line.length) != NULL ||
        !g_utf8_validate(line.data, (gssize)line.length, NULL)) {
      g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SYNTAX,
                  "%s: this is not UTF-8 text; save the file as UTF-8", where);
      return FALSE;
    }
    if (!read_line(&reading, line, where, error)) {
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

// BROADSHEET_RELAY_HOST sets the plain [relay]; BROADSHEET_RELAY_<NAME>_HOST one that the file
// names.
static gboolean read_environment_relays(Config *config, GError **error) {
  g_auto(GStrv) names = g_listenv();
  for (char **name = names; *name != NULL; name++) {
    if (!g_str_has_prefix(*name, "BROADSHEET_RELAY_")) {
      continue;
    }
    g_autofree char *rest = g_ascii_strdown(*name + strlen("BROADSHEET_RELAY_"), -1);
    ConfigRelay *relay = NULL;
    const Key *key = relay_key_find(slice_of(rest));
    for (guint i = 0; key == NULL && i < config->relays->len; i++) {
      ConfigRelay *named = config->relays->pdata[i];
      gsize length = strlen(named->name);
      if (length > 0 && g_ascii_strncasecmp(rest, named->name, length) == 0 &&
          rest[length] == '_') {
        relay = named;
        key = relay_key_find(slice_of(rest + length + 1));
      }
    }
    g_autofree char *where = g_strdup_printf("environment variable %s", *name);
    if (key == NULL) {
      return refuse_key(slice_of(RELAY_GROUP), slice_of(rest), where, error);
    }
    if (!key_set(relay != NULL ? relay : relay_of(config, ""), key,
                 slice_trim(slice_of(g_getenv(*name))), where, error)) {
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

static gboolean check_relays(Config *config, const char *path, GError **error) {
  for (guint i = 0; i < config->relays->len; i++) {
    ConfigRelay *relay = config->relays->pdata[i];
    if (*relay->host == '\0') {
      g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_VALUE,
                  "%s: [relay%s%s] names no host; give it one, or take the group out to keep mail "
                  "in the outbox",
                  path, *relay->name != '\0' ? " " : "", relay->name);
      return FALSE;
    }
    if (relay->port == 0) {
      relay->port = strcmp(relay->security, "tls") == 0    ? 465
                    : strcmp(relay->security, "none") == 0 ? 25
                                                           : 587;
    }
    anchor_path(config->folder, &relay->ca_file);
    anchor_path(config->folder, &relay->password_file);
  }
  return TRUE;
}

char *config_path(const char *folder) {
  return g_build_filename(folder, "broadsheet.ini", NULL);
}

Config *config_load(const char *folder, GError **error) {
  g_autoptr(Config) config = g_new0(Config, 1);
  config->folder = g_canonicalize_filename(folder, NULL);
  config->relays = g_ptr_array_new_with_free_func(relay_free);
  for (gsize i = 0; i < G_N_ELEMENTS(KEYS); i++) {
    gboolean right = key_set(config, &KEYS[i], slice_of(KEYS[i].otherwise), "default", NULL);
    g_assert(right);
  }
  g_autofree char *path = config_path(folder);
  if (!read_file(config, path, error) || !read_environment_keys(config, error) ||
      !read_environment_relays(config, error) || !refuse_unknown_variables(error) ||
      !check_relays(config, path, error)) {
    return NULL;
  }
  anchor_path(config->folder, &config->access_log);
  anchor_path(config->folder, &config->theme);
  anchor_path(config->folder, &config->outbox);
  anchor_path(config->folder, &config->bounce_maildir);
  anchor_path(config->folder, &config->bounce_imap_password_file);
  anchor_path(config->folder, &config->bounce_imap_ca_file);
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
  g_ptr_array_unref(config->relays);
  g_free(config->folder);
  g_free(config);
}

// `shown`: instead of the default, where that is nothing.
static void append_key(GString *out, const Key *key, const char *shown) {
  g_string_append_printf(out, "# %s\n#%s = %s\n", key->comment, key->name,
                         shown != NULL ? shown : key->otherwise);
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
    append_key(out, &KEYS[i], NULL);
  }
  g_string_append(
      out, "\n# Where mail leaves by; take the # off this line and give it a host. Several are "
           "[relay NAME].\n#[relay]\n");
  for (gsize i = 0; i < G_N_ELEMENTS(RELAY_KEYS); i++) {
    append_key(out, &RELAY_KEYS[i], i == 0 ? "smtp.example.org" : NULL);
  }
  return g_string_free(out, FALSE);
}
