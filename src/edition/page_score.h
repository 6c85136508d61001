// SPDX-License-Identifier: Apache-2.0
//
// Measures finished sheets for the scorecard: what was set and where it was put, not what was
// planned. Called by edition_print() after drawing; changes nothing.
#pragma once

#include "edition/page_sheet.h"

EditionScore *page_score(const PageKit *kit, GPtrArray *sheets, GPtrArray *stories);
