// SPDX-License-Identifier: Apache-2.0
//
// A file that is complete under its name or not there at all: bytes and folder entry are on the
// disk before the call returns. For store/originals and store/edition_files, which name files by
// their content. Errors are the store's (FULL, NOT_FOUND, FAILED) and name the path. Any thread.
#pragma once

#include "base/slice.h"

#define DURABLE_HASH_DIGITS 40

// Nothing but 40 lower-case hex digits may become a part of a path.
gboolean durable_file_is_hash(const char *hash);
// Writes <folder>/<two>/<name> where `two` are the name's first two characters; the folders are
// made. No-op when a file of that length is there.
gboolean durable_file_put(const char *folder, const char *name, Slice bytes, GError **error);
int durable_file_open_read(const char *path, GError **error); // fd, close-on-exec; -1
gboolean durable_file_fail(GError **error, const char *path, const char *what); // from errno; FALSE
