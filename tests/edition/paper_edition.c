// SPDX-License-Identifier: Apache-2.0
//
// Implements paper_edition.h over the store, reading only.
#include "tests/edition/paper_edition.h"

#include <unistd.h>

#include "newsroom/fronts.h"
#include "store/site_rows.h"
#include "store/story_rows.h"

#define STORIES 2000

static gboolean add_story(EditionContent *content, StoreTransaction *transaction, gint64 id,
                          const FrontSlot *slot, GError **error) {
  for (guint i = 0; i < content->stories->len; i++) {
    if (((const EditionStory *)content->stories->pdata[i])->story->id == id) {
      return TRUE;
    }
  }
  EditionStory *story = g_new0(EditionStory, 1);
  story->story = story_rows_get(transaction, id, error);
  if (story->story == NULL) {
    g_free(story);
    return FALSE;
  }
  story->weight = slot != NULL ? slot->weight : WEIGHT_BRIEF;
  story->on_front = slot != NULL;
  g_ptr_array_add(content->stories, story);
  for (guint i = 0; i < story->story->corrections->len; i++) {
    const Correction *correction = story->story->corrections->pdata[i];
    EditionNote *note = g_new0(EditionNote, 1);
    note->correction = g_new0(Correction, 1);
    note->correction->wrong = g_strdup(correction->wrong);
    note->correction->right = g_strdup(correction->right);
    note->headline = g_strdup(story->story->headline);
    note->url = g_strdup(content->site->base_url);
    g_ptr_array_add(content->notes, note);
  }
  return TRUE;
}

static gboolean add_all(EditionContent *content, StoreTransaction *transaction, GError **error) {
  g_autoptr(Front) front = fronts_compose(transaction, 0, 12, error);
  if (front == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < front->slots->len; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    if (!add_story(content, transaction, slot->story->id, slot, error)) {
      return FALSE;
    }
  }
  g_autoptr(GPtrArray) all =
      story_rows_list(transaction, (Listing){LISTING_ALL, 0}, 0, STORIES, error);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Teaser *teaser = all->pdata[i];
    if (!add_story(content, transaction, teaser->id, NULL, error)) {
      return FALSE;
    }
  }
  return all != NULL;
}

EditionContent *paper_edition_content(Paper *paper, GError **error) {
  g_autoptr(EditionContent) content = edition_content_new();
  site_unref(content->site);
  content->site = paper_site(paper, error);
  g_autoptr(StoreTransaction) transaction =
      content->site != NULL ? store_begin_read(paper->store, error) : NULL;
  if (transaction == NULL || !add_all(content, transaction, error)) {
    return NULL;
  }
  content->day = 20261123;
  content->number = 1284;
  content->made_at = G_GINT64_CONSTANT(1795406400) * G_USEC_PER_SEC;
  g_free(content->identifier);
  content->identifier = edition_identifier(content->site->base_url, content->day);
  return g_steal_pointer(&content);
}

static int open_original(const Image *image, gpointer data, GError **error) {
  Paper *paper = data;
  return originals_open_read(paper->originals, image->hash, image->format, error);
}

GBytes *paper_edition_picture(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                              GError **error) {
  Paper *paper = data;
  if (paper->renditioner == NULL) {
    g_autofree char *path = originals_path(paper->originals, image->hash, image->format);
    char *bytes = NULL;
    gsize length = 0;
    return g_file_get_contents(path, &bytes, &length, error) ? g_bytes_new_take(bytes, length)
                                                             : NULL;
  }
  RenditionRequest request = {.image = image,
                              .original_fd = -1,
                              .open_original = open_original,
                              .data = paper,
                              .aspect = ASPECT_ORIGINAL,
                              .crop = crop,
                              .width = image_width_snap(width),
                              .format = FORMAT_JPEG};
  return rendition_get(paper->renditioner, &request, error);
}
