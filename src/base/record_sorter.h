// SPDX-License-Identifier: Apache-2.0
//
// Sorts more records than memory should hold: by the bytes of their keys, records of one key in the
// order in which they came. What doesn't fit waits in sorted runs in an unlinked temporary file
// (external merge sort, Knuth 5.4). Each sorter is one thread's.
#pragma once

#include "base/slice.h"

#define RECORD_SORTER_LONGEST (1u << 20) // bytes of a key and its payload together

#define RECORD_SORTER_ERROR record_sorter_error_quark()
GQuark record_sorter_error_quark(void);
typedef enum RecordSorterError { RECORD_SORTER_ERROR_FILE } RecordSorterError;

typedef struct RecordSorter RecordSorter;
RecordSorter *record_sorter_new(gsize memory); // bytes of records to hold, more than the longest
gboolean record_sorter_add(RecordSorter *sorter, Slice key, Slice payload, GError **error);
// Nothing is added after it.
gboolean record_sorter_sort(RecordSorter *sorter, GError **error);
// The next in order; the slices are valid until the next call. FALSE at the end (*error untouched)
// or when the temporary file failed.
gboolean record_sorter_next(RecordSorter *sorter, Slice *ret_key, Slice *ret_payload,
                            GError **error);
void record_sorter_free(RecordSorter *sorter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordSorter, record_sorter_free)
