// SPDX-License-Identifier: Apache-2.0
//
// Makes and judges pictures for the tests of imaging and for bench/images, with the libvips that is
// installed and without any of the product's code: so that neither vouches for itself.
//   picture_tool make FILE[options] WIDTH HEIGHT NOISE   a picture with shapes of all sizes;
//   libvips' save options picture_tool as KIND IN OUT      KIND: cmyk, rgb16, alpha, grey, orient1
//   … orient8, notes (GPS, credit, rights) picture_tool reference IN OUT X Y W H WIDTH HEIGHT  full
//   decode, upright, cut, Lanczos 3; to PNG picture_tool compare A B         prints "psnr ssim";
//   ssim is of luminance, Gaussian window of 11 picture_tool info FILE           prints "width
//   height bands interpretation", then each metadata field's name
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vips/vips.h>

static void check(int result) {
  if (result != 0) {
    fprintf(stderr, "picture_tool: %s\n", vips_error_buffer());
    exit(1);
  }
}

static VipsImage *load(const char *path) {
  VipsImage *image = vips_image_new_from_file(path, NULL);
  check(image == NULL);
  return image;
}

static VipsImage *cells(int width, int height, int size, int seed, double strength) {
  VipsImage *noise;
  VipsImage *scaled;
  check(vips_perlin(&noise, width, height, "cell_size", size, "seed", seed, NULL));
  check(vips_linear1(noise, &scaled, strength, 127.0 / 3, NULL));
  return scaled;
}

static VipsImage *sum(VipsImage *a, VipsImage *b) {
  VipsImage *out;
  check(vips_add(a, b, &out, NULL));
  return out;
}

static int make(char **words) {
  int width = atoi(words[1]);
  int height = atoi(words[2]);
  VipsImage *large = cells(width, height, MAX(width / 5, 8), 1, 80);
  VipsImage *middle = cells(width, height, MAX(width / 30, 6), 2, 70);
  VipsImage *fine = cells(width, height, 9, 3, 35);
  VipsImage *noise;
  VipsImage *bands[3];
  VipsImage *joined;
  VipsImage *bytes;
  VipsImage *out;
  check(vips_gaussnoise(&noise, width, height, "mean", 0.0, "sigma", atof(words[3]), "seed", 7,
                        NULL));
  bands[0] = sum(sum(sum(large, middle), fine), noise);
  bands[1] = sum(sum(sum(middle, fine), cells(width, height, MAX(width / 7, 8), 4, 60)), noise);
  bands[2] = sum(sum(sum(fine, large), cells(width, height, MAX(width / 20, 8), 5, 60)), noise);
  check(vips_bandjoin(bands, &joined, 3, NULL));
  check(vips_cast(joined, &bytes, VIPS_FORMAT_UCHAR, NULL));
  check(vips_copy(bytes, &out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL));
  check(vips_image_write_to_file(out, words[0], NULL));
  return 0;
}

// Stores the picture so that a viewer that obeys `orientation` shows it as it was.
static VipsImage *stored_as(VipsImage *image, int orientation) {
  static const struct {
    VipsAngle angle;
    gboolean mirror; // before turning
  } BACK[9] = {
      [1] = {VIPS_ANGLE_D0, FALSE},  [2] = {VIPS_ANGLE_D0, TRUE},   [3] = {VIPS_ANGLE_D180, FALSE},
      [4] = {VIPS_ANGLE_D180, TRUE}, [5] = {VIPS_ANGLE_D270, TRUE}, [6] = {VIPS_ANGLE_D270, FALSE},
      [7] = {VIPS_ANGLE_D90, TRUE},  [8] = {VIPS_ANGLE_D90, FALSE}};
  VipsImage *mirrored = image;
  VipsImage *turned;
  VipsImage *out;
  if (BACK[orientation].mirror) {
    check(vips_flip(image, &mirrored, VIPS_DIRECTION_HORIZONTAL, NULL));
  }
  check(vips_rot(mirrored, &turned, BACK[orientation].angle, NULL));
  check(vips_copy(turned, &out, NULL));
  vips_image_set_int(out, VIPS_META_ORIENTATION, orientation);
  return out;
}

static VipsImage *with_alpha(VipsImage *image) {
  VipsImage *ramp;
  VipsImage *alpha;
  VipsImage *out;
  check(vips_grey(&ramp, image->Xsize, image->Ysize, "uchar", TRUE, NULL));
  check(vips_copy(ramp, &alpha, NULL));
  check(vips_bandjoin2(image, alpha, &out, NULL));
  return out;
}

static VipsImage *with_notes(VipsImage *image) {
  static const char IPTC[] = "Photoshop 3.0\0"
                             "8BIM\4\4\0\0\0\0\0\35"
                             "\x1c\2\x6e\0\x06"
                             "Agency"
                             "\x1c\2\x74\0\x0d"
                             "(c) Someone X"
                             "\0";
  static const char XMP[] = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                            "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                            "<rdf:Description xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                            "xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" "
                            "exif:GPSLatitude=\"52,31.2N\"><dc:creator><rdf:Seq><rdf:li>Jane &amp; "
                            "Joe</rdf:li></rdf:Seq></dc:creator>"
                            "</rdf:Description></rdf:RDF></x:xmpmeta>";
  VipsImage *out;
  check(vips_copy(image, &out, NULL));
  vips_image_set_blob_copy(out, VIPS_META_IPTC_NAME, IPTC, sizeof IPTC - 1);
  vips_image_set_blob_copy(out, VIPS_META_XMP_NAME, XMP, sizeof XMP - 1);
  vips_image_set_string(out, "exif-ifd3-GPSLatitude",
                        "52/1 31/1 12/1 (52, 31, 12, Rational, 3 components, 24 bytes)");
  vips_image_set_string(out, "exif-ifd0-Model", "Camera (Camera, ASCII, 7 components, 7 bytes)");
  return out;
}

static int convert(char **words) {
  VipsImage *image = load(words[1]);
  VipsImage *out = NULL;
  const char *kind = words[0];
  if (strcmp(kind, "cmyk") == 0) {
    check(vips_icc_transform(image, &out, "cmyk", "input_profile", "srgb", NULL));
  } else if (strcmp(kind, "rgb16") == 0) {
    check(vips_colourspace(image, &out, VIPS_INTERPRETATION_RGB16, NULL));
  } else if (strcmp(kind, "grey") == 0) {
    check(vips_colourspace(image, &out, VIPS_INTERPRETATION_B_W, NULL));
  } else if (strcmp(kind, "alpha") == 0) {
    out = with_alpha(image);
  } else if (strcmp(kind, "notes") == 0) {
    out = with_notes(image);
  } else if (strncmp(kind, "orient", 6) == 0) {
    out = stored_as(image, kind[6] - '0');
  } else {
    return 2;
  }
  check(vips_image_write_to_file(out, words[2], NULL));
  return 0;
}

static int reference(char **words) {
  VipsImage *image = load(words[0]);
  VipsImage *upright;
  VipsImage *cut;
  VipsImage *scaled;
  check(vips_autorot(image, &upright, NULL));
  check(vips_crop(upright, &cut, atoi(words[2]), atoi(words[3]), atoi(words[4]), atoi(words[5]),
                  NULL));
  check(vips_resize(cut, &scaled, atof(words[6]) / cut->Xsize, "vscale",
                    atof(words[7]) / cut->Ysize, NULL));
  check(vips_image_write_to_file(scaled, words[1], NULL));
  return 0;
}

static VipsImage *blurred(VipsImage *image, VipsImage *window) {
  VipsImage *out;
  check(vips_convsep(image, &out, window, NULL));
  return out;
}

static VipsImage *product(VipsImage *a, VipsImage *b) {
  VipsImage *out;
  check(vips_multiply(a, b, &out, NULL));
  return out;
}

static VipsImage *linear(VipsImage *image, double factor, double offset) {
  VipsImage *out;
  check(vips_linear1(image, &out, factor, offset, NULL));
  return out;
}

static VipsImage *minus(VipsImage *a, VipsImage *b) {
  return sum(a, linear(b, -1, 0));
}

static double mean(VipsImage *image) {
  double out;
  check(vips_avg(image, &out, NULL));
  return out;
}

// Wang et al. 2004, with its constants for 8 bits.
static double similarity(VipsImage *a, VipsImage *b) {
  VipsImage *window;
  VipsImage *index;
  check(vips_gaussmat(&window, 1.5, 0.03, "separable", TRUE, "precision", VIPS_PRECISION_FLOAT,
                      NULL));
  VipsImage *mean_a = blurred(a, window);
  VipsImage *mean_b = blurred(b, window);
  VipsImage *means = product(mean_a, mean_b);
  VipsImage *squares = sum(product(mean_a, mean_a), product(mean_b, mean_b));
  VipsImage *variances =
      minus(sum(blurred(product(a, a), window), blurred(product(b, b), window)), squares);
  VipsImage *covariance = minus(blurred(product(a, b), window), means);
  VipsImage *above = product(linear(means, 2, 6.5025), linear(covariance, 2, 58.5225));
  VipsImage *below = product(linear(squares, 1, 6.5025), linear(variances, 1, 58.5225));
  check(vips_divide(above, below, &index, NULL));
  return mean(index);
}

static VipsImage *plain(const char *path, VipsInterpretation space) {
  VipsImage *image = load(path);
  VipsImage *flat = image;
  VipsImage *converted;
  VipsImage *out;
  if (vips_image_hasalpha(image)) {
    check(vips_flatten(image, &flat, NULL));
  }
  check(vips_colourspace(flat, &converted, space, NULL));
  check(vips_cast(converted, &out, VIPS_FORMAT_FLOAT, NULL));
  return out;
}

static int compare(char **words) {
  VipsImage *difference =
      minus(plain(words[0], VIPS_INTERPRETATION_sRGB), plain(words[1], VIPS_INTERPRETATION_sRGB));
  double error = mean(product(difference, difference));
  double ssim = similarity(plain(words[0], VIPS_INTERPRETATION_B_W),
                           plain(words[1], VIPS_INTERPRETATION_B_W));
  printf("%.2f %.5f\n", error > 0 ? 10 * log10(255 * 255 / error) : 99.0, ssim);
  return 0;
}

static int info(char **words) {
  VipsImage *image = load(words[0]);
  printf("%d %d %d %s\n", image->Xsize, image->Ysize, image->Bands,
         vips_enum_nick(VIPS_TYPE_INTERPRETATION, (int)image->Type));
  char **fields = vips_image_get_fields(image);
  for (int i = 0; fields[i] != NULL; i++) {
    puts(fields[i]);
  }
  return 0;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    int words;
    int (*run)(char **words);
  } COMMANDS[] = {{"make", 4, make},
                  {"as", 3, convert},
                  {"reference", 8, reference},
                  {"compare", 2, compare},
                  {"info", 1, info}};
  check(vips_init(argv[0]));
  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(COMMANDS); i++) {
    if (strcmp(argv[1], COMMANDS[i].name) == 0 && argc - 2 == COMMANDS[i].words) {
      return COMMANDS[i].run(argv + 2);
    }
  }
  fputs("usage: see the head of picture_tool.c\n", stderr);
  return 2;
}
