// SPDX-License-Identifier: Apache-2.0
//
// The pages of the laid-out newspaper: one edition to leaf through, and all of them. As
// press/page.h.
#pragma once

#include "model/edition.h"
#include "model/edition_pages.h"
#include "press/page.h"

typedef struct EditionPage {
  PageContext context;
  const Edition *edition;
  const EditionPages *model; // NULL: where stories stand is not known
  const GPtrArray *files;    // EditionFile *: pictures of the first format's pages, PDFs, the EPUB
  const GPtrArray *stories;  // Teaser *: those that are published still; for the links
  gint32 earlier, later;     // days of the editions beside it; 0: none
  gboolean is_first_look;    // before the public sees it
} EditionPage;
gboolean page_edition(const Press *press, const EditionPage *page, GString *out, GError **error);

typedef struct EditionsPage {
  PageContext context;
  const GPtrArray *editions; // Edition *, newest first
  const GPtrArray *covers;   // EditionFile *: pictures of front pages, of those that have one
  guint page, page_count;
} EditionsPage;
gboolean page_editions(const Press *press, const EditionsPage *page, GString *out, GError **error);
