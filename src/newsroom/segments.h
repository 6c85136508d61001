// SPDX-License-Identifier: Apache-2.0
//
// The use cases of segments, saved sets of a newsletter's readers: made, counted, removed. See
// newsroom.h; the rules are model/segment.h's.
#pragma once

#include "model/segment.h"
#include "newsroom/newsroom.h"

// Makes or changes the segment of that slug. INVALID: a rule makes no sense, or names a section or
// newsletter that there is not. Id, 0 on error.
gint64 segments_put(Newsroom *newsroom, const Segment *segment, GError **error);
// Whom a mailing of that newsletter to these rules would reach now; -1 on error.
gint64 segments_count(Newsroom *newsroom, gint64 newsletter_id, const char *rules, GError **error);
// STATE: a mailing that is not sent yet is for it. What was sent forgets whom it was for.
gboolean segments_remove(Newsroom *newsroom, const char *slug, GError **error);
