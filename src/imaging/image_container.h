// SPDX-License-Identifier: Apache-2.0
//
// Puts an XMP packet into a JPEG or WebP file that our own encoder has just made without any
// metadata. Called by decoder_pixels.c only. Pure.
#pragma once

#include "model/image.h"

// The file with the packet in it; the same bytes when the packet does not fit or the file is of
// another form than expected. Caller unrefs.
GBytes *image_container_add_xmp(GBytes *file, ImageFormat format, const char *packet);
