// SPDX-License-Identifier: Apache-2.0
//
// One stored original picture: what it shows, who made it, where its focal point
// is, and how it is cut to each aspect. Pure rules; no input, no output.
// Pixels are those of the upright picture (EXIF orientation applied).
#pragma once

#include "base/slice.h"

typedef enum ImageAspect {
  ASPECT_16X9,
  ASPECT_4X3,
  ASPECT_3X2,
  ASPECT_1X1,
  ASPECT_COUNT
} ImageAspect;
#define ASPECT_ORIGINAL ASPECT_COUNT // uncropped ("full" in a URL)

typedef struct CropRectangle {
  gint32 x, y, width, height; // pixels of the upright original; width 0 means "not set"
} CropRectangle;

typedef enum ImageFormat {
  FORMAT_UNKNOWN,
  FORMAT_JPEG,
  FORMAT_PNG,
  FORMAT_WEBP,
  FORMAT_GIF,
  FORMAT_AVIF
} ImageFormat;

typedef struct Image {
  gint64 id;
  char *hash; // first 40 hex digits of the original's SHA-256; NULL while the picture can't be had
  ImageFormat format;
  gint32 width, height;
  gint64 byte_count;
  gboolean progressive; // progressive JPEG: decoding needs the whole picture in memory
  char *alt, *caption, *credit, *rights; // "" when unknown, never NULL after image_new
  gint32 focal_x, focal_y;               // 0..10000, hundredths of a percent from the left and top
  CropRectangle crops[ASPECT_COUNT];     // width 0: cut around the focal point
  char *source_url; // where a missing or imported picture came from; may be NULL
  gint64 created_at;
} Image;

Image *image_new(void); // focal point in the middle
void image_free(Image *image);
Image *image_copy(const Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

const char *image_aspect_name(ImageAspect aspect);                // "16x9" …, "full"
gboolean image_aspect_parse(Slice name, ImageAspect *ret_aspect); // the same names
void image_aspect_ratio(ImageAspect aspect, gint32 *ret_width,
                        gint32 *ret_height);             // 16, 9; not for full
const char *image_format_name(ImageFormat format);       // "jpeg" …
const char *image_format_extension(ImageFormat format);  // "jpg" …
const char *image_format_media_type(ImageFormat format); // "image/jpeg" …
gboolean image_format_parse_extension(Slice extension,
                                      ImageFormat *ret_format); // jpg, jpeg, png, webp, gif, avif

// The rectangle to cut for an aspect: the stored crop if set and inside the picture, else the
// largest one of that ratio with the focal point as near its middle as the edges allow.
// ASPECT_ORIGINAL gives the whole picture.
CropRectangle image_crop(const Image *image, ImageAspect aspect);
gboolean image_crop_is_inside(const Image *image, CropRectangle crop);

// "x0y0w1280h720" <-> rectangle. Bounds: each number at most 65535, width and height at least 1.
char *image_crop_format(CropRectangle crop);
gboolean image_crop_parse(Slice text, CropRectangle *ret_crop);

// The ladder of widths that renditions come in, ascending, ends with 0.
extern const gint32 IMAGE_WIDTHS[];
gint32 image_width_snap(gint32 wanted); // up to the next rung; above the last: the last
