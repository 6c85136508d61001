// SPDX-License-Identifier: Apache-2.0
//
// Implements the pictures of page_parts.h: which widths of the ladder a slot offers, and
// the address of each. A picture that was never had (hash NULL) is left out of every page.
#include "press/page_parts.h"

#include "base/html_writer.h"
#include "model/address.h"

const PictureSlot SLOT_LEAD = {ASPECT_3X2, 320, 960, 1600, TRUE};
const PictureSlot SLOT_SECOND = {ASPECT_3X2, 240, 480, 960, FALSE};
const PictureSlot SLOT_WIDE = {ASPECT_3X2, 320, 810, 1280, FALSE};
const PictureSlot SLOT_CARD = {ASPECT_3X2, 240, 480, 810, FALSE};
const PictureSlot SLOT_THUMB = {ASPECT_1X1, 80, 160, 320, FALSE};
const PictureSlot SLOT_HERO = {ASPECT_3X2, 320, 960, 1920, TRUE};
const PictureSlot SLOT_INLINE = {ASPECT_ORIGINAL, 320, 810, 1600, FALSE};
const PictureSlot SLOT_PORTRAIT = {ASPECT_1X1, 160, 320, 480, FALSE};

#define ADDRESS_WIDTH "?imwidth="

typedef struct Picture {
  char *base; // without a width; caller frees
  gint32 width, height;
  gboolean scaled; // FALSE: the cut is smaller than the smallest rung and offered as it is
} Picture;

gboolean page_picture_exists(const Image *image) {
  return image != NULL && image->hash != NULL && image->width > 0 && image->height > 0;
}

static Picture measure(const Image *image, const PictureSlot *slot) {
  CropRectangle crop = image_crop(image, slot->aspect);
  ImageAddress address = {.image = image, .aspect = slot->aspect, .crop = crop};
  Picture picture = {.base = address_image(&address, NULL), .width = crop.width};
  for (gsize i = 0; IMAGE_WIDTHS[i] != 0; i++) {
    if (IMAGE_WIDTHS[i] <= crop.width && IMAGE_WIDTHS[i] <= slot->usual) {
      picture.width = IMAGE_WIDTHS[i];
      picture.scaled = TRUE;
    }
  }
  gint64 height = (gint64)picture.width * crop.height + crop.width / 2;
  picture.height = MAX((gint32)(height / crop.width), 1);
  return picture;
}

static void write_source(GString *out, const Picture *picture, gint32 width) {
  g_string_append(out, picture->base);
  if (picture->scaled) {
    g_string_append(out, ADDRESS_WIDTH);
    g_string_append_printf(out, "%d", width);
  }
}

// "… 320w, … 480w"; nothing when there is but one width.
static void write_source_set(GString *out, const Picture *picture, const Image *image,
                             const PictureSlot *slot) {
  CropRectangle crop = image_crop(image, slot->aspect);
  gsize begin = out->len;
  guint count = 0;
  for (gsize i = 0; IMAGE_WIDTHS[i] != 0 && picture->scaled; i++) {
    gint32 width = IMAGE_WIDTHS[i];
    if (width < slot->smallest || width > slot->largest || width > crop.width) {
      continue;
    }
    if (count++ > 0) {
      g_string_append(out, ", ");
    }
    write_source(out, picture, width);
    g_string_append_printf(out, " %dw", width);
  }
  if (count < 2) {
    g_string_truncate(out, begin);
  }
}

void page_set_picture(PageMaker *maker, TemplateValue *object, const char *name, const Image *image,
                      const PictureSlot *slot) {
  if (slot == NULL || !page_picture_exists(image)) {
    template_set_boolean(object, name, FALSE);
    return;
  }
  Picture picture = measure(image, slot);
  TemplateValue *value = template_set_object(object, name);
  GString *scratch = page_scratch(maker);
  write_source(scratch, &picture, picture.width);
  template_set_slice(value, "src", (Slice){scratch->str, scratch->len});
  scratch = page_scratch(maker);
  write_source_set(scratch, &picture, image, slot);
  template_set_slice(value, "srcset", (Slice){scratch->str, scratch->len});
  template_set_integer(value, "width", picture.width);
  template_set_integer(value, "height", picture.height);
  template_set_text(value, "alt", image->alt);
  template_set_boolean(value, "eager", slot->eager);
  g_free(picture.base);
}

void page_write_picture(GString *out, const Image *image, const PictureSlot *slot,
                        const char *sizes, const char *alt) {
  Picture picture = measure(image, slot);
  g_autoptr(GString) source = g_string_sized_new(1024);
  write_source_set(source, &picture, image, slot);
  html_write_raw(out, "<img");
  if (source->len > 0) {
    html_write_attribute(out, "srcset", source->str);
    html_write_attribute(out, "sizes", sizes);
  }
  g_string_truncate(source, 0);
  write_source(source, &picture, picture.width);
  html_write_attribute(out, "src", source->str);
  html_write_integer_attribute(out, "width", picture.width);
  html_write_integer_attribute(out, "height", picture.height);
  html_write_attribute(out, "alt", alt != NULL && *alt != '\0' ? alt : image->alt);
  html_write_raw(out, " loading=\"lazy\" decoding=\"async\">");
  g_free(picture.base);
}
