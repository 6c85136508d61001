// SPDX-License-Identifier: Apache-2.0
//
// Brings together what makes an edition's files: the edition door (PDF, EPUB), the renditions of
// pictures, and the pictures of the pages. The newsroom's use cases call it through
// newsroom/editions.h's EditionMaker, since the door stands above them.
#pragma once

#include "app/paper.h"
#include "newsroom/editions.h"

typedef struct EditionMaking {
  Newsroom *newsroom; // borrowed, with press, originals and renditioner
  const char *theme;  // the theme's folder; NULL: the one that is built in
  gint cancelled;     // atomic: what is being made ends with G_IO_ERROR_CANCELLED
  EditionMaker maker; // what newsroom->edition_maker points to
} EditionMaking;

// Fills `making` and hangs it into paper->newsroom, whose press must be set. `making` must live as
// long as the newsroom makes editions.
void edition_making_begin(EditionMaking *making, Paper *paper);
void edition_making_cancel(EditionMaking *making); // any thread
void edition_making_end(EditionMaking *making);    // takes it out again
