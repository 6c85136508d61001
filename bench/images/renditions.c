// SPDX-License-Identifier: Apache-2.0
//
// Asks imaging/rendition directly, without HTTP, from so many threads at once; for
// bench/images/run.py.
//   renditions PROGRAM ORIGINAL CACHE WORKERS THREADS COUNT FORMAT WIDTH X Y W H STEP [OUT]
// Rectangle i is moved right by i * STEP pixels, so that each is another picture. FORMAT "ladder":
// one rectangle in 6 widths x 3 formats, COUNT times. Prints "seconds images peak_kilobytes
// decodes".
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imaging/rendition.h"

typedef struct Bench {
  Renditioner *renditioner;
  Image *image;
  int fd;
  CropRectangle crop;
  gint32 step, width;
  ImageFormat format; // FORMAT_UNKNOWN: a ladder
  gint count, next;
  const char *out;
} Bench;

static const gint32 WIDTHS[] = {1920, 1280, 810, 640, 480, 320};
static const ImageFormat FORMATS[] = {FORMAT_JPEG, FORMAT_WEBP, FORMAT_AVIF};
#define LADDER (G_N_ELEMENTS(WIDTHS) * G_N_ELEMENTS(FORMATS))

static void ask(Bench *bench, guint number) {
  guint picture = bench->format == FORMAT_UNKNOWN ? number / LADDER : number;
  guint rung = number % LADDER;
  RenditionRequest request = {
      .image = bench->image, .original_fd = bench->fd, .aspect = ASPECT_16X9, .crop = bench->crop};
  request.width =
      bench->format == FORMAT_UNKNOWN ? WIDTHS[rung % G_N_ELEMENTS(WIDTHS)] : bench->width;
  request.format =
      bench->format == FORMAT_UNKNOWN ? FORMATS[rung / G_N_ELEMENTS(WIDTHS)] : bench->format;
  request.crop.x += (gint32)picture * bench->step;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = rendition_get(bench->renditioner, &request, &error);
  if (bytes == NULL) {
    fprintf(stderr, "renditions: %s\n", error->message);
    exit(1);
  }
  if (bench->out != NULL && number == 0) {
    g_file_set_contents(bench->out, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                        NULL);
  }
}

static gpointer work(gpointer data) {
  Bench *bench = data;
  for (;;) {
    gint number = g_atomic_int_add(&bench->next, 1);
    if (number >= bench->count) {
      return NULL;
    }
    ask(bench, (guint)number);
  }
}

static void run(Bench *bench, guint thread_count, gint first, gint count) {
  g_autoptr(GPtrArray) threads = g_ptr_array_new();
  bench->next = first;
  bench->count = first + count;
  for (guint i = 0; i < thread_count; i++) {
    g_ptr_array_add(threads, g_thread_new("asker", work, bench));
  }
  for (guint i = 0; i < threads->len; i++) {
    g_thread_join(g_ptr_array_index(threads, i));
  }
}

static ImageFormat format_named(const char *name) {
  ImageFormat format = FORMAT_UNKNOWN;
  (void)image_format_parse_extension(slice_of(name), &format);
  return format;
}

int main(int argc, char **argv) {
  if (argc < 14) {
    fputs("usage: see the head of renditions.c\n", stderr);
    return 2;
  }
  g_autoptr(GError) error = NULL;
  RenditionOptions options = {.program = argv[1],
                              .cache_folder = argv[3],
                              .cache_bytes = G_GINT64_CONSTANT(8) << 30,
                              .workers = (guint)atoi(argv[4]),
                              .queue = 1024};
  Bench bench = {.image = image_new(),
                 .fd = open(argv[2], O_RDONLY | O_CLOEXEC),
                 .format = format_named(argv[7]),
                 .width = atoi(argv[8]),
                 .step = atoi(argv[13]),
                 .out = argc > 14 ? argv[14] : NULL};
  bench.crop = (CropRectangle){atoi(argv[9]), atoi(argv[10]), atoi(argv[11]), atoi(argv[12])};
  bench.image->hash = g_strdup_printf("%016" G_GINT64_MODIFIER "x", (guint64)g_get_real_time());
  bench.renditioner = renditioner_new(&options, &error);
  if (bench.renditioner == NULL) {
    fprintf(stderr, "renditions: %s\n", error->message);
    return 1;
  }
  gint images = bench.format == FORMAT_UNKNOWN ? atoi(argv[6]) * (gint)LADDER : atoi(argv[6]);
  gint warm = bench.format == FORMAT_UNKNOWN ? (gint)LADDER
                                             : 2 * atoi(argv[4]); // the decoders start with these
  run(&bench, (guint)atoi(argv[5]), 0, warm);
  gint64 start = g_get_monotonic_time();
  run(&bench, (guint)atoi(argv[5]), warm, images);
  double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  RenditionStatistics statistics;
  rendition_statistics(bench.renditioner, &statistics);
  printf("%.3f %d %d %" G_GUINT64_FORMAT "\n", seconds, images, 0, statistics.decodes);
  if (argc > 15) { // waits, so that memory can be looked at
    fflush(stdout);
    (void)getchar();
  }
  renditioner_free(bench.renditioner);
  image_free(bench.image);
  return 0;
}
