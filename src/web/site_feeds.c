// SPDX-License-Identifier: Apache-2.0
//
// A feed beside every list, in three formats: feed.xml (RSS 2.0), atom.xml (Atom), feed.json (JSON
// Feed).
#include <string.h>

#include "model/address.h"
#include "press/feed.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

// The routes let only feed.xml, atom.xml and feed.json through.
static FeedFormat format_of(const Request *request) {
  const char *path = request_path(request);
  return g_str_has_suffix(path, "/atom.xml")    ? FEED_ATOM
         : g_str_has_suffix(path, "/feed.json") ? FEED_JSON
                                                : FEED_RSS;
}

static const char *format_name(FeedFormat format) {
  static const char *const NAMES[] = {
      [FEED_RSS] = "rss", [FEED_ATOM] = "atom", [FEED_JSON] = "json"};
  return NAMES[format];
}

static guint feed_size(const Website *website) {
  return (guint)CLAMP(website->feed_size, 1, 500);
}

static gint64 newest_change(const GPtrArray *stories) {
  gint64 newest = 0;
  for (guint i = 0; i < stories->len; i++) {
    newest = MAX(newest, story_changed_at(g_ptr_array_index(stories, i)));
  }
  return newest;
}

static Response *finish_feed(const SiteVisit *visit, Feed *feed) {
  FeedFormat format = format_of(visit->request);
  Response *elsewhere = site_canonical(visit, feed->feed_path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autofree char *logo = site_logo(visit);
  feed->site = visit->site;
  feed->logo_path = logo;
  feed->correction_word = press_word(visit->website->press, visit->site->language, "correction");
  GString *out = g_string_sized_new(2 * SITE_PAGE_BYTES);
  feed_write(feed, format, out);
  Response *response = response_new_take(200, feed_media_type(format), out);
  response_set_cache(response, CACHE_PAGE);
  if (feed->updated_at != 0) {
    response_set_last_modified(response, feed->updated_at);
  }
  return response;
}

// `name` NULL: the feed of the whole newspaper.
static Response *answer_feed(const SiteVisit *visit, Listing listing, const char *slug,
                             const char *name, const char *description, GError **error) {
  g_autoptr(GPtrArray) stories =
      story_rows_list_whole(visit->transaction, listing, feed_size(visit->website), error);
  if (stories == NULL) {
    return NULL;
  }
  const Site *site = visit->site;
  g_autofree char *title =
      name != NULL ? g_strconcat(name, " – ", site->name, NULL) : g_strdup(site->name);
  g_autofree char *page =
      listing.kind == LISTING_ALL ? g_strdup("/") : address_listing(listing, slug, 1);
  g_autofree char *path = address_feed(listing, slug, format_name(format_of(visit->request)));
  Feed feed = {.title = title,
               .feed_path = path,
               .description =
                   description != NULL && *description != '\0' ? description : site->tagline,
               .page_path = page,
               .stories = stories,
               .updated_at = newest_change(stories)};
  return finish_feed(visit, &feed);
}

Response *site_feed(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  return answer_feed(&visit, (Listing){LISTING_ALL, 0}, NULL, NULL, visit.site->description, error);
}

Response *site_section_feed(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  const char *slug = request_parameter(request, 0);
  if (strcmp(slug, "latest") == 0) { // the list of all has the newspaper's own feed
    g_autofree char *path =
        address_feed((Listing){LISTING_ALL, 0}, NULL, format_name(format_of(request)));
    return response_redirect(301, path);
  }
  const Section *section = site_section_by_slug(visit.site, slug);
  if (section == NULL) {
    return site_missing(&visit, error);
  }
  Listing listing = {LISTING_SECTION, section->id};
  return answer_feed(&visit, listing, slug, section->name, section->description, error);
}

Response *site_topic_feed(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  GError *reason = NULL;
  g_autoptr(Topic) topic =
      topic_rows_get_by_slug(visit.transaction, request_parameter(request, 0), &reason);
  if (topic == NULL) {
    return site_missing_because(&visit, reason, error);
  }
  Listing listing = {LISTING_TOPIC, topic->id};
  return answer_feed(&visit, listing, topic->slug, topic->name, topic->description, error);
}

Response *site_author_feed(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  GError *reason = NULL;
  g_autoptr(Author) author =
      author_rows_get_by_slug(visit.transaction, request_parameter(request, 0), &reason);
  if (author == NULL) {
    return site_missing_because(&visit, reason, error);
  }
  Listing listing = {LISTING_AUTHOR, author->id};
  return answer_feed(&visit, listing, author->slug, author->name, author->role, error);
}

Response *site_corrections_feed(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  g_autoptr(GPtrArray) stories = NULL;
  g_autoptr(GPtrArray) corrections =
      correction_rows_list(visit.transaction, 0, feed_size(website), &stories, error);
  if (corrections == NULL) {
    return NULL;
  }
  const Correction *newest = corrections->len > 0 ? g_ptr_array_index(corrections, 0) : NULL;
  const char *word = press_word(website->press, visit.site->language, "corrections");
  g_autofree char *title = g_strconcat(word, " – ", visit.site->name, NULL);
  g_autofree char *path = address_corrections_feed(format_name(format_of(request)));
  Feed feed = {.title = title,
               .feed_path = path,
               .description = press_word(website->press, visit.site->language, "corrections_intro"),
               .page_path = "/corrections",
               .corrections = corrections,
               .corrected = stories,
               .updated_at = newest != NULL ? newest->corrected_at : 0};
  return finish_feed(&visit, &feed);
}
