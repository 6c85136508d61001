// SPDX-License-Identifier: Apache-2.0
//
// Implements language_tag.h. Called by the checks of settings and stories.
#include "newsroom/language_tag.h"

gboolean language_tag_is_valid(const char *tag) {
  return g_regex_match_simple("^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-"
                              "9]{5,8}|[0-9][A-Za-z0-9]{3})){0,4}$",
                              tag, G_REGEX_DOLLAR_ENDONLY, 0);
}
