// SPDX-License-Identifier: Apache-2.0
//
// Implements json_tree.h by recursive descent; the depth is counted, so that input can't choose it.
#include "exchange/json_tree.h"

#include <string.h>

#define MAX_JSON (2u << 20)
#define MAX_DEPTH 64

void json_node_free(JsonNode *node) {
  if (node == NULL) {
    return;
  }
  g_free(node->name);
  g_free(node->text);
  if (node->children != NULL) {
    g_ptr_array_unref(node->children);
  }
  g_free(node);
}

static void skip_space(Slice *rest) {
  while (rest->length > 0 && (rest->data[0] == ' ' || rest->data[0] == '\t' ||
                              rest->data[0] == '\n' || rest->data[0] == '\r')) {
    *rest = slice_from(*rest, 1);
  }
}

static gboolean take_char(Slice *rest, char wanted) {
  skip_space(rest);
  if (rest->length == 0 || rest->data[0] != wanted) {
    return FALSE;
  }
  *rest = slice_from(*rest, 1);
  return TRUE;
}

static gboolean read_hex4(Slice *rest, gunichar *ret_unit) {
  gunichar unit = 0;
  for (gsize i = 0; i < 4; i++) {
    int digit = i < rest->length ? g_ascii_xdigit_value(rest->data[i]) : -1;
    if (digit < 0) {
      return FALSE;
    }
    unit = unit * 16 + (gunichar)digit;
  }
  *rest = slice_from(*rest, 4);
  *ret_unit = unit;
  return TRUE;
}

static gboolean read_unicode_escape(Slice *rest, GString *out) {
  gunichar unit = 0;
  gunichar low = 0;
  if (!read_hex4(rest, &unit)) {
    return FALSE;
  }
  if (unit >= 0xD800 && unit < 0xDC00 && slice_starts_with(*rest, "\\u")) {
    Slice second = slice_from(*rest, 2);
    if (read_hex4(&second, &low) && low >= 0xDC00 && low < 0xE000) {
      *rest = second;
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
  }
  gboolean bad = unit == 0 || (unit >= 0xD800 && unit < 0xE000);
  g_string_append_unichar(out, bad ? 0xFFFD : unit);
  return TRUE;
}

static gboolean read_escape(Slice *rest, GString *out) {
  static const char FROM[] = "\"\\/bfnrt";
  static const char TO[] = "\"\\/\b\f\n\r\t";
  if (rest->length == 0) {
    return FALSE;
  }
  char letter = rest->data[0];
  *rest = slice_from(*rest, 1);
  if (letter == 'u') {
    return read_unicode_escape(rest, out);
  }
  const char *at = letter != '\0' ? strchr(FROM, letter) : NULL;
  if (at == NULL) {
    return FALSE;
  }
  g_string_append_c(out, TO[at - FROM]);
  return TRUE;
}

static char *read_string(Slice *rest) {
  if (!take_char(rest, '"')) {
    return NULL;
  }
  GString *out = g_string_new(NULL);
  while (rest->length > 0) {
    char letter = rest->data[0];
    *rest = slice_from(*rest, 1);
    if (letter == '"') {
      return g_string_free(out, FALSE);
    }
    if (letter == '\\' ? !read_escape(rest, out) : letter == '\0') {
      break;
    }
    if (letter != '\\') {
      g_string_append_c(out, letter); // line breaks too: pages have them though they must not
    }
  }
  g_string_free(out, TRUE);
  return NULL;
}

static JsonNode *read_value(Slice *rest, guint depth);

static gboolean read_children(Slice *rest, JsonNode *node, char end, guint depth) {
  node->children = g_ptr_array_new_with_free_func((GDestroyNotify)json_node_free);
  if (take_char(rest, end)) {
    return TRUE;
  }
  do {
    g_autofree char *name = end == '}' ? read_string(rest) : NULL;
    if (end == '}' && (name == NULL || !take_char(rest, ':'))) {
      return FALSE;
    }
    JsonNode *child = read_value(rest, depth + 1);
    if (child == NULL) {
      return FALSE;
    }
    child->name = g_steal_pointer(&name);
    g_ptr_array_add(node->children, child);
  } while (take_char(rest, ','));
  return take_char(rest, end);
}

static gboolean read_word(Slice *rest, JsonNode *node) {
  gsize length = 0;
  while (length < rest->length &&
         (g_ascii_isalnum(rest->data[length]) || strchr("+-.", rest->data[length]) != NULL) &&
         rest->data[length] != '\0') {
    length++;
  }
  Slice word = slice_range(*rest, 0, length);
  *rest = slice_from(*rest, length);
  if (slice_equal_text(word, "true") || slice_equal_text(word, "false")) {
    node->kind = JSON_BOOLEAN;
    node->truth = word.length == 4;
    return TRUE;
  }
  if (slice_equal_text(word, "null")) {
    return TRUE;
  }
  node->kind = JSON_NUMBER;
  node->text = slice_dup(word);
  return length > 0 && (g_ascii_isdigit(word.data[0]) || word.data[0] == '-');
}

static JsonNode *read_value(Slice *rest, guint depth) {
  skip_space(rest);
  if (rest->length == 0 || depth > MAX_DEPTH) {
    return NULL;
  }
  g_autoptr(JsonNode) node = g_new0(JsonNode, 1);
  gboolean read = FALSE;
  switch (rest->data[0]) {
  case '"':
    node->kind = JSON_STRING;
    node->text = read_string(rest);
    read = node->text != NULL;
    break;
  case '{':
  case '[':
    node->kind = rest->data[0] == '{' ? JSON_OBJECT : JSON_LIST;
    *rest = slice_from(*rest, 1);
    read = read_children(rest, node, node->kind == JSON_OBJECT ? '}' : ']', depth);
    break;
  default:
    read = read_word(rest, node);
  }
  return read ? g_steal_pointer(&node) : NULL;
}

JsonNode *json_tree_parse(Slice text) {
  if (text.length > MAX_JSON) {
    return NULL;
  }
  g_autoptr(JsonNode) node = read_value(&text, 0);
  skip_space(&text);
  return text.length == 0 || (text.length == 1 && text.data[0] == ';') ? g_steal_pointer(&node)
                                                                       : NULL;
}

const JsonNode *json_node_member(const JsonNode *object, const char *name) {
  for (guint i = 0; object != NULL && object->kind == JSON_OBJECT && i < object->children->len;
       i++) {
    const JsonNode *child = g_ptr_array_index(object->children, i);
    if (strcmp(child->name, name) == 0) {
      return child;
    }
  }
  return NULL;
}

const char *json_node_text(const JsonNode *node) {
  return node != NULL && node->kind == JSON_STRING && node->text[0] != '\0' ? node->text : NULL;
}
