// SPDX-License-Identifier: Apache-2.0
//
// The two things that every writer of feeds and sitemaps needs; see feed_entry.h.
#include "press/feed_entry.h"

char *feed_absolute(const Site *site, const char *path) {
  return g_strconcat(site->base_url, path, NULL);
}

void feed_forbid_noncharacters(GString *out, gsize start) {
  for (gsize i = start; i + 2 < out->len; i++) {
    const unsigned char *at = (const unsigned char *)out->str + i;
    if (at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE) {
      out->str[i + 2] = (char)0xBD;
    }
  }
}
