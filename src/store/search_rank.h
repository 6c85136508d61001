// SPDX-License-Identifier: Apache-2.0
//
// How good a match is, from where its words stand: pure, called by the SQLite engine for
// every candidate of a search. PostgreSQL has its own (ts_rank with the same weights).
#pragma once

#include <glib.h>

#define SEARCH_COLUMNS 3    // headline, standfirst, body
#define SEARCH_INSTANCES 64 // places of words looked at in one story

// Hits in each column -> rank. More hits in a column count less and less.
static inline int search_rank(const guint hits[SEARCH_COLUMNS]) {
  static const int WEIGHTS[SEARCH_COLUMNS] = {60, 20, 4};
  int rank = 0;
  for (guint column = 0; column < SEARCH_COLUMNS; column++) {
    rank += WEIGHTS[column] * (int)MIN(hits[column], 4);
  }
  return rank;
}
