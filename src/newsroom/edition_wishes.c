// SPDX-License-Identifier: Apache-2.0
//
// Implements how the newspaper wants its editions: settings by name, and pins (editions.h).
#include <string.h>

#include "model/newsletter.h"
#include "newsroom/edition_parts.h"
#include "store/edition_rows.h"
#include "store/story_rows.h"

enum {
  FIELD_DAILY,
  FIELD_HOUR,
  FIELD_DAYS,
  FIELD_ZONE,
  FIELD_FORMATS,
  FIELD_PAGES,
  FIELD_FIRST_LOOK,
  FIELD_STORIES,
  FIELD_ATTACH,
  FIELDS
};

const char *const EDITION_FIELDS[] = {
    [FIELD_DAILY] = "daily",
    [FIELD_HOUR] = "hour",
    [FIELD_DAYS] = "days",
    [FIELD_ZONE] = "zone",
    [FIELD_FORMATS] = "formats",
    [FIELD_PAGES] = "pages",
    [FIELD_FIRST_LOOK] = "first-look",
    [FIELD_STORIES] = "stories",
    [FIELD_ATTACH] = "attach",
    [FIELDS] = NULL,
};

static const char *const MENDS[FIELDS] = {
    [FIELD_DAILY] = "yes or no",
    [FIELD_HOUR] = "a time of day, as 05:30",
    [FIELD_DAYS] = "days, as mon-sat or daily",
    [FIELD_ZONE] = "a time zone, as Europe/Berlin, or nothing for the newspaper's",
    [FIELD_FORMATS] = ("one or more of tabloid, berliner, a4 and phone, parted by commas; the web "
                       "shows the first of them in this order"),
    [FIELD_PAGES] = "0 for as many as the stories need, or an even number up to 64",
    [FIELD_FIRST_LOOK] = "minutes from subscribers to everybody, 0 to 10080",
    [FIELD_STORIES] = "how many stories at most, 1 to 500",
    [FIELD_ATTACH] = "megabytes, 0 to 25: a larger file is not attached to mail",
};

static gboolean set_number(const char *value, guint64 least, guint64 most, gint32 *place) {
  guint64 number = 0;
  if (!slice_parse_uint(slice_of(value), most, &number) || number < least) {
    return FALSE;
  }
  *place = (gint32)number;
  return TRUE;
}

static gboolean set_zone(const char *value, char **place) {
  g_autoptr(GTimeZone) zone = *value != '\0' ? g_time_zone_new_identifier(value) : NULL;
  if (*value != '\0' && zone == NULL) {
    return FALSE;
  }
  g_free(*place);
  *place = g_strdup(value);
  return TRUE;
}

static gboolean set_field(EditionSettings *settings, guint field, const char *value) {
  switch (field) {
  case FIELD_DAILY:
    settings->active = strcmp(value, "yes") == 0;
    return settings->active || strcmp(value, "no") == 0;
  case FIELD_HOUR:
    return newsletter_parse_minute(value, &settings->make_minute);
  case FIELD_DAYS:
    return newsletter_parse_days(value, &settings->days);
  case FIELD_ZONE:
    return set_zone(value, &settings->zone_name);
  case FIELD_FORMATS:
    return edition_parse_formats(value, &settings->formats);
  case FIELD_PAGES:
    return set_number(value, 0, EDITION_MAX_PAGES, &settings->pages) && settings->pages % 2 == 0;
  case FIELD_FIRST_LOOK:
    return set_number(value, 0, 10080, &settings->first_look_minutes);
  case FIELD_STORIES:
    return set_number(value, 1, 500, &settings->story_limit);
  default:
    return set_number(value, 0, 25, &settings->attach_megabytes);
  }
}

static gboolean find_field(const char *field, guint *ret_field, GError **error) {
  for (guint i = 0; i < FIELDS; i++) {
    if (strcmp(EDITION_FIELDS[i], field) == 0) {
      *ret_field = i;
      return TRUE;
    }
  }
  g_autofree char *all = g_strjoinv(", ", (char **)EDITION_FIELDS);
  return change_refuse(error, NEWSROOM_ERROR_INVALID,
                       "editions have no setting '%s'; the settings are %s", field, all);
}

gboolean editions_set(Newsroom *newsroom, const char *field, const char *value, GError **error) {
  g_auto(Change) change = {0};
  guint index = 0;
  if (!find_field(field, &index, error) || !change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(EditionSettings) settings = edition_rows_settings(change.transaction, error);
  if (settings == NULL) {
    return FALSE;
  }
  if (!set_field(settings, index, value)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID, "%s: '%s' can't be its value: use %s",
                         field, value, MENDS[index]);
  }
  return edition_rows_put_settings(change.transaction, settings, error) &&
         change_commit(&change, TRUE, error);
}

char *editions_get(Newsroom *newsroom, const char *field, GError **error) {
  guint index = 0;
  if (!find_field(field, &index, error)) {
    return NULL;
  }
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(EditionSettings) settings =
      transaction != NULL ? edition_rows_settings(transaction, error) : NULL;
  if (settings == NULL) {
    return NULL;
  }
  switch (index) {
  case FIELD_DAILY:
    return g_strdup(settings->active ? "yes" : "no");
  case FIELD_HOUR:
    return g_strdup_printf("%02d:%02d", settings->make_minute / 60, settings->make_minute % 60);
  case FIELD_DAYS:
    return newsletter_format_days(settings->days);
  case FIELD_ZONE:
    return g_strdup(settings->zone_name);
  case FIELD_FORMATS:
    return edition_format_names(settings->formats);
  case FIELD_PAGES:
    return g_strdup_printf("%d", settings->pages);
  case FIELD_FIRST_LOOK:
    return g_strdup_printf("%d", settings->first_look_minutes);
  case FIELD_STORIES:
    return g_strdup_printf("%d", settings->story_limit);
  default:
    return g_strdup_printf("%d", settings->attach_megabytes);
  }
}

// ---- pins -------------------------------------------------------------------------------------

gboolean editions_pin(Newsroom *newsroom, const EditionPin *pin, GError **error) {
  g_auto(Change) change = {0};
  GError *failure = NULL;
  StoryStatus status;
  if (!edition_day_is_valid(pin->day)) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "day: there is no day %d: write it as 2026-11-23", pin->day);
  }
  if (pin->page < 1 || pin->page > EDITION_MAX_PAGES || pin->place < 0 || pin->place > 8) {
    return change_refuse(error, NEWSROOM_ERROR_INVALID,
                         "page: a story is pinned to a page from 1 to %d, and to a place from 1 to "
                         "8 on it, or 0 for where it fits",
                         EDITION_MAX_PAGES);
  }
  if (!change_begin(&change, newsroom, error)) {
    return FALSE;
  }
  g_autoptr(Teaser) story =
      story_rows_get_address(change.transaction, pin->story_id, &status, &failure);
  if (story == NULL) {
    if (change_is_absent(&failure)) {
      return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                           "there is no story %" G_GINT64_FORMAT ": list them to see their numbers",
                           pin->story_id);
    }
    g_propagate_error(error, failure);
    return FALSE;
  }
  return edition_rows_put_pin(change.transaction, pin, error) &&
         change_commit(&change, FALSE, error);
}

gboolean editions_unpin(Newsroom *newsroom, gint32 day, gint64 story_id, GError **error) {
  g_auto(Change) change = {0};
  gboolean removed = FALSE;
  if (!change_begin(&change, newsroom, error) ||
      !edition_rows_remove_pin(change.transaction, day, story_id, &removed, error)) {
    return FALSE;
  }
  if (!removed) {
    return change_refuse(error, NEWSROOM_ERROR_NOT_FOUND,
                         "story %" G_GINT64_FORMAT " is not pinned on that day", story_id);
  }
  return change_commit(&change, FALSE, error);
}
