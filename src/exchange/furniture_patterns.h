// SPDX-License-Identifier: Apache-2.0
//
// What furniture says, a table for each family of languages: furniture_english.c and its
// neighbours. Each pattern is matched at the start of one sentence in plain text (marks, bullets
// and link targets taken off, ' for every apostrophe, one space between words), whatever its case,
// and must reach the sentence's end where it ends in $. A new phrase is a new row, and a line in
// tests/exchange/fixtures/marked. For furniture_phrases.c, which compiles them.
#pragma once

#include "exchange/furniture_phrases.h"

typedef struct FurniturePattern {
  FurnitureKind kind;
  const char *pattern; // NULL in the last row
} FurniturePattern;

extern const FurniturePattern FURNITURE_ENGLISH[];
extern const FurniturePattern FURNITURE_GERMANIC[]; // German, Dutch, the Nordic ones
extern const FurniturePattern FURNITURE_ROMANCE[];  // French, Spanish, Italian, Portuguese
extern const FurniturePattern FURNITURE_ARABIC[];   // Arabic, Persian, Hebrew

extern const FurniturePattern
    FURNITURE_FURTHER[]; // Slavic ones, Turkish, Greek, Japanese, Chinese, Korean

#define FURNITURE_NETWORKS                                                                         \
  "(facebook|twitter|x|instagram|linkedin|threads|bluesky|mastodon|tiktok|youtube|whatsapp|"       \
  "telegram|reddit|pinterest|flipboard|messenger|google news|signal|snapchat|apple news|e-?mail)"
