// SPDX-License-Identifier: Apache-2.0
//
// Implements segment.h. A rule is a word that says what it is about and the words it asks for;
// rules are parted by ';' or line feeds.
#include "model/segment.h"

#include <string.h>

#include "base/clock.h"
#include "base/slice.h"
#include "base/spelling.h"

#define MOST_DAYS 36500
#define MOST_WORDS 64

G_DEFINE_QUARK(broadsheet - segment - error, segment_error)

void segment_free(Segment *segment) {
  if (segment != NULL) {
    g_free(segment->slug);
    g_free(segment->name);
    g_free(segment->rules);
    g_free(segment);
  }
}

void segment_rules_free(SegmentRules *rules) {
  if (rules != NULL) {
    g_strfreev(rules->sections);
    g_strfreev(rules->newsletters);
    g_free(rules);
  }
}

static gboolean refuse(GError **error, const char *rule, const char *why) {
  g_set_error(error, SEGMENT_ERROR, SEGMENT_ERROR_RULE, "rule '%s': %s", rule, why);
  return FALSE;
}

static gboolean is_slug(const char *word) {
  for (const char *at = word; *at != '\0'; at++) {
    if (*at == ',' || *at == '\'' || *at == '"' || g_ascii_iscntrl(*at)) {
      return FALSE;
    }
  }
  return *word != '\0' && strlen(word) <= 200;
}

static gboolean read_slugs(const char *rule, char **words, char ***ret_slugs, GError **error) {
  guint count = g_strv_length(words);
  if (*ret_slugs != NULL) {
    return refuse(error, rule, "stands twice; put all words into one rule, they are alternatives");
  }
  if (count == 0 || count > MOST_WORDS) {
    return refuse(error, rule, "say which: \"section politics sport\" or \"newsletter daily\"");
  }
  for (guint i = 0; i < count; i++) {
    if (!is_slug(words[i])) {
      return refuse(error, rule, "part the words by blanks, without commas or quotes");
    }
  }
  *ret_slugs = g_strdupv(words);
  return TRUE;
}

static gboolean read_date(const char *rule, char **words, GTimeZone *zone, gint64 *ret_instant,
                          GError **error) {
  if (*ret_instant != 0) {
    return refuse(error, rule, "stands twice; one date is enough");
  }
  if (g_strv_length(words) != 1 || !clock_parse(words[0], zone, ret_instant) || *ret_instant == 0) {
    return refuse(error, rule, "give it one date as year, month and day: \"since 2026-01-31\"");
  }
  return TRUE;
}

static gboolean read_activity(const char *rule, char **words, gint32 *ret_days, GError **error) {
  guint64 days = 0;
  Slice word = slice_of(g_strv_length(words) == 1 ? words[0] : "");
  if (*ret_days != 0) {
    return refuse(error, rule, "stands twice; one span is enough");
  }
  if (!slice_ends_with(word, "d") ||
      !slice_parse_uint(slice_range(word, 0, word.length - 1), MOST_DAYS, &days) || days == 0) {
    return refuse(error, rule, "give it a number of days: \"active 90d\"");
  }
  *ret_days = (gint32)days;
  return TRUE;
}

static gboolean read_rule(SegmentRules *rules, const char *rule, GTimeZone *zone, GError **error) {
  static const char *const NAMES[] = {"section", "newsletter", "since", "before", "active", NULL};
  g_auto(GStrv) split = g_strsplit_set(rule, " \t", -1);
  g_autoptr(GPtrArray) words = g_ptr_array_new();
  for (guint i = 0; split[i] != NULL; i++) {
    if (*split[i] != '\0') {
      g_ptr_array_add(words, split[i]);
    }
  }
  g_ptr_array_add(words, NULL);
  const char *name = g_ptr_array_index(words, 0);
  char **rest = (char **)words->pdata + 1;
  if (strcmp(name, "section") == 0) {
    return read_slugs(rule, rest, &rules->sections, error);
  }
  if (strcmp(name, "newsletter") == 0) {
    return read_slugs(rule, rest, &rules->newsletters, error);
  }
  if (strcmp(name, "since") == 0) {
    return read_date(rule, rest, zone, &rules->since, error);
  }
  if (strcmp(name, "before") == 0) {
    return read_date(rule, rest, zone, &rules->before, error);
  }
  if (strcmp(name, "active") == 0) {
    return read_activity(rule, rest, &rules->active_days, error);
  }
  const char *near = spelling_nearest(name, NAMES);
  g_autofree char *why =
      near != NULL ? g_strdup_printf("there is no rule '%s'; did you mean '%s'?", name, near)
                   : g_strdup_printf("there is no rule '%s'; there are section, newsletter, since, "
                                     "before and active",
                                     name);
  return refuse(error, rule, why);
}

static gboolean check_span(const SegmentRules *rules, GError **error) {
  if (rules->since != 0 && rules->before != 0 && rules->since >= rules->before) {
    return refuse(error, "since … before", "no day is after the one and before the other");
  }
  return TRUE;
}

SegmentRules *segment_rules_parse(const char *text, GTimeZone *zone, GError **error) {
  g_autoptr(SegmentRules) rules = g_new0(SegmentRules, 1);
  if (!g_utf8_validate(text, -1, NULL)) {
    refuse(error, "?", "it is not UTF-8");
    return NULL;
  }
  g_auto(GStrv) split = g_strsplit_set(text, ";\r\n", -1);
  for (guint i = 0; split[i] != NULL; i++) {
    const char *rule = g_strstrip(split[i]);
    if (*rule != '\0' && !read_rule(rules, rule, zone, error)) {
      return NULL;
    }
  }
  if (!check_span(rules, error)) {
    return NULL;
  }
  if (rules->sections == NULL) {
    rules->sections = g_new0(char *, 1);
  }
  if (rules->newsletters == NULL) {
    rules->newsletters = g_new0(char *, 1);
  }
  return g_steal_pointer(&rules);
}
