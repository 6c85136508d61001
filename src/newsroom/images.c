// SPDX-License-Identifier: Apache-2.0
//
// Implements images.h.
#include "newsroom/images.h"

#include <string.h>

#include "newsroom/import_pictures.h"
#include "newsroom/work_story.h"
#include "store/image_rows.h"
#include "store/story_rows.h"
#include "store/work_rows.h"

static GArray *prepare(Newsroom *newsroom, ImportedPicture *picture, GError **error) {
  ImportedStory one = {.pictures = picture, .picture_count = 1};
  g_autoptr(GArray) prepared = import_pictures_prepare(newsroom, &one, error);
  return prepared != NULL && import_pictures_put(newsroom, prepared, error)
             ? g_steal_pointer(&prepared)
             : NULL;
}

gint64 images_add(Newsroom *newsroom, const ImageFile *file, GError **error) {
  g_auto(Change) change = {0};
  ImportedPicture picture = {
      .url = file->name, .bytes = file->bytes, .file = file->file, .focal_x = -1, .focal_y = -1};
  if (!change_may(newsroom, PERMISSION_IMAGE_WRITE, error)) {
    return 0;
  }
  g_autoptr(GArray) prepared = prepare(newsroom, &picture, error);
  if (prepared == NULL || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autofree char *key =
      g_strdup_printf("upload/%s", g_array_index(prepared, PreparedPicture, 0).hash);
  g_autoptr(GPtrArray) images = import_pictures_store(&change, prepared, key, error);
  if (images == NULL) {
    return 0;
  }
  gint64 id = ((const Image *)g_ptr_array_index(images, 0))->id;
  gint64 before = image_rows_uploaded_by(change.transaction, id, error);
  gboolean sets = before == 0 && newsroom->actor != NULL;
  return before >= 0 &&
                 (!sets || image_rows_set_uploaded_by(change.transaction, id,
                                                      newsroom->actor->staff_id, error)) &&
                 change_commit(&change, FALSE, error)
             ? id
             : 0;
}

// The picture, for one who may change it.
static Image *open_image(Change *change, Newsroom *newsroom, gint64 id, GError **error) {
  GError *failure = NULL;
  if (!change_begin(change, newsroom, error)) {
    return NULL;
  }
  g_autoptr(Image) image = image_rows_get(change->transaction, id, &failure);
  if (image == NULL) {
    if (change_is_absent(&failure)) {
      change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no picture %" G_GINT64_FORMAT, id);
    } else {
      g_propagate_error(error, failure);
    }
    return NULL;
  }
  gint64 owner = image_rows_uploaded_by(change->transaction, id, error);
  gboolean own = newsroom->actor != NULL && owner == newsroom->actor->staff_id;
  return owner >= 0 && change_may(newsroom,
                                  own ? PERMISSION_IMAGE_WRITE : PERMISSION_IMAGE_WRITE_ANY, error)
             ? g_steal_pointer(&image)
             : NULL;
}

static gboolean set_text(const char *field, char **place, const char *value, glong most,
                         GError **error) {
  if (value == NULL) {
    return TRUE;
  }
  if (g_utf8_strlen(value, -1) > most) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: %ld characters are the most", field,
                         most);
  }
  g_free(*place);
  *place = g_strdup(value);
  return TRUE;
}

static gboolean apply(const ImageChange *wanted, Image *image, GError **error) {
  if (!set_text("alt", &image->alt, wanted->alt, 2000, error) ||
      !set_text("caption", &image->caption, wanted->caption, 2000, error) ||
      !set_text("credit", &image->credit, wanted->credit, 500, error) ||
      !set_text("rights", &image->rights, wanted->rights, 500, error)) {
    return FALSE;
  }
  if (wanted->focal_x > 10000 || wanted->focal_y > 10000) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "focal_x: 0 to 10000");
  }
  image->focal_x = wanted->focal_x >= 0 ? wanted->focal_x : image->focal_x;
  image->focal_y = wanted->focal_y >= 0 ? wanted->focal_y : image->focal_y;
  for (guint i = 0; i < ASPECT_COUNT; i++) {
    CropRectangle crop = wanted->crops[i];
    if (!wanted->sets_crop[i]) {
      continue;
    }
    if (crop.width > 0 && !image_crop_is_inside(image, crop)) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID,
                           "crops: the rectangle for %s reaches out of the picture",
                           image_aspect_name((ImageAspect)i));
    }
    image->crops[i] = crop.width > 0 ? crop : (CropRectangle){0};
  }
  return TRUE;
}

gboolean images_change(Newsroom *newsroom, gint64 id, const ImageChange *wanted, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Image) image = open_image(&change, newsroom, id, error);
  if (image == NULL || !apply(wanted, image, error)) {
    return FALSE;
  }
  g_autoptr(GPtrArray) uses = image_rows_uses(change.transaction, id, error);
  return uses != NULL && image_rows_update(change.transaction, image, error) &&
         (uses->len == 0 ||
          change_audit(&change, error, "image.change", "image", id,
                       "changed a picture that stands in %u places", uses->len)) &&
         change_commit(&change, uses->len > 0, error);
}

gboolean images_remove(Newsroom *newsroom, gint64 id, GError **error) {
  g_auto(Change) change = {0};
  g_autoptr(Image) image = open_image(&change, newsroom, id, error);
  g_autoptr(GPtrArray) uses = image != NULL ? image_rows_uses(change.transaction, id, error) : NULL;
  if (uses == NULL) {
    return FALSE;
  }
  if (uses->len > 0) {
    return change_refuse(error, NEWSROOM_ERROR_STATE,
                         "the picture stands in %u places: take it out there first", uses->len);
  }
  return image_rows_remove(change.transaction, id, error) && change_commit(&change, FALSE, error);
}

// ---- another original -------------------------------------------------------------------------

static char *replaced(const char *body, const char *from, const char *to) {
  g_autofree char *old_name = g_strconcat("image:", from, NULL);
  g_autofree char *new_name = g_strconcat("image:", to, NULL);
  g_auto(GStrv) parts = g_strsplit(body, old_name, -1);
  return g_strjoinv(new_name, parts);
}

// In one story: what readers see and the working copy. Two saves at most; nothing else changes.
static gboolean replace_in_story(Change *change, gint64 id, const char *from, const char *to,
                                 GError **error) {
  g_autoptr(Story) story = story_rows_get(change->transaction, id, error);
  WorkState state;
  if (story == NULL || !work_rows_get_state(change->transaction, id, &state, error)) {
    return FALSE;
  }
  g_autofree char *body = replaced(story->body, from, to);
  if (strcmp(body, story->body) != 0) {
    g_free(story->body);
    story->body = g_steal_pointer(&body);
    if (!story_rows_update(change->transaction, story, NULL, change->now, change->site->zone,
                           error)) {
      return FALSE;
    }
  }
  if (state.version == 0) {
    return TRUE;
  }
  g_autoptr(WorkContent) content =
      work_version_content(change->transaction, id, state.version, error);
  if (content == NULL) {
    return FALSE;
  }
  g_autofree char *working = replaced(content->texts[WORK_BODY], from, to);
  if (strcmp(working, content->texts[WORK_BODY]) == 0) {
    return TRUE;
  }
  work_content_set(content, WORK_BODY, working);
  WorkOpened opened = {.change = *change, .story = story, .state = state};
  gboolean done = work_add_version(&opened, content, WORK_SAVED, "a picture was replaced", error) &&
                  work_put_state(&opened, error);
  work_content_free(opened.content);
  return done;
}

static void scale_crops(Image *image, gint32 width, gint32 height) {
  gboolean same_shape = (gint64)image->width * height == (gint64)image->height * width;
  for (guint i = 0; i < ASPECT_COUNT; i++) {
    CropRectangle *crop = &image->crops[i];
    if (!same_shape || image->width == 0) {
      *crop = (CropRectangle){0};
      continue;
    }
    crop->x = (gint32)((gint64)crop->x * width / image->width);
    crop->y = (gint32)((gint64)crop->y * height / image->height);
    crop->width = (gint32)((gint64)crop->width * width / image->width);
    crop->height = (gint32)((gint64)crop->height * height / image->height);
  }
}

gboolean images_replace(Newsroom *newsroom, gint64 id, const ImageFile *file, GError **error) {
  g_auto(Change) change = {0};
  ImportedPicture picture = {
      .url = file->name, .bytes = file->bytes, .file = file->file, .focal_x = -1, .focal_y = -1};
  g_autoptr(GArray) prepared = prepare(newsroom, &picture, error);
  g_autoptr(Image) image = prepared != NULL ? open_image(&change, newsroom, id, error) : NULL;
  if (image == NULL) {
    return FALSE;
  }
  const PreparedPicture *one = &g_array_index(prepared, PreparedPicture, 0);
  GError *failure = NULL;
  g_autoptr(Image) same = image_rows_get_by_hash(change.transaction, one->hash, &failure);
  if (same == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (same != NULL) {
    return same->id == id || change_refuse(error, NEWSROOM_ERROR_STATE,
                                           "this file is picture %" G_GINT64_FORMAT
                                           " of the library already: use that one",
                                           same->id);
  }
  g_autofree char *from = g_strdup(image->hash);
  g_autoptr(GPtrArray) uses = image_rows_uses(change.transaction, id, error);
  scale_crops(image, one->header.width, one->header.height);
  g_free(image->hash);
  image->hash = g_strdup(one->hash);
  image->format = one->header.format;
  image->width = one->header.width;
  image->height = one->header.height;
  image->byte_count = (gint64)g_bytes_get_size(file->bytes);
  image->progressive = one->header.progressive;
  if (uses == NULL || !image_rows_update(change.transaction, image, error)) {
    return FALSE;
  }
  for (guint i = 0; from != NULL && i < uses->len; i++) {
    const ImageUse *use = g_ptr_array_index(uses, i);
    if (use->kind != IMAGE_OF_AUTHOR &&
        !replace_in_story(&change, use->id, from, image->hash, error)) {
      return FALSE;
    }
  }
  return change_audit(&change, error, "image.replace", "image", id,
                      "replaced a picture that stands in %u places", uses->len) &&
         change_commit(&change, uses->len > 0, error);
}
