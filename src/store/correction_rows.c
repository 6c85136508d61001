// SPDX-License-Identifier: Apache-2.0
//
// Corrections, as story_rows.h declares them.
#include "store/story_rows.h"
#include "store/teaser_rows.h"

gint64 correction_rows_insert(StoreTransaction *transaction, const Correction *correction,
                              GError **error) {
  gint64 id = 0;
  gboolean inserted = store_query_integer(transaction, QUERY_CORRECTION_INSERT,
                                          STORE_VALUES(store_integer(correction->story_id),
                                                       store_integer(correction->corrected_at),
                                                       store_slice(slice_of(correction->wrong)),
                                                       store_slice(slice_of(correction->right))),
                                          &id, error);
  return inserted ? id : 0;
}

GPtrArray *correction_rows_list(StoreTransaction *transaction, guint offset, guint limit,
                                GPtrArray **ret_stories, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_CORRECTION_LIST,
                  STORE_VALUES(store_integer(limit), store_integer(offset)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GPtrArray) corrections =
      g_ptr_array_new_with_free_func((GDestroyNotify)correction_free);
  g_autoptr(GPtrArray) stories = g_ptr_array_new_with_free_func((GDestroyNotify)teaser_free);
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    Correction *correction = g_new0(Correction, 1);
    correction->id = store_row_integer(rows, 0);
    correction->corrected_at = store_row_integer(rows, 1);
    correction->wrong = store_row_dup(rows, 2);
    correction->right = store_row_dup(rows, 3);
    Teaser *teaser = teaser_rows_read(rows, 4);
    correction->story_id = teaser->id;
    g_ptr_array_add(corrections, correction);
    g_ptr_array_add(stories, teaser);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  if (ret_stories != NULL) {
    *ret_stories = g_steal_pointer(&stories);
  }
  return g_steal_pointer(&corrections);
}
