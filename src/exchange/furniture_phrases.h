// SPDX-License-Identifier: Apache-2.0
//
// What a sentence says, judged alone: is it a sign-up box's, a consent sentence, a share button?
// The phrases stand in furniture_english.c and its neighbours; they are compiled once in a process
// and never change. For furniture.c, which decides with the neighbours in view. Pure; any thread.
#pragma once

#include "base/slice.h"

typedef enum FurnitureKind {
  FURNITURE_SIGN_UP,
  FURNITURE_CONSENT,
  FURNITURE_COOKIES,
  FURNITURE_ADVERTISEMENT,
  FURNITURE_SHARE,
  FURNITURE_LOG_IN,
  FURNITURE_RELATED,
  FURNITURE_COPYRIGHT,
  FURNITURE_PAGE,    // reading time, comments, menus
  FURNITURE_PICTURE, // a picture's credit
  FURNITURE_BEGIN,   // "skip past newsletter promotion": all goes up to FURNITURE_END
  FURNITURE_LIKELY,  // from here on: only in company
  FURNITURE_END,
  FURNITURE_LABEL, // a button's or menu's word, alone on its line
  FURNITURE_KINDS
} FurnitureKind;

typedef enum Judgement { KEEP, LIKELY, SURE } Judgement;

// Plain text of a sentence: "[Sign up](https://…)" -> "Sign up", "**Read more:**" -> "Read more:",
// ' for every apostrophe, no bullets and pictograms before the first word. Caller frees.
char *furniture_plain(Slice sentence);

// `*ret_kind` is FURNITURE_KINDS if signs rather than words made it LIKELY.
Judgement furniture_judge(const char *plain, FurnitureKind *ret_kind);

// Of three: speaks to the reader, begins as an order, names what boxes offer.
guint furniture_signs(const char *plain);

// Whether the sentence is a quotation, or tells what somebody said or did.
gboolean furniture_is_reporting(const char *plain);
