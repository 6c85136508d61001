// SPDX-License-Identifier: Apache-2.0
//
// JSON (RFC 8259) as a plain tree, for the JSON-LD in web pages. Bounded: 2 MB, 64
// levels. A key given twice keeps both; readers take the first. Pure; any thread.
#pragma once

#include "base/slice.h"

typedef enum JsonKind {
  JSON_NULL,
  JSON_BOOLEAN,
  JSON_NUMBER,
  JSON_STRING,
  JSON_LIST,
  JSON_OBJECT
} JsonKind;

typedef struct JsonNode {
  JsonKind kind;
  char *name;          // in an object; else NULL
  char *text;          // of a string; of a number as it is written; else NULL
  gboolean truth;      // of a boolean
  GPtrArray *children; // JsonNode *, of a list or object
} JsonNode;
JsonNode *json_tree_parse(Slice text); // NULL if it is not JSON
void json_node_free(JsonNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonNode, json_node_free)

const JsonNode *json_node_member(const JsonNode *object, const char *name); // NULL if absent
const char *json_node_text(const JsonNode *node); // NULL unless a string that is not ""
