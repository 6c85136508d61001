// SPDX-License-Identifier: Apache-2.0
//
// YAML front matter as a plain tree with line numbers. Bounded, because it is anybody's text: at
// most 64 KB, 8 levels, no aliases, one document. Pure; any thread.
#pragma once

#include "base/slice.h"

typedef enum FrontKind { FRONT_SCALAR, FRONT_LIST, FRONT_MAP } FrontKind;

typedef struct FrontNode {
  FrontKind kind;
  char *key;           // in a map; else NULL
  char *text;          // of a scalar, else NULL; "" for null and ~
  GPtrArray *children; // FrontNode *, of a list or map
  guint line;          // in the file, from 1
} FrontNode;
void front_node_free(FrontNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontNode, front_node_free)

// Cuts a file's text into front matter and body. FALSE without error: there is none. FALSE with
// error: it begins and never ends, or is TOML. *ret_body_line is the line the body begins on.
gboolean front_matter_split(Slice text, Slice *ret_matter, Slice *ret_body, guint *ret_body_line,
                            GError **error);

// `matter` begins on line `first_line` of the file. Always a map; NULL with an error naming the
// line.
FrontNode *front_matter_parse(Slice matter, guint first_line, GError **error);

const FrontNode *front_node_member(const FrontNode *map,
                                   const char *key); // NULL if absent or no map
const char *front_node_text(const FrontNode *node);  // NULL unless a scalar that is not ""
