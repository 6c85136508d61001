// SPDX-License-Identifier: Apache-2.0
//
// imaging/image_header: any bytes as a picture. What it says of a picture it takes must be within
// the limits.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imaging/image_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ImageHeader header;
  Slice bytes = {(const char *)data, size};
  (void)image_header_check_end(bytes, NULL);
  if (!image_header_read(bytes, &header, NULL)) {
    return 0;
  }
  gint64 limit = header.progressive ? IMAGE_MAX_PROGRESSIVE_PIXELS : IMAGE_MAX_PIXELS;
  const char *texts[] = {header.caption, header.credit, header.creator, header.rights};
  if (header.width < 1 || header.height < 1 || (gint64)header.width * header.height > limit ||
      header.orientation < 1 || header.orientation > 8) {
    abort();
  }
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (texts[i] == NULL || !g_utf8_validate(texts[i], -1, NULL)) {
      abort();
    }
  }
  image_header_clear(&header);
  return 0;
}
