// SPDX-License-Identifier: Apache-2.0
//
// A language's interface words, dates, times and numbers, from
// themes/<theme>/locale/<language>.ini. English, German and Arabic are complete (a test compares
// the keys). Immutable; any thread.
#pragma once

#include <glib.h>

#include "base/slice.h"
#include "press/civil.h"

#define LOCALE_ERROR locale_error_quark()
GQuark locale_error_quark(void);
typedef enum LocaleError { LOCALE_ERROR_SYNTAX, LOCALE_ERROR_MISSING } LocaleError;

typedef struct Locale Locale;
Locale *locale_parse(const char *name, Slice ini, const Locale *fallback,
                     GError **error); // fallback borrowed, outlives
void locale_free(Locale *locale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Locale, locale_free)

const char *locale_language(const Locale *locale);
const char *locale_word(const Locale *locale, const char *key); // the key itself if unknown
const char *const *
locale_word_keys(const Locale *locale); // all that it or its fallback has; NULL-terminated
char *locale_fill(const Locale *locale, const char *key, const char *name,
                  const char *value); // the word with {name} replaced
char *
locale_count(const Locale *locale, const char *key,
             gint64 number); // plural forms by CLDR category: key.one, key.few, key.other …; {n}
char *locale_date_long(const Locale *locale, gint64 instant,
                       GTimeZone *zone); // Monday, 23 November 2026
char *locale_date_short(const Locale *locale, gint64 instant, GTimeZone *zone); // 23 Nov 2026
char *locale_time(const Locale *locale, gint64 instant,
                  GTimeZone *zone); // 9.30am CET (with the zone's name)
char *locale_date_time(const Locale *locale, gint64 instant, GTimeZone *zone);
char *locale_month(const Locale *locale, gint32 year, gint32 month);            // November 2026
char *locale_number(const Locale *locale, gint64 number);                       // 10,000
char *locale_join(const Locale *locale, const char *const *names, guint count); // A, B and C
char *locale_weekday(const Locale *locale, gint32 weekday); // 1 Monday … 7 Sunday, short
gint32 locale_first_weekday(const Locale *locale); // the week begins on it: 1 Monday … 7 Sunday

// The same from a Civil, for who needs several forms of one instant.
typedef enum LocalePattern {
  LOCALE_DATE_LONG,
  LOCALE_DATE_SHORT,
  LOCALE_DAY /* 23 Nov */,
  LOCALE_TIME,
  LOCALE_CLOCK /* 9.30am, no zone */,
  LOCALE_DATE_TIME,
  LOCALE_MONTH,
  LOCALE_PATTERN_COUNT
} LocalePattern;
void locale_write(const Locale *locale, LocalePattern pattern, const Civil *civil, GString *out);
void locale_write_number(const Locale *locale, gint64 number, GString *out);
// What stands before the item `index` of `count` in a joined list: "", ", " or " and ".
const char *locale_separator(const Locale *locale, guint index, guint count);
