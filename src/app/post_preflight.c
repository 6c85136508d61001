// SPDX-License-Identifier: Apache-2.0
//
// Implements post_preflight.h. Called before a mailing starts (app/post), by `mailing check` and by
// `doctor`.
#include "app/post_preflight.h"

#include "mail/preflight.h"
#include "newsroom/mailings.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"

// The address that the letter comes from; caller frees. *ret_hurried: an alert, which waits for
// nobody's name server.
static char *sender_of(Paper *paper, const Site *site, gint64 mailing_id, gboolean *ret_hurried,
                       GError **error) {
  g_autoptr(StoreTransaction) transaction = NULL;
  *ret_hurried = FALSE;
  if (mailing_id == 0) {
    return site_sender(site);
  }
  transaction = store_begin_read(paper->store, error);
  g_autoptr(Mailing) mailing =
      transaction != NULL ? mailing_rows_get(transaction, mailing_id, error) : NULL;
  g_autoptr(Newsletter) newsletter =
      mailing != NULL ? newsletter_rows_get(transaction, mailing->newsletter_id, error) : NULL;
  if (newsletter == NULL) {
    return NULL;
  }
  *ret_hurried = mailing->lane == LANE_ALERT;
  return *newsletter->sender_address != '\0' ? g_strdup(newsletter->sender_address)
                                             : site_sender(site);
}

GPtrArray *post_preflight(const PostOptions *options, Paper *paper, gint64 mailing_id,
                          GError **error) {
  g_autoptr(Site) site = paper_site(paper, error);
  gboolean hurried = FALSE;
  g_autofree char *sender =
      site != NULL ? sender_of(paper, site, mailing_id, &hurried, error) : NULL;
  if (sender == NULL) {
    return NULL;
  }
  g_autoptr(GArray) relays = g_array_new(FALSE, TRUE, sizeof(PreflightRelay));
  for (guint i = 0; i < options->relays->len; i++) {
    const SmtpRelay *relay = &g_array_index(options->relays, DispatchRelay, i).smtp;
    PreflightRelay one = {relay->name, relay->host, relay->security, relay->insecure};
    g_array_append_val(relays, one);
  }
  PreflightSetup setup = {.sender = sender,
                          .envelope_sender =
                              *site->bounce_address != '\0' ? site->bounce_address : sender,
                          .base_url = site->base_url,
                          .identities = (const DkimIdentity *)(gpointer)options->identities->data,
                          .identity_count = options->identities->len,
                          .relays = (const PreflightRelay *)(gpointer)relays->data,
                          .relay_count = relays->len,
                          .dns = paper->config->preflight_dns && !hurried,
                          .dns_server = paper->config->dns_server};
  return preflight_setup(&setup);
}
