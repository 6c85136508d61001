// SPDX-License-Identifier: Apache-2.0
//
// The use cases of newsletters: made and changed. See newsroom.h.
#pragma once

#include "model/newsletter.h"
#include "newsroom/newsroom.h"

// Makes or changes the newsletter of that slug. An INVALID error names the field. Id, 0 on error.
gint64 newsletters_put(Newsroom *newsroom, const Newsletter *newsletter, GError **error);
// Sets one field by its name, as a person types it: "time 06:30", "days mon-fri". INVALID lists
// them.
gboolean newsletters_set(Newsroom *newsroom, const char *slug, const char *field, const char *value,
                         GError **error);
extern const char *const NEWSLETTER_FIELDS[]; // ends with NULL
