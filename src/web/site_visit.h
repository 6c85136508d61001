// SPDX-License-Identifier: Apache-2.0
//
// What the site_* handlers share: one visit is one request for a page, with its read transaction
// and the newspaper as it stood then. For src/web/site_*.c and website.c only.
//
// A page has one address. Whatever is asked for in another way (a stale slug, "?page=1", unknown
// parameters, needless percent-encoding) is redirected there, so that strangers can't fill the
// page cache with copies.
#pragma once

#include "web/problem.h"
#include "web/website.h"

#define SITE_PAGE_BYTES ((gsize)65536) // a first guess at a page's size

typedef struct SiteVisit {
  const Request *request; // borrowed
  Website *website;       // borrowed
  StoreTransaction *transaction;
  Site *site;
} SiteVisit;

gboolean site_visit_begin(SiteVisit *visit, const Request *request, Website *website,
                          GError **error);
void site_visit_end(SiteVisit *visit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SiteVisit, site_visit_end)

// NULL when the request is for exactly `address` (path, and query if it has one); else the way
// there.
Response *site_canonical(const SiteVisit *visit, const char *address);
// A redirect that the editors made, or NULL with NOT_FOUND (GONE where they say so).
Response *site_missing(const SiteVisit *visit, GError **error);
// Takes `reason`: what is not in the store is missing; any other failure is passed on.
Response *site_missing_because(const SiteVisit *visit, GError *reason, GError **error);

// "?page=": 1 if absent. FALSE if it is no page's number.
gboolean site_page_number(const Request *request, guint *ret_page);
guint site_page_count(gint64 total, gint64 page_size); // at least 1
guint site_page_size(const Website *website);

PageContext site_context(const SiteVisit *visit, const char *path); // borrows path
// A finished page; takes `html`. Kept until the date in its masthead is yesterday's.
Response *site_page(const SiteVisit *visit, GString *html);
// The newspaper's square picture for feeds, search engines and home screens. NULL if the theme has
// none.
char *site_logo(const SiteVisit *visit);

// ---- handlers (RouteHandler) --------------------------------------------------------------------
#define SITE_HANDLER(name) Response *name(const Request *request, Website *website, GError **error)
SITE_HANDLER(site_front);
SITE_HANDLER(site_latest);
SITE_HANDLER(site_section);
SITE_HANDLER(site_topic);
SITE_HANDLER(site_author);
SITE_HANDLER(site_story);
SITE_HANDLER(site_search);
SITE_HANDLER(site_corrections);
SITE_HANDLER(site_archive);
SITE_HANDLER(site_archive_year);
SITE_HANDLER(site_archive_month);
SITE_HANDLER(site_archive_day);
SITE_HANDLER(site_feed);
SITE_HANDLER(site_section_feed);
SITE_HANDLER(site_topic_feed);
SITE_HANDLER(site_author_feed);
SITE_HANDLER(site_corrections_feed);
SITE_HANDLER(site_sitemap_index);
SITE_HANDLER(site_sitemap_lists);
SITE_HANDLER(site_sitemap_stories); // /sitemap-<N>.xml, handed on by site_section
SITE_HANDLER(site_sitemap_news);
SITE_HANDLER(site_robots);
SITE_HANDLER(site_manifest);
SITE_HANDLER(site_favicon);
SITE_HANDLER(site_asset);
SITE_HANDLER(site_images_get); // site_images.c, see site_images.h
SITE_HANDLER(site_elsewhere);  // no page of ours: redirects, or 404

gboolean site_is_story_sitemap(const char *name); // "sitemap-<N>.xml"
