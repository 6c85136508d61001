// SPDX-License-Identifier: Apache-2.0
//
// The disk cache of renditions: limits, restarts, broken files. Does not cover: who fills it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "imaging/rendition_cache.h"

static char *folder;

static int make_folder(void **state) {
  folder = g_dir_make_tmp("renditions-XXXXXX", NULL);
  return folder == NULL;
}

static int remove_folder(void **state) {
  g_autofree char *command = g_strdup_printf("rm -rf '%s'", folder);
  int status = system(command);
  g_clear_pointer(&folder, g_free);
  return status;
}

static GBytes *bytes_of(char letter, gsize length) {
  char *data = g_malloc(length);
  memset(data, letter, length);
  return g_bytes_new_take(data, length);
}

static void put(RenditionCache *cache, const char *name, char letter, gsize length) {
  g_autoptr(GBytes) bytes = bytes_of(letter, length);
  assert_true(rendition_cache_put(cache, name, bytes, NULL));
}

static void assert_has(RenditionCache *cache, const char *name, char letter, gsize length) {
  g_autoptr(GBytes) bytes = rendition_cache_get(cache, name);
  g_autoptr(GBytes) expected = bytes_of(letter, length);
  assert_non_null(bytes);
  assert_true(g_bytes_equal(bytes, expected));
}

static void test_keeps_within_limit(void **state) {
  g_autoptr(RenditionCache) cache = rendition_cache_open(folder, 10000, NULL);
  put(cache, "aa1", 'a', 3000);
  put(cache, "ab2", 'b', 3000);
  put(cache, "ac3", 'c', 3000);
  assert_has(cache, "aa1", 'a', 3000); // now the most recently used
  put(cache, "ad4", 'd', 3000);
  assert_true(rendition_cache_bytes(cache) <= 10000);
  assert_null(rendition_cache_get(cache, "ab2"));
  assert_has(cache, "aa1", 'a', 3000);
  assert_has(cache, "ac3", 'c', 3000);
  assert_has(cache, "ad4", 'd', 3000);
  put(cache, "ad4", 'e', 100); // replaced, counted once
  assert_int_equal(rendition_cache_bytes(cache), 3000 * 2 + 100 + 3 * 16);
}

static void test_counts_after_restart(void **state) {
  RenditionCache *cache = rendition_cache_open(folder, 100000, NULL);
  put(cache, "aa1", 'a', 3000);
  put(cache, "bb2", 'b', 4000);
  rendition_cache_close(cache);
  cache = rendition_cache_open(folder, 100000, NULL);
  rendition_cache_wait_counted(cache);
  assert_int_equal(rendition_cache_bytes(cache), 7000 + 2 * 16);
  assert_has(cache, "bb2", 'b', 4000);
  rendition_cache_close(cache);
  cache = rendition_cache_open(folder, 5000, NULL); // the limit was lowered
  rendition_cache_wait_counted(cache);
  assert_true(rendition_cache_bytes(cache) <= 5000);
  rendition_cache_close(cache);
}

static void test_never_serves_broken_files(void **state) {
  static const struct {
    const char *name;
    gsize cut;   // bytes taken off the end
    gssize flip; // byte changed, -1 none
  } CASES[] = {{"aa1", 1, -1}, {"aa2", 2000, -1}, {"aa3", 3016, -1},
               {"aa4", 0, 5},  {"aa5", 0, 3001},  {"aa6", 16, -1}};
  g_autoptr(RenditionCache) cache = rendition_cache_open(folder, 100000, NULL);
  rendition_cache_wait_counted(cache);
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    g_autofree char *path = g_strdup_printf("%s/aa/%s", folder, CASES[i].name);
    g_autofree char *contents = NULL;
    gsize length = 0;
    put(cache, CASES[i].name, 'x', 3000);
    assert_true(g_file_get_contents(path, &contents, &length, NULL));
    if (CASES[i].flip >= 0) {
      contents[CASES[i].flip] ^= 1;
    }
    assert_true(g_file_set_contents(path, contents, (gssize)(length - CASES[i].cut), NULL));
    assert_null(rendition_cache_get(cache, CASES[i].name));
    assert_int_not_equal(g_access(path, F_OK), 0);
    assert_false(rendition_cache_has(cache, CASES[i].name));
  }
  assert_int_equal(rendition_cache_bytes(cache), 0);
}

static void test_full_disk_is_an_error(void **state) {
  g_autoptr(RenditionCache) cache = rendition_cache_open(folder, 100000, NULL);
  g_autofree char *shard = g_strdup_printf("%s/cc", folder);
  g_autoptr(GBytes) bytes = bytes_of('a', 10);
  g_autoptr(GError) error = NULL;
  assert_true(g_file_set_contents(shard, "a file where a folder should be", -1, NULL));
  assert_false(rendition_cache_put(cache, "cc1", bytes, &error));
  assert_non_null(strstr(error->message, "cc1"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_keeps_within_limit, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_counts_after_restart, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_never_serves_broken_files, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(test_full_disk_is_an_error, make_folder, remove_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
