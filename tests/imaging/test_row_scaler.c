// SPDX-License-Identifier: Apache-2.0
//
// The row scaler against the same sum written down plainly in doubles: sizes, parts that begin and
// end inside a pixel, grey and colour, edges. Does not cover: decoders (test_rendition).
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "imaging/row_scaler.h"

static guint8 *make_rows(const RowScalerSize *size) {
  guint8 *rows = g_malloc((gsize)size->from_width * (gsize)size->from_height * (gsize)size->bands);
  for (gint32 y = 0, at = 0; y < size->from_height; y++) {
    for (gint32 x = 0; x < size->from_width * size->bands; x++, at++) {
      rows[at] = (guint8)((x * 7 + y * 3) % 251 ^ ((x / 5 + y / 4) % 2 ? 0xC0 : 0));
    }
  }
  return rows;
}

static double weigh(double x) {
  return fabs(x) >= 3 ? 0
         : x == 0     ? 1
                      : 3 * sin(G_PI * x) * sin(G_PI * x / 3) / (G_PI * G_PI * x * x);
}

static double sample(const RowScalerSize *size, const guint8 *rows, gint32 i, gint32 j,
                     gint32 band) {
  double scale_x = size->across / size->width;
  double scale_y = size->down / size->height;
  double x = size->left + (i + 0.5) * scale_x - 0.5;
  double y = size->top + (j + 0.5) * scale_y - 0.5;
  double reach_x = MAX(scale_x, 1);
  double reach_y = MAX(scale_y, 1);
  double sum = 0;
  double weights = 0;
  for (gint32 v = (gint32)floor(y - 3 * reach_y); v <= y + 3 * reach_y; v++) {
    for (gint32 u = (gint32)floor(x - 3 * reach_x); u <= x + 3 * reach_x; u++) {
      double weight = weigh((u - x) / reach_x) * weigh((v - y) / reach_y);
      gint32 row = CLAMP(v, 0, size->from_height - 1);
      gint32 column = CLAMP(u, 0, size->from_width - 1);
      sum += weight * rows[(row * size->from_width + column) * size->bands + band];
      weights += weight;
    }
  }
  return CLAMP(sum / weights, 0, 255);
}

static void check(const RowScalerSize *size) {
  g_autofree guint8 *rows = make_rows(size);
  g_autoptr(RowScaler) scaler = row_scaler_new(size);
  for (gint32 y = 0; y < size->from_height; y++) {
    // A copy of its own: what is read behind its end is found by the sanitizer.
    gsize length = (gsize)size->from_width * (gsize)size->bands;
    g_autofree guint8 *row = g_memdup2(rows + (gsize)y * length, length);
    row_scaler_push(scaler, row);
  }
  const guint8 *made = row_scaler_pixels(scaler);
  for (gint32 j = 0; j < size->height; j++) {
    for (gint32 i = 0; i < size->width; i++) {
      for (gint32 band = 0; band < size->bands; band++) {
        double expected = sample(size, rows, i, j, band);
        if (fabs(*made - expected) > 0.6) {
          fail_msg("%dx%d to %dx%d at %d, %d: %d is not %.2f", size->from_width, size->from_height,
                   size->width, size->height, i, j, *made, expected);
        }
        made++;
      }
    }
  }
}

static void test_like_the_sum(void **state) {
  static const RowScalerSize CASES[] = {{.from_width = 97,
                                         .from_height = 61,
                                         .across = 97,
                                         .down = 61,
                                         .width = 40,
                                         .height = 25,
                                         .bands = 3},
                                        {.from_width = 97,
                                         .from_height = 61,
                                         .across = 97,
                                         .down = 61,
                                         .width = 40,
                                         .height = 25,
                                         .bands = 1},
                                        {.from_width = 90,
                                         .from_height = 50,
                                         .left = 0.5,
                                         .top = 0.75,
                                         .across = 88.25,
                                         .down = 49,
                                         .width = 31,
                                         .height = 17,
                                         .bands = 3},
                                        {.from_width = 200,
                                         .from_height = 130,
                                         .left = 0.125,
                                         .top = 0.875,
                                         .across = 199.5,
                                         .down = 129.125,
                                         .width = 7,
                                         .height = 5,
                                         .bands = 3},
                                        {.from_width = 64,
                                         .from_height = 48,
                                         .across = 64,
                                         .down = 48,
                                         .width = 64,
                                         .height = 48,
                                         .bands = 3},
                                        {.from_width = 33,
                                         .from_height = 9,
                                         .left = 0.5,
                                         .across = 32.5,
                                         .down = 9,
                                         .width = 33,
                                         .height = 9,
                                         .bands = 1},
                                        {.from_width = 1,
                                         .from_height = 1,
                                         .across = 1,
                                         .down = 1,
                                         .width = 1,
                                         .height = 1,
                                         .bands = 3},
                                        {.from_width = 1,
                                         .from_height = 300,
                                         .across = 1,
                                         .down = 300,
                                         .width = 1,
                                         .height = 2,
                                         .bands = 1},
                                        {.from_width = 300,
                                         .from_height = 1,
                                         .across = 300,
                                         .down = 1,
                                         .width = 1,
                                         .height = 1,
                                         .bands = 3},
                                        {.from_width = 65,
                                         .from_height = 65,
                                         .across = 65,
                                         .down = 65,
                                         .width = 64,
                                         .height = 64,
                                         .bands = 3}};
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    check(&CASES[i]);
  }
}

// What is all of one colour stays so, to the last bit and up to the edges.
static void test_flat(void **state) {
  const RowScalerSize size = {.from_width = 101,
                              .from_height = 77,
                              .left = 0.3,
                              .across = 100.5,
                              .down = 77,
                              .width = 33,
                              .height = 21,
                              .bands = 3};
  for (guint value = 0; value < 256; value += 5) {
    g_autoptr(RowScaler) scaler = row_scaler_new(&size);
    guint8 row[303];
    for (gsize i = 0; i < sizeof row; i++) {
      row[i] = (guint8)value;
    }
    for (gint32 y = 0; y < size.from_height; y++) {
      row_scaler_push(scaler, row);
    }
    for (gint32 i = 0; i < size.width * size.height * size.bands; i++) {
      assert_int_equal(row_scaler_pixels(scaler)[i], value);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_like_the_sum),
                                     cmocka_unit_test(test_flat)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
