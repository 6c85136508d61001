// SPDX-License-Identifier: Apache-2.0
//
// Implements people.h. A portrait comes in the way that a story's pictures do.
#include "newsroom/people.h"

#include "newsroom/change.h"
#include "newsroom/import_pictures.h"
#include "store/people_rows.h"

static gboolean check(const Author *author, GError **error) {
  if (author->slug[0] == '\0' || author->name[0] == '\0') {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "an author wants a name and a slug");
  }
  return TRUE;
}

static gint64 put(Newsroom *newsroom, Author *author, const GArray *pictures, GError **error) {
  g_auto(Change) change = {0};
  g_autofree char *key = g_strdup_printf("author/%s", author->slug);
  if (!change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(GPtrArray) images = import_pictures_store(&change, pictures, key, error);
  if (images == NULL) {
    return 0;
  }
  if (images->len > 0) {
    image_free(author->portrait);
    author->portrait = image_copy(g_ptr_array_index(images, 0));
  }
  gint64 id = author_rows_put(change.transaction, author, error);
  return id != 0 && change_commit(&change, TRUE, error) ? id : 0;
}

gint64 people_put_author(Newsroom *newsroom, const Author *given, GBytes *portrait, const char *alt,
                         GError **error) {
  ImportedPicture picture = {
      .url = "portrait", .bytes = portrait, .alt = alt, .focal_x = -1, .focal_y = -1};
  ImportedStory pictures = {.pictures = &picture, .picture_count = portrait != NULL ? 1 : 0};
  if (!check(given, error)) {
    return 0;
  }
  g_autoptr(GArray) prepared = import_pictures_prepare(newsroom, &pictures, error);
  if (prepared == NULL || !import_pictures_put(newsroom, prepared, error)) {
    return 0;
  }
  g_autoptr(Author) author = author_copy(given);
  return put(newsroom, author, prepared, error);
}
