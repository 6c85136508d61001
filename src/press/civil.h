// SPDX-License-Identifier: Apache-2.0
//
// An instant as the clock on the wall of a time zone shows it: what dates in words and
// <time datetime> are made from. Used by press/locale and press/page_*; pages show some
// two hundred of these, so it takes no memory and no GDateTime. Pure; any thread.
#pragma once

#include <glib.h>

typedef struct Civil {
  gint32 year, month, day; // 2026, 11, 23
  gint32 weekday;          // 1 Monday … 7 Sunday
  gint32 hour, minute, second;
  gint32 offset;    // seconds east of Greenwich
  const char *zone; // "CET"; belongs to the GTimeZone
} Civil;

Civil civil_of(gint64 instant, GTimeZone *zone);
Civil civil_of_day(gint32 day);       // 20261123 at midnight, no zone
gint32 civil_day(const Civil *civil); // 20261123
gint32 civil_days_in_month(gint32 year, gint32 month);

#define CIVIL_RFC3339_SIZE 32
void civil_write_rfc3339(const Civil *civil,
                         char out[CIVIL_RFC3339_SIZE]); // 2026-11-23T09:30:00+01:00
