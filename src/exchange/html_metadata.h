// SPDX-License-Identifier: Apache-2.0
//
// What a web page says about its article outside the text: JSON-LD (schema.org), OpenGraph and
// other meta elements, <time>, <link>. For html_article.c. Pure; any thread.
#pragma once

#include "exchange/xml_tree.h"

typedef struct HtmlMetadata { // "" where the page says nothing; all owned
  char *title, *description, *canonical, *image, *image_alt, *section, *language, *site_name;
  char *published, *modified;  // as written
  char *base;                  // what addresses are relative to: <base>, else where the page lives
  char *body;                  // schema.org's articleBody, lines kept
  GPtrArray *authors, *topics; // char *
} HtmlMetadata;
HtmlMetadata *html_metadata_read(const XmlNode *root);
void html_metadata_free(HtmlMetadata *metadata);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HtmlMetadata, html_metadata_free)
