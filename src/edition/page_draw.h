// SPDX-License-Identifier: Apache-2.0
//
// Draws finished sheets into a PDF: the structure tree in reading order (an article a story, over
// all its pages), links both ways between continuations, from the contents and to the web, the
// outline, page labels. Called by edition_print(). One thread.
#pragma once

#include "edition/page_sheet.h"
#include "edition/pdf.h"

// const SetPicture * -> GBytes: the JPEGs of everything on the sheets. Pictures that can't be had
// are put into `failed` (their hashes, owned by the images) and remarked upon.
GHashTable *page_pictures_fetch(const PageKit *kit, const EditionJob *job, GPtrArray *sheets,
                                GHashTable *failed, GPtrArray *remarks);

GBytes *page_draw(const PageKit *kit, GPtrArray *sheets, GPtrArray *stories, GHashTable *pictures,
                  GError **error);
