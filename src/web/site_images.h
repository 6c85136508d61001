// SPDX-License-Identifier: Apache-2.0
//
// Pictures for readers: GET
// /images/<id>/<hash>-<aspect>[-x<X>y<Y>w<W>h<H>].<ext>[?imwidth=<N>][&s=<signature>].
// ".jpg" leaves the format to Accept (AVIF, WebP, else JPEG; Vary); ".jpeg", ".webp" and ".avif"
// mean what they say. Without imwidth the picture is 810 wide. A rectangle that is not the
// picture's own for the aspect must be signed (model/address): else strangers could have renditions
// made without end.
#pragma once

#include "web/route.h"

Response *site_images_get(const Request *request, Website *website, GError **error);
