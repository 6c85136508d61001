// SPDX-License-Identifier: Apache-2.0
//
// Time as the whole house keeps it: gint64 microseconds since 1970-01-01T00:00:00Z
// ("instant"; 0 means "none"). A Clock is handed in wherever "now" matters, so that
// tests can set it. Formats: RFC 3339, RFC 9110 (HTTP-date), RFC 5322 (feeds).
#pragma once

#include <glib.h>

#define CLOCK_SECOND G_GINT64_CONSTANT(1000000)
#define CLOCK_DAY (86400 * CLOCK_SECOND)

typedef struct Clock {
  gint64 (*now)(gpointer data); // any thread
  gpointer data;
} Clock;

extern const Clock clock_system;
gint64 clock_now(const Clock *clock);
gint64 clock_fixed_now(gpointer data); // for tests: data is a gint64 *

char *clock_format_rfc3339(gint64 instant,
                           GTimeZone *zone); // 2026-11-23T09:30:00+01:00; caller frees
char *clock_format_rfc5322(gint64 instant);  // Mon, 23 Nov 2026 08:30:00 +0000
void clock_write_http_date(gint64 instant,
                           char out[30]); // Mon, 23 Nov 2026 08:30:00 GMT, NUL-terminated
gboolean clock_parse_http_date(const char *text, gint64 *ret_instant); // IMF-fixdate only

// RFC 3339, also "YYYY-MM-DD HH:MM[:SS]" and "YYYY-MM-DD", which are read in `zone`. FALSE if
// neither.
gboolean clock_parse(const char *text, GTimeZone *zone, gint64 *ret_instant);
gboolean clock_parse_rfc5322(const char *text,
                             gint64 *ret_instant); // feeds' pubDate, obsolete zones too

// Seconds that the zone's clocks are ahead of UTC at `instant`, and the first instant after it at
// which they are not (a change of summer time, of law); `until` if there is none before.
gint32 clock_offset(gint64 instant, GTimeZone *zone, gint64 until, gint64 *ret_change);

gint32 clock_day(gint64 instant, GTimeZone *zone); // 20261123, the civil day in `zone`
gint64 clock_day_start(gint32 day,
                       GTimeZone *zone); // its first instant in `zone`; 0 if no such day
