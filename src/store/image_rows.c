// SPDX-License-Identifier: Apache-2.0
//
// Implements image_rows.h. Called by the newsroom, and by other rows files for the
// pictures that their own queries join.
#include "store/image_rows.h"

#include "store/row_reader.h"

static void read_crop(StoreRows *rows, guint column, CropRectangle *ret_crop) {
  const char *text = store_row_text(rows, column);
  if (*text != '\0') {
    image_crop_parse(slice_of(text), ret_crop);
  }
}

static char *dup_or_null(StoreRows *rows, guint column) {
  return store_row_is_null(rows, column) ? NULL : store_row_dup(rows, column);
}

Image *image_rows_read(StoreRows *rows, guint column) {
  if (store_row_is_null(rows, column)) {
    return NULL;
  }
  Image *image = g_new0(Image, 1);
  image->id = store_row_integer(rows, column);
  image->hash = dup_or_null(rows, column + 1);
  image->format =
      (ImageFormat)CLAMP(store_row_integer(rows, column + 2), FORMAT_UNKNOWN, FORMAT_AVIF);
  image->width = (gint32)store_row_integer(rows, column + 3);
  image->height = (gint32)store_row_integer(rows, column + 4);
  image->byte_count = store_row_integer(rows, column + 5);
  image->progressive = store_row_integer(rows, column + 6) != 0;
  image->alt = store_row_dup(rows, column + 7);
  image->caption = store_row_dup(rows, column + 8);
  image->credit = store_row_dup(rows, column + 9);
  image->rights = store_row_dup(rows, column + 10);
  image->focal_x = (gint32)store_row_integer(rows, column + 11);
  image->focal_y = (gint32)store_row_integer(rows, column + 12);
  for (guint aspect = 0; aspect < ASPECT_COUNT; aspect++) {
    read_crop(rows, column + 13 + aspect, &image->crops[aspect]);
  }
  image->source_url = dup_or_null(rows, column + 17);
  image->created_at = store_row_integer(rows, column + 18);
  return image;
}

static Image *get(StoreTransaction *transaction, QueryId query, StoreValue value, const char *what,
                  GError **error) {
  g_autoptr(StoreRows) rows = store_query(transaction, query, &value, 1, error);
  if (rows == NULL) {
    return NULL;
  }
  GError *failure = NULL;
  if (!store_rows_next(rows, &failure)) {
    if (failure == NULL) {
      g_set_error(&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no image %s", what);
    }
    g_propagate_error(error, failure);
    return NULL;
  }
  return image_rows_read(rows, 0);
}

Image *image_rows_get(StoreTransaction *transaction, gint64 id, GError **error) {
  g_autofree char *what = g_strdup_printf("%" G_GINT64_FORMAT, id);
  return get(transaction, QUERY_IMAGE_GET, store_integer(id), what, error);
}

Image *image_rows_get_by_hash(StoreTransaction *transaction, const char *hash, GError **error) {
  return get(transaction, QUERY_IMAGE_GET_BY_HASH, store_text(hash), hash, error);
}

Image *image_rows_get_by_source(StoreTransaction *transaction, const char *source_url,
                                GError **error) {
  return get(transaction, QUERY_IMAGE_GET_BY_SOURCE, store_text(source_url), source_url, error);
}

gint64 image_rows_newest(StoreTransaction *transaction, GError **error) {
  gint64 id = 0;
  return store_query_integer(transaction, QUERY_IMAGE_NEWEST, NULL, 0, &id, error) ? id : -1;
}

Image *image_rows_next(StoreTransaction *transaction, gint64 id, GError **error) {
  g_autofree char *what = g_strdup_printf("after %" G_GINT64_FORMAT, id);
  return get(transaction, QUERY_IMAGE_NEXT, store_integer(id), what, error);
}

#define CHANGEABLE                                                                                 \
  17 // columns that insert and update have in common, in the order of their queries

// `crops` keeps the texts that `values` borrow.
static void fill_values(const Image *image, StoreValue values[CHANGEABLE],
                        char *crops[ASPECT_COUNT]) {
  for (guint aspect = 0; aspect < ASPECT_COUNT; aspect++) {
    crops[aspect] =
        image->crops[aspect].width > 0 ? image_crop_format(image->crops[aspect]) : g_strdup("");
  }
  StoreValue filled[CHANGEABLE] = {store_text(image->hash),
                                   store_integer(image->format),
                                   store_integer(image->width),
                                   store_integer(image->height),
                                   store_integer(image->byte_count),
                                   store_integer(image->progressive ? 1 : 0),
                                   store_slice(slice_of(image->alt)),
                                   store_slice(slice_of(image->caption)),
                                   store_slice(slice_of(image->credit)),
                                   store_slice(slice_of(image->rights)),
                                   store_integer(image->focal_x),
                                   store_integer(image->focal_y),
                                   store_text(crops[0]),
                                   store_text(crops[1]),
                                   store_text(crops[2]),
                                   store_text(crops[3]),
                                   store_text(image->source_url)};
  for (guint i = 0; i < CHANGEABLE; i++) {
    values[i] = filled[i];
  }
}

static void free_crops(char *crops[ASPECT_COUNT]) {
  for (guint aspect = 0; aspect < ASPECT_COUNT; aspect++) {
    g_free(crops[aspect]);
  }
}

gint64 image_rows_insert(StoreTransaction *transaction, const Image *image, GError **error) {
  StoreValue values[CHANGEABLE + 1];
  char *crops[ASPECT_COUNT];
  gint64 id = 0;
  fill_values(image, values, crops);
  values[CHANGEABLE] = store_integer(image->created_at);
  gboolean inserted = store_query_integer(transaction, QUERY_IMAGE_INSERT, values,
                                          G_N_ELEMENTS(values), &id, error);
  free_crops(crops);
  return inserted ? id : 0;
}

gboolean image_rows_update(StoreTransaction *transaction, const Image *image, GError **error) {
  StoreValue values[CHANGEABLE + 1];
  char *crops[ASPECT_COUNT];
  fill_values(image, values, crops);
  values[CHANGEABLE] = store_integer(image->id);
  gint64 changed =
      store_execute(transaction, QUERY_IMAGE_UPDATE, values, G_N_ELEMENTS(values), error);
  free_crops(crops);
  if (changed == 0) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "there is no image %" G_GINT64_FORMAT,
                image->id);
  }
  return changed > 0;
}

// ---- the library ------------------------------------------------------------------------------

static gpointer read_listed(StoreRows *rows) {
  return image_rows_read(rows, 0);
}

static char *like_words(const char *words) {
  if (words == NULL || *words == '\0') {
    return g_strdup("");
  }
  g_autofree char *lower = g_utf8_strdown(words, -1);
  GString *pattern = g_string_new("%");
  for (const char *at = lower; *at != '\0'; at++) {
    if (*at == '%' || *at == '_' || *at == '!') {
      g_string_append_c(pattern, '!');
    }
    g_string_append_c(pattern, *at);
  }
  g_string_append_c(pattern, '%');
  return g_string_free(pattern, FALSE);
}

GPtrArray *image_rows_list(StoreTransaction *transaction, const ImageFilter *filter,
                           GError **error) {
  g_autofree char *pattern = like_words(filter->words);
  return row_reader_all(
      transaction, QUERY_IMAGE_LIST,
      STORE_VALUES(store_integer(filter->before > 0 ? filter->before : G_MAXINT64),
                   store_integer(filter->limit), store_text(pattern),
                   store_integer(filter->missing_alt), store_integer(filter->unused)),
      read_listed, (GDestroyNotify)image_free, error);
}

gint64 image_rows_uploaded_by(StoreTransaction *transaction, gint64 id, GError **error) {
  gint64 staff_id = 0;
  return store_query_integer(transaction, QUERY_IMAGE_UPLOADED_BY, STORE_VALUES(store_integer(id)),
                             &staff_id, error)
             ? staff_id
             : -1;
}

gboolean image_rows_set_uploaded_by(StoreTransaction *transaction, gint64 id, gint64 staff_id,
                                    GError **error) {
  return store_execute(transaction, QUERY_IMAGE_SET_UPLOADED_BY,
                       STORE_VALUES(store_integer(staff_id), store_integer(id)), error) >= 0;
}

gboolean image_rows_remove(StoreTransaction *transaction, gint64 id, GError **error) {
  return store_execute(transaction, QUERY_IMAGE_REMOVE, STORE_VALUES(store_integer(id)), error) >=
         0;
}

void image_use_free(ImageUse *use) {
  if (use != NULL) {
    g_free(use->title);
    g_free(use->slug);
    g_free(use->section_slug);
    g_free(use);
  }
}

static gpointer read_use(StoreRows *rows) {
  ImageUse *use = g_new0(ImageUse, 1);
  use->kind = (ImageUseKind)CLAMP(store_row_integer(rows, 0), IMAGE_AS_HERO, IMAGE_OF_AUTHOR);
  use->id = store_row_integer(rows, 1);
  use->title = store_row_dup(rows, 2);
  use->status = (gint32)store_row_integer(rows, 3);
  use->slug = store_row_dup(rows, 4);
  use->section_slug = store_row_dup(rows, 5);
  return use;
}

GPtrArray *image_rows_uses(StoreTransaction *transaction, gint64 id, GError **error) {
  return row_reader_all(transaction, QUERY_IMAGE_USES, STORE_VALUES(store_integer(id)), read_use,
                        (GDestroyNotify)image_use_free, error);
}

gboolean image_rows_is_shown(StoreTransaction *transaction, gint64 id, gboolean *ret_shown,
                             GError **error) {
  gint64 shown = 0;
  if (!store_query_integer(transaction, QUERY_IMAGE_IS_SHOWN, STORE_VALUES(store_integer(id)),
                           &shown, error)) {
    return FALSE;
  }
  *ret_shown = shown != 0;
  return TRUE;
}
