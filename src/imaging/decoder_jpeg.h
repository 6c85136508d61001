// SPDX-License-Identifier: Apache-2.0
//
// The short way for most of what a newspaper has: a rectangle of a JPEG in colour or grey, decoded
// at 1/N and scaled down row by row, without a pipeline around it. Called by decoder_pixels.c in
// the sandboxed process, which takes the long way (libvips) for whatever is refused here:
// everything that is out of the ordinary, and everything that is damaged. One thread.
#pragma once

#include "base/slice.h"
#include "imaging/row_scaler.h"
#include "model/image.h"

typedef struct JpegLibrary JpegLibrary;
JpegLibrary *jpeg_library_load(void); // NULL: there is none of the kind we know
void jpeg_library_free(JpegLibrary *library);

typedef struct JpegWish {
  Slice file;
  gint32 shrink;        // N of 1, 2, 4, 8
  CropRectangle crop;   // of the picture as stored, in its own pixels: need not be a multiple of N
  gint32 width, height; // of the outcome
} JpegWish;

typedef struct JpegOutcome {
  RowScaler *scaler; // has the pixels: 3 bands of RGB or 1 of grey
  gint32 bands;
  GBytes *profile; // ICC; NULL: none
} JpegOutcome;

// FALSE: it must go the long way; nothing is said about why. Else the caller clears the outcome.
gboolean jpeg_scale(const JpegLibrary *library, const JpegWish *wish, JpegOutcome *ret_outcome);
void jpeg_outcome_clear(JpegOutcome *outcome);
