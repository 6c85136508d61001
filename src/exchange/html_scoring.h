// SPDX-License-Identifier: Apache-2.0
//
// Which part of an HTML page is the article: furniture elements are dropped by name, role and
// class; then paragraphs give points to what holds them, and the element with the most, less those
// of its links, is it. For html_article.c. Pure; any thread.
#pragma once

#include "exchange/xml_tree.h"

// Whether class, id or data-component hold one of `words` (NULL-ended), as they stand between
// spaces, '-' and '_'.
gboolean html_has_word(const XmlNode *node, const char *const *words);

void html_drop_furniture(XmlNode *root);

XmlNode *html_find_article(XmlNode *root); // NULL: there is no text
