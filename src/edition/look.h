// SPDX-License-Identifier: Apache-2.0
//
// How an edition's text looks: the theme's edition/look.ini, with look-FORMAT.ini over it for one
// page format. Sizes, faces and leading of every kind of text, and the baseline that everything
// stands on. Page geometry (columns, margins) is edition/layout's. Immutable once made; any thread.
#pragma once

#include "edition/paragraph.h"
#include "model/edition.h"

typedef enum LookText {
  LOOK_BODY,
  LOOK_HEADLINE, // its size is one of headline_sizes
  LOOK_STANDFIRST,
  LOOK_KICKER,
  LOOK_BYLINE,
  LOOK_DATELINE,
  LOOK_SUBHEAD,
  LOOK_DROP_CAP,
  LOOK_CAPTION,
  LOOK_CREDIT,
  LOOK_PULL_QUOTE,
  LOOK_PULL_CREDIT,
  LOOK_QUOTE,
  LOOK_BOX_TITLE,
  LOOK_BOX_BODY,
  LOOK_CODE,
  LOOK_TABLE,
  LOOK_NOTE, // "Continued on page 4"
  LOOK_BRIEF_HEADLINE,
  LOOK_MASTHEAD,
  LOOK_FOLIO,        // page number, date, name in the head of a page
  LOOK_RUNNING_HEAD, // the section's name
  LOOK_CONTENTS,
  LOOK_CONTENTS_TITLE,
  LOOK_EAR, // the boxes beside the masthead
  LOOK_COLOPHON,
  LOOK_COUNT
} LookText;

typedef struct TextLook {
  TypeStyle style;
  gint32 leading; // 1/1000 pt from baseline to baseline
  Alignment alignment;
} TextLook;

#define LOOK_MAX_HEADLINES 12
typedef struct Look {
  gint32 baseline;                           // 1/1000 pt: the grid
  gint32 indent;                             // of a paragraph's first line
  guint drop_cap_lines;                      // 0: none
  gint32 headline_sizes[LOOK_MAX_HEADLINES]; // ascending, 1/1000 pt
  guint headline_count;
  gint32 headline_leading_permille; // of the size
  guint32 accent, rule, tint;       // 0xRRGGBB: the newspaper's colour, hairlines, box background
  TextLook texts[LOOK_COUNT];
} Look;

Look *look_new(const char *theme, EditionFormat format, GError **error); // EDITION_ERROR_THEME
void look_free(Look *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)
