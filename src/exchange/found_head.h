// SPDX-License-Identifier: Apache-2.0
//
// The beginning of a found article: menus and buttons before the headline, the headline, and what
// stands under it (picture, byline, date, address, standfirst). For found_article.c, and for
// html_article.c where a page marks none of it up.
#pragma once

#include "exchange/found_lines.h"
#include "exchange/importer.h"

typedef struct Found {
  ImportItem *item;
  const ImportSource *source;
  GPtrArray *notes;
  FoundText *text;
  guint next;      // line not yet read (index)
  guint hero_line; // 0: none
  gboolean byline_seen, date_seen;
} Found;

// FALSE: there is no line that could be a headline.
gboolean found_headline_take(Found *found);
// Up to the first paragraph: `next` is its line.
void found_head_read(Found *found);

// A line that is nothing but a byline or a date ("By Jane Doe | 9 February 2025"): into the story.
gboolean found_credits_take(ImportItem *item, const ImportSource *source, const char *line);
