// SPDX-License-Identifier: Apache-2.0
//
// Implements paper.h.
#include "app/paper.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "newsroom/settings.h"
#include "store/migrate.h"
#include "store/site_rows.h"

G_DEFINE_QUARK(broadsheet - paper - error, paper_error)

static gboolean stands_in(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

gboolean paper_exists(const char *folder) {
  if (stands_in(folder, "broadsheet.ini") || stands_in(folder, "broadsheet.db")) {
    return TRUE;
  }
  g_autofree char *variable = config_variable_name("database", "address");
  const char *address = g_getenv(variable);
  return address != NULL && *address != '\0' && g_file_test(folder, G_FILE_TEST_IS_DIR);
}

static gboolean folder_is_empty(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  return dir != NULL && g_dir_read_name(dir) == NULL;
}

char *paper_originals_folder(const Config *config) {
  return g_build_filename(config->folder, "originals", NULL);
}

char *paper_renditions_folder(const Config *config) {
  return g_build_filename(config->folder, "renditions", NULL);
}

char *paper_editions_folder(const Config *config) {
  return g_build_filename(config->folder, "editions", NULL);
}

static gboolean write_config(const char *folder, GError **error) {
  g_autofree char *path = config_path(folder), *text = config_template();
  // 0640: the address of a database may hold a password.
  return g_file_set_contents_full(
      path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0640, error);
}

static gboolean prepare_folder(const char *folder, PaperNeeds needs, gboolean *ret_created,
                               GError **error) {
  *ret_created = FALSE;
  if (paper_exists(folder)) {
    return TRUE;
  }
  gboolean is_there = g_file_test(folder, G_FILE_TEST_EXISTS);
  if ((needs & PAPER_CREATE) == 0) {
    g_set_error(
        error, PAPER_ERROR, PAPER_ERROR_MISSING,
        is_there ? "there is no newspaper in '%s' (no broadsheet.ini, no broadsheet.db); make one "
                   "with `broadsheet -C '%s' init`, "
                   "or name its folder with -C"
                 : "there is no folder '%s'; make a newspaper there with `broadsheet -C '%s' init`",
        folder, folder);
    return FALSE;
  }
  if (is_there && !folder_is_empty(folder)) {
    g_set_error(error, PAPER_ERROR, PAPER_ERROR_FOLDER,
                "'%s' has other things in it and no newspaper; `broadsheet -C '%s' init` makes one "
                "there all the same",
                folder, folder);
    return FALSE;
  }
  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, PAPER_ERROR, PAPER_ERROR_FOLDER, "the folder '%s' can't be made: %s", folder,
                g_strerror(errno));
    return FALSE;
  }
  *ret_created = TRUE;
  return write_config(folder, error);
}

gboolean paper_lay(const char *folder, GError **error) {
  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, PAPER_ERROR, PAPER_ERROR_FOLDER, "the folder '%s' can't be made: %s", folder,
                g_strerror(errno));
    return FALSE;
  }
  return stands_in(folder, "broadsheet.ini") || write_config(folder, error);
}

static Renditioner *start_renditioner(const Config *config, GError **error) {
  g_autofree char *cache = paper_renditions_folder(config);
  g_autofree char *program = g_file_read_link("/proc/self/exe", error);
  if (program == NULL) {
    g_prefix_error(error, "this program's own path can't be found (is /proc mounted?): ");
    return NULL;
  }
  RenditionOptions options = {
      .cache_folder = cache,
      .cache_bytes = config->image_cache_megabytes << 20,
      .workers = (guint)config->image_workers,
      .program = program,
      .fill_ladder = config->image_fill_ladder,
  };
  return renditioner_new(&options, error);
}

// Readers of SQLite are connections for worker threads: as many as there may be workers.
static Store *open_store(const Config *config, GError **error) {
  guint workers = config->workers > 0 ? (guint)config->workers : 2 * g_get_num_processors();
  StoreOptions options = {.address = config->database, .readers = CLAMP(workers, 4, 64)};
  return store_open(&options, error);
}

static gboolean bring_to_schema(Paper *paper, PaperNeeds needs, GError **error) {
  if ((needs & PAPER_ANY_SCHEMA) != 0) {
    return TRUE;
  }
  if ((needs & PAPER_MIGRATE) != 0 || paper->created) {
    return migrate_run(paper->store, clock_now(&paper->newsroom.clock), &paper->migrated, error) &&
           settings_prepare(&paper->newsroom, error);
  }
  return migrate_check(paper->store, error);
}

Paper *paper_open(const char *folder, PaperNeeds needs, GError **error) {
  g_autoptr(Paper) paper = g_new0(Paper, 1);
  if (!prepare_folder(folder, needs, &paper->created, error)) {
    return NULL;
  }
  paper->config = config_load(folder, error);
  if (paper->config == NULL) {
    return NULL;
  }
  g_autofree char *originals = paper_originals_folder(paper->config);
  paper->store = open_store(paper->config, error);
  if (paper->store == NULL) {
    return NULL;
  }
  paper->originals = originals_open(originals, error);
  if (paper->originals == NULL) {
    return NULL;
  }
  g_autofree char *editions = paper_editions_folder(paper->config);
  paper->edition_files = edition_files_open(editions, error);
  if (paper->edition_files == NULL) {
    return NULL;
  }
  if ((needs & PAPER_DECODERS) != 0) {
    paper->renditioner = start_renditioner(paper->config, error);
    if (paper->renditioner == NULL) {
      return NULL;
    }
  }
  paper->withdrawals = g_build_filename(paper->config->folder, "withdrawals.log", NULL);
  paper->newsroom = (Newsroom){.store = paper->store,
                               .originals = paper->originals,
                               .renditioner = paper->renditioner,
                               .edition_files = paper->edition_files,
                               .withdrawals = paper->withdrawals,
                               .clock = clock_system};
  return bring_to_schema(paper, needs, error) ? g_steal_pointer(&paper) : NULL;
}

void paper_close(Paper *paper) {
  if (paper == NULL) {
    return;
  }
  g_clear_pointer(&paper->renditioner, renditioner_free);
  g_clear_pointer(&paper->edition_files, edition_files_close);
  g_clear_pointer(&paper->originals, originals_close);
  g_clear_pointer(&paper->store, store_close);
  config_free(paper->config);
  g_free(paper->withdrawals);
  g_free(paper);
}

Site *paper_site(Paper *paper, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(paper->store, error);
  return transaction != NULL ? site_rows_load(transaction, error) : NULL;
}
