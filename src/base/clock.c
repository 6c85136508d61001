// SPDX-License-Identifier: Apache-2.0
//
// Implements clock.h on GDateTime. No locale is consulted: month and weekday
// names here are those of the protocols; readers' dates are press/locale's.
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static gint64 system_now(gpointer data) {
  return g_get_real_time();
}

const Clock clock_system = {system_now, NULL};

gint64 clock_now(const Clock *clock) {
  return clock->now(clock->data);
}

gint64 clock_fixed_now(gpointer data) {
  return *(gint64 *)data;
}

static const char *const WEEKDAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static gint64 floor_seconds(gint64 instant) {
  gint64 seconds = instant / CLOCK_SECOND;
  return instant % CLOCK_SECOND < 0 ? seconds - 1 : seconds;
}

static GDateTime *date_time_of(gint64 instant, GTimeZone *zone) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(floor_seconds(instant));
  if (utc == NULL) {
    utc = g_date_time_new_from_unix_utc(0);
  }
  return zone != NULL ? g_date_time_to_timezone(utc, zone) : g_steal_pointer(&utc);
}

char *clock_format_rfc3339(gint64 instant, GTimeZone *zone) {
  g_autoptr(GDateTime) time = date_time_of(instant, zone);
  gint64 offset = g_date_time_get_utc_offset(time) / G_TIME_SPAN_MINUTE;
  g_autofree char *local = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
  if (offset == 0) {
    return g_strconcat(local, "Z", NULL);
  }
  gint64 distance = ABS(offset);
  return g_strdup_printf("%s%c%02d:%02d", local, offset < 0 ? '-' : '+', (int)(distance / 60),
                         (int)(distance % 60));
}

static void utc_parts(gint64 instant, struct tm *parts) {
  time_t seconds = (time_t)floor_seconds(instant);
  if (gmtime_r(&seconds, parts) == NULL || parts->tm_year > 8099 || parts->tm_year < -1900) {
    memset(parts, 0, sizeof *parts);
    parts->tm_year = 70;
    parts->tm_mday = 1;
    parts->tm_wday = 4;
  }
}

char *clock_format_rfc5322(gint64 instant) {
  struct tm parts;
  utc_parts(instant, &parts);
  return g_strdup_printf("%s, %02d %s %04d %02d:%02d:%02d +0000", WEEKDAYS[parts.tm_wday],
                         parts.tm_mday, MONTHS[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                         parts.tm_min, parts.tm_sec);
}

void clock_write_http_date(gint64 instant, char out[30]) {
  struct tm parts;
  utc_parts(instant, &parts);
  g_snprintf(out, 30, "%s, %02d %s %04d %02d:%02d:%02d GMT", WEEKDAYS[parts.tm_wday], parts.tm_mday,
             MONTHS[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

static gboolean month_number(const char *name, int *ret_month) {
  for (int i = 0; i < 12; i++) {
    if (g_ascii_strncasecmp(name, MONTHS[i], 3) == 0) {
      *ret_month = i + 1;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean instant_of(GTimeZone *zone, int year, int month, int day, int hour, int minute,
                           int second, gint64 *ret_instant) {
  g_autoptr(GDateTime) time =
      g_date_time_new(zone, year, month, day, hour, minute, second == 60 ? 59 : second);
  if (time == NULL) {
    return FALSE;
  }
  *ret_instant = g_date_time_to_unix(time) * CLOCK_SECOND;
  return TRUE;
}

// The widths in the formats bound every number.
// NOLINTBEGIN(cert-err34-c)
gboolean clock_parse_http_date(const char *text, gint64 *ret_instant) {
  char month_name[4] = "";
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int end = 0;
  int month = 0;
  if (text == NULL || strlen(text) != 29 || text[3] != ',' ||
      sscanf(text + 4, " %2d %3s %4d %2d:%2d:%2d GMT%n", &day, month_name, &year, &hour, &minute,
             &second, &end) != 6 ||
      end != 25 || !month_number(month_name, &month)) {
    return FALSE;
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  return instant_of(utc, year, month, day, hour, minute, second, ret_instant);
}

gboolean clock_parse(const char *text, GTimeZone *zone, gint64 *ret_instant) {
  if (text == NULL || strlen(text) < 10 || strlen(text) > 40) {
    return FALSE;
  }
  g_autofree char *iso = g_strstrip(g_strdup(text));
  gsize length = strlen(iso);
  if (length == 10) {
    g_autofree char *midnight = g_strconcat(iso, "T00:00:00", NULL);
    return clock_parse(midnight, zone, ret_instant);
  }
  if (length > 10 && iso[10] == ' ') {
    iso[10] = 'T';
  }
  if (length == 16) {
    g_autofree char *whole = g_strconcat(iso, ":00", NULL);
    return clock_parse(whole, zone, ret_instant);
  }
  char *space = strchr(iso, ' '); // "2026-11-23 09:30:00 +0100"
  if (space != NULL) {
    memmove(space, space + 1, strlen(space));
  }
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(iso, zone);
  if (time == NULL) {
    return FALSE;
  }
  *ret_instant = g_date_time_to_unix(time) * CLOCK_SECOND + g_date_time_get_microsecond(time);
  return TRUE;
}

static int obsolete_zone_minutes(const char *name) {
  static const struct {
    const char *name;
    int minutes;
  } ZONES[] = {{"EDT", -240}, {"EST", -300}, {"CDT", -300}, {"CST", -360},
               {"MDT", -360}, {"MST", -420}, {"PDT", -420}, {"PST", -480}};
  for (gsize i = 0; i < G_N_ELEMENTS(ZONES); i++) {
    if (strcmp(name, ZONES[i].name) == 0) {
      return ZONES[i].minutes;
    }
  }
  return 0; // GMT, UT, Z and the unknown ones (RFC 5322 4.3)
}

gboolean clock_parse_rfc5322(const char *text, gint64 *ret_instant) {
  if (text == NULL) {
    return FALSE;
  }
  const char *comma = strchr(text, ',');
  const char *start = comma != NULL ? comma + 1 : text;
  char month_name[4] = "";
  char zone_name[6] = "";
  int day = 0;
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int month = 0;
  int end = 0;
  if (sscanf(start, " %2d %3s %4d %2d:%2d%n", &day, month_name, &year, &hour, &minute, &end) != 5 ||
      !month_number(month_name, &month)) {
    return FALSE;
  }
  start += end;
  if (*start == ':' && sscanf(start, ":%2d%n", &second, &end) == 1) {
    start += end;
  }
  year += year < 50 ? 2000 : (year < 1000 ? 1900 : 0);
  (void)sscanf(start, " %5s", zone_name);
  int minutes = 0;
  if ((zone_name[0] == '+' || zone_name[0] == '-') && strlen(zone_name) == 5) {
    int digits = (int)g_ascii_strtoll(zone_name + 1, NULL, 10);
    minutes = (digits / 100 * 60 + digits % 100) * (zone_name[0] == '-' ? -1 : 1);
  } else {
    minutes = obsolete_zone_minutes(zone_name);
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  gint64 instant = 0;
  if (!instant_of(utc, year, month, day, hour, minute, second, &instant)) {
    return FALSE;
  }
  *ret_instant = instant - (gint64)minutes * 60 * CLOCK_SECOND;
  return TRUE;
}

// NOLINTEND(cert-err34-c)

gint32 clock_day(gint64 instant, GTimeZone *zone) {
  g_autoptr(GDateTime) time = date_time_of(instant, zone);
  int year = 0;
  int month = 0;
  int day = 0;
  g_date_time_get_ymd(time, &year, &month, &day);
  return year * 10000 + month * 100 + day;
}

gint64 clock_day_start(gint32 day, GTimeZone *zone) {
  gint64 instant = 0;
  if (!instant_of(zone, day / 10000, day / 100 % 100, day % 100, 0, 0, 0, &instant)) {
    return 0;
  }
  return instant;
}

static gint32 offset_at(gint64 second, GTimeZone *zone) {
  gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second);
  return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

gint32 clock_offset(gint64 instant, GTimeZone *zone, gint64 until, gint64 *ret_change) {
  gint64 same = instant / CLOCK_SECOND; // the offset is known to be still `offset`
  gint64 last = until / CLOCK_SECOND;
  gint32 offset = offset_at(same, zone);
  *ret_change = until;
  while (same < last) {
    gint64 other = MIN(same + 86400, last);
    if (offset_at(other, zone) == offset) {
      same = other;
      continue;
    }
    while (other - same > 1) {
      gint64 middle = same + (other - same) / 2;
      if (offset_at(middle, zone) == offset) {
        same = middle;
      } else {
        other = middle;
      }
    }
    *ret_change = other * CLOCK_SECOND;
    break;
  }
  return offset;
}
