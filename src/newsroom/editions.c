// SPDX-License-Identifier: Apache-2.0
//
// Implements the content of an edition and who may see it (editions.h). Making it is in
// edition_make.c, the newspaper's wishes in edition_wishes.c.
#include "newsroom/editions.h"

#include <string.h>

#include "newsroom/change.h"
#include "newsroom/edition_parts.h"
#include "newsroom/fronts.h"
#include "newsroom/reader_links.h"
#include "store/edition_rows.h"
#include "store/mailing_rows.h"
#include "store/site_rows.h"
#include "store/story_rows.h"
#include "store/subscriber_rows.h"

#define FRESH_AT_FIRST (30 * CLOCK_DAY) // the first edition introduces the newspaper
#define FRESH_AT_MOST (7 * CLOCK_DAY)
#define NOTES_MOST 12
#define BRIEF_WORDS 90 // a shorter one that isn't on the front is a brief

static void print_free(gpointer data) {
  MadePrint *print = data;
  g_clear_pointer(&print->pdf, g_bytes_unref);
  g_free(print->model);
  g_free(print->score);
  g_free(print->faults);
  g_ptr_array_unref(print->pictures);
  g_free(print);
}

static void picture_free(gpointer data) {
  EditionPicturePage *picture = data;
  g_bytes_unref(picture->bytes);
  g_free(picture);
}

MadeEdition *made_edition_new(void) {
  MadeEdition *made = g_new0(MadeEdition, 1);
  made->prints = g_ptr_array_new_with_free_func(print_free);
  made->stories = g_array_new(FALSE, TRUE, sizeof(EditionStoryRow));
  made->remarks = g_ptr_array_new_with_free_func(g_free);
  return made;
}

void made_edition_free(MadeEdition *made) {
  if (made != NULL) {
    g_ptr_array_unref(made->prints);
    g_clear_pointer(&made->epub, g_bytes_unref);
    g_array_unref(made->stories);
    g_ptr_array_unref(made->remarks);
    g_free(made);
  }
}

MadePrint *made_edition_add_print(MadeEdition *made, EditionFormat format, GBytes *pdf) {
  MadePrint *print = g_new0(MadePrint, 1);
  print->format = format;
  print->pdf = g_bytes_ref(pdf);
  print->pictures = g_ptr_array_new_with_free_func(picture_free);
  g_ptr_array_add(made->prints, print);
  return print;
}

void made_print_add_picture(MadePrint *print, GBytes *bytes, const char *media_type, gint32 width,
                            gint32 height) {
  EditionPicturePage *picture = g_new0(EditionPicturePage, 1);
  *picture = (EditionPicturePage){g_bytes_ref(bytes), media_type, width, height};
  g_ptr_array_add(print->pictures, picture);
}

// ---- the day ----------------------------------------------------------------------------------

GTimeZone *edition_zone(const EditionSettings *settings, const Site *site) {
  GTimeZone *zone =
      *settings->zone_name != '\0' ? g_time_zone_new_identifier(settings->zone_name) : NULL;
  return zone != NULL ? zone : g_time_zone_ref(site->zone);
}

gint32 editions_today(Newsroom *newsroom, GError **error) {
  g_autoptr(StoreTransaction) transaction = store_begin_read(newsroom->store, error);
  g_autoptr(Site) site = transaction != NULL ? site_rows_load(transaction, error) : NULL;
  g_autoptr(EditionSettings) settings =
      site != NULL ? edition_rows_settings(transaction, error) : NULL;
  if (settings == NULL) {
    return 0;
  }
  g_autoptr(GTimeZone) zone = edition_zone(settings, site);
  return clock_day(clock_now(&newsroom->clock), zone);
}

// ---- what goes in -----------------------------------------------------------------------------

typedef struct Gathering {
  StoreTransaction *transaction;
  EditionContent *content;
  const EditionSettings *settings;
  gint64 since, until; // a story that no editor chose was published in between
  GHashTable *seen;    // gint64 ids, borrowed from `stories`
  GArray *stories;     // Candidate
} Gathering;

typedef struct Candidate {
  gint64 id;
  FrontWeight weight;
  gboolean on_front, has_weight;
} Candidate;

static gboolean is_known(const Gathering *gathering, gint64 id) {
  for (guint i = 0; i < gathering->stories->len; i++) {
    if (g_array_index(gathering->stories, Candidate, i).id == id) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean take_front(Gathering *gathering, GError **error) {
  g_autoptr(Front) front =
      fronts_compose(gathering->transaction, 0, (guint)gathering->settings->story_limit, error);
  for (guint i = 0; front != NULL && i < front->slots->len; i++) {
    const FrontSlot *slot = front->slots->pdata[i];
    gint64 at = slot->story->published_at;
    if (at <= gathering->until && (!slot->automatic || at > gathering->since)) {
      Candidate one = {slot->story->id, slot->weight, TRUE, TRUE};
      g_array_append_val(gathering->stories, one);
    }
  }
  return front != NULL;
}

// What was published since the last edition and stands nowhere on the front.
static gboolean take_rest(Gathering *gathering, GError **error) {
  guint limit = (guint)gathering->settings->story_limit;
  g_autoptr(GPtrArray) rest =
      story_rows_list_between(gathering->transaction, (Listing){LISTING_ALL, 0},
                              gathering->since + 1, gathering->until + 1, limit, error);
  for (guint i = 0; rest != NULL && i < rest->len; i++) {
    const Teaser *story = rest->pdata[i];
    if (!is_known(gathering, story->id)) {
      Candidate one = {.id = story->id};
      g_array_append_val(gathering->stories, one);
    }
  }
  return rest != NULL;
}

static gboolean drop_had(Gathering *gathering, GError **error) {
  g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < gathering->stories->len; i++) {
    g_array_append_val(ids, g_array_index(gathering->stories, Candidate, i).id);
  }
  g_autoptr(GArray) had =
      edition_rows_had_stories(gathering->transaction, gathering->content->day,
                               (const gint64 *)(gpointer)ids->data, ids->len, error);
  for (guint i = 0; had != NULL && i < had->len; i++) {
    for (guint at = 0; at < gathering->stories->len; at++) {
      if (g_array_index(gathering->stories, Candidate, at).id == g_array_index(had, gint64, i)) {
        g_array_remove_index(gathering->stories, at--);
      }
    }
  }
  return had != NULL;
}

static void pin(EditionStory *entry, const GArray *pins) {
  for (guint i = 0; i < pins->len; i++) {
    const EditionPin *pin = &g_array_index(pins, EditionPin, i);
    if (pin->story_id == entry->story->id) {
      entry->pin_page = pin->page;
      entry->pin_place = pin->place;
    }
  }
}

static gboolean load_stories(Gathering *gathering, GError **error) {
  g_autoptr(GArray) pins =
      edition_rows_pins(gathering->transaction, gathering->content->day, error);
  guint count = MIN(gathering->stories->len, (guint)gathering->settings->story_limit);
  for (guint i = 0; pins != NULL && i < count; i++) {
    const Candidate *one = &g_array_index(gathering->stories, Candidate, i);
    EditionStory *entry = g_new0(EditionStory, 1);
    g_ptr_array_add(gathering->content->stories, entry);
    entry->story = story_rows_get(gathering->transaction, one->id, error);
    if (entry->story == NULL) {
      return FALSE;
    }
    entry->on_front = one->on_front;
    entry->weight = one->has_weight                          ? one->weight
                    : entry->story->word_count < BRIEF_WORDS ? WEIGHT_BRIEF
                                                             : WEIGHT_SECOND;
    pin(entry, pins);
  }
  if (pins != NULL && count > 0) {
    ((EditionStory *)gathering->content->stories->pdata[0])->weight = WEIGHT_LEAD;
  }
  return pins != NULL;
}

// From when stories count, and until when: a day that is past ends at its end.
static gboolean set_times(Gathering *gathering, gint64 now, const Site *site, GError **error) {
  GError *failure = NULL;
  g_autoptr(GTimeZone) zone = edition_zone(gathering->settings, site);
  gint32 day = gathering->content->day;
  gint64 start = clock_day_start(day, zone);
  gint32 next = clock_day(start + CLOCK_DAY + CLOCK_DAY / 2, zone); // a day may have 23 or 25 hours
  gathering->until = day < clock_day(now, zone) ? clock_day_start(next, zone) - 1 : now;
  g_autoptr(Edition) before = edition_rows_before(gathering->transaction, day, &failure);
  if (before == NULL && !change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  gathering->since = gathering->until - FRESH_AT_FIRST;
  if (before != NULL) {
    gathering->since =
        MAX(MIN(before->made_at, gathering->until), gathering->until - FRESH_AT_MOST);
  }
  return TRUE;
}

static gboolean set_number(Gathering *gathering, GError **error) {
  GError *failure = NULL;
  g_autoptr(Edition) there =
      edition_rows_get(gathering->transaction, gathering->content->day, &failure);
  if (there != NULL) {
    gathering->content->number = there->number;
    return TRUE;
  }
  if (!change_is_absent(&failure)) {
    g_propagate_error(error, failure);
    return FALSE;
  }
  gathering->content->number = edition_rows_next_number(gathering->transaction, error);
  return gathering->content->number > 0;
}

EditionContent *editions_collect(Newsroom *newsroom, StoreTransaction *transaction, gint32 day,
                                 GError **error) {
  g_autoptr(EditionContent) content = edition_content_new();
  g_autoptr(EditionSettings) settings = edition_rows_settings(transaction, error);
  content->site = settings != NULL ? site_rows_load(transaction, error) : NULL;
  if (content->site == NULL) {
    return NULL;
  }
  content->day = day;
  content->made_at = clock_now(&newsroom->clock);
  g_free(content->identifier);
  content->identifier = edition_identifier(content->site->base_url, day);
  g_autoptr(GArray) stories = g_array_new(FALSE, TRUE, sizeof(Candidate));
  Gathering gathering = {
      .transaction = transaction, .content = content, .settings = settings, .stories = stories};
  if (!edition_day_is_valid(day)) {
    change_refuse(error, NEWSROOM_ERROR_INVALID, "day: there is no day %d: write it as 2026-11-23",
                  day);
    return NULL;
  }
  if (!set_times(&gathering, content->made_at, content->site, error) ||
      !set_number(&gathering, error) || !take_front(&gathering, error) ||
      !take_rest(&gathering, error) || !drop_had(&gathering, error) ||
      !load_stories(&gathering, error)) {
    return NULL;
  }
  g_ptr_array_unref(content->notes);
  content->notes = edition_rows_corrections(transaction, content->site->base_url, gathering.since,
                                            gathering.until, NOTES_MOST, error);
  if (content->notes == NULL) {
    content->notes = g_ptr_array_new();
    return NULL;
  }
  return g_steal_pointer(&content);
}

// ---- who may see it ---------------------------------------------------------------------------

// "edition 3 20261123"
gint32 edition_day_of_occasion(const char *occasion) {
  g_auto(GStrv) words = g_strsplit(occasion, " ", -1);
  guint64 day = 0;
  return g_strv_length(words) >= 3 && strcmp(words[0], "edition") == 0 &&
                 slice_parse_uint(slice_of(words[2]), 99991231, &day)
             ? (gint32)day
             : 0;
}

static gboolean is_subscriber(StoreTransaction *transaction, gint64 subscriber_id,
                              gint64 newsletter_id) {
  g_autoptr(Subscriber) subscriber = subscriber_rows_get(transaction, subscriber_id, NULL);
  g_autoptr(GArray) all = subscriber != NULL && subscriber->status == SUBSCRIBER_ACTIVE
                              ? subscription_rows_of(transaction, subscriber_id, NULL)
                              : NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const Subscription *one = &g_array_index(all, Subscription, i);
    if (one->newsletter_id == newsletter_id && one->status == SUBSCRIPTION_ACTIVE) {
      return TRUE;
    }
  }
  return FALSE;
}

gboolean editions_is_open(StoreTransaction *transaction, const Site *site, const Edition *edition,
                          const char *token) {
  gint64 mailing_id = 0;
  gint64 subscriber_id = 0;
  if (edition->state == EDITION_PUBLISHED) {
    return TRUE;
  }
  if (edition->state != EDITION_MADE || token == NULL ||
      !reader_token_read(site->mail_key, READER_EDITION, token, &mailing_id, &subscriber_id)) {
    return FALSE;
  }
  g_autoptr(Mailing) mailing = mailing_rows_get(transaction, mailing_id, NULL);
  return mailing != NULL && edition_day_of_occasion(mailing->occasion) == edition->day &&
         is_subscriber(transaction, subscriber_id, mailing->newsletter_id);
}
