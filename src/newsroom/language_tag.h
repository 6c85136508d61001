// SPDX-License-Identifier: Apache-2.0
//
// The form of a language tag (BCP 47, RFC 5646 2.1): language, then script, region and variants.
// The registry of names is not consulted. Pure; any thread.
#pragma once

#include <glib.h>

gboolean language_tag_is_valid(const char *tag); // "en", "de-CH", "zh-Hant-TW"; "" is none
