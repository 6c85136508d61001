// SPDX-License-Identifier: Apache-2.0
//
// What a page shows in a frame of somebody else's (films, posts, sound, charts): the address under
// which a reader finds it, so that a link can stand in its place. Frames of advertisers and
// counters have none. For html_markdown.c. Pure; any thread.
#pragma once

#include "exchange/xml_tree.h"

gboolean html_is_embed(const XmlNode *node); // iframe, video, audio and AMP's elements

// NULL: nothing a reader could follow. `*ret_label`: the words of the link. Caller frees both.
char *html_embed_url(const XmlNode *node, const char *base_url, char **ret_label);

// The link of a figure that is a card for another page (a link around a title), else NULL. Marks
// the card's pictures and descriptions as dropped.
const XmlNode *html_embed_card(const XmlNode *figure);
