// SPDX-License-Identifier: Apache-2.0
//
// What stands for a character in Markdown: HTML's entities (CommonMark 2.5) and backslash
// escapes (2.4). Used by the markup parser only; pure.
#pragma once

#include "base/slice.h"

typedef struct MarkupEntity {
  const char *name; // without & and ;
  const char *text; // UTF-8
} MarkupEntity;
extern const MarkupEntity MARKUP_ENTITIES[]; // sorted by name; generated
extern const unsigned MARKUP_ENTITY_COUNT;

#define MARKUP_ENTITY_BYTES 8 // the longest text of an entity with its NUL fits

// `entity` whole, with & and ;. FALSE if there is no such entity. Code points that are no
// character (0, surrogates, above 10FFFF) give U+FFFD.
gboolean markup_entity_decode(Slice entity, char out[MARKUP_ENTITY_BYTES]);

// Entities and backslash escapes resolved, appended to `out`.
void markup_unescape(GString *out, Slice raw);
