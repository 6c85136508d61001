// SPDX-License-Identifier: Apache-2.0
//
// Implements row_scaler.h. Down first, because whole rows are weighed there at the full width of
// the machine's registers; then across, a pixel's bands at a time.
#include "imaging/row_scaler.h"

#include <math.h>
#include <string.h>

#define LOBES 3
#define BLOCK 64 // values weighed at a time: they stay in the first cache
#define LANES 4  // a pixel's bands are read as so many, whatever their number

typedef struct Weights {
  gint32 taps;
  gint32 *first; // of each outcome: the first source, may lie outside
  float *weight; // taps of each
} Weights;

struct RowScaler {
  RowScalerSize size;
  Weights down, across;
  guint8 *ring; // down.taps rows
  gint32 pushed, made;
  float *row; // one row, weighed down
  guint8 *pixels;
};

static double sinc(double x) {
  return x == 0 ? 1 : sin(G_PI * x) / (G_PI * x);
}

static double lanczos(double x) {
  return fabs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

// For `to` outcomes of the part that begins at `begin` and is `length` long.
static Weights make_weights(double begin, double length, gint32 to) {
  double scale = length / to;
  double reach = MAX(scale, 1); // never sharper than the source
  Weights weights = {.taps = (gint32)ceil(2 * LOBES * reach) + 1};
  weights.first = g_new(gint32, to);
  weights.weight = g_new(float, (gsize)to *(gsize)weights.taps);
  for (gint32 i = 0; i < to; i++) {
    double centre = begin + (i + 0.5) * scale - 0.5;
    float *weight = weights.weight + (gsize)i * (gsize)weights.taps;
    double sum = 0;
    weights.first[i] = (gint32)floor(centre - LOBES * reach) + 1;
    for (gint32 tap = 0; tap < weights.taps; tap++) {
      weight[tap] = (float)lanczos((weights.first[i] + tap - centre) / reach);
      sum += weight[tap];
    }
    for (gint32 tap = 0; tap < weights.taps; tap++) {
      weight[tap] = (float)(weight[tap] / sum);
    }
  }
  return weights;
}

static void weights_clear(Weights *weights) {
  g_free(weights->first);
  g_free(weights->weight);
}

RowScaler *row_scaler_new(const RowScalerSize *size) {
  g_assert(size->bands == 1 || size->bands == 3);
  g_assert(size->width > 0 && size->height > 0 && size->left >= 0 && size->top >= 0 &&
           size->across > 0 && size->down > 0 && size->left + size->across <= size->from_width &&
           size->top + size->down <= size->from_height);
  RowScaler *scaler = g_new0(RowScaler, 1);
  gsize values = (gsize)size->from_width * (gsize)size->bands;
  scaler->size = *size;
  scaler->down = make_weights(size->top, size->down, size->height);
  scaler->across = make_weights(size->left, size->across, size->width);
  scaler->ring = g_malloc(values * (gsize)scaler->down.taps);
  // The first and the last pixel repeated on either side as far as the weights reach.
  scaler->row = g_new0(float, values + 2 * (gsize)scaler->across.taps * (gsize)size->bands + LANES);
  scaler->pixels = g_malloc((gsize)size->width * (gsize)size->height * (gsize)size->bands);
  return scaler;
}

void row_scaler_free(RowScaler *scaler) {
  if (scaler != NULL) {
    weights_clear(&scaler->down);
    weights_clear(&scaler->across);
    g_free(scaler->ring);
    g_free(scaler->row);
    g_free(scaler->pixels);
    g_free(scaler);
  }
}

// ── the two loops that take the time ────────────────────────────────────────

// out[i] = the rows' values at i, weighed. Written for the compiler's vectors: four rows at a time,
// one block of values after another.
static inline __attribute__((always_inline)) void
weigh_rows(const guint8 *const *rows, const float *weight, gint32 taps, float *out, gsize count) {
  for (gsize begin = 0; begin < count; begin += BLOCK) {
    gsize length = MIN(BLOCK, count - begin);
    float sums[BLOCK] = {0};
    gint32 tap = 0;
    for (; tap + 4 <= taps; tap += 4) {
      const guint8 *a = rows[tap] + begin;
      const guint8 *b = rows[tap + 1] + begin;
      const guint8 *c = rows[tap + 2] + begin;
      const guint8 *d = rows[tap + 3] + begin;
      for (gsize i = 0; i < length; i++) {
        sums[i] += a[i] * weight[tap] + b[i] * weight[tap + 1] + c[i] * weight[tap + 2] +
                   d[i] * weight[tap + 3];
      }
    }
    for (; tap < taps; tap++) {
      for (gsize i = 0; i < length; i++) {
        sums[i] += rows[tap][begin + i] * weight[tap];
      }
    }
    memcpy(out + begin, sums, length * sizeof *sums);
  }
}

typedef float Pixel __attribute__((vector_size(LANES * sizeof(float))));

// `row` has its first pixel at `row`, and as many repeated before it and after its last one as
// there are taps.
static inline __attribute__((always_inline)) void
weigh_pixels(const float *row, const Weights *across, gint32 bands, guint8 *out, gint32 count) {
  for (gint32 i = 0; i < count; i++) {
    const float *weight = across->weight + (gsize)i * (gsize)across->taps;
    const float *from = row + (gssize)across->first[i] * bands;
    Pixel sum = {0.5F, 0.5F, 0.5F, 0.5F};
    for (gint32 tap = 0; tap < across->taps; tap++) {
      Pixel pixel;
      memcpy(&pixel, from + (gsize)tap * (gsize)bands, sizeof pixel);
      sum += pixel * weight[tap];
    }
    for (gint32 band = 0; band < bands; band++) {
      *out++ = (guint8)CLAMP(sum[band], 0.0F, 255.0F);
    }
  }
}

static void weigh_rows_plainly(const guint8 *const *rows, const float *weight, gint32 taps,
                               float *out, gsize count) {
  weigh_rows(rows, weight, taps, out, count);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void weigh_rows_widely(const guint8 *const *rows,
                                                                  const float *weight, gint32 taps,
                                                                  float *out, gsize count) {
  weigh_rows(rows, weight, taps, out, count);
}

static gboolean has_wide_registers(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#define weigh_rows_widely weigh_rows_plainly
static gboolean has_wide_registers(void) {
  return FALSE;
}
#endif

// ── rows in, rows out ───────────────────────────────────────────────────────

static void repeat_edges(float *row, gint32 width, gint32 bands, gint32 times) {
  for (gint32 i = 1; i <= times; i++) {
    memcpy(row - (gssize)i * bands, row, (gsize)bands * sizeof *row);
    memcpy(row + (gsize)(width - 1 + i) * (gsize)bands, row + (gsize)(width - 1) * (gsize)bands,
           (gsize)bands * sizeof *row);
  }
}

static void make_row(RowScaler *scaler) {
  const RowScalerSize *size = &scaler->size;
  gsize values = (gsize)size->from_width * (gsize)size->bands;
  gint32 first = scaler->down.first[scaler->made];
  const float *weight = scaler->down.weight + (gsize)scaler->made * (gsize)scaler->down.taps;
  g_autofree const guint8 **rows = g_new(const guint8 *, (gsize)scaler->down.taps);
  for (gint32 tap = 0; tap < scaler->down.taps; tap++) {
    gint32 number = CLAMP(first + tap, 0, size->from_height - 1);
    rows[tap] = scaler->ring + (gsize)(number % scaler->down.taps) * values;
  }
  float *row = scaler->row + (gsize)scaler->across.taps * (gsize)size->bands;
  (has_wide_registers() ? weigh_rows_widely : weigh_rows_plainly)(rows, weight, scaler->down.taps,
                                                                  row, values);
  repeat_edges(row, size->from_width, size->bands, scaler->across.taps);
  weigh_pixels(row, &scaler->across, size->bands,
               scaler->pixels + (gsize)scaler->made * (gsize)size->width * (gsize)size->bands,
               size->width);
  scaler->made++;
}

void row_scaler_push(RowScaler *scaler, const guint8 *row) {
  const RowScalerSize *size = &scaler->size;
  gsize values = (gsize)size->from_width * (gsize)size->bands;
  g_assert(scaler->pushed < size->from_height);
  memcpy(scaler->ring + (gsize)(scaler->pushed % scaler->down.taps) * values, row, values);
  scaler->pushed++;
  while (scaler->made < size->height && MIN(scaler->down.first[scaler->made] + scaler->down.taps,
                                            size->from_height) <= scaler->pushed) {
    make_row(scaler);
  }
}

const guint8 *row_scaler_pixels(const RowScaler *scaler) {
  return scaler->pixels;
}
