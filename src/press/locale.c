// SPDX-License-Identifier: Apache-2.0
//
// Implements locale.h: a keyfile with the groups [language], [dates], [words], [counts]
// and (optional) [zones]. Patterns are short texts with {names}; they are walked at each
// use, which costs less than keeping them taken apart.
#include "press/locale.h"

#include <string.h>

#include "press/plural.h"

G_DEFINE_QUARK(broadsheet - locale - error, locale_error)

static const char *const PATTERN_KEYS[LOCALE_PATTERN_COUNT] = {
    "date-long", "date-short", "day", "time", "clock", "date-time", "month"};

struct Locale {
  char *language;
  const Locale *fallback;
  GHashTable *words; // key -> word; the counts too, as key.form
  GHashTable *zones; // "CET" -> "MEZ"
  GPtrArray *keys;   // char * of the words, NULL at the end
  char *patterns[LOCALE_PATTERN_COUNT];
  char **months, **months_short, **weekdays, **weekdays_short;
  char *morning, *afternoon; // am, pm
  char *group;               // between thousands
  gint64 group_from;         // the least number that is grouped
  char *comma, *last, *pair; // joins: ", " " and " " and "
  gboolean arabic_digits;
  gint32 first_weekday;
};

void locale_free(Locale *locale) {
  if (locale == NULL) {
    return;
  }
  g_free(locale->language);
  g_hash_table_unref(locale->words);
  g_hash_table_unref(locale->zones);
  g_ptr_array_unref(locale->keys);
  for (int i = 0; i < LOCALE_PATTERN_COUNT; i++) {
    g_free(locale->patterns[i]);
  }
  g_strfreev(locale->months);
  g_strfreev(locale->months_short);
  g_strfreev(locale->weekdays);
  g_strfreev(locale->weekdays_short);
  g_free(locale->morning);
  g_free(locale->afternoon);
  g_free(locale->group);
  g_free(locale->comma);
  g_free(locale->last);
  g_free(locale->pair);
  g_free(locale);
}

// ---- reading ----------------------------------------------------------------------------------

typedef struct Reader {
  const char *name;
  GKeyFile *file;
  GError **error;
} Reader;

static gboolean fail_missing(const Reader *reader, const char *group, const char *key) {
  g_set_error(reader->error, LOCALE_ERROR, LOCALE_ERROR_MISSING,
              "%s: [%s] has no usable “%s”; add it as in locale/en.ini", reader->name, group, key);
  return FALSE;
}

static gboolean read_text(const Reader *reader, const char *group, const char *key, char **ret) {
  *ret = g_key_file_get_string(reader->file, group, key, NULL);
  return *ret != NULL || fail_missing(reader, group, key);
}

static gboolean read_names(const Reader *reader, const char *key, gsize count, char ***ret) {
  gsize length = 0;
  *ret = g_key_file_get_string_list(reader->file, "dates", key, &length, NULL);
  return (*ret != NULL && length == count) || fail_missing(reader, "dates", key);
}

static gboolean read_dates(const Reader *reader, Locale *locale) {
  for (int i = 0; i < LOCALE_PATTERN_COUNT; i++) {
    if (!read_text(reader, "dates", PATTERN_KEYS[i], &locale->patterns[i])) {
      return FALSE;
    }
  }
  locale->first_weekday = g_key_file_get_integer(reader->file, "dates", "first-weekday", NULL);
  if (locale->first_weekday < 1 || locale->first_weekday > 7) {
    return fail_missing(reader, "dates", "first-weekday");
  }
  return read_names(reader, "months", 12, &locale->months) &&
         read_names(reader, "months-short", 12, &locale->months_short) &&
         read_names(reader, "weekdays", 7, &locale->weekdays) &&
         read_names(reader, "weekdays-short", 7, &locale->weekdays_short) &&
         read_text(reader, "dates", "am", &locale->morning) &&
         read_text(reader, "dates", "pm", &locale->afternoon);
}

static gboolean read_language(const Reader *reader, Locale *locale) {
  g_autofree char *digits = NULL;
  if (!read_text(reader, "language", "code", &locale->language) ||
      !read_text(reader, "language", "digits", &digits) ||
      !read_text(reader, "language", "group", &locale->group) ||
      !read_text(reader, "language", "list-comma", &locale->comma) ||
      !read_text(reader, "language", "list-last", &locale->last) ||
      !read_text(reader, "language", "list-pair", &locale->pair)) {
    return FALSE;
  }
  locale->arabic_digits = strcmp(digits, "arabic-indic") == 0;
  if (!locale->arabic_digits && strcmp(digits, "latin") != 0) {
    return fail_missing(reader, "language", "digits");
  }
  locale->group_from = g_key_file_get_int64(reader->file, "language", "group-from", NULL);
  return locale->group_from >= 1000 || fail_missing(reader, "language", "group-from");
}

static void read_words(const Reader *reader, const char *group, GHashTable *into) {
  g_auto(GStrv) keys = g_key_file_get_keys(reader->file, group, NULL, NULL);
  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
    char *word = g_key_file_get_string(reader->file, group, keys[i], NULL);
    if (word != NULL) {
      g_hash_table_insert(into, g_strdup(keys[i]), word);
    }
  }
}

static void collect_keys(Locale *locale, GKeyFile *file) {
  g_auto(GStrv) keys = g_key_file_get_keys(file, "words", NULL, NULL);
  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_ptr_array_add(locale->keys, g_strdup(keys[i]));
  }
  for (guint i = 0; locale->fallback != NULL && i + 1 < locale->fallback->keys->len; i++) {
    const char *key = locale->fallback->keys->pdata[i];
    if (!g_hash_table_contains(locale->words, key)) {
      g_ptr_array_add(locale->keys, g_strdup(key));
    }
  }
  g_ptr_array_add(locale->keys, NULL);
}

Locale *locale_parse(const char *name, Slice ini, const Locale *fallback, GError **error) {
  g_autoptr(GKeyFile) file = g_key_file_new();
  GError *reason = NULL;
  if (!g_key_file_load_from_data(file, ini.data != NULL ? ini.data : "", ini.length,
                                 G_KEY_FILE_NONE, &reason)) {
    g_set_error(error, LOCALE_ERROR, LOCALE_ERROR_SYNTAX, "%s: %s", name, reason->message);
    g_error_free(reason);
    return NULL;
  }
  g_autoptr(Locale) locale = g_new0(Locale, 1);
  locale->fallback = fallback;
  locale->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  locale->zones = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  locale->keys = g_ptr_array_new_with_free_func(g_free);
  Reader reader = {name, file, error};
  if (!read_language(&reader, locale) || !read_dates(&reader, locale)) {
    return NULL;
  }
  read_words(&reader, "words", locale->words);
  read_words(&reader, "counts", locale->words);
  read_words(&reader, "zones", locale->zones);
  collect_keys(locale, file);
  return g_steal_pointer(&locale);
}

// ---- words ------------------------------------------------------------------------------------

const char *locale_language(const Locale *locale) {
  return locale->language;
}

const char *locale_word(const Locale *locale, const char *key) {
  for (const Locale *at = locale; at != NULL; at = at->fallback) {
    const char *word = g_hash_table_lookup(at->words, key);
    if (word != NULL) {
      return word;
    }
  }
  return key;
}

const char *const *locale_word_keys(const Locale *locale) {
  return (const char *const *)locale->keys->pdata;
}

// Copies `text` with each {name} replaced.
static char *replace_name(const char *text, const char *name, const char *value) {
  GString *filled = g_string_new(NULL);
  gsize name_length = strlen(name);
  while (*text != '\0') {
    if (*text == '{' && strncmp(text + 1, name, name_length) == 0 && text[name_length + 1] == '}') {
      g_string_append(filled, value);
      text += name_length + 2;
    } else {
      g_string_append_c(filled, *text++);
    }
  }
  return g_string_free(filled, FALSE);
}

char *locale_fill(const Locale *locale, const char *key, const char *name, const char *value) {
  return replace_name(locale_word(locale, key), name, value);
}

static const char *count_word(const Locale *locale, const char *key, PluralForm form) {
  char whole[96];
  g_snprintf(whole, sizeof whole, "%s.%s", key, plural_form_name(form));
  return g_hash_table_lookup(locale->words, whole);
}

char *locale_count(const Locale *locale, const char *key, gint64 number) {
  for (const Locale *at = locale; at != NULL; at = at->fallback) {
    const char *word = count_word(at, key, plural_form(at->language, number));
    word = word != NULL ? word : count_word(at, key, PLURAL_OTHER);
    if (word != NULL) {
      g_autofree char *digits = locale_number(at, number);
      return replace_name(word, "n", digits);
    }
  }
  return g_strdup(key);
}

// ---- numbers ----------------------------------------------------------------------------------

static void write_digit(const Locale *locale, char digit, GString *out) {
  if (locale->arabic_digits) {
    g_string_append_unichar(out, (gunichar)(0x0660 + (digit - '0')));
  } else {
    g_string_append_c(out, digit);
  }
}

// Digits without groups, at least `width` of them.
static void write_plain(const Locale *locale, gint64 number, int width, GString *out) {
  char digits[24];
  g_snprintf(digits, sizeof digits, "%0*" G_GINT64_FORMAT, width, number);
  for (const char *at = digits; *at != '\0'; at++) {
    write_digit(locale, *at, out);
  }
}

void locale_write_number(const Locale *locale, gint64 number, GString *out) {
  char digits[24];
  gint64 absolute = number == G_MININT64 ? G_MAXINT64 : ABS(number);
  g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, absolute);
  gsize length = strlen(digits);
  if (number < 0) {
    g_string_append(out, "\xE2\x88\x92"); // minus
  }
  for (gsize i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0 && absolute >= locale->group_from) {
      g_string_append(out, locale->group);
    }
    write_digit(locale, digits[i], out);
  }
}

char *locale_number(const Locale *locale, gint64 number) {
  GString *out = g_string_new(NULL);
  locale_write_number(locale, number, out);
  return g_string_free(out, FALSE);
}

// ---- dates ------------------------------------------------------------------------------------

static void write_zone(const Locale *locale, const Civil *civil, GString *out) {
  const char *name = g_hash_table_lookup(locale->zones, civil->zone);
  if (name != NULL) {
    g_string_append(out, name);
    return;
  }
  if (*civil->zone == '+' || *civil->zone == '-') { // zones without a name of their own: "+03"
    g_string_append(out, "UTC");
  }
  g_string_append(out, civil->zone);
}

static gint32 twelve_hour(gint32 hour) {
  return hour % 12 == 0 ? 12 : hour % 12;
}

static gboolean name_is(Slice name, const char *text) {
  return slice_equal_text(name, text);
}

static gboolean write_date_part(const Locale *locale, Slice name, const Civil *civil,
                                GString *out) {
  if (name_is(name, "weekday")) {
    g_string_append(out, locale->weekdays[civil->weekday - 1]);
  } else if (name_is(name, "day")) {
    write_plain(locale, civil->day, 1, out);
  } else if (name_is(name, "month")) {
    g_string_append(out, locale->months[civil->month - 1]);
  } else if (name_is(name, "month-short")) {
    g_string_append(out, locale->months_short[civil->month - 1]);
  } else if (name_is(name, "month-number")) {
    write_plain(locale, civil->month, 1, out);
  } else if (name_is(name, "year")) {
    write_plain(locale, civil->year, 1, out);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void write_clock_part(const Locale *locale, Slice name, const Civil *civil, GString *out) {
  if (name_is(name, "hour")) {
    write_plain(locale, civil->hour, 1, out);
  } else if (name_is(name, "hour-2")) {
    write_plain(locale, civil->hour, 2, out);
  } else if (name_is(name, "hour-12")) {
    write_plain(locale, twelve_hour(civil->hour), 1, out);
  } else if (name_is(name, "minute")) {
    write_plain(locale, civil->minute, 2, out);
  } else if (name_is(name, "half")) {
    g_string_append(out, civil->hour < 12 ? locale->morning : locale->afternoon);
  } else if (name_is(name, "zone")) {
    write_zone(locale, civil, out);
  }
}

// Patterns may hold each other ({date-long}, {time}), two deep; a deeper one writes nothing.
static void write_pattern(const Locale *locale, const char *pattern, const Civil *civil, int depth,
                          GString *out) {
  for (const char *open; (open = strchr(pattern, '{')) != NULL;) {
    const char *close = strchr(open, '}');
    if (close == NULL) {
      break;
    }
    g_string_append_len(out, pattern, open - pattern);
    Slice name = {open + 1, (gsize)(close - open - 1)};
    pattern = close + 1;
    gboolean nested = FALSE;
    for (int i = 0; i < LOCALE_PATTERN_COUNT && depth < 2; i++) {
      // {day} and {month} are parts of a date, not the patterns of those keys
      if (i != LOCALE_DAY && i != LOCALE_MONTH && name_is(name, PATTERN_KEYS[i])) {
        write_pattern(locale, locale->patterns[i], civil, depth + 1, out);
        nested = TRUE;
      }
    }
    if (!nested && !write_date_part(locale, name, civil, out)) {
      write_clock_part(locale, name, civil, out);
    }
  }
  g_string_append(out, pattern);
}

void locale_write(const Locale *locale, LocalePattern pattern, const Civil *civil, GString *out) {
  write_pattern(locale, locale->patterns[pattern], civil, 0, out);
}

static char *format(const Locale *locale, LocalePattern pattern, gint64 instant, GTimeZone *zone) {
  Civil civil = civil_of(instant, zone);
  GString *out = g_string_new(NULL);
  locale_write(locale, pattern, &civil, out);
  return g_string_free(out, FALSE);
}

char *locale_date_long(const Locale *locale, gint64 instant, GTimeZone *zone) {
  return format(locale, LOCALE_DATE_LONG, instant, zone);
}

char *locale_date_short(const Locale *locale, gint64 instant, GTimeZone *zone) {
  return format(locale, LOCALE_DATE_SHORT, instant, zone);
}

char *locale_time(const Locale *locale, gint64 instant, GTimeZone *zone) {
  return format(locale, LOCALE_TIME, instant, zone);
}

char *locale_date_time(const Locale *locale, gint64 instant, GTimeZone *zone) {
  return format(locale, LOCALE_DATE_TIME, instant, zone);
}

char *locale_month(const Locale *locale, gint32 year, gint32 month) {
  Civil civil = {.year = year, .month = CLAMP(month, 1, 12), .day = 1, .weekday = 1, .zone = ""};
  GString *out = g_string_new(NULL);
  locale_write(locale, LOCALE_MONTH, &civil, out);
  return g_string_free(out, FALSE);
}

char *locale_weekday(const Locale *locale, gint32 weekday) {
  return g_strdup(locale->weekdays_short[CLAMP(weekday, 1, 7) - 1]);
}

gint32 locale_first_weekday(const Locale *locale) {
  return locale->first_weekday;
}

const char *locale_separator(const Locale *locale, guint index, guint count) {
  if (index == 0) {
    return "";
  }
  return index < count - 1 ? locale->comma : count == 2 ? locale->pair : locale->last;
}

char *locale_join(const Locale *locale, const char *const *names, guint count) {
  GString *joined = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    g_string_append(joined, locale_separator(locale, i, count));
    g_string_append(joined, names[i]);
  }
  return g_string_free(joined, FALSE);
}
