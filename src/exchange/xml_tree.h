// SPDX-License-Identifier: Apache-2.0
//
// XML and HTML as a plain tree, all in one arena. The only file here that knows libxml2. Nothing
// is fetched, no DTD is read, no entity is expanded beyond the predefined ones and HTML's own; a
// document that declares entities is refused. The tree is at most XML_TREE_DEPTH deep: XML that
// is deeper is refused, HTML is flattened below. Any thread; a tree belongs to one.
#pragma once

#include "base/slice.h"

#define XML_TREE_DEPTH 200

typedef struct XmlAttribute {
  const char *name, *value; // name without prefix; lower case in HTML
  struct XmlAttribute *next;
} XmlAttribute;

typedef struct XmlNode XmlNode;
struct XmlNode {
  const char *name;  // NULL: text
  const char *space; // namespace URI, "" if none
  const char *text;  // of text (CDATA too)
  XmlAttribute *attributes;
  XmlNode *parent, *first_child, *last_child, *next;
  guint line;
  gboolean dropped; // for the use of whoever walks the tree
  gdouble score;    // likewise
};

typedef struct XmlTree XmlTree;
// `text` in UTF-8. The error's message begins with "line N: ".
XmlTree *xml_tree_parse(Slice text, GError **error);
XmlTree *xml_tree_parse_html(Slice text, GError **error); // takes what it can of broken HTML
void xml_tree_free(XmlTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XmlTree, xml_tree_free)
XmlNode *xml_tree_root(const XmlTree *tree); // never NULL

// Bytes to UTF-8 by byte order mark, declaration (<?xml encoding>, <meta charset>) or UTF-8. Caller
// frees.
char *xml_tree_decode(Slice bytes, GError **error);

const char *xml_node_attribute(const XmlNode *node, const char *name); // NULL if absent
gboolean xml_node_is(const XmlNode *node, const char *name); // an element of that local name
// First child element of that name; `space` NULL: any namespace.
XmlNode *xml_node_child(const XmlNode *node, const char *space, const char *name);
XmlNode *xml_node_following(const XmlNode *node,
                            const XmlNode *root); // in document order, within root; NULL at the end
XmlNode *xml_node_skip(const XmlNode *node, const XmlNode *root); // likewise, but past its children
char *xml_node_text(
    const XmlNode *node); // all text inside that is not dropped, as it stands; caller frees
