// SPDX-License-Identifier: Apache-2.0
//
// The page as the theme has it: size, margins, columns, and what furniture stands where. Read from
// the theme's edition/page.ini with page-FORMAT.ini over it (docs: themes/default/edition/README).
// Together with edition/look it gives the grid that everything stands on. Immutable once made.
#pragma once

#include "edition/layout.h"
#include "edition/look.h"

typedef enum EarKind { EAR_NONE, EAR_TAGLINE, EAR_EDITION, EAR_WEB, EAR_WORDS } EarKind;

typedef struct PageTheme {
  gint32 width, height;  // 1/1000 pt, as all lengths
  gint32 left, top;      // of the type area
  gint32 column, gutter; // one column's width; between two
  gint32 baseline;       // from the look
  gint16 columns, rows;  // of the type area, all of it
  gint16 head_rows;      // of an inside page's head
  gint16 masthead_rows;  // of the front page's; 0: no front page
  gboolean contents;     // a contents box on the front page
  gboolean column_rules; // hairlines between stories that stand side by side
  guint picture_ppi;     // wanted at least
  EarKind ears[2];       // at the masthead's start and end
  char *ear_words[2];    // of EAR_WORDS
} PageTheme;

PageTheme *page_theme_new(const char *theme, EditionFormat format, const Look *look,
                          GError **error); // EDITION_ERROR_THEME
void page_theme_free(PageTheme *theme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageTheme, page_theme_free)

gint32 page_measure(const PageTheme *theme, gint columns); // width of so many columns
gint32 page_x(const PageTheme *theme, gint column);        // left edge of a column
gint32 page_y(const PageTheme *theme, gint row);           // upper edge of a row
