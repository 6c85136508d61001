// SPDX-License-Identifier: Apache-2.0
//
// A story's page. The number at the end of its address decides which; a stale slug or section is
// redirected. What was withdrawn is gone (410); what is not published yet does not exist (404).
#include "model/address.h"
#include "press/structured_data.h"
#include "store/story_rows.h"
#include "web/site_visit.h"

#define RELATED_STORIES 4

static char *story_path(const Story *story) {
  return address_story(story->section != NULL ? story->section->slug : NULL, story->slug,
                       story->id);
}

static Response *answer_story(const SiteVisit *visit, const Story *story, GError **error) {
  g_autofree char *path = story_path(story);
  gboolean printable = g_strcmp0(request_query(visit->request, "print"), "1") == 0;
  g_autofree char *address = printable ? g_strconcat(path, "?print=1", NULL) : g_strdup(path);
  Response *elsewhere = site_canonical(visit, address);
  if (elsewhere != NULL) {
    return elsewhere;
  }
  g_autoptr(GPtrArray) related =
      story_rows_related(visit->transaction, story, RELATED_STORIES, error);
  if (related == NULL) {
    return NULL;
  }
  g_autofree char *logo = site_logo(visit);
  g_autofree char *structured_data = structured_data_story(visit->site, story, logo);
  StoryPage page = {.context = site_context(visit, path),
                    .story = story,
                    .related = related,
                    .structured_data = structured_data,
                    .printable = printable};
  g_autoptr(GString) html = g_string_sized_new(SITE_PAGE_BYTES);
  if (!page_story(visit->website->press, &page, html, error)) {
    return NULL;
  }
  Response *response = site_page(visit, g_steal_pointer(&html));
  response_set_last_modified(response, story_changed_at(story));
  return response;
}

Response *site_story(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  gint64 id = 0;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  if (!address_parse_story(slice_of(request_path(request)), &id)) {
    return site_missing(&visit, error);
  }
  GError *reason = NULL;
  g_autoptr(Story) story = story_rows_get(visit.transaction, id, &reason);
  if (story == NULL) {
    return site_missing_because(&visit, reason, error);
  }
  if (story->status == STORY_WITHDRAWN) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_GONE, "story %" G_GINT64_FORMAT " was withdrawn", id);
    return NULL;
  }
  if (story->status != STORY_PUBLISHED) {
    return site_missing(&visit, error);
  }
  return answer_story(&visit, story, error);
}
