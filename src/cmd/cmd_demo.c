// SPDX-License-Identifier: Apache-2.0
//
// `broadsheet demo`: the sample newspaper, made where it isn't there yet, and served. It is made in
// a folder beside and renamed when it is whole, so that a demo which was interrupted starts afresh.
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/sample.h"
#include "cmd/progress.h"
#include "cmd/serving.h"
#include "newsroom/settings.h"

// Removes our own half-made folder. Never follows links.
static void remove_tree(const char *path) {
  if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
      g_autofree char *child = g_build_filename(path, name, NULL);
      remove_tree(child);
    }
  }
  (void)g_remove(path);
}

static gboolean lay_sample(const char *folder, GError **error) {
  g_autoptr(Paper) paper =
      paper_lay(folder, error) ? paper_open(folder, PAPER_MIGRATE | PAPER_DECODERS, error) : NULL;
  if (paper == NULL) {
    return FALSE;
  }
  Progress progress;
  progress_begin(&progress, "Stories");
  gboolean good = sample_load(&paper->newsroom, progress_show, &progress, error);
  progress_end(&progress);
  return good;
}

static gboolean make_sample(const char *folder, GError **error) {
  g_autofree char *whole = g_canonicalize_filename(folder, NULL),
                  *making = g_strconcat(whole, ".making", NULL);
  printf("Making the sample newspaper in %s\n", folder);
  fflush(stdout);
  remove_tree(making);
  if (!lay_sample(making, error)) {
    remove_tree(making);
    return FALSE;
  }
  if (g_rename(making, whole) != 0) {
    g_set_error(
        error, PAPER_ERROR, PAPER_ERROR_FOLDER,
        "'%s' can't become '%s': %s; give demo an empty folder or none: `broadsheet -C DIR demo`",
        making, whole, g_strerror(errno));
    remove_tree(making);
    return FALSE;
  }
  return TRUE;
}

// The sample calls itself http://localhost:8080; served at another port, its feeds, canonical
// addresses and passkeys are to be right there, too. An address that somebody has given it stays.
static gboolean follow_port(Paper *paper, gint64 port, GError **error) {
  if (port == 0) {
    return TRUE; // any free one, which is not known yet
  }
  g_autoptr(Site) site = paper_site(paper, error);
  if (site == NULL) {
    return FALSE;
  }
  g_autofree char *url = g_strdup_printf("http://localhost:%" G_GINT64_FORMAT, port);
  return !g_str_has_prefix(site->base_url, "http://localhost:") ||
         strcmp(site->base_url, url) == 0 || settings_put(&paper->newsroom, "base_url", url, error);
}

static int run_demo(const Invocation *invocation) {
  app_hold_signals();
  g_autoptr(GError) error = NULL;
  gint64 port = -1;
  if (!invocation_integer(invocation, "port", 0, 65535, -1, &port)) {
    return COMMAND_USAGE;
  }
  if (!paper_exists(invocation->folder) && !make_sample(invocation->folder, &error)) {
    return invocation_fail(invocation, error);
  }
  g_autoptr(Paper) paper = paper_open(invocation->folder, PAPER_MIGRATE | PAPER_DECODERS, &error);
  return paper != NULL && follow_port(paper, port >= 0 ? port : paper->config->port, &error)
             ? serving_run(invocation, paper)
             : invocation_fail(invocation, error);
}

const Command COMMAND_DEMO = {
    .name = "demo",
    .usage = "[--port N] [--listen ADDRESS]",
    .summary = "make the sample newspaper in ./paper and serve it",
    .help = "The sample newspaper is made in ./paper (or the folder named with -C) if there is "
            "none; then it\n"
            "is served like any other. It is yours to change: every other command works in that "
            "folder.",
    .options = SERVING_OPTIONS,
    .default_folder = "paper",
    .run = run_demo,
};
