// SPDX-License-Identifier: Apache-2.0
//
// model/address: any bytes as an image's path. What is taken must survive being written and read
// again.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ParsedImageAddress parsed;
  ParsedImageAddress again;
  if (!address_parse_image((Slice){(const char *)data, size}, &parsed)) {
    return 0;
  }
  Image image = {.id = parsed.id,
                 .hash = parsed.hash,
                 .width = 1000,
                 .height = 500,
                 .focal_x = 5000,
                 .focal_y = 5000};
  ImageAddress address = {.image = &image, .aspect = parsed.aspect, .format = parsed.format};
  address.crop = parsed.has_crop ? parsed.crop : image_crop(&image, parsed.aspect);
  g_autofree char *path = address_image(&address, NULL);
  if (!address_parse_image(slice_of(path), &again) || again.id != parsed.id ||
      strcmp(again.hash, parsed.hash) != 0 || again.aspect != parsed.aspect ||
      again.format != parsed.format || memcmp(&again.crop, &address.crop, sizeof again.crop) != 0) {
    abort();
  }
  return 0;
}
