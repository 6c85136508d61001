// SPDX-License-Identifier: Apache-2.0
//
// Brings a database to this binary's schema. Each migration is one transaction and
// is recorded in it (table schema_migration: number, name, applied_at); killed at any
// moment, the next run goes on. Several processes may call it at once.
#pragma once

#include "store/store.h"

gboolean migrate_run(Store *store, gint64 now, guint *ret_applied, GError **error);
// SCHEMA error, with the mend in its words, unless the database is exactly at this binary's number.
gboolean migrate_check(Store *store, GError **error);
