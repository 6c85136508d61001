// SPDX-License-Identifier: Apache-2.0
//
// Implements backup_archive.h with libarchive: pax tar, zstd (reading: gzip too). Nothing is ever
// extracted by libarchive itself: names never become paths here.
#include "exchange/backup_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "exchange/backup.h"

enum { BLOCK = 64 * 1024 };

struct ArchiveWriter {
  struct archive *archive;
  char *file, *temporary;
  int fd;
  gint64 now;
};

static void set_write_error(GError **error, const char *file, const char *reason) {
  g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_WRITE, "the backup can't be written to '%s': %s",
              file, reason != NULL ? reason : "unknown error");
}

static void writer_free(ArchiveWriter *writer) {
  if (writer->archive != NULL) {
    archive_write_free(writer->archive);
  }
  if (writer->fd >= 0) {
    close(writer->fd);
  }
  g_free(writer->file);
  g_free(writer->temporary);
  g_free(writer);
}

void archive_writer_abandon(ArchiveWriter *writer) {
  if (writer == NULL) {
    return;
  }
  if (writer->archive != NULL) {
    archive_write_fail(writer->archive);
  }
  if (writer->fd >= 0) {
    g_unlink(writer->temporary);
  }
  writer_free(writer);
}

ArchiveWriter *archive_writer_open(const char *file, gint64 now, GError **error) {
  g_autoptr(ArchiveWriter) writer = g_new0(ArchiveWriter, 1);
  writer->file = g_strdup(file);
  writer->temporary = g_strconcat(file, ".tmp", NULL);
  writer->now = now;
  // 0600: rows hold the newspaper's keys.
  writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (writer->fd < 0) {
    set_write_error(error, writer->temporary, g_strerror(errno));
    return NULL;
  }
  writer->archive = archive_write_new();
  if (writer->archive == NULL ||
      archive_write_set_format_pax_restricted(writer->archive) != ARCHIVE_OK ||
      archive_write_add_filter_zstd(writer->archive) != ARCHIVE_OK ||
      archive_write_open_fd(writer->archive, writer->fd) != ARCHIVE_OK) {
    set_write_error(error, file,
                    writer->archive != NULL ? archive_error_string(writer->archive) : NULL);
    return NULL;
  }
  return g_steal_pointer(&writer);
}

gboolean archive_writer_add(ArchiveWriter *writer, const char *name, Slice bytes, GError **error) {
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, name);
  archive_entry_set_size(entry, (la_int64_t)bytes.length);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0600);
  archive_entry_set_mtime(entry, (time_t)(writer->now / CLOCK_SECOND), 0);
  int status = archive_write_header(writer->archive, entry);
  archive_entry_free(entry);
  gboolean good =
      status == ARCHIVE_OK &&
      (bytes.length == 0 ||
       archive_write_data(writer->archive, bytes.data, bytes.length) == (la_ssize_t)bytes.length);
  if (!good) {
    set_write_error(error, writer->temporary, archive_error_string(writer->archive));
  }
  return good;
}

static gboolean sync_folder_of(const char *file) {
  g_autofree char *folder = g_path_get_dirname(file);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean good = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) {
    close(fd);
  }
  return good;
}

gboolean archive_writer_finish(ArchiveWriter *taken, guint64 *ret_bytes, GError **error) {
  g_autoptr(ArchiveWriter) writer = taken;
  struct stat status;
  if (archive_write_close(writer->archive) != ARCHIVE_OK) {
    set_write_error(error, writer->temporary, archive_error_string(writer->archive));
    return FALSE;
  }
  if (fsync(writer->fd) != 0 || fstat(writer->fd, &status) != 0 ||
      rename(writer->temporary, writer->file) != 0 || !sync_folder_of(writer->file)) {
    set_write_error(error, writer->file, g_strerror(errno));
    return FALSE;
  }
  *ret_bytes = (guint64)status.st_size;
  close(writer->fd);
  writer->fd = -1;
  return TRUE;
}

// ---- reading
// --------------------------------------------------------------------------------------

struct ArchiveReader {
  struct archive *archive;
  struct archive_entry *entry; // owned by the archive
  char *file;
};

static void set_damage(ArchiveReader *reader, GError **error) {
  const char *reason = archive_error_string(reader->archive);
  g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_DAMAGED,
              "'%s' is damaged or no backup of Broadsheet: %s", reader->file,
              reason != NULL ? reason : "unknown error");
}

ArchiveReader *archive_reader_open(const char *file, GError **error) {
  g_autoptr(ArchiveReader) reader = g_new0(ArchiveReader, 1);
  reader->file = g_strdup(file);
  reader->archive = archive_read_new();
  archive_read_support_format_tar(reader->archive);
  archive_read_support_filter_zstd(reader->archive);
  archive_read_support_filter_gzip(reader->archive);
  if (archive_read_open_filename(reader->archive, file, BLOCK) != ARCHIVE_OK) {
    const char *reason = archive_error_string(reader->archive);
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_READ, "the backup '%s' can't be read: %s", file,
                reason != NULL ? reason : "unknown error");
    return NULL;
  }
  return g_steal_pointer(&reader);
}

void archive_reader_close(ArchiveReader *reader) {
  if (reader != NULL) {
    archive_read_free(reader->archive);
    g_free(reader->file);
    g_free(reader);
  }
}

gboolean archive_reader_next(ArchiveReader *reader, const char **ret_name, GError **error) {
  int status = archive_read_next_header(reader->archive, &reader->entry);
  if (status == ARCHIVE_EOF) {
    return FALSE;
  }
  if (status != ARCHIVE_OK) {
    set_damage(reader, error);
    return FALSE;
  }
  *ret_name = archive_entry_pathname_utf8(reader->entry);
  gboolean plain = archive_entry_filetype(reader->entry) == AE_IFREG &&
                   archive_entry_hardlink(reader->entry) == NULL;
  if (*ret_name == NULL || strlen(*ret_name) > 200 || !plain) {
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_DAMAGED,
                "'%s' is no backup of Broadsheet: it holds an entry that is not a plain file",
                reader->file);
    return FALSE;
  }
  return TRUE;
}

GBytes *archive_reader_bytes(ArchiveReader *reader, gsize maximum, GError **error) {
  la_int64_t declared = archive_entry_size(reader->entry);
  if (!archive_entry_size_is_set(reader->entry) || declared < 0 || (guint64)declared > maximum) {
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_DAMAGED,
                "'%s': the entry %s is larger than a backup's may be", reader->file,
                archive_entry_pathname_utf8(reader->entry));
    return NULL;
  }
  gsize size = (gsize)declared, have = 0;
  g_autofree char *bytes = g_try_malloc(size + 1);
  while (bytes != NULL && have < size) {
    la_ssize_t got = archive_read_data(reader->archive, bytes + have, size - have);
    if (got <= 0) {
      set_damage(reader, error);
      return NULL;
    }
    have += (gsize)got;
  }
  if (bytes == NULL) {
    g_set_error(error, BACKUP_ERROR, BACKUP_ERROR_READ,
                "no memory for an entry of %" G_GSIZE_FORMAT " bytes", size);
    return NULL;
  }
  return g_bytes_new_take(g_steal_pointer(&bytes), size);
}
