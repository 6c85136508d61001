// SPDX-License-Identifier: Apache-2.0
//
// Editions that nobody would make and that must come out whole all the same: no story, hundreds,
// five scripts in one, headlines of 300 letters, pictures without words. Everything is the same at
// each call.
#pragma once

#include "model/edition.h"

typedef struct HostileEdition {
  const char *name;
  EditionContent *(*make)(void); // caller frees
} HostileEdition;
extern const HostileEdition HOSTILE_EDITIONS[]; // ends with a NULL name

// A 2x2 JPEG for any picture, whatever is asked for.
GBytes *hostile_picture(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                        GError **error);
