// SPDX-License-Identifier: Apache-2.0
//
// The files of editions in the data directory: editions/<2 hex>/<hash>.<ext>, named by content as
// originals are. What is the same on two days is there once; nothing is ever changed. Any thread,
// any process. Errors: store/durable_file.h.
#pragma once

#include "base/slice.h"

typedef struct EditionFiles EditionFiles;
EditionFiles *edition_files_open(const char *folder, GError **error); // made at the first put
void edition_files_close(EditionFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EditionFiles, edition_files_close)
// "pdf", "epub", "webp"; NULL for a media type that no edition has.
const char *edition_files_extension(const char *media_type);
// Gives the hash (40 hex digits of SHA-256), NULL on error; caller frees.
char *edition_files_put(EditionFiles *files, const char *media_type, Slice bytes, GError **error);
int edition_files_open_read(EditionFiles *files, const char *hash, const char *media_type,
                            GError **error); // fd, close-on-exec; -1
GBytes *edition_files_read(EditionFiles *files, const char *hash, const char *media_type,
                           GError **error); // mapped; caller unrefs
char *edition_files_path(EditionFiles *files, const char *hash, const char *media_type);
