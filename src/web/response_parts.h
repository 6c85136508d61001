// SPDX-License-Identifier: Apache-2.0
//
// What a Response holds: for page_cache.c, http_server's files and tests only.
#pragma once

#include "web/response.h"

struct Response {
  guint status;
  char *media_type;
  GBytes *body;
  CachePolicy cache;
  gint64 expiry, last_modified; // instants, 0 none
  GString *headers;             // "Name: value\r\n" lines
  gboolean vary_accept, incompressible;
  ResponseStream *stream; // NULL: `body` is all
  ResponseProducer produce;
  gpointer produce_data;
  GDestroyNotify produce_free;
};
