// SPDX-License-Identifier: Apache-2.0
//
// The pages that are lists of stories, newest first: all, a section's, a topic's, an author's.
#include "model/address.h"
#include "newsroom/fronts.h"
#include "store/people_rows.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define SECTION_FRONT_STORIES 5

static void drop_stories_of(const Front *front, GPtrArray *stories) {
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = g_ptr_array_index(front->slots, i);
    for (guint k = 0; k < stories->len; k++) {
      const Teaser *story = g_ptr_array_index(stories, k);
      if (story->id == slot->story->id) {
        g_ptr_array_remove_index(stories, k);
        break;
      }
    }
  }
}

// Fills in stories, and on a section's first page its front.
static gboolean fill_page(const SiteVisit *visit, ListingPage *page, Front **ret_front,
                          GError **error) {
  guint size = site_page_size(visit->website);
  guint64 offset = (guint64)(page->page - 1) * size;
  page->stories = story_rows_list(visit->transaction, page->listing, offset, size, error);
  if (page->stories == NULL) {
    return FALSE;
  }
  if (page->listing.kind != LISTING_SECTION || page->page != 1) {
    return TRUE;
  }
  *ret_front = fronts_compose(visit->transaction, page->listing.id, SECTION_FRONT_STORIES, error);
  if (*ret_front == NULL) {
    return FALSE;
  }
  page->front = *ret_front;
  drop_stories_of(*ret_front, page->stories);
  return TRUE;
}

static Response *answer_listing(const SiteVisit *visit, ListingPage *page, const char *slug,
                                GError **error) {
  page->total = story_rows_count(visit->transaction, page->listing, error);
  if (page->total < 0) {
    return NULL;
  }
  page->page_count = site_page_count(page->total, site_page_size(visit->website));
  if (!site_page_number(visit->request, &page->page) || page->page > page->page_count) {
    return site_missing(visit, error);
  }
  g_autofree char *path = address_listing(page->listing, slug, page->page);
  Response *elsewhere = site_canonical(visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(Front) front = NULL;
  gboolean is_filled = fill_page(visit, page, &front, error);
  g_autoptr(GPtrArray) stories = page->stories;
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  page->context = site_context(visit, path);
  if (!is_filled || !page_listing(visit->website->press, page, html, error)) {
    return NULL;
  }
  return site_page(visit, g_steal_pointer(&html));
}

Response *site_latest(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  ListingPage page = {.listing = {LISTING_ALL, 0}};
  return answer_listing(&visit, &page, NULL, error);
}

Response *site_section(const Request *request, Website *website, GError **error) {
  const char *slug = request_parameter(request, 0);
  if (site_is_story_sitemap(slug)) {
    return site_sitemap_stories(request, website, error);
  }
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  const Section *section = site_section_by_slug(visit.site, slug);
  if (section == NULL) {
    return site_missing(&visit, error);
  }
  ListingPage page = {.listing = {LISTING_SECTION, section->id}, .section = section};
  return answer_listing(&visit, &page, slug, error);
}

Response *site_topic(const Request *request, Website *website, GError **error) {
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
  ListingPage page = {.listing = {LISTING_TOPIC, topic->id}, .topic = topic};
  return answer_listing(&visit, &page, topic->slug, error);
}

Response *site_author(const Request *request, Website *website, GError **error) {
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
  ListingPage page = {.listing = {LISTING_AUTHOR, author->id}, .author = author};
  return answer_listing(&visit, &page, author->slug, error);
}
