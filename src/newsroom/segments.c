// SPDX-License-Identifier: Apache-2.0
//
// Implements segments.h. Called by the commands.
#include "newsroom/segments.h"

#include <string.h>

#include "base/spelling.h"
#include "newsroom/change.h"
#include "store/mailing_rows.h"
#include "store/newsletter_rows.h"
#include "store/site_rows.h"

static gboolean check_words(char *const *words, GPtrArray *known, const char *what,
                            GError **error) {
  for (guint i = 0; words[i] != NULL; i++) {
    if (!g_strv_contains((const char *const *)known->pdata, words[i])) {
      const char *near = spelling_nearest(words[i], (const char *const *)known->pdata);
      g_autofree char *all = g_strjoinv(", ", (char **)known->pdata);
      return near != NULL
                 ? change_refuse(error, NEWSROOM_ERROR_INVALID,
                                 "there is no %s '%s'; did you mean '%s'?", what, words[i], near)
                 : change_refuse(error, NEWSROOM_ERROR_INVALID, "there is no %s '%s'; there are %s",
                                 what, words[i], all);
    }
  }
  return TRUE;
}

static gboolean check_rules(Change *change, const SegmentRules *rules, GError **error) {
  g_autoptr(GPtrArray) all = newsletter_rows_list(change->transaction, error);
  g_autoptr(GPtrArray) sections = g_ptr_array_new();
  g_autoptr(GPtrArray) newsletters = g_ptr_array_new();
  if (all == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < all->len; i++) {
    g_ptr_array_add(newsletters, ((const Newsletter *)all->pdata[i])->slug);
  }
  for (guint i = 0; i < change->site->sections->len; i++) {
    g_ptr_array_add(sections, ((const Section *)change->site->sections->pdata[i])->slug);
  }
  g_ptr_array_add(newsletters, NULL);
  g_ptr_array_add(sections, NULL);
  return check_words(rules->sections, sections, "section", error) &&
         check_words(rules->newsletters, newsletters, "newsletter", error);
}

static gboolean check_slug(const char *slug, GError **error) {
  gsize length = strlen(slug);
  return (length > 0 && length <= 60 &&
          strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length) ||
         change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "slug: lower-case letters, digits, - and _, such as 'regulars'");
}

// The model's own words, as a fault of the newsroom's.
static SegmentRules *parse(const char *text, const Site *site, GError **error) {
  g_autoptr(GError) failure = NULL;
  SegmentRules *rules = segment_rules_parse(text, site->zone, &failure);
  if (rules == NULL) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "%s", failure->message);
  }
  return rules;
}

gint64 segments_put(Newsroom *newsroom, const Segment *segment, GError **error) {
  g_auto(Change) change = {0};
  if (!check_slug(segment->slug, error) || !change_begin(&change, newsroom, error)) {
    return 0;
  }
  g_autoptr(SegmentRules) rules = parse(segment->rules, change.site, error);
  if (rules == NULL || !check_rules(&change, rules, error)) {
    return 0;
  }
  Segment copy = *segment;
  copy.created_at = change.now;
  gint64 id = segment_rows_put(change.transaction, &copy, error);
  return id != 0 && change_commit(&change, FALSE, error) ? id : 0;
}

gint64 segments_count(Newsroom *newsroom, gint64 newsletter_id, const char *rules, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(SegmentRules) parsed = site != NULL ? parse(rules, site, error) : NULL;
  const Mailing mailing = {.newsletter_id = newsletter_id};
  return parsed != NULL ? mailing_rows_count_recipients(transaction, &mailing, parsed,
                                                        clock_now(&newsroom->clock), error)
                        : -1;
}

gboolean segments_remove(Newsroom *newsroom, const char *slug, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Segment) segment = segment_rows_get_by_slug(change.transaction, slug, &failure);
  if (segment == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND, "there is no segment '%s'", slug);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (!segment_rows_forget(change.transaction, segment->id, error)) {
    return FALSE;
  }
  if (!segment_rows_remove(change.transaction, segment->id, &failure)) {
    if (g_error_matches(failure, STORE_ERROR, STORE_ERROR_CONSTRAINT)) {
      g_clear_error(&failure);
      return change_refuse(error, NEWSROOM_ERROR_STATE,
                           "a mailing that is not sent yet is for '%s': cancel that first", slug);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  return change_commit(&change, FALSE, error);
}
