// SPDX-License-Identifier: Apache-2.0
//
// Implements backup_restore of backup.h: entry by entry into one write transaction, committed only
// when the manifest at the end has agreed with everything that was read.
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/secret.h"
#include "exchange/backup.h"
#include "exchange/backup_archive.h"
#include "exchange/backup_manifest.h"
#include "imaging/image_header.h"
#include "store/dump.h"

enum {
  MOST_CONFIG = 1 << 20,
  MOST_MANIFEST = 64 << 20,
  MOST_ROWS = 128 << 20,
  MOST_EDITION = 512 << 20
};

// Mail that went out after the backup was made is not known to it, and would be sent again.
static const char RESTORED[] =
    "restored from a backup: what was sent since it was made is not known here";

typedef struct Restoring {
  const BackupOptions *options;
  ArchiveReader *reader;
  StoreTransaction *transaction;
  BackupSummary *summary;
  const char *file;
  GHashTable *hashes; // entry name -> SHA-256, of all that the manifest must know
  gint64 *row_counts; // by table
  guint table;        // tables come in order, since later ones refer to earlier ones
  GPtrArray *added;   // paths of originals that were not there before
  GKeyFile *manifest; // once read
  guint64 done;
} Restoring;

static gboolean damaged(const Restoring *restoring, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static gboolean damaged(const Restoring *restoring, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *reason = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_DAMAGED,
              "'%s' is damaged or no backup of Broadsheet: %s", restoring->file, reason);
  return FALSE;
}

static void remember_hash(Restoring *restoring, const char *name, GBytes *bytes) {
  g_hash_table_insert(restoring->hashes, g_strdup(name), secret_sha256_hex(slice_of_bytes(bytes)));
}

static void tell(Restoring *restoring, gint64 more) {
  restoring->done += (guint64)more;
  if (restoring->options->progress != NULL) {
    restoring->options->progress(restoring->done, 0, restoring->options->data);
  }
}

static gboolean read_rows(Restoring *restoring, const char *name, guint table, GError **error) {
  g_autoptr(GBytes) bytes = archive_reader_bytes(restoring->reader, MOST_ROWS, error);
  if (bytes == NULL) {
    return FALSE;
  }
  if (table < restoring->table) {
    return damaged(restoring, error, "its tables are not in order");
  }
  restoring->table = table;
  remember_hash(restoring, name, bytes);
  gint64 count = dump_read(restoring->transaction, table, slice_of_bytes(bytes), error);
  if (count < 0) {
    g_prefix_error(error, "'%s', %s: ", restoring->file, name);
    return FALSE;
  }
  restoring->row_counts[table] += count;
  tell(restoring, count);
  return TRUE;
}

static gboolean read_original(Restoring *restoring, const char *hash, ImageFormat format,
                              GError **error) {
  Originals *originals = restoring->options->originals;
  g_autoptr(GBytes) bytes = archive_reader_bytes(restoring->reader, IMAGE_MAX_BYTES, error);
  if (bytes == NULL) {
    return FALSE;
  }
  g_autofree char *actual = originals_hash(slice_of_bytes(bytes));
  if (strcmp(actual, hash) != 0) {
    return damaged(restoring, error, "the picture %s is not the one that its name promises", hash);
  }
  g_autofree char *path = originals_path(originals, hash, format);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_ptr_array_add(restoring->added, g_strdup(path));
  }
  restoring->summary->originals++;
  tell(restoring, 1);
  return originals_put(originals, hash, format, slice_of_bytes(bytes), error);
}

static gboolean read_edition_file(Restoring *restoring, const char *hash, const char *media_type,
                                  GError **error) {
  EditionFiles *files = restoring->options->editions;
  g_autoptr(GBytes) bytes = archive_reader_bytes(restoring->reader, MOST_EDITION, error);
  if (bytes == NULL) {
    return FALSE;
  }
  g_autofree char *actual = originals_hash(slice_of_bytes(bytes));
  if (files == NULL || strcmp(actual, hash) != 0) {
    return damaged(restoring, error, "the edition's file %s is not the one that its name promises",
                   hash);
  }
  g_autofree char *path = edition_files_path(files, hash, media_type);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_ptr_array_add(restoring->added, g_strdup(path));
  }
  restoring->summary->editions++;
  tell(restoring, 1);
  g_autofree char *kept = edition_files_put(files, media_type, slice_of_bytes(bytes), error);
  return kept != NULL;
}

static gboolean read_manifest(Restoring *restoring, GError **error) {
  g_autoptr(GBytes) bytes = archive_reader_bytes(restoring->reader, MOST_MANIFEST, error);
  g_autoptr(GKeyFile) manifest = g_key_file_new();
  if (bytes == NULL) {
    return FALSE;
  }
  if (!g_key_file_load_from_bytes(manifest, bytes, G_KEY_FILE_NONE, NULL)) {
    return damaged(restoring, error, "its manifest can't be read");
  }
  restoring->manifest = g_steal_pointer(&manifest);
  return TRUE;
}

static gboolean read_config(Restoring *restoring, const char *name, GError **error) {
  g_autoptr(GBytes) bytes = archive_reader_bytes(restoring->reader, MOST_CONFIG, error);
  if (bytes == NULL) {
    return FALSE;
  }
  remember_hash(restoring, name, bytes);
  g_free(restoring->summary->config);
  restoring->summary->config = slice_dup(slice_of_bytes(bytes));
  return TRUE;
}

static gboolean read_entry(Restoring *restoring, const char *name, GError **error) {
  guint table, piece;
  char hash[41];
  ImageFormat format;
  const char *media_type = NULL;
  if (restoring->manifest != NULL) {
    return damaged(restoring, error, "something stands after its manifest");
  }
  if (g_hash_table_contains(restoring->hashes, name)) {
    return damaged(restoring, error, "%s is in it twice", name);
  }
  if (backup_parse_rows_name(name, &table, &piece)) {
    return read_rows(restoring, name, table, error);
  }
  if (backup_parse_original_name(name, hash, &format)) {
    return read_original(restoring, hash, format, error);
  }
  if (backup_parse_edition_name(name, hash, &media_type)) {
    return read_edition_file(restoring, hash, media_type, error);
  }
  if (strcmp(name, BACKUP_CONFIG_NAME) == 0) {
    return read_config(restoring, name, error);
  }
  if (strcmp(name, BACKUP_MANIFEST_NAME) == 0) {
    return read_manifest(restoring, error);
  }
  return damaged(restoring, error, "it holds '%s', which no backup has", name);
}

static gboolean check_version(Restoring *restoring, GError **error) {
  GKeyFile *manifest = restoring->manifest;
  if (manifest == NULL) {
    return damaged(restoring, error, "it ends before its manifest, so something is missing");
  }
  int format = g_key_file_get_integer(manifest, "backup", "format", NULL),
      schema = g_key_file_get_integer(manifest, "backup", "schema", NULL);
  if (format != BACKUP_FORMAT || schema != MIGRATION_COUNT) {
    g_autofree char *program = g_key_file_get_string(manifest, "backup", "program", NULL);
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_SCHEMA,
                "'%s' was made by Broadsheet %s (schema %d), this is %s (schema %d); restore it "
                "with that version, then migrate",
                restoring->file, program != NULL ? program : "?", schema, BROADSHEET_VERSION,
                MIGRATION_COUNT);
    return FALSE;
  }
  return TRUE;
}

static gboolean check_counts(Restoring *restoring, GError **error) {
  GKeyFile *manifest = restoring->manifest;
  for (guint table = 0; table < dump_table_count(); table++) {
    gint64 promised = g_key_file_get_int64(manifest, "rows", dump_table_name(table), NULL);
    if (promised != restoring->row_counts[table]) {
      return damaged(restoring, error,
                     "table %s has %" G_GINT64_FORMAT " rows of %" G_GINT64_FORMAT,
                     dump_table_name(table), restoring->row_counts[table], promised);
    }
  }
  gint64 originals = g_key_file_get_int64(manifest, "backup", "originals", NULL);
  if (originals != restoring->summary->originals) {
    return damaged(restoring, error, "it has %" G_GINT64_FORMAT " pictures of %" G_GINT64_FORMAT,
                   restoring->summary->originals, originals);
  }
  gint64 editions = g_key_file_get_int64(manifest, "backup", "editions", NULL);
  if (editions != restoring->summary->editions) {
    return damaged(restoring, error,
                   "it has %" G_GINT64_FORMAT " files of editions of %" G_GINT64_FORMAT,
                   restoring->summary->editions, editions);
  }
  return TRUE;
}

static gboolean check_hashes(Restoring *restoring, GError **error) {
  gsize count = 0;
  g_auto(GStrv) names = g_key_file_get_keys(restoring->manifest, "sha256", &count, NULL);
  if (count != g_hash_table_size(restoring->hashes)) {
    return damaged(restoring, error, "an entry is missing, or one too many");
  }
  for (gsize i = 0; i < count; i++) {
    g_autofree char *promised =
        g_key_file_get_string(restoring->manifest, "sha256", names[i], NULL);
    if (g_strcmp0(promised, g_hash_table_lookup(restoring->hashes, names[i])) != 0) {
      return damaged(restoring, error, "%s is not what the manifest says", names[i]);
    }
  }
  return TRUE;
}

static gboolean read_all(Restoring *restoring, GError **error) {
  const char *name;
  g_autoptr(GError) failure = NULL;
  while (archive_reader_next(restoring->reader, &name, &failure)) {
    if (!read_entry(restoring, name, error)) {
      return FALSE;
    }
  }
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return check_version(restoring, error) && check_counts(restoring, error) &&
         check_hashes(restoring, error) && dump_finish(restoring->transaction, error) &&
         dump_stop_sending(restoring->transaction, RESTORED, error);
}

static gboolean clear_way(const Restoring *restoring, GError **error) {
  gboolean empty;
  if (!dump_is_empty(restoring->transaction, &empty, error)) {
    return FALSE;
  }
  if (!empty && !restoring->options->force) {
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_OCCUPIED,
                "the database has stories in it already; restore into a new folder or an empty "
                "database, or give --force to replace them all");
    return FALSE;
  }
  return dump_empty(restoring->transaction, error);
}

static gboolean restore(Restoring *restoring, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_write(restoring->options->store, error);
  restoring->transaction = transaction;
  if (transaction == NULL || !clear_way(restoring, error) || !read_all(restoring, error)) {
    return FALSE;
  }
  for (guint table = 0; table < dump_table_count(); table++) {
    if (strcmp(dump_table_name(table), "story") == 0) {
      restoring->summary->stories = restoring->row_counts[table];
    }
  }
  restoring->summary->revision =
      g_key_file_get_int64(restoring->manifest, "backup", "revision", NULL);
  return store_commit(&transaction, error);
}

gboolean backup_restore(const BackupOptions *options, const char *file, BackupSummary *ret_summary,
                        GError **error) {
  *ret_summary = (BackupSummary){.missing = g_ptr_array_new_with_free_func(g_free)};
  g_autoptr(ArchiveReader) reader = archive_reader_open(file, error);
  if (reader == NULL) {
    return FALSE;
  }
  g_autoptr(GHashTable) hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func(g_free);
  g_autofree gint64 *counts = g_new0(gint64, dump_table_count());
  Restoring restoring = {.options = options,
                         .reader = reader,
                         .summary = ret_summary,
                         .file = file,
                         .hashes = hashes,
                         .row_counts = counts,
                         .added = added};
  gboolean good = restore(&restoring, error);
  g_clear_pointer(&restoring.manifest, g_key_file_unref);
  for (guint i = 0; !good && i < added->len; i++) {
    g_unlink(g_ptr_array_index(added, i));
  }
  return good;
}
