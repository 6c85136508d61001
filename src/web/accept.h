// SPDX-License-Identifier: Apache-2.0
//
// What a client takes, by its Accept and Accept-Encoding headers (RFC 9110, 12.4.2, 12.5.1 and
// 12.5.3). One reading of them for the handlers and for the page cache's keys: what the two would
// understand differently, one reader would get from the cache in another's format. Pure; any
// thread.
#pragma once

#include "model/image.h"

// TRUE if `name` itself is in the list and not refused by "q=0"; "*" and "type/*" don't name it.
gboolean accept_names(Slice list, const char *name);
// The best format for a picture: FORMAT_AVIF, _WEBP or, for everybody, _JPEG.
ImageFormat accept_image_format(Slice accept);
