// SPDX-License-Identifier: Apache-2.0
//
// The addresses (URL paths) of everything that readers can see, made and read in
// this one place. Paths begin with '/', are percent-encoded (RFC 3986) and need
// only the site's base_url before them. Callers free what is returned.
#pragma once

#include "model/edition.h"
#include "model/site.h"

char *address_story(const char *section_slug, const char *slug,
                    gint64 id); // /politics/the-slug-c-17667357
char *address_teaser(const Teaser *teaser);
char *address_listing(Listing listing, const char *slug,
                      guint page);              // /politics, /topic/x?page=2, /author/y
char *address_day(gint32 day);                  // /archive/2026/11/23
char *address_month(gint32 year, gint32 month); // /archive/2026/11; month 0: /archive/2026
// The feed of a list: /feed.xml, /politics/atom.xml, /topic/x/feed.json; `format` rss, atom or
// json.
char *address_feed(Listing listing, const char *slug, const char *format);
char *address_corrections_feed(const char *format); // /corrections/feed.xml
// /images/<id>/<hash>-<aspect>-x<X>y<Y>w<W>h<H>.<ext>?imwidth=<N>. `format` FORMAT_UNKNOWN leaves
// the extension as jpg and the choice to Accept. A rectangle that is not image_crop()'s own is
// signed with `key` (&s=); NULL key: never signed. width 0: no imwidth.
typedef struct ImageAddress {
  const Image *image;
  ImageAspect aspect;
  CropRectangle crop; // width 0: image_crop(image, aspect)
  ImageFormat format;
  gint32 width;
} ImageAddress;
char *address_image(const ImageAddress *address, const char *key);
char *address_image_signature(const char *key, gint64 id, const char *hash, ImageAspect aspect,
                              CropRectangle crop); // 16 hex digits

char *address_edition(gint32 day); // /edition/2026-11-23
// A file of an edition: /edition/2026-11-23/<hash>/the-courier-2026-11-23-tabloid.pdf. Who knows
// the hash may have it: subscribers see files before the public does.
char *address_edition_file(const Site *site, const EditionFile *file);
// The picture of a page: /edition/2026-11-23/<hash>/page-1.jpg?imwidth=810. FORMAT_UNKNOWN leaves
// the choice to Accept; width 0: no imwidth.
char *address_edition_picture(const EditionFile *file, ImageFormat format, gint32 width);

// TRUE for slugs that no section may have, because the paper's own pages live at "/<slug>".
gboolean address_is_reserved(const char *slug);

// Story paths are read by their tail: "-c-<digits>" at the end of the last segment. FALSE if none.
gboolean address_parse_story(Slice path, gint64 *ret_id);

typedef struct ParsedImageAddress {
  gint64 id;
  char hash[65];
  ImageAspect aspect;
  gboolean has_crop; // "-x…y…w…h…" was there
  CropRectangle crop;
  ImageFormat format; // by extension
} ParsedImageAddress;
// `path` is all before '?'. FALSE on anything that is not exactly of the form.
gboolean address_parse_image(Slice path, ParsedImageAddress *ret_address);
