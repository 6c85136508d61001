// SPDX-License-Identifier: Apache-2.0
//
// What stands on a page besides the stories: masthead, heads of pages and sections, contents,
// corrections, house notes where there is room, colophon. Words come from the locale. Called by
// edition/page_compose and edition_print(). One thread.
#pragma once

#include "edition/page_sheet.h"

typedef struct PageRoom {
  gint32 x, y;
  gint columns, rows;
} PageRoom;

typedef struct PageNumbers { // what the masthead tells
  guint stories, pages;
} PageNumbers;

gint page_masthead_rows(const PageKit *kit); // as many as the name needs, at most the theme's
void page_put_masthead(const PageKit *kit, Sheet *sheet, PageNumbers numbers);
void page_put_head(const PageKit *kit, Sheet *sheet);
void page_put_band(const PageKit *kit, Sheet *sheet, gint32 section, gint row);
void page_put_box_title(const PageKit *kit, Sheet *sheet, const char *words, PageRoom room);
void page_put_filler(const PageKit *kit, Sheet *sheet, PageRoom room, guint turn);
void page_put_colophon(const PageKit *kit, Sheet *sheet); // in the margin below the type area
// A page without stories says so.
void page_put_nothing(const PageKit *kit, Sheet *sheet, PageRoom room);

// The contents box; `stories` have their pieces by now.
void page_put_contents(const PageKit *kit, Sheet *sheet, PageRoom room, const GPtrArray *stories);
void page_put_corrections(const PageKit *kit, Sheet *sheet, PageRoom room);
// Rows that the boxes take at each width, for the plan. FALSE: there is nothing to show.
gboolean page_contents_block(const PageKit *kit, const GPtrArray *stories, LayoutBlock *ret);
gboolean page_corrections_block(const PageKit *kit, LayoutBlock *ret);

const char *page_section_name(const PageKit *kit, gint32 section); // "" if there is none
