// SPDX-License-Identifier: Apache-2.0
//
// The tar of a backup: entries out, entries in. For backup*.c only; the one file that includes
// libarchive implements it. An archive that is read is untrusted: names are bounded and plain files
// are all there may be.
#pragma once

#include "base/slice.h"

typedef struct ArchiveWriter ArchiveWriter;
ArchiveWriter *archive_writer_open(const char *file, gint64 now, GError **error); // to <file>.tmp
gboolean archive_writer_add(ArchiveWriter *writer, const char *name, Slice bytes, GError **error);
// Finishes, fsyncs, renames; frees in any case.
gboolean archive_writer_finish(ArchiveWriter *writer, guint64 *ret_bytes, GError **error);
void archive_writer_abandon(ArchiveWriter *writer); // removes <file>.tmp; NULL is allowed
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveWriter, archive_writer_abandon)

typedef struct ArchiveReader ArchiveReader;
ArchiveReader *archive_reader_open(const char *file, GError **error);
void archive_reader_close(ArchiveReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArchiveReader, archive_reader_close)
// The next entry; its name is valid until the next call. FALSE without error at the end.
gboolean archive_reader_next(ArchiveReader *reader, const char **ret_name, GError **error);
// The bytes of the entry just given; more than `maximum` is an error. Caller unrefs.
GBytes *archive_reader_bytes(ArchiveReader *reader, gsize maximum, GError **error);
