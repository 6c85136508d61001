// SPDX-License-Identifier: Apache-2.0
//
// Inside of the geometry: what two blocks that stand side by side show one another at their tops.
// Used by edition/layout; implemented with layout_shape() in layout_shape.c. Pure.
#pragma once

#include "edition/layout.h"

// What stands at a block's upper corner: a headline's level, or:
#define TOP_PICTURE 0x40
#define TOP_BOX 0x41

guint8 layout_shape_top(const LayoutBlock *block, const BlockShape *shape, gboolean left);
gint32 layout_cost_of_neighbours(guint8 left, guint8 right);
gint layout_shape_text_columns(const BlockShape *shape, gint columns);
