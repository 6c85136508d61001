// SPDX-License-Identifier: Apache-2.0
//
// Implements front_matter.h by libyaml's events (YAML 1.1). The tree is built on a stack of its
// own, so that depth is counted and never the C stack's.
#include "exchange/front_matter.h"

#include "exchange/importer.h"

#include <string.h>
#include <yaml.h>

#define MAX_MATTER (64u << 10)
#define MAX_DEPTH 8

void front_node_free(FrontNode *node) {
  if (node == NULL) {
    return;
  }
  g_free(node->key);
  g_free(node->text);
  if (node->children != NULL) {
    g_ptr_array_unref(node->children);
  }
  g_free(node);
}

static gboolean is_fence(Slice line, const char *fence) {
  return slice_starts_with(line, fence) && slice_trim(slice_from(line, strlen(fence))).length == 0;
}

gboolean front_matter_split(Slice text, Slice *ret_matter, Slice *ret_body, guint *ret_body_line,
                            GError **error) {
  Slice rest = text;
  Slice line = {0};
  if (!slice_next_line(&rest, &line)) {
    return FALSE;
  }
  if (is_fence(line, "+++") || is_fence(line, ";;;")) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_UNSUPPORTED,
                "line 1: front matter between “%.3s” lines is TOML or JSON; write it as YAML "
                "between “---” lines",
                line.data);
    return FALSE;
  }
  if (!is_fence(line, "---")) {
    return FALSE;
  }
  const char *start = rest.data;
  guint number = 1;
  while (slice_next_line(&rest, &line)) {
    number++;
    if (is_fence(line, "---") || is_fence(line, "...")) {
      *ret_matter = (Slice){start, (gsize)(line.data - start)};
      *ret_body = rest;
      *ret_body_line = number + 1;
      return TRUE;
    }
  }
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
              "line 1: front matter begins here and never ends; close it with a line “---”");
  return FALSE;
}

typedef struct Builder {
  FrontNode *stack[MAX_DEPTH];
  guint depth;
  char *key; // read, its value not yet
  guint first_line;
  FrontNode *root;
} Builder;

static guint line_of(const Builder *builder, const yaml_event_t *event) {
  return builder->first_line + (guint)event->start_mark.line;
}

static gboolean attach(Builder *builder, FrontNode *node, GError **error) {
  if (builder->depth == 0) {
    builder->root = node;
    return TRUE;
  }
  FrontNode *parent = builder->stack[builder->depth - 1];
  g_assert(parent != NULL);
  if (parent->kind == FRONT_MAP) {
    g_assert(builder->key != NULL);
    if (front_node_member(parent, builder->key) != NULL) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                  "line %u: “%s” is given twice; keep one", node->line, builder->key);
      front_node_free(node);
      return FALSE;
    }
    node->key = g_steal_pointer(&builder->key);
  }
  g_ptr_array_add(parent->children, node);
  return TRUE;
}

static gboolean is_in_map(const Builder *builder) {
  const FrontNode *top = builder->depth > 0 ? builder->stack[builder->depth - 1] : NULL;
  return top != NULL && top->kind == FRONT_MAP;
}

static gboolean add_scalar(Builder *builder, const yaml_event_t *event, GError **error) {
  const char *value = (const char *)event->data.scalar.value;
  gboolean plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  gboolean nothing = plain && (strcmp(value, "~") == 0 || g_ascii_strcasecmp(value, "null") == 0);
  gboolean in_map = is_in_map(builder);
  if (event->data.scalar.length != strlen(value)) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: a NUL character in front matter", line_of(builder, event));
    return FALSE;
  }
  if (in_map && builder->key == NULL) {
    builder->key = g_strdup(value);
    return TRUE;
  }
  FrontNode *node = g_new0(FrontNode, 1);
  node->kind = FRONT_SCALAR;
  node->text = g_strdup(nothing ? "" : value);
  node->line = line_of(builder, event);
  return attach(builder, node, error);
}

static gboolean open_collection(Builder *builder, const yaml_event_t *event, FrontKind kind,
                                GError **error) {
  guint line = line_of(builder, event);
  if (builder->depth == MAX_DEPTH) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: front matter is nested deeper than %d", line, MAX_DEPTH);
    return FALSE;
  }
  if (is_in_map(builder) && builder->key == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "line %u: a key must be plain text",
                line);
    return FALSE;
  }
  FrontNode *node = g_new0(FrontNode, 1);
  node->kind = kind;
  node->line = line;
  node->children = g_ptr_array_new_with_free_func((GDestroyNotify)front_node_free);
  if (!attach(builder, node, error)) {
    return FALSE;
  }
  builder->stack[builder->depth++] = node;
  return TRUE;
}

static gboolean take_event(Builder *builder, const yaml_event_t *event, GError **error) {
  switch (event->type) {
  case YAML_ALIAS_EVENT:
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: aliases (“*%s”) are not taken in front matter; write the value out",
                line_of(builder, event), (const char *)event->data.alias.anchor);
    return FALSE;
  case YAML_SCALAR_EVENT:
    return add_scalar(builder, event, error);
  case YAML_SEQUENCE_START_EVENT:
    return open_collection(builder, event, FRONT_LIST, error);
  case YAML_MAPPING_START_EVENT:
    return open_collection(builder, event, FRONT_MAP, error);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    builder->depth--;
    return TRUE;
  case YAML_DOCUMENT_START_EVENT:
    if (builder->root != NULL) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                  "line %u: a second document in front matter", line_of(builder, event));
      return FALSE;
    }
    return TRUE;
  default:
    return TRUE;
  }
}

static void set_yaml_error(const Builder *builder, const yaml_parser_t *parser, GError **error) {
  guint line =
      builder->first_line + (guint)MAX(parser->problem_mark.line, parser->context_mark.line);
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "line %u: front matter is not YAML: %s%s",
              line, parser->problem != NULL ? parser->problem : "it can't be read",
              parser->problem != NULL && strstr(parser->problem, "mapping values") != NULL
                  ? " (put a text that holds a colon in quotes)"
                  : "");
}

static gboolean take_all(Builder *builder, yaml_parser_t *parser, GError **error) {
  for (gboolean done = FALSE; !done;) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) {
      set_yaml_error(builder, parser, error);
      return FALSE;
    }
    done = event.type == YAML_STREAM_END_EVENT;
    gboolean taken = take_event(builder, &event, error);
    yaml_event_delete(&event);
    if (!taken) {
      return FALSE;
    }
  }
  return TRUE;
}

FrontNode *front_matter_parse(Slice matter, guint first_line, GError **error) {
  if (matter.length > MAX_MATTER) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE,
                "line %u: front matter is larger than %u KB", first_line, MAX_MATTER >> 10);
    return NULL;
  }
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    g_error("no memory for a YAML parser");
  }
  Builder builder = {.first_line = first_line};
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)matter.data, matter.length);
  gboolean read = take_all(&builder, &parser, error);
  yaml_parser_delete(&parser);
  g_free(builder.key);
  g_autoptr(FrontNode) root = builder.root;
  if (!read) {
    return NULL;
  }
  if (root == NULL ||
      (root->kind == FRONT_SCALAR && root->text[0] == '\0')) { // nothing between the fences
    front_node_free(g_steal_pointer(&root));
    root = g_new0(FrontNode, 1);
    root->kind = FRONT_MAP;
    root->line = first_line;
    root->children = g_ptr_array_new_with_free_func((GDestroyNotify)front_node_free);
  }
  if (root->kind != FRONT_MAP) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                "line %u: front matter must be “key: value” lines", root->line);
    return NULL;
  }
  return g_steal_pointer(&root);
}

const FrontNode *front_node_member(const FrontNode *map, const char *key) {
  if (map == NULL || map->kind != FRONT_MAP) {
    return NULL;
  }
  for (guint i = 0; i < map->children->len; i++) {
    const FrontNode *child = g_ptr_array_index(map->children, i);
    if (strcmp(child->key, key) == 0) {
      return child;
    }
  }
  return NULL;
}

const char *front_node_text(const FrontNode *node) {
  return node != NULL && node->kind == FRONT_SCALAR && node->text[0] != '\0' ? node->text : NULL;
}
