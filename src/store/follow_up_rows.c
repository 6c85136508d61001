// SPDX-License-Identifier: Apache-2.0
//
// Implements follow_up_rows.h.
#include "store/follow_up_rows.h"

GArray *follow_up_rows_wanted(StoreTransaction *transaction, gint64 since, GError **error) {
  g_autoptr(StoreRows) rows =
      store_query(transaction, QUERY_FOLLOW_UP_WANTED, STORE_VALUES(store_integer(since)), error);
  if (rows == NULL) {
    return NULL;
  }
  g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(FollowUp));
  GError *failure = NULL;
  while (store_rows_next(rows, &failure)) {
    FollowUp one = {store_row_integer(rows, 0), store_row_integer(rows, 1),
                    store_row_integer(rows, 2)};
    g_array_append_val(wanted, one);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return NULL;
  }
  return g_steal_pointer(&wanted);
}
