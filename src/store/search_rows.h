// SPDX-License-Identifier: Apache-2.0
//
// For rows files only: keeps the search index in the transaction that changes a story.
#pragma once

#include "model/story.h"
#include "store/store.h"

// The text of a story as the index knows it. Borrowed.
typedef struct SearchText {
  const char *headline, *standfirst, *body; // body: Markdown
  const char *language;                     // "" means the newspaper's
} SearchText;
gboolean search_rows_put(StoreTransaction *transaction, gint64 id, const SearchText *text,
                         GError **error);
// `text` must be what was put: the index forgets exactly those words.
gboolean search_rows_remove(StoreTransaction *transaction, gint64 id, const SearchText *text,
                            GError **error);
