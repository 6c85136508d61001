// SPDX-License-Identifier: Apache-2.0
//
// Implements website.h: the newspaper's settings kept for one revision, and the table of every
// address that readers can ask for. A new page is a row here and a handler in a site_*.c file.
#include "web/website.h"

#include "store/site_rows.h"
#include "web/site_editions.h"
#include "web/site_reader.h"
#include "web/site_visit.h"

static Site *known_site(Website *website, gint64 revision) {
  g_mutex_lock(&website->lock);
  gboolean is_current = website->site != NULL && website->site->revision == revision;
  Site *site = is_current ? site_ref(website->site) : NULL;
  g_mutex_unlock(&website->lock);
  return site;
}

// An older transaction may end after a newer one: the newest stays.
static void keep_site(Website *website, Site *site) {
  g_mutex_lock(&website->lock);
  Site *former = NULL;
  if (website->site == NULL || website->site->revision < site->revision) {
    former = website->site;
    website->site = site_ref(site);
  }
  g_mutex_unlock(&website->lock);
  site_unref(former);
}

Site *website_site(Website *website, StoreTransaction *transaction, GError **error) {
  gint64 revision = site_rows_revision(transaction, error);
  if (revision < 0) {
    return NULL;
  }
  if (website->cache != NULL) {
    page_cache_set_revision(website->cache, revision);
  }
  Site *site = known_site(website, revision);
  if (site != NULL) {
    return site;
  }
  site = site_rows_load(transaction, error);
  if (site != NULL) {
    keep_site(website, site);
  }
  return site;
}

#define PAGE(path, handler)                                                                        \
  { HTTP_GET, path, PERMISSION_PUBLIC, 0, handler, BODY_FORM, FALSE, FALSE }
#define FORM_BYTES 65536
#define FORM(path, handler)                                                                        \
  { HTTP_POST, path, PERMISSION_PUBLIC, FORM_BYTES, handler, BODY_FORM, FALSE, FALSE }
#define FEEDS(path, handler)                                                                       \
  PAGE(path "/feed.xml", handler), PAGE(path "/atom.xml", handler), PAGE(path "/feed.json", handler)

const Route SITE_ROUTES[] = {
    PAGE("/", site_front),
    PAGE("/latest", site_latest),
    PAGE("/:section", site_section),
    PAGE("/:section/:slug", site_story),
    PAGE("/topic/:slug", site_topic),
    PAGE("/author/:slug", site_author),
    PAGE("/search", site_search),
    PAGE("/corrections", site_corrections),
    PAGE("/archive", site_archive),
    PAGE("/archive/:year", site_archive_year),
    PAGE("/archive/:year/:month", site_archive_month),
    PAGE("/archive/:year/:month/:day", site_archive_day),
    FEEDS("", site_feed),
    FEEDS("/:section", site_section_feed),
    FEEDS("/topic/:slug", site_topic_feed),
    FEEDS("/author/:slug", site_author_feed),
    FEEDS("/corrections", site_corrections_feed),
    PAGE("/sitemap.xml", site_sitemap_index),
    PAGE("/sitemap-lists.xml", site_sitemap_lists),
    PAGE("/sitemap-news.xml", site_sitemap_news),
    PAGE("/robots.txt", site_robots),
    PAGE("/manifest.webmanifest", site_manifest),
    PAGE("/favicon.ico", site_favicon),
    PAGE("/assets/*", site_asset),
    {HTTP_GET, "/images/:id/:name", PERMISSION_PUBLIC, 0, site_images_get, BODY_FORM, TRUE, FALSE},
    PAGE("/edition", site_editions),
    PAGE("/edition/:day", site_edition),
    {HTTP_GET, "/edition/:day/:hash/:name", PERMISSION_PUBLIC, 0, site_edition_file, BODY_FORM,
     TRUE, FALSE},
    // Its answer to another site's script depends on who asks.
    {HTTP_GET, "/newsletters", PERMISSION_PUBLIC, 0, site_newsletters, BODY_FORM, FALSE, TRUE},
    PAGE("/newsletters/:slug", site_newsletter),
    FORM("/newsletters", site_sign_up),
    PAGE("/newsletters/confirm/:token", site_confirm_page),
    FORM("/newsletters/confirm/:token", site_confirm),
    PAGE("/unsubscribe/:token", site_unsubscribe_page),
    FORM("/unsubscribe/:token", site_unsubscribe),
    PAGE("/reader/:token", site_reader),
    FORM("/reader/:token", site_reader_save),
    PAGE("/reader/:token/export", site_reader_export),
    FORM("/reader/:token/erase", site_reader_erase),
    PAGE("/mail/:id", site_mailing),
    PAGE("/terms", site_terms),
    PAGE("/terms/:version", site_terms),
    PAGE("/privacy", site_privacy),
    PAGE("/privacy/:version", site_privacy),
    PAGE("/o/:token", site_open),
    PAGE("/c/:token/:number", site_click),
    PAGE("/*", site_elsewhere),
};
const guint SITE_ROUTE_COUNT = G_N_ELEMENTS(SITE_ROUTES);
