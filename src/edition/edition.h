// SPDX-License-Identifier: Apache-2.0
//
// The one call that makes a laid-out newspaper: the day's stories in, a PDF out, and with it where
// everything stands on the pages (for the web, where a click on a page's picture opens a story; for
// EPUB and mail, which tell the stories in the same order). And the one call that measures it.
// Called by whoever makes editions (newsroom's use case through cmd and app). Deterministic: the
// same content, theme and fonts give the same bytes; nothing is asked of clock, network or store.
//
//   plan (which story where) -> layout (blocks on columns and baselines) -> page (sets and draws)
//
// Any thread; one call works on one thread. A 16-page edition takes well under a second without
// its pictures.
#pragma once

#include "edition/score.h"
#include "model/edition.h"
#include "press/locale.h"

#define EDITION_ERROR edition_error_quark()
GQuark edition_error_quark(void);
typedef enum EditionError {
  EDITION_ERROR_CONTENT, // a story's text can't be read: the message names the story and the line
  EDITION_ERROR_THEME,   // a theme's file: the message names the file, the key and the mend
  EDITION_ERROR_FONT,    // no usable font
  EDITION_ERROR_PDF      // a file that should be a PDF of ours and is none
} EditionError;

// JPEG bytes of `crop` (pixels of the upright original) scaled to `width` pixels. NULL: can't be
// had; the page is then laid out without that picture and a remark says so.
typedef GBytes *(*EditionPicture)(const Image *image, CropRectangle crop, gint32 width,
                                  gpointer data, GError **error);

typedef struct EditionJob {
  const EditionContent *content; // borrowed, as all here
  EditionFormat format;
  gint32 pages;           // 0: as many as the stories need; else wanted (text is never cut for it)
  const Locale *locale;   // of the newspaper's language: the furniture's words and dates
  const char *theme;      // the theme's folder, whose edition/ lays its files over ours; NULL: ours
  EditionPicture picture; // NULL: no pictures
  gpointer data;
} EditionJob;

// Where a piece of a story stands. Points (1/72 inch) x 1000 from the page's top left.
typedef struct EditionBox {
  guint story;                // index into content->stories
  guint part;                 // 0 where it begins, 1 … its continuations
  gint32 x, y, width, height; // always inside the page
} EditionBox;

typedef struct EditionSheet { // one page
  char *label;                // "1" …: what the folio says
  char *section;              // its running head; "" on the front page
  GArray *boxes;              // EditionBox, in reading order
} EditionSheet;

typedef struct EditionPrint {
  GBytes *pdf;
  gint32 width, height; // of every page, points x 1000
  GPtrArray *sheets;    // EditionSheet *
  GArray *order;        // guint: indices of content->stories as a reader meets them, each once
  GPtrArray *remarks; // char *: what a person should know: pictures missing, pages beyond the wish
} EditionPrint;

EditionPrint *edition_print(const EditionJob *job, GError **error); // NULL on error

// Measures a finished PDF of that job: reads its bytes back and compares them with the theme and
// the stories. NULL: EDITION_ERROR_PDF, or the theme's.
EditionScore *edition_score_measure(GBytes *pdf, const EditionJob *job, GError **error);
void edition_print_free(EditionPrint *print);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionPrint, edition_print_free)
