// SPDX-License-Identifier: Apache-2.0
//
// Implements page_cache.h. Eviction is CLOCK: an entry that was hit since the hand last passed
// gets a second round. Must never hold its lock while anything is rendered or compressed.
#include "web/page_cache.h"

#include <string.h>

#include "base/clock.h"
#include "base/fingerprint.h"
#include "web/response_parts.h"

// ---- pages
// ---------------------------------------------------------------------------------------

const char *page_reason(guint status) {
  static const struct {
    guint status;
    const char *reason;
  } REASONS[] = {{200, "OK"},
                 {201, "Created"},
                 {202, "Accepted"},
                 {204, "No Content"},
                 {206, "Partial Content"},
                 {301, "Moved Permanently"},
                 {302, "Found"},
                 {303, "See Other"},
                 {304, "Not Modified"},
                 {307, "Temporary Redirect"},
                 {308, "Permanent Redirect"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {405, "Method Not Allowed"},
                 {406, "Not Acceptable"},
                 {408, "Request Timeout"},
                 {409, "Conflict"},
                 {410, "Gone"},
                 {412, "Precondition Failed"},
                 {413, "Content Too Large"},
                 {414, "URI Too Long"},
                 {415, "Unsupported Media Type"},
                 {416, "Range Not Satisfiable"},
                 {417, "Expectation Failed"},
                 {422, "Unprocessable Content"},
                 {429, "Too Many Requests"},
                 {431, "Request Header Fields Too Large"},
                 {500, "Internal Server Error"},
                 {501, "Not Implemented"},
                 {503, "Service Unavailable"},
                 {505, "HTTP Version Not Supported"}};
  for (gsize i = 0; i < G_N_ELEMENTS(REASONS); i++) {
    if (REASONS[i].status == status) {
      return REASONS[i].reason;
    }
  }
  return "Unknown";
}

guint page_key_hash(Slice key) {
  guint hash = 2166136261u; // FNV-1a
  for (gsize i = 0; i < key.length; i++) {
    hash = (hash ^ (guchar)key.data[i]) * 16777619u;
  }
  return hash;
}

static void write_security_headers(GString *head, const CachedPage *page) {
  g_string_append(head, "X-Content-Type-Options: nosniff\r\n");
  if (page->headers != NULL && strstr(page->headers, "Content-Security-Policy:") != NULL) {
    return; // the handler knows better what its page holds
  }
  if (g_str_has_prefix(page->media_type, "text/html")) {
    g_string_append(
        head, "Content-Security-Policy: default-src 'none'; img-src 'self' data:; style-src "
              "'self'; font-src 'self'; "
              "script-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
              "base-uri 'none'; "
              "frame-ancestors 'none'\r\nReferrer-Policy: strict-origin-when-cross-origin\r\n"
              "Permissions-Policy: geolocation=(), camera=(), microphone=(), browsing-topics=()\r\n"
              "Cross-Origin-Opener-Policy: same-origin\r\n");
  } else {
    // Nothing that is not a page of ours may run as one (a picture or feed opened by itself).
    g_string_append(
        head,
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n");
  }
}

static void write_cache_headers(GString *head, const CachedPage *page, const char *etag) {
  static const char *const POLICIES[] = {
      [CACHE_NONE] = "no-store",
      [CACHE_PAGE] =
          "public, max-age=0, s-maxage=30, stale-while-revalidate=600, stale-if-error=86400",
      [CACHE_FOREVER] = "public, max-age=31536000, immutable"};
  g_string_append_printf(head, "Cache-Control: %s\r\n", POLICIES[page->policy]);
  if (page->policy != CACHE_NONE && page->status == 200) {
    g_string_append_printf(head, "ETag: %s\r\n", etag);
  }
  if (page->last_modified > 0) {
    char date[30];
    clock_write_http_date(page->last_modified, date);
    g_string_append_printf(head, "Last-Modified: %s\r\n", date);
  }
  if (page->compressible || page->vary_accept) {
    g_string_append_printf(head, "Vary: %s\r\n",
                           !page->vary_accept   ? "Accept-Encoding"
                           : page->compressible ? "Accept, Accept-Encoding"
                                                : "Accept");
  }
}

static PageVariant *variant_new(const CachedPage *page, ContentCoding coding, GBytes *body) {
  PageVariant *variant = g_new0(PageVariant, 1);
  variant->body = g_bytes_ref(body);
  variant->bytes = slice_of_bytes(body);
  char hash[33];
  fingerprint_write(variant->bytes, hash);
  g_snprintf(variant->etag, sizeof variant->etag, "\"%.28s%s%s\"", hash,
             coding == CODING_IDENTITY ? "" : "-",
             coding == CODING_GZIP     ? "gz"
             : coding == CODING_BROTLI ? "br"
                                       : "");
  g_autoptr(GString) shared = g_string_new(NULL);
  write_cache_headers(shared, page, variant->etag);
  GString *head = g_string_sized_new(1024);
  g_string_append_printf(head, "HTTP/1.1 %u %s\r\n", page->status, page_reason(page->status));
  if (page->stream != NULL) {
    g_string_append(head, "Transfer-Encoding: chunked\r\n");
  } else if (page->status != 204) {
    g_string_append_printf(head, "Content-Length: %" G_GSIZE_FORMAT "\r\n", variant->bytes.length);
  }
  if (variant->bytes.length > 0 || page->stream != NULL) {
    g_string_append_printf(head, "Content-Type: %s\r\n", page->media_type);
  }
  if (coding != CODING_IDENTITY) {
    g_string_append_printf(head, "Content-Encoding: %s\r\n", coding_name(coding));
  }
  if (page->ranges) {
    g_string_append(head, "Accept-Ranges: bytes\r\n");
  }
  g_string_append(head, shared->str);
  g_string_append(head, page->headers);
  write_security_headers(head, page);
  variant->head_length = head->len;
  variant->head = g_string_free(head, FALSE);
  variant->head_not_modified = g_strconcat("HTTP/1.1 304 Not Modified\r\n", shared->str, NULL);
  variant->head_not_modified_length = strlen(variant->head_not_modified);
  return variant;
}

static void variant_free(PageVariant *variant) {
  g_free(variant->head);
  g_free(variant->head_not_modified);
  g_bytes_unref(variant->body);
  g_free(variant);
}

CachedPage *page_take(Response *response, Slice key, gint64 revision) {
  CachedPage *page = g_new0(CachedPage, 1);
  page->references = 1;
  page->key = slice_dup(key);
  page->key_length = key.length;
  page->hash = page_key_hash(key);
  page->revision = response->cache == CACHE_FOREVER ? -1 : revision;
  page->expiry = response->expiry;
  page->last_modified = response->last_modified;
  page->status = response->status;
  page->policy = response->cache;
  page->vary_accept = response->vary_accept;
  page->media_type = g_strdup(response->media_type);
  page->headers = g_strdup(response->headers->str);
  page->stream = g_steal_pointer(&response->stream);
  page->compressible = !response->incompressible &&
                       coding_is_worthwhile(page->media_type, g_bytes_get_size(response->body));
  page->ranges =
      response->status == 200 && response->incompressible && response->cache == CACHE_FOREVER;
  page->variants[CODING_IDENTITY] = variant_new(page, CODING_IDENTITY, response->body);
  page->size = sizeof *page + page->key_length + g_bytes_get_size(response->body) + 2048;
  if (!page->compressible) {
    page->variants[CODING_GZIP] = page->variants[CODING_BROTLI] = page->variants[CODING_IDENTITY];
  }
  response_free(response);
  return page;
}

CachedPage *page_ref(CachedPage *page) {
  g_atomic_int_inc(&page->references);
  return page;
}

void page_unref(CachedPage *page) {
  if (page == NULL || !g_atomic_int_dec_and_test(&page->references)) {
    return;
  }
  for (int coding = CODING_COUNT - 1; coding >= 0; coding--) {
    if (page->variants[coding] != NULL &&
        (coding == 0 || page->variants[coding] != page->variants[0])) {
      variant_free(page->variants[coding]);
    }
  }
  g_free(page->key);
  g_free(page->media_type);
  g_free(page->headers);
  response_stream_unref(page->stream);
  g_free(page);
}

const PageVariant *page_variant(const CachedPage *page, ContentCoding coding) {
  return __atomic_load_n(&page->variants[coding], __ATOMIC_ACQUIRE);
}

void page_make_variant(CachedPage *page, ContentCoding coding) {
  if (page_variant(page, coding) != NULL) {
    return;
  }
  PageVariant *identity = page->variants[CODING_IDENTITY];
  g_autoptr(GBytes) compressed = coding_compress(coding, identity->body);
  PageVariant *variant = compressed != NULL ? variant_new(page, coding, compressed) : identity;
  if (!g_atomic_pointer_compare_and_exchange(&page->variants[coding], NULL, variant) &&
      variant != identity) {
    variant_free(variant);
  }
}

// ---- the shared cache
// ------------------------------------------------------------------------------

struct PageCache {
  gsize limit;
  gint64 revision;   // atomic
  GMutex lock;       // guards all below
  GHashTable *pages; // key -> CachedPage (its own key)
  GQueue clock;      // CachedPage *, borrowed from `pages`
  gsize bytes;
  guint64 evictions;
  GHashTable *flights; // key and revision -> GPtrArray of waiters
};

static guint key_hash(gconstpointer data) {
  return ((const CachedPage *)data)->hash;
}

static gboolean key_equal(gconstpointer a, gconstpointer b) {
  const CachedPage *left = a;
  const CachedPage *right = b;
  return left->key_length == right->key_length &&
         memcmp(left->key, right->key, left->key_length) == 0;
}

PageCache *page_cache_new(gsize byte_limit) {
  PageCache *cache = g_new0(PageCache, 1);
  cache->limit = byte_limit;
  g_mutex_init(&cache->lock);
  cache->pages = g_hash_table_new_full(key_hash, key_equal, (GDestroyNotify)page_unref, NULL);
  cache->flights = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                         (GDestroyNotify)g_ptr_array_unref);
  return cache;
}

void page_cache_free(PageCache *cache) {
  if (cache != NULL) {
    g_queue_clear(&cache->clock);
    g_hash_table_unref(cache->pages);
    g_hash_table_unref(cache->flights);
    g_mutex_clear(&cache->lock);
    g_free(cache);
  }
}

void page_cache_set_revision(PageCache *cache, gint64 revision) {
  gint64 seen = __atomic_load_n(&cache->revision, __ATOMIC_ACQUIRE);
  while (revision > seen && !__atomic_compare_exchange_n(&cache->revision, &seen, revision, FALSE,
                                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
  }
}

gint64 page_cache_revision(PageCache *cache) {
  return __atomic_load_n(&cache->revision, __ATOMIC_ACQUIRE);
}

gboolean page_cache_is_fresh(PageCache *cache, const CachedPage *page, gint64 now) {
  return (page->revision < 0 || page->revision == page_cache_revision(cache)) &&
         (page->expiry == 0 || now < page->expiry);
}

static CachedPage *lookup(PageCache *cache, Slice key) {
  CachedPage wanted = {
      .key = (char *)key.data, .key_length = key.length, .hash = page_key_hash(key)};
  return g_hash_table_lookup(cache->pages, &wanted);
}

CachedPage *page_cache_get(PageCache *cache, Slice key) {
  g_mutex_lock(&cache->lock);
  CachedPage *page = lookup(cache, key);
  if (page != NULL) {
    page_ref(page);
    g_atomic_int_set(&page->used, 1);
  }
  g_mutex_unlock(&cache->lock);
  return page;
}

static void remove_page(PageCache *cache, CachedPage *page) {
  cache->bytes -= MIN(page->size, cache->bytes);
  g_atomic_int_set(&page->evicted, 1);
  g_hash_table_remove(cache->pages, page);
}

static void evict(PageCache *cache) {
  while (cache->bytes > cache->limit && cache->clock.length > 0) {
    CachedPage *page = g_queue_pop_head(&cache->clock);
    gboolean current = page->revision < 0 || page->revision == page_cache_revision(cache);
    if (current && g_atomic_int_compare_and_exchange(&page->used, 1, 0)) {
      g_queue_push_tail(&cache->clock, page);
      continue;
    }
    cache->evictions++;
    remove_page(cache, page);
  }
}

void page_cache_insert(PageCache *cache, CachedPage *page) {
  if (page->size > cache->limit / 8) {
    return;
  }
  g_mutex_lock(&cache->lock);
  CachedPage *old = lookup(cache, (Slice){page->key, page->key_length});
  if (old != NULL) {
    g_queue_remove(&cache->clock, old);
    remove_page(cache, old);
  }
  g_hash_table_add(cache->pages, page_ref(page));
  g_queue_push_tail(&cache->clock, page);
  cache->bytes += page->size;
  evict(cache);
  g_mutex_unlock(&cache->lock);
}

void page_cache_grown(PageCache *cache, CachedPage *page, gsize bytes) {
  g_mutex_lock(&cache->lock);
  if (lookup(cache, (Slice){page->key, page->key_length}) == page) {
    page->size += bytes;
    cache->bytes += bytes;
    evict(cache);
  }
  g_mutex_unlock(&cache->lock);
}

static GBytes *flight_key(Slice key, gint64 revision) {
  GByteArray *bytes = g_byte_array_sized_new((guint)(key.length + sizeof revision));
  g_byte_array_append(bytes, (const guint8 *)&revision, sizeof revision);
  g_byte_array_append(bytes, (const guint8 *)key.data, (guint)key.length);
  return g_byte_array_free_to_bytes(bytes);
}

gboolean page_cache_begin(PageCache *cache, Slice key, gint64 revision, gpointer waiter) {
  g_autoptr(GBytes) bytes = flight_key(key, revision);
  g_mutex_lock(&cache->lock);
  GPtrArray *waiters = g_hash_table_lookup(cache->flights, bytes);
  gboolean first = waiters == NULL;
  if (first) {
    waiters = g_ptr_array_new();
    g_hash_table_insert(cache->flights, g_steal_pointer(&bytes), waiters);
  }
  g_ptr_array_add(waiters, waiter);
  g_mutex_unlock(&cache->lock);
  return first;
}

GPtrArray *page_cache_finish(PageCache *cache, Slice key, gint64 revision) {
  g_autoptr(GBytes) bytes = flight_key(key, revision);
  gpointer stored_key = NULL;
  gpointer waiters = NULL;
  g_mutex_lock(&cache->lock);
  gboolean found = g_hash_table_steal_extended(cache->flights, bytes, &stored_key, &waiters);
  g_mutex_unlock(&cache->lock);
  g_assert(found);
  g_bytes_unref(stored_key);
  return waiters;
}

void page_cache_statistics(PageCache *cache, PageCacheStatistics *ret_statistics) {
  g_mutex_lock(&cache->lock);
  *ret_statistics =
      (PageCacheStatistics){cache->bytes, g_hash_table_size(cache->pages), cache->evictions};
  g_mutex_unlock(&cache->lock);
}

// ---- an I/O thread's view
// --------------------------------------------------------------------------

#define VIEW_SLOTS 1024 // a power of two

struct PageView {
  PageCache *cache;
  CachedPage *slots[VIEW_SLOTS];
  GPtrArray *replaced; // let go once the bytes are written
};

PageView *page_view_new(PageCache *cache) {
  PageView *view = g_new0(PageView, 1);
  view->cache = cache;
  view->replaced = g_ptr_array_new_with_free_func((GDestroyNotify)page_unref);
  return view;
}

void page_view_free(PageView *view) {
  if (view != NULL) {
    for (guint i = 0; i < VIEW_SLOTS; i++) {
      page_unref(view->slots[i]);
    }
    g_ptr_array_unref(view->replaced);
    g_free(view);
  }
}

CachedPage *page_view_find(PageView *view, Slice key, gint64 now) {
  guint hash = page_key_hash(key);
  CachedPage **slot = &view->slots[(hash ^ (hash >> 16)) & (VIEW_SLOTS - 1)];
  CachedPage *page = *slot;
  if (page != NULL && page->hash == hash && page->key_length == key.length &&
      memcmp(page->key, key.data, key.length) == 0 && page_cache_is_fresh(view->cache, page, now)) {
    if (!g_atomic_int_get(&page->used)) {
      g_atomic_int_set(&page->used, 1);
    }
    return page;
  }
  page = page_cache_get(view->cache, key);
  if (page == NULL) {
    return NULL;
  }
  if (!page_cache_is_fresh(view->cache, page, now)) {
    page_unref(page);
    return NULL;
  }
  if (*slot != NULL) {
    g_ptr_array_add(view->replaced, *slot);
  }
  *slot = page;
  return page;
}

void page_view_settle(PageView *view) {
  if (view->replaced->len > 0) {
    g_ptr_array_set_size(view->replaced, 0);
  }
}

void page_view_sweep(PageView *view, gint64 now) {
  for (guint i = 0; i < VIEW_SLOTS; i++) {
    CachedPage *page = view->slots[i];
    if (page != NULL &&
        (g_atomic_int_get(&page->evicted) || !page_cache_is_fresh(view->cache, page, now))) {
      page_unref(page);
      view->slots[i] = NULL;
    }
  }
}
