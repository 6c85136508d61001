// SPDX-License-Identifier: Apache-2.0
//
// A newspaper's stories as an edition's content, all of them whatever their day, and its pictures:
// for the tests of the laid-out pages and for edition_preview.
#pragma once

#include "app/paper.h"
#include "edition/edition.h"

// The front's order, then everything else, newest first. NULL on error.
EditionContent *paper_edition_content(Paper *paper, GError **error);
// EditionPicture: `data` is the Paper. Without decoders the original's own bytes, uncut.
GBytes *paper_edition_picture(const Image *image, CropRectangle crop, gint32 width, gpointer data,
                              GError **error);
