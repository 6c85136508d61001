// SPDX-License-Identifier: Apache-2.0
//
// Where a word may be hyphenated, by the patterns that Debian's hyphen-* packages put into
// /usr/share/hyphen. Used by edition/shaper. One thread.
#pragma once

#include <glib.h>

typedef struct Hyphenation Hyphenation;
Hyphenation *hyphenation_new(void);
void hyphenation_free(Hyphenation *hyphenation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hyphenation, hyphenation_free)

// TRUE if there are patterns for a BCP 47 tag (de-AT falls back to German of any country).
gboolean hyphenation_has(Hyphenation *hyphenation, const char *language);
// The package that would bring them, "hyphen-xx", or NULL where the language isn't hyphenated
// (Arabic, Chinese …). Caller frees.
char *hyphenation_package(const char *language);

#define HYPHENATION_MAX_WORD 100 // bytes; longer words aren't hyphenated
// Bytes of the word (letters only, UTF-8) before which a hyphen may stand; at least 2 letters
// before and 3 after it. Returns their number, at most HYPHENATION_MAX_WORD.
guint hyphenation_points(Hyphenation *hyphenation, const char *language, const char *word,
                         gsize length, guint8 *ret_points);
