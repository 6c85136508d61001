// SPDX-License-Identifier: Apache-2.0
//
// Implements sample.h. The only place that reads the /sample resources.
#include "app/sample.h"

#include <gio/gio.h>
#include <string.h>

#include "base/text.h"
#include "exchange/importer.h"
#include "newsroom/fronts.h"
#include "newsroom/people.h"
#include "newsroom/settings.h"
#include "newsroom/stories.h"
#include "sample_resource.h"

typedef struct Sample {
  Newsroom *newsroom;
  GTimeZone *zone;
  gint days;     // that all dates are moved by
  GArray *slots; // SampleSlot
} Sample;

typedef struct SampleSlot {
  FrontSlotRow row;
  gint64 published_at;
} SampleSlot;

static GBytes *resource(const char *name, GError **error) {
  g_autofree char *path = g_strconcat("/sample/", name, NULL);
  return g_resource_lookup_data(sample_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}

static GKeyFile *key_file(const char *name, GError **error) {
  g_autoptr(GBytes) bytes = resource(name, error);
  g_autoptr(GKeyFile) file = g_key_file_new();
  return bytes != NULL && g_key_file_load_from_bytes(file, bytes, G_KEY_FILE_NONE, error)
             ? g_steal_pointer(&file)
             : NULL;
}

static gboolean put_settings(Newsroom *newsroom, GKeyFile *file, GError **error) {
  g_auto(GStrv) keys = g_key_file_get_keys(file, "settings", NULL, error);
  for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_string(file, "settings", keys[i], error);
    if (value == NULL || !settings_put(newsroom, keys[i], value, error)) {
      return FALSE;
    }
  }
  return keys != NULL;
}

static gboolean put_sections(Newsroom *newsroom, GKeyFile *file, GError **error) {
  g_auto(GStrv) slugs = g_key_file_get_keys(file, "sections", NULL, error);
  for (gsize i = 0; slugs != NULL && slugs[i] != NULL; i++) {
    g_autofree char *group = g_strdup_printf("section %s", slugs[i]);
    g_autofree char *name = g_key_file_get_string(file, "sections", slugs[i], error);
    g_autofree char *description = g_key_file_get_string(file, group, "description", NULL);
    Section section = {.slug = slugs[i],
                       .name = name,
                       .description = description != NULL ? description : (char *)"",
                       .position = (gint32)i + 1};
    if (name == NULL || !settings_put_section(newsroom, &section, error)) {
      return FALSE;
    }
  }
  return slugs != NULL;
}

static char *text_of(GKeyFile *file, const char *group, const char *key) {
  char *text = g_key_file_get_string(file, group, key, NULL);
  return text != NULL ? text : g_strdup("");
}

static gboolean put_author(Newsroom *newsroom, GKeyFile *file, const char *name, GError **error) {
  g_autoptr(Author) author = g_new0(Author, 1);
  author->name = g_strdup(name);
  author->slug = text_slug(name, 80);
  author->role = text_of(file, name, "role");
  author->bio = text_of(file, name, "bio");
  g_autofree char *portrait = g_key_file_get_string(file, name, "portrait", NULL);
  g_autofree char *path = portrait != NULL ? g_strconcat("pictures/", portrait, NULL) : NULL;
  g_autoptr(GBytes) bytes = path != NULL ? resource(path, error) : NULL;
  if (path != NULL && bytes == NULL) {
    return FALSE;
  }
  g_autofree char *alt = g_strdup_printf("%s", name);
  return people_put_author(newsroom, author, bytes, alt, error) != 0;
}

static gboolean put_authors(Newsroom *newsroom, GError **error) {
  g_autoptr(GKeyFile) file = key_file("authors.ini", error);
  g_auto(GStrv) names = file != NULL ? g_key_file_get_groups(file, NULL) : NULL;
  for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
    if (!put_author(newsroom, file, names[i], error)) {
      return FALSE;
    }
  }
  return file != NULL;
}

// Whole days from the anchor to now, rounded down: nothing of the sample lies ahead.
static gboolean find_days(Sample *sample, GKeyFile *file, GError **error) {
  g_autofree char *zone = g_key_file_get_string(file, "settings", "time_zone", error);
  g_autofree char *anchor =
      zone != NULL ? g_key_file_get_string(file, "sample", "anchor", error) : NULL;
  gint64 instant = 0;
  if (anchor == NULL) {
    return FALSE;
  }
  sample->zone = g_time_zone_new_identifier(zone);
  if (sample->zone == NULL) {
    sample->zone = g_time_zone_new_utc();
  }
  gboolean parsed = clock_parse(anchor, sample->zone, &instant);
  g_assert(parsed);
  gint64 distance = clock_now(&sample->newsroom->clock) - instant;
  sample->days =
      (gint)(distance >= 0 ? distance / CLOCK_DAY : -((-distance + CLOCK_DAY - 1) / CLOCK_DAY));
  return TRUE;
}

// By days of the civil calendar, so that half past nine stays half past nine over a change of
// clocks.
static void move_instant(const Sample *sample, gint64 *instant) {
  if (*instant == 0) {
    return;
  }
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(*instant / CLOCK_SECOND);
  g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, sample->zone);
  g_autoptr(GDateTime) moved = g_date_time_add_days(local, sample->days);
  *instant = g_date_time_to_unix(moved) * CLOCK_SECOND;
}

// Stories name pictures by file name; all of them are in pictures/.
static GBytes *load_beside(const char *name, gpointer data, GError **error) {
  g_autofree char *base = g_path_get_basename(name), *path = g_strconcat("pictures/", base, NULL);
  return resource(path, NULL);
}

static gboolean take_in(Sample *sample, ImportItem *item, GError **error) {
  Story *story = item->story;
  move_instant(sample, &story->published_at);
  move_instant(sample, &story->updated_at);
  move_instant(sample, &story->scheduled_for);
  ImportedStory imported = {
      .story = story,
      .pictures = (const ImportedPicture *)(gpointer)item->pictures->data,
      .picture_count = item->pictures->len,
      .status = item->status_given ? item->status : STORY_PUBLISHED,
      .former_path = item->former_path,
  };
  ImportOutcome outcome;
  SampleSlot slot = {.row = {.weight = item->front_weight}, .published_at = story->published_at};
  if (!stories_import(sample->newsroom, &imported, &outcome, &slot.row.story_id, error)) {
    return FALSE;
  }
  if (item->front_given) {
    g_array_append_val(sample->slots, slot);
  }
  return TRUE;
}

static gboolean read_story(Sample *sample, const char *name, GError **error) {
  g_autofree char *path = g_strconcat("stories/", name, NULL);
  g_autoptr(GBytes) bytes = resource(path, error);
  if (bytes == NULL) {
    return FALSE;
  }
  ImportSource source = {.path = name,
                         .key = path,
                         .bytes = slice_of_bytes(bytes),
                         .zone = sample->zone,
                         .load_beside = load_beside};
  const Importer *importer = importer_for(&source);
  g_assert(importer != NULL);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)import_item_free);
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func((GDestroyNotify)import_note_free);
  gboolean good = importer->read(&source, items, notes, error);
  for (guint i = 0; good && i < items->len; i++) {
    good = take_in(sample, g_ptr_array_index(items, i), error);
  }
  if (!good) {
    g_prefix_error(error, "sample/stories/%s: ", name);
  }
  return good;
}

static int by_weight_then_newest(gconstpointer a, gconstpointer b) {
  const SampleSlot *first = a, *second = b;
  if (first->row.weight != second->row.weight) {
    return first->row.weight < second->row.weight ? -1 : 1;
  }
  return first->published_at > second->published_at ? -1
                                                    : first->published_at < second->published_at;
}

static gboolean set_front(Sample *sample, GError **error) {
  g_array_sort(sample->slots, by_weight_then_newest);
  g_autofree FrontSlotRow *rows = g_new0(FrontSlotRow, sample->slots->len + 1);
  for (guint i = 0; i < sample->slots->len; i++) {
    rows[i] = g_array_index(sample->slots, SampleSlot, i).row;
  }
  return fronts_set(sample->newsroom, 0, rows, sample->slots->len, error);
}

static gboolean read_stories(Sample *sample, void (*progress)(guint64, guint64, gpointer),
                             gpointer data, GError **error) {
  g_auto(GStrv) names = g_resource_enumerate_children(sample_get_resource(), "/sample/stories",
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  guint count = names != NULL ? g_strv_length(names) : 0;
  for (guint i = 0; i < count; i++) {
    if (!read_story(sample, names[i], error)) {
      return FALSE;
    }
    if (progress != NULL) {
      progress(i + 1, count, data);
    }
  }
  return names != NULL;
}

gboolean sample_load(Newsroom *newsroom,
                     void (*progress)(guint64 done, guint64 total, gpointer data), gpointer data,
                     GError **error) {
  g_autoptr(GKeyFile) settings = key_file("settings.ini", error);
  g_autoptr(GArray) slots = g_array_new(FALSE, TRUE, sizeof(SampleSlot));
  Sample sample = {.newsroom = newsroom, .slots = slots};
  if (settings == NULL || !find_days(&sample, settings, error)) {
    return FALSE;
  }
  gboolean good = put_settings(newsroom, settings, error) &&
                  put_sections(newsroom, settings, error) && put_authors(newsroom, error) &&
                  read_stories(&sample, progress, data, error) && set_front(&sample, error);
  g_time_zone_unref(sample.zone);
  return good;
}
