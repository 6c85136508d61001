// SPDX-License-Identifier: Apache-2.0
//
// Implements front_picture.h.
#include "exchange/front_picture.h"

#include <string.h>

#include "base/text.h"
#include "exchange/import_story.h"

gboolean front_refuse(const FrontNode *node, GError **error, const char *what) {
  g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_SYNTAX, "line %u: %s: %s", node->line,
              node->key != NULL ? node->key : "entry", what);
  return FALSE;
}

// "40%", "0.4" -> 4000
static gboolean read_share(const char *text, gint32 *ret_share) {
  char *end = NULL;
  gdouble number = g_ascii_strtod(text, &end);
  while (g_ascii_isspace(*end)) {
    end++;
  }
  gboolean percent = *end == '%';
  if (end == text || (percent ? end[1] : *end) != '\0' || !(number >= 0) ||
      number > (percent ? 100 : 1)) {
    return FALSE;
  }
  *ret_share = (gint32)(number * (percent ? 100 : 10000) + 0.5);
  return TRUE;
}

static gboolean read_focal(const FrontNode *node, ImportedPicture *picture, GError **error) {
  g_autofree char *joined = NULL;
  if (node->kind == FRONT_SCALAR) {
    joined = g_strdelimit(g_strdup(node->text), ",", ' ');
  } else if (node->children->len == 2) {
    const char *x = front_node_text(g_ptr_array_index(node->children, 0));
    const char *y = front_node_text(g_ptr_array_index(node->children, 1));
    joined = x != NULL && y != NULL ? g_strjoin(" ", x, y, NULL) : NULL;
  }
  g_autofree char *clean = joined != NULL ? text_collapse_space(slice_of(joined)) : NULL;
  char *space = clean != NULL ? strchr(clean, ' ') : NULL;
  if (space == NULL) {
    return front_refuse(node, error, "not a focal point; write [0.4, 0.3] or “40% 30%”");
  }
  *space = '\0';
  if (!read_share(clean, &picture->focal_x) || !read_share(space + 1, &picture->focal_y)) {
    return front_refuse(node, error, "not a focal point; write [0.4, 0.3] or “40% 30%”");
  }
  return TRUE;
}

static gboolean read_crops(const FrontNode *node, ImportedPicture *picture, GError **error) {
  if (node->kind != FRONT_MAP) {
    return front_refuse(node, error,
                        "write an aspect and a rectangle for each, such as 16x9: x0y0w1280h720");
  }
  for (guint i = 0; i < node->children->len; i++) {
    const FrontNode *child = g_ptr_array_index(node->children, i);
    const char *text = front_node_text(child);
    ImageAspect aspect = ASPECT_16X9;
    CropRectangle crop = {0};
    if (!image_aspect_parse(slice_of(child->key), &aspect) || aspect == ASPECT_ORIGINAL) {
      return front_refuse(child, error, "not an aspect; the aspects are 16x9, 4x3, 3x2 and 1x1");
    }
    if (text == NULL || !image_crop_parse(slice_of(text), &crop)) {
      return front_refuse(child, error, "not a rectangle; write x0y0w1280h720");
    }
    picture->crops[aspect] = crop;
  }
  return TRUE;
}

static const char *first_member_text(const FrontNode *map, const char *const *names) {
  for (; *names != NULL; names++) {
    const char *text = front_node_text(front_node_member(map, *names));
    if (text != NULL) {
      return text;
    }
  }
  return NULL;
}

static gboolean add_picture_node(FrontReading *reading, const FrontNode *node, gboolean hero,
                                 GError **error) {
  static const char *const FILE_KEYS[] = {"file", "src", "path", "url", "image", "name", NULL};
  static const char *const ALT_KEYS[] = {"alt", "description", NULL};
  static const char *const CAPTION_KEYS[] = {"caption", "title", NULL};
  static const char *const CREDIT_KEYS[] = {"credit", "photographer", "copyright", "source", NULL};
  ImportItem *item = reading->item;
  const char *url =
      node->kind == FRONT_MAP ? first_member_text(node, FILE_KEYS) : front_node_text(node);
  if (url == NULL) {
    return node->kind == FRONT_SCALAR ||
           front_refuse(node, error, "a picture needs its file, such as file: harbour.jpg");
  }
  guint before = item->pictures->len;
  ImportedPicture *picture = import_add_picture(item, url);
  guint index = (guint)(picture - (ImportedPicture *)(gpointer)item->pictures->data);
  picture->hero |= hero;
  if (node->kind == FRONT_MAP) {
    picture->alt = import_keep_text(item, first_member_text(node, ALT_KEYS));
    picture->caption = import_keep_text(item, first_member_text(node, CAPTION_KEYS));
    picture->credit = import_keep_text(item, first_member_text(node, CREDIT_KEYS));
    const FrontNode *focal = front_node_member(node, "focal");
    const FrontNode *crops = front_node_member(node, "crops");
    if ((focal != NULL && !read_focal(focal, picture, error)) ||
        (crops != NULL && !read_crops(crops, picture, error))) {
      return FALSE;
    }
  }
  return item->pictures->len == before ||
         import_load_picture(item, index, reading->source, node->line, reading->notes, error);
}

gboolean front_picture_hero(FrontReading *reading, const FrontNode *node, GError **error) {
  if (node->kind != FRONT_LIST) {
    return add_picture_node(reading, node, TRUE, error);
  }
  for (guint i = 0; i < node->children->len; i++) {
    if (!add_picture_node(reading, g_ptr_array_index(node->children, i), i == 0, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean front_picture_list(FrontReading *reading, const FrontNode *node, GError **error) {
  for (guint i = 0; node->kind == FRONT_LIST && i < node->children->len; i++) {
    if (!add_picture_node(reading, g_ptr_array_index(node->children, i), FALSE, error)) {
      return FALSE;
    }
  }
  return node->kind == FRONT_LIST || add_picture_node(reading, node, FALSE, error);
}

static ImportedPicture *hero_of(ImportItem *item) {
  for (guint i = 0; i < item->pictures->len; i++) {
    ImportedPicture *picture = &g_array_index(item->pictures, ImportedPicture, i);
    if (picture->hero) {
      return picture;
    }
  }
  return NULL;
}

gboolean front_picture_hero_words(FrontReading *reading, const FrontNode *node, GError **error) {
  ImportedPicture *hero = hero_of(reading->item);
  const char *text = front_node_text(node);
  if (hero == NULL || text == NULL) {
    return TRUE;
  }
  const char *kept = import_keep_text(reading->item, text);
  if (g_str_has_suffix(node->key, "alt")) {
    hero->alt = kept;
  } else if (g_str_has_suffix(node->key, "credit")) {
    hero->credit = kept;
  } else {
    hero->caption = kept;
  }
  return TRUE;
}
