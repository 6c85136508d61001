// SPDX-License-Identifier: Apache-2.0
//
// Files of editions: put under their content's name, read again, never outside the folder.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#include "store/edition_files.h"
#include "store/store.h"

static void test_put_and_read(void **state) {
  g_autofree char *folder = g_dir_make_tmp("broadsheet-editions-XXXXXX", NULL);
  g_autofree char *inside = g_build_filename(folder, "editions", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(EditionFiles) files = edition_files_open(inside, &error);
  assert_false(g_file_test(inside, G_FILE_TEST_EXISTS)); // a paper without editions has no folder
  Slice bytes = SLICE_LITERAL("%PDF-1.7 a newspaper");
  g_autofree char *hash = edition_files_put(files, "application/pdf", bytes, &error);
  g_autofree char *again = edition_files_put(files, "application/pdf", bytes, &error);
  assert_null(error);
  assert_string_equal(hash, again);
  assert_int_equal(strlen(hash), 40);
  g_autoptr(GBytes) read = edition_files_read(files, hash, "application/pdf", &error);
  assert_true(slice_equal(slice_of_bytes(read), bytes));
  static const struct {
    const char *hash, *media_type;
  } WRONG[] = {{"../../../../etc/passwd", "application/pdf"},
               {"0123456789abcdef0123456789abcdef01234567", "application/pdf"},
               {"0123456789ABCDEF0123456789abcdef01234567", "application/pdf"},
               {"", "application/pdf"},
               {NULL, "application/pdf"},
               {"0123456789abcdef0123456789abcdef01234567", "text/html"}};
  for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
    assert_null(edition_files_read(files, WRONG[i].hash, WRONG[i].media_type, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_NOT_FOUND));
    g_clear_error(&error);
  }
  g_autofree char *path = edition_files_path(files, hash, "application/pdf");
  g_autofree char *two = g_path_get_dirname(path);
  assert_int_equal(g_remove(path), 0);
  assert_int_equal(g_remove(two), 0);
  assert_int_equal(g_remove(inside), 0);
  assert_int_equal(g_remove(folder), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_put_and_read)};
  return cmocka_run_group_tests_name("store/edition_files", tests, NULL, NULL);
}
