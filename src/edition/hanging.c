// SPDX-License-Identifier: Apache-2.0
//
// How far punctuation and slanted letters stand out of a column, so that its edge looks straight.
// Values after Robert Schlicht's microtype for serif text. Used by edition/paragraph.
#include "edition/paragraph_parts.h"

typedef struct Hang {
  gunichar letter;
  gint16 start, end; // 1/1000 of the letter's width
} Hang;

static const Hang HANGS[] = {
    {'!', 0, 150},      {'"', 400, 400},    {'\'', 500, 500},   {'(', 100, 0},
    {')', 0, 150},      {',', 0, 650},      {'-', 0, 550},      {'.', 0, 650},
    {':', 0, 350},      {';', 0, 350},      {'?', 0, 150},      {'A', 50, 50},
    {'F', 0, 40},       {'K', 0, 40},       {'L', 0, 40},       {'T', 50, 50},
    {'V', 50, 50},      {'W', 50, 50},      {'X', 40, 40},      {'Y', 50, 50},
    {'[', 80, 0},       {']', 0, 80},       {'f', 0, 40},       {'k', 0, 40},
    {'r', 0, 60},       {'t', 0, 40},       {'v', 40, 40},      {'w', 40, 40},
    {'x', 40, 40},      {'y', 40, 40},      {0xab, 350, 250},   {0xbb, 250, 350},
    {0x60c, 0, 500},    {0x61b, 0, 300},    {0x6d4, 0, 500},    {0x2010, 0, 550},
    {0x2013, 150, 300}, {0x2014, 100, 200}, {0x2018, 500, 400}, {0x2019, 400, 550},
    {0x201a, 450, 450}, {0x201c, 450, 350}, {0x201d, 350, 450}, {0x201e, 400, 400},
    {0x2026, 0, 150},   {0x2039, 350, 250}, {0x203a, 250, 350}, {0x3001, 0, 500},
    {0x3002, 0, 500},   {0xff0c, 0, 500},
};

gint32 hanging_permille(gunichar letter, gboolean at_end) {
  gsize low = 0;
  gsize high = G_N_ELEMENTS(HANGS);
  while (low < high) {
    gsize middle = (low + high) / 2;
    if (HANGS[middle].letter == letter) {
      return at_end ? HANGS[middle].end : HANGS[middle].start;
    }
    if (HANGS[middle].letter < letter) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return 0;
}
