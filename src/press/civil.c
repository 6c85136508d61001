// SPDX-License-Identifier: Apache-2.0
//
// Implements civil.h with the proleptic Gregorian calendar counted in days since
// 1970-01-01 (eras of 400 years, the year beginning in March so that the leap day is last).
#include "press/civil.h"

#define DAY_SECONDS 86400

static gint64 floor_divide(gint64 a, gint64 b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

static gint64 days_from_civil(gint64 year, gint64 month, gint64 day) {
  year -= month <= 2;
  gint64 era = floor_divide(year, 400);
  gint64 year_of_era = year - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

static void set_date(Civil *civil, gint64 days) {
  gint64 shifted = days + 719468;
  gint64 era = floor_divide(shifted, 146097);
  gint64 day_of_era = shifted - era * 146097;
  gint64 year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
  gint64 month = (5 * day_of_year + 2) / 153;
  civil->day = (gint32)(day_of_year - (153 * month + 2) / 5 + 1);
  civil->month = (gint32)(month < 10 ? month + 3 : month - 9);
  civil->year = (gint32)(year + era * 400 + (civil->month <= 2));
  civil->weekday = (gint32)(days + 3 - floor_divide(days + 3, 7) * 7) + 1;
}

Civil civil_of(gint64 instant, GTimeZone *zone) {
  Civil civil = {.zone = "UTC"};
  gint64 seconds = floor_divide(instant, G_USEC_PER_SEC);
  gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds);
  civil.offset = g_time_zone_get_offset(zone, interval);
  civil.zone = g_time_zone_get_abbreviation(zone, interval);
  seconds += civil.offset;
  gint64 days = floor_divide(seconds, DAY_SECONDS);
  gint32 rest = (gint32)(seconds - days * DAY_SECONDS);
  set_date(&civil, days);
  civil.hour = rest / 3600;
  civil.minute = rest / 60 % 60;
  civil.second = rest % 60;
  return civil;
}

Civil civil_of_day(gint32 day) {
  Civil civil = {.zone = "UTC"};
  set_date(&civil, days_from_civil(day / 10000, day / 100 % 100, day % 100));
  return civil;
}

gint32 civil_day(const Civil *civil) {
  return civil->year * 10000 + civil->month * 100 + civil->day;
}

gint32 civil_days_in_month(gint32 year, gint32 month) {
  gint64 next = month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
  return (gint32)(next - days_from_civil(year, month, 1));
}

static char *write_digits(char *at, gint32 number, int width) {
  for (int i = width - 1; i >= 0; i--) {
    at[i] = (char)('0' + number % 10);
    number /= 10;
  }
  return at + width;
}

void civil_write_rfc3339(const Civil *civil, char out[CIVIL_RFC3339_SIZE]) {
  char *at = write_digits(out, CLAMP(civil->year, 0, 9999), 4);
  *at++ = '-';
  at = write_digits(at, civil->month, 2);
  *at++ = '-';
  at = write_digits(at, civil->day, 2);
  *at++ = 'T';
  at = write_digits(at, civil->hour, 2);
  *at++ = ':';
  at = write_digits(at, civil->minute, 2);
  *at++ = ':';
  at = write_digits(at, civil->second, 2);
  if (civil->offset == 0) {
    *at++ = 'Z';
  } else {
    gint32 minutes = ABS(civil->offset) / 60;
    *at++ = civil->offset < 0 ? '-' : '+';
    at = write_digits(at, minutes / 60, 2);
    *at++ = ':';
    at = write_digits(at, minutes % 60, 2);
  }
  *at = '\0';
}
