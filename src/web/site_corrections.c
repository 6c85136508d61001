// SPDX-License-Identifier: Apache-2.0
//
// The page of all corrections, newest first.
#include "store/story_rows.h"
#include "web/site_visit.h"

// One more than a page is asked for: it says whether there is a next one, without counting them
// all.
static GPtrArray *read_page(const SiteVisit *visit, CorrectionsPage *page, GPtrArray **ret_stories,
                            GError **error) {
  guint size = site_page_size(visit->website);
  GPtrArray *corrections = correction_rows_list(visit->transaction, (page->page - 1) * size,
                                                size + 1, ret_stories, error);
  if (corrections == NULL) {
    return NULL;
  }
  page->page_count = page->page + (corrections->len > size ? 1 : 0);
  g_ptr_array_set_size(corrections, (gint)MIN(corrections->len, size));
  g_ptr_array_set_size(*ret_stories, (gint)MIN((*ret_stories)->len, size));
  return corrections;
}

static Response *answer_corrections(const SiteVisit *visit, guint number, GError **error) {
  CorrectionsPage page = {.page = number};
  g_autofree char *path =
      number > 1 ? g_strdup_printf("/corrections?page=%u", number) : g_strdup("/corrections");
  g_autoptr(GPtrArray) stories = NULL;
  g_autoptr(GPtrArray) corrections = read_page(visit, &page, &stories, error);
  if (corrections == NULL) {
    return NULL;
  }
  if (corrections->len == 0 && number > 1) {
    return site_missing(visit, error);
  }
  Response *elsewhere = site_canonical(visit, path);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  page.context = site_context(visit, path);
  page.corrections = corrections;
  page.stories = stories;
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_corrections(visit->website->press, &page, html, error)) {
    return NULL;
  }
  return site_page(visit, g_steal_pointer(&html));
}

Response *site_corrections(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  guint number = 1;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!site_page_number(request, &number) || number > G_MAXINT / site_page_size(website)) {
    return site_missing(&visit, error);
  }
  return answer_corrections(&visit, number, error);
}
