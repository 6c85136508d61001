// SPDX-License-Identifier: Apache-2.0
//
// Which addresses may leave a reporter's text. Browsers drop tabs, line ends and leading
// control characters from an address before they read its scheme (WHATWG URL 4.4), so the
// rule is applied to what they would read. Used by the markup parser only; pure.
#pragma once

#include "base/slice.h"

typedef enum MarkupUrlUse { MARKUP_URL_LINK, MARKUP_URL_IMAGE } MarkupUrlUse;

// The address without control characters and outer spaces, if its scheme is allowed: http and
// https and none (relative); for links mailto and tel, for images image. NULL otherwise. Caller
// frees.
char *markup_url_clean(const char *url, MarkupUrlUse use);
