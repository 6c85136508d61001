// SPDX-License-Identifier: Apache-2.0
//
// The use case of an author: who writes here, in what role, and what they look like. See
// newsroom.h.
#pragma once

#include "model/story.h"
#include "newsroom/newsroom.h"

// Makes or changes the author of that slug; the portrait (NULL: none, what is stored stays) is
// proved and kept among the originals. Gives the author's id, 0 on error.
gint64 people_put_author(Newsroom *newsroom, const Author *author, GBytes *portrait,
                         const char *alt, GError **error);
