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
gint64 image_rows_insert(StoreTransaction *transaction, const Image *image,
                         GError **error); // new id, 0 on error
gboolean image_rows_update(StoreTransaction *transaction, const Image *image, GError **error);
// For other rows files: reads an image from `rows` from `column` on (IMAGE_COLUMNS of them); NULL
// if its id is null.
#define IMAGE_COLUMNS 19
struct StoreRows;
Image *image_rows_read(struct StoreRows *rows, guint column);
