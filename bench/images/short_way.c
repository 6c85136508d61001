// SPDX-License-Identifier: Apache-2.0
//
// What the decoder process makes of a JPEG, before any encoder has touched it: for
// bench/images/run, which compares it with a full decode.
//   short_way ORIGINAL OUT.ppm SHRINK X Y W H WIDTH HEIGHT
#include <stdio.h>
#include <stdlib.h>

#include "imaging/decoder_jpeg.h"

int main(int argc, char **argv) {
  g_autofree char *bytes = NULL;
  gsize length = 0;
  JpegOutcome outcome;
  JpegLibrary *library = jpeg_library_load();
  if (argc != 10 || library == NULL || !g_file_get_contents(argv[1], &bytes, &length, NULL)) {
    fputs("usage: see the head of short_way.c\n", stderr);
    return 2;
  }
  const JpegWish wish = {.file = {bytes, length},
                         .shrink = atoi(argv[3]),
                         .crop = {atoi(argv[4]), atoi(argv[5]), atoi(argv[6]), atoi(argv[7])},
                         .width = atoi(argv[8]),
                         .height = atoi(argv[9])};
  if (!jpeg_scale(library, &wish, &outcome) || outcome.bands != 3) {
    fputs("short_way: this picture goes the long way\n", stderr);
    return 1;
  }
  FILE *file = fopen(argv[2], "wb");
  if (file == NULL) {
    return 1;
  }
  fprintf(file, "P6\n%d %d\n255\n", wish.width, wish.height);
  fwrite(row_scaler_pixels(outcome.scaler), 3, (gsize)wish.width * (gsize)wish.height, file);
  jpeg_outcome_clear(&outcome);
  jpeg_library_free(library);
  return fclose(file) == 0 ? 0 : 1;
}
