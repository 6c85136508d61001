// SPDX-License-Identifier: Apache-2.0
//
// Implements rendition_cache.h. The index in memory holds a name, a size and a place in the order
// of use for each file. Several processes may share a folder: a file that is not in this one's
// index is found on disk, one that another removed is simply missing.
#include "imaging/rendition_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "imaging/image_header.h"

#define SEAL_BYTES 16 // "BSR1", length (4 bytes), checksum (8 bytes)
#define TOUCH_SECONDS 3600
#define TEMPORARY_SECONDS 600

typedef struct Entry {
  gint64 size;
  GList link;     // in `order`; data is the Entry
  gint64 touched; // seconds: when its time on disk was last set
  char name[];
} Entry;

struct RenditionCache {
  char *folder;
  gint64 byte_limit;
  GMutex lock; // guards all below
  GCond counted_changed;
  GHashTable *entries; // name -> Entry, which owns both
  GQueue order;        // most recently used first
  gint64 bytes;
  gboolean counted;
  gint closing; // atomic
  GThread *counter;
  guint64 next_temporary;
};

// FNV-1a over 8-byte words: finds torn and rotten files; it need not withstand a forger.
static guint64 checksum(Slice bytes) {
  guint64 hash = 0xcbf29ce484222325u;
  gsize at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    guint64 word;
    memcpy(&word, bytes.data + at, 8);
    hash = (hash ^ GUINT64_FROM_LE(word)) * 0x100000001b3u;
    hash ^= hash >> 29;
  }
  for (; at < bytes.length; at++) {
    hash = (hash ^ (guchar)bytes.data[at]) * 0x100000001b3u;
  }
  return hash;
}

static void make_seal(Slice bytes, char seal[SEAL_BYTES]) {
  guint32 length = GUINT32_TO_LE((guint32)bytes.length);
  guint64 sum = GUINT64_TO_LE(checksum(bytes));
  static const char MAGIC[4] = {'B', 'S', 'R', '1'};
  memcpy(seal, MAGIC, sizeof MAGIC);
  memcpy(seal + 4, &length, 4);
  memcpy(seal + 8, &sum, 8);
}

static char *path_of(RenditionCache *cache, const char *name) {
  return g_strdup_printf("%s/%.2s/%s", cache->folder, name, name);
}

// ── the index; the lock is held ─────────────────────────────────────────────

static gint64 now_seconds(void) {
  return g_get_real_time() / G_USEC_PER_SEC;
}

static void forget(RenditionCache *cache, Entry *entry) {
  g_queue_unlink(&cache->order, &entry->link);
  cache->bytes -= entry->size;
  g_hash_table_remove(cache->entries, entry->name);
}

static Entry *remember(RenditionCache *cache, const char *name, gint64 size, gboolean recent) {
  Entry *entry = g_hash_table_lookup(cache->entries, name);
  if (entry != NULL) {
    forget(cache, entry);
  }
  gsize length = strlen(name) + 1;
  entry = g_malloc0(sizeof *entry + length);
  memcpy(entry->name, name, length);
  entry->size = size;
  entry->link.data = entry;
  entry->touched = now_seconds();
  g_hash_table_insert(cache->entries, entry->name, entry);
  if (recent) {
    g_queue_push_head_link(&cache->order, &entry->link);
  } else {
    g_queue_push_tail_link(&cache->order, &entry->link);
  }
  cache->bytes += size;
  return entry;
}

// Takes the least used out of the index until the rest fits; gives their paths, to be removed
// without the lock.
static GPtrArray *take_surplus(RenditionCache *cache) {
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  while (cache->bytes > cache->byte_limit && cache->order.tail != NULL) {
    Entry *entry = cache->order.tail->data;
    g_ptr_array_add(paths, path_of(cache, entry->name));
    forget(cache, entry);
  }
  return paths;
}

static void remove_files(GPtrArray *paths) {
  for (guint i = 0; i < paths->len; i++) {
    (void)g_unlink(g_ptr_array_index(paths, i));
  }
}

// ── counting at the start ───────────────────────────────────────────────────

typedef struct Found {
  char *name;
  gint64 size, time;
} Found;

static void found_clear(gpointer data) {
  g_free(((Found *)data)->name);
}

static gint compare_newest_first(gconstpointer a, gconstpointer b) {
  gint64 left = ((const Found *)a)->time;
  gint64 right = ((const Found *)b)->time;
  return left > right ? -1 : left < right;
}

static void count_folder(RenditionCache *cache, const char *shard, GArray *all) {
  g_autofree char *folder = g_build_filename(cache->folder, shard, NULL);
  g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
  const char *name;
  while (files != NULL && (name = g_dir_read_name(files)) != NULL &&
         !g_atomic_int_get(&cache->closing)) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
      continue;
    }
    if (name[0] == '.') { // left by a crash; a young one may be in the making
      if (info.st_mtime + TEMPORARY_SECONDS < now_seconds()) {
        (void)g_unlink(path);
      }
      continue;
    }
    Found found = {g_strdup(name), info.st_size, info.st_mtime};
    g_array_append_val(all, found);
  }
}

static gpointer count_all(gpointer data) {
  RenditionCache *cache = data;
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Found));
  g_array_set_clear_func(all, found_clear);
  g_autoptr(GDir) shards = g_dir_open(cache->folder, 0, NULL);
  const char *shard;
  while (shards != NULL && (shard = g_dir_read_name(shards)) != NULL &&
         !g_atomic_int_get(&cache->closing)) {
    if (strlen(shard) == 2) {
      count_folder(cache, shard, all);
    }
  }
  g_array_sort(all, compare_newest_first);
  g_mutex_lock(&cache->lock);
  for (guint i = 0; i < all->len; i++) {
    const Found *found = &g_array_index(all, Found, i);
    if (!g_hash_table_contains(cache->entries, found->name)) {
      remember(cache, found->name, found->size, FALSE)->touched = found->time;
    }
  }
  cache->counted = TRUE;
  g_cond_broadcast(&cache->counted_changed);
  g_autoptr(GPtrArray) surplus = take_surplus(cache);
  g_mutex_unlock(&cache->lock);
  remove_files(surplus);
  return NULL;
}

RenditionCache *rendition_cache_open(const char *folder, gint64 byte_limit, GError **error) {
  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED,
                "the folder for renditions, %s, can't be made: %s", folder, g_strerror(errno));
    return NULL;
  }
  RenditionCache *cache = g_new0(RenditionCache, 1);
  cache->folder = g_strdup(folder);
  cache->byte_limit = byte_limit;
  g_mutex_init(&cache->lock);
  g_cond_init(&cache->counted_changed);
  cache->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  cache->next_temporary = (guint64)g_get_real_time();
  cache->counter = g_thread_new("image-cache", count_all, cache);
  return cache;
}

void rendition_cache_close(RenditionCache *cache) {
  if (cache == NULL) {
    return;
  }
  g_atomic_int_set(&cache->closing, 1);
  g_thread_join(cache->counter);
  g_hash_table_unref(cache->entries);
  g_mutex_clear(&cache->lock);
  g_cond_clear(&cache->counted_changed);
  g_free(cache->folder);
  g_free(cache);
}

// ── files ───────────────────────────────────────────────────────────────────

// NULL if it is not there; a file whose seal is broken is removed.
static GBytes *map_file(const char *path, gint64 *ret_size) {
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
  if (file == NULL) {
    return NULL;
  }
  gsize length = g_mapped_file_get_length(file);
  const char *contents = g_mapped_file_get_contents(file);
  char seal[SEAL_BYTES];
  if (length > SEAL_BYTES) {
    make_seal((Slice){contents, length - SEAL_BYTES}, seal);
    if (memcmp(seal, contents + length - SEAL_BYTES, SEAL_BYTES) == 0) {
      g_autoptr(GBytes) whole = g_mapped_file_get_bytes(file);
      *ret_size = (gint64)length;
      return g_bytes_new_from_bytes(whole, 0, length - SEAL_BYTES);
    }
  }
  (void)g_unlink(path);
  return NULL;
}

// Marks a use, in the index and now and then on disk, for the order after a restart.
static void note_use(RenditionCache *cache, const char *name, const char *path, gint64 size) {
  gint64 now = now_seconds();
  gboolean touch = FALSE;
  g_mutex_lock(&cache->lock);
  Entry *entry = g_hash_table_lookup(cache->entries, name);
  if (entry == NULL) {
    entry = remember(cache, name, size, TRUE);
    entry->touched = 0;
  } else {
    g_queue_unlink(&cache->order, &entry->link);
    g_queue_push_head_link(&cache->order, &entry->link);
  }
  touch = now - entry->touched > TOUCH_SECONDS;
  entry->touched = touch ? now : entry->touched;
  g_mutex_unlock(&cache->lock);
  if (touch) {
    (void)utimensat(AT_FDCWD, path, NULL, 0);
  }
}

GBytes *rendition_cache_get(RenditionCache *cache, const char *name) {
  g_autofree char *path = path_of(cache, name);
  gint64 size = 0;
  GBytes *bytes = map_file(path, &size);
  if (bytes != NULL) {
    note_use(cache, name, path, size);
    return bytes;
  }
  g_mutex_lock(&cache->lock);
  Entry *entry = g_hash_table_lookup(cache->entries, name);
  if (entry != NULL && g_access(path, F_OK) != 0) {
    forget(cache, entry);
  }
  g_mutex_unlock(&cache->lock);
  return NULL;
}

gboolean rendition_cache_has(RenditionCache *cache, const char *name) {
  g_mutex_lock(&cache->lock);
  gboolean has = g_hash_table_contains(cache->entries, name);
  g_mutex_unlock(&cache->lock);
  if (has) {
    return TRUE;
  }
  g_autofree char *path = path_of(cache, name);
  return g_access(path, F_OK) == 0;
}

static int open_temporary(RenditionCache *cache, const char *name, char **ret_path) {
  g_autofree char *folder = g_strdup_printf("%s/%.2s", cache->folder, name);
  g_mutex_lock(&cache->lock);
  guint64 number = cache->next_temporary++;
  g_mutex_unlock(&cache->lock);
  *ret_path = g_strdup_printf("%s/.%d-%" G_GUINT64_FORMAT, folder, (int)getpid(), number);
  int fd = open(*ret_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0 && errno == ENOENT && g_mkdir_with_parents(folder, 0755) == 0) {
    fd = open(*ret_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  }
  return fd;
}

gboolean rendition_cache_put(RenditionCache *cache, const char *name, GBytes *bytes,
                             GError **error) {
  g_autofree char *path = path_of(cache, name);
  g_autofree char *temporary = NULL;
  char seal[SEAL_BYTES];
  Slice contents = slice_of_bytes(bytes);
  make_seal(contents, seal);
  int fd = open_temporary(cache, name, &temporary);
  gboolean written =
      fd >= 0 && file_write(fd, contents) && file_write(fd, (Slice){seal, SEAL_BYTES});
  int problem = errno;
  if (fd >= 0 && close(fd) != 0) {
    written = FALSE;
  }
  if (!written || g_rename(temporary, path) != 0) {
    (void)g_unlink(temporary);
    g_set_error(error, IMAGING_ERROR, IMAGING_ERROR_FAILED, "%s can't be written: %s", path,
                g_strerror(problem));
    return FALSE;
  }
  g_mutex_lock(&cache->lock);
  remember(cache, name, (gint64)contents.length + SEAL_BYTES, TRUE);
  g_autoptr(GPtrArray) surplus = take_surplus(cache);
  g_mutex_unlock(&cache->lock);
  remove_files(surplus);
  return TRUE;
}

gint64 rendition_cache_bytes(RenditionCache *cache) {
  g_mutex_lock(&cache->lock);
  gint64 bytes = cache->bytes;
  g_mutex_unlock(&cache->lock);
  return bytes;
}

void rendition_cache_wait_counted(RenditionCache *cache) {
  g_mutex_lock(&cache->lock);
  while (!cache->counted) {
    g_cond_wait(&cache->counted_changed, &cache->lock);
  }
  g_mutex_unlock(&cache->lock);
}
