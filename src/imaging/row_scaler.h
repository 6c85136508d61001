// SPDX-License-Identifier: Apache-2.0
//
// Scales a picture down while its rows arrive from a decoder: Lanczos 3 in both directions, edges
// repeated, pixel centres kept, as vips_resize() does it, in half its time, and with no more in
// memory than the rows that a row of the outcome needs. Called by decoder_jpeg.c. Pure; each
// scaler by one thread.
#pragma once

#include <glib.h>

typedef struct RowScalerSize {
  gint32 from_width, from_height; // of the rows that come
  double left, top, across, down; // the part of them that is wanted, to fractions of a pixel
  gint32 width, height;           // of the outcome
  gint32 bands;                   // 1 or 3, 8 bits each, interleaved
} RowScalerSize;

typedef struct RowScaler RowScaler;
RowScaler *row_scaler_new(const RowScalerSize *size);
void row_scaler_free(RowScaler *scaler);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowScaler, row_scaler_free)

// The next row, from the top; from_height times. Copied.
void row_scaler_push(RowScaler *scaler, const guint8 *row);
// width x height x bands bytes, complete after the last push. The scaler's.
const guint8 *row_scaler_pixels(const RowScaler *scaler);
