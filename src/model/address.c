// SPDX-License-Identifier: Apache-2.0
//
// Implements address.h. The only place that knows what a URL of the paper looks like.
#include "model/address.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"

static char *encode_segment(const char *segment) {
  return g_uri_escape_string(segment, NULL, FALSE);
}

char *address_story(const char *section_slug, const char *slug, gint64 id) {
  g_autofree char *section =
      encode_segment(section_slug != NULL && *section_slug != '\0' ? section_slug : "news");
  g_autofree char *name = encode_segment(slug);
  return g_strdup_printf("/%s/%s-c-%" G_GINT64_FORMAT, section, name, id);
}

char *address_teaser(const Teaser *teaser) {
  return address_story(teaser->section_slug, teaser->slug, teaser->id);
}

char *address_listing(Listing listing, const char *slug, guint page) {
  g_autofree char *segment = encode_segment(slug != NULL ? slug : "");
  g_autofree char *path = NULL;
  switch (listing.kind) {
  case LISTING_ALL:
    path = g_strdup("/latest");
    break;
  case LISTING_SECTION:
    path = g_strconcat("/", segment, NULL);
    break;
  case LISTING_TOPIC:
    path = g_strconcat("/topic/", segment, NULL);
    break;
  case LISTING_AUTHOR:
    path = g_strconcat("/author/", segment, NULL);
    break;
  }
  return page > 1 ? g_strdup_printf("%s?page=%u", path, page) : g_steal_pointer(&path);
}

char *address_day(gint32 day) {
  return g_strdup_printf("/archive/%04d/%02d/%02d", day / 10000, day / 100 % 100, day % 100);
}

char *address_month(gint32 year, gint32 month) {
  return month == 0 ? g_strdup_printf("/archive/%04d", year)
                    : g_strdup_printf("/archive/%04d/%02d", year, month);
}

static const char *feed_file(const char *format) {
  return strcmp(format, "atom") == 0   ? "/atom.xml"
         : strcmp(format, "json") == 0 ? "/feed.json"
                                       : "/feed.xml";
}

char *address_feed(Listing listing, const char *slug, const char *format) {
  g_autofree char *page =
      listing.kind == LISTING_ALL ? g_strdup("") : address_listing(listing, slug, 1);
  return g_strconcat(page, feed_file(format), NULL);
}

char *address_corrections_feed(const char *format) {
  return g_strconcat("/corrections", feed_file(format), NULL);
}

char *address_image_signature(const char *key, gint64 id, const char *hash, ImageAspect aspect,
                              CropRectangle crop) {
  g_autofree char *rectangle = image_crop_format(crop);
  g_autofree char *message = g_strdup_printf("image %" G_GINT64_FORMAT " %s %s %s", id, hash,
                                             image_aspect_name(aspect), rectangle);
  char *signature = secret_hmac_hex(key, slice_of(message));
  signature[16] = '\0';
  return signature;
}

char *address_image(const ImageAddress *address, const char *key) {
  const Image *image = address->image;
  CropRectangle own = image_crop(image, address->aspect);
  CropRectangle crop = address->crop.width > 0 ? address->crop : own;
  const char *hash = image->hash != NULL ? image->hash : "missing";
  GString *url = g_string_new(NULL);
  g_autofree char *rectangle = image_crop_format(crop);
  g_string_append_printf(
      url, "/images/%" G_GINT64_FORMAT "/%s-%s-%s.%s", image->id, hash,
      image_aspect_name(address->aspect), rectangle,
      image_format_extension(address->format == FORMAT_UNKNOWN ? FORMAT_JPEG : address->format));
  char separator = '?';
  if (address->width > 0) {
    g_string_append_printf(url, "?imwidth=%d", address->width);
    separator = '&';
  }
  if (key != NULL && memcmp(&crop, &own, sizeof crop) != 0) {
    g_autofree char *signature =
        address_image_signature(key, image->id, hash, address->aspect, crop);
    g_string_append_printf(url, "%cs=%s", separator, signature);
  }
  return g_string_free(url, FALSE);
}

char *address_edition(gint32 day) {
  g_autofree char *text = edition_day_text(day);
  return g_strconcat("/edition/", text, NULL);
}

char *address_edition_file(const Site *site, const EditionFile *file) {
  g_autofree char *edition = address_edition(file->day);
  g_autofree char *day = edition_day_text(file->day);
  g_autofree char *slug = text_slug(site->name, 60);
  g_autofree char *name = encode_segment(slug);
  return file->kind == EDITION_FILE_PDF
             ? g_strdup_printf("%s/%s/%s-%s-%s.pdf", edition, file->hash, name, day,
                               edition_format_name(file->format))
             : g_strdup_printf("%s/%s/%s-%s.epub", edition, file->hash, name, day);
}

char *address_edition_picture(const EditionFile *file, ImageFormat format, gint32 width) {
  g_autofree char *edition = address_edition(file->day);
  const char *extension = format == FORMAT_UNKNOWN ? "jpg"
                          : format == FORMAT_JPEG  ? "jpeg"
                                                   : image_format_extension(format);
  g_autofree char *query = width > 0 ? g_strdup_printf("?imwidth=%d", width) : g_strdup("");
  return g_strdup_printf("%s/%s/page-%d.%s%s", edition, file->hash, file->page, extension, query);
}

gboolean address_is_reserved(const char *slug) {
  static const char *const RESERVED[] = {
      "api",     "archive",  "assets",  "author",      "c",           "corrections",
      "edition", "editions", "feed",    "healthz",     "images",      "latest",
      "login",   "mail",     "metrics", "newsletter",  "newsletters", "newsroom",
      "o",       "preview",  "privacy", "reader",      "search",      "subscribe",
      "terms",   "topic",    "track",   "unsubscribe", "webhooks"};
  for (gsize i = 0; i < G_N_ELEMENTS(RESERVED); i++) {
    if (strcmp(slug, RESERVED[i]) == 0) {
      return TRUE;
    }
  }
  return *slug == '\0' || *slug == '.';
}

gboolean address_parse_story(Slice path, gint64 *ret_id) {
  gsize digits = 0;
  while (digits < path.length && g_ascii_isdigit(path.data[path.length - 1 - digits])) {
    digits++;
  }
  guint64 id = 0;
  Slice head = slice_range(path, 0, path.length - digits);
  if (digits > 18 || !slice_ends_with(head, "-c-") ||
      !slice_parse_uint(slice_from(path, head.length), G_MAXINT64, &id) || id == 0) {
    return FALSE;
  }
  *ret_id = (gint64)id;
  return TRUE;
}

// Cuts the part up to `mark` off the front of `*rest`, and the mark with it.
static gboolean cut_at(Slice *rest, char mark, Slice *ret_part) {
  gssize end = slice_find_char(*rest, mark);
  if (end < 0) {
    return FALSE;
  }
  *ret_part = slice_range(*rest, 0, (gsize)end);
  *rest = slice_from(*rest, (gsize)end + 1);
  return TRUE;
}

static gboolean parse_hash(Slice text, char out[65]) {
  if (text.length != 40 && text.length != 64) {
    return FALSE;
  }
  for (gsize i = 0; i < text.length; i++) {
    if (!g_ascii_isdigit(text.data[i]) && !(text.data[i] >= 'a' && text.data[i] <= 'f')) {
      return FALSE;
    }
  }
  memcpy(out, text.data, text.length);
  out[text.length] = '\0';
  return TRUE;
}

gboolean address_parse_image(Slice path, ParsedImageAddress *ret_address) {
  ParsedImageAddress parsed = {0};
  Slice id_text;
  Slice hash;
  Slice aspect;
  guint64 id = 0;
  if (!slice_starts_with(path, "/images/")) {
    return FALSE;
  }
  Slice rest = slice_from(path, strlen("/images/"));
  if (!cut_at(&rest, '/', &id_text) || !slice_parse_uint(id_text, G_MAXINT64, &id) || id == 0 ||
      !cut_at(&rest, '-', &hash) || !parse_hash(hash, parsed.hash)) {
    return FALSE;
  }
  gssize dot = slice_find_char(rest, '.');
  if (dot < 0 || !image_format_parse_extension(slice_from(rest, (gsize)dot + 1), &parsed.format)) {
    return FALSE;
  }
  Slice shape = slice_range(rest, 0, (gsize)dot);
  if (cut_at(&shape, '-', &aspect)) {
    parsed.has_crop = TRUE;
    if (!image_crop_parse(shape, &parsed.crop)) {
      return FALSE;
    }
  } else {
    aspect = shape;
  }
  if (!image_aspect_parse(aspect, &parsed.aspect)) {
    return FALSE;
  }
  parsed.id = (gint64)id;
  *ret_address = parsed;
  return TRUE;
}
