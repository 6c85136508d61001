// SPDX-License-Identifier: Apache-2.0
//
// Original pictures as files: put, found again by content, never half there, never outside the
// folder.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store/originals.h"
#include "store/store.h"

typedef struct Fixture {
  char *folder;
  Originals *originals;
} Fixture;

static int set_up(void **state) {
  Fixture *fixture = g_new0(Fixture, 1);
  g_autofree char *parent = g_dir_make_tmp("broadsheet-originals-XXXXXX", NULL);
  fixture->folder = g_build_filename(parent, "originals", NULL);
  fixture->originals = originals_open(fixture->folder, NULL);
  *state = fixture;
  return fixture->originals == NULL;
}

static void remove_tree(const char *path) {
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  const char *name = NULL;
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *inner = g_build_filename(path, name, NULL);
    remove_tree(inner);
  }
  g_remove(path);
}

static int tear_down(void **state) {
  Fixture *fixture = *state;
  g_autofree char *parent = g_path_get_dirname(fixture->folder);
  originals_close(fixture->originals);
  remove_tree(parent);
  g_free(fixture->folder);
  g_free(fixture);
  return 0;
}

static void test_put_and_read(void **state) {
  Fixture *fixture = *state;
  Slice bytes = SLICE_LITERAL("\xff\xd8 a picture \0 with bytes");
  g_autofree char *hash = originals_hash(bytes);
  assert_int_equal(strlen(hash), 40);
  assert_true(originals_put(fixture->originals, hash, FORMAT_JPEG, bytes, NULL));
  assert_true(originals_put(fixture->originals, hash, FORMAT_JPEG, bytes, NULL));
  int file = originals_open_read(fixture->originals, hash, FORMAT_JPEG, NULL);
  char found[64];
  ssize_t length = read(file, found, sizeof found);
  close(file);
  assert_int_equal(length, bytes.length);
  assert_memory_equal(found, bytes.data, bytes.length);
  g_autofree char *path = originals_path(fixture->originals, hash, FORMAT_JPEG);
  assert_true(g_str_has_prefix(path, originals_folder(fixture->originals)));
  assert_true(g_str_has_suffix(path, ".jpg"));
}

// What a crash of another writer left under the name (too short) is written again.
static void test_mends_a_torn_file(void **state) {
  Fixture *fixture = *state;
  Slice bytes = SLICE_LITERAL("whole picture");
  g_autofree char *hash = originals_hash(bytes);
  assert_true(originals_put(fixture->originals, hash, FORMAT_PNG, bytes, NULL));
  g_autofree char *path = originals_path(fixture->originals, hash, FORMAT_PNG);
  assert_int_equal(truncate(path, 3), 0);
  assert_true(originals_put(fixture->originals, hash, FORMAT_PNG, bytes, NULL));
  g_autofree char *contents = NULL;
  gsize length = 0;
  assert_true(g_file_get_contents(path, &contents, &length, NULL));
  assert_int_equal(length, bytes.length);
}

static void test_refuses_what_is_no_hash(void **state) {
  Fixture *fixture = *state;
  const char *const NAMES[] = {"",
                               "..",
                               "../../etc/passwd",
                               "0123456789abcdef0123456789abcdef0123456g",
                               "0123456789ABCDEF0123456789ABCDEF01234567",
                               "../3456789abcdef0123456789abcdef01234567",
                               "0123456789abcdef0123456789abcdef012345678"};
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    g_autoptr(GError) error = NULL;
    assert_int_equal(originals_open_read(fixture->originals, NAMES[i], FORMAT_PNG, &error), -1);
    assert_non_null(error);
    assert_false(originals_put(fixture->originals, NAMES[i], FORMAT_PNG, SLICE_LITERAL("x"), NULL));
  }
  g_autoptr(GError) error = NULL;
  assert_int_equal(originals_open_read(fixture->originals,
                                       "0123456789abcdef0123456789abcdef01234567", FORMAT_PNG,
                                       &error),
                   -1);
  assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_put_and_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_mends_a_torn_file, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_refuses_what_is_no_hash, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
