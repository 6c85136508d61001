// SPDX-License-Identifier: Apache-2.0
//
// What a PNG's compressed texts and colour profile unpack to (zTXt, iTXt, iCCP): decoders unpack
// them whole, so that 50 KB of file may cost them 50 MB. For image_header.c. Pure; any thread.
#pragma once

#include "base/slice.h"

#define PNG_TEXT_LIMIT                                                                             \
  (4u << 20) // bytes, all of a file's together; profiles and captions have some KB

// `bytes` begins with PNG's eight. FALSE: they unpack to more than PNG_TEXT_LIMIT. What can't be
// unpacked counts as far as it goes.
gboolean png_text_is_bounded(Slice bytes);
