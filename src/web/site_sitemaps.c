// SPDX-License-Identifier: Apache-2.0
//
// What search engines read: the index of sitemaps, one for each 10,000 story numbers, one of the
// lists, and Google News's. A file's bounds are story numbers and never move, so that each is cheap
// to make however many stories there are, and an old one hardly ever changes.
#include <string.h>

#include "model/address.h"
#include "press/feed.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define STORIES_A_FILE 10000
#define NEWS_DAYS 2
#define NEWS_STORIES 1000
#define LISTED_TOPICS 20000

static const char PREFIX[] = "/sitemap-";

static Response *xml_page(GString *out) {
  Response *response = response_new_take(200, "application/xml; charset=utf-8", out);
  response_set_cache(response, CACHE_PAGE);
  return response;
}

static gboolean file_number(const char *name, gint64 *ret_number) {
  Slice rest = slice_of(name);
  guint64 number = 0;
  if (!slice_starts_with(rest, PREFIX + 1) || !slice_ends_with(rest, ".xml")) {
    return FALSE;
  }
  gsize prefix = strlen(PREFIX + 1);
  gsize frame = prefix + strlen(".xml");
  if (rest.length <= frame ||
      !slice_parse_uint(slice_range(rest, prefix, rest.length - frame), G_MAXINT32, &number)) {
    return FALSE;
  }
  *ret_number = (gint64)number;
  return TRUE;
}

gboolean site_is_story_sitemap(const char *name) {
  gint64 number = 0;
  return file_number(name, &number);
}

static void add_path(GArray *lines, GPtrArray *paths, char *path, gint64 changed_at) {
  g_ptr_array_add(paths, path);
  SitemapLine line = {path, changed_at};
  g_array_append_val(lines, line);
}

Response *site_sitemap_index(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/sitemap.xml");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  gint64 last = story_rows_max_id(visit.transaction, error);
  if (last < 0) {
    return NULL;
  }
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(SitemapLine));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  add_path(lines, paths, g_strdup("/sitemap-lists.xml"), 0);
  add_path(lines, paths, g_strdup("/sitemap-news.xml"), 0);
  for (gint64 file = 1; (file - 1) * STORIES_A_FILE < last; file++) {
    add_path(lines, paths, g_strdup_printf("%s%" G_GINT64_FORMAT ".xml", PREFIX, file), 0);
  }
  GString *out = g_string_new(NULL);
  sitemap_write_index(out, visit.site, (const SitemapLine *)(void *)lines->data, lines->len);
  return xml_page(out);
}

static void sitemap_entries(const GPtrArray *entries, GArray *lines, GPtrArray *paths) {
  for (guint i = 0; i < entries->len; i++) {
    const SitemapEntry *entry = g_ptr_array_index(entries, i);
    add_path(lines, paths, address_story(entry->section_slug, entry->slug, entry->id),
             MAX(entry->published_at, entry->updated_at));
  }
}

Response *site_sitemap_stories(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  gint64 file = 0;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  gint64 last = story_rows_max_id(visit.transaction, error);
  if (last < 0) {
    return NULL;
  }
  if (!file_number(request_parameter(request, 0), &file) || file == 0 ||
      (file - 1) * STORIES_A_FILE >= last) {
    return site_missing(&visit, error);
  }
  g_autofree char *path = g_strdup_printf("%s%" G_GINT64_FORMAT ".xml", PREFIX, file);
  Response *elsewhere = site_canonical(&visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  gint64 start = (file - 1) * STORIES_A_FILE + 1;
  g_autoptr(GPtrArray) entries =
      story_rows_sitemap(visit.transaction, start, start + STORIES_A_FILE, STORIES_A_FILE, error);
  if (entries == NULL) {
    return NULL;
  }
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(SitemapLine));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  sitemap_entries(entries, lines, paths);
  GString *out = g_string_sized_new(lines->len * 128 + 256);
  sitemap_write(out, visit.site, (const SitemapLine *)(void *)lines->data, lines->len);
  return xml_page(out);
}

static gboolean add_people(const SiteVisit *visit, GArray *lines, GPtrArray *paths,
                           GError **error) {
  g_autoptr(GPtrArray) topics = topic_rows_list(visit->transaction, LISTED_TOPICS, error);
  g_autoptr(GPtrArray) authors =
      topics != NULL ? author_rows_list(visit->transaction, error) : NULL;
  if (authors == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < topics->len; i++) {
    const Topic *topic = g_ptr_array_index(topics, i);
    add_path(lines, paths, address_listing((Listing){LISTING_TOPIC, topic->id}, topic->slug, 1), 0);
  }
  for (guint i = 0; i < MIN(authors->len, LISTED_TOPICS); i++) {
    const Author *author = g_ptr_array_index(authors, i);
    add_path(lines, paths, address_listing((Listing){LISTING_AUTHOR, author->id}, author->slug, 1),
             0);
  }
  return TRUE;
}

Response *site_sitemap_lists(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/sitemap-lists.xml");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  static const char *const PAGES[] = {"/", "/latest", "/archive", "/corrections"};
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(SitemapLine));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (gsize i = 0; i < G_N_ELEMENTS(PAGES); i++) {
    add_path(lines, paths, g_strdup(PAGES[i]), 0);
  }
  for (guint i = 0; i < visit.site->sections->len; i++) {
    const Section *section = g_ptr_array_index(visit.site->sections, i);
    add_path(lines, paths,
             address_listing((Listing){LISTING_SECTION, section->id}, section->slug, 1), 0);
  }
  if (!add_people(&visit, lines, paths, error)) {
    return NULL;
  }
  GString *out = g_string_new(NULL);
  sitemap_write(out, visit.site, (const SitemapLine *)(void *)lines->data, lines->len);
  return xml_page(out);
}

static Response *news_page(const SiteVisit *visit, const GPtrArray *stories) {
  g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(NewsSitemapLine));
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < stories->len; i++) {
    const Teaser *story = g_ptr_array_index(stories, i);
    g_ptr_array_add(paths, address_teaser(story));
    NewsSitemapLine line = {g_ptr_array_index(paths, i), story->headline, story->language,
                            story->published_at};
    g_array_append_val(lines, line);
  }
  GString *out = g_string_new(NULL);
  sitemap_write_news(out, visit->site, (const NewsSitemapLine *)(void *)lines->data, lines->len);
  Response *response = xml_page(out);
  if (stories->len > 0) { // until the oldest of them is too old
    const Teaser *oldest = g_ptr_array_index(stories, stories->len - 1);
    response_set_expiry(response, oldest->published_at + NEWS_DAYS * CLOCK_DAY);
  }
  return response;
}

Response *site_sitemap_news(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/sitemap-news.xml");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  gint64 now = clock_now(&website->newsroom->clock);
  g_autoptr(GPtrArray) stories =
      story_rows_list_between(visit.transaction, (Listing){LISTING_ALL, 0},
                              now - NEWS_DAYS * CLOCK_DAY, now + 1, NEWS_STORIES, error);
  return stories != NULL ? news_page(&visit, stories) : NULL;
}
