// SPDX-License-Identifier: Apache-2.0
//
// Feeds with full text: RSS 2.0 (with content:encoded, dc, media, atom:link), Atom (RFC 4287), JSON
// Feed 1.1. And sitemaps (sitemaps.org 0.9, Google News 0.9). Pure; any thread.
#pragma once

#include "model/site.h"

typedef enum FeedFormat { FEED_RSS, FEED_ATOM, FEED_JSON } FeedFormat;
typedef struct Feed {
  const Site *site;
  const char *title, *description;
  const char *page_path; // the page it is the feed of
  const char *feed_path; // its own
  GPtrArray *stories;    // Story *, newest first; ignored when `corrections` is set
  gint64 updated_at;
  const char *logo_path;       // the newspaper's picture; NULL: none
  const char *correction_word; // "Correction" in the newspaper's language; NULL: in English
  // The feed of corrections: Correction *, newest first, and the Teaser * of each one's story.
  GPtrArray *corrections, *corrected;
} Feed;
// Never fails: a body that is no Markdown any more is written as plain paragraphs.
void feed_write(const Feed *feed, FeedFormat format, GString *out);
// A story's full text as it stands in feeds: all addresses absolute. Caller frees.
char *feed_story_html(const Site *site, const Story *story);
const char *feed_media_type(FeedFormat format);

typedef struct SitemapLine {
  const char *path;  // borrowed
  gint64 changed_at; // 0: left out
} SitemapLine;
void sitemap_write(GString *out, const Site *site, const SitemapLine *lines, guint count);
void sitemap_write_index(GString *out, const Site *site, const SitemapLine *lines, guint count);
typedef struct NewsSitemapLine {
  const char *path, *headline, *language;
  gint64 published_at;
} NewsSitemapLine;
void sitemap_write_news(GString *out, const Site *site, const NewsSitemapLine *lines, guint count);
