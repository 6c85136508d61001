// SPDX-License-Identifier: Apache-2.0
//
// Sitemaps, implementing that part of feed.h: sitemaps.org 0.9
// (https://www.sitemaps.org/protocol.html) and Google News 0.9. Called by web/site_sitemaps.
#include <string.h>

#include "base/clock.h"
#include "base/html_writer.h"
#include "press/feed_entry.h"

#define SITEMAP_NAMESPACE "http://www.sitemaps.org/schemas/sitemap/0.9"

static void write_location(GString *out, const Site *site, const char *path) {
  g_autofree char *url = feed_absolute(site, path);
  html_write_element(out, "loc", url);
}

static void write_lines(GString *out, const char *tag, const Site *site, const SitemapLine *lines,
                        guint count) {
  for (guint i = 0; i < count; i++) {
    html_open(out, tag);
    write_location(out, site, lines[i].path);
    if (lines[i].changed_at != 0) {
      g_autofree char *changed = clock_format_rfc3339(lines[i].changed_at, site->zone);
      html_write_element(out, "lastmod", changed);
    }
    html_close(out, tag);
    html_write_raw(out, "\n");
  }
}

void sitemap_write(GString *out, const Site *site, const SitemapLine *lines, guint count) {
  html_write_raw(out,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"" SITEMAP_NAMESPACE
                 "\">\n");
  write_lines(out, "url", site, lines, count);
  html_write_raw(out, "</urlset>\n");
}

void sitemap_write_index(GString *out, const Site *site, const SitemapLine *lines, guint count) {
  html_write_raw(
      out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sitemapindex xmlns=\"" SITEMAP_NAMESPACE
           "\">\n");
  write_lines(out, "sitemap", site, lines, count);
  html_write_raw(out, "</sitemapindex>\n");
}

// Google News wants ISO 639: two or three letters, and only for Chinese the country too.
static char *news_language(const char *language) {
  g_autofree char *lower = g_ascii_strdown(language, -1);
  if (g_str_has_prefix(lower, "zh")) {
    gboolean traditional =
        strstr(lower, "tw") != NULL || strstr(lower, "hant") != NULL || strstr(lower, "hk") != NULL;
    return g_strdup(traditional ? "zh-tw" : "zh-cn");
  }
  return g_strndup(lower, strcspn(lower, "-_"));
}

void sitemap_write_news(GString *out, const Site *site, const NewsSitemapLine *lines, guint count) {
  gsize start = out->len;
  html_write_raw(out,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"" SITEMAP_NAMESPACE
                 "\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n");
  for (guint i = 0; i < count; i++) {
    const NewsSitemapLine *line = &lines[i];
    g_autofree char *published = clock_format_rfc3339(line->published_at, site->zone);
    g_autofree char *language = news_language(
        line->language != NULL && *line->language != '\0' ? line->language : site->language);
    html_open(out, "url");
    write_location(out, site, line->path);
    html_write_raw(out, "<news:news><news:publication>");
    html_write_element(out, "news:name", site->name);
    html_write_element(out, "news:language", language);
    html_write_raw(out, "</news:publication>");
    html_write_element(out, "news:publication_date", published);
    html_write_element(out, "news:title", line->headline);
    html_write_raw(out, "</news:news></url>\n");
  }
  html_write_raw(out, "</urlset>\n");
  feed_forbid_noncharacters(out, start);
}
