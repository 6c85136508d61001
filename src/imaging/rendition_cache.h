// SPDX-License-Identifier: Apache-2.0
//
// Finished renditions on disk: <folder>/<2 hex>/<name>, least recently used go first when there are
// more bytes than allowed. Called by rendition.c. Any thread. Files are whole or not there: written
// under another name, sealed with a checksum that is checked before the first use, renamed.
#pragma once

#include <glib.h>

typedef struct RenditionCache RenditionCache;
// Makes the folder. What is in it is counted in the background; lookups work at once.
RenditionCache *rendition_cache_open(const char *folder, gint64 byte_limit, GError **error);
void rendition_cache_close(RenditionCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RenditionCache, rendition_cache_close)

// Names begin with two hex digits and hold no '/'.
GBytes *rendition_cache_get(RenditionCache *cache,
                            const char *name); // mapped; NULL if absent; caller unrefs
gboolean rendition_cache_has(RenditionCache *cache, const char *name);
// FALSE: not kept (disk full, folder gone); the caller still has the bytes.
gboolean rendition_cache_put(RenditionCache *cache, const char *name, GBytes *bytes,
                             GError **error);
gint64 rendition_cache_bytes(RenditionCache *cache);
void rendition_cache_wait_counted(
    RenditionCache *cache); // until the background count is done: for tests
