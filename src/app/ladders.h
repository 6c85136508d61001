// SPDX-License-Identifier: Apache-2.0
//
// Makes the renditions of new pictures before a reader asks: one thread that looks for pictures
// when something has changed (whoever imported them: this process or another), and hands their
// crops to the renditioner while the server has nothing better to do. Never hurries: readers come
// first, and what is not made here is made when it is asked for.
#pragma once

#include "newsroom/newsroom.h"

typedef struct LaddersOptions {
  Newsroom *newsroom;                 // borrowed, with a renditioner
  guint64 (*requests)(gpointer data); // answered so far: many a second are no idle time
  gpointer data;
} LaddersOptions;

typedef struct Ladders Ladders;
Ladders *ladders_start(const LaddersOptions *options);
void ladders_nudge(Ladders *ladders); // something changed: look for new pictures; any thread; NULL
                                      // is allowed
void ladders_stop(Ladders *ladders);  // joins and frees; NULL is allowed
