// SPDX-License-Identifier: Apache-2.0
//
// The use case of publishing terms and privacy policy. A version never changes: consents name it.
// See newsroom.h.
#pragma once

#include "model/subscriber.h"
#include "newsroom/newsroom.h"

// The next version; its number, 0 on error. The same words again are no new version.
gint32 policies_publish(Newsroom *newsroom, PolicyKind kind, const char *title, const char *body,
                        GError **error);
// Version 1 of each from the theme's texts, where there is none yet. Needs newsroom->press.
gboolean policies_prepare(Newsroom *newsroom, GError **error);
