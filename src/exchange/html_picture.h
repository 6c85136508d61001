// SPDX-License-Identifier: Apache-2.0
//
// Pictures as web pages have them: loaded late, in many sizes, in figures with captions in which
// the maker's name stands. For html_markdown.c, html_article.c and feed_in.c. Pure; any thread.
#pragma once

#include "exchange/xml_tree.h"

char *html_absolute_url(const char *url, const char *base_url); // NULL: not one that can be kept

// The picture's address: what lazy loading keeps, src, the largest of srcset, a <source> beside it.
// NULL: none, a stand-in, or too small to be one of the story's. Caller frees.
char *html_image_url(const XmlNode *image, const char *base_url);

// The file name, by which two addresses are the same picture. Caller frees.
char *html_picture_name(const char *url);

typedef struct HtmlCaption { // "" where the figure says nothing; both owned
  char *words, *credit;
} HtmlCaption;
HtmlCaption html_caption_read(const XmlNode *figure); // marks the credit's element as dropped
void html_caption_clear(HtmlCaption *caption);
