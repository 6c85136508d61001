// SPDX-License-Identifier: Apache-2.0
//
// Implements response.h. Made by handlers on worker threads; turned into bytes by page_cache.c.
#include "web/response.h"

#include <string.h>

#include "web/response_parts.h"

static void assert_no_injection(const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    g_assert(*at != '\r' && *at != '\n');
  }
}

Response *response_new(guint status, const char *media_type, GBytes *body) {
  Response *response = g_new0(Response, 1);
  response->status = status;
  response->media_type = g_strdup(media_type);
  response->body = body != NULL ? g_bytes_ref(body) : g_bytes_new(NULL, 0);
  response->headers = g_string_new(NULL);
  return response;
}

Response *response_new_take(guint status, const char *media_type, GString *body) {
  g_autoptr(GBytes) bytes = g_string_free_to_bytes(body);
  return response_new(status, media_type, bytes);
}

Response *response_redirect(guint status, const char *location) {
  Response *response = response_new(status, "text/plain; charset=utf-8", NULL);
  // A location comes from addresses that we made ourselves, or from an editor: whatever is in it
  // stays one header.
  g_autofree char *clean = g_uri_escape_string(location, "!#$%&'()*+,/:;=?@[]", FALSE);
  response_add_header(response, "Location", clean);
  return response;
}

void response_free(Response *response) {
  if (response != NULL) {
    g_free(response->media_type);
    g_bytes_unref(response->body);
    response_stream_unref(response->stream);
    if (response->produce_data != NULL && response->produce_free != NULL) {
      response->produce_free(response->produce_data);
    }
    g_string_free(response->headers, TRUE);
    g_free(response);
  }
}

void response_set_cache(Response *response, CachePolicy policy) {
  response->cache = policy;
}

void response_set_expiry(Response *response, gint64 instant) {
  response->expiry = instant;
}

void response_set_last_modified(Response *response, gint64 instant) {
  response->last_modified = instant;
}

void response_add_header(Response *response, const char *name, const char *value) {
  assert_no_injection(name);
  assert_no_injection(value);
  g_string_append_printf(response->headers, "%s: %s\r\n", name, value);
}

void response_set_vary_accept(Response *response) {
  response->vary_accept = TRUE;
}

void response_set_incompressible(Response *response) {
  response->incompressible = TRUE;
}

void response_set_stream(Response *response, ResponseStream *stream, ResponseProducer produce,
                         gpointer data, GDestroyNotify free_data) {
  g_assert(response->stream == NULL);
  response->stream = response_stream_ref(stream);
  response->produce = produce;
  response->produce_data = data;
  response->produce_free = free_data;
  response->incompressible = TRUE;
}

void response_set_status(Response *response, guint status) {
  response->status = status;
}

guint response_status(const Response *response) {
  return response->status;
}
