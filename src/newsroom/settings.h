// SPDX-License-Identifier: Apache-2.0
//
// The use case of changing the newspaper's settings and sections. See newsroom.h.
#pragma once

#include "model/site.h"
#include "newsroom/newsroom.h"

// Checks the key and the value (base_url, language, time_zone …), stores, bumps the revision.
gboolean settings_put(Newsroom *newsroom, const char *key, const char *value, GError **error);
// Those that are not NULL, in one change: all or none.
gboolean settings_put_all(Newsroom *newsroom, const char *const *keys, const char *const *values,
                          guint count, GError **error);
gboolean settings_check_section(const Section *section, GError **error); // INVALID
gboolean settings_put_section(Newsroom *newsroom, const Section *section, GError **error);
// First start: makes image_key, mail_key and the given defaults where nothing is set.
gboolean settings_prepare(Newsroom *newsroom, GError **error);
