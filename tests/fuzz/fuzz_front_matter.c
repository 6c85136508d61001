// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as story.md through its importer: an error or stories, never a crash. What comes out
// must be sealed (headline, hash), and nothing may come out beside an error.
#include <stddef.h>
#include <stdint.h>

#include "exchange/importers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  const ImportSource source = {.path = "story.md",
                               .key = "fuzz/story.md",
                               .bytes = {(const char *)data, size},
                               .zone = zone};
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)import_item_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  g_autoptr(GError) error = NULL;
  gboolean read = importer_markdown_story.read(&source, items, notes, &error);
  g_assert(read == (error == NULL));
  g_assert(read || items->len == 0);
  for (guint i = 0; i < items->len; i++) {
    const ImportItem *item = g_ptr_array_index(items, i);
    g_assert(item->story->headline != NULL && item->story->content_hash != NULL);
    g_assert(g_utf8_validate(item->story->body, -1, NULL));
  }
  return 0;
}
