// SPDX-License-Identifier: Apache-2.0
//
// Implements decoder_pixels.h: the only file that knows libvips. Called by decoder.c in the
// sandboxed process. Decodes at 1/N where the format can (JPEG by its DCT, WebP by its scaler),
// cuts, scales with Lanczos 3, converts to sRGB, turns upright, encodes without any of the
// original's metadata. Longer than 600 lines because nobody else may know libvips.
#include "imaging/decoder_pixels.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vips/vips.h>

#include "base/file.h"
#include "imaging/decoder_jpeg.h"
#include "imaging/image_container.h"
#include "imaging/image_metadata.h"

// ── libvips, loaded at run time ─────────────────────────────────────────────

// clang-format off
#define VIPS_CALLS(X)                                                                              \
  X(init) X(version) X(cache_set_max) X(concurrency_set) X(operation_block_set)                    \
  X(error_buffer) X(error_clear)                                                                   \
  X(image_new_from_memory_copy) X(source_new_from_memory) X(jpegload_source) X(pngload_source) X(webpload_source)                \
  X(gifload_source)                                                                                \
  X(jpegsave_buffer) X(webpsave_buffer) X(heifsave_buffer)                                         \
  X(image_new_memory) X(image_write) X(image_get_interpretation) X(image_get_typeof)               \
  X(image_get_blob) X(image_get_fields) X(image_remove) X(image_set_blob_copy) X(image_hasalpha)   \
  X(crop) X(resize) X(premultiply) X(unpremultiply) X(colourspace) X(icc_transform) X(cast)        \
  X(flatten) X(rot) X(flip) X(copy) X(avg) X(extract_band) X(black) X(array_double_new)            \
  X(area_unref)
// clang-format on

typedef struct Vips {
#define FIELD(name) __typeof__(vips_##name) *name;
  VIPS_CALLS(FIELD)
#undef FIELD
} Vips;

// libvips' own names have cleanup functions in some releases and none in others.
typedef VipsImage Picture;
typedef VipsSource PictureSource;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Picture, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PictureSource, g_object_unref)

#define LEVELS 8

struct Pixels {
  Vips vips;
  VipsImage *levels[LEVELS]; // what is open, upright sRGB in memory: [0] the widest, then what was
                             // made of it
  guint level_count;
  char *xmp;         // NULL: nothing to say
  JpegLibrary *jpeg; // NULL: everything goes through libvips
};

// How good the encoders are told to be: chosen with bench/images, where the three are compared at
// equal SSIM.
#define JPEG_QUALITY 80
#define WEBP_QUALITY 82
#define WEBP_EFFORT 2
#define AVIF_QUALITY 62
#define AVIF_EFFORT 1

// A decoded picture at least this much wider than what is wanted is as good as a full decode
// (bench/images).
#define SHRINK_RESERVE 1.5
#define KEEP_BYTES                                                                                 \
  (G_GINT64_CONSTANT(96) << 20) // a decoded rectangle up to this size is kept for the ladder

static gboolean load_library(Vips *vips, char **ret_message) {
  void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    *ret_message =
        g_strdup_printf("libvips can't be loaded (%s): install the package libvips42", dlerror());
    return FALSE;
  }
#define LOAD(name)                                                                                 \
  *(void **)&vips->name = dlsym(library, "vips_" #name);                                           \
  if (vips->name == NULL) {                                                                        \
    *ret_message = g_strdup("libvips has no vips_" #name ": 8.14 or later is needed");             \
    return FALSE;                                                                                  \
  }
  VIPS_CALLS(LOAD)
#undef LOAD
  return TRUE;
}

// Debian keeps the AVIF encoder in a module. libvips would load all its modules, ImageMagick's and
// PDF's among them: VIPSHOME (set by decoder_client.c) leads it astray, and only this one is
// loaded, by hand.
static void load_avif_module(const Vips *vips) {
  Dl_info where;
  if (dladdr((void *)vips->init, &where) == 0) {
    return;
  }
  g_autofree char *folder = g_path_get_dirname(where.dli_fname);
  g_autofree char *path = g_strdup_printf("%s/vips-modules-%d.%d/vips-heif.so", folder,
                                          vips->version(0), vips->version(1));
  void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const char *(*check)(void *) = NULL;
  if (module != NULL) {
    *(void **)&check = dlsym(module, "g_module_check_init");
  }
  if (check != NULL) {
    check(NULL);
  }
}

// ── encoding ────────────────────────────────────────────────────────────────

static gboolean encode_jpeg(Pixels *pixels, VipsImage *image, void **bytes, size_t *length) {
  return pixels->vips.jpegsave_buffer(image, bytes, length, "Q", JPEG_QUALITY, "strip", TRUE,
                                      "optimize_coding", TRUE, "interlace", FALSE, NULL) == 0;
}

static gboolean encode_webp(Pixels *pixels, VipsImage *image, void **bytes, size_t *length) {
  return pixels->vips.webpsave_buffer(image, bytes, length, "Q", WEBP_QUALITY, "effort",
                                      WEBP_EFFORT, "strip", TRUE, NULL) == 0;
}

static gboolean encode_avif(Pixels *pixels, VipsImage *image, void **bytes, size_t *length) {
  if (pixels->xmp != NULL) {
    pixels->vips.image_set_blob_copy(image, VIPS_META_XMP_NAME, pixels->xmp, strlen(pixels->xmp));
  }
  return pixels->vips.heifsave_buffer(
             image, bytes, length, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q",
             AVIF_QUALITY, "effort", AVIF_EFFORT, "strip", pixels->xmp == NULL, NULL) == 0;
}

// JPEG has no alpha: it is laid on white paper.
static VipsImage *without_alpha(Pixels *pixels, VipsImage *image) {
  static const double WHITE[3] = {255, 255, 255};
  const Vips *vips = &pixels->vips;
  VipsImage *flat = NULL;
  if (!vips->image_hasalpha(image)) {
    return g_object_ref(image);
  }
  VipsArrayDouble *white = vips->array_double_new(WHITE, 3);
  gboolean done = vips->flatten(image, &flat, "background", white, NULL) == 0;
  vips->area_unref((VipsArea *)white);
  return done ? flat : NULL;
}

static GBytes *encode(Pixels *pixels, VipsImage *image, ImageFormat format) {
  void *bytes = NULL;
  size_t length = 0;
  gboolean done = FALSE;
  g_autoptr(GBytes) plain = NULL;
  if (format == FORMAT_JPEG) {
    g_autoptr(Picture) flat = without_alpha(pixels, image);
    done = flat != NULL && encode_jpeg(pixels, flat, &bytes, &length);
  } else if (format == FORMAT_WEBP) {
    done = encode_webp(pixels, image, &bytes, &length);
  } else if (format == FORMAT_AVIF) {
    done = encode_avif(pixels, image, &bytes, &length);
  }
  if (!done) {
    return NULL;
  }
  plain = g_bytes_new_take(bytes, length);
  if (pixels->xmp == NULL || format == FORMAT_AVIF) {
    return g_steal_pointer(&plain);
  }
  return image_container_add_xmp(plain, format, pixels->xmp);
}

// ── decoding ────────────────────────────────────────────────────────────────

// Where a rectangle of the upright picture lies in the picture as it is stored
// (EXIF 2.32, 4.6.5.1.6).
static CropRectangle stored_rectangle(CropRectangle crop, gint32 orientation, gint32 width,
                                      gint32 height) {
  gint32 right = width - crop.x - crop.width;
  gint32 below = height - crop.y - crop.height;
  switch (orientation) {
  case 2:
    return (CropRectangle){right, crop.y, crop.width, crop.height};
  case 3:
    return (CropRectangle){right, below, crop.width, crop.height};
  case 4:
    return (CropRectangle){crop.x, below, crop.width, crop.height};
  case 5:
    return (CropRectangle){crop.y, crop.x, crop.height, crop.width};
  case 6:
    return (CropRectangle){crop.y, right, crop.height, crop.width};
  case 7:
    return (CropRectangle){below, right, crop.height, crop.width};
  case 8:
    return (CropRectangle){below, crop.x, crop.height, crop.width};
  default:
    return crop;
  }
}

// The file is mapped and never read by its descriptor: other decoders share that one's position.
static VipsImage *load(Pixels *pixels, ImageFormat format, Slice file, gint32 shrink) {
  const Vips *vips = &pixels->vips;
  VipsImage *image = NULL;
  g_autoptr(PictureSource) source = vips->source_new_from_memory(file.data, file.length);
  if (source == NULL) {
    return NULL;
  }
  switch (format) {
  case FORMAT_JPEG:
    vips->jpegload_source(source, &image, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL,
                          "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    break;
  case FORMAT_PNG:
    vips->pngload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                         VIPS_FAIL_ON_TRUNCATED, NULL);
    break;
  case FORMAT_WEBP:
    vips->webpload_source(source, &image, "scale", 1.0 / shrink, "access", VIPS_ACCESS_SEQUENTIAL,
                          "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    break;
  case FORMAT_GIF:
    vips->gifload_source(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
                         VIPS_FAIL_ON_TRUNCATED, NULL);
    break;
  default:
    break;
  }
  return image;
}

// The largest N of 1, 2, 4, 8 that leaves enough pixels.
static gint32 choose_shrink(ImageFormat format, gint32 crop_width, gint32 wanted) {
  gint32 shrink = 1;
  if (format != FORMAT_JPEG && format != FORMAT_WEBP) {
    return 1;
  }
  while (shrink < 8 && crop_width >= SHRINK_RESERVE * wanted * shrink * 2) {
    shrink *= 2;
  }
  return shrink;
}

// The rectangle in the picture decoded at 1/N: its origin snapped to the grid of N, divided by
// exactly N.
static CropRectangle shrunk_rectangle(CropRectangle crop, gint32 shrink, gint32 width,
                                      gint32 height) {
  gint32 x = MIN((crop.x + shrink / 2) / shrink, width - 1);
  gint32 y = MIN((crop.y + shrink / 2) / shrink, height - 1);
  return (CropRectangle){x, y, CLAMP((crop.width + shrink / 2) / shrink, 1, width - x),
                         CLAMP((crop.height + shrink / 2) / shrink, 1, height - y)};
}

// Replaces *image by the outcome of an operation; FALSE leaves it as it was.
static gboolean become(VipsImage **image, int result, VipsImage **made) {
  if (result != 0 || *made == NULL) {
    return FALSE;
  }
  g_object_unref(*image);
  *image = g_steal_pointer(made);
  return TRUE;
}

static gboolean scale_to(Pixels *pixels, VipsImage **image, gint32 width, gint32 height) {
  const Vips *vips = &pixels->vips;
  VipsImage *made = NULL;
  double across = (double)width / (*image)->Xsize;
  double down = (double)height / (*image)->Ysize;
  if (width == (*image)->Xsize && height == (*image)->Ysize) {
    return TRUE;
  }
  gboolean alpha = vips->image_hasalpha(*image);
  VipsBandFormat format = (*image)->BandFmt;
  if (alpha && !become(image, vips->premultiply(*image, &made, NULL), &made)) {
    return FALSE;
  }
  if (!become(
          image,
          vips->resize(*image, &made, across, "vscale", down, "kernel", VIPS_KERNEL_LANCZOS3, NULL),
          &made)) {
    return FALSE;
  }
  if (alpha && !become(image, vips->unpremultiply(*image, &made, NULL), &made)) {
    return FALSE;
  }
  return !alpha || become(image, vips->cast(*image, &made, format, NULL), &made);
}

static gboolean profile_is_srgb(const void *profile, size_t length) {
  Slice bytes = {profile, length};
  return length < 8192 && (slice_find(bytes, SLICE_LITERAL("sRGB IEC61966-2.1")) >= 0 ||
                           slice_find(bytes, SLICE_LITERAL("s\0R\0G\0B\0 \0I\0E\0C\0")) >= 0 ||
                           slice_find(bytes, SLICE_LITERAL("\0s\0R\0G\0B")) >= 0);
}

// To 8-bit sRGB or grey. A profile that makes no sense is passed over.
static gboolean to_srgb(Pixels *pixels, VipsImage **image) {
  const Vips *vips = &pixels->vips;
  VipsImage *made = NULL;
  const void *profile = NULL;
  size_t length = 0;
  gboolean cmyk = vips->image_get_interpretation(*image) == VIPS_INTERPRETATION_CMYK;
  gboolean embedded = vips->image_get_typeof(*image, VIPS_META_ICC_NAME) != 0 &&
                      vips->image_get_blob(*image, VIPS_META_ICC_NAME, &profile, &length) == 0;
  if ((cmyk || embedded) && !(embedded && profile_is_srgb(profile, length))) {
    (void)become(image,
                 vips->icc_transform(*image, &made, "srgb", "embedded", TRUE, "input_profile",
                                     cmyk ? "cmyk" : "srgb", "intent", VIPS_INTENT_PERCEPTUAL,
                                     NULL),
                 &made);
    vips->error_clear();
  }
  VipsInterpretation now = vips->image_get_interpretation(*image);
  if (now != VIPS_INTERPRETATION_sRGB && now != VIPS_INTERPRETATION_B_W) {
    VipsInterpretation goal =
        (*image)->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    if (!become(image, vips->colourspace(*image, &made, goal, NULL), &made)) {
      return FALSE;
    }
  }
  if ((*image)->BandFmt != VIPS_FORMAT_UCHAR &&
      !become(image, vips->cast(*image, &made, VIPS_FORMAT_UCHAR, NULL), &made)) {
    return FALSE;
  }
  return (*image)->Bands <= 4 ||
         become(image, vips->extract_band(*image, &made, 0, "n", 3, NULL), &made);
}

static gboolean turn_upright(Pixels *pixels, VipsImage **image, gint32 orientation) {
  static const struct {
    VipsAngle angle;
    gboolean mirror; // left and right, after turning
  } TURNS[9] = {
      [2] = {VIPS_ANGLE_D0, TRUE},   [3] = {VIPS_ANGLE_D180, FALSE}, [4] = {VIPS_ANGLE_D180, TRUE},
      [5] = {VIPS_ANGLE_D90, TRUE},  [6] = {VIPS_ANGLE_D90, FALSE},  [7] = {VIPS_ANGLE_D270, TRUE},
      [8] = {VIPS_ANGLE_D270, FALSE}};
  const Vips *vips = &pixels->vips;
  VipsImage *made = NULL;
  if (TURNS[orientation].angle != VIPS_ANGLE_D0 &&
      !become(image, vips->rot(*image, &made, TURNS[orientation].angle, NULL), &made)) {
    return FALSE;
  }
  return !TURNS[orientation].mirror ||
         become(image, vips->flip(*image, &made, VIPS_DIRECTION_HORIZONTAL, NULL), &made);
}

// Runs the pipeline: the pixels in memory, nothing else left of the original.
static gboolean settle(Pixels *pixels, VipsImage **image) {
  const Vips *vips = &pixels->vips;
  VipsImage *memory = vips->image_new_memory();
  if (!become(image, vips->image_write(*image, memory), &memory)) {
    g_clear_object(&memory);
    return FALSE;
  }
  g_auto(GStrv) fields = vips->image_get_fields(*image);
  for (guint i = 0; fields != NULL && fields[i] != NULL; i++) {
    (void)vips->image_remove(*image,
                             fields[i]); // what makes it a picture can't be removed and stays
  }
  return TRUE;
}

// Scaled while it streams from the decoder, so that a large rectangle never stands in memory whole.
static gboolean scale_early(Pixels *pixels, VipsImage **image, const DecoderRequest *request) {
  gboolean sideways = request->orientation >= 5;
  gint32 height =
      MAX(1, (gint32)(((gint64)request->crop.height * request->widest + request->crop.width / 2) /
                      request->crop.width));
  if (request->single) {
    height = request->single_height;
  }
  gint64 size = (gint64)(*image)->Xsize * (*image)->Ysize * 4;
  if (!request->single && size <= KEEP_BYTES) {
    return TRUE;
  }
  return scale_to(pixels, image, sideways ? height : request->widest,
                  sideways ? request->widest : height);
}

// The rest of the way, from the cut and scaled picture on.
static gboolean finish(Pixels *pixels, VipsImage **image, const DecoderRequest *request) {
  return to_srgb(pixels, image) && settle(pixels, image) &&
         turn_upright(pixels, image, request->orientation) &&
         (request->orientation == 1 || settle(pixels, image));
}

// One rendition of an ordinary JPEG; NULL: libvips must see to it.
static VipsImage *open_shortly(Pixels *pixels, const DecoderRequest *request, Slice file,
                               gint32 shrink) {
  const Vips *vips = &pixels->vips;
  JpegOutcome outcome;
  VipsImage *made = NULL;
  gboolean sideways = request->orientation >= 5;
  CropRectangle stored =
      stored_rectangle(request->crop, request->orientation, request->width, request->height);
  JpegWish wish = {.file = file,
                   .shrink = shrink,
                   .crop = stored,
                   .width = sideways ? request->single_height : request->widest,
                   .height = sideways ? request->widest : request->single_height};
  if (pixels->jpeg == NULL || request->source != FORMAT_JPEG || !request->single ||
      !jpeg_scale(pixels->jpeg, &wish, &outcome)) {
    return NULL;
  }
  gsize length = (gsize)wish.width * (gsize)wish.height * (gsize)outcome.bands;
  g_autoptr(Picture) image =
      vips->image_new_from_memory_copy(row_scaler_pixels(outcome.scaler), length, wish.width,
                                       wish.height, outcome.bands, VIPS_FORMAT_UCHAR);
  gboolean done =
      image != NULL &&
      become(&image,
             vips->copy(image, &made, "interpretation",
                        outcome.bands == 3 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_B_W,
                        NULL),
             &made);
  if (done && outcome.profile != NULL) {
    vips->image_set_blob_copy(image, VIPS_META_ICC_NAME, g_bytes_get_data(outcome.profile, NULL),
                              g_bytes_get_size(outcome.profile));
  }
  jpeg_outcome_clear(&outcome);
  return done && finish(pixels, &image, request) ? g_steal_pointer(&image) : NULL;
}

static gboolean prepare(Pixels *pixels, VipsImage **image, const DecoderRequest *request,
                        gint32 shrink) {
  CropRectangle stored =
      stored_rectangle(request->crop, request->orientation, request->width, request->height);
  CropRectangle cut = shrunk_rectangle(stored, shrink, (*image)->Xsize, (*image)->Ysize);
  VipsImage *made = NULL;
  gboolean whole = cut.width == (*image)->Xsize && cut.height == (*image)->Ysize;
  return (whole ||
          become(image, pixels->vips.crop(*image, &made, cut.x, cut.y, cut.width, cut.height, NULL),
                 &made)) &&
         scale_early(pixels, image, request) && finish(pixels, image, request);
}

static void drop_levels(Pixels *pixels) {
  while (pixels->level_count > 0) {
    g_object_unref(pixels->levels[--pixels->level_count]);
  }
  g_clear_pointer(&pixels->xmp, g_free);
}

static void fail(Pixels *pixels, DecoderAnswer *answer, gboolean corrupt) {
  answer->done = FALSE;
  answer->corrupt = corrupt;
  g_strlcpy(answer->message, pixels->vips.error_buffer(), sizeof answer->message);
  g_strdelimit(g_strchomp(answer->message), "\n\r", ' ');
  pixels->vips.error_clear();
}

static gboolean request_makes_sense(const DecoderRequest *request) {
  CropRectangle crop = request->crop;
  return request->orientation >= 1 && request->orientation <= 8 && crop.width > 0 &&
         crop.height > 0 && crop.x >= 0 && crop.y >= 0 && request->widest > 0 &&
         request->widest <= 65535 && (!request->single || request->single_height > 0);
}

static void open_mapped(Pixels *pixels, const DecoderRequest *request, Slice file,
                        DecoderAnswer *answer) {
  gint32 shrink = choose_shrink(request->source, request->crop.width, request->widest);
  g_autoptr(Picture) image = open_shortly(pixels, request, file, shrink);
  if (image == NULL) {
    pixels->vips.error_clear();
    image = load(pixels, request->source, file, shrink);
    if (image == NULL || !prepare(pixels, &image, request, shrink)) {
      fail(pixels, answer, TRUE);
      return;
    }
  }
  pixels->levels[0] = g_steal_pointer(&image);
  pixels->level_count = 1;
  pixels->xmp = metadata_write_xmp(request->creator, request->credit, request->rights);
  answer->shrink = shrink;
  answer->done = TRUE;
}

static void verify_mapped(Pixels *pixels, const DecoderRequest *request, Slice file,
                          DecoderAnswer *answer) {
  double average = 0;
  // At 1/8 all of a JPEG's data is still read; only the last step of its arithmetic is left out.
  g_autoptr(Picture) image =
      load(pixels, request->source, file, request->source == FORMAT_JPEG ? 8 : 1);
  if (image == NULL || pixels->vips.avg(image, &average, NULL) != 0) {
    fail(pixels, answer, TRUE);
    return;
  }
  answer->done = TRUE;
}

// Lends the mapped original to `read`, which must leave nothing behind that refers to it.
static void with_original(Pixels *pixels, const DecoderRequest *request, int original,
                          DecoderAnswer *answer,
                          void (*read)(Pixels *pixels, const DecoderRequest *request, Slice file,
                                       DecoderAnswer *answer)) {
  struct stat info;
  drop_levels(pixels);
  pixels->vips.error_clear();
  void *bytes = fstat(original, &info) == 0 && info.st_size > 0
                    ? mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, original, 0)
                    : MAP_FAILED;
  if (bytes == MAP_FAILED) {
    fail(pixels, answer, FALSE);
    return;
  }
  read(pixels, request, (Slice){bytes, (gsize)info.st_size}, answer);
  munmap(bytes, (size_t)info.st_size);
}

void pixels_open(Pixels *pixels, const DecoderRequest *request, int original,
                 DecoderAnswer *answer) {
  if (!request_makes_sense(request)) {
    fail(pixels, answer, FALSE);
    return;
  }
  with_original(pixels, request, original, answer, open_mapped);
}

void pixels_verify(Pixels *pixels, const DecoderRequest *request, int original,
                   DecoderAnswer *answer) {
  with_original(pixels, request, original, answer, verify_mapped);
}

// The narrowest of what there is that still has twice the pixels, or exactly the size: the ladder
// is climbed down.
static VipsImage *best_level(Pixels *pixels, gint32 width, gint32 height) {
  VipsImage *best = pixels->levels[0];
  for (guint i = 0; i < pixels->level_count; i++) {
    VipsImage *level = pixels->levels[i];
    gboolean exact = level->Xsize == width && level->Ysize == height;
    if ((exact || level->Xsize >= 2 * width) && level->Xsize < best->Xsize) {
      best = level;
    }
  }
  return best;
}

static VipsImage *scaled_level(Pixels *pixels, gint32 width, gint32 height) {
  g_autoptr(Picture) image = g_object_ref(best_level(pixels, width, height));
  if (image->Xsize == width && image->Ysize == height) {
    return g_steal_pointer(&image);
  }
  if (!scale_to(pixels, &image, width, height) || !settle(pixels, &image)) {
    return NULL;
  }
  if (pixels->level_count == LEVELS) {
    g_object_unref(pixels->levels[--pixels->level_count]);
  }
  pixels->levels[pixels->level_count++] = g_object_ref(image);
  return g_steal_pointer(&image);
}

void pixels_make(Pixels *pixels, const DecoderRequest *request, int output, DecoderAnswer *answer) {
  if (pixels->level_count == 0 || request->width < 1 || request->height < 1) {
    fail(pixels, answer, FALSE);
    return;
  }
  g_autoptr(Picture) image = scaled_level(pixels, request->width, request->height);
  g_autoptr(GBytes) bytes = image != NULL ? encode(pixels, image, request->format) : NULL;
  if (bytes == NULL || !file_write(output, slice_of_bytes(bytes))) {
    fail(pixels, answer, FALSE);
    return;
  }
  answer->length = g_bytes_get_size(bytes);
  answer->done = TRUE;
}

// ── start ───────────────────────────────────────────────────────────────────

static void allow_four_loaders(const Vips *vips) {
  static const char *const LOADERS[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng",
                                        "VipsForeignLoadWebp", "VipsForeignLoadNsgif"};
  vips->operation_block_set("VipsForeignLoad", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS(LOADERS); i++) {
    vips->operation_block_set(LOADERS[i], FALSE);
  }
}

// Everything that is loaded, opened or allocated on first use is used once, with the doors still
// open.
static gboolean warm_up(Pixels *pixels) {
  static const ImageFormat FORMATS[] = {FORMAT_JPEG, FORMAT_WEBP, FORMAT_AVIF};
  const Vips *vips = &pixels->vips;
  g_autoptr(Picture) image = NULL;
  VipsImage *made = NULL;
  if (vips->black(&image, 96, 64, "bands", 3, NULL) != 0 ||
      !become(&image, vips->copy(image, &made, "interpretation", VIPS_INTERPRETATION_sRGB, NULL),
              &made) ||
      !scale_to(pixels, &image, 40, 30) || !settle(pixels, &image)) {
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
    g_autoptr(GBytes) bytes = encode(pixels, image, FORMATS[i]);
    if (bytes == NULL) {
      return FALSE;
    }
  }
  return become(&image, vips->icc_transform(image, &made, "srgb", "input_profile", "srgb", NULL),
                &made) &&
         settle(pixels, &image);
}

Pixels *pixels_new(char **ret_message) {
  Pixels *pixels = g_new0(Pixels, 1);
  if (!load_library(&pixels->vips, ret_message)) {
    pixels_free(pixels);
    return NULL;
  }
  if (pixels->vips.init("broadsheet") == 0) {
    load_avif_module(&pixels->vips);
    pixels->vips.cache_set_max(0);
    pixels->vips.concurrency_set(1);
    allow_four_loaders(&pixels->vips);
    pixels->jpeg = jpeg_library_load();
    if (warm_up(pixels)) {
      return pixels;
    }
  }
  *ret_message = g_strdup_printf("libvips can't make JPEG, WebP and AVIF pictures: %s",
                                 pixels->vips.error_buffer());
  pixels_free(pixels);
  return NULL;
}

void pixels_free(Pixels *pixels) {
  drop_levels(pixels);
  jpeg_library_free(pixels->jpeg);
  g_free(pixels);
}
