// SPDX-License-Identifier: Apache-2.0
//
// Rules for readers' and reporters' text: UTF-8 checking that names the line,
// slugs, white space, cutting at words. Pure; any thread.
#pragma once

#include "base/slice.h"

// TRUE if valid UTF-8 without NUL. On FALSE, *ret_line (1-based) says where.
gboolean text_validate_utf8(Slice text, guint *ret_line);

// Lower-case ASCII words joined by '-', at most `maximum` bytes; letters with marks lose them, ß
// becomes ss, other scripts keep their letters (percent-encoded later by model/address). Never
// empty: "story" when nothing is left. Caller frees.
char *text_slug(const char *text, gsize maximum);

char *text_collapse_space(Slice text); // runs of white space -> one space, trimmed; caller frees
char *text_cut_at_word(const char *text, gsize characters); // adds … when cut; caller frees
guint text_count_words(const char *text); // Unicode word count; each CJK letter counts as one
void text_replace(char **text, const char *with); // frees what it was; `with` may be a part of that
