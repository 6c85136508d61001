// SPDX-License-Identifier: Apache-2.0
//
// Finished responses as prebuilt bytes (head and body, identity, gzip and brotli), by key, for one
// site revision. Hits cost no lock and no copy for the I/O threads: each has a small table of
// references of its own (PageView) before the shared one. Two requests for the same missing
// page render it once. An entry of an older revision is stale: it is rendered anew, and served
// as it is if that fails because the database is gone.
//
// The shared part may be used from any thread; a PageView belongs to one.
#pragma once

#include "web/compression.h"
#include "web/request.h"
#include "web/response.h"

// One coding of a page. `head` is all of the head but the Date line (and Connection), which the
// I/O thread adds with the empty line.
typedef struct PageVariant {
  char *head, *head_not_modified;
  gsize head_length, head_not_modified_length;
  GBytes *body;
  Slice bytes;   // of body
  char etag[36]; // with quotes
} PageVariant;

typedef struct CachedPage CachedPage;
struct CachedPage {
  gint references; // atomic
  guint hash;
  char *key;
  gsize key_length;
  gint64 revision; // of the site, when its making began; -1: the URL names the bytes
  gint64 expiry;   // instant; 0 none
  gint64 last_modified;
  guint status;
  CachePolicy policy;
  gboolean compressible, vary_accept, ranges;
  char *media_type, *headers;
  PageVariant *variants[CODING_COUNT]; // atomic; NULL: not made; equal to identity's: not worth it
  gint used, evicted;                  // atomic hints
  gsize size;
  ResponseStream
      *stream; // what follows the head; such a page is one connection's alone, never kept
};

// Takes the response. `key` may be empty for what is not kept.
CachedPage *page_take(Response *response, Slice key, gint64 revision);
CachedPage *page_ref(CachedPage *page);
void page_unref(CachedPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CachedPage, page_unref)
const PageVariant *page_variant(const CachedPage *page,
                                ContentCoding coding);          // NULL if not made yet
void page_make_variant(CachedPage *page, ContentCoding coding); // worker threads
guint page_key_hash(Slice key);
const char *page_reason(guint status); // "OK"

typedef struct PageCache PageCache;
PageCache *page_cache_new(gsize byte_limit);
void page_cache_free(PageCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageCache, page_cache_free)
void page_cache_set_revision(PageCache *cache, gint64 revision); // any thread; never goes back
gint64 page_cache_revision(PageCache *cache);
gboolean page_cache_is_fresh(PageCache *cache, const CachedPage *page, gint64 now);

CachedPage *page_cache_get(PageCache *cache,
                           Slice key); // also a stale one; caller unrefs; NULL if none
void page_cache_insert(PageCache *cache, CachedPage *page); // takes a reference of its own
void page_cache_grown(PageCache *cache, CachedPage *page, gsize bytes); // a variant was added

// Single flight. TRUE: the caller makes the page and calls page_cache_finish; FALSE: it is being
// made and `waiter` will be in the list that finish gives. `waiter` is opaque. `revision` is the
// cache's when the request came: who asks after a change never joins a page begun before it.
gboolean page_cache_begin(PageCache *cache, Slice key, gint64 revision, gpointer waiter);
// All waiters, the first caller's too.
GPtrArray *page_cache_finish(PageCache *cache, Slice key, gint64 revision);

typedef struct PageCacheStatistics {
  gsize bytes;
  guint entries;
  guint64 evictions;
} PageCacheStatistics;
void page_cache_statistics(PageCache *cache, PageCacheStatistics *ret_statistics);

typedef struct PageView PageView;
PageView *page_view_new(PageCache *cache);
void page_view_free(PageView *view);
// A fresh page, or NULL. Valid until page_view_settle.
CachedPage *page_view_find(PageView *view, Slice key, gint64 now);
void page_view_settle(
    PageView *view); // lets go of what was replaced; after the bytes have been written
void page_view_sweep(PageView *view,
                     gint64 now); // drops evicted and stale pages; about once a second
