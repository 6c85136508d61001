// SPDX-License-Identifier: Apache-2.0
//
// All rows of all tables in a form that both engines write and read: what a backup is made of
// (exchange/backup). Rows go out and come in inside one transaction of the caller's, so a backup is
// of one moment and a restore is whole or nothing. See store/store.h for threads and errors.
//
// A row is its values one after another and a line feed: n (null), i<decimal>; (integer),
// t<bytes>:<text>.
#pragma once

#include "store/store.h"

guint dump_table_count(void);
const char *dump_table_name(guint table); // tables that others refer to come first
// An 'i' (integer) or a 't' (text) for each column.
const char *dump_table_types(guint table);
gint64 dump_count_rows(StoreTransaction *transaction, guint table, GError **error); // -1 on error

// Hands every row of the table to `row`, in the order of its key.
typedef gboolean (*DumpRow)(Slice encoded, gpointer data, GError **error);
gboolean dump_write(StoreTransaction *transaction, guint table, DumpRow row, gpointer data,
                    GError **error);

// No story, picture, reader, mailing or suppressed address in it: what a restore may fill without
// being asked twice.
gboolean dump_is_empty(StoreTransaction *transaction, gboolean *ret_empty, GError **error);
gboolean dump_empty(StoreTransaction *transaction, GError **error); // all tables
// Inserts the rows (published stories enter search); gives how many, -1 on error. `bytes` is
// untrusted.
gint64 dump_read(StoreTransaction *transaction, guint table, Slice bytes, GError **error);
// After a restore: nothing is sent until someone has looked (dispatch_epoch.stopped).
gboolean dump_stop_sending(StoreTransaction *transaction, const char *reason, GError **error);
// To be called after the last dump_read: the next new row's number follows the largest.
gboolean dump_finish(StoreTransaction *transaction, GError **error);

// Cuts one row off the front of `*rest`. `types` has an 'i' or a 't' for each column; `values` has
// room for as many. FALSE on anything that is not exactly a row of that form.
gboolean dump_decode_row(Slice *rest, const char *types, StoreValue *values);
