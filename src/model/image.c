// SPDX-License-Identifier: Apache-2.0
//
// Implements image.h: crop geometry in whole pixels, the width ladder, names.
#include "model/image.h"

const gint32 IMAGE_WIDTHS[] = {80, 160, 240, 320, 480, 640, 810, 960, 1280, 1600, 1920, 2560, 0};

Image *image_new(void) {
  Image *image = g_new0(Image, 1);
  image->alt = g_strdup("");
  image->caption = g_strdup("");
  image->credit = g_strdup("");
  image->rights = g_strdup("");
  image->focal_x = 5000;
  image->focal_y = 5000;
  return image;
}

void image_free(Image *image) {
  if (image == NULL) {
    return;
  }
  g_free(image->hash);
  g_free(image->alt);
  g_free(image->caption);
  g_free(image->credit);
  g_free(image->rights);
  g_free(image->source_url);
  g_free(image);
}

Image *image_copy(const Image *image) {
  if (image == NULL) {
    return NULL;
  }
  Image *copy = g_memdup2(image, sizeof *image);
  copy->hash = g_strdup(image->hash);
  copy->alt = g_strdup(image->alt);
  copy->caption = g_strdup(image->caption);
  copy->credit = g_strdup(image->credit);
  copy->rights = g_strdup(image->rights);
  copy->source_url = g_strdup(image->source_url);
  return copy;
}

static const struct {
  const char *name;
  gint32 width, height;
} ASPECTS[] = {{"16x9", 16, 9}, {"4x3", 4, 3}, {"3x2", 3, 2}, {"1x1", 1, 1}, {"full", 0, 0}};

const char *image_aspect_name(ImageAspect aspect) {
  return ASPECTS[aspect].name;
}

gboolean image_aspect_parse(Slice name, ImageAspect *ret_aspect) {
  for (gsize i = 0; i < G_N_ELEMENTS(ASPECTS); i++) {
    if (slice_equal_text(name, ASPECTS[i].name)) {
      *ret_aspect = (ImageAspect)i;
      return TRUE;
    }
  }
  return FALSE;
}

void image_aspect_ratio(ImageAspect aspect, gint32 *ret_width, gint32 *ret_height) {
  *ret_width = ASPECTS[aspect].width;
  *ret_height = ASPECTS[aspect].height;
}

static const struct {
  const char *name, *extension, *media_type;
} FORMATS[] = {[FORMAT_UNKNOWN] = {"unknown", "bin", "application/octet-stream"},
               [FORMAT_JPEG] = {"jpeg", "jpg", "image/jpeg"},
               [FORMAT_PNG] = {"png", "png", "image/png"},
               [FORMAT_WEBP] = {"webp", "webp", "image/webp"},
               [FORMAT_GIF] = {"gif", "gif", "image/gif"},
               [FORMAT_AVIF] = {"avif", "avif", "image/avif"}};

const char *image_format_name(ImageFormat format) {
  return FORMATS[format].name;
}

const char *image_format_extension(ImageFormat format) {
  return FORMATS[format].extension;
}

const char *image_format_media_type(ImageFormat format) {
  return FORMATS[format].media_type;
}

gboolean image_format_parse_extension(Slice extension, ImageFormat *ret_format) {
  if (slice_equal_text_nocase(extension, "jpeg")) {
    *ret_format = FORMAT_JPEG;
    return TRUE;
  }
  for (gsize i = FORMAT_JPEG; i < G_N_ELEMENTS(FORMATS); i++) {
    if (slice_equal_text_nocase(extension, FORMATS[i].extension)) {
      *ret_format = (ImageFormat)i;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean image_crop_is_inside(const Image *image, CropRectangle crop) {
  return crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
         crop.width <= image->width && crop.height <= image->height &&
         crop.x <= image->width - crop.width && crop.y <= image->height - crop.height;
}

CropRectangle image_crop(const Image *image, ImageAspect aspect) {
  CropRectangle whole = {0, 0, image->width, image->height};
  if (aspect == ASPECT_ORIGINAL || image->width < 1 || image->height < 1) {
    return whole;
  }
  if (image_crop_is_inside(image, image->crops[aspect])) {
    return image->crops[aspect];
  }
  gint64 ratio_width = ASPECTS[aspect].width;
  gint64 ratio_height = ASPECTS[aspect].height;
  gint64 width = image->width;
  gint64 height = width * ratio_height / ratio_width;
  if (height > image->height) {
    height = image->height;
    width = height * ratio_width / ratio_height;
  }
  width = MAX(width, 1);
  height = MAX(height, 1);
  gint64 x = (gint64)image->width * image->focal_x / 10000 - width / 2;
  gint64 y = (gint64)image->height * image->focal_y / 10000 - height / 2;
  return (CropRectangle){(gint32)CLAMP(x, 0, image->width - width),
                         (gint32)CLAMP(y, 0, image->height - height), (gint32)width,
                         (gint32)height};
}

char *image_crop_format(CropRectangle crop) {
  return g_strdup_printf("x%dy%dw%dh%d", crop.x, crop.y, crop.width, crop.height);
}

gboolean image_crop_parse(Slice text, CropRectangle *ret_crop) {
  guint64 numbers[4] = {0};
  static const char LETTERS[] = "xywh";
  for (int i = 0; i < 4; i++) {
    if (text.length == 0 || text.data[0] != LETTERS[i]) {
      return FALSE;
    }
    text = slice_from(text, 1);
    gsize digits = 0;
    while (digits < text.length && g_ascii_isdigit(text.data[digits])) {
      digits++;
    }
    if (!slice_parse_uint(slice_range(text, 0, digits), 65535, &numbers[i])) {
      return FALSE;
    }
    text = slice_from(text, digits);
  }
  if (text.length != 0 || numbers[2] == 0 || numbers[3] == 0) {
    return FALSE;
  }
  *ret_crop = (CropRectangle){(gint32)numbers[0], (gint32)numbers[1], (gint32)numbers[2],
                              (gint32)numbers[3]};
  return TRUE;
}

gint32 image_width_snap(gint32 wanted) {
  gint32 last = 0;
  for (gsize i = 0; IMAGE_WIDTHS[i] != 0; i++) {
    last = IMAGE_WIDTHS[i];
    if (last >= wanted) {
      break;
    }
  }
  return last;
}
