// SPDX-License-Identifier: Apache-2.0
//
// The search page. What readers type is theirs: results are never kept, neither here nor on the
// way, nor shown to search engines; only the empty form is a page like others.
#include <string.h>

#include "base/text.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define LONGEST_QUERY 200 // bytes

// White space collapsed, cut at a letter; "" if it is not UTF-8.
static char *words_of(const Request *request) {
  const char *typed = request_query(request, "q");
  if (typed == NULL || !g_utf8_validate(typed, -1, NULL)) {
    return g_strdup("");
  }
  char *words = text_collapse_space(slice_of(typed));
  if (strlen(words) > LONGEST_QUERY) {
    *g_utf8_find_prev_char(words, words + LONGEST_QUERY + 1) = '\0';
  }
  return words;
}

static char *search_path(const char *words, guint page) {
  g_autofree char *query = g_uri_escape_string(words, NULL, FALSE);
  return page > 1 ? g_strdup_printf("/search?q=%s&page=%u", query, page)
                  : g_strconcat("/search?q=", query, NULL);
}

static Response *answer_search(const SiteVisit *visit, const char *words, GError **error) {
  SearchPage page = {.words = words};
  guint size = site_page_size(visit->website);
  if (!site_page_number(visit->request, &page.page) || page.page > G_MAXUINT / size) {
    return site_missing(visit, error);
  }
  page.stories = story_rows_search(visit->transaction, words, (page.page - 1) * size, size,
                                   &page.total, error);
  g_autoptr(GPtrArray) stories = page.stories;
  if (stories == NULL) {
    return NULL;
  }
  page.page_count = site_page_count(page.total, size);
  if (page.page > page.page_count) {
    return site_missing(visit, error);
  }
  g_autofree char *path = search_path(words, page.page);
  page.context = site_context(visit, path);
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_search(visit->website->press, &page, html, error)) {
    return NULL;
  }
  Response *response = site_page(visit, g_steal_pointer(&html));
  response_set_cache(response, CACHE_NONE);
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}

static Response *answer_form(const SiteVisit *visit, GError **error) {
  Response *elsewhere = site_canonical(visit, "/search");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  SearchPage page = {.context = site_context(visit, "/search"),
                     .words = "",
                     .stories = nothing,
                     .page = 1,
                     .page_count = 1};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_search(visit->website->press, &page, html, error)) {
    return NULL;
  }
  Response *response = site_page(visit, g_steal_pointer(&html));
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}

Response *site_search(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  g_autofree char *words = words_of(request);
  return *words == '\0' ? answer_form(&visit, error) : answer_search(&visit, words, error);
}
