// SPDX-License-Identifier: Apache-2.0
//
// A story's pictures on their way in: looked at and proved before the transaction (slow), put
// among the originals, then found or made as rows in it (fast). For src/newsroom only.
#pragma once

#include "imaging/image_header.h"
#include "newsroom/change.h"
#include "newsroom/stories.h"

typedef struct PreparedPicture {
  const ImportedPicture *picture; // borrowed
  char *hash;                     // NULL: no bytes
  ImageHeader header;             // of the bytes
} PreparedPicture;

// Reads the headers and decodes each once in the sandbox (when the newsroom has a renditioner). The
// error names the picture. PreparedPictures.
GArray *import_pictures_prepare(Newsroom *newsroom, const ImportedStory *imported, GError **error);
gboolean import_pictures_put(Newsroom *newsroom, const GArray *prepared,
                             GError **error); // the originals, durable

// In the change's transaction: the Image of each, by index (Image *, with ids). `source_key`: the
// story's.
GPtrArray *import_pictures_store(Change *change, const GArray *prepared, const char *source_key,
                                 GError **error);

// TRUE if one that `stored` lacks the bytes of now comes with them.
gboolean import_pictures_bring_missing(const ImportedStory *imported, const Story *stored);
char *import_picture_source(const ImportedPicture *picture,
                            const char *source_key); // how it is known again
