// SPDX-License-Identifier: Apache-2.0
//
// The newsroom's web application as files: bundles with their hash in the name, which browsers may
// keep for ever, and one page for every address of a view. Its policy lets nothing run, and nothing
// be asked, that is not our own. Must never answer with anything of the newspaper's: the
// application asks /api.
#include <string.h>

#include "newsroom_ui.h"
#include "web/api_handlers.h"

#define FOLDER "/broadsheet/newsroom/"

static const char *media_type_of(const char *name) {
  static const struct {
    const char *suffix, *media_type;
  } TYPES[] = {{".js", "text/javascript; charset=utf-8"},
               {".css", "text/css; charset=utf-8"},
               {".woff2", "font/woff2"},
               {".svg", "image/svg+xml"},
               {".png", "image/png"},
               {".json", "application/json"}};
  for (gsize i = 0; i < G_N_ELEMENTS(TYPES); i++) {
    if (g_str_has_suffix(name, TYPES[i].suffix)) {
      return TYPES[i].media_type;
    }
  }
  return NULL;
}

Response *newsroom_asset(const Request *request, Website *website, GError **error) {
  const char *name = request_parameter(request, 0);
  const char *media_type = media_type_of(name);
  g_autofree char *path = g_strconcat(FOLDER, name, NULL);
  g_autoptr(GBytes) bytes = media_type != NULL && strchr(name, '/') == NULL
                                ? g_resource_lookup_data(newsroom_ui_get_resource(), path,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, NULL)
                                : NULL;
  if (bytes == NULL) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no such file");
    return NULL;
  }
  Response *response = response_new(200, media_type, bytes);
  response_set_cache(response, CACHE_FOREVER);
  if (g_str_has_suffix(name, ".woff2") || g_str_has_suffix(name, ".png")) {
    response_set_incompressible(response);
  }
  return response;
}

Response *newsroom_page(const Request *request, Website *website, GError **error) {
  g_autoptr(GBytes) bytes = g_resource_lookup_data(newsroom_ui_get_resource(), FOLDER "index.html",
                                                   G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (bytes == NULL) {
    return NULL;
  }
  Response *response = response_new(200, "text/html; charset=utf-8", bytes);
  response_add_header(
      response, "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
      "blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src "
      "'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
  response_add_header(response, "Referrer-Policy", "same-origin");
  response_add_header(response, "Permissions-Policy",
                      "geolocation=(), camera=(), microphone=(), browsing-topics=(), "
                      "publickey-credentials-get=(self), publickey-credentials-create=(self)");
  response_add_header(response, "Cross-Origin-Opener-Policy", "same-origin");
  response_add_header(response, "X-Robots-Tag", "noindex");
  return response;
}
