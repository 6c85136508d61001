// SPDX-License-Identifier: Apache-2.0
//
// Implements backup_write of backup.h: rows of one moment, the originals they name, the manifest.
#include "exchange/backup.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "exchange/backup_archive.h"
#include "exchange/backup_manifest.h"
#include "imaging/image_header.h"
#include "store/dump.h"
#include "store/site_rows.h"

G_DEFINE_QUARK(broadsheet - backup - error, backup_error)

enum {
  CHUNK = 4 << 20
}; // rows are held in memory and handed to the archive in pieces of this size

typedef struct Writing {
  const BackupOptions *options;
  ArchiveWriter *writer;
  GKeyFile *manifest;
  BackupSummary *summary;
  GString *rows; // of the current piece
  guint table, piece;
  gint64 row_count;
  guint64 done, total;
} Writing;

void backup_summary_clear(BackupSummary *summary) {
  g_clear_pointer(&summary->missing, g_ptr_array_unref);
  g_clear_pointer(&summary->config, g_free);
}

static void tell(Writing *writing) {
  writing->done++;
  if (writing->options->progress != NULL &&
      (writing->done % 256 == 0 || writing->done == writing->total)) {
    writing->options->progress(writing->done, writing->total, writing->options->data);
  }
}

static gboolean flush_rows(Writing *writing, GError **error) {
  if (writing->rows->len == 0) {
    return TRUE;
  }
  g_autofree char *name = backup_rows_name(writing->table, ++writing->piece);
  Slice bytes = {writing->rows->str, writing->rows->len};
  g_autofree char *hash = secret_sha256_hex(bytes);
  g_key_file_set_string(writing->manifest, "sha256", name, hash);
  gboolean good = archive_writer_add(writing->writer, name, bytes, error);
  g_string_truncate(writing->rows, 0);
  return good;
}

static gboolean take_row(Slice encoded, gpointer data, GError **error) {
  Writing *writing = data;
  g_string_append_len(writing->rows, encoded.data, (gssize)encoded.length);
  writing->row_count++;
  tell(writing);
  return writing->rows->len < CHUNK || flush_rows(writing, error);
}

static gboolean write_tables(Writing *writing, StoreTransaction *transaction, GError **error) {
  for (writing->table = 0; writing->table < dump_table_count(); writing->table++) {
    writing->piece = 0;
    writing->row_count = 0;
    if (!dump_write(transaction, writing->table, take_row, writing, error) ||
        !flush_rows(writing, error)) {
      return FALSE;
    }
    const char *name = dump_table_name(writing->table);
    g_key_file_set_int64(writing->manifest, "rows", name, writing->row_count);
    if (strcmp(name, "story") == 0) {
      writing->summary->stories = writing->row_count;
    }
  }
  return TRUE;
}

// NULL: it is not there, or its bytes are not those that its name promises.
static GBytes *read_original(Originals *originals, const char *hash, ImageFormat format) {
  g_autofree char *path = originals_path(originals, hash, format);
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
  if (file == NULL) {
    return NULL;
  }
  g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(file);
  g_autofree char *actual = originals_hash(slice_of_bytes(bytes));
  return strcmp(actual, hash) == 0 ? g_steal_pointer(&bytes) : NULL;
}

static gboolean write_original(Writing *writing, const char *hash, ImageFormat format,
                               GError **error) {
  g_autoptr(GBytes) bytes = read_original(writing->options->originals, hash, format);
  tell(writing);
  if (bytes == NULL) {
    g_ptr_array_add(writing->summary->missing,
                    originals_path(writing->options->originals, hash, format));
    return TRUE;
  }
  g_autofree char *name = backup_original_name(hash, format);
  writing->summary->originals++;
  return archive_writer_add(writing->writer, name, slice_of_bytes(bytes), error);
}

static gboolean write_originals(Writing *writing, StoreTransaction *transaction, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DUMP_ORIGINALS, STORE_NO_VALUES, error);
  g_autoptr(GError) failure = NULL;
  if (rows == NULL) {
    return FALSE;
  }
  while (store_rows_next(rows, &failure)) {
    if (!write_original(writing, store_row_text(rows, 0), (ImageFormat)store_row_integer(rows, 1),
                        error)) {
      return FALSE;
    }
  }
  g_key_file_set_int64(writing->manifest, "backup", "originals", writing->summary->originals);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

static gboolean write_edition_file(Writing *writing, const char *hash, const char *media_type,
                                   GError **error) {
  EditionFiles *files = writing->options->editions;
  g_autoptr(GBytes) bytes = edition_files_read(files, hash, media_type, NULL);
  g_autofree char *actual = bytes != NULL ? originals_hash(slice_of_bytes(bytes)) : NULL;
  tell(writing);
  if (g_strcmp0(actual, hash) != 0) {
    char *path = edition_files_path(files, hash, media_type);
    g_ptr_array_add(writing->summary->missing, path != NULL ? path : g_strdup(hash));
    return TRUE;
  }
  g_autofree char *name = backup_edition_name(hash, media_type);
  writing->summary->editions++;
  return archive_writer_add(writing->writer, name, slice_of_bytes(bytes), error);
}

static gboolean write_editions(Writing *writing, StoreTransaction *transaction, GError **error) {
  g_autoptr(GError) failure = NULL;
  if (writing->options->editions == NULL) {
    return TRUE;
  }
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_DUMP_EDITION_FILES, STORE_NO_VALUES, error);
  if (rows == NULL) {
    return FALSE;
  }
  while (store_rows_next(rows, &failure)) {
    if (!write_edition_file(writing, store_row_text(rows, 0), store_row_text(rows, 1), error)) {
      return FALSE;
    }
  }
  g_key_file_set_int64(writing->manifest, "backup", "editions", writing->summary->editions);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

static gboolean write_config(Writing *writing, GError **error) {
  g_autofree char *text = NULL;
  gsize length;
  if (writing->options->config_file == NULL ||
      !g_file_get_contents(writing->options->config_file, &text, &length, NULL)) {
    return TRUE;
  }
  g_autofree char *hash = secret_sha256_hex((Slice){text, length});
  g_key_file_set_string(writing->manifest, "sha256", BACKUP_CONFIG_NAME, hash);
  return archive_writer_add(writing->writer, BACKUP_CONFIG_NAME, (Slice){text, length}, error);
}

static gboolean write_manifest(Writing *writing, GError **error) {
  g_autofree char *created = clock_format_rfc3339(writing->options->now, NULL);
  g_key_file_set_integer(writing->manifest, "backup", "format", BACKUP_FORMAT);
  g_key_file_set_string(writing->manifest, "backup", "program", BROADSHEET_VERSION);
  g_key_file_set_integer(writing->manifest, "backup", "schema", MIGRATION_COUNT);
  g_key_file_set_int64(writing->manifest, "backup", "revision", writing->summary->revision);
  g_key_file_set_string(writing->manifest, "backup", "created", created);
  gsize length;
  g_autofree char *text = g_key_file_to_data(writing->manifest, &length, NULL);
  return archive_writer_add(writing->writer, BACKUP_MANIFEST_NAME, (Slice){text, length}, error);
}

static gboolean count_all(Writing *writing, StoreTransaction *transaction, GError **error) {
  for (guint table = 0; table < dump_table_count(); table++) {
    gint64 count = dump_count_rows(transaction, table, error);
    if (count < 0) {
      return FALSE;
    }
    writing->total += (guint64)count;
  }
  gint64 originals;
  if (!store_query_integer(transaction, QUERY_COUNT_ORIGINALS, STORE_NO_VALUES, &originals,
                           error)) {
    return FALSE;
  }
  writing->total += (guint64)originals;
  gint64 editions = 0;
  if (writing->options->editions != NULL &&
      !store_query_integer(transaction, QUERY_COUNT_EDITION_FILES, STORE_NO_VALUES, &editions,
                           error)) {
    return FALSE;
  }
  writing->total += (guint64)editions;
  writing->summary->revision = site_rows_revision(transaction, error);
  return writing->summary->revision >= 0;
}

gboolean backup_write(const BackupOptions *options, const char *file, BackupSummary *ret_summary,
                      GError **error) {
  *ret_summary = (BackupSummary){.missing = g_ptr_array_new_with_free_func(g_free)};
  g_autoptr(GKeyFile) manifest = g_key_file_new();
  g_autoptr(GString) rows = g_string_sized_new(CHUNK + 65536);
  g_autoptr(ArchiveWriter) writer = archive_writer_open(file, options->now, error);
  g_autoptr(StoreTransaction) transaction =
      writer != NULL ? store_begin_read(options->store, error) : NULL;
  Writing writing = {.options = options,
                     .writer = writer,
                     .manifest = manifest,
                     .summary = ret_summary,
                     .rows = rows};
  if (transaction == NULL || !count_all(&writing, transaction, error) ||
      !write_config(&writing, error) || !write_tables(&writing, transaction, error) ||
      !write_originals(&writing, transaction, error) ||
      !write_editions(&writing, transaction, error) || !write_manifest(&writing, error)) {
    return FALSE;
  }
  return archive_writer_finish(g_steal_pointer(&writer), &ret_summary->bytes, error);
}
