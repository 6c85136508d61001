// SPDX-License-Identifier: Apache-2.0
//
// Renditions through real decoder processes in their real sandbox: what comes out, how often it is
// made, what dies and what goes on. Pictures come from picture_tool. Does not cover: HTTP.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "imaging/decoder_protocol.h"
#include "imaging/rendition.h"

typedef struct Fixture {
  char *folder;
  Renditioner *renditioner;
} Fixture;

static char *tool(const char *first, ...) G_GNUC_NULL_TERMINATED;
static char *tool(const char *first, ...) {
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  g_autofree char *output = NULL;
  int status = 0;
  va_list more;
  g_ptr_array_add(words, (char *)g_getenv("PICTURE_TOOL"));
  va_start(more, first);
  for (const char *word = first; word != NULL; word = va_arg(more, const char *)) {
    g_ptr_array_add(words, (char *)word);
  }
  va_end(more);
  g_ptr_array_add(words, NULL);
  assert_true(g_spawn_sync(NULL, (char **)words->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output,
                           NULL, &status, NULL));
  if (status != 0) {
    fail_msg("picture_tool %s failed", first);
  }
  return g_steal_pointer(&output);
}

static Renditioner *start(const Fixture *fixture, RenditionOptions options) {
  g_autofree char *cache = g_strdup_printf("%s/cache", fixture->folder);
  g_autoptr(GError) error = NULL;
  options.cache_folder = cache;
  options.cache_bytes = options.cache_bytes > 0 ? options.cache_bytes : 64 << 20;
  options.program = g_getenv("BROADSHEET");
  options.workers = options.workers > 0 ? options.workers : 1;
  Renditioner *renditioner = renditioner_new(&options, &error);
  if (renditioner == NULL) {
    fail_msg("%s", error->message);
  }
  return renditioner;
}

static int set_up(void **state) {
  Fixture *fixture = g_new0(Fixture, 1);
  fixture->folder = g_dir_make_tmp("pictures-XXXXXX", NULL);
  fixture->renditioner = start(fixture, (RenditionOptions){0});
  *state = fixture;
  return 0;
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  g_autofree char *command = g_strdup_printf("rm -rf '%s'", fixture->folder);
  renditioner_free(fixture->renditioner);
  int status = system(command);
  g_free(fixture->folder);
  g_free(fixture);
  return status;
}

static char *at(const Fixture *fixture, const char *name) {
  return g_build_filename(fixture->folder, name, NULL);
}

static void make_picture(const Fixture *fixture, const char *name, const char *width,
                         const char *height) {
  g_autofree char *path = at(fixture, name);
  g_free(tool("make", path, width, height, "1", NULL));
}

static Image *image_of(const char *hash) {
  Image *image = image_new();
  image->id = 1;
  image->hash = g_strdup(hash);
  return image;
}

// Asks for a rendition of a file, whose name stands for its hash.
static GBytes *render_from(const Fixture *fixture, const char *name, int fd, CropRectangle crop,
                           gint32 width, ImageFormat format, GError **error) {
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, name, -1);
  g_autoptr(Image) image = image_of(digest);
  RenditionRequest request = {.image = image,
                              .original_fd = fd,
                              .aspect = ASPECT_16X9,
                              .crop = crop,
                              .width = width,
                              .format = format};
  return rendition_get(fixture->renditioner, &request, error);
}

static GBytes *render(const Fixture *fixture, const char *name, CropRectangle crop, gint32 width,
                      ImageFormat format, GError **error) {
  g_autofree char *path = at(fixture, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  GBytes *bytes = render_from(fixture, name, fd, crop, width, format, error);
  close(fd);
  return bytes;
}

static void render_to(const Fixture *fixture, const char *name, CropRectangle crop, gint32 width,
                      ImageFormat format, const char *out) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = render(fixture, name, crop, width, format, &error);
  if (bytes == NULL) {
    fail_msg("%s: %s", name, error->message);
  }
  g_autofree char *path = at(fixture, out);
  assert_true(g_file_set_contents(path, g_bytes_get_data(bytes, NULL),
                                  (gssize)g_bytes_get_size(bytes), NULL));
}

static void compare(const Fixture *fixture, const char *a, const char *b, double psnr,
                    double ssim) {
  g_autofree char *left = at(fixture, a);
  g_autofree char *right = at(fixture, b);
  g_autofree char *answer = tool("compare", left, right, NULL);
  g_auto(GStrv) numbers = g_strsplit(g_strchomp(answer), " ", 2);
  if (g_ascii_strtod(numbers[0], NULL) < psnr || g_ascii_strtod(numbers[1], NULL) < ssim) {
    fail_msg("%s and %s differ: psnr %s (at least %.1f), ssim %s (at least %.3f)", a, b, numbers[0],
             psnr, numbers[1], ssim);
  }
}

static void make_reference(const Fixture *fixture, const char *in, const char *out,
                           CropRectangle crop, gint32 width, gint32 height) {
  g_autofree char *from = at(fixture, in);
  g_autofree char *to = at(fixture, out);
  char numbers[6][16];
  const gint32 values[] = {crop.x, crop.y, crop.width, crop.height, width, height};
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
    g_snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
  }
  g_free(tool("reference", from, to, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
              numbers[5], NULL));
}

static void test_sandbox_denies(void **state) {
  Fixture *fixture = *state;
  gint32 errors[PROBE_COUNT];
  g_autoptr(GError) error = NULL;
  if (!rendition_probe(fixture->renditioner, errors, PROBE_COUNT, &error)) {
    fail_msg("%s", error->message);
  }
  for (guint i = 0; i < PROBE_COUNT; i++) {
    if (errors[i] != EPERM) {
      fail_msg("probe %u was answered with %d (%s)", i, errors[i], g_strerror(errors[i]));
    }
  }
}

// Every format of rendition, at several N of shrink-on-load, against a full decode.
static void test_looks_like_full_decode(void **state) {
  Fixture *fixture = *state;
  static const struct {
    CropRectangle crop;
    gint32 width, height;
  } CASES[] = {{{0, 0, 1600, 900}, 1280, 720},
               {{101, 53, 1280, 720}, 480, 270},
               {{37, 11, 1500, 844}, 160, 90},
               {{500, 400, 320, 180}, 320, 180}};
  make_picture(fixture, "big.jpg[Q=92]", "1600", "1000");
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    make_reference(fixture, "big.jpg", "reference.png", CASES[i].crop, CASES[i].width,
                   CASES[i].height);
    render_to(fixture, "big.jpg", CASES[i].crop, CASES[i].width, FORMAT_JPEG, "out.jpg");
    compare(fixture, "out.jpg", "reference.png", 30, 0.85);
    render_to(fixture, "big.jpg", CASES[i].crop, CASES[i].width, FORMAT_WEBP, "out.webp");
    compare(fixture, "out.webp", "reference.png", 30, 0.85);
    render_to(fixture, "big.jpg", CASES[i].crop, CASES[i].width, FORMAT_AVIF, "out.avif");
    compare(fixture, "out.avif", "reference.png", 30, 0.85);
  }
}

// Rectangles that begin and end between the pixels of the picture at 1/N: saved in the same way, a
// rendition can't be told from one of the full decode.
static void test_no_difference_to_be_seen(void **state) {
  Fixture *fixture = *state;
  static const char *const KINDS[] = {"even.jpg[Q=92]", "progressive.jpg[Q=92,interlace]",
                                      "full-chroma.jpg[Q=92,subsample-mode=off]"};
  static const CropRectangle CROPS[] = {
      {0, 0, 1600, 1000}, {3, 5, 1501, 937}, {101, 53, 1283, 721}};
  for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++) {
    g_autofree char *name = g_strndup(KINDS[i], strcspn(KINDS[i], "["));
    make_picture(fixture, KINDS[i], "1600", "1000");
    for (gsize j = 0; j < G_N_ELEMENTS(CROPS); j++) {
      gint32 height =
          (gint32)((gint64)320 * CROPS[j].height * 2 + CROPS[j].width) / (2 * CROPS[j].width);
      make_reference(fixture, name, "reference.jpg[Q=80,optimize_coding]", CROPS[j], 320, height);
      render_to(fixture, name, CROPS[j], 320, FORMAT_JPEG, "out.jpg");
      compare(fixture, "out.jpg", "reference.jpg", 38, 0.98);
    }
  }
}

static void test_never_scales_up(void **state) {
  Fixture *fixture = *state;
  make_picture(fixture, "small.png", "64", "40");
  render_to(fixture, "small.png", (CropRectangle){4, 4, 50, 30}, 1920, FORMAT_JPEG, "out.jpg");
  g_autofree char *path = at(fixture, "out.jpg");
  g_autofree char *answer = tool("info", path, NULL);
  assert_true(g_str_has_prefix(answer, "50 30 3 srgb"));
}

static void test_orientations(void **state) {
  Fixture *fixture = *state;
  const CropRectangle crop = {40, 120, 480, 270};
  make_picture(fixture, "upright.png", "800", "600");
  make_reference(fixture, "upright.png", "reference.png", crop, 160, 90);
  for (int i = 1; i <= 8; i++) {
    g_autofree char *kind = g_strdup_printf("orient%d", i);
    g_autofree char *name = g_strdup_printf("turned%d.jpg", i);
    g_autofree char *options = g_strdup_printf("%s/%s[Q=95]", fixture->folder, name);
    g_autofree char *upright = at(fixture, "upright.png");
    g_free(tool("as", kind, upright, options, NULL));
    render_to(fixture, name, crop, 160, FORMAT_JPEG, "out.jpg");
    compare(fixture, "out.jpg", "reference.png", 28, 0.90);
  }
}

static void test_kinds_of_pixels(void **state) {
  Fixture *fixture = *state;
  static const struct {
    const char *kind, *file, *jpeg, *webp; // what picture_tool info must say of the renditions
    double psnr;
  } CASES[] = {{"cmyk", "cmyk.jpg", "320 180 3 srgb", "320 180 3 srgb", 18},
               {"rgb16", "deep.png", "320 180 3 srgb", "320 180 3 srgb", 28},
               {"grey", "grey.png", "320 180 1 b-w", "320 180 3 srgb", 0},
               {"alpha", "alpha.png", "320 180 3 srgb", "320 180 4 srgb", 0},
               {"alpha", "alpha.webp", "320 180 3 srgb", "320 180 4 srgb", 0},
               {"orient1", "palette.gif", "320 180 3 srgb", "320 180 3 srgb", 18}};
  make_picture(fixture, "plain.png", "640", "360");
  make_reference(fixture, "plain.png", "reference.png", (CropRectangle){0, 0, 640, 360}, 320, 180);
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *plain = at(fixture, "plain.png");
    g_autofree char *path = at(fixture, CASES[i].file);
    g_autofree char *jpeg = at(fixture, "out.jpg");
    g_autofree char *webp = at(fixture, "out.webp");
    g_free(tool("as", CASES[i].kind, plain, path, NULL));
    render_to(fixture, CASES[i].file, (CropRectangle){0, 0, 640, 360}, 320, FORMAT_JPEG, "out.jpg");
    render_to(fixture, CASES[i].file, (CropRectangle){0, 0, 640, 360}, 320, FORMAT_WEBP,
              "out.webp");
    render_to(fixture, CASES[i].file, (CropRectangle){0, 0, 640, 360}, 320, FORMAT_AVIF,
              "out.avif");
    g_autofree char *jpeg_info = tool("info", jpeg, NULL);
    g_autofree char *webp_info = tool("info", webp, NULL);
    if (!g_str_has_prefix(jpeg_info, CASES[i].jpeg) ||
        !g_str_has_prefix(webp_info, CASES[i].webp)) {
      fail_msg("%s: %.20s, %.20s", CASES[i].file, jpeg_info, webp_info);
    }
    if (CASES[i].psnr > 0) {
      compare(fixture, "out.jpg", "reference.png", CASES[i].psnr, 0);
    }
  }
}

static gboolean contains(GBytes *bytes, const char *text) {
  return slice_find(slice_of_bytes(bytes), slice_of(text)) >= 0;
}

static void test_metadata(void **state) {
  Fixture *fixture = *state;
  static const ImageFormat FORMATS[] = {FORMAT_JPEG, FORMAT_WEBP, FORMAT_AVIF};
  g_autofree char *plain = at(fixture, "plain.png");
  g_autofree char *noted = at(fixture, "noted.jpg");
  g_autofree char *contents = NULL;
  make_picture(fixture, "plain.png", "320", "180");
  g_free(tool("as", "notes", plain, noted, NULL));
  gsize length = 0;
  assert_true(g_file_get_contents(noted, &contents, &length, NULL));
  assert_true(slice_find((Slice){contents, length}, SLICE_LITERAL("GPSLatitude")) >=
              0); // it is in the original
  for (gsize i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
    g_autoptr(GBytes) bytes =
        render(fixture, "noted.jpg", (CropRectangle){0, 0, 320, 180}, 160, FORMATS[i], NULL);
    assert_non_null(bytes);
    assert_true(contains(bytes, "<photoshop:Credit>Agency<"));
    assert_true(contains(bytes, "(c) Someone X"));
    assert_true(contains(bytes, "Jane &amp; Joe"));
    assert_false(contains(bytes, "GPS"));
    assert_false(contains(bytes, "Camera"));
    assert_false(contains(bytes, "Photoshop 3.0"));
    g_autofree char *out = at(fixture, "out.bin");
    assert_true(g_file_set_contents(out, g_bytes_get_data(bytes, NULL),
                                    (gssize)g_bytes_get_size(bytes), NULL));
    g_autofree char *answer = tool("info", out, NULL);
    assert_true(g_str_has_prefix(answer, "160 90 3 srgb"));
    // libvips before 8.15 names XMP in AVIF otherwise
    gboolean has_xmp = strstr(answer, "xmp-data") != NULL ||
                       (FORMATS[i] == FORMAT_AVIF && strstr(answer, "heif-mime") != NULL);
    if (!has_xmp) {
      fail_msg("%s: %s", image_format_name(FORMATS[i]), answer);
    }
    assert_null(strstr(answer, "GPS"));
  }
}

static void assert_refused(const Fixture *fixture, const char *name, CropRectangle crop, int code) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = render(fixture, name, crop, 160, FORMAT_JPEG, &error);
  if (bytes != NULL || !g_error_matches(error, IMAGING_ERROR, code)) {
    fail_msg("%s: %s", name, bytes != NULL ? "was made" : error->message);
  }
}

static void cut_file(const Fixture *fixture, const char *in, const char *out, double part) {
  g_autofree char *from = at(fixture, in);
  g_autofree char *to = at(fixture, out);
  g_autofree char *contents = NULL;
  gsize length = 0;
  assert_true(g_file_get_contents(from, &contents, &length, NULL));
  assert_true(g_file_set_contents(to, contents, (gssize)((double)length * part), NULL));
}

static gboolean verify(const Fixture *fixture, const char *name, GError **error) {
  g_autofree char *path = at(fixture, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  gboolean good = rendition_verify(fixture->renditioner, fd, error);
  close(fd);
  return good;
}

static void test_damaged_pictures(void **state) {
  Fixture *fixture = *state;
  static const char *const NAMES[] = {"a.jpg", "a.png", "a.webp", "a.gif"};
  const CropRectangle whole = {0, 0, 400, 300};
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    g_autoptr(GError) error = NULL;
    make_picture(fixture, NAMES[i], "400", "300");
    if (!verify(fixture, NAMES[i], &error)) {
      fail_msg("%s: %s", NAMES[i], error->message);
    }
    g_autofree char *cut = g_strconcat("cut-", NAMES[i], NULL);
    cut_file(fixture, NAMES[i], cut, 0.6);
    assert_false(verify(fixture, cut, &error));
    assert_int_equal(error->code, IMAGING_ERROR_CORRUPT);
    assert_refused(fixture, cut, whole, IMAGING_ERROR_CORRUPT);
  }
  assert_refused(fixture, "a.jpg", (CropRectangle){1, 0, 400, 300}, IMAGING_ERROR_RECTANGLE);
  assert_refused(fixture, "a.jpg", (CropRectangle){-1, 0, 40, 30}, IMAGING_ERROR_RECTANGLE);
  RenditionStatistics statistics;
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.decoder_deaths, 0); // damage is an answer, not a death
}

// Each is refused as unsupported, damaged or too large; what the header gives away, at once. No
// decoder dies of one.
static void test_hostile_pictures(void **state) {
  Fixture *fixture = *state;
  static const char *const GOOD[] = {"good.jpg", "good.png", "good.webp", "good.gif"};
  g_autofree char *hostile = at(fixture, "hostile");
  char *paths[4];
  guint count = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(GOOD); i++) {
    make_picture(fixture, GOOD[i], "160", "120");
    paths[i] = at(fixture, GOOD[i]);
    assert_true(verify(fixture, GOOD[i], NULL)); // starts the decoder too
  }
  assert_int_equal(g_mkdir(hostile, 0700), 0);
  const char *words[] = {"/usr/bin/python3",
                         g_getenv("MAKE_HOSTILE"),
                         hostile,
                         paths[0],
                         paths[1],
                         paths[2],
                         paths[3],
                         NULL};
  int status = 0;
  assert_true(g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                           NULL, &status, NULL));
  assert_int_equal(status, 0);
  g_autoptr(GDir) files = g_dir_open(hostile, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(files)) != NULL) {
    g_autofree char *file = g_build_filename("hostile", name, NULL);
    g_autoptr(GError) error = NULL;
    gint64 start = g_get_monotonic_time();
    gboolean taken = verify(fixture, file, &error);
    gint64 spent = g_get_monotonic_time() - start;
    if (taken || (error->code != IMAGING_ERROR_UNSUPPORTED &&
                  error->code != IMAGING_ERROR_CORRUPT && error->code != IMAGING_ERROR_TOO_LARGE)) {
      fail_msg("%s: %s", name, taken ? "was taken" : error->message);
    }
    if (spent > 2 * G_USEC_PER_SEC || (error->code == IMAGING_ERROR_TOO_LARGE && spent > 200000)) {
      fail_msg("%s took %d ms to refuse", name, (int)(spent / 1000));
    }
    count++;
  }
  assert_true(count >= 50);
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_free(paths[i]);
    paths[i] = NULL;
  }
  RenditionStatistics statistics;
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.decoder_deaths, 0);
}

typedef struct Asker {
  const Fixture *fixture;
  GBytes *bytes;
  GError *error;
  gint32 width;
  ImageFormat format;
  CropRectangle crop;
  int shared; // 0: each opens the file for itself
  GThread *thread;
} Asker;

static gpointer ask(gpointer data) {
  Asker *asker = data;
  if (asker->shared > 0) {
    asker->bytes = render_from(asker->fixture, "busy.jpg", asker->shared, asker->crop, asker->width,
                               asker->format, &asker->error);
  } else {
    asker->bytes =
        render(asker->fixture, "busy.jpg", asker->crop, asker->width, asker->format, &asker->error);
  }
  return NULL;
}

static void begin_asking(Asker *askers, guint count) {
  for (guint i = 0; i < count; i++) {
    askers[i].thread = g_thread_new("asker", ask, &askers[i]);
  }
}

static void end_asking(Asker *askers, guint count) {
  for (guint i = 0; i < count; i++) {
    g_thread_join(askers[i].thread);
  }
}

static void ask_all(Asker *askers, guint count) {
  begin_asking(askers, count);
  end_asking(askers, count);
}

static void test_made_once(void **state) {
  Fixture *fixture = *state;
  Asker askers[8];
  RenditionStatistics statistics;
  make_picture(fixture, "busy.jpg", "1600", "900");
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    askers[i] =
        (Asker){.fixture = fixture, .width = 640, .format = FORMAT_WEBP, .crop = {0, 0, 1600, 900}};
  }
  ask_all(askers, G_N_ELEMENTS(askers));
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    assert_non_null(askers[i].bytes);
    assert_true(g_bytes_equal(askers[i].bytes, askers[0].bytes));
  }
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    g_bytes_unref(askers[i].bytes);
  }
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.misses, 1);
  assert_int_equal(statistics.hits + statistics.joined, 7);
  assert_int_equal(statistics.decodes, 1);
}

// Two decoders and one open file, whose position they share.
static void test_one_file_for_several_decoders(void **state) {
  Fixture *fixture = *state;
  Asker askers[12];
  make_picture(fixture, "busy.jpg", "1600", "900");
  renditioner_free(fixture->renditioner);
  fixture->renditioner = start(fixture, (RenditionOptions){.workers = 3});
  g_autofree char *path = at(fixture, "busy.jpg");
  int shared = open(path, O_RDONLY | O_CLOEXEC);
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    askers[i] = (Asker){.fixture = fixture,
                        .width = 480,
                        .format = FORMAT_JPEG,
                        .crop = {(gint32)i, 0, 1500, 844},
                        .shared = shared};
  }
  ask_all(askers, G_N_ELEMENTS(askers));
  close(shared);
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    if (askers[i].bytes == NULL) {
      fail_msg("%s", askers[i].error->message);
    }
    g_bytes_unref(askers[i].bytes);
  }
}

static void test_full_queue_is_busy(void **state) {
  Fixture *fixture = *state;
  Asker askers[12];
  guint made = 0;
  guint busy = 0;
  make_picture(fixture, "busy.jpg", "2400", "1600");
  renditioner_free(fixture->renditioner);
  fixture->renditioner = start(fixture, (RenditionOptions){.queue = 2});
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    askers[i] = (Asker){.fixture = fixture,
                        .width = 1280,
                        .format = FORMAT_JPEG,
                        .crop = {(gint32)i, 0, 2000, 1125}};
  }
  ask_all(askers, G_N_ELEMENTS(askers));
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    made += askers[i].bytes != NULL;
    busy += g_error_matches(askers[i].error, IMAGING_ERROR, IMAGING_ERROR_BUSY);
    g_clear_pointer(&askers[i].bytes, g_bytes_unref);
    g_clear_error(&askers[i].error);
  }
  assert_int_equal(made + busy, G_N_ELEMENTS(askers));
  assert_true(made >= 2 && busy >= 1);
}

// A process whose parent is this test and whose command line is the decoder's; 0 if none.
static GPid find_decoder(void) {
  g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(processes)) != NULL) {
    g_autofree char *path = g_strdup_printf("/proc/%s/cmdline", name);
    g_autofree char *stat_path = g_strdup_printf("/proc/%s/stat", name);
    g_autofree char *line = NULL;
    g_autofree char *numbers = NULL;
    gsize length = 0;
    if (!g_ascii_isdigit(name[0]) || !g_file_get_contents(path, &line, &length, NULL) ||
        !g_file_get_contents(stat_path, &numbers, NULL, NULL)) {
      continue;
    }
    const char *after = strrchr(numbers, ')');
    if (length > 9 && strcmp(line + length - 8, "decoder") == 0 && after != NULL &&
        strlen(after) > 4 && g_ascii_strtoll(after + 4, NULL, 10) == getpid()) {
      return (GPid)g_ascii_strtoll(name, NULL, 10);
    }
  }
  return 0;
}

static gpointer kill_decoder_soon(gpointer data) {
  g_usleep(GPOINTER_TO_UINT(data));
  GPid pid = find_decoder();
  if (pid != 0) {
    kill(pid, SIGKILL);
  }
  return NULL;
}

static void test_decoder_killed(void **state) {
  Fixture *fixture = *state;
  g_autoptr(GError) error = NULL;
  RenditionStatistics statistics;
  make_picture(fixture, "a.jpg", "400", "300");
  make_picture(fixture, "large.png", "3000", "2000");
  render_to(fixture, "a.jpg", (CropRectangle){0, 0, 400, 225}, 160, FORMAT_JPEG, "out.jpg");
  // Between two requests: nobody notices.
  kill_decoder_soon(GUINT_TO_POINTER(1));
  g_usleep(50000);
  render_to(fixture, "a.jpg", (CropRectangle){0, 0, 400, 225}, 80, FORMAT_JPEG, "out.jpg");
  // In the middle of one: that one fails, the next is made.
  GThread *killer = g_thread_new("killer", kill_decoder_soon, GUINT_TO_POINTER(60000));
  g_autoptr(GBytes) bytes =
      render(fixture, "large.png", (CropRectangle){0, 0, 3000, 1688}, 1280, FORMAT_WEBP, &error);
  g_thread_join(killer);
  assert_null(bytes);
  assert_true(g_error_matches(error, IMAGING_ERROR, IMAGING_ERROR_CORRUPT));
  render_to(fixture, "a.jpg", (CropRectangle){0, 0, 400, 225}, 320, FORMAT_JPEG, "out.jpg");
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.decoder_deaths, 2);
  assert_int_equal(statistics.decoder_starts, 3);
}

static void test_too_slow(void **state) {
  Fixture *fixture = *state;
  make_picture(fixture, "slow.png[compression=1]", "6000", "4000");
  make_picture(fixture, "a.jpg", "400", "300");
  renditioner_free(fixture->renditioner);
  fixture->renditioner = start(fixture, (RenditionOptions){.seconds = 1});
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes =
      render(fixture, "slow.png", (CropRectangle){0, 0, 6000, 4000}, 2560, FORMAT_WEBP, &error);
  if (bytes == NULL) { // a fast machine makes it in time
    assert_int_equal(error->code, IMAGING_ERROR_TIMEOUT);
  }
  render_to(fixture, "a.jpg", (CropRectangle){0, 0, 400, 225}, 320, FORMAT_JPEG, "out.jpg");
}

static void wait_until_idle(const Fixture *fixture) {
  for (guint i = 0; i < 2400 && !rendition_is_idle(fixture->renditioner); i++) {
    g_usleep(50000);
  }
  assert_true(rendition_is_idle(fixture->renditioner));
}

static void test_ladder_fills_from_one_decode(void **state) {
  Fixture *fixture = *state;
  RenditionStatistics statistics;
  make_picture(fixture, "ladder.jpg[Q=92]", "1100", "700");
  renditioner_free(fixture->renditioner);
  fixture->renditioner = start(fixture, (RenditionOptions){.fill_ladder = TRUE, .workers = 2});
  const CropRectangle crop = {8, 8, 1056, 594};
  render_to(fixture, "ladder.jpg", crop, 810, FORMAT_JPEG, "out.jpg");
  wait_until_idle(fixture);
  rendition_statistics(fixture->renditioner, &statistics);
  // 240 320 480 640 810 960 in three formats, of which one was asked for
  assert_int_equal(statistics.filled, 6 * 3 - 1);
  assert_int_equal(statistics.misses, 1);
  assert_int_equal(statistics.decodes, 2); // one for him who asked, one for all the rest
  render_to(fixture, "ladder.jpg", crop, 480, FORMAT_WEBP, "out.webp");
  make_reference(fixture, "ladder.jpg", "reference.png", crop, 480, 270);
  compare(fixture, "out.webp", "reference.png", 30, 0.85);
  render_to(fixture, "ladder.jpg", crop, 960, FORMAT_AVIF, "out.avif");
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.hits, 2);
}

// What an import does: nobody has asked yet.
static void test_ladder_is_prepared(void **state) {
  Fixture *fixture = *state;
  RenditionStatistics statistics;
  make_picture(fixture, "new.jpg", "600", "400");
  renditioner_free(fixture->renditioner);
  fixture->renditioner = start(fixture, (RenditionOptions){.fill_ladder = TRUE});
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, "new.jpg", -1);
  g_autofree char *path = at(fixture, "new.jpg");
  g_autoptr(Image) image = image_of(digest);
  g_autoptr(GError) error = NULL;
  RenditionRequest request = {.image = image,
                              .original_fd = open(path, O_RDONLY | O_CLOEXEC),
                              .aspect = ASPECT_16X9,
                              .crop = {0, 0, 560, 315},
                              .width = 1,
                              .format = FORMAT_JPEG};
  assert_true(rendition_prepare_ladder(fixture->renditioner, &request, &error));
  assert_true(rendition_prepare_ladder(fixture->renditioner, &request, &error)); // once is enough
  wait_until_idle(fixture);
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.filled, 3 * 3); // 240 320 480
  assert_int_equal(statistics.decodes, 1);
  render_to(fixture, "new.jpg", request.crop, 320, FORMAT_AVIF, "out.avif");
  rendition_statistics(fixture->renditioner, &statistics);
  assert_int_equal(statistics.hits, 1);
  assert_int_equal(statistics.misses, 0);
  request.crop = (CropRectangle){100, 0, 560, 315}; // outside
  assert_false(rendition_prepare_ladder(fixture->renditioner, &request, &error));
  assert_int_equal(error->code, IMAGING_ERROR_RECTANGLE);
  close(request.original_fd);
}

// A server that ends does not wait for what is queued, and gives what runs its seconds only.
static void test_stop(void **state) {
  Fixture *fixture = *state;
  Asker askers[8];
  make_picture(fixture, "busy.jpg", "3000", "2000");
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    askers[i] = (Asker){.fixture = fixture,
                        .width = 1920,
                        .format = FORMAT_AVIF,
                        .crop = {(gint32)i, 0, 2900, 1600}};
  }
  begin_asking(askers, G_N_ELEMENTS(askers));
  g_usleep(100000);
  gint64 begun = g_get_monotonic_time();
  renditioner_stop(fixture->renditioner, 0);
  end_asking(askers, G_N_ELEMENTS(askers));
  assert_true(g_get_monotonic_time() - begun < 2 * G_USEC_PER_SEC);
  guint busy = 0;
  for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
    busy += g_error_matches(askers[i].error, IMAGING_ERROR, IMAGING_ERROR_BUSY);
    g_clear_pointer(&askers[i].bytes, g_bytes_unref);
    g_clear_error(&askers[i].error);
  }
  assert_true(busy >= G_N_ELEMENTS(askers) - 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_sandbox_denies, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_looks_like_full_decode, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_no_difference_to_be_seen, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_never_scales_up, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_orientations, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_kinds_of_pixels, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_metadata, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_damaged_pictures, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_hostile_pictures, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_made_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_one_file_for_several_decoders, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_full_queue_is_busy, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_decoder_killed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_too_slow, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_ladder_fills_from_one_decode, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_ladder_is_prepared, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_stop, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
