// SPDX-License-Identifier: Apache-2.0
//
// Implements importer.h: the table of formats, in the order they are asked, and the lives of
// items and notes. A file that no other format claims and that is text is a found article.
#include "exchange/importer.h"

#include "exchange/importers.h"

G_DEFINE_QUARK(broadsheet - import - error - quark, import_error)

static const Importer *const IMPORTERS[] = {
    &importer_feed,
    &importer_html_article,
    &importer_markdown_story,
    &importer_found_article,
};

const Importer *importer_for(const ImportSource *source) {
  for (gsize i = 0; i < G_N_ELEMENTS(IMPORTERS); i++) {
    if (IMPORTERS[i]->recognise(source)) {
      return IMPORTERS[i];
    }
  }
  return NULL;
}

void import_note_free(ImportNote *note) {
  if (note == NULL) {
    return;
  }
  g_free(note->message);
  g_free(note);
}

ImportItem *import_item_new(void) {
  ImportItem *item = g_new0(ImportItem, 1);
  item->story = story_new();
  item->pictures = g_array_new(FALSE, TRUE, sizeof(ImportedPicture));
  item->strings = g_string_chunk_new(512);
  item->keep = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  item->status = STORY_DRAFT;
  return item;
}

void import_item_free(ImportItem *item) {
  if (item == NULL) {
    return;
  }
  story_free(item->story);
  g_array_unref(item->pictures);
  g_string_chunk_free(item->strings);
  g_ptr_array_unref(item->keep);
  g_free(item->former_path);
  g_free(item);
}
