// SPDX-License-Identifier: Apache-2.0
//
// The newspaper's configuration: one keyfile (<folder>/broadsheet.ini), every key also from the
// environment (BROADSHEET_<GROUP>_<KEY>), sane defaults. A table of keys (config.c) is the only
// list of them; a wrong key or value is refused with file, line and what would be right.
// Immutable once loaded; any thread.
#pragma once

#include <glib.h>

#define CONFIG_ERROR config_error_quark()
GQuark config_error_quark(void);
typedef enum ConfigError {
  CONFIG_ERROR_READ,
  CONFIG_ERROR_SYNTAX,
  CONFIG_ERROR_KEY,
  CONFIG_ERROR_VALUE
} ConfigError;

// One [relay] or [relay NAME]: where mail leaves by. None: it stays in the outbox.
typedef struct ConfigRelay {
  char *name; // "" of plain [relay]
  char *host, *security, *ca_file, *client_name, *authentication, *user, *password, *password_file;
  gint64 port; // 0: 465 for tls, 587 for starttls, 25 for none
  gboolean insecure;
  gint64 weight, connections, rate; // rate: messages a second, 0 no limit
} ConfigRelay;

typedef struct Config {
  char *folder; // absolute: the newspaper's
  // [server]; access_log and theme are absolute once loaded, or ""
  char *listen;               // 127.0.0.1
  gint64 port;                // 8080
  gint64 io_threads, workers; // 0: by processors
  gint64 max_connections;
  char *trusted_proxies, *access_log;
  gboolean access_log_addresses;
  gint64 page_cache_megabytes; // 32
  // [database]
  char *database; // key "address"; never empty once loaded: <folder>/broadsheet.db by default
  // [images]
  gint64 image_workers, image_cache_megabytes; // 0, 2048
  gboolean image_fill_ladder;
  // [site]
  char *theme;                             // "": the embedded one; else a folder
  gint64 front_size, page_size, feed_size; // 64, 20, 30
  // [edition]
  gboolean edition_make; // this process makes editions
  // [mail]; outbox is absolute once loaded, or ""
  gboolean mail_send; // this process sends
  char *outbox;       // <folder>/outbox
  gint64 mail_rate, mail_domain_rate, mail_domain_connections, mail_give_up_hours;
  gboolean mail_verp; // a token in the envelope's sender
  gboolean preflight_dns;
  char *dns_server; // "": the machine's
  // [bounces]; maildir and files are absolute once loaded, or ""
  char *bounce_maildir, *bounce_imap, *bounce_imap_user, *bounce_imap_password;
  char *bounce_imap_password_file, *bounce_imap_handled, *bounce_imap_ca_file;
  gboolean bounce_imap_insecure;
  gint64 bounce_poll_seconds, soft_bounces, soft_bounce_days;
  char *ses_topics, *postmark_password, *sendgrid_key, *mailgun_key; // of webhooks; "": none
  GPtrArray *relays; // ConfigRelay *, in the order of the file
} Config;

Config *config_load(const char *folder, GError **error); // a missing file: all defaults
char *config_path(const char *folder);                   // <folder>/broadsheet.ini; caller frees
char *config_variable_name(const char *group,
                           const char *name); // BROADSHEET_SERVER_PORT; caller frees
char *config_template(
    void); // what `broadsheet init` writes: every key with its default, commented out; caller frees
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
