// SPDX-License-Identifier: Apache-2.0
//
// What browsers and crawlers fetch by themselves: style sheet and fonts (for ever, by hash), icon,
// web app manifest, robots.txt.
#include <string.h>

#include "base/json_writer.h"
#include "web/site_visit.h"

static const char ASSETS[] = "/assets/";

static gboolean is_compressed(const char *media_type) {
  return g_str_has_prefix(media_type, "font/") ||
         (g_str_has_prefix(media_type, "image/") && !g_str_has_prefix(media_type, "image/svg"));
}

static Response *asset_response(GBytes *bytes, const char *media_type, CachePolicy policy) {
  Response *response = response_new(200, media_type, bytes);
  response_set_cache(response, policy);
  if (is_compressed(media_type)) {
    response_set_incompressible(response);
  }
  return response;
}

Response *site_asset(const Request *request, Website *website, GError **error) {
  const char *media_type = NULL;
  GBytes *bytes = press_asset(website->press, request_path(request) + strlen(ASSETS), &media_type);
  // The bytes have one address: with a query they would be kept many times.
  if (bytes == NULL || request_raw_query(request).length > 0) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no asset at %s",
                request_path(request));
    return NULL;
  }
  return asset_response(bytes, media_type, CACHE_FOREVER);
}

Response *site_favicon(const Request *request, Website *website, GError **error) {
  const char *media_type = NULL;
  g_autofree char *icon = press_asset_address(website->press, "favicon.ico");
  // Browsers that ask at this address take any picture for an icon.
  g_autofree char *address =
      icon != NULL ? g_strdup(icon) : press_asset_address(website->press, "icon-180.png");
  GBytes *bytes =
      address != NULL ? press_asset(website->press, address + strlen(ASSETS), &media_type) : NULL;
  if (bytes == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND,
                "the theme has neither favicon.ico nor icon-180.png");
    return NULL;
  }
  return asset_response(bytes, media_type,
                        request_raw_query(request).length > 0 ? CACHE_NONE : CACHE_PAGE);
}

static void write_icon(JsonWriter *json, const Press *press, const char *name, const char *sizes,
                       const char *type) {
  g_autofree char *address = press_asset_address(press, name);
  if (address == NULL) {
    return;
  }
  json_object(json);
  json_string_member(json, "src", address);
  json_string_member(json, "sizes", sizes);
  json_string_member(json, "type", type);
  json_end_object(json);
}

static GString *write_manifest(const Website *website, const Site *site) {
  JsonWriter json;
  GString *out = g_string_new(NULL);
  json_begin(&json, out);
  json_object(&json);
  json_string_member(&json, "id", "/");
  json_string_member(&json, "name", site->name);
  json_string_member(&json, "short_name", site->name);
  json_string_member(&json, "description",
                     *site->description != '\0' ? site->description : site->tagline);
  json_string_member(&json, "start_url", "/");
  json_string_member(&json, "scope", "/");
  json_string_member(&json, "display", "minimal-ui");
  json_string_member(&json, "lang", site->language);
  json_string_member(&json, "dir", language_is_right_to_left(site->language) ? "rtl" : "ltr");
  json_name(&json, "icons");
  json_array(&json);
  write_icon(&json, website->press, "icon.svg", "any", "image/svg+xml");
  write_icon(&json, website->press, "icon-180.png", "180x180", "image/png");
  write_icon(&json, website->press, "icon-512.png", "512x512", "image/png");
  json_end_array(&json);
  json_end_object(&json);
  return out;
}

Response *site_manifest(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/manifest.webmanifest");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  GString *out = write_manifest(website, visit.site);
  Response *response = response_new_take(200, "application/manifest+json", out);
  response_set_cache(response, CACHE_PAGE);
  return response;
}

Response *site_robots(const Request *request, Website *website, GError **error) {
  g_auto(SiteVisit) visit = {0};
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  Response *elsewhere = site_canonical(&visit, "/robots.txt");
  if (elsewhere != NULL) {
    return elsewhere;
  }
  GString *out = g_string_new("User-agent: *\nDisallow: /search\nDisallow: /*?print=1\n\n");
  g_string_append(out, "Sitemap: ");
  g_string_append(out, visit.site->base_url);
  g_string_append(out, "/sitemap.xml\nSitemap: ");
  g_string_append(out, visit.site->base_url);
  g_string_append(out, "/sitemap-news.xml\n");
  Response *response = response_new_take(200, "text/plain; charset=utf-8", out);
  response_set_cache(response, CACHE_PAGE);
  return response;
}
