// SPDX-License-Identifier: Apache-2.0
//
// Dates as newspapers write them under a headline: "9 February 2025, 10:30am", "Feb 9, 2025 at
// 10.30 p.m. EST", "Sonntag, 9. Februar 2025, 10:30 Uhr", "9 février 2025 à 10h30", and the machine
// forms of base/clock. English, German, French and Spanish months. Pure; any thread.
#pragma once

#include "base/slice.h"

// The whole of `text` must be a date, apart from weekdays and words such as "Updated". A time
// without a zone is read in `zone`. FALSE (ret untouched) otherwise.
gboolean written_date_parse(const char *text, GTimeZone *zone, gint64 *ret_instant);
