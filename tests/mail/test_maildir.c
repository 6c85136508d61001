// SPDX-License-Identifier: Apache-2.0
//
// The outbox's maildir: nothing is seen before the commit, the same name is never two files, also
// when it was read meanwhile. Does not cover: power loss.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "mail/maildir.h"

static guint count(const char *path, const char *name) {
  g_autofree char *folder = g_build_filename(path, name, NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  guint files = 0;
  while (dir != NULL && g_dir_read_name(dir) != NULL) {
    files++;
  }
  return files;
}

static void remove_all(const char *path) {
  g_autofree char *command = g_strdup_printf("rm -rf '%s'", path);
  assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
}

static void test_delivery(void **state) {
  g_autofree char *path = g_dir_make_tmp("broadsheet-maildir-XXXXXX", NULL);
  g_autofree char *outbox = g_build_filename(path, "deep", "outbox", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Maildir) maildir = maildir_open(outbox, &error);
  assert_non_null(maildir);
  for (guint i = 0; i < 20; i++) {
    g_autofree char *name = g_strdup_printf("M%u.example.org", i);
    assert_true(maildir_add(maildir, name, slice_of("Subject: x\n\nwords\n"), &error));
  }
  assert_int_equal(count(outbox, "new"), 0);
  assert_int_equal(count(outbox, "tmp"), 20);
  assert_true(maildir_commit(maildir, &error));
  assert_int_equal(count(outbox, "new"), 20);
  assert_int_equal(count(outbox, "tmp"), 0);
  g_autofree char *file = g_build_filename(outbox, "new", "M7.example.org", NULL);
  g_autofree char *read = g_build_filename(outbox, "cur", "M7.example.org:2,S", NULL);
  g_autofree char *text = NULL;
  assert_true(g_file_get_contents(file, &text, NULL, NULL));
  assert_string_equal(text, "Subject: x\n\nwords\n");
  assert_int_equal(g_rename(file, read), 0);
  for (guint i = 5; i < 10; i++) { // again
    g_autofree char *name = g_strdup_printf("M%u.example.org", i);
    assert_true(maildir_add(maildir, name, slice_of("other words\n"), &error));
  }
  assert_true(maildir_commit(maildir, &error));
  assert_int_equal(count(outbox, "new"), 19);
  assert_int_equal(count(outbox, "cur"), 1);
  remove_all(path);
}

static void test_no_folder(void **state) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Maildir) maildir = maildir_open("/proc/outbox", &error);
  assert_null(maildir);
  assert_non_null(strstr(error->message, "[mail] outbox"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_delivery),
      cmocka_unit_test(test_no_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
