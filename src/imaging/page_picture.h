// SPDX-License-Identifier: Apache-2.0
//
// A page of one of our own PDFs as a picture, for the web, the mail and the EPUB's cover. Drawn by
// pdftoppm (package poppler-utils: libpoppler is there anyhow, libvips needs it) in a process of
// its own with limits on time and memory: no PDF library is ever loaded into this one. Any thread;
// the call blocks.
#pragma once

#include <glib.h>

// Page `page` (from 1) as a PNG of `width` pixels. IMAGING_ERROR_FAILED: the program is missing
// (the message says which package to install), or could not draw it. Caller unrefs.
GBytes *page_picture_draw(const char *pdf_path, guint page, gint32 width, GError **error);
