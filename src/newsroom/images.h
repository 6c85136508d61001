// SPDX-License-Identifier: Apache-2.0
//
// The use cases of a picture: brought in, described, cut, replaced, removed. See newsroom.h. A
// picture is proved in the sandbox before it becomes a file.
#pragma once

#include "newsroom/newsroom.h"

// A picture's file as it was brought. Borrowed.
typedef struct ImageFile {
  GBytes *bytes;
  int file;         // a read-only descriptor of the same bytes; 0: they are in memory only
  const char *name; // "" for none
} ImageFile;

// The same file again gives the one that there is. Id, 0 on error.
gint64 images_add(Newsroom *newsroom, const ImageFile *file, GError **error);

typedef struct ImageChange {
  const char *alt, *caption, *credit, *rights; // NULL: as it is
  gint32 focal_x, focal_y;                     // -1: as it is
  gboolean sets_crop[ASPECT_COUNT];
  CropRectangle crops[ASPECT_COUNT]; // width 0: around the focal point again
} ImageChange;
gboolean images_change(Newsroom *newsroom, gint64 id, const ImageChange *change, GError **error);
// Wherever it stands; bodies name pictures by content, so they change, too.
gboolean images_replace(Newsroom *newsroom, gint64 id, const ImageFile *file, GError **error);
gboolean images_remove(Newsroom *newsroom, gint64 id, GError **error); // STATE: it stands somewhere
