// SPDX-License-Identifier: Apache-2.0
//
// The configuration: defaults, the file, the environment, and how wrong ones are refused.
// Does not cover: whether the values work (doctor, tests/system).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "app/config.h"
#include "base/spelling.h"

static char *folder_with(const char *ini) {
  char *folder = g_dir_make_tmp("broadsheet-config-XXXXXX", NULL);
  assert_non_null(folder);
  g_autofree char *path = config_path(folder);
  assert_true(ini == NULL || g_file_set_contents(path, ini, -1, NULL));
  return folder;
}

static void remove_folder(char *folder) {
  g_autofree char *path = config_path(folder);
  g_unlink(path);
  g_rmdir(folder);
  g_free(folder);
}

static void test_defaults(void **state) {
  char *folder = folder_with(NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = config_load(folder, &error);
  assert_null(error);
  g_autofree char *database = g_build_filename(folder, "broadsheet.db", NULL);
  assert_string_equal(config->listen, "127.0.0.1");
  assert_int_equal(config->port, 8080);
  assert_string_equal(config->database, database);
  assert_true(config->image_fill_ladder);
  assert_int_equal(config->front_size, 64);
  remove_folder(folder);
}

static void test_relays(void **state) {
  char *folder =
      folder_with("[relay]\nhost = one.example\n[relay spare]\nhost=two.example\nsecurity=tls\n"
                  "weight = 0\npassword_file = secret\n[mail]\nverp = no\n");
  g_setenv("BROADSHEET_RELAY_PORT", "2525", TRUE);
  g_setenv("BROADSHEET_RELAY_SPARE_USER", "anna", TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = config_load(folder, &error);
  g_unsetenv("BROADSHEET_RELAY_PORT");
  g_unsetenv("BROADSHEET_RELAY_SPARE_USER");
  assert_null(error);
  assert_int_equal(config->relays->len, 2);
  const ConfigRelay *one = config->relays->pdata[0], *two = config->relays->pdata[1];
  g_autofree char *file = g_build_filename(folder, "secret", NULL);
  assert_string_equal(one->host, "one.example");
  assert_int_equal(one->port, 2525);
  assert_string_equal(one->security, "starttls");
  assert_int_equal(two->port, 465);
  assert_int_equal(two->weight, 0);
  assert_string_equal(two->user, "anna");
  assert_string_equal(two->password_file, file);
  assert_false(config->mail_verp);
  remove_folder(folder);
}

static void test_wrong_relays(void **state) {
  static const struct {
    const char *ini, *says;
  } CASES[] = {
      {"[relay]\nport = 25\n", "names no host"},
      {"[relay]\nhost=a\n[relay]\nhost=b\n", ":3: there is a second [relay]"},
      {"[relay x]\nhost=a\n[relay x]\n", ":3: there is a second [relay x]"},
      {"[relay]\nhost=a\nhost=b\n", ":3: 'host' in [relay] is set a second time"},
      {"[relay]\nsecurity = ssl\n", ":2: security in [relay] is one of starttls|tls|none"},
      {"[relay]\nhots = a\n", ":2: [relay] has no key 'hots'; did you mean 'host'?"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    char *folder = folder_with(CASES[i].ini);
    g_autoptr(GError) error = NULL;
    g_autoptr(Config) config = config_load(folder, &error);
    assert_null(config);
    assert_non_null(strstr(error->message, CASES[i].says));
    remove_folder(folder);
  }
}

static void test_file_and_environment(void **state) {
  char *folder = folder_with(
      "\xef\xbb\xbf# a comment\n[server]\n port = 9000 \r\nlisten=::\naccess_log = log/access\n\n"
      "; another\n[images]\nfill_ladder = No\n");
  g_setenv("BROADSHEET_SERVER_PORT", "9001", TRUE);
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = config_load(folder, &error);
  g_unsetenv("BROADSHEET_SERVER_PORT");
  assert_null(error);
  g_autofree char *log = g_build_filename(folder, "log/access", NULL);
  assert_int_equal(config->port, 9001);
  assert_string_equal(config->listen, "::");
  assert_string_equal(config->access_log, log);
  assert_false(config->image_fill_ladder);
  remove_folder(folder);
}

static void test_refusals(void **state) {
  static const struct {
    const char *ini, *words;
    int code;
  } CASES[] = {
      {"[server]\nprot = 1\n", "broadsheet.ini:2: [server] has no key 'prot'; did you mean 'port'?",
       CONFIG_ERROR_KEY},
      {"[site]\n\nport = 1\n",
       "broadsheet.ini:3: [site] has no key 'port'; did you mean 'port' in [server]?",
       CONFIG_ERROR_KEY},
      {"[images]\nzzzzzz = 1\n", "it has workers, cache_megabytes, fill_ladder", CONFIG_ERROR_KEY},
      {"[sever]\n", "broadsheet.ini:1: there is no group [sever]; did you mean [server]?",
       CONFIG_ERROR_KEY},
      {"[server\n", "the ']' is missing", CONFIG_ERROR_SYNTAX},
      {"port = 1\n", "before the first [group]", CONFIG_ERROR_SYNTAX},
      {"[server]\nport\n", "broadsheet.ini:2: 'port' is neither", CONFIG_ERROR_SYNTAX},
      {"[server]\nport = 65536\n",
       "broadsheet.ini:2: port in [server] takes a whole number from 0 to 65535, not '65536'",
       CONFIG_ERROR_VALUE},
      {"[server]\nport = -1\n", "not '-1'", CONFIG_ERROR_VALUE},
      {"[server]\nport = 80x\n", "not '80x'", CONFIG_ERROR_VALUE},
      {"[server]\nport =\n", "not ''", CONFIG_ERROR_VALUE},
      {"[images]\nfill_ladder = maybe\n", "'true' or 'false', not 'maybe'", CONFIG_ERROR_VALUE},
      {"[server]\nport = 1\nport = 2\n",
       "broadsheet.ini:3: 'port' in [server] is set a second time", CONFIG_ERROR_KEY},
      {"[server]\nlisten = \xff\n", "broadsheet.ini:2: this is not UTF-8", CONFIG_ERROR_SYNTAX},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
    char *folder = folder_with(CASES[i].ini);
    g_autoptr(GError) error = NULL;
    assert_null(config_load(folder, &error));
    assert_int_equal(error->code, CASES[i].code);
    if (strstr(error->message, CASES[i].words) == NULL) {
      fail_msg("'%s' lacks '%s'", error->message, CASES[i].words);
    }
    remove_folder(folder);
  }
}

static void test_unknown_variable(void **state) {
  char *folder = folder_with(NULL);
  g_setenv("BROADSHEET_SERVER_PROT", "1", TRUE);
  g_autoptr(GError) error = NULL;
  assert_null(config_load(folder, &error));
  g_unsetenv("BROADSHEET_SERVER_PROT");
  assert_non_null(strstr(
      error->message, "BROADSHEET_SERVER_PROT: [server] has no key 'prot'; did you mean 'port'?"));
  remove_folder(folder);
}

// The file that `init` writes, with every # before a key taken off, gives the defaults again.
static void test_template_is_the_defaults(void **state) {
  g_autofree char *template = config_template();
  g_autoptr(GRegex) regex = g_regex_new("^#(?=[a-z_]+ = |\\[)", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *live = g_regex_replace_literal(regex, template, -1, 0, "", 0, NULL);
  assert_non_null(strstr(live, "\nport = 8080\n"));
  char *folder = folder_with(live);
  g_autoptr(GError) error = NULL;
  g_autoptr(Config) config = config_load(folder, &error);
  assert_null(error);
  assert_int_equal(config->page_cache_megabytes, 32);
  remove_folder(folder);
}

static void test_spelling(void **state) {
  static const char *const WORDS[] = {"serve", "import", "publish", "list", NULL};
  assert_string_equal(spelling_nearest("sevre", WORDS), "serve");
  assert_string_equal(spelling_nearest("IMPROT", WORDS), "import");
  assert_string_equal(spelling_nearest("pub", WORDS), "publish");
  assert_null(spelling_nearest("zebra", WORDS));
  assert_null(spelling_nearest("", WORDS));
  assert_int_equal(spelling_distance("abcd", "acbd"), 1);
  assert_int_equal(spelling_distance("", "abc"), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_defaults),
      cmocka_unit_test(test_relays),
      cmocka_unit_test(test_wrong_relays),
      cmocka_unit_test(test_file_and_environment),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_unknown_variable),
      cmocka_unit_test(test_template_is_the_defaults),
      cmocka_unit_test(test_spelling),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
