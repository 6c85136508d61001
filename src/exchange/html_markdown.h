// SPDX-License-Identifier: Apache-2.0
//
// A part of an HTML tree as our Markdown: headings, lists, quotes, links, figures with caption and
// credit, tables, emphasis, code. What is marked `dropped` is left out, and so is whatever no
// reader sees (scripts, forms, frames). For html_article.c and feed_in.c. Pure; any thread.
#pragma once

#include "exchange/furniture.h"
#include "exchange/xml_tree.h"

// Paragraphs (FoundParagraph *) of Markdown, each with its line in the file. Addresses are made
// absolute by `base_url` (NULL: left as they are). NULL with an error that names the line: quotes
// or lists nested too deep.
GPtrArray *html_markdown_paragraphs(const XmlNode *root, const char *base_url, GError **error);

// The paragraphs as one text. Caller frees.
char *html_markdown_join(const GPtrArray *paragraphs);
