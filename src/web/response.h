// SPDX-License-Identifier: Apache-2.0
//
// One HTTP response as a handler makes it. The server adds Date, Content-Length, ETag (from the
// bytes), Vary, Content-Encoding, Connection, and the security headers.
#pragma once

#include <glib.h>

#include "web/response_stream.h"

typedef enum CachePolicy {
  CACHE_NONE,   // no-store: forms, personal pages
  CACHE_PAGE,   // belongs to the site revision: kept in the page cache; max-age=0, s-maxage,
                // stale-while-revalidate
  CACHE_FOREVER // the URL names the bytes: public, max-age=31536000, immutable; kept in the page
                // cache while it fits
} CachePolicy;

typedef struct Response Response;
Response *response_new(guint status, const char *media_type,
                       GBytes *body); // takes no reference of body: adds its own
Response *response_new_take(guint status, const char *media_type, GString *body); // takes body
Response *response_redirect(guint status, const char *location); // 301, 302, 303, 307, 308
void response_free(Response *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Response, response_free)

void response_set_cache(Response *response, CachePolicy policy); // default CACHE_NONE
void response_set_expiry(
    Response *response,
    gint64 instant); // CACHE_PAGE: not kept after this though the revision stands
void response_set_last_modified(Response *response, gint64 instant);
void response_add_header(Response *response, const char *name,
                         const char *value);       // CR, LF or NUL in either: our bug, aborts
void response_set_vary_accept(Response *response); // the body was chosen by Accept; the cache keeps
                                                   // one for each class (avif, webp, neither)
void response_set_incompressible(Response *response); // pictures, fonts: no gzip or brotli
// The body is what comes through `stream` (takes a reference of its own). `produce` writes it and
// ends it, on a thread that may wait (the route's `waits`), once the head is on its way; its data
// is freed with `free_data`. NULL: others write.
typedef void (*ResponseProducer)(ResponseStream *stream, gpointer data);
void response_set_stream(Response *response, ResponseStream *stream, ResponseProducer produce,
                         gpointer data, GDestroyNotify free_data);
void response_set_status(Response *response, guint status);
guint response_status(const Response *response);
