// SPDX-License-Identifier: Apache-2.0
//
// Implements newsletters.h.
#include "newsroom/newsletters.h"

#include <string.h>

#include "base/text.h"
#include "model/mail_address.h"
#include "newsroom/change.h"
#include "newsroom/language_tag.h"
#include "store/newsletter_rows.h"

const char *const NEWSLETTER_FIELDS[] = {
    "name",       "description", "kind",     "position",     "offered", "sender-name",
    "sender",     "reply-to",    "language", "zone",         "time",    "days",
    "local-hour", "approval",    "template", "introduction", "stories", "cap",
    "uncertain",  "lateness",    "tracking", "active",       NULL};

static gboolean is_line(const char *text, glong most) {
  for (const char *at = text; *at != '\0'; at++) {
    if ((guchar)*at < 0x20 || *at == 0x7F) {
      return FALSE;
    }
  }
  return g_utf8_validate(text, -1, NULL) && g_utf8_strlen(text, -1) <= most;
}

static gboolean is_address_or_nothing(const char *text) {
  g_autofree char *address = *text != '\0' ? mail_address_normalise(text, NULL) : NULL;
  return *text == '\0' || address != NULL;
}

static gboolean check(const Newsletter *one, GError **error) {
  g_autofree char *slug = text_slug(one->slug, 60);
  g_autoptr(GTimeZone) zone =
      *one->zone_name != '\0' ? g_time_zone_new_identifier(one->zone_name) : NULL;
  const struct {
    gboolean wrong;
    const char *mend;
  } RULES[] = {
      {strcmp(slug, one->slug) != 0 || strcmp(slug, "confirm") == 0,
       "slug: use lower-case letters, digits and hyphens; not confirm"},
      {*one->name == '\0' || !is_line(one->name, 100), "name: 1 to 100 characters on one line"},
      {!is_line(one->description, 300), "description: one line of at most 300 characters"},
      {!is_line(one->sender_name, 100), "sender-name: one line of at most 100 characters"},
      {!is_address_or_nothing(one->sender_address), "sender: a mail address, or nothing"},
      {!is_address_or_nothing(one->reply_to), "reply-to: a mail address, or nothing"},
      {*one->language != '\0' && !language_tag_is_valid(one->language),
       "language: a tag such as en or de-CH, or nothing"},
      {*one->zone_name != '\0' && (zone == NULL || strstr(one->zone_name, "..") != NULL),
       "zone: a time zone such as Europe/Berlin, or nothing for the newspaper's"},
      {one->send_minute < 0 || one->send_minute >= 1440, "time: a time of day such as 06:30"},
      {one->story_limit < 1 || one->story_limit > 40, "stories: 1 to 40"},
      {one->daily_cap < 0 || one->daily_cap > 1000, "cap: 0 (none) to 1000 alerts in 24 hours"},
      {one->lateness_minutes < 1 || one->lateness_minutes > 10080, "lateness: 1 to 10080 minutes"},
      {strspn(one->template, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(one->template),
       "template: the name of a file in the theme's mail/, without its ending"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(RULES); i++) {
    if (RULES[i].wrong) {
      return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s", RULES[i].mend);
    }
  }
  return TRUE;
}

static gint64 put(Change *change, Newsletter *one, GError **error) {
  if (!check(one, error)) {
    return 0;
  }
  one->created_at = one->created_at != 0 ? one->created_at : change->now;
  gint64 id = newsletter_rows_put(change->transaction, one, error);
  return id != 0 && change_commit(change, TRUE, error) ? id : 0;
}

gint64 newsletters_put(Newsroom *newsroom, const Newsletter *newsletter, GError **error) {
  g_auto(Change) change = {0};
  Newsletter copy = *newsletter;
  return change_begin(&change, newsroom, error) ? put(&change, &copy, error) : 0;
}

static gboolean set_number(gint32 *place, const char *value) {
  char *end = NULL;
  gint64 number = g_ascii_strtoll(value, &end, 10);
  *place = (gint32)CLAMP(number, G_MININT32, G_MAXINT32);
  return *value != '\0' && *end == '\0';
}

static gboolean set_switch(gboolean *place, const char *value) {
  *place = strcmp(value, "yes") == 0;
  return *place || strcmp(value, "no") == 0;
}

static gboolean set_text(char **place, const char *value) {
  g_free(*place);
  *place = g_strdup(value);
  return TRUE;
}

static gboolean set_uncertain(UncertainPolicy *place, const char *value) {
  *place = strcmp(value, "again") == 0 ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
  return strcmp(value, "again") == 0 || strcmp(value, "hold") == 0;
}

// FALSE: the field is not known, or the value makes no sense for it.
static gboolean set_field(Newsletter *one, guint field, const char *value) {
  switch (field) {
  case 0:
    return set_text(&one->name, value);
  case 1:
    return set_text(&one->description, value);
  case 2:
    return newsletter_kind_parse(value, &one->kind);
  case 3:
    return set_number(&one->position, value);
  case 4:
    return set_switch(&one->offered, value);
  case 5:
    return set_text(&one->sender_name, value);
  case 6:
    return set_text(&one->sender_address, value);
  case 7:
    return set_text(&one->reply_to, value);
  case 8:
    return set_text(&one->language, value);
  case 9:
    return set_text(&one->zone_name, value);
  case 10:
    return newsletter_parse_minute(value, &one->send_minute);
  case 11:
    return newsletter_parse_days(value, &one->send_days);
  case 12:
    return set_switch(&one->local_hour, value);
  case 13:
    return set_switch(&one->approval, value);
  case 14:
    return set_text(&one->template, value);
  case 15:
    return set_text(&one->introduction, value);
  case 16:
    return set_number(&one->story_limit, value);
  case 17:
    return set_number(&one->daily_cap, value);
  case 18:
    return set_uncertain(&one->uncertain, value);
  case 19:
    return set_number(&one->lateness_minutes, value);
  case 20:
    return set_switch(&one->tracking, value);
  default:
    return set_switch(&one->active, value);
  }
}

gboolean newsletters_set(Newsroom *newsroom, const char *slug, const char *field, const char *value,
                         GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  guint index = 0;
  while (NEWSLETTER_FIELDS[index] != NULL && strcmp(NEWSLETTER_FIELDS[index], field) != 0) {
    index++;
  }
  if (NEWSLETTER_FIELDS[index] == NULL) {
    g_autofree char *all = g_strjoinv(", ", (char **)NEWSLETTER_FIELDS);
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "there is no field '%s'; there are %s",
                         field, all);
  }
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Newsletter) one = newsletter_rows_get_by_slug(change.transaction, slug, &failure);
  if (one == NULL &&
      change_is_absent(&failure)) { // a new one begins as a daily that nobody is offered
    one = newsletter_new();
    set_text(&one->slug, slug);
    set_text(&one->name, slug);
    one->send_minute = 390;
    one->send_days = 127;
    one->story_limit = 12;
    one->lateness_minutes = 720;
    one->active = TRUE;
  } else if (one == NULL) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  if (!set_field(one, index, value)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: '%s' can't be its value", field,
                         value);
  }
  return put(&change, one, error) != 0;
}
