// SPDX-License-Identifier: Apache-2.0
//
// Implements markup_url.h: an allow-list of schemes; whatever has a colon before the first
// '/', '?' or '#' and is not on it is refused, also where a browser would see no scheme.
#include "press/markup_url.h"

#include <string.h>

static gboolean scheme_is_allowed(Slice scheme, MarkupUrlUse use) {
  static const char *const LINK[] = {"http", "https", "mailto", "tel", NULL};
  static const char *const IMAGE[] = {"http", "https", "image", NULL};
  for (const char *const *at = use == MARKUP_URL_LINK ? LINK : IMAGE; *at != NULL; at++) {
    if (slice_equal_text_nocase(scheme, *at)) {
      return TRUE;
    }
  }
  return FALSE;
}

char *markup_url_clean(const char *url, MarkupUrlUse use) {
  gsize length = strlen(url);
  g_autofree char *clean = g_malloc(length + 1);
  gsize written = 0;
  for (gsize i = 0; i < length; i++) {
    if ((guchar)url[i] > 0x20 && url[i] != 0x7F) {
      clean[written++] = url[i];
    } else if (url[i] == ' ' && written > 0) {
      clean[written++] = ' ';
    }
  }
  while (written > 0 && clean[written - 1] == ' ') {
    written--;
  }
  clean[written] = '\0';
  gsize stop = strcspn(clean, ":/?#");
  if (clean[stop] == ':' && !scheme_is_allowed((Slice){clean, stop}, use)) {
    return NULL;
  }
  return g_steal_pointer(&clean);
}
