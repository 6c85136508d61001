// SPDX-License-Identifier: Apache-2.0
//
// Implements xml_tree.h: libxml2 parses, the result is copied out and libxml2's is freed.
#include "exchange/xml_tree.h"

#include "exchange/import_story.h"

#include "base/text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

struct XmlTree {
  GPtrArray *blocks; // the arena: g_malloc0ed blocks of nodes and attributes
  gsize used;        // of the last block
  GStringChunk *strings;
  XmlNode *root;
};

#define BLOCK_BYTES (64u << 10)

static gpointer arena_take(XmlTree *tree, gsize bytes) {
  bytes = (bytes + 15) & ~(gsize)15;
  if (tree->blocks->len == 0 || tree->used + bytes > BLOCK_BYTES) {
    g_ptr_array_add(tree->blocks, g_malloc0(BLOCK_BYTES));
    tree->used = 0;
  }
  gpointer at = (char *)g_ptr_array_index(tree->blocks, tree->blocks->len - 1) + tree->used;
  tree->used += bytes;
  return at;
}

static XmlTree *tree_new(void) {
  XmlTree *tree = g_new0(XmlTree, 1);
  tree->blocks = g_ptr_array_new_with_free_func(g_free);
  tree->strings = g_string_chunk_new(4096);
  return tree;
}

void xml_tree_free(XmlTree *tree) {
  if (tree == NULL) {
    return;
  }
  g_ptr_array_unref(tree->blocks);
  g_string_chunk_free(tree->strings);
  g_free(tree);
}

XmlNode *xml_tree_root(const XmlTree *tree) {
  return tree->root;
}

// ---- copying out -----------------------------------------------------------------------------

static const char *keep(XmlTree *tree, const xmlChar *text) {
  return text != NULL ? g_string_chunk_insert(tree->strings, (const char *)text) : "";
}

static const char *keep_name(XmlTree *tree, const xmlChar *name, gboolean html) {
  g_autofree char *lower =
      html ? g_ascii_strdown((const char *)name, -1) : g_strdup((const char *)name);
  return g_string_chunk_insert_const(tree->strings, lower);
}

static void copy_attributes(XmlTree *tree, XmlNode *node, const xmlNode *source, gboolean html) {
  XmlAttribute **tail = &node->attributes;
  for (xmlAttr *attribute = source->properties; attribute != NULL; attribute = attribute->next) {
    xmlChar *value = xmlNodeListGetString(source->doc, attribute->children, 1);
    XmlAttribute *copy = arena_take(tree, sizeof(XmlAttribute));
    copy->name = keep_name(tree, attribute->name, html);
    copy->value = keep(tree, value);
    *tail = copy;
    tail = &copy->next;
    xmlFree(value);
  }
}

static void append_child(XmlNode *parent, XmlNode *child) {
  child->parent = parent;
  if (parent->last_child != NULL) {
    parent->last_child->next = child;
  } else {
    parent->first_child = child;
  }
  parent->last_child = child;
}

static XmlNode *copy_node(XmlTree *tree, const xmlNode *source, gboolean html) {
  XmlNode *node = arena_take(tree, sizeof(XmlNode));
  node->line = (guint)MAX(xmlGetLineNo((xmlNode *)(gpointer)source), 0);
  node->space = "";
  if (source->type == XML_ELEMENT_NODE) {
    node->name = keep_name(tree, source->name, html);
    node->space = source->ns != NULL && source->ns->href != NULL
                      ? g_string_chunk_insert_const(tree->strings, (const char *)source->ns->href)
                      : "";
    copy_attributes(tree, node, source, html);
  } else {
    node->text = keep(tree, source->content);
  }
  return node;
}

static gboolean is_copied(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE ||
         node->type == XML_CDATA_SECTION_NODE;
}

// Walks without recursion. Below XML_TREE_DEPTH, elements are left out and their text goes to the
// ancestor at that depth.
static void copy_all(XmlTree *tree, xmlNode *top, gboolean html) {
  tree->root = copy_node(tree, top, html);
  XmlNode *parent = tree->root;
  guint depth = 0; // of the children now walked, under root
  xmlNode *at = top->children;
  while (at != NULL) {
    gboolean flat = depth >= XML_TREE_DEPTH;
    XmlNode *copy =
        is_copied(at) && !(flat && at->type == XML_ELEMENT_NODE) ? copy_node(tree, at, html) : NULL;
    if (copy != NULL) {
      append_child(parent, copy);
    }
    if (at->type == XML_ELEMENT_NODE && at->children != NULL) {
      parent = copy != NULL ? copy : parent;
      depth++;
      at = at->children;
      continue;
    }
    while (at->next == NULL) {
      at = at->parent;
      if (at == NULL || at == top) {
        return;
      }
      depth--;
      if (depth < XML_TREE_DEPTH) {
        parent = parent->parent;
      }
    }
    at = at->next;
  }
}

// ---- parsing ---------------------------------------------------------------------------------

static void set_parse_error(xmlParserCtxt *context, GError **error) {
  const xmlError *cause = xmlCtxtGetLastError(context);
  g_autofree char *reason = cause != NULL && cause->message != NULL
                                ? g_strstrip(g_strdup(cause->message))
                                : g_strdup("can't be read");
  char *clean = g_utf8_make_valid(reason, -1);
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "line %d: not well-formed XML: %s",
              cause != NULL ? MAX(cause->line, 1) : 1, clean);
  g_free(clean);
}

static guint line_of_offset(Slice text, gsize offset) {
  guint line = 1;
  for (gsize i = 0; i < offset && i < text.length; i++) {
    line += text.data[i] == '\n';
  }
  return line;
}

// The nesting of XML is counted by libxml2 too, at 256; ours comes first and names the line.
static gboolean refuse_depth(const xmlNode *top, GError **error) {
  guint depth = 0;
  for (const xmlNode *at = top; at != NULL;) {
    if (depth > XML_TREE_DEPTH) {
      g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX,
                  "line %ld: elements are nested deeper than %d",
                  xmlGetLineNo((xmlNode *)(gpointer)at), XML_TREE_DEPTH);
      return FALSE;
    }
    if (at->type == XML_ELEMENT_NODE && at->children != NULL) {
      at = at->children;
      depth++;
      continue;
    }
    while (at != top && at->next == NULL) {
      at = at->parent;
      depth--;
    }
    at = at == top ? NULL : at->next;
  }
  return TRUE;
}

XmlTree *xml_tree_parse(Slice text, GError **error) {
  gssize entity = slice_find(text, SLICE_LITERAL("<!ENTITY"));
  if (entity >= 0) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_UNSUPPORTED,
                "line %u: the file declares XML entities; these are not taken",
                line_of_offset(text, (gsize)entity));
    return NULL;
  }
  if (text.length > IMPORT_MAX_BYTES) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE, "larger than %u MB",
                IMPORT_MAX_BYTES >> 20);
    return NULL;
  }
  xmlParserCtxt *context = xmlNewParserCtxt();
  if (context == NULL) {
    g_error("no memory for an XML parser");
  }
  xmlDoc *document = xmlCtxtReadMemory(context, text.data != NULL ? text.data : "",
                                       (int)text.length, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                           XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA);
  xmlNode *top = document != NULL ? xmlDocGetRootElement(document) : NULL;
  XmlTree *tree = NULL;
  if (top == NULL || context->wellFormed == 0) {
    set_parse_error(context, error);
  } else if (refuse_depth(top, error)) {
    tree = tree_new();
    copy_all(tree, top, FALSE);
  }
  xmlFreeDoc(document);
  xmlFreeParserCtxt(context);
  return tree;
}

XmlTree *xml_tree_parse_html(Slice text, GError **error) {
  if (text.length > IMPORT_MAX_BYTES) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_TOO_LARGE, "larger than %u MB",
                IMPORT_MAX_BYTES >> 20);
    return NULL;
  }
  htmlParserCtxt *context = htmlNewParserCtxt();
  if (context == NULL) {
    g_error("no memory for an HTML parser");
  }
  xmlDoc *document = htmlCtxtReadMemory(
      context, text.data != NULL ? text.data : "", (int)text.length, NULL, "UTF-8",
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
  xmlNode *top = document != NULL ? xmlDocGetRootElement(document) : NULL;
  XmlTree *tree = NULL;
  if (top == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_EMPTY, "line 1: there is no HTML in this file");
  } else {
    tree = tree_new();
    copy_all(tree, top, TRUE);
  }
  xmlFreeDoc(document);
  htmlFreeParserCtxt(context);
  return tree;
}

// ---- character sets --------------------------------------------------------------------------

// The value of encoding="…" or charset=… in the first 4 KB; NULL if none or not a plain name.
static char *declared_charset(Slice bytes) {
  Slice head = slice_range(bytes, 0, 4096);
  static const char *const MARKS[] = {"encoding=", "charset="};
  for (gsize i = 0; i < G_N_ELEMENTS(MARKS); i++) {
    gsize length = strlen(MARKS[i]);
    for (gsize at = 0; at + length < head.length; at++) {
      if (g_ascii_strncasecmp(head.data + at, MARKS[i], length) != 0) {
        continue;
      }
      Slice value = slice_from(head, at + length);
      while (value.length > 0 && strchr("\"' ", value.data[0]) != NULL && value.data[0] != '\0') {
        value = slice_from(value, 1);
      }
      gsize end = 0;
      while (end < value.length && end < 40 &&
             (g_ascii_isalnum(value.data[end]) || strchr("-_:.", value.data[end]) != NULL) &&
             value.data[end] != '\0') {
        end++;
      }
      if (end > 0 && end < 40) {
        return g_ascii_strdown(value.data, (gssize)end);
      }
    }
  }
  return NULL;
}

char *xml_tree_decode(Slice bytes, GError **error) {
  guint line = 0;
  gboolean marked = slice_starts_with(bytes, "\xFF\xFE") || slice_starts_with(bytes, "\xFE\xFF") ||
                    slice_starts_with(bytes, "\xEF\xBB\xBF");
  g_autofree char *charset = marked ? NULL : declared_charset(bytes);
  gboolean other = charset != NULL && strcmp(charset, "utf-8") != 0 &&
                   strcmp(charset, "utf8") != 0 && !g_str_has_prefix(charset, "utf-16");
  if (!other || bytes.length > IMPORT_MAX_BYTES || text_validate_utf8(bytes, &line)) {
    return import_decode(bytes, error);
  }
  // Browsers read these names as the Windows code page, and so do those who write them.
  gboolean latin = strcmp(charset, "iso-8859-1") == 0 || strcmp(charset, "latin1") == 0 ||
                   strcmp(charset, "us-ascii") == 0;
  gsize written = 0;
  g_autofree char *text = g_convert(bytes.data, (gssize)bytes.length, "UTF-8",
                                    latin ? "WINDOWS-1252" : charset, NULL, &written, NULL);
  if (text == NULL && latin) {
    text = g_convert(bytes.data, (gssize)bytes.length, "UTF-8", "ISO-8859-1", NULL, &written, NULL);
  }
  if (text == NULL) {
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_ENCODING,
                "line %u: not UTF-8, nor %s as the file says; save it as UTF-8", line, charset);
    return NULL;
  }
  return import_decode((Slice){text, written}, error);
}

// ---- reading the tree ------------------------------------------------------------------------

const char *xml_node_attribute(const XmlNode *node, const char *name) {
  for (const XmlAttribute *at = node->attributes; at != NULL; at = at->next) {
    if (strcmp(at->name, name) == 0) {
      return at->value;
    }
  }
  return NULL;
}

gboolean xml_node_is(const XmlNode *node, const char *name) {
  return node->name != NULL && strcmp(node->name, name) == 0;
}

XmlNode *xml_node_child(const XmlNode *node, const char *space, const char *name) {
  for (XmlNode *child = node->first_child; child != NULL; child = child->next) {
    if (xml_node_is(child, name) && (space == NULL || strcmp(child->space, space) == 0)) {
      return child;
    }
  }
  return NULL;
}

XmlNode *xml_node_skip(const XmlNode *node, const XmlNode *root) {
  while (node != root && node != NULL) {
    if (node->next != NULL) {
      return node->next;
    }
    node = node->parent;
  }
  return NULL;
}

XmlNode *xml_node_following(const XmlNode *node, const XmlNode *root) {
  return node->first_child != NULL ? node->first_child : xml_node_skip(node, root);
}

char *xml_node_text(const XmlNode *node) {
  GString *out = g_string_new(NULL);
  for (const XmlNode *at = node; at != NULL;) {
    if (at->text != NULL && !at->dropped) {
      g_string_append(out, at->text);
    } else if (xml_node_is(at, "br")) {
      g_string_append_c(out, ' ');
    }
    at = at->dropped && at != node ? xml_node_skip(at, node) : xml_node_following(at, node);
  }
  return g_string_free(out, FALSE);
}
