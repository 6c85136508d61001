// SPDX-License-Identifier: Apache-2.0
//
// What a story must be before it is taken in. For src/newsroom only; pure.
#pragma once

#include "newsroom/stories.h"
#include "press/markup.h"

// The body as parsed; NULL with an INVALID error that names the field and the mend. Caller frees.
Document *story_check(const ImportedStory *imported, gint64 now, GError **error);
// The path of `former_path` (a path, or a whole address of an earlier site); NULL with error if it
// is neither. Caller frees.
char *story_check_former_path(const char *former_path, GError **error);
