// SPDX-License-Identifier: Apache-2.0
//
// Original pictures as files in the data directory: originals/<2 hex>/<hash>.<ext>, named by
// content (first 40 hex digits of SHA-256), written to a temporary name, fsynced, renamed.
// Never changed after. Any thread, any process.
#pragma once

#include "base/slice.h"
#include "model/image.h"

typedef struct Originals Originals;
Originals *originals_open(const char *folder, GError **error); // makes it
void originals_close(Originals *originals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Originals, originals_close)
const char *originals_folder(const Originals *originals);
char *originals_hash(Slice bytes); // 40 hex digits; caller frees
gboolean originals_put(Originals *originals, const char *hash, ImageFormat format, Slice bytes,
                       GError **error); // no-op if there
int originals_open_read(Originals *originals, const char *hash, ImageFormat format,
                        GError **error); // fd, close-on-exec; -1
char *originals_path(Originals *originals, const char *hash, ImageFormat format);
