// SPDX-License-Identifier: Apache-2.0
//
// Implements accept.h. Called by http_connection.c and site_images.c.
#include "web/accept.h"

// "q=0", "q=0.0" ...: not wanted.
static gboolean is_refusal(Slice parameter) {
  if (!slice_starts_with(parameter, "q=0") && !slice_starts_with(parameter, "Q=0")) {
    return FALSE;
  }
  Slice digits = slice_from(parameter, 3);
  while (digits.length > 0 && (digits.data[0] == '.' || digits.data[0] == '0')) {
    digits = slice_from(digits, 1);
  }
  return digits.length == 0;
}

// What comes before `separator`; *rest is moved behind it.
static Slice take_part(Slice *rest, char separator) {
  gssize end = slice_find_char(*rest, separator);
  Slice part = end >= 0 ? slice_range(*rest, 0, (gsize)end) : *rest;
  *rest = end >= 0 ? slice_from(*rest, (gsize)end + 1) : (Slice){NULL, 0};
  return slice_trim(part);
}

gboolean accept_names(Slice list, const char *name) {
  while (list.length > 0) {
    Slice parameters = take_part(&list, ',');
    if (!slice_equal_text_nocase(take_part(&parameters, ';'), name)) {
      continue;
    }
    gboolean refused = FALSE;
    while (parameters.length > 0) {
      refused = is_refusal(take_part(&parameters, ';')) || refused;
    }
    return !refused;
  }
  return FALSE;
}

ImageFormat accept_image_format(Slice accept) {
  return accept_names(accept, "image/avif")   ? FORMAT_AVIF
         : accept_names(accept, "image/webp") ? FORMAT_WEBP
                                              : FORMAT_JPEG;
}
