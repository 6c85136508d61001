// SPDX-License-Identifier: Apache-2.0
//
// Readers and mailings for tests of deliveries and of dispatch: made by scripts, so that these
// tests hang on nothing but the tables. Instants are those of the caller.
#pragma once

#include "model/mailing.h"
#include "store/store.h"

typedef struct Newspaper Newspaper;
// Reader n (from 1): reader<n>@example.org, "Reader n", active, in all newsletters, confirmed n
// minutes before NEWSPAPER_EPOCH; the even ones are interested in the first section.
void readership_make(Newspaper *paper, guint count);
void readership_make_in(Store *store, guint count, guint domains);
// "status", "paused_until": the column's value; "left", "erased"; "zone": Europe/Berlin.
void readership_set(Newspaper *paper, gint64 id, const char *what, gint64 value);
void readership_set_in(Store *store, gint64 id, const char *what, gint64 value);
gint64 readership_newsletter(Newspaper *paper, const char *slug);
// Any statements, for what nothing else here does.
gboolean readership_run(StoreTransaction *transaction, const char *script, GError **error);
// SENDING, nothing frozen yet; the occasion is always new.
gint64 readership_insert_mailing(Newspaper *paper, const char *newsletter, gint64 now);
// The same, all frozen with names.
gint64 readership_mailing(Newspaper *paper, const char *newsletter, gint64 now);
gint64 readership_mailing_in(Store *store, const char *newsletter, gint64 now);
