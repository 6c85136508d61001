// SPDX-License-Identifier: Apache-2.0
//
// The front of a page of one column, a phone's: masthead, the lead's picture and headline, what
// else there is, and pages of contents; every entry a link to its story. Wider pages have a front
// page that edition/plan lays out.
#pragma once

#include "edition/page_furniture.h"

gboolean page_has_cover(const PageKit *kit, const GPtrArray *stories); // PageStory *
// The cover and the pages of contents after it.
guint page_cover_sheets(const PageKit *kit, const GPtrArray *stories);
// Fills the first `count` of the sheets when it is known where the stories stand. The masthead
// comes from page_put_masthead().
void page_put_cover(const PageKit *kit, GPtrArray *sheets, guint count, const GPtrArray *stories);
