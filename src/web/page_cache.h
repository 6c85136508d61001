// SPDX-License-Identifier: Apache-2.0
//
// Finished responses as prebuilt bytes (head and body, identity, gzip and brotli), by key, for one
// site revision. Hits cost no lock and no copy for the I/O threads: each has a small table of
// references of its own (PageCacheView) before the shared one. Two requests for the same missing
// page render it once. An entry of an older revision is stale: it is rendered anew, and served
// as it is if that fails because the database is gone.
#pragma once

#include <glib.h>

#include "web/request.h"
#include "web/response.h"

typedef struct PageCache PageCache;
PageCache *page_cache_new(gsize byte_limit);
void page_cache_free(PageCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageCache, page_cache_free)
void page_cache_set_revision(PageCache *cache, gint64 revision); // any thread; never goes back
gint64 page_cache_revision(PageCache *cache);
