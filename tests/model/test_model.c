// SPDX-License-Identifier: Apache-2.0
//
// Rules of the nouns: crops, addresses, directions of languages.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/address.h"

#define HASH "c478eb1d3eccd07838bdf3fa794433a69e8b21f9"

static void test_crop_keeps_focal_point(void **state) {
  g_autoptr(Image) image = image_new();
  image->width = 4000;
  image->height = 3000;
  image->focal_x = 9900;
  image->focal_y = 100;
  CropRectangle crop = image_crop(image, ASPECT_1X1);
  assert_int_equal(crop.x, 1000);
  assert_int_equal(crop.y, 0);
  assert_int_equal(crop.width, 3000);
  image->crops[ASPECT_1X1] = (CropRectangle){10, 20, 30, 30};
  assert_int_equal(image_crop(image, ASPECT_1X1).x, 10);
  image->crops[ASPECT_1X1].width = 4000; // outside: ignored
  assert_int_equal(image_crop(image, ASPECT_1X1).x, 1000);
  image->width = 1;
  image->height = 1;
  assert_int_equal(image_crop(image, ASPECT_16X9).height, 1);
}

static void test_image_addresses(void **state) {
  g_autoptr(Image) image = image_new();
  image->id = 7;
  image->hash = g_strdup(HASH);
  image->width = 1280;
  image->height = 720;
  g_autofree char *address =
      address_image(&(ImageAddress){.image = image, .aspect = ASPECT_16X9, .width = 810}, "key");
  assert_string_equal(address, "/images/7/" HASH "-16x9-x0y0w1280h720.jpg?imwidth=810");
  ParsedImageAddress parsed;
  assert_true(
      address_parse_image(SLICE_LITERAL("/images/7/" HASH "-16x9-x0y0w1280h720.jpg"), &parsed));
  assert_int_equal(parsed.id, 7);
  assert_int_equal(parsed.crop.width, 1280);
  assert_true(address_parse_image(SLICE_LITERAL("/images/7/" HASH "-1x1.avif"), &parsed));
  assert_false(parsed.has_crop);
  static const char *const WRONG[] = {"/images/0/" HASH "-16x9.jpg",
                                      "/images/7/" HASH "-16x9-x0y0w0h720.jpg",
                                      "/images/7/" HASH "-16x9-x0y0w1h1.tif",
                                      "/images/7/" HASH "-5x9.jpg",
                                      "/images/7/ABCDEB1D3ECCD07838BDF3FA794433A69E8B21F9-1x1.jpg",
                                      "/images/7/" HASH "-16x9-x0y0w1h1.jpg.jpg",
                                      "/images/7/" HASH "-16x9-x99999999999y0w1h1.jpg",
                                      "/images//x"};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    assert_false(address_parse_image(slice_of(WRONG[i]), &parsed));
  }
}

static void test_story_addresses(void **state) {
  g_autofree char *address = address_story("politics", "the-slug", 17667357);
  assert_string_equal(address, "/politics/the-slug-c-17667357");
  gint64 id = 0;
  assert_true(address_parse_story(slice_of(address), &id));
  assert_int_equal(id, 17667357);
  assert_false(address_parse_story(SLICE_LITERAL("/politics/the-slug-c-"), &id));
  assert_false(address_parse_story(SLICE_LITERAL("/politics/c-99999999999999999999"), &id));
}

static void test_reserved_addresses(void **state) {
  assert_true(address_is_reserved("search"));
  assert_true(address_is_reserved("newsroom"));
  assert_true(address_is_reserved(""));
  assert_true(address_is_reserved(".well-known"));
  assert_false(address_is_reserved("politics"));
  assert_false(address_is_reserved("searching"));
}

static void test_directions(void **state) {
  assert_true(language_is_right_to_left("ar-EG"));
  assert_true(language_is_right_to_left("he"));
  assert_false(language_is_right_to_left("arn"));
  assert_true(language_is_right_to_left("pa-Arab"));
  assert_false(language_is_right_to_left("de"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_crop_keeps_focal_point), cmocka_unit_test(test_image_addresses),
      cmocka_unit_test(test_story_addresses), cmocka_unit_test(test_reserved_addresses),
      cmocka_unit_test(test_directions)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
