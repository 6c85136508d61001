// SPDX-License-Identifier: Apache-2.0
//
// Implements post_options.h.
#include "app/post_options.h"

#include <string.h>

#include "store/site_rows.h"

static const char *keep(PostOptions *options, char *text) {
  g_ptr_array_add(options->texts, text);
  return text;
}

static gboolean read_password(PostOptions *options, const ConfigRelay *relay,
                              const char **ret_password, GError **error) {
  *ret_password = relay->password;
  if (*relay->password_file == '\0') {
    return TRUE;
  }
  char *text = NULL;
  if (!g_file_get_contents(relay->password_file, &text, NULL, error)) {
    g_prefix_error(error, "the relay's password can't be read: ");
    return FALSE;
  }
  *ret_password = keep(options, g_strchomp(text));
  return TRUE;
}

static SmtpSecurity security_of(const char *name) {
  return strcmp(name, "tls") == 0    ? SMTP_SECURITY_TLS
         : strcmp(name, "none") == 0 ? SMTP_SECURITY_NONE
                                     : SMTP_SECURITY_STARTTLS;
}

static SmtpAuthentication authentication_of(const char *name) {
  return strcmp(name, "plain") == 0     ? SMTP_AUTHENTICATION_PLAIN
         : strcmp(name, "login") == 0   ? SMTP_AUTHENTICATION_LOGIN
         : strcmp(name, "xoauth2") == 0 ? SMTP_AUTHENTICATION_XOAUTH2
                                        : SMTP_AUTHENTICATION_AUTO;
}

static gboolean add_relay(PostOptions *options, const ConfigRelay *relay, const char *host,
                          GError **error) {
  DispatchRelay one = {
      .smtp = {.name = *relay->name != '\0' ? relay->name : "relay",
               .host = relay->host,
               .port = (guint16)relay->port,
               .security = security_of(relay->security),
               .insecure = relay->insecure,
               .ca_file = *relay->ca_file != '\0' ? relay->ca_file : NULL,
               .client_name = *relay->client_name != '\0' ? relay->client_name : host,
               .authentication = authentication_of(relay->authentication),
               .user = relay->user},
      .weight = (guint)relay->weight,
      .connections = (guint)relay->connections,
      .rate = (gdouble)relay->rate,
  };
  if (!read_password(options, relay, &one.smtp.password, error)) {
    return FALSE;
  }
  g_array_append_val(options->relays, one);
  return TRUE;
}

char *post_dkim_folder(const Config *config, const char *domain) {
  return g_build_filename(config->folder, "dkim", domain, NULL);
}

static gint by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

// Every <selector>.pem of the sender's domain signs.
static gboolean load_keys(PostOptions *options, const Config *config, const char *domain,
                          GError **error) {
  g_autofree char *folder = post_dkim_folder(config, domain);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
    if (g_str_has_suffix(name, ".pem")) {
      g_ptr_array_add(names, g_strdup(name));
    }
  }
  g_ptr_array_sort(names, by_name);
  GArray *identities = options->identities;
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    DkimKey *key = dkim_key_load(path, error);
    if (key == NULL) {
      return FALSE;
    }
    g_ptr_array_add(options->keys, key);
    char *selector = g_strndup(names->pdata[i], strlen(names->pdata[i]) - strlen(".pem"));
    DkimIdentity identity = {domain, keep(options, selector), key};
    g_array_append_val(identities, identity);
  }
  if (identities->len > 0) {
    options->signer =
        dkim_signer_new((const DkimIdentity *)(gpointer)identities->data, identities->len, error);
  }
  return identities->len == 0 || options->signer != NULL;
}

gboolean post_options_load(PostOptions *options, Paper *paper, GError **error) {
  const Config *config = paper->config;
  *options = (PostOptions){
      .relays = g_array_new(FALSE, TRUE, sizeof(DispatchRelay)),
      .texts = g_ptr_array_new_with_free_func(g_free),
      .keys = g_ptr_array_new_with_free_func((GDestroyNotify)dkim_key_free),
      .identities = g_array_new(FALSE, FALSE, sizeof(DkimIdentity)),
  };
  g_autoptr(Site) site = paper_site(paper, error);
  if (site == NULL) {
    return FALSE;
  }
  const char *host = keep(options, site_host(site));
  const char *sender = keep(options, site_sender(site));
  const char *domain = strrchr(sender, '@') != NULL ? strrchr(sender, '@') + 1 : sender;
  for (guint i = 0; i < config->relays->len; i++) {
    if (!add_relay(options, config->relays->pdata[i], host, error)) {
      return FALSE;
    }
  }
  if (!load_keys(options, config, domain, error)) {
    return FALSE;
  }
  const char *bounce = strrchr(site->bounce_address, '@');
  options->dispatch = (DispatchOptions){
      .store = paper->store,
      .clock = paper->newsroom.clock,
      .folder = config->folder,
      .relays = (const DispatchRelay *)(gpointer)options->relays->data,
      .relay_count = options->relays->len,
      .maildir = config->outbox,
      .signer = options->signer,
      .token_key = keep(options, g_strdup(site->mail_key)),
      .message_domain = domain,
      .verp_domain = config->mail_verp && bounce != NULL ? keep(options, g_strdup(bounce + 1)) : "",
      .rate = (gdouble)config->mail_rate,
      .domain_rate = (gdouble)config->mail_domain_rate,
      .domain_connections = (guint)config->mail_domain_connections,
      .soft_bounces = (guint)config->soft_bounces,
      .soft_days = (guint)config->soft_bounce_days,
      .give_up = config->mail_give_up_hours * 3600 * CLOCK_SECOND,
  };
  return TRUE;
}

void post_options_clear(PostOptions *options) {
  g_clear_pointer(&options->signer, dkim_signer_free);
  g_clear_pointer(&options->identities, g_array_unref);
  g_clear_pointer(&options->keys, g_ptr_array_unref);
  g_clear_pointer(&options->texts, g_ptr_array_unref);
  g_clear_pointer(&options->relays, g_array_unref);
}
