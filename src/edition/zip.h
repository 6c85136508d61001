// SPDX-License-Identifier: Apache-2.0
//
// A zip archive (PKWARE APPNOTE 6.3, without ZIP64) in memory, as an EPUB needs it: entries in the
// order that they are added, no extra fields, one date for all, so that the same entries give the
// same bytes. For epub*.c only. One thread.
#pragma once

#include "base/slice.h"

typedef struct Zip Zip;
// `instant`: the date of all entries, in UTC, as DOS knows it (two seconds, 1980 to 2107).
Zip *zip_new(gint64 instant);
void zip_free(Zip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Zip, zip_free)
// `name` is ASCII. What does not get smaller is stored.
void zip_add(Zip *zip, const char *name, Slice bytes);
void zip_store(Zip *zip, const char *name, Slice bytes); // as it is: pictures, "mimetype"
// EDITION_ERROR_CONTENT when it is larger than a plain zip may be (4 GB, 65,535 entries).
GBytes *zip_finish(Zip *zip, GError **error);
