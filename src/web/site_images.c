// SPDX-License-Identifier: Apache-2.0
//
// Implements site_images.h: from an address to a finished rendition. Called by the route table. The
// database is let go before any picture is decoded; what is asked for is bounded before that too.
#include "web/site_images.h"

#include <string.h>

#include "base/secret.h"
#include "imaging/rendition.h"
#include "model/address.h"
#include "store/image_rows.h"
#include "web/accept.h"
#include "web/site_visit.h"

#define DEFAULT_WIDTH 810
#define WIDTH_LIMIT 65535

static gboolean missing(GError **error, const Request *request) {
  g_set_error(error, WEB_ERROR, WEB_ERROR_NOT_FOUND, "there is no picture at %s",
              request_path(request));
  return FALSE;
}

static gboolean read_width(const Request *request, gint32 *ret_width, GError **error) {
  const char *text = request_query(request, "imwidth");
  guint64 width = DEFAULT_WIDTH;
  if (text != NULL && (!slice_parse_uint(slice_of(text), WIDTH_LIMIT, &width) || width == 0)) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_BAD_REQUEST,
                "imwidth is a width in pixels, from 1 to %d", WIDTH_LIMIT);
    return FALSE;
  }
  *ret_width = image_width_snap((gint32)width);
  return TRUE;
}

// Only `imwidth` and `s`, once each: any other query would be one more copy in every cache.
static gboolean query_is_known(const Request *request) {
  Slice query = request_raw_query(request);
  guint widths = 0;
  guint signatures = 0;
  guint others = 0;
  while (query.length > 0) {
    gssize end = slice_find_char(query, '&');
    Slice part = end >= 0 ? slice_range(query, 0, (gsize)end) : query;
    if (slice_starts_with(part, "imwidth=")) {
      widths++;
    } else if (slice_starts_with(part, "s=")) {
      signatures++;
    } else {
      others++;
    }
    query = end >= 0 ? slice_from(query, (gsize)end + 1) : (Slice){NULL, 0};
  }
  return widths <= 1 && signatures <= 1 && others == 0;
}

// The rectangle to cut, if whoever asks may have it.
static gboolean choose_crop(const Request *request, const ParsedImageAddress *address,
                            const Image *image, const char *key, CropRectangle *ret_crop,
                            GError **error) {
  CropRectangle own = image_crop(image, address->aspect);
  if (!address->has_crop || memcmp(&address->crop, &own, sizeof own) == 0) {
    *ret_crop = own;
    return TRUE;
  }
  if (!image_crop_is_inside(image, address->crop)) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_RECTANGLE,
                "the rectangle does not lie inside the picture of %d x %d pixels", image->width,
                image->height);
    return FALSE;
  }
  const char *given = request_query(request, "s");
  g_autofree char *expected =
      key != NULL && *key != '\0'
          ? address_image_signature(key, image->id, image->hash, address->aspect, address->crop)
          : NULL;
  if (given == NULL || expected == NULL || !secret_equal(given, expected)) {
    g_set_error(error, WEB_ERROR, WEB_ERROR_FORBIDDEN,
                "this is not the picture's own rectangle, and the address is not signed for it");
    return FALSE;
  }
  *ret_crop = address->crop;
  return TRUE;
}

// Everything that needs the database; NULL with error. Caller frees.
static Image *find_image(const Request *request, Website *website,
                         const ParsedImageAddress *address, CropRectangle *ret_crop,
                         GError **error) {
  g_auto(SiteVisit) visit = {0};
  g_autoptr(GError) reason = NULL;
  if (!site_visit_begin(&visit, request, website, error)) {
    return NULL;
  }
  g_autoptr(Image) image = image_rows_get(visit.transaction, address->id, &reason);
  if (image == NULL && !g_error_matches(reason, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
  }
  if (image == NULL || image->hash == NULL || strcmp(image->hash, address->hash) != 0) {
    missing(error, request);
    return NULL;
  }
  return choose_crop(request, address, image, visit.site->image_key, ret_crop, error)
             ? g_steal_pointer(&image)
             : NULL;
}

static int open_original(const Image *image, gpointer data, GError **error) {
  Website *website = data;
  return originals_open_read(website->newsroom->originals, image->hash, image->format, error);
}

static gboolean is_negotiated(Slice path) {
  return path.length > 4 && slice_equal_text_nocase(slice_from(path, path.length - 4), ".jpg");
}

static Response *picture_response(GBytes *bytes, ImageFormat format, gboolean negotiated) {
  Response *response = response_new(200, image_format_media_type(format), bytes);
  response_set_cache(response, CACHE_FOREVER);
  response_set_incompressible(response);
  if (negotiated) {
    response_set_vary_accept(response);
  }
  return response;
}

Response *site_images_get(const Request *request, Website *website, GError **error) {
  Slice path = request_raw_path(request);
  ParsedImageAddress address;
  RenditionRequest wanted = {.original_fd = -1, .open_original = open_original, .data = website};
  if (!address_parse_image(path, &address) || address.format == FORMAT_PNG ||
      address.format == FORMAT_GIF || !query_is_known(request)) {
    missing(error, request);
    return NULL;
  }
  gboolean negotiated = is_negotiated(path);
  wanted.aspect = address.aspect;
  wanted.format =
      negotiated ? accept_image_format(request_header(request, "Accept")) : address.format;
  if (!read_width(request, &wanted.width, error)) {
    return NULL;
  }
  g_autoptr(Image) image = find_image(request, website, &address, &wanted.crop, error);
  if (image == NULL) {
    return NULL;
  }
  wanted.image = image;
  if (website->newsroom->renditioner == NULL) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "no decoders are running");
    return NULL;
  }
  g_autoptr(GBytes) bytes = rendition_get(website->newsroom->renditioner, &wanted, error);
  return bytes != NULL ? picture_response(bytes, wanted.format, negotiated) : NULL;
}
