// SPDX-License-Identifier: Apache-2.0
//
// Images <-> rows. See store/store.h for threads and errors.
#pragma once

#include "model/image.h"
#include "store/store.h"

Image *image_rows_get(StoreTransaction *transaction, gint64 id, GError **error); // NOT_FOUND
Image *image_rows_get_by_hash(StoreTransaction *transaction, const char *hash,
                              GError **error); // NOT_FOUND
Image *image_rows_get_by_source(StoreTransaction *transaction, const char *source_url,
                                GError **error); // NOT_FOUND
// In the order they came: the number of the newest whose original is there (0: none is, -1: error),
// and the first such after `id` (NOT_FOUND).
gint64 image_rows_newest(StoreTransaction *transaction, GError **error);
Image *image_rows_next(StoreTransaction *transaction, gint64 id, GError **error);
// Whether readers can see it: in a published story, or as an author's portrait.
gboolean image_rows_is_shown(StoreTransaction *transaction, gint64 id, gboolean *ret_shown,
                             GError **error);
gint64 image_rows_insert(StoreTransaction *transaction, const Image *image,
                         GError **error); // new id, 0 on error
gboolean image_rows_update(StoreTransaction *transaction, const Image *image, GError **error);
typedef struct ImageFilter {
  const char *words; // part of alt, caption, credit; NULL or "": all
  gboolean missing_alt, unused;
  gint64 before; // id; 0: newest
  guint limit;
} ImageFilter;
GPtrArray *image_rows_list(StoreTransaction *transaction, const ImageFilter *filter,
                           GError **error); // Image *, newest first
gint64 image_rows_uploaded_by(StoreTransaction *transaction, gint64 id, GError **error); // -1
gboolean image_rows_set_uploaded_by(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                                    GError **error);
gboolean image_rows_remove(StoreTransaction *transaction, gint64 id, GError **error);
typedef enum ImageUseKind {
  IMAGE_AS_HERO,
  IMAGE_IN_BODY,
  IMAGE_SHARED,
  IMAGE_OF_AUTHOR
} ImageUseKind;
typedef struct ImageUse {
  ImageUseKind kind;
  gint64 id; // of the story or author
  char *title, *slug, *section_slug;
  gint32 status; // StoryStatus
} ImageUse;
void image_use_free(ImageUse *use);
GPtrArray *image_rows_uses(StoreTransaction *transaction, gint64 id, GError **error); // ImageUse *
// For other rows files: reads an image from `rows` from `column` on (IMAGE_COLUMNS of them); NULL
// if its id is null.
#define IMAGE_COLUMNS 19
struct StoreRows;
Image *image_rows_read(struct StoreRows *rows, guint column);
