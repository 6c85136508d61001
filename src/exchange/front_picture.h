// SPDX-License-Identifier: Apache-2.0
//
// What the keys of front matter that speak of pictures mean: image, images, focal, crops, alt,
// caption, credit. For markdown_story.c, whose table names these readers. Pure but for
// ImportSource's load_beside; any thread.
#pragma once

#include "exchange/front_matter.h"
#include "exchange/importer.h"

typedef struct FrontReading { // a story whose front matter is being read; all borrowed
  ImportItem *item;
  const ImportSource *source;
  GPtrArray *notes;
} FrontReading;

// "line N: KEY: what": always FALSE.
gboolean front_refuse(const FrontNode *node, GError **error, const char *what);

gboolean front_picture_hero(FrontReading *reading, const FrontNode *node, GError **error);
gboolean front_picture_list(FrontReading *reading, const FrontNode *node, GError **error);
// feature_image_alt and its like: about the hero, whose own key stands before.
gboolean front_picture_hero_words(FrontReading *reading, const FrontNode *node, GError **error);
