// SPDX-License-Identifier: Apache-2.0
//
// Implements record_sorter.h. A record is two lengths and its bytes, in memory and in the file
// alike; in memory an index with the first eight bytes of each key is what is sorted.
#include "base/record_sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

G_DEFINE_QUARK(broadsheet - record - sorter - error, record_sorter_error)

#define RUN_BUFFER (256u << 10)

typedef struct RecordHead {
  guint32 key, payload; // bytes
} RecordHead;

typedef struct Place {
  guint64 prefix; // of the key, so that most comparisons end here
  gsize offset;
} Place;

// A sorted run in the file while the runs are merged.
typedef struct Run {
  goffset next, end; // in the file, what is not read yet
  char *buffer;
  gsize size, have, at;
  Slice key, payload; // of the record that is next
  guint number;       // the earlier run has the earlier records
} Run;

struct RecordSorter {
  char *arena;
  gsize memory, used;
  GArray *places;
  gsize served; // of places, when all fits
  int file;     // -1: none yet
  goffset written;
  GArray *runs;      // Run
  GPtrArray *heap;   // Run *, the smallest first
  gboolean advanced; // heap[0] was given out
};

RecordSorter *record_sorter_new(gsize memory) {
  RecordSorter *sorter = g_new0(RecordSorter, 1);
  sorter->memory = MAX(memory, 2 * RECORD_SORTER_LONGEST);
  sorter->arena = g_malloc(sorter->memory);
  sorter->places = g_array_new(FALSE, FALSE, sizeof(Place));
  sorter->runs = g_array_new(FALSE, TRUE, sizeof(Run));
  sorter->heap = g_ptr_array_new();
  sorter->file = -1;
  return sorter;
}

void record_sorter_free(RecordSorter *sorter) {
  if (sorter == NULL) {
    return;
  }
  for (guint i = 0; i < sorter->runs->len; i++) {
    g_free(g_array_index(sorter->runs, Run, i).buffer);
  }
  if (sorter->file >= 0) {
    close(sorter->file);
  }
  g_array_unref(sorter->runs);
  g_array_unref(sorter->places);
  g_ptr_array_unref(sorter->heap);
  g_free(sorter->arena);
  g_free(sorter);
}

static gboolean fail(GError **error, const char *what) {
  g_set_error(error, RECORD_SORTER_ERROR, RECORD_SORTER_ERROR_FILE,
              "a temporary file in %s can't be %s: %s; make room there, or name another folder in "
              "TMPDIR",
              g_get_tmp_dir(), what, g_strerror(errno));
  return FALSE;
}

static guint64 prefix_of(Slice key) {
  guint8 bytes[8] = {0};
  if (key.length > 0) {
    memcpy(bytes, key.data, MIN(key.length, sizeof bytes));
  }
  guint64 prefix = 0;
  memcpy(&prefix, bytes, sizeof prefix);
  return GUINT64_FROM_BE(prefix);
}

static void read_record(const char *at, Slice *ret_key, Slice *ret_payload) {
  RecordHead head;
  memcpy(&head, at, sizeof head);
  *ret_key = (Slice){at + sizeof head, head.key};
  *ret_payload = (Slice){at + sizeof head + head.key, head.payload};
}

static int compare_keys(Slice a, Slice b) {
  int order = memcmp(a.data, b.data, MIN(a.length, b.length));
  return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_places(const void *a, const void *b, void *arena) {
  const Place *one = a;
  const Place *two = b;
  if (one->prefix != two->prefix) {
    return one->prefix < two->prefix ? -1 : 1;
  }
  Slice keys[2];
  Slice payload;
  read_record((const char *)arena + one->offset, &keys[0], &payload);
  read_record((const char *)arena + two->offset, &keys[1], &payload);
  int order = compare_keys(keys[0], keys[1]);
  return order != 0 ? order : (one->offset > two->offset) - (one->offset < two->offset);
}

static void sort_places(RecordSorter *sorter) {
  if (sorter->places->len > 1) {
    qsort_r(sorter->places->data, sorter->places->len, sizeof(Place), compare_places,
            sorter->arena);
  }
}

static gboolean open_file(RecordSorter *sorter, GError **error) {
  g_autofree char *path = g_build_filename(g_get_tmp_dir(), "broadsheet-sort-XXXXXX", NULL);
  sorter->file = g_mkstemp(path);
  if (sorter->file < 0) {
    return fail(error, "made");
  }
  unlink(path);
  return TRUE;
}

static gboolean write_all(RecordSorter *sorter, const char *data, gsize length, GError **error) {
  if (!file_write(sorter->file, (Slice){data, length})) {
    return fail(error, "written");
  }
  sorter->written += (goffset)length;
  return TRUE;
}

// What is in memory becomes a run of the file.
static gboolean write_run(RecordSorter *sorter, GError **error) {
  if (sorter->file < 0 && !open_file(sorter, error)) {
    return FALSE;
  }
  sort_places(sorter);
  g_autoptr(GByteArray) buffer = g_byte_array_sized_new(RUN_BUFFER + RECORD_SORTER_LONGEST);
  Run run = {.next = sorter->written, .number = sorter->runs->len};
  for (guint i = 0; i < sorter->places->len; i++) {
    const char *record = sorter->arena + g_array_index(sorter->places, Place, i).offset;
    Slice key;
    Slice payload;
    read_record(record, &key, &payload);
    g_byte_array_append(buffer, (const guint8 *)record,
                        (guint)(sizeof(RecordHead) + key.length + payload.length));
    if (buffer->len >= RUN_BUFFER || i + 1 == sorter->places->len) {
      if (!write_all(sorter, (const char *)buffer->data, buffer->len, error)) {
        return FALSE;
      }
      g_byte_array_set_size(buffer, 0);
    }
  }
  run.end = sorter->written;
  g_array_append_val(sorter->runs, run);
  g_array_set_size(sorter->places, 0);
  sorter->used = 0;
  return TRUE;
}

gboolean record_sorter_add(RecordSorter *sorter, Slice key, Slice payload, GError **error) {
  g_assert(key.length <= RECORD_SORTER_LONGEST &&
           payload.length <= RECORD_SORTER_LONGEST - key.length);
  RecordHead head = {(guint32)key.length, (guint32)payload.length};
  gsize size = sizeof head + key.length + payload.length;
  if (sorter->used + size > sorter->memory && !write_run(sorter, error)) {
    return FALSE;
  }
  Place place = {prefix_of(key), sorter->used};
  char *at = sorter->arena + sorter->used;
  memcpy(at, &head, sizeof head);
  if (key.length > 0) {
    memcpy(at + sizeof head, key.data, key.length);
  }
  if (payload.length > 0) {
    memcpy(at + sizeof head + key.length, payload.data, payload.length);
  }
  sorter->used += size;
  g_array_append_val(sorter->places, place);
  return TRUE;
}

// ---- merging ----------------------------------------------------------------------------------

// At least one whole record is in the buffer after it, unless the run is at its end.
static gboolean fill(RecordSorter *sorter, Run *run, GError **error) {
  memmove(run->buffer, run->buffer + run->at, run->have - run->at);
  run->have -= run->at;
  run->at = 0;
  while (run->have < run->size && run->next < run->end) {
    gsize want = MIN(run->size - run->have, (gsize)(run->end - run->next));
    gssize got = pread(sorter->file, run->buffer + run->have, want, run->next);
    if (got == 0) {
      errno = EIO;
    }
    if (got == 0 || (got < 0 && errno != EINTR)) {
      return fail(error, "read");
    }
    run->have += got > 0 ? (gsize)got : 0;
    run->next += got > 0 ? got : 0;
  }
  return TRUE;
}

static gsize size_at(const Run *run) {
  RecordHead head;
  if (run->have - run->at < sizeof head) {
    return 0;
  }
  memcpy(&head, run->buffer + run->at, sizeof head);
  gsize size = sizeof head + head.key + head.payload;
  return run->have - run->at >= size ? size : 0;
}

// *ret_more FALSE: the run is at its end.
static gboolean step(RecordSorter *sorter, Run *run, gboolean *ret_more, GError **error) {
  gsize size = size_at(run);
  if (size == 0) {
    if (!fill(sorter, run, error)) {
      return FALSE;
    }
    size = size_at(run);
  }
  *ret_more = size > 0;
  if (size > 0) {
    read_record(run->buffer + run->at, &run->key, &run->payload);
    run->at += size;
  }
  return TRUE;
}

static gboolean is_before(const Run *a, const Run *b) {
  int order = compare_keys(a->key, b->key);
  return order != 0 ? order < 0 : a->number < b->number;
}

static void sift_down(GPtrArray *heap, guint at) {
  for (;;) {
    guint least = at;
    for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < heap->len; child++) {
      least = is_before(heap->pdata[child], heap->pdata[least]) ? child : least;
    }
    if (least == at) {
      return;
    }
    gpointer swapped = heap->pdata[at];
    heap->pdata[at] = heap->pdata[least];
    heap->pdata[least] = swapped;
    at = least;
  }
}

static gboolean begin_merge(RecordSorter *sorter, GError **error) {
  if (sorter->places->len > 0 && !write_run(sorter, error)) {
    return FALSE;
  }
  g_clear_pointer(&sorter->arena, g_free);
  for (guint i = 0; i < sorter->runs->len; i++) {
    Run *run = &g_array_index(sorter->runs, Run, i);
    gboolean more = FALSE;
    run->size = RUN_BUFFER + sizeof(RecordHead) + RECORD_SORTER_LONGEST;
    run->buffer = g_malloc(run->size);
    if (!step(sorter, run, &more, error)) {
      return FALSE;
    }
    if (more) {
      g_ptr_array_add(sorter->heap, run);
    }
  }
  for (guint i = sorter->heap->len / 2; i-- > 0;) {
    sift_down(sorter->heap, i);
  }
  return TRUE;
}

gboolean record_sorter_sort(RecordSorter *sorter, GError **error) {
  if (sorter->runs->len > 0) {
    return begin_merge(sorter, error);
  }
  sort_places(sorter);
  return TRUE;
}

static gboolean advance(RecordSorter *sorter, GError **error) {
  gboolean more = FALSE;
  if (!sorter->advanced) {
    return TRUE;
  }
  sorter->advanced = FALSE;
  if (!step(sorter, sorter->heap->pdata[0], &more, error)) {
    return FALSE;
  }
  if (!more) {
    g_ptr_array_remove_index_fast(sorter->heap, 0); // the last takes its place
  }
  sift_down(sorter->heap, 0);
  return TRUE;
}

gboolean record_sorter_next(RecordSorter *sorter, Slice *ret_key, Slice *ret_payload,
                            GError **error) {
  if (sorter->runs->len == 0) {
    if (sorter->served == sorter->places->len) {
      return FALSE;
    }
    gsize offset = g_array_index(sorter->places, Place, sorter->served++).offset;
    read_record(sorter->arena + offset, ret_key, ret_payload);
    return TRUE;
  }
  if (!advance(sorter, error) || sorter->heap->len == 0) {
    return FALSE;
  }
  const Run *run = sorter->heap->pdata[0];
  *ret_key = run->key;
  *ret_payload = run->payload;
  sorter->advanced = TRUE;
  return TRUE;
}
