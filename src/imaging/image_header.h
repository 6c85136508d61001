// SPDX-License-Identifier: Apache-2.0
//
// What a picture says it is, read from its first bytes without decoding: our own bounded
// parser, no library. JPEG (ITU T.81), PNG (W3C), WebP (RFC 9649), GIF89a. EXIF orientation is
// applied to width and height. Pure; any thread.
#pragma once

#include "base/slice.h"
#include "model/image.h"

#define IMAGING_ERROR imaging_error_quark()
GQuark imaging_error_quark(void);
typedef enum ImagingError {
  IMAGING_ERROR_UNSUPPORTED, // not one of the four formats: 415
  IMAGING_ERROR_CORRUPT,     // says it is one, and is not: 422
  IMAGING_ERROR_TOO_LARGE,   // more pixels or bytes than we decode: 413
  IMAGING_ERROR_RECTANGLE,   // crop outside the picture: 400
  IMAGING_ERROR_BUSY,        // queue full: 503 with Retry-After
  IMAGING_ERROR_TIMEOUT,     // the decoder was too slow and was killed: 422
  IMAGING_ERROR_FAILED
} ImagingError;

typedef struct ImageHeader {
  ImageFormat format;
  gint32 width, height; // upright
  guint orientation;    // EXIF 1..8
  gboolean progressive, animated, has_alpha;
  // IPTC-IIM / XMP, "" if absent; caller clears with image_header_clear
  char *caption, *credit, *creator, *rights;
} ImageHeader;

#define IMAGE_MAX_PIXELS (G_GINT64_CONSTANT(120) * 1000 * 1000) // width x height
#define IMAGE_MAX_PROGRESSIVE_PIXELS (G_GINT64_CONSTANT(60) * 1000 * 1000)
#define IMAGE_MAX_BYTES (64u << 20)

gboolean image_header_read(Slice bytes, ImageHeader *ret_header,
                           GError **error); // limits are checked here
void image_header_clear(ImageHeader *header);

// Of a whole file: that it ends where its format says it ends. What follows the end may only be
// padding or what cameras are known to put there (a second JPEG, a film); a picture that is
// something else as well (an archive, a script, a document) is IMAGING_ERROR_CORRUPT.
gboolean image_header_check_end(Slice bytes, GError **error);
