// SPDX-License-Identifier: Apache-2.0
//
// Implements decoder_jpeg.h: the only file that knows libjpeg. It is the same libjpeg that libvips
// has, so what it is loaded for is in the process already. A warning is as bad as an error here.
#include "imaging/decoder_jpeg.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

// clang-format off
#define JPEG_CALLS(X)                                                                              \
  X(std_error) X(CreateDecompress) X(mem_src) X(save_markers) X(read_header)                       \
  X(has_multiple_scans) X(start_decompress) X(crop_scanline) X(read_scanlines)                     \
  X(read_icc_profile) X(destroy_decompress)
// clang-format on

#define PROFILE_MARKER (JPEG_APP0 + 2)
#define MARGIN 16 // columns decoded on either side, so that chroma is interpolated as in the whole

struct JpegLibrary {
#define FIELD(name) __typeof__(jpeg_##name) *name;
  JPEG_CALLS(FIELD)
#undef FIELD
};

typedef struct Reading {
  struct jpeg_decompress_struct state;
  struct jpeg_error_mgr errors;
  jmp_buf refuse;
  RowScaler *scaler;
  guint8 *row;
  JOCTET *profile;
  unsigned profile_length;
} Reading;

JpegLibrary *jpeg_library_load(void) {
  void *handle = dlopen("libjpeg.so.62", RTLD_NOW | RTLD_LOCAL);
  JpegLibrary *library = g_new0(JpegLibrary, 1);
  gboolean whole = handle != NULL;
#define LOAD(name)                                                                                 \
  if (whole) {                                                                                     \
    *(void **)&library->name = dlsym(handle, "jpeg_" #name);                                       \
    whole = library->name != NULL;                                                                 \
  }
  JPEG_CALLS(LOAD)
#undef LOAD
  if (!whole) {
    g_free(library);
    return NULL;
  }
  return library;
}

void jpeg_library_free(JpegLibrary *library) {
  g_free(library);
}

static G_NORETURN void refuse(j_common_ptr state) {
  longjmp(((Reading *)state->client_data)->refuse, 1);
}

static void hear(j_common_ptr state, int level) {
  if (level < 0) {
    refuse(state);
  }
}

static void start(const JpegLibrary *library, Reading *reading, const JpegWish *wish) {
  struct jpeg_decompress_struct *state = &reading->state;
  library->CreateDecompress(state, JPEG_LIB_VERSION, sizeof *state);
  library->save_markers(state, PROFILE_MARKER, 0xFFFF);
  library->mem_src(state, (const unsigned char *)wish->file.data, wish->file.length);
  (void)library->read_header(state, TRUE);
  if (state->data_precision != 8 ||
      !((state->num_components == 3 && state->jpeg_color_space == JCS_YCbCr) ||
        (state->num_components == 1 && state->jpeg_color_space == JCS_GRAYSCALE))) {
    refuse((j_common_ptr)state);
  }
  state->out_color_space = state->num_components == 3 ? JCS_RGB : JCS_GRAYSCALE;
  state->scale_num = 1;
  state->scale_denom = (unsigned)wish->shrink;
  (void)library->start_decompress(state);
}

// The part of the rows at 1/N that holds the rectangle, whole pixels of it.
static CropRectangle part_to_read(const struct jpeg_decompress_struct *state,
                                  const JpegWish *wish) {
  CropRectangle crop = wish->crop;
  gint32 n = wish->shrink;
  gint32 left = crop.x / n;
  gint32 top = crop.y / n;
  gint32 right = MIN((crop.x + crop.width + n - 1) / n, (gint32)state->output_width);
  gint32 bottom = MIN((crop.y + crop.height + n - 1) / n, (gint32)state->output_height);
  return (CropRectangle){left, top, right - left, bottom - top};
}

static RowScaler *make_scaler(const JpegWish *wish, CropRectangle part, gint32 bands) {
  double n = wish->shrink;
  RowScalerSize size = {.from_width = part.width,
                        .from_height = part.height,
                        .left = wish->crop.x / n - part.x,
                        .top = wish->crop.y / n - part.y,
                        .width = wish->width,
                        .height = wish->height,
                        .bands = bands};
  size.across = MIN(wish->crop.width / n, size.from_width - size.left);
  size.down = MIN(wish->crop.height / n, size.from_height - size.top);
  return row_scaler_new(&size);
}

// Decodes from the top and stops below the rectangle; beside it, only a margin.
static void read_rows(const JpegLibrary *library, Reading *reading, const JpegWish *wish) {
  struct jpeg_decompress_struct *state = &reading->state;
  CropRectangle part = part_to_read(state, wish);
  gint32 bands = state->out_color_components;
  if (part.x < 0 || part.y < 0 || part.width < 1 || part.height < 1) {
    refuse((j_common_ptr)state);
  }
  JDIMENSION left = (JDIMENSION)MAX(0, part.x - MARGIN);
  JDIMENSION width = MIN(state->output_width, (JDIMENSION)(part.x + part.width + MARGIN)) - left;
  reading->row = g_malloc((gsize)state->output_width * (gsize)bands);
  reading->scaler = make_scaler(wish, part, bands);
  if (library->has_multiple_scans(state)) {
    left = 0;
  } else {
    library->crop_scanline(state, &left, &width);
  }
  for (gint32 y = 0; y < part.y + part.height; y++) {
    JSAMPROW row = reading->row;
    (void)library->read_scanlines(state, &row, 1);
    if (y >= part.y) {
      row_scaler_push(reading->scaler, row + (gsize)(part.x - (gint32)left) * (gsize)bands);
    }
  }
  (void)library->read_icc_profile(state, &reading->profile, &reading->profile_length);
}

gboolean jpeg_scale(const JpegLibrary *library, const JpegWish *wish, JpegOutcome *ret_outcome) {
  // On the heap: what is changed after setjmp() must not be in registers.
  g_autofree Reading *reading = g_new0(Reading, 1);
  volatile gboolean done = FALSE;
  reading->state.err = library->std_error(&reading->errors);
  reading->state.client_data = reading;
  reading->errors.error_exit = refuse;
  reading->errors.emit_message = hear;
  if (setjmp(reading->refuse) == 0) {
    start(library, reading, wish);
    read_rows(library, reading, wish);
    done = TRUE;
  }
  library->destroy_decompress(&reading->state);
  g_free(reading->row);
  if (!done) {
    free(reading->profile);
    row_scaler_free(reading->scaler);
    return FALSE;
  }
  *ret_outcome =
      (JpegOutcome){.scaler = reading->scaler, .bands = reading->state.num_components == 3 ? 3 : 1};
  if (reading->profile != NULL) {
    ret_outcome->profile = g_bytes_new_with_free_func(reading->profile, reading->profile_length,
                                                      free, reading->profile);
  }
  return TRUE;
}

void jpeg_outcome_clear(JpegOutcome *outcome) {
  g_clear_pointer(&outcome->scaler, row_scaler_free);
  g_clear_pointer(&outcome->profile, g_bytes_unref);
}
