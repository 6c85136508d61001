// SPDX-License-Identifier: Apache-2.0
//
// Implements import_pictures.h. Called by story_import.c. Originals are named by content, so that
// those of an import that fails later do no harm.
#include "newsroom/import_pictures.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "store/image_rows.h"

static void prepared_clear(gpointer data) {
  PreparedPicture *prepared = data;
  g_free(prepared->hash);
  image_header_clear(&prepared->header);
}

// ---- before the transaction --------------------------------------------------------------

// Decoded once in the sandbox, from memory or from the file that there is: what fails there never
// becomes a file.
static gboolean verify(Newsroom *newsroom, Slice bytes, int file, GError **error) {
  if (newsroom->renditioner == NULL) {
    return TRUE;
  }
  if (file != 0) {
    return lseek(file, 0, SEEK_SET) == 0 && rendition_verify(newsroom->renditioner, file, error);
  }
  int fd = memfd_create("picture", MFD_CLOEXEC);
  if (fd < 0 || !file_write(fd, bytes) || lseek(fd, 0, SEEK_SET) != 0) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                "it can't be held in memory: free some and try again");
    if (fd >= 0) {
      close(fd);
    }
    return FALSE;
  }
  gboolean verified = rendition_verify(newsroom->renditioner, fd, error);
  close(fd);
  return verified;
}

// A file whose name says another format than its bytes is refused: whoever made it so wanted, or
// made, a mistake. An address on the web says nothing of the format: servers choose it by Accept.
static gboolean check_name(const char *name, ImageFormat format, GError **error) {
  const char *dot = strrchr(name, '.');
  ImageFormat named = FORMAT_UNKNOWN;
  if (dot == NULL || g_uri_peek_scheme(name) != NULL ||
      !image_format_parse_extension(slice_of(dot + 1), &named) || named == format) {
    return TRUE;
  }
  g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_UNSUPPORTED,
              "it is named as %s and is %s: give it the ending .%s, or save it anew",
              image_format_name(named), image_format_name(format), image_format_extension(format));
  return FALSE;
}

static gboolean prepare(Newsroom *newsroom, const ImportedPicture *picture, GArray *all,
                        GError **error) {
  PreparedPicture prepared = {.picture = picture};
  Slice bytes = slice_of_bytes(picture->bytes);
  if (picture->bytes != NULL) {
    if (!image_header_read(bytes, &prepared.header, error) ||
        !check_name(picture->url, prepared.header.format, error) ||
        !verify(newsroom, bytes, picture->file, error)) {
      g_prefix_error(error, "picture %s: ", picture->url);
      if (picture->line > 0) {
        g_prefix_error(error, "line %u: ", picture->line);
      }
      image_header_clear(&prepared.header);
      return FALSE;
    }
    prepared.hash = originals_hash(bytes);
  }
  g_array_append_val(all, prepared);
  return TRUE;
}

GArray *import_pictures_prepare(Newsroom *newsroom, const ImportedStory *imported, GError **error) {
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(PreparedPicture));
  g_array_set_clear_func(all, prepared_clear);
  for (guint i = 0; i < imported->picture_count; i++) {
    if (!prepare(newsroom, &imported->pictures[i], all, error)) {
      return NULL;
    }
  }
  return g_steal_pointer(&all);
}

gboolean import_pictures_put(Newsroom *newsroom, const GArray *prepared, GError **error) {
  for (guint i = 0; i < prepared->len; i++) {
    const PreparedPicture *one = &g_array_index(prepared, PreparedPicture, i);
    if (one->hash != NULL && !originals_put(newsroom->originals, one->hash, one->header.format,
                                            slice_of_bytes(one->picture->bytes), error)) {
      return FALSE;
    }
  }
  return TRUE;
}

// ---- rows --------------------------------------------------------------------------------

char *import_picture_source(const ImportedPicture *picture, const char *source_key) {
  if (picture->source_url != NULL && picture->source_url[0] != '\0') {
    return g_strdup(picture->source_url);
  }
  g_autofree char *scheme = g_uri_parse_scheme(picture->url);
  if (scheme != NULL && strcmp(scheme, "image") != 0) {
    return g_strdup(picture->url);
  }
  return g_strdup_printf("%s#%s", source_key != NULL ? source_key : "",
                         picture->url); // a name is the story's own
}

static void fill_text(char **field, const char *text, const char *otherwise) {
  if ((*field)[0] != '\0') {
    return; // what the newsroom has written stays
  }
  const char *chosen = text != NULL && text[0] != '\0' ? text : otherwise;
  if (chosen != NULL && chosen[0] != '\0' && g_utf8_validate(chosen, -1, NULL)) {
    g_free(*field);
    *field = g_strdup(chosen);
  }
}

// A crop is of the original's pixels: one that lies outside was meant for another version of the
// picture.
static void fill_crop(Image *image, guint aspect, CropRectangle crop) {
  if (crop.width > 0 && image->crops[aspect].width == 0 &&
      (image->hash == NULL || image_crop_is_inside(image, crop))) {
    image->crops[aspect] = crop;
  }
}

// All that is known of the picture and not yet in the row. TRUE if the row is now another.
static gboolean fill(Image *image, const PreparedPicture *prepared) {
  const ImportedPicture *picture = prepared->picture;
  const ImageHeader *header = &prepared->header;
  g_autoptr(Image) before = image_copy(image);
  if (image->hash == NULL && prepared->hash != NULL) {
    image->hash = g_strdup(prepared->hash);
    image->format = header->format;
    image->width = header->width;
    image->height = header->height;
    image->progressive = header->progressive;
    image->byte_count = (gint64)g_bytes_get_size(picture->bytes);
  }
  fill_text(&image->alt, picture->alt, NULL);
  fill_text(&image->caption, picture->caption, header->caption);
  fill_text(&image->credit, picture->credit,
            header->credit != NULL && header->credit[0] != '\0' ? header->credit : header->creator);
  fill_text(&image->rights, NULL, header->rights);
  if (picture->focal_x >= 0 && picture->focal_y >= 0 && image->focal_x == 5000 &&
      image->focal_y == 5000) {
    image->focal_x = MIN(picture->focal_x, 10000);
    image->focal_y = MIN(picture->focal_y, 10000);
  }
  for (guint aspect = 0; aspect < ASPECT_COUNT; aspect++) {
    fill_crop(image, aspect, picture->crops[aspect]);
  }
  if (picture->crop_aspect < ASPECT_COUNT) {
    fill_crop(image, picture->crop_aspect, picture->crop);
  }
  return g_strcmp0(before->hash, image->hash) != 0 || strcmp(before->alt, image->alt) != 0 ||
         strcmp(before->caption, image->caption) != 0 ||
         strcmp(before->credit, image->credit) != 0 || strcmp(before->rights, image->rights) != 0 ||
         before->focal_x != image->focal_x || before->focal_y != image->focal_y ||
         memcmp(before->crops, image->crops, sizeof(before->crops)) != 0;
}

// The row of that hash, or else of that source (unless it has other bytes). FALSE on failure;
// *ret_image NULL if there is none. *ret_source_taken: another picture came from there before.
static gboolean find(Change *change, const char *hash, const char *source, Image **ret_image,
                     gboolean *ret_source_taken, GError **error) {
  GError *failure = NULL;
  g_autoptr(Image) image = NULL;
  if (hash != NULL) {
    image = image_rows_get_by_hash(change->transaction, hash, &failure);
  }
  if (image == NULL && (failure == NULL || change_is_absent(&failure))) {
    image = image_rows_get_by_source(change->transaction, source, &failure);
    if (image != NULL && image->hash != NULL && hash != NULL && strcmp(image->hash, hash) != 0) {
      g_clear_pointer(&image, image_free);
      *ret_source_taken = TRUE;
    }
  }
  if (failure != NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  *ret_image = g_steal_pointer(&image);
  return TRUE;
}

static Image *insert(Change *change, const PreparedPicture *prepared, const char *source,
                     GError **error) {
  g_autoptr(Image) image = image_new();
  image->source_url = g_strdup(source);
  image->created_at = change->now;
  fill(image, prepared);
  image->id = image_rows_insert(change->transaction, image, error);
  return image->id != 0 ? g_steal_pointer(&image) : NULL;
}

static Image *store_one(Change *change, const PreparedPicture *prepared, const char *source_key,
                        GError **error) {
  g_autofree char *source = import_picture_source(prepared->picture, source_key);
  g_autoptr(Image) image = NULL;
  gboolean source_taken = FALSE;
  if (!find(change, prepared->hash, source, &image, &source_taken, error)) {
    return NULL;
  }
  if (image == NULL) {
    return insert(change, prepared, source_taken ? NULL : source, error);
  }
  if (fill(image, prepared) && !image_rows_update(change->transaction, image, error)) {
    return NULL;
  }
  return g_steal_pointer(&image);
}

GPtrArray *import_pictures_store(Change *change, const GArray *prepared, const char *source_key,
                                 GError **error) {
  g_autoptr(GPtrArray) images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
  for (guint i = 0; i < prepared->len; i++) {
    Image *image =
        store_one(change, &g_array_index(prepared, PreparedPicture, i), source_key, error);
    if (image == NULL) {
      return NULL;
    }
    g_ptr_array_add(images, image);
  }
  return g_steal_pointer(&images);
}

gboolean import_pictures_bring_missing(const ImportedStory *imported, const Story *stored) {
  for (guint i = 0; i < stored->images->len; i++) {
    const Image *image = g_ptr_array_index(stored->images, i);
    for (guint j = 0; image->hash == NULL && j < imported->picture_count; j++) {
      const ImportedPicture *picture = &imported->pictures[j];
      g_autofree char *source = import_picture_source(picture, imported->story->source_key);
      if (picture->bytes != NULL && g_strcmp0(source, image->source_url) == 0) {
        return TRUE;
      }
    }
  }
  return FALSE;
}
