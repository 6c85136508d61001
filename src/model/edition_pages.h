// SPDX-License-Identifier: Apache-2.0
//
// Where everything stands on the pages of an edition in one format: what turns a click on a page's
// picture into a story. Made when the edition is, kept with it as a text of lines, read by the
// web's pages and the newsroom's preview. Pure; any thread.
#pragma once

#include "base/slice.h"

typedef struct EditionPagesBox { // a piece of a story; points (1/72 inch) x 1000 from the top left
  gint64 story_id;
  guint part; // 0 where it begins, 1 … its continuations
  gint32 x, y, width, height;
} EditionPagesBox;

typedef struct EditionPagesPage {
  char *label;   // "1": what the folio says
  char *section; // its running head; "" on the front page
  GArray *boxes; // EditionPagesBox, in reading order
} EditionPagesPage;

typedef struct EditionPages {
  gint32 width, height; // of every page
  GPtrArray *pages;     // EditionPagesPage *
} EditionPages;
EditionPages *edition_pages_new(gint32 width, gint32 height);
void edition_pages_free(EditionPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionPages, edition_pages_free)
EditionPagesPage *edition_pages_add(EditionPages *pages, const char *label, const char *section);

char *edition_pages_write(const EditionPages *pages); // caller frees
// NULL: no text that edition_pages_write made. Bounds: 1,000 pages, 100,000 boxes.
EditionPages *edition_pages_read(Slice text);
