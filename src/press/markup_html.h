// SPDX-License-Identifier: Apache-2.0
//
// Document tree -> HTML for web pages and feeds. Everything is escaped; no markup of the
// source's gets through. Pure; any thread.
#pragma once

#include "press/markup.h"

typedef struct MarkupHtmlOptions {
  // Writes one figure (the <figure> element whole) for a NODE_FIGURE or NODE_IMAGE; NULL leaves
  // pictures out.
  void (*write_figure)(GString *out, const Node *figure, gpointer data);
  gpointer data;
  const char *base_url;  // not NULL: relative links are made absolute (feeds, mail)
  const char *site_host; // links elsewhere get rel="noopener"; may be NULL
  guint heading_shift;   // the outermost headings are h(1 + shift); none deeper than h6, no gaps
  gboolean xml;          // XHTML (EPUB): <br/>, and links that are no valid URI become their words
  guint split_after_paragraph; // with ret_split: after this many top-level paragraphs; 0 never
} MarkupHtmlOptions;

// Appends to `out`. *ret_split (may be NULL) gets the offset in `out` after the asked-for
// paragraph, never inside a block, or out->len if there are fewer.
void markup_write_html(GString *out, const Document *document, const MarkupHtmlOptions *options,
                       gsize *ret_split);
