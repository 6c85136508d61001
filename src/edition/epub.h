// SPDX-License-Identifier: Apache-2.0
//
// The day's edition as an EPUB 3.3: each story once, the front page's first, then section by
// section, with the same crops as on the web, a table of contents by section, the list of the
// printed pages where they are known, and what EPUB Accessibility 1.1 asks to be said. Valid by
// epubcheck without warnings (tests/system/test_edition.py). Same input, same bytes. Pure; any
// thread.
//
// EPUB 3.3 (W3C 2023); EPUB Accessibility 1.1 (W3C 2023); DPUB-ARIA 1.0.
#pragma once

#include "edition/edition.h"

typedef struct EpubJob {
  const EditionContent *content; // borrowed, as all here
  const Locale *locale;          // of the newspaper's language
  const char *style;             // CSS, the theme's edition/epub.css
  GBytes *cover;                 // the front page's picture, JPEG; NULL: words only
  // The PDF's page that each story begins on, from 1, 0: not known (guint, by index into
  // content->stories); NULL: there is no PDF.
  const guint *pages;
  EditionPicture picture; // NULL: no pictures
  gpointer data;
} EpubJob;

GBytes *epub_make(const EpubJob *job, GError **error); // NULL: EDITION_ERROR_CONTENT
