// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet image-url ID`: the address of a picture cut and scaled, signed where it has to be.
#include <stdio.h>

#include "cmd/newsroom_command.h"
#include "model/address.h"
#include "store/image_rows.h"
#include "store/site_rows.h"

static gboolean read_options(const Invocation *invocation, ImageAddress *address,
                             gint64 *ret_width) {
  const char *aspect = invocation_value(invocation, "aspect"),
             *crop = invocation_value(invocation, "crop");
  const char *format = invocation_value(invocation, "format");
  address->aspect = ASPECT_16X9;
  if (aspect != NULL && !image_aspect_parse(slice_of(aspect), &address->aspect)) {
    invocation_misused(invocation, "--aspect is 16x9, 4x3, 3x2, 1x1 or full, not '%s'", aspect);
    return FALSE;
  }
  if (crop != NULL && !image_crop_parse(slice_of(crop), &address->crop)) {
    invocation_misused(invocation,
                       "--crop is a rectangle in pixels of the picture, as x0y0w1280h720, not '%s'",
                       crop);
    return FALSE;
  }
  if (format != NULL && !image_format_parse_extension(slice_of(format), &address->format)) {
    invocation_misused(invocation, "--format is jpg, webp or avif, not '%s'", format);
    return FALSE;
  }
  return invocation_integer(invocation, "width", 1, 65535, 0, ret_width);
}

static gboolean print_url(Paper *paper, gint64 id, ImageAddress *address, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(Image) image = site != NULL ? image_rows_get(transaction, id, error) : NULL;
  if (image == NULL) {
    return FALSE;
  }
  if (image->hash == NULL) {
    g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                "picture %" G_GINT64_FORMAT " could not be had when it was imported", id);
    return FALSE;
  }
  if (address->crop.width > 0 && !image_crop_is_inside(image, address->crop)) {
    g_set_error(error, NEWSROOM_ERROR, NEWSROOM_ERROR_INVALID,
                "the rectangle is not inside the picture, which is %dx%d", image->width,
                image->height);
    return FALSE;
  }
  address->image = image;
  g_autofree char *path = address_image(address, site->image_key);
  printf("%s%s\n", site->base_url, path);
  return TRUE;
}

static int run_image_url(const Invocation *invocation) {
  ImageAddress address = {0};
  gint64 width;
  guint64 id;
  if (!slice_parse_uint(slice_of(invocation->arguments[0]), G_MAXINT64, &id)) {
    return invocation_misused(
        invocation, "'%s' is not a picture's number; `broadsheet show` names a story's pictures",
        invocation->arguments[0]);
  }
  if (!read_options(invocation, &address, &width)) {
    return COMMAND_USAGE;
  }
  address.width = (gint32)width;
  g_autoptr(GError) error = NULL;
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_EXISTING, &error);
  return paper != NULL && print_url(paper, (gint64)id, &address, &error)
             ? COMMAND_DONE
             : invocation_fail(invocation, error);
}

static const CommandOption OPTIONS[] = {
    {0, "aspect", "ASPECT", "16x9 (the default), 4x3, 3x2, 1x1 or full"},
    {0, "crop", "RECTANGLE", "cut exactly this, in pixels of the upright picture: x0y0w1280h720"},
    {0, "width", "N", "how wide; the server takes the next width of its ladder"},
    {0, "format", "FORMAT", "jpg, webp or avif; without it the reader's browser decides"},
    {0, NULL, NULL, NULL},
};

const Command COMMAND_IMAGE_URL = {
    .name = "image-url",
    .usage = "ID [--aspect ASPECT] [--crop RECTANGLE] [--width N] [--format FORMAT]",
    .summary = "print the address of a picture, cut and scaled",
    .help = "A rectangle that is not the picture's own for its aspect is signed with the "
            "newspaper's key: only\n"
            "signed ones are rendered, so that nobody can make the server work without end.",
    .options = OPTIONS,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run_image_url,
};
