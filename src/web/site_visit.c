// SPDX-License-Identifier: Apache-2.0
//
// Implements site_visit.h: what every page of the newspaper needs around its own few lines. Must
// never send a reader to an address that was not made here or stored by the editors (open
// redirects).
#include "web/site_visit.h"

#include <string.h>

#include "model/address.h"
#include "store/site_rows.h"
#include "store/story_rows.h"
#include "web/problem.h"

#define LAST_PAGE 1000000000

// What a reader may always do: leave, confirm, see and take what is theirs (and the looks of those
// pages).
static gboolean is_always_open(const char *path) {
  static const char *const OPEN[] = {
      "/unsubscribe/", "/newsletters/confirm/", "/reader/", "/assets/", "/privacy", "/terms"};
  for (gsize i = 0; i < G_N_ELEMENTS(OPEN); i++) {
    if (g_str_has_prefix(path, OPEN[i])) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean check_open(const SiteVisit *visit, GError **error) {
  if (strcmp(visit->site->maintenance, "on") != 0 || is_always_open(request_path(visit->request))) {
    return TRUE;
  }
  g_set_error_literal(error, WEB_ERROR, WEB_ERROR_MAINTENANCE, "closed for maintenance");
  return FALSE;
}

gboolean site_visit_begin(SiteVisit *visit, const Request *request, Website *website,
                          GError **error) {
  visit->request = request;
  visit->website = website;
  visit->site = NULL;
  visit->transaction = store_begin_read(website->newsroom->store, error);
  if (visit->transaction == NULL) {
    return FALSE;
  }
  visit->site = website_site(website, visit->transaction, error);
  return visit->site != NULL && check_open(visit, error);
}

void site_visit_end(SiteVisit *visit) {
  g_clear_pointer(&visit->transaction, store_rollback);
  g_clear_pointer(&visit->site, site_unref);
}

Response *site_canonical(const SiteVisit *visit, const char *address) {
  Slice path = request_raw_path(visit->request);
  Slice query = request_raw_query(visit->request);
  g_autoptr(GString) asked = g_string_new_len(path.data, (gssize)path.length);
  if (query.length > 0) {
    g_string_append_c(asked, '?');
    g_string_append_len(asked, query.data, (gssize)query.length);
  }
  return strcmp(asked->str, address) == 0 ? NULL : response_redirect(301, address);
}

// "/politics/" is "/politics". Never "//host" or "/\host", which browsers take for another site.
static char *without_slash(Slice path) {
  gsize length = path.length;
  while (length > 1 && path.data[length - 1] == '/') {
    length--;
  }
  gboolean is_local = length > 1 && path.data[1] != '/' && path.data[1] != '\\';
  return length < path.length && is_local ? slice_dup(slice_range(path, 0, length)) : NULL;
}

static Redirect *find_redirect(const SiteVisit *visit, GError **error) {
  g_autofree char *raw = slice_dup(request_raw_path(visit->request));
  const char *decoded = request_path(visit->request);
  const char *const paths[] = {raw, strcmp(raw, decoded) != 0 ? decoded : NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(paths) && paths[i] != NULL; i++) {
    g_autoptr(GError) reason = NULL;
    Redirect *redirect = redirect_rows_get(visit->transaction, paths[i], &reason);
    if (redirect != NULL) {
      return redirect;
    }
    if (!g_error_matches(reason, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
      g_propagate_error(error, g_steal_pointer(&reason));
      return NULL;
    }
  }
  return NULL;
}

// "/the-slug-c-17", "/2026/11/the-slug-c-17": the number tells which story is meant, wherever the
// address was cut or built otherwise. NULL without an error: none that readers may see.
static Response *misplaced_story(const SiteVisit *visit, GError **error) {
  gint64 id = 0;
  StoryStatus status = STORY_DRAFT;
  g_autoptr(GError) reason = NULL;
  if (!address_parse_story(slice_of(request_path(visit->request)), &id)) {
    return NULL;
  }
  g_autoptr(Teaser) story = story_rows_get_address(visit->transaction, id, &status, &reason);
  if (story == NULL && !g_error_matches(reason, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
  }
  if (story == NULL || status != STORY_PUBLISHED) {
    return NULL;
  }
  g_autofree char *address = address_teaser(story);
  return site_canonical(visit, address);
}

Response *site_missing(const SiteVisit *visit, GError **error) {
  g_autoptr(GError) reason = NULL;
  g_autoptr(Redirect) redirect = find_redirect(visit, &reason);
  if (reason != NULL) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
  }
  const char *path = request_path(visit->request);
  if (redirect != NULL && redirect->status == 410) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_GONE, "%s is gone", path);
    return NULL;
  }
  if (redirect != NULL && strcmp(redirect->target, path) != 0) {
    return response_redirect((guint)redirect->status, redirect->target);
  }
  Response *story = misplaced_story(visit, &reason);
  if (reason != NULL) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
  }
  if (story != NULL) {
    return story;
  }
  g_autofree char *plain = without_slash(request_raw_path(visit->request));
  if (plain != NULL) {
    return response_redirect(301, plain);
  }
  g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is nothing at %s", path);
  return NULL;
}

Response *site_missing_because(const SiteVisit *visit, GError *reason, GError **error) {
  if (!g_error_matches(reason, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, reason);
    return NULL;
  }
  g_error_free(reason);
  return site_missing(visit, error);
}

gboolean site_page_number(const Request *request, guint *ret_page) {
  const char *text = request_query(request, "page");
  guint64 number = 1;
  if (text != NULL && (!slice_parse_uint(slice_of(text), LAST_PAGE, &number) || number == 0)) {
    return FALSE;
  }
  *ret_page = (guint)number;
  return TRUE;
}

guint site_page_count(gint64 total, gint64 page_size) {
  return total <= 0 ? 1 : (guint)MIN((total + page_size - 1) / page_size, LAST_PAGE);
}

guint site_page_size(const Website *website) {
  return (guint)CLAMP(website->page_size, 1, 500);
}

PageContext site_context(const SiteVisit *visit, const char *path) {
  return (PageContext){
      .site = visit->site, .now = clock_now(&visit->website->newsroom->clock), .path = path};
}

// The first instant of tomorrow where the newspaper is; a day may have 23 or 25 hours.
static gint64 next_midnight(gint64 now, GTimeZone *zone) {
  gint64 today = clock_day_start(clock_day(now, zone), zone);
  gint64 tomorrow = clock_day_start(clock_day(today + CLOCK_DAY + CLOCK_DAY / 2, zone), zone);
  return tomorrow > now ? tomorrow : now + CLOCK_DAY / 24;
}

Response *site_page(const SiteVisit *visit, GString *html) {
  Response *response = response_new_take(200, "text/html; charset=utf-8", html);
  response_set_cache(response, CACHE_PAGE);
  gint64 now = clock_now(&visit->website->newsroom->clock);
  response_set_expiry(response, next_midnight(now, visit->site->zone));
  return response;
}

char *site_logo(const SiteVisit *visit) {
  return press_asset_address(visit->website->press, "icon-512.png");
}

Response *site_elsewhere(const Request *request, Website *website, GError **error) {
  if (strcmp(request_path(request), "/") == 0) { // "*" may catch an empty rest
    return site_front(request, website, error);
  }
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  return site_missing(&visit, error);
}
