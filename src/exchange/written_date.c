// SPDX-License-Identifier: Apache-2.0
//
// Implements written_date.h: the text is cut into words and numbers, each of which must be
// accounted for; a word that is not of a date makes the text not a date.
#include "exchange/written_date.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

typedef struct DateParts {
  int day, month, year, hour, minute, second;
  int zone_minutes;
  gboolean has_time, has_zone, has_half; // has_half: am or pm was seen
} DateParts;

// Three letters tell most months; the rest are told by more.
static const struct {
  const char *prefix;
  int month;
} MONTH_PREFIXES[] = {{"jan", 1},  {"ene", 1},  {"jän", 1},  {"feb", 2},  {"fev", 2},  {"fév", 2},
                      {"mar", 3},  {"mär", 3},  {"apr", 4},  {"avr", 4},  {"abr", 4},  {"may", 5},
                      {"mai", 5},  {"juin", 6}, {"jun", 6},  {"jul", 7},  {"juil", 7}, {"aug", 8},
                      {"ago", 8},  {"aoû", 8},  {"aou", 8},  {"sep", 9},  {"set", 9},  {"oct", 10},
                      {"okt", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"déc", 12}, {"dic", 12}};

static const char *const MONTH_WORDS[] = {
    "january", "february",  "march",     "april",    "may",      "june",       "july",
    "august",  "september", "october",   "november", "december", "jan",        "feb",
    "mar",     "apr",       "jun",       "jul",      "aug",      "sep",        "sept",
    "oct",     "nov",       "dec",       "januar",   "jänner",   "februar",    "märz",
    "mai",     "juni",      "juli",      "oktober",  "dezember", "dez",        "okt",
    "mär",     "janvier",   "février",   "mars",     "avril",    "juin",       "juillet",
    "août",    "aout",      "septembre", "octobre",  "novembre", "décembre",   "janv",
    "févr",    "avr",       "juil",      "déc",      "enero",    "febrero",    "marzo",
    "abril",   "mayo",      "junio",     "julio",    "agosto",   "septiembre", "setiembre",
    "octubre", "noviembre", "diciembre", "ene",      "abr",      "ago",        "dic"};

static const char *const FILLER_WORDS[] = {"published",
                                           "posted",
                                           "updated",
                                           "last",
                                           "first",
                                           "modified",
                                           "on",
                                           "at",
                                           "the",
                                           "of",
                                           "date",
                                           "time",
                                           "as",
                                           "monday",
                                           "tuesday",
                                           "wednesday",
                                           "thursday",
                                           "friday",
                                           "saturday",
                                           "sunday",
                                           "mon",
                                           "tue",
                                           "tues",
                                           "wed",
                                           "thu",
                                           "thur",
                                           "thurs",
                                           "fri",
                                           "sat",
                                           "sun",
                                           "st",
                                           "nd",
                                           "rd",
                                           "th",
                                           "veröffentlicht",
                                           "aktualisiert",
                                           "stand",
                                           "am",
                                           "um",
                                           "uhr",
                                           "vom",
                                           "der",
                                           "den",
                                           "zuletzt",
                                           "montag",
                                           "dienstag",
                                           "mittwoch",
                                           "donnerstag",
                                           "freitag",
                                           "samstag",
                                           "sonnabend",
                                           "sonntag",
                                           "publié",
                                           "mis",
                                           "mise",
                                           "à",
                                           "a",
                                           "jour",
                                           "le",
                                           "h",
                                           "er",
                                           "lundi",
                                           "mardi",
                                           "mercredi",
                                           "jeudi",
                                           "vendredi",
                                           "samedi",
                                           "dimanche",
                                           "publicado",
                                           "actualizado",
                                           "el",
                                           "de",
                                           "del",
                                           "las",
                                           "hs",
                                           "lunes",
                                           "martes",
                                           "miércoles",
                                           "jueves",
                                           "viernes",
                                           "sábado",
                                           "domingo"};

static const struct {
  const char *name;
  int minutes;
} ZONE_WORDS[] = {{"utc", 0},    {"gmt", 0},    {"z", 0},      {"est", -300}, {"edt", -240},
                  {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480},
                  {"pdt", -420}, {"bst", 60},   {"cet", 60},   {"cest", 120}, {"mez", 60},
                  {"mesz", 120}, {"eet", 120},  {"eest", 180}, {"awst", 480}, {"acst", 570},
                  {"acdt", 630}, {"aest", 600}, {"aedt", 660}, {"nzst", 720}, {"nzdt", 780},
                  {"jst", 540},  {"ist", 330},  {"msk", 180}};

static gboolean is_one_of(const char *word, const char *const words[], gsize count) {
  for (gsize i = 0; i < count; i++) {
    if (strcmp(word, words[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static int month_of(const char *word) {
  if (!is_one_of(word, MONTH_WORDS, G_N_ELEMENTS(MONTH_WORDS))) {
    return 0;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(MONTH_PREFIXES); i++) {
    if (g_str_has_prefix(word, MONTH_PREFIXES[i].prefix)) {
      return MONTH_PREFIXES[i].month;
    }
  }
  return 0;
}

static gboolean take_half(DateParts *parts, gboolean afternoon) {
  if (!parts->has_time || parts->has_half || parts->hour < 1 || parts->hour > 12) {
    return FALSE;
  }
  parts->has_half = TRUE;
  parts->hour = parts->hour % 12 + (afternoon ? 12 : 0);
  return TRUE;
}

static gboolean take_word(DateParts *parts, const char *word) {
  if (parts->has_time && !parts->has_half && (strcmp(word, "am") == 0 || strcmp(word, "pm") == 0)) {
    return take_half(parts, word[0] == 'p');
  }
  for (gsize i = 0; i < G_N_ELEMENTS(ZONE_WORDS); i++) {
    if (parts->has_time && !parts->has_zone && strcmp(word, ZONE_WORDS[i].name) == 0) {
      parts->has_zone = TRUE;
      parts->zone_minutes = ZONE_WORDS[i].minutes;
      return TRUE;
    }
  }
  int month = month_of(word);
  if (month != 0 && parts->month == 0) {
    parts->month = month;
    return TRUE;
  }
  return is_one_of(word, FILLER_WORDS, G_N_ELEMENTS(FILLER_WORDS));
}

static int take_digits(const char **at, int *ret_count) {
  int number = 0;
  int count = 0;
  while (g_ascii_isdigit(**at) && count < 5) {
    number = number * 10 + (**at - '0');
    (*at)++;
    count++;
  }
  *ret_count = count;
  return number;
}

// After the first number: ":30", "h30", ".30" (a time), ".02.2025" (a German date).
static gboolean take_number(DateParts *parts, const char **at) {
  int count = 0;
  int number = take_digits(at, &count);
  const char *rest = *at;
  if (count == 4) {
    if (parts->year != 0) {
      return FALSE;
    }
    parts->year = number;
    return TRUE;
  }
  if (count > 2) {
    return FALSE;
  }
  if (rest[0] == '.' && g_ascii_isdigit(rest[1]) && parts->month == 0) { // 9.2.2025
    const char *next = rest + 1;
    int month = take_digits(&next, &count);
    if (*next != '.' || count > 2 || !g_ascii_isdigit(next[1])) {
      return FALSE;
    }
    next++;
    parts->day = number;
    parts->month = month;
    parts->year = take_digits(&next, &count);
    *at = next;
    return count == 4;
  }
  gboolean clock_mark =
      (rest[0] == ':' || rest[0] == '.' || rest[0] == 'h') && g_ascii_isdigit(rest[1]);
  if (clock_mark && !parts->has_time) {
    const char *next = rest + 1;
    parts->hour = number;
    parts->minute = take_digits(&next, &count);
    if (count != 2) {
      return FALSE;
    }
    if (*next == ':' && g_ascii_isdigit(next[1])) {
      next++;
      parts->second = take_digits(&next, &count);
    }
    parts->has_time = TRUE;
    *at = next;
    return TRUE;
  }
  const char *after = rest + strspn(rest, " ");
  gboolean half = (after[0] == 'a' || after[0] == 'p') &&
                  (after[1] == 'm' || (after[1] == '.' && after[2] == 'm'));
  if (!parts->has_time &&
      (half || (parts->day != 0 && (rest[0] == 'h' || g_str_has_prefix(after, "uhr"))))) {
    parts->hour = number;
    parts->has_time = TRUE;
    return TRUE;
  }
  if (parts->day != 0) {
    return FALSE;
  }
  parts->day = number;
  return TRUE;
}

static gboolean take_offset(DateParts *parts, const char **at) { // +0100, +01:00
  int sign = **at == '-' ? -1 : 1;
  const char *next = *at + 1;
  int count = 0;
  int hours = take_digits(&next, &count);
  int minutes = 0;
  if (count == 4) {
    minutes = hours % 100;
    hours /= 100;
  } else if (count == 2 && *next == ':') {
    next++;
    minutes = take_digits(&next, &count);
  } else if (count != 2) {
    return FALSE;
  }
  if (!parts->has_time || hours > 14 || minutes > 59) {
    return FALSE;
  }
  parts->has_zone = TRUE;
  parts->zone_minutes = sign * (hours * 60 + minutes);
  *at = next;
  return TRUE;
}

static gboolean take_letters(DateParts *parts, const char **at) {
  GString *word = g_string_new(NULL);
  while (g_unichar_isalpha(g_utf8_get_char(*at)) ||
         (**at == '.' && g_ascii_isalpha((*at)[1]) && word->len == 1)) {
    const char *next = g_utf8_next_char(*at);
    if (**at != '.') {
      g_string_append_len(word, *at, next - *at);
    }
    *at = next;
  }
  gboolean taken = take_word(parts, word->str);
  g_string_free(word, TRUE);
  return taken;
}

static gboolean read_parts(const char *text, DateParts *parts) {
  const char *at = text;
  while (*at != '\0') {
    gunichar letter = g_utf8_get_char(at);
    if (g_ascii_isdigit(*at)) {
      if (!take_number(parts, &at)) {
        return FALSE;
      }
    } else if (g_unichar_isalpha(letter)) {
      if (!take_letters(parts, &at)) {
        return FALSE;
      }
    } else if ((*at == '+' || *at == '-') && parts->has_time && g_ascii_isdigit(at[1])) {
      if (!take_offset(parts, &at)) {
        return FALSE;
      }
    } else if (g_unichar_isspace(letter) || strchr(",.;:|()-", *at) != NULL || letter == 0x2013 ||
               letter == 0x2014 || letter == 0xB7 || letter == 0x2022) {
      at = g_utf8_next_char(at);
    } else {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean parts_to_instant(const DateParts *parts, GTimeZone *zone, gint64 *ret_instant) {
  if (parts->day < 1 || parts->month < 1 || parts->month > 12 || parts->year < 1400 ||
      parts->hour > 23 || parts->minute > 59 || parts->second > 59) {
    return FALSE;
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) time =
      g_date_time_new(parts->has_zone ? utc : zone, parts->year, parts->month, parts->day,
                      parts->hour, parts->minute, parts->second);
  if (time == NULL) {
    return FALSE;
  }
  gint64 seconds =
      g_date_time_to_unix(time) - (parts->has_zone ? (gint64)parts->zone_minutes * 60 : 0);
  *ret_instant = seconds * CLOCK_SECOND;
  return TRUE;
}

gboolean written_date_parse(const char *text, GTimeZone *zone, gint64 *ret_instant) {
  if (text == NULL || strlen(text) > 120 || !g_utf8_validate(text, -1, NULL)) {
    return FALSE;
  }
  gint64 instant = 0;
  g_autofree char *trimmed = text_collapse_space(slice_of(text));
  if (clock_parse(trimmed, zone, &instant)) {
    *ret_instant = instant;
    return TRUE;
  }
  g_autofree char *lower = g_utf8_strdown(trimmed, -1);
  DateParts parts = {0};
  return read_parts(lower, &parts) && parts_to_instant(&parts, zone, ret_instant);
}
