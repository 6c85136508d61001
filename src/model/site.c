// SPDX-License-Identifier: Apache-2.0
//
// Implements site.h.
#include "model/site.h"

#include <string.h>

Site *site_new(void) {
  Site *site = g_new0(Site, 1);
  g_atomic_ref_count_init(&site->references);
  site->name = g_strdup("Broadsheet");
  site->tagline = g_strdup("");
  site->description = g_strdup("");
  site->base_url = g_strdup("http://localhost:8080");
  site->language = g_strdup("en");
  site->zone_name = g_strdup("UTC");
  site->zone = g_time_zone_new_utc();
  site->publisher = g_strdup("");
  site->contact = g_strdup("");
  site->image_key = g_strdup("");
  site->mail_key = g_strdup("");
  site->mail_sender = g_strdup("");
  site->bounce_address = g_strdup("");
  site->postal_address = g_strdup("");
  site->maintenance = g_strdup("off");
  site->form_origins = g_strdup("");
  site->sections = g_ptr_array_new_with_free_func((GDestroyNotify)section_free);
  return site;
}

Site *site_ref(Site *site) {
  g_atomic_ref_count_inc(&site->references);
  return site;
}

void site_unref(Site *site) {
  if (site == NULL || !g_atomic_ref_count_dec(&site->references)) {
    return;
  }
  char *texts[] = {site->name,           site->tagline,     site->description, site->base_url,
                   site->language,       site->zone_name,   site->publisher,   site->contact,
                   site->image_key,      site->mail_key,    site->mail_sender, site->bounce_address,
                   site->postal_address, site->maintenance, site->form_origins};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  g_time_zone_unref(site->zone);
  g_ptr_array_unref(site->sections);
  g_free(site);
}

char *site_host(const Site *site) {
  g_autoptr(GUri) uri = g_uri_parse(site->base_url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  return g_strdup(host != NULL && *host != '\0' ? host : "localhost");
}

char *site_sender(const Site *site) {
  if (*site->mail_sender != '\0') {
    return g_strdup(site->mail_sender);
  }
  g_autofree char *host = site_host(site);
  return g_strconcat("news@", g_str_has_prefix(host, "www.") ? host + strlen("www.") : host, NULL);
}

const Section *site_section_by_slug(const Site *site, const char *slug) {
  for (guint i = 0; i < site->sections->len; i++) {
    const Section *section = g_ptr_array_index(site->sections, i);
    if (strcmp(section->slug, slug) == 0) {
      return section;
    }
  }
  return NULL;
}
