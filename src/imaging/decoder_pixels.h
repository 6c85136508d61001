// SPDX-License-Identifier: Apache-2.0
//
// Pixels inside the decoder process: decoding, cutting, scaling, colour, orientation, encoding.
// The only door to libvips, which is loaded when the decoder starts: the server itself is never
// linked to it and its hundred libraries. One thread.
#pragma once

#include "imaging/decoder_protocol.h"

typedef struct Pixels Pixels;
// Loads libvips, shuts out all loaders but four, and makes one small picture in every format, so
// that nothing need be opened later. NULL: *ret_message says why.
Pixels *pixels_new(char **ret_message);
void pixels_free(Pixels *pixels);

// DECODER_OPEN, _MAKE and _VERIFY. They fill *answer; fds are borrowed.
void pixels_open(Pixels *pixels, const DecoderRequest *request, int original,
                 DecoderAnswer *answer);
void pixels_make(Pixels *pixels, const DecoderRequest *request, int output, DecoderAnswer *answer);
void pixels_verify(Pixels *pixels, const DecoderRequest *request, int original,
                   DecoderAnswer *answer);
